// SPDX-License-Identifier: Apache-2.0
// Multiplier of a PE with run-time subwords, combinational: b holds one signed weight of 8 bits, two of 4 or (SUB = 4)
// four of 2, the first in the low bits, and p is the sum of their products with a.
//   b in SUB digits, the upper one of each weight signed: p = sum of a[i] * digit[i] << s[i]
//   mode 0: s = 0,2,4,6, all a[i] the same activation    (SUB = 2: digits of 4 bits, s = 0,4)
//   mode 1: s = 0,2,0,2, a = {x1,x1,x0,x0}               (SUB = 2: s = 0,0, a = {x1,x0})
//   mode 2: s = 0,0,0,0, a = {x3,x2,x1,x0}
// Twin: lanes_product() in cmodel/array_os.c
`default_nettype none
module mul_sub #(
  parameter A_W = 9, // bits of an activation operand
  parameter SUB = 4  // digits, 2 or 4
) (
  input  wire [SUB*A_W-1:0]    a_i,    // [SUB], signed
  input  wire [7:0]            b_i,
  input  wire [1:0]            mode_i, // 0: one weight, 1: two, 2: four
  output wire signed [A_W+7:0] p_o
);
  genvar i;
  generate
    if (SUB != 2 && SUB != 4) begin : g_wrong
      SUB_must_be_2_or_4 u_wrong ();
    end
    if (SUB == 4) begin : g_four
      localparam Q_W = A_W + 2;
      wire [3:0]     top = {1'b1, mode_i[1], |mode_i, mode_i[1]}; // the digit is its weight's upper one
      wire [Q_W-1:0] q [0:3];
      for (i = 0; i < 4; i = i + 1) begin : g_digit
        wire [A_W-1:0] a   = a_i[i*A_W +: A_W];
        wire           neg = top[i] & b_i[2*i+1]; // -2 a instead of 2 a
        wire [Q_W-1:0] one = {{2{a[A_W-1]}}, a} & {Q_W{b_i[2*i]}};
        wire [Q_W-1:1] two = ({a[A_W-1], a} & {(Q_W-1){b_i[2*i+1]}}) ^ {(Q_W-1){neg}};
        assign q[i] = {one[Q_W-1:1] + two + {{(Q_W-2){1'b0}}, neg}, one[0]};
      end
      wire [Q_W+1:0] q0 = {{2{q[0][Q_W-1]}}, q[0]};
      wire [Q_W+1:0] q1 = mode_i[1] ? {{2{q[1][Q_W-1]}}, q[1]} : {q[1], 2'b00};
      wire [Q_W+1:0] q2 = {{2{q[2][Q_W-1]}}, q[2]};
      wire [Q_W+1:0] q3 = mode_i[1] ? {{2{q[3][Q_W-1]}}, q[3]} : {q[3], 2'b00};
      wire [Q_W+1:0] low  = q0 + q1;
      wire [Q_W+1:0] high = q2 + q3;
      assign p_o = {{4{low[Q_W+1]}}, low} + (|mode_i ? {{4{high[Q_W+1]}}, high} : {high, 4'd0});
    end else begin : g_two
      localparam Q_W = A_W + 4;
      wire unused_mode = mode_i[1];
      wire signed [4:0]     d0 = {mode_i[0] & b_i[3], b_i[3:0]};
      wire signed [4:0]     d1 = {b_i[7], b_i[7:4]};
      wire signed [Q_W:0]   q0, q1; // a digit has 4 bits and a sign
      mul #(.A_W(A_W), .B_W(5)) u_low  (.a_i(a_i[0 +: A_W]), .b_i(d0), .p_o(q0));
      mul #(.A_W(A_W), .B_W(5)) u_high (.a_i(a_i[A_W +: A_W]), .b_i(d1), .p_o(q1));
      wire unused_sign = q1[Q_W]; // digit 1 fits 4 bits
      assign p_o = {{3{q0[Q_W]}}, q0} + (mode_i[0] ? {{4{q1[Q_W-1]}}, q1[Q_W-1:0]} : {q1[Q_W-1:0], 4'd0});
    end
  endgenerate
endmodule
`default_nettype wire
