// Walks the words (or bytes) of a run's windows: line > pixel > group of 8 channels > ky > kx > word. The address and the
// position in the map move by one of seven steps, read from a RAM: which one follows from counters alone.
//   t: which step   t+1: the step   t+2: address, position; memory read
// Latency: an element a cycle, when memory is not written and a place in the patch buffer is free.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_walk (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire [2:0]  set_we_i,
	input  wire        step_we_i,
	input  wire [2:0]  row_i,
	input  wire [63:0] data_i,
	input  wire        go_i,            // a run begins
	input  wire        hold_i,          // memory is written: nothing moves
	input  wire        free_i,          // a unit of the patch buffer is free again
	output wire        rd_o,
	output wire [16:0] addr_o,
	output wire        pad_o,           // outside the map
	output wire [2:0]  last_o           // {of the run, of the pixel, of the unit: a pixel or its group}
);
	/* settings: counts less one, and the map's size */
	reg [5:0]  nj_q, ng_q, nx_q, ny_q;
	reg [4:0]  nkx_q, nky_q;
	reg [5:0]  n0_q;                    // counts of one: {line, pixel, group, ky, kx, word}
	reg [6:0]  h_q;
	reg [7:0]  w_q;
	/* where it is: left to do */
	reg        active_q;
	reg [5:0]  j_q, g_q, x_q, y_q;
	reg [4:0]  kx_q, ky_q;
	reg [5:0]  last_q;                  // no more of it
	reg [2:0]  which_q;
	reg [2:0]  units_q;                 // in the patch buffer or on the way
	/* stages */
	reg        v1_q, v2_q;
	reg [2:0]  last1_q, last2_q;
	reg [16:0] addr_q;
	reg [6:0]  iy_q;
	reg [7:0]  ix_q;

	wire        move = active_q & !units_q[2] & !hold_i;
	wire        zj   = last_q[0];
	wire        zkx  = &last_q[1:0];
	wire        zky  = &last_q[2:0];
	wire        zg   = &last_q[3:0];
	wire        zx   = &last_q[4:0];
	wire        zy   = &last_q[5:0];
	wire [31:0] step;                   // {ix, iy, address}
	ram #(.W(32), .DEPTH(256), .AW(8)) u_steps (
		.clk_i(clk_i), .we_i(step_we_i), .waddr_i({5'd0, row_i}), .wdata_i(data_i[31:0]), .re_i(!hold_i), .raddr_i({5'd0, which_q}), .rdata_o(step)
	);

	assign rd_o   = v2_q & !hold_i;
	assign addr_o = addr_q;
	assign pad_o  = (iy_q >= h_q) | (ix_q >= w_q);
	assign last_o = last2_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			active_q <= 1'b0;
			v1_q     <= 1'b0;
			v2_q     <= 1'b0;
		end else begin
			active_q <= go_i | (active_q & !(move & zy));
			if (!hold_i) begin
				v1_q <= move;
				v2_q <= v1_q;
			end
		end
		if (go_i)
			units_q <= 3'd0;
		else
			units_q <= units_q + {2'd0, move & zky} - {2'd0, free_i};
		if (set_we_i[0]) begin
			h_q <= data_i[22:16];
			w_q <= data_i[31:24];
		end
		if (set_we_i[1]) begin
			nj_q  <= data_i[5:0];
			nkx_q <= data_i[12:8];
			nky_q <= data_i[20:16];
			ng_q  <= data_i[29:24];
			nx_q  <= data_i[37:32];
			ny_q  <= data_i[45:40];
			n0_q  <= {data_i[45:40] == 6'd0, data_i[37:32] == 6'd0, data_i[29:24] == 6'd0, data_i[20:16] == 5'd0, data_i[12:8] == 5'd0, data_i[5:0] == 6'd0};
		end
		if (go_i | move) begin
			j_q       <= (go_i | zj) ? nj_q : j_q - 6'd1;
			last_q[0] <= (go_i | zj) ? n0_q[0] : (j_q == 6'd1);
			which_q   <= go_i ? 3'd0 : !zj ? 3'd1 : !zkx ? 3'd2 : !zky ? 3'd3 : !zg ? 3'd4 : !zx ? 3'd5 : 3'd6;
		end
		if (go_i | (move & zj)) begin
			kx_q      <= (go_i | zkx) ? nkx_q : kx_q - 5'd1;
			last_q[1] <= (go_i | zkx) ? n0_q[1] : (kx_q == 5'd1);
		end
		if (go_i | (move & zkx)) begin
			ky_q      <= (go_i | zky) ? nky_q : ky_q - 5'd1;
			last_q[2] <= (go_i | zky) ? n0_q[2] : (ky_q == 5'd1);
		end
		if (go_i | (move & zky)) begin
			g_q       <= (go_i | zg) ? ng_q : g_q - 6'd1;
			last_q[3] <= (go_i | zg) ? n0_q[3] : (g_q == 6'd1);
		end
		if (go_i | (move & zg)) begin
			x_q       <= (go_i | zx) ? nx_q : x_q - 6'd1;
			last_q[4] <= (go_i | zx) ? n0_q[4] : (x_q == 6'd1);
		end
		if (go_i | (move & zx)) begin
			y_q       <= (go_i | zy) ? ny_q : y_q - 6'd1;
			last_q[5] <= (go_i | zy) ? n0_q[5] : (y_q == 6'd1);
		end
		if (!hold_i) begin
			last1_q <= {zy, zg, zky};
			last2_q <= last1_q;
		end
		if (go_i) begin
			addr_q <= 17'd0;
			iy_q   <= 7'd0;
			ix_q   <= 8'd0;
		end else if (v1_q & !hold_i) begin
			addr_q <= addr_q + step[16:0];
			iy_q   <= iy_q + step[23:17];
			ix_q   <= ix_q + step[31:24];
		end
	end
	wire unused_ok = &{1'b0, data_i, set_we_i};
endmodule
`default_nettype wire
