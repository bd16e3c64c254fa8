// SPDX-License-Identifier: Apache-2.0
// NAME_chip (here: chip) on the UPduino: the PLL makes 48 MHz of the 12 MHz at gpio_20, and the button's reset waits for it.
`default_nettype none
module board (
	input  wire clk,
	input  wire rst_n,
	input  wire rx,
	output wire tx,
	output wire busy
);
	reg  [1:0] rst_n_q;
	wire       fast, locked;

	// 12 MHz * (DIVF + 1) / 2^DIVQ
	SB_PLL40_CORE #(.FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(7'd63), .DIVQ(3'd4), .FILTER_RANGE(3'd1)) u_pll (
		.REFERENCECLK(clk), .PLLOUTGLOBAL(fast), .LOCK(locked), .RESETB(1'b1), .BYPASS(1'b0)
	);
	always @(posedge fast)
		rst_n_q <= {rst_n_q[0], rst_n & locked};
	chip u_chip (.clk(fast), .rst_n(rst_n_q[1]), .rx(rx), .tx(tx), .busy(busy));
endmodule
`default_nettype wire
