// SPDX-License-Identifier: Apache-2.0
// Yosys: a clock gate without a latch. The clock stays high while it is off; the enable may change only while clk_i is
// high, so it has half a cycle, which timing analysis checks (clock gating setup and hold).
module clock_gate (input wire clk_i, input wire en_i, output wire clk_o);
  wire off;
  \$_NOT_  u_not (.A(en_i), .Y(off));
  OR2X2 u_or (.A(clk_i), .B(off), .Y(clk_o));
endmodule
