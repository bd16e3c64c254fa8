// SPDX-License-Identifier: Apache-2.0
// Two signed 8x8 bit products of the iCE40's logic cells, in two cycles.
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
  chip_soft u_mul0 (.clk_i(clk_i), .a_i(a0_i), .b_i(b0_i), .p_o(p0_o));
  chip_soft u_mul1 (.clk_i(clk_i), .a_i(a1_i), .b_i(b1_i), .p_o(p1_o));
endmodule
`default_nettype wire
