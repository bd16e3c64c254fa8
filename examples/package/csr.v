// Control and status registers: AXI4-Lite slave, interrupt, job start, soft reset, counters.
// The map is the table in cmodel/csr_map.h. A start resets the core for a cycle, then pulses start_o.
// Soft reset: halt_o until accepted bursts are finished, then the core is reset.
// Latency: write accepted 1 cycle after AW and W are both there, read answered 2 after AR.
// Twin: cmodel/csr.c
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module csr #(
	parameter PE_W = 7                  // bits of rows*cols, 1..11
) (
	input  wire                clk_i,
	input  wire                rst_ni,
	input  wire [11:0]         s_axil_awaddr,
	input  wire [2:0]          s_axil_awprot,
	input  wire                s_axil_awvalid,
	output wire                s_axil_awready,
	input  wire [31:0]         s_axil_wdata,
	input  wire [3:0]          s_axil_wstrb,
	input  wire                s_axil_wvalid,
	output wire                s_axil_wready,
	output wire [1:0]          s_axil_bresp,
	output wire                s_axil_bvalid,
	input  wire                s_axil_bready,
	input  wire [11:0]         s_axil_araddr,
	input  wire [2:0]          s_axil_arprot,
	input  wire                s_axil_arvalid,
	output wire                s_axil_arready,
	output wire [31:0]         s_axil_rdata,
	output wire [1:0]          s_axil_rresp,
	output wire                s_axil_rvalid,
	input  wire                s_axil_rready,
	output wire                irq_o,
	output wire                core_rst_no,     // reset of everything else in the device
	output wire                start_o,         // to the sequencer, one cycle
	output wire                halt_o,          // to axi_rd, axi_wr: finish what was accepted
	output wire [127:0]        base_o,          // [4][32]
	input  wire                done_i,
	input  wire                rd_idle_i,
	input  wire                wr_idle_i,
	input  wire [5:0]          err_i,           // pulses: sequencer, load, feed, post, store, tokens
	input  wire [47:0]         err_code_i,      // [6][8]
	input  wire [191:0]        err_addr_i,      // [6][32]
	input  wire [2*PE_W+19:0]  cnt_i            // increments, order and widths of CSR_COUNTERS
);
	localparam [7:0] ERR_START_BUSY = 8'd1;     // cmodel/csr_map.h

	reg         awready_q;              // of W too
	reg         bvalid_q;
	reg         bresp_q;                // SLVERR
	reg         arready_q;
	reg         rvalid_q;
	reg         rresp_q;                // SLVERR
	reg [31:0]  rdata_q;
	reg [15:0]  high_q;                 // bits 47:32 of the counter whose low word was read last
	reg         irq_q;
	reg         irq_en_q;
	reg         core_rst_n_q;
	reg         go_q;                   // the core is in reset, start comes next
	reg         start_q;
	reg         halt_q;
	reg         busy_q;
	reg         done_q;
	reg         error_q;
	reg [7:0]   err_code_q;
	reg [31:0]  err_addr_q;
	reg [127:0] base_q;
	/* counters */
	reg [47:0]  cycles_q;
	reg [47:0]  active_q;
	reg [47:0]  stall_wgt_q;
	reg [47:0]  stall_in_q;
	reg [47:0]  stall_out_q;
	reg [47:0]  stall_fill_q;
	reg [47:0]  idle_q;
	reg [47:0]  pe_useful_q;
	reg [47:0]  pe_gated_q;
	reg [47:0]  act_read_q;
	reg [47:0]  act_write_q;
	reg [47:0]  wgt_read_q;
	reg [47:0]  wgt_write_q;
	reg [47:0]  acc_read_q;
	reg [47:0]  acc_write_q;
	reg [47:0]  mem_read_q;
	reg [47:0]  mem_write_q;

	wire [9:0]  waddr   = s_axil_awaddr[11:2];
	wire [9:0]  raddr   = s_axil_araddr[11:2];
	wire        w_go    = s_axil_awvalid & s_axil_wvalid & !awready_q & (!bvalid_q | s_axil_bready);
	wire        r_go    = s_axil_arvalid & !arready_q & (!rvalid_q | s_axil_rready);
	wire        w_known = (waddr < 10'd6) | ((waddr >= 10'd8) & (waddr < 10'd12))
	                    | ((waddr >= 10'd16) & (waddr < 10'd50));
	wire        r_known = (raddr < 10'd6) | ((raddr >= 10'd8) & (raddr < 10'd12))
	                    | ((raddr >= 10'd16) & (raddr < 10'd50));
	wire        w_ctrl  = awready_q & (waddr == 10'd2) & s_axil_wstrb[0];
	wire        w_stat  = awready_q & (waddr == 10'd3) & s_axil_wstrb[0];
	wire        reset   = w_ctrl & s_axil_wdata[1];
	wire        begin_  = w_ctrl & s_axil_wdata[0] & !s_axil_wdata[1];
	wire        start   = begin_ & !busy_q & !halt_q;
	wire        refused = begin_ & !start;
	wire        halted  = halt_q & rd_idle_i & wr_idle_i;
	wire        clear   = (w_stat & s_axil_wdata[2]) | start;
	wire        fault   = refused | (|err_i);
	wire        note    = fault & !error_q;
	wire        irq_en  = w_ctrl ? s_axil_wdata[2] : irq_en_q;
	wire        done    = ((done_i & busy_q) | (done_q & !(w_stat & s_axil_wdata[1]))) & !start;
	wire        error   = fault | (error_q & !clear);

	wire unused_ok = &{1'b0, s_axil_awprot, s_axil_arprot, s_axil_awaddr[1:0], s_axil_araddr[1:0]};

	assign s_axil_awready = awready_q;
	assign s_axil_wready  = awready_q;
	assign s_axil_bresp   = {bresp_q, 1'b0};
	assign s_axil_bvalid  = bvalid_q;
	assign s_axil_arready = arready_q;
	assign s_axil_rdata   = rdata_q;
	assign s_axil_rresp   = {rresp_q, 1'b0};
	assign s_axil_rvalid  = rvalid_q;
	assign irq_o          = irq_q;
	assign core_rst_no    = core_rst_n_q;
	assign start_o        = start_q;
	assign halt_o         = halt_q;
	assign base_o         = base_q;

	always @(posedge clk_i) begin
		if (!rst_ni) begin
			awready_q    <= 1'b0;
			bvalid_q     <= 1'b0;
			arready_q    <= 1'b0;
			rvalid_q     <= 1'b0;
			irq_q        <= 1'b0;
			irq_en_q     <= 1'b0;
			core_rst_n_q <= 1'b0;
			go_q         <= 1'b0;
			start_q      <= 1'b0;
			halt_q       <= 1'b0;
			busy_q       <= 1'b0;
			done_q       <= 1'b0;
			error_q      <= 1'b0;
			err_code_q   <= 8'd0;
			err_addr_q   <= 32'd0;
		end else begin
			awready_q    <= w_go;
			bvalid_q     <= awready_q | (bvalid_q & !s_axil_bready);
			arready_q    <= r_go;
			rvalid_q     <= arready_q | (rvalid_q & !s_axil_rready);
			irq_en_q     <= irq_en;
			irq_q        <= irq_en & (done | error);
			core_rst_n_q <= !start & !halted;
			go_q         <= start;
			start_q      <= go_q & !halt_q;
			halt_q       <= reset | (halt_q & !halted);
			busy_q       <= start | (busy_q & !done_i & !halted);
			done_q       <= done;
			error_q      <= error;
			if (note) begin
				err_code_q <= err_i[0] ? err_code_i[7:0] : err_i[1] ? err_code_i[15:8]
				            : err_i[2] ? err_code_i[23:16] : err_i[3] ? err_code_i[31:24]
				            : err_i[4] ? err_code_i[39:32] : err_i[5] ? err_code_i[47:40]
				            : ERR_START_BUSY;
				err_addr_q <= err_i[0] ? err_addr_i[31:0] : err_i[1] ? err_addr_i[63:32]
				            : err_i[2] ? err_addr_i[95:64] : err_i[3] ? err_addr_i[127:96]
				            : err_i[4] ? err_addr_i[159:128] : err_i[5] ? err_addr_i[191:160] : 32'd0;
			end else if (clear) begin
				err_code_q <= 8'd0;
				err_addr_q <= 32'd0;
			end
		end
		if (awready_q)
			bresp_q <= !w_known;
		if (arready_q) begin
			rresp_q <= !r_known;
			case (raddr)
			10'd0:   rdata_q <= 32'h53595354;
			10'd1:   rdata_q <= 32'h00010000;
			10'd2:   rdata_q <= {29'd0, irq_en_q, halt_q, 1'b0};
			10'd3:   rdata_q <= {29'd0, error_q, done_q, busy_q};
			10'd4:   rdata_q <= {24'd0, err_code_q};
			10'd5:   rdata_q <= err_addr_q;
			10'd8:   rdata_q <= base_q[31:0];
			10'd9:   rdata_q <= base_q[63:32];
			10'd10:  rdata_q <= base_q[95:64];
			10'd11:  rdata_q <= base_q[127:96];
			10'd16:  {high_q, rdata_q} <= cycles_q;
			10'd18:  {high_q, rdata_q} <= active_q;
			10'd20:  {high_q, rdata_q} <= stall_wgt_q;
			10'd22:  {high_q, rdata_q} <= stall_in_q;
			10'd24:  {high_q, rdata_q} <= stall_out_q;
			10'd26:  {high_q, rdata_q} <= stall_fill_q;
			10'd28:  {high_q, rdata_q} <= idle_q;
			10'd30:  {high_q, rdata_q} <= pe_useful_q;
			10'd32:  {high_q, rdata_q} <= pe_gated_q;
			10'd34:  {high_q, rdata_q} <= act_read_q;
			10'd36:  {high_q, rdata_q} <= act_write_q;
			10'd38:  {high_q, rdata_q} <= wgt_read_q;
			10'd40:  {high_q, rdata_q} <= wgt_write_q;
			10'd42:  {high_q, rdata_q} <= acc_read_q;
			10'd44:  {high_q, rdata_q} <= acc_write_q;
			10'd46:  {high_q, rdata_q} <= mem_read_q;
			10'd48:  {high_q, rdata_q} <= mem_write_q;
			default: rdata_q <= {16'd0, high_q & {16{r_known}}};
			endcase
		end
		if (start) begin
			cycles_q     <= 48'd1;
			active_q     <= 48'd0;
			stall_wgt_q  <= 48'd0;
			stall_in_q   <= 48'd0;
			stall_out_q  <= 48'd0;
			stall_fill_q <= 48'd0;
			idle_q       <= 48'd0;
			pe_useful_q  <= 48'd0;
			pe_gated_q   <= 48'd0;
			act_read_q   <= 48'd0;
			act_write_q  <= 48'd0;
			wgt_read_q   <= 48'd0;
			wgt_write_q  <= 48'd0;
			acc_read_q   <= 48'd0;
			acc_write_q  <= 48'd0;
			mem_read_q   <= 48'd0;
			mem_write_q  <= 48'd0;
		end else if (busy_q) begin
			cycles_q     <= cycles_q + 48'd1;
			active_q     <= active_q + {47'd0, cnt_i[0]};
			stall_wgt_q  <= stall_wgt_q + {47'd0, cnt_i[1]};
			stall_in_q   <= stall_in_q + {47'd0, cnt_i[2]};
			stall_out_q  <= stall_out_q + {47'd0, cnt_i[3]};
			stall_fill_q <= stall_fill_q + {47'd0, cnt_i[4]};
			idle_q       <= idle_q + {47'd0, cnt_i[5]};
			pe_useful_q  <= pe_useful_q + {{48-PE_W{1'b0}}, cnt_i[6 +: PE_W]};
			pe_gated_q   <= pe_gated_q + {{48-PE_W{1'b0}}, cnt_i[6+PE_W +: PE_W]};
			act_read_q   <= act_read_q + {46'd0, cnt_i[6+2*PE_W +: 2]};
			act_write_q  <= act_write_q + {46'd0, cnt_i[8+2*PE_W +: 2]};
			wgt_read_q   <= wgt_read_q + {46'd0, cnt_i[10+2*PE_W +: 2]};
			wgt_write_q  <= wgt_write_q + {46'd0, cnt_i[12+2*PE_W +: 2]};
			acc_read_q   <= acc_read_q + {46'd0, cnt_i[14+2*PE_W +: 2]};
			acc_write_q  <= acc_write_q + {46'd0, cnt_i[16+2*PE_W +: 2]};
			mem_read_q   <= mem_read_q + {47'd0, cnt_i[18+2*PE_W]};
			mem_write_q  <= mem_write_q + {47'd0, cnt_i[19+2*PE_W]};
		end
	end

	genvar i;
	generate
		for (i = 0; i < 16; i = i + 1) begin : g_base
			localparam [11:0] OFFSET = 12'h020 + 4 * (i / 4);
			always @(posedge clk_i)
				if (!rst_ni)
					base_q[8*i +: 8] <= 8'd0;
				else if (awready_q & (waddr == OFFSET[11:2]) & s_axil_wstrb[i % 4])
					base_q[8*i +: 8] <= s_axil_wdata[8*(i % 4) +: 8];
		end
	endgenerate
endmodule
`default_nettype wire
