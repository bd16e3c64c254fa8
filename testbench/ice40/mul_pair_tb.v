// SPDX-License-Identifier: Apache-2.0
// Every pair of operands through both halves of mul_pair, the other half busy with another pair, against the operator *.
`default_nettype none
module mul_pair_tb;
  parameter REG = 0;
  reg               clk;
  reg  signed [7:0] a0, b0, a1, b1;
  wire signed [15:0] p0, p1;
  integer i, bad;
  mul_pair #(.REG(REG)) u_mul (.clk_i(clk), .en_i(1'b1), .a0_i(a0), .b0_i(b0), .p0_o(p0), .a1_i(a1), .b1_i(b1), .p1_o(p1));
  initial begin
    bad = 0;
    clk = 0;
    for (i = 0; i < 65536; i = i + 1) begin
      {a0, b0} = i[15:0];
      {b1, a1} = ~i[15:0] ^ {i[7:0], 8'h35}; // takes every pair once, too
      #1 clk = 1;
      #1 clk = 0;
      #1;
      if (p0 !== a0 * b0 || p1 !== a1 * b1) begin
        bad = bad + 1;
        if (bad == 1) $display("%0d * %0d: %0d got; %0d * %0d: %0d got", a0, b0, p0, a1, b1, p1);
      end
    end
    $display("%0d pairs, %0d wrong", i, bad);
  end
endmodule
`default_nettype wire
