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
static void configure(const struct config *c, const struct array_rs *q, const struct feed_rs_rows *cfg, struct array_rs *d)
{
	size_t n = (size_t)lanes_padded(c->rows);

	memcpy(d->used, q->used, n);
	memcpy(d->set, q->set, n);
	memcpy(d->ntail, q->ntail, n);
	memcpy(d->brk, q->brk, n);
	memcpy(d->off, q->off, n * sizeof *d->off);
	if (!cfg->shift)
		return;
	n = (size_t)c->rows - 1;
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

/* All rows' weights of the step in in->tok; those that come in several words are held in between. */
static const int8_t *gather(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, int8_t *all, struct array_rs *d)
{
	size_t n = (size_t)((rs_words(c) - 1) * c->cols);

	if (n == 0)
		return in->w;
	memcpy(all, q->hold, n);
	memcpy(all + n, in->w, (size_t)c->cols);
	memcpy(d->hold, in->wv && !bit(in->tok, RS_VALID) ? all + c->cols : q->hold, n);
	return all;
}

/* Weights go up one row, or wait a cycle with their token; each row takes its own. */
static void weights_next(const struct config *c, const struct array_rs *q, const int8_t *w, struct array_rs_ram *m, struct array_rs *d)
{
	int r, pitch = lanes_padded(c->rows);

	for (r = 0; r < c->rows; r++) {
		int o = r * pitch;
		const int8_t *below = r + 1 < c->rows ? q->w + o + pitch : w;

		memcpy(d->w + o, q->brk[r] ? q->prew + o : below, (size_t)pitch);
		memcpy(d->prew + o, below, (size_t)pitch);
		d->ws[r] = m->wdata[r] = q->w[o + r];
	}
}

/* Tokens of rows [i, i + LANES), and the stages behind them. */
static void tokens_next(const struct config *c, const struct array_rs *q, uint32_t tok, int i, struct array_rs_ram *m, struct array_rs *d)
{
	const lanes32 index = { 0, 1, 2, 3, 4, 5, 6, 7 };
	lanes32 below = lanes_load32(q->tok + i + 1), t = lanes_load32(q->tok + i), ntail = lanes_load8((const int8_t *)q->ntail + i);
	lanes32 valid = t & 1 & lanes_load8((const int8_t *)q->used + i), stream = t >> RS_STREAM & 1, tail = -(t >> RS_TAIL & 1);
	lanes32 all = lanes_all((int32_t)(c->cols == 32 ? ~0u : (1u << c->cols) - 1));
	lanes32 part = (lanes_all(1) << (ntail & 31)) - 1;

	below = lanes_select(index == c->rows - 1 - i, lanes_all((int32_t)tok), below);
	part = lanes_select(ntail >= 32, all, part & all);
	lanes_store32(d->pre + i, below);
	lanes_store32(d->tok + i, lanes_select(-lanes_load8((const int8_t *)q->brk + i), lanes_load32(q->pre + i), below));
	lanes_store8(d->vb + i, valid);
	lanes_store8(d->fb + i, t >> RS_FIRST & 1);
	lanes_store8(d->lb + i, t >> RS_LAST & 1);
	lanes_store8(d->strm + i, stream);
	lanes_store32(d->en + i, -valid & lanes_select(tail, part, all));
	lanes_store8(m->we + i, valid & stream);
	lanes_store16(m->waddr + i, t >> (RS_XADDR + rs_ring_aw(c)) & 0xFFFF);
	lanes_store8(d->le + i, lanes_load8((const int8_t *)q->vc + i) & lanes_load8((const int8_t *)q->lc + i));
	lanes_store8(d->v + i, lanes_load8((const int8_t *)q->le + i) | lanes_load8((const int8_t *)q->v + i + 1));
	memcpy(d->vc + i, q->vb + i, LANES);
	memcpy(d->fc + i, q->fb + i, LANES);
	memcpy(d->lc + i, q->lb + i, LANES);
}

/* Filter scratchpads' reads. */
static void filters_next(const struct config *c, const struct array_rs *q, const struct array_rs_ram *m, struct array_rs *d)
{
	int r;

	for (r = 0; r < c->rows; r++) {
		uint32_t t = q->tok[r];

		d->rdata[r] = q->rdata[r];
		if (bit(t, RS_VALID) && q->used[r] && !bit(t, RS_STREAM))
			d->rdata[r] = m->filter[(size_t)r * depth(c) + (t >> (RS_XADDR + rs_ring_aw(c)))];
	}
}

/* Word addr of LANES scratchpads. */
static lanes32 operands(const int16_t *spad, int ring, int addr)
{
	const int16_t *p = spad + addr;

	return (lanes32){ p[0], p[ring], p[2 * ring], p[3 * ring], p[4 * ring], p[5 * ring], p[6 * ring], p[7 * ring] };
}

/* The LANES PEs of row r from column i on. Returns how many products are gated. */
static int pes_next(const struct config *c, const struct array_rs *q, int r, int i, struct array_rs *d)
{
	int stride = lanes_padded(c->cols), o = r * stride + i, ring = rs_ring(c);
	int below = q->v[r + 1], w = q->strm[r] ? q->ws[r] : q->rdata[r];
	uint32_t take = d->en[r] >> i & 255, en = q->en[r] >> i & 255;
	lanes32 x = lanes_load16(q->x + o), operand = x, prod = lanes_load32(q->prod + o), acc = lanes_load32(q->acc + o);
	lanes32 nz = lanes_load8((const int8_t *)q->nz + o), now = lanes_mask(en);

	if (take)
		operand = lanes_select(lanes_mask(take), operands(q->spad + o * ring, ring, (int)(q->tok[r] >> RS_XADDR) & (ring - 1)), x);
	lanes_store16(d->x + o, operand);
	if (c->zero_gating)
		now &= (x != 0) & (lanes_all(w) != 0);
	lanes_store32(d->prod + o, lanes_select(now, x * w, prod));
	lanes_store8(d->nz + o, q->vb[r] ? -now : nz);
	if (q->vc[r])
		lanes_store32(d->acc + o, (q->fc[r] ? lanes_all(0) : acc) + (prod & -nz));
	else
		lanes_store32(d->acc + o, acc);
	if (!q->le[r] && !below)
		lanes_store32(d->chain + o, lanes_load32(q->chain + o));
	else
		lanes_store32(d->chain + o, (q->le[r] ? acc : lanes_all(0)) + (below ? lanes_load32(q->chain + o + stride) : lanes_all(0)));
	return __builtin_popcount(en & ~lanes_bits(now));
}

/* n, a power of two, activations. */
static void copy_words(int16_t *to, const int16_t *from, int n)
{
	int i;

	if (n == 1)
		*to = *from;
	else if (n == 2)
		memcpy(to, from, 2 * sizeof *to);
	else
		for (i = 0; i < n; i += 4)
			memcpy(to + i, from + i, 4 * sizeof *to);
}

/* The scratchpads are long: d, which is of the cycle before q, differs from q in what was written then. */
static void hold(const struct config *c, const struct array_rs *q, struct array_rs *d)
{
	const struct rs_written *last = &q->written;
	int ring = rs_ring(c), pitch = lanes_padded(c->cols), r;
	uint32_t pes;

	if (d->written.number == last->number)
		return;
	if (last->number - d->written.number != 1)
		memcpy(d->spad, q->spad, (size_t)(c->rows * pitch * ring) * sizeof *d->spad);
	else
		for (r = 0; r < c->rows; r++)
			for (pes = last->pes[r]; pes; pes &= pes - 1) {
				int at = (r * pitch + __builtin_ctz(pes)) * ring + last->addr;

				copy_words(d->spad + at, q->spad + at, last->words);
			}
	d->written.number = last->number;
}

/* Columns of row r that a load goes to: those of its set whose input line it is, or all. */
static uint32_t matching(const struct config *c, const struct array_rs *q, uint32_t ld, int r)
{
	uint32_t all = c->cols == 32 ? ~0u : (1u << c->cols) - 1, pes = 0;
	int i, line = (int)(ld >> RS_LD_D & 1023);

	if (bit(ld, RS_LD_ALL))
		return all;
	if (!q->used[r] || q->set[r] != (ld >> RS_LD_SET & 31))
		return 0;
	for (i = 0; i < c->cols; i += LANES)
		pes |= lanes_bits(lanes_load16(q->coff + i) == lanes_all((line - q->off[r]) & 1023)) << i;
	return pes & all;
}

static void load_next(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, struct array_rs *d)
{
	int ring = rs_ring(c), g = 1 << in->gl, n = g < ring ? g : ring, r, i;
	int addr = (int)(in->ld >> RS_LD_ADDR) & (ring - 1) & ~(g - 1);
	uint32_t pes;

	hold(c, q, d);
	if (!bit(in->ld, RS_LD_VALID))
		return;
	d->written.number++;
	d->written.addr = (uint8_t)addr;
	d->written.words = (uint8_t)n;
	for (r = 0; r < c->rows; r++)
		for (pes = d->written.pes[r] = matching(c, q, in->ld, r); pes; pes &= pes - 1) {
			int16_t *to = d->spad + (r * lanes_padded(c->cols) + __builtin_ctz(pes)) * ring + addr;

			for (i = 0; i < n; i += c->act_port)
				copy_words(to + i, in->bus, n < c->act_port ? n : c->act_port);
		}
}

/* Input lines of the columns, each from the column before. */
static void columns_next(const struct config *c, const struct array_rs *q, int dj, struct array_rs *d)
{
	const lanes32 others = { 0, 1023, 1023, 1023, 1023, 1023, 1023, 1023 };
	int i;

	lanes_store16(d->coff, (LANES_SHUFFLE(lanes_load16(q->coff), others, 8, 0, 1, 2, 3, 4, 5, 6) + dj) & others);
	for (i = LANES; i < c->cols; i += LANES)
		lanes_store16(d->coff + i, (lanes_load16(q->coff + i - 1) + dj) & 1023);
}

void array_rs_next(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, struct array_rs_ram *m, struct array_rs *d)
{
	int8_t all[CONFIG_MAX_ROWS + 2 * CONFIG_MAX_COLS];
	int r, i, busy = 0, gated = 0;

	configure(c, q, &in->cfg, d);
	columns_next(c, q, in->dj, d);
	load_next(c, q, in, d);
	for (i = 0; i < c->rows; i += LANES)
		tokens_next(c, q, in->tok, i, m, d);
	weights_next(c, q, gather(c, q, in, all, d), m, d);
	filters_next(c, q, m, d);
	for (r = 0; r < c->rows; r++) {
		int zeros = 0;

		for (i = 0; i < c->cols; i += LANES)
			zeros += pes_next(c, q, r, i, d);
		d->busy_row[r] = (uint8_t)__builtin_popcount(q->en[r]);
		d->gated_row[r] = (uint8_t)zeros;
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
