// SPDX-License-Identifier: Apache-2.0
// The library's DSP block as far as Systole uses it, for simulation and lint; synthesis uses the library's own. Registered
// operands, and two signed 8 x 8 products or an unsigned 16 x 16 product behind the block's product registers. Defaults are
// the 8 x 8 mode's, not the library's.
`default_nettype none
module SB_MAC16 #(
  parameter A_SIGNED          = 1'b1,
  parameter B_SIGNED          = 1'b1,
  parameter MODE_8x8          = 1'b1,
  parameter A_REG             = 1'b1,
  parameter B_REG             = 1'b1,
  parameter TOP_8x8_MULT_REG  = 1'b1,
  parameter BOT_8x8_MULT_REG  = 1'b1,
  parameter PIPELINE_16x16_MULT_REG2 = 1'b0,
  parameter TOPOUTPUT_SELECT  = 2'b10, // 10: the upper 8 x 8 product, 11: the upper half of the 16 x 16 product
  parameter BOTOUTPUT_SELECT  = 2'b10
) (
  input  wire        CLK,
  input  wire        CE,
  input  wire [15:0] A,
  input  wire [15:0] B,
  input  wire [15:0] C,                // the others are not used in these modes: 0
  input  wire [15:0] D,
  input  wire        AHOLD, BHOLD, CHOLD, DHOLD, IRSTTOP, IRSTBOT, ORSTTOP, ORSTBOT, OLOADTOP, OLOADBOT,
  input  wire        ADDSUBTOP, ADDSUBBOT, OHOLDTOP, OHOLDBOT, CI, ACCUMCI, SIGNEXTIN,
  output wire [31:0] O
);
  localparam [9:0] MODE = {A_REG, B_REG, A_SIGNED, B_SIGNED, MODE_8x8, TOP_8x8_MULT_REG, BOT_8x8_MULT_REG, PIPELINE_16x16_MULT_REG2, TOPOUTPUT_SELECT == 2'b11, BOTOUTPUT_SELECT == 2'b11};
  generate
    if (MODE != 10'b11_111_110_00 && MODE != 10'b11_000_001_11) begin : g_guard
      SB_MAC16_in_a_mode_without_a_model u_guard ();
    end
  endgenerate

  reg  [15:0] a_q, b_q;
  reg  [31:0] p_q;

  wire signed [15:0] top = {{8{a_q[15]}}, a_q[15:8]} * {{8{b_q[15]}}, b_q[15:8]};
  wire signed [15:0] bot = {{8{a_q[7]}}, a_q[7:0]} * {{8{b_q[7]}}, b_q[7:0]};

  always @(posedge CLK) if (CE) begin
    a_q <= A;
    b_q <= B;
    p_q <= MODE_8x8 ? {top, bot} : a_q * b_q;
  end

  assign O = p_q;
  wire unused_ok = &{1'b0, C, D, AHOLD, BHOLD, CHOLD, DHOLD, IRSTTOP, IRSTBOT, ORSTTOP, ORSTBOT, OLOADTOP, OLOADBOT, ADDSUBTOP, ADDSUBBOT,
    OHOLDTOP, OHOLDBOT, CI, ACCUMCI, SIGNEXTIN};
endmodule
`default_nettype wire
