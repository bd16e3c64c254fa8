// SPDX-License-Identifier: Apache-2.0
// A row of sparse PEs: words of activations wait in a FIFO, and the ones that are not zero go out one by one, to all PEs
// (dw: lanes k*COLS..k*COLS+COLS-1 at once, each to its PE), while every PE's queue has room.
//   word -> FIFO -> word_o -> first that is not zero -> b_q -> PEs
// Twin: cmodel/array_skip.c
`default_nettype none
module row_skip #(
  parameter COLS  = 8,
  parameter PORT  = 16, // activations in a word, at least COLS
  parameter X_W   = 9,
  parameter WGT_W = 8,
  parameter ACC_W = 32,
  parameter Q     = 8,
  parameter Q_AW  = 3,
  parameter K_AW  = 8,
  parameter E_AW  = 9,
  parameter P_AW  = 6,
  parameter B_W   = 10,
  parameter L_AW  = 9,
  parameter CODE  = 0,
  parameter EW    = 16,
  parameter CNT_W = 6
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // configuration, handed from row to row: {lim, first key, first input line, segment, used}
  input  wire                  cfg_shift_i,
  input  wire [P_AW+30:0]      cfg_i,
  output wire [P_AW+30:0]      cfg_o,
  // weights
  input  wire                  ld_new_i,
  input  wire                  ld_len_i,
  input  wire                  ld_ent_i,
  input  wire                  ld_bank_i,
  input  wire [L_AW-1:0]       ld_addr_i,
  input  wire [COLS*8-1:0]     ld_len_word_i, // [COLS]
  input  wire [COLS*EW-1:0]    ld_ent_word_i,
  input  wire [E_AW:0]         ne_i,
  output wire                  over_o,        // a length goes past the entries
  output wire                  full_o,        // some PE has as many entries as the block
  // words
  input  wire                  dw_i,
  input  wire [7:0]            kh_i,
  input  wire                  bank_i,
  input  wire                  w_valid_i,
  input  wire [7:0]            w_line_i,
  input  wire [4:0]            w_seg_i,
  input  wire [15:0]           w_key_i,
  input  wire [B_W-1:0]        w_base_i,
  input  wire [PORT-1:0]       w_nz_i,        // [PORT] not zero
  input  wire [PORT*X_W-1:0]   w_x_i,
  output wire                  room_o,        // register: for all words that can be on their way
  // sums
  input  wire [8:0]            nix_i,
  input  wire [16*WGT_W-1:0]   code_i,
  input  wire                  pbank_i,
  input  wire                  clr_i,
  input  wire                  dr_i,
  input  wire [P_AW-1:0]       dr_addr_i,
  input  wire                  dw_we_i,
  input  wire [P_AW-1:0]       dw_addr_i,
  output wire [COLS*ACC_W-1:0] sum_o,
  output wire                  idle_o,        // register
  output wire                  err_o,
  output wire [CNT_W-1:0]      busy_o,        // register: PEs that multiplied
  output wire [CNT_W-1:0]      gated_o        // register: by a weight of zero
);
  localparam CH = PORT / COLS;                // groups of lanes, dw
  localparam FW = B_W + K_AW + PORT + PORT * X_W;
  localparam LW = $clog2(PORT) + 1;
  localparam [4:0] FIFO_MOST = 5'd8;

  reg              used_q;
  reg [4:0]        seg_q;
  reg [7:0]        line_q;
  reg [15:0]       key_q;
  reg [P_AW:0]     lim_q;
  reg [3:0]        wp_q, rp_q;
  reg [4:0]        n_q;
  reg              room_q, have_q, fresh_q;
  reg [PORT-1:0]   left_q;
  reg              bv_q, v1_q;
  reg [K_AW-1:0]   bkey_q;
  reg [B_W-1:0]    bbase_q, base1_q;
  reg [COLS*X_W-1:0] bx_q;                    // [COLS]
  reg              idle_q;
  reg [CNT_W-1:0]  busy_q, gated_q;

  // FIFO
  wire [7:0]      dy   = w_line_i - line_q;
  wire            hit  = w_valid_i && used_q && w_seg_i == seg_q && w_line_i >= line_q && dy < kh_i && w_nz_i != {PORT{1'b0}};
  wire [15:0]     key  = w_key_i - key_q;
  wire            go, last;
  wire            re   = n_q != 5'd0 && (!have_q || (go && last));
  wire [FW-1:0]   word;
  ram #(.W(FW), .DEPTH(16), .AW(4)) u_fifo (
    .clk_i(clk_i), .we_i(hit), .waddr_i(wp_q), .wdata_i({w_base_i, key[K_AW-1:0], w_nz_i, w_x_i}),
    .re_i(re), .raddr_i(rp_q), .rdata_o(word)
  );
  wire            unused_key = &{1'b0, key};

  // the first that is not zero
  wire [PORT*X_W-1:0] x     = word[PORT*X_W-1:0];
  wire [PORT-1:0]     left  = fresh_q ? word[PORT*X_W +: PORT] : left_q;
  reg  [LW-1:0]       lane, group;
  reg  [X_W-1:0]      xl;
  reg  [COLS*X_W-1:0] xg;
  reg  [PORT-1:0]     rest;
  integer i;
  always @* begin
    lane  = {LW{1'b0}};
    group = {LW{1'b0}};
    xl    = {X_W{1'b0}};
    xg    = {(COLS*X_W){1'b0}};
    for (i = PORT - 1; i >= 0; i = i - 1)
      if (left[i]) begin
        lane = i[LW-1:0];
        xl   = x[i*X_W +: X_W];
      end
    for (i = CH - 1; i >= 0; i = i - 1)
      if (left[i*COLS +: COLS] != {COLS{1'b0}}) begin
        group = i[LW-1:0];
        xg    = x[i*COLS*X_W +: COLS*X_W];
      end
    rest = left;
    for (i = 0; i < PORT; i = i + 1)
      if (dw_i ? i[LW-1:0] < (group + {{(LW-1){1'b0}}, 1'b1}) * COLS[LW-1:0] : i[LW-1:0] == lane) rest[i] = 1'b0;
  end
  wire [K_AW+LW-1:0] lane_w  = {{K_AW{1'b0}}, lane};
  wire [K_AW+LW-1:0] group_w = {{K_AW{1'b0}}, group};
  wire [K_AW-1:0]    lane_k  = lane_w[K_AW-1:0];
  wire [K_AW-1:0]    group_k = group_w[K_AW-1:0];
  wire               unused_w = &{1'b0, lane_w, group_w};
  wire [COLS-1:0] room, idle, err, over, full, mul, zero;
  assign go   = have_q && (&room);
  assign last = rest == {PORT{1'b0}};

  reg [CNT_W-1:0] busy, gated;
  always @* begin
    busy  = {CNT_W{1'b0}};
    gated = {CNT_W{1'b0}};
    for (i = 0; i < COLS; i = i + 1) begin
      busy  = busy + {{(CNT_W-1){1'b0}}, mul[i]};
      gated = gated + {{(CNT_W-1){1'b0}}, zero[i]};
    end
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      used_q  <= 1'b0;
      wp_q    <= 4'd0;
      rp_q    <= 4'd0;
      n_q     <= 5'd0;
      room_q  <= 1'b1;
      have_q  <= 1'b0;
      bv_q    <= 1'b0;
      v1_q    <= 1'b0;
      idle_q  <= 1'b0;
    end else begin
      if (cfg_shift_i) used_q <= cfg_i[0];
      if (hit) wp_q <= wp_q + 4'd1;
      if (re) rp_q <= rp_q + 4'd1;
      n_q    <= n_q + {4'd0, hit} - {4'd0, re};
      room_q <= !used_q || n_q <= FIFO_MOST;
      if (re) have_q <= 1'b1;
      else if (go && last) have_q <= 1'b0;
      bv_q   <= go;
      v1_q   <= bv_q;
      idle_q <= !hit && n_q == 5'd0 && !have_q && !bv_q && !v1_q && (&idle);
    end
    if (cfg_shift_i) {lim_q, key_q, line_q, seg_q} <= cfg_i[P_AW+30:1];
    fresh_q <= re || (fresh_q && !go);
    if (go) begin
      left_q  <= rest;
      bkey_q  <= word[PORT*X_W+PORT +: K_AW] + (dw_i ? group_k : lane_k);
      bbase_q <= word[FW-B_W +: B_W];
      bx_q    <= dw_i ? xg : {COLS{xl}};
    end
    base1_q <= bbase_q;
    busy_q  <= busy;
    gated_q <= gated;
  end

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      pe_skip #(.X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .Q(Q), .Q_AW(Q_AW), .K_AW(K_AW), .E_AW(E_AW), .P_AW(P_AW), .B_W(B_W),
                .L_AW(L_AW), .CODE(CODE), .EW(EW)) u_pe (
        .clk_i(clk_i), .rst_ni(rst_ni),
        .ld_new_i(ld_new_i), .ld_len_i(ld_len_i), .ld_ent_i(ld_ent_i), .ld_bank_i(ld_bank_i), .ld_addr_i(ld_addr_i),
        .len_i(ld_len_word_i[c*8 +: 8]), .ent_i(ld_ent_word_i[c*EW +: EW]), .ne_i(ne_i), .over_o(over[c]), .full_o(full[c]),
        .bank_i(bank_i), .b_valid_i(bv_q), .b_key_i(bkey_q), .b_x_i(bx_q[c*X_W +: X_W]), .v1_i(v1_q), .base1_i(base1_q), .room_o(room[c]),
        .lim_i(lim_q), .nix_i(nix_i), .code_i(code_i), .pbank_i(pbank_i), .clr_i(clr_i), .dr_i(dr_i), .dr_addr_i(dr_addr_i),
        .dw_i(dw_we_i), .dw_addr_i(dw_addr_i), .sum_o(sum_o[c*ACC_W +: ACC_W]),
        .idle_o(idle[c]), .mul_o(mul[c]), .zero_o(zero[c]), .err_o(err[c])
      );
    end
  endgenerate

  assign cfg_o   = {lim_q, key_q, line_q, seg_q, used_q};
  assign over_o  = |over;
  assign full_o  = |full;
  assign room_o  = room_q;
  assign idle_o  = idle_q;
  assign err_o   = |err;
  assign busy_o  = busy_q;
  assign gated_o = gated_q;
endmodule
`default_nettype wire
