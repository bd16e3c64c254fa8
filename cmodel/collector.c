/* SPDX-License-Identifier: Apache-2.0 */
#include "collector.h"
#include <stdlib.h>
#include <string.h>

int collector_ram_init(const struct config *c, struct collector_ram *m)
{
	memset(m, 0, sizeof *m);
	m->sums = calloc((size_t)c->col_depth * (size_t)c->cols, sizeof *m->sums);
	return m->sums ? 0 : -1;
}

void collector_ram_free(struct collector_ram *m)
{
	free(m->sums);
	m->sums = NULL;
}

void collector_next(const struct config *c, const struct collector *q, const struct collector_in *in,
	struct collector_ram *m, struct collector *d)
{
	size_t bytes = (size_t)c->cols * sizeof *q->rdata;
	uint32_t mask = (uint32_t)c->col_depth - 1;
	uint32_t re = q->count && (!q->out || in->pop);

	memcpy(d->rdata, re ? m->sums + (size_t)q->rptr * (size_t)c->cols : q->rdata, bytes);
	m->we = in->push;
	m->waddr = q->wptr;
	if (in->push)
		memcpy(m->wdata, in->data, bytes);
	if (!in->rst_n) {
		d->wptr = d->rptr = d->count = d->out = 0;
		return;
	}
	d->wptr = (q->wptr + in->push) & mask;
	d->rptr = (q->rptr + re) & mask;
	d->count = (q->count + in->push - re) & (2 * mask + 1);
	d->out = re || (q->out && !in->pop);
}

void collector_commit(const struct config *c, struct collector_ram *m)
{
	if (m->we)
		memcpy(m->sums + (size_t)m->waddr * (size_t)c->cols, m->wdata, (size_t)c->cols * sizeof *m->wdata);
}
