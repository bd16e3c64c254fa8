/* SPDX-License-Identifier: Apache-2.0 */
#include "axi_wr.h"
#include <string.h>

void axi_wr_comb(const struct config *c, const struct axi_wr *q, const struct axi_wr_in *in, struct axi_wr_out *o)
{
	int open = (!q->wvalid || in->bus->wready) && q->owed;
	int take = open && (in->w_valid || in->halt);
	int free = (!q->awvalid || in->bus->awready) && !in->halt && q->pend != 255;

	(void)c;
	o->w_ready = (uint8_t)(open && !in->halt);
	o->aw_ready = (uint8_t)(free && (q->owed == 0 || (q->owed == 1 && take)));
}

void axi_wr_next(const struct config *c, const struct axi_wr *q, const struct axi_wr_in *in, struct axi_wr *d)
{
	struct axi_wr_out o;
	int w_take, aw_take, b_fire = in->bus->bvalid && q->bready;

	*d = *q;
	axi_wr_comb(c, q, in, &o);
	w_take = (!q->wvalid || in->bus->wready) && q->owed && (in->w_valid || in->halt);
	aw_take = in->aw.valid && o.aw_ready;
	d->awvalid = (uint8_t)(aw_take || (q->awvalid && !in->bus->awready));
	d->wvalid = (uint8_t)(w_take || (q->wvalid && !in->bus->wready));
	d->bready = 1;
	d->owed = (uint8_t)(aw_take ? in->aw.len + 1 : q->owed - w_take);
	d->pend = (uint8_t)(q->pend + aw_take - b_fire);
	d->beat = q->wvalid && in->bus->wready;
	d->b_valid = (uint8_t)b_fire;
	if (b_fire)
		d->b_err = in->bus->bresp >> 1;
	if (aw_take) {
		d->awaddr = in->aw.addr;
		d->awlen = in->aw.len;
	}
	if (w_take && !in->halt)
		memcpy(d->wdata, in->w_data, sizeof d->wdata);
	if (w_take) {
		d->wstrb = in->halt ? 0 : in->w_strb;
		d->wlast = q->owed == 1;
	}
	if (!in->rst_n)
		d->awvalid = d->wvalid = d->bready = d->owed = d->pend = d->beat = d->b_valid = 0;
}

void axi_wr_bus(const struct axi_wr *q, struct axi_m2s *bus)
{
	bus->awvalid = q->awvalid;
	bus->awid = 0;
	bus->awaddr = q->awaddr;
	bus->awlen = q->awlen;
	bus->wvalid = q->wvalid;
	memcpy(bus->wdata, q->wdata, sizeof bus->wdata);
	bus->wstrb = q->wstrb;
	bus->wlast = q->wlast;
	bus->bready = q->bready;
}
