/* SPDX-License-Identifier: Apache-2.0
 * The top module: named ports, derived widths, and the wires between the modules of rtl/. */
#include "emit.h"
#include "cmodel/feed_rs.h"
#include "cmodel/feed_skip.h"

#define L(...) writer_line(w, __VA_ARGS__)

static int bits_of(int v)
{
	int n = 1;

	while (v >> n)
		n++;
	return n;
}

static void ports(struct writer *w, const struct config *c)
{
	L("module %s (", c->name);
	w->indent++;
	L("input  wire         aclk,");
	L("input  wire         aresetn,          // synchronous, active low");
	L("output wire         irq,              // level: job done or error, until cleared");
	L("// control: register map in %s.md", c->name);
	L("input  wire [11:0]  s_axil_awaddr,");
	L("input  wire [2:0]   s_axil_awprot,");
	L("input  wire         s_axil_awvalid,");
	L("output wire         s_axil_awready,");
	L("input  wire [31:0]  s_axil_wdata,");
	L("input  wire [3:0]   s_axil_wstrb,");
	L("input  wire         s_axil_wvalid,");
	L("output wire         s_axil_wready,");
	L("output wire [1:0]   s_axil_bresp,");
	L("output wire         s_axil_bvalid,");
	L("input  wire         s_axil_bready,");
	L("input  wire [11:0]  s_axil_araddr,");
	L("input  wire [2:0]   s_axil_arprot,");
	L("input  wire         s_axil_arvalid,");
	L("output wire         s_axil_arready,");
	L("output wire [31:0]  s_axil_rdata,");
	L("output wire [1:0]   s_axil_rresp,");
	L("output wire         s_axil_rvalid,");
	L("input  wire         s_axil_rready,");
	L("// memory");
	L("output wire [1:0]   m_axi_arid,");
	L("output wire [31:0]  m_axi_araddr,");
	L("output wire [7:0]   m_axi_arlen,");
	L("output wire [2:0]   m_axi_arsize,");
	L("output wire [1:0]   m_axi_arburst,");
	L("output wire         m_axi_arvalid,");
	L("input  wire         m_axi_arready,");
	L("input  wire [1:0]   m_axi_rid,");
	L("input  wire [%d:0] %sm_axi_rdata,", c->bus_bits - 1, c->bus_bits > 100 ? "" : " ");
	L("input  wire [1:0]   m_axi_rresp,");
	L("input  wire         m_axi_rlast,");
	L("input  wire         m_axi_rvalid,");
	L("output wire         m_axi_rready,");
	L("output wire [1:0]   m_axi_awid,");
	L("output wire [31:0]  m_axi_awaddr,");
	L("output wire [7:0]   m_axi_awlen,");
	L("output wire [2:0]   m_axi_awsize,");
	L("output wire [1:0]   m_axi_awburst,");
	L("output wire         m_axi_awvalid,");
	L("input  wire         m_axi_awready,");
	L("output wire [%d:0] %sm_axi_wdata,", c->bus_bits - 1, c->bus_bits > 100 ? "" : " ");
	L("output wire [%d:0] %sm_axi_wstrb,", c->bus_bytes - 1, c->bus_bytes > 10 ? " " : "  ");
	L("output wire         m_axi_wlast,");
	L("output wire         m_axi_wvalid,");
	L("input  wire         m_axi_wready,");
	L("input  wire [1:0]   m_axi_bid,");
	L("input  wire [1:0]   m_axi_bresp,");
	L("input  wire         m_axi_bvalid,");
	L("output wire         m_axi_bready");
	w->indent--;
	L(");");
}

