// SPDX-License-Identifier: Apache-2.0
// Signed multiplier of a PE, combinational. In a module of its own so that a target can put its own structure here
// (and because synthesis makes a smaller PE when product and sum are not one expression).
// Twin: the C operator *
`default_nettype none
module mul_pe #(
  parameter A_W = 9, // bits
  parameter B_W = 8  // bits
) (
  input  wire signed [A_W-1:0]     a_i,
  input  wire signed [B_W-1:0]     b_i,
  output wire signed [A_W+B_W-1:0] p_o
);
  wire signed [A_W+B_W-1:0] a = {{B_W{a_i[A_W-1]}}, a_i};
  wire signed [A_W+B_W-1:0] b = {{A_W{b_i[B_W-1]}}, b_i};
  assign p_o = a * b;
endmodule
`default_nettype wire
