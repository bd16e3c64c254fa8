// UART transmitter, 8 data bits, no parity, one stop bit; DIV clock cycles a bit.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module uart_tx #(
	parameter DIV = 16                  // 2..65535
) (
	input  wire       clk_i,
	input  wire       rst_ni,
	input  wire       valid_i,          // with ready_o: taken
	input  wire [7:0] data_i,
	output wire       ready_o,
	output wire       tx_o              // register
);
	localparam CW = $clog2(DIV + 1);
	localparam integer FULL = DIV - 1;

	reg [CW-1:0] count_q;
	reg [3:0]    left_q;                // bits to send, the present one included
	reg [8:0]    data_q;
	reg          tx_q;

	wire tick = (count_q == {CW{1'b0}});

	assign ready_o = (left_q == 4'd0);
	assign tx_o    = tx_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			left_q <= 4'd0;
			tx_q   <= 1'b1;
		end else if (ready_o) begin
			if (valid_i)
				left_q <= 4'd10;
			tx_q <= !valid_i;
		end else if (tick) begin
			left_q <= left_q - 4'd1;
			tx_q   <= (left_q == 4'd1) | data_q[0];
		end
		count_q <= (ready_o | tick) ? FULL[CW-1:0] : count_q - 1'b1;
		if (ready_o)
			data_q <= {1'b1, data_i};
		else if (tick)
			data_q <= {1'b1, data_q[8:1]};
	end
endmodule
`default_nettype wire
