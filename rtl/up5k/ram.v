// RAM of the iCE40: block RAM, one write port, one synchronous read port with an output register.
// A read of the address being written returns anything: no module of a small device does that and uses it.
// Latency: rdata_o is valid the cycle after re_i.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module ram #(
	parameter W     = 64,                                 // bits in a word, 1..
	parameter DEPTH = 64,                                 // words, 2..
	parameter AW    = (DEPTH > 2) ? $clog2(DEPTH) : 1     // derived, do not override
) (
	input  wire          clk_i,
	input  wire          we_i,
	input  wire [AW-1:0] waddr_i,
	input  wire [W-1:0]  wdata_i,
	input  wire          re_i,
	input  wire [AW-1:0] raddr_i,
	output wire [W-1:0]  rdata_o
);
	(* no_rw_check *)
	reg [W-1:0] mem [0:DEPTH-1];
	reg [W-1:0] rdata_q;

	assign rdata_o = rdata_q;

	always @(posedge clk_i) begin
		if (we_i)
			mem[waddr_i] <= wdata_i;
		if (re_i)
			rdata_q <= mem[raddr_i];
	end
endmodule
`default_nettype wire
