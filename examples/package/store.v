// STORE engine: activation buffer -> memory. Reads BUS_W/8 bytes a cycle (PORT when that is less) into a
// small FIFO, writes bursts of up to 16 beats inside 16-beat aligned blocks; the ragged ends are strobed off.
// Latency: command taken to first W 8; a beat per cycle after that. Tokens are pushed when the last B is here.
// Twin: cmodel/store.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module store #(
	parameter BUS_W  = 64,              // bits of the memory bus, 64 or 128
	parameter ACT_W  = 8,               // bits of an activation, 4..8
	parameter ACT_AW = 16,              // log2 of the activation buffer's bytes, 10..20
	parameter PORT   = 8                // bytes of the activation port, power of two, 1..64
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
	output wire [31:0]           err_addr_o,
	input  wire [127:0]          base_i,        // [4][32]
	output wire                  store_rd_o,
	output wire [ACT_AW-1:0]     store_addr_o,
	input  wire                  store_gnt_i,
	input  wire                  store_vld_i,   // 3 cycles after the grant
	input  wire [PORT*ACT_W-1:0] rd_data_i,     // [PORT] lanes
	output wire                  aw_valid_o,
	output wire [31:0]           aw_addr_o,
	output wire [3:0]            aw_len_o,
	input  wire                  aw_ready_i,
	output wire                  w_valid_o,
	output wire [BUS_W-1:0]      w_data_o,
	output wire [BUS_W/8-1:0]    w_strb_o,
	input  wire                  w_ready_i,
	input  wire                  wr_idle_i,     // every accepted burst has its response
	input  wire                  b_valid_i,
	input  wire                  b_err_i
);
	localparam BB   = BUS_W / 8;                    // bytes in a beat
	localparam LG   = (BUS_W == 128) ? 4 : 3;
	localparam STEP = (PORT < BB) ? PORT : BB;      // bytes in a read
	localparam integer PIECES = BB / STEP - 1;      // reads in a beat - 1
	localparam LW   = ACT_AW + 1;                   // bits of a length in bytes
	localparam NW   = LW + 1 - LG;                  // bits of a length in beats
	localparam [7:0] ERR_WRITE   = 8'd6;            // cmodel/csr_map.h
	localparam [7:0] ERR_COMMAND = 8'd7;

	/* shadow command */
	reg              full_q;
	reg [7:0]        wait_q;
	reg [7:0]        s_push_q;
	reg [31:0]       s_offset_q;
	reg [LW-1:0]     s_bytes_q;
	reg [ACT_AW-1:0] s_src_q;
	reg [1:0]        s_base_q;
	/* active command */
	reg              busy_q;
	reg              setup_q;           // first cycle: lengths in beats are being made
	reg [7:0]        push_q;
	reg [LW-1:0]     bytes_q;
	reg [31:0]       b_addr_q;          // burst whose response comes next
	reg [31-LG:0]    cur_q;             // next burst, in beats
	reg [NW-1:0]     aw_left_q;         // beats not covered by a burst
	reg [NW-1:0]     rd_left_q;         // beats not read
	reg [NW-1:0]     w_left_q;          // beats not sent
	reg [ACT_AW-1:0] src_q;             // next read
	reg [LG-1:0]     skip_q;            // first byte of the next beat
	reg [LG-1:0]     tail_q;            // last byte of the last beat
	reg [3:0]        piece_q;           // reads of this beat asked for
	reg [3:0]        part_q;            // reads of this beat received
	/* outputs */
	reg [7:0]        tok_push_q;
	reg              err_q;
	reg [7:0]        err_code_q;
	reg [31:0]       err_addr_q;
	reg              rd_q;
	reg [ACT_AW-1:0] addr_q;
	reg              aw_valid_q;
	reg [31-LG:0]    aw_addr_q;
	reg [3:0]        aw_len_q;
	/* FIFO of 8 beats */
	reg [2:0]        wptr_q;
	reg [2:0]        rptr_q;
	reg [3:0]        count_q;           // beats in the RAM
	reg [3:0]        reserved_q;        // beats asked for and not sent
	reg              out_q;             // the RAM's output register holds a beat

	wire               could   = full_q & !busy_q;
	wire               take    = could & tok_ok_i;
	wire [31:0]        start   = base_i[s_base_q*32 +: 32] + s_offset_q;
	wire [LW:0]        span    = {1'b0, bytes_q} + {{LW+1-LG{1'b0}}, b_addr_q[LG-1:0]};
	wire [LW:0]        round   = span + {{LW+1-LG{1'b0}}, {LG{1'b1}}};
	wire [NW-1:0]      beats   = round[LW:LG];
	wire               bad     = setup_q & (bytes_q == {LW{1'b0}});
	wire               fault   = bad | (b_valid_i & b_err_i);

	wire [4:0]         room    = 5'd16 - {1'b0, cur_q[3:0]};
	wire               short   = (aw_left_q < {{NW-5{1'b0}}, room});
	wire [4:0]         burst   = short ? aw_left_q[4:0] : room;
	wire [4:0]         burst_m = burst - 5'd1;
	wire               aw_go   = (!aw_valid_q | aw_ready_i) & (aw_left_q != {NW{1'b0}});

	wire               rd_go   = (!rd_q | store_gnt_i) & (rd_left_q != {NW{1'b0}})
	                           & ((piece_q != 4'd0) | (reserved_q != 4'd8));
	wire               rd_last = (piece_q == PIECES[3:0]);
	wire               we      = store_vld_i & (part_q == PIECES[3:0]);
	wire               pop     = out_q & w_ready_i;
	wire               re      = (count_q != 4'd0) & (!out_q | pop);
	wire               last    = (w_left_q == {{NW-1{1'b0}}, 1'b1});
	wire               over    = busy_q & !setup_q & (aw_left_q == {NW{1'b0}}) & !aw_valid_q
	                           & (w_left_q == {NW{1'b0}}) & wr_idle_i;

	wire [BB*ACT_W-1:0] wdata;          // a whole beat, with the last read
	wire [BB*ACT_W-1:0] rdata;
	generate
		if (PORT < BB) begin : g_parts
			reg [(BB-STEP)*ACT_W-1:0] part_data_q;   // reads of this beat so far, newest on top
			assign wdata = {rd_data_i, part_data_q};
			always @(posedge clk_i)
				if (store_vld_i)
					part_data_q <= wdata[BB*ACT_W-1 -: (BB-STEP)*ACT_W];
		end else begin : g_whole
			assign wdata = rd_data_i[BB*ACT_W-1:0];
		end
		if (PORT > BB) begin : g_unused
			wire unused_ok = &{1'b0, rd_data_i[PORT*ACT_W-1:BB*ACT_W]};
		end
	endgenerate

	ram #(.W(BB*ACT_W), .DEPTH(8)) u_fifo (
		.clk_i  (clk_i),
		.we_i   (we),
		.waddr_i(wptr_q),
		.wdata_i(wdata),
		.re_i   (re),
		.raddr_i(rptr_q),
		.rdata_o(rdata)
	);

	genvar i;
	generate
		for (i = 0; i < BB; i = i + 1) begin : g_lane
			if (ACT_W < 8) begin : g_extend
				assign w_data_o[8*i +: 8] = {{8-ACT_W{rdata[ACT_W*i + ACT_W - 1]}}, rdata[ACT_W*i +: ACT_W]};
			end else begin : g_copy
				assign w_data_o[8*i +: 8] = rdata[ACT_W*i +: ACT_W];
			end
		end
	endgenerate

	wire unused_ok = &{1'b0, round[LG-1:0], span[LW:LG], burst_m[4], cmd_data_i[63:48], cmd_data_i[31:24]};

	assign cmd_full_o   = full_q;
	assign tok_wait_o   = could ? wait_q : 8'd0;
	assign tok_take_o   = take;
	assign tok_push_o   = tok_push_q;
	assign idle_o       = !full_q & !busy_q;
	assign err_o        = err_q;
	assign err_code_o   = err_code_q;
	assign err_addr_o   = err_addr_q;
	assign store_rd_o   = rd_q;
	assign store_addr_o = addr_q;
	assign aw_valid_o   = aw_valid_q;
	assign aw_addr_o    = {aw_addr_q, {LG{1'b0}}};
	assign aw_len_o     = aw_len_q;
	assign w_valid_o    = out_q;
	assign w_strb_o     = ({BB{1'b1}} << skip_q) & ({BB{1'b1}} >> (last ? ~tail_q : {LG{1'b0}}));

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			full_q     <= 1'b0;
			busy_q     <= 1'b0;
			setup_q    <= 1'b0;
			aw_left_q  <= {NW{1'b0}};
			rd_left_q  <= {NW{1'b0}};
			w_left_q   <= {NW{1'b0}};
			piece_q    <= 4'd0;
			part_q     <= 4'd0;
			tok_push_q <= 8'd0;
			err_q      <= 1'b0;
			rd_q       <= 1'b0;
			aw_valid_q <= 1'b0;
			wptr_q     <= 3'd0;
			rptr_q     <= 3'd0;
			count_q    <= 4'd0;
			reserved_q <= 4'd0;
			out_q      <= 1'b0;
		end else begin
			full_q     <= (cmd_we_i & (cmd_idx_i == 4'd15)) | (full_q & !take);
			busy_q     <= take | (busy_q & !over & !bad);
			setup_q    <= take;
			tok_push_q <= over ? push_q : 8'd0;
			err_q      <= fault;
			rd_q       <= rd_go | (rd_q & !store_gnt_i);
			aw_valid_q <= aw_go | (aw_valid_q & !aw_ready_i);
			wptr_q     <= wptr_q + {2'd0, we};
			rptr_q     <= rptr_q + {2'd0, re};
			count_q    <= count_q + {3'd0, we} - {3'd0, re};
			reserved_q <= reserved_q + {3'd0, rd_go & (piece_q == 4'd0)} - {3'd0, pop};
			out_q      <= re | (out_q & !pop);
			if (setup_q) begin
				aw_left_q <= bad ? {NW{1'b0}} : beats;
				rd_left_q <= bad ? {NW{1'b0}} : beats;
				w_left_q  <= bad ? {NW{1'b0}} : beats;
			end else begin
				if (aw_go)
					aw_left_q <= aw_left_q - {{NW-5{1'b0}}, burst};
				rd_left_q <= rd_left_q - {{NW-1{1'b0}}, rd_go & rd_last};
				w_left_q  <= w_left_q - {{NW-1{1'b0}}, pop};
			end
			if (rd_go)
				piece_q <= rd_last ? 4'd0 : piece_q + 4'd1;
			if (store_vld_i)
				part_q <= we ? 4'd0 : part_q + 4'd1;
		end
		if (cmd_we_i & (cmd_idx_i == 4'd0)) begin
			wait_q     <= cmd_data_i[15:8];
			s_push_q   <= cmd_data_i[23:16];
			s_offset_q <= cmd_data_i[63:32];
		end
		if (cmd_we_i & (cmd_idx_i == 4'd1)) begin
			s_bytes_q <= cmd_data_i[LW-1:0];
			s_src_q   <= cmd_data_i[32 +: ACT_AW];
		end
		if (cmd_we_i & (cmd_idx_i == 4'd2))
			s_base_q <= cmd_data_i[5:4];
		if (take) begin
			push_q   <= s_push_q;
			bytes_q  <= s_bytes_q;
			b_addr_q <= start;
			src_q    <= s_src_q - {{ACT_AW-LG{1'b0}}, start[LG-1:0]};
		end else begin
			if (b_valid_i)
				b_addr_q <= {b_addr_q[31:LG+4] + 1'b1, {LG+4{1'b0}}};
			if (rd_go)
				src_q <= src_q + STEP[ACT_AW-1:0];
		end
		if (setup_q) begin
			cur_q  <= b_addr_q[31:LG];
			skip_q <= b_addr_q[LG-1:0];
			tail_q <= span[LG-1:0] - 1'b1;
		end else begin
			if (aw_go)
				cur_q <= cur_q + {{27-LG{1'b0}}, burst};
			if (pop)
				skip_q <= {LG{1'b0}};
		end
		if (rd_go)
			addr_q <= src_q;
		if (aw_go) begin
			aw_addr_q <= cur_q;
			aw_len_q  <= burst_m[3:0];
		end
		if (fault) begin
			err_code_q <= bad ? ERR_COMMAND : ERR_WRITE;
			err_addr_q <= b_addr_q;
		end
	end
endmodule
`default_nettype wire
