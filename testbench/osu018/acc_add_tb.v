// SPDX-License-Identifier: Apache-2.0
// acc_add against the operator +: every pair of operands when they have at most 18 bits together, else PAIRS random
// ones whose bits are drawn to make long carries.
`default_nettype none
module acc_add_tb;
  parameter ADD_W = 17;
  parameter ACC_W = 32;
  parameter LATE  = 0;
  parameter PAIRS = 200000;
  localparam ALL = ADD_W + ACC_W <= 18;
  reg  signed [ACC_W-1:0] base, good;
  reg  signed [ADD_W-1:0] add;
  wire signed [ACC_W-1:0] sum;
  reg  [63:0]             r, s;
  integer i, n, bad, seed;
  acc_add #(.ADD_W(ADD_W), .ACC_W(ACC_W), .LATE(LATE)) u_add (.base_i(base), .add_i(add), .sum_o(sum));
  initial begin
    bad  = 0;
    seed = 1;
    n    = ALL ? 1 << (ADD_W + ACC_W) : PAIRS;
    for (i = 0; i < n; i = i + 1) begin
      r = {$random(seed), $random(seed)};
      s = {$random(seed), $random(seed)};
      if (i[0]) r = ~s ^ (64'd1 << r[5:0]); // carries run through nearly all bits
      if (i[1]) r = {64{r[0]}} << r[6:1];
      if (ALL) {base, add} = i;
      else begin
        base = r[ACC_W-1:0];
        add  = s[ADD_W-1:0];
      end
      good = base + add;
      #1;
      if (sum !== good) begin
        bad = bad + 1;
        if (bad == 1) $display("%0d + %0d: %0d expected, %0d got", base, add, good, sum);
      end
    end
    $display("%0d pairs, %0d wrong", i, bad);
  end
endmodule
`default_nettype wire
