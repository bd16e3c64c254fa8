// a + b + c on one carry chain: a module that is kept, so that Yosys does not join it with others to a tree of compressors.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
(* keep_hierarchy *)
module add_pe #(
  parameter W = 12
) (
  input  wire [W-1:0] a_i,
  input  wire [W-1:0] b_i,
  input  wire         c_i,
  output wire [W-1:0] sum_o
);
  wire unused;
  assign {sum_o, unused} = {a_i, 1'b1} + {b_i, c_i};
endmodule
`default_nettype wire
