/* SPDX-License-Identifier: Apache-2.0
 * The top of a device that is alone on its chip: all memory inside, a UART instead of AXI. The engines between are those of
 * the other top, with the parameters that leave out what a small network does not need (enum narrow). */
#include "emit.h"

#define L(...) writer_line(w, __VA_ARGS__)

static int bits_of(int v)
{
	int n = 1;

	while (v >> n)
		n++;
	return n;
}

static void head(struct writer *w, const struct config *c)
{
	L("module %s_chip #(", c->name);
	L("\tparameter DIV = 12             // clock cycles of a UART bit");
	L(") (");
	L("\tinput  wire clk,");
	L("\tinput  wire rst_n,              // synchronous, active low");
	L("\tinput  wire rx,                 // UART, 8 bits, no parity, one stop bit");
	L("\toutput wire tx,");
	L("\toutput wire busy                // a program runs");
	L(");");
	w->indent++;
	L("localparam ROWS     = %d;", c->rows);
	L("localparam COLS     = %d;", c->cols);
	L("localparam ACC_W    = %d; // bits of a sum", c->acc_bits);
	L("localparam ACT_AW   = %d; // log2 of the bytes for feature maps, half at each end of the memory: a window may begin before address 0", c->act_aw);
	L("localparam WGT_DEPTH = %d; // words in the weight buffer", c->wgt_depth);
	L("localparam WGT_AW   = %d;", c->wgt_aw);
	L("localparam WGT_WORD = %d;  // bytes of a weight word in memory", c->wgt_word);
	L("localparam PAR_DEPTH = %d; // output channels in the parameter buffer", c->par_rows);
	L("localparam PAR_RW   = %d;  // bits of a row's number in a channel tile", c->cols > 1 ? bits_of(c->cols - 1) : 1);
	L("localparam COL_DEPTH = %d; // vectors in the collector", c->col_depth);
	L("localparam COL_AW   = %d;", c->col_aw);
	L("localparam SLOW     = %d; // cycles of a requantization step", c->post_cycles);
	L("localparam DUAL     = %d;  // two products in a DSP block", c->target == TARGET_UP5K);
	writer_text(w, "\n");
}

static void wires(struct writer *w)
{
	L("reg                   core_rst_n_q;       // a program starts with everything reset");
	L("reg  [1:0]            start_q;");
	L("reg                   run_q;");
	L("reg                   error_q;            // since the program's start");
	L("wire                  rx_valid, tx_valid, tx_ready, host_wr, host_rd, host_gnt, host_vld, start, done, seq_err;");
	L("wire [7:0]            rx_data, tx_data, host_wdata;");
	L("wire [16:0]           host_addr;");
	L("wire [2:0]            cmd_we, cmd_full;   // load, feed, post");
	L("wire [3:0]            cmd_idx;");
	L("wire [23:0]           tok_wait, tok_push; // [3][8]: load, feed, post");
	L("wire [2:0]            tok_take;");
	L("wire                  load_idle, feed_idle, post_idle, post_err;");
	L("wire [7:0]            post_code;");
	L("wire                  fetch_rd, fetch_gnt, fetch_vld, load_rd, load_gnt, load_vld;");
	L("wire [16:0]           fetch_addr, load_addr;");
	L("wire [ACT_AW-1:0]     feed_addr, post_addr, post_waddr;");
	L("wire                  feed_rd, feed_vld, post_rd, post_gnt, post_vld, post_wr, img_gnt, img_vld, mem_busy;");
	L("wire [63:0]           rd_data;            // [8]");
	L("wire [63:0]           post_wdata;");
	L("wire [7:0]            post_wmask;");
	L("wire                  wgt_valid, wgt_rd;");
	L("wire [WGT_AW:0]       wgt_cnt, wgt_rel;");
	L("wire [WGT_AW-1:0]     wgt_addr;");
	L("wire [19:0]           wgt_seg;");
	L("wire [COLS*8-1:0]     wgt_word;           // [COLS]");
	L("wire                  par_we, par_rel, par_re, par_done, par_ok;");
	L("wire [71:0]           par_data, par_row_data;");
	L("wire [PAR_RW-1:0]     par_row;");
	L("wire [21:0]           tok;                // feed's token, cmodel/feed.h");
	L("wire [63:0]           bus;                // [8] operands");
	L("wire                  in_map;");
	L("wire [2:0]            vy, vx;");
	L("wire [7:0]            zx;");
	L("wire [15:0]           ldelay;");
	L("wire [5:0]            feed_ev;");
	L("wire                  array_push, pool_push, col_valid, col_pop;");
	L("wire [COLS*ACC_W-1:0] array_vec, pool_vec, col_vec; // [COLS]");
	L("wire [15:0]           busy_pe, gated;");
	L("wire [7:0]            post_done;");
	L("wire [15:0]           post_pix;");
	L("wire                  post_last, mem_wait;");
	L("wire [1:0]            wgt_ev;");
	L("wire                  wgt_whole, wgt_idx_ev;");
	L("wire                  unused_ok = &{1'b0, wgt_seg, feed_ev, busy_pe, gated, tok_wait, tok_push, post_code, wgt_ev, wgt_idx_ev, wgt_whole, post_wdata, post_wmask, tok_take, ldelay, mem_wait};");
	writer_text(w, "\n");
}

