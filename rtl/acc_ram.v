// SPDX-License-Identifier: Apache-2.0
// Accumulators of the weight-stationary array: one vector of COLS sums per pixel of a tile, added to in place.
// The pixel index counts from a segment's first token. A tile's first slice is not added, its last is pushed.
//   token t, read t+1, sums from the array t+2, pushed or written t+3; a pixel may come again 3 cycles later
// Twin: cmodel/array_ws.c
`default_nettype none
module acc_ram #(
  parameter COLS   = 8,
  parameter ACC_W  = 32,
  parameter PSUM_W = 20,  // bits of the sums from the array, at most ACC_W
  parameter DEPTH  = 256, // pixels of a tile, at least 2
  parameter AW     = 8    // log2(DEPTH)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire [3:0]            tok_i,  // {segf, last, first, valid}
  input  wire [COLS*PSUM_W-1:0] psum_i, // [COLS], two cycles after its token
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,  // [COLS], with push_o
  output wire                  rd_o,   // register: vector read in the cycle before
  output wire                  wr_o    // register: vector written
);
  reg                  v1_q, f1_q, l1_q, v2_q, f2_q, l2_q, rd_q, we_q, push_q;
  reg [AW-1:0]         i1_q, i2_q, i3_q;
  reg [COLS*ACC_W-1:0] sum_q;

  wire                  re = v1_q && !f1_q;
  wire [COLS*ACC_W-1:0] old;
  wire [COLS*ACC_W-1:0] sum;
  ram #(.W(COLS*ACC_W), .DEPTH(DEPTH), .AW(AW)) u_ram (
    .clk_i(clk_i), .we_i(we_q), .waddr_i(i3_q), .wdata_i(sum_q), .re_i(re), .raddr_i(i1_q), .rdata_o(old)
  );

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_lane
      wire [ACC_W-1:0] base = f2_q ? {ACC_W{1'b0}} : old[c*ACC_W +: ACC_W];
      acc_add #(.ADD_W(PSUM_W), .ACC_W(ACC_W), .LATE(2)) u_add (.base_i(base), .add_i(psum_i[c*PSUM_W +: PSUM_W]), .sum_o(sum[c*ACC_W +: ACC_W]));
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      v1_q   <= 1'b0;
      v2_q   <= 1'b0;
      rd_q   <= 1'b0;
      we_q   <= 1'b0;
      push_q <= 1'b0;
    end else begin
      v1_q   <= tok_i[0];
      v2_q   <= v1_q;
      rd_q   <= re;
      we_q   <= v2_q && !l2_q;
      push_q <= v2_q && l2_q;
    end
    f1_q <= tok_i[1];
    l1_q <= tok_i[2];
    if (tok_i[0]) i1_q <= tok_i[3] ? {AW{1'b0}} : i1_q + 1'b1;
    f2_q <= f1_q;
    l2_q <= l1_q;
    i2_q <= i1_q;
    i3_q <= i2_q;
    if (v2_q) sum_q <= sum;
  end

  assign push_o = push_q;
  assign vec_o  = sum_q;
  assign rd_o   = rd_q;
  assign wr_o   = we_q;
endmodule
`default_nettype wire
