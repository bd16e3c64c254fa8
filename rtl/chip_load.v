// The LOAD engine of a device whose memory is on chip: weights and parameters from there to their buffers. Space is
// counted in credits before a word is asked for; one block, sent once. Activations (kind 0) are where they belong already.
// Parameters are short entries (kind 3).
// Latency: a 64-bit word a cycle when the memory is free; tokens one cycle after the last word.
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module chip_load #(
	parameter WGT_AW    = 9,            // log2 of the weight buffer's words
	parameter WPB       = 2,            // weight words in 8 bytes, power of two
	parameter PAR_DEPTH = 128,          // entries in the parameter buffer
	parameter COLS      = 4             // entries in a parameter release
) (
	input  wire            clk_i,
	input  wire            rst_ni,
	input  wire            cmd_we_i,
	input  wire [3:0]      cmd_idx_i,
	input  wire [63:0]     cmd_data_i,
	output wire            cmd_full_o,
	output wire [7:0]      tok_wait_o,
	input  wire            tok_ok_i,
	output wire            tok_take_o,
	output wire [7:0]      tok_push_o,
	output wire            idle_o,
	input  wire [16:0]     base_i,      // program image
	output wire            rd_o,
	output wire [16:0]     addr_o,
	input  wire            gnt_i,
	input  wire            vld_i,
	input  wire [63:0]     data_i,
	output wire            wgt_valid_o, // combinational: data_i is a beat of weights
	input  wire [WGT_AW:0] wgt_rel_i,   // words released
	output wire            par_we_o,    // combinational: data_i is an entry
	output wire [71:0]     par_data_o,  // {shift[7:0], mult[31:0], bias[31:0]}
	input  wire            par_rel_i    // COLS entries are free again
);
	localparam integer WGT_FREE = 1 << WGT_AW;
	localparam integer PAR_FREE = PAR_DEPTH;
	localparam PF = $clog2(PAR_DEPTH) + 1;

	/* command */
	reg         full_q;
	reg [7:0]   wait_q;
	reg [7:0]   push_q;
	reg [13:0]  at_q;                   // next word, in 8 bytes from the image on
	reg [12:0]  left_q;                 // words
	reg [1:0]   kind_q;
	/* where it is */
	reg         run_q;
	reg         more_q;                 // words left to ask for
	reg [1:0]   fly_q;                  // words on the way
	reg [7:0]   tok_push_q;
	reg [WGT_AW:0] wgt_free_q;
	reg [PF-1:0]   par_free_q;

	wire        take  = full_q & !run_q & tok_ok_i;
	wire        wgt   = (kind_q == 2'd1);
	wire        space = wgt ? (wgt_free_q >= WPB[WGT_AW:0]) : (par_free_q != {PF{1'b0}});
	wire        got   = gnt_i & rd_o;
	wire        over  = run_q & !more_q & (fly_q == 2'd0);
	wire        pay   = got & !wgt;

	assign cmd_full_o  = full_q;
	assign tok_wait_o  = (full_q & !run_q) ? wait_q : 8'd0;
	assign tok_take_o  = take;
	assign tok_push_o  = tok_push_q;
	assign idle_o      = !full_q;
	assign rd_o        = run_q & more_q & space & (fly_q != 2'd3);
	assign addr_o      = {at_q, 3'd0} + base_i;
	assign wgt_valid_o = vld_i & wgt;
	assign par_we_o    = vld_i & !wgt;
	assign par_data_o  = {{2{data_i[63]}}, data_i[63:58], 1'b0, data_i[57:27], {5{data_i[26]}}, data_i[26:0]};

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			full_q     <= 1'b0;
			run_q      <= 1'b0;
			more_q     <= 1'b0;
			fly_q      <= 2'd0;
			tok_push_q <= 8'd0;
			wgt_free_q <= WGT_FREE[WGT_AW:0];
			par_free_q <= PAR_FREE[PF-1:0];
		end else begin
			full_q     <= (cmd_we_i & (cmd_idx_i == 4'd15)) | (full_q & !over);
			run_q      <= take | (run_q & !over);
			more_q     <= (take & (kind_q != 2'd0)) | (more_q & !(got & (left_q == 13'd1)));
			fly_q      <= fly_q + {1'b0, got} - {1'b0, vld_i};
			tok_push_q <= over ? push_q : 8'd0;
			wgt_free_q <= wgt_free_q + wgt_rel_i - ((got & wgt) ? WPB[WGT_AW:0] : {WGT_AW+1{1'b0}});
			par_free_q <= par_free_q + (par_rel_i ? COLS[PF-1:0] : {PF{1'b0}}) - {{PF-1{1'b0}}, pay};
		end
		if (cmd_we_i)
			case (cmd_idx_i)
			4'd0: begin
				wait_q   <= cmd_data_i[15:8];
				push_q   <= cmd_data_i[23:16];
				at_q     <= cmd_data_i[48:35];
			end
			4'd1: left_q <= cmd_data_i[15:3];
			4'd2: kind_q <= cmd_data_i[1:0];
			default: ;
			endcase
		else if (got) begin
			at_q   <= at_q + 14'd1;
			left_q <= left_q - 13'd1;
		end
	end
	wire unused = &{1'b0, cmd_data_i};
endmodule
`default_nettype wire
