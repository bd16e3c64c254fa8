// SPDX-License-Identifier: Apache-2.0
// Weight buffer: a ring of words of COLS weights. A RAM row holds the words of one beat, or a word is put together
// from several beats. Beats are always taken: load reserves the space before it asks for them.
// Read: data one cycle after rd_i. cnt_o counts the words that can be read.
// Twin: cmodel/wgt_buffer.c
`default_nettype none
module wgt_buffer #(
  parameter BUS_W    = 64,   // bits of a beat
  parameter COLS     = 8,    // weights in a word
  parameter WGT_W    = 8,    // bits of a weight
  parameter WORD     = 8,    // bytes of a word in memory: COLS rounded up to a power of two
  parameter DEPTH    = 2048, // words, power of two
  parameter AW       = 11    // log2(DEPTH)
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  wr_valid_i,
  input  wire [BUS_W-1:0]      wr_data_i,
  output wire [AW:0]           cnt_o,    // words ever written, modulo 2*DEPTH
  input  wire                  rd_i,
  input  wire [AW-1:0]         raddr_i,
  output wire [COLS*WGT_W-1:0] rdata_o,  // [COLS]
  output wire [1:0]            wr_ev_o   // register: words written (0..3: 3 stands for more)
);
  localparam BUS   = BUS_W / 8;
  localparam W     = COLS * WGT_W;

  reg [AW:0] cnt_q;
  assign cnt_o = cnt_q;

  genvar i, k;
  generate
    if (WORD >= BUS) begin : g_gather
      localparam BEATS = WORD / BUS; // beats in a word
      wire [WORD*8-1:0] bytes;
      wire [W-1:0]      word;
      wire              whole;
      for (i = 0; i < COLS; i = i + 1) begin : g_lane
        assign word[i*WGT_W +: WGT_W] = bytes[i*8 +: WGT_W];
      end
      wire unused_bytes = &{1'b0, bytes};
      if (BEATS == 1) begin : g_one
        assign bytes = wr_data_i;
        assign whole = wr_valid_i;
      end else begin : g_many
        localparam PW = (BEATS > 2) ? $clog2(BEATS) : 1;
        reg [PW-1:0]             part_q;
        reg [(BEATS-1)*BUS_W-1:0] gather_q;
        assign bytes = {wr_data_i, gather_q};
        assign whole = wr_valid_i && (&part_q); // BEATS is a power of two
        always @(posedge clk_i) begin
          if (!rst_ni) part_q <= {PW{1'b0}};
          else if (wr_valid_i) part_q <= part_q + 1'b1;
          if (wr_valid_i) gather_q <= bytes[WORD*8-1:BUS_W];
        end
      end
      ram #(.W(W), .DEPTH(DEPTH), .AW(AW)) u_ram (
        .clk_i(clk_i), .we_i(whole), .waddr_i(cnt_q[AW-1:0]), .wdata_i(word),
        .re_i(rd_i), .raddr_i(raddr_i), .rdata_o(rdata_o)
      );
      reg ev_q;
      always @(posedge clk_i) begin
        if (!rst_ni) cnt_q <= {(AW+1){1'b0}};
        else if (whole) cnt_q <= cnt_q + 1'b1;
        ev_q <= whole;
      end
      assign wr_ev_o = {1'b0, ev_q};
    end else begin : g_split
      localparam N  = BUS / WORD; // words in a beat
      localparam NW = $clog2(N);
      wire [N*W-1:0] row, rrow;
      reg  [NW-1:0]  sel_q;
      wire           unused_beat = &{1'b0, wr_data_i};
      for (k = 0; k < N; k = k + 1) begin : g_word
        for (i = 0; i < COLS; i = i + 1) begin : g_lane
          assign row[(k*COLS+i)*WGT_W +: WGT_W] = wr_data_i[(k*WORD+i)*8 +: WGT_W];
        end
      end
      ram #(.W(N*W), .DEPTH(DEPTH/N), .AW(AW-NW)) u_ram (
        .clk_i(clk_i), .we_i(wr_valid_i), .waddr_i(cnt_q[AW-1:NW]), .wdata_i(row),
        .re_i(rd_i), .raddr_i(raddr_i[AW-1:NW]), .rdata_o(rrow)
      );
      assign rdata_o = rrow[sel_q*W +: W];
      reg ev_q;
      always @(posedge clk_i) begin
        if (!rst_ni) cnt_q <= {(AW+1){1'b0}};
        else if (wr_valid_i) cnt_q <= cnt_q + N[AW:0];
        if (rd_i) sel_q <= raddr_i[NW-1:0];
        ev_q <= wr_valid_i;
      end
      assign wr_ev_o = ev_q ? (N == 2 ? 2'd2 : 2'd3) : 2'd0;
    end
  endgenerate
endmodule
`default_nettype wire
