// SPDX-License-Identifier: Apache-2.0
// Device under test of rs_tb.cpp: everything between the sequencer, the buffers' ports and the collector.
`default_nettype none
module rs_top #(
  parameter ROWS = 6, parameter COLS = 8, parameter PORT = 16, parameter ACT_W = 8, parameter GATE = 1, parameter WGT_W = 8,
  parameter ACC_W = 29, parameter RING = 32, parameter SPAD = 224, parameter AW = 16, parameter WGT_WORD = 8,
  parameter WGT_DEPTH = 2048, parameter ACC_DEPTH = 512, parameter COL_DEPTH = 16
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
  output wire [5:0]                   ev_o,
  output wire                         rd_o,
  output wire [AW-1:0]                addr_o,
  input  wire                         vld_i,
  input  wire [PORT*ACT_W-1:0]        rd_data_i,
  input  wire                         wr_valid_i,
  input  wire [63:0]                  wr_data_i,
  output wire [$clog2(WGT_DEPTH):0]   wgt_rel_o,
  input  wire [7:0]                   post_done_i,
  input  wire                         post_last_i,
  input  wire [15:0]                  post_pix_i,
  input  wire                         col_pop_i,
  output wire                         push_o,
  output wire [COLS*ACC_W-1:0]        vec_o
);
  localparam RING_AW = $clog2(RING);
  localparam SPAD_AW = (SPAD > 4) ? $clog2(SPAD) : 2;
  localparam WGT_AW  = $clog2(WGT_DEPTH);
  localparam COL_AW  = $clog2(COL_DEPTH);
  localparam X_W     = ACT_W + GATE;

  wire [1:0]  e_we, e_full, e_ok, e_take, e_idle, e_rd, e_pop;
  wire [7:0]  rs_wait, pool_wait, rs_push, pool_push;
  wire [AW-1:0] rs_addr, pool_addr;
  wire [5:0]  rs_ev, pool_ev;
  feed_mux #(.AW(AW), .COL_AW(COL_AW)) u_mux (
    .clk_i(clk_i), .rst_ni(rst_ni), .cmd_we_i(cmd_we_i), .cmd_idx_i(cmd_idx_i), .cmd_pool_i(cmd_data_i[33]), .cmd_full_o(cmd_full_o),
    .tok_wait_o(tok_wait_o), .tok_ok_i(tok_ok_i), .tok_take_o(tok_take_o), .tok_push_o(tok_push_o), .idle_o(idle_o),
    .rd_o(rd_o), .addr_o(addr_o), .ev_o(ev_o), .col_push_i(push_o), .col_pop_i(col_pop_i),
    .e_cmd_we_o(e_we), .e_cmd_full_i(e_full), .rs_tok_wait_i(rs_wait), .pool_tok_wait_i(pool_wait), .e_tok_ok_o(e_ok),
    .e_tok_take_i(e_take), .rs_tok_push_i(rs_push), .pool_tok_push_i(pool_push), .e_idle_i(e_idle), .e_rd_i(e_rd),
    .rs_addr_i(rs_addr), .pool_addr_i(pool_addr), .rs_ev_i(rs_ev), .pool_ev_i(pool_ev), .e_col_pop_o(e_pop)
  );

  wire [WGT_AW:0]      cnt;
  wire                 wgt_rd;
  wire [WGT_AW-1:0]    wgt_addr;
  wire [COLS*WGT_W-1:0] w;
  wire [1:0]           wr_ev;
  wire                 idx_ev, whole;
  wgt_buffer #(.BUS_W(64), .COLS(COLS), .WGT_W(WGT_W), .WORD(WGT_WORD), .DEPTH(WGT_DEPTH), .AW(WGT_AW)) u_wgt (
    .clk_i(clk_i), .rst_ni(rst_ni), .wr_valid_i(wr_valid_i), .wr_data_i(wr_data_i), .cnt_o(cnt), .rd_i(wgt_rd), .raddr_i(wgt_addr),
    .rdata_o(w), .idx_ev_o(idx_ev), .whole_o(whole), .wr_ev_o(wr_ev)
  );

  wire        shift, wv, start, sep, flat, done, rd_ev, acc_wr_ev;
  wire [22:0] cfg;
  wire [2:0]  gl;
  wire [7:0]  dj;
  wire [5+RING_AW+SPAD_AW-1:0] tok;
  wire [17+RING_AW-1:0] ld;
  wire [PORT*X_W-1:0]   bus, pool_bus;
  wire [15:0] nx, nx_last, ntile, dn, dn_last, busy, gated;
  wire [12:0] np;
  feed_rs #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(AW), .WGT_AW(WGT_AW), .RING_AW(RING_AW), .SPAD_AW(SPAD_AW)) u_feed (
    .clk_i(clk_i), .rst_ni(rst_ni), .cmd_we_i(e_we[0]), .cmd_idx_i(cmd_idx_i), .cmd_data_i(cmd_data_i), .cmd_full_o(e_full[0]),
    .tok_wait_o(rs_wait), .tok_ok_i(e_ok[0]), .tok_take_o(e_take[0]), .tok_push_o(rs_push), .idle_o(e_idle[0]), .rd_o(e_rd[0]), .addr_o(rs_addr),
    .vld_i(vld_i), .rd_data_i(rd_data_i), .wgt_cnt_i(cnt), .wgt_rel_o(wgt_rel_o), .wgt_rd_o(wgt_rd), .wgt_addr_o(wgt_addr), .tile_done_i(done),
    .post_done_i(post_done_i), .post_last_i(post_last_i), .post_pix_i(post_pix_i), .cfg_shift_o(shift), .cfg_o(cfg), .gl_o(gl), .dj_o(dj),
    .tok_o(tok), .wv_o(wv), .ld_o(ld), .bus_o(bus), .start_o(start), .sep_o(sep), .flat_o(flat), .nx_o(nx), .nx_last_o(nx_last), .np_o(np),
    .ntile_o(ntile), .dn_o(dn), .dn_last_o(dn_last), .ev_o(rs_ev)
  );

  wire                  v;
  wire [COLS*ACC_W-1:0] sums, rs_vec, pool_vec;
  array_rs #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .RING(RING), .RING_AW(RING_AW),
             .SPAD(1 << SPAD_AW), .SPAD_AW(SPAD_AW)) u_array (
    .clk_i(clk_i), .rst_ni(rst_ni), .cfg_shift_i(shift), .cfg_i(cfg), .gl_i(gl), .dj_i(dj), .tok_i(tok), .wv_i(wv), .w_i(w), .ld_i(ld), .bus_i(bus),
    .v_o(v), .vec_o(sums), .busy_o(busy), .gated_o(gated)
  );
  wire rs_psh, pool_psh;
  acc_rs #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(ACC_DEPTH), .AW($clog2(ACC_DEPTH)), .COL_AW(COL_AW)) u_acc (
    .clk_i(clk_i), .rst_ni(rst_ni), .start_i(start), .sep_i(sep), .flat_i(flat), .nx_i(nx), .nx_last_i(nx_last), .np_i(np), .ntile_i(ntile),
    .dn_i(dn), .dn_last_i(dn_last), .v_i(v), .vec_i(sums), .col_pop_i(e_pop[0]), .push_o(rs_psh), .vec_o(rs_vec), .done_o(done),
    .rd_ev_o(rd_ev), .wr_ev_o(acc_wr_ev)
  );

  wire [21:0] ptok;
  wire        in_map;
  wire [WGT_AW:0]   p_rel;
  wire [WGT_AW-1:0] p_waddr;
  wire [2:0]  p_vy, p_vx;
  wire [ACT_W-1:0] p_zx;
  wire [15:0] p_ld;
  feed #(.WS(0), .ROWS(ROWS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW)) u_pool_feed (
    .clk_i(clk_i), .rst_ni(rst_ni), .cmd_we_i(e_we[1]), .cmd_idx_i(cmd_idx_i), .cmd_data_i(cmd_data_i), .cmd_full_o(e_full[1]),
    .tok_wait_o(pool_wait), .tok_ok_i(e_ok[1]), .tok_take_o(e_take[1]), .tok_push_o(pool_push), .idle_o(e_idle[1]), .rd_o(e_rd[1]),
    .addr_o(pool_addr), .vld_i(vld_i), .rd_data_i(rd_data_i), .wgt_cnt_i({(WGT_AW+1){1'b0}}), .wgt_ready_i(1'b0), .wgt_rel_o(p_rel),
    .wgt_addr_o(p_waddr), .col_pop_i(e_pop[1]), .post_rd_i(1'b0), .post_done_i(post_done_i), .post_last_i(post_last_i), .post_pix_i(post_pix_i),
    .tok_o(ptok), .bus_o(pool_bus), .in_map_o(in_map), .vy_o(p_vy), .vx_o(p_vx), .zx_o(p_zx), .ldelay_o(p_ld), .wgt_seg_o(), .ev_o(pool_ev)
  );
  pool #(.COLS(COLS), .X_W(X_W), .ACC_W(ACC_W)) u_pool (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(ptok[1] && ptok[5]), .first_i(ptok[2]), .last_i(ptok[3]), .max_i(ptok[6]), .in_map_i(in_map),
    .word_i(pool_bus[COLS*X_W-1:0]), .push_o(pool_psh), .vec_o(pool_vec)
  );
  assign push_o = rs_psh || pool_psh;
  assign vec_o  = pool_psh ? pool_vec : rs_vec;
  wire unused = &{1'b0, ptok, p_rel, p_waddr, p_vy, p_vx, p_zx, p_ld, pool_bus, rd_ev, acc_wr_ev, wr_ev, idx_ev, whole, busy, gated};
endmodule
`default_nettype wire
