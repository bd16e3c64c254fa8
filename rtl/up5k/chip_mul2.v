// Two signed 8x8 bit products behind registers at both ends, in one SB_MAC16 of the iCE40 UP5K: two cycles.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mul2 (
	input  wire               clk_i,
	input  wire signed [7:0]  a0_i,
	input  wire signed [7:0]  b0_i,
	input  wire signed [7:0]  a1_i,
	input  wire signed [7:0]  b1_i,
	output wire signed [15:0] p0_o,     // register
	output wire signed [15:0] p1_o
);
	SB_MAC16 #(
		.A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b1), .A_REG(1'b1), .B_REG(1'b1), .TOP_8x8_MULT_REG(1'b1), .BOT_8x8_MULT_REG(1'b1),
		.TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10)
	) u_mac (
		.CLK(clk_i), .CE(1'b1), .A({a1_i, a0_i}), .B({b1_i, b0_i}), .O({p1_o, p0_o}),
		.C(16'd0), .D(16'd0), .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
		.OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0), .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0)
	);
endmodule
`default_nettype wire
