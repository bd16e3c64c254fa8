// One block of single-port RAM of the iCE40 UP5K, 16384 words of 16 bits with a write enable per byte.
// Latency: rdata_o is valid the cycle after a cycle with en_i and no we_i, and holds.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module spram (
	input  wire        clk_i,
	input  wire        en_i,
	input  wire [1:0]  we_i,            // per byte; none: read
	input  wire [13:0] addr_i,
	input  wire [15:0] wdata_i,
	output wire [15:0] rdata_o
);
	SB_SPRAM256KA u_ram (
		.CLOCK(clk_i), .CHIPSELECT(en_i), .WREN(|we_i), .MASKWREN({{2{we_i[1]}}, {2{we_i[0]}}}),
		.ADDRESS(addr_i), .DATAIN(wdata_i), .DATAOUT(rdata_o),
		.STANDBY(1'b0), .SLEEP(1'b0), .POWEROFF(1'b1)
	);
endmodule
`default_nettype wire
