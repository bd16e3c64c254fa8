// SPDX-License-Identifier: Apache-2.0
// One output-stationary PE: sum += x * w, and the weight moves on to the row below. With GROUP > 1 the row presents
// a group of activations and the weight's index chooses x among them.
// x and w in cycle t, product in t+1, sum in t+2. A product that the row calls zero is neither computed nor added,
// but for the first of a sum: that one is zero without being told, and the sum starts from it.
// SUB > 1: the weight may be two or four narrow ones, with as many activations (mul_sub).
// Twin: cmodel/array_os.c
`default_nettype none
module pe_os #(
  parameter X_W   = 9,  // activation operand, bits, signed
  parameter WGT_W = 8,  // weight, bits, signed
  parameter ACC_W = 32, // sum, bits, at least X_W + WGT_W
  parameter GROUP = 1,  // activations to choose from, power of two
  parameter IDX_W = 0,  // the weight comes with the number of its activation: log2(GROUP), or 0
  parameter LANE_W = WGT_W + IDX_W, // do not override
  parameter SUB   = 1,  // subwords of a weight: 1, 2 or 4; more than 1: equal to GROUP, IDX_W = 0
  parameter SPLIT = 0   // the carry into this bit of the sum is kept for the next step; 0: it is not
) (
  input  wire                    clk_i,
  input  wire                    w_en_i,      // take the weight from above
  input  wire [LANE_W-1:0]       w_i,         // {index, weight}
  output wire [LANE_W-1:0]       w_o,
  input  wire [GROUP*X_W-1:0]    x_i,         // [GROUP], meaningful with mul_en_i
  input  wire [1:0]              mode_i,      // with mul_en_i, SUB > 1: 0 one weight, 1 two, 2 four
  input  wire                    mul_en_i,
  input  wire                    mul_first_i, // with mul_en_i: of a new sum
  input  wire                    nz_i,        // neither operand is zero, or zeros are not gated
  input  wire                    acc_en_i,    // one cycle after mul_en_i
  input  wire                    acc_first_i, // mul_first_i, one cycle later
  output wire signed [ACC_W-1:0] acc_o,
  output wire                    carry_o      // SPLIT: the sum is acc_o + carry_o * 2^SPLIT; else 0
);
  reg signed [WGT_W-1:0]     w_q;
  reg signed [X_W+WGT_W-1:0] prod_q;
  reg                        nz_q; // this step's product is not zero
  reg signed [ACC_W-1:0]     acc_q;

  wire signed [X_W-1:0] x;
  generate
    if (IDX_W > 0) begin : g_pick
      reg [IDX_W-1:0] idx_q;
      always @(posedge clk_i) if (w_en_i) idx_q <= w_i[LANE_W-1:WGT_W];
      assign x   = x_i[idx_q*X_W +: X_W];
      assign w_o = {idx_q, w_q};
    end else begin : g_single
      assign x   = x_i[X_W-1:0];
      assign w_o = w_q;
    end
  endgenerate

  wire signed [X_W+WGT_W-1:0] prod;
  generate
    if (SUB > 1) begin : g_sub
      wire unused_x = &{1'b0, x};
      mul_sub #(.A_W(X_W), .SUB(SUB)) u_mul (.a_i(x_i), .b_i(w_q), .mode_i(mode_i), .p_o(prod));
    end else begin : g_whole
      wire unused_mode = &{1'b0, mode_i};
      mul_pe #(.A_W(X_W), .B_W(WGT_W)) u_mul (.a_i(x), .b_i(w_q), .p_o(prod));
    end
  endgenerate

  wire                    acc_en = acc_en_i && (nz_q || acc_first_i);
  wire signed [ACC_W-1:0] sum;
  generate
    if (SPLIT > 0) begin : g_split
      reg  carry_q;
      wire carry;
      acc_split #(.ADD_W(X_W + WGT_W), .ACC_W(ACC_W), .SPLIT(SPLIT)) u_add (
        .clear_i(acc_first_i), .base_i(acc_q), .carry_i(carry_q), .add_i(prod_q), .sum_o(sum), .carry_o(carry)
      );
      always @(posedge clk_i) if (acc_en) carry_q <= carry;
      assign carry_o = carry_q;
    end else begin : g_add
      wire signed [ACC_W-1:0] base = acc_first_i ? {ACC_W{1'b0}} : acc_q;
      acc_add #(.ADD_W(X_W + WGT_W), .ACC_W(ACC_W), .LATE(1)) u_add (.base_i(base), .add_i(prod_q), .sum_o(sum));
      assign carry_o = 1'b0;
    end
  endgenerate

  always @(posedge clk_i) begin
    if (w_en_i) w_q <= w_i[WGT_W-1:0];
    if (mul_en_i) nz_q <= nz_i;
    if (mul_en_i && (nz_i || mul_first_i)) prod_q <= prod;
    if (acc_en) acc_q <= sum;
  end

  assign acc_o = acc_q;
endmodule
`default_nettype wire
