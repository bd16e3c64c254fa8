// SPDX-License-Identifier: Apache-2.0
// RAM with a write enable per lane: one write port, one synchronous read port with an output register.
// A read of the address being written returns the old word.
// Twin: arrays in cmodel/act_buffer.c
`default_nettype none
module ram_be #(
  parameter LANE_W = 8,   // bits in a lane
  parameter LANES  = 16,  // lanes in a word
  parameter DEPTH  = 256, // words
  parameter AW     = 8    // log2(DEPTH)
) (
  input  wire                    clk_i,
  input  wire [LANES-1:0]        we_i,
  input  wire [AW-1:0]           waddr_i,
  input  wire [LANES*LANE_W-1:0] wdata_i,
  input  wire                    re_i,
  input  wire [AW-1:0]           raddr_i,
  output wire [LANES*LANE_W-1:0] rdata_o
);
  reg [LANES*LANE_W-1:0] mem [0:DEPTH-1];
  reg [LANES*LANE_W-1:0] rdata_q;

  integer i;
  always @(posedge clk_i) begin
    for (i = 0; i < LANES; i = i + 1)
      if (we_i[i]) mem[waddr_i][i*LANE_W +: LANE_W] <= wdata_i[i*LANE_W +: LANE_W];
    if (re_i) rdata_q <= mem[raddr_i];
  end
  assign rdata_o = rdata_q;
endmodule
`default_nettype wire
