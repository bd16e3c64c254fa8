/* SPDX-License-Identifier: Apache-2.0
 * The top of a device that is alone on its chip: a UART instead of AXI, an array of its own, and 128 KiB of memory, inside or,
 * for target ice40, outside. */
#include "emit.h"

static const char *const ports[] = {
	"\tparameter DIV = 12             // clock cycles of a UART bit",
	") (",
	"\tinput  wire clk,",
	"\tinput  wire rst_n,              // synchronous, active low",
	"\tinput  wire rx,                 // UART, 8 bits, no parity, one stop bit",
	"\toutput wire tx,",
	NULL
};

static const char *const inside_ports[] = {
	"\toutput wire busy                // a program runs",
	");",
	"\twire [7:0]  mem_we;",
	"\twire [13:0] mem_addr;",
	"\twire [63:0] mem_wdata, mem_rdata;",
	NULL
};

static const char *const outside_ports[] = {
	"\toutput wire busy,               // a program runs",
	"\toutput wire mem_en,             // memory is read, or written",
	"\toutput wire [7:0]  mem_we,      // bytes written; none: read",
	"\toutput wire [13:0] mem_addr,    // in words",
	"\toutput wire [63:0] mem_wdata,",
	"\tinput  wire [63:0] mem_rdata    // meaningful in the cycle after a read",
	");",
	NULL
};

static const char *const front[] = {
	"\treg         core_rst_n_q;       // a program starts with everything reset",
	"\treg  [1:0]  start_q;",
	"\treg         run_q;",
	"\treg  [1:0]  host_vld_q;         // the host's byte comes in 2 cycles, 1 cycle",
	"\twire        rx_valid, tx_valid, tx_ready, host_wr, host_rd, start, done, fetch_err;",
	"\twire [7:0]  rx_data, tx_data, host_wdata;",
	"\twire [16:0] host_addr, walk_addr;",
	"\twire        fetch_rd, walk_rd, go, fin, unit_free, wr;",
	"\twire [13:0] fetch_addr, waddr;",
	"\twire [63:0] data;               // read from memory: [8]",
	"\twire [7:0]  wmask;",
	"\twire [1:0]  wgt_we;",
	"\twire        par_we, step_we, walk_pad, pad;",
	"\twire [2:0]  set_we, walk_last, rot;",
	"\twire [8:0]  row;",
	"\twire [127:0] x, w;              // [2][8] operands",
	"\twire [4:0]  patch_tok;",
	"\twire [2:0]  dot_tok;",
	"\twire [47:0] sum;                // [2]",
	"\treg  [7:0]  zero_q;             // the input's zero point",
	"",
	"\tassign busy = run_q;",
	"\talways @(posedge clk) begin",
	"\t\tcore_rst_n_q <= rst_n && !start;",
	"\t\tstart_q      <= rst_n ? {start_q[0], start} : 2'd0;",
	"\t\trun_q        <= rst_n && (start || (run_q && !done));",
	"\t\thost_vld_q   <= {host_vld_q[0], host_rd && rst_n};",
	"\t\tif (set_we[0])",
	"\t\t\tzero_q <= data[15:8];",
	"\tend",
	"\tuart_rx #(.DIV(DIV)) u_rx (.clk_i(clk), .rst_ni(rst_n), .rx_i(rx), .valid_o(rx_valid), .data_o(rx_data));",
	"\tuart_tx #(.DIV(DIV)) u_tx (.clk_i(clk), .rst_ni(rst_n), .valid_i(tx_valid), .data_i(tx_data), .ready_o(tx_ready), .tx_o(tx));",
	"\tchip_host u_host (",
	"\t\t.clk_i(clk), .rst_ni(rst_n), .rx_valid_i(rx_valid), .rx_data_i(rx_data), .tx_valid_o(tx_valid), .tx_data_o(tx_data), .tx_ready_i(tx_ready),",
	"\t\t.wr_o(host_wr), .rd_o(host_rd), .addr_o(host_addr), .wdata_o(host_wdata), .gnt_i(1'b1), .vld_i(host_vld_q[1]), .rdata_i(data[7:0]),",
	"\t\t.start_o(start), .done_i(done), .err_i(fetch_err)",
	"\t);",
	"\tchip_fetch u_fetch (",
	"\t\t.clk_i(clk), .rst_ni(core_rst_n_q), .start_i(start_q[1]), .base_i(host_addr[16:3]), .done_o(done), .err_o(fetch_err),",
	"\t\t.rd_o(fetch_rd), .addr_o(fetch_addr), .data_i(data[16:0]),",
	"\t\t.wgt_we_o(wgt_we), .par_we_o(par_we), .step_we_o(step_we), .set_we_o(set_we), .row_o(row), .go_o(go), .fin_i(fin)",
	"\t);",
	"\tchip_walk u_walk (",
	"\t\t.clk_i(clk), .rst_ni(core_rst_n_q), .set_we_i(set_we), .step_we_i(step_we), .row_i(row[2:0]), .data_i(data), .go_i(go),",
	"\t\t.hold_i(wr), .free_i(unit_free), .rd_o(walk_rd), .addr_o(walk_addr), .pad_o(walk_pad), .last_o(walk_last)",
	"\t);",
	NULL
};

