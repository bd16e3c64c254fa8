// Fetches commands from BASE0 upward, keeps up to 4 ahead in a small FIFO, and hands them to the
// engines by opcode, a 64-bit beat a cycle. END: waits until everything is idle, then done_o.
// Fetches beyond END are drained and forgotten, errors on them too.
// Latency: start_i to request 1; response to cmd_we_o 3. Engines: bit 0 load, 1 feed, 2 post, 3 store.
// Twin: cmodel/sequencer.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module sequencer #(
	parameter BUS_W = 64                // bits of the memory bus, 64 or 128
) (
	input  wire             clk_i,
	input  wire             rst_ni,
	input  wire             start_i,        // one cycle, when idle
	input  wire [31:0]      base_i,         // program image, a multiple of 128
	input  wire [4:0]       idle_i,         // load, feed, post, store, axi_wr
	output wire             done_o,         // one cycle
	output wire             err_o,          // one cycle
	output wire [7:0]       err_code_o,
	output wire [31:0]      err_addr_o,     // of the command
	output wire             req_valid_o,
	output wire [31:0]      req_addr_o,
	output wire [3:0]       req_len_o,
	input  wire             req_ready_i,
	input  wire             rsp_valid_i,    // always accepted
	input  wire [BUS_W-1:0] rsp_data_i,
	input  wire             rsp_last_i,
	input  wire             rsp_err_i,
	output wire [3:0]       cmd_we_o,
	output wire [3:0]       cmd_idx_o,
	output wire [63:0]      cmd_data_o,
	input  wire [3:0]       cmd_full_i
);
	localparam BEATS = 1024 / BUS_W;    // in a command
	localparam FW    = (BUS_W == 128) ? 5 : 6;
	localparam [7:0] ERR_BASE   = 8'd2; // cmodel/csr_map.h
	localparam [7:0] ERR_OPCODE = 8'd3;
	localparam [7:0] ERR_FETCH  = 8'd4;

	reg          run_q;                 // fetching and dispatching
	reg          end_q;                 // waiting for idle
	reg          done_q;
	reg          err_q;
	reg [7:0]    err_code_q;
	reg          req_valid_q;
	reg [24:0]   req_addr_q;            // in commands (128 bytes)
	reg [24:0]   pc_q;                  // the command being dispatched, in commands
	reg [2:0]    slots_q;               // commands asked for and not dispatched, 0..4
	reg [2:0]    fetch_q;               // commands asked for and not here, 0..4
	reg [3:0]    bad_q;                 // a beat of the command in this quarter of the FIFO had an error
	reg [1:0]    pc_slot_q;             // the quarter of the command being dispatched
	reg [FW-1:0] wptr_q;
	reg [FW-1:0] rptr_q;
	reg [FW:0]   count_q;               // beats in the RAM
	reg          out_q;                 // the RAM's output register holds a beat
	reg [3:0]    idx_q;                 // 64-bit beat to dispatch next
	reg [3:0]    op_q;                  // of the command being dispatched; meaningful while idx_q != 0
	reg [3:0]    cmd_we_q;
	reg [3:0]    cmd_idx_q;
	reg [63:0]   cmd_data_q;

	wire [BUS_W-1:0] rdata;
	wire [63:0] beat;
	wire        pop_ok;                 // this dispatch empties the output register
	generate
		if (BUS_W == 128) begin : g_wide
			assign beat   = idx_q[0] ? rdata[BUS_W-1 -: 64] : rdata[63:0];
			assign pop_ok = idx_q[0];
		end else begin : g_narrow
			assign beat   = rdata;
			assign pop_ok = 1'b1;
		end
	endgenerate

	wire       head    = (idx_q == 4'd0);
	wire [3:0] op      = head ? beat[3:0] : op_q;
	wire [3:0] engine  = {op == 4'd4, op == 4'd3, op == 4'd2, op == 4'd1};
	wire [3:0] closing = cmd_we_q & {4{cmd_idx_q == 4'd15}};
	wire       live    = run_q & out_q;
	wire       broken  = live & bad_q[pc_slot_q];
	wire       illegal = live & head & (op > 4'd4) & !broken;
	wire       finish  = live & head & (op == 4'd0) & !broken;
	wire       stop    = broken | illegal | finish;
	wire       hold    = head & |(engine & (cmd_full_i | closing));
	wire       send    = live & !stop & !hold;
	wire       sent    = send & (idx_q == 4'd15);
	wire       pop     = send & pop_ok;
	wire       re      = (count_q != {FW+1{1'b0}}) & (!out_q | pop);

	wire       aligned = (base_i[6:0] == 7'd0);
	wire       start   = start_i & aligned;
	wire       ask     = run_q & !stop & (!req_valid_q | req_ready_i) & (slots_q != 3'd4);
	wire       got     = rsp_valid_i & rsp_last_i;
	wire       quiet   = end_q & (fetch_q == 3'd0) & (cmd_we_q == 4'd0) & (&idle_i);


	ram #(.W(BUS_W), .DEPTH(4 * BEATS)) u_fifo (
		.clk_i  (clk_i),
		.we_i   (rsp_valid_i),
		.waddr_i(wptr_q),
		.wdata_i(rsp_data_i),
		.re_i   (re),
		.raddr_i(rptr_q),
		.rdata_o(rdata)
	);

	assign done_o      = done_q;
	assign err_o       = err_q;
	assign err_code_o  = err_code_q;
	assign err_addr_o  = {pc_q, 7'd0};
	assign req_valid_o = req_valid_q;
	assign req_addr_o  = {req_addr_q, 7'd0};
	assign req_len_o   = (BUS_W == 128) ? 4'd7 : 4'd15;
	assign cmd_we_o    = cmd_we_q;
	assign cmd_idx_o   = cmd_idx_q;
	assign cmd_data_o  = cmd_data_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			run_q       <= 1'b0;
			end_q       <= 1'b0;
			done_q      <= 1'b0;
			err_q       <= 1'b0;
			req_valid_q <= 1'b0;
			slots_q     <= 3'd0;
			fetch_q     <= 3'd0;
			bad_q       <= 4'd0;
			wptr_q      <= {FW{1'b0}};
			rptr_q      <= {FW{1'b0}};
			count_q     <= {FW+1{1'b0}};
			out_q       <= 1'b0;
			idx_q       <= 4'd0;
			pc_slot_q   <= 2'd0;
			cmd_we_q    <= 4'd0;
		end else begin
			run_q       <= start | (run_q & !stop);
			end_q       <= start_i ? !aligned : (stop | (end_q & !quiet));
			done_q      <= quiet;
			err_q       <= broken | illegal | (start_i & !aligned);
			req_valid_q <= start | ask | (req_valid_q & !req_ready_i);
			slots_q     <= slots_q + {2'd0, start | ask} - {2'd0, sent};
			fetch_q     <= fetch_q + {2'd0, start | ask} - {2'd0, got};
			if (rsp_valid_i) begin
				wptr_q <= wptr_q + 1'b1;
				/* a command's first beat clears the mark of the one that was here before */
				bad_q[wptr_q[FW-1 -: 2]] <= rsp_err_i
					| (bad_q[wptr_q[FW-1 -: 2]] & (wptr_q[FW-3:0] != {FW-2{1'b0}}));
			end
			rptr_q      <= rptr_q + {{FW-1{1'b0}}, re};
			count_q     <= count_q + {{FW{1'b0}}, rsp_valid_i} - {{FW{1'b0}}, re};
			out_q       <= re | (out_q & !pop);
			idx_q       <= idx_q + {3'd0, send};
			pc_slot_q   <= pc_slot_q + {1'b0, sent};
			cmd_we_q    <= engine & {4{send}};
		end
		if (start_i) begin
			req_addr_q <= base_i[31:7];
			pc_q       <= base_i[31:7];
		end else begin
			if (ask)
				req_addr_q <= req_addr_q + 25'd1;
			if (sent)
				pc_q <= pc_q + 25'd1;
		end
		if (broken | illegal | start_i)
			err_code_q <= start_i ? ERR_BASE : broken ? ERR_FETCH : ERR_OPCODE;
		if (send) begin
			op_q       <= op;
			cmd_idx_q  <= idx_q;
			cmd_data_q <= beat;
		end
	end
endmodule
`default_nettype wire
