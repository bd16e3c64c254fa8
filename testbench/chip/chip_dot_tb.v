// SPDX-License-Identifier: Apache-2.0
// chip_dot and its netlist, random words and tokens: the same sums in the same cycles; X on an output is wrong.
`timescale 1ns/1ns
`default_nettype none
module chip_dot_tb;
  reg          clk = 0, rst_n = 0;
  reg  [127:0] x = 0, w = 0;
  reg  [4:0]   tok = 0;
  wire [47:0]  sum, sum_n;
  wire [2:0]   out, out_n;
  integer      i, wrong = 0, sums = 0;

  chip_dot u_rtl (.clk_i(clk), .rst_ni(rst_n), .x_i(x), .w_i(w), .tok_i(tok), .sum_o(sum), .tok_o(out));
  chip_dot_netlist u_net (.clk_i(clk), .rst_ni(rst_n), .x_i(x), .w_i(w), .tok_i(tok), .sum_o(sum_n), .tok_o(out_n));

  initial begin
    for (i = 0; i < 6000; i = i + 1) begin
      // a sum of 8 words; one in 16 cycles is idle
      tok   = {i[5:0] == 6'h3F, i[4:0] == 5'h1F, i[2:0] == 3'd7, i[2:0] == 3'd0, i[3:0] != 4'd5};
      x     = {$random, $random, $random, $random};
      w     = {$random, $random, $random, $random};
      rst_n = i > 8;
      #1 clk = 1;
      #1 clk = 0;
      #1 if (i > 40) begin
        if (out !== out_n || ^out === 1'bx || (out[0] && (sum !== sum_n || ^sum === 1'bx))) wrong = wrong + 1;
        if (out[0] === 1'b1) sums = sums + 1;
      end
    end
    $display("%0d sums, %0d cycles wrong", sums, wrong);
  end
endmodule
`default_nettype wire
