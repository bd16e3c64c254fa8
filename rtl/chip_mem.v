// The memory of a device that has all of it on chip: 128 KiB in four single-port RAMs of 16 bits. Feature maps, weights,
// parameters and commands share it. A read gives the 8 bytes from any even address, 7 of them from an odd one (each RAM
// has an address of its own; byte 7 of an odd read is the byte before the first).
// One access a cycle: feed first, then post's reads, the byte waiting to be written, the image port.
//   t: request   t+1: rows   t+2: words   t+3: rd_data_o, rotated; *_vld_o
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mem (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire        feed_rd_i,       // always granted
	input  wire [16:0] feed_addr_i,
	input  wire        post_rd_i,
	input  wire [16:0] post_addr_i,
	output wire        post_gnt_o,
	input  wire        img_rd_i,        // commands, weights, parameters; the host's reads
	input  wire [16:0] img_addr_i,
	output wire        img_gnt_o,
	input  wire        wr_i,            // a byte; the next one not before wait_o is low
	input  wire [16:0] waddr_i,
	input  wire [7:0]  wdata_i,
	output wire        busy_o,          // register: a byte is still to be written
	output wire        wait_o,          // register: it has been kept from the RAM by a read
	output wire [63:0] rd_data_o,       // [8]
	output wire        feed_vld_o,
	output wire        post_vld_o,
	output wire        img_vld_o
);
	reg        pend_q;                  // the byte to be written
	reg        wait_q;
	reg [16:0] paddr_q;
	reg [7:0]  pdata_q;
	reg [2:0]  vld1_q, vld2_q, vld3_q;  // {image, post, feed}
	reg        we1_q;
	reg [16:0] addr1_q;
	reg [2:0]  sel2_q;
	reg [63:0] rd_q;

	wire        rd    = feed_rd_i | post_rd_i;
	wire        write = pend_q & !rd;
	wire [16:0] addr  = feed_rd_i ? feed_addr_i : post_rd_i ? post_addr_i : pend_q ? paddr_q : img_addr_i;

	assign post_gnt_o = post_rd_i & !feed_rd_i;
	assign img_gnt_o  = img_rd_i & !rd & !pend_q;

	/* each RAM's row: those before the first byte's are one row further */
	wire [63:0] words;
	wire [13:0] next    = addr1_q[16:3] + 14'd1;
	wire [3:0]  further = {1'b0, &addr1_q[2:1], addr1_q[2], |addr1_q[2:1]};
	genvar k;
	generate
		for (k = 0; k < 4; k = k + 1) begin : g_ram
			localparam [1:0] K = k;
			wire        here = (addr1_q[2:1] == K);
			spram u_ram (
				.clk_i(clk_i), .en_i((|vld1_q) | we1_q), .we_i({we1_q & here & addr1_q[0], we1_q & here & !addr1_q[0]}),
				.addr_i(further[k] ? next : addr1_q[16:3]), .wdata_i({2{pdata_q}}), .rdata_o(words[16*k +: 16])
			);
		end
	endgenerate

	wire [63:0] by4 = sel2_q[2] ? {words[31:0], words[63:32]} : words;
	wire [63:0] by2 = sel2_q[1] ? {by4[15:0], by4[63:16]} : by4;
	wire [63:0] by1 = sel2_q[0] ? {by2[7:0], by2[63:8]} : by2;

	assign busy_o     = pend_q;
	assign wait_o     = wait_q;
	assign rd_data_o  = rd_q;
	assign feed_vld_o = vld3_q[0];
	assign post_vld_o = vld3_q[1];
	assign img_vld_o  = vld3_q[2];

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			pend_q <= 1'b0;
			wait_q <= 1'b0;
			we1_q  <= 1'b0;
			vld1_q <= 3'd0;
			vld2_q <= 3'd0;
			vld3_q <= 3'd0;
		end else begin
			pend_q <= wr_i | (pend_q & !write);
			wait_q <= pend_q & rd;
			we1_q  <= write;
			vld1_q <= {img_gnt_o, post_gnt_o, feed_rd_i};
			vld2_q <= vld1_q;
			vld3_q <= vld2_q;
		end
		if (wr_i) begin
			paddr_q <= waddr_i;
			pdata_q <= wdata_i;
		end
		addr1_q <= addr;
		sel2_q  <= addr1_q[2:0];
		if (|vld2_q)
			rd_q <= by1;
	end
endmodule
`default_nettype wire
