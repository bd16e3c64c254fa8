// SPDX-License-Identifier: Apache-2.0
// A sample for synthesis: 2 x 2 PEs with two products in a DSP block, without the depthwise stream.
`default_nettype none
module array_2x2 (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire [21:0] tok_i,
  input  wire [63:0] bus_i,
  input  wire [15:0] w_i,
  output wire        push_o,
  output wire [47:0] vec_o
);
  wire [15:0] busy, gated;
  wire        unused = &{1'b0, busy, gated, tok_i};
  array_os #(.ROWS(2), .COLS(2), .PORT(8), .PORT_AW(3), .X_W(8), .WGT_W(8), .ACC_W(24), .GATE(0), .LB_DEPTH(4), .LB_AW(2), .DUAL(1)) u_array (
    .clk_i(clk_i), .rst_ni(rst_ni), .tok_i({tok_i[21:9], 2'b00, tok_i[6:0]}), .bus_i(bus_i), .vy_i(3'd0), .vx_i(3'd0), .pad_i(8'd0), .ldelay_i(3'd2),
    .w_i(w_i), .push_o(push_o), .vec_o(vec_o), .busy_o(busy), .gated_o(gated)
  );
endmodule
`default_nettype wire
