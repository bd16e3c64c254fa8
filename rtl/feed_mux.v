// SPDX-License-Identifier: Apache-2.0
// Makes the rs feeder (0) and the pool feeder (1, feed.v) look like one FEED engine. Commands go to one of them by
// their pool bit; it starts when the other is idle and its vectors have left the collector, so that each may count
// the collector's entries for itself. Combinational but for the choice.
// Twin: cmodel/feed_mux.c
`default_nettype none
module feed_mux #(
  parameter AW     = 16, // activation buffer address
  parameter COL_AW = 4   // log2 of the collector's depth
) (
  input  wire          clk_i,
  input  wire          rst_ni,
  // the FEED engine seen from outside
  input  wire          cmd_we_i,
  input  wire [3:0]    cmd_idx_i,
  input  wire          cmd_pool_i,  // bit 33 of the beat
  output wire          cmd_full_o,
  output wire [7:0]    tok_wait_o,
  input  wire          tok_ok_i,
  output wire          tok_take_o,
  output wire [7:0]    tok_push_o,
  output wire          idle_o,
  output wire          rd_o,
  output wire [AW-1:0] addr_o,
  output wire [5:0]    ev_o,
  input  wire          col_push_i,
  input  wire          col_pop_i,
  // the engines, {pool, rs}
  output wire [1:0]    e_cmd_we_o,
  input  wire [1:0]    e_cmd_full_i,
  input  wire [7:0]    rs_tok_wait_i,
  input  wire [7:0]    pool_tok_wait_i,
  output wire [1:0]    e_tok_ok_o,
  input  wire [1:0]    e_tok_take_i,
  input  wire [7:0]    rs_tok_push_i,
  input  wire [7:0]    pool_tok_push_i,
  input  wire [1:0]    e_idle_i,
  input  wire [1:0]    e_rd_i,
  input  wire [AW-1:0] rs_addr_i,
  input  wire [AW-1:0] pool_addr_i,
  input  wire [5:0]    rs_ev_i,
  input  wire [5:0]    pool_ev_i,
  output wire [1:0]    e_col_pop_o
);
  reg            route_q, sel_q;
  reg [COL_AW:0] out_q;
  reg [4:0]      hold_q;

  wire       first = cmd_idx_i == 4'd0;
  wire       to    = first ? cmd_pool_i : route_q;
  wire       quiet = out_q == {(COL_AW+1){1'b0}} && hold_q == 5'd0;
  wire [1:0] allow = {sel_q || (e_idle_i[0] && quiet), !sel_q || (e_idle_i[1] && quiet)};

  assign e_cmd_we_o  = {cmd_we_i && to, cmd_we_i && !to};
  assign e_tok_ok_o  = allow & {2{tok_ok_i}};
  assign e_col_pop_o = {col_pop_i && sel_q, col_pop_i && !sel_q};
  assign cmd_full_o  = |e_cmd_full_i;
  assign tok_wait_o  = (rs_tok_wait_i & {8{allow[0]}}) | (pool_tok_wait_i & {8{allow[1]}});
  assign tok_take_o  = |e_tok_take_i;
  assign tok_push_o  = rs_tok_push_i | pool_tok_push_i;
  assign idle_o      = &e_idle_i;
  assign rd_o        = |e_rd_i;
  assign addr_o      = e_rd_i[0] ? rs_addr_i : pool_addr_i;
  assign ev_o        = rs_ev_i[5] ? pool_ev_i : rs_ev_i;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      route_q <= 1'b0;
      sel_q   <= 1'b0;
      out_q   <= {(COL_AW+1){1'b0}};
      hold_q  <= 5'd0;
    end else begin
      if (cmd_we_i && first) route_q <= cmd_pool_i;
      if (e_tok_take_i[!sel_q]) sel_q <= !sel_q;
      out_q  <= out_q + {{COL_AW{1'b0}}, col_push_i} - {{COL_AW{1'b0}}, col_pop_i};
      hold_q <= !e_idle_i[sel_q] ? 5'd31 : hold_q != 5'd0 ? hold_q - 5'd1 : 5'd0;
    end
  end
endmodule
`default_nettype wire
