// SPDX-License-Identifier: Apache-2.0
// Two signed 8 x 8 multipliers in one SB_MAC16 of the iCE40 UltraPlus, instantiated: synthesis finds at most one product in a
// block by itself. With REG their registers are the block's own, and take the products of a cycle with en_i.
// Twin: the C operator *
`default_nettype none
module mul_pair #(
  parameter REG = 0 // 0: combinational
) (
  input  wire               clk_i,
  input  wire               en_i,  // with REG
  input  wire signed [7:0]  a0_i,
  input  wire signed [7:0]  b0_i,
  output wire signed [15:0] p0_o,
  input  wire signed [7:0]  a1_i,
  input  wire signed [7:0]  b1_i,
  output wire signed [15:0] p1_o
);
  SB_MAC16 #(
    .A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b1), .TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10),
    .TOP_8x8_MULT_REG((REG != 0) ? 1'b1 : 1'b0), .BOT_8x8_MULT_REG((REG != 0) ? 1'b1 : 1'b0)
  ) u_mac (
    .CLK(clk_i), .CE(en_i), .A({a1_i, a0_i}), .B({b1_i, b0_i}), .O({p1_o, p0_o})
  );
endmodule
`default_nettype wire
