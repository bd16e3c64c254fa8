// SPDX-License-Identifier: Apache-2.0
// The requantization lanes' multiplier against the operator *: random operands of every size, and the extremes.
`default_nettype none
module mul_tb;
  parameter A_W   = 32;
  parameter B_W   = 32;
  parameter PAIRS = 4000;
  reg  signed [A_W-1:0]     a;
  reg  signed [B_W-1:0]     b;
  wire signed [A_W+B_W-1:0] p;
  integer i, bad, seed;
  mul #(.A_W(A_W), .B_W(B_W)) u_mul (.a_i(a), .b_i(b), .p_o(p));
  initial begin
    bad  = 0;
    seed = 1;
    for (i = 0; i < PAIRS; i = i + 1) begin
      a = {$random(seed), $random(seed)};
      b = {$random(seed), $random(seed)};
      if (i[0]) a = a >>> ($random(seed) & 31);
      if (i[1]) b = b >>> ($random(seed) & 31);
      case (i[6:4])
        3: a = 1 << i[11:7];
        4: a = {1'b1, {(A_W-1){1'b0}}};
        5: a = ~(32'd1 << i[11:7]);
        default: ;
      endcase
      case (i[9:7])
        1: b = {1'b1, {(B_W-1){1'b0}}};
        2: b = -1;
        3: b = {1'b0, {(B_W-1){1'b1}}};
        default: ;
      endcase
      #1;
      if (p !== a * b) begin
        bad = bad + 1;
        if (bad == 1) $display("%0d * %0d: %0d expected, %0d got", a, b, a * b, p);
      end
    end
    $display("%0d pairs, %0d wrong", i, bad);
  end
endmodule
`default_nettype wire