static void control(struct writer *w)
{
	L("assign busy = run_q;");
	L("always @(posedge clk) begin");
	L("\tcore_rst_n_q <= rst_n && !start;");
	L("\tstart_q      <= rst_n ? {start_q[0], start} : 2'd0;");
	L("\trun_q        <= rst_n && (start || (run_q && !done));");
	L("end");
	L("uart_rx #(.DIV(DIV)) u_rx (.clk_i(clk), .rst_ni(rst_n), .rx_i(rx), .valid_o(rx_valid), .data_o(rx_data));");
	L("uart_tx #(.DIV(DIV)) u_tx (.clk_i(clk), .rst_ni(rst_n), .valid_i(tx_valid), .data_i(tx_data), .ready_o(tx_ready), .tx_o(tx));");
	L("chip_host u_host (");
	L("\t.clk_i(clk), .rst_ni(rst_n), .rx_valid_i(rx_valid), .rx_data_i(rx_data), .tx_valid_o(tx_valid), .tx_data_o(tx_data), .tx_ready_i(tx_ready),");
	L("\t.wr_o(host_wr), .rd_o(host_rd), .addr_o(host_addr), .wdata_o(host_wdata), .gnt_i(host_gnt), .vld_i(host_vld), .rdata_i(rd_data[7:0]),");
	L("\t.start_o(start), .done_i(done), .err_i(error_q)");
	L(");");
		L("always @(posedge clk) error_q <= !start && (error_q || seq_err || post_err);");
	L("chip_fetch u_fetch (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .start_i(start_q[1]), .base_i(host_addr[16:7]), .idle_i(load_idle && feed_idle && post_idle), .done_o(done), .err_o(seq_err),");
	L("\t.rd_o(fetch_rd), .addr_o(fetch_addr), .gnt_i(fetch_gnt), .vld_i(fetch_vld), .data_i(rd_data[3:0]),");
	L("\t.cmd_we_o(cmd_we), .cmd_idx_o(cmd_idx), .cmd_full_i(cmd_full)");
	L(");");
	L("// Input and output are where the host puts and finds them: no engine waits for another one's token.");
	L("chip_load #(.WGT_AW(WGT_AW), .WPB(8 / WGT_WORD), .PAR_DEPTH(PAR_DEPTH), .COLS(COLS)) u_load (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .cmd_we_i(cmd_we[0]), .cmd_idx_i(cmd_idx), .cmd_data_i(rd_data), .cmd_full_o(cmd_full[0]),");
	L("\t.tok_wait_o(tok_wait[7:0]), .tok_ok_i(1'b1), .tok_take_o(tok_take[0]), .tok_push_o(tok_push[7:0]), .idle_o(load_idle),");
	L("\t.base_i(host_addr), .rd_o(load_rd), .addr_o(load_addr), .gnt_i(load_gnt), .vld_i(load_vld), .data_i(rd_data),");
	L("\t.wgt_valid_o(wgt_valid), .wgt_rel_i(wgt_rel), .par_we_o(par_we), .par_data_o(par_data), .par_rel_i(par_rel)");
	L(");");
}

