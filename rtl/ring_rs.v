// SPDX-License-Identifier: Apache-2.0
// The scratchpad of a row-stationary PE: RING activations, written under a mask; one read, a cycle later.
// Twin: cmodel/array_rs.c
`default_nettype none
module ring_rs #(
  parameter X_W     = 9,  // activation operand, bits
  parameter RING    = 32, // words, power of two
  parameter RING_AW = 5   // log2(RING)
) (
  input  wire                clk_i,
  input  wire                we_i,    // scratchpad <= its words outside keep_i
  input  wire [RING*X_W-1:0] data_i,  // [RING], 0 in words that are kept
  input  wire [RING*X_W-1:0] keep_i,  // mask
  input  wire                re_i,
  input  wire [RING_AW-1:0]  addr_i,
  output wire [X_W-1:0]      x_o      // register
);
  reg [RING*X_W-1:0] spad_q;
  reg [X_W-1:0]      x_q;

  always @(posedge clk_i) begin
    if (we_i) spad_q <= (spad_q & keep_i) | data_i;
    if (re_i) x_q <= spad_q[addr_i*X_W +: X_W];
  end

  assign x_o = x_q;
endmodule
`default_nettype wire
