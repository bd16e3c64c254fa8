// The memory of a device that has all of it on chip: 128 KiB in four single-port RAMs of 16 bits, an aligned word of 8 bytes a
// cycle. A target whose memory is outside the chip has none.
// Latency: rdata_o is valid the cycle after a cycle with en_i and no we_i, and holds.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_ram (
	input  wire        clk_i,
	input  wire        en_i,
	input  wire [7:0]  we_i,            // per byte; none: read
	input  wire [13:0] addr_i,          // in words
	input  wire [63:0] wdata_i,
	output wire [63:0] rdata_o
);
	genvar k;
	generate
		for (k = 0; k < 4; k = k + 1) begin : g_ram
			spram u_ram (
				.clk_i(clk_i), .en_i(en_i), .we_i(we_i[2*k +: 2]), .addr_i(addr_i), .wdata_i(wdata_i[16*k +: 16]), .rdata_o(rdata_o[16*k +: 16])
			);
		end
	endgenerate
endmodule
`default_nettype wire
