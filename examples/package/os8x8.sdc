# Made by: systole gen examples/os8x8.yaml
# os8x8
# Timing constraints of every Systole design: one clock, registered outputs, inputs that arrive in the first 30 % of
# the cycle. Set CLOCK_PERIOD (ns) before sourcing to change the target.
if {![info exists CLOCK_PERIOD]} { set CLOCK_PERIOD 5.0 }
create_clock -name aclk -period $CLOCK_PERIOD [get_ports aclk]
# Inputs by direction: m_axi_rready and m_axi_bready are outputs although their names look like the channel's inputs.
set_input_delay  [expr 0.3 * $CLOCK_PERIOD] -clock aclk [get_ports {aresetn \
	s_axil_awaddr* s_axil_awprot* s_axil_awvalid s_axil_wdata* s_axil_wstrb* s_axil_wvalid s_axil_bready \
	s_axil_araddr* s_axil_arprot* s_axil_arvalid s_axil_rready \
	m_axi_arready m_axi_rid* m_axi_rdata* m_axi_rresp* m_axi_rlast m_axi_rvalid m_axi_awready m_axi_wready m_axi_bid* m_axi_bresp* m_axi_bvalid}]
set_output_delay [expr 0.3 * $CLOCK_PERIOD] -clock aclk [all_outputs]