static void memory(struct writer *w)
{
	L("reg [5:0] owner_q;                          // whose word of the image port comes in 3, 2, 1 cycles: {fetch, load}");
	L("wire      fetch_turn = fetch_rd && !host_rd;");
	L("wire      load_turn  = load_rd && !host_rd && !fetch_rd;");
	L("always @(posedge clk) owner_q <= {owner_q[3:0], fetch_turn, load_turn};");
	L("assign host_gnt  = img_gnt && host_rd;");
	L("assign fetch_gnt = img_gnt && fetch_turn;");
	L("assign load_gnt  = img_gnt && load_turn;");
	L("assign host_vld  = img_vld && owner_q[5:4] == 2'b00;");
	L("assign fetch_vld = img_vld && owner_q[5];");
	L("assign load_vld  = img_vld && owner_q[4];");
	L("chip_mem u_mem (");
	L("\t.clk_i(clk), .rst_ni(rst_n), .feed_rd_i(feed_rd), .feed_addr_i({{17-ACT_AW{feed_addr[ACT_AW-1]}}, feed_addr}), .post_rd_i(post_rd), .post_addr_i({{17-ACT_AW{post_addr[ACT_AW-1]}}, post_addr}), .post_gnt_o(post_gnt),");
	L("\t.img_rd_i(host_rd || fetch_rd || load_rd), .img_addr_i(host_rd ? host_addr : fetch_rd ? fetch_addr : load_addr), .img_gnt_o(img_gnt),");
	L("\t.wr_i(post_wr || host_wr), .waddr_i(run_q ? {{17-ACT_AW{post_waddr[ACT_AW-1]}}, post_waddr} : host_addr), .wdata_i(run_q ? post_wdata[7:0] : host_wdata), .busy_o(mem_busy), .wait_o(mem_wait),");
	L("\t.rd_data_o(rd_data), .feed_vld_o(feed_vld), .post_vld_o(post_vld), .img_vld_o(img_vld)");
	L(");");
	L("wgt_buffer #(.BUS_W(64), .COLS(COLS), .WGT_W(8), .WORD(WGT_WORD), .DEPTH(WGT_DEPTH), .AW(WGT_AW)) u_wgt (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .wr_valid_i(wgt_valid), .wr_data_i(rd_data), .cnt_o(wgt_cnt), .rd_i(wgt_rd), .raddr_i(wgt_addr), .rdata_o(wgt_word), .wr_ev_o(wgt_ev), .whole_o(wgt_whole), .idx_ev_o(wgt_idx_ev)");
	L(");");
}

