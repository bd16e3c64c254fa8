// SPDX-License-Identifier: Apache-2.0
// Behaviour of the osu018 library's cell, for simulation and for targets without it: synthesis takes the library's own.
`default_nettype none
module AND2X2 (
  input  wire A,
  input  wire B,
  output wire Y
);
  assign Y = A & B;
endmodule
`default_nettype wire
