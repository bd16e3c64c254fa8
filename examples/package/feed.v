// SPDX-License-Identifier: Apache-2.0
// The FEED engine of the os and ws arrays: walks channel tile > pixel tile > segment (row group, tap, chunk);
// in a segment, cycle t fetches the word of pixel t and issues MAC step t. A segment takes as many cycles as the
// longer of the two. Words reach the rows five cycles after their issue (tok5, bus).
//   issue -> stage 1 (act_buffer request) -> 2, 3, 4 (word, mask) -> 5 (bus_o, tok_o)
// Twin: cmodel/feed.c; command fields: cmodel/feed_fields.h
`default_nettype none
module feed #(
  parameter WS      = 0,  // 1: a step per pixel, stationary weights; 0: os
  parameter GROUP   = 1,  // activations presented in a step; 1: every step (ws: row) has its own
  parameter ROWS    = 8,
  parameter PORT    = 16, // activations in a word
  parameter ACT_W   = 8,
  parameter X_W     = 9,  // ACT_W, or ACT_W + 1: the zero point is subtracted
  parameter AW      = 16, // activation buffer address
  parameter WGT_AW  = 11, // weight buffer address
  parameter COL_AW  = 4   // log2 of the collector's depth
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
  input  wire                  wgt_ready_i, // ws: the next stationary weights are loaded
  output wire [WGT_AW:0]       wgt_rel_o,   // register: words released
  output wire [WGT_AW-1:0]     wgt_addr_o,  // weight word of tok_o
  output wire [19:0]           wgt_seg_o,   // ws: {kwords, keep, rewind, last, a segment began}, cycle after its issue
  input  wire                  col_pop_i,
  input  wire                  post_rd_i,   // ws: post waits for the activation port
  input  wire [7:0]            post_done_i, // POST commands completed
  input  wire                  post_last_i, // the active one is in its last channel tile
  input  wire [15:0]           post_pix_i,  // and has written so many pixels of it
  output wire [21:0]           tok_o,       // see cmodel/feed.h
  output wire [PORT*X_W-1:0]   bus_o,       // [PORT] operands, outside bytes replaced
  output wire                  in_map_o,    // byte 0 of bus_o is inside the map
  output wire [2:0]            vy_o,
  output wire [2:0]            vx_o,
  output wire [ACT_W-1:0]      zx_o,        // zero point, one cycle ahead of tok_o
  output wire [15:0]           ldelay_o,
  output wire [5:0]            ev_o         // register: {idle, fill, out, in, wgt, active}
);
  localparam GATE = (X_W > ACT_W) ? 1 : 0;

  wire [ACT_W-1:0] cmd_zx; // zero point in the command: 8 bits
  generate
    if (ACT_W > 8) begin : g_zx
      assign cmd_zx = {{(ACT_W-8){cmd_data_i[23]}}, cmd_data_i[16 +: 8]};
    end else begin : g_zx
      assign cmd_zx = cmd_data_i[16 +: ACT_W];
    end
  endgenerate
  localparam signed [31:0] ROWS_S = ROWS;
  localparam PORT_AW = $clog2(PORT);
  // Shadow command, in beats
  reg        full_q, run_q, prime_q, flush_q;
  reg [7:0]  push_q;
  reg        sh_dw_q, sh_pool_q, sh_pmax_q, sh_keep_q, sh_follow_q;
  reg [7:0]  sh_wait_q, sh_push_q, sh_dep_q;
  reg [AW-1:0] sh_src_q, sh_px_step_q, sh_line_step_q, sh_ct_step_q, sh_inc_kg_q, sh_inc_kw_q, sh_inc_c_q;
  reg [15:0] sh_ow_q, sh_ctiles_q, sh_npt_q, sh_nc_q, sh_binc_c_q, sh_binc_kw_q, sh_iy0_q, sh_sy_q, sh_h_q, sh_ky_step_q;
  reg [15:0] sh_b0_q, sh_b_step_q, sh_lb_q, sh_kwords_q, sh_prime_q, sh_q0_q, sh_npix_q, sh_npad_q, sh_ldelay_q, sh_nread_q;
  reg [7:0]  sh_kg_q, sh_kw_q, sh_st_full_q, sh_st_last_q, sh_st_glast_q, sh_run_q, sh_pitch_q, sh_dil_q, sh_dmin_q, sh_lead_q;
  reg [ACT_W-1:0] sh_zx_q;
  reg [1:0]  sh_dkw_q, sh_dkh0_q;
  reg [19:0] sh_need0_q, sh_need_step_q, sh_need_max_q;
  // Active command
  reg        a_dw_q, a_pool_q, a_pmax_q, a_keep_q, a_follow_q;
  reg [7:0]  a_push_q, a_dep_q;
  reg [AW-1:0] a_px_step_q, a_line_step_q, a_ct_step_q, a_inc_kg_q, a_inc_kw_q, a_inc_c_q;
  reg [15:0] a_ow_q, a_ctiles_q, a_npt_q, a_nc_q, a_binc_c_q, a_binc_kw_q, a_iy0_q, a_sy_q, a_h_q, a_ky_step_q;
  reg [15:0] a_b0_q, a_b_step_q, a_lb_q, a_kwords_q, a_npix_q, a_npad_q, a_ldelay_q, a_nread_q;
  reg [7:0]  a_kg_q, a_kw_q, a_st_full_q, a_st_last_q, a_st_glast_q, a_run_q, a_pitch_q, a_dil_q, a_dmin_q, a_lead_q;
  reg [ACT_W-1:0] a_zx_q;
  reg [1:0]  a_dkw_q, a_dkh0_q;
  reg [19:0] a_need0_q, a_need_step_q, a_need_max_q;
  // Loops
  reg [15:0] ct_q, left_q, tiy_q, tb_q, tox_q, riy_q, rb_q, rox_q, ic_q, boff_q, ky_q, t_q, k_q, kdone_q, pcnt_q;
  reg [AW-1:0] cbase_q, ta_q, ra_q, off_q, qaddr_q, qbase_q;
  reg [19:0] tneed_q, rneed_q;
  reg [7:0]  ikg_q, ikw_q, jr_q, idx_q, guard_q;
  reg [1:0]  dkh_q, dkw_q;
  reg [WGT_AW:0] wbase_q, rel_q;
  reg [COL_AW:0] cred_q;
  reg        par_q, fresh_q;
  reg [16:0] q_q;
  // Pipeline
  reg        frd_q;
  reg [AW-1:0] faddr_q;
  reg [15:0] fiy_q, fb_q;
  reg [PORT-1:0] m2_q, m3_q, m4_q;
  reg [2:0]  vy2_q, vy3_q, vy4_q, vy5_q, vx2_q, vx3_q, vx4_q, vx5_q;
  reg [7:0]  p2_q;
  reg        pv5_q;
  reg [ACT_W-1:0] zx1_q, zx2_q, zx3_q, zx4_q;
  reg [21:0] tok1_q, tok2_q, tok3_q, tok4_q, tok5_q;
  reg [WGT_AW-1:0] wa1_q, wa2_q, wa3_q, wa4_q, wa5_q;
  reg [PORT*X_W-1:0] bus_q;
  reg [5:0]  ev_q;

  assign tok_wait_o = (full_q && !run_q) ? sh_wait_q : 8'd0;
  assign tok_take_o = full_q && !run_q && tok_ok_i;
  assign idle_o     = !full_q && !run_q && guard_q == 8'd0;
  wire   start      = tok_take_o;

  // Where the loops are
  wire        ws         = (WS != 0) && !a_pool_q;
  wire        tail       = left_q < a_npt_q;
  wire [15:0] slots      = tail ? left_q : a_npt_q;
  wire        last_chunk = ic_q + 16'd1 == a_nc_q;
  wire        last_kw    = ikw_q + 8'd1 == a_kw_q;
  wire        last_kg    = ikg_q + 8'd1 == a_kg_q;
  wire        last_seg   = last_chunk && last_kw && last_kg;
  wire        first_seg  = ic_q == 16'd0 && ikw_q == 8'd0 && ikg_q == 8'd0;
  wire [7:0]  nst        = !last_chunk ? a_st_full_q : last_kg ? a_st_glast_q : a_st_last_q;
  wire        slot_act   = t_q < slots;
  wire        step_act   = ws ? slot_act : t_q < {8'd0, nst};
  wire        t_zero     = t_q == 16'd0;
  wire        tile_start = first_seg && t_zero;
  wire [15:0] t_next     = t_q + 16'd1;
  wire        seg_end    = t_next >= {8'd0, nst} && t_next >= slots && t_next >= {8'd0, a_dmin_q};
  wire        ch_end     = left_q <= a_npt_q;
  wire        cmd_end    = ch_end && ct_q + 16'd1 == a_ctiles_q;

  // What it waits for
  wire signed [19:0] tneed    = tneed_q;
  wire signed [19:0] need_max = a_need_max_q;
  wire signed [19:0] need     = tneed < need_max ? tneed : need_max;
  wire [7:0]  made       = post_done_i - a_dep_q;
  wire signed [19:0] pix = {4'd0, post_pix_i};
  wire        dep_ok     = !a_follow_q || (made != 8'd0 && !made[7]) || (made == 8'd0 && post_last_i && pix >= need);
  wire [WGT_AW:0] avail  = wgt_cnt_i - wbase_q;
  wire [16:0] avail_w    = {{(16-WGT_AW){1'b0}}, avail};
  // Indices: the last block's unused words may still be on their way when the next tile begins.
  wire        behind     = (GROUP > 1) && avail[WGT_AW] && avail[WGT_AW-1:0] != {WGT_AW{1'b0}};
  wire [16:0] cred_w     = {{(16-COL_AW){1'b0}}, cred_q};
  // Sums leave a row at a time: a command's first may not meet the last of the command before.
  wire        early      = a_pool_q ? guard_q != 8'd0 : fresh_q && {1'b0, guard_q} > {1'b0, a_lead_q} + 9'd9;
  wire        s_in       = (tile_start || prime_q) && (!dep_ok || early);
  // ws reads a word every cycle: it leaves one to post's residual operands.
  wire        s_out      = ws ? (last_seg && cred_w == 17'd0) || (frd_q && post_rd_i) : (tile_start && cred_w < {1'b0, slots});
  wire        s_wgt      = ws ? t_zero && !wgt_ready_i : !a_pool_q && step_act && (behind || avail_w <= {1'b0, k_q});

  wire        fill       = run_q && (prime_q || flush_q);
  wire        streaming  = fill && !s_in;
  wire        stall      = s_in || s_out || s_wgt;
  wire        step       = run_q && !fill && !stall;
  wire        tile_end   = step && seg_end && last_seg;
  wire        next_seg   = step && seg_end && !last_seg;
  wire        adv        = streaming || (step && a_dw_q && (fresh_q || t_q < ROWS_S[15:0]));
  wire        walk       = step && slot_act;
  wire        line_end   = rox_q + 16'd1 == a_ow_q;
  wire        flush_end  = streaming && flush_q && pcnt_q == 16'd1;
  wire        finish     = (tile_end && cmd_end && !a_dw_q) || flush_end;
  wire        used       = next_seg && !a_keep_q; // weights that do not fit the buffer go as they are used
  wire        freed      = (used || (tile_end && (ch_end || !a_keep_q))) && !a_pool_q && (WS == 0);
  wire [15:0] k_n        = step && step_act ? k_q + 16'd1 : k_q;
  wire [15:0] words      = used ? k_n : a_kwords_q - kdone_q;
  wire        unused_words = &{1'b0, words};

  // The slot's window after this cycle
  wire [AW-1:0] ra_w    = !walk ? ra_q : line_end ? ra_q + a_line_step_q : ra_q + a_px_step_q;
  wire [15:0]   riy_w   = walk && line_end ? riy_q + a_sy_q : riy_q;
  wire [15:0]   rb_w    = !walk ? rb_q : line_end ? a_b0_q : rb_q + a_b_step_q;
  wire [15:0]   rox_w   = !walk ? rox_q : line_end ? 16'd0 : rox_q + 16'd1;
  wire [19:0]   rneed_w = walk && line_end ? rneed_q + a_need_step_q : rneed_q;
  wire [AW-1:0] cbase_n = cbase_q + a_ct_step_q;
  wire          new_ct  = tile_end && ch_end && !cmd_end;
  wire          new_tile = tile_end && !ch_end;

  // The depthwise stream
  wire        q_wrap = q_q[15:0] + 16'd1 == a_npad_q && !q_q[16];
  wire        q_read = !q_q[16] && q_q[15:0] < a_nread_q;

  wire [7:0]  idx_step, idx_gap; // to the next step, from a sub row's last step
  wire [7:0]  idx_n  = idx_q + (jr_q + 8'd1 == a_run_q ? idx_gap : idx_step);
  wire        dkw_end = dkw_q + 2'd1 == a_dkw_q;
  wire        stall_en = ws || a_pool_q || (t_zero && (!a_dw_q || fresh_q));
  wire [WGT_AW:0] kwords = words[WGT_AW:0];
  wire        take_cred = ws ? step_act && last_seg : tile_start;
  wire [COL_AW:0] cost = ws ? {{COL_AW{1'b0}}, 1'b1} : slots[COL_AW:0];

  wire [5:0]  tok_idx; // ws: bit 0: the word's groups are packed
  wire [21:0] step_tok = {slot_act, tok_idx, dkw_q, dkh_q, fresh_q, par_q, adv, a_dw_q, a_pmax_q, a_pool_q, t_zero,
                          last_seg && (ws || t_next == {8'd0, nst}), first_seg && (ws || t_zero), step_act, 1'b1};
  wire [21:0] fill_tok = {11'd0, fresh_q, par_q, 1'b1, 1'b1, 6'd0, 1'b1};

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q  <= 1'b0;
      run_q   <= 1'b0;
      prime_q <= 1'b0;
      flush_q <= 1'b0;
      push_q  <= 8'd0;
      rel_q   <= {(WGT_AW+1){1'b0}};
      wbase_q <= {(WGT_AW+1){1'b0}};
      cred_q  <= {1'b1, {COL_AW{1'b0}}};
      guard_q <= 8'd0;
      frd_q   <= 1'b0;
      tok1_q  <= 22'd0;
      ev_q    <= 6'd0;
    end else begin
      if (start) full_q <= 1'b0;
      else if (cmd_we_i && cmd_idx_i == 4'd15) full_q <= 1'b1;
      if (start) run_q <= 1'b1;
      else if (finish) run_q <= 1'b0;
      if (start) prime_q <= sh_dw_q && sh_prime_q != 16'd0;
      else if (streaming && pcnt_q == 16'd1) prime_q <= 1'b0;
      if (tile_end && cmd_end && a_dw_q) flush_q <= 1'b1;
      else if (streaming && pcnt_q == 16'd1) flush_q <= 1'b0;
      push_q  <= finish ? a_push_q : 8'd0;
      rel_q   <= freed ? kwords : {(WGT_AW+1){1'b0}};
      if (freed) wbase_q <= wbase_q + kwords;
      cred_q  <= cred_q + {{COL_AW{1'b0}}, col_pop_i} - (step && take_cred ? cost : {(COL_AW+1){1'b0}});
      if (step && step_act && !a_pool_q) guard_q <= ROWS_S[7:0] + 8'd9;
      else if (guard_q != 8'd0) guard_q <= guard_q - 8'd1;
      frd_q   <= a_dw_q ? adv && q_read : walk;
      tok1_q  <= step ? step_tok : streaming ? fill_tok : {21'd0, !run_q || fill || stall_en};
      ev_q    <= !run_q ? 6'b100000 : fill ? (s_in ? 6'b000100 : 6'b010000) :
                 stall ? (s_in ? 6'b000100 : s_out ? 6'b001000 : 6'b000010) : step_act ? 6'b000001 : 6'b010000;
    end
    if (start) begin
      ct_q <= 16'd0;
      par_q <= 1'b0;
      fresh_q <= 1'b1;
      left_q <= sh_npix_q;
      cbase_q <= sh_src_q;
      ta_q <= sh_src_q;
      ra_q <= sh_src_q;
      tiy_q <= sh_iy0_q;
      riy_q <= sh_iy0_q;
      tb_q <= sh_b0_q;
      rb_q <= sh_b0_q;
      tox_q <= 16'd0;
      rox_q <= 16'd0;
      tneed_q <= sh_need0_q;
      rneed_q <= sh_need0_q;
      t_q <= 16'd0;
    end else begin
      if (new_ct) ct_q <= ct_q + 16'd1;
      if (tile_end) begin
        par_q <= !par_q;
        fresh_q <= 1'b0;
      end
      if (new_ct) left_q <= a_npix_q;
      else if (new_tile) left_q <= left_q - a_npt_q;
      if (new_ct) cbase_q <= cbase_n;
      if (new_ct || new_tile) begin
        ta_q <= new_ct ? cbase_n : ra_w;
        tiy_q <= new_ct ? a_iy0_q : riy_w;
        tb_q <= new_ct ? a_b0_q : rb_w;
        tox_q <= new_ct ? 16'd0 : rox_w;
        tneed_q <= new_ct ? a_need0_q : rneed_w;
      end
      ra_q <= next_seg ? ta_q : new_ct ? cbase_n : ra_w;
      riy_q <= next_seg ? tiy_q : new_ct ? a_iy0_q : riy_w;
      rb_q <= next_seg ? tb_q : new_ct ? a_b0_q : rb_w;
      rox_q <= next_seg ? tox_q : new_ct ? 16'd0 : rox_w;
      rneed_q <= next_seg ? tneed_q : new_ct ? a_need0_q : rneed_w;
      if (step) t_q <= seg_end ? 16'd0 : t_next;
    end
    if (start || tile_end) begin
      ikg_q <= 8'd0;
      ikw_q <= 8'd0;
      ic_q <= 16'd0;
      off_q <= {AW{1'b0}};
      boff_q <= 16'd0;
      ky_q <= 16'd0;
    end else if (next_seg) begin
      ic_q <= last_chunk ? 16'd0 : ic_q + 16'd1;
      if (last_chunk) ikw_q <= last_kw ? 8'd0 : ikw_q + 8'd1;
      if (last_chunk && last_kw) begin
        ikg_q <= ikg_q + 8'd1;
        ky_q <= ky_q + a_ky_step_q;
      end
      off_q <= off_q + (!last_chunk ? a_inc_c_q : !last_kw ? a_inc_kw_q : a_inc_kg_q);
      boff_q <= !last_chunk ? boff_q + a_binc_c_q : !last_kw ? boff_q + a_binc_kw_q : 16'd0;
    end
    if (start || (step && seg_end)) begin
      jr_q <= 8'd0;
      idx_q <= 8'd0;
    end else if (step && step_act) begin
      jr_q <= jr_q + 8'd1 == a_run_q ? 8'd0 : jr_q + 8'd1;
      idx_q <= idx_n;
    end
    if (start || tile_end) begin
      k_q <= 16'd0;
      kdone_q <= 16'd0;
      dkw_q <= 2'd0;
      dkh_q <= start ? sh_dkh0_q : a_dkh0_q;
    end else if (step && step_act) begin
      k_q <= used ? 16'd0 : k_n;
      dkw_q <= dkw_end ? 2'd0 : dkw_q + 2'd1;
      if (dkw_end && (GROUP == 1 || WS != 0 || a_dw_q)) dkh_q <= dkh_q + 2'd1; // else it tells the rows a step's kind
    end
    else if (used) k_q <= 16'd0;
    if (used) kdone_q <= kdone_q + k_n;
    if (start) begin
      pcnt_q <= sh_prime_q;
      q_q <= {sh_q0_q[15], sh_q0_q};
      qaddr_q <= sh_src_q;
      qbase_q <= sh_src_q;
    end else begin
      if (tile_end && cmd_end && a_dw_q) pcnt_q <= ROWS_S[15:0];
      else if (streaming) pcnt_q <= pcnt_q - 16'd1;
      if (adv) begin
        q_q <= q_wrap ? 17'd0 : q_q + 17'd1;
        if (q_wrap) begin
          qbase_q <= qbase_q + a_ct_step_q;
          qaddr_q <= qbase_q + a_ct_step_q;
        end else if (!q_q[16]) qaddr_q <= qaddr_q + a_px_step_q;
      end
    end
  end

  // Fetch pipeline. Stage 2: which bytes of the word are in the line, which sub rows in the map.
  wire signed [15:0] fiy = fiy_q;
  wire signed [15:0] fb  = fb_q;
  localparam BW = 18, YW = 18;
  wire signed [YW-1:0] fyw = {{2{fiy[15]}}, fiy};
  wire signed [YW-1:0] hw  = {2'b00, a_h_q};
  wire signed [YW-1:0] y1  = fyw + $signed({{(YW-8){1'b0}}, a_dil_q});
  wire signed [YW-1:0] y2  = fyw + $signed({{(YW-9){1'b0}}, a_dil_q, 1'b0});
  wire signed [BW-1:0] outside = -$signed({{2{fb[15]}}, fb}); // bytes of the word before the line
  wire signed [BW-1:0] upto = $signed({2'b00, a_lb_q}) + outside; // and up to its end
  wire [PORT-1:0] starts = outside[BW-1] ? {PORT{1'b1}} : (outside >> PORT_AW) != 0 ? {PORT{1'b0}} : {PORT{1'b1}} << outside[PORT_AW-1:0];
  wire [PORT-1:0] ends = upto[BW-1] ? {PORT{1'b1}} : (upto >> PORT_AW) != 0 ? {PORT{1'b0}} : {PORT{1'b1}} << upto[PORT_AW-1:0];
  wire [PORT-1:0] in_line = starts & ~ends;
  wire [2:0]      vx, vy;
  assign vy = {!y2[YW-1] && y2 < hw, !y1[YW-1] && y1 < hw, !fyw[YW-1] && fyw < hw};
  genvar i;
  generate
    for (i = 0; i < PORT; i = i + 1) begin : g_byte
      if (i < 3) begin : g_tap
        assign vx[i] = in_line[i];
      end
    end
  endgenerate
  wire [PORT-1:0] all   = {PORT{1'b1}};
  wire [PORT-1:0] below = ~(all << p2_q); // bytes of the first sub row
  wire [PORT-1:0] row   = m2_q & below;
  wire [PORT-1:0] in_map = (row & {PORT{vy2_q[0]}}) | ((row << p2_q) & {PORT{vy2_q[1]}}) | ((row << {p2_q, 1'b0}) & {PORT{vy2_q[2]}});

  wire [16+WGT_AW:0]  k_wide = {{(WGT_AW+1){1'b0}}, k_q};
  wire [WGT_AW-1:0]   k_w    = k_wide[WGT_AW-1:0];
  wire                unused_k = &{1'b0, k_wide};

  wire [PORT*X_W-1:0] bus;
  generate
    for (i = 0; i < PORT; i = i + 1) begin : g_operand
      wire [ACT_W-1:0] x = rd_data_i[i*ACT_W +: ACT_W];
      if (GATE != 0) begin : g_sub
        wire [X_W-1:0] diff = {x[ACT_W-1], x} - {zx4_q[ACT_W-1], zx4_q};
        assign bus[i*X_W +: X_W] = m4_q[i] ? diff : {X_W{1'b0}};
      end else begin : g_plain
        assign bus[i*X_W +: X_W] = m4_q[i] ? x : zx4_q;
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      tok2_q <= 22'd0;
      tok3_q <= 22'd0;
      tok4_q <= 22'd0;
      tok5_q <= 22'd0;
    end else begin
      tok2_q <= tok1_q;
      tok3_q <= tok2_q;
      tok4_q <= tok3_q;
      tok5_q <= tok4_q;
    end
    if (a_dw_q ? adv : step) faddr_q <= a_dw_q ? qaddr_q : ra_q + off_q;
    if (step || streaming) zx1_q <= a_zx_q;
    if (step) begin
      fiy_q <= riy_q + ky_q;
      fb_q <= rb_q + boff_q;
      wa1_q <= wbase_q[WGT_AW-1:0] + k_w;
    end
    m2_q <= in_line;
    p2_q <= a_pitch_q;
    vy2_q <= vy;
    vx2_q <= vx;
    m3_q <= tok2_q[7] ? all : in_map; // the rows mask a stream's words, each for its own tap
    vy3_q <= vy2_q;
    vx3_q <= vx2_q;
    m4_q <= m3_q;
    vy4_q <= vy3_q;
    vx4_q <= vx3_q;
    vy5_q <= vy4_q;
    vx5_q <= vx4_q;
    pv5_q <= m4_q[0];
    zx2_q <= zx1_q;
    zx3_q <= zx2_q;
    zx4_q <= zx3_q;
    wa2_q <= wa1_q;
    wa3_q <= wa2_q;
    wa4_q <= wa3_q;
    wa5_q <= wa4_q;
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
          sh_pool_q <= cmd_data_i[33];
          sh_pmax_q <= cmd_data_i[34];
          sh_keep_q <= cmd_data_i[35];
          sh_follow_q <= cmd_data_i[36];
          sh_dep_q <= cmd_data_i[47:40];
        end
        4'd1: begin
          sh_src_q <= cmd_data_i[AW-1:0];
          sh_ow_q <= cmd_data_i[47:32];
        end
        4'd2: begin
          sh_px_step_q <= cmd_data_i[AW-1:0];
          sh_line_step_q <= cmd_data_i[32 +: AW];
        end
        4'd3: begin
          sh_ctiles_q <= cmd_data_i[15:0];
          sh_npt_q <= cmd_data_i[31:16];
          sh_ct_step_q <= cmd_data_i[32 +: AW];
        end
        4'd4: begin
          sh_kg_q <= cmd_data_i[7:0];
          sh_kw_q <= cmd_data_i[15:8];
          sh_nc_q <= cmd_data_i[31:16];
          sh_st_full_q <= cmd_data_i[39:32];
          sh_st_last_q <= cmd_data_i[47:40];
          sh_st_glast_q <= cmd_data_i[55:48];
          sh_run_q <= cmd_data_i[63:56];
        end
        4'd5: begin
          sh_inc_kg_q <= cmd_data_i[AW-1:0];
          sh_inc_kw_q <= cmd_data_i[32 +: AW];
        end
        4'd6: begin
          sh_inc_c_q <= cmd_data_i[AW-1:0];
          sh_binc_c_q <= cmd_data_i[47:32];
          sh_binc_kw_q <= cmd_data_i[63:48];
        end
        4'd7: begin
          sh_iy0_q <= cmd_data_i[15:0];
          sh_sy_q <= cmd_data_i[31:16];
          sh_h_q <= cmd_data_i[47:32];
          sh_ky_step_q <= cmd_data_i[63:48];
        end
        4'd8: begin
          sh_b0_q <= cmd_data_i[15:0];
          sh_b_step_q <= cmd_data_i[31:16];
          sh_lb_q <= cmd_data_i[47:32];
          sh_pitch_q <= cmd_data_i[55:48];
          sh_dil_q <= cmd_data_i[63:56];
        end
        4'd9: begin
          sh_kwords_q <= cmd_data_i[15:0];
          sh_zx_q <= cmd_zx;
          sh_dmin_q <= cmd_data_i[31:24];
          sh_lead_q <= cmd_data_i[55:48];
          sh_dkw_q <= cmd_data_i[33:32];
          sh_dkh0_q <= cmd_data_i[41:40];
        end
        4'd10: begin
          sh_need0_q <= cmd_data_i[19:0];
          sh_need_step_q <= cmd_data_i[51:32];
        end
        4'd11: sh_need_max_q <= cmd_data_i[19:0];
        4'd12: begin
          sh_prime_q <= cmd_data_i[15:0];
          sh_q0_q <= cmd_data_i[31:16];
          sh_npix_q <= cmd_data_i[47:32];
          sh_npad_q <= cmd_data_i[63:48];
        end
        4'd13: begin
          sh_ldelay_q <= cmd_data_i[15:0];
          sh_nread_q <= cmd_data_i[31:16];
        end
        default: ;
      endcase
    if (start) begin
      a_dw_q <= sh_dw_q;
      a_pool_q <= sh_pool_q;
      a_pmax_q <= sh_pmax_q;
      a_keep_q <= sh_keep_q;
      a_follow_q <= sh_follow_q;
      a_push_q <= sh_push_q;
      a_dep_q <= sh_dep_q;
      a_px_step_q <= sh_px_step_q;
      a_line_step_q <= sh_line_step_q;
      a_ct_step_q <= sh_ct_step_q;
      a_inc_kg_q <= sh_inc_kg_q;
      a_inc_kw_q <= sh_inc_kw_q;
      a_inc_c_q <= sh_inc_c_q;
      a_ow_q <= sh_ow_q;
      a_ctiles_q <= sh_ctiles_q;
      a_npt_q <= sh_npt_q;
      a_nc_q <= sh_nc_q;
      a_binc_c_q <= sh_binc_c_q;
      a_binc_kw_q <= sh_binc_kw_q;
      a_iy0_q <= sh_iy0_q;
      a_sy_q <= sh_sy_q;
      a_h_q <= sh_h_q;
      a_ky_step_q <= sh_ky_step_q;
      a_b0_q <= sh_b0_q;
      a_b_step_q <= sh_b_step_q;
      a_lb_q <= sh_lb_q;
      a_kwords_q <= sh_kwords_q;
      a_npix_q <= sh_npix_q;
      a_npad_q <= sh_npad_q;
      a_ldelay_q <= sh_ldelay_q;
      a_nread_q <= sh_nread_q;
      a_kg_q <= sh_kg_q;
      a_kw_q <= sh_kw_q;
      a_st_full_q <= sh_st_full_q;
      a_st_last_q <= sh_st_last_q;
      a_st_glast_q <= sh_st_glast_q;
      a_run_q <= sh_run_q;
      a_pitch_q <= sh_pitch_q;
      a_dil_q <= sh_dil_q;
      a_dmin_q <= sh_dmin_q;
      a_lead_q <= sh_lead_q;
      a_zx_q <= sh_zx_q;
      a_dkw_q <= sh_dkw_q;
      a_dkh0_q <= sh_dkh0_q;
      a_need0_q <= sh_need0_q;
      a_need_step_q <= sh_need_step_q;
      a_need_max_q <= sh_need_max_q;
    end
  end

  generate
    if (GROUP > 1 && WS == 0) begin : g_group
      reg [7:0] sh_gstep_q, sh_gap_q, a_gstep_q, a_gap_q;
      always @(posedge clk_i) begin
        if (cmd_we_i && cmd_idx_i == 4'd9) sh_gap_q <= cmd_data_i[63:56];
        if (cmd_we_i && cmd_idx_i == 4'd11) sh_gstep_q <= cmd_data_i[39:32];
        if (start) a_gap_q <= sh_gap_q;
        if (start) a_gstep_q <= sh_gstep_q;
      end
      assign idx_step = a_gstep_q;
      assign idx_gap  = a_gap_q;
    end else begin : g_single
      assign idx_step = 8'd1;
      assign idx_gap  = a_pitch_q - a_run_q + 8'd1;
    end
    if (GROUP > 1 && WS != 0) begin : g_pack
      reg sh_pack_q, a_pack_q;
      always @(posedge clk_i) begin
        if (cmd_we_i && cmd_idx_i == 4'd0) sh_pack_q <= cmd_data_i[37];
        if (start) a_pack_q <= sh_pack_q;
      end
      assign tok_idx = {5'd0, a_pack_q};
    end else begin : g_index
      assign tok_idx = idx_q[5:0];
    end
  endgenerate

  assign cmd_full_o = full_q;
  assign tok_push_o = push_q;
  assign rd_o       = frd_q;
  assign addr_o     = faddr_q;
  assign wgt_rel_o  = rel_q;
  assign wgt_addr_o = wa5_q;
  // A segment has at least 3 cycles: the loops still stand where they were when it was issued.
  assign wgt_seg_o  = {a_kwords_q, a_keep_q, a_keep_q && !ch_end, tok1_q[3], (WS != 0) && tok1_q[1] && tok1_q[4] && !tok1_q[5]};
  assign tok_o      = tok5_q;
  assign bus_o      = bus_q;
  assign in_map_o   = pv5_q;
  assign vy_o       = vy5_q;
  assign vx_o       = vx5_q;
  assign zx_o       = zx4_q;
  assign ldelay_o   = a_ldelay_q;
  assign ev_o       = ev_q;
endmodule
`default_nettype wire
