/* SPDX-License-Identifier: Apache-2.0 */
#include "array_rs.h"
#include <stdlib.h>
#include <string.h>

static int bit(uint32_t tok, int n) { return (int)(tok >> n & 1); }
static size_t depth(const struct config *c) { return (size_t)1 << rs_spad_aw(c); }

int array_rs_ram_init(const struct config *c, struct array_rs_ram *m)
{
	memset(m, 0, sizeof *m);
	m->filter = calloc((size_t)c->rows, depth(c));
	return m->filter ? 0 : -1;
}

void array_rs_ram_free(struct array_rs_ram *m)
{
	free(m->filter);
	m->filter = NULL;
}

void array_rs_commit(const struct config *c, struct array_rs_ram *m)
{
	int r;

	for (r = 0; r < c->rows; r++) {
		if (m->we[r])
			m->filter[(size_t)r * depth(c) + m->waddr[r]] = m->wdata[r];
		m->we[r] = 0;
	}
}

/* The configuration moves down by one row. */
static void configure(const struct config *c, const struct array_rs *q, const struct feed_rs_out *cfg, struct array_rs *d)
{
	size_t n = (size_t)c->rows;

	memcpy(d->used, q->used, n);
	memcpy(d->set, q->set, n);
	memcpy(d->ntail, q->ntail, n);
	memcpy(d->brk, q->brk, n);
	memcpy(d->off, q->off, n * sizeof *d->off);
	if (!cfg->shift)
		return;
	n--;
	memcpy(d->used + 1, q->used, n);
	memcpy(d->set + 1, q->set, n);
	memcpy(d->ntail + 1, q->ntail, n);
	memcpy(d->brk + 1, q->brk, n);
	memcpy(d->off + 1, q->off, n * sizeof *d->off);
	d->used[0] = cfg->used;
	d->set[0] = cfg->set;
	d->ntail[0] = cfg->ntail;
	d->brk[0] = cfg->brk;
	d->off[0] = cfg->off & 1023;
}

/* All rows' weights of the step in in->tok; those that come in several words are held. */
static void gather(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, int8_t *w, struct array_rs *d)
{
	int n = (rs_words(c) - 1) * c->cols, i;
	int8_t all[CONFIG_MAX_ROWS + 2 * CONFIG_MAX_COLS];

	memcpy(all, q->hold, (size_t)n);
	memcpy(all + n, in->w, (size_t)c->cols);
	for (i = 0; i < c->rows; i++)
		w[i] = all[i];
	memcpy(d->hold, in->wv && !bit(in->tok, RS_VALID) ? all + c->cols : q->hold, (size_t)n);
}

static void row_next(const struct config *c, const struct array_rs *q, int r, uint32_t toki, const int8_t *wi, struct array_rs_ram *m, struct array_rs *d)
{
	size_t n = (size_t)r + 1, o = (size_t)r * CONFIG_MAX_ROWS;
	uint32_t t = q->tok[r], addr = t >> (RS_XADDR + rs_ring_aw(c));
	int valid = bit(t, RS_VALID) && q->used[r], stream = bit(t, RS_STREAM), tail = bit(t, RS_TAIL);
	uint32_t all = c->cols == 32 ? ~0u : (1u << c->cols) - 1, part = q->ntail[r] >= 32 ? ~0u : (1u << q->ntail[r]) - 1;

	d->pre[r] = toki;
	memcpy(d->prew + o, wi, n);
	d->tok[r] = q->brk[r] ? q->pre[r] : toki;
	memcpy(d->w + o, q->brk[r] ? q->prew + o : wi, n);
	m->we[r] = valid && stream;
	m->waddr[r] = (uint16_t)addr;
	m->wdata[r] = q->w[o + (size_t)r];
	d->rdata[r] = valid && !stream ? m->filter[(size_t)r * depth(c) + addr] : q->rdata[r];
	d->ws[r] = q->w[o + (size_t)r];
	d->vb[r] = (uint8_t)valid;
	d->fb[r] = (uint8_t)bit(t, RS_FIRST);
	d->lb[r] = (uint8_t)bit(t, RS_LAST);
	d->strm[r] = (uint8_t)stream;
	d->en[r] = valid ? tail ? part & all : all : 0;
	d->vc[r] = q->vb[r];
	d->fc[r] = q->fb[r];
	d->lc[r] = q->lb[r];
	d->le[r] = q->vc[r] && q->lc[r];
	d->v[r] = q->le[r] || (r + 1 < c->rows && q->v[r + 1]);
}

