// Bench: everything of the control and memory side joined; feed, post and the buffers are outside.
// Twin: testbench/control/control.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module control_top #(
	parameter BUS_W     = 64,
	parameter ACT_W     = 8,
	parameter ACT_AW    = 12,
	parameter PORT      = 8,
	parameter WGT_WORD  = 8,
	parameter WGT_DEPTH = 64,
	parameter WGT_AW    = 6,
	parameter PAR_DEPTH = 32,
	parameter COLS      = 8,
	parameter PE_W      = 7
) (
	input  wire                  clk_i,
	input  wire                  rst_ni,
	input  wire [11:0]           s_axil_awaddr,
	input  wire                  s_axil_awvalid,
	output wire                  s_axil_awready,
	input  wire [31:0]           s_axil_wdata,
	input  wire [3:0]            s_axil_wstrb,
	input  wire                  s_axil_wvalid,
	output wire                  s_axil_wready,
	output wire [1:0]            s_axil_bresp,
	output wire                  s_axil_bvalid,
	input  wire                  s_axil_bready,
	input  wire [11:0]           s_axil_araddr,
	input  wire                  s_axil_arvalid,
	output wire                  s_axil_arready,
	output wire [31:0]           s_axil_rdata,
	output wire [1:0]            s_axil_rresp,
	output wire                  s_axil_rvalid,
	input  wire                  s_axil_rready,
	output wire [1:0]            m_axi_arid,
	output wire [31:0]           m_axi_araddr,
	output wire [7:0]            m_axi_arlen,
	output wire [2:0]            m_axi_arsize,
	output wire [1:0]            m_axi_arburst,
	output wire                  m_axi_arvalid,
	input  wire                  m_axi_arready,
	input  wire [1:0]            m_axi_rid,
	input  wire [BUS_W-1:0]      m_axi_rdata,
	input  wire [1:0]            m_axi_rresp,
	input  wire                  m_axi_rlast,
	input  wire                  m_axi_rvalid,
	output wire                  m_axi_rready,
	output wire [1:0]            m_axi_awid,
	output wire [31:0]           m_axi_awaddr,
	output wire [7:0]            m_axi_awlen,
	output wire [2:0]            m_axi_awsize,
	output wire [1:0]            m_axi_awburst,
	output wire                  m_axi_awvalid,
	input  wire                  m_axi_awready,
	output wire [BUS_W-1:0]      m_axi_wdata,
	output wire [BUS_W/8-1:0]    m_axi_wstrb,
	output wire                  m_axi_wlast,
	output wire                  m_axi_wvalid,
	input  wire                  m_axi_wready,
	input  wire [1:0]            m_axi_bid,
	input  wire [1:0]            m_axi_bresp,
	input  wire                  m_axi_bvalid,
	output wire                  m_axi_bready,
	output wire                  irq_o,
	output wire                  core_rst_no,
	output wire [3:0]            cmd_we_o,
	output wire [3:0]            cmd_idx_o,
	output wire [63:0]           cmd_data_o,
	/* feed (0) and post (1), played by the bench */
	input  wire [1:0]            stub_full_i,
	input  wire [15:0]           stub_wait_i,    // [2][8]
	input  wire [1:0]            stub_could_i,
	output wire [1:0]            stub_take_o,
	input  wire [15:0]           stub_push_i,    // [2][8]
	input  wire [1:0]            stub_idle_i,
	input  wire [2*PE_W+17:0]    cnt_i,
	/* buffers, played by the bench */
	output wire                  store_rd_o,
	output wire [ACT_AW-1:0]     store_addr_o,
	input  wire                  store_gnt_i,
	input  wire                  store_vld_i,
	input  wire [PORT*ACT_W-1:0] rd_data_i,
	output wire                  load_wr_o,
	output wire [ACT_AW-1:0]     load_waddr_o,
	output wire [PORT*ACT_W-1:0] load_wdata_o,
	output wire [PORT-1:0]       load_wmask_o,
	input  wire                  load_wready_i,
	output wire                  wgt_valid_o,
	output wire [BUS_W-1:0]      wgt_data_o,
	input  wire                  wgt_rel_valid_i,
	input  wire [WGT_AW:0]       wgt_rel_words_i,
	input  wire                  wgt_back_i,
	input  wire                  wgt_whole_i,
	output wire                  par_we_o,
	output wire [71:0]           par_data_o,
	input  wire                  par_rel_i
);
	wire             start, halt, done, rd_idle, wr_idle, rd_beat, wr_beat;
	wire [127:0]     base;
	wire             seq_err, load_err, store_err, tok_err;
	wire [7:0]       seq_code, load_code, store_code;
	wire [31:0]      seq_addr, load_addr, store_addr;
	wire [1:0]       req_valid, req_ready, rsp_valid;
	wire [63:0]      req_addr;
	wire [7:0]       req_len;
	wire [BUS_W-1:0] rsp_data;
	wire             rsp_last, rsp_err, rsp_ready, load_full, store_full, load_take, store_take, load_idle, store_idle;
	wire [7:0]       load_wait, store_wait, load_push, store_push;
	wire [3:0]       ok;
	wire             aw_valid, aw_ready, w_valid, w_ready, b_valid, b_err;
	wire [31:0]      aw_addr;
	wire [3:0]       aw_len;
	wire [BUS_W-1:0] w_data;
	wire [BUS_W/8-1:0] w_strb;

	assign stub_take_o = stub_could_i & ok[2:1];

	csr #(.PE_W(PE_W)) u_csr (
		.clk_i(clk_i), .rst_ni(rst_ni),
		.s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
		.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
		.s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
		.s_axil_araddr(s_axil_araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
		.s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
		.irq_o(irq_o), .core_rst_no(core_rst_no), .start_o(start), .halt_o(halt), .base_o(base),
		.done_i(done), .rd_idle_i(rd_idle), .wr_idle_i(wr_idle),
		.err_i({tok_err, store_err, 2'b00, load_err, seq_err}),
		.err_code_i({8'd8, store_code, 16'd0, load_code, seq_code}),
		.err_addr_i({32'd0, store_addr, 64'd0, load_addr, seq_addr}),
		.cnt_i({wr_beat, rd_beat, cnt_i})
	);
	sequencer #(.BUS_W(BUS_W)) u_sequencer (
		.clk_i(clk_i), .rst_ni(core_rst_no), .start_i(start), .base_i(base[31:0]),
		.idle_i({wr_idle, store_idle, stub_idle_i, load_idle}), .done_o(done),
		.err_o(seq_err), .err_code_o(seq_code), .err_addr_o(seq_addr),
		.req_valid_o(req_valid[0]), .req_addr_o(req_addr[31:0]), .req_len_o(req_len[3:0]), .req_ready_i(req_ready[0]),
		.rsp_valid_i(rsp_valid[0]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err),
		.cmd_we_o(cmd_we_o), .cmd_idx_o(cmd_idx_o), .cmd_data_o(cmd_data_o),
		.cmd_full_i({store_full, stub_full_i, load_full})
	);
	tokens u_tokens (
		.clk_i(clk_i), .rst_ni(core_rst_no), .wait_i({store_wait, stub_wait_i, load_wait}), .ok_o(ok),
		.take_i({store_take, stub_take_o, load_take}), .push_i({store_push, stub_push_i, load_push}), .err_o(tok_err)
	);
	load #(.BUS_W(BUS_W), .ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT), .WGT_WORD(WGT_WORD), .WGT_DEPTH(WGT_DEPTH),
		.WGT_AW(WGT_AW), .PAR_DEPTH(PAR_DEPTH), .COLS(COLS)) u_load (
		.clk_i(clk_i), .rst_ni(core_rst_no), .cmd_we_i(cmd_we_o[0]), .cmd_idx_i(cmd_idx_o), .cmd_data_i(cmd_data_o),
		.cmd_full_o(load_full), .tok_wait_o(load_wait), .tok_ok_i(ok[0]), .tok_take_o(load_take), .tok_push_o(load_push),
		.idle_o(load_idle), .err_o(load_err), .err_code_o(load_code), .err_addr_o(load_addr), .base_i(base),
		.req_valid_o(req_valid[1]), .req_addr_o(req_addr[63:32]), .req_len_o(req_len[7:4]), .req_ready_i(req_ready[1]),
		.rsp_valid_i(rsp_valid[1]), .rsp_data_i(rsp_data), .rsp_last_i(rsp_last), .rsp_err_i(rsp_err), .rsp_ready_o(rsp_ready),
		.load_wr_o(load_wr_o), .load_waddr_o(load_waddr_o), .load_wdata_o(load_wdata_o), .load_wmask_o(load_wmask_o),
		.load_wready_i(load_wready_i), .wgt_valid_o(wgt_valid_o), .wgt_data_o(wgt_data_o),
		.wgt_rel_valid_i(wgt_rel_valid_i), .wgt_rel_words_i(wgt_rel_words_i), .wgt_back_i(wgt_back_i), .wgt_whole_i(wgt_whole_i),
		.par_we_o(par_we_o), .par_data_o(par_data_o), .par_rel_i(par_rel_i)
	);
	store #(.BUS_W(BUS_W), .ACT_W(ACT_W), .ACT_AW(ACT_AW), .PORT(PORT)) u_store (
		.clk_i(clk_i), .rst_ni(core_rst_no), .cmd_we_i(cmd_we_o[3]), .cmd_idx_i(cmd_idx_o), .cmd_data_i(cmd_data_o),
		.cmd_full_o(store_full), .tok_wait_o(store_wait), .tok_ok_i(ok[3]), .tok_take_o(store_take), .tok_push_o(store_push),
		.idle_o(store_idle), .err_o(store_err), .err_code_o(store_code), .err_addr_o(store_addr), .base_i(base),
		.store_rd_o(store_rd_o), .store_addr_o(store_addr_o), .store_gnt_i(store_gnt_i), .store_vld_i(store_vld_i),
		.rd_data_i(rd_data_i), .aw_valid_o(aw_valid), .aw_addr_o(aw_addr), .aw_len_o(aw_len), .aw_ready_i(aw_ready),
		.w_valid_o(w_valid), .w_data_o(w_data), .w_strb_o(w_strb), .w_ready_i(w_ready),
		.wr_idle_i(wr_idle), .b_valid_i(b_valid), .b_err_i(b_err)
	);
	axi_rd #(.BUS_W(BUS_W)) u_axi_rd (
		.clk_i(clk_i), .rst_ni(core_rst_no), .halt_i(halt), .idle_o(rd_idle), .beat_o(rd_beat),
		.req_valid_i(req_valid), .req_addr_i(req_addr), .req_len_i(req_len), .req_ready_o(req_ready),
		.rsp_valid_o(rsp_valid), .rsp_data_o(rsp_data), .rsp_last_o(rsp_last), .rsp_err_o(rsp_err),
		.rsp_ready_i({rsp_ready, 1'b1}),
		.m_axi_arid(m_axi_arid), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize),
		.m_axi_arburst(m_axi_arburst), .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready),
		.m_axi_rid(m_axi_rid), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast),
		.m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready)
	);
	axi_wr #(.BUS_W(BUS_W)) u_axi_wr (
		.clk_i(clk_i), .rst_ni(core_rst_no), .halt_i(halt), .idle_o(wr_idle), .beat_o(wr_beat),
		.aw_valid_i(aw_valid), .aw_addr_i(aw_addr), .aw_len_i(aw_len), .aw_ready_o(aw_ready),
		.w_valid_i(w_valid), .w_data_i(w_data), .w_strb_i(w_strb), .w_ready_o(w_ready),
		.b_valid_o(b_valid), .b_err_o(b_err),
		.m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize),
		.m_axi_awburst(m_axi_awburst), .m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready),
		.m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast), .m_axi_wvalid(m_axi_wvalid),
		.m_axi_wready(m_axi_wready), .m_axi_bid(m_axi_bid), .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid),
		.m_axi_bready(m_axi_bready)
	);
endmodule
`default_nettype wire
