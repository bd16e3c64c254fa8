/* SPDX-License-Identifier: Apache-2.0 */
#include "axi_rd.h"
#include <string.h>

static void address_next(const struct axi_rd *q, const struct axi_rd_in *in, struct axi_rd *d)
{
	const struct axi_request *r = &in->req[in->req[0].valid ? 0 : 1];
	int take = r->valid && axi_rd_ready(q, in->halt, in->req[0].valid, in->bus->arready);
	int end = in->bus->rvalid && q->rready && in->bus->rlast;

	d->arvalid = (uint8_t)(take || (q->arvalid && !in->bus->arready));
	d->pend = (uint8_t)((q->pend + take - end) & 31);
	if (!take)
		return;
	d->arid = r != in->req;
	d->araddr = r->addr;
	d->arlen = r->len;
}

static void response_next(const struct axi_rd *q, const struct axi_rd_in *in, struct axi_rd *d)
{
	const struct axi_s2m *b = in->bus;
	int fire = b->rvalid && q->rready;
	int ready = in->rsp_ready[0] | in->rsp_ready[1] << 1;
	int open = in->halt || !(q->rsp_valid & ~ready);

	d->beat = (uint8_t)fire;
	d->skid_valid = (uint8_t)(!open && (q->skid_valid || fire));
	d->rready = !d->skid_valid;
	if (open) {
		d->rsp_valid = (uint8_t)(q->skid_valid ? 1 << q->skid_id : fire ? 1 << (b->rid & 1) : 0);
		if (q->skid_valid) {
			memcpy(d->rsp_data, q->skid_data, sizeof d->rsp_data);
			d->rsp_last = q->skid_last;
			d->rsp_err = q->skid_err;
		} else if (fire) {
			memcpy(d->rsp_data, b->rdata, sizeof d->rsp_data);
			d->rsp_last = b->rlast;
			d->rsp_err = b->rresp >> 1;
		}
	} else if (fire) {
		memcpy(d->skid_data, b->rdata, sizeof d->skid_data);
		d->skid_id = b->rid & 1;
		d->skid_last = b->rlast;
		d->skid_err = b->rresp >> 1;
	}
}

void axi_rd_next(const struct config *c, const struct axi_rd *q, const struct axi_rd_in *in, struct axi_rd *d)
{
	(void)c;
	*d = *q;
	address_next(q, in, d);
	response_next(q, in, d);
	if (!in->rst_n)
		d->arvalid = d->rready = d->pend = d->beat = d->rsp_valid = d->skid_valid = 0;
}

void axi_rd_bus(const struct axi_rd *q, struct axi_m2s *bus)
{
	bus->arvalid = q->arvalid;
	bus->arid = q->arid;
	bus->araddr = q->araddr;
	bus->arlen = q->arlen;
	bus->rready = q->rready;
}
