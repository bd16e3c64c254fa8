// The memory of a device that has all of it on chip: 128 KiB in four single-port RAMs of 16 bits, an aligned word of
// 8 bytes a cycle. Feature maps, commands, weights and parameters share it. A write goes first.
//   t: wr_i, or raddr_i   t+1: rot_i, pad_i of what was read   t+2: data_o
// Lane l of data_o is byte l - rot_i of the word.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mem (
	input  wire        clk_i,
	input  wire        wr_i,
	input  wire [13:0] waddr_i,         // in words
	input  wire [63:0] wdata_i,
	input  wire [7:0]  wmask_i,         // bytes written
	input  wire [13:0] raddr_i,
	input  wire [2:0]  rot_i,
	input  wire        pad_i,           // all bytes are zero_i instead
	input  wire [7:0]  zero_i,
	output wire [63:0] data_o           // register
);
	reg [63:0] data_q;

	wire [63:0] word;
	wire [13:0] addr = wr_i ? waddr_i : raddr_i;
	genvar k;
	generate
		for (k = 0; k < 4; k = k + 1) begin : g_ram
			spram u_ram (
				.clk_i(clk_i), .en_i(1'b1), .we_i(wmask_i[2*k +: 2] & {2{wr_i}}), .addr_i(addr), .wdata_i(wdata_i[16*k +: 16]), .rdata_o(word[16*k +: 16])
			);
		end
	endgenerate

	wire [63:0] kept = word & {64{!pad_i}};
	wire [63:0] by4  = rot_i[2] ? {kept[31:0], kept[63:32]} : kept;
	wire [63:0] by2  = rot_i[1] ? {by4[47:0], by4[63:48]} : by4;
	wire [63:0] by1  = rot_i[0] ? {by2[55:0], by2[63:56]} : by2;

	assign data_o = data_q;

	always @(posedge clk_i)
		data_q <= by1 | {8{zero_i & {8{pad_i}}}};
endmodule
`default_nettype wire
