// Signed product in LUTs and carry chains of the iCE40: digits -1, 0, 1, 2 of b (4 inputs choose a bit of the multiple, so
// it is one LUT), the highest -2..2; their multiples are added in pairs. Combinational.
// Twin: the product; testbench/cases/fpga.sh compares every pair of operands
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module mul_pe #(
  parameter A_W = 9, // bits, signed
  parameter B_W = 8  // bits, signed, even
) (
  input  wire signed [A_W-1:0]     a_i,
  input  wire signed [B_W-1:0]     b_i,
  output wire signed [A_W+B_W-1:0] p_o
);
  localparam N  = B_W / 2;   // digits
  localparam PW = A_W + B_W;

  // b + 1 in every digit but the highest: its groups of 2 bits are the digits, each one more than its value
  wire [B_W:0] ones = {{(B_W+1){1'b0}}} | {1'b0, {N{2'b01}}};
  wire [B_W:0] b    = {b_i[B_W-1], b_i} + (ones & ~({{B_W{1'b0}}, 1'b1} << (B_W - 2)));

  wire [N*PW-1:0] part; // [N], in place
  wire [PW-1:0]   minus; // 1 for each that is negated
  genvar k;
  generate
    if (B_W % 2 != 0) begin : g_guard
      B_W_is_odd u_guard ();
    end
    for (k = 0; k < N; k = k + 1) begin : g_digit
      wire signed [A_W:0] m;
      if (k < N - 1) begin : g_low
        assign m = b[2*k +: 2] == 2'd0 ? ~{a_i[A_W-1], a_i} : b[2*k +: 2] == 2'd1 ? {(A_W+1){1'b0}} : b[2*k +: 2] == 2'd2 ? {a_i[A_W-1], a_i} : {a_i, 1'b0};
        assign minus[2*k +: 2] = {1'b0, b[2*k +: 2] == 2'd0};
      end else begin : g_high
        wire [2:0] d = b[2*k +: 3]; // -2..2
        wire       two = d == 3'd2 || d == 3'd6;
        wire signed [A_W:0] t = two ? {a_i, 1'b0} : d[0] ? {a_i[A_W-1], a_i} : {(A_W+1){1'b0}};
        assign m = t ^ {(A_W+1){d[2]}};
        assign minus[2*k +: 2] = {1'b0, d[2]};
      end
      wire signed [PW-1:0] wide = {{(PW-A_W-1){m[A_W]}}, m};
      assign part[k*PW +: PW] = wide << (2 * k);
    end
    assign minus[PW-1:B_W] = {A_W{1'b0}};
  endgenerate

  // in pairs: digits 0 and 1, 2 and 3; the corrections are in the carry inputs and in the bits free below the second
  generate
    if (N != 4) begin : g_any
      function [PW-1:0] sum(input [N*PW-1:0] p, input [PW-1:0] m);
        integer i;
        begin
          sum = m;
          for (i = 0; i < N; i = i + 1) sum = sum + p[i*PW +: PW];
        end
      endfunction
      assign p_o = sum(part, minus);
    end else begin : g_four
      localparam HW = A_W + 4; // bits of a pair
      wire [HW-1:0] low, high;
      wire [A_W:0]  first;
      add_pe #(.W(A_W + 1)) u_first (.a_i(part[A_W:0]), .b_i({(A_W+1){1'b0}}), .c_i(minus[0]), .sum_o(first));
      wire [PW-1:0] p;
      add_pe #(.W(HW)) u_low (
        .a_i({{(HW-A_W-1){first[A_W]}}, first}), .b_i({{(HW-A_W-3){part[PW+A_W+2]}}, part[PW+2 +: A_W+1], {2{minus[2]}}}), .c_i(minus[2]), .sum_o(low)
      );
      add_pe #(.W(HW)) u_high (
        .a_i({{(HW-A_W-1){part[2*PW+4+A_W]}}, part[2*PW+4 +: A_W+1]}), .b_i({{(HW-A_W-3){part[3*PW+A_W+6]}}, part[3*PW+6 +: A_W+1], {2{minus[6]}}}), .c_i(minus[6]), .sum_o(high)
      );
      add_pe #(.W(PW)) u_sum (
        .a_i({{(PW-HW){low[HW-1]}}, low}), .b_i({high[PW-5:0], {4{minus[4]}}}), .c_i(minus[4]), .sum_o(p)
      );
      assign p_o = p;
      wire unused_minus = &{1'b0, minus, part};
    end
  endgenerate
endmodule
`default_nettype wire
