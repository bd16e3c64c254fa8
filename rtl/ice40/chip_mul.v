// SPDX-License-Identifier: Apache-2.0
// An unsigned 16x16 bit product of the iCE40's logic cells, in two cycles: both halves of b first.
`default_nettype none
module chip_mul (
  input  wire        clk_i,
  input  wire [15:0] a_i,
  input  wire [15:0] b_i,
  output wire [31:0] p_o              // register
);
  reg [23:0] low_q, high_q;
  reg [31:0] p_q;

  wire [24:0] low, high;              // the highest bit is 0
  mul_rows #(.A_W(17), .B_W(8)) u_low (.a_i({1'b0, a_i}), .b_i(b_i[7:0]), .p_o(low));
  mul_rows #(.A_W(17), .B_W(8)) u_high (.a_i({1'b0, a_i}), .b_i(b_i[15:8]), .p_o(high));

  assign p_o = p_q;

  always @(posedge clk_i) begin
    low_q  <= low[23:0];
    high_q <= high[23:0];
    p_q    <= {high_q + {8'd0, low_q[23:8]}, low_q[7:0]};
  end
  wire unused_ok = &{1'b0, low[24], high[24]};
endmodule
`default_nettype wire