static void parameters(struct writer *w, const struct config *c)
{
	L("localparam ROWS     = %d;", c->rows);
	L("localparam COLS     = %d;", c->cols);
	L("localparam ACT_W    = %d;  // bits of an activation", c->act_bits);
	L("localparam WGT_W    = %d;  // bits of a PE's weight operand%s", c->w_bits, c->wgt_bits == 1 ? ", -1 or 1" : "");
	L("localparam WGT_MEM  = %d;  // bits of a weight in memory", c->wgt_store);
	L("localparam X_W      = %d;  // bits of a PE's activation operand%s", c->x_bits, c->zero_gating ? ": zero point subtracted" : "");
	L("localparam ACC_W    = %d; // bits of a sum", c->acc_bits);
	if (!rs_skip(c))
		L("localparam GATE     = %d;  // zero gating", c->zero_gating);
	if (c->idx_bits)
		L("localparam GROUP    = %d;  // activations a weight's index chooses from: %d of %d weights may be other than zero", c->group, c->nm_n, c->nm_m);
	else if (c->dataflow != DATAFLOW_RS)
		L("localparam GROUP    = %d;  // activations presented to a PE in a step", c->group);
	if (c->dataflow == DATAFLOW_OS)
		L("localparam SUB      = %d;  // weights that a PE may multiply in a step", c->sub);
	if (c->idx_bits) {
		L("localparam IDX_W    = %d;  // bits of the index", c->idx_bits);
		L("localparam IDX_BLOCK = %d; // weight words whose indices come before them in memory", c->idx_block);
		L("localparam IDX_BEATS = %d; // beats of their indices", c->idx_beats);
	} else {
		L("localparam IDX_W    = 0;  // bits of a weight's index");
		L("localparam IDX_BLOCK = 1;");
		L("localparam IDX_BEATS = 0;");
	}
	L("localparam ROUNDING = %d;  // 0 tflite, 1 tflite_single, 2 onnx", (int)config_requant(c));
	L("localparam LANES    = %d;  // post-processing lanes", c->lanes);
	L("localparam BUS_W    = %d; // bits of the memory bus", c->bus_bits);
	L("localparam PORT     = %d; // activations read in a cycle", c->act_port);
	L("localparam PORT_AW  = %d;", c->port_aw);
	L("localparam ACT_AW   = %d; // log2 of the activation buffer's activations", c->act_aw);
	L("localparam WGT_WORD = %d;  // bytes of a weight word in memory", c->wgt_word);
	L("localparam WGT_DEPTH = %d; // words in the weight buffer", c->wgt_depth);
	L("localparam WGT_AW   = %d;", c->wgt_aw);
	L("localparam PAR_DEPTH = %d; // output channels in the parameter buffer", c->par_depth);
	L("localparam PAR_ROWS = %d; // rows of LANES entries there", c->par_rows);
	L("localparam PAR_RW   = %d;  // bits of a row's number in a channel tile", c->cols > c->lanes ? bits_of(c->cols / c->lanes - 1) : 1);
	L("localparam COL_DEPTH = %d; // vectors in the collector", c->col_depth);
	L("localparam COL_AW   = %d;", c->col_aw);
	L("localparam PE_W     = %d;  // bits of ROWS*COLS", bits_of(c->rows * c->cols));
	if (rs_skip(c)) {
		L("localparam QUEUE    = %d;  // activations in front of a PE's multiplier", c->queue_depth);
		L("localparam Q_AW     = %d;", skip_log2(c->queue_depth));
		L("localparam K_AW     = %d;  // log2 of half of a PE's columns of weights", skip_key_aw(c));
		L("localparam E_AW     = %d;  // log2 of half of its weights", skip_ent_aw(c));
		L("localparam P_AW     = %d;  // log2 of half of its sums", skip_psum_aw(c));
		L("localparam B_W      = %d; // bits of a sum's address before its index is taken off", skip_base_w(c));
		L("localparam L_AW     = %d;  // the larger of K_AW and E_AW", skip_load_aw(c));
		L("localparam CODE     = %d;  // 1: weights are numbers of 4 bits in a codebook", c->codebook != 0);
	} else if (c->dataflow == DATAFLOW_RS) {
		L("localparam RING     = %d; // activations in a PE's scratchpad", rs_ring(c));
		L("localparam RING_AW  = %d;", rs_ring_aw(c));
		L("localparam SPAD_AW  = %d; // log2 of the weights in a row's scratchpad", rs_spad_aw(c));
	}
	if (c->dataflow != DATAFLOW_OS && !rs_skip(c)) {
		L("localparam ACC_DEPTH = %d; // vectors in the accumulator RAM", c->acc_depth);
		L("localparam ACC_AW   = %d;", c->acc_aw);
	}
	if (c->dataflow == DATAFLOW_WS)
		L("localparam SHARE    = %d;  // rows that share a group of activations", c->nm_n);
	if (c->dataflow == DATAFLOW_OS) {
		L("localparam LB_DEPTH = %d; // words of the depthwise line buffer", c->line_depth);
		L("localparam LB_AW    = %d;", bits_of(c->line_depth) - 1);
	}
	writer_text(w, "\n");
}

