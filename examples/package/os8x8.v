// Made by: systole gen examples/os8x8.yaml
// Systole accelerator os8x8: output-stationary, 8 x 8 PEs. SPDX-License-Identifier: Apache-2.0
`default_nettype none
module os8x8 (
	input  wire         aclk,
	input  wire         aresetn,          // synchronous, active low
	output wire         irq,              // level: job done or error, until cleared
	// control: register map in os8x8.md
	input  wire [11:0]  s_axil_awaddr,
	input  wire [2:0]   s_axil_awprot,
	input  wire         s_axil_awvalid,
	output wire         s_axil_awready,
	input  wire [31:0]  s_axil_wdata,
	input  wire [3:0]   s_axil_wstrb,
	input  wire         s_axil_wvalid,
	output wire         s_axil_wready,
	output wire [1:0]   s_axil_bresp,
	output wire         s_axil_bvalid,
	input  wire         s_axil_bready,
	input  wire [11:0]  s_axil_araddr,
	input  wire [2:0]   s_axil_arprot,
	input  wire         s_axil_arvalid,
	output wire         s_axil_arready,
	output wire [31:0]  s_axil_rdata,
	output wire [1:0]   s_axil_rresp,
	output wire         s_axil_rvalid,
	input  wire         s_axil_rready,
	// memory
	output wire [1:0]   m_axi_arid,
	output wire [31:0]  m_axi_araddr,
	output wire [7:0]   m_axi_arlen,
	output wire [2:0]   m_axi_arsize,
	output wire [1:0]   m_axi_arburst,
	output wire         m_axi_arvalid,
	input  wire         m_axi_arready,
	input  wire [1:0]   m_axi_rid,
	input  wire [63:0]  m_axi_rdata,
	input  wire [1:0]   m_axi_rresp,
	input  wire         m_axi_rlast,
	input  wire         m_axi_rvalid,
	output wire         m_axi_rready,
	output wire [1:0]   m_axi_awid,
	output wire [31:0]  m_axi_awaddr,
	output wire [7:0]   m_axi_awlen,
	output wire [2:0]   m_axi_awsize,
	output wire [1:0]   m_axi_awburst,
	output wire         m_axi_awvalid,
	input  wire         m_axi_awready,
	output wire [63:0]  m_axi_wdata,
	output wire [7:0]   m_axi_wstrb,
	output wire         m_axi_wlast,
	output wire         m_axi_wvalid,
	input  wire         m_axi_wready,
	input  wire [1:0]   m_axi_bid,
	input  wire [1:0]   m_axi_bresp,
	input  wire         m_axi_bvalid,
	output wire         m_axi_bready
);
	localparam ROWS     = 8;
	localparam COLS     = 8;
	localparam ACT_W    = 8;  // bits of an activation
	localparam WGT_W    = 8;  // bits of a PE's weight operand
	localparam WGT_MEM  = 8;  // bits of a weight in memory
	localparam X_W      = 9;  // bits of a PE's activation operand: zero point subtracted
	localparam ACC_W    = 29; // bits of a sum
	localparam GATE     = 1;  // zero gating
	localparam GROUP    = 1;  // activations presented to a PE in a step
	localparam SUB      = 1;  // weights that a PE may multiply in a step
	localparam IDX_W    = 0;  // bits of a weight's index
	localparam IDX_BLOCK = 1;
	localparam IDX_BEATS = 0;
	localparam ROUNDING = 0;  // 0 tflite, 1 tflite_single, 2 onnx
	localparam LANES    = 8;  // post-processing lanes
	localparam BUS_W    = 64; // bits of the memory bus
	localparam PORT     = 16; // activations read in a cycle
	localparam PORT_AW  = 4;
	localparam ACT_AW   = 16; // log2 of the activation buffer's activations
	localparam WGT_WORD = 8;  // bytes of a weight word in memory
	localparam WGT_DEPTH = 2048; // words in the weight buffer
	localparam WGT_AW   = 11;
	localparam PAR_DEPTH = 512; // output channels in the parameter buffer
	localparam PAR_ROWS = 64; // rows of LANES entries there
	localparam PAR_RW   = 1;  // bits of a row's number in a channel tile
	localparam COL_DEPTH = 32; // vectors in the collector
	localparam COL_AW   = 5;
	localparam PE_W     = 7;  // bits of ROWS*COLS
	localparam LB_DEPTH = 64; // words of the depthwise line buffer
	localparam LB_AW    = 6;

	wire                  rst_n;              // of everything but csr
	wire                  start, halt, done;
	wire [127:0]          base;               // [4][32]
	wire [3:0]            cmd_we, cmd_full;   // load, feed, post, store
	wire [3:0]            cmd_idx;
	wire [63:0]           cmd_data;
	wire [31:0]           tok_wait, tok_push; // [4][8]
	wire [3:0]            tok_ok, tok_take;
	wire                  seq_err, load_err, post_err, store_err, tok_err;
	wire [7:0]            seq_code, load_code, post_code, store_code;
	wire [31:0]           seq_err_addr, load_err_addr, store_err_addr;
	wire                  load_idle, feed_idle, post_idle, store_idle, rd_idle, wr_idle;
	wire                  rd_beat, wr_beat;
	wire [1:0]            req_valid, req_ready, rsp_valid, rsp_ready;
	wire [63:0]           req_addr;
	wire [7:0]            req_len;
	wire [BUS_W-1:0]      rsp_data;
	wire                  rsp_last, rsp_err;
	wire                  aw_valid, aw_ready, w_valid, w_ready, b_valid, b_err;
	wire [31:0]           aw_addr;
	wire [3:0]            aw_len;
	wire [BUS_W-1:0]      w_data;
	wire [BUS_W/8-1:0]    w_strb;
	wire                  feed_rd, feed_vld, post_rd, post_gnt, post_vld, store_rd, store_gnt, store_vld;
	wire [ACT_AW-1:0]     feed_addr, post_addr, store_addr;
	wire [PORT*ACT_W-1:0] rd_data;            // [PORT]
	wire                  post_wr, load_wr, load_wready;
	wire [ACT_AW-1:0]     post_waddr, load_waddr;
	wire [PORT*ACT_W-1:0] post_wdata, load_wdata;
	wire [PORT-1:0]       post_wmask, load_wmask;
	wire                  wgt_valid, wgt_rd;
	wire [BUS_W-1:0]      wgt_beat;
	wire [WGT_AW:0]       wgt_cnt, wgt_rel, feed_rel;
	wire [WGT_AW-1:0]     wgt_addr, feed_wgt;
	wire [19:0]           wgt_seg;            // ws: what its weight loader follows
	wire                  wgt_ready;
	wire [COLS*(WGT_W+IDX_W)-1:0] wgt_word;   // [COLS]
	wire                  wgt_idx_ev;         // a beat of indices came
	wire                  wgt_whole;          // a beat ends a block of indices and words
	wire                  par_we, par_rel;
	wire [71:0]           par_data;           // entry from memory
	wire                  par_re, par_done, par_ok;
	wire [PAR_RW-1:0]     par_row;
	wire [LANES*72-1:0]   par_rows;           // [LANES] entries for post
	wire [21:0]           tok;                // feed's token, cmodel/feed.h
	wire [PORT*X_W-1:0]   bus;                // [PORT] operands
	wire                  in_map;
	wire [2:0]            vy, vx;
	wire [ACT_W-1:0]      zx;
	wire [15:0]           ldelay;
	wire [5:0]            feed_ev;
	wire                  array_push, pool_push, col_valid, col_pop;
	wire [COLS*ACC_W-1:0] array_vec, pool_vec, col_vec; // [COLS]
	wire [15:0]           busy, gated;
	wire [7:0]            post_done;
	wire [15:0]           post_pix;
	wire                  post_last;
	wire                  act_rd_ev, act_wr_ev;
	wire [1:0]            wgt_wr_ev, acc_rd_ev, acc_wr_ev;
	wire                  unused_ok = &{1'b0, vy, vx, zx, ldelay, busy, gated, in_map, bus, tok, wgt_seg, wgt_ready, feed_rel, feed_wgt, post_rd};

	csr #(.PE_W(PE_W)) u_csr (
		.clk_i(aclk), .rst_ni(aresetn),
		.s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
		.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
		.s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
		.s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
		.s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
		.irq_o(irq), .core_rst_no(rst_n), .start_o(start), .halt_o(halt), .base_o(base), .done_i(done), .rd_idle_i(rd_idle), .wr_idle_i(wr_idle),
		.err_i({tok_err, store_err, post_err, 1'b0, load_err, seq_err}),
		.err_code_i({8'd8, store_code, post_code, 8'd0, load_code, seq_code}),
		.err_addr_i({32'd0, store_err_addr, 64'd0, load_err_addr, seq_err_addr}),
		.cnt_i({wr_beat, rd_beat, acc_wr_ev, acc_rd_ev, wgt_wr_ev, 1'b0, wgt_rd, 1'b0, act_wr_ev, 1'b0, act_rd_ev, gated[PE_W-1:0], busy[PE_W-1:0], feed_ev[5:0]})
	);
	sequencer #(.BUS_W(BUS_W)) u_seq (
		.clk_i(aclk), .rst_ni(rst_n), .start_i(start), .base_i(base[31:0]), .idle_i({wr_idle, store_idle, post_idle, feed_idle, load_idle}), .done_o(done),
		.err_o(seq_err), .err_code_o(seq_code), .err_addr_o(seq_err_addr),
		.req_valid_o(req_valid[0]), .req_addr_o(req_addr[31:0]), .req_len_o(req_len[3:0]), .req_ready_i(req_ready[0]),
		.rsp_valid_i(rsp_valid[0]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err),
		.cmd_we_o(cmd_we), .cmd_idx_o(cmd_idx), .cmd_data_o(cmd_data), .cmd_full_i(cmd_full)
	);
	assign rsp_ready[0] = 1'b1;
	tokens u_tokens (.clk_i(aclk), .rst_ni(rst_n), .wait_i(tok_wait), .ok_o(tok_ok), .take_i(tok_take), .push_i(tok_push), .err_o(tok_err));
	axi_rd #(.BUS_W(BUS_W)) u_rd (
		.clk_i(aclk), .rst_ni(rst_n), .halt_i(halt), .idle_o(rd_idle), .beat_o(rd_beat),
		.req_valid_i(req_valid), .req_addr_i(req_addr), .req_len_i(req_len), .req_ready_o(req_ready),
		.rsp_valid_o(rsp_valid), .rsp_data_o(rsp_data), .rsp_last_o(rsp_last), .rsp_err_o(rsp_err), .rsp_ready_i(rsp_ready),
		.m_axi_arid(m_axi_arid), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize), .m_axi_arburst(m_axi_arburst),
		.m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready), .m_axi_rid(m_axi_rid), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp),
		.m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready)
	);
	axi_wr #(.BUS_W(BUS_W)) u_wr (
		.clk_i(aclk), .rst_ni(rst_n), .halt_i(halt), .idle_o(wr_idle), .beat_o(wr_beat),
		.aw_valid_i(aw_valid), .aw_addr_i(aw_addr), .aw_len_i(aw_len), .aw_ready_o(aw_ready),
		.w_valid_i(w_valid), .w_data_i(w_data), .w_strb_i(w_strb), .w_ready_o(w_ready), .b_valid_o(b_valid), .b_err_o(b_err),
		.m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),
		.m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
		.m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(m_axi_bid), .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready)
	);
	load #(.BUS_W(BUS_W), .ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT), .WGT_WORD(WGT_WORD), .WGT_DEPTH(WGT_DEPTH), .WGT_AW(WGT_AW), .PAR_DEPTH(PAR_DEPTH), .COLS(COLS)) u_load (
		.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[0]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[0]),
		.tok_wait_o(tok_wait[7:0]), .tok_ok_i(tok_ok[0]), .tok_take_o(tok_take[0]), .tok_push_o(tok_push[7:0]), .idle_o(load_idle),
		.err_o(load_err), .err_code_o(load_code), .err_addr_o(load_err_addr), .base_i(base),
		.req_valid_o(req_valid[1]), .req_addr_o(req_addr[63:32]), .req_len_o(req_len[7:4]), .req_ready_i(req_ready[1]),
		.rsp_valid_i(rsp_valid[1]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err), .rsp_ready_o(rsp_ready[1]),
		.load_wr_o(load_wr), .load_waddr_o(load_waddr), .load_wdata_o(load_wdata), .load_wmask_o(load_wmask), .load_wready_i(load_wready),
		.wgt_valid_o(wgt_valid), .wgt_data_o(wgt_beat), .wgt_rel_valid_i(|wgt_rel), .wgt_rel_words_i(wgt_rel), .wgt_back_i(wgt_idx_ev), .wgt_whole_i(wgt_whole),
		.par_we_o(par_we), .par_data_o(par_data), .par_rel_i(par_rel)
	);
	store #(.BUS_W(BUS_W), .ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT)) u_store (
		.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[3]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[3]),
		.tok_wait_o(tok_wait[31:24]), .tok_ok_i(tok_ok[3]), .tok_take_o(tok_take[3]), .tok_push_o(tok_push[31:24]), .idle_o(store_idle),
		.err_o(store_err), .err_code_o(store_code), .err_addr_o(store_err_addr), .base_i(base),
		.store_rd_o(store_rd), .store_addr_o(store_addr), .store_gnt_i(store_gnt), .store_vld_i(store_vld), .rd_data_i(rd_data),
		.aw_valid_o(aw_valid), .aw_addr_o(aw_addr), .aw_len_o(aw_len), .aw_ready_i(aw_ready),
		.w_valid_o(w_valid), .w_data_o(w_data), .w_strb_o(w_strb), .w_ready_i(w_ready), .wr_idle_i(wr_idle), .b_valid_i(b_valid), .b_err_i(b_err)
	);
	act_buffer #(.ACT_W(ACT_W), .PORT(PORT), .PORT_AW(PORT_AW), .AW(ACT_AW)) u_act (
		.clk_i(aclk), .rst_ni(rst_n), .feed_rd_i(feed_rd), .feed_addr_i(feed_addr), .post_rd_i(post_rd), .post_addr_i(post_addr), .post_gnt_o(post_gnt),
		.store_rd_i(store_rd), .store_addr_i(store_addr), .store_gnt_o(store_gnt),
		.rd_data_o(rd_data), .feed_vld_o(feed_vld), .post_vld_o(post_vld), .store_vld_o(store_vld),
		.post_wr_i(post_wr), .post_waddr_i(post_waddr), .post_wdata_i(post_wdata), .post_wmask_i(post_wmask),
		.load_wr_i(load_wr), .load_waddr_i(load_waddr), .load_wdata_i(load_wdata), .load_wmask_i(load_wmask), .load_wready_o(load_wready),
		.rd_ev_o(act_rd_ev), .wr_ev_o(act_wr_ev)
	);
	wgt_buffer #(.BUS_W(BUS_W), .COLS(COLS), .WGT_W(WGT_W), .MEM_W(WGT_MEM), .WORD(WGT_WORD), .DEPTH(WGT_DEPTH), .AW(WGT_AW), .IDX_W(IDX_W), .BLOCK(IDX_BLOCK), .IBEATS(IDX_BEATS)) u_wgt (
		.clk_i(aclk), .rst_ni(rst_n), .wr_valid_i(wgt_valid), .wr_data_i(wgt_beat), .cnt_o(wgt_cnt),
		.rd_i(wgt_rd), .raddr_i(wgt_addr), .rdata_o(wgt_word), .idx_ev_o(wgt_idx_ev), .whole_o(wgt_whole), .wr_ev_o(wgt_wr_ev)
	);
	feed #(.WS(0), .GROUP(GROUP), .ROWS(ROWS), .PORT(PORT), .ACT_W(ACT_W), .X_W(X_W), .AW(ACT_AW), .WGT_AW(WGT_AW), .COL_AW(COL_AW)) u_feed (
		.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[1]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[1]),
		.tok_wait_o(tok_wait[15:8]), .tok_ok_i(tok_ok[1]), .tok_take_o(tok_take[1]), .tok_push_o(tok_push[15:8]), .idle_o(feed_idle),
		.rd_o(feed_rd), .addr_o(feed_addr), .vld_i(feed_vld), .rd_data_i(rd_data),
		.wgt_cnt_i(wgt_cnt), .wgt_ready_i(wgt_ready), .wgt_rel_o(feed_rel), .wgt_addr_o(feed_wgt), .wgt_seg_o(wgt_seg), .col_pop_i(col_pop),
		.post_rd_i(post_rd), .post_done_i(post_done), .post_last_i(post_last), .post_pix_i(post_pix),
		.tok_o(tok), .bus_o(bus), .in_map_o(in_map), .vy_o(vy), .vx_o(vx), .zx_o(zx), .ldelay_o(ldelay), .ev_o(feed_ev)
	);
	pool #(.COLS(COLS), .X_W(X_W), .ACC_W(ACC_W)) u_pool (
		.clk_i(aclk), .rst_ni(rst_n), .valid_i(tok[0] && tok[1] && tok[5]), .first_i(tok[2]), .last_i(tok[3]), .max_i(tok[6]), .in_map_i(in_map),
		.word_i(bus[COLS*X_W-1:0]), .push_o(pool_push), .vec_o(pool_vec)
	);
	assign wgt_rd = tok[0] && tok[1] && !tok[5];
	assign wgt_addr = feed_wgt;
	assign wgt_rel = feed_rel;
	assign wgt_ready = 1'b1;
	assign acc_rd_ev = 2'd0;
	assign acc_wr_ev = 2'd0;
	wire [X_W-1:0] pad = {X_W{1'b0}}; // operand outside the map
	array_os #(.ROWS(ROWS), .COLS(COLS), .PORT(PORT), .PORT_AW(PORT_AW), .X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GATE(GATE), .GROUP(GROUP), .IDX_W(IDX_W), .SUB(SUB), .LB_DEPTH(LB_DEPTH), .LB_AW(LB_AW)) u_array (
		.clk_i(aclk), .rst_ni(rst_n), .tok_i(tok), .bus_i(bus), .vy_i(vy), .vx_i(vx), .pad_i(pad), .ldelay_i(ldelay[LB_AW:0]), .w_i(wgt_word),
		.push_o(array_push), .vec_o(array_vec), .busy_o(busy), .gated_o(gated)
	);
	collector #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(COL_DEPTH)) u_col (
		.clk_i(aclk), .rst_ni(rst_n), .push_i(array_push || pool_push), .push_data_i(pool_push ? pool_vec : array_vec),
		.valid_o(col_valid), .data_o(col_vec), .pop_i(col_pop)
	);
	param_buffer #(.COLS(COLS), .LANES(LANES), .PAR_ROWS(PAR_ROWS)) u_par (
		.clk_i(aclk), .rst_ni(rst_n), .we_i(par_we), .data_i(par_data), .re_i(par_re), .row_i(par_row), .rel_i(par_done),
		.ok_o(par_ok), .data_o(par_rows), .rel_o(par_rel)
	);
	post #(.COLS(COLS), .LANES(LANES), .ACC_W(ACC_W), .ACT_W(ACT_W), .PORT(PORT), .ACT_AW(ACT_AW), .ROUNDING(ROUNDING)) u_post (
		.clk_i(aclk), .rst_ni(rst_n), .cmd_we_i(cmd_we[2]), .cmd_idx_i(cmd_idx), .cmd_data_i(cmd_data), .cmd_full_o(cmd_full[2]),
		.tok_wait_o(tok_wait[23:16]), .tok_ok_i(tok_ok[2]), .tok_take_o(tok_take[2]), .tok_push_o(tok_push[23:16]), .idle_o(post_idle),
		.err_o(post_err), .err_code_o(post_code), .done_cnt_o(post_done), .pix_cnt_o(post_pix), .last_tile_o(post_last),
		.col_valid_i(col_valid), .col_data_i(col_vec), .col_pop_o(col_pop),
		.par_re_o(par_re), .par_row_o(par_row), .par_rel_o(par_done), .par_ok_i(par_ok), .par_data_i(par_rows),
		.post_rd_o(post_rd), .post_addr_o(post_addr), .post_gnt_i(post_gnt), .post_vld_i(post_vld), .rd_data_i(rd_data),
		.post_wr_o(post_wr), .post_waddr_o(post_waddr), .post_wdata_o(post_wdata), .post_wmask_o(post_wmask)
	);
endmodule
`default_nettype wire
