// SPDX-License-Identifier: Apache-2.0
// The row-stationary array with weights that come without zeros: as array_rs, but a step has, for each row, a weight
// and the index of its activation, and rows of a step are at different places of the window.
//   feed_rs tokens, words -> last row -> ... -> row 0 -> vec_o (one filter, COLS lines)
// Twin: cmodel/array_rs.c
`default_nettype none
module array_skip #(
  parameter ROWS    = 6,
  parameter COLS    = 8,
  parameter PORT    = 16,  // activations in a word, power of two
  parameter X_W     = 9,
  parameter WGT_W   = 8,
  parameter ACC_W   = 32,
  parameter GATE    = 1,
  parameter RING    = 32,  // activation scratchpad words of a PE, power of two
  parameter RING_AW = 5,   // log2(RING)
  parameter SPAD    = 256, // filter scratchpad words of a row
  parameter SPAD_AW = 8    // log2(SPAD), rounded up
) (
  input  wire                         clk_i,
  input  wire                         rst_ni,
  input  wire                         cfg_shift_i,
  input  wire [22:0]                  cfg_i,     // {brk, ntail[6], off[10], set[5], used} of the row that comes in
  input  wire [2:0]                   gl_i,      // log2 of the words of a granule
  input  wire [7:0]                   dj_i,      // input lines from column to column
  input  wire [5+RING_AW+SPAD_AW-1:0] tok_i,     // see cmodel/feed_rs.h
  input  wire                         wv_i,      // w_i is a weight word
  input  wire [COLS*WGT_W-1:0]        w_i,       // [COLS] of a step: all rows' weights, then their indices
  input  wire [17+RING_AW-1:0]        ld_i,      // load token, with bus_i
  input  wire [PORT*X_W-1:0]          bus_i,     // [PORT]
  output wire                         err_o,     // register: an index is past the end of the scratchpad
  output wire                         v_o,
  output wire [COLS*ACC_W-1:0]        vec_o,     // [COLS] columns, with v_o
  output wire [15:0]                  busy_o,    // PEs that multiplied, two cycles ago
  output wire [15:0]                  gated_o    // of which had a zero operand
);
  localparam TOK_W = 5 + RING_AW + SPAD_AW;
  localparam WORDS = (2 * ROWS + COLS - 1) / COLS;
  localparam CNT_W = 6;

  // All rows' weights of a step
  wire [WORDS*COLS*WGT_W-1:0] gathered;
  generate
    if (WORDS > 1) begin : g_hold
      localparam HW = (WORDS - 1) * COLS * WGT_W;
      reg [HW-1:0] hold_q;
      always @(posedge clk_i) if (wv_i && !tok_i[0]) hold_q <= gathered[COLS*WGT_W +: HW];
      assign gathered = {w_i, hold_q};
    end else begin : g_direct
      wire unused_wv = &{1'b0, wv_i};
      assign gathered = w_i;
    end
  endgenerate

  // Indices
  reg  err, err_q;
  integer k;
  always @* begin
    err = 1'b0;
    for (k = 0; k < ROWS; k = k + 1) err = err || gathered[(ROWS+k)*WGT_W+RING_AW +: 8-RING_AW] != {(8-RING_AW){1'b0}};
  end
  always @(posedge clk_i) begin
    if (!rst_ni) err_q <= 1'b0;
    else err_q <= tok_i[0] && tok_i[3] && err;
  end
  assign err_o = err_q;

  // A word on the scratchpads: repeated every granule, masked to the granule's place.
  wire [RING_AW-1:0]  ld_addr = ld_i[17 +: RING_AW];
  wire [RING*X_W-1:0] ld_data, ld_keep;
  genvar a, j, r;
  generate
    for (a = 0; a < RING; a = a + 1) begin : g_word
      localparam [RING_AW-1:0] A = a;
      wire [X_W-1:0] x0 = bus_i[0 +: X_W];
      wire [X_W-1:0] x1 = bus_i[((a % 2) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x2 = bus_i[((a % 4) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x3 = bus_i[((a % 8) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x4 = bus_i[((a % 16) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x5 = bus_i[((a % 32) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x6 = bus_i[((a % 64) % PORT)*X_W +: X_W];
      wire [X_W-1:0] x  = gl_i == 3'd0 ? x0 : gl_i == 3'd1 ? x1 : gl_i == 3'd2 ? x2 : gl_i == 3'd3 ? x3 :
                          gl_i == 3'd4 ? x4 : gl_i == 3'd5 ? x5 : x6;
      wire           in = ((A ^ ld_addr) >> gl_i) == {RING_AW{1'b0}};
      assign ld_data[a*X_W +: X_W] = in ? x : {X_W{1'b0}};
      assign ld_keep[a*X_W +: X_W] = {X_W{!in}};
    end
  endgenerate

  generate
    if (PORT > RING) begin : g_rest
      wire unused_bus = &{1'b0, bus_i[PORT*X_W-1:RING*X_W]};
    end
  endgenerate

  // Input lines of the columns: settles COLS cycles after dj_i
  reg [COLS*10-1:0] coff_q;
  generate
    for (j = 0; j < COLS; j = j + 1) begin : g_coff
      if (j == 0) begin : g_first
        always @(posedge clk_i) coff_q[9:0] <= 10'd0;
        wire unused_dj = &{1'b0, dj_i};
      end else begin : g_next
        always @(posedge clk_i) coff_q[j*10 +: 10] <= coff_q[(j-1)*10 +: 10] + {2'b00, dj_i};
      end
    end
  endgenerate

  wire [ROWS*CNT_W-1:0] busy_r, gated_r;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : g_row
      wire [22:0]               cfg;
      wire [TOK_W-1:0]          tok, tok_up;
      wire [(r+1)*WGT_W-1:0]    w, w_up;
      wire [(r+1)*8-1:0]        ix, ix_up;
      wire                      v, below;
      wire [COLS*ACC_W-1:0]     chain, chain_below;
      wire [22:0]               cfg_above;
      if (r == ROWS - 1) begin : g_last
        assign tok         = tok_i;
        assign w           = gathered[(r+1)*WGT_W-1:0];
        assign ix          = gathered[ROWS*WGT_W +: (r+1)*8];
        assign below       = 1'b0;
        assign chain_below = {COLS*ACC_W{1'b0}};
        wire unused_cfg = &{1'b0, cfg};
      end else begin : g_upper
        assign tok         = g_row[r+1].tok_up;
        assign w           = g_row[r+1].w_up[(r+1)*WGT_W-1:0];
        assign ix          = g_row[r+1].ix_up[(r+1)*8-1:0];
        assign below       = g_row[r+1].v;
        assign chain_below = g_row[r+1].chain;
      end
      if (r == 0) begin : g_top
        assign cfg_above = cfg_i;
        wire unused_up = &{1'b0, tok_up, w_up, ix_up};
      end else begin : g_under
        assign cfg_above = g_row[r-1].cfg;
        wire unused_w = &{1'b0, w_up[r*WGT_W +: WGT_W], ix_up[r*8 +: 8]};
      end
      row_skip #(.COLS(COLS), .LANES(r + 1), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .RING(RING), .RING_AW(RING_AW),
               .SPAD(SPAD), .SPAD_AW(SPAD_AW), .CNT_W(CNT_W)) u_row (
        .clk_i(clk_i), .rst_ni(rst_ni), .cfg_shift_i(cfg_shift_i), .cfg_i(cfg_above), .cfg_o(cfg),
        .tok_i(tok), .tok_o(tok_up), .w_i(w), .w_o(w_up), .ix_i(ix), .ix_o(ix_up),
        .ld_valid_i(ld_i[0]), .ld_all_i(ld_i[1]), .ld_set_i(ld_i[6:2]), .ld_line_i(ld_i[16:7]), .coff_i(coff_q),
        .ld_data_i(ld_data), .ld_keep_i(ld_keep),
        .below_i(below), .chain_i(chain_below), .v_o(v), .chain_o(chain),
        .busy_o(busy_r[r*CNT_W +: CNT_W]), .gated_o(gated_r[r*CNT_W +: CNT_W])
      );
    end
  endgenerate
  assign v_o   = g_row[0].v;
  assign vec_o = g_row[0].chain;

  generate
    if (WORDS * COLS > 2 * ROWS) begin : g_spare
      wire unused_lanes = &{1'b0, gathered[WORDS*COLS*WGT_W-1:2*ROWS*WGT_W]};
    end
  endgenerate

  reg [15:0] busy, gated, busy_q, gated_q;
  integer i;
  always @* begin
    busy  = 16'd0;
    gated = 16'd0;
    for (i = 0; i < ROWS; i = i + 1) begin
      busy  = busy + {{(16-CNT_W){1'b0}}, busy_r[i*CNT_W +: CNT_W]};
      gated = gated + {{(16-CNT_W){1'b0}}, gated_r[i*CNT_W +: CNT_W]};
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
