// An unsigned 16x16 bit product behind registers at both ends, in one SB_MAC16 of the iCE40 UP5K: two cycles.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mul (
	input  wire        clk_i,
	input  wire [15:0] a_i,
	input  wire [15:0] b_i,
	output wire [31:0] p_o              // register
);
	SB_MAC16 #(
		.A_SIGNED(1'b0), .B_SIGNED(1'b0), .MODE_8x8(1'b0), .A_REG(1'b1), .B_REG(1'b1), .TOP_8x8_MULT_REG(1'b0), .BOT_8x8_MULT_REG(1'b0), .PIPELINE_16x16_MULT_REG2(1'b1),
		.TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11)
	) u_mac (
		.CLK(clk_i), .CE(1'b1), .A(a_i), .B(b_i), .O(p_o),
		.C(16'd0), .D(16'd0), .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
		.OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0), .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0)
	);
endmodule
`default_nettype wire
