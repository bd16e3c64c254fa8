// SPDX-License-Identifier: Apache-2.0
// acc_split against the operator +: STEPS of an accumulator; what it holds and its carry are the sum in every step.
// Bits are drawn to make long carries.
`default_nettype none
module acc_split_tb;
  parameter ADD_W = 17;
  parameter ACC_W = 32;
  parameter SPLIT = 16;
  parameter STEPS = 200000;
  reg  signed [ACC_W-1:0] acc, sum;
  reg                     carry, clear;
  reg  signed [ADD_W-1:0] add;
  wire signed [ACC_W-1:0] next;
  wire                    next_carry;
  reg  [63:0]             r;
  integer i, bad, seed;
  acc_split #(.ADD_W(ADD_W), .ACC_W(ACC_W), .SPLIT(SPLIT)) u_add (.clear_i(clear), .base_i(acc), .carry_i(carry), .add_i(add), .sum_o(next), .carry_o(next_carry));
  initial begin
    bad   = 0;
    seed  = 1;
    for (i = 0; i < STEPS; i = i + 1) begin
      r     = {$random(seed), $random(seed)};
      clear = (i == 0) || (r[63:58] == 6'd0);
      if (clear) sum = 0;
      add   = r[57] ? r[ADD_W-1:0] : sum ^ {ADD_W{r[56]}};
      sum   = sum + add;
      #1;
      acc   = next;
      carry = next_carry;
      if (acc + ({{(ACC_W-1){1'b0}}, carry} << SPLIT) !== sum) begin
        bad = bad + 1;
        if (bad == 1) $display("step %0d: %0d expected, %0d and carry %b got", i, sum, acc, carry);
      end
    end
    $display("%0d pairs, %0d wrong", i, bad);
  end
endmodule
`default_nettype wire
