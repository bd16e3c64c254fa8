// SPDX-License-Identifier: Apache-2.0
// The weight-stationary array: ROWS activations of a sum x COLS output channels, one row a cycle behind the one above.
// Lane r of a word (the group r / SHARE of GROUP lanes) reaches row r after r cycles; sums go down the rows into the accumulators, which push finished ones.
//   feed words -> row 0 -> row 1 -> ... -> acc_ram -> vec_o; weights for the next segment shift in from the top
// Sums grow by a bit where the number of products doubles; only the accumulators have ACC_W.
// A word's sums are pushed ROWS + 3 cycles after it came. A segment has at least 3 cycles (acc_ram).
// Twin: cmodel/array_ws.c
`default_nettype none
module array_ws #(
  parameter ROWS  = 8,
  parameter COLS  = 8,
  parameter PORT  = 8,   // activations in a word, at least ROWS / SHARE * GROUP
  parameter X_W   = 9,
  parameter WGT_W = 8,
  parameter ACC_W = 32,
  parameter GATE  = 1,
  parameter GROUP = 1,   // activations a row presents, power of two; a weight comes with the index of its one
  parameter IDX_W = 0,   // log2(GROUP)
  parameter SHARE = 1,   // rows that share a group, divides ROWS
  parameter LANE_W = WGT_W + IDX_W, // do not override: {index, weight}
  parameter DEPTH = 256, // accumulators: pixels of a tile
  parameter AW    = 8    // log2(DEPTH)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire [21:0]           tok_i,    // see cmodel/feed.h
  input  wire [PORT*X_W-1:0]   bus_i,    // [PORT], those from r / SHARE * GROUP on are row r's
  input  wire [ROWS-1:0]       shift_i,  // rows that take a weight from the north
  input  wire [COLS*LANE_W-1:0] w_i,     // [COLS] weights for row 0, with shift_i[0]
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,    // [COLS], with push_o
  output wire [15:0]           busy_o,   // PEs that multiplied, two cycles ago
  output wire [15:0]           gated_o,  // of which had a zero operand
  output wire                  acc_rd_o, // accumulator vector read
  output wire                  acc_wr_o  // accumulator vector written
);
  localparam CNT_W  = 6;
  localparam ZERO_W = $clog2(COLS + 1); // bits of it that are not always 0

  wire unused_in = &{1'b0, tok_i, bus_i};

  wire [3:0]            tok  [0:ROWS];
  wire [COLS*LANE_W-1:0] sh  [0:ROWS];
  wire [ROWS-1:0]       mul;
  wire [ROWS*CNT_W-1:0] zeros;
  wire                  unused_end = &{1'b0, zeros, sh[ROWS]};

  assign tok[0]  = {tok_i[4:2], tok_i[1] && !tok_i[5]};
  assign sh[0]   = w_i;

  genvar r, l;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : g_row
      localparam LANES = (ROWS / SHARE - r / SHARE) * GROUP;
      localparam DROP  = (r % SHARE == 0) ? GROUP : 0; // lanes that end in the row above
      // n products of P bits take P + floor(log2(n)); at most ACC_W
      localparam LOG2  = $clog2(r + 2) - 1;
      localparam IN_L  = (r > 0) ? $clog2(r + 1) - 1 : 0;
      localparam SUM_W = (X_W + WGT_W + LOG2 < ACC_W) ? X_W + WGT_W + LOG2 : ACC_W;
      localparam IN_W  = (X_W + WGT_W + IN_L < ACC_W) ? X_W + WGT_W + IN_L : ACC_W;
      wire [COLS*IN_W-1:0]  above;
      wire [COLS*SUM_W-1:0] psum;
      wire [LANES*X_W-1:0] x_in;
      wire [LANES*X_W-1:0] x;
      wire                 unused_x = &{1'b0, x}; // the last row of a group drops its lanes
      if (r == 0) begin : g_first
        if (GROUP > 1) begin : g_pack
          localparam NEXT = GROUP * 3 / 4; // packed groups: whole taps of 3 channels
          for (l = 0; l < LANES; l = l + 1) begin : g_lane
            assign x_in[l*X_W +: X_W] = tok_i[15] ? bus_i[(l/GROUP*NEXT + l%GROUP)*X_W +: X_W] : bus_i[l*X_W +: X_W];
          end
        end else begin : g_lanes
          assign x_in = bus_i[LANES*X_W-1:0];
        end
        assign above = {COLS*IN_W{1'b0}};
      end else begin : g_next
        assign x_in  = g_row[r-1].x[(LANES+DROP)*X_W-1:DROP*X_W];
        assign above = g_row[r-1].psum;
      end
      row_ws #(.COLS(COLS), .LANES(LANES), .X_W(X_W), .WGT_W(WGT_W), .TOP((r == 0) ? 1 : 0), .IN_W(IN_W), .SUM_W(SUM_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W), .CNT_W(CNT_W)) u_row (
        .clk_i(clk_i), .rst_ni(rst_ni), .tok_i(tok[r]), .tok_o(tok[r+1]), .x_i(x_in), .x_o(x),
        .shift_i(shift_i[r]), .sh_i(sh[r]), .sh_o(sh[r+1]), .psum_i(above), .psum_o(psum),
        .mul_o(mul[r]), .zeros_o(zeros[r*CNT_W +: CNT_W])
      );
    end
  endgenerate

  localparam PSUM_L = $clog2(ROWS + 1) - 1;
  localparam PSUM_W = (X_W + WGT_W + PSUM_L < ACC_W) ? X_W + WGT_W + PSUM_L : ACC_W;
  acc_ram #(.COLS(COLS), .ACC_W(ACC_W), .PSUM_W(PSUM_W), .DEPTH(DEPTH), .AW(AW)) u_acc (
    .clk_i(clk_i), .rst_ni(rst_ni), .tok_i(tok[ROWS]), .psum_i(g_row[ROWS-1].psum),
    .push_o(push_o), .vec_o(vec_o), .rd_o(acc_rd_o), .wr_o(acc_wr_o)
  );

  reg [15:0] busy_q, gated_q;

  reg [15:0] busy, gated;
  integer i;
  always @* begin
    busy  = 16'd0;
    gated = 16'd0;
    for (i = 0; i < ROWS; i = i + 1) begin
      busy  = busy + (mul[i] ? COLS[15:0] : 16'd0);
      gated = gated + {{(16-ZERO_W){1'b0}}, zeros[i*CNT_W +: ZERO_W]};
    end
  end

  always @(posedge clk_i) begin
    busy_q  <= busy;
    gated_q <= gated;
  end

  assign busy_o  = busy_q;
  assign gated_o = gated_q;
endmodule
`default_nettype wire
