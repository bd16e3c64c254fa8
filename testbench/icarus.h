/* SPDX-License-Identifier: Apache-2.0
 * The Icarus engine: vvp in a process of its own, one message each way per clock. */
#ifndef SYSTOLE_ICARUS_H
#define SYSTOLE_ICARUS_H
#include "sim.h"

/* dir: from simbuild_icarus. NULL when vvp cannot be started. */
void *icarus_open(const char *dir, int bus_bytes);
void icarus_clock(void *sim, const struct sim_in *in, struct sim_out *out);
void icarus_close(void *sim);
/* Whether the simulation has ended before its time. */
int icarus_failed(const void *sim);

/* Pins in the order of the messages: P(pin, field, words); the data buses have bus_bytes/4 words. */
#define ICARUS_INPUTS(P, data) \
	P(aresetn, aresetn, 1) P(s_axil_awaddr, awaddr, 1) P(s_axil_awvalid, awvalid, 1) P(s_axil_wdata, wdata, 1) P(s_axil_wstrb, wstrb, 1) \
	P(s_axil_wvalid, wvalid, 1) P(s_axil_bready, bready, 1) P(s_axil_araddr, araddr, 1) P(s_axil_arvalid, arvalid, 1) P(s_axil_rready, rready, 1) \
	P(m_axi_arready, m_arready, 1) P(m_axi_rid, rid, 1) data(m_axi_rdata, rdata) P(m_axi_rresp, rresp, 1) P(m_axi_rlast, rlast, 1) \
	P(m_axi_rvalid, rvalid, 1) P(m_axi_awready, m_awready, 1) P(m_axi_wready, m_wready, 1) P(m_axi_bid, bid, 1) P(m_axi_bresp, bresp, 1) \
	P(m_axi_bvalid, bvalid, 1)
#define ICARUS_OUTPUTS(P, data) \
	P(s_axil_awready, awready, 1) P(s_axil_wready, wready, 1) P(s_axil_bresp, bresp, 1) P(s_axil_bvalid, bvalid, 1) P(s_axil_arready, arready, 1) \
	P(s_axil_rdata, rdata, 1) P(s_axil_rresp, rresp, 1) P(s_axil_rvalid, rvalid, 1) P(m_axi_araddr, m_araddr, 1) P(m_axi_awaddr, m_awaddr, 1) \
	P(m_axi_arid, arid, 1) P(m_axi_arlen, arlen, 1) P(m_axi_arvalid, m_arvalid, 1) P(m_axi_rready, m_rready, 1) P(m_axi_awid, awid, 1) \
	P(m_axi_awlen, awlen, 1) P(m_axi_awvalid, m_awvalid, 1) P(m_axi_bready, m_bready, 1) data(m_axi_wdata, m_wdata) P(m_axi_wstrb, m_wstrb, 1) \
	P(m_axi_wlast, m_wlast, 1) P(m_axi_wvalid, m_wvalid, 1) P(irq, irq, 1)

#endif
