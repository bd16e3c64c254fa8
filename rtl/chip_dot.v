// The array: two outputs, 8 products of each a cycle, their sums over a unit's words. HARD of each output's 8 products are in
// DSP blocks, the others in logic cells.
// Latency: a word's products are in sum_o six cycles after x_i.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_dot #(
	parameter HARD = 6                  // even
) (
	input  wire         clk_i,
	input  wire         rst_ni,
	input  wire [127:0] x_i,            // [2][8]
	input  wire [127:0] w_i,
	input  wire [4:0]   tok_i,          // of x_i: {last of the run, of the pixel, last word, first word, valid}
	output wire [47:0]  sum_o,          // register: [2] sums
	output wire [2:0]   tok_o           // register: {last of the run, of the pixel, sum_o is whole}
);
	reg [5:1] v_q, first_q, last_q, pixel_q, run_q;
	reg [2:0] tok_q;

	assign tok_o = tok_q;

	always @(posedge clk_i) begin
		v_q     <= {v_q[4:1], tok_i[0]} & {5{rst_ni}};
		first_q <= {first_q[4:1], tok_i[1]};
		last_q  <= {last_q[4:1], tok_i[2] & tok_i[0]};
		pixel_q <= {pixel_q[4:1], tok_i[3]};
		run_q   <= {run_q[4:1], tok_i[4]};
		tok_q   <= {run_q[5], pixel_q[5], last_q[5] & v_q[5]};
	end

	genvar s, l;
	generate
		for (s = 0; s < 2; s = s + 1) begin : g_side
			wire [127:0]       p;       // [8] products
			reg  [67:0]        by2_q;   // [4]
			reg  [35:0]        by4_q;   // [2]
			reg signed [18:0]  by8_q;
			reg signed [23:0]  sum_q;
			for (l = 0; l < 4; l = l + 1) begin : g_lane
				localparam K = 64 * s + 16 * l;
				if (2 * l < HARD) begin : g_hard
					chip_mul2 u_mul (
						.clk_i(clk_i), .a0_i(x_i[K +: 8]), .b0_i(w_i[K +: 8]), .a1_i(x_i[K+8 +: 8]), .b1_i(w_i[K+8 +: 8]),
						.p0_o(p[32*l +: 16]), .p1_o(p[32*l+16 +: 16])
					);
				end else begin : g_soft
					chip_soft u_mul0 (.clk_i(clk_i), .a_i(x_i[K +: 8]), .b_i(w_i[K +: 8]), .p_o(p[32*l +: 16]));
					chip_soft u_mul1 (.clk_i(clk_i), .a_i(x_i[K+8 +: 8]), .b_i(w_i[K+8 +: 8]), .p_o(p[32*l+16 +: 16]));
				end
				always @(posedge clk_i)
					by2_q[17*l +: 17] <= {p[32*l+15], p[32*l +: 16]} + {p[32*l+31], p[32*l+16 +: 16]};
			end
			for (l = 0; l < 2; l = l + 1) begin : g_by4
				always @(posedge clk_i)
					by4_q[18*l +: 18] <= {by2_q[34*l+16], by2_q[34*l +: 17]} + {by2_q[34*l+33], by2_q[34*l+17 +: 17]};
			end
			always @(posedge clk_i) begin
				by8_q <= {by4_q[17], by4_q[17:0]} + {by4_q[35], by4_q[35:18]};
				if (v_q[5])
					sum_q <= (first_q[5] ? 24'sd0 : sum_q) + {{5{by8_q[18]}}, by8_q};
			end
			assign sum_o[24*s +: 24] = sum_q;
		end
	endgenerate
endmodule
`default_nettype wire
