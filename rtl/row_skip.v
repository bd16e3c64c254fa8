// SPDX-License-Identifier: Apache-2.0
// A row of row-stationary PEs whose weights come without zeros: with each comes the index of its activation in the
// window. As row_rs otherwise, one cycle longer: token -> weight, index (1) -> operands (2).
// Twin: cmodel/array_rs.c
`default_nettype none
module row_skip #(
  parameter COLS    = 8,
  parameter LANES   = 6,   // weights that pass through: this row's (the last) and those of the rows above
  parameter X_W     = 9,
  parameter WGT_W   = 8,
  parameter ACC_W   = 32,
  parameter GATE    = 1,
  parameter RING    = 32,  // activation scratchpad words, power of two
  parameter RING_AW = 5,
  parameter SPAD    = 256, // filter scratchpad words
  parameter SPAD_AW = 8,
  parameter CNT_W   = 6
) (
  input  wire                         clk_i,
  input  wire                         rst_ni,
  // configuration, handed from row to row: {brk, ntail[6], off[10], set[5], used}
  input  wire                         cfg_shift_i,
  input  wire [22:0]                  cfg_i,
  output wire [22:0]                  cfg_o,
  // steps: {filter address, activation address, tail, stream, last, first, valid}
  input  wire [5+RING_AW+SPAD_AW-1:0] tok_i,
  output wire [5+RING_AW+SPAD_AW-1:0] tok_o,
  input  wire [LANES*WGT_W-1:0]       w_i,
  output wire [LANES*WGT_W-1:0]       w_o,
  input  wire [LANES*8-1:0]           ix_i,        // their indices
  output wire [LANES*8-1:0]           ix_o,
  // loads
  input  wire                         ld_valid_i,
  input  wire                         ld_all_i,
  input  wire [4:0]                   ld_set_i,
  input  wire [9:0]                   ld_line_i,
  input  wire [COLS*10-1:0]           coff_i,     // [COLS] input lines of the columns
  input  wire [RING*X_W-1:0]          ld_data_i,
  input  wire [RING*X_W-1:0]          ld_keep_i,
  // sums
  input  wire                         below_i,
  input  wire [COLS*ACC_W-1:0]        chain_i,    // [COLS]
  output wire                         v_o,
  output wire [COLS*ACC_W-1:0]        chain_o,
  output wire [CNT_W-1:0]             busy_o,     // PEs that multiplied
  output wire [CNT_W-1:0]             gated_o     // of which had a zero operand
);
  localparam TOK_W = 5 + RING_AW + SPAD_AW;

  reg        used_q, brk_q;
  reg [4:0]  set_q;
  reg [9:0]  off_q;
  reg [5:0]  ntail_q;
  reg [TOK_W-1:0]       tok_q, pre_q;
  reg [LANES*WGT_W-1:0] w_q, prew_q;
  reg [LANES*8-1:0]     ix_q, preix_q;
  reg                   va_q, fa_q, la_q;
  reg [RING_AW-1:0]     xa_q;
  reg [COLS-1:0]        ena_q;
  reg [7:0]             is_q;
  reg [WGT_W-1:0]       w2_q;
  reg                   vb_q, fb_q, lb_q, strm_q, vc_q, fc_q, lc_q, le_q, v_q;
  reg [WGT_W-1:0]       ws_q;
  reg [COLS-1:0]        en_q;
  reg [CNT_W-1:0]       busy_q, gated_q;

  wire               valid  = tok_q[0] && used_q;
  wire               stream = tok_q[3];
  wire               tail   = tok_q[4];
  wire [SPAD_AW-1:0] w_addr = tok_q[5+RING_AW +: SPAD_AW];
  wire [WGT_W-1:0]   own_w  = w_q[(LANES-1)*WGT_W +: WGT_W];
  wire [WGT_W-1:0]   spad_w;
  wire [7:0]         own_ix = ix_q[(LANES-1)*8 +: 8];
  wire [7:0]         spad_ix;
  wire [7:0]         ix     = strm_q ? is_q : spad_ix;
  wire [RING_AW-1:0] x_addr = xa_q + ix[RING_AW-1:0];
  wire               unused_ix = &{1'b0, ix[7:RING_AW]};
  wire [WGT_W-1:0]   w      = strm_q ? ws_q : spad_w;
  wire [COLS-1:0]    en, zero;

  ram #(.W(WGT_W), .DEPTH(SPAD), .AW(SPAD_AW)) u_spad (
    .clk_i(clk_i), .we_i(valid && stream), .waddr_i(w_addr), .wdata_i(own_w),
    .re_i(valid && !stream), .raddr_i(w_addr), .rdata_o(spad_w)
  );

  ram #(.W(8), .DEPTH(SPAD), .AW(SPAD_AW)) u_index (
    .clk_i(clk_i), .we_i(valid && stream), .waddr_i(w_addr), .wdata_i(own_ix),
    .re_i(valid && !stream), .raddr_i(w_addr), .rdata_o(spad_ix)
  );

  reg [CNT_W-1:0] busy, gated;
  integer i;
  always @* begin
    busy  = {CNT_W{1'b0}};
    gated = {CNT_W{1'b0}};
    for (i = 0; i < COLS; i = i + 1) begin
      busy  = busy + {{(CNT_W-1){1'b0}}, en_q[i]};
      gated = gated + {{(CNT_W-1){1'b0}}, en_q[i] && zero[i]};
    end
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      tok_q  <= {TOK_W{1'b0}};
      pre_q  <= {TOK_W{1'b0}};
      used_q <= 1'b0;
      vb_q   <= 1'b0;
      vc_q   <= 1'b0;
      le_q   <= 1'b0;
      v_q    <= 1'b0;
      en_q   <= {COLS{1'b0}};
      va_q   <= 1'b0;
      ena_q  <= {COLS{1'b0}};
    end else begin
      tok_q <= brk_q ? pre_q : tok_i;
      pre_q <= tok_i;
      if (cfg_shift_i) used_q <= cfg_i[0];
      va_q  <= valid;
      vb_q  <= va_q;
      vc_q  <= vb_q;
      le_q  <= vc_q && lc_q;
      v_q   <= le_q || below_i;
      ena_q <= en;
      en_q  <= ena_q;
    end
    if (cfg_shift_i) {brk_q, ntail_q, off_q, set_q} <= cfg_i[22:1];
    w_q     <= brk_q ? prew_q : w_i;
    prew_q  <= w_i;
    ws_q    <= own_w;
    ix_q    <= brk_q ? preix_q : ix_i;
    preix_q <= ix_i;
    is_q    <= own_ix;
    w2_q    <= w;
    xa_q    <= tok_q[5 +: RING_AW];
    strm_q  <= stream;
    fa_q    <= tok_q[1];
    la_q    <= tok_q[2];
    fb_q    <= fa_q;
    lb_q    <= la_q;
    fc_q    <= fb_q;
    lc_q    <= lb_q;
    busy_q  <= busy;
    gated_q <= gated;
  end

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      localparam [5:0] C = c;
      wire [9:0] line = off_q + coff_i[c*10 +: 10];
      wire       mine = used_q && set_q == ld_set_i && line == ld_line_i;
      assign en[c] = valid && (!tail || C < ntail_q);
      pe_rs #(.X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .RING(RING), .RING_AW(RING_AW)) u_pe (
        .clk_i    (clk_i),
        .ld_we_i  (ld_valid_i && (ld_all_i || mine)),
        .ld_data_i(ld_data_i),
        .ld_keep_i(ld_keep_i),
        .x_en_i   (ena_q[c]),
        .x_addr_i (x_addr),
        .w_i      (w2_q),
        .vb_i     (vb_q),
        .en_i     (en_q[c]),
        .vc_i     (vc_q),
        .fc_i     (fc_q),
        .le_i     (le_q),
        .below_i  (below_i),
        .chain_i  (chain_i[c*ACC_W +: ACC_W]),
        .chain_o  (chain_o[c*ACC_W +: ACC_W]),
        .zero_o   (zero[c])
      );
    end
  endgenerate

  assign cfg_o   = {brk_q, ntail_q, off_q, set_q, used_q};
  assign tok_o   = tok_q;
  assign w_o     = w_q;
  assign ix_o    = ix_q;
  assign v_o     = v_q;
  assign busy_o  = busy_q;
  assign gated_o = gated_q;
endmodule
`default_nettype wire
