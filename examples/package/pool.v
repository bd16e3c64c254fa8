// SPDX-License-Identifier: Apache-2.0
// Pool unit: sum or maximum over the taps of a window, COLS channels at a time; taps outside the map are left out.
// One tap a cycle; the result is pushed the cycle after the last tap. Also passes operand a of a stand-alone ADD.
// Twin: cmodel/pool.c
`default_nettype none
module pool #(
  parameter COLS  = 8,
  parameter X_W   = 9,
  parameter ACC_W = 32,
  parameter ADDER = 0  // 1: the target's acc_add makes the sums
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  valid_i, // a tap
  input  wire                  first_i,
  input  wire                  last_i,
  input  wire                  max_i,   // else sum
  input  wire                  in_map_i,
  input  wire [COLS*X_W-1:0]   word_i,  // [COLS] activations
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o    // [COLS], with push_o
);
  reg                  push_q;
  reg [COLS*ACC_W-1:0] vec_q;

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_lane
      wire signed [X_W-1:0]   x    = word_i[c*X_W +: X_W];
      wire signed [ACC_W-1:0] xe   = {{(ACC_W-X_W){x[X_W-1]}}, x};
      wire signed [ACC_W-1:0] low  = {{(ACC_W-X_W+1){1'b1}}, {(X_W-1){1'b0}}};
      wire signed [ACC_W-1:0] none = max_i ? low : {ACC_W{1'b0}};
      wire signed [ACC_W-1:0] acc  = vec_q[c*ACC_W +: ACC_W];
      wire signed [ACC_W-1:0] base = first_i ? none : acc;
      wire signed [X_W-1:0]   best = base[X_W-1:0]; // of a maximum
      wire signed [ACC_W-1:0] step;
      if (ADDER != 0) begin : g_adder
        wire signed [X_W-1:0]   add = (in_map_i && !max_i) ? x : {X_W{1'b0}};
        wire signed [ACC_W-1:0] sum;
        acc_add #(.ADD_W(X_W), .ACC_W(ACC_W), .LATE(1)) u_add (.base_i(base), .add_i(add), .sum_o(sum));
        assign step = (in_map_i && max_i && x > best) ? xe : sum;
      end else begin : g_plain
        assign step = !in_map_i ? base : max_i ? (x > best ? xe : base) : base + xe;
      end
      always @(posedge clk_i) if (valid_i) vec_q[c*ACC_W +: ACC_W] <= step;
    end
  endgenerate

  always @(posedge clk_i) push_q <= rst_ni && valid_i && last_i;

  assign push_o = push_q;
  assign vec_o  = vec_q;
endmodule
`default_nettype wire
