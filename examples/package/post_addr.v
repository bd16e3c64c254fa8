// Address of one beat of a vector of post: vectors of a line, lines, channel tiles; beats are LANES bytes apart.
// addr_o is the present beat's; step_i goes to the next, whose place the tags of the present one tell.
// Twin: cmodel/post.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module post_addr #(
	parameter ACT_AW = 16,              // log2 of the activation buffer's bytes, 10..20
	parameter LANES  = 8                // 1..32
) (
	input  wire              clk_i,
	input  wire              start_i,
	input  wire [ACT_AW-1:0] first_i,       // with start_i
	input  wire [ACT_AW-1:0] pixel_step_i,
	input  wire [ACT_AW-1:0] line_step_i,   // from the last pixel of a line to the first of the next
	input  wire [ACT_AW-1:0] tile_step_i,
	input  wire              step_i,
	input  wire              beat_end_i,    // last beat of its vector
	input  wire              line_end_i,    // last vector of its line
	input  wire              tile_end_i,    // last vector of its channel tile
	output wire [5:0]        off_o,         // first lane's channel in the tile
	output wire [ACT_AW-1:0] addr_o
);
	reg [ACT_AW-1:0] pix_q;             // the vector's first byte
	reg [ACT_AW-1:0] tile_q;            // the tile's first byte
	reg [5:0]        off_q;             // beat * LANES

	wire [ACT_AW-1:0] tile = tile_q + tile_step_i;

	assign off_o  = off_q;
	assign addr_o = pix_q + {{ACT_AW-6{1'b0}}, off_q};

	always @(posedge clk_i)
		if (start_i) begin
			pix_q  <= first_i;
			tile_q <= first_i;
			off_q  <= 6'd0;
		end else if (step_i) begin
			off_q <= beat_end_i ? 6'd0 : off_q + LANES[5:0];
			if (beat_end_i) begin
				pix_q <= tile_end_i ? tile : pix_q + (line_end_i ? line_step_i : pixel_step_i);
				if (tile_end_i)
					tile_q <= tile;
			end
		end
endmodule
`default_nettype wire
