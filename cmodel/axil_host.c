/* SPDX-License-Identifier: Apache-2.0 */
#include "axil_host.h"
#include <string.h>

void axil_host_init(struct axil_host *h)
{
	memset(h, 0, sizeof *h);
}

void axil_host_read(struct axil_host *h, uint32_t offset)
{
	h->busy = 1;
	h->out.araddr = (uint16_t)offset;
	h->out.arvalid = 1;
	h->out.rready = 1;
}

void axil_host_write(struct axil_host *h, uint32_t offset, uint32_t data, unsigned strobe)
{
	h->busy = 1;
	h->out.awaddr = (uint16_t)offset;
	h->out.wdata = data;
	h->out.wstrb = strobe & 15;
	h->out.awvalid = h->out.wvalid = 1;
	h->out.bready = 1;
}

void axil_host_next(struct axil_host *h, const struct axil_s2m *in, struct axil_m2s *out)
{
	if (in->arready)
		h->out.arvalid = 0;
	if (in->awready)
		h->out.awvalid = 0;
	if (in->wready)
		h->out.wvalid = 0;
	if (h->out.rready && in->rvalid) {
		h->out.rready = h->busy = 0;
		h->data = in->rdata;
		h->resp = in->rresp;
	}
	if (h->out.bready && in->bvalid) {
		h->out.bready = h->busy = 0;
		h->resp = in->bresp;
	}
	*out = h->out;
}
