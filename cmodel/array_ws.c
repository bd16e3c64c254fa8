/* SPDX-License-Identifier: Apache-2.0 */
#include "array_ws.h"
#include "feed.h"
#include "lanes.h"
#include <stdlib.h>
#include <string.h>

/* What the rows and the accumulators need of feed's token. Bit positions: */
enum { WS_VALID, WS_FIRST, WS_LAST, WS_SEGF };

int array_ws_psum_bits(const struct config *c, int r)
{
	int bits = c->x_bits + c->w_bits;

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

/* The tokens move down one row; of the activations each row keeps its own and those for the rows below. */
static void rows_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, struct array_ws *d)
{
	int16_t packed[CONFIG_MAX_PORT + LANES];
	const int16_t *word = in->bus;
	int r, pitch = lanes_padded(array_ws_lanes(c));

	if (c->group > 1 && in->tok >> TOK_IDX & 1) {
		for (r = 0; r < array_ws_lanes(c); r++)
			packed[r] = in->bus[r / c->group * (c->group * 3 / 4) + r % c->group];
		word = packed;
	}
	d->tok[0] = row_token(in->tok);
	memcpy(d->tok + 1, q->tok, sizeof q->tok - 1);
	for (r = 0; r < CONFIG_MAX_ROWS; r++)
		d->vd[r] = d->mul[r] = q->tok[r] & 1;
	for (r = 0; r < c->rows; r++) {
		const int16_t *x = !(d->tok[r] & 1) ? q->x + r * pitch : r ? q->x + (r - 1) * pitch : word;

		memcpy(d->x + r * pitch, x, (size_t)pitch * sizeof *x);
	}
}

/* What row r's LANES PEs from column i on multiply: with groups each PE's index chooses. */
static lanes32 choose(const struct config *c, const struct array_ws *q, int r, int i)
{
	const int16_t *group = q->x + r * lanes_padded(array_ws_lanes(c)) + array_ws_lane(c, r);
	lanes32 x = lanes_all(group[0]), idx;
	int g;

	if (c->group == 1)
		return x;
	idx = lanes_load8((const int8_t *)q->idx + r * lanes_padded(c->cols) + i);
	for (g = 1; g < c->group; g++)
		x = lanes_select(idx == g, lanes_all(group[g]), x);
	return x;
}

/* The indices go with their weights. */
static void indices_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, struct array_ws *d)
{
	int r, pitch = lanes_padded(c->cols);

	for (r = 0; r < c->rows; r++) {
		const uint8_t *own = q->sh_idx + r * pitch, *above = r ? own - pitch : in->idx;
		int swap = (d->tok[r] & 1) && d->tok[r] >> WS_SEGF & 1;

		memcpy(d->sh_idx + r * pitch, in->shift >> r & 1 ? above : own, (size_t)pitch);
		memcpy(d->idx + r * pitch, swap ? own : q->idx + r * pitch, (size_t)pitch);
	}
}

/* What LANES PEs pass to those below. */
struct column { lanes32 sh, psum; };

/* The LANES PEs of row r from o on, n of them in use, multiply x. Returns how many products are gated. */
static int pes_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, int r, int o, int n, struct column *above, lanes32 x, struct array_ws *d)
{
	lanes32 all = lanes_load32(&q->weight[o]), sh = all << 24 >> 24, w = all << 16 >> 24, nz = all << 15 >> 31;
	lanes32 prod, psum, product, sum, now = nz;
	int zeros = 0;

	lanes_split(&q->part[o], &prod, &psum);
	product = prod;
	sum = psum;
	if (q->tok[r] & 1) {
		now = c->zero_gating ? (x != 0) & (w != 0) : lanes_all(-1);
		product = lanes_select(now, x * w, prod);
		zeros = lanes_zeros(now, n);
	}
	if (q->vd[r])
		sum = above->psum + (prod & nz);
	if ((d->tok[r] & 1) && d->tok[r] >> WS_SEGF & 1)
		w = sh;
	lanes_store32(&d->weight[o], ((in->shift >> r & 1 ? above->sh : sh) & 255) | (w & 255) << 8 | (now & 1) << 16);
	lanes_join(&d->part[o], product, sum);
	*above = (struct column){ sh, psum };
	return zeros;
}

static void columns_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, int i, struct array_ws *d)
{
	struct column above = { lanes_load8(in->w + i), lanes_all(0) };
	int r;

	for (r = 0; r < c->rows; r++) {
		int zeros = pes_next(c, q, in, r, r * lanes_padded(c->cols) + i, c->cols - i, &above, choose(c, q, r, i), d);

		d->zero[r] = (uint8_t)(i ? d->zero[r] + zeros : zeros);
	}
}

static void accumulate(const struct config *c, const struct array_ws *q, struct array_ws_ram *m, struct array_ws *d)
{
	uint8_t tok = q->tok[c->rows - 1];
	const struct pe_ws_sum *bottom = q->part + (c->rows - 1) * lanes_padded(c->cols);
	size_t bytes = (size_t)c->cols * sizeof *d->old;
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
		d->sum[i] = (q->f2 ? 0 : q->old[i]) + bottom[i].psum;
	m->we = q->we;
	m->waddr = q->i3;
	if (q->we)
		memcpy(m->wdata, q->sum, bytes);
}

void array_ws_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, struct array_ws_ram *m, struct array_ws *d)
{
	int i, r, busy = 0, gated = 0;

	rows_next(c, q, in, d);
	for (i = 0; i < c->cols; i += LANES)
		columns_next(c, q, in, i, d);
	if (c->group > 1)
		indices_next(c, q, in, d);
	for (r = 0; r < c->rows; r++) {
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
