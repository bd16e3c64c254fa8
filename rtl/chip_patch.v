// The patch buffer: four units (a pixel's window, or 8 channels of it) of up to 128 rows; units are written while others
// are multiplied. It has two sides of 8 bytes, for the array's two outputs. Element t of a unit is
//   a word (conv):             row t of both sides
//   a byte (byte):             byte t mod 8 of row t / 8 of both
//   8 channels of a tap (dw):  channel c is row 8 * (t / 16) + c, byte (c + t) mod 8, of side t / 8 mod 2 (add: of both)
// A unit is read count times as words from the last one down to 0; then its place is free.
//   t: element read from memory   t+1: rot_o, pad_o   t+2: data_i is written
//   u: rows asked for   u+1: x_o, w_o   tok_o is the request's
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_patch (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire [2:0]  set_we_i,
	input  wire [1:0]  wgt_we_i,
	input  wire [7:0]  row_i,
	input  wire [63:0] data_i,
	input  wire        go_i,
	input  wire        rd_i,            // chip_walk's
	input  wire [2:0]  sel_i,           // byte of the word
	input  wire        pad_i,
	input  wire [2:0]  last_i,
	output wire [2:0]  rot_o,
	output wire        pad_o,
	output wire        free_o,
	output wire [127:0] x_o,            // [2][8]
	output wire [127:0] w_o,
	output wire [4:0]  tok_o            // register: {last of the run, of the pixel, last word, first word, valid}
);
	/* settings */
	reg       byte_q, dw_q, add_q, again_q; // again: every unit begins with the first weight
	reg [6:0] nw_q;                     // words less one
	reg [6:0] nc_q;                     // outputs (dw) or pairs of them less one
	/* writing */
	reg [7:0] t_q, t1_q;
	reg       v1_q, pad1_q;
	reg [2:0] rot1_q, last1_q, last2_q;
	reg       v2_q;
	reg [15:0] we2_q;                   // [2][8]
	reg [3:0] high2_q;                  // upper bits of the row
	reg [23:0] low2_q;                  // [8] lower bits
	reg [1:0] unit_q;
	/* reading */
	reg [2:0] full_q;
	reg [3:0] pixel_q, run_q;           // [4] the unit is the pixel's last, the run's
	reg [1:0] runit_q;
	reg       first_q;
	reg [6:0] j_q;
	reg [7:0] wa_q;
	reg [6:0] c_q;
	reg [4:0] tok_q;

	assign rot_o = rot1_q;
	assign pad_o = pad1_q;
	assign tok_o = tok_q;

	wire       wrote = v2_q & last2_q[0];
	wire       step  = (full_q != 3'd0);
	wire       zj    = (j_q == 7'd0);
	wire       over  = step & zj & (c_q == nc_q);
	wire       pixel = pixel_q[runit_q];
	wire [8:0] raddr = {runit_q, dw_q ? {j_q[3:0], c_q[2:0]} : j_q};
	assign free_o = over;

	genvar s, l;
	generate
		for (s = 0; s < 2; s = s + 1) begin : g_side
			for (l = 0; l < 8; l = l + 1) begin : g_lane
				ram #(.W(8), .DEPTH(512), .AW(9)) u_patch (
					.clk_i(clk_i), .we_i(we2_q[8*s+l]), .waddr_i({unit_q, high2_q, low2_q[3*l +: 3]}), .wdata_i(data_i[8*l +: 8]),
					.re_i(1'b1), .raddr_i(raddr), .rdata_o(x_o[64*s+8*l +: 8])
				);
			end
			ram #(.W(64), .DEPTH(256), .AW(8)) u_wgt (
				.clk_i(clk_i), .we_i(wgt_we_i[s]), .waddr_i(row_i), .wdata_i(data_i), .re_i(1'b1), .raddr_i(wa_q), .rdata_o(w_o[64*s +: 64])
			);
		end
		for (l = 0; l < 8; l = l + 1) begin : g_we
			localparam [2:0] L = l;
			wire lane = v1_q & (!byte_q | (t1_q[2:0] == L));
			always @(posedge clk_i) begin
				we2_q[l]       <= lane & (!dw_q | add_q | !t1_q[3]);
				we2_q[8+l]     <= lane & (!dw_q | add_q | t1_q[3]);
				low2_q[3*l +: 3] <= dw_q ? L - t1_q[2:0] : byte_q ? t1_q[5:3] : t1_q[2:0];
			end
		end
	endgenerate

	always @(posedge clk_i) begin
		if (set_we_i[0]) begin
			byte_q  <= data_i[0];
			dw_q    <= data_i[1];
			add_q   <= data_i[2];
			again_q <= data_i[3];
		end
		if (set_we_i[1]) begin
			nw_q <= data_i[54:48];
			nc_q <= data_i[62:56];
		end
		if (go_i)
			t_q <= 8'd0;
		else if (rd_i)
			t_q <= last_i[0] ? 8'd0 : t_q + 8'd1;
		v1_q    <= rd_i & rst_ni;
		pad1_q  <= rd_i & pad_i;
		rot1_q  <= !rd_i ? -sel_i : dw_q ? t_q[2:0] : byte_q ? t_q[2:0] - sel_i : 3'd0;
		last1_q <= last_i;
		t1_q    <= t_q;
		v2_q    <= v1_q & rst_ni;
		last2_q <= last1_q;
		high2_q <= dw_q ? t1_q[7:4] : byte_q ? {2'd0, t1_q[7:6]} : t1_q[6:3];
		if (!rst_ni)
			unit_q <= 2'd0;
		else if (wrote)
			unit_q <= unit_q + 2'd1;
		if (wrote) begin
			pixel_q[unit_q] <= last2_q[1];
			run_q[unit_q]   <= last2_q[2];
		end

		if (!rst_ni) begin
			full_q  <= 3'd0;
			runit_q <= 2'd0;
			tok_q   <= 5'd0;
		end else begin
			full_q  <= full_q + {2'd0, wrote} - {2'd0, over};
			runit_q <= runit_q + {1'b0, over};
			tok_q   <= {over & run_q[runit_q], over & pixel, zj, first_q, step};
		end
		if (go_i) begin
			j_q     <= nw_q;
			c_q     <= 7'd0;
			wa_q    <= 8'd0;
			first_q <= 1'b1;
		end else if (step) begin
			j_q     <= zj ? nw_q : j_q - 7'd1;
			first_q <= zj;
			wa_q    <= (over & (pixel | again_q)) ? 8'd0 : wa_q + 8'd1;
			if (zj)
				c_q <= over ? 7'd0 : c_q + 7'd1;
		end
	end
	wire unused_ok = &{1'b0, data_i, set_we_i};
endmodule
`default_nettype wire
