// The memory of a NAME_chip that has none of its own: an asynchronous SRAM of 16 bits, without byte enables. NAME_chip's clock
// is made here, clk_o: two cycles of clk_i, and longer while memory is busy, so that NAME_chip sees a RAM of words of 8 bytes,
// whose request is taken at an edge of clk_o and whose word is there before the next one.
// A word is four halves, an access of three cycles of clk_i each. A half of which one byte is written is read first; one of
// which none is, is passed over in a cycle. Reading the word that rdata_o already has takes no access.
//   cycle of an access       0       1          2
//   read                     addr_o  oe_no = 0  oe_no = 0, data_i is taken at its end
//   write                    addr_o  we_no = 0  data_o held (drive_o in 1 and 2)
// Needs no reset: from any state it is idle after one request.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_sram (
	input  wire        clk_i,
	output wire        clk_o,           // register
	/* on clk_o */
	input  wire        en_i,            // a read, or a write
	input  wire [7:0]  we_i,            // per byte; none: read
	input  wire [13:0] addr_i,          // in words
	input  wire [63:0] wdata_i,
	output wire [63:0] rdata_o,         // register, holds
	/* the SRAM, all registers */
	output wire [15:0] sram_addr_o,     // in halves
	output wire        sram_oe_no,
	output wire        sram_we_no,
	output wire        sram_drive_o,    // data_o is driven
	output wire [15:0] sram_data_o,
	input  wire [15:0] sram_data_i
);
	reg        clk_q;
	reg        busy_q;
	reg [1:0]  cycle_q;                 // of the access
	reg        read_q;                  // the request is a read; rdata_q is word_q's
	reg [13:0] word_q;
	reg [1:0]  half_q;
	reg [7:0]  we_q;                    // of the halves to come, this one first
	reg [63:0] wdata_q;
	reg [63:0] rdata_q;
	reg        oe_nq, we_nq, drive_q;

	wire       rise  = !clk_q & !busy_q;
	wire       known = read_q & (we_i == 8'd0) & (addr_i == word_q);
	wire       merge = ^we_q[1:0];      // read, then written with the byte that stays
	wire       store = &we_q[1:0];
	wire       load  = read_q | merge;
	wire       third = (cycle_q == 2'd2);
	wire       over  = read_q ? third : !merge & (third | !store);
	wire       last  = (half_q == 2'd3) | (!read_q & (we_q[7:2] == 6'd0));

	assign clk_o        = clk_q;
	assign rdata_o      = rdata_q;
	assign sram_addr_o  = {word_q, half_q};
	assign sram_oe_no   = oe_nq;
	assign sram_we_no   = we_nq;
	assign sram_drive_o = drive_q;
	assign sram_data_o  = wdata_q[15:0];

	always @(posedge clk_i) begin
		clk_q <= rise;
		if (rise) begin
			busy_q  <= en_i & !known;
			cycle_q <= 2'd0;
			half_q  <= 2'd0;
			we_q    <= we_i;
			wdata_q <= wdata_i;
			if (en_i) begin
				read_q <= (we_i == 8'd0);
				word_q <= addr_i;
			end
		end else if (busy_q) begin
			cycle_q <= (third | over) ? 2'd0 : cycle_q + 2'd1;
			if (over) begin
				busy_q  <= !last;
				half_q  <= half_q + 2'd1;
				we_q    <= {2'b00, we_q[7:2]};
				wdata_q <= {16'd0, wdata_q[63:16]};
			end else if (third) begin
				we_q[1:0] <= 2'b11;
				if (!we_q[0])
					wdata_q[7:0] <= sram_data_i[7:0];
				if (!we_q[1])
					wdata_q[15:8] <= sram_data_i[15:8];
			end
			if (read_q & third)
				rdata_q <= {sram_data_i, rdata_q[63:16]};
		end
		oe_nq   <= !(busy_q & load & !third);
		we_nq   <= !(busy_q & store & (cycle_q == 2'd0));
		drive_q <= busy_q & store & !third;
	end
endmodule
`default_nettype wire
