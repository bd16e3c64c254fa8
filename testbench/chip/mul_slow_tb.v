// SPDX-License-Identifier: Apache-2.0
// Random operands, the extremes first: the product's bits from 30 on.
`default_nettype none
module mul_slow_tb;
  parameter STEPS = 16;
  reg                clk = 0;
  reg                first = 0;
  reg  signed [31:0] a;
  reg         [31:0] b;
  wire signed [63:0] p;
  reg  signed [63:0] want;
  integer            i, k, wrong = 0;

  mul_slow #(.A_W(32), .B_W(32), .STEPS(STEPS), .LOW(30)) u_mul (.clk_i(clk), .first_i(first), .a_i(a), .b_i(b), .p_o(p));

  initial begin
    for (i = 0; i < 20000; i = i + 1) begin
      a = i == 0 ? 32'sh80000000 : i == 1 ? 32'sh7FFFFFFF : i == 2 ? -32'sd1 : $random;
      b = i < 3 ? 32'h7FFFFFFF : i == 3 ? 32'd0 : i == 4 ? 32'h40000000 : {1'b0, 31'h7FFFFFFF & $random};
      for (k = 0; k < STEPS; k = k + 1) begin
        first = k == 0;
        #1 if (k == STEPS - 1) begin
          want = a * $signed({32'd0, b});
          if (p[63:30] !== want[63:30]) wrong = wrong + 1;
        end
        clk = 1;
        #1 clk = 0;
      end
    end
    $display("20000 pairs, %0d wrong", wrong);
  end
endmodule
`default_nettype wire
