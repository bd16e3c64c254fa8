// SPDX-License-Identifier: Apache-2.0
// mul_sub against sums of products written with *. Mode by mode: every pair of operands in every place, the other places
// at their extremes, zero, or random; then random operands everywhere.
`default_nettype none
module mul_sub_tb;
  parameter A_W = 9;
  parameter SUB = 4;
  reg  [SUB*A_W-1:0]      a;
  reg  [7:0]              b;
  reg  [1:0]              mode;
  wire signed [A_W+7:0]   p;
  reg  signed [31:0]      sum, x, w;
  integer n, bits, place, pair, other, i, k, pairs, wrong, seed;
  reg  [4*A_W-1:0]        xs; // [n] activations
  reg  [31:0]             r;

  mul_sub #(.A_W(A_W), .SUB(SUB)) u_mul (.a_i(a), .b_i(b), .mode_i(mode), .p_o(p));

  // Digit i of SUB sees activation i * n / SUB.
  task check;
    begin
      sum = 0;
      for (k = 0; k < SUB; k = k + 1) a[k*A_W +: A_W] = xs[(k*n/SUB)*A_W +: A_W];
      for (k = 0; k < n; k = k + 1) begin
        x = {{(32-A_W){xs[k*A_W+A_W-1]}}, xs[k*A_W +: A_W]};
        r = b >> k * bits;
        w = $signed(r << (32 - bits)) >>> (32 - bits);
        sum = sum + x * w;
      end
      #1;
      pairs = pairs + 1;
      if (p !== sum[A_W+7:0]) begin
        wrong = wrong + 1;
        if (wrong == 1) $display("mode %0d, a %h, b %h: %0d expected, %0d got", mode, a, b, sum, p);
      end
    end
  endtask

  // -2^(A_W-1) .. 2^(A_W-1) - 1, but x - zx is never the least
  function [A_W-1:0] operand(input integer kind, input [31:0] random);
    case (kind)
      0: operand = {A_W{1'b0}};
      1: operand = {1'b0, {(A_W-1){1'b1}}};
      2: operand = {1'b1, {(A_W-2){1'b0}}, 1'b1};
      default: operand = random[A_W-1:0];
    endcase
  endfunction

  initial begin
    pairs = 0;
    wrong = 0;
    seed = 1;
    for (i = 0; i < 3; i = i + 1) begin
      mode = i[1:0];
      n = 1 << i;
      bits = 8 / n;
      if (n <= SUB)
        for (place = 0; place < n; place = place + 1)
          for (pair = 0; pair < (1 << (A_W + bits)); pair = pair + 1)
            for (other = 0; other < (n == 1 ? 1 : 4); other = other + 1) begin
              r = $random(seed);
              b = other == 1 ? 8'h55 : other == 2 ? 8'haa : r[31:24]; // two bits: 1, -2; four: 5, -6
              for (k = 0; k < n; k = k + 1) begin
                r = $random(seed);
                xs[k*A_W +: A_W] = k == place ? pair[A_W-1:0] : operand(other, r);
              end
              for (k = 0; k < bits; k = k + 1) b[place*bits + k] = pair[A_W + k];
              check;
            end
      if (n <= SUB)
        for (pair = 0; pair < 100000; pair = pair + 1) begin
          for (k = 0; k < n; k = k + 1) begin
            r = $random(seed);
            xs[k*A_W +: A_W] = r[A_W-1:0];
          end
          r = $random(seed);
          b = r[7:0];
          check;
        end
    end
    $display("%0d sums, %0d wrong", pairs, wrong);
  end
endmodule
`default_nettype wire
