// Sums to bytes in memory: bias, product with the channel's multiplier, two rounded shifts to the right (TensorFlow Lite's),
// zero point, clamp; bytes are gathered into words. A result a cycle.
//   1: sum of both sides (dw), or side 0 and then side 1   2: + bias   3: magnitude   4, 5: partial products   6, 7: their sum
//   8, 9: first rounding   10 to 12: shift   13: second rounding, sign, zero point   14, 15: clamp   16: byte of the word   17: memory
// A sum (add) is side 0 * 2^14 + the bias at row side 1.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_post (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire [2:0]  set_we_i,
	input  wire        par_we_i,
	input  wire [7:0]  row_i,
	input  wire [63:0] data_i,
	input  wire        go_i,
	input  wire [47:0] sum_i,           // [2]
	input  wire [2:0]  tok_i,           // {last of the run, of the pixel, valid}
	input  wire        put_i,           // the host's byte
	input  wire [16:0] put_addr_i,
	input  wire [7:0]  put_data_i,
	output wire        wr_o,            // register
	output wire [13:0] addr_o,
	output wire [63:0] data_o,
	output wire [7:0]  mask_o,
	output wire        fin_o            // the run's last word is in memory
);
	/* settings */
	reg        dw_q, add_q;
	reg [7:0]  zero_q, low_q, high_q;   // zero point, clamp
	reg [2:0]  lane0_q;                 // a pixel's first byte in its word
	reg [13:0] pitch_q;                 // words from pixel to pixel
	/* 1 */
	reg        two_q;                   // side 1 is next
	reg [1:0]  two_last_q;
	reg [23:0] hold_q, s_q;
	reg [7:0]  par_q, prow1_q;
	/* 2, 3 */
	reg [23:0] x_q;
	reg [22:0] mag_q;
	reg [30:0] m_q;
	/* 4..8 */
	reg [32:0] pp0_q, pp1_q, pp2_q, pp3_q; // digits of mag[22:16] * m
	reg        neg0_q, neg1_q, neg2_q, neg1b_q;
	reg [35:0] sum01_q, sum23_q;
	reg [38:0] p_q, r_q;
	reg [22:0] r8_q;
	reg        c8_q;
	reg [31:0] t_q;
	reg        zero6_q, zero7_q;        // the 16 lowest bits are 0
	/* 9..12 */
	reg [22:0] v9_q, v10_q, v11_q;
	reg [8:0]  v12_q;
	reg        half10_q, half11_q, half12_q;
	reg [4:0]  n2_q, n3_q, n4_q, n5_q, n6_q, n7_q, n8_q, n9_q;
	reg [2:0]  n10_q;
	reg        n11_q;
	reg [12:3] sign_q;
	/* 13..15 */
	reg signed [11:0] u_q;
	reg [7:0]  u14_q, y_q;
	reg        below_q, above_q;
	reg [14:0] v_q, pixel_q, run_q;     // stage 1 in bit 0
	/* 16, 17 */
	reg [63:0] word_q;
	reg [7:0]  mask_q;
	reg [2:0]  lane_q;
	reg        wr_q, wpixel_q, wrun_q, fin_q;
	reg [13:0] addr_q, next_q;             // next: the next pixel's

	/* 1 */
	wire        pair = !dw_q | add_q;       // both sides are results, or an addition's operands
	wire        v0   = tok_i[0] | two_q;
	wire        pix0 = two_q ? two_last_q[0] : tok_i[1] & (!pair | add_q);
	wire        run0 = two_q ? two_last_q[1] : tok_i[2] & (!pair | add_q);
	wire [23:0] a0   = two_q ? hold_q : add_q ? {sum_i[9:0], 14'd0} : sum_i[23:0];
	wire [23:0] b0   = (pair | two_q) ? 24'd0 : sum_i[47:24];
	wire [7:0]  prow = add_q ? sum_i[31:24] : par_q;
	wire [31:0] par;                        // {shift[4:0], bias[26:0]}: shift is to the right
	wire [30:0] mult;
	ram #(.W(32), .DEPTH(256), .AW(8)) u_bias (
		.clk_i(clk_i), .we_i(par_we_i), .waddr_i(row_i), .wdata_i({data_i[62:58], data_i[26:0]}), .re_i(1'b1), .raddr_i(prow), .rdata_o(par)
	);
	ram #(.W(31), .DEPTH(256), .AW(8)) u_mult (
		.clk_i(clk_i), .we_i(par_we_i), .waddr_i(row_i), .wdata_i(data_i[57:27]), .re_i(1'b1), .raddr_i(prow1_q), .rdata_o(mult)
	);

	/* 4..7: 23 x 31 bits: 16 of mag in DSP blocks, 7 in digits of 2 bits: 0, 1, 2, -1 */
	wire [31:0] plow, pmid;
	chip_mul u_low (.clk_i(clk_i), .a_i(mag_q[15:0]), .b_i(m_q[15:0]), .p_o(plow));
	chip_mul u_mid (.clk_i(clk_i), .a_i(mag_q[15:0]), .b_i({1'b0, m_q[30:16]}), .p_o(pmid));
	wire        c0 = &mag_q[17:16];
	wire        c1 = mag_q[19] & (mag_q[18] | c0);
	wire        c2 = mag_q[21] & (mag_q[20] | c1);
	wire [1:0]  d0 = mag_q[17:16];
	wire [1:0]  d1 = mag_q[19:18] + {1'b0, c0};
	wire [1:0]  d2 = mag_q[21:20] + {1'b0, c1};
	wire [1:0]  d3 = {1'b0, mag_q[22]} + {1'b0, c2};

	/* 10..12: shifts by 16 and 8, by 4 and 2, by 1; the last bit out */
	wire [22:0] s10 = n9_q[4] ? (n9_q[3] ? 23'd0 : {16'd0, v9_q[22:16]}) : n9_q[3] ? {8'd0, v9_q[22:8]} : v9_q;
	wire        h10 = n9_q[4] ? !n9_q[3] & v9_q[15] : n9_q[3] & v9_q[7];
	wire [22:0] s11 = n10_q[2] ? (n10_q[1] ? {6'd0, v10_q[22:6]} : {4'd0, v10_q[22:4]}) : n10_q[1] ? {2'd0, v10_q[22:2]} : v10_q;
	wire        h11 = n10_q[2] ? (n10_q[1] ? v10_q[5] : v10_q[3]) : n10_q[1] ? v10_q[1] : half10_q;

	wire        far12 = (|v11_q[22:10]) | (!n11_q & v11_q[9]); // |result| up to 511 is enough

	/* 14 */
	wire        below = u_q < $signed({{4{low_q[7]}}, low_q});
	wire        above = u_q > $signed({{4{high_q[7]}}, high_q});

	/* 16 */
	wire        v16   = v_q[14] | put_i;
	wire [2:0]  lane  = put_i ? put_addr_i[2:0] : lane_q;
	wire [7:0]  byte_ = put_i ? put_data_i : y_q;
	wire [7:0]  hot   = {8{v16}} & (8'd1 << lane);

	assign wr_o   = wr_q;
	assign addr_o = addr_q;
	assign data_o = word_q;
	assign mask_o = mask_q;
	assign fin_o  = fin_q;

	// digit * m, 1 less where it is -1
	function [32:0] digit(input [1:0] d, input [30:0] m);
		digit = (d == 2'd0) ? 33'd0 : (d == 2'd1) ? {2'd0, m} : (d == 2'd2) ? {1'd0, m, 1'b0} : {2'b11, ~m};
	endfunction

	integer i;
	always @(posedge clk_i) begin
		if (set_we_i[0]) begin
			dw_q    <= data_i[1];
			add_q   <= data_i[2];
			zero_q  <= data_i[39:32];
			low_q   <= data_i[47:40];
			high_q  <= data_i[55:48];
			lane0_q <= data_i[58:56];
		end
		if (set_we_i[2])
			pitch_q <= data_i[29:16];

		two_q      <= tok_i[0] & pair & !add_q & rst_ni;
		two_last_q <= tok_i[2:1];
		hold_q     <= sum_i[47:24];
		s_q        <= a0 + b0;
		if (go_i)
			par_q <= 8'd0;
		else if (v0)
			par_q <= pix0 ? 8'd0 : par_q + 8'd1;

		prow1_q <= prow;
		x_q     <= s_q + par[23:0];
		mag_q   <= (x_q[22:0] ^ {23{x_q[23]}}) + {22'd0, x_q[23]};
		m_q     <= mult;

		pp0_q   <= digit(d0, m_q);
		pp1_q   <= digit(d1, m_q);
		pp2_q   <= digit(d2, m_q);
		pp3_q   <= digit(d3, m_q);
		neg0_q  <= (d0 == 2'd3);
		neg1_q  <= (d1 == 2'd3);
		neg2_q  <= (d2 == 2'd3);
		sum01_q <= {{3{pp0_q[32]}}, pp0_q} + {pp1_q[32], pp1_q, 1'b0, neg0_q};
		sum23_q <= {{3{pp2_q[32]}}, pp2_q} + {pp3_q[32], pp3_q, 1'b0, neg2_q};
		neg1b_q <= neg1_q;
		p_q     <= {{3{sum01_q[35]}}, sum01_q} + {sum23_q[34:0], 1'b0, neg1b_q, 2'b00};
		t_q     <= pmid + {16'd0, plow[31:16]};
		zero6_q <= (plow[15:0] == 16'd0);
		r_q     <= p_q + {7'd0, t_q};
		zero7_q <= zero6_q;
		r8_q    <= r_q[37:15];
		c8_q    <= r_q[14] & !(sign_q[7] & zero7_q & (r_q[13:0] == 14'd0));
		v9_q    <= r8_q + {22'd0, c8_q};

		{n9_q, n8_q, n7_q, n6_q, n5_q, n4_q, n3_q, n2_q} <= {n8_q, n7_q, n6_q, n5_q, n4_q, n3_q, n2_q, par[31:27]};
		sign_q   <= {sign_q[11:3], x_q[23]};
		v10_q    <= s10;
		half10_q <= h10;
		n10_q    <= n9_q[2:0];
		v11_q    <= s11;
		half11_q <= h11;
		n11_q    <= n10_q[0];
		v12_q    <= (n11_q ? v11_q[9:1] : v11_q[8:0]) | {9{far12}};
		half12_q <= (n11_q ? v11_q[0] : half11_q) & !far12;

		u_q <= ({3'd0, v12_q} ^ {12{sign_q[12]}}) + {{4{zero_q[7]}}, zero_q} + {11'd0, sign_q[12] ^ half12_q};
		u14_q   <= u_q[7:0];
		below_q <= below;
		above_q <= above;
		y_q     <= below_q ? low_q : above_q ? high_q : u14_q;

		v_q     <= {v_q[13:0], v0} & {15{rst_ni}};
		pixel_q <= {pixel_q[13:0], pix0};
		run_q   <= {run_q[13:0], run0};

		for (i = 0; i < 8; i = i + 1)
			if (hot[i])
				word_q[8*i +: 8] <= byte_;
		mask_q   <= (wr_q ? 8'd0 : mask_q) | hot;
		wr_q     <= rst_ni & (put_i | (v_q[14] & ((lane_q == 3'd7) | pixel_q[14])));
		wpixel_q <= pixel_q[14];
		wrun_q   <= run_q[14] & v_q[14];
		fin_q    <= wr_q & wrun_q;
		if (!rst_ni)
			mask_q <= 8'd0;
		if (go_i)
			lane_q <= lane0_q;
		else if (v_q[14])
			lane_q <= pixel_q[14] ? lane0_q : lane_q + 3'd1;
		if (set_we_i[2])
			next_q <= data_i[13:0];
		else if (go_i | (wr_q & wpixel_q))
			next_q <= next_q + pitch_q;
		if (put_i)
			addr_q <= put_addr_i[16:3];
		else if (go_i)
			addr_q <= next_q;
		else if (wr_q)
			addr_q <= wpixel_q ? next_q : addr_q + 14'd1;
	end
	wire unused_ok = &{1'b0, data_i, set_we_i, par[26:24], r_q[38], sum23_q[35]};
endmodule
`default_nettype wire
