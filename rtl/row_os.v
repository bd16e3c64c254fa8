// SPDX-License-Identifier: Apache-2.0
// One row of the output-stationary array: COLS PEs that make the channels of one output pixel.
// The row keeps the word of PORT activations it is working through. Stages: A token arrives (word taken),
// B operand selected, C product, D sum; the next row sees the same token one cycle later.
// Twin: cmodel/array_os.c
`default_nettype none
module row_os #(
  parameter COLS    = 8,  // PEs
  parameter PORT    = 16, // activations in a word, power of two
  parameter PORT_AW = 4,  // log2(PORT)
  parameter X_W     = 9,
  parameter WGT_W   = 8,
  parameter ACC_W   = 32,
  parameter GATE    = 1,
  parameter GROUP   = 1,  // activations presented to the PEs in a step, power of two, at most PORT
  parameter IDX_W   = 0,  // log2(GROUP): a weight's index chooses one of them; 0: it does not
  parameter LANE_W  = WGT_W + IDX_W, // do not override: {index, weight}
  parameter SUB     = 1,  // weights that a step may take, 1, 2 or 4; more than 1: equal to GROUP
  parameter TOK_W   = 10 + PORT_AW, // do not override
  parameter CNT_W   = 6,  // bits of zeros_o
  parameter SPLIT   = 0   // pe_os
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  en_i,       // the token chain moves
  input  wire [TOK_W-1:0]      tok_i,      // {idx, kw[1:0], kh[1:0], parity, dw, segf, last, first, valid}; SUB > 1, not dw: kh is mul_sub's mode
  output wire [TOK_W-1:0]      tok_o,
  input  wire [PORT*X_W-1:0]   bus_i,      // [PORT], this row's word in the cycle its token says segf
  input  wire                  rv_i,       // the row has a pixel; vy, vx: its lines and taps inside the map
  input  wire [2:0]            vy_i,
  input  wire [2:0]            vx_i,
  input  wire [3*COLS*X_W-1:0] lines_i,    // dw: [3][COLS] words of the stream
  input  wire [3*COLS*X_W-1:0] prev_i,     // dw: the same, as the newest tile needs them
  input  wire                  cpar_i,     // dw: parity of the newest tile
  input  wire                  cfresh_i,   // dw: which is the command's first
  input  wire [X_W-1:0]        pad_i,      // dw: operand outside the map
  input  wire [COLS*LANE_W-1:0] w_i,       // [COLS] weights from above
  output wire [COLS*LANE_W-1:0] w_o,
  output wire [COLS*ACC_W-1:0] acc_o,      // [COLS], complete in the cycle last_o is high
  output wire [COLS-1:0]       carry_o,    // [COLS] still to be added to it, times 2^SPLIT
  output wire                  last_o,
  output wire                  mul_o,      // register: the row multiplied in the cycle before
  output wire [CNT_W-1:0]      zeros_o     // register: how many of those products were zero
);
  reg  [TOK_W-1:0]    tok_q;
  reg                 vb_q; // stage B: tok_q is new and valid
  reg                 rv_q;
  reg  [2:0]          vy_q;
  reg  [2:0]          vx_q;
  reg  [GROUP*X_W-1:0] x_q;  // the group with activation idx of the word; or for each of SUB digits of a weight its operand
  reg                 vc_q, fc_q, lc_q, vd_q, fd_q, ld_q, le_q, mul_q;
  reg  [CNT_W-1:0]    zero_q;

  wire act  = en_i && tok_i[0];
  wire take = act && tok_i[3] && !tok_i[4];

  // Stage B
  wire                   vb   = vb_q;
  wire                   unused_segf = tok_q[3];
  wire                   dwb  = tok_q[4];
  wire [1:0]             kh   = tok_q[7:6];
  wire [1:0]             kw   = tok_q[9:8];
  wire                   new_tile = tok_q[5] == cpar_i && !cfresh_i;
  wire [3:0]             vy = {1'b0, vy_q};
  wire [3:0]             vx = {1'b0, vx_q};
  wire                   in_map = vy[kh] && vx[kw];
  wire [GROUP*X_W-1:0]   group;
  wire [COLS*X_W-1:0]    x_all; // stage C: [COLS]
  wire [COLS*X_W-1:0]    dw_x;  // depthwise alone, else 0
  wire                   unused_dw = &{1'b0, dw_x};
  row_word #(.COLS(COLS), .PORT(PORT), .PORT_AW(PORT_AW), .X_W(X_W), .GROUP(GROUP), .GATE(GATE)) u_word (
    .clk_i(clk_i), .take_i(take), .bus_i(bus_i), .en_i(vb), .dw_i(dwb), .idx_i(tok_q[10 +: PORT_AW]), .kh_i(kh),
    .new_i(new_tile), .in_map_i(in_map), .lines_i(lines_i), .prev_i(prev_i), .pad_i(pad_i), .group_o(group),
    .x_i(x_q[X_W-1:0]), .x_o(x_all), .dw_o(dw_x)
  );

  // Stage C: products that are not zero
  wire [COLS-1:0] nz;
  reg  [CNT_W-1:0] zeros;
  integer n;
  always @* begin
    zeros = {CNT_W{1'b0}};
    for (n = 0; n < COLS; n = n + 1) zeros = zeros + {{(CNT_W-1){1'b0}}, !nz[n]};
  end

  wire [GROUP-1:0] group_nz; // activations of the group that are not zero
  wire             unused_group = &{1'b0, group_nz};
  genvar g;
  generate
    for (g = 0; g < GROUP; g = g + 1) begin : g_nz
      assign group_nz[g] = x_q[g*X_W +: X_W] != {X_W{1'b0}};
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      tok_q  <= {TOK_W{1'b0}};
      vb_q   <= 1'b0;
      vc_q   <= 1'b0;
      vd_q   <= 1'b0;
      le_q   <= 1'b0;
      mul_q  <= 1'b0;
    end else begin
      if (en_i) tok_q <= tok_i;
      vb_q   <= act;
      vc_q   <= vb && rv_q;
      vd_q   <= vc_q;
      le_q   <= vd_q && ld_q;
      mul_q  <= vc_q;
    end
    if (act && tok_i[1]) begin
      rv_q <= rv_i;
      vy_q <= vy_i;
      vx_q <= vx_i;
    end
    fc_q  <= tok_q[1];
    lc_q  <= tok_q[2];
    fd_q  <= fc_q;
    ld_q  <= lc_q;
    zero_q <= vc_q ? zeros : {CNT_W{1'b0}};
  end

  // Stage B: the aligned group with activation idx; with subwords, one of it for each digit of a weight (mul_sub.v).
  wire [1:0]           mode;
  wire [1:0]           idx   = tok_q[11:10];
  wire [GROUP*X_W-1:0] x_next;
  always @(posedge clk_i) if (vb) x_q <= dwb ? {GROUP*X_W{1'b0}} : x_next;
  genvar c, i;
  generate
    if (SUB > 1) begin : g_digits
      for (i = 0; i < SUB; i = i + 1) begin : g_digit
        localparam [1:0] ALL = i, HALF = i / 2;
        wire [1:0] at = kh[1] ? ALL : !kh[0] ? idx[1:0] : (SUB == 4) ? {idx[1], HALF[0]} : ALL;
        wire unused_at = &{1'b0, at};
        assign x_next[i*X_W +: X_W] = group[at[SUB/2-1:0]*X_W +: X_W];
      end
    end else begin : g_whole
      wire unused_idx = &{1'b0, idx};
      assign x_next = group;
    end
    if (SUB > 1) begin : g_mode
      reg [1:0] mode_q;
      always @(posedge clk_i) mode_q <= dwb ? 2'd0 : kh;
      assign mode = mode_q;
    end else begin : g_no_mode
      assign mode = 2'd0;
    end
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      wire [X_W-1:0]       x0 = x_all[c*X_W +: X_W];
      wire [GROUP*X_W-1:0] x;
      wire                 x_nz;

      if (SUB > 1) begin : g_sub
        wire [SUB-1:0] pairs; // neither operand is zero
        wire unused_x0 = &{1'b0, x0};
        assign x    = x_q | {SUB{dw_x[c*X_W +: X_W]}};
        assign x_nz = |pairs;
        for (i = 0; i < SUB; i = i + 1) begin : g_pair
          assign pairs[i] = x[i*X_W +: X_W] != {X_W{1'b0}} && w_o[c*WGT_W+i*(WGT_W/SUB) +: WGT_W/SUB] != {(WGT_W/SUB){1'b0}};
        end
      end else if (GROUP > 1) begin : g_group
        wire [GROUP-1:0] lane_nz = {group_nz[GROUP-1:1], x0 != {X_W{1'b0}}};
        assign x    = {x_q[GROUP*X_W-1:X_W], x0};
        assign x_nz = lane_nz[w_o[c*LANE_W + WGT_W +: IDX_W]];
      end else begin : g_single
        assign x    = x0;
        assign x_nz = x0 != {X_W{1'b0}};
      end
      assign nz[c] = (GATE == 0) || (x_nz && (SUB > 1 || w_o[c*LANE_W +: WGT_W] != {WGT_W{1'b0}}));
      pe_os #(.X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W), .GROUP(GROUP), .IDX_W(IDX_W), .SUB(SUB), .SPLIT(SPLIT)) u_pe (
        .clk_i      (clk_i),
        .w_en_i     (vb),
        .w_i        (w_i[c*LANE_W +: LANE_W]),
        .w_o        (w_o[c*LANE_W +: LANE_W]),
        .x_i        (x),
        .mode_i     (mode),
        .mul_en_i   (vc_q),
        .mul_first_i(fc_q),
        .nz_i       (nz[c]),
        .acc_en_i   (vd_q),
        .acc_first_i(fd_q),
        .acc_o      (acc_o[c*ACC_W +: ACC_W]),
        .carry_o    (carry_o[c])
      );
    end
  endgenerate

  assign tok_o   = tok_q;
  assign last_o  = le_q;
  assign mul_o   = mul_q;
  assign zeros_o = zero_q;
endmodule
`default_nettype wire
