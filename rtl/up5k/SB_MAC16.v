// SPDX-License-Identifier: Apache-2.0
// The library's DSP block as far as Systole uses it, for simulation and lint; synthesis uses the library's own. Two signed
// 8 x 8 products, combinational or behind the block's product registers, which CE enables. Defaults are this mode's, not the library's.
`default_nettype none
module SB_MAC16 #(
  parameter A_SIGNED          = 1'b1,
  parameter B_SIGNED          = 1'b1,
  parameter MODE_8x8          = 1'b1,
  parameter TOP_8x8_MULT_REG  = 1'b0,
  parameter BOT_8x8_MULT_REG  = 1'b0,
  parameter TOPOUTPUT_SELECT  = 2'b10, // 10: the upper product
  parameter BOTOUTPUT_SELECT  = 2'b10  // 10: the lower product
) (
  input  wire        CLK,
  input  wire        CE,
  input  wire [15:0] A,
  input  wire [15:0] B,
  output wire [31:0] O
);
  generate
    if (!A_SIGNED || !B_SIGNED || !MODE_8x8 || TOPOUTPUT_SELECT != 2'b10 || BOTOUTPUT_SELECT != 2'b10) begin : g_guard
      SB_MAC16_in_a_mode_without_a_model u_guard ();
    end
  endgenerate

  wire signed [15:0] top = {{8{A[15]}}, A[15:8]} * {{8{B[15]}}, B[15:8]};
  wire signed [15:0] bot = {{8{A[7]}}, A[7:0]} * {{8{B[7]}}, B[7:0]};
  reg  [15:0] top_q, bot_q;

  always @(posedge CLK) if (CE) begin
    top_q <= top;
    bot_q <= bot;
  end

  assign O = {TOP_8x8_MULT_REG ? top_q : top, BOT_8x8_MULT_REG ? bot_q : bot};
endmodule
`default_nettype wire
