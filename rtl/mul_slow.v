// Product of a signed and an unsigned number in STEPS cycles, B_W / STEPS bits of b a cycle, in digits -1, 0, 1, 2 of
// weight 4^k. p_o is complete in the cycle in which last_i is high; first_i starts it; a_i and b_i hold in between.
// Bits of p_o below LOW are not kept (0).
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module mul_slow #(
	parameter A_W   = 32,               // bits of a_i
	parameter B_W   = 32,               // bits of b_i, even; its highest bit must be 0
	parameter STEPS = 16,               // divides B_W / 2; at least 2
	parameter LOW   = 30                // lowest bit of p_o that is needed, even
) (
	input  wire                      clk_i,
	input  wire                      first_i,
	input  wire signed [A_W-1:0]     a_i,
	input  wire [B_W-1:0]            b_i,
	output wire signed [A_W+B_W-1:0] p_o
);
	localparam DIGITS = B_W / 2 / STEPS;
	localparam HW     = A_W + 2;        // of the sum above the digit at work
	localparam LW     = B_W - LOW;      // bits of the product below it that are kept

	reg signed [HW-1:0] high_q;
	reg [LW-1:0]        low_q;
	reg [B_W-1:0]       b_q;            // digits still to come
	reg                 carry_q;        // of a digit 3: it counts as -1, and 1 in the next

	wire [B_W-1:0] b = first_i ? b_i : b_q;

	genvar k;
	generate
		for (k = 0; k < DIGITS; k = k + 1) begin : g_digit
			wire signed [HW-1:0] sum;
			wire [LW-1:0]        low;
			wire                 carry;
			if (k == 0) begin : g_in
				assign sum   = first_i ? {HW{1'b0}} : high_q;
				assign low   = low_q;
				assign carry = carry_q & !first_i;
			end else begin : g_in
				assign sum   = g_digit[k-1].sum_n;
				assign low   = g_digit[k-1].low_n;
				assign carry = g_digit[k-1].carry_n;
			end
			wire [1:0]           digit = b[2*k +: 2] + {1'b0, carry};
			wire signed [HW-1:0] a     = {{HW-A_W{a_i[A_W-1]}}, a_i};
			wire signed [HW-1:0] part  = (digit == 2'd3) ? ~a : (digit == 2'd2) ? a <<< 1 : (digit == 2'd1) ? a : {HW{1'b0}};
			wire signed [HW-1:0] total = sum + part + {{HW-1{1'b0}}, digit == 2'd3};
			wire                 carry_n = (digit == 2'd3) | ((b[2*k +: 2] == 2'd3) & carry);
			wire signed [HW-1:0] sum_n = total >>> 2;
			wire [LW+1:0]        both  = {total[1:0], low};
			wire [LW-1:0]        low_n = both[LW+1:2];
			wire                 unused_both = &{1'b0, both[1:0]};
		end
	endgenerate

	assign p_o = {g_digit[DIGITS-1].sum_n[A_W-1:0], g_digit[DIGITS-1].low_n, {LOW{1'b0}}};

	always @(posedge clk_i) begin
		high_q  <= g_digit[DIGITS-1].sum_n;
		low_q   <= g_digit[DIGITS-1].low_n;
		carry_q <= g_digit[DIGITS-1].carry_n;
		b_q     <= b >> (2 * DIGITS);
	end
endmodule
`default_nettype wire
