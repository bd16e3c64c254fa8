// SPDX-License-Identifier: Apache-2.0
// Weight loader of the weight-stationary array: reads a segment's ROWS words, the last row's first, into the PEs'
// shadow registers as soon as the segment before it has begun, and tells feed when the next segment may start.
// feed issues a segment in cycle i, seg_i i+1, read i+4..i+ROWS+3, shift one later, next issue from i+ROWS.
// In shift k only rows 0..k move: row k swaps its weights k cycles after row 0.
// Twin: cmodel/wload_ws.c
`default_nettype none
module wload_ws #(
  parameter ROWS   = 8,  // 1..32
  parameter GROUP  = 1,  // more than 1: weights come in blocks, whose unused words may come late
  parameter WGT_AW = 11  // weight buffer address, at least log2(2*ROWS)
) (
  input  wire              clk_i,
  input  wire              rst_ni,
  input  wire [19:0]       seg_i,   // {kwords, keep, rewind, last, began}, see rtl/feed.v
  input  wire [WGT_AW:0]   cnt_i,   // words ever written to the weight buffer
  output wire              ready_o, // register: the next segment may be issued
  output wire              rd_o,
  output wire [WGT_AW-1:0] raddr_o, // register
  output wire [WGT_AW:0]   rel_o,   // register: words released
  output wire [ROWS-1:0]   shift_o  // register: rows that take a word, one cycle after its read
);
  localparam [WGT_AW:0] STEP = ROWS[WGT_AW:0];

  reg              full_q;  // the shadow is loaded or being loaded
  reg              hold_q;  // it is still in use
  reg              ready_q;
  reg [5:0]        left_q;  // words to read
  reg [WGT_AW-1:0] addr_q;
  reg [WGT_AW:0]   base_q;  // first word of the shadow's segment
  reg [WGT_AW:0]   tile_q;  // first word of its channel tile
  reg [WGT_AW:0]   rel_q;
  reg [ROWS-1:0]   shift_q;

  wire              began  = seg_i[0];
  wire              last   = seg_i[1];
  wire              rewind = seg_i[2]; // with last: the same words again for the next pixel tile
  wire              keep   = seg_i[3];
  wire [16+WGT_AW:0] kwide = {{(WGT_AW+1){1'b0}}, seg_i[19:4]};
  wire              unused_kwords = &{1'b0, kwide};
  wire              leave  = last && !rewind;
  wire [WGT_AW:0]   after  = tile_q + kwide[WGT_AW:0];
  wire [WGT_AW:0]   next   = !last ? base_q + STEP : rewind ? tile_q : after;

  wire [WGT_AW:0]   avail  = cnt_i - base_q;
  wire              behind = (GROUP > 1) && avail[WGT_AW] && avail[WGT_AW-1:0] != {WGT_AW{1'b0}};
  wire              start  = !full_q && !hold_q && avail >= STEP && !behind;
  wire [WGT_AW:0]   bottom = base_q + STEP - 1'b1;
  wire              unused_bottom = bottom[WGT_AW];
  wire [ROWS:0]     more   = {shift_q, 1'b1};
  wire              unused_more = more[ROWS];
  localparam [ROWS-1:0] FIRST = 1;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q  <= 1'b0;
      hold_q  <= 1'b0;
      ready_q <= 1'b0;
      left_q  <= 6'd0;
      base_q  <= {(WGT_AW+1){1'b0}};
      tile_q  <= {(WGT_AW+1){1'b0}};
      rel_q   <= {(WGT_AW+1){1'b0}};
      shift_q <= {ROWS{1'b0}};
    end else begin
      full_q  <= start || (full_q && !began);
      hold_q  <= began;
      ready_q <= (ROWS <= 4 ? start : left_q == 6'd5) || (ready_q && !began);
      left_q  <= start ? ROWS[5:0] : left_q != 6'd0 ? left_q - 6'd1 : 6'd0;
      if (began) base_q <= next;
      if (began && leave) tile_q <= after;
      rel_q   <= began && (leave || !keep) ? next - (keep ? tile_q : base_q) : {(WGT_AW+1){1'b0}};
      shift_q <= left_q == 6'd0 ? {ROWS{1'b0}} : left_q == ROWS[5:0] ? FIRST : more[ROWS-1:0];
    end
    if (start) addr_q <= bottom[WGT_AW-1:0];
    else if (left_q != 6'd0) addr_q <= addr_q - 1'b1;
  end

  assign ready_o = ready_q;
  assign rd_o    = left_q != 6'd0;
  assign raddr_o = addr_q;
  assign rel_o   = rel_q;
  assign shift_o = shift_q;
endmodule
`default_nettype wire
