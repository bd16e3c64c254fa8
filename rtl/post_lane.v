// Arithmetic of one post-processing lane: operand, shift, multiply, round, round, add, clamp; one register stage each.
//   entry -> op_q -> x_q -> p_q -> h_q -> r_q -> out_q -> y_q     stage k is loaded when en_i[k-1]
// A requantization: out_q 6, y_q 7 cycles after its entry. The sum of an ADD is made where two entries in a row leave.
// ROUNDING 0, 1: x*m is rounded at bits 31 and n (0) or at bit n only (1). ROUNDING 2: float32 product of the operand
// rounded to 24 bits and the 24-bit m, its ties to even at bit n; int*_i: no float, one rounding away from zero.
// Twin: cmodel/post.c (registers are arrays over the lanes)
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module post_lane #(
	parameter ACC_W    = 32,            // bits of a sum, 16..32
	parameter ACT_W    = 8,             // bits of an activation, 4..8, or 16
	parameter BEATS    = 1,             // beats in a vector, 1..32
	parameter ROUNDING = 0,            // 0 tflite, 1 tflite_single, 2 onnx
	parameter CW       = (ACT_W > 8) ? 16 : 8 // bits of a bound; do not override
) (
	input  wire             clk_i,
	input  wire [6:0]       en_i,       // [0] entry, [k] stage k is valid
	input  wire [2:0]       kind_i,     // of the entry, see post.v
	input  wire [ACC_W-1:0] acc_i,
	input  wire             use_par_i,  // bias_i, mult_i, shift_i, else 0, gmult_i, gshift_i
	input  wire [31:0]      bias_i,
	input  wire [31:0]      mult_i,
	input  wire [7:0]       shift_i,
	input  wire [31:0]      gmult_i,
	input  wire [7:0]       gshift_i,
	input  wire [ACT_W-1:0] b_i,        // residual operand
	input  wire [7:0]       z_i,        // zero point of a or b
	input  wire             int1_i,     // stage 1, 3, 4: integer rounding (ROUNDING 2)
	input  wire             int3_i,
	input  wire             int4_i,
	input  wire             sum_i,      // stage 5: add out_q instead of zy_i
	input  wire [7:0]       zy_i,
	input  wire [CW-1:0]    lo_i,       // stage 6: clamp
	input  wire [CW-1:0]    hi_i,
	input  wire             gap_i,      // stage 7: into the average
	input  wire             gap_first_i,
	output wire [ACT_W-1:0] y_o         // stage 7
);
	localparam LEFT = (ACT_W > 8) ? 15 : 20; // an addition's operands are shifted
	localparam GW   = (ACT_W > 8) ? 32 : 24; // bits of an average's sum
	localparam DW   = (ACT_W > 8) ? ACT_W + 1 : 9;
	localparam XW = (ROUNDING == 2) ? 33 : 32;
	localparam HW = (ROUNDING == 0) ? 32 : 64;
	localparam NW = (ROUNDING == 0) ? 5 : 6;
	localparam PW = XW + 32;
	localparam [2:0] FIRST = 3'd0, Q1 = 3'd2, SUM = 3'd3, GAP = 3'd4;

	reg [31:0]         op_q;            // stage 1
	reg [31:0]         m1_q;
	reg [7:0]          s1_q;
	reg [XW-1:0]       x_q;             // stage 2
	reg [31:0]         m2_q;
	reg [NW-1:0]       n2_q;            // bits of the last right shift
	reg [63:0]         p_q;             // stage 3
	reg [NW-1:0]       n3_q;
	reg [HW-1:0]       h_q;             // stage 4
	reg [NW-1:0]       n4_q;
	reg [31:0]         r_q;             // stage 5: without
	reg                c_q;             // the carry that rounds it
	reg [32:0]         out_q;           // stage 6: before the clamp
	reg [ACT_W-1:0]    y_q;             // stage 7
	reg [GW*BEATS-1:0] gap_q;           // sums of the average, the next beat's in the lowest bits

	assign y_o = y_q;

	/* stage 1: operand */
	wire signed [31:0]      acc  = {{32-ACC_W+1{acc_i[ACC_W-1]}}, acc_i[ACC_W-2:0]};
	wire signed [31:0]      sum  = acc + (use_par_i ? bias_i : 32'd0);
	wire signed [ACT_W-1:0] ab   = (kind_i == Q1) ? y_q : b_i;
	wire signed [DW-1:0]    diff = {{DW-ACT_W{ab[ACT_W-1]}}, ab} - {{DW-8{z_i[7]}}, z_i};
	wire signed [31:0]      far  = {{32-DW{diff[DW-1]}}, diff};
	wire signed [GW-1:0]    avg  = gap_q[GW*(BEATS-1) +: GW];
	wire signed [63:0]      avgs = {{64-GW{avg[GW-1]}}, avg};
	wire [31:0] op = (kind_i == FIRST) ? sum
	               : (kind_i == SUM) ? out_q[31:0]
	               : (kind_i == GAP) ? avgs[31:0] : {far[31-LEFT:0], {LEFT{1'b0}}};

	/* stages 2, 4, 5: what depends on the rounding */
	wire [XW-1:0] x;
	wire [31:0]   m;
	wire [NW-1:0] n;
	wire [HW-1:0] h;
	wire [31:0]   r;
	wire          c;
	wire [2*HW-1:0] wide = $signed({h_q, {HW{1'b0}}}) >>> n4_q;
	wire [HW-1:0]   whole = wide[2*HW-1:HW];
	wire            half  = wide[HW-1];
	wire            rest  = |wide[HW-2:0];
	wire            away  = half & (rest | !h_q[HW-1]);     // ties away from zero
	wire            unused;
	generate
		if (ROUNDING == 0) begin : g_tflite
			wire [32:0] near = p_q[63:31] + {32'd0, p_q[30]};
			assign x = op_q << (s1_q[7] ? 5'd0 : s1_q[4:0]);
			assign m = m1_q;
			assign n = s1_q[7] ? -s1_q[4:0] : 5'd0;
			assign h = (near[32:31] == 2'b01) ? 32'h7FFFFFFF : near[31:0];
			assign r = whole;
			assign c = away;
			assign unused = &{1'b0, s1_q[6:5], p_q[29:0], int1_i, int3_i, int4_i};
		end else begin : g_wide
			wire sat = (whole[63:31] != {33{whole[63]}});
			wire near;
			assign r = sat ? {whole[63], {31{!whole[63]}}} : whole[31:0];
			assign c = near & !sat;
			if (ROUNDING == 1) begin : g_single
				assign x = op_q;
				assign m = m1_q;
				assign n = 6'd31 - s1_q[5:0];
				assign h = p_q;         // a second stage for the multiplier
				assign near = half;
				assign unused = &{1'b0, s1_q[7:6], away, int1_i, int3_i, int4_i};
			end else begin : g_onnx
				/* mask: bits to clear so that 24 significant ones stay */
				wire [6:0]  d2 = op_q[30:24] ^ {7{op_q[31]}};
				wire [31:0] d4 = p_q[55:24] ^ {32{p_q[63]}};
				wire [6:0]  mask2;
				wire [31:0] mask4;
				genvar i;
				for (i = 0; i < 7; i = i + 1) begin : g_mask2
					assign mask2[i] = |d2[6:i];
				end
				for (i = 0; i < 32; i = i + 1) begin : g_mask4
					assign mask4[i] = |d4[31:i];
				end
				wire        odd2 = |(op_q[7:1] & mask2 & ~{1'b0, mask2[6:1]});
				wire        odd4 = |(p_q[32:1] & mask4 & ~{1'b0, mask4[31:1]});
				wire [32:0] near2 = {op_q[31], op_q} + {27'd0, mask2[6:1]} + {32'd0, odd2};
				wire [63:0] near4 = p_q + {33'd0, mask4[31:1]} + {63'd0, odd4};
				wire        none = s1_q[7] & (!s1_q[6] | (s1_q[5:0] == 6'd0));
				assign x = int1_i ? {op_q[31], op_q} : near2 & ~{26'd0, mask2};
				assign m = none ? 32'd0 : m1_q;
				assign n = s1_q[7] ? -s1_q[5:0] : 6'd0;
				assign h = int3_i ? p_q : near4 & ~{32'd0, mask4};
				assign near = int4_i ? away : half & (rest | whole[0]);
				assign unused = 1'b0;
			end
		end
	endgenerate

	/* stage 3 */
	wire [PW-1:0] p;
	mul #(.A_W(XW), .B_W(32)) u_mul (.a_i(x_q), .b_i(m2_q), .p_o(p));

	/* stages 6 and 7: zero point or the other half of a sum, clamp */
	wire [32:0]       other = sum_i ? {out_q[31], out_q[31:0]} : {{25{zy_i[7]}}, zy_i};
	wire [32:0]       total = {r_q[31], r_q} + other + {32'd0, c_q};
	wire              beyond = (out_q[32:CW] != {33-CW{out_q[32]}}); // more than CW + 1 bits
	wire              low   = beyond ? out_q[32] : $signed(out_q[CW:0]) < $signed({lo_i[CW-1], lo_i});
	wire              high  = beyond ? !out_q[32] : $signed(out_q[CW:0]) > $signed({hi_i[CW-1], hi_i});
	wire [ACT_W-1:0]  y     = low ? lo_i[ACT_W-1:0] : high ? hi_i[ACT_W-1:0] : out_q[ACT_W-1:0];
	wire [GW-1:0]     so_far  = gap_first_i ? {GW{1'b0}} : gap_q[GW-1:0];
	wire [GW-1:0]     average = so_far + {{GW+1-ACT_W{y_q[ACT_W-1]}}, y_q[ACT_W-2:0]};
	wire [GW*BEATS+GW-1:0] ring = {average, gap_q};
	wire              unused_ok = &{1'b0, p, ring[GW-1:0], far, avgs, lo_i, hi_i, unused};

	always @(posedge clk_i) begin
		if (en_i[0]) begin
			op_q <= op;
			m1_q <= use_par_i ? mult_i : gmult_i;
			s1_q <= use_par_i ? shift_i : gshift_i;
		end
		if (en_i[1]) begin
			x_q  <= x;
			m2_q <= m;
			n2_q <= n;
		end
		if (en_i[2]) begin
			p_q  <= p[63:0];
			n3_q <= n2_q;
		end
		if (en_i[3]) begin
			h_q  <= h;
			n4_q <= n3_q;
		end
		if (en_i[4]) begin
			r_q <= r;
			c_q <= c;
		end
		if (en_i[5])
			out_q <= total;
		if (en_i[6])
			y_q <= y;
		if (gap_i)
			gap_q <= ring[GW*BEATS+GW-1:GW];
	end
endmodule
`default_nettype wire
