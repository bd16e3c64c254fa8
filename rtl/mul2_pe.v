// Two signed 8x8 bit products in one cycle, registered: the multipliers of two neighbouring PEs. A target with DSP blocks
// has its own form: rtl/up5k/mul2_pe.v makes both in one SB_MAC16.
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
	reg signed [15:0] p0_q;
	reg signed [15:0] p1_q;

	assign p0_o = p0_q;
	assign p1_o = p1_q;

	always @(posedge clk_i)
		if (en_i) begin
			p0_q <= a0_i * b0_i;
			p1_q <= a1_i * b1_i;
		end
endmodule
`default_nettype wire
