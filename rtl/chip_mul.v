// An unsigned 16x16 bit product behind registers at both ends: two cycles. A target with DSP blocks has its own form.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_mul (
	input  wire        clk_i,
	input  wire [15:0] a_i,
	input  wire [15:0] b_i,
	output wire [31:0] p_o              // register
);
	reg [15:0] a_q, b_q;
	reg [31:0] p_q;

	assign p_o = p_q;

	always @(posedge clk_i) begin
		a_q <= a_i;
		b_q <= b_i;
		p_q <= a_q * b_q;
	end
endmodule
`default_nettype wire
