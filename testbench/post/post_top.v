// collector, param_buffer and post as the top joins them.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module post_top #(
	parameter COLS     = 8,
	parameter LANES    = 8,
	parameter ACC_W    = 32,
	parameter ACT_W    = 8,
	parameter PORT     = 8,
	parameter ACT_AW   = 16,
	parameter PAR_ROWS = 32,
	parameter DEPTH    = 16,            // of the collector
	parameter ROUNDING = 0
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
	output wire                  err_o,
	output wire [7:0]            err_code_o,
	output wire [7:0]            done_cnt_o,
	output wire [15:0]           pix_cnt_o,
	output wire                  last_tile_o,
	input  wire                  push_i,
	input  wire [COLS*ACC_W-1:0] push_data_i,
	output wire                  pop_o,
	input  wire                  par_we_i,
	input  wire [71:0]           par_data_i,
	output wire                  par_rel_o,
	output wire                  post_rd_o,
	output wire [ACT_AW-1:0]     post_addr_o,
	input  wire                  post_gnt_i,
	input  wire                  post_vld_i,
	input  wire [PORT*ACT_W-1:0] rd_data_i,
	output wire                  post_wr_o,
	output wire [ACT_AW-1:0]     post_waddr_o,
	output wire [PORT*ACT_W-1:0] post_wdata_o,
	output wire [PORT-1:0]       post_wmask_o
);
	localparam RW = (COLS > LANES) ? $clog2(COLS / LANES) : 1;

	wire                  col_valid;
	wire [COLS*ACC_W-1:0] col_data;
	wire                  par_re, par_rel, par_ok;
	wire [RW-1:0]         par_row;
	wire [LANES*72-1:0]   par_data;

	collector #(.COLS(COLS), .ACC_W(ACC_W), .DEPTH(DEPTH)) u_collector (
		.clk_i(clk_i), .rst_ni(rst_ni), .push_i(push_i), .push_data_i(push_data_i),
		.valid_o(col_valid), .data_o(col_data), .pop_i(pop_o)
	);
	param_buffer #(.COLS(COLS), .LANES(LANES), .PAR_ROWS(PAR_ROWS)) u_param_buffer (
		.clk_i(clk_i), .rst_ni(rst_ni), .we_i(par_we_i), .data_i(par_data_i),
		.re_i(par_re), .row_i(par_row), .rel_i(par_rel), .ok_o(par_ok), .data_o(par_data), .rel_o(par_rel_o)
	);
	post #(
		.COLS(COLS), .LANES(LANES), .ACC_W(ACC_W), .ACT_W(ACT_W), .PORT(PORT), .ACT_AW(ACT_AW), .ROUNDING(ROUNDING)
	) u_post (
		.clk_i(clk_i), .rst_ni(rst_ni),
		.cmd_we_i(cmd_we_i), .cmd_idx_i(cmd_idx_i), .cmd_data_i(cmd_data_i), .cmd_full_o(cmd_full_o),
		.tok_wait_o(tok_wait_o), .tok_ok_i(tok_ok_i), .tok_take_o(tok_take_o), .tok_push_o(tok_push_o),
		.idle_o(idle_o), .err_o(err_o), .err_code_o(err_code_o),
		.done_cnt_o(done_cnt_o), .pix_cnt_o(pix_cnt_o), .last_tile_o(last_tile_o),
		.col_valid_i(col_valid), .col_data_i(col_data), .col_pop_o(pop_o),
		.par_re_o(par_re), .par_row_o(par_row), .par_rel_o(par_rel), .par_ok_i(par_ok), .par_data_i(par_data),
		.post_rd_o(post_rd_o), .post_addr_o(post_addr_o), .post_gnt_i(post_gnt_i), .post_vld_i(post_vld_i),
		.rd_data_i(rd_data_i),
		.post_wr_o(post_wr_o), .post_waddr_o(post_waddr_o), .post_wdata_o(post_wdata_o), .post_wmask_o(post_wmask_o)
	);
endmodule
`default_nettype wire
