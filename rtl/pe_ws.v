// SPDX-License-Identifier: Apache-2.0
// One weight-stationary PE: psum_o = psum_i + x * w. The next weight shifts in from the north while w is in use.
// With GROUP > 1 the weight's index chooses x among a group of activations.
// x in cycle t, product in t+1, sum in t+2. A product of zero is neither computed nor added.
// Twin: cmodel/array_ws.c
`default_nettype none
module pe_ws #(
  parameter X_W   = 9,  // activation operand, bits, signed
  parameter WGT_W = 8,  // weight, bits, signed
  parameter TOP   = 0,  // 1: nothing comes from the north, psum_i is 0
  parameter IN_W  = 19, // sum from the north, bits
  parameter SUM_W = 20, // sum, bits, at least X_W + WGT_W and IN_W
  parameter GATE  = 1,  // 1: zero operands do not toggle the product
  parameter GROUP = 1,  // activations to choose from, power of two
  parameter IDX_W = 0,  // log2(GROUP): the weight comes with the number of its activation
  parameter LANE_W = WGT_W + IDX_W // do not override
) (
  input  wire                    clk_i,
  input  wire                    shift_i,  // take the next weight from the north
  input  wire [LANE_W-1:0]       sh_i,     // {index, weight}
  output wire [LANE_W-1:0]       sh_o,
  input  wire                    swap_i,   // the next weight becomes w
  input  wire [GROUP*X_W-1:0]    x_i,      // [GROUP], meaningful with mul_en_i
  input  wire [GROUP-1:0]        x_nz_i,   // of each: it is not zero, or zeros are not gated
  input  wire                    mul_en_i,
  input  wire                    add_en_i, // one cycle after mul_en_i
  input  wire signed [IN_W-1:0]  psum_i,   // from the north, with add_en_i
  output wire signed [SUM_W-1:0] psum_o,
  output wire                    zero_o    // combinational: this product is zero
);
  reg        [WGT_W-1:0]     sh_q;
  reg signed [WGT_W-1:0]     w_q;
  reg signed [X_W+WGT_W-1:0] prod_q;
  reg                        nz_q; // prod_q is this step's product
  reg signed [SUM_W-1:0]     psum_q;

  wire signed [X_W-1:0] x;
  wire                  x_nz;
  generate
    if (GROUP > 1) begin : g_pick
      reg [IDX_W-1:0] sh_idx_q, idx_q;
      always @(posedge clk_i) begin
        if (shift_i) sh_idx_q <= sh_i[LANE_W-1:WGT_W];
        if (swap_i) idx_q <= sh_idx_q;
      end
      assign x    = x_i[idx_q*X_W +: X_W];
      assign x_nz = x_nz_i[idx_q];
      assign sh_o = {sh_idx_q, sh_q};
    end else begin : g_single
      assign x    = x_i;
      assign x_nz = x_nz_i[0];
      assign sh_o = sh_q;
    end
  endgenerate

  wire signed [X_W+WGT_W-1:0] prod;
  mul_pe #(.A_W(X_W), .B_W(WGT_W)) u_mul (.a_i(x), .b_i(w_q), .p_o(prod));

  wire nz = (GATE == 0) || (x_nz && w_q != {WGT_W{1'b0}});
  wire signed [X_W+WGT_W-1:0] addend = nz_q ? prod_q : {X_W+WGT_W{1'b0}};
  wire signed [SUM_W-1:0]     base;
  wire signed [SUM_W-1:0]     sum;
  generate
    if (SUM_W > IN_W) begin : g_extend
      assign base = {{(SUM_W-IN_W){psum_i[IN_W-1]}}, psum_i};
    end else begin : g_same
      assign base = psum_i;
    end
    if (TOP == 1 && SUM_W == X_W + WGT_W) begin : g_top
      wire unused_base = &{1'b0, base};
      assign sum = addend;
    end else begin : g_add
      acc_add #(.ADD_W(X_W + WGT_W), .ACC_W(SUM_W)) u_add (.base_i(base), .add_i(addend), .sum_o(sum));
    end
  endgenerate

  always @(posedge clk_i) begin
    if (shift_i) sh_q <= sh_i[WGT_W-1:0];
    if (swap_i) w_q <= sh_q;
    if (mul_en_i) nz_q <= nz;
    if (mul_en_i && nz) prod_q <= prod;
    if (add_en_i) psum_q <= sum;
  end

  assign psum_o = psum_q;
  assign zero_o = !nz;
endmodule
`default_nettype wire