static void wires(struct writer *w)
{
	L("wire                  rst_n;              // of everything but csr");
	L("wire                  start, halt, done;");
	L("wire [127:0]          base;               // [4][32]");
	L("wire [3:0]            cmd_we, cmd_full;   // load, feed, post, store");
	L("wire [3:0]            cmd_idx;");
	L("wire [63:0]           cmd_data;");
	L("wire [31:0]           tok_wait, tok_push; // [4][8]");
	L("wire [3:0]            tok_ok, tok_take;");
	L("wire                  seq_err, load_err, post_err, store_err, tok_err;");
	L("wire [7:0]            seq_code, load_code, post_code, store_code;");
	L("wire [31:0]           seq_err_addr, load_err_addr, store_err_addr;");
	L("wire                  load_idle, feed_idle, post_idle, store_idle, rd_idle, wr_idle;");
	L("wire                  rd_beat, wr_beat;");
	L("wire [1:0]            req_valid, req_ready, rsp_valid, rsp_ready;");
	L("wire [63:0]           req_addr;");
	L("wire [7:0]            req_len;");
	L("wire [BUS_W-1:0]      rsp_data;");
	L("wire                  rsp_last, rsp_err;");
	L("wire                  aw_valid, aw_ready, w_valid, w_ready, b_valid, b_err;");
	L("wire [31:0]           aw_addr;");
	L("wire [3:0]            aw_len;");
	L("wire [BUS_W-1:0]      w_data;");
	L("wire [BUS_W/8-1:0]    w_strb;");
	L("wire                  feed_rd, feed_vld, post_rd, post_gnt, post_vld, store_rd, store_gnt, store_vld;");
	L("wire [ACT_AW-1:0]     feed_addr, post_addr, store_addr;");
	L("wire [PORT*ACT_W-1:0] rd_data;            // [PORT]");
	L("wire                  post_wr, load_wr, load_wready;");
	L("wire [ACT_AW-1:0]     post_waddr, load_waddr;");
	L("wire [PORT*ACT_W-1:0] post_wdata, load_wdata;");
	L("wire [PORT-1:0]       post_wmask, load_wmask;");
	L("wire                  wgt_valid, wgt_rd;");
	L("wire [BUS_W-1:0]      wgt_beat;");
	L("wire [WGT_AW:0]       wgt_cnt, wgt_rel, feed_rel;");
	L("wire [WGT_AW-1:0]     wgt_addr, feed_wgt;");
	L("wire [19:0]           wgt_seg;            // ws: what its weight loader follows");
	L("wire                  wgt_ready;");
	L("wire [COLS*(WGT_W+IDX_W)-1:0] wgt_word;   // [COLS]");
	L("wire                  wgt_idx_ev;         // a beat of indices came");
	L("wire                  wgt_whole;          // a beat ends a block of indices and words");
	L("wire                  par_we, par_rel;");
	L("wire [71:0]           par_data;           // entry from memory");
	L("wire                  par_re, par_done, par_ok;");
	L("wire [PAR_RW-1:0]     par_row;");
	L("wire [LANES*72-1:0]   par_rows;           // [LANES] entries for post");
	L("wire [21:0]           tok;                // feed's token, cmodel/feed.h");
	L("wire [PORT*X_W-1:0]   bus;                // [PORT] operands");
	L("wire                  in_map;");
	L("wire [2:0]            vy, vx;");
	L("wire [ACT_W-1:0]      zx;");
	L("wire [15:0]           ldelay;");
	L("wire [5:0]            feed_ev;");
	L("wire                  array_push, pool_push, col_valid, col_pop;");
	L("wire [COLS*ACC_W-1:0] array_vec, pool_vec, col_vec; // [COLS]");
	L("wire [15:0]           busy, gated;");
	L("wire [7:0]            post_done;");
	L("wire [15:0]           post_pix;");
	L("wire                  post_last;");
	L("wire                  act_rd_ev, act_wr_ev;");
	L("wire [1:0]            wgt_wr_ev, acc_rd_ev, acc_wr_ev;");
	L("wire                  unused_ok = &{1'b0, vy, vx, zx, ldelay, busy, gated, in_map, bus, tok, wgt_seg, wgt_ready, feed_rel, feed_wgt, post_rd};");
	writer_text(w, "\n");
}

/* load and store move bytes: two a lane of the activation buffer. */
#define BYTES ".ACT_W(8), .ACT_AW(ACT_AW + 1), .PORT(2 * PORT)"

static void byte_lanes(struct writer *w, const struct config *c)
{
	int i;

	L("wire [ACT_AW:0]   load_byte, store_byte; // addresses of bytes, even");
	L("wire [2*PORT-1:0] load_bmask;            // of both bytes of an activation, or of none");
	L("assign load_waddr = load_byte[ACT_AW:1];");
	L("assign store_addr = store_byte[ACT_AW:1];");
	for (i = 0; i < c->act_port; i++)
		L("assign load_wmask[%d] = load_bmask[%d];", i, 2 * i);
	L("wire unused_bytes = &{1'b0, load_byte[0], store_byte[0], load_bmask};");
}

