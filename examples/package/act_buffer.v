// SPDX-License-Identifier: Apache-2.0
// Activation buffer: PORT activations a cycle from any address, modulo its size, and masked writes of PORT to any.
// Rows of PORT alternate between an even and an odd bank, so that a word may straddle two rows.
// Read: granted in cycle t, rd_data_o in t+3. Write: accepted in t, seen by reads granted in t+2 or later.
// Priority: feed, post, store to read; post, load to write.
// Twin: cmodel/act_buffer.c
`default_nettype none
module act_buffer #(
  parameter ACT_W   = 8,  // bits of an activation
  parameter PORT    = 16, // activations in a word, power of two
  parameter PORT_AW = 4,  // log2(PORT)
  parameter AW      = 16  // log2 of the activations held, at least PORT_AW + 2
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  feed_rd_i,
  input  wire [AW-1:0]         feed_addr_i,
  input  wire                  post_rd_i,
  input  wire [AW-1:0]         post_addr_i,
  output wire                  post_gnt_o,
  input  wire                  store_rd_i,
  input  wire [AW-1:0]         store_addr_i,
  output wire                  store_gnt_o,
  output wire [PORT*ACT_W-1:0] rd_data_o,    // [PORT]
  output wire                  feed_vld_o,   // rd_data_o is feed's word
  output wire                  post_vld_o,
  output wire                  store_vld_o,
  input  wire                  post_wr_i,
  input  wire [AW-1:0]         post_waddr_i,
  input  wire [PORT*ACT_W-1:0] post_wdata_i, // [PORT], activation i goes to address + i
  input  wire [PORT-1:0]       post_wmask_i,
  input  wire                  load_wr_i,
  input  wire [AW-1:0]         load_waddr_i,
  input  wire [PORT*ACT_W-1:0] load_wdata_i,
  input  wire [PORT-1:0]       load_wmask_i,
  output wire                  load_wready_o,
  output wire                  rd_ev_o,      // register: a word was read, written
  output wire                  wr_ev_o
);
  localparam RW = AW - PORT_AW - 1; // bits of a bank's address

  assign post_gnt_o    = post_rd_i && !feed_rd_i;
  assign store_gnt_o   = store_rd_i && !feed_rd_i && !post_rd_i;
  assign load_wready_o = !post_wr_i;

  // Read: stage 1 bank addresses, stage 2 bank words, stage 3 rotated
  reg [2:0]            vld1_q, vld2_q, vld3_q; // {store, post, feed}
  reg [RW-1:0]         even_q, odd_q;
  reg [PORT_AW:0]      sel1_q, sel2_q;         // {row is odd, activation in the row}
  reg [PORT*ACT_W-1:0] rd_q;

  wire          rd    = feed_rd_i || post_rd_i || store_rd_i;
  wire [AW-1:0] raddr = feed_rd_i ? feed_addr_i : post_rd_i ? post_addr_i : store_addr_i;
  wire [RW-1:0] rrow  = raddr[AW-1:PORT_AW+1];
  wire          rodd  = raddr[PORT_AW];

  wire [PORT*ACT_W-1:0]   even_word, odd_word;
  wire [2*PORT*ACT_W-1:0] pair    = sel2_q[PORT_AW] ? {even_word, odd_word} : {odd_word, even_word};
  wire [2*PORT*ACT_W-1:0] rotated = pair >> (sel2_q[PORT_AW-1:0] * ACT_W[31:0]);
  wire                    unused_rot = &{1'b0, rotated[2*PORT*ACT_W-1:PORT*ACT_W]};

  // Write: one stage, the word rotated to its lanes
  reg                  wr_q;
  reg [RW-1:0]         weven_q, wodd_q;
  reg [PORT-1:0]       meven_q, modd_q;
  reg [PORT*ACT_W-1:0] wdata_q;

  wire                    wr    = post_wr_i || load_wr_i;
  wire [AW-1:0]           waddr = post_wr_i ? post_waddr_i : load_waddr_i;
  wire [PORT*ACT_W-1:0]   wdata = post_wr_i ? post_wdata_i : load_wdata_i;
  wire [PORT-1:0]         wmask = post_wr_i ? post_wmask_i : load_wmask_i;
  wire [RW-1:0]           wrow  = waddr[AW-1:PORT_AW+1];
  wire                    wodd  = waddr[PORT_AW];
  wire [2*PORT*ACT_W-1:0] wwide = {wdata, wdata} << (waddr[PORT_AW-1:0] * ACT_W[31:0]);
  wire [2*PORT-1:0]       mwide = {{PORT{1'b0}}, wmask} << waddr[PORT_AW-1:0];
  wire                    unused_wide = &{1'b0, wwide[PORT*ACT_W-1:0]};

  ram_be #(.LANE_W(ACT_W), .LANES(PORT), .DEPTH(1 << RW), .AW(RW)) u_even (
    .clk_i(clk_i), .we_i(meven_q & {PORT{wr_q}}), .waddr_i(weven_q), .wdata_i(wdata_q),
    .re_i(|vld1_q), .raddr_i(even_q), .rdata_o(even_word)
  );
  ram_be #(.LANE_W(ACT_W), .LANES(PORT), .DEPTH(1 << RW), .AW(RW)) u_odd (
    .clk_i(clk_i), .we_i(modd_q & {PORT{wr_q}}), .waddr_i(wodd_q), .wdata_i(wdata_q),
    .re_i(|vld1_q), .raddr_i(odd_q), .rdata_o(odd_word)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      vld1_q <= 3'd0;
      vld2_q <= 3'd0;
      vld3_q <= 3'd0;
      wr_q   <= 1'b0;
    end else begin
      vld1_q <= {store_gnt_o, post_gnt_o, feed_rd_i};
      vld2_q <= vld1_q;
      vld3_q <= vld2_q;
      wr_q   <= wr;
    end
    if (rd) begin
      even_q <= rodd ? rrow + {{(RW-1){1'b0}}, 1'b1} : rrow;
      odd_q  <= rrow;
      sel1_q <= raddr[PORT_AW:0];
    end
    sel2_q <= sel1_q;
    if (|vld2_q) rd_q <= rotated[PORT*ACT_W-1:0];
    if (wr) begin
      weven_q <= wodd ? wrow + {{(RW-1){1'b0}}, 1'b1} : wrow;
      wodd_q  <= wrow;
      meven_q <= wodd ? mwide[2*PORT-1:PORT] : mwide[PORT-1:0];
      modd_q  <= wodd ? mwide[PORT-1:0] : mwide[2*PORT-1:PORT];
      wdata_q <= wwide[2*PORT*ACT_W-1:PORT*ACT_W];
    end
  end

  assign rd_data_o   = rd_q;
  assign feed_vld_o  = vld3_q[0];
  assign post_vld_o  = vld3_q[1];
  assign store_vld_o = vld3_q[2];
  assign rd_ev_o     = |vld1_q;
  assign wr_ev_o     = wr_q;
endmodule
`default_nettype wire
