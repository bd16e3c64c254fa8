// Reads the program of a device whose memory is on chip: a row of blocks, each a head and its words. Weights, parameters and
// address steps go to their RAMs from row 0 on; three words of settings start a run of the array, and its end is awaited.
//   head: op[2:0] (0 END, 1 weights, 2 parameters, 3 steps, 4 settings and run), words[16:4], at least 1
// Latency: a word a cycle; 5 cycles from a block to the next.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_fetch (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire        start_i,         // one cycle, when idle
	input  wire [13:0] base_i,          // the first head, in words
	output wire        done_o,          // one cycle
	output wire        err_o,           // with done_o: unknown op
	output wire        rd_o,            // reads addr_o
	output wire [13:0] addr_o,
	input  wire [16:0] data_i,          // chip_mem's: two cycles later
	output wire [1:0]  wgt_we_o,        // this cycle's word: to the weights of output 0 or 1
	output wire        par_we_o,
	output wire        step_we_o,
	output wire [2:0]  set_we_o,        // settings
	output wire [8:0]  row_o,           // its number
	output wire        go_o,            // the cycle after the last setting
	input  wire        fin_i            // the run has ended
);
	localparam [2:0] IDLE = 3'd0, HEAD = 3'd1, WAIT = 3'd2, SEND = 3'd3, RUN = 3'd4;

	reg [2:0]  state_q;
	reg [13:0] pc_q;
	reg [12:0] left_q;                  // words to ask for
	reg [9:0]  row_q;                   // of the word that arrives next
	reg [4:1]  to_q;                    // the block's op, one-hot
	reg        head1_q, head2_q;        // a head, or a word, one and two cycles after its request
	reg        word1_q, word2_q;
	reg        go_q;
	reg        done_q;
	reg        err_q;

	wire       decode = head2_q;
	wire [2:0] op     = data_i[2:0];
	wire       known  = (op >= 3'd1) & (op <= 3'd4);
	wire       last   = (left_q == 13'd1);

	assign rd_o      = (state_q == HEAD) | (state_q == SEND);
	assign addr_o    = pc_q;
	assign wgt_we_o  = {2{word2_q & to_q[1]}} & {row_q[0], !row_q[0]};
	assign par_we_o  = word2_q & to_q[2];
	assign step_we_o = word2_q & to_q[3];
	assign set_we_o  = {3{word2_q & to_q[4]}} & {row_q[1], !row_q[1] & row_q[0], !row_q[1] & !row_q[0]};
	assign row_o     = to_q[1] ? row_q[9:1] : row_q[8:0];
	assign go_o      = go_q;
	assign done_o    = done_q;
	assign err_o     = err_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			state_q <= IDLE;
			head1_q <= 1'b0;
			head2_q <= 1'b0;
			word1_q <= 1'b0;
			word2_q <= 1'b0;
			go_q    <= 1'b0;
			done_q  <= 1'b0;
		end else begin
			case (state_q)
			IDLE:    if (start_i) state_q <= HEAD;
			HEAD:    state_q <= WAIT;
			WAIT:    if (decode) state_q <= known ? SEND : IDLE;
			SEND:    if (last) state_q <= to_q[4] ? RUN : HEAD;
			default: if (fin_i) state_q <= HEAD;
			endcase
			head1_q <= (state_q == HEAD);
			head2_q <= head1_q;
			word1_q <= (state_q == SEND);
			word2_q <= word1_q;
			go_q    <= set_we_o[2];
			done_q  <= (state_q == WAIT) & decode & !known;
		end
		if (state_q == IDLE)
			pc_q <= base_i;
		else if (rd_o)
			pc_q <= pc_q + 14'd1;
		if (decode) begin
			left_q <= data_i[16:4];
			to_q   <= {op == 3'd4, op == 3'd3, op == 3'd2, op == 3'd1};
			err_q  <= (op > 3'd4);
		end else if (state_q == SEND) begin
			left_q <= left_q - 13'd1;
		end
		if (decode)
			row_q <= 10'd0;
		else if (word2_q)
			row_q <= row_q + 10'd1;
	end
	wire unused_ok = &{1'b0, data_i[3]};
endmodule
`default_nettype wire
