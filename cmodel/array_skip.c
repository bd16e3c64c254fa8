/* SPDX-License-Identifier: Apache-2.0 */
#include "array_skip.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static size_t pes(const struct config *c) { return (size_t)c->rows * (size_t)c->cols; }

int array_skip_ram_init(const struct config *c, struct array_skip_ram *m)
{
	memset(m, 0, sizeof *m);
	m->col = calloc(pes(c) << skip_key_aw(c), 2 * sizeof *m->col);
	m->ent = calloc(pes(c) << skip_ent_aw(c), 2 * sizeof *m->ent);
	m->sum = calloc(pes(c) << skip_psum_aw(c), 2 * sizeof *m->sum);
	m->queue = calloc(pes(c), (size_t)c->queue_depth * sizeof *m->queue);
	m->fifo = calloc((size_t)c->rows * SKIP_FIFO, sizeof *m->fifo);
	return m->col && m->ent && m->sum && m->queue && m->fifo ? 0 : -1;
}

void array_skip_ram_free(struct array_skip_ram *m)
{
	free(m->col);
	free(m->ent);
	free(m->sum);
	free(m->queue);
	free(m->fifo);
	memset(m, 0, sizeof *m);
}

void array_skip_commit(const struct config *c, struct array_skip_ram *m)
{
	size_t p, n = pes(c);
	int r, k;

	for (r = 0; r < c->rows; r++) {
		if (m->fifo_we[r])
			m->fifo[r * SKIP_FIFO + m->fifo_word[r].wp] = m->fifo_word[r];
		m->fifo_we[r] = 0;
	}
	for (p = 0; p < n; p++) {
		if (m->pe[p].len)
			m->col[(p << (skip_key_aw(c) + 1)) + m->pe[p].waddr] = m->pe[p].cdata;
		if (m->pe[p].ent)
			m->ent[(p << (skip_ent_aw(c) + 1)) + m->pe[p].waddr] = m->pe[p].edata;
		if (m->pe[p].push)
			m->queue[p * (size_t)c->queue_depth + m->pe[p].qaddr] = m->pe[p].queued;
		for (k = 0; k < 2; k++)
			if (m->pe[p].sum[k])
				m->sum[((2 * p + (size_t)k) << skip_psum_aw(c)) + m->pe[p].saddr[k]] = m->pe[p].sdata[k];
		m->pe[p].len = m->pe[p].ent = m->pe[p].push = m->pe[p].sum[0] = m->pe[p].sum[1] = 0;
	}
}

void array_skip_reset(const struct config *c, struct array_skip *d)
{
	size_t p, n = pes(c);
	int r;

	d->clr = 1;
	d->addr1 = 0;
	d->dbusy = d->take1 = d->push = d->rd_ev = d->err = 0;
	d->cred = (uint32_t)c->col_depth;
	for (r = 0; r < c->rows; r++) {
		struct row_skip *w = &d->row[r];

		w->used = w->wp = w->rp = w->n = w->have = w->bv = w->v1 = w->idle = 0;
		w->room = 1;
	}
	for (p = 0; p < n; p++) {
		struct pe_skip *e = &d->pe[p];

		e->qw = e->qr = e->qn = e->have = e->left = e->ev = e->pv = e->fv = e->err = 0;
	}
}

static int32_t wrap(int64_t v, int bits)
{
	uint64_t m = 1ull << (bits - 1);

	return (int32_t)(int64_t)((((uint64_t)v & (2 * m - 1)) ^ m) - m);
}

/* What the parts of the array see of a cycle. */
struct cycle {
	const struct config *c;
	const struct array_skip_in *in;
	enum skip_load kind;        /* of the weight word */
	int all, row, bank;         /* where it goes */
	uint32_t addr;
	const uint8_t *word;
	int take;                   /* a vector of sums is read */
};

