// AXI4 write master of the store engine: AW before W, one burst owes W beats at a time, B counted.
// halt_i: no new bursts; an accepted one is finished with beats that write nothing (soft reset).
// Latency: aw, w to the bus 1; B to b_valid_o 1. A beat per cycle when the bus allows.
// Twin: cmodel/axi_wr.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module axi_wr #(
	parameter BUS_W = 64                // bits of the memory bus, 64 or 128
) (
	input  wire               clk_i,
	input  wire               rst_ni,
	input  wire               halt_i,
	output wire               idle_o,         // every accepted burst has its response
	output wire               beat_o,         // one cycle per beat sent, for the counter
	input  wire               aw_valid_i,
	input  wire [31:0]        aw_addr_i,      // bytes, bus aligned
	input  wire [3:0]         aw_len_i,       // beats - 1
	output wire               aw_ready_o,
	input  wire               w_valid_i,
	input  wire [BUS_W-1:0]   w_data_i,
	input  wire [BUS_W/8-1:0] w_strb_i,
	output wire               w_ready_o,
	output wire               b_valid_o,      // one cycle per response
	output wire               b_err_o,        // with b_valid_o: SLVERR or DECERR
	output wire [1:0]         m_axi_awid,
	output wire [31:0]        m_axi_awaddr,
	output wire [7:0]         m_axi_awlen,
	output wire [2:0]         m_axi_awsize,
	output wire [1:0]         m_axi_awburst,
	output wire               m_axi_awvalid,
	input  wire               m_axi_awready,
	output wire [BUS_W-1:0]   m_axi_wdata,
	output wire [BUS_W/8-1:0] m_axi_wstrb,
	output wire               m_axi_wlast,
	output wire               m_axi_wvalid,
	input  wire               m_axi_wready,
	input  wire [1:0]         m_axi_bid,
	input  wire [1:0]         m_axi_bresp,
	input  wire               m_axi_bvalid,
	output wire               m_axi_bready
);
	reg               awvalid_q;
	reg [31:0]        awaddr_q;
	reg [3:0]         awlen_q;
	reg               wvalid_q;
	reg [BUS_W-1:0]   wdata_q;
	reg [BUS_W/8-1:0] wstrb_q;
	reg               wlast_q;
	reg               bready_q;
	reg [4:0]         owed_q;           // W beats the accepted burst still owes
	reg [7:0]         pend_q;           // bursts without response
	reg               beat_q;
	reg               b_valid_q;
	reg               b_err_q;

	wire w_free  = !wvalid_q | m_axi_wready;
	wire w_open  = w_free & (owed_q != 5'd0);
	wire w_take  = w_open & (w_valid_i | halt_i);
	wire aw_free = (!awvalid_q | m_axi_awready) & !halt_i & (pend_q != 8'd255);
	wire aw_take = aw_valid_i & aw_ready_o;
	wire b_fire  = m_axi_bvalid & bready_q;

	wire unused_ok = &{1'b0, m_axi_bid, m_axi_bresp[0]};

	assign aw_ready_o    = aw_free & ((owed_q == 5'd0) | ((owed_q == 5'd1) & w_take));
	assign w_ready_o     = w_open & !halt_i;
	assign idle_o        = (pend_q == 8'd0) & !b_valid_q;
	assign beat_o        = beat_q;
	assign b_valid_o     = b_valid_q;
	assign b_err_o       = b_err_q;
	assign m_axi_awid    = 2'b00;
	assign m_axi_awaddr  = awaddr_q;
	assign m_axi_awlen   = {4'd0, awlen_q};
	assign m_axi_awsize  = (BUS_W == 128) ? 3'd4 : 3'd3;
	assign m_axi_awburst = 2'b01;
	assign m_axi_awvalid = awvalid_q;
	assign m_axi_wdata   = wdata_q;
	assign m_axi_wstrb   = wstrb_q;
	assign m_axi_wlast   = wlast_q;
	assign m_axi_wvalid  = wvalid_q;
	assign m_axi_bready  = bready_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			awvalid_q <= 1'b0;
			wvalid_q  <= 1'b0;
			bready_q  <= 1'b0;
			owed_q    <= 5'd0;
			pend_q    <= 8'd0;
			beat_q    <= 1'b0;
			b_valid_q <= 1'b0;
		end else begin
			awvalid_q <= aw_take | (awvalid_q & !m_axi_awready);
			wvalid_q  <= w_take | (wvalid_q & !m_axi_wready);
			bready_q  <= 1'b1;
			owed_q    <= aw_take ? {1'b0, aw_len_i} + 5'd1 : owed_q - {4'd0, w_take};
			pend_q    <= pend_q + {7'd0, aw_take} - {7'd0, b_fire};
			beat_q    <= wvalid_q & m_axi_wready;
			b_valid_q <= b_fire;
		end
		if (b_fire)
			b_err_q <= m_axi_bresp[1];
		if (aw_take) begin
			awaddr_q <= aw_addr_i;
			awlen_q  <= aw_len_i;
		end
		if (w_take & !halt_i)
			wdata_q <= w_data_i;
		if (w_take) begin
			wstrb_q <= halt_i ? {BUS_W/8{1'b0}} : w_strb_i;
			wlast_q <= (owed_q == 5'd1);
		end
	end
endmodule
`default_nettype wire
