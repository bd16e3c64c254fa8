/* SPDX-License-Identifier: Apache-2.0 */
#include "array_ws.h"
#include "feed.h"
#include <stdlib.h>
#include <string.h>

/* What the rows and the accumulators need of feed's token. Bit positions: */
enum { WS_VALID, WS_FIRST, WS_LAST, WS_SEGF };

int array_ws_psum_bits(const struct config *c, int r)
{
	int bits = c->x_bits + c->wgt_bits;

	while ((r + 1) >> 1) {
		r = ((r + 1) >> 1) - 1;
		bits++;
	}
	return bits < c->acc_bits ? bits : c->acc_bits;
}

int array_ws_ram_init(const struct config *c, struct array_ws_ram *m)
{
	m->we = 0;
	m->sums = calloc((size_t)c->acc_depth * (size_t)c->cols, sizeof *m->sums);
	return m->sums ? 0 : -1;
}

void array_ws_ram_free(struct array_ws_ram *m)
{
	free(m->sums);
	m->sums = NULL;
}

void array_ws_commit(const struct config *c, struct array_ws_ram *m)
{
	if (m->we)
		memcpy(m->sums + (size_t)m->waddr * (size_t)c->cols, m->wdata, (size_t)c->cols * sizeof *m->wdata);
	m->we = 0;
}

static uint8_t row_token(uint32_t tok)
{
	return (uint8_t)((tok_bit(tok, TOK_VALID) && !tok_bit(tok, TOK_POOL)) << WS_VALID | tok_bit(tok, TOK_FIRST) << WS_FIRST |
			 tok_bit(tok, TOK_LAST) << WS_LAST | tok_bit(tok, TOK_SEGF) << WS_SEGF);
}

static void row_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, int r, struct array_ws *d)
{
	uint8_t tok = r ? q->tok[r - 1] : row_token(in->tok);
	int lanes = c->rows - r, o = r * CONFIG_MAX_ROWS, p = r * c->cols;
	const int16_t *x = r ? q->x + o - CONFIG_MAX_ROWS + 1 : in->bus;
	const int8_t *sh = r ? q->sh + p - c->cols : in->w;

	d->tok[r] = tok;
	d->vd[r] = d->mul[r] = q->tok[r] & 1;
	memcpy(d->x + o, tok & 1 ? x : q->x + o, (size_t)lanes * sizeof *x);
	memcpy(d->sh + p, in->shift >> r & 1 ? sh : q->sh + p, (size_t)c->cols);
	memcpy(d->w + p, tok & 1 && tok >> WS_SEGF & 1 ? q->sh + p : q->w + p, (size_t)c->cols);
}

static void products_next(const struct config *c, const struct array_ws *q, int r, struct array_ws *d)
{
	int n = c->cols, o = r * n, i, zeros = 0;
	int16_t x = q->x[r * CONFIG_MAX_ROWS];

	if (q->tok[r] & 1) {
		for (i = o; i < o + n; i++) {
			uint8_t nz = (uint8_t)(!c->zero_gating || (x != 0 && q->w[i] != 0));

			d->nz[i] = nz;
			d->prod[i] = nz ? x * q->w[i] : q->prod[i];
			zeros += !nz;
		}
	} else {
		memcpy(d->prod + o, q->prod + o, (size_t)n * sizeof *d->prod);
		memcpy(d->nz + o, q->nz + o, (size_t)n);
	}
	d->zero[r] = (uint8_t)zeros;
	if (!q->vd[r])
		memcpy(d->psum + o, q->psum + o, (size_t)n * sizeof *d->psum);
	else
		for (i = o; i < o + n; i++)
			d->psum[i] = (r ? q->psum[i - n] : 0) + (q->nz[i] ? q->prod[i] : 0);
}

static void accumulate(const struct config *c, const struct array_ws *q, struct array_ws_ram *m, struct array_ws *d)
{
	uint8_t tok = q->tok[c->rows - 1];
	const int32_t *psum = q->psum + (c->rows - 1) * c->cols;
	size_t bytes = (size_t)c->cols * sizeof *psum;
	int i, re = q->v1 && !q->f1;

	d->v1 = tok & 1;
	d->f1 = tok >> WS_FIRST & 1;
	d->l1 = tok >> WS_LAST & 1;
	d->i1 = q->i1;
	if (tok & 1)
		d->i1 = (uint16_t)(tok >> WS_SEGF & 1 ? 0 : (q->i1 + 1) & (c->acc_depth - 1));
	d->v2 = q->v1;
	d->f2 = q->f1;
	d->l2 = q->l1;
	d->i2 = q->i1;
	d->i3 = q->i2;
	d->rd = (uint8_t)re;
	memcpy(d->old, re ? m->sums + (size_t)q->i1 * (size_t)c->cols : q->old, bytes);
	d->we = q->v2 && !q->l2;
	d->push = q->v2 && q->l2;
	memcpy(d->sum, q->sum, bytes);
	for (i = 0; q->v2 && i < c->cols; i++)
		d->sum[i] = (q->f2 ? 0 : q->old[i]) + psum[i];
	m->we = q->we;
	m->waddr = q->i3;
	if (q->we)
		memcpy(m->wdata, q->sum, bytes);
}

void array_ws_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, struct array_ws_ram *m, struct array_ws *d)
{
	int r, busy = 0, gated = 0;

	for (r = 0; r < c->rows; r++) {
		row_next(c, q, in, r, d);
		products_next(c, q, r, d);
		busy += q->mul[r] * c->cols;
		gated += q->zero[r];
	}
	accumulate(c, q, m, d);
	d->busy = (uint16_t)busy;
	d->gated = (uint16_t)gated;
}

void array_ws_reset(const struct config *c, struct array_ws *d)
{
	int r;

	for (r = 0; r < c->rows; r++)
		d->tok[r] = d->vd[r] = d->mul[r] = 0;
	d->v1 = d->v2 = d->rd = d->we = d->push = 0;
}