/* A length or an entry arrives. Whether a length goes past the block's entries. */
static int pe_load(const struct cycle *y, const struct array_skip *q, int col, const struct pe_skip *e, struct array_skip_ram *m, size_t p, struct pe_skip *d)
{
	const struct config *c = y->c;
	uint32_t mask = (1u << skip_ent_aw(c)) - 1, after;

	if (y->kind == SKIP_NEW)
		d->start = 0;
	if (y->kind == SKIP_LEN) {
		after = (e->start + y->word[col]) & ((1u << (skip_ent_aw(c) + 9)) - 1);
		d->start = after;
		m->pe[p].len = 1;
		m->pe[p].waddr = (uint32_t)y->bank << skip_key_aw(c) | (y->addr & ((1u << skip_key_aw(c)) - 1));
		m->pe[p].cdata = (e->start & mask) << 8 | y->word[col];
		return after > q->ne;
	}
	if (y->kind == SKIP_ENT || y->kind == SKIP_RAW) {
		m->pe[p].ent = 1;
		m->pe[p].waddr = (uint32_t)y->bank << skip_ent_aw(c) | (y->addr & mask);
		m->pe[p].edata = (uint16_t)(c->codebook ? y->word[col] : y->kind == SKIP_RAW ? y->word[col] << 8 : (uint8_t)q->val[col] << 8 | y->word[col]);
	}
	return 0;
}

/* Queue: the column of an activation comes, the next one goes to the multiplier. */
static void pe_queue(const struct cycle *y, const struct row_skip *w, const struct pe_skip *e, int16_t bx, struct array_skip_ram *m, size_t p, struct pe_skip *d)
{
	const struct config *c = y->c;
	uint32_t bank = y->in->feed->bank, addr, mask = (1u << skip_ent_aw(c)) - 1;
	int push = w->v1 && (e->col & 255) != 0 && e->x1 != 0, pop = e->left == 0 && e->have, depth = c->queue_depth - 1;
	int next = e->qn != 0 && (!e->have || pop);

	if (w->bv) {
		d->x1 = bx;
		d->col = m->col[(p << (skip_key_aw(c) + 1)) + (bank << skip_key_aw(c) | w->bkey)];
	}
	if (push) {
		m->pe[p].push = 1;
		m->pe[p].qaddr = e->qw;
		m->pe[p].queued = (struct skip_queued){ e->x1, w->base1, e->col };
	}
	if (next) {
		const struct skip_queued *head = &m->queue[p * (size_t)c->queue_depth + e->qr];

		d->hx = head->x;
		d->hb = head->base;
		d->hcol = head->col;
	}
	d->qw = (uint8_t)((e->qw + push) & depth);
	d->qr = (uint8_t)((e->qr + next) & depth);
	d->qn = (uint8_t)(e->qn + push - next);
	d->have = next || (e->have && !pop);
	d->ev = e->left != 0 || pop;
	if (!d->ev)
		return;
	addr = e->left ? e->ptr : e->hcol >> 8;
	d->ptr = (addr + 1) & mask;
	d->ef = e->left == 0;
	d->ent = m->ent[(p << (skip_ent_aw(c) + 1)) + (bank << skip_ent_aw(c) | addr)];
	if (e->left) {
		d->left = (uint8_t)(e->left - 1);
		return;
	}
	d->left = (uint8_t)(e->hcol - 1);
	d->ex = e->hx;
	d->eb = e->hb;
}

