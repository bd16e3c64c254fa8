// SPDX-License-Identifier: Apache-2.0
// NAME_chip (here: chip) on the iCE40HX8K-EVB: chip_sram runs on the 100 MHz at clk, and makes NAME_chip's clock and memory.
`default_nettype none
module board (
	input  wire        clk,
	input  wire        rst_n,
	input  wire        rx,
	output wire        tx,
	output wire        busy,
	output wire        sram_cs_n,
	output wire        sram_oe_n,
	output wire        sram_we_n,
	output wire [17:0] sram_addr,
	inout  wire [15:0] sram_data
);
	reg  [1:0]  rst_n_q;
	wire        core, mem_en, drive;
	wire [7:0]  mem_we;
	wire [13:0] mem_addr;
	wire [63:0] mem_wdata, mem_rdata;
	wire [15:0] to_sram, from_sram;

	always @(posedge core)
		rst_n_q <= {rst_n_q[0], rst_n};
	chip u_chip (
		.clk(core), .rst_n(rst_n_q[1]), .rx(rx), .tx(tx), .busy(busy),
		.mem_en(mem_en), .mem_we(mem_we), .mem_addr(mem_addr), .mem_wdata(mem_wdata), .mem_rdata(mem_rdata)
	);
	chip_sram u_mem (
		.clk_i(clk), .clk_o(core), .en_i(mem_en), .we_i(mem_we), .addr_i(mem_addr), .wdata_i(mem_wdata), .rdata_o(mem_rdata),
		.sram_addr_o(sram_addr[15:0]), .sram_oe_no(sram_oe_n), .sram_we_no(sram_we_n), .sram_drive_o(drive), .sram_data_o(to_sram), .sram_data_i(from_sram)
	);
	assign sram_addr[17:16] = 2'd0;
	assign sram_cs_n        = 1'b0;
	SB_IO #(.PIN_TYPE(6'b1010_01)) u_data [15:0] (.PACKAGE_PIN(sram_data), .OUTPUT_ENABLE(drive), .D_OUT_0(to_sram), .D_IN_0(from_sram));
endmodule
`default_nettype wire
