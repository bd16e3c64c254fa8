// SPDX-License-Identifier: Apache-2.0
// sum_o = base_i + add_i, signed, combinational, of the library's adders. Three parts work at the same time:
//   bits 0..LOW-1        full adders, carry c_low
//   bits LOW..ADD_W-1    full adders without carry in, then incremented by c_low
//   bits ADD_W..ACC_W-1  the addend is its sign there: one more, one less or as it was
// Twin: the C operator +
`default_nettype none
module acc_add #(
  parameter ADD_W = 17,             // bits of the addend, at least 4
  parameter ACC_W = 32,             // bits of the sum, at least ADD_W
  parameter LOW   = (ADD_W + 3) / 2 // do not override
) (
  input  wire signed [ACC_W-1:0] base_i,
  input  wire signed [ADD_W-1:0] add_i,
  output wire signed [ACC_W-1:0] sum_o
);
  localparam MID = ADD_W - LOW;

  wire [LOW:1]      c;   // carry into bit i
  wire [MID:1]      m;   // the same in the middle part
  wire [MID-1:0]    mid; // without c[LOW]
  wire [MID:0]      all; // every bit of mid below is one
  wire              up = m[MID] | (c[LOW] & all[MID]);

  HAX1 u_low (.A(base_i[0]), .B(add_i[0]), .YC(c[1]), .YS(sum_o[0]));
  HAX1 u_mid (.A(base_i[LOW]), .B(add_i[LOW]), .YC(m[1]), .YS(mid[0]));
  assign all[0] = 1'b1;

  genvar i;
  generate
    for (i = 1; i < LOW; i = i + 1) begin : g_low
      FAX1 u_fa (.A(base_i[i]), .B(add_i[i]), .C(c[i]), .YC(c[i+1]), .YS(sum_o[i]));
    end
    for (i = 1; i < MID; i = i + 1) begin : g_mid
      FAX1 u_fa (.A(base_i[LOW+i]), .B(add_i[LOW+i]), .C(m[i]), .YC(m[i+1]), .YS(mid[i]));
    end
    for (i = 0; i < MID; i = i + 1) begin : g_increment
      assign all[i+1]     = &mid[i:0];
      assign sum_o[LOW+i] = mid[i] ^ (c[LOW] & all[i]);
    end
    if (ACC_W > ADD_W) begin : g_high
      wire minus = add_i[ADD_W-1];
      wire inc   = up && !minus;
      wire dec   = !up && minus;
      assign sum_o[ADD_W] = base_i[ADD_W] ^ (inc || dec);
      for (i = ADD_W + 1; i < ACC_W; i = i + 1) begin : g_bit
        wire ones  = &base_i[i-1:ADD_W];
        wire zeros = ~|base_i[i-1:ADD_W];
        assign sum_o[i] = base_i[i] ^ ((inc && ones) || (dec && zeros));
      end
    end else begin : g_same
      wire unused_up = up;
    end
  endgenerate
endmodule
`default_nettype wire
