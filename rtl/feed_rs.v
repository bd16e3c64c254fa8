// SPDX-License-Identifier: Apache-2.0
// The FEED engine of the rs array. Two walks over channel tile > tile > pass: the loader fetches granules (the
// columns of a window that arrive together) for all row sets and input lines, as far ahead as the scratchpads have
// room; the issuer goes through window > filter > tap > channel, a step a cycle. Words and steps reach the array five
// cycles after their issue. Weights go to the filter scratchpads, and are used, during a pass's first window.
// Twin: cmodel/feed_rs.c; command fields: cmodel/feed_rs_fields.h
`default_nettype none
module feed_rs #(
  parameter ROWS    = 6,
  parameter COLS    = 8,
  parameter PORT    = 16, // activations in a word
  parameter ACT_W   = 8,
  parameter X_W     = 9,  // ACT_W, or ACT_W + 1: the zero point is subtracted
  parameter AW      = 16, // activation buffer address
  parameter WGT_AW  = 11, // weight buffer address
  parameter RING_AW = 5,  // log2 of the activation scratchpad's words
  parameter SPAD_AW = 8   // log2 of the filter scratchpad's words, rounded up
) (
  input  wire                         clk_i,
  input  wire                         rst_ni,
  input  wire                         cmd_we_i,
  input  wire [3:0]                   cmd_idx_i,
  input  wire [63:0]                  cmd_data_i,
  output wire                         cmd_full_o,
  output wire [7:0]                   tok_wait_o,
  input  wire                         tok_ok_i,
  output wire                         tok_take_o,
  output wire [7:0]                   tok_push_o,
  output wire                         idle_o,
  output wire                         rd_o,        // act_buffer request
  output wire [AW-1:0]                addr_o,
  input  wire                         vld_i,       // rd_data_i is the word asked for three cycles ago
  input  wire [PORT*ACT_W-1:0]        rd_data_i,
  input  wire [WGT_AW:0]              wgt_cnt_i,   // words ever written to the weight buffer
  output wire [WGT_AW:0]              wgt_rel_o,   // register: words released
  output wire                         wgt_rd_o,    // register
  output wire [WGT_AW-1:0]            wgt_addr_o,
  input  wire                         tile_done_i, // acc_rs handed over a tile
  input  wire [7:0]                   post_done_i, // POST commands completed
  input  wire                         post_last_i, // the active one is in its last channel tile
  input  wire [15:0]                  post_pix_i,  // and has written so many pixels of it
  // to array_rs
  output wire                         cfg_shift_o,
  output wire [22:0]                  cfg_o,       // {brk, ntail, off, set, used}
  output wire [2:0]                   gl_o,
  output wire [7:0]                   dj_o,
  output wire [5+RING_AW+SPAD_AW-1:0] tok_o,       // see cmodel/feed_rs.h
  output wire                         wv_o,        // a weight word arrives with tok_o
  output wire [17+RING_AW-1:0]        ld_o,
  output wire [PORT*X_W-1:0]          bus_o,       // [PORT] operands, outside bytes replaced
  // to acc_rs
  output wire                         start_o,
  output wire                         sep_o,
  output wire                         flat_o,
  output wire [15:0]                  nx_o,
  output wire [15:0]                  nx_last_o,
  output wire [12:0]                  np_o,
  output wire [15:0]                  ntile_o,
  output wire [15:0]                  dn_o,
  output wire [15:0]                  dn_last_o,
  output wire [5:0]                   ev_o         // register: {idle, fill, out, in, wgt, active}
);
  localparam GATE  = (X_W > ACT_W) ? 1 : 0;

  wire [ACT_W-1:0] cmd_zx; // zero point in the command: 8 bits
  generate
    if (ACT_W > 8) begin : g_zx
      assign cmd_zx = {{(ACT_W-8){cmd_data_i[55]}}, cmd_data_i[48 +: 8]};
    end else begin : g_zx
      assign cmd_zx = cmd_data_i[48 +: ACT_W];
    end
  endgenerate
  localparam TOK_W = 5 + RING_AW + SPAD_AW;
  localparam LD_W  = 17 + RING_AW;
  localparam CFG   = ((ROWS > COLS) ? ROWS : COLS) + 1;
  localparam WORDS = (ROWS + COLS - 1) / COLS;
  localparam W_LAST = WORDS - 1;
  localparam C_LAST = COLS - 1;
  localparam DRAIN1 = ROWS + 14;     // cycles from a step's issue until its sum is in the accumulators, and more
  localparam DRAIN2 = 2 * ROWS + 14; // with separate row sets
  localparam RING   = 1 << RING_AW;
  localparam [6:0]  CFG_N    = CFG[6:0];
  localparam [6:0]  ROWS_N   = ROWS[6:0];
  localparam [7:0]  GUARD1   = DRAIN1[7:0];
  localparam [7:0]  GUARD2   = DRAIN2[7:0];
  localparam [5:0]  SUB_LAST = W_LAST[5:0];
  localparam [5:0]  F_LAST   = C_LAST[5:0];
  localparam [15:0] COLS_N   = COLS[15:0];
  localparam [6:0]  RING_N   = RING[6:0];

  // Shadow and active command
  reg sh_dw_q, sh_res_q, sh_keep_q, sh_follow_q, sh_sep_q, sh_flat_q;
  reg [7:0] sh_dep_q, sh_nkg_q, sh_nkw_q, sh_taps_q, sh_q_q, sh_dj_q;
  reg [7:0] sh_doff_q, sh_push_q, sh_wait_q;
  reg [2:0] sh_gl_q;
  reg [12:0] sh_np_q;
  reg [AW-1:0] sh_src_q, sh_d_step_q, sh_wrap_step_q, sh_set_step_q, sh_g_step_q, sh_tile_step_q, sh_ct_step_q;
  reg [AW-1:0] sh_inc_kg_q, sh_inc_kw_q, sh_inc_c_q;
  reg [15:0] sh_ctiles_q, sh_ntile_q, sh_binc_c_q, sh_binc_kw_q, sh_iy0_q, sh_d_dy_q, sh_h_q;
  reg [15:0] sh_ky_step_q, sh_b0_q, sh_b_step_q, sh_lb_q, sh_ow_q, sh_set_dy_q, sh_tile_dy_q;
  reg [15:0] sh_wrap_dy_q, sh_gb_q, sh_nc_q, sh_nx_q, sh_nx_last_q, sh_kwords_q, sh_dn_q;
  reg [15:0] sh_dn_last_q, sh_nt0_q;
  reg [19:0] sh_need0_q, sh_need_g_q, sh_need_t_q, sh_need_max_q;
  reg [5:0] sh_nset_q, sh_unused_q, sh_khn_q;
  reg [9:0] sh_nd_q;
  reg [6:0] sh_gwin_q, sh_gfree_q;
  reg [RING_AW-1:0] sh_tstep_q, sh_xstep_q, sh_xend_q;
  reg [4:0] sh_kpad_q, sh_fl_q;
  reg [ACT_W-1:0] sh_zx_q;
  reg a_dw_q, a_res_q, a_keep_q, a_follow_q, a_sep_q, a_flat_q;
  reg [7:0] a_dep_q, a_nkg_q, a_nkw_q, a_taps_q, a_q_q, a_dj_q;
  reg [7:0] a_doff_q, a_push_q;
  reg [2:0] a_gl_q;
  reg [12:0] a_np_q;
  reg [AW-1:0] a_d_step_q, a_wrap_step_q, a_set_step_q, a_g_step_q, a_tile_step_q, a_ct_step_q, a_inc_kg_q;
  reg [AW-1:0] a_inc_kw_q, a_inc_c_q;
  reg [15:0] a_ctiles_q, a_ntile_q, a_binc_c_q, a_binc_kw_q, a_iy0_q, a_d_dy_q, a_h_q;
  reg [15:0] a_ky_step_q, a_b0_q, a_b_step_q, a_lb_q, a_ow_q, a_set_dy_q, a_tile_dy_q;
  reg [15:0] a_wrap_dy_q, a_gb_q, a_nc_q, a_nx_q, a_nx_last_q, a_kwords_q, a_dn_q;
  reg [15:0] a_dn_last_q;
  reg [19:0] a_need0_q, a_need_g_q, a_need_t_q, a_need_max_q;
  reg [5:0] a_nset_q, a_unused_q, a_khn_q;
  reg [9:0] a_nd_q;
  reg [6:0] a_gwin_q, a_gfree_q;
  reg [RING_AW-1:0] a_tstep_q, a_xstep_q, a_xend_q;
  reg [4:0] a_kpad_q, a_fl_q;
  reg [ACT_W-1:0] a_zx_q;
  // State
  reg        full_q, run_q, ldone_q, cdone_q;
  reg [7:0]  push_q;
  reg [6:0]  cfg_q;
  reg [7:0]  cu_q, ci_q;
  reg [4:0]  cset_q, lset_q;
  reg [9:0]  coff_q, ld_q;
  reg [15:0] cnt_q;
  reg [15:0] lct_q, ltile_q, lc_q, lx_q, lox_q, tox_q;
  reg [7:0]  lkg_q, lkw_q, lg_q;
  reg [AW-1:0] cbase_q, ta_q, ga_q, wa_q, off_q, soff_q;
  reg [15:0] ty_q, tb_q, gb_q, wy_q, wb_q, boff_q, ky_q, sdy_q;
  reg [19:0] tneed_q, rneed_q;
  reg [RING_AW-1:0] gp_q, xb_q, tapo_q;
  reg [6:0]  used_q, occ_q;
  reg [15:0] cct_q, ctile_q, cx_q, k_q;
  reg [12:0] cpass_q;
  reg [5:0]  cf_q, sub_q;
  reg [7:0]  ctap_q, cch_q, guard_q;
  reg [SPAD_AW-1:0] waddr_q;
  reg [WGT_AW:0] wbase_q, rel1_q, rel2_q, rel3_q, rel_q;
  reg [1:0]  tout_q;
  reg [2*ROWS-1:0] free1_q, freew_q;
  // Pipeline
  reg        frd_q, vy2_q;
  reg [AW-1:0] faddr_q;
  reg [15:0] fiy_q, fb_q;
  reg [PORT-1:0] m2_q, m3_q, m4_q;
  reg [LD_W-1:0] ld1_q, ld2_q, ld3_q, ld4_q, ld5_q;
  reg [TOK_W-1:0] tok1_q, tok2_q, tok3_q, tok4_q, tok5_q;
  reg [WGT_AW-1:0] wa1_q, wa2_q, wa3_q, wa4_q;
  reg        wrd1_q, wrd2_q, wrd3_q, wrd4_q, wrd5_q;
  reg [PORT*X_W-1:0] bus_q;
  reg [5:0]  ev_q;

  wire   could      = full_q && !run_q && guard_q == 8'd0;
  assign tok_wait_o = could ? sh_wait_q : 8'd0;
  assign tok_take_o = could && tok_ok_i;
  assign idle_o     = !full_q && !run_q && guard_q == 8'd0 && tout_q == 2'd0;
  wire   start      = tok_take_o;
  wire   config_on  = run_q && cfg_q != 7'd0;
  wire   work       = run_q && !config_on && !cdone_q;
  wire   finish     = run_q && !config_on && cdone_q;

  // Configuration of the rows, the last row first
  wire       shift  = cfg_q != 7'd0 && cfg_q <= ROWS_N;
  wire       cfg_in = config_on && shift && cu_q == 8'd0;
  wire       set_0  = cfg_in && ci_q == 8'd0;
  wire [5:0] ntail  = cnt_q[15] ? 6'd0 : cnt_q >= COLS_N ? COLS_N[5:0] : cnt_q[5:0];
  wire       brk    = a_sep_q && ci_q + 8'd1 == {2'b00, a_khn_q} && {1'b0, cset_q} + 6'd1 != a_nset_q;

  // Loader
  wire signed [19:0] rneed    = rneed_q;
  wire signed [19:0] need_max = a_need_max_q;
  wire signed [19:0] need     = rneed < need_max ? rneed : need_max;
  wire [7:0]         made     = post_done_i - a_dep_q;
  wire signed [19:0] pix      = {4'd0, post_pix_i};
  wire               dep_ok   = !a_follow_q || (made != 8'd0 && !made[7]) || (made == 8'd0 && post_last_i && pix >= need);

  wire        l_first   = ld_q == 10'd0 && lset_q == 5'd0;
  wire signed [15:0] lb = wb_q + boff_q;
  wire signed [17:0] lbw = {{2{lb[15]}}, lb};
  wire signed [17:0] lb_end = lbw + $signed({2'b00, a_gb_q});
  wire        l_outside = !a_flat_q && l_first && (lbw >= $signed({2'b00, a_lb_q}) || lb_end <= 18'sd0);
  wire        l_room    = used_q < (RING_N >> a_gl_q);
  wire        l_in      = work && !ldone_q && l_first && !dep_ok;
  wire        l_go      = work && !ldone_q && !(l_first && (!dep_ok || !l_room));
  wire        l_set_end = {1'b0, lset_q} + 6'd1 == a_nset_q || l_outside;
  wire        l_line    = l_go && l_set_end;
  wire        l_end     = l_line && (ld_q + 10'd1 == a_nd_q || l_outside);
  wire        l_last_tile = ltile_q + 16'd1 == a_ntile_q;
  wire [15:0] l_nx      = a_flat_q && l_last_tile ? a_nx_last_q : a_nx_q;
  wire        l_win_end = l_end && lg_q == 8'd1;
  wire        l_x_end   = l_win_end && lx_q + 16'd1 == l_nx;
  wire        c_end     = lc_q + 16'd1 == a_nc_q;
  wire        kw_end    = lkw_q + 8'd1 == a_nkw_q;
  wire        kg_end    = lkg_q + 8'd1 == a_nkg_q;
  wire        l_tile_end = l_x_end && c_end && kw_end && kg_end;
  wire        l_pass    = l_x_end && !l_tile_end;
  wire        l_tile    = l_tile_end && !l_last_tile;
  wire        l_ct      = l_tile_end && l_last_tile;
  wire        l_all     = l_ct && lct_q + 16'd1 == a_ctiles_q;
  // the walk along a set's input lines, or the map's pixels
  wire          l_wrap  = a_flat_q && lox_q + 16'd1 == a_ow_q;
  wire [AW-1:0] walk_a  = wa_q + (l_wrap ? a_wrap_step_q : a_d_step_q);
  wire [15:0]   walk_y  = wy_q + (l_wrap ? a_wrap_dy_q : a_d_dy_q);
  wire [15:0]   walk_b  = l_wrap ? a_b0_q : wb_q + a_b_step_q;
  wire [15:0]   walk_x  = l_wrap ? 16'd0 : lox_q + 16'd1;
  wire [15:0]   g_step_b, soff_b;
  wire [AW-1:0] gran_a  = a_flat_q ? walk_a : ga_q + a_g_step_q;
  wire [15:0]   gran_b  = a_flat_q ? walk_b : gb_q + g_step_b;
  wire [15:0]   gran_y  = a_flat_q ? walk_y : ty_q;
  wire [19:0]   gran_n  = rneed_q + a_need_g_q;
  wire [AW-1:0] tile_a  = a_flat_q ? walk_a : ta_q + a_tile_step_q;
  wire [15:0]   tile_y  = a_flat_q ? walk_y : ty_q + a_tile_dy_q;
  wire [15:0]   tile_b  = a_flat_q ? walk_b : a_b0_q;
  wire [19:0]   tile_n  = a_flat_q ? gran_n : tneed_q + a_need_t_q;
  wire [AW-1:0] ct_a    = cbase_q + a_ct_step_q;
  wire [RING_AW+6:0] gpitch = {{(RING_AW+6){1'b0}}, 1'b1} << a_gl_q;
  wire          unused_gpitch = &{1'b0, gpitch};
  generate
    if (AW >= 16) begin : g_wide
      assign g_step_b = a_g_step_q[15:0];
      assign soff_b   = soff_q[15:0];
    end else begin : g_narrow
      assign g_step_b = {{(16-AW){1'b0}}, a_g_step_q};
      assign soff_b   = {{(16-AW){1'b0}}, soff_q};
    end
  endgenerate

  // Issuer
  wire        c_last_tile = ctile_q + 16'd1 == a_ntile_q;
  wire [15:0] c_nx      = a_flat_q && c_last_tile ? a_nx_last_q : a_nx_q;
  wire        c_last_x  = cx_q + 16'd1 == c_nx;
  wire        c_last_p  = cpass_q + 13'd1 == a_np_q;
  wire        spare     = cct_q + 16'd1 == a_ctiles_q && cf_q > {1'b0, a_fl_q};
  wire        stream    = !spare && cx_q == 16'd0 && (!a_res_q || ctile_q == 16'd0);
  wire        more      = stream && sub_q != SUB_LAST;
  wire        e_first   = ctap_q == 8'd0 && cch_q == 8'd0;
  wire        begin_x   = e_first && cf_q == 6'd0 && sub_q == 6'd0;
  wire        begin_t   = begin_x && cx_q == 16'd0 && cpass_q == 13'd0;
  wire        ch_end    = cch_q + 8'd1 == a_q_q;
  wire        e_last    = spare || (ctap_q + 8'd1 == a_taps_q && ch_end);
  wire        e_end     = e_last && cf_q == F_LAST;
  wire [WGT_AW:0] avail = wgt_cnt_i - wbase_q;
  wire [23:0] avail_w   = {{(23-WGT_AW){1'b0}}, avail};
  wire        s_in      = begin_x && occ_q < a_gwin_q;
  wire        s_out     = begin_t && tout_q == 2'd2;
  // words that nobody needs are given back, too, and must have come
  wire        s_rest    = e_end && c_last_x && c_last_p && c_last_tile && a_keep_q && avail_w < {8'd0, a_kwords_q};
  wire        s_wgt     = (stream && avail_w <= {8'd0, k_q}) || s_rest;
  wire        go        = work && !s_in && !s_out && !s_wgt;
  wire        step      = go && !more;
  wire        x_end     = step && e_end;
  wire        pass_end  = x_end && c_last_x;
  wire        tile_end  = pass_end && c_last_p;
  wire        ct_end    = tile_end && c_last_tile;
  wire [RING_AW+5:0] cf_w  = {{RING_AW{1'b0}}, cf_q};
  wire [RING_AW+7:0] cch_w = {{RING_AW{1'b0}}, cch_q};
  wire [RING_AW-1:0] x_off = a_dw_q ? cf_w[RING_AW-1:0] : cch_w[RING_AW-1:0];
  wire [RING_AW-1:0] x_addr = xb_q + tapo_q + x_off;
  wire        tail      = c_last_tile && (!a_flat_q || c_last_x);
  wire [16+WGT_AW:0] k_wide = {{(WGT_AW+1){1'b0}}, k_q};
  wire [WGT_AW+16:0] kwords = {{(WGT_AW+1){1'b0}}, a_kwords_q};
  wire [4:0]  one_pad   = e_end && !more && c_last_p ? a_kpad_q : 5'd0;
  wire [WGT_AW+6:0] one = {{(WGT_AW+1){1'b0}}, {1'b0, one_pad} + 6'd1};
  wire        use_one   = go && stream && !a_keep_q;
  wire        use_all   = ct_end && a_keep_q;
  wire [WGT_AW:0] freed = use_one ? one[WGT_AW:0] : use_all ? kwords[WGT_AW:0] : {(WGT_AW+1){1'b0}};
  wire        unused_w  = &{1'b0, k_wide, kwords, one, cf_w, cch_w};
  wire [6:0]  back1     = work && free1_q[2*ROWS-1] ? a_gfree_q : 7'd0;
  wire [6:0]  backw     = work && freew_q[2*ROWS-1] ? a_gwin_q : 7'd0;
  wire [6:0]  gone      = !x_end ? 7'd0 : c_last_x ? a_gwin_q : a_gfree_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q  <= 1'b0;
      run_q   <= 1'b0;
      push_q  <= 8'd0;
      cfg_q   <= 7'd0;
      tout_q  <= 2'd0;
      guard_q <= 8'd0;
      frd_q   <= 1'b0;
      ev_q    <= 6'd0;
      rel1_q  <= {(WGT_AW+1){1'b0}};
      rel2_q  <= {(WGT_AW+1){1'b0}};
      rel3_q  <= {(WGT_AW+1){1'b0}};
      rel_q   <= {(WGT_AW+1){1'b0}};
      wbase_q <= {(WGT_AW+1){1'b0}};
      ld1_q   <= {LD_W{1'b0}};
      tok1_q  <= {TOK_W{1'b0}};
      wrd1_q  <= 1'b0;
    end else begin
      if (start) full_q <= 1'b0;
      else if (cmd_we_i && cmd_idx_i == 4'd15) full_q <= 1'b1;
      if (start) run_q <= 1'b1;
      else if (finish) run_q <= 1'b0;
      push_q  <= finish ? a_push_q : 8'd0;
      if (start) cfg_q <= CFG_N;
      else if (config_on) cfg_q <= cfg_q - 7'd1;
      tout_q  <= tout_q + {1'b0, go && begin_t} - {1'b0, tile_done_i};
      if (go) guard_q <= a_sep_q ? GUARD2 : GUARD1;
      else if (guard_q != 8'd0) guard_q <= guard_q - 8'd1;
      frd_q   <= l_go;
      ev_q    <= !run_q ? 6'b100000 : !work ? 6'b010000 : s_in ? (l_in ? 6'b000100 : 6'b010000) : s_out ? 6'b001000 :
                 s_wgt ? 6'b000010 : more ? 6'b010000 : 6'b000001;
      rel1_q  <= freed;
      rel2_q  <= rel1_q;
      rel3_q  <= rel2_q;
      rel_q   <= rel3_q;
      wbase_q <= wbase_q + freed;
      ld1_q   <= l_go ? {gp_q, ld_q, lset_q, l_outside, 1'b1} : {LD_W{1'b0}};
      tok1_q  <= step ? {spare ? {SPAD_AW{1'b0}} : waddr_q, x_addr, tail, stream, e_last, e_first, 1'b1} : {TOK_W{1'b0}};
      wrd1_q  <= go && stream;
    end
    if (config_on) begin
      if (!shift || set_0) coff_q <= 10'd0;
      else if (cfg_in) coff_q <= coff_q + {2'b00, a_doff_q};
    end
    if (start) begin
      cu_q   <= {2'b00, sh_unused_q};
      ci_q   <= {2'b00, sh_khn_q} - 8'd1;
      cset_q <= sh_nset_q[4:0] - 5'd1;
      cnt_q  <= sh_nt0_q;
    end else if (config_on && shift) begin
      if (cu_q != 8'd0) cu_q <= cu_q - 8'd1;
      else ci_q <= set_0 ? {2'b00, a_khn_q} - 8'd1 : ci_q - 8'd1;
      if (set_0) begin
        cset_q <= cset_q - 5'd1;
        if (a_sep_q) cnt_q <= cnt_q + COLS_N;
      end
    end
  end

  always @(posedge clk_i) begin
    if (start) begin
      ldone_q <= 1'b0;
      lct_q   <= 16'd0;
      ltile_q <= 16'd0;
      lc_q    <= 16'd0;
      lx_q    <= 16'd0;
      lox_q   <= 16'd0;
      tox_q   <= 16'd0;
      ld_q    <= 10'd0;
      lset_q  <= 5'd0;
      lkg_q   <= 8'd0;
      lkw_q   <= 8'd0;
      lg_q    <= {1'b0, sh_gwin_q};
      cbase_q <= sh_src_q;
      ta_q    <= sh_src_q;
      ga_q    <= sh_src_q;
      wa_q    <= sh_src_q;
      ty_q    <= sh_iy0_q;
      wy_q    <= sh_iy0_q;
      tb_q    <= sh_b0_q;
      gb_q    <= sh_b0_q;
      wb_q    <= sh_b0_q;
      tneed_q <= sh_need0_q;
      rneed_q <= sh_need0_q;
      off_q   <= {AW{1'b0}};
      boff_q  <= 16'd0;
      ky_q    <= 16'd0;
      soff_q  <= {AW{1'b0}};
      sdy_q   <= 16'd0;
      gp_q    <= {RING_AW{1'b0}};
      used_q  <= 7'd0;
    end else begin
      used_q <= used_q + {6'd0, l_go && l_first} - back1 - backw;
      if (l_go) begin
        lset_q <= l_line ? 5'd0 : lset_q + 5'd1;
        soff_q <= l_line ? {AW{1'b0}} : soff_q + a_set_step_q;
        sdy_q  <= l_line ? 16'd0 : sdy_q + a_set_dy_q;
      end
      if (l_line) begin
        ld_q  <= l_end ? 10'd0 : ld_q + 10'd1;
        lox_q <= l_ct ? 16'd0 : l_pass ? tox_q : walk_x;
        wa_q  <= l_ct ? ct_a : l_tile ? tile_a : l_pass ? ta_q : l_end ? gran_a : walk_a;
        wy_q  <= l_ct ? a_iy0_q : l_tile ? tile_y : l_pass ? ty_q : l_end ? gran_y : walk_y;
        wb_q  <= l_ct ? a_b0_q : l_tile ? tile_b : l_pass ? tb_q : l_end ? gran_b : walk_b;
      end
      if (l_end) begin
        gp_q    <= gp_q + gpitch[RING_AW-1:0];
        rneed_q <= l_ct ? a_need0_q : l_tile ? tile_n : l_pass ? tneed_q : gran_n;
        ga_q    <= l_ct ? ct_a : l_tile ? tile_a : l_pass ? ta_q : a_flat_q ? ga_q : gran_a;
        gb_q    <= l_ct ? a_b0_q : l_tile ? tile_b : l_pass ? tb_q : a_flat_q ? gb_q : gran_b;
        lg_q    <= l_x_end ? {1'b0, a_gwin_q} : l_win_end ? {1'b0, a_gfree_q} : lg_q - 8'd1;
        if (l_win_end) lx_q <= l_x_end ? 16'd0 : lx_q + 16'd1;
      end
      if (l_tile_end) begin
        off_q  <= {AW{1'b0}};
        boff_q <= 16'd0;
        ky_q   <= 16'd0;
        lc_q   <= 16'd0;
        lkw_q  <= 8'd0;
        lkg_q  <= 8'd0;
        ltile_q <= l_last_tile ? 16'd0 : ltile_q + 16'd1;
        ta_q    <= l_ct ? ct_a : tile_a;
        ty_q    <= l_ct ? a_iy0_q : tile_y;
        tb_q    <= l_ct ? a_b0_q : tile_b;
        tox_q   <= l_ct ? 16'd0 : walk_x;
        tneed_q <= l_ct ? a_need0_q : tile_n;
      end else if (l_pass) begin
        lc_q   <= c_end ? 16'd0 : lc_q + 16'd1;
        if (c_end) lkw_q <= kw_end ? 8'd0 : lkw_q + 8'd1;
        if (c_end && kw_end) begin
          lkg_q <= lkg_q + 8'd1;
          ky_q  <= ky_q + a_ky_step_q;
        end
        off_q  <= off_q + (!c_end ? a_inc_c_q : !kw_end ? a_inc_kw_q : a_inc_kg_q);
        boff_q <= !c_end ? boff_q + a_binc_c_q : !kw_end ? boff_q + a_binc_kw_q : 16'd0;
      end
      if (l_ct) begin
        cbase_q <= ct_a;
        lct_q   <= lct_q + 16'd1;
      end
      if (l_all) ldone_q <= 1'b1;
    end
  end

  always @(posedge clk_i) begin
    if (start) begin
      cdone_q <= 1'b0;
      cct_q   <= 16'd0;
      ctile_q <= 16'd0;
      cpass_q <= 13'd0;
      cx_q    <= 16'd0;
      cf_q    <= 6'd0;
      ctap_q  <= 8'd0;
      cch_q   <= 8'd0;
      sub_q   <= 6'd0;
      xb_q    <= {RING_AW{1'b0}};
      tapo_q  <= {RING_AW{1'b0}};
      waddr_q <= {SPAD_AW{1'b0}};
      k_q     <= 16'd0;
      occ_q   <= 7'd0;
      free1_q <= {(2*ROWS){1'b0}};
      freew_q <= {(2*ROWS){1'b0}};
    end else begin
      occ_q <= occ_q + {6'd0, l_end} - gone;
      if (work) begin
        free1_q <= {free1_q[2*ROWS-2:0], x_end && !c_last_x};
        freew_q <= {freew_q[2*ROWS-2:0], pass_end};
      end
      if (ct_end || (tile_end && !a_res_q)) k_q <= 16'd0;
      else if (go && stream && a_keep_q) k_q <= k_q + 16'd1;
      if (go) sub_q <= more ? sub_q + 6'd1 : 6'd0;
      if (step) begin
        waddr_q <= e_end ? {SPAD_AW{1'b0}} : waddr_q + {{(SPAD_AW-1){1'b0}}, 1'b1};
        cch_q   <= ch_end || e_last ? 8'd0 : cch_q + 8'd1;
        if (ch_end || e_last) begin
          ctap_q <= e_last ? 8'd0 : ctap_q + 8'd1;
          tapo_q <= e_last ? {RING_AW{1'b0}} : tapo_q + a_tstep_q;
        end
        if (e_last) cf_q <= e_end ? 6'd0 : cf_q + 6'd1;
      end
      if (x_end) begin
        cx_q <= c_last_x ? 16'd0 : cx_q + 16'd1;
        xb_q <= xb_q + (c_last_x ? a_xend_q : a_xstep_q);
      end
      if (pass_end) cpass_q <= c_last_p ? 13'd0 : cpass_q + 13'd1;
      if (tile_end) ctile_q <= c_last_tile ? 16'd0 : ctile_q + 16'd1;
      if (ct_end) begin
        cct_q <= cct_q + 16'd1;
        if (cct_q + 16'd1 == a_ctiles_q) cdone_q <= 1'b1;
      end
    end
  end

  // Fetch pipeline. Stage 2: which bytes of the word are in the line, whether the line is in the map.
  wire signed [17:0] fbw = {{2{fb_q[15]}}, fb_q};
  wire signed [17:0] fyw = {{2{fiy_q[15]}}, fiy_q};
  wire signed [17:0] lbs = {2'b00, a_lb_q};
  wire signed [17:0] hs  = {2'b00, a_h_q};
  wire [PORT-1:0]    in_line;
  wire [PORT*X_W-1:0] bus;
  wire [ACT_W-1:0]   sub = (GATE != 0) ? a_zx_q : {ACT_W{1'b0}};
  genvar i;
  generate
    for (i = 0; i < PORT; i = i + 1) begin : g_byte
      localparam signed [17:0] I = i;
      wire signed [17:0] pos = fbw + I;
      wire [ACT_W-1:0]   x   = rd_data_i[i*ACT_W +: ACT_W];
      assign in_line[i] = !pos[17] && pos < lbs;
      if (GATE != 0) begin : g_sub
        wire [X_W-1:0] diff = {x[ACT_W-1], x} - {sub[ACT_W-1], sub};
        assign bus[i*X_W +: X_W] = m4_q[i] ? diff : {X_W{1'b0}};
      end else begin : g_plain
        wire unused_sub = &{1'b0, sub};
        assign bus[i*X_W +: X_W] = m4_q[i] ? x : a_zx_q;
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      ld2_q  <= {LD_W{1'b0}};
      ld3_q  <= {LD_W{1'b0}};
      ld4_q  <= {LD_W{1'b0}};
      ld5_q  <= {LD_W{1'b0}};
      tok2_q <= {TOK_W{1'b0}};
      tok3_q <= {TOK_W{1'b0}};
      tok4_q <= {TOK_W{1'b0}};
      tok5_q <= {TOK_W{1'b0}};
      {wrd2_q, wrd3_q, wrd4_q, wrd5_q} <= 4'd0;
    end else begin
      ld2_q  <= ld1_q;
      ld3_q  <= ld2_q;
      ld4_q  <= ld3_q;
      ld5_q  <= ld4_q;
      tok2_q <= tok1_q;
      tok3_q <= tok2_q;
      tok4_q <= tok3_q;
      tok5_q <= tok4_q;
      {wrd2_q, wrd3_q, wrd4_q, wrd5_q} <= {wrd1_q, wrd2_q, wrd3_q, wrd4_q};
    end
    if (l_go) begin
      faddr_q <= wa_q + off_q + soff_q;
      fiy_q   <= wy_q + ky_q + sdy_q;
      fb_q    <= lb + (a_sep_q ? 16'd0 : soff_b);
    end
    if (go && stream) wa1_q <= wbase_q[WGT_AW-1:0] + k_wide[WGT_AW-1:0];
    wa2_q <= wa1_q;
    wa3_q <= wa2_q;
    wa4_q <= wa3_q;
    m2_q  <= in_line;
    vy2_q <= !fyw[17] && fyw < hs;
    m3_q  <= m2_q & {PORT{vy2_q}};
    m4_q  <= m3_q;
    if (vld_i) bus_q <= bus;
  end

  // Commands
  wire unused_cmd = &{1'b0, cmd_data_i};
  always @(posedge clk_i) begin
    if (cmd_we_i)
      case (cmd_idx_i)
        4'd0: begin
          sh_wait_q <= cmd_data_i[15:8];
          sh_push_q <= cmd_data_i[23:16];
          sh_dw_q <= cmd_data_i[32];
          sh_res_q <= cmd_data_i[34];
          sh_keep_q <= cmd_data_i[35];
          sh_follow_q <= cmd_data_i[36];
          sh_sep_q <= cmd_data_i[37];
          sh_flat_q <= cmd_data_i[38];
          sh_dep_q <= cmd_data_i[47:40];
          sh_gl_q <= cmd_data_i[50:48];
          sh_np_q <= cmd_data_i[63:51];
        end
        4'd1: begin
          sh_src_q <= cmd_data_i[0 +: AW];
          sh_ctiles_q <= cmd_data_i[47:32];
          sh_ntile_q <= cmd_data_i[63:48];
        end
        4'd2: begin
          sh_d_step_q <= cmd_data_i[0 +: AW];
          sh_wrap_step_q <= cmd_data_i[32 +: AW];
        end
        4'd3: begin
          sh_set_step_q <= cmd_data_i[0 +: AW];
          sh_g_step_q <= cmd_data_i[32 +: AW];
        end
        4'd4: begin
          sh_tile_step_q <= cmd_data_i[0 +: AW];
          sh_ct_step_q <= cmd_data_i[32 +: AW];
        end
        4'd5: begin
          sh_inc_kg_q <= cmd_data_i[0 +: AW];
          sh_inc_kw_q <= cmd_data_i[32 +: AW];
        end
        4'd6: begin
          sh_inc_c_q <= cmd_data_i[0 +: AW];
          sh_binc_c_q <= cmd_data_i[47:32];
          sh_binc_kw_q <= cmd_data_i[63:48];
        end
        4'd7: begin
          sh_iy0_q <= cmd_data_i[15:0];
          sh_d_dy_q <= cmd_data_i[31:16];
          sh_h_q <= cmd_data_i[47:32];
          sh_ky_step_q <= cmd_data_i[63:48];
        end
        4'd8: begin
          sh_b0_q <= cmd_data_i[15:0];
          sh_b_step_q <= cmd_data_i[31:16];
          sh_lb_q <= cmd_data_i[47:32];
          sh_ow_q <= cmd_data_i[63:48];
        end
        4'd9: begin
          sh_set_dy_q <= cmd_data_i[15:0];
          sh_tile_dy_q <= cmd_data_i[31:16];
          sh_wrap_dy_q <= cmd_data_i[47:32];
          sh_gb_q <= cmd_data_i[63:48];
        end
        4'd10: begin
          sh_need0_q <= cmd_data_i[0 +: 20];
          sh_need_g_q <= cmd_data_i[32 +: 20];
        end
        4'd11: begin
          sh_need_t_q <= cmd_data_i[0 +: 20];
          sh_need_max_q <= cmd_data_i[32 +: 20];
        end
        4'd12: begin
          sh_nkg_q <= cmd_data_i[7:0];
          sh_nkw_q <= cmd_data_i[15:8];
          sh_nc_q <= cmd_data_i[31:16];
          sh_nset_q <= cmd_data_i[37:32];
          sh_nd_q <= cmd_data_i[49:40];
          sh_gwin_q <= cmd_data_i[62:56];
        end
        4'd13: begin
          sh_taps_q <= cmd_data_i[7:0];
          sh_q_q <= cmd_data_i[15:8];
          sh_tstep_q <= cmd_data_i[16 +: RING_AW];
          sh_xstep_q <= cmd_data_i[24 +: RING_AW];
          sh_xend_q <= cmd_data_i[32 +: RING_AW];
          sh_gfree_q <= cmd_data_i[46:40];
          sh_khn_q <= cmd_data_i[53:48];
          sh_kpad_q <= cmd_data_i[58:54];
          sh_fl_q <= cmd_data_i[63:59];
        end
        4'd14: begin
          sh_nx_q <= cmd_data_i[15:0];
          sh_nx_last_q <= cmd_data_i[31:16];
          sh_dj_q <= cmd_data_i[39:32];
          sh_doff_q <= cmd_data_i[47:40];
          sh_zx_q <= cmd_zx;
          sh_unused_q <= cmd_data_i[61:56];
        end
        4'd15: begin
          sh_kwords_q <= cmd_data_i[15:0];
          sh_dn_q <= cmd_data_i[31:16];
          sh_dn_last_q <= cmd_data_i[47:32];
          sh_nt0_q <= cmd_data_i[63:48];
        end
        default: ;
      endcase
    if (start) begin
      a_dw_q <= sh_dw_q;
      a_res_q <= sh_res_q;
      a_keep_q <= sh_keep_q;
      a_follow_q <= sh_follow_q;
      a_sep_q <= sh_sep_q;
      a_flat_q <= sh_flat_q;
      a_dep_q <= sh_dep_q;
      a_gl_q <= sh_gl_q;
      a_np_q <= sh_np_q;
      a_ctiles_q <= sh_ctiles_q;
      a_ntile_q <= sh_ntile_q;
      a_d_step_q <= sh_d_step_q;
      a_wrap_step_q <= sh_wrap_step_q;
      a_set_step_q <= sh_set_step_q;
      a_g_step_q <= sh_g_step_q;
      a_tile_step_q <= sh_tile_step_q;
      a_ct_step_q <= sh_ct_step_q;
      a_inc_kg_q <= sh_inc_kg_q;
      a_inc_kw_q <= sh_inc_kw_q;
      a_inc_c_q <= sh_inc_c_q;
      a_binc_c_q <= sh_binc_c_q;
      a_binc_kw_q <= sh_binc_kw_q;
      a_iy0_q <= sh_iy0_q;
      a_d_dy_q <= sh_d_dy_q;
      a_h_q <= sh_h_q;
      a_ky_step_q <= sh_ky_step_q;
      a_b0_q <= sh_b0_q;
      a_b_step_q <= sh_b_step_q;
      a_lb_q <= sh_lb_q;
      a_ow_q <= sh_ow_q;
      a_set_dy_q <= sh_set_dy_q;
      a_tile_dy_q <= sh_tile_dy_q;
      a_wrap_dy_q <= sh_wrap_dy_q;
      a_gb_q <= sh_gb_q;
      a_need0_q <= sh_need0_q;
      a_need_g_q <= sh_need_g_q;
      a_need_t_q <= sh_need_t_q;
      a_need_max_q <= sh_need_max_q;
      a_nkg_q <= sh_nkg_q;
      a_nkw_q <= sh_nkw_q;
      a_nc_q <= sh_nc_q;
      a_nset_q <= sh_nset_q;
      a_nd_q <= sh_nd_q;
      a_gwin_q <= sh_gwin_q;
      a_taps_q <= sh_taps_q;
      a_q_q <= sh_q_q;
      a_tstep_q <= sh_tstep_q;
      a_xstep_q <= sh_xstep_q;
      a_xend_q <= sh_xend_q;
      a_gfree_q <= sh_gfree_q;
      a_khn_q <= sh_khn_q;
      a_kpad_q <= sh_kpad_q;
      a_fl_q <= sh_fl_q;
      a_nx_q <= sh_nx_q;
      a_nx_last_q <= sh_nx_last_q;
      a_dj_q <= sh_dj_q;
      a_doff_q <= sh_doff_q;
      a_zx_q <= sh_zx_q;
      a_unused_q <= sh_unused_q;
      a_kwords_q <= sh_kwords_q;
      a_dn_q <= sh_dn_q;
      a_dn_last_q <= sh_dn_last_q;
      a_push_q <= sh_push_q;
    end
  end

  assign cmd_full_o  = full_q;
  assign tok_push_o  = push_q;
  assign rd_o        = frd_q;
  assign addr_o      = faddr_q;
  assign wgt_rel_o   = rel_q;
  assign wgt_rd_o    = wrd4_q;
  assign wgt_addr_o  = wa4_q;
  assign cfg_shift_o = shift;
  assign cfg_o       = {brk, ntail, coff_q, cset_q, cu_q == 8'd0};
  assign gl_o        = a_gl_q;
  assign dj_o        = a_dj_q;
  assign tok_o       = tok5_q;
  assign wv_o        = wrd5_q;
  assign ld_o        = ld5_q;
  assign bus_o       = bus_q;
  assign start_o     = cfg_q != 7'd0;
  assign sep_o       = a_sep_q;
  assign flat_o      = a_flat_q;
  assign nx_o        = a_nx_q;
  assign nx_last_o   = a_nx_last_q;
  assign np_o        = a_np_q;
  assign ntile_o     = a_ntile_q;
  assign dn_o        = a_dn_q;
  assign dn_last_o   = a_dn_last_q;
  assign ev_o        = ev_q;
endmodule
`default_nettype wire