/* Product and sum. read: the sum of the other half that leaves, or -1; clear: the one to clear. */
static void pe_multiply(const struct cycle *y, const struct array_skip *q, const struct row_skip *w, const struct pe_skip *e, int read, int clear, struct array_skip_ram *m, size_t p, struct pe_skip *d)
{
	const struct config *c = y->c;
	int bank = y->in->feed->pbank, run = e->ent & ((1 << skip_run_bits(c)) - 1), val = e->ent >> skip_run_bits(c);
	int idx = (e->ef ? 0 : e->idx + 1) + run, past = idx >= y->in->feed->a.nix, addr = e->eb - idx;
	int weight = c->codebook ? q->code[16 * y->in->feed->bank + val] : (int8_t)val, use = e->ev && !past && addr >= 0 && addr < w->lim, mul = use && weight != 0;
	const int32_t *sums = m->sum + ((2 * p) << skip_psum_aw(c));
	int32_t sum;

	if (e->ev)
		d->idx = (uint16_t)(idx & 511);
	d->err = e->ev && past;
	d->mul = (uint8_t)use;
	d->zero = use && !mul;
	d->pv = (uint8_t)mul;
	d->fv = e->pv;
	if (mul) {
		d->prod = e->ex * weight;
		d->pa = (uint16_t)addr;
		d->sum[bank] = sums[((size_t)bank << skip_psum_aw(c)) + (size_t)addr];
	}
	if (read >= 0)
		d->sum[!bank] = sums[((size_t)!bank << skip_psum_aw(c)) + (size_t)read];
	if (e->pv) {
		sum = wrap((int64_t)(e->fv && e->fa == e->pa ? e->fsum : e->sum[bank]) + e->prod, c->acc_bits);
		d->fsum = sum;
		d->fa = e->pa;
		m->pe[p].sum[bank] = 1;
		m->pe[p].saddr[bank] = e->pa;
		m->pe[p].sdata[bank] = sum;
	}
	if (clear >= 0) {
		m->pe[p].sum[!bank] = 1;
		m->pe[p].saddr[!bank] = (uint16_t)clear;
		m->pe[p].sdata[!bank] = 0;
	}
	if (q->clr) {
		m->pe[p].sum[0] = m->pe[p].sum[1] = 1;
		m->pe[p].saddr[0] = m->pe[p].saddr[1] = q->addr1;
		m->pe[p].sdata[0] = m->pe[p].sdata[1] = 0;
	}
}

static int pe_idle(const struct pe_skip *e) { return !e->qn && !e->have && !e->left && !e->ev && !e->pv; }

/* A word for the row goes into its FIFO. */
static int row_word(const struct cycle *y, const struct row_skip *w, uint64_t nz, struct array_skip_ram *m, int r)
{
	const struct feed_skip *f = y->in->feed;
	int line = (int)(f->t5 >> SKIP_W_LINE & 255), seg = (int)(f->t5 >> SKIP_W_SEG & 31);
	struct row_skip *to = &m->fifo_word[r];

	if (!(f->t5 & 1) || !w->used || seg != w->seg || line < w->line || line - w->line >= f->a.kh || !nz)
		return 0;
	m->fifo_we[r] = 1;
	to->wp = w->wp;
	to->fbase = (uint16_t)(f->t5 >> SKIP_W_BASE);
	to->fkey = (uint16_t)(((uint32_t)(f->t5 >> SKIP_W_KEY) - w->key) & ((1u << skip_key_aw(y->c)) - 1));
	to->fnz = nz;
	memcpy(to->fx, f->bus, (size_t)y->c->act_port * sizeof *to->fx);
	return 1;
}

/* The first activation of the word that is not zero (dw: group of activations) goes to the PEs. */
static void row_send(const struct cycle *y, const struct row_skip *w, uint64_t left, struct row_skip *d)
{
	const struct config *c = y->c;
	int lane = __builtin_ctzll(left), group = lane / c->cols, i;

	if (y->in->feed->a.dw) {
		d->left = (group + 1) * c->cols >= 64 ? 0 : left >> (group + 1) * c->cols << (group + 1) * c->cols;
		for (i = 0; i < c->cols; i++)
			d->bx[i] = w->fx[group * c->cols + i];
	} else {
		d->left = left & (left - 1);
		for (i = 0; i < c->cols; i++)
			d->bx[i] = w->fx[lane];
	}
	d->bkey = (uint16_t)((w->fkey + (y->in->feed->a.dw ? group : lane)) & ((1 << skip_key_aw(c)) - 1));
	d->bbase = w->fbase;
}

