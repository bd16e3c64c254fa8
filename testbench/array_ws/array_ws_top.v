// feed, wload_ws, wgt_buffer and array_ws as the top joins them; the activation buffer is the bench's.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module array_ws_top #(
  parameter ROWS   = 8,
  parameter COLS   = 8,
  parameter PORT   = 8,
  parameter ACT_W  = 8,
  parameter WGT_W  = 8,
  parameter GATE   = 1,
  parameter ACC_W  = 32,
  parameter DEPTH  = 256,
  parameter WGT_AW = 11,
  parameter BUS_W  = 64,
  parameter COL_AW = 5,
  parameter AW     = 16
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  cmd_we_i,
  input  wire [3:0]            cmd_idx_i,
  input  wire [63:0]           cmd_data_i,
  output wire                  cmd_full_o,
  output wire                  idle_o,
  output wire                  rd_o,
  output wire [AW-1:0]         addr_o,
  input  wire                  vld_i,
  input  wire [PORT*ACT_W-1:0] rd_data_i,
  input  wire                  wr_valid_i,
  input  wire [BUS_W-1:0]      wr_data_i,
  output wire [WGT_AW:0]       rel_o,
  input  wire                  col_pop_i,
  input  wire                  post_rd_i,
  output wire [21:0]           tok_o,
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,
  output wire [15:0]           busy_o,
  output wire [15:0]           gated_o,
  output wire                  acc_rd_o,
  output wire                  acc_wr_o
);
  localparam X_W  = ACT_W + GATE;
  localparam WORD = 1 << $clog2(COLS);

  wire                  ready, rd, take, in_map;
  wire [7:0]            tok_wait, tok_push;
  wire [WGT_AW:0]       cnt, feed_rel;
  wire [WGT_AW-1:0]     feed_addr, raddr;
  wire [19:0]           seg;
  wire [PORT*X_W-1:0]   bus;
  wire [2:0]            vy, vx;
  wire [ACT_W-1:0]      zx;
  wire [15:0]           ldelay;
  wire [5:0]            ev;
  wire [ROWS-1:0]       shift;
  wire [COLS*WGT_W-1:0] word;
  wire [1:0]            wr_ev;
  wire                  idx_ev, whole;
  wire unused = &{1'b0, take, in_map, tok_wait, tok_push, feed_rel, feed_addr, vy, vx, zx, ldelay, ev, wr_ev, idx_ev, whole};

  feed #(.WS(1), .ROWS(ROWS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW)) u_feed (
    .clk_i(clk_i), .rst_ni(rst_ni), .cmd_we_i(cmd_we_i), .cmd_idx_i(cmd_idx_i), .cmd_data_i(cmd_data_i), .cmd_full_o(cmd_full_o),
    .tok_wait_o(tok_wait), .tok_ok_i(1'b1), .tok_take_o(take), .tok_push_o(tok_push), .idle_o(idle_o),
    .rd_o(rd_o), .addr_o(addr_o), .vld_i(vld_i), .rd_data_i(rd_data_i),
    .wgt_cnt_i(cnt), .wgt_ready_i(ready), .wgt_rel_o(feed_rel), .wgt_addr_o(feed_addr), .wgt_seg_o(seg),
    .col_pop_i(col_pop_i), .post_rd_i(post_rd_i), .post_done_i(8'd0), .post_last_i(1'b0), .post_pix_i(16'd0),
    .tok_o(tok_o), .bus_o(bus), .in_map_o(in_map), .vy_o(vy), .vx_o(vx), .zx_o(zx), .ldelay_o(ldelay), .ev_o(ev)
  );
  wload_ws #(.ROWS(ROWS), .WGT_AW(WGT_AW)) u_wload (
    .clk_i(clk_i), .rst_ni(rst_ni), .seg_i(seg), .cnt_i(cnt), .ready_o(ready), .rd_o(rd), .raddr_o(raddr), .rel_o(rel_o), .shift_o(shift)
  );
  wgt_buffer #(.BUS_W(BUS_W), .COLS(COLS), .WGT_W(WGT_W), .WORD(WORD), .DEPTH(1 << WGT_AW), .AW(WGT_AW)) u_wgt (
    .clk_i(clk_i), .rst_ni(rst_ni), .wr_valid_i(wr_valid_i), .wr_data_i(wr_data_i), .cnt_o(cnt),
    .rd_i(rd), .raddr_i(raddr), .rdata_o(word), .idx_ev_o(idx_ev), .whole_o(whole), .wr_ev_o(wr_ev)
  );
  array_ws #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .DEPTH(DEPTH), .AW($clog2(DEPTH))) u_array (
    .clk_i(clk_i), .rst_ni(rst_ni), .tok_i(tok_o), .bus_i(bus), .shift_i(shift), .w_i(word),
    .push_o(push_o), .vec_o(vec_o), .busy_o(busy_o), .gated_o(gated_o), .acc_rd_o(acc_rd_o), .acc_wr_o(acc_wr_o)
  );
endmodule
`default_nettype wire
