// SPDX-License-Identifier: Apache-2.0
// A 2x2 array and its netlist, random tokens and words: the same sums in the same cycles; X on an output is wrong.
`timescale 1ns/1ns
`default_nettype none
module array_tb;
  reg         clk = 0, rst_n = 0;
  reg  [21:0] tok = 0;
  reg  [63:0] bus = 0;
  reg  [15:0] w = 0;
  wire        push, push_n;
  wire [47:0] vec, vec_n;
  integer     i, wrong = 0, pushes = 0;

  array_2x2 u_rtl (.clk_i(clk), .rst_ni(rst_n), .tok_i(tok), .bus_i(bus), .w_i(w), .push_o(push), .vec_o(vec));
  array_2x2_netlist u_net (.clk_i(clk), .rst_ni(rst_n), .tok_i(tok), .bus_i(bus), .w_i(w), .push_o(push_n), .vec_o(vec_n));

  initial begin
    for (i = 0; i < 6000; i = i + 1) begin
      // a sum of 8 steps: valid, first, last, a new word at its start; a token in 16 cycles is idle
      tok = {1'b1, 3'd0, i[2:0], 4'd0, 2'd0, 4'd0, i[2:0] == 3'd0, i[2:0] == 3'd7, i[2:0] == 3'd0, 1'b1, 1'b1};
      bus = {$random, $random};
      w   = $random;
      rst_n = i > 4;
      #1 clk = 1;
      #1 clk = 0;
      #1 if (i > 40) begin
        if (push !== push_n || (push && vec !== vec_n) || push === 1'bx || (push && ^vec === 1'bx)) wrong = wrong + 1;
        if (push === 1'b1) pushes = pushes + 1;
      end
    end
    $display("%0d vectors, %0d cycles wrong", pushes, wrong);
  end
endmodule
`default_nettype wire
