// SPDX-License-Identifier: Apache-2.0
// A product in iCE40's logic cells, combinational, of few cells and little haste: a row of add_if for each bit of b, on what the
// rows before leave above their lowest bits. A_W + (B_W - 1) * (A_W + 1) cells, B_W rows deep.
// Twin: the C operator *
`default_nettype none
module mul_rows #(
  parameter A_W    = 8, // bits, 2.., a is signed
  parameter B_W    = 4, // bits, 2..
  parameter SIGNED = 0  // 1: b is signed, too
) (
  input  wire [A_W-1:0]     a_i,
  input  wire [B_W-1:0]     b_i,
  output wire [A_W+B_W-1:0] p_o
);
  wire [A_W:0] sum [0:B_W-1];

  assign sum[0] = {a_i[A_W-1], a_i} & {A_W+1{b_i[0]}};

  genvar i;
  generate
    for (i = 1; i < B_W; i = i + 1) begin : g_row
      add_if #(.W(A_W + 1), .SUB((SIGNED != 0 && i == B_W - 1) ? 1 : 0)) u_add ( // a signed b's highest bit counts negative
        .base_i({sum[i-1][A_W], sum[i-1][A_W:1]}), .add_i({a_i[A_W-1], a_i}), .en_i(b_i[i]), .sum_o(sum[i])
      );
      assign p_o[i-1] = sum[i-1][0];
    end
  endgenerate

  assign p_o[A_W+B_W-1:B_W-1] = sum[B_W-1];
endmodule
`default_nettype wire
