// SPDX-License-Identifier: Apache-2.0
// The rs array that skips zeros: rows of sparse PEs, the way of weights into them, and the way of sums out of them.
//   feed_skip words -> rows;  weight words -> columns and entries of the PEs;  sums -> vec_o, channel tile by channel tile
// Twin: cmodel/array_skip.c
`default_nettype none
module array_skip #(
  parameter ROWS   = 6,
  parameter COLS   = 8,  // at least 4
  parameter PORT   = 16, // activations in a word
  parameter X_W    = 9,
  parameter WGT_W  = 8,
  parameter ACC_W  = 32,
  parameter Q      = 8,  // queue of a PE, power of two, at least 4
  parameter Q_AW   = 3,
  parameter K_AW   = 8,  // log2 of the keys in half of a PE's columns
  parameter E_AW   = 9,  // log2 of the entries in half of a PE's weights
  parameter P_AW   = 6,  // log2 of half of a PE's sums
  parameter B_W    = 10,
  parameter L_AW   = 9,
  parameter CODE   = 0,
  parameter COL_AW = 5   // log2 of the collector's depth
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  cfg_shift_i,
  input  wire [P_AW+30:0]      cfg_i,         // of the last row
  // weights: {address, bank, row, all rows, kind}, with ld_word_i
  input  wire [L_AW+9:0]       ld_i,          // kinds: cmodel/feed_skip.h
  input  wire [COLS*8-1:0]     ld_word_i,     // [COLS]
  // the active command
  input  wire                  dw_i,
  input  wire [7:0]            kh_i,
  input  wire [8:0]            nix_i,
  input  wire                  bank_i,
  input  wire                  pbank_i,
  input  wire [7:0]            m0_i,
  input  wire [7:0]            nseg_i,
  input  wire [7:0]            nrows_i,
  input  wire [15:0]           npix_i,
  input  wire [15:0]           npix_last_i,
  input  wire [15:0]           nout_i,
  input  wire                  drain_i,       // its sums are complete: the halves change with the next cycle
  // words: {base, key, segment, line, valid}
  input  wire [B_W+29:0]       w_i,
  input  wire [PORT*X_W-1:0]   bus_i,
  output wire                  room_o,
  output wire                  idle_o,
  output wire                  busy_drain_o,  // sums of the other half are still here
  input  wire                  col_pop_i,
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,         // [COLS]
  output wire                  rd_ev_o,       // register: sums left
  output wire                  err_o,         // register
  output wire [15:0]           busy_o,
  output wire [15:0]           gated_o
);
  localparam CNT_W = 6;
  localparam C_SUM = COLS * ACC_W;
  localparam EW    = (CODE != 0) ? 8 : 16;
  localparam [2:0] NEW = 3'd1, BOOK = 3'd2, LEN = 3'd3, VAL = 3'd4, ENT = 3'd5, END = 3'd6, RAW = 3'd7;

  // Weights
  wire [2:0]      kind = ld_i[2:0];
  wire            all  = ld_i[3];
  wire [4:0]      row  = ld_i[8:4];
  wire            bank = ld_i[9];
  wire [L_AW-1:0] addr = ld_i[10 +: L_AW];
  reg [E_AW:0]      ne_q;
  reg [COLS*8-1:0]  val_q;            // weights whose runs come next
  wire [COLS*EW-1:0] ents;
  wire [16*WGT_W-1:0] code;
  wire [E_AW+24:0]  ne_w = {{(E_AW+1){1'b0}}, ld_word_i[23:0]};
  wire              unused_ne = &{1'b0, ne_w, addr};
  genvar c, r;
  generate
    if (CODE != 0) begin : g_code
      reg [32*WGT_W-1:0] code_q;      // [2][16], as the halves of the PEs' memories
      wire               unused_val = &{1'b0, val_q};
      for (c = 0; c < 16; c = c + 1) begin : g_entry
        localparam LANE = c % COLS, WORD = c / COLS;
        always @(posedge clk_i)
          if (kind == BOOK && addr == WORD[L_AW-1:0]) begin
            if (bank) code_q[(16+c)*WGT_W +: WGT_W] <= ld_word_i[LANE*8 +: WGT_W];
            else code_q[c*WGT_W +: WGT_W] <= ld_word_i[LANE*8 +: WGT_W];
          end
      end
      assign code = bank_i ? code_q[16*WGT_W +: 16*WGT_W] : code_q[0 +: 16*WGT_W];
      assign ents = ld_word_i;
    end else begin : g_plain
      assign code = {(16*WGT_W){1'b0}};
      for (c = 0; c < COLS; c = c + 1) begin : g_entry
        assign ents[c*EW +: EW] = (kind == RAW) ? {ld_word_i[c*8 +: 8], 8'd0} : {val_q[c*8 +: 8], ld_word_i[c*8 +: 8]};
      end
    end
  endgenerate

  // Drain
  reg             dbusy_q, take1_q, push_q, clr_q;
  reg [P_AW-1:0]  daddr_q, addr1_q;
  reg [7:0]       dm_q, dm0_q, dseg_q, dnseg_q, dnrows_q;
  reg [4:0]       drow_q, row1_q;
  reg [15:0]      dx_q, dpix_q, dlast_q, dleft_q;
  reg [COL_AW:0]  cred_q;
  reg [COLS*ACC_W-1:0] vec_q;
  wire            take  = dbusy_q && cred_q != {(COL_AW+1){1'b0}};
  wire            d_seg = dseg_q + 8'd1 == dnseg_q;
  wire            d_x   = dx_q + 16'd1 == (d_seg ? dlast_q : dpix_q);
  wire            d_row = d_x && {3'd0, drow_q} + 8'd1 == dnrows_q;
  wire            d_end = dleft_q == 16'd1;
  wire [7:0]      dm_n  = dm_q + 8'd1;
  wire [P_AW+7:0] dm_w  = {{P_AW{1'b0}}, dm_q};
  wire [P_AW+7:0] dmn_w = {{P_AW{1'b0}}, dm_n};
  wire [P_AW+7:0] dm0_w = {{P_AW{1'b0}}, dm0_q};
  wire            unused_dm = &{1'b0, dm_w, dmn_w, dm0_w};

  wire [ROWS-1:0]           room, idle, err, over, full;
  wire [ROWS*CNT_W-1:0]     busy_r, gated_r;
  wire [ROWS*COLS*ACC_W-1:0] sums;
  wire [PORT-1:0]           nz;
  generate
    for (c = 0; c < PORT; c = c + 1) begin : g_nz
      assign nz[c] = bus_i[c*X_W +: X_W] != {X_W{1'b0}};
    end
    for (r = 0; r < ROWS; r = r + 1) begin : g_row
      localparam [4:0] R = r;
      wire              mine = all || row == R;
      wire [P_AW+30:0]  cfg, cfg_below;
      if (r == ROWS - 1) begin : g_last
        assign cfg_below = cfg_i;
      end else begin : g_upper
        assign cfg_below = g_row[r+1].cfg;
      end
      if (r == 0) begin : g_top
        wire unused_cfg = &{1'b0, cfg};
      end
      row_skip #(.COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .Q(Q), .Q_AW(Q_AW), .K_AW(K_AW), .E_AW(E_AW), .P_AW(P_AW),
                 .B_W(B_W), .L_AW(L_AW), .CODE(CODE), .EW(EW), .CNT_W(CNT_W)) u_row (
        .clk_i(clk_i), .rst_ni(rst_ni), .cfg_shift_i(cfg_shift_i), .cfg_i(cfg_below), .cfg_o(cfg),
        .ld_new_i(mine && kind == NEW), .ld_len_i(mine && kind == LEN), .ld_ent_i(mine && (kind == ENT || kind == RAW)), .ld_bank_i(bank), .ld_addr_i(addr),
        .ld_len_word_i(ld_word_i), .ld_ent_word_i(ents), .ne_i(ne_q), .over_o(over[r]), .full_o(full[r]),
        .dw_i(dw_i), .kh_i(kh_i), .bank_i(bank_i),
        .w_valid_i(w_i[0]), .w_line_i(w_i[8:1]), .w_seg_i(w_i[13:9]), .w_key_i(w_i[29:14]), .w_base_i(w_i[30 +: B_W]), .w_nz_i(nz), .w_x_i(bus_i),
        .room_o(room[r]), .nix_i(nix_i), .code_i(code), .pbank_i(pbank_i), .clr_i(clr_q),
        .dr_i(take && drow_q == R), .dr_addr_i(daddr_q), .dw_we_i(take1_q && row1_q == R), .dw_addr_i(addr1_q),
        .sum_o(sums[r*COLS*ACC_W +: COLS*ACC_W]),
        .idle_o(idle[r]), .err_o(err[r]), .busy_o(busy_r[r*CNT_W +: CNT_W]), .gated_o(gated_r[r*CNT_W +: CNT_W])
      );
    end
  endgenerate

  wire [ROWS-1:0]  full_w  = full >> row;
  wire             bad_len = kind == LEN && over != {ROWS{1'b0}};
  wire             bad_end = kind == END && !full_w[0];
  reg              err_q, rd_ev_q;
  reg [15:0]       busy, gated, busy_q, gated_q;
  wire [ROWS*COLS*ACC_W-1:0] sums_w = sums >> (row1_q * C_SUM[31:0]);
  integer i;
  always @* begin
    busy  = 16'd0;
    gated = 16'd0;
    for (i = 0; i < ROWS; i = i + 1) begin
      busy  = busy + {{(16-CNT_W){1'b0}}, busy_r[i*CNT_W +: CNT_W]};
      gated = gated + {{(16-CNT_W){1'b0}}, gated_r[i*CNT_W +: CNT_W]};
    end
  end
  generate
    if (ROWS > 1) begin : g_rest
      wire unused_rows = &{1'b0, full_w[ROWS-1:1], sums_w[ROWS*COLS*ACC_W-1:COLS*ACC_W]};
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      clr_q   <= 1'b1;
      addr1_q <= {P_AW{1'b0}};
      dbusy_q <= 1'b0;
      take1_q <= 1'b0;
      push_q  <= 1'b0;
      rd_ev_q <= 1'b0;
      err_q   <= 1'b0;
      cred_q  <= {1'b1, {COL_AW{1'b0}}};
    end else begin
      if (clr_q) begin
        addr1_q <= addr1_q + {{(P_AW-1){1'b0}}, 1'b1};
        if (&addr1_q) clr_q <= 1'b0;
      end else if (take)
        addr1_q <= daddr_q;
      if (drain_i) dbusy_q <= 1'b1;
      else if (take && d_end) dbusy_q <= 1'b0;
      take1_q <= take;
      push_q  <= take1_q;
      rd_ev_q <= take;
      err_q   <= bad_len || bad_end || (|err);
      cred_q  <= cred_q + {{COL_AW{1'b0}}, col_pop_i} - {{COL_AW{1'b0}}, take};
    end
    if (kind == NEW) ne_q <= ne_w[E_AW:0];
    if (kind == VAL) val_q <= ld_word_i;
    if (drain_i) begin
      dm_q     <= 8'd0;
      dm0_q    <= m0_i;
      dseg_q   <= 8'd0;
      dnseg_q  <= nseg_i;
      dnrows_q <= nrows_i;
      drow_q   <= 5'd0;
      dx_q     <= 16'd0;
      dpix_q   <= npix_i;
      dlast_q  <= npix_last_i;
      dleft_q  <= nout_i;
      daddr_q  <= {P_AW{1'b0}};
    end else if (take) begin
      dleft_q <= dleft_q - 16'd1;
      dx_q    <= d_x ? 16'd0 : dx_q + 16'd1;
      daddr_q <= d_row ? dmn_w[P_AW-1:0] : d_x ? dm_w[P_AW-1:0] : daddr_q + dm0_w[P_AW-1:0];
      if (d_x) begin
        drow_q <= d_row ? 5'd0 : drow_q + 5'd1;
        dseg_q <= d_seg ? 8'd0 : dseg_q + 8'd1;
      end
      if (d_row) dm_q <= dm_n;
    end
    if (take) row1_q <= drow_q;
    if (take1_q) vec_q <= sums_w[COLS*ACC_W-1:0];
    busy_q  <= busy;
    gated_q <= gated;
  end

  assign room_o       = (&room) && !clr_q;
  assign idle_o       = &idle;
  assign busy_drain_o = dbusy_q || take1_q || clr_q;
  assign push_o       = push_q;
  assign vec_o        = vec_q;
  assign rd_ev_o      = rd_ev_q;
  assign err_o        = err_q;
  assign busy_o       = busy_q;
  assign gated_o      = gated_q;
endmodule
`default_nettype wire