static void control(struct writer *w, const struct config *c)
{
	L("csr #(.PE_W(PE_W)) u_csr (");
	L("\t.clk_i(aclk), .rst_ni(aresetn),");
	L("\t.s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),");
	L("\t.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),");
	L("\t.s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),");
	L("\t.s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),");
	L("\t.s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),");
	L("\t.irq_o(irq), .core_rst_no(rst_n), .start_o(start), .halt_o(halt), .base_o(base), .done_i(done), .rd_idle_i(rd_idle), .wr_idle_i(wr_idle),");
	L("\t.err_i({tok_err, store_err, post_err, %s, load_err, seq_err}),", rs_skip(c) ? "feed_err" : "1'b0");
	L("\t.err_code_i({8'd8, store_code, post_code, 8'd%d, load_code, seq_code}),", rs_skip(c) ? 11 : 0);
	L("\t.err_addr_i({32'd0, store_err_addr, 64'd0, load_err_addr, seq_err_addr}),");
	L("\t.cnt_i({wr_beat, rd_beat, acc_wr_ev, acc_rd_ev, wgt_wr_ev, 1'b0, wgt_rd, 1'b0, act_wr_ev, 1'b0, act_rd_ev, gated[PE_W-1:0], busy[PE_W-1:0], feed_ev[5:0]})");
	L(");");
	L("sequencer #(.BUS_W(BUS_W)) u_seq (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .start_i(start), .base_i(base[31:0]), .idle_i({wr_idle, store_idle, post_idle, feed_idle, load_idle}), .done_o(done),");
	L("\t.err_o(seq_err), .err_code_o(seq_code), .err_addr_o(seq_err_addr),");
	L("\t.req_valid_o(req_valid[0]), .req_addr_o(req_addr[31:0]), .req_len_o(req_len[3:0]), .req_ready_i(req_ready[0]),");
	L("\t.rsp_valid_i(rsp_valid[0]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err),");
	L("\t.cmd_we_o(cmd_we), .cmd_idx_o(cmd_idx), .cmd_data_o(cmd_data), .cmd_full_i(cmd_full)");
	L(");");
	L("assign rsp_ready[0] = 1'b1;");
	L("tokens u_tokens (.clk_i(aclk), .rst_ni(rst_n), .wait_i(tok_wait), .ok_o(tok_ok), .take_i(tok_take), .push_i(tok_push), .err_o(tok_err));");
	L("axi_rd #(.BUS_W(BUS_W)) u_rd (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .halt_i(halt), .idle_o(rd_idle), .beat_o(rd_beat),");
	L("\t.req_valid_i(req_valid), .req_addr_i(req_addr), .req_len_i(req_len), .req_ready_o(req_ready),");
	L("\t.rsp_valid_o(rsp_valid), .rsp_data_o(rsp_data), .rsp_last_o(rsp_last), .rsp_err_o(rsp_err), .rsp_ready_i(rsp_ready),");
	L("\t.m_axi_arid(m_axi_arid), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize), .m_axi_arburst(m_axi_arburst),");
	L("\t.m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready), .m_axi_rid(m_axi_rid), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp),");
	L("\t.m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready)");
	L(");");
	L("axi_wr #(.BUS_W(BUS_W)) u_wr (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .halt_i(halt), .idle_o(wr_idle), .beat_o(wr_beat),");
	L("\t.aw_valid_i(aw_valid), .aw_addr_i(aw_addr), .aw_len_i(aw_len), .aw_ready_o(aw_ready),");
	L("\t.w_valid_i(w_valid), .w_data_i(w_data), .w_strb_i(w_strb), .w_ready_o(w_ready), .b_valid_o(b_valid), .b_err_o(b_err),");
	L("\t.m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),");
	L("\t.m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),");
	L("\t.m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(m_axi_bid), .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready)");
	L(");");
	if (c->act_size > 1)
		byte_lanes(w, c);
	L("load #(.BUS_W(BUS_W), %s, .WGT_WORD(WGT_WORD), .WGT_DEPTH(WGT_DEPTH), .WGT_AW(WGT_AW), .PAR_DEPTH(PAR_DEPTH), .COLS(COLS)) u_load (", c->act_size > 1 ? BYTES : ".ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT)");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[0]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[0]),");
	L("\t.tok_wait_o(tok_wait[7:0]), .tok_ok_i(tok_ok[0]), .tok_take_o(tok_take[0]), .tok_push_o(tok_push[7:0]), .idle_o(load_idle),");
	L("\t.err_o(load_err), .err_code_o(load_code), .err_addr_o(load_err_addr), .base_i(base),");
	L("\t.req_valid_o(req_valid[1]), .req_addr_o(req_addr[63:32]), .req_len_o(req_len[7:4]), .req_ready_i(req_ready[1]),");
	L("\t.rsp_valid_i(rsp_valid[1]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err), .rsp_ready_o(rsp_ready[1]),");
	L("\t.load_wr_o(load_wr), .load_waddr_o(%s), .load_wdata_o(load_wdata), .load_wmask_o(%s), .load_wready_i(load_wready),", c->act_size > 1 ? "load_byte" : "load_waddr",
	  c->act_size > 1 ? "load_bmask" : "load_wmask");
	L("\t.wgt_valid_o(wgt_valid), .wgt_data_o(wgt_beat), .wgt_rel_valid_i(|wgt_rel), .wgt_rel_words_i(wgt_rel), .wgt_back_i(wgt_idx_ev), .wgt_whole_i(wgt_whole),");
	L("\t.par_we_o(par_we), .par_data_o(par_data), .par_rel_i(par_rel)");
	L(");");
	L("store #(.BUS_W(BUS_W), %s) u_store (", c->act_size > 1 ? BYTES : ".ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT)");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[3]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[3]),");
	L("\t.tok_wait_o(tok_wait[31:24]), .tok_ok_i(tok_ok[3]), .tok_take_o(tok_take[3]), .tok_push_o(tok_push[31:24]), .idle_o(store_idle),");
	L("\t.err_o(store_err), .err_code_o(store_code), .err_addr_o(store_err_addr), .base_i(base),");
	L("\t.store_rd_o(store_rd), .store_addr_o(%s), .store_gnt_i(store_gnt), .store_vld_i(store_vld), .rd_data_i(rd_data),", c->act_size > 1 ? "store_byte" : "store_addr");
	L("\t.aw_valid_o(aw_valid), .aw_addr_o(aw_addr), .aw_len_o(aw_len), .aw_ready_i(aw_ready),");
	L("\t.w_valid_o(w_valid), .w_data_o(w_data), .w_strb_o(w_strb), .w_ready_i(w_ready), .wr_idle_i(wr_idle), .b_valid_i(b_valid), .b_err_i(b_err)");
	L(");");
}

