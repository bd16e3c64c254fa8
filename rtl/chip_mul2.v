// Two signed 8x8 bit products behind registers at both ends: two cycles. A target with DSP blocks has its own form.
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
	reg signed [7:0]  a0_q, b0_q, a1_q, b1_q;
	reg signed [15:0] p0_q, p1_q;

	assign p0_o = p0_q;
	assign p1_o = p1_q;

	always @(posedge clk_i) begin
		a0_q <= a0_i;
		b0_q <= b0_i;
		a1_q <= a1_i;
		b1_q <= b1_i;
		p0_q <= a0_q * b0_q;
		p1_q <= a1_q * b1_q;
	end
endmodule
`default_nettype wire
