/* SPDX-License-Identifier: Apache-2.0 */
#include "array_os.h"
#include "feed.h"
#include "lanes.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int array_os_ram_init(const struct config *c, struct array_os_ram *m)
{
	m->we = 0;
	m->line = calloc((size_t)c->line_depth * 2 * (size_t)c->cols, sizeof *m->line);
	return m->line ? 0 : -1;
}

void array_os_ram_free(struct array_os_ram *m)
{
	free(m->line);
	m->line = NULL;
}

void array_os_commit(const struct config *c, struct array_os_ram *m)
{
	size_t n = 2 * (size_t)c->cols;

	if (m->we)
		memcpy(m->line + m->waddr * n, m->wdata, n * sizeof *m->line);
	m->we = 0;
}

/* The newest tile of rows runs dist positions behind the stream. Lines: l2 is the newest, l1 and l0 the same stream ldelay and 2*ldelay positions ago, from the line RAM. */
static void lines_next(const struct config *c, const struct dw_lines *q, const struct array_os_in *in, struct array_os_ram *m, struct dw_lines *d)
{
	size_t n = (size_t)c->cols, bytes = n * sizeof(int16_t);
	int i, delay = array_os_delay(c);

	memcpy(d, q, offsetof(struct dw_lines, prev));
	for (i = 0; i < delay; i++)
		memcpy(d->prev[i], q->prev[i], sizeof d->prev[i]);
	if (!tok_bit(in->tok, TOK_DW) || !tok_bit(in->tok, TOK_EN))
		return;
	d->cpar = (uint8_t)tok_bit(in->tok, TOK_PAR);
	d->cfresh = (uint8_t)tok_bit(in->tok, TOK_FRESH);
	d->pad = c->zero_gating ? 0 : in->zx;
	d->dist = tok_bit(in->tok, TOK_ADV) ? (uint8_t)delay : (q->dist - 1) & 15;
	if (!tok_bit(in->tok, TOK_ADV))
		return;
	for (i = delay - 1; i > 0; i--)
		memcpy(d->prev[i], q->prev[i - 1], sizeof d->prev[i]);
	if (delay) {
		memcpy(d->prev[0], q->l0, bytes);
		memcpy(d->prev[0] + n, q->l1, bytes);
		memcpy(d->prev[0] + 2 * n, q->l2, bytes);
	}
	memcpy(d->l2, in->bus, bytes);
	memcpy(d->l1, q->hist, bytes);
	memcpy(d->l0, q->hist + n, bytes);
	m->we = 1;
	m->waddr = q->ptr >= in->ldelay ? 0 : q->ptr; /* left anywhere by the stream before */
	memcpy(m->wdata, in->bus, bytes);
	memcpy(m->wdata + n, q->hist, bytes);
	d->ptr = (uint16_t)(m->waddr + 1 >= in->ldelay ? 0 : m->waddr + 1);
	memcpy(d->hist, m->line + d->ptr * 2 * n, 2 * bytes);
}

/* What a row needs of feed's token. Bit positions: */
enum { ROW_VALID, ROW_FIRST, ROW_LAST, ROW_SEGF, ROW_DW, ROW_PAR, ROW_KH, ROW_KW = 8, ROW_IDX = 10 };

static uint32_t row_token(const struct config *c, uint32_t tok)
{
	uint32_t idx = tok >> TOK_IDX & 63 & (uint32_t)(c->act_port - 1);

	return (uint32_t)(tok_bit(tok, TOK_VALID) && !tok_bit(tok, TOK_POOL)) << ROW_VALID |
	       (uint32_t)tok_bit(tok, TOK_FIRST) << ROW_FIRST | (uint32_t)tok_bit(tok, TOK_LAST) << ROW_LAST |
	       (uint32_t)tok_bit(tok, TOK_SEGF) << ROW_SEGF | (uint32_t)tok_bit(tok, TOK_DW) << ROW_DW |
	       (uint32_t)tok_bit(tok, TOK_PAR) << ROW_PAR | (tok >> TOK_KH & 3) << ROW_KH | (tok >> TOK_KW & 3) << ROW_KW | idx << ROW_IDX;
}

static const int16_t *line_of(const struct config *c, const struct dw_lines *q, uint32_t tok)
{
	int kh = (int)(tok >> ROW_KH & 3);

	if (q->dist && q->dist <= array_os_delay(c) && tok_bit(tok, ROW_PAR) == q->cpar && !q->cfresh)
		return q->prev[q->dist - 1] + (kh > 2 ? 0 : kh) * c->cols;
	return kh == 1 ? q->l1 : kh == 2 ? q->l2 : q->l0;
}