static void buffers(struct writer *w)
{
	L("act_buffer #(.ACT_W(ACT_W), .PORT(PORT), .PORT_AW(PORT_AW), .AW(ACT_AW)) u_act (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .feed_rd_i(feed_rd), .feed_addr_i(feed_addr), .post_rd_i(post_rd), .post_addr_i(post_addr), .post_gnt_o(post_gnt),");
	L("\t.store_rd_i(store_rd), .store_addr_i(store_addr), .store_gnt_o(store_gnt),");
	L("\t.rd_data_o(rd_data), .feed_vld_o(feed_vld), .post_vld_o(post_vld), .store_vld_o(store_vld),");
	L("\t.post_wr_i(post_wr), .post_waddr_i(post_waddr), .post_wdata_i(post_wdata), .post_wmask_i(post_wmask),");
	L("\t.load_wr_i(load_wr), .load_waddr_i(load_waddr), .load_wdata_i(load_wdata), .load_wmask_i(load_wmask), .load_wready_o(load_wready),");
	L("\t.rd_ev_o(act_rd_ev), .wr_ev_o(act_wr_ev)");
	L(");");
	L("wgt_buffer #(.BUS_W(BUS_W), .COLS(COLS), .WGT_W(WGT_W), .MEM_W(WGT_MEM), .WORD(WGT_WORD), .DEPTH(WGT_DEPTH), .AW(WGT_AW), .IDX_W(IDX_W), .BLOCK(IDX_BLOCK), .IBEATS(IDX_BEATS)) u_wgt (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .wr_valid_i(wgt_valid), .wr_data_i(wgt_beat), .cnt_o(wgt_cnt),");
	L("\t.rd_i(wgt_rd), .raddr_i(wgt_addr), .rdata_o(wgt_word), .idx_ev_o(wgt_idx_ev), .whole_o(wgt_whole), .wr_ev_o(wgt_wr_ev)");
	L(");");
}

static void feed(struct writer *w, int ws)
{
	L("feed #(.WS(%d), .GROUP(GROUP), .ROWS(ROWS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(ACT_AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW)) u_feed (", ws);
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[1]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[1]),");
	L("\t.tok_wait_o(tok_wait[15:8]), .tok_ok_i(tok_ok[1]), .tok_take_o(tok_take[1]), .tok_push_o(tok_push[15:8]), .idle_o(feed_idle),");
	L("\t.rd_o(feed_rd), .addr_o(feed_addr), .vld_i(feed_vld), .rd_data_i(rd_data),");
	L("\t.wgt_cnt_i(wgt_cnt), .wgt_ready_i(wgt_ready), .wgt_rel_o(feed_rel), .wgt_addr_o(feed_wgt), .wgt_seg_o(wgt_seg), .col_pop_i(col_pop),");
	L("\t.post_rd_i(post_rd), .post_done_i(post_done), .post_last_i(post_last), .post_pix_i(post_pix),");
	L("\t.tok_o(tok), .bus_o(bus), .in_map_o(in_map), .vy_o(vy), .vx_o(vx), .zx_o(zx), .ldelay_o(ldelay), .ev_o(feed_ev)");
	L(");");
}

static void pool(struct writer *w, const struct config *c)
{
	L("pool #(.COLS(COLS), .X_W(X_W), .ACC_W(ACC_W)%s) u_pool (", c->target == TARGET_OSU018 ? ", .ADDER(1)" : "");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .valid_i(tok[0] && tok[1] && tok[5]), .first_i(tok[2]), .last_i(tok[3]), .max_i(tok[6]), .in_map_i(in_map),");
	L("\t.word_i(bus[COLS*X_W-1:0]), .push_o(pool_push), .vec_o(pool_vec)");
	L(");");
}

