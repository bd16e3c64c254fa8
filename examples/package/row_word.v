// SPDX-License-Identifier: Apache-2.0
// The activations of one row of the output-stationary array: the word of PORT it is working through, and the operands
// of its PEs: an aligned group of it (stage B, convolution), or one of three lines' words (stage C, depthwise).
//   bus -> word_q -> group_o              stage A takes the word, B selects from it
//   lines, prev -> word_q -> dw_o         depthwise: stage B
// Twin: cmodel/array_os.c
`default_nettype none
module row_word #(
  parameter COLS    = 8,  // PEs
  parameter PORT    = 16, // activations in a word, power of two, at least COLS
  parameter PORT_AW = 4,  // log2(PORT)
  parameter X_W     = 9,
  parameter GROUP   = 1,  // activations in a group, power of two
  parameter GATE    = 1   // 1: an operand outside the map is 0
) (
  input  wire                  clk_i,
  input  wire                  take_i,   // stage A: the word on the bus
  input  wire [PORT*X_W-1:0]   bus_i,    // [PORT]
  input  wire                  en_i,     // stage B: an operand
  input  wire                  dw_i,     // from the lines
  input  wire [PORT_AW-1:0]    idx_i,    // else the group with this activation of the word
  input  wire [1:0]            kh_i,     // dw: which line
  input  wire                  new_i,    // dw: the tile is the newest
  input  wire                  in_map_i, // dw: the tap is inside the map
  input  wire [3*COLS*X_W-1:0] lines_i,  // dw: [3][COLS] words of the stream
  input  wire [3*COLS*X_W-1:0] prev_i,   // dw: the same, as the newest tile needs them
  input  wire [X_W-1:0]        pad_i,    // dw: operand outside the map
  output wire [GROUP*X_W-1:0]  group_o,  // combinational, stage B
  input  wire [X_W-1:0]        x_i,      // stage C: the operand of all PEs, 0 in depthwise mode
  output wire [COLS*X_W-1:0]   x_o,      // [COLS], stage C: it, or each PE's of the lines
  output wire [COLS*X_W-1:0]   dw_o      // [COLS], of the lines alone
);
  reg  [PORT*X_W-1:0] word_q;
  reg                 conv_q; // stage C is not depthwise

  // One of six lines, or none. A word that arrives has precedence.
  wire [2:0]          line_of  = {kh_i == 2'd2, kh_i == 2'd1, kh_i[1] == kh_i[0]} & {3{in_map_i && !take_i}};
  wire [2:0]          take_new = line_of & {3{new_i}};
  wire [2:0]          take_old = line_of & {3{!new_i}};
  wire                take_pad = (GATE == 0) && !in_map_i && !take_i;
  wire [COLS*X_W-1:0] low_word = (lines_i[0 +: COLS*X_W] & {COLS*X_W{take_old[0]}}) |
                                 (lines_i[COLS*X_W +: COLS*X_W] & {COLS*X_W{take_old[1]}}) |
                                 (lines_i[2*COLS*X_W +: COLS*X_W] & {COLS*X_W{take_old[2]}}) |
                                 (prev_i[0 +: COLS*X_W] & {COLS*X_W{take_new[0]}}) |
                                 (prev_i[COLS*X_W +: COLS*X_W] & {COLS*X_W{take_new[1]}}) |
                                 (prev_i[2*COLS*X_W +: COLS*X_W] & {COLS*X_W{take_new[2]}}) |
                                 (bus_i[0 +: COLS*X_W] & {COLS*X_W{take_i}}) |
                                 ({COLS{pad_i}} & {COLS*X_W{take_pad}});

  wire [31:0] group = {{(32-PORT_AW){1'b0}}, idx_i} >> $clog2(GROUP);
  assign group_o = word_q[group*GROUP*X_W +: GROUP*X_W];

  always @(posedge clk_i) begin
    if (take_i || (en_i && dw_i)) word_q[COLS*X_W-1:0] <= low_word;
    conv_q <= !dw_i;
  end

  genvar c;
  generate
    if (PORT > COLS) begin : g_wide
      always @(posedge clk_i) if (take_i) word_q[PORT*X_W-1:COLS*X_W] <= bus_i[PORT*X_W-1:COLS*X_W];
    end
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      assign dw_o[c*X_W +: X_W] = word_q[c*X_W +: X_W] & ~{X_W{conv_q}};
      assign x_o[c*X_W +: X_W]  = x_i | dw_o[c*X_W +: X_W];
    end
  endgenerate
endmodule
`default_nettype wire
