// SPDX-License-Identifier: Apache-2.0
// One output-stationary PE: sum += x * w, and the weight moves on to the row below.
// x and w in cycle t, product in t+1, sum in t+2. A product that the row calls zero is neither computed nor added,
// but for the first of a sum: that one is zero without being told, and the sum starts from it.
// Twin: cmodel/array_os.c
`default_nettype none
module pe_os #(
  parameter X_W   = 9,  // activation operand, bits, signed
  parameter WGT_W = 8,  // weight, bits, signed
  parameter ACC_W = 32  // sum, bits, at least X_W + WGT_W
) (
  input  wire                    clk_i,
  input  wire                    w_en_i,      // take the weight from above
  input  wire signed [WGT_W-1:0] w_i,
  output wire signed [WGT_W-1:0] w_o,
  input  wire signed [X_W-1:0]   x_i,         // meaningful with mul_en_i
  input  wire                    mul_en_i,
  input  wire                    mul_first_i, // with mul_en_i: of a new sum
  input  wire                    nz_i,        // neither operand is zero, or zeros are not gated
  input  wire                    acc_en_i,    // one cycle after mul_en_i
  input  wire                    acc_first_i, // mul_first_i, one cycle later
  output wire signed [ACC_W-1:0] acc_o
);
  reg signed [WGT_W-1:0]     w_q;
  reg signed [X_W+WGT_W-1:0] prod_q;
  reg                        nz_q; // this step's product is not zero
  reg signed [ACC_W-1:0]     acc_q;

  wire signed [X_W+WGT_W-1:0] prod;
  mul_pe #(.A_W(X_W), .B_W(WGT_W)) u_mul (.a_i(x_i), .b_i(w_q), .p_o(prod));

  wire signed [ACC_W-1:0] base = acc_first_i ? {ACC_W{1'b0}} : acc_q;
  wire signed [ACC_W-1:0] sum;
  acc_add #(.ADD_W(X_W + WGT_W), .ACC_W(ACC_W), .LATE(1)) u_add (.base_i(base), .add_i(prod_q), .sum_o(sum));

  always @(posedge clk_i) begin
    if (w_en_i) w_q <= w_i;
    if (mul_en_i) nz_q <= nz_i;
    if (mul_en_i && (nz_i || mul_first_i)) prod_q <= prod;
    if (acc_en_i && (nz_q || acc_first_i)) acc_q <= sum;
  end

  assign w_o   = w_q;
  assign acc_o = acc_q;
endmodule
`default_nettype wire
