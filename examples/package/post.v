// POST engine: collector vectors -> requantized activations in the activation buffer, LANES channels (a beat) a cycle.
// Entries of the lanes: FIRST from the collector; with an ADD then Q2 (b), Q1 (a), SUM, 6, 7, 13 cycles after FIRST;
// with a global average GAP 8 cycles after a FIRST of a tile's last vector. With an ADD a FIRST enters in phase 0
// only, so Q2, Q1, SUM are in phases 2, 3, 1 and never meet. Nothing stalls once it has entered.
// Latency: entry to write 7 cycles (ADD 20, GAP 15); 1 beat a cycle, ADD 1 in 4; last entry to next command's first 8.
// Twin: cmodel/post.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module post #(
	parameter COLS     = 8,             // sums in a vector, 1..32
	parameter LANES    = 8,             // lanes, divides COLS
	parameter ACC_W    = 32,            // bits of a sum, 16..32
	parameter ACT_W    = 8,             // bits of an activation, 4..8, or 16 (zero points 0)
	parameter PORT     = 8,             // bytes of the activation port, power of two, COLS..64
	parameter ACT_AW   = 16,            // log2 of the activation buffer's bytes, 10..20
	parameter ROUNDING = 0,             // 0 tflite, 1 tflite_single, 2 onnx
	parameter RW       = (COLS > LANES) ? $clog2(COLS / LANES) : 1  // derived, do not override
) (
	input  wire                  clk_i,
	input  wire                  rst_ni,
	input  wire                  cmd_we_i,
	input  wire [3:0]            cmd_idx_i,
	input  wire [63:0]           cmd_data_i,
	output wire                  cmd_full_o,
	output wire [7:0]            tok_wait_o,
	input  wire                  tok_ok_i,
	output wire                  tok_take_o,
	output wire [7:0]            tok_push_o,
	output wire                  idle_o,
	output wire                  err_o,
	output wire [7:0]            err_code_o,
	output wire [7:0]            done_cnt_o,    // commands completed
	output wire [15:0]           pix_cnt_o,     // vectors of the last channel tile written
	output wire                  last_tile_o,   // pix_cnt_o is not 0
	input  wire                  col_valid_i,
	input  wire [COLS*ACC_W-1:0] col_data_i,    // [COLS]
	output wire                  col_pop_o,
	output wire                  par_re_o,      // to param_buffer
	output wire [RW-1:0]         par_row_o,
	output wire                  par_rel_o,
	input  wire                  par_ok_i,
	input  wire [LANES*72-1:0]   par_data_i,    // [LANES]{shift[7:0], mult[31:0], bias[31:0]}
	output wire                  post_rd_o,
	output wire [ACT_AW-1:0]     post_addr_o,
	input  wire                  post_gnt_i,
	input  wire                  post_vld_i,    // 3 cycles after the grant
	input  wire [PORT*ACT_W-1:0] rd_data_i,     // [PORT]
	output wire                  post_wr_o,
	output wire [ACT_AW-1:0]     post_waddr_o,
	output wire [PORT*ACT_W-1:0] post_wdata_o,  // [PORT], the first LANES are meaningful
	output wire [PORT-1:0]       post_wmask_o
);
	localparam BEATS = COLS / LANES;
	localparam integer LAST = BEATS - 1;
	localparam BW    = LANES * ACT_W;           // bits of a beat
	localparam CW    = (ACT_W > 8) ? 16 : 8;    // bits of a clamp's bound
	localparam [7:0]  ERR_POST = 8'd10;         // cmodel/csr_map.h
	localparam [2:0]  FIRST = 3'd0, Q2 = 3'd1, Q1 = 3'd2, SUM = 3'd3, GAP = 3'd4;
	localparam [31:0] ONE_M = (ROUNDING == 2) ? 32'h00800000 : 32'h40000000;    // y = acc
	localparam [7:0]  ONE_S = (ROUNDING == 2) ? -8'd23 : 8'd1;

	generate
		if (BEATS * LANES != COLS || PORT < COLS) begin : g_guard
			LANES_does_not_divide_COLS_or_PORT_is_less_than_COLS u_guard ();
		end
	endgenerate

	/* 8 bits: {hi, lo, zy}; 16: {hi, lo} and zy is 0 */
	wire [2*CW+7:0] cmd_first;
	generate
		if (ACT_W > 8) begin : g_first
			assign cmd_first = {cmd_data_i[31:0], 8'd0};
		end else begin : g_first
			assign cmd_first = cmd_data_i[23:0];
		end
	endgenerate

	/* shadow command */
	reg              full_q;
	reg [7:0]        wait_q;
	reg [7:0]        s_push_q;
	reg [5:0]        s_flags_q;         // {pool, bypass, gap, uniform, skip, add}
	reg [ACT_AW-1:0] s_out_q;
	reg [15:0]       s_pixels_q;
	reg [15:0]       s_lines_q;
	reg [ACT_AW-1:0] s_pstep_q;
	reg [ACT_AW-1:0] s_lstep_q;
	reg [15:0]       s_tiles_q;
	reg [15:0]       s_valid_q;
	reg [ACT_AW-1:0] s_tstep_q;
	reg [2*CW+7:0]   s_first_q;         // {hi, lo, zy}
	reg [ACT_AW-1:0] s_res_q;
	reg [ACT_AW-1:0] s_rpstep_q;
	reg [ACT_AW-1:0] s_rlstep_q;
	reg [23:0]       s_zero_q;          // {zy of the sum, z2, z1}
	reg [2*CW-1:0]   s_clamp_q;         // {hi, lo} of the sum
	reg [39:0]       s_scale1_q;        // {shift, mult}
	reg [39:0]       s_scale2_q;
	reg [39:0]       s_scale3_q;
	reg [39:0]       s_average_q;
	/* active command */
	reg              busy_q;
	reg              bad_q;             // it is illegal and done
	reg [7:0]        push_q;
	reg              add_q;
	reg              plain_q;           // skip or bypass: no parameters
	reg              uniform_q;
	reg              average_q;         // global
	reg              pool_q;
	reg [15:0]       pixels_q;
	reg [15:0]       lines_q;
	reg [5:0]        valid_q;
	reg [ACT_AW-1:0] pstep_q;
	reg [ACT_AW-1:0] lstep_q;
	reg [ACT_AW-1:0] tstep_q;
	reg [ACT_AW-1:0] rpstep_q;
	reg [ACT_AW-1:0] rlstep_q;
	reg [2*CW+7:0]   first_q;
	reg [23:0]       zero_q;
	reg [2*CW-1:0]   clamp_q;
	reg [39:0]       scale1_q;
	reg [39:0]       scale2_q;
	reg [39:0]       scale3_q;          // of the sum or the global average
	/* loops: of the residual's reads with an ADD, else of the entries */
	reg              loop_q;
	reg [15:0]       px_q;              // pixels left in the line
	reg [15:0]       ln_q;              // lines left
	reg [15:0]       ct_q;              // channel tiles left
	reg [RW-1:0]     bt_q;              // beat
	/* residual reads */
	reg              rd_q;              // a read is offered
	reg [ACT_AW-1:0] raddr_q;
	reg [2:0]        room_q;            // reads that may still be offered: 4 - beats on the way or in b_q
	reg [2:0]        ready_q;           // granted and not entered
	reg [15:0]       tags_q;            // [4] tags of the reads
	reg [1:0]        twp_q;
	reg [1:0]        trp_q;
	reg [4*BW-1:0]   b_q;               // [4][LANES] operands
	reg [1:0]        bwp_q;
	reg [1:0]        brp_q;
	/* entries; stage k of the lanes is bit or lane k - 1 */
	reg [1:0]        phase_q;
	reg [RW-1:0]     eb_q;              // beat that enters next; its row is at the parameter buffer's output
	reg [6:0]        v_q;
	reg [20:0]       kind_q;            // [7]
	reg [27:0]       tag_q;             // [7]{last tile, tile end, line end, beat end}
	reg              gv_q;              // a lane's average is complete
	reg [1:0]        gtag_q;            // its {last tile, beat end}
	reg              gfirst_q;          // the next vector is its tile's first
	/* writes */
	reg              fin_q;             // y_o are results
	reg              wr_q;              // to be written
	reg [ACT_AW-1:0] waddr_q;
	reg [LANES-1:0]  wmask_q;
	reg [7:0]        tok_push_q;
	reg              err_q;
	reg [7:0]        done_q;
	reg [15:0]       pix_q;
	reg              last_q;

	/* what leaves */
	wire [3:0] tag6  = tag_q[23:20];
	wire [3:0] tag7  = tag_q[27:24];
	wire [2:0] kind5 = kind_q[14:12];
	wire [2:0] kind6 = kind_q[17:15];
	wire [2:0] kind7 = kind_q[20:18];
	wire fin   = v_q[5] & ((kind6 == SUM) | (kind6 == GAP) | ((kind6 == FIRST) & !add_q & !average_q));
	wire first7 = v_q[6] & (kind7 == FIRST);
	wire over  = bad_q | (fin_q & (&tag7));
	wire could = full_q & (!busy_q | over);
	wire take  = could & tok_ok_i;
	wire bad   = (s_pixels_q == 16'd0) | (s_lines_q == 16'd0) | (s_tiles_q == 16'd0) | (s_valid_q == 16'd0)
	           | (s_valid_q > COLS[15:0]) | (s_flags_q[0] & s_flags_q[3]);

	/* the loop and its tags */
	wire       issue;
	wire       line_end = (px_q == 16'd1);
	wire       tile_end = line_end & (ln_q == 16'd1);
	wire       last     = (ct_q == 16'd1);
	wire       beat_end = (bt_q == LAST[RW-1:0]);
	wire [3:0] tag      = {last, tile_end, line_end, beat_end};
	wire       grant    = post_rd_o & post_gnt_i;
	wire       ask      = add_q & loop_q & (!rd_q | post_gnt_i) & (room_q != 3'd0);
	wire       go       = add_q ? ask : issue;
	wire       loop_end = go & (&tag);

	/* entries: recirculation first */
	wire       e_q2   = v_q[5] & (kind6 == FIRST) & add_q;
	wire       e_q1   = first7 & add_q;
	wire       e_sum  = v_q[5] & (kind6 == Q1);
	wire       again  = e_q2 | e_q1 | e_sum | gv_q;
	wire       there  = add_q ? (ready_q != 3'd0) & (phase_q == 2'd0) : loop_q;
	assign     issue  = there & col_valid_i & (plain_q | par_ok_i) & !again;
	wire       enter  = issue | again;
	wire [2:0] kind   = e_q2 ? Q2 : e_q1 ? Q1 : e_sum ? SUM : gv_q ? GAP : FIRST;
	wire [3:0] etag   = add_q ? tags_q[trp_q*4 +: 4] : tag;     // of a FIRST
	wire [3:0] ntag   = e_q1 ? tag7 : (e_q2 | e_sum) ? tag6 : gv_q ? {gtag_q[1], 2'b11, gtag_q[0]} : etag;
	wire [RW-1:0] eb  = !issue ? eb_q : etag[0] ? {RW{1'b0}} : eb_q + 1'b1;

	assign col_pop_o = issue & etag[0];
	assign par_re_o  = issue | !par_ok_i;
	assign par_row_o = eb;
	assign par_rel_o = issue & !plain_q & etag[0] & etag[2] & (!uniform_q | etag[3]);

	wire [39:0] scale = (kind == FIRST) ? {ONE_S, ONE_M} : (kind == Q1) ? scale1_q : (kind == Q2) ? scale2_q : scale3_q;
	wire [7:0]  z     = (kind == Q1) ? zero_q[7:0] : zero_q[15:8];
	wire [7:0]  zy    = (kind5 == FIRST) ? first_q[7:0] : (kind5 == Q2) ? 8'd0 : zero_q[23:16];
	wire [2*CW-1:0] clamp = (kind6 == FIRST) ? first_q[2*CW+7:8] : clamp_q;
	wire [4:0]  whole;                  // stages without the float product
	genvar i;
	generate
		for (i = 0; i < 5; i = i + 1) begin : g_whole
			assign whole[i] = (kind_q[3*i +: 3] == GAP) | ((kind_q[3*i +: 3] == FIRST) & pool_q);
		end
	endgenerate

	/* lanes */
	wire [LANES*ACC_W-1:0] sums = col_data_i[eb_q*LANES*ACC_W +: LANES*ACC_W];
	wire [BW-1:0]          b    = b_q[brp_q*BW +: BW];
	wire [BW-1:0]          y;
	wire [5:0]             off;
	wire [LANES-1:0]       mask;
	generate
		for (i = 0; i < LANES; i = i + 1) begin : g_lane
			assign mask[i] = !tag6[3] | (off + i[5:0] < valid_q);
			post_lane #(.ACC_W(ACC_W), .ACT_W(ACT_W), .BEATS(BEATS), .ROUNDING(ROUNDING)) u_lane (
				.clk_i      (clk_i),
				.en_i       ({v_q[5:0], enter}),
				.kind_i     (kind),
				.acc_i      (sums[i*ACC_W +: ACC_W]),
				.use_par_i  ((kind == FIRST) & !plain_q),
				.bias_i     (par_data_i[i*72 +: 32]),
				.mult_i     (par_data_i[i*72+32 +: 32]),
				.shift_i    (par_data_i[i*72+64 +: 8]),
				.gmult_i    (scale[31:0]),
				.gshift_i   (scale[39:32]),
				.b_i        (b[i*ACT_W +: ACT_W]),
				.z_i        (z),
				.int1_i     (whole[0]),
				.int3_i     (whole[2]),
				.int4_i     (whole[3]),
				.sum_i      (kind5 == Q1),
				.zy_i       (zy),
				.lo_i       (clamp[CW-1:0]),
				.hi_i       (clamp[2*CW-1:CW]),
				.gap_i      (first7 & average_q),
				.gap_first_i(gfirst_q),
				.y_o        (y[i*ACT_W +: ACT_W])
			);
		end
	endgenerate

	/* addresses */
	wire [ACT_AW-1:0] waddr;
	wire [ACT_AW-1:0] raddr;
	post_addr #(.ACT_AW(ACT_AW), .LANES(LANES)) u_waddr (
		.clk_i(clk_i), .start_i(take), .first_i(s_out_q), .pixel_step_i(pstep_q), .line_step_i(lstep_q),
		.tile_step_i(tstep_q), .step_i(fin), .beat_end_i(tag6[0]), .line_end_i(tag6[1]), .tile_end_i(tag6[2]),
		.off_o(off), .addr_o(waddr)
	);
	wire [5:0] unused_off;
	post_addr #(.ACT_AW(ACT_AW), .LANES(LANES)) u_raddr (
		.clk_i(clk_i), .start_i(take), .first_i(s_res_q), .pixel_step_i(rpstep_q), .line_step_i(rlstep_q),
		.tile_step_i(tstep_q), .step_i(ask), .beat_end_i(beat_end), .line_end_i(line_end), .tile_end_i(tile_end),
		.off_o(unused_off), .addr_o(raddr)
	);
	wire unused = &{1'b0, unused_off, whole[4], whole[1], rd_data_i};

	assign cmd_full_o   = full_q;
	assign tok_wait_o   = could ? wait_q : 8'd0;
	assign tok_take_o   = take;
	assign tok_push_o   = tok_push_q;
	assign idle_o       = !full_q & !busy_q;
	assign err_o        = err_q;
	assign err_code_o   = ERR_POST;
	assign done_cnt_o   = done_q;
	assign pix_cnt_o    = pix_q;
	assign last_tile_o  = last_q;
	assign post_rd_o    = rd_q;
	assign post_addr_o  = raddr_q;
	assign post_wr_o    = wr_q;
	assign post_waddr_o = waddr_q;
	generate
		if (PORT > LANES) begin : g_part
			assign post_wdata_o = {{(PORT-LANES)*ACT_W{1'b0}}, y};
			assign post_wmask_o = {{PORT-LANES{1'b0}}, wmask_q};
		end else begin : g_port
			assign post_wdata_o = y;
			assign post_wmask_o = wmask_q;
		end
	endgenerate

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			full_q     <= 1'b0;
			busy_q     <= 1'b0;
			bad_q      <= 1'b0;
			add_q      <= 1'b0;
			loop_q     <= 1'b0;
			rd_q       <= 1'b0;
			room_q     <= 3'd4;
			ready_q    <= 3'd0;
			twp_q      <= 2'd0;
			trp_q      <= 2'd0;
			bwp_q      <= 2'd0;
			brp_q      <= 2'd0;
			phase_q    <= 2'd0;
			eb_q       <= {RW{1'b0}};
			v_q        <= 7'd0;
			gv_q       <= 1'b0;
			gfirst_q   <= 1'b1;
			fin_q      <= 1'b0;
			wr_q       <= 1'b0;
			tok_push_q <= 8'd0;
			err_q      <= 1'b0;
			done_q     <= 8'd0;
			pix_q      <= 16'd0;
			last_q     <= 1'b0;
		end else begin
			busy_q     <= take | (busy_q & !over);
			bad_q      <= take & bad;
			if (take)
				add_q <= s_flags_q[0];
			loop_q     <= (take & !bad) | (loop_q & !loop_end);
			rd_q       <= ask | (rd_q & !post_gnt_i);
			room_q     <= room_q - {2'd0, ask} + {2'd0, e_q2};
			ready_q    <= ready_q + {2'd0, grant} - {2'd0, issue & add_q};
			twp_q      <= twp_q + {1'b0, ask};
			trp_q      <= trp_q + {1'b0, issue & add_q};
			brp_q      <= brp_q + {1'b0, e_q2};
			phase_q    <= take ? 2'd0 : phase_q + 2'd1;
			eb_q       <= eb;
			v_q        <= {v_q[5:0], enter};
			gv_q       <= first7 & average_q & tag7[2];
			if (first7 & tag7[0])
				gfirst_q <= tag7[2];
			fin_q      <= fin;
			wr_q       <= fin & (|mask);
			tok_push_q <= over ? push_q : 8'd0;
			err_q      <= bad_q;
			done_q     <= done_q + {7'd0, over};
			if (over) begin
				pix_q  <= 16'd0;
				last_q <= 1'b0;
			end else if (fin_q & tag7[3] & tag7[0]) begin
				pix_q  <= (pix_q + 16'd1);
				last_q <= 1'b1;
			end
		end
		if (rst_ni) begin
			full_q <= (cmd_we_i & (cmd_idx_i == 4'd15)) | (full_q & !take);
			bwp_q  <= bwp_q + {1'b0, post_vld_i};
		end
		if (cmd_we_i)
			case (cmd_idx_i)
			4'd0: begin
				wait_q     <= cmd_data_i[15:8];
				s_push_q   <= cmd_data_i[23:16];
				s_flags_q  <= cmd_data_i[37:32];
			end
			4'd1: begin
				s_out_q    <= cmd_data_i[ACT_AW-1:0];
				s_pixels_q <= cmd_data_i[47:32];
				s_lines_q  <= cmd_data_i[63:48];
			end
			4'd2: begin
				s_pstep_q  <= cmd_data_i[ACT_AW-1:0];
				s_lstep_q  <= cmd_data_i[32 +: ACT_AW];
			end
			4'd3: begin
				s_tiles_q  <= cmd_data_i[15:0];
				s_valid_q  <= cmd_data_i[31:16];
				s_tstep_q  <= cmd_data_i[32 +: ACT_AW];
			end
			4'd4: begin
				s_first_q  <= cmd_first;
				s_res_q    <= cmd_data_i[32 +: ACT_AW];
			end
			4'd5: begin
				s_rpstep_q <= cmd_data_i[ACT_AW-1:0];
				s_rlstep_q <= cmd_data_i[32 +: ACT_AW];
			end
			4'd6: begin
				s_zero_q   <= cmd_data_i[23:0];
				s_clamp_q  <= cmd_data_i[32 +: 2*CW];
			end
			4'd7:  s_scale1_q <= cmd_data_i[39:0];
			4'd8:  s_scale2_q <= cmd_data_i[39:0];
			4'd9:  s_scale3_q <= cmd_data_i[39:0];
			4'd10: s_average_q <= cmd_data_i[39:0];
			default: ;
			endcase
		if (take) begin
			push_q    <= s_push_q;
			plain_q   <= s_flags_q[1] | s_flags_q[4];
			uniform_q <= s_flags_q[2];
			average_q <= s_flags_q[3];
			pool_q    <= s_flags_q[5];
			pixels_q  <= s_pixels_q;
			lines_q   <= s_lines_q;
			valid_q   <= s_valid_q[5:0];
			pstep_q   <= s_pstep_q;
			lstep_q   <= s_lstep_q;
			tstep_q   <= s_tstep_q;
			rpstep_q  <= s_rpstep_q;
			rlstep_q  <= s_rlstep_q;
			first_q   <= s_flags_q[1] ? {1'b0, {(CW-1){1'b1}}, 1'b1, {(CW+7){1'b0}}} : s_flags_q[4] ? {s_first_q[2*CW+7:8], 8'd0} : s_first_q;
			zero_q    <= s_zero_q;
			clamp_q   <= s_clamp_q;
			scale1_q  <= s_scale1_q;
			scale2_q  <= s_scale2_q;
			scale3_q  <= s_flags_q[3] ? s_average_q : s_scale3_q;
			px_q      <= s_pixels_q;
			ln_q      <= s_lines_q;
			ct_q      <= s_tiles_q;
			bt_q      <= {RW{1'b0}};
		end else if (go) begin
			bt_q <= beat_end ? {RW{1'b0}} : bt_q + 1'b1;
			if (beat_end) begin
				px_q <= line_end ? pixels_q : px_q - 16'd1;
				if (line_end)
					ln_q <= tile_end ? lines_q : ln_q - 16'd1;
				if (tile_end)
					ct_q <= ct_q - 16'd1;
			end
		end
		if (ask) begin
			raddr_q <= raddr;
			tags_q[twp_q*4 +: 4] <= tag;
		end
		if (post_vld_i)
			b_q[bwp_q*BW +: BW] <= rd_data_i[BW-1:0];
		if (enter)
			{kind_q[2:0], tag_q[3:0]} <= {kind, ntag};
		{kind_q[20:3], tag_q[27:4]} <= {kind_q[17:0], tag_q[23:0]};
		if (first7 & average_q & tag7[2])
			gtag_q <= {tag7[3], tag7[0]};
		if (fin) begin
			waddr_q <= waddr;
			wmask_q <= mask;
		end
	end
endmodule
`default_nettype wire
