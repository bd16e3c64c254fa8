// SPDX-License-Identifier: Apache-2.0
// A signed 8x8 bit product of the iCE40's logic cells, in two cycles: both halves of b first.
`default_nettype none
module chip_soft (
  input  wire               clk_i,
  input  wire signed [7:0]  a_i,
  input  wire signed [7:0]  b_i,
  output wire signed [15:0] p_o       // register
);
  reg signed [11:0] low_q, high_q;
  reg signed [15:0] p_q;

  wire [11:0] low, high;
  mul_rows #(.A_W(8), .B_W(4), .SIGNED(0)) u_low (.a_i(a_i), .b_i(b_i[3:0]), .p_o(low));
  mul_rows #(.A_W(8), .B_W(4), .SIGNED(1)) u_high (.a_i(a_i), .b_i(b_i[7:4]), .p_o(high));

  assign p_o = p_q;

  always @(posedge clk_i) begin
    low_q  <= low;
    high_q <= high;
    p_q    <= {high_q + {{4{low_q[11]}}, low_q[11:4]}, low_q[3:0]};
  end
endmodule
`default_nettype wire