static void engines(struct writer *w, const struct config *c)
{
	L("feed #(.WS(0), .ROWS(ROWS), .PORT(8), .ACT_W(8), .X_W(8), .AW(ACT_AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW), .SHADOW(0), .DW(0), .SUB(0), .KEEP(1), .SINGLE(1),");
	L("\t.STEP_W(%d), .CNT_W(%d), .LINE_W(%d), .XY_W(%d), .LOOP_W(%d)) u_feed (", CHIP_STEP_W, CHIP_CNT_W, CHIP_LINE_W, CHIP_XY_W, CHIP_LOOP_W);
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .cmd_we_i(cmd_we[1]), .cmd_idx_i(cmd_idx), .cmd_data_i(rd_data), .cmd_full_o(cmd_full[1]),");
	L("\t.tok_wait_o(tok_wait[15:8]), .tok_ok_i(1'b1), .tok_take_o(tok_take[1]), .tok_push_o(tok_push[15:8]), .idle_o(feed_idle),");
	L("\t.rd_o(feed_rd), .addr_o(feed_addr), .vld_i(feed_vld), .rd_data_i(rd_data),");
	L("\t.wgt_cnt_i(wgt_cnt), .wgt_ready_i(1'b1), .wgt_rel_o(wgt_rel), .wgt_addr_o(wgt_addr), .wgt_seg_o(wgt_seg), .col_pop_i(col_pop),");
	L("\t.post_rd_i(mem_busy), .post_done_i(post_done), .post_last_i(post_last), .post_pix_i(post_pix),");
	L("\t.tok_o(tok), .bus_o(bus), .in_map_o(in_map), .vy_o(vy), .vx_o(vx), .zx_o(zx), .ldelay_o(ldelay), .ev_o(feed_ev)");
	L(");");
	L("pool #(.COLS(COLS), .X_W(8), .ACC_W(ACC_W), .SUM_W(14)) u_pool (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .valid_i(tok[0] && tok[1] && tok[5]), .first_i(tok[2]), .last_i(tok[3]), .max_i(tok[6]), .in_map_i(in_map),");
	L("\t.word_i(bus[COLS*8-1:0]), .push_o(pool_push), .vec_o(pool_vec)");
	L(");");
	L("assign wgt_rd = tok[0] && tok[1] && !tok[5];");
	L("array_os #(.ROWS(ROWS), .COLS(COLS), .PORT(8), .PORT_AW(3), .X_W(8), .WGT_W(8), .ACC_W(ACC_W), .GATE(0), .LB_DEPTH(4), .LB_AW(2), .DUAL(DUAL)) u_array (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .tok_i(tok), .bus_i(bus), .vy_i(vy), .vx_i(vx), .pad_i(zx), .ldelay_i(3'd2), .w_i(wgt_word),");
	L("\t.push_o(array_push), .vec_o(array_vec), .busy_o(busy_pe), .gated_o(gated)");
	L(");");
	L("collector #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(COL_DEPTH)) u_col (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .push_i(array_push || pool_push), .push_data_i(pool_push ? pool_vec : array_vec),");
	L("\t.valid_o(col_valid), .data_o(col_vec), .pop_i(col_pop)");
	L(");");
	L("param_buffer #(.COLS(COLS), .LANES(1), .PAR_ROWS(PAR_DEPTH)) u_par (");
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .we_i(par_we), .data_i(par_data), .re_i(par_re), .row_i(par_row), .rel_i(par_done),");
	L("\t.ok_o(par_ok), .data_o(par_row_data), .rel_o(par_rel)");
	L(");");
	L("post #(.COLS(COLS), .LANES(1), .ACC_W(ACC_W), .ACT_W(8), .PORT(8), .ACT_AW(ACT_AW), .ROUNDING(0), .SHADOW(0), .SLOW(SLOW), .XY_W(%d), .CNT_W(%d), .STEP_W(%d)) u_post (",
	  CHIP_XY_W, CHIP_CNT_W, CHIP_STEP_W);
	L("\t.clk_i(clk), .rst_ni(core_rst_n_q), .cmd_we_i(cmd_we[2]), .cmd_idx_i(cmd_idx), .cmd_data_i(rd_data), .cmd_full_o(cmd_full[2]),");
	L("\t.tok_wait_o(tok_wait[23:16]), .tok_ok_i(1'b1), .tok_take_o(tok_take[2]), .tok_push_o(tok_push[23:16]), .idle_o(post_idle),");
	L("\t.err_o(post_err), .err_code_o(post_code), .done_cnt_o(post_done), .pix_cnt_o(post_pix), .last_tile_o(post_last),");
	L("\t.col_valid_i(col_valid), .col_data_i(col_vec), .col_pop_o(col_pop),");
	L("\t.par_re_o(par_re), .par_row_o(par_row), .par_rel_o(par_done), .par_ok_i(par_ok), .par_data_i(par_row_data),");
	L("\t.post_rd_o(post_rd), .post_addr_o(post_addr), .post_gnt_i(post_gnt), .post_vld_i(post_vld), .rd_data_i(rd_data),");
	L("\t.post_wr_o(post_wr), .post_waddr_o(post_waddr), .post_wdata_o(post_wdata), .post_wmask_o(post_wmask)");
	L(");");
	(void)c;
}

void emit_chip(struct writer *w, const struct config *c, const char *command)
{
	L("// Made by: %s", command);
	L("// Systole accelerator %s alone on a chip: %d x %d PEs, 128 KiB, UART. SPDX-License-Identifier: Apache-2.0", c->name, c->rows, c->cols);
	L("`default_nettype none");
	head(w, c);
	wires(w);
	control(w);
	memory(w);
	engines(w, c);
	w->indent--;
	L("endmodule");
	L("`default_nettype wire");
}
