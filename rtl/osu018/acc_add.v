// SPDX-License-Identifier: Apache-2.0
// sum_o = base_i + add_i, signed, combinational, of the library's adders. All parts work at the same time:
//   bits 0..ADD_W-1      blocks of full adders without carry in; a block is incremented by the carry of those below
//   bits ADD_W..ACC_W-1  the addend is its sign there: one more, one less or as it was
// Cells are named where a late carry meets what was ready before, so that synthesis does not make one chain of both.
// Twin: the C operator +
`default_nettype none
module acc_add #(
  parameter ADD_W = 17, // bits of the addend, at least 4
  parameter ACC_W = 32, // bits of the sum, at least ADD_W
  parameter LATE  = 0   // when the operands come in the cycle: 0 from registers, 1 later, 2 from a memory
) (
  input  wire signed [ACC_W-1:0] base_i,
  input  wire signed [ADD_W-1:0] add_i,
  output wire signed [ACC_W-1:0] sum_o
);
  localparam SIZE   = (LATE == 0) ? (3*ADD_W + 3) / 4 : (LATE == 1) ? (2*ADD_W + 2) / 3 : (ADD_W > 8) ? (ADD_W + 3) / 4 : (ADD_W + 1) / 2; // bits of a block
  localparam BLOCKS = (ADD_W + SIZE - 1) / SIZE;

  wire up_n; // no carry into bit ADD_W

  genvar b, i;
  generate
    for (b = 0; b < BLOCKS; b = b + 1) begin : g_block
      localparam LSB = b * SIZE;
      localparam N   = (ADD_W - LSB < SIZE) ? ADD_W - LSB : SIZE;
      wire [N:1]   c;   // carries without carry in
      wire [N-1:0] s;   // sums
      wire         out; // carry out
      HAX1 u_ha (.A(base_i[LSB]), .B(add_i[LSB]), .YC(c[1]), .YS(s[0]));
      for (i = 1; i < N; i = i + 1) begin : g_bit
        FAX1 u_fa (.A(base_i[LSB+i]), .B(add_i[LSB+i]), .C(c[i]), .YC(c[i+1]), .YS(s[i]));
      end
      if (b == 0) begin : g_first
        assign sum_o[N-1:0] = s;
        assign out          = c[N];
      end else begin : g_next
        wire         in = g_block[b-1].out;
        wire [N-1:0] all; // every sum up to i is one
        wire         none;
        assign all[0]     = s[0];
        assign sum_o[LSB] = s[0] ^ in;
        for (i = 1; i < N; i = i + 1) begin : g_bit
          wire hold;
          NAND2X1 u_hold (.A(in), .B(all[i-1]), .Y(hold));
          XNOR2X1 u_sum (.A(s[i]), .B(hold), .Y(sum_o[LSB+i]));
          assign all[i] = &s[i:0];
        end
        AOI21X1 u_none (.A(in), .B(all[N-1]), .C(c[N]), .Y(none));
        assign out = !none;
      end
    end

    assign up_n = !g_block[BLOCKS-1].out;
    if (ACC_W > ADD_W) begin : g_high
      // A bit changes when the part changes at all and every bit below passes it on: a 1 when one more, a 0 when one
      // less. Odd bits have that inverted, so that the chain is of single gates.
      localparam HIGH = ACC_W - ADD_W;
      wire minus = add_i[ADD_W-1];
      wire change, same;
      XNOR2X1 u_change (.A(up_n), .B(minus), .Y(change));
      XOR2X1 u_same (.A(up_n), .B(minus), .Y(same));
      assign sum_o[ADD_W] = base_i[ADD_W] ^ change;
      if (HIGH == 1) begin : g_one
        wire unused_same = same;
      end
      for (i = 1; i < HIGH; i = i + 1) begin : g_bit
        wire below; // bit i-1 passes it on; inverted where i is even
        wire chain; // all of them do; inverted where i is odd
        wire flip;  // the bit changes; inverted where i is even
        if (i % 2 == 1) begin : g_odd
          XOR2X1 u_below (.A(base_i[ADD_W+i-1]), .B(minus), .Y(below));
          if (i == 1) begin : g_first
            INVX1 u_chain (.A(below), .Y(chain));
          end else begin : g_next
            NAND2X1 u_chain (.A(g_high.g_bit[i-1].chain), .B(below), .Y(chain));
          end
          NOR2X1 u_flip (.A(same), .B(chain), .Y(flip));
          XOR2X1 u_sum (.A(base_i[ADD_W+i]), .B(flip), .Y(sum_o[ADD_W+i]));
        end else begin : g_even
          XNOR2X1 u_below (.A(base_i[ADD_W+i-1]), .B(minus), .Y(below));
          NOR2X1 u_chain (.A(g_high.g_bit[i-1].chain), .B(below), .Y(chain));
          NAND2X1 u_flip (.A(change), .B(chain), .Y(flip));
          XNOR2X1 u_sum (.A(base_i[ADD_W+i]), .B(flip), .Y(sum_o[ADD_W+i]));
        end
      end
    end else begin : g_same
      wire unused_up = up_n;
    end
  endgenerate
endmodule
`default_nettype wire
