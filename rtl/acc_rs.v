// SPDX-License-Identifier: Apache-2.0
// Accumulators above the columns of the rs array. COLS banks; the sum of filter f in column j is in bank (f + j) mod
// COLS, so a vector over columns (from the array) and one over filters (to the collector) are both one access.
// One half collects the passes of a tile while the other is handed over, line by line, as credits allow.
//   v_i -> read, rotate (1) -> add, write (2);  read -> rotate (1) -> push_o (2)
// Twin: cmodel/acc_rs.c
`default_nettype none
module acc_rs #(
  parameter COLS   = 8,
  parameter ACC_W  = 32,
  parameter DEPTH  = 512, // vectors, power of two
  parameter AW     = 9,   // log2(DEPTH)
  parameter COL_AW = 4    // log2 of the collector's depth
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // the active command, see cmodel/feed_rs_fields.h
  input  wire                  start_i,    // it has just begun: nothing is on its way
  input  wire                  sep_i,
  input  wire                  flat_i,
  input  wire [15:0]           nx_i,
  input  wire [15:0]           nx_last_i,
  input  wire [12:0]           np_i,
  input  wire [15:0]           ntile_i,
  input  wire [15:0]           dn_i,
  input  wire [15:0]           dn_last_i,
  input  wire                  v_i,
  input  wire [COLS*ACC_W-1:0] vec_i,      // [COLS] columns of one filter
  input  wire                  col_pop_i,
  output wire                  push_o,
  output wire [COLS*ACC_W-1:0] vec_o,      // [COLS] filters of one pixel
  output wire                  done_o,     // register: a tile was handed over
  output wire                  rd_ev_o,    // register: the RAM was read
  output wire                  wr_ev_o
);
  localparam C_LAST = COLS - 1;
  localparam [10:0] COLS_W = COLS[10:0];
  localparam [5:0]  LAST   = C_LAST[5:0];

  // Accumulate
  reg [10:0]           ws_q;
  reg [5:0]            wf_q, f1_q;
  reg [AW-1:0]         wxa_q, base1_q;
  reg [15:0]           wx_q, wt_q;
  reg [12:0]           wp_q;
  reg                  whalf_q, v1_q, rmw1_q, fin1_q;
  reg [COLS*ACC_W-1:0] vec1_q;
  // Whole tiles
  reg [1:0]            pend_q, sflat_q;
  reg [31:0]           sni_q, sno_q; // [2]
  reg [21:0]           sis_q;        // [2]
  // Drain
  reg                  dh_q, done_q, r1_q, push_q, rd_ev_q, wr_ev_q;
  reg [5:0]            rot_q, rot1_q;
  reg [15:0]           di_q, dq_q;
  reg [AW-1:0]         da_q, dl_q;
  reg [COL_AW:0]       cred_q;
  reg [COLS*ACC_W-1:0] vec_q;

  wire          set_end   = ws_q == 11'd0;
  wire          f_end     = set_end && wf_q == LAST;
  wire          last_tile = wt_q + 16'd1 == ntile_i;
  wire [15:0]   nx        = flat_i && last_tile ? nx_last_i : nx_i;
  wire          x_end     = f_end && wx_q + 16'd1 == nx;
  wire          tile_end  = x_end && wp_q + 13'd1 == np_i;
  wire [10:0]   ws_first  = sep_i ? dn_i[10:0] - COLS_W : 11'd0;
  wire [15:0]   dn_w      = last_tile ? dn_last_i : dn_i;
  wire [15:0]   pitch     = flat_i ? {5'd0, COLS_W} : dn_i;
  wire [AW-1:0] base_new  = {!whalf_q, {(AW-1){1'b0}}};
  wire [AW-1:0] base_now  = {whalf_q, {(AW-1){1'b0}}};
  wire [AW+15:0] pitch_w  = {{AW{1'b0}}, pitch};
  wire [AW+10:0] ws_w     = {{AW{1'b0}}, ws_q};
  wire [AW-1:0] base1     = wxa_q + ws_w[AW-1:0];
  wire          rmw       = v_i && wp_q != 13'd0;
  wire          unused_w  = &{1'b0, pitch_w, ws_w};

  wire [15:0]   ni   = sni_q[dh_q*16 +: 16];
  wire [15:0]   no   = sno_q[dh_q*16 +: 16];
  wire [AW+10:0] is_w = {{AW{1'b0}}, sis_q[dh_q*11 +: 11]};
  wire          unused_is = &{1'b0, is_w};
  wire          take  = pend_q != 2'd0 && cred_q != {(COL_AW+1){1'b0}} && !rmw;
  wire          i_end = di_q + 16'd1 == ni;
  wire          o_end = i_end && dq_q + 16'd1 == no;
  wire [5:0]    rot_n = rot_q == LAST ? 6'd0 : rot_q + 6'd1;
  wire [AW-1:0] dl_n  = dl_q + {{(AW-1){1'b0}}, 1'b1};
  wire [AW-1:0] d_new = {!dh_q, {(AW-1){1'b0}}};

  // Rotations: bank b holds column (b - filter) mod COLS; filter f is in bank (f + column) mod COLS.
  wire [COLS*ACC_W-1:0]   rdata;
  wire [2*COLS*ACC_W-1:0] to_bank = {vec_i, vec_i} << (wf_q * ACC_W[31:0]);
  wire [2*COLS*ACC_W-1:0] to_lane = {rdata, rdata} >> (rot1_q * ACC_W[31:0]);
  wire                    unused_rot = &{1'b0, to_bank[COLS*ACC_W-1:0], to_lane[2*COLS*ACC_W-1:COLS*ACC_W]};

  genvar b;
  generate
    for (b = 0; b < COLS; b = b + 1) begin : g_bank
      localparam [5:0] B = b;
      wire [5:0]       rcol  = B >= wf_q ? B - wf_q : B - wf_q + COLS_W[5:0];
      wire [5:0]       wcol  = B >= f1_q ? B - f1_q : B - f1_q + COLS_W[5:0];
      wire [AW+5:0]    rcol_w = {{AW{1'b0}}, rcol};
      wire [AW+5:0]    wcol_w = {{AW{1'b0}}, wcol};
      wire             unused_col = &{1'b0, rcol_w, wcol_w};
      wire [AW-1:0]    raddr = rmw ? base1 + rcol_w[AW-1:0] : da_q;
      wire [AW-1:0]    waddr = base1_q + wcol_w[AW-1:0];
      wire [ACC_W-1:0] sum   = rdata[b*ACC_W +: ACC_W];
      wire [ACC_W-1:0] wdata = vec1_q[b*ACC_W +: ACC_W] + (rmw1_q ? sum : {ACC_W{1'b0}});
      ram #(.W(ACC_W), .DEPTH(DEPTH), .AW(AW)) u_ram (
        .clk_i(clk_i), .we_i(v1_q), .waddr_i(waddr), .wdata_i(wdata),
        .re_i(rmw || take), .raddr_i(raddr), .rdata_o(rdata[b*ACC_W +: ACC_W])
      );
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      v1_q    <= 1'b0;
      fin1_q  <= 1'b0;
      r1_q    <= 1'b0;
      push_q  <= 1'b0;
      done_q  <= 1'b0;
      pend_q  <= 2'd0;
      whalf_q <= 1'b0;
      dh_q    <= 1'b0;
      di_q    <= 16'd0;
      dq_q    <= 16'd0;
      da_q    <= {AW{1'b0}};
      dl_q    <= {AW{1'b0}};
      rot_q   <= 6'd0;
      rd_ev_q <= 1'b0;
      wr_ev_q <= 1'b0;
      cred_q  <= {1'b1, {COL_AW{1'b0}}};
    end else begin
      v1_q    <= v_i;
      fin1_q  <= v_i && tile_end;
      r1_q    <= take;
      push_q  <= r1_q;
      done_q  <= take && o_end;
      pend_q  <= pend_q + {1'b0, fin1_q} - {1'b0, take && o_end};
      rd_ev_q <= take || rmw;
      wr_ev_q <= v1_q;
      cred_q  <= cred_q + {{COL_AW{1'b0}}, col_pop_i} - {{COL_AW{1'b0}}, take};
      if (v_i && tile_end) whalf_q <= !whalf_q;
      if (take) begin
        di_q <= i_end ? 16'd0 : di_q + 16'd1;
        if (i_end) dq_q <= o_end ? 16'd0 : dq_q + 16'd1;
        da_q <= o_end ? d_new : i_end ? dl_n : da_q + is_w[AW-1:0];
        if (i_end) dl_q <= o_end ? d_new : dl_n;
        if (o_end) rot_q <= 6'd0;
        else if (i_end || sflat_q[dh_q]) rot_q <= rot_n;
        if (o_end) dh_q <= !dh_q;
      end
    end
    if (v_i) begin
      f1_q    <= wf_q;
      rmw1_q  <= wp_q != 13'd0;
      base1_q <= base1;
      vec1_q  <= to_bank[2*COLS*ACC_W-1:COLS*ACC_W];
      ws_q    <= set_end ? ws_first : ws_q - COLS_W;
      if (set_end) wf_q <= f_end ? 6'd0 : wf_q + 6'd1;
      if (f_end) begin
        wx_q  <= x_end ? 16'd0 : wx_q + 16'd1;
        wxa_q <= tile_end ? base_new : x_end ? base_now : wxa_q + pitch_w[AW-1:0];
      end
      if (x_end) wp_q <= tile_end ? 13'd0 : wp_q + 13'd1;
      if (tile_end) begin
        wt_q <= last_tile ? 16'd0 : wt_q + 16'd1;
        sni_q[whalf_q*16 +: 16] <= flat_i ? dn_w : nx_i;
        sno_q[whalf_q*16 +: 16] <= flat_i ? 16'd1 : dn_w;
        sis_q[whalf_q*11 +: 11] <= flat_i ? 11'd1 : dn_i[10:0];
        sflat_q[whalf_q]        <= flat_i;
      end
    end else if (start_i) begin
      ws_q  <= ws_first;
      wf_q  <= 6'd0;
      wx_q  <= 16'd0;
      wp_q  <= 13'd0;
      wt_q  <= 16'd0;
      wxa_q <= base_now;
    end
    if (take) rot1_q <= rot_q;
    if (r1_q) vec_q <= to_lane[COLS*ACC_W-1:0];
  end

  assign push_o  = push_q;
  assign vec_o   = vec_q;
  assign done_o  = done_q;
  assign rd_ev_o = rd_ev_q;
  assign wr_ev_o = wr_ev_q;
endmodule
`default_nettype wire
