// SPDX-License-Identifier: Apache-2.0
// The output-stationary array: ROWS output pixels x COLS output channels, one row a cycle behind the one above.
// Weights and tokens walk down the rows; a row whose sum is complete puts it on the column bus for one cycle,
// while its PEs already start the next sum. At most one row finishes in a cycle.
//   feed tokens, words -> row 0 -> row 1 -> ... ; sums -> vec_o
// Twin: cmodel/array_os.c
`default_nettype none
module array_os #(
  parameter ROWS     = 8,
  parameter COLS     = 8,
  parameter PORT     = 16, // activations in a word, power of two >= COLS
  parameter PORT_AW  = 4,  // log2(PORT)
  parameter X_W      = 9,
  parameter WGT_W    = 8,
  parameter ACC_W    = 32,
  parameter GATE     = 1,
  parameter GROUP    = 1,  // activations a row presents in a step, power of two
  parameter IDX_W    = 0,  // bits of the index that comes with a weight: which of the group it multiplies; 0: none
  parameter LANE_W   = WGT_W + IDX_W, // do not override: {index, weight}
  parameter SUB      = 1,  // weights that a step may take, 1, 2 or 4; more than 1: equal to GROUP
  parameter LB_DEPTH = 64, // line buffer words
  parameter LB_AW    = 6,  // log2(LB_DEPTH)
  parameter SPLIT    = 0   // PEs keep the carry into this bit of their sums for the next step; 0: they do not
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire [21:0]           tok_i,    // see cmodel/feed.h
  input  wire [PORT*X_W-1:0]   bus_i,
  input  wire [2:0]            vy_i,
  input  wire [2:0]            vx_i,
  input  wire [X_W-1:0]        pad_i,
  input  wire [LB_AW:0]        ldelay_i,
  input  wire [COLS*LANE_W-1:0] w_i,     // [COLS], one cycle after its token
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,    // [COLS], with push_o
  output wire [15:0]           busy_o,   // PEs that multiplied, two cycles ago
  output wire [15:0]           gated_o   // of which had a zero operand
);
  localparam RTOK_W = 10 + PORT_AW;
  localparam CNT_W  = 6;
  localparam ZERO_W = $clog2(COLS + 1); // bits of it that are not always 0
  localparam DELAY  = (ROWS < 9) ? 9 - ROWS : 0;

  wire en  = tok_i[0];
  wire dw  = tok_i[7];
  wire unused_tok = &{1'b0, tok_i};
  wire [RTOK_W-1:0] first_tok = {tok_i[15 +: PORT_AW], tok_i[14:13], tok_i[12:11], tok_i[9], dw, tok_i[4:2], tok_i[1] && !tok_i[5]};

  wire [3*COLS*X_W-1:0] lines, prev;
  wire                  cpar, cfresh;
  wire [X_W-1:0]        pad;
  dw_lines #(.COLS(COLS), .X_W(X_W), .DEPTH(LB_DEPTH), .AW(LB_AW), .DELAY(DELAY)) u_lines (
    .clk_i(clk_i), .rst_ni(rst_ni), .step_i(en && dw), .adv_i(en && dw && tok_i[8]), .par_i(tok_i[9]), .fresh_i(tok_i[10]), .pad_i(pad_i),
    .word_i(bus_i[COLS*X_W-1:0]), .ldelay_i(ldelay_i),
    .lines_o(lines), .prev_o(prev), .cpar_o(cpar), .cfresh_o(cfresh), .pad_o(pad)
  );

  wire [RTOK_W-1:0]     tok  [0:ROWS];
  wire [COLS*LANE_W-1:0] w   [0:ROWS];
  wire [ROWS-1:0]       last, mul;
  wire [ROWS*CNT_W-1:0] zeros;
  wire                  unused_end = &{1'b0, zeros, tok[ROWS], w[ROWS]};

  assign tok[0] = first_tok;
  assign w[0]   = w_i;

  genvar r;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : g_row
      wire [COLS*ACC_W-1:0] acc;
      wire [COLS-1:0]       carry, carries;
      wire [COLS*ACC_W-1:0] sum; // of the finished row, if it is one of 0..r
      row_os #(.COLS(COLS), .PORT(PORT), .PORT_AW(PORT_AW), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W), .SUB(SUB), .CNT_W(CNT_W), .SPLIT(SPLIT)) u_row (
        .clk_i(clk_i), .rst_ni(rst_ni), .en_i(en), .tok_i(tok[r]), .tok_o(tok[r+1]),
        .bus_i(bus_i), .rv_i(tok_i[21]), .vy_i(vy_i), .vx_i(vx_i),
        .lines_i(lines), .prev_i(prev), .cpar_i(cpar), .cfresh_i(cfresh), .pad_i(pad),
        .w_i(w[r]), .w_o(w[r+1]), .acc_o(acc), .carry_o(carry), .last_o(last[r]), .mul_o(mul[r]), .zeros_o(zeros[r*CNT_W +: CNT_W])
      );
      if (r == 0) begin : g_first
        assign sum = acc & {COLS*ACC_W{last[r]}};
        assign carries = carry & {COLS{last[r]}};
      end else begin : g_next
        assign sum = g_row[r-1].sum | (acc & {COLS*ACC_W{last[r]}});
        assign carries = g_row[r-1].carries | (carry & {COLS{last[r]}});
      end
    end
  endgenerate

  // What the finished row's sums have yet to get
  wire [COLS*ACC_W-1:0] vec = g_row[ROWS-1].sum;
  wire [COLS-1:0]       carries = g_row[ROWS-1].carries;
  wire [COLS*ACC_W-1:0] vec_next;
  genvar k;
  generate
    if (SPLIT > 0) begin : g_split
      for (k = 0; k < COLS; k = k + 1) begin : g_col
        assign vec_next[k*ACC_W +: SPLIT] = vec[k*ACC_W +: SPLIT];
        assign vec_next[k*ACC_W+SPLIT +: ACC_W-SPLIT] = vec[k*ACC_W+SPLIT +: ACC_W-SPLIT] + {{(ACC_W-SPLIT-1){1'b0}}, carries[k]};
      end
    end else begin : g_whole
      wire unused_carries = &{1'b0, carries};
      assign vec_next = vec;
    end
  endgenerate

  reg                  push_q;
  reg [COLS*ACC_W-1:0] vec_q;
  reg [15:0]           busy_q, gated_q;

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
    push_q <= rst_ni && |last;
    if (|last) vec_q <= vec_next;
    busy_q  <= busy;
    gated_q <= gated;
  end

  assign push_o  = push_q;
  assign vec_o   = vec_q;
  assign busy_o  = busy_q;
  assign gated_o = gated_q;
endmodule
`default_nettype wire
