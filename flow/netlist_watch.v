// SPDX-License-Identifier: Apache-2.0
// Beside the bench of the Icarus engine: says "X NAME" and ends the simulation when a pin is X or Z though it means
// something; writes the switching of the inference's cycles. The first start is the rise of the first read request.
`default_nettype none
module netlist_watch;
  integer cycle;
  reg     started;
  wire    aclk  = bench.aclk;
  wire    reset = bench.aresetn[0] !== 1'b1;

  task check(input bad, input [8*16-1:0] name);
    if (bad) begin
      $display("X %0s in cycle %0d", name, cycle);
      $finish;
    end
  endtask

  initial begin
    cycle   = 0;
    started = 0;
  end

  // before the edge: what the host and the memory see
  always @(posedge aclk) if (!reset) begin
    cycle = cycle + 1;
    if (cycle > 4) begin
      check((^{bench.dut.s_axil_awready, bench.dut.s_axil_wready, bench.dut.s_axil_arready, bench.dut.s_axil_bvalid, bench.dut.s_axil_rvalid}) === 1'bx, "s_axil");
      check((^{bench.dut.m_axi_arvalid, bench.dut.m_axi_awvalid, bench.dut.m_axi_wvalid, bench.dut.m_axi_rready, bench.dut.m_axi_bready}) === 1'bx, "m_axi");
      check(bench.dut.irq === 1'bx, "irq");
      if (bench.dut.s_axil_rvalid) check((^{bench.dut.s_axil_rdata, bench.dut.s_axil_rresp}) === 1'bx, "s_axil_r");
      if (bench.dut.s_axil_bvalid) check((^bench.dut.s_axil_bresp) === 1'bx, "s_axil_b");
      if (bench.dut.m_axi_arvalid) check((^{bench.dut.m_axi_araddr, bench.dut.m_axi_arlen, bench.dut.m_axi_arid}) === 1'bx, "m_axi_ar");
      if (bench.dut.m_axi_awvalid) check((^{bench.dut.m_axi_awaddr, bench.dut.m_axi_awlen, bench.dut.m_axi_awid}) === 1'bx, "m_axi_aw");
      if (bench.dut.m_axi_wvalid) check((^{bench.dut.m_axi_wdata, bench.dut.m_axi_wstrb, bench.dut.m_axi_wlast}) === 1'bx, "m_axi_w");
    end
    if (bench.dut.m_axi_arvalid && !started) begin
      started = 1;
      cycle   = 5;
      $dumpfile("activity.vcd");
      $dumpvars(1, bench.dut);
    end
    if (started && cycle == 5 + WINDOW) begin
      $dumpoff;
      $display("watched %0d cycles", WINDOW);
    end
  end

  localparam INFERENCE = DESIGN_CYCLES;
  localparam WINDOW    = (INFERENCE < 12000) ? INFERENCE : 12000;
endmodule
`default_nettype wire
