// Eight token counters between the engines. Bit i of every mask is token i of docs/architecture.md.
// A token has one consumer and one producer. Engines: lane 0 load, 1 feed, 2 post, 3 store.
// Latency: ok_o is combinational; a pushed token can be taken the cycle after push_i.
// Twin: cmodel/tokens.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module tokens #(
	parameter TOK_W = 6                 // bits of a counter, 2..8; more than 2^TOK_W-1 tokens is an error
) (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire [31:0] wait_i,          // [4][8] tokens the engine's shadow command waits for
	output wire [3:0]  ok_o,            // all of them are there
	input  wire [3:0]  take_i,          // takes one of each it waits for
	input  wire [31:0] push_i,          // [4][8] pushes one of each
	output wire        err_o            // one cycle: a counter overflowed
);
	reg [8*TOK_W-1:0] count_q;
	reg               err_q;

	wire [7:0] have;
	wire [7:0] full;
	wire [7:0] take = (wait_i[7:0] & {8{take_i[0]}}) | (wait_i[15:8] & {8{take_i[1]}})
	                | (wait_i[23:16] & {8{take_i[2]}}) | (wait_i[31:24] & {8{take_i[3]}});
	wire [7:0] push = push_i[7:0] | push_i[15:8] | push_i[23:16] | push_i[31:24];
	wire [7:0] up   = push & ~take;
	wire [7:0] down = take & ~push;

	assign ok_o  = {~|(wait_i[31:24] & ~have), ~|(wait_i[23:16] & ~have),
	                ~|(wait_i[15:8] & ~have), ~|(wait_i[7:0] & ~have)};
	assign err_o = err_q;

	genvar i;
	generate
		for (i = 0; i < 8; i = i + 1) begin : g_token
			assign have[i] = |count_q[i*TOK_W +: TOK_W];
			assign full[i] = &count_q[i*TOK_W +: TOK_W];
			always @(posedge clk_i)
				if (!rst_ni)
					count_q[i*TOK_W +: TOK_W] <= {TOK_W{1'b0}};
				else if (up[i] | down[i])
					count_q[i*TOK_W +: TOK_W] <= count_q[i*TOK_W +: TOK_W]
						+ {{TOK_W-1{down[i]}}, 1'b1};
		end
	endgenerate

	always @(posedge clk_i)
		err_q <= rst_ni & |(up & full);
endmodule
`default_nettype wire
