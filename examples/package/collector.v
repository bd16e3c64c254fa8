// FIFO of finished vectors between the array (or pool unit) and post. The RAM's output register is the output:
// data_o holds the oldest vector whenever valid_o. A push is never refused: feed holds one credit per RAM word.
// Latency: push to valid_o 2 cycles when empty; one vector a cycle.
// Twin: cmodel/collector.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module collector #(
	parameter COLS  = 8,                // sums in a vector, 1..32
	parameter ACC_W = 32,               // bits of a sum, 16..32
	parameter DEPTH = 16,               // vectors, power of two, 2..
	parameter AW    = $clog2(DEPTH)     // derived, do not override
) (
	input  wire                  clk_i,
	input  wire                  rst_ni,
	input  wire                  push_i,
	input  wire [COLS*ACC_W-1:0] push_data_i,   // [COLS]
	output wire                  valid_o,
	output wire [COLS*ACC_W-1:0] data_o,        // [COLS], with valid_o
	input  wire                  pop_i          // only with valid_o
);
	reg [AW-1:0] wptr_q;
	reg [AW-1:0] rptr_q;
	reg [AW:0]   count_q;               // vectors in the RAM, the output register not counted
	reg          out_q;                 // the output register holds a vector

	wire re = (count_q != {AW+1{1'b0}}) & (!out_q | pop_i);

	ram #(.W(COLS*ACC_W), .DEPTH(DEPTH)) u_ram (
		.clk_i  (clk_i),
		.we_i   (push_i),
		.waddr_i(wptr_q),
		.wdata_i(push_data_i),
		.re_i   (re),
		.raddr_i(rptr_q),
		.rdata_o(data_o)
	);
	assign valid_o = out_q;

	always @(posedge clk_i)
		if (!rst_ni) begin
			wptr_q  <= {AW{1'b0}};
			rptr_q  <= {AW{1'b0}};
			count_q <= {AW+1{1'b0}};
			out_q   <= 1'b0;
		end else begin
			if (push_i)
				wptr_q <= wptr_q + 1'b1;
			if (re)
				rptr_q <= rptr_q + 1'b1;
			count_q <= count_q + {{AW{1'b0}}, push_i} - {{AW{1'b0}}, re};
			out_q   <= re | (out_q & !pop_i);
		end
endmodule
`default_nettype wire
