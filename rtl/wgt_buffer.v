// SPDX-License-Identifier: Apache-2.0
// Weight buffer: a ring of words of COLS weights. A RAM row holds the words of one beat, or a word is put together
// from several beats. Beats are always taken: load reserves the space before it asks for them.
// With IDX_W > 0 every weight has an index: the indices of BLOCK words come packed in IBEATS beats before them.
// Read: data one cycle after rd_i. cnt_o counts the words that can be read.
// Twin: cmodel/wgt_buffer.c
`default_nettype none
module wgt_buffer #(
  parameter BUS_W    = 64,   // bits of a beat
  parameter COLS     = 8,    // weights in a word
  parameter WGT_W    = 8,    // bits of a weight
  parameter MEM_W    = 8,    // bits of a weight in memory, 1, 2, 4 or 8; 1: a sign, 0 for -1, 1 for 1 (WGT_W = 2)
  parameter WORD     = 8,    // bytes of a word in memory: COLS weights, rounded up to a power of two
  parameter DEPTH    = 2048, // words, power of two
  parameter AW       = 11,   // log2(DEPTH)
  parameter IDX_W    = 0,    // bits of a weight's index
  parameter BLOCK    = 1,    // words whose indices come together, power of two, whole beats
  parameter IBEATS   = 0,    // beats of their indices: 1, or with BLOCK = 1 more
  parameter LANE_W   = WGT_W + IDX_W // do not override: {index, weight}
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  wr_valid_i,
  input  wire [BUS_W-1:0]      wr_data_i,
  output wire [AW:0]           cnt_o,    // words ever written, modulo 2*DEPTH
  input  wire                  rd_i,
  input  wire [AW-1:0]         raddr_i,
  output wire [COLS*LANE_W-1:0] rdata_o, // [COLS]
  output wire                  idx_ev_o, // register: the beat was of indices, no words
  output wire                  whole_o,  // with wr_valid_i: the beat ends a block, or there are none
  output wire [1:0]            wr_ev_o   // register: words written (0..3: 3 stands for more)
);
  localparam BUS   = BUS_W / 8;
  localparam W     = COLS * WGT_W;

  localparam N     = (WORD < BUS) ? BUS / WORD : 1; // words in a RAM row
  localparam NW    = $clog2(N);

  reg [AW:0] cnt_q;
  assign cnt_o = cnt_q;

  wire         wr_word;  // a beat of words
  wire         put;      // a row is written
  wire [W-1:0] weights;  // the word read
  wire [AW-1:0] sel;     // which of its row
  wire         unused_put = &{1'b0, put, sel};

  genvar i, k;
  generate
    if (WORD >= BUS) begin : g_gather
      localparam BEATS = WORD / BUS; // beats in a word
      wire [WORD*8-1:0] bytes;
      wire [W-1:0]      word;
      wire              whole;
      for (i = 0; i < COLS; i = i + 1) begin : g_lane
        if (MEM_W == 1) begin : g_sign
          assign word[i*WGT_W +: WGT_W] = {!bytes[i], {(WGT_W-1){1'b1}}};
        end else begin : g_weight
          assign word[i*WGT_W +: WGT_W] = bytes[i*MEM_W +: WGT_W];
        end
      end
      wire unused_bytes = &{1'b0, bytes};
      if (BEATS == 1) begin : g_one
        assign bytes = wr_data_i;
        assign whole = wr_word;
      end else begin : g_many
        localparam PW = (BEATS > 2) ? $clog2(BEATS) : 1;
        reg [PW-1:0]             part_q;
        reg [(BEATS-1)*BUS_W-1:0] gather_q;
        assign bytes = {wr_data_i, gather_q};
        assign whole = wr_word && (&part_q); // BEATS is a power of two
        always @(posedge clk_i) begin
          if (!rst_ni) part_q <= {PW{1'b0}};
          else if (wr_word) part_q <= part_q + 1'b1;
          if (wr_word) gather_q <= bytes[WORD*8-1:BUS_W];
        end
      end
      ram #(.W(W), .DEPTH(DEPTH), .AW(AW)) u_ram (
        .clk_i(clk_i), .we_i(whole), .waddr_i(cnt_q[AW-1:0]), .wdata_i(word),
        .re_i(rd_i), .raddr_i(raddr_i), .rdata_o(weights)
      );
      assign put = whole;
      assign sel = {AW{1'b0}};
      reg ev_q;
      always @(posedge clk_i) begin
        if (!rst_ni) cnt_q <= {(AW+1){1'b0}};
        else if (whole) cnt_q <= cnt_q + 1'b1;
        ev_q <= whole;
      end
      assign wr_ev_o = {1'b0, ev_q};
    end else begin : g_split
      wire [N*W-1:0] row, rrow;
      reg  [NW-1:0]  sel_q;
      wire           unused_beat = &{1'b0, wr_data_i};
      for (k = 0; k < N; k = k + 1) begin : g_word
        for (i = 0; i < COLS; i = i + 1) begin : g_lane
          if (MEM_W == 1) begin : g_sign
            assign row[(k*COLS+i)*WGT_W +: WGT_W] = {!wr_data_i[k*WORD*8+i], {(WGT_W-1){1'b1}}};
          end else begin : g_weight
            assign row[(k*COLS+i)*WGT_W +: WGT_W] = wr_data_i[k*WORD*8+i*MEM_W +: WGT_W];
          end
        end
      end
      ram #(.W(N*W), .DEPTH(DEPTH/N), .AW(AW-NW)) u_ram (
        .clk_i(clk_i), .we_i(wr_word), .waddr_i(cnt_q[AW-1:NW]), .wdata_i(row),
        .re_i(rd_i), .raddr_i(raddr_i[AW-1:NW]), .rdata_o(rrow)
      );
      assign weights = rrow[sel_q*W +: W];
      assign put = wr_word;
      assign sel = {{(AW-NW){1'b0}}, sel_q};
      reg ev_q;
      always @(posedge clk_i) begin
        if (!rst_ni) cnt_q <= {(AW+1){1'b0}};
        else if (wr_word) cnt_q <= cnt_q + N[AW:0];
        if (rd_i) sel_q <= raddr_i[NW-1:0];
        ev_q <= wr_word;
      end
      assign wr_ev_o = ev_q ? (N == 2 ? 2'd2 : 2'd3) : 2'd0;
    end
    if (IDX_W > 0) begin : g_index
      localparam I     = COLS * IDX_W;                           // bits of a word's indices
      localparam BEATS = IBEATS + ((WORD < BUS) ? BLOCK / N : BLOCK * (WORD / BUS)); // of a block
      localparam PW    = $clog2(BEATS);
      localparam integer LAST = BEATS - 1;
      reg [PW-1:0]           beat_q;  // of the block, the next
      reg [IBEATS*BUS_W-1:0] index_q; // of the words to come, the next word's lowest
      reg                    ev_q;
      wire                   of_index = beat_q < IBEATS[PW-1:0];
      wire [N*I-1:0]         rrow;
      wire [I-1:0]           indices = rrow[sel*I +: I];
      wire [(IBEATS+1)*BUS_W-1:0] more = {wr_data_i, index_q};
      wire                   unused_more = &{1'b0, more};
      assign wr_word = wr_valid_i && !of_index;
      always @(posedge clk_i) begin
        if (!rst_ni) beat_q <= {PW{1'b0}};
        else if (wr_valid_i) beat_q <= (beat_q == LAST[PW-1:0]) ? {PW{1'b0}} : beat_q + 1'b1;
        if (wr_valid_i && of_index) index_q <= more[(IBEATS+1)*BUS_W-1:BUS_W];
        else if (put) index_q <= index_q >> (N * I);
        ev_q <= wr_valid_i && of_index;
      end
      ram #(.W(N*I), .DEPTH(DEPTH/N), .AW(AW-NW)) u_ram (
        .clk_i(clk_i), .we_i(put), .waddr_i(cnt_q[AW-1:NW]), .wdata_i(index_q[N*I-1:0]),
        .re_i(rd_i), .raddr_i(raddr_i[AW-1:NW]), .rdata_o(rrow)
      );
      for (i = 0; i < COLS; i = i + 1) begin : g_lane
        assign rdata_o[i*LANE_W +: LANE_W] = {indices[i*IDX_W +: IDX_W], weights[i*WGT_W +: WGT_W]};
      end
      assign idx_ev_o = ev_q;
      assign whole_o  = beat_q == LAST[PW-1:0];
    end else begin : g_plain
      assign wr_word  = wr_valid_i;
      assign rdata_o  = weights;
      assign idx_ev_o = 1'b0;
      assign whole_o  = 1'b1;
    end
  endgenerate
endmodule
`default_nettype wire
