// SPDX-License-Identifier: Apache-2.0
// sum_o = base_i + add_i, signed, combinational: what an accumulator adds. In a module of its own so that a target
// can put its own structure here.
// Twin: the C operator +
`default_nettype none
module acc_add #(
  parameter ADD_W = 17, // bits of the addend
  parameter ACC_W = 32, // bits of the sum, at least ADD_W
  parameter LATE  = 0   // when the operands come in the cycle: 0 from registers, 1 later, 2 from a memory; no matter here
) (
  input  wire signed [ACC_W-1:0] base_i,
  input  wire signed [ADD_W-1:0] add_i,
  output wire signed [ACC_W-1:0] sum_o
);
  wire unused_late = LATE != 0;

  generate
    if (ACC_W > ADD_W) begin : g_extend
      assign sum_o = base_i + {{(ACC_W-ADD_W){add_i[ADD_W-1]}}, add_i};
    end else begin : g_same
      assign sum_o = base_i + add_i;
    end
  endgenerate
endmodule
`default_nettype wire
