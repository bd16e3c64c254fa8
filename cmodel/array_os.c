/* SPDX-License-Identifier: Apache-2.0 */
#include "array_os.h"
#include "feed.h"
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
static void lines_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os_ram *m, struct array_os *d)
{
	size_t n = (size_t)c->cols, bytes = n * sizeof(int16_t);
	int i, delay = array_os_delay(c);

	d->cpar = q->cpar;
	d->cfresh = q->cfresh;
	d->pad = q->pad;
	d->dist = q->dist;
	d->ptr = q->ptr;
	memcpy(d->l0, q->l0, bytes);
	memcpy(d->l1, q->l1, bytes);
	memcpy(d->l2, q->l2, bytes);
	memcpy(d->hist, q->hist, 2 * bytes);
	memcpy(d->prev, q->prev, (size_t)delay * sizeof q->prev[0]);
	if (!tok_bit(in->tok, TOK_DW) || !tok_bit(in->tok, TOK_EN))
		return;
	d->cpar = (uint8_t)tok_bit(in->tok, TOK_PAR);
	d->cfresh = (uint8_t)tok_bit(in->tok, TOK_FRESH);
	d->pad = c->zero_gating ? 0 : in->zx;
	d->dist = tok_bit(in->tok, TOK_ADV) ? (uint8_t)delay : (q->dist - 1) & 15;
	if (!tok_bit(in->tok, TOK_ADV))
		return;
	for (i = delay - 1; i > 0; i--)
		memcpy(d->prev[i], q->prev[i - 1], 3 * bytes);
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

static const int16_t *line_of(const struct config *c, const struct array_os *q, uint32_t tokb)
{
	int kh = (int)(tokb >> ROW_KH & 3);

	if (q->dist && q->dist <= array_os_delay(c) && tok_bit(tokb, ROW_PAR) == q->cpar && !q->cfresh)
		return q->prev[q->dist - 1] + (kh > 2 ? 0 : kh) * c->cols;
	return kh == 1 ? q->l1 : kh == 2 ? q->l2 : q->l0;
}

static void word_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, int r, int take, struct array_os *d)
{
	const int16_t *word = q->word + r * c->act_port, *line;
	int16_t *dword = d->word + r * c->act_port;
	uint32_t b = q->tokb[r];
	int i, in_map;

	memcpy(dword, take ? in->bus : word, (size_t)c->act_port * sizeof *dword);
	if (take || !tok_bit(b, ROW_VALID) || !tok_bit(b, ROW_DW))
		return;
	in_map = q->vy[r] >> (b >> ROW_KH & 3) & 1 && q->vx[r] >> (b >> ROW_KW & 3) & 1;
	line = line_of(c, q, b);
	for (i = 0; i < c->cols; i++)
		dword[i] = in_map ? line[i] : q->pad;
}

static void row_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, int r, uint32_t first_tok, struct array_os *d)
{
	uint32_t toki = r ? q->tok[r - 1] : first_tok, b = q->tokb[r];
	int en = tok_bit(in->tok, TOK_EN), vb = tok_bit(b, ROW_VALID);
	int act = en && tok_bit(toki, ROW_VALID);

	d->tok[r] = en ? toki : q->tok[r];
	d->tokb[r] = en ? toki : 0;
	d->rv[r] = q->rv[r];
	d->vy[r] = q->vy[r];
	d->vx[r] = q->vx[r];
	if (act && tok_bit(toki, ROW_FIRST)) {
		d->rv[r] = (uint8_t)tok_bit(in->tok, TOK_RV);
		d->vy[r] = in->vy;
		d->vx[r] = in->vx;
	}
	word_next(c, q, in, r, act && tok_bit(toki, ROW_SEGF) && !tok_bit(toki, ROW_DW), d);
	d->x[r] = vb && !tok_bit(b, ROW_DW) ? q->word[r * c->act_port + (int)(b >> ROW_IDX)] : q->x[r];
	d->vc[r] = (uint8_t)(vb && q->rv[r]);
	d->fc[r] = (uint8_t)tok_bit(b, ROW_FIRST);
	d->lc[r] = (uint8_t)tok_bit(b, ROW_LAST);
	d->dwc[r] = (uint8_t)tok_bit(b, ROW_DW);
	d->vd[r] = q->vc[r];
	d->fd[r] = q->fc[r];
	d->ld[r] = q->lc[r];
	d->le[r] = q->vd[r] && q->ld[r];
}

static void pe_row_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, int r, struct array_os *d)
{
	int n = c->cols, o = r * n, i, zeros = 0;
	const int8_t *w = q->w + o, *win = r ? q->w + o - n : in->w;
	const int16_t *xw = q->word + r * c->act_port;
	int8_t *dw = d->w + o;

	memcpy(dw, tok_bit(q->tokb[r], ROW_VALID) ? win : w, (size_t)n);
	if (!q->vc[r]) {
		memcpy(d->prod + o, q->prod + o, (size_t)n * sizeof *d->prod);
		memcpy(d->nz + o, q->nz + o, (size_t)n);
	} else {
		int16_t x = q->x[r];

		for (i = 0; i < n; i++) {
			int xi = q->dwc[r] ? xw[i] : x;
			uint8_t nz = (uint8_t)(!c->zero_gating || (xi != 0 && w[i] != 0));

			d->nz[o + i] = nz;
			d->prod[o + i] = nz ? xi * w[i] : q->prod[o + i];
			zeros += !nz;
		}
	}
	d->mul[r] = q->vc[r];
	d->zero[r] = (uint8_t)zeros;
	if (!q->vd[r]) {
		memcpy(d->acc + o, q->acc + o, (size_t)n * sizeof *d->acc);
		return;
	}
	if (q->fd[r])
		for (i = 0; i < n; i++)
			d->acc[o + i] = q->nz[o + i] ? q->prod[o + i] : 0;
	else
		for (i = 0; i < n; i++)
			d->acc[o + i] = q->acc[o + i] + (q->nz[o + i] ? q->prod[o + i] : 0);
}

void array_os_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os_ram *m, struct array_os *d)
{
	int r, i, n = c->cols, busy = 0, gated = 0;
	uint32_t first_tok = row_token(c, in->tok);

	lines_next(c, q, in, m, d);
	d->push = 0;
	memcpy(d->vec, q->vec, (size_t)n * sizeof *d->vec);
	for (r = 0; r < c->rows; r++) {
		row_next(c, q, in, r, first_tok, d);
		pe_row_next(c, q, in, r, d);
		busy += q->mul[r] * n;
		gated += q->zero[r];
		if (!q->le[r])
			continue;
		d->push = 1;
		for (i = 0; i < n; i++)
			d->vec[i] = q->acc[r * n + i];
	}
	d->busy = (uint16_t)busy;
	d->gated = (uint16_t)gated;
}

void array_os_reset(const struct config *c, struct array_os *d)
{
	int r;

	for (r = 0; r < c->rows; r++) {
		d->tok[r] = d->tokb[r] = 0;
		d->vc[r] = d->vd[r] = d->le[r] = d->mul[r] = 0;
	}
	d->push = 0;
	d->ptr = 0;
}
