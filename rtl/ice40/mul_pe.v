// SPDX-License-Identifier: Apache-2.0
// Signed multiplier of a PE for iCE40's logic cells (a LUT of four inputs and a carry), combinational. Two bits of b at a time:
// a where the lower bit is set (a cell a bit), plus 2a where the upper one is (add_if, a cell a bit); the up to four results
// are added in a tree. 8 x 8 bits: 102 cells and 4 levels; synthesis makes 182 of `*`.
// Twin: the C operator *
`default_nettype none
module mul_pe #(
  parameter A_W = 9, // bits
  parameter B_W = 8  // bits, at most 8
) (
  input  wire signed [A_W-1:0]     a_i,
  input  wire signed [B_W-1:0]     b_i,
  output wire signed [A_W+B_W-1:0] p_o
);
  localparam PAIRS = (B_W + 1) / 2;
  localparam W     = A_W + 2; // of a pair's product
  localparam PW    = A_W + 8; // of all

  generate
    if (B_W > 8 || A_W < 2) begin : g_guard
      B_W_is_more_than_8 u_guard ();
    end
  endgenerate

  wire [2*PAIRS-1:0] b;
  wire signed [W-1:0] pair [0:3];

  genvar i;
  generate
    if (2 * PAIRS > B_W) begin : g_odd
      assign b = {b_i[B_W-1], b_i};
    end else begin : g_even
      assign b = b_i;
    end
    for (i = 0; i < 4; i = i + 1) begin : g_pair
      if (i < PAIRS) begin : g_product
        wire [A_W-1:0] low = a_i & {A_W{b[2*i]}};
        wire [A_W:0]   high;
        add_if #(.W(A_W + 1), .SUB((i == PAIRS - 1) ? 1 : 0)) u_high ( // the last pair's upper bit is b's sign
          .base_i({low[A_W-1], low[A_W-1], low[A_W-1:1]}), .add_i({a_i[A_W-1], a_i}), .en_i(b[2*i+1]), .sum_o(high)
        );
        assign pair[i] = {high, low[0]};
      end else begin : g_none
        assign pair[i] = {W{1'b0}};
      end
    end
  endgenerate

  // 4 bits of b, 8 bits of b
  wire signed [W+1:0]  low4  = {{2{pair[0][W-1]}}, pair[0]} + {pair[1], 2'b00};
  wire signed [W+1:0]  high4 = {{2{pair[2][W-1]}}, pair[2]} + {pair[3], 2'b00};
  wire signed [PW-1:0] all   = {{4{low4[W+1]}}, low4} + {high4, 4'b0000};
  wire unused_all = &{1'b0, all};

  assign p_o = all[A_W+B_W-1:0];
endmodule
`default_nettype wire