/* Row-stationary: feed_rs beside feed (pools only), one FEED engine to the rest through feed_mux. */
static void feed_rs(struct writer *w)
{
	L("wire [1:0]            e_we, e_full, e_ok, e_take, e_idle, e_rd, e_pop; // engines {pool, rs}");
	L("wire [7:0]            rs_wait, pool_wait, rs_tok_push, pool_tok_push;");
	L("wire [ACT_AW-1:0]     rs_addr, pool_addr;");
	L("wire [5:0]            rs_ev, pool_ev;");
	L("feed_mux #(.AW(ACT_AW), .COL_AW(COL_AW)) u_mux (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[1]), .cmd_idx_i(cmd_idx), .cmd_pool_i(cmd_data[33]), .cmd_full_o(cmd_full[1]),");
	L("\t.tok_wait_o(tok_wait[15:8]), .tok_ok_i(tok_ok[1]), .tok_take_o(tok_take[1]), .tok_push_o(tok_push[15:8]), .idle_o(feed_idle),");
	L("\t.rd_o(feed_rd), .addr_o(feed_addr), .ev_o(feed_ev), .col_push_i(array_push || pool_push), .col_pop_i(col_pop),");
	L("\t.e_cmd_we_o(e_we), .e_cmd_full_i(e_full), .rs_tok_wait_i(rs_wait), .pool_tok_wait_i(pool_wait), .e_tok_ok_o(e_ok),");
	L("\t.e_tok_take_i(e_take), .rs_tok_push_i(rs_tok_push), .pool_tok_push_i(pool_tok_push), .e_idle_i(e_idle), .e_rd_i(e_rd),");
	L("\t.rs_addr_i(rs_addr), .pool_addr_i(pool_addr), .rs_ev_i(rs_ev), .pool_ev_i(pool_ev), .e_col_pop_o(e_pop)");
	L(");");
	L("feed #(.WS(0), .ROWS(ROWS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(ACT_AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW)) u_feed (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(e_we[1]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(e_full[1]),");
	L("\t.tok_wait_o(pool_wait), .tok_ok_i(e_ok[1]), .tok_take_o(e_take[1]), .tok_push_o(pool_tok_push), .idle_o(e_idle[1]),");
	L("\t.rd_o(e_rd[1]), .addr_o(pool_addr), .vld_i(feed_vld), .rd_data_i(rd_data),");
	L("\t.wgt_cnt_i({(WGT_AW+1){1'b0}}), .wgt_ready_i(1'b0), .wgt_rel_o(feed_rel), .wgt_addr_o(feed_wgt), .wgt_seg_o(wgt_seg), .col_pop_i(e_pop[1]),");
	L("\t.post_rd_i(1'b0), .post_done_i(post_done), .post_last_i(post_last), .post_pix_i(post_pix),");
	L("\t.tok_o(tok), .bus_o(bus), .in_map_o(in_map), .vy_o(vy), .vx_o(vx), .zx_o(zx), .ldelay_o(ldelay), .ev_o(pool_ev)");
	L(");");
}

static void array_rs(struct writer *w)
{
	L("assign wgt_ready = 1'b0;");
	L("assign acc_rd_ev[1] = 1'b0;");
	L("assign acc_wr_ev[1] = 1'b0;");
	L("wire                         cfg_shift, wgt_there, rs_start, rs_sep, rs_flat, tile_done, sums_valid;");
	L("wire [22:0]                  cfg;");
	L("wire [2:0]                   gl;");
	L("wire [7:0]                   dj;");
	L("wire [5+RING_AW+SPAD_AW-1:0] rs_tok;             // step token, cmodel/feed_rs.h");
	L("wire [17+RING_AW-1:0]        rs_ld;              // load token");
	L("wire [PORT*X_W-1:0]          rs_bus;             // [PORT] operands");
	L("wire [15:0]                  nx, nx_last, ntile, dn, dn_last;");
	L("wire [12:0]                  np;");
	L("wire [COLS*ACC_W-1:0]        sums;               // [COLS] of one filter");
	L("feed_rs #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(ACT_AW), .WGT_AW(WGT_AW), .RING_AW(RING_AW), .SPAD_AW(SPAD_AW)) u_feed_rs (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(e_we[0]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(e_full[0]),");
	L("\t.tok_wait_o(rs_wait), .tok_ok_i(e_ok[0]), .tok_take_o(e_take[0]), .tok_push_o(rs_tok_push), .idle_o(e_idle[0]), .rd_o(e_rd[0]), .addr_o(rs_addr),");
	L("\t.vld_i(feed_vld), .rd_data_i(rd_data), .wgt_cnt_i(wgt_cnt), .wgt_rel_o(wgt_rel), .wgt_rd_o(wgt_rd), .wgt_addr_o(wgt_addr), .tile_done_i(tile_done),");
	L("\t.post_done_i(post_done), .post_last_i(post_last), .post_pix_i(post_pix), .cfg_shift_o(cfg_shift), .cfg_o(cfg), .gl_o(gl), .dj_o(dj),");
	L("\t.tok_o(rs_tok), .wv_o(wgt_there), .ld_o(rs_ld), .bus_o(rs_bus), .start_o(rs_start), .sep_o(rs_sep), .flat_o(rs_flat), .nx_o(nx), .nx_last_o(nx_last), .np_o(np),");
	L("\t.ntile_o(ntile), .dn_o(dn), .dn_last_o(dn_last), .ev_o(rs_ev)");
	L(");");
	L("array_rs #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .RING(RING), .RING_AW(RING_AW), .SPAD(1 << SPAD_AW), .SPAD_AW(SPAD_AW)) u_array (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cfg_shift_i(cfg_shift), .cfg_i(cfg), .gl_i(gl), .dj_i(dj), .tok_i(rs_tok), .wv_i(wgt_there), .w_i(wgt_word), .ld_i(rs_ld), .bus_i(rs_bus),");
	L("\t.v_o(sums_valid), .vec_o(sums), .busy_o(busy), .gated_o(gated)");
	L(");");
	L("acc_rs #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(ACC_DEPTH), .AW(ACC_AW), .COL_AW(COL_AW)) u_acc (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .start_i(rs_start), .sep_i(rs_sep), .flat_i(rs_flat), .nx_i(nx), .nx_last_i(nx_last), .np_i(np), .ntile_i(ntile),");
	L("\t.dn_i(dn), .dn_last_i(dn_last), .v_i(sums_valid), .vec_i(sums), .col_pop_i(e_pop[0]), .push_o(array_push), .vec_o(array_vec), .done_o(tile_done),");
	L("\t.rd_ev_o(acc_rd_ev[0]), .wr_ev_o(acc_wr_ev[0])");
	L(");");
}

