// SPDX-License-Identifier: Apache-2.0
// Line buffer of the depthwise mode: turns one stream of pixel words into three, each a kernel row older,
// and gives the three again up to DELAY positions late: the newest tile of rows runs that much behind the stream,
// and catches up while the stream holds.
// l2 is the stream itself, l1 and l0 are ldelay and 2*ldelay positions behind; ldelay >= 2.
// Twin: cmodel/array_os.c
`default_nettype none
module dw_lines #(
  parameter COLS    = 8,  // channels in a word
  parameter X_W     = 9,  // bits of an activation operand
  parameter DEPTH   = 64, // words, power of two
  parameter AW      = 6,  // log2(DEPTH)
  parameter DELAY   = 1   // max(9 - ROWS, 0)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  step_i,   // a depthwise step
  input  wire                  adv_i,    // which moves the stream; only with step_i
  input  wire                  par_i,
  input  wire                  fresh_i,
  input  wire [X_W-1:0]        pad_i,
  input  wire [COLS*X_W-1:0]   word_i,   // [COLS], with adv_i
  input  wire [AW:0]           ldelay_i, // 2..DEPTH
  output wire [3*COLS*X_W-1:0] lines_o,  // [3][COLS]
  output wire [3*COLS*X_W-1:0] prev_o,
  output wire                  cpar_o,
  output wire                  cfresh_o,
  output wire [X_W-1:0]        pad_o
);
  localparam W = COLS * X_W;

  reg [W-1:0]   l0_q;
  reg [W-1:0]   l1_q;
  reg [W-1:0]   l2_q;
  reg [AW-1:0]  ptr_q;
  reg           cpar_q, cfresh_q;
  reg [X_W-1:0] pad_q;
  reg [3:0]     dist_q; // positions the newest tile is behind the stream

  wire [2*W-1:0] hist;
  wire [AW-1:0]  here    = {1'b0, ptr_q} >= ldelay_i ? {AW{1'b0}} : ptr_q; // left anywhere by the stream before
  wire [AW:0]    ptr_inc = {1'b0, here} + {{AW{1'b0}}, 1'b1};
  wire [AW-1:0]  ptr     = ptr_inc >= ldelay_i ? {AW{1'b0}} : ptr_inc[AW-1:0];

  ram #(.W(2*W), .DEPTH(DEPTH), .AW(AW)) u_ram (
    .clk_i(clk_i), .we_i(adv_i), .waddr_i(here), .wdata_i({hist[W-1:0], word_i}),
    .re_i(adv_i), .raddr_i(ptr), .rdata_o(hist)
  );

  always @(posedge clk_i) begin
    if (step_i) begin
      cpar_q   <= par_i;
      cfresh_q <= fresh_i;
      pad_q    <= pad_i;
      dist_q   <= adv_i ? DELAY[3:0] : dist_q - 4'd1;
    end
    if (adv_i) begin
      l2_q  <= word_i;
      l1_q  <= hist[W-1:0];
      l0_q  <= hist[2*W-1:W];
    end
    if (!rst_ni) ptr_q <= {AW{1'b0}};
    else if (adv_i) ptr_q <= ptr;
  end

  assign lines_o = {l2_q, l1_q, l0_q};

  genvar i;
  generate
    if (DELAY > 0) begin : g_prev
      localparam DB = $clog2(DELAY + 1);
      wire [3*W-1:0] chain [0:DELAY];
      assign chain[0] = lines_o;
      for (i = 0; i < DELAY; i = i + 1) begin : g_delay
        reg [3*W-1:0] prev_q;
        always @(posedge clk_i) if (adv_i) prev_q <= chain[i];
        assign chain[i+1] = prev_q;
      end
      assign prev_o = dist_q > DELAY[3:0] ? lines_o : chain[dist_q[DB-1:0]];
    end else begin : g_same
      assign prev_o = lines_o;
      wire unused_dist = &{1'b0, dist_q};
    end
  endgenerate
  assign cpar_o   = cpar_q;
  assign cfresh_o = cfresh_q;
  assign pad_o    = pad_q;
endmodule
`default_nettype wire
