// Requantization parameters: a ring of rows of LANES entries {shift[7:0], mult[31:0], bias[31:0]}, one RAM per lane.
// A channel tile is COLS/LANES rows. Entries are written in order; post reads a row by its number in the oldest tile
// and releases tiles. Load never writes more than fits: it holds a credit per entry.
// Latency: ok_o and data_o the cycle after re_i; a row can be read the cycle after its last entry was written.
// Twin: cmodel/param_buffer.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module param_buffer #(
	parameter COLS     = 8,             // entries in a tile, 1..32
	parameter LANES    = 8,             // entries in a row, divides COLS
	parameter PAR_ROWS = 32,            // rows, power of two, 2.., at least COLS/LANES
	parameter AW       = $clog2(PAR_ROWS),  // derived, do not override
	parameter RW       = (COLS > LANES) ? $clog2(COLS / LANES) : 1  // derived, do not override
) (
	input  wire                clk_i,
	input  wire                rst_ni,
	input  wire                we_i,
	input  wire [71:0]         data_i,      // one entry
	input  wire                re_i,
	input  wire [RW-1:0]       row_i,       // of the oldest tile; with rel_i: of the one after it
	input  wire                rel_i,       // the oldest tile is not needed any more
	output wire                ok_o,        // the row of the last re_i was there
	output wire [LANES*72-1:0] data_o,      // [LANES], with ok_o
	output wire                rel_o        // register: to load, COLS entries are free
);
	localparam integer ROWS = COLS / LANES; // of a tile
	localparam integer LAST = LANES - 1;
	localparam LW = (LANES > 1) ? $clog2(LANES) : 1;

	generate
		if (PAR_ROWS < ROWS || PAR_ROWS < 2 || (PAR_ROWS & (PAR_ROWS - 1)) != 0) begin : g_guard
			PAR_ROWS_is_no_power_of_two_or_less_than_a_tile u_guard ();
		end
	endgenerate

	reg [LW-1:0] wlane_q;               // lane of the next entry
	reg [AW-1:0] wrow_q;                // its row
	reg [AW-1:0] base_q;                // first row of the oldest tile
	reg [AW:0]   count_q;               // complete rows, from base_q on
	reg          ok_q;
	reg          rel_q;

	wire          full  = we_i & (wlane_q == LAST[LW-1:0]);
	wire [AW:0]   step  = rel_i ? ROWS[AW:0] : {AW+1{1'b0}};
	wire [AW+1:0] at    = {1'b0, step} + {{AW+2-RW{1'b0}}, row_i};
	wire [AW-1:0] row   = base_q + at[AW-1:0];
	wire          there = (at < {1'b0, count_q});

	genvar i;
	generate
		for (i = 0; i < LANES; i = i + 1) begin : g_bank
			ram #(.W(72), .DEPTH(PAR_ROWS)) u_ram (
				.clk_i  (clk_i),
				.we_i   (we_i & (wlane_q == i[LW-1:0])),
				.waddr_i(wrow_q),
				.wdata_i(data_i),
				.re_i   (re_i & there),
				.raddr_i(row),
				.rdata_o(data_o[i*72 +: 72])
			);
		end
	endgenerate
	assign ok_o  = ok_q;
	assign rel_o = rel_q;

	always @(posedge clk_i)
		if (!rst_ni) begin
			wlane_q <= {LW{1'b0}};
			wrow_q  <= {AW{1'b0}};
			base_q  <= {AW{1'b0}};
			count_q <= {AW+1{1'b0}};
			ok_q    <= 1'b0;
			rel_q   <= 1'b0;
		end else begin
			if (we_i)
				wlane_q <= full ? {LW{1'b0}} : wlane_q + 1'b1;
			if (full)
				wrow_q <= wrow_q + 1'b1;
			base_q  <= base_q + step[AW-1:0];
			count_q <= count_q + {{AW{1'b0}}, full} - step;
			if (re_i)
				ok_q <= there;
			rel_q   <= rel_i;
		end
endmodule
`default_nettype wire
