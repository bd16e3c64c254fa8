// SPDX-License-Identifier: Apache-2.0
// An asynchronous SRAM of 16 bits, 256K words, strict, and the bus in front of it; time is clk_i, 10 ns a cycle. Data is right from
// the third cycle of an address on, the second of them with oe_ni: 20 ns later than a part of 10 ns has it. What is written is
// there when we_ni rises. Address and data must be there a cycle before, one behind and during the pulse (data: not before),
// and the two sides never drive the bus in the same or in adjacent cycles; checks begin with check_i.
`default_nettype none
module sram (
	input  wire        clk_i,
	input  wire        check_i,
	input  wire [17:0] addr_i,
	input  wire        oe_ni,
	input  wire        we_ni,
	input  wire        drive_i,
	input  wire [15:0] data_i,
	output wire [15:0] data_o
);
	reg [15:0] mem [0:262143];
	reg [17:0] addr1_q, addr2_q;        // one, two cycles ago
	reg        oe1_nq, we1_nq, drive1_q;
	reg [15:0] data1_q;
	reg [15:0] noise_q;

	wire settled = !oe_ni & !oe1_nq & we_ni & we1_nq & (addr_i == addr1_q) & (addr_i == addr2_q);
	wire begins  = !we_ni & we1_nq;
	wire ends    = we_ni & !we1_nq;
	wire moved   = (addr_i != addr1_q);
	wire wrong   = ((begins | ends) & moved) | (!we_ni & !we1_nq) |
		(!we_ni & (!drive_i | !oe_ni)) | (ends & (!drive_i | (data_i != data1_q))) |
		((drive_i | drive1_q) & (!oe_ni | !oe1_nq));

	assign data_o = settled ? mem[addr_i] : noise_q;

	always @(posedge clk_i) begin
		addr1_q  <= addr_i;
		addr2_q  <= addr1_q;
		oe1_nq   <= oe_ni;
		we1_nq   <= we_ni;
		drive1_q <= drive_i;
		data1_q  <= data_i;
		noise_q  <= {noise_q[14:0], !(noise_q[15] ^ noise_q[13] ^ noise_q[12] ^ noise_q[10])} ^ addr_i[15:0];
		if (ends)
			mem[addr1_q] <= data1_q;
		if (check_i & wrong) begin
			$display("sram: address %h %h, oe %b %b, we %b %b, drive %b %b", addr_i, addr1_q, oe_ni, oe1_nq, we_ni, we1_nq, drive_i, drive1_q);
			$stop;
		end
	end
endmodule
`default_nettype wire