/* Row-stationary without zeros: weights have a way of their own into the PEs, sums leave without acc_rs. */
static void array_skip(struct writer *w)
{
	L("assign wgt_ready = 1'b0;");
	L("assign acc_rd_ev[1] = 1'b0;");
	L("assign acc_wr_ev = 2'd0;");
	L("wire                cfg_shift, skip_dw, skip_bank, skip_pbank, skip_drain, skip_room, skip_idle, skip_leaving;");
	L("wire                load_bad, array_bad;  // the compressed weights are wrong");
	L("wire [P_AW+30:0]    cfg;");
	L("wire [L_AW+9:0]     skip_ld;              // what the weight word is, cmodel/feed_skip.h");
	L("wire [B_W+29:0]     skip_word;            // what the operands are");
	L("wire [PORT*X_W-1:0] skip_bus;             // [PORT] operands");
	L("wire [7:0]          skip_kh, skip_m0, skip_nseg, skip_nrows;");
	L("wire [8:0]          skip_nix;");
	L("wire [15:0]         skip_npix, skip_npix_last, skip_nout;");
	L("assign feed_err = load_bad || array_bad;");
	L("feed_skip #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(ACT_AW), .WGT_AW(WGT_AW), .E_AW(E_AW), .P_AW(P_AW), .B_W(B_W), .L_AW(L_AW), .CODE(CODE)) u_feed_skip (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(e_we[0]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(e_full[0]),");
	L("\t.tok_wait_o(rs_wait), .tok_ok_i(e_ok[0]), .tok_take_o(e_take[0]), .tok_push_o(rs_tok_push), .idle_o(e_idle[0]), .rd_o(e_rd[0]), .addr_o(rs_addr),");
	L("\t.vld_i(feed_vld), .rd_data_i(rd_data), .wgt_cnt_i(wgt_cnt), .wgt_rel_o(wgt_rel), .wgt_rd_o(wgt_rd), .wgt_addr_o(wgt_addr), .wgt_word_i(wgt_word),");
	L("\t.post_done_i(post_done), .err_o(load_bad), .cfg_shift_o(cfg_shift), .cfg_o(cfg), .ld_o(skip_ld), .dw_o(skip_dw), .kh_o(skip_kh), .nix_o(skip_nix),");
	L("\t.bank_o(skip_bank), .pbank_o(skip_pbank), .m0_o(skip_m0), .nseg_o(skip_nseg), .nrows_o(skip_nrows), .npix_o(skip_npix), .npix_last_o(skip_npix_last),");
	L("\t.nout_o(skip_nout), .drain_o(skip_drain), .w_o(skip_word), .bus_o(skip_bus), .room_i(skip_room), .array_idle_i(skip_idle), .drain_busy_i(skip_leaving),");
	L("\t.ev_o(rs_ev)");
	L(");");
	L("array_skip #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .Q(QUEUE), .Q_AW(Q_AW), .K_AW(K_AW), .E_AW(E_AW), .P_AW(P_AW), .B_W(B_W), .L_AW(L_AW), .CODE(CODE), .COL_AW(COL_AW)) u_array (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cfg_shift_i(cfg_shift), .cfg_i(cfg), .ld_i(skip_ld), .ld_word_i(wgt_word), .dw_i(skip_dw), .kh_i(skip_kh), .nix_i(skip_nix),");
	L("\t.bank_i(skip_bank), .pbank_i(skip_pbank), .m0_i(skip_m0), .nseg_i(skip_nseg), .nrows_i(skip_nrows), .npix_i(skip_npix), .npix_last_i(skip_npix_last),");
	L("\t.nout_i(skip_nout), .drain_i(skip_drain), .w_i(skip_word), .bus_i(skip_bus), .room_o(skip_room), .idle_o(skip_idle), .busy_drain_o(skip_leaving),");
	L("\t.col_pop_i(e_pop[0]), .push_o(array_push), .vec_o(array_vec), .rd_ev_o(acc_rd_ev[0]), .err_o(array_bad), .busy_o(busy), .gated_o(gated)");
	L(");");
}

