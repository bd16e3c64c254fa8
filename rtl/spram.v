// One block of single-port RAM, 16384 words of 16 bits with a write enable per byte: SB_SPRAM256KA of the iCE40 UP5K,
// here in portable Verilog; rtl/up5k/spram.v has the same ports. Contents are not reset.
// Latency: rdata_o is valid the cycle after a cycle with en_i and no we_i, and holds.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module spram (
	input  wire        clk_i,
	input  wire        en_i,
	input  wire [1:0]  we_i,            // per byte; none: read
	input  wire [13:0] addr_i,
	input  wire [15:0] wdata_i,
	output wire [15:0] rdata_o
);
	reg [15:0] mem [0:16383];
	reg [15:0] rdata_q;

	assign rdata_o = rdata_q;

	always @(posedge clk_i)
		if (en_i) begin
			if (we_i[0])
				mem[addr_i][7:0] <= wdata_i[7:0];
			if (we_i[1])
				mem[addr_i][15:8] <= wdata_i[15:8];
			if (we_i == 2'b00)
				rdata_q <= mem[addr_i];
		end
endmodule
`default_nettype wire
