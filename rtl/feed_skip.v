// SPDX-License-Identifier: Apache-2.0
// The FEED engine of the rs array that skips zeros. Three parts, a command apart: weights of the command in the shadow go
// into the half of the PEs' memories that is not in use; the active command's words are fetched, position by position,
// and sent to the rows that need them; its sums leave while the next command is at work (array_skip).
//   walk: position > segment > input line > word; what lies outside the map is not fetched
// Twin: cmodel/feed_skip.c; command fields: cmodel/feed_skip_fields.h
`default_nettype none
module feed_skip #(
  parameter ROWS   = 6,
  parameter COLS   = 8,
  parameter PORT   = 16, // activations in a word
  parameter ACT_W  = 8,
  parameter X_W    = 9,  // ACT_W + 1, or 16
  parameter AW     = 16, // activation buffer address
  parameter WGT_AW = 11, // weight buffer address
  parameter E_AW   = 9,  // as in array_skip
  parameter P_AW   = 6,
  parameter B_W    = 10,
  parameter L_AW   = 9,
  parameter CODE   = 0
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  cmd_we_i,
  input  wire [3:0]            cmd_idx_i,
  input  wire [63:0]           cmd_data_i,
  output wire                  cmd_full_o,
  output wire [7:0]            tok_wait_o,
  input  wire                  tok_ok_i,
  output wire                  tok_take_o,
  output wire [7:0]            tok_push_o,
  output wire                  idle_o,
  output wire                  rd_o,        // act_buffer request
  output wire [AW-1:0]         addr_o,
  input  wire                  vld_i,       // rd_data_i is the word asked for three cycles ago
  input  wire [PORT*ACT_W-1:0] rd_data_i,
  input  wire [WGT_AW:0]       wgt_cnt_i,   // words ever written to the weight buffer
  output wire [WGT_AW:0]       wgt_rel_o,   // register: words released
  output wire                  wgt_rd_o,    // register
  output wire [WGT_AW-1:0]     wgt_addr_o,
  input  wire [COLS*8-1:0]     wgt_word_i,  // [COLS] word that was read
  input  wire [7:0]            post_done_i, // POST commands completed
  output wire                  err_o,       // register: the compressed weights are wrong
  // to array_skip
  output wire                  cfg_shift_o,
  output wire [P_AW+30:0]      cfg_o,
  output wire [L_AW+9:0]       ld_o,
  output wire                  dw_o,
  output wire [7:0]            kh_o,
  output wire [8:0]            nix_o,
  output wire                  bank_o,
  output wire                  pbank_o,
  output wire [7:0]            m0_o,
  output wire [7:0]            nseg_o,
  output wire [7:0]            nrows_o,
  output wire [15:0]           npix_o,
  output wire [15:0]           npix_last_o,
  output wire [15:0]           nout_o,
  output wire                  drain_o,
  output wire [B_W+29:0]       w_o,
  output wire [PORT*X_W-1:0]   bus_o,
  input  wire                  room_i,
  input  wire                  array_idle_i,
  input  wire                  drain_busy_i,
  output wire [5:0]            ev_o         // register: {idle, fill, out, in, wgt, active}
);
  localparam GATE  = (X_W > ACT_W) ? 1 : 0;
  localparam CH    = PORT / COLS;
  localparam DWL   = CH * COLS;             // lanes of a word, dw
  localparam NBOOK = (16 + COLS - 1) / COLS;
  localparam HALF  = 1 << E_AW;
  localparam R_LAST = ROWS - 1;
  localparam [5:0]  ROWS_N  = ROWS[5:0];
  localparam [4:0]  ROW_END = R_LAST[4:0];
  localparam [24:0] HALF_N  = HALF[24:0];
  localparam [16:0] BOOKS   = NBOOK[16:0];
  localparam [15:0] PORT_N  = PORT[15:0], CH_N = CH[15:0], DWL_N = DWL[15:0];
  localparam [2:0]  S_HEAD = 3'd0, S_BOOK = 3'd1, S_LEN = 3'd2, S_END = 3'd3, S_ENT = 3'd4, S_PAD = 3'd5;
  localparam [2:0]  NEW = 3'd1, BOOK = 3'd2, LEN = 3'd3, VAL = 3'd4, ENT = 3'd5, END = 3'd6, RAW = 3'd7;

  // Shadow and active command
  reg sh_dw_q, sh_fc_q, sh_load_q, sh_last_q, sh_follow_q, sh_raw_q;
  reg [7:0] sh_dep_q, sh_kh_q, sh_sx_q, sh_npar_q, sh_m0_q, sh_nseg_q, sh_nrows_q, sh_sh_q, sh_lanes_q;
  reg [ACT_W-1:0] sh_zx_q;
  reg [AW-1:0] sh_src_q, sh_pos_step_q, sh_seg_step_q, sh_line_step_q;
  reg [15:0] sh_nk_q, sh_kstep_q, sh_par_step_q, sh_npos_q, sh_nyl_q, sh_nw_q, sh_x0_q, sh_y0_q, sh_ih_q, sh_iw_q,
    sh_seg_dx_q, sh_shk_q, sh_npix_q, sh_npix_last_q, sh_nout_q;
  reg [8:0] sh_nix_q;
  reg [P_AW:0] sh_lim_q, sh_lim_last_q;
  reg [23:0] sh_kwords_q;
  reg [7:0] sh_wait_q, sh_push_q;
  reg a_dw_q, a_last_q;
  reg [ACT_W-1:0] a_zx_q;
  reg [7:0] a_kh_q, a_sx_q, a_npar_q, a_m0_q, a_nseg_q, a_nrows_q, a_sh_q, a_lanes_q;
  reg [8:0] a_nix_q;
  reg [AW-1:0] a_pos_step_q, a_seg_step_q, a_line_step_q;
  reg [15:0] a_kstep_q, a_par_step_q, a_npos_q, a_nyl_q, a_nw_q, a_y0_q, a_ih_q, a_iw_q, a_seg_dx_q, a_shk_q,
    a_npix_q, a_npix_last_q, a_nout_q;
  reg [P_AW:0] a_lim_q, a_lim_last_q;
  reg [7:0] a_push_q;
  // State
  reg              full_q, run_q, bad_q, err_q, bank_q, pbank_q;
  reg [7:0]        push_q;
  reg [5:0]        ev_q;
  // weights
  reg              won_q, wdone_q, wval_q;
  reg [2:0]        wst_q;
  reg [16:0]       wcnt_q;
  reg [4:0]        wrow_q;
  reg [23:0]       wk_q;
  reg [E_AW:0]     wne_q;
  reg [1:0]        whead_q;                 // cycles until the header is here
  reg [WGT_AW:0]   wbase_q, rel_q, rel1_q;
  reg              wrd_q;
  reg [WGT_AW-1:0] wad_q;
  reg [L_AW+9:0]   ld1_q, ld2_q;
  // rows
  reg [5:0]        cfg_q;                   // rows still to configure
  reg [7:0]        crow_q, cseg_q, cline_q;
  reg [15:0]       ckey_q;
  // walk
  reg              walk_q;
  reg [15:0]       wp_q, wj_q, ww_q, xp_q, xs_q, wy_q, kj_q, kw_q, kp_q;
  reg [7:0]        ws_q, wjp_q, par_q;
  reg [B_W-1:0]    base_q;
  reg [AW-1:0]     pa_q, sa_q, la_q, wa_q;
  reg [3:0]        guard_q;
  // fetch
  reg              frd_q;
  reg [AW-1:0]     faddr_q;
  reg [B_W+29:0]   t1_q, t2_q, t3_q, t4_q, t5_q;
  reg              end1_q, end2_q, end3_q, end4_q; // a position's last word
  reg [PORT*X_W-1:0] bus_q;

  // Commands
  wire [7:0] made    = post_done_i - sh_dep_q;
  wire       dep_ok  = !sh_follow_q || (made != 8'd0 && !made[7]);
  wire       wgt_ok  = !sh_load_q || wdone_q;
  wire       could   = full_q && !run_q && !bad_q && wgt_ok && dep_ok;
  wire       start   = tok_take_o;
  wire       walked  = run_q && cfg_q == 6'd0 && !walk_q && guard_q == 4'd0 && array_idle_i;
  wire       finish  = walked && !(a_last_q && drain_busy_i);
  assign tok_wait_o = could ? sh_wait_q : 8'd0;
  assign tok_take_o = could && tok_ok_i;
  assign idle_o     = !full_q && !run_q && !drain_busy_i;

  // Weights of the shadow's command
  wire [WGT_AW:0] avail = wgt_cnt_i - wbase_q;
  wire        here   = avail != {(WGT_AW+1){1'b0}};
  wire        w_on   = won_q && !bad_q;
  wire        head   = wst_q == S_HEAD && whead_q == 2'd0;
  wire        w_want = w_on && (head || wst_q == S_BOOK || wst_q == S_LEN || wst_q == S_ENT || (wst_q == S_PAD && wk_q != sh_kwords_q));
  wire        past   = wk_q == sh_kwords_q;
  wire [23:0] rest   = sh_kwords_q - wk_q;
  wire        many   = wst_q == S_PAD && rest > 24'd15; // more than fills a beat
  wire        w_req  = w_want && !past && here && !many;
  wire [24:0] ne_w   = {1'b0, wgt_word_i[23:0]};
  wire        h_here = w_on && whead_q == 2'd1;
  wire        h_bad  = h_here && ne_w > HALF_N;
  wire        fault  = (w_want && (past || many)) || h_bad;
  wire [16:0] wcnt_n = wcnt_q + 17'd1;
  wire        last_row = !sh_fc_q || wrow_q == ROW_END;
  wire        ent_word = CODE != 0 || sh_raw_q || wval_q; // the word completes entries
  wire        ent_end  = {{(24-E_AW){1'b0}}, wne_q} == {8'd0, wcnt_n};
  wire        block_end = (wst_q == S_ENT && w_req && ent_word && ent_end) || (wst_q == S_END && wne_q == {(E_AW+1){1'b0}});
  wire        w_done = w_on && wst_q == S_PAD && past;
  wire [2:0]  kind   = head ? NEW : wst_q == S_BOOK ? BOOK : wst_q == S_LEN ? LEN : sh_raw_q ? RAW : ent_word ? ENT : VAL;
  wire        to_array = w_req && wst_q != S_PAD;
  wire        w_end  = w_on && wst_q == S_END;
  wire [L_AW+16:0] wcnt_w = {{L_AW{1'b0}}, wcnt_q};
  wire        unused_cnt = &{1'b0, wcnt_w};
  wire [L_AW+9:0] ld = {wcnt_w[L_AW-1:0], !bank_q, wrow_q, !sh_fc_q, w_end ? END : kind};

  // Walk
  wire x_ok     = !xs_q[15] && xs_q < a_iw_q && par_q < a_npar_q;
  wire y_ok     = !wy_q[15] && wy_q < a_ih_q && wjp_q < a_kh_q;
  wire step     = run_q && cfg_q == 6'd0 && walk_q && room_i && !bad_q;
  wire fetch    = step && x_ok && y_ok;
  wire word_end = ww_q + 16'd1 == a_nw_q;
  wire line     = step && (!x_ok || !y_ok || word_end);
  wire seg      = line && (!x_ok || wj_q + 16'd1 == a_nyl_q);
  wire pos      = seg && ws_q + 8'd1 == a_nseg_q;
  wire walk_end = pos && wp_q + 16'd1 == a_npos_q;
  wire par_end  = par_q + 8'd1 == a_sx_q;
  wire [15:0] step_b = a_dw_q ? DWL_N : PORT_N;
  wire [15:0] step_k = a_dw_q ? CH_N : PORT_N;
  wire [15:0] xp_n  = xp_q + 16'd1;
  wire [15:0] xs_n  = xs_q + a_seg_dx_q;
  wire [AW-1:0] pa_n = pa_q + a_pos_step_q;
  wire [AW-1:0] sa_n = sa_q + a_seg_step_q;
  wire [AW-1:0] la_n = la_q + a_line_step_q;
  wire [AW+15:0] step_w = {{AW{1'b0}}, step_b};
  wire [B_W+7:0] m0_w = {{B_W{1'b0}}, a_m0_q};
  wire [B_W+7:0] m0_s = {{B_W{1'b0}}, sh_m0_q};
  wire           unused_step = &{1'b0, step_w, m0_w, m0_s};

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q  <= 1'b0;
      run_q   <= 1'b0;
      bad_q   <= 1'b0;
      err_q   <= 1'b0;
      bank_q  <= 1'b0;
      pbank_q <= 1'b0;
      push_q  <= 8'd0;
      ev_q    <= 6'd0;
      won_q   <= 1'b0;
      wdone_q <= 1'b0;
      whead_q <= 2'd0;
      wbase_q <= {(WGT_AW+1){1'b0}};
      rel_q   <= {(WGT_AW+1){1'b0}};
      rel1_q  <= {(WGT_AW+1){1'b0}};
      wrd_q   <= 1'b0;
      ld1_q   <= {(L_AW+10){1'b0}};
      ld2_q   <= {(L_AW+10){1'b0}};
      cfg_q   <= 6'd0;
      guard_q <= 4'd0;
      frd_q   <= 1'b0;
      t1_q    <= {(B_W+30){1'b0}};
      t2_q    <= {(B_W+30){1'b0}};
      t3_q    <= {(B_W+30){1'b0}};
      t4_q    <= {(B_W+30){1'b0}};
      t5_q    <= {(B_W+30){1'b0}};
    end else begin
      if (cmd_we_i && cmd_idx_i == 4'd15) full_q <= 1'b1;
      else if (start) full_q <= 1'b0;
      if (start) run_q <= 1'b1;
      else if (finish) run_q <= 1'b0;
      bad_q   <= bad_q || fault;
      err_q   <= fault && !bad_q;
      if (start && sh_load_q) bank_q <= !bank_q;
      if (finish && a_last_q) pbank_q <= !pbank_q;
      push_q  <= finish ? a_push_q : 8'd0;
      ev_q    <= run_q ? {1'b0, cfg_q != 6'd0, walked && !finish, 2'b00, cfg_q == 6'd0 && !(walked && !finish)}
               : {!full_q, full_q && wgt_ok && dep_ok, 1'b0, full_q && wgt_ok && !dep_ok, full_q && !wgt_ok, 1'b0};
      if (start) won_q <= 1'b0;
      else if (full_q && sh_load_q && !won_q && !wdone_q) won_q <= 1'b1;
      else if (w_done) won_q <= 1'b0;
      if (start) wdone_q <= 1'b0;
      else if (w_done) wdone_q <= 1'b1;
      whead_q <= (head && w_req) ? 2'd2 : whead_q != 2'd0 ? whead_q - 2'd1 : 2'd0;
      wbase_q <= wbase_q + {{WGT_AW{1'b0}}, w_req};
      rel1_q  <= {{WGT_AW{1'b0}}, w_req};
      rel_q   <= rel1_q;
      wrd_q   <= w_req;
      ld1_q   <= (to_array || w_end) ? ld : {(L_AW+10){1'b0}};
      ld2_q   <= ld1_q;
      if (start) cfg_q <= ROWS_N;
      else if (cfg_q != 6'd0) cfg_q <= cfg_q - 6'd1;
      guard_q <= (start || step) ? 4'd6 : guard_q != 4'd0 ? guard_q - 4'd1 : 4'd0;
      frd_q   <= fetch;
      t1_q    <= fetch ? {base_q, kj_q + kp_q + kw_q, ws_q[4:0], wj_q[7:0], 1'b1} : {(B_W+30){1'b0}};
      t2_q    <= t1_q;
      t3_q    <= t2_q;
      t4_q    <= t3_q;
      t5_q    <= t4_q;
    end
  end

  // Weights
  always @(posedge clk_i) begin
    if (full_q && !won_q) begin
      wst_q  <= S_HEAD;
      wrow_q <= 5'd0;
      wk_q   <= 24'd0;
    end else begin
      if (w_req) wk_q <= wk_q + 24'd1;
      if (h_here) wst_q <= (CODE != 0) ? S_BOOK : S_LEN;
      else if (w_req && wst_q == S_BOOK && wcnt_n == BOOKS) wst_q <= S_LEN;
      else if (w_req && wst_q == S_LEN && wcnt_n == {1'b0, sh_nk_q}) wst_q <= S_END;
      else if (block_end) wst_q <= last_row ? S_PAD : S_HEAD;
      else if (w_end) wst_q <= S_ENT;
      if (block_end && !last_row) wrow_q <= wrow_q + 5'd1;
    end
    if (h_here) wne_q <= ne_w[E_AW:0];
    if (h_here || w_end || (w_req && wst_q == S_BOOK && wcnt_n == BOOKS)) begin
      wcnt_q <= 17'd0;
      wval_q <= 1'b0;
    end else if (w_req && wst_q == S_ENT) begin
      wval_q <= !wval_q;
      if (ent_word) wcnt_q <= wcnt_n;
    end else if (w_req)
      wcnt_q <= wcnt_n;
    if (w_req) wad_q <= wbase_q[WGT_AW-1:0];
  end

  // Rows, the first row first
  always @(posedge clk_i) begin
    if (start) begin
      crow_q  <= 8'd0;
      cseg_q  <= 8'd0;
      cline_q <= 8'd0;
      ckey_q  <= 16'd0;
    end else if (cfg_q != 6'd0) begin
      crow_q <= crow_q + 8'd1;
      cseg_q <= (cseg_q + 8'd1 == a_nseg_q) ? 8'd0 : cseg_q + 8'd1;
      if (cseg_q + 8'd1 == a_nseg_q) begin
        cline_q <= cline_q + a_sh_q;
        ckey_q  <= ckey_q + a_shk_q;
      end
    end
  end

  always @(posedge clk_i) begin
    if (start) begin
      walk_q <= 1'b1;
      wp_q   <= 16'd0;
      ws_q   <= 8'd0;
      wj_q   <= 16'd0;
      ww_q   <= 16'd0;
      xp_q   <= sh_x0_q;
      xs_q   <= sh_x0_q;
      wy_q   <= sh_y0_q;
      wjp_q  <= 8'd0;
      par_q  <= 8'd0;
      kj_q   <= 16'd0;
      kw_q   <= 16'd0;
      kp_q   <= 16'd0;
      base_q <= m0_s[B_W-1:0] - {{(B_W-1){1'b0}}, 1'b1};
      pa_q   <= sh_src_q;
      sa_q   <= sh_src_q;
      la_q   <= sh_src_q;
      wa_q   <= sh_src_q;
    end else if (step) begin
      ww_q <= line ? 16'd0 : ww_q + 16'd1;
      kw_q <= line ? 16'd0 : kw_q + step_k;
      wa_q <= pos ? pa_n : seg ? sa_n : line ? la_n : wa_q + step_w[AW-1:0];
      if (line) begin
        wj_q  <= seg ? 16'd0 : wj_q + 16'd1;
        wy_q  <= seg ? a_y0_q : wy_q + 16'd1;
        wjp_q <= (seg || wjp_q + 8'd1 == a_sh_q) ? 8'd0 : wjp_q + 8'd1;
        kj_q  <= seg ? 16'd0 : kj_q + a_kstep_q;
        la_q  <= pos ? pa_n : seg ? sa_n : la_n;
      end
      if (seg) begin
        ws_q <= pos ? 8'd0 : ws_q + 8'd1;
        xs_q <= pos ? xp_n : xs_n;
        sa_q <= pos ? pa_n : sa_n;
      end
      if (pos) begin
        wp_q  <= wp_q + 16'd1;
        xp_q  <= xp_n;
        pa_q  <= pa_n;
        par_q <= par_end ? 8'd0 : par_q + 8'd1;
        kp_q  <= par_end ? 16'd0 : kp_q + a_par_step_q;
        if (par_end) base_q <= base_q + m0_w[B_W-1:0];
      end
      if (walk_end) walk_q <= 1'b0;
    end
  end

  // Fetch
  wire [PORT*X_W-1:0] bus;
  genvar i;
  generate
    for (i = 0; i < PORT; i = i + 1) begin : g_byte
      localparam [7:0] I = i;
      wire [ACT_W-1:0] x  = rd_data_i[i*ACT_W +: ACT_W];
      wire             in = end4_q ? I < a_lanes_q : (I < DWL_N[7:0] || !a_dw_q);
      if (GATE != 0) begin : g_sub
        wire [X_W-1:0] diff = {x[ACT_W-1], x} - {a_zx_q[ACT_W-1], a_zx_q};
        assign bus[i*X_W +: X_W] = in ? diff : {X_W{1'b0}};
      end else begin : g_plain
        assign bus[i*X_W +: X_W] = in ? x : {X_W{1'b0}};
      end
    end
    if (GATE == 0) begin : g_no_zero_point
      wire unused_zx = &{1'b0, a_zx_q};
    end
  endgenerate
  always @(posedge clk_i) begin
    if (fetch) faddr_q <= wa_q;
    end1_q <= word_end;
    end2_q <= end1_q;
    end3_q <= end2_q;
    end4_q <= end3_q;
    if (vld_i) bus_q <= bus;
  end

  // Commands
  wire [ACT_W-1:0] cmd_zx; // zero point in the command: 8 bits
  generate
    if (ACT_W > 8) begin : g_zx
      assign cmd_zx = {{(ACT_W-8){cmd_data_i[55]}}, cmd_data_i[48 +: 8]};
    end else begin : g_zx
      assign cmd_zx = cmd_data_i[48 +: ACT_W];
    end
  endgenerate
  wire unused_cmd = &{1'b0, cmd_data_i, wgt_word_i};
  always @(posedge clk_i) begin
    if (cmd_we_i)
      case (cmd_idx_i)
        4'd0: begin
          sh_wait_q <= cmd_data_i[15:8];
          sh_push_q <= cmd_data_i[23:16];
          sh_dw_q <= cmd_data_i[32];
          sh_fc_q <= cmd_data_i[34];
          sh_load_q <= cmd_data_i[35];
          sh_last_q <= cmd_data_i[36];
          sh_follow_q <= cmd_data_i[37];
          sh_raw_q <= cmd_data_i[38];
          sh_dep_q <= cmd_data_i[47:40];
          sh_zx_q <= cmd_zx;
          sh_kh_q <= cmd_data_i[63:56];
        end
        4'd1: begin
          sh_src_q <= cmd_data_i[0 +: AW];
          sh_nk_q <= cmd_data_i[47:32];
          sh_nix_q <= cmd_data_i[56:48];
        end
        4'd2: begin
          sh_pos_step_q <= cmd_data_i[0 +: AW];
          sh_seg_step_q <= cmd_data_i[32 +: AW];
        end
        4'd3: begin
          sh_line_step_q <= cmd_data_i[0 +: AW];
          sh_kstep_q <= cmd_data_i[47:32];
          sh_par_step_q <= cmd_data_i[63:48];
        end
        4'd4: begin
          sh_npos_q <= cmd_data_i[15:0];
          sh_sx_q <= cmd_data_i[23:16];
          sh_npar_q <= cmd_data_i[31:24];
          sh_m0_q <= cmd_data_i[39:32];
          sh_nseg_q <= cmd_data_i[47:40];
          sh_nrows_q <= cmd_data_i[55:48];
          sh_sh_q <= cmd_data_i[63:56];
        end
        4'd5: begin
          sh_nyl_q <= cmd_data_i[15:0];
          sh_nw_q <= cmd_data_i[31:16];
          sh_lanes_q <= cmd_data_i[39:32];
          sh_x0_q <= cmd_data_i[63:48];
        end
        4'd6: begin
          sh_y0_q <= cmd_data_i[15:0];
          sh_ih_q <= cmd_data_i[31:16];
          sh_iw_q <= cmd_data_i[47:32];
          sh_seg_dx_q <= cmd_data_i[63:48];
        end
        4'd7: begin
          sh_shk_q <= cmd_data_i[15:0];
          sh_lim_q <= cmd_data_i[16 +: P_AW+1];
          sh_lim_last_q <= cmd_data_i[32 +: P_AW+1];
          sh_npix_q <= cmd_data_i[63:48];
        end
        4'd8: begin
          sh_npix_last_q <= cmd_data_i[15:0];
          sh_nout_q <= cmd_data_i[31:16];
          sh_kwords_q <= cmd_data_i[55:32];
        end
        default: ;
      endcase
    if (start) begin
      a_dw_q <= sh_dw_q;
      a_last_q <= sh_last_q;
      a_zx_q <= sh_zx_q;
      a_kh_q <= sh_kh_q;
      a_nix_q <= sh_nix_q;
      a_pos_step_q <= sh_pos_step_q;
      a_seg_step_q <= sh_seg_step_q;
      a_line_step_q <= sh_line_step_q;
      a_kstep_q <= sh_kstep_q;
      a_par_step_q <= sh_par_step_q;
      a_npos_q <= sh_npos_q;
      a_sx_q <= sh_sx_q;
      a_npar_q <= sh_npar_q;
      a_m0_q <= sh_m0_q;
      a_nseg_q <= sh_nseg_q;
      a_nrows_q <= sh_nrows_q;
      a_sh_q <= sh_sh_q;
      a_nyl_q <= sh_nyl_q;
      a_nw_q <= sh_nw_q;
      a_lanes_q <= sh_lanes_q;
      a_y0_q <= sh_y0_q;
      a_ih_q <= sh_ih_q;
      a_iw_q <= sh_iw_q;
      a_seg_dx_q <= sh_seg_dx_q;
      a_shk_q <= sh_shk_q;
      a_lim_q <= sh_lim_q;
      a_lim_last_q <= sh_lim_last_q;
      a_npix_q <= sh_npix_q;
      a_npix_last_q <= sh_npix_last_q;
      a_nout_q <= sh_nout_q;
      a_push_q <= sh_push_q;
    end
  end

  assign cmd_full_o  = full_q;
  assign tok_push_o  = push_q;
  assign rd_o        = frd_q;
  assign addr_o      = faddr_q;
  assign wgt_rel_o   = rel_q;
  assign wgt_rd_o    = wrd_q;
  assign wgt_addr_o  = wad_q;
  assign err_o       = err_q;
  assign cfg_shift_o = cfg_q != 6'd0;
  assign cfg_o       = {cseg_q + 8'd1 == a_nseg_q ? a_lim_last_q : a_lim_q, ckey_q, cline_q, cseg_q[4:0], crow_q < a_nrows_q};
  assign ld_o        = ld2_q;
  assign dw_o        = a_dw_q;
  assign kh_o        = a_kh_q;
  assign nix_o       = a_nix_q;
  assign bank_o      = bank_q;
  assign pbank_o     = pbank_q;
  assign m0_o        = a_m0_q;
  assign nseg_o      = a_nseg_q;
  assign nrows_o     = a_nrows_q;
  assign npix_o      = a_npix_q;
  assign npix_last_o = a_npix_last_q;
  assign nout_o      = a_nout_q;
  assign drain_o     = finish && a_last_q;
  assign w_o         = t5_q;
  assign bus_o       = bus_q;
  assign ev_o        = ev_q;
endmodule
`default_nettype wire
