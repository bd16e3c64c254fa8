// A signed 8x8 bit product of logic cells, in two cycles like chip_mul2: pairs of b's bits first.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_soft (
	input  wire               clk_i,
	input  wire signed [7:0]  a_i,
	input  wire signed [7:0]  b_i,
	output wire signed [15:0] p_o       // register
);
	reg signed [10:0] p0_q, p1_q, p2_q, p3_q; // b's pairs of bits, the upper one signed
	reg signed [15:0] p_q;

	wire signed [13:0] low  = {{3{p0_q[10]}}, p0_q} + {p1_q[10], p1_q, 2'd0};
	wire signed [13:0] high = {{3{p2_q[10]}}, p2_q} + {p3_q[10], p3_q, 2'd0};

	assign p_o = p_q;

	always @(posedge clk_i) begin
		p0_q <= a_i * $signed({1'b0, b_i[1:0]});
		p1_q <= a_i * $signed({1'b0, b_i[3:2]});
		p2_q <= a_i * $signed({1'b0, b_i[5:4]});
		p3_q <= a_i * $signed(b_i[7:6]);
		p_q  <= {{2{low[13]}}, low} + {high[11:0], 4'd0};
	end
	wire unused_ok = &{1'b0, high[13:12]};
endmodule
`default_nettype wire
