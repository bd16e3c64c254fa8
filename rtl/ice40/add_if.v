// SPDX-License-Identifier: Apache-2.0
// sum_o = base_i + (en_i ? add_i : 0), or - with SUB; one logic cell a bit. A cell's carry takes two of the LUT's inputs as
// they are, so gating an addend costs a cell of its own; but a third input is free to choose between sum and base, and
// what the carry did then does not matter.
// Twin: the C operators ? and +
`default_nettype none
module add_if #(
  parameter W   = 9,
  parameter SUB = 0
) (
  input  wire [W-1:0] base_i,
  input  wire [W-1:0] add_i,
  input  wire         en_i,
  output wire [W-1:0] sum_o
);
  // {carry, add, base, en}: en ? carry ^ add ^ base : base
  localparam [15:0] CELL = 16'b1100_0110_0110_1100;
  wire [W-1:0] a = (SUB != 0) ? ~add_i : add_i;
  wire [W:0]   c;

  assign c[0] = (SUB != 0);

  genvar i;
  generate
    for (i = 0; i < W; i = i + 1) begin : g_bit
      SB_LUT4 #(.LUT_INIT(CELL)) u_sum (.I0(en_i), .I1(base_i[i]), .I2(a[i]), .I3(c[i]), .O(sum_o[i]));
      if (i < W - 1) begin : g_carry
        SB_CARRY u_carry (.I0(base_i[i]), .I1(a[i]), .CI(c[i]), .CO(c[i+1]));
      end else begin : g_last
        assign c[W] = 1'b0; // no one needs it
        wire unused_last = c[W];
      end
    end
  endgenerate
endmodule
`default_nettype wire
