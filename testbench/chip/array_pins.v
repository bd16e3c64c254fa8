// SPDX-License-Identifier: Apache-2.0
// array_2x2 behind few pins, for place and route: inputs are shifted in, sums out.
`default_nettype none
module array_pins (
  input  wire clk,
  input  wire in,
  output wire out
);
  reg  [102:0] in_q;
  reg  [47:0]  out_q;
  wire         push;
  wire [47:0]  vec;
  array_2x2 u_array (.clk_i(clk), .rst_ni(in_q[0]), .tok_i(in_q[22:1]), .bus_i(in_q[86:23]), .w_i(in_q[102:87]), .push_o(push), .vec_o(vec));
  always @(posedge clk) begin
    in_q  <= {in, in_q[102:1]};
    out_q <= push ? vec : {1'b0, out_q[47:1]};
  end
  assign out = out_q[0];
endmodule
`default_nettype wire