static void row_next(const struct cycle *y, const struct array_skip *q, uint64_t nz, struct array_skip_ram *m, int r, struct array_skip *d)
{
	const struct config *c = y->c;
	const struct row_skip *w = &q->row[r];
	const struct pe_skip *e = &q->pe[r * c->cols];
	struct row_skip *n = &d->row[r];
	const struct row_skip *head = &m->fifo[r * SKIP_FIFO + w->rp];
	int hit = row_word(y, w, nz, m, r), room = 1, idle = 1, busy = 0, gated = 0, go, last, read, i;
	uint64_t left = w->fresh ? w->fnz : w->left;

	for (i = 0; i < c->cols; i++) {
		room &= e[i].qn <= c->queue_depth - 3;
		idle &= pe_idle(&e[i]);
		busy += e[i].mul;
		gated += e[i].zero;
	}
	*n = *w;
	go = w->have && room;
	n->bv = (uint8_t)go;
	n->v1 = w->bv;
	n->base1 = w->bbase;
	if (go)
		row_send(y, w, left, n);
	last = go && n->left == 0;
	read = w->n != 0 && (!w->have || last);
	n->wp = (uint8_t)((w->wp + hit) & 15);
	n->rp = (uint8_t)((w->rp + read) & 15);
	n->n = (uint8_t)(w->n + hit - read);
	n->room = !w->used || w->n <= 8;
	n->have = read || (w->have && !last);
	n->fresh = read || (w->fresh && !go);
	n->idle = !hit && !w->n && !w->have && !w->bv && !w->v1 && idle;
	n->busy = (uint8_t)busy;
	n->gated = (uint8_t)gated;
	if (read) {
		n->fbase = head->fbase;
		n->fkey = head->fkey;
		n->fnz = head->fnz;
		memcpy(n->fx, head->fx, sizeof n->fx);
	}
	if (!y->in->cfg.shift)
		return;
	if (r == c->rows - 1) {
		n->used = y->in->cfg.used;
		n->seg = y->in->cfg.seg;
		n->line = y->in->cfg.line;
		n->key = y->in->cfg.key;
		n->lim = y->in->cfg.lim;
	} else {
		n->used = w[1].used;
		n->seg = w[1].seg;
		n->line = w[1].line;
		n->key = w[1].key;
		n->lim = w[1].lim;
	}
}

static void pes_next(const struct cycle *y, const struct array_skip *q, struct array_skip_ram *m, int r, struct array_skip *d)
{
	const struct row_skip *w = &q->row[r];
	int mine = y->all || y->row == r, read = y->take && q->drow == r ? q->daddr : -1, clear = q->take1 && q->row1 == r ? q->addr1 : -1, i;

	for (i = 0; i < y->c->cols; i++) {
		size_t p = (size_t)(r * y->c->cols + i);
		const struct pe_skip *e = &q->pe[p];

		d->pe[p] = *e;
		if (mine && pe_load(y, q, i, e, m, p, &d->pe[p]))
			d->err = 1;
		pe_queue(y, w, e, w->bx[i], m, p, &d->pe[p]);
		pe_multiply(y, q, w, e, read, clear, m, p, &d->pe[p]);
		d->err |= e->err;
	}
}

