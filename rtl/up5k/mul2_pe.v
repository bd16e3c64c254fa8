// Two signed 8x8 bit products in one SB_MAC16 of the iCE40 UP5K, registered in it. Instantiated: `synth_ice40 -dsp` of
// Yosys 0.23 puts one product into a block, and joins chains of sums wrongly.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module mul2_pe (
	input  wire               clk_i,
	input  wire               en_i,     // the products are taken
	input  wire signed [7:0]  a0_i,
	input  wire signed [7:0]  b0_i,
	input  wire signed [7:0]  a1_i,
	input  wire signed [7:0]  b1_i,
	output wire signed [15:0] p0_o,     // register
	output wire signed [15:0] p1_o
);
	SB_MAC16 #(
		.A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b1), .TOP_8x8_MULT_REG(1'b1), .BOT_8x8_MULT_REG(1'b1),
		.TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10)
	) u_mac (
		.CLK(clk_i), .CE(en_i), .A({a1_i, a0_i}), .B({b1_i, b0_i}), .O({p1_o, p0_o})
	);
endmodule
`default_nettype wire