static void array_os(struct writer *w, const struct config *c)
{
	char split[24] = "";

	if (c->acc_split)
		snprintf(split, sizeof split, ", .SPLIT(%d)", c->acc_split);
	L("assign wgt_rd = tok[0] && tok[1] && !tok[5];");
	L("assign wgt_addr = feed_wgt;");
	L("assign wgt_rel = feed_rel;");
	L("assign wgt_ready = 1'b1;");
	L("assign acc_rd_ev = 2'd0;");
	L("assign acc_wr_ev = 2'd0;");
	L("wire [X_W-1:0] pad = %s; // operand outside the map", c->zero_gating ? "{X_W{1'b0}}" : "zx");
	L("array_os #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .PORT_AW(PORT_AW), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W), .SUB(SUB), .LB_DEPTH(LB_DEPTH), .LB_AW(LB_AW)%s) u_array (", split);
	L("\t.clk_i(aclk), .rst_ni(rst_n), .tok_i(tok), .bus_i(bus), .vy_i(vy), .vx_i(vx), .pad_i(pad), .ldelay_i(ldelay[LB_AW:0]), .w_i(wgt_word),");
	L("\t.push_o(array_push), .vec_o(array_vec), .busy_o(busy), .gated_o(gated)");
	L(");");
}

static void array_ws(struct writer *w)
{
	L("wire [ROWS-1:0] shift; // rows whose shadow weights move");
	L("wload_ws #(.ROWS(ROWS), .GROUP(GROUP), .WGT_AW(WGT_AW)) u_wload (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .seg_i(wgt_seg), .cnt_i(wgt_cnt), .ready_o(wgt_ready), .rd_o(wgt_rd), .raddr_o(wgt_addr), .rel_o(wgt_rel), .shift_o(shift)");
	L(");");
	L("assign acc_rd_ev[1] = 1'b0;");
	L("assign acc_wr_ev[1] = 1'b0;");
	L("array_ws #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W), .SHARE(SHARE), .DEPTH(ACC_DEPTH), .AW(ACC_AW)) u_array (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .tok_i(tok), .bus_i(bus), .shift_i(shift), .w_i(wgt_word),");
	L("\t.push_o(array_push), .vec_o(array_vec), .busy_o(busy), .gated_o(gated), .acc_rd_o(acc_rd_ev[0]), .acc_wr_o(acc_wr_ev[0])");
	L(");");
}

static void post(struct writer *w)
{
	L("collector #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(COL_DEPTH)) u_col (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .push_i(array_push || pool_push), .push_data_i(pool_push ? pool_vec : array_vec),");
	L("\t.valid_o(col_valid), .data_o(col_vec), .pop_i(col_pop)");
	L(");");
	L("param_buffer #(.COLS(COLS), .LANES(LANES), .PAR_ROWS(PAR_ROWS)) u_par (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .we_i(par_we), .data_i(par_data), .re_i(par_re), .row_i(par_row), .rel_i(par_done),");
	L("\t.ok_o(par_ok), .data_o(par_rows), .rel_o(par_rel)");
	L(");");
	L("post #(.COLS(COLS), .LANES(LANES), .ACC_W(ACC_W), .ACT_W(ACT_W), .PORT(PORT), .ACT_AW(ACT_AW), .ROUNDING(ROUNDING)) u_post (");
	L("\t.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[2]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[2]),");
	L("\t.tok_wait_o(tok_wait[23:16]), .tok_ok_i(tok_ok[2]), .tok_take_o(tok_take[2]), .tok_push_o(tok_push[23:16]), .idle_o(post_idle),");
	L("\t.err_o(post_err), .err_code_o(post_code), .done_cnt_o(post_done), .pix_cnt_o(post_pix), .last_tile_o(post_last),");
	L("\t.col_valid_i(col_valid), .col_data_i(col_vec), .col_pop_o(col_pop),");
	L("\t.par_re_o(par_re), .par_row_o(par_row), .par_rel_o(par_done), .par_ok_i(par_ok), .par_data_i(par_rows),");
	L("\t.post_rd_o(post_rd), .post_addr_o(post_addr), .post_gnt_i(post_gnt), .post_vld_i(post_vld), .rd_data_i(rd_data),");
	L("\t.post_wr_o(post_wr), .post_waddr_o(post_waddr), .post_wdata_o(post_wdata), .post_wmask_o(post_wmask)");
	L(");");
}

void emit_top(struct writer *w, const struct config *c, const char *command)
{
	L("// Made by: %s", command);
	L("// Systole accelerator %s: %s, %d x %d PEs. SPDX-License-Identifier: Apache-2.0", c->name,
	  c->dataflow == DATAFLOW_OS ? "output-stationary" : c->dataflow == DATAFLOW_WS ? "weight-stationary" : "row-stationary", c->rows, c->cols);
	L("`default_nettype none");
	ports(w, c);
	w->indent++;
	parameters(w, c);
	wires(w);
	if (rs_skip(c))
		L("wire                  feed_err;           // compressed weights are wrong");
	control(w, c);
	buffers(w);
	if (c->dataflow == DATAFLOW_RS)
		feed_rs(w);
	else
		feed(w, c->dataflow == DATAFLOW_WS);
	pool(w, c);
	if (rs_skip(c))
		array_skip(w);
	else if (c->dataflow == DATAFLOW_RS)
		array_rs(w);
	else if (c->dataflow == DATAFLOW_WS)
		array_ws(w);
	else
		array_os(w, c);
	post(w);
	w->indent--;
	L("endmodule");
	L("`default_nettype wire");
}
