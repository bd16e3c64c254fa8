// SPDX-License-Identifier: Apache-2.0
// One row of the weight-stationary array: COLS PEs that multiply the same activation, lane 0 of its words, and pass
// the lanes of the rows below to the row below one cycle later. With GROUP > 1 the row's PEs choose of GROUP lanes. A segment's first token swaps in the next weights.
//   token, x arrive in cycle t; operands t+1, products t+2, sums t+3
// Twin: cmodel/array_ws.c
`default_nettype none
module row_ws #(
  parameter COLS  = 8,  // PEs
  parameter LANES = 8,  // activations for the rows from here to the bottom
  parameter X_W   = 9,
  parameter WGT_W = 8,
  parameter TOP   = 0,  // 1: the row without one above
  parameter IN_W  = 19, // bits of the sums from above
  parameter SUM_W = 20, // bits of this row's
  parameter GATE  = 1,
  parameter GROUP = 1,  // lanes the row presents to its PEs, power of two
  parameter IDX_W = 0,  // log2(GROUP)
  parameter LANE_W = WGT_W + IDX_W, // do not override: {index, weight}
  parameter CNT_W = 6   // bits of zeros_o
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire [3:0]            tok_i,   // {segf, last, first, valid}
  output wire [3:0]            tok_o,
  input  wire [LANES*X_W-1:0]  x_i,     // [LANES] with a valid token
  output wire [LANES*X_W-1:0]  x_o,     // [LANES], the first GROUP are this row's
  input  wire                  shift_i, // the next weights move down
  input  wire [COLS*LANE_W-1:0] sh_i,   // [COLS]
  output wire [COLS*LANE_W-1:0] sh_o,
  input  wire [COLS*IN_W-1:0]  psum_i,  // [COLS]
  output wire [COLS*SUM_W-1:0] psum_o,
  output wire                  mul_o,   // register: the row multiplied in the cycle before
  output wire [CNT_W-1:0]      zeros_o  // register: how many of those products were zero
);
  reg [3:0]           tok_q;
  reg [LANES*X_W-1:0] x_q;
  reg                 vd_q;  // the products are new
  reg                 mul_q;
  reg [CNT_W-1:0]     zero_q;

  wire swap = tok_i[0] && tok_i[3];
  wire vc   = tok_q[0];
  wire [GROUP-1:0] x_nz;
  genvar g;
  generate
    for (g = 0; g < GROUP; g = g + 1) begin : g_nz
      assign x_nz[g] = (GATE == 0) || x_q[g*X_W +: X_W] != {X_W{1'b0}};
    end
  endgenerate

  wire [COLS-1:0]  zero;
  reg  [CNT_W-1:0] zeros;
  integer i;
  always @* begin
    zeros = {CNT_W{1'b0}};
    for (i = 0; i < COLS; i = i + 1) zeros = zeros + {{(CNT_W-1){1'b0}}, zero[i]};
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      tok_q <= 4'd0;
      vd_q  <= 1'b0;
      mul_q <= 1'b0;
    end else begin
      tok_q <= tok_i;
      vd_q  <= vc;
      mul_q <= vc;
    end
    if (tok_i[0]) x_q <= x_i;
    zero_q <= vc ? zeros : {CNT_W{1'b0}};
  end

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      pe_ws #(.X_W(X_W), .WGT_W(WGT_W), .TOP(TOP), .IN_W(IN_W), .SUM_W(SUM_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W)) u_pe (
        .clk_i   (clk_i),
        .shift_i (shift_i),
        .sh_i    (sh_i[c*LANE_W +: LANE_W]),
        .sh_o    (sh_o[c*LANE_W +: LANE_W]),
        .swap_i  (swap),
        .x_i     (x_q[GROUP*X_W-1:0]),
        .x_nz_i  (x_nz),
        .mul_en_i(vc),
        .add_en_i(vd_q),
        .psum_i  (psum_i[c*IN_W +: IN_W]),
        .psum_o  (psum_o[c*SUM_W +: SUM_W]),
        .zero_o  (zero[c])
      );
    end
  endgenerate

  assign tok_o   = tok_q;
  assign x_o     = x_q;
  assign mul_o   = mul_q;
  assign zeros_o = zero_q;
endmodule
`default_nettype wire
