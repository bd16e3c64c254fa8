// SPDX-License-Identifier: Apache-2.0
// Behaviour of the osu018 library's full adder, for simulation and for targets without it: synthesis takes the
// library's own cell. Cell and port names are the library's.
`default_nettype none
module FAX1 (
  input  wire A,
  input  wire B,
  input  wire C,
  output wire YC, // carry
  output wire YS  // sum
);
  assign YC = (A & B) | (B & C) | (C & A);
  assign YS = A ^ B ^ C;
endmodule
`default_nettype wire
