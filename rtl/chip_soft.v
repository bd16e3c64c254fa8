// A signed 8x8 bit product of logic cells, in two cycles like chip_mul2: nibbles of b first.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_soft (
	input  wire               clk_i,
	input  wire signed [7:0]  a_i,
	input  wire signed [7:0]  b_i,
	output wire signed [15:0] p_o       // register
);
	reg signed [11:0] low_q, high_q;
	reg signed [15:0] p_q;

	wire signed [12:0] low  = a_i * $signed({1'b0, b_i[3:0]});
	wire signed [11:0] high = a_i * $signed(b_i[7:4]);

	assign p_o = p_q;

	always @(posedge clk_i) begin
		low_q  <= low[11:0];
		high_q <= high;
		p_q    <= {{4{low_q[11]}}, low_q} + {high_q, 4'd0};
	end
	wire unused_ok = low[12];
endmodule
`default_nettype wire
