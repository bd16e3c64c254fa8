// SPDX-License-Identifier: Apache-2.0
// Every pair of operands, or (STEP) of each STEPth, in both halves of chip_mul2 and in chip_soft; the other half has the pair reversed. Random pairs in chip_mul.
`timescale 1ns/1ns
`default_nettype none
module chip_mul2_tb #(
  parameter STEP = 1                  // divides 255
);
  reg                clk = 0;
  reg  signed [7:0]  a, b;
  reg  [15:0]        c, d;
  wire signed [15:0] p0, p1, cells;
  wire [31:0]        wide;
  integer            i, j, n = 0, wrong = 0;

  chip_mul2 u_mul2 (.clk_i(clk), .a0_i(a), .b0_i(b), .a1_i(~b), .b1_i(a), .p0_o(p0), .p1_o(p1));
  chip_soft u_soft (.clk_i(clk), .a_i(a), .b_i(b), .p_o(cells));
  chip_mul u_mul (.clk_i(clk), .a_i(c), .b_i(d), .p_o(wide));

  initial begin
    for (i = -128; i < 128; i = i + STEP)
      for (j = -128; j < 128; j = j + STEP) begin
        a = i;
        b = j;
        c = $random;
        d = $random;
        if (i == j) {c, d} = 32'hFFFFFFFF;
        #1 clk = 1;
        #1 clk = 0;
        #1 clk = 1;
        #1 if (p0 !== i * j || p1 !== (-1 - j) * i || cells !== i * j || wide !== c * d) wrong = wrong + 1;
        clk = 0;
        n = n + 1;
      end
    $display("%0d pairs, %0d wrong", n, wrong);
  end
endmodule
`default_nettype wire