/* Sums leave, channel tile by channel tile, row by row, pixel by pixel. */
static void drain_next(const struct cycle *y, const struct array_skip *q, struct array_skip *d)
{
	const struct config *c = y->c;
	const struct feed_skip_cmd *a = &y->in->feed->a;
	int i, mask = (1 << skip_psum_aw(c)) - 1, seg = (q->dseg + 1) % 256 == q->dnseg, x = (q->dx + 1) % 65536 == (seg ? q->dlast : q->dpix);
	int row = x && (q->drow + 1) % 256 == q->dnrows;

	d->cred = q->cred + y->in->col_pop - (uint32_t)y->take;
	d->take1 = d->rd_ev = (uint8_t)y->take;
	d->push = q->take1;
	if (q->clr) {
		d->addr1 = (uint16_t)((q->addr1 + 1) & mask);
		d->clr = q->addr1 != mask;
	} else if (y->take) {
		d->addr1 = q->daddr;
	}
	if (y->take)
		d->row1 = q->drow;
	if (q->take1)
		for (i = 0; i < c->cols; i++)
			d->vec[i] = q->pe[q->row1 * c->cols + i].sum[!y->in->feed->pbank];
	if (y->in->drain) {
		d->dbusy = 1;
		d->dm = d->dseg = d->drow = 0;
		d->dm0 = (uint8_t)a->m0;
		d->dnseg = (uint8_t)a->nseg;
		d->dnrows = (uint8_t)a->nrows;
		d->dx = 0;
		d->dpix = (uint16_t)a->npix;
		d->dlast = (uint16_t)a->npix_last;
		d->dleft = (uint16_t)a->nout;
		d->daddr = 0;
		return;
	}
	if (!y->take)
		return;
	d->dleft = (uint16_t)(q->dleft - 1);
	if (q->dleft == 1)
		d->dbusy = 0;
	d->dx = x ? 0 : (uint16_t)(q->dx + 1);
	d->daddr = (uint16_t)((row ? q->dm + 1 : x ? q->dm : q->daddr + q->dm0) & mask);
	if (x) {
		d->drow = row ? 0 : (q->drow + 1) & 31;
		d->dseg = seg ? 0 : (uint8_t)(q->dseg + 1);
	}
	if (row)
		d->dm = (uint8_t)(q->dm + 1);
}

/* Header, codebook, weights before their runs; the lengths of a block must end with its entries. */
static void array_load(const struct cycle *y, const struct array_skip *q, struct array_skip *d)
{
	const struct config *c = y->c;
	int i, at, full = 0;

	if (y->kind == SKIP_NEW)
		d->ne = (y->word[0] | (uint32_t)y->word[1] << 8 | (uint32_t)y->word[2] << 16) & ((2u << skip_ent_aw(c)) - 1);
	if (y->kind == SKIP_VAL)
		memcpy(d->val, y->word, (size_t)c->cols);
	if (y->kind == SKIP_BOOK && c->codebook)
		for (i = 0; i < c->cols; i++) {
			at = (int)y->addr * c->cols + i;
			if (at < 16)
				d->code[16 * y->bank + at] = (int8_t)y->word[i];
		}
	if (y->kind != SKIP_END)
		return;
	for (i = 0; i < c->cols; i++)
		full |= q->pe[y->row * c->cols + i].start == q->ne;
	d->err |= !full;
}

void array_skip_next(const struct config *c, const struct array_skip *q, const struct array_skip_in *in, struct array_skip_ram *m, struct array_skip *d)
{
	uint64_t ld = in->feed->ld2, nz = 0;
	struct cycle y = { c, in, (enum skip_load)(ld & 7), (int)(ld >> SKIP_LD_ALL & 1), (int)(ld >> SKIP_LD_ROW & 31), (int)(ld >> SKIP_LD_BANK & 1),
			   (uint32_t)(ld >> SKIP_LD_ADDR), (const uint8_t *)in->word, q->dbusy && q->cred };
	int r, i, busy = 0, gated = 0;

	memcpy(d, q, offsetof(struct array_skip, row));
	d->err = 0;
	for (i = 0; i < c->act_port; i++)
		nz |= (uint64_t)(in->feed->bus[i] != 0) << i;
	for (r = 0; r < c->rows; r++) {
		row_next(&y, q, nz, m, r, d);
		pes_next(&y, q, m, r, d);
		busy += q->row[r].busy;
		gated += q->row[r].gated;
	}
	array_load(&y, q, d);
	drain_next(&y, q, d);
	d->busy = (uint16_t)busy;
	d->gated = (uint16_t)gated;
}