/* The control registers of all rows: tokens move down one row, the stages behind them one stage on. */
static void control_next(const struct array_os *q, const struct array_os_in *in, uint32_t first_tok, struct array_os *d)
{
	int r;

	if (tok_bit(in->tok, TOK_EN)) {
		d->tok[0] = first_tok;
		memcpy(d->tok + 1, q->tok, sizeof q->tok - sizeof q->tok[0]);
	} else {
		memcpy(d->tok, q->tok, sizeof d->tok);
	}
	for (r = 0; r < CONFIG_MAX_ROWS; r++) {
		d->vb[r] = (uint8_t)(tok_bit(in->tok, TOK_EN) & tok_bit(d->tok[r], ROW_VALID));
		d->vc[r] = (uint8_t)(q->vb[r] & q->rv[r]);
		d->fc[r] = (uint8_t)(q->tok[r] >> ROW_FIRST & 1);
		d->lc[r] = (uint8_t)(q->tok[r] >> ROW_LAST & 1);
		d->conv[r] = !tok_bit(q->tok[r], ROW_DW);
		d->le[r] = q->vd[r] & q->ld[r];
		d->mode[r] = q->tok[r] >> ROW_DW & 1 ? 0 : q->tok[r] >> ROW_KH & 3;
	}
	memcpy(d->vd, q->vc, sizeof d->vd);
	memcpy(d->fd, q->fc, sizeof d->fd);
	memcpy(d->ld, q->lc, sizeof d->ld);
	memcpy(d->mul, q->vc, sizeof d->mul);
	memcpy(d->rv, q->rv, sizeof d->rv);
	memcpy(d->vy, q->vy, sizeof d->vy);
	memcpy(d->vx, q->vx, sizeof d->vx);
}

/* A token that arrives at row r. */
static void arrive(const struct config *c, const struct array_os_in *in, int r, struct array_os *d)
{
	uint32_t t = d->tok[r];

	if (tok_bit(t, ROW_FIRST)) {
		d->rv[r] = (uint8_t)tok_bit(in->tok, TOK_RV);
		d->vy[r] = in->vy;
		d->vx[r] = in->vx;
	}
	if (tok_bit(t, ROW_SEGF) && !tok_bit(t, ROW_DW))
		memcpy(d->word + r * c->act_port, in->bus, (size_t)c->act_port * sizeof *d->word);
}

/* The operands of a step: the aligned group that holds activation idx. With subwords a step has an operand for each digit of
 * a weight: mul_sub.v tells which sees which. */
static void take_group(const struct config *c, const int16_t *word, int idx, int mode, int16_t *x)
{
	const int16_t *group = word + idx / c->group * c->group;
	int i;

	for (i = 0; i < c->group; i++)
		x[i] = group[c->sub == 1 || mode > 1 || (mode == 1 && c->sub == 2) ? i : mode == 1 ? (idx & 2) + i / 2 : idx % c->sub];
}

/* Stage B of row r: the group of operands that holds the step's, or a word of operands from the lines. A word that arrives has precedence. */
static void operand(const struct config *c, const struct array_os *q, int r, int taken, struct array_os *d)
{
	const int16_t *word = q->word + r * c->act_port, *line;
	uint32_t b = q->tok[r];
	int16_t *dword = d->word + r * c->act_port, *x = d->x + r * c->group;
	int i, in_map;

	if (!tok_bit(b, ROW_DW)) {
		take_group(c, word, (int)(b >> ROW_IDX), (int)(b >> ROW_KH & 3), x);
		return;
	}
	memset(x, 0, (size_t)c->group * sizeof *x);
	if (taken)
		return;
	in_map = q->vy[r] >> (b >> ROW_KH & 3) & 1 && q->vx[r] >> (b >> ROW_KW & 3) & 1;
	line = line_of(c, &q->lines, b);
	for (i = 0; i < c->cols; i++)
		dword[i] = in_map ? line[i] : q->lines.pad;
}

static void rows_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os *d)
{
	int r, en = tok_bit(in->tok, TOK_EN);

	memcpy(d->x, q->x, (size_t)(c->rows * c->group) * sizeof *d->x);
	memcpy(d->word, q->word, (size_t)(c->rows * c->act_port) * sizeof *d->word);
	for (r = 0; r < c->rows; r++) {
		uint32_t t = d->tok[r];
		int act = en && tok_bit(t, ROW_VALID);

		if (act)
			arrive(c, in, r, d);
		if (q->vb[r])
			operand(c, q, r, act && tok_bit(t, ROW_SEGF) && !tok_bit(t, ROW_DW), d);
	}
}

/* x * w, and in *nz whether neither is zero; in modes 1 and 2 sums of several such products, and whether any counts. */
static lanes32 lanes_product(const struct config *c, const lanes32 *x, lanes32 w, int mode, lanes32 *nz)
{
	int n = mode == 1 ? 2 : 4, bits = 8 / n, i;
	lanes32 product = lanes_all(0);

	if (mode == 0) {
		*nz = (x[0] != 0) & (w != 0);
		return x[0] * w;
	}
	*nz = lanes_all(0);
	for (i = 0; i < n; i++) {
		lanes32 part = w << (32 - bits * (i + 1)) >> (32 - bits), operand = x[i * c->sub / n];

		product += operand * part;
		*nz |= (operand != 0) & (part != 0);
	}
	return product;
}

