// The host's side of a device whose memory is on chip: bytes from and to a UART.
//   'W' address[3] count[3] data...   writes memory          (numbers: lowest byte first)
//   'R' address[3] count[3]           -> data...
//   'G' address[3] 0 0 0              runs the program there -> 'D' error 0 cycles[3]
// A count is at least 1.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_host (
	input  wire        clk_i,
	input  wire        rst_ni,
	input  wire        rx_valid_i,
	input  wire [7:0]  rx_data_i,
	output wire        tx_valid_o,
	output wire [7:0]  tx_data_o,
	input  wire        tx_ready_i,
	output wire        wr_o,            // one cycle
	output wire        rd_o,
	output wire [16:0] addr_o,          // of write and read; the program's while it runs
	output wire [7:0]  wdata_o,
	input  wire        gnt_i,
	input  wire        vld_i,
	input  wire [7:0]  rdata_i,
	output wire        start_o,         // one cycle
	input  wire        done_i,
	input  wire        err_i
);
	localparam [2:0] IDLE = 3'd0, HEAD = 3'd1, WRITE = 3'd2, READ = 3'd3, FLY = 3'd4, SEND = 3'd5, RUN = 3'd6, REPORT = 3'd7;

	reg [2:0]  state_q;
	reg [1:0]  op_q;                    // 0 W, 1 R, 2 G
	reg [47:0] word_q;                  // {count, address}; then {cycles, error, 'D'}
	reg [2:0]  left_q;                  // bytes of the header or the report
	reg        wr_q;
	reg        start_q;
	reg [7:0]  data_q;

	wire [23:0] count = word_q[47:24];
	wire        last  = (count[16:0] == 17'd1);
	wire        step  = wr_q | ((state_q == SEND) & tx_ready_i);
	wire        sent  = (state_q == REPORT) & tx_ready_i;

	assign tx_valid_o = (state_q == SEND) | (state_q == REPORT);
	assign tx_data_o  = (state_q == REPORT) ? word_q[7:0] : data_q;
	assign wr_o       = wr_q;
	assign rd_o       = (state_q == READ);
	assign addr_o     = word_q[16:0];
	assign wdata_o    = data_q;
	assign start_o    = start_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			state_q <= IDLE;
			wr_q    <= 1'b0;
			start_q <= 1'b0;
		end else begin
			case (state_q)
			IDLE:    if (rx_valid_i & ((rx_data_i == "W") | (rx_data_i == "R") | (rx_data_i == "G"))) state_q <= HEAD;
			HEAD:    if (rx_valid_i & (left_q == 3'd1)) state_q <= (op_q == 2'd0) ? WRITE : (op_q == 2'd1) ? READ : RUN;
			WRITE:   if (wr_q & last) state_q <= IDLE;
			READ:    if (gnt_i) state_q <= FLY;
			FLY:     if (vld_i) state_q <= SEND;
			SEND:    if (tx_ready_i) state_q <= last ? IDLE : READ;
			RUN:     if (done_i) state_q <= REPORT;
			default: if (sent & (left_q == 3'd1)) state_q <= IDLE;
			endcase
			wr_q    <= (state_q == WRITE) & rx_valid_i;
			start_q <= (state_q == HEAD) & rx_valid_i & (left_q == 3'd1) & (op_q == 2'd2);
		end
		if (state_q == IDLE)
			op_q <= {rx_data_i == "G", rx_data_i == "R"};
		if (state_q == IDLE | state_q == RUN)
			left_q <= 3'd6;
		else if (((state_q == HEAD) & rx_valid_i) | sent)
			left_q <= left_q - 3'd1;
		if ((state_q == HEAD) & rx_valid_i)
			word_q <= {rx_data_i, word_q[47:8]};
		else if (sent)
			word_q <= {8'd0, word_q[47:8]};
		else if (state_q == RUN)
			word_q <= {word_q[47:24] + 24'd1, done_i ? {8'd0, 7'd0, err_i, "D"} : word_q[23:0]};
		else if (step)
			word_q <= {count - 24'd1, word_q[23:17], word_q[16:0] + 17'd1};
		if ((state_q == WRITE) & rx_valid_i)
			data_q <= rx_data_i;
		else if (vld_i & (state_q == FLY))
			data_q <= rdata_i;
	end
endmodule
`default_nettype wire
