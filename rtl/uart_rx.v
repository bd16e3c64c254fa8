// UART receiver, 8 data bits, no parity, one stop bit; DIV clock cycles a bit.
// Latency: data_o with valid_o in the middle of the stop bit.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module uart_rx #(
	parameter DIV = 16                  // 4..65535
) (
	input  wire       clk_i,
	input  wire       rst_ni,
	input  wire       rx_i,             // asynchronous
	output wire       valid_o,          // one cycle
	output wire [7:0] data_o
);
	localparam CW = $clog2(DIV + 1);
	localparam integer HALF = DIV / 2;
	localparam integer FULL = DIV - 1;

	reg [2:0]    sync_q;
	reg          busy_q;
	reg [CW-1:0] count_q;               // cycles to the next sample
	reg [3:0]    bit_q;
	reg [7:0]    data_q;
	reg          valid_q;

	wire sample = busy_q & (count_q == {CW{1'b0}});

	assign valid_o = valid_q;
	assign data_o  = data_q;

	always @(posedge clk_i) begin
		sync_q <= {sync_q[1:0], rx_i};
		if (!rst_ni) begin
			busy_q  <= 1'b0;
			valid_q <= 1'b0;
		end else begin
			if (!busy_q)
				busy_q <= sync_q[2] & !sync_q[1];
			else if (sample & ((bit_q == 4'd9) | ((bit_q == 4'd0) & sync_q[1])))
				busy_q <= 1'b0;
			valid_q <= sample & (bit_q == 4'd9) & sync_q[1];
		end
		if (!busy_q)
			count_q <= HALF[CW-1:0];
		else
			count_q <= sample ? FULL[CW-1:0] : count_q - 1'b1;
		if (!busy_q)
			bit_q <= 4'd0;
		else if (sample)
			bit_q <= bit_q + 4'd1;
		if (sample & (bit_q != 4'd9))
			data_q <= {sync_q[1], data_q[7:1]};
	end
endmodule
`default_nettype wire
