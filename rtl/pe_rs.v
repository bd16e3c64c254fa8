// SPDX-License-Identifier: Apache-2.0
// One row-stationary PE: a window of activations in its scratchpad, one product a cycle, the sum of its kernel row,
// and one link of the column's adder chain. The row (row_rs) holds what is common to its PEs: control and weights.
// Scratchpad word -> x (1) -> product (2) -> row sum (3) -> chain_o (4 cycles after the address)
// Twin: cmodel/array_rs.c
`default_nettype none
module pe_rs #(
  parameter X_W     = 9,  // activation operand, bits, signed
  parameter WGT_W   = 8,  // weight, bits, signed
  parameter ACC_W   = 32, // sum, bits, at least X_W + WGT_W
  parameter GATE    = 1,  // 1: zero operands do not toggle the product
  parameter RING    = 32, // scratchpad words, power of two
  parameter RING_AW = 5   // log2(RING)
) (
  input  wire                    clk_i,
  input  wire                    ld_we_i,     // scratchpad <= its words outside ld_keep_i
  input  wire [RING*X_W-1:0]     ld_data_i,   // [RING], 0 in words that are kept
  input  wire [RING*X_W-1:0]     ld_keep_i,   // mask
  input  wire                    x_en_i,      // take an operand
  input  wire [RING_AW-1:0]      x_addr_i,
  input  wire signed [WGT_W-1:0] w_i,         // weight, one cycle after x_en_i
  input  wire                    vb_i,        // the row multiplies
  input  wire                    en_i,        // this PE too
  input  wire                    vc_i,        // the row adds
  input  wire                    fc_i,        // the first product of a sum
  input  wire                    le_i,        // the row sum is complete
  input  wire                    below_i,     // chain_i is a sum
  input  wire signed [ACC_W-1:0] chain_i,     // from the row below
  output wire signed [ACC_W-1:0] chain_o,
  output wire                    zero_o       // combinational: this product is zero
);
  wire signed [X_W-1:0]      x;
  reg signed [X_W+WGT_W-1:0] prod_q;
  reg                        nz_q;
  reg signed [ACC_W-1:0]     acc_q, chain_q;

  ring_rs #(.X_W(X_W), .RING(RING), .RING_AW(RING_AW)) u_ring (
    .clk_i(clk_i), .we_i(ld_we_i), .data_i(ld_data_i), .keep_i(ld_keep_i), .re_i(x_en_i), .addr_i(x_addr_i), .x_o(x)
  );

  wire signed [X_W+WGT_W-1:0] prod;
  mul_pe #(.A_W(X_W), .B_W(WGT_W)) u_mul (.a_i(x), .b_i(w_i), .p_o(prod));

  wire nz = en_i && ((GATE == 0) || (x != {X_W{1'b0}} && w_i != {WGT_W{1'b0}}));
  wire signed [ACC_W-1:0] prod_x;
  generate
    if (ACC_W > X_W + WGT_W) begin : g_extend
      assign prod_x = {{(ACC_W-X_W-WGT_W){prod_q[X_W+WGT_W-1]}}, prod_q};
    end else begin : g_same
      assign prod_x = prod_q;
    end
  endgenerate
  wire signed [ACC_W-1:0] addend = nz_q ? prod_x : {ACC_W{1'b0}};
  wire signed [ACC_W-1:0] base   = fc_i ? {ACC_W{1'b0}} : acc_q;
  wire signed [ACC_W-1:0] own    = le_i ? acc_q : {ACC_W{1'b0}};
  wire signed [ACC_W-1:0] up     = below_i ? chain_i : {ACC_W{1'b0}};

  always @(posedge clk_i) begin
    if (vb_i) nz_q <= nz;
    if (nz) prod_q <= prod;
    if (vc_i && (nz_q || fc_i)) acc_q <= base + addend;
    if (le_i || below_i) chain_q <= own + up;
  end

  assign chain_o = chain_q;
  assign zero_o  = !nz;
endmodule
`default_nettype wire
