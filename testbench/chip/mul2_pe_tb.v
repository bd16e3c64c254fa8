// SPDX-License-Identifier: Apache-2.0
// Every pair of operands in both halves of mul2_pe; the other half has the pair reversed.
`timescale 1ns/1ns
`default_nettype none
module mul2_pe_tb;
  reg                clk = 0;
  reg  signed [7:0]  a, b;
  wire signed [15:0] p0, p1;
  integer            i, j, wrong = 0;

  mul2_pe u_mul (.clk_i(clk), .en_i(1'b1), .a0_i(a), .b0_i(b), .a1_i(~b), .b1_i(a), .p0_o(p0), .p1_o(p1));

  initial begin
    for (i = -128; i < 128; i = i + 1)
      for (j = -128; j < 128; j = j + 1) begin
        a = i;
        b = j;
        #1 clk = 1;
        #1 if (p0 !== i * j || p1 !== (-1 - j) * i) wrong = wrong + 1;
        clk = 0;
      end
    $display("65536 pairs, %0d wrong", wrong);
  end
endmodule
`default_nettype wire