static void pe_row_next(const struct config *c, const struct array_rs *q, int r, struct array_rs *d)
{
	int n = c->cols, o = r * n, ring = rs_ring(c), j, zeros = 0, busy = 0;
	int xaddr = (int)(q->tok[r] >> RS_XADDR) & (ring - 1), w = q->strm[r] ? q->ws[r] : q->rdata[r];
	int below = r + 1 < c->rows && q->v[r + 1];

	for (j = 0; j < n; j++) {
		int p = o + j, take = (int)(d->en[r] >> j & 1), en = (int)(q->en[r] >> j & 1);
		int nz = en && (!c->zero_gating || (q->x[p] != 0 && w != 0));

		d->x[p] = take ? q->spad[p * ring + xaddr] : q->x[p];
		d->prod[p] = nz ? q->x[p] * w : q->prod[p];
		d->nz[p] = (uint8_t)(q->vb[r] ? nz : q->nz[p]);
		d->acc[p] = q->acc[p];
		if (q->vc[r] && (q->nz[p] || q->fc[r]))
			d->acc[p] = (q->fc[r] ? 0 : q->acc[p]) + (q->nz[p] ? q->prod[p] : 0);
		d->chain[p] = q->chain[p];
		if (q->le[r] || below)
			d->chain[p] = (int32_t)((uint32_t)(q->le[r] ? q->acc[p] : 0) + (uint32_t)(below ? q->chain[p + n] : 0));
		busy += en;
		zeros += en && !nz;
	}
	d->busy_row[r] = (uint8_t)busy;
	d->gated_row[r] = (uint8_t)zeros;
}

/* A word goes to the PEs of its set whose input line it is, or to all. */
static void load_next(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, struct array_rs *d)
{
	int ring = rs_ring(c), g = 1 << in->gl, r, j, i;
	int set = (int)(in->ld >> RS_LD_SET & 31), line = (int)(in->ld >> RS_LD_D & 1023), addr = (int)(in->ld >> RS_LD_ADDR) & (ring - 1) & ~(g - 1);

	memcpy(d->spad, q->spad, (size_t)(c->rows * c->cols * ring) * sizeof *d->spad);
	for (j = 0; j < c->cols; j++)
		d->coff[j] = (uint16_t)(j ? (q->coff[j - 1] + in->dj) & 1023 : 0);
	if (!bit(in->ld, RS_LD_VALID))
		return;
	for (r = 0; r < c->rows; r++)
		for (j = 0; j < c->cols; j++) {
			int all = bit(in->ld, RS_LD_ALL), mine = q->used[r] && q->set[r] == set && ((q->off[r] + q->coff[j]) & 1023) == line;

			for (i = 0; (all || mine) && i < g && i < ring; i++)
				d->spad[(r * c->cols + j) * ring + addr + i] = in->bus[i & (c->act_port - 1)];
		}
}

void array_rs_next(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, struct array_rs_ram *m, struct array_rs *d)
{
	int8_t w[CONFIG_MAX_ROWS];
	int r, busy = 0, gated = 0;

	configure(c, q, &in->cfg, d);
	gather(c, q, in, w, d);
	load_next(c, q, in, d);
	for (r = 0; r < c->rows; r++) {
		int bottom = r + 1 == c->rows;

		row_next(c, q, r, bottom ? in->tok : q->tok[r + 1], bottom ? w : q->w + (r + 1) * CONFIG_MAX_ROWS, m, d);
		pe_row_next(c, q, r, d);
		busy += q->busy_row[r];
		gated += q->gated_row[r];
	}
	d->busy = (uint16_t)busy;
	d->gated = (uint16_t)gated;
}

void array_rs_reset(const struct config *c, struct array_rs *d)
{
	int r;

	for (r = 0; r < c->rows; r++) {
		d->tok[r] = d->pre[r] = 0;
		d->vb[r] = d->vc[r] = d->le[r] = d->v[r] = 0;
		d->en[r] = 0;
		d->used[r] = 0;
	}
}
