// SPDX-License-Identifier: Apache-2.0
// The library's cell, for simulation and lint; synthesis uses the library's own. LUT_INIT[{I3, I2, I1, I0}]
`default_nettype none
module SB_LUT4 #(
  parameter [15:0] LUT_INIT = 16'd0
) (
  input  wire I0,
  input  wire I1,
  input  wire I2,
  input  wire I3,
  output wire O
);
  assign O = LUT_INIT[{I3, I2, I1, I0}];
endmodule
`default_nettype wire
