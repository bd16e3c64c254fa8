// SPDX-License-Identifier: Apache-2.0
// Every pair of operands through mul_pe, against the operator *.
`default_nettype none
module mul_pe_tb;
  parameter A_W = 9;
  parameter B_W = 8;
  reg  signed [A_W-1:0]     a;
  reg  signed [B_W-1:0]     b;
  wire signed [A_W+B_W-1:0] p;
  integer i, bad;
  mul_pe #(.A_W(A_W), .B_W(B_W)) u_mul (.a_i(a), .b_i(b), .p_o(p));
  initial begin
    bad = 0;
    for (i = 0; i < (1 << (A_W + B_W)); i = i + 1) begin
      {a, b} = i[A_W+B_W-1:0];
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