/* Their sums in two halves: the carry of the lower one is added a step later. en: the PEs that add. */
static void split_add(const struct config *c, const struct array_os *q, int r, int o, lanes32 add, lanes32 en, lanes32 *acc, struct array_os *d)
{
	const lanes32 low = lanes_all((1 << c->acc_split) - 1), carry = lanes_load8((const int8_t *)q->carry + o);
	lanes32 base = *acc, in = carry, out;

	if (q->fd[r])
		base = in = lanes_all(0);
	if (!q->vd[r])
		en = lanes_all(0);
	out = ((base & low) + (add & low)) >> c->acc_split;
	*acc = lanes_select(en, base + add + (in << c->acc_split) - (out << c->acc_split), *acc);
	lanes_store8(d->carry + o, lanes_select(en, out, carry));
}

/* The LANES PEs of row r from o on; *above: the weights of the row above, and then of this one. Returns how many products are zero, of n. */
static int pes_next(const struct config *c, const struct array_os *q, int r, int o, int n, lanes32 *above, const lanes32 *x, struct array_os *d)
{
	lanes32 both = lanes_load16(&q->weight[o]), w = both << 24 >> 24, nz = -(both >> 8), prod, acc, now = nz, product;
	int zeros = 0;

	lanes_split(&q->sum[o], &prod, &acc);
	product = prod;
	if (q->vc[r]) {
		lanes32 p = lanes_product(c, x, w, c->sub > 1 ? q->mode[r] : 0, &now);

		if (!c->zero_gating)
			now = lanes_all(-1);
		product = lanes_select(q->fc[r] ? lanes_all(-1) : now, p, prod);
		zeros = lanes_zeros(now, n);
	}
	if (c->acc_split)
		split_add(c, q, r, o, prod & nz, q->fd[r] ? lanes_all(-1) : nz, &acc, d);
	else if (q->vd[r])
		acc = (q->fd[r] ? lanes_all(0) : acc) + (prod & nz);
	lanes_store16(&d->weight[o], ((q->vb[r] ? *above : w) & 255) | (now & 256));
	lanes_join(&d->sum[o], product, acc);
	*above = both;
	return zeros;
}

/* What row r's LANES PEs from column i on multiply: with groups each PE's index chooses. */
static lanes32 choose(const struct config *c, const struct array_os *q, int r, int i)
{
	lanes32 x = q->conv[r] ? lanes_all(q->x[r * c->group]) : lanes_load16(q->word + r * c->act_port + i), idx;
	int g;

	if (!c->idx_bits)
		return x;
	idx = lanes_load8((const int8_t *)q->idx + r * lanes_padded(c->cols) + i);
	for (g = 1; g < c->group; g++)
		x = lanes_select(idx == g, lanes_all(q->x[r * c->group + g]), x);
	return x;
}

/* The indices move down the rows with their weights. */
static void indices_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os *d)
{
	int r, pitch = lanes_padded(c->cols);

	for (r = 0; r < c->rows; r++) {
		const uint8_t *above = r ? q->idx + (r - 1) * pitch : in->idx;

		memcpy(d->idx + r * pitch, q->vb[r] ? above : q->idx + r * pitch, (size_t)pitch);
	}
}

/* LANES columns from i on. */
static void columns_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, int i, struct array_os *d)
{
	lanes32 above = lanes_load8(in->w + i);
	int r;

	for (r = 0; r < c->rows; r++) {
		lanes32 x[CONFIG_MAX_SUB];
		int s, zeros;

		x[0] = choose(c, q, r, i);
		for (s = 1; s < c->sub; s++)
			x[s] = q->conv[r] ? lanes_all(q->x[r * c->group + s]) : x[0];
		zeros = pes_next(c, q, r, r * lanes_padded(c->cols) + i, c->cols - i, &above, x, d);

		d->zero[r] = (uint8_t)(i ? d->zero[r] + zeros : zeros);
	}
}

void array_os_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os_ram *m, struct array_os *d)
{
	int r, i, n = c->cols, busy = 0, gated = 0;

	lines_next(c, &q->lines, in, m, &d->lines);
	control_next(q, in, row_token(c, in->tok), d);
	rows_next(c, q, in, d);
	for (i = 0; i < n; i += LANES)
		columns_next(c, q, in, i, d);
	if (c->idx_bits)
		indices_next(c, q, in, d);
	d->push = 0;
	memcpy(d->vec, q->vec, (size_t)n * sizeof *d->vec);
	for (r = 0; r < c->rows; r++) {
		busy += q->mul[r] * n;
		gated += q->zero[r];
		if (!q->le[r])
			continue;
		d->push = 1;
		for (i = 0; i < n; i++)
			d->vec[i] = q->sum[r * lanes_padded(n) + i].acc + (c->acc_split ? q->carry[r * lanes_padded(n) + i] << c->acc_split : 0);
	}
	d->busy = (uint16_t)busy;
	d->gated = (uint16_t)gated;
}

void array_os_reset(const struct config *c, struct array_os *d)
{
	int r;

	for (r = 0; r < c->rows; r++) {
		d->tok[r] = 0;
		d->vb[r] = d->vc[r] = d->vd[r] = d->le[r] = d->mul[r] = 0;
	}
	d->push = 0;
	d->lines.ptr = 0;
}
