// SPDX-License-Identifier: Apache-2.0
// Behaviour of the osu018 library's half adder, for simulation and for targets without it: synthesis takes the
// library's own cell. Cell and port names are the library's.
`default_nettype none
module HAX1 (
  input  wire A,
  input  wire B,
  output wire YC, // carry
  output wire YS  // sum
);
  assign YC = A & B;
  assign YS = A ^ B;
endmodule
`default_nettype wire