static const char *const inside[] = {
	"\tchip_ram u_ram (.clk_i(clk), .en_i(1'b1), .we_i(mem_we), .addr_i(mem_addr), .wdata_i(mem_wdata), .rdata_o(mem_rdata));",
	NULL
};

static const char *const outside[] = {
	"\tassign mem_en = wr || fetch_rd || host_rd || (walk_rd && !walk_pad);",
	NULL
};

static const char *const back[] = {
	"\tchip_mem u_mem (",
	"\t\t.clk_i(clk), .wr_i(wr), .waddr_i(waddr), .wmask_i(wmask), .raddr_i(fetch_rd ? fetch_addr : run_q ? walk_addr[16:3] : host_addr[16:3]),",
	"\t\t.we_o(mem_we), .addr_o(mem_addr), .word_i(mem_rdata), .rot_i(rot), .pad_i(pad), .zero_i(zero_q), .data_o(data)",
	"\t);",
	"\tchip_patch u_patch (",
	"\t\t.clk_i(clk), .rst_ni(core_rst_n_q), .set_we_i(set_we), .wgt_we_i(wgt_we), .row_i(row[7:0]), .data_i(data), .go_i(go),",
	"\t\t.rd_i(walk_rd), .sel_i(walk_rd ? walk_addr[2:0] : host_addr[2:0] & {3{!run_q}}), .pad_i(walk_pad), .last_i(walk_last),",
	"\t\t.rot_o(rot), .pad_o(pad), .free_o(unit_free), .x_o(x), .w_o(w), .tok_o(patch_tok)",
	"\t);",
	"\tchip_dot u_dot (.clk_i(clk), .rst_ni(core_rst_n_q), .x_i(x), .w_i(w), .tok_i(patch_tok), .sum_o(sum), .tok_o(dot_tok));",
	"\tchip_post u_post (",
	"\t\t.clk_i(clk), .rst_ni(rst_n), .set_we_i(set_we), .par_we_i(par_we), .row_i(row[7:0]), .data_i(data), .go_i(go), .sum_i(sum), .tok_i(dot_tok),",
	"\t\t.put_i(host_wr), .put_addr_i(host_addr), .put_data_i(host_wdata),",
	"\t\t.wr_o(wr), .addr_o(waddr), .data_o(mem_wdata), .mask_o(wmask), .fin_o(fin)",
	"\t);",
	"\twire unused_ok = &{1'b0, row[8], tx_ready};",
	"endmodule",
	NULL
};

static void put(struct writer *w, const char *const *lines)
{
	for (; *lines; lines++)
		writer_line(w, "%s", *lines);
}

void emit_chip(struct writer *w, const struct config *c, const char *command)
{
	int is_outside = c->target == TARGET_ICE40;

	writer_line(w, "// Made by: %s", command);
	writer_line(w, "// Systole accelerator %s alone on a chip: 2 outputs x 8 products, 128 KiB%s, UART. SPDX-License-Identifier: Apache-2.0", c->name,
		is_outside ? " outside" : "");
	writer_line(w, "`default_nettype none");
	writer_line(w, "module %s_chip #(", c->name);
	put(w, ports);
	put(w, is_outside ? outside_ports : inside_ports);
	put(w, front);
	put(w, is_outside ? outside : inside);
	put(w, back);
	writer_line(w, "`default_nettype wire");
}
