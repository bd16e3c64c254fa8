// SPDX-License-Identifier: Apache-2.0
// One step of an accumulator in two halves, of the library's adders: the carry of the lower one is kept in a register and
// added to the upper one a step later. The sum is base + carry * 2^SPLIT. Cells are named: synthesis makes the gates of base
// larger. Twin: cmodel/array_os.c
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
  wire             keep = !clear_i;
  wire [ACC_W-1:0] c; // carry into each bit; bit 0 has none

  assign c[0] = 1'b0;
  AND2X2 u_carry (.A(carry_i), .B(keep), .Y(c[SPLIT]));
  genvar i;
  generate
    for (i = 0; i < ACC_W; i = i + 1) begin : g_bit
      localparam AT = (i < ADD_W) ? i : ADD_W - 1;
      wire base;
      AND2X2 u_base (.A(base_i[i]), .B(keep), .Y(base));
      if (i == 0) begin : g_half
        HAX1 u_ha (.A(base), .B(add_i[AT]), .YC(c[1]), .YS(sum_o[i]));
      end else if (i == SPLIT - 1) begin : g_out
        FAX1 u_fa (.A(base), .B(add_i[AT]), .C(c[i]), .YC(carry_o), .YS(sum_o[i]));
      end else if (i == ACC_W - 1) begin : g_top
        wire half;
        XOR2X1 u_half (.A(base), .B(add_i[AT]), .Y(half));
        XOR2X1 u_sum (.A(half), .B(c[i]), .Y(sum_o[i]));
      end else begin : g_full
        FAX1 u_fa (.A(base), .B(add_i[AT]), .C(c[i]), .YC(c[i+1]), .YS(sum_o[i]));
      end
    end
  endgenerate
  wire unused_c = &{1'b0, c[0]};
endmodule
`default_nettype wire
