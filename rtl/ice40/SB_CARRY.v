// SPDX-License-Identifier: Apache-2.0
// The library's cell, for simulation and lint; synthesis uses the library's own.
`default_nettype none
module SB_CARRY (
  input  wire I0,
  input  wire I1,
  input  wire CI,
  output wire CO
);
  assign CO = (I0 & I1) | (I0 & CI) | (I1 & CI);
endmodule
`default_nettype wire
