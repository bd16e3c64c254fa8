// SPDX-License-Identifier: Apache-2.0
// NAME_chip of examples/hx8k_evb.yaml, RTL or (NETLIST) netlist, with chip_sram and the board's SRAM. A UART bit takes 2 * DIV
// cycles of clk.
`default_nettype none
module evb #(
	parameter DIV = 16
) (
	input  wire clk,
	input  wire rst_n,
	input  wire rx,
	output wire tx,
	output wire busy
);
	wire        core, mem_en, oe_n, we_n, drive;
	wire [7:0]  mem_we;
	wire [13:0] mem_addr;
	wire [63:0] mem_wdata, mem_rdata;
	wire [15:0] addr, to_sram, from_sram;

`ifdef NETLIST
	hx8k_evb_chip u_chip (
`else
	hx8k_evb_chip #(.DIV(DIV)) u_chip (
`endif
		.clk(core), .rst_n(rst_n), .rx(rx), .tx(tx), .busy(busy),
		.mem_en(mem_en), .mem_we(mem_we), .mem_addr(mem_addr), .mem_wdata(mem_wdata), .mem_rdata(mem_rdata)
	);
	chip_sram u_mem (
		.clk_i(clk), .clk_o(core), .en_i(mem_en), .we_i(mem_we), .addr_i(mem_addr), .wdata_i(mem_wdata), .rdata_o(mem_rdata),
		.sram_addr_o(addr), .sram_oe_no(oe_n), .sram_we_no(we_n), .sram_drive_o(drive), .sram_data_o(to_sram), .sram_data_i(from_sram)
	);
	sram u_sram (
		.clk_i(clk), .check_i(rst_n), .addr_i({2'd0, addr}), .oe_ni(oe_n), .we_ni(we_n), .drive_i(drive), .data_i(to_sram), .data_o(from_sram)
	);
endmodule
`default_nettype wire
