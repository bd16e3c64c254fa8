// SPDX-License-Identifier: Apache-2.0
// A PE that walks its own column of compressed weights for every activation that is not zero.
//   key, x -> (1) column's start and length -> queue -> (2) entry -> (3) weight, index -> product, sum's address
//   -> (4) sum -> written
// An entry is {weight, run}: its index is the one before + run + 1, the first one's is its run. The sum at base - index gets
// weight * x; outside 0..lim-1 (the map's edge) it is dropped. Weights, columns and sums have two halves each.
// Twin: cmodel/array_skip.c
`default_nettype none
module pe_skip #(
  parameter X_W   = 9,  // activation operand, bits, signed
  parameter WGT_W = 8,  // weight, bits, signed
  parameter ACC_W = 32, // sum, bits, at least X_W + WGT_W
  parameter Q     = 8,  // entries of the queue, power of two, at least 4
  parameter Q_AW  = 3,
  parameter K_AW  = 8,  // log2 of a half's keys
  parameter E_AW  = 9,  // log2 of a half's entries
  parameter P_AW  = 6,  // log2 of a half's sums
  parameter B_W   = 10, // bits of base, at least 10 and P_AW + 2
  parameter L_AW  = 9,  // the larger of K_AW and E_AW
  parameter CODE  = 0,  // 1: weights are numbers of 4 bits, runs 4 bits
  parameter EW    = 16  // bits of an entry
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  // weights arrive
  input  wire               ld_new_i,   // a block begins
  input  wire               ld_len_i,   // len_i of the next key
  input  wire               ld_ent_i,   // ent_i
  input  wire               ld_bank_i,
  input  wire [L_AW-1:0]    ld_addr_i,
  input  wire [7:0]         len_i,
  input  wire [EW-1:0]      ent_i,
  input  wire [E_AW:0]      ne_i,       // entries of the block
  output wire               over_o,     // len_i goes past them
  output wire               full_o,     // the lengths so far are all of them
  // broadcast
  input  wire               bank_i,     // half of the weights in use
  input  wire               b_valid_i,
  input  wire [K_AW-1:0]    b_key_i,
  input  wire [X_W-1:0]     b_x_i,
  input  wire               v1_i,       // b_valid_i a cycle ago
  input  wire [B_W-1:0]     base1_i,    // with it
  output wire               room_o,     // for all that can be on its way, and one more
  // sums
  input  wire [P_AW:0]      lim_i,
  input  wire [8:0]         nix_i,
  input  wire [16*WGT_W-1:0] code_i,    // [16]
  input  wire               pbank_i,    // half of the sums in use
  input  wire               clr_i,      // 0 to both halves, at dw_addr_i
  input  wire               dr_i,       // read a sum of the other half
  input  wire [P_AW-1:0]    dr_addr_i,
  input  wire               dw_i,       // clear it
  input  wire [P_AW-1:0]    dw_addr_i,
  output wire [ACC_W-1:0]   sum_o,      // the cycle after dr_i
  output wire               idle_o,
  output wire               mul_o,      // register: multiplied
  output wire               zero_o,     // register: by a weight of zero
  output wire               err_o       // register: an index past nix_i
);
  localparam RUN_W = (CODE != 0) ? 4 : 8;
  localparam VAL_W = EW - RUN_W;
  localparam Q_MOST = Q - 3;
  localparam [Q_AW:0] MOST = Q_MOST[Q_AW:0];

  reg [E_AW+8:0]      start_q;          // of the next column
  reg [X_W-1:0]       x1_q;
  reg [Q_AW-1:0]      qw_q, qr_q;
  reg [Q_AW:0]        qn_q;
  reg                 have_q;           // the queue's head is read
  reg [7:0]           left_q;           // entries of the column still to read
  reg [E_AW-1:0]      ptr_q;
  reg [X_W-1:0]       ex_q;             // the column's activation
  reg [B_W-1:0]       eb_q;
  reg                 ev_q, ef_q;       // an entry is here; the column's first
  reg [8:0]           idx_q;
  reg                 pv_q, fv_q;       // a product is here; a sum was written
  reg [P_AW-1:0]      pa_q, fa_q;
  reg [X_W+WGT_W-1:0] prod_q;
  reg [ACC_W-1:0]     fsum_q;           // it
  reg                 mul_q, zero_q, err_q;

  // weights
  wire [E_AW+8:0] after = start_q + {{(E_AW+1){1'b0}}, len_i};
  wire [E_AW+7:0] col;
  assign over_o = ld_len_i && after > {8'd0, ne_i};
  assign full_o = start_q == {8'd0, ne_i};
  ram #(.W(E_AW + 8), .DEPTH(2 << K_AW), .AW(K_AW + 1)) u_col (
    .clk_i(clk_i), .we_i(ld_len_i), .waddr_i({ld_bank_i, ld_addr_i[K_AW-1:0]}), .wdata_i({start_q[E_AW-1:0], len_i}),
    .re_i(b_valid_i), .raddr_i({bank_i, b_key_i}), .rdata_o(col)
  );

  // queue
  wire            push  = v1_i && col[7:0] != 8'd0 && x1_q != {X_W{1'b0}};
  wire            more  = left_q != 8'd0;
  wire            pop   = !more && have_q;
  wire            next  = qn_q != {(Q_AW+1){1'b0}} && (!have_q || pop);
  wire [X_W-1:0]  hx;
  wire [B_W-1:0]  hb;
  wire [E_AW-1:0] hs;
  wire [7:0]      hl;
  ram #(.W(X_W + B_W + E_AW + 8), .DEPTH(Q), .AW(Q_AW)) u_queue (
    .clk_i(clk_i), .we_i(push), .waddr_i(qw_q), .wdata_i({x1_q, base1_i, col}),
    .re_i(next), .raddr_i(qr_q), .rdata_o({hx, hb, hs, hl})
  );
  wire [E_AW-1:0] e_addr = more ? ptr_q : hs;
  wire [EW-1:0]   ent;
  assign room_o = qn_q <= MOST;
  ram #(.W(EW), .DEPTH(2 << E_AW), .AW(E_AW + 1)) u_ent (
    .clk_i(clk_i), .we_i(ld_ent_i), .waddr_i({ld_bank_i, ld_addr_i[E_AW-1:0]}), .wdata_i(ent_i),
    .re_i(more || pop), .raddr_i({bank_i, e_addr}), .rdata_o(ent)
  );

  // weight and sum's address
  wire [WGT_W-1:0] w;
  wire [VAL_W-1:0] val = ent[EW-1:RUN_W];
  generate
    if (CODE != 0) begin : g_code
      assign w = code_i[val*WGT_W +: WGT_W];
    end else begin : g_plain
      wire unused_code = &{1'b0, code_i};
      assign w = val;
    end
  endgenerate
  wire [9:0]      idx  = (ef_q ? 10'd0 : {1'b0, idx_q} + 10'd1) + {{(10-RUN_W){1'b0}}, ent[RUN_W-1:0]};
  wire            past = idx >= {1'b0, nix_i};
  wire [B_W:0]    addr = {1'b0, eb_q} - {{(B_W-9){1'b0}}, idx};
  wire            in   = !addr[B_W] && addr[B_W-1:0] < {{(B_W-P_AW-1){1'b0}}, lim_i};
  wire            use_e = ev_q && in && !past;
  wire            mul  = use_e && w != {WGT_W{1'b0}};
  wire signed [X_W+WGT_W-1:0] prod;
  mul_pe #(.A_W(X_W), .B_W(WGT_W)) u_mul (.a_i(ex_q), .b_i(w), .p_o(prod));

  // sum
  wire [ACC_W-1:0] sum0, sum1;
  wire [ACC_W-1:0] prod_x;
  generate
    if (ACC_W > X_W + WGT_W) begin : g_extend
      assign prod_x = {{(ACC_W-X_W-WGT_W){prod_q[X_W+WGT_W-1]}}, prod_q};
    end else begin : g_same
      assign prod_x = prod_q;
    end
  endgenerate
  wire [ACC_W-1:0] old  = (fv_q && fa_q == pa_q) ? fsum_q : pbank_i ? sum1 : sum0;
  wire [ACC_W-1:0] sum  = old + prod_x;
  wire             w0   = pbank_i ? dw_i : pv_q;
  wire             w1   = pbank_i ? pv_q : dw_i;
  wire [P_AW-1:0]  wa   = pa_q;
  ram #(.W(ACC_W), .DEPTH(1 << P_AW), .AW(P_AW)) u_sum0 (
    .clk_i(clk_i), .we_i(w0 || clr_i), .waddr_i((pbank_i || clr_i) ? dw_addr_i : wa), .wdata_i((pbank_i || clr_i) ? {ACC_W{1'b0}} : sum),
    .re_i(pbank_i ? dr_i : mul), .raddr_i(pbank_i ? dr_addr_i : addr[P_AW-1:0]), .rdata_o(sum0)
  );
  ram #(.W(ACC_W), .DEPTH(1 << P_AW), .AW(P_AW)) u_sum1 (
    .clk_i(clk_i), .we_i(w1 || clr_i), .waddr_i((!pbank_i || clr_i) ? dw_addr_i : wa), .wdata_i((!pbank_i || clr_i) ? {ACC_W{1'b0}} : sum),
    .re_i(pbank_i ? mul : dr_i), .raddr_i(pbank_i ? addr[P_AW-1:0] : dr_addr_i), .rdata_o(sum1)
  );
  assign sum_o  = pbank_i ? sum0 : sum1;
  assign idle_o = qn_q == {(Q_AW+1){1'b0}} && !have_q && !more && !ev_q && !pv_q;
  assign mul_o  = mul_q;
  assign zero_o = zero_q;
  assign err_o  = err_q;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      qw_q   <= {Q_AW{1'b0}};
      qr_q   <= {Q_AW{1'b0}};
      qn_q   <= {(Q_AW+1){1'b0}};
      have_q <= 1'b0;
      left_q <= 8'd0;
      ev_q   <= 1'b0;
      pv_q   <= 1'b0;
      fv_q   <= 1'b0;
      err_q  <= 1'b0;
    end else begin
      qn_q <= qn_q + {{Q_AW{1'b0}}, push} - {{Q_AW{1'b0}}, next};
      if (push) qw_q <= qw_q + {{(Q_AW-1){1'b0}}, 1'b1};
      if (next) qr_q <= qr_q + {{(Q_AW-1){1'b0}}, 1'b1};
      if (next) have_q <= 1'b1;
      else if (pop) have_q <= 1'b0;
      if (more) left_q <= left_q - 8'd1;
      else if (pop) left_q <= hl - 8'd1;
      ev_q  <= more || pop;
      pv_q  <= mul;
      fv_q  <= pv_q;
      err_q <= ev_q && past;
    end
    if (ld_new_i) start_q <= {(E_AW+9){1'b0}};
    else if (ld_len_i) start_q <= after;
    if (b_valid_i) x1_q <= b_x_i;
    if (more || pop) begin
      ptr_q <= e_addr + {{(E_AW-1){1'b0}}, 1'b1};
      ef_q  <= !more;
    end
    if (pop) begin
      ex_q <= hx;
      eb_q <= hb;
    end
    if (ev_q) idx_q <= idx[8:0];
    if (mul) begin
      prod_q <= prod;
      pa_q   <= addr[P_AW-1:0];
    end
    if (pv_q) begin
      fsum_q <= sum;
      fa_q   <= pa_q;
    end
    mul_q  <= use_e;
    zero_q <= use_e && !mul;
  end
endmodule
`default_nettype wire
