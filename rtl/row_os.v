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
  parameter TOK_W   = 10 + PORT_AW, // do not override
  parameter CNT_W   = 6   // bits of zeros_o
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  en_i,       // the token chain moves
  input  wire [TOK_W-1:0]      tok_i,      // {idx, kw[1:0], kh[1:0], parity, dw, segf, last, first, valid}
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
  input  wire [COLS*WGT_W-1:0] w_i,        // [COLS] weights from above
  output wire [COLS*WGT_W-1:0] w_o,
  output wire [COLS*ACC_W-1:0] acc_o,      // [COLS], complete in the cycle last_o is high
  output wire                  last_o,
  output wire                  mul_o,      // register: the row multiplied in the cycle before
  output wire [CNT_W-1:0]      zeros_o     // register: how many of those products were zero
);
  reg  [TOK_W-1:0]    tok_q;
  reg                 vb_q; // stage B: tok_q is new and valid
  reg                 rv_q;
  reg  [2:0]          vy_q;
  reg  [2:0]          vx_q;
  reg                 vc_q, fc_q, lc_q, vd_q, fd_q, ld_q, le_q, mul_q;
  reg  [CNT_W-1:0]    zero_q;

  wire act  = en_i && tok_i[0];
  wire take = act && tok_i[3] && !tok_i[4];

  // Stage B
  wire                   unused_segf = tok_q[3];
  wire [1:0]             kh   = tok_q[7:6];
  wire [1:0]             kw   = tok_q[9:8];
  wire                   new_tile = tok_q[5] == cpar_i && !cfresh_i;
  wire [3:0]             vy = {1'b0, vy_q};
  wire [3:0]             vx = {1'b0, vx_q};
  wire                   in_map = vy[kh] && vx[kw];
  wire [COLS*X_W-1:0]    x;
  row_word #(.COLS(COLS), .PORT(PORT), .PORT_AW(PORT_AW), .X_W(X_W), .GATE(GATE)) u_word (
    .clk_i(clk_i), .take_i(take), .bus_i(bus_i), .en_i(vb_q), .dw_i(tok_q[4]), .idx_i(tok_q[10 +: PORT_AW]), .kh_i(kh),
    .new_i(new_tile), .in_map_i(in_map), .lines_i(lines_i), .prev_i(prev_i), .pad_i(pad_i), .x_o(x)
  );

  // Stage C: products that are not zero
  wire [COLS-1:0] nz;
  reg  [CNT_W-1:0] zeros;
  integer i;
  always @* begin
    zeros = {CNT_W{1'b0}};
    for (i = 0; i < COLS; i = i + 1) zeros = zeros + {{(CNT_W-1){1'b0}}, !nz[i]};
  end

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
      vc_q   <= vb_q && rv_q;
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

  genvar c;
  generate
    for (c = 0; c < COLS; c = c + 1) begin : g_col
      assign nz[c] = (GATE == 0) || (x[c*X_W +: X_W] != {X_W{1'b0}} && w_o[c*WGT_W +: WGT_W] != {WGT_W{1'b0}});
      pe_os #(.X_W(X_W), .WGT_W(WGT_W), .ACC_W(ACC_W)) u_pe (
        .clk_i      (clk_i),
        .w_en_i     (vb_q),
        .w_i        (w_i[c*WGT_W +: WGT_W]),
        .w_o        (w_o[c*WGT_W +: WGT_W]),
        .x_i        (x[c*X_W +: X_W]),
        .mul_en_i   (vc_q),
        .mul_first_i(fc_q),
        .nz_i       (nz[c]),
        .acc_en_i   (vd_q),
        .acc_first_i(fd_q),
        .acc_o      (acc_o[c*ACC_W +: ACC_W])
      );
    end
  endgenerate

  assign tok_o   = tok_q;
  assign last_o  = le_q;
  assign mul_o   = mul_q;
  assign zeros_o = zero_q;
endmodule
`default_nettype wire
