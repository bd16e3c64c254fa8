// Fetches commands from on-chip memory and hands them to the engines by opcode, a 64-bit beat a cycle. It reads a
// command's first beat, waits until its engine can take it, then sends all 16. STORE (4) is passed over: the host reads
// results where they are. END: waits until everything is idle, then done_o.
// Engines: bit 0 load, 1 feed, 2 post.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_fetch (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire        start_i,         // one cycle, when idle
	input  wire [16:7] base_i,          // program image, a multiple of 128
	input  wire        idle_i,          // all engines
	output wire        done_o,          // one cycle
	output wire        err_o,           // with done_o: unknown opcode
	output wire        rd_o,
	output wire [16:0] addr_o,
	input  wire        gnt_i,
	input  wire        vld_i,           // the word asked for
	input  wire [3:0]  data_i,          // its lowest bits
	output wire [2:0]  cmd_we_o,        // combinational: with vld_i
	output wire [3:0]  cmd_idx_o,
	input  wire [2:0]  cmd_full_i
);
	localparam [2:0] IDLE = 3'd0, HEAD = 3'd1, DECODE = 3'd2, HOLD = 3'd3, SEND = 3'd4, END = 3'd5;

	reg [2:0] state_q;
	reg [9:0] pc_q;                     // command, 128 bytes each
	reg [4:0] ask_q;                    // beat to ask for
	reg [3:0] got_q;                    // beat that arrives next
	reg [2:0] op_q;                     // engine, one-hot; none: passed over
	reg       settle_q;
	reg       done_q;
	reg       err_q;

	wire [3:0] op  = data_i;
	wire       end_ = (op == 4'd0) | (op > 4'd4);
	wire       last = vld_i & (got_q == 4'd15);

	assign rd_o      = (state_q == HEAD) | ((state_q == SEND) & !ask_q[4]);
	assign addr_o    = {pc_q, ask_q[3:0], 3'd0};
	assign cmd_we_o  = op_q & {3{(state_q == SEND) & vld_i}};
	assign cmd_idx_o = got_q;
	assign done_o    = done_q;
	assign err_o     = err_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			state_q <= IDLE;
			done_q  <= 1'b0;
		end else begin
			case (state_q)
			IDLE:    if (start_i) state_q <= HEAD;
			HEAD:    if (gnt_i) state_q <= DECODE;
			DECODE:  if (vld_i) state_q <= end_ ? END : (op == 4'd4) ? HEAD : HOLD;
			HOLD:    if ((op_q & cmd_full_i) == 3'd0) state_q <= SEND;
			SEND:    if (last) state_q <= HEAD;
			default: if (idle_i & settle_q) state_q <= IDLE;
			endcase
			done_q <= (state_q == END) & idle_i & settle_q;
		end
		settle_q <= (state_q == END) & idle_i;
		if (state_q == IDLE) begin
			pc_q  <= base_i;
			err_q <= 1'b0;
		end else if (last & (state_q == SEND) | (state_q == DECODE) & vld_i & (op == 4'd4)) begin
			pc_q <= pc_q + 10'd1;
		end
		if (state_q == DECODE & vld_i) begin
			op_q  <= {op == 4'd3, op == 4'd2, op == 4'd1};
			err_q <= op > 4'd4;
		end
		if (state_q != SEND)
			ask_q <= 5'd0;
		else if (gnt_i)
			ask_q <= ask_q + 5'd1;
		if (state_q != SEND)
			got_q <= 4'd0;
		else if (vld_i)
			got_q <= got_q + 4'd1;
	end
endmodule
`default_nettype wire
