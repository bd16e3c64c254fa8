/* SPDX-License-Identifier: Apache-2.0 */
#include "acc_rs.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int acc_rs_ram_init(const struct config *c, struct acc_rs_ram *m)
{
	memset(m, 0, sizeof *m);
	m->sums = calloc((size_t)c->acc_depth * (size_t)c->cols, sizeof *m->sums);
	return m->sums ? 0 : -1;
}

void acc_rs_ram_free(struct acc_rs_ram *m)
{
	free(m->sums);
	m->sums = NULL;
}

void acc_rs_commit(const struct config *c, struct acc_rs_ram *m)
{
	int b;

	for (b = 0; m->we && b < c->cols; b++)
		m->sums[(size_t)m->waddr[b] * (size_t)c->cols + (size_t)b] = m->wdata[b];
	m->we = 0;
}

void acc_rs_reset(const struct config *c, struct acc_rs *d)
{
	d->v1 = d->fin1 = d->r1 = d->push = d->done = 0;
	d->pend = d->whalf = d->dh = 0;
	d->di = d->dq = 0;
	d->da = d->dl = 0;
	d->rot = 0;
	d->rd_ev = d->wr_ev = 0;
	d->cred = (uint32_t)c->col_depth;
}

/* Column (for an address) or filter (for a vector) of bank b when the other one is n. */
static int lane_of(const struct config *c, int b, int n) { return b >= n ? b - n : b - n + c->cols; }
static uint32_t mask(const struct config *c) { return (uint32_t)c->acc_depth - 1; }

static uint32_t half_base(const struct config *c, int half) { return half ? (uint32_t)c->acc_depth / 2 : 0; }

/* The next vector's place: set, filter, window, pass, tile. */
static void advance(const struct config *c, const struct acc_rs *q, const struct feed_rs_cmd *a, struct acc_rs *d)
{
	uint32_t pitch = a->flat ? (uint32_t)c->cols : (uint32_t)a->dn;
	int last_tile = q->wt + 1 == a->ntile, nx = a->flat && last_tile ? a->nx_last : a->nx;

	if (q->ws != 0) {
		d->ws = (uint16_t)(q->ws - c->cols);
		return;
	}
	d->ws = a->sep ? (uint16_t)(a->dn - c->cols) : 0;
	d->wf = (uint8_t)(q->wf + 1);
	if (q->wf + 1 != c->cols)
		return;
	d->wf = 0;
	d->wx = (uint16_t)(q->wx + 1);
	d->wxa = (q->wxa + pitch) & mask(c);
	if (q->wx + 1 != nx)
		return;
	d->wx = 0;
	d->wxa = half_base(c, q->whalf);
	d->wp = (uint16_t)(q->wp + 1);
	if (q->wp + 1 != a->np)
		return;
	d->wp = 0;
	d->wt = (uint16_t)(last_tile ? 0 : q->wt + 1);
	d->whalf = !q->whalf;
	d->wxa = half_base(c, !q->whalf);
	d->fin1 = 1;
	d->sni[q->whalf] = (uint16_t)(!a->flat ? a->nx : last_tile ? a->dn_last : a->dn);
	d->sno[q->whalf] = (uint16_t)(a->flat ? 1 : last_tile ? a->dn_last : a->dn);
	d->sis[q->whalf] = (uint16_t)(a->flat ? 1 : a->dn);
	d->sflat[q->whalf] = (uint8_t)a->flat;
}

static void write_back(const struct config *c, const struct acc_rs *q, struct acc_rs_ram *m)
{
	int b;

	for (b = 0; b < c->cols; b++) {
		m->waddr[b] = (q->base1 + (uint32_t)lane_of(c, b, q->f1)) & mask(c);
		m->wdata[b] = (int32_t)((uint32_t)(q->rmw1 ? q->rdata[b] : 0) + (uint32_t)q->vec1[b]);
	}
}

static void accumulate(const struct config *c, const struct acc_rs *q, const struct acc_rs_in *in, struct acc_rs_ram *m, struct acc_rs *d)
{
	int b;

	m->we = q->v1;
	if (q->v1)
		write_back(c, q, m);
	d->wr_ev = q->v1;
	d->v1 = in->v;
	d->fin1 = 0;
	if (in->start) {
		d->ws = in->cmd->sep ? (uint16_t)(in->cmd->dn - c->cols) : 0;
		d->wf = 0;
		d->wx = d->wp = d->wt = 0;
		d->wxa = half_base(c, q->whalf);
	}
	if (!in->v)
		return;
	d->f1 = q->wf;
	d->rmw1 = q->wp != 0;
	d->base1 = (q->wxa + q->ws) & mask(c);
	for (b = 0; b < c->cols; b++) {
		uint32_t addr = (d->base1 + (uint32_t)lane_of(c, b, q->wf)) & mask(c);

		d->vec1[b] = in->vec[lane_of(c, b, q->wf)];
		if (d->rmw1)
			d->rdata[b] = m->sums[(size_t)addr * (size_t)c->cols + (size_t)b];
	}
	advance(c, q, in->cmd, d);
}

/* One vector of the oldest whole tile, unless the RAM is busy accumulating. */
static int drain(const struct config *c, const struct acc_rs *q, const struct acc_rs_in *in, struct acc_rs_ram *m, struct acc_rs *d)
{
	int h = q->dh;

	if (!q->pend || !q->cred || (in->v && q->wp != 0))
		return 0;
	memcpy(d->rdata, m->sums + (size_t)q->da * (size_t)c->cols, (size_t)c->cols * sizeof *d->rdata);
	d->r1 = 1;
	d->rot1 = q->rot;
	if (q->di + 1 != q->sni[h]) {
		d->di = (uint16_t)(q->di + 1);
		d->da = (q->da + q->sis[h]) & mask(c);
		if (q->sflat[h])
			d->rot = (uint8_t)(q->rot + 1 == c->cols ? 0 : q->rot + 1);
		return 1;
	}
	d->di = 0;
	if (q->dq + 1 != q->sno[h]) {
		d->dq = (uint16_t)(q->dq + 1);
		d->da = d->dl = (q->dl + 1) & mask(c);
		d->rot = (uint8_t)(q->rot + 1 == c->cols ? 0 : q->rot + 1);
		return 1;
	}
	d->dq = 0;
	d->rot = 0;
	d->dh = !h;
	d->da = d->dl = half_base(c, !h);
	d->done = 1;
	return 1;
}

void acc_rs_next(const struct config *c, const struct acc_rs *q, const struct acc_rs_in *in, struct acc_rs_ram *m, struct acc_rs *d)
{
	size_t bytes = (size_t)c->cols * sizeof *d->vec;
	int took, f;

	memcpy(d, q, offsetof(struct acc_rs, vec1));
	memcpy(d->vec1, q->vec1, bytes);
	memcpy(d->rdata, q->rdata, bytes);
	memcpy(d->vec, q->vec, bytes);
	d->r1 = d->done = 0;
	accumulate(c, q, in, m, d);
	took = drain(c, q, in, m, d);
	d->cred = q->cred + in->col_pop - (uint32_t)took;
	d->pend = (uint8_t)(q->pend + q->fin1 - d->done);
	d->push = q->r1;
	for (f = 0; q->r1 && f < c->cols; f++)
		d->vec[f] = q->rdata[f + q->rot1 < c->cols ? f + q->rot1 : f + q->rot1 - c->cols];
	d->rd_ev = (uint8_t)(took || (in->v && q->wp != 0));
}
