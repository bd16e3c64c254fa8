// AXI4 read master for two requesters (0 sequencer, first; 1 load). ARID = requester, R routed by RID.
// Requests are bursts of 1..16 beats inside a 16-beat aligned block; many may be outstanding.
// A skid register keeps RREADY registered at a beat per cycle.
// halt_i: no new bursts, what returns is discarded (soft reset).
// Latency: request to ARVALID 1, R beat to rsp_valid_o 1.
// Twin: cmodel/axi_rd.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module axi_rd #(
	parameter BUS_W = 64                // bits of the memory bus, 64 or 128
) (
	input  wire             clk_i,
	input  wire             rst_ni,
	input  wire             halt_i,
	output wire             idle_o,         // no burst outstanding
	output wire             beat_o,         // one cycle per beat received, for the counter
	input  wire [1:0]       req_valid_i,
	input  wire [63:0]      req_addr_i,     // [2][32] bytes, bus aligned
	input  wire [7:0]       req_len_i,      // [2][4] beats - 1
	output wire [1:0]       req_ready_o,
	output wire [1:0]       rsp_valid_o,    // one-hot: whose beat it is
	output wire [BUS_W-1:0] rsp_data_o,
	output wire             rsp_last_o,     // last beat of a burst
	output wire             rsp_err_o,      // SLVERR or DECERR
	input  wire [1:0]       rsp_ready_i,
	output wire [1:0]       m_axi_arid,
	output wire [31:0]      m_axi_araddr,
	output wire [7:0]       m_axi_arlen,
	output wire [2:0]       m_axi_arsize,
	output wire [1:0]       m_axi_arburst,
	output wire             m_axi_arvalid,
	input  wire             m_axi_arready,
	input  wire [1:0]       m_axi_rid,
	input  wire [BUS_W-1:0] m_axi_rdata,
	input  wire [1:0]       m_axi_rresp,
	input  wire             m_axi_rlast,
	input  wire             m_axi_rvalid,
	output wire             m_axi_rready
);
	reg             arvalid_q;
	reg             arid_q;
	reg [31:0]      araddr_q;
	reg [3:0]       arlen_q;
	reg             rready_q;
	reg [4:0]       pend_q;
	reg             beat_q;
	reg [1:0]       rsp_valid_q;
	reg [BUS_W-1:0] rsp_data_q;
	reg             rsp_last_q;
	reg             rsp_err_q;
	reg             skid_valid_q;
	reg             skid_id_q;
	reg [BUS_W-1:0] skid_data_q;
	reg             skid_last_q;
	reg             skid_err_q;

	localparam LOW = $clog2(BUS_W / 8);         // bits of an address that are 0
	wire [31:0] addr = req_valid_i[0] ? req_addr_i[31:0] : req_addr_i[63:32];
	wire ar_free   = (!arvalid_q | m_axi_arready) & !halt_i & (pend_q != 5'd31);
	wire ar_take   = ar_free & |req_valid_i;
	wire r_fire    = m_axi_rvalid & rready_q;
	wire out_free  = halt_i | ~|(rsp_valid_q & ~rsp_ready_i);
	wire skid_fill = r_fire & !out_free;
	wire skid_d    = (skid_valid_q & !out_free) | skid_fill;

	wire unused_ok = &{1'b0, m_axi_rid[1], m_axi_rresp[0], addr[LOW-1:0]};

	assign req_ready_o   = {ar_free & !req_valid_i[0], ar_free};
	assign idle_o        = (pend_q == 5'd0);
	assign beat_o        = beat_q;
	assign rsp_valid_o   = rsp_valid_q;
	assign rsp_data_o    = rsp_data_q;
	assign rsp_last_o    = rsp_last_q;
	assign rsp_err_o     = rsp_err_q;
	assign m_axi_arid    = {1'b0, arid_q};
	assign m_axi_araddr  = araddr_q;
	assign m_axi_arlen   = {4'd0, arlen_q};
	assign m_axi_arsize  = (BUS_W == 128) ? 3'd4 : 3'd3;
	assign m_axi_arburst = 2'b01;
	assign m_axi_arvalid = arvalid_q;
	assign m_axi_rready  = rready_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			arvalid_q    <= 1'b0;
			rready_q     <= 1'b0;
			pend_q       <= 5'd0;
			beat_q       <= 1'b0;
			rsp_valid_q  <= 2'b00;
			skid_valid_q <= 1'b0;
		end else begin
			arvalid_q    <= ar_take | (arvalid_q & !m_axi_arready);
			rready_q     <= !skid_d;
			pend_q       <= pend_q + {4'd0, ar_take} - {4'd0, r_fire & m_axi_rlast};
			beat_q       <= r_fire;
			skid_valid_q <= skid_d;
			if (out_free)
				rsp_valid_q <= skid_valid_q ? {skid_id_q, !skid_id_q}
				             : r_fire ? {m_axi_rid[0], !m_axi_rid[0]} : 2'b00;
		end
		if (ar_take) begin
			arid_q   <= !req_valid_i[0];
			araddr_q <= {addr[31:LOW], {LOW{1'b0}}};
			arlen_q  <= req_valid_i[0] ? req_len_i[3:0] : req_len_i[7:4];
		end
		if (out_free & (skid_valid_q | r_fire)) begin
			rsp_data_q <= skid_valid_q ? skid_data_q : m_axi_rdata;
			rsp_last_q <= skid_valid_q ? skid_last_q : m_axi_rlast;
			rsp_err_q  <= skid_valid_q ? skid_err_q : m_axi_rresp[1];
		end
		if (skid_fill) begin
			skid_id_q   <= m_axi_rid[0];
			skid_data_q <= m_axi_rdata;
			skid_last_q <= m_axi_rlast;
			skid_err_q  <= m_axi_rresp[1];
		end
	end
endmodule
`default_nettype wire
