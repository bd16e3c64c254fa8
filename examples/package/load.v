// LOAD engine: memory -> activation buffer, weight buffer or parameter buffer. Requests run ahead of the
// data by up to 8 bursts (descriptors), across commands; space is reserved before asking.
// Tokens are pushed when all data of the command have been written.
// Latency: command taken to request 2, one idle cycle per block; response to buffer 1.
// Twin: cmodel/load.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module load #(
	parameter BUS_W     = 64,           // bits of the memory bus, 64 or 128
	parameter ACT_W     = 8,            // bits of an activation, 4..8
	parameter ACT_AW    = 16,           // log2 of the activation buffer's bytes, 10..20
	parameter PORT      = 8,            // bytes of the activation port, power of two, 1..64
	parameter WGT_WORD  = 8,            // bytes of a weight word in memory, power of two, 1..32
	parameter WGT_DEPTH = 1024,         // words, power of two; at least 16 beats
	parameter WGT_AW    = 10,           // log2(WGT_DEPTH)
	parameter PAR_DEPTH = 256,          // entries, power of two; at least 16 beats
	parameter COLS      = 8             // entries in a parameter release, 1..32
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
	output wire [31:0]           err_addr_o,    // of the burst, or of the block for ERR_COMMAND
	input  wire [127:0]          base_i,        // [4][32]
	output wire                  req_valid_o,
	output wire [31:0]           req_addr_o,
	output wire [3:0]            req_len_o,
	input  wire                  req_ready_i,
	input  wire                  rsp_valid_i,
	input  wire [BUS_W-1:0]      rsp_data_i,
	input  wire                  rsp_last_i,
	input  wire                  rsp_err_i,
	output wire                  rsp_ready_o,   // combinational: the activation write before has left
	output wire                  load_wr_o,
	output wire [ACT_AW-1:0]     load_waddr_o,
	output wire [PORT*ACT_W-1:0] load_wdata_o,
	output wire [PORT-1:0]       load_wmask_o,
	input  wire                  load_wready_i,
	output wire                  wgt_valid_o,
	output wire [BUS_W-1:0]      wgt_data_o,
	input  wire                  wgt_rel_valid_i,
	input  wire [WGT_AW:0]       wgt_rel_words_i,
	input  wire                  wgt_back_i,    // a beat took no space
	input  wire                  wgt_whole_i,   // the beat of wgt_data_o ends a block of indices and words
	output wire                  par_we_o,
	output wire [71:0]           par_data_o,    // {shift[7:0], mult[31:0], bias[31:0]}
	input  wire                  par_rel_i      // COLS entries are free again
);
	localparam BB    = BUS_W / 8;                   // bytes in a beat
	localparam LG    = (BUS_W == 128) ? 4 : 3;
	localparam STEP  = (PORT < BB) ? PORT : BB;     // bytes in a write
	localparam integer PIECES = BB / STEP - 1;      // writes in a beat - 1
	localparam CW    = 32 - LG;                     // bits of a count of beats
	localparam integer WPB = (WGT_WORD < BB) ? BB / WGT_WORD : 1;  // weight words in a beat
	localparam BPW   = (WGT_WORD > BB) ? WGT_WORD / BB : 1;  // beats in a weight word
	localparam WF    = WGT_AW + $clog2(BPW) + 1;    // bits of the weight credits, see wgt_free_q
	localparam integer WGT_FREE = WGT_DEPTH * BPW;
	localparam integer PAR_BEATS = 16 / BB;        // beats in a parameter entry
	localparam PF    = $clog2(PAR_DEPTH * 16 / BB) + 1;
	localparam integer PAR_FREE = PAR_DEPTH * PAR_BEATS;
	localparam integer PAR_REL  = COLS * PAR_BEATS;
	localparam [7:0] ERR_READ    = 8'd5;            // cmodel/csr_map.h
	localparam [7:0] ERR_COMMAND = 8'd7;
	localparam [1:0] ACT = 2'd0, WGT = 2'd1, PAR = 2'd2, SHORT = 2'd3;

	generate
		if (WGT_DEPTH * WGT_WORD < 16 * BB || PAR_DEPTH * 16 < 16 * BB) begin : g_guard
			WGT_DEPTH_or_PAR_DEPTH_is_less_than_a_burst u_guard ();
		end
	endgenerate

	/* shadow command */
	reg              full_q;
	reg [7:0]        wait_q;
	reg [7:0]        s_push_q;
	reg [31:0]       s_offset_q;
	reg [31:0]       s_bytes_q;
	reg [ACT_AW-1:0] s_dst_q;
	reg [1:0]        s_kind_q;
	reg [1:0]        s_base_q;
	reg [15:0]       s_times_q;
	reg [15:0]       s_blocks_q;
	reg [31:0]       s_stride_q;
	/* active command: what is left to ask for */
	reg              busy_q;
	reg              setup_q;           // a block begins: its beats are being counted
	reg [7:0]        push_q;
	reg [1:0]        kind_q;
	reg [31:0]       addr_q;            // block, bytes
	reg [31:0]       bytes_q;
	reg [ACT_AW-1:0] place_q;           // activation buffer address of the next block
	reg [15:0]       times_q;
	reg [15:0]       time_q;            // times the block is still to be sent
	reg [15:0]       block_q;           // blocks left
	reg [31:0]       stride_q;
	reg [CW-1:0]     cur_q;             // next burst, in beats
	reg [CW:0]       left_q;            // beats of the block to ask for
	reg [ACT_AW-1:0] dst_q;             // activation buffer address of the next burst's lane 0
	reg [LG-1:0]     skip_q;            // first byte of the next burst
	reg [LG-1:0]     tail_q;            // last byte of the block
	reg              req_valid_q;
	reg [CW-1:0]     req_addr_q;        // in beats
	reg [3:0]        req_len_q;
	reg [WF-1:0]     wgt_free_q;        // weight words, beats when a word is more than a beat
	reg [PF-1:0]     par_free_q;        // beats
	/* bursts asked for: ring of 8 */
	reg [8*2-1:0]      desc_kind_q;
	reg [8*ACT_AW-1:0] desc_dst_q;
	reg [8*LG-1:0]     desc_skip_q;
	reg [8*LG-1:0]     desc_tail_q;     // last byte of the last beat
	reg [7:0]          desc_last_q;     // last burst of its command
	reg [7:0]          desc_end_q;      // last burst of its block
	reg [8*8-1:0]      desc_push_q;
	reg [2:0]          wptr_q;
	reg [2:0]          rptr_q;
	reg [3:0]          count_q;
	/* data */
	reg                first_q;         // next beat is the first of a burst
	reg [ACT_AW-1:0]   run_q;           // activation buffer address of the next beat unless first
	reg                fin_q;           // a command's last data have just left, or are in act_*
	reg [7:0]          fin_push_q;
	reg                act_wr_q;
	reg [ACT_AW-1:0]   act_addr_q;
	reg [BB*ACT_W-1:0] act_data_q;
	reg [BB-1:0]       act_mask_q;
	reg [3:0]          act_piece_q;     // writes of this beat done
	reg                wgt_valid_q;
	reg [BUS_W-1:0]    wgt_data_q;
	reg                par_half_q;      // 64-bit bus: bias and multiplier are here; 128: a second short entry is in wgt_data
	reg                par_we_q;
	reg [31:0]         par_bias_q;
	reg [31:0]         par_mult_q;
	reg [7:0]          par_shift_q;
	reg [7:0]          tok_push_q;
	reg                wgt_end_q;       // it is the last of a block that the command names
	reg                err_q;
	reg [7:0]          err_code_q;
	reg [CW-1:0]       bad_addr_q;

	/* requests */
	wire          could  = full_q & !busy_q;
	wire          take   = could & tok_ok_i;
	wire [32:0]   span   = {1'b0, bytes_q} + {{33-LG{1'b0}}, addr_q[LG-1:0]};
	wire [32:0]   round  = span + {{33-LG{1'b0}}, {LG{1'b1}}};
	wire          ragged = (|addr_q[LG-1:0]) | (|bytes_q[LG-1:0]) | ((kind_q == PAR) & (|bytes_q[3:0]));
	wire          torn   = wgt_valid_q & wgt_end_q & !wgt_whole_i; // not whole blocks: what comes would be misread
	wire          bad    = setup_q & ((bytes_q == 32'd0) | (time_q == 16'd0)
	                     | (block_q == 16'd0) | ((kind_q != ACT) & ragged));
	wire [4:0]    room   = 5'd16 - {1'b0, cur_q[3:0]};
	wire          final_ = (left_q <= {{CW-4{1'b0}}, room});    // last burst of the block
	wire [4:0]    burst  = final_ ? left_q[4:0] : room;
	wire [4:0]    len    = burst - 5'd1;
	wire [31:0]   wgt_need = {27'd0, burst} * WPB;
	wire [5:0]    par_need = (kind_q == SHORT) ? {burst, 1'b0} : {1'b0, burst}; // a short entry is half a long one
	wire          space  = (kind_q == WGT) ? ({{32-WF{1'b0}}, wgt_free_q} >= wgt_need)
	                     : (kind_q == ACT) | ({{32-PF{1'b0}}, par_free_q} >= {26'd0, par_need});
	wire          ask    = busy_q & !setup_q & (!req_valid_q | req_ready_i) & !count_q[3] & space;
	wire          again  = (time_q != 16'd1);
	wire          more   = (block_q != 16'd1);
	wire          over   = ask & final_ & !again & !more;
	wire [31:0]   rel_need = {{31-WGT_AW{1'b0}}, wgt_rel_words_i} * BPW;
	wire [31:0]   place_d = {{32-ACT_AW{1'b0}}, place_q} + bytes_q;

	/* responses; the oldest burst's descriptor */
	wire [1:0]        kind    = desc_kind_q[rptr_q*2 +: 2];
	wire [ACT_AW-1:0] dst     = first_q ? desc_dst_q[rptr_q*ACT_AW +: ACT_AW] : run_q;
	wire [LG-1:0]     skip    = first_q ? desc_skip_q[rptr_q*LG +: LG] : {LG{1'b0}};
	wire [LG-1:0]     tail    = rsp_last_i ? desc_tail_q[rptr_q*LG +: LG] : {LG{1'b1}};
	wire              act_end = load_wready_i & (act_piece_q == PIECES[3:0]);
	wire              clear   = !act_wr_q | act_end;
	wire              fire    = rsp_valid_i & rsp_ready_o;
	wire              done    = fire & rsp_last_i;

	wire              second  = (BUS_W == 128) & par_half_q;
	wire              short   = fire & (kind == SHORT);
	// {shift[5:0], mult[30:0], bias[26:0]}, shift and bias signed
	wire [63:0]       entry;

	assign rsp_ready_o = clear & !second;

	wire [BB*ACT_W-1:0] lanes;          // [BB], truncated
	wire [BB-1:0]       mask = ({BB{1'b1}} << skip) & ({BB{1'b1}} >> ~tail);
	wire [31:0]         bad_addr;
	genvar i;
	generate
		for (i = 0; i < BB; i = i + 1) begin : g_lane
			assign lanes[i*ACT_W +: ACT_W] = rsp_data_i[8*i +: ACT_W];
		end
		if (BUS_W == 128) begin : g_entry
			assign entry = second ? wgt_data_q[BUS_W-1 -: 64] : rsp_data_i[63:0];
		end else begin : g_entry
			assign entry = rsp_data_i[63:0];
		end
		if (PORT > BB) begin : g_port
			assign load_wdata_o = {{(PORT-BB)*ACT_W{1'b0}}, act_data_q};
			assign load_wmask_o = {{PORT-BB{1'b0}}, act_mask_q};
		end else begin : g_part
			assign load_wdata_o = act_data_q[PORT*ACT_W-1:0];
			assign load_wmask_o = act_mask_q[PORT-1:0];
		end
	endgenerate

	/* addresses of the bursts asked for, for the error report only */
	wire [CW-1:0] burst_addr;
	ram #(.W(CW), .DEPTH(8)) u_addr (
		.clk_i  (clk_i),
		.we_i   (ask),
		.waddr_i(wptr_q),
		.wdata_i(cur_q),
		.re_i   (fire & rsp_err_i),
		.raddr_i(rptr_q),
		.rdata_o(burst_addr)
	);
	assign bad_addr = {(err_code_q == ERR_READ) ? burst_addr : bad_addr_q, {LG{1'b0}}};

	wire unused_ok = &{1'b0, round[LG-1:0], span[32:LG], len[4], cmd_data_i[31:24], rel_need[31:WF],
		wgt_need[31:WF], place_d[31:ACT_AW], 1'b0};

	assign cmd_full_o   = full_q;
	assign tok_wait_o   = could ? wait_q : 8'd0;
	assign tok_take_o   = take;
	assign tok_push_o   = tok_push_q;
	assign idle_o       = !full_q & !busy_q & (count_q == 4'd0) & !fin_q;
	assign err_o        = err_q;
	assign err_code_o   = err_code_q;
	assign err_addr_o   = bad_addr;
	assign req_valid_o  = req_valid_q;
	assign req_addr_o   = {req_addr_q, {LG{1'b0}}};
	assign req_len_o    = req_len_q;
	assign load_wr_o    = act_wr_q;
	assign load_waddr_o = act_addr_q;
	assign wgt_valid_o  = wgt_valid_q;
	assign wgt_data_o   = wgt_data_q;
	assign par_we_o     = par_we_q;
	assign par_data_o   = {par_shift_q, par_mult_q, par_bias_q};

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			full_q      <= 1'b0;
			busy_q      <= 1'b0;
			setup_q     <= 1'b0;
			req_valid_q <= 1'b0;
			wgt_free_q  <= WGT_FREE[WF-1:0];
			par_free_q  <= PAR_FREE[PF-1:0];
			wptr_q      <= 3'd0;
			rptr_q      <= 3'd0;
			count_q     <= 4'd0;
			first_q     <= 1'b1;
			fin_q       <= 1'b0;
			act_wr_q    <= 1'b0;
			wgt_valid_q <= 1'b0;
			par_half_q  <= 1'b0;
			par_we_q    <= 1'b0;
			tok_push_q  <= 8'd0;
			err_q       <= 1'b0;
		end else begin
			full_q      <= (cmd_we_i & (cmd_idx_i == 4'd15)) | (full_q & !take);
			busy_q      <= take | (busy_q & !over & !bad);
			setup_q     <= take | (ask & final_ & !over);
			req_valid_q <= ask | (req_valid_q & !req_ready_i);
			wgt_free_q  <= wgt_free_q - ((ask & (kind_q == WGT)) ? wgt_need[WF-1:0] : {WF{1'b0}})
			             + (wgt_rel_valid_i ? rel_need[WF-1:0] : {WF{1'b0}}) + (wgt_back_i ? WPB[WF-1:0] : {WF{1'b0}});
			par_free_q  <= par_free_q - ((ask & kind_q[1]) ? {{PF-6{1'b0}}, par_need} : {PF{1'b0}})
			             + (par_rel_i ? PAR_REL[PF-1:0] : {PF{1'b0}});
			wptr_q      <= wptr_q + {2'd0, ask};
			rptr_q      <= rptr_q + {2'd0, done};
			count_q     <= count_q + {3'd0, ask} - {3'd0, done};
			if (fire)
				first_q <= rsp_last_i;
			fin_q       <= (done & desc_last_q[rptr_q]) | (fin_q & !clear);
			act_wr_q    <= (fire & (kind == ACT)) | (act_wr_q & !act_end);
			wgt_valid_q <= fire & (kind == WGT);
			if (BUS_W == 128)
				par_half_q <= short;
			else if (fire & (kind == PAR))
				par_half_q <= !par_half_q;
			par_we_q    <= (fire & (kind == PAR) & ((BUS_W == 128) | par_half_q)) | short | second;
			tok_push_q  <= (fin_q & clear) ? fin_push_q : 8'd0;
			err_q       <= bad | torn | (fire & rsp_err_i);
		end
		if (cmd_we_i)
			case (cmd_idx_i)
			4'd0: begin
				wait_q     <= cmd_data_i[15:8];
				s_push_q   <= cmd_data_i[23:16];
				s_offset_q <= cmd_data_i[63:32];
			end
			4'd1: begin
				s_bytes_q <= cmd_data_i[31:0];
				s_dst_q   <= cmd_data_i[32 +: ACT_AW];
			end
			4'd2: begin
				s_kind_q  <= cmd_data_i[1:0];
				s_base_q  <= cmd_data_i[5:4];
				s_times_q <= cmd_data_i[47:32];
			end
			4'd3: begin
				s_blocks_q <= cmd_data_i[15:0];
				s_stride_q <= cmd_data_i[63:32];
			end
			default: ;
			endcase
		if (take) begin
			push_q   <= s_push_q;
			kind_q   <= s_kind_q;
			addr_q   <= base_i[s_base_q*32 +: 32] + s_offset_q;
			bytes_q  <= s_bytes_q;
			place_q  <= s_dst_q;
			times_q  <= s_times_q;
			time_q   <= s_times_q;
			block_q  <= s_blocks_q;
			stride_q <= s_stride_q;
		end else if (setup_q) begin
			place_q <= place_d[ACT_AW-1:0];
		end else if (ask & final_) begin
			time_q <= again ? time_q - 16'd1 : times_q;
			if (!again) begin
				addr_q  <= addr_q + stride_q;
				block_q <= block_q - 16'd1;
			end
		end
		if (setup_q) begin
			cur_q  <= addr_q[31:LG];
			left_q <= round[32:LG];
			dst_q  <= place_q - {{ACT_AW-LG{1'b0}}, addr_q[LG-1:0]};
			skip_q <= addr_q[LG-1:0];
			tail_q <= span[LG-1:0] - 1'b1;
		end else if (ask) begin
			cur_q  <= cur_q + {{CW-5{1'b0}}, burst};
			left_q <= left_q - {{CW-4{1'b0}}, burst};
			dst_q  <= dst_q + {{ACT_AW-LG-5{1'b0}}, burst, {LG{1'b0}}};
			skip_q <= {LG{1'b0}};
		end
		if (ask) begin
			req_addr_q <= cur_q;
			req_len_q  <= len[3:0];
			desc_kind_q[wptr_q*2 +: 2]          <= kind_q;
			desc_dst_q[wptr_q*ACT_AW +: ACT_AW] <= dst_q;
			desc_skip_q[wptr_q*LG +: LG]        <= skip_q;
			desc_tail_q[wptr_q*LG +: LG]        <= final_ ? tail_q : {LG{1'b1}};
			desc_last_q[wptr_q]                 <= over;
			desc_end_q[wptr_q]                  <= final_;
			desc_push_q[wptr_q*8 +: 8]          <= push_q;
		end
		if (fire) begin
			run_q      <= dst + BB[ACT_AW-1:0];
			fin_push_q <= desc_push_q[rptr_q*8 +: 8];
			wgt_data_q <= rsp_data_i;
		end
		if (fire & (kind == ACT)) begin
			act_addr_q  <= dst;
			act_data_q  <= lanes;
			act_mask_q  <= mask;
			act_piece_q <= 4'd0;
		end else if (act_wr_q & load_wready_i) begin
			act_addr_q  <= act_addr_q + STEP[ACT_AW-1:0];
			act_data_q  <= act_data_q >> (STEP * ACT_W);
			act_mask_q  <= act_mask_q >> STEP;
			act_piece_q <= act_piece_q + 4'd1;
		end
		if (fire & (kind == PAR)) begin
			if (!par_half_q) begin
				par_bias_q <= rsp_data_i[31:0];
				par_mult_q <= rsp_data_i[63:32];
			end
			par_shift_q <= rsp_data_i[BUS_W-64 +: 8];
		end
		if (short | second) begin
			par_bias_q  <= {{5{entry[26]}}, entry[26:0]};
			par_mult_q  <= {1'b0, entry[57:27]};
			par_shift_q <= {{2{entry[63]}}, entry[63:58]};
		end
		wgt_end_q <= done & desc_end_q[rptr_q];
		if (bad | torn | (fire & rsp_err_i))
			err_code_q <= (bad | torn) ? ERR_COMMAND : ERR_READ;
		if (bad | torn)
			bad_addr_q <= addr_q[31:LG];
	end
endmodule
`default_nettype wire
