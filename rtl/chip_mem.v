// The way to memory and back, an aligned word of 8 bytes a cycle. Feature maps, commands, weights and parameters share it. A
// write goes first.
//   t: wr_i, or raddr_i   t+1: word_i, rot_i, pad_i of what was read   t+2: data_o
// Lane l of data_o is byte l - rot_i of the word.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mem (
	input  wire        clk_i,
	input  wire        wr_i,
	input  wire [13:0] waddr_i,         // in words
	input  wire [7:0]  wmask_i,         // bytes written
	input  wire [13:0] raddr_i,
	output wire [7:0]  we_o,            // memory's: [8]
	output wire [13:0] addr_o,
	input  wire [63:0] word_i,
	input  wire [2:0]  rot_i,
	input  wire        pad_i,           // all bytes are zero_i instead
	input  wire [7:0]  zero_i,
	output wire [63:0] data_o           // register
);
	reg [63:0] data_q;

	wire [63:0] kept = word_i & {64{!pad_i}};
	wire [63:0] by4  = rot_i[2] ? {kept[31:0], kept[63:32]} : kept;
	wire [63:0] by2  = rot_i[1] ? {by4[47:0], by4[63:48]} : by4;
	wire [63:0] by1  = rot_i[0] ? {by2[55:0], by2[63:56]} : by2;

	assign we_o   = wmask_i & {8{wr_i}};
	assign addr_o = wr_i ? waddr_i : raddr_i;
	assign data_o = data_q;

	always @(posedge clk_i)
		data_q <= by1 | {8{zero_i & {8{pad_i}}}};
endmodule
`default_nettype wire
