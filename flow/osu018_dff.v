// SPDX-License-Identifier: Apache-2.0
// Yosys: a register with an enable is a register behind a clock gate; registers with one enable share the gate.
(* techmap_celltype = "$_DFFE_PP_" *)
module osu018_dff (input wire D, input wire C, input wire E, output wire Q);
  wire gated;
  clock_gate u_gate (.clk_i(C), .en_i(E), .clk_o(gated));
  DFFPOSX1 u_reg (.D(D), .CLK(gated), .Q(Q));
endmodule
