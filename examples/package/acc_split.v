// SPDX-License-Identifier: Apache-2.0
// One step of an accumulator in two halves, combinational: the carry of the lower one is kept in a register and added to the
// upper one a step later, so that no carry runs through all bits. The sum is base + carry * 2^SPLIT.
// In a module of its own so that a target can put its own structure here. Twin: cmodel/array_os.c
`default_nettype none
module acc_split #(
  parameter ADD_W = 17, // bits of the addend
  parameter ACC_W = 32, // bits of the sum, at least ADD_W
  parameter SPLIT = 16  // bits of the lower half, 2..ACC_W-2
) (
  input  wire                    clear_i, // base and carry count as 0
  input  wire signed [ACC_W-1:0] base_i,
  input  wire                    carry_i, // of the step before
  input  wire signed [ADD_W-1:0] add_i,
  output wire signed [ACC_W-1:0] sum_o,
  output wire                    carry_o
);
  wire [ACC_W-1:0] base = clear_i ? {ACC_W{1'b0}} : base_i;
  wire [ACC_W-1:0] add;

  generate
    if (ACC_W > ADD_W) begin : g_extend
      assign add = {{(ACC_W-ADD_W){add_i[ADD_W-1]}}, add_i};
    end else begin : g_same
      assign add = add_i;
    end
  endgenerate

  assign {carry_o, sum_o[SPLIT-1:0]} = {1'b0, base[SPLIT-1:0]} + {1'b0, add[SPLIT-1:0]};
  assign sum_o[ACC_W-1:SPLIT] = base[ACC_W-1:SPLIT] + add[ACC_W-1:SPLIT] + {{(ACC_W-SPLIT-1){1'b0}}, carry_i && !clear_i};
endmodule
`default_nettype wire
