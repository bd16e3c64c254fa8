/* SPDX-License-Identifier: Apache-2.0
 * A layer is cut into tiles of output pixels (a row of PEs has a segment of a line, a PE every COLS-th channel of it),
 * groups of channel tiles, and passes over input channels. Each of these is a FEED command; sums of a tile stay in the
 * PEs from pass to pass. */
#include "map_skip.h"
#include "cmodel/feed_skip.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct skip_command {
#define F(name, beat, lsb, width, sgn, meaning) int64_t name;
	FEED_SKIP_FIELDS(F)
#undef F
};

/* The layer as the array sees it: a flat one is a line of pixels, dilation is zeros in a larger kernel. */
struct shape {
	const struct config *c;
	const struct graph *g;
	const struct op *o;
	int ow, oh, iw, ic, oc, nct;
	int kh, kw, sh, sw, dh, dw, pl;
	int fc, depthwise, flat;
	uint8_t code[256];      /* codebook: a weight's number */
	int8_t book[16];
};

struct skip_plan {
	int npix, nseg, lines;  /* of a segment; segments of a tile's line; lines of a tile */
	int m0;                 /* channel tiles of a group (fc: of a row) */
	int nch, npass;         /* input channels of a pass */
	int64_t cycles;
};

static int up(int a, int b) { return (a + b - 1) / b; }
static int larger(int a, int b) { return a > b ? a : b; }
static int smaller(int a, int b) { return a < b ? a : b; }
static int64_t larger64(int64_t a, int64_t b) { return a > b ? a : b; }

/* Depthwise layers have a way of their own when a word holds a group of COLS channels. */
static int is_depthwise(const struct config *c, const struct op *o)
{
	return o->kind == OP_DEPTHWISE_CONV_2D && o->multiplier == 1 && skip_groups(c) > 0;
}

static int weight_at(const struct shape *s, int oc, int dy, int dx, int i)
{
	const struct op *o = s->o;
	int per, groups = o->groups;

	if (oc >= s->oc || dy % s->dh || dx % s->dw)
		return 0;
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return i == oc / o->multiplier ? o->weights[(dy / s->dh * o->kw + dx / s->dw) * s->oc + oc] : 0;
	if (s->fc)
		return o->weights[(size_t)oc * (size_t)s->ic + (size_t)i];
	per = s->ic / groups;
	i -= oc / (s->oc / groups) * per;
	if (i < 0 || i >= per)
		return 0;
	return o->weights[((oc * o->kh + dy / s->dh) * o->kw + dx / s->dw) * per + i];
}

static void describe_lines(struct shape *s, const struct window *w, int oh)
{
	s->oh = s->flat ? 1 : oh;
	s->ow = s->flat ? w->ow * oh : w->ow;
	s->iw = s->flat ? s->ow : w->iw;
}

/* With oh lines of output. */
static void describe(const struct mapper *m, const struct op *o, const struct window *w, int oh, struct shape *s)
{
	memset(s, 0, sizeof *s);
	s->c = m->c;
	s->g = m->g;
	s->o = o;
	s->fc = o->kind == OP_FULLY_CONNECTED;
	s->depthwise = is_depthwise(m->c, o);
	s->ic = w->ic;
	s->oc = w->oc;
	s->nct = up(w->oc, m->c->cols);
	s->dh = w->dh;
	s->dw = w->dw;
	s->kh = (w->kh - 1) * w->dh + 1;
	s->kw = (w->kw - 1) * w->dw + 1;
	s->sh = w->sh;
	s->sw = w->sw;
	s->pl = w->pl;
	s->flat = !s->fc && s->kh == 1 && s->kw == 1 && s->sh == 1 && s->sw == 1 && w->pt == 0 && w->pl == 0 && w->iw == w->ow;
	describe_lines(s, w, s->fc ? 1 : oh);
}

/* codebook: every weight of the layer is 0 or one of 15 values. */
static int make_codebook(struct mapper *m, const struct op *o, struct shape *s)
{
	size_t n = (size_t)s->ic / (size_t)o->groups * (size_t)s->oc * (size_t)(s->fc ? 1 : o->kh * o->kw), i;
	int values = 0;

	if (!s->c->codebook)
		return 0;
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		n = (size_t)(o->kh * o->kw) * (size_t)s->oc;
	for (i = 0; i < n; i++) {
		uint8_t v = (uint8_t)o->weights[i];

		if (v == 0 || s->code[v])
			continue;
		if (++values > 15)
			return map_error(m, o, "its weights have more than 15 values other than 0, and the design's codebook holds 15: `systole prune --codebook MODEL -o MODEL2`");
		s->code[v] = (uint8_t)values;
		s->book[values] = o->weights[i];
	}
	return 0;
}

/* A pass: channel tiles [ct0, ct0 + nct), m0 of them in a PE, from input channels [c0, c0 + nch). raw: its entries are weights
 * without runs, zeros among them. */
struct pass { int ct0, nct, m0, c0, nch, raw; };

static int parities(const struct shape *s) { return smaller(s->kw, s->sw); }
/* Keys of a position: input channels; depthwise: channel tiles. */
static int keys(const struct shape *s, const struct pass *p) { return s->depthwise ? p->m0 : p->nch; }
static int key_count(const struct shape *s, const struct pass *p) { return s->kh * parities(s) * keys(s, p); }
static int index_count(const struct shape *s, int m0) { return up(s->kw, s->sw) * m0; }

/* One PE's weights of a pass, column by column. */
struct pe_weights { int n; uint8_t *len; uint8_t *entry; }; /* len: [keys] or NULL; entry: pairs or bytes, or NULL */

static int entry_bytes(const struct shape *s, const struct pass *p) { return s->c->codebook || p->raw ? 1 : 2; }

static void put_entry(const struct shape *s, const struct pass *p, struct pe_weights *w, int value, int run)
{
	if (w->entry && s->c->codebook)
		w->entry[w->n] = (uint8_t)(s->code[(uint8_t)value] << 4 | run);
	else if (w->entry && p->raw)
		w->entry[w->n] = (uint8_t)value;
	else if (w->entry) {
		w->entry[2 * w->n] = (uint8_t)value;
		w->entry[2 * w->n + 1] = (uint8_t)run;
	}
	w->n++;
}

/* Column of a key: weights by rising index; runs that are too long have entries of 0 in between. -1: longer than a byte says. */
static int put_column(const struct shape *s, const struct pass *p, int row, int col, int dy, int par, int key, struct pe_weights *w)
{
	int first = w->n, most = p->raw ? 0 : (1 << skip_run_bits(s->c)) - 1, last = -1, dx, e, k, oc, run, value;

	for (dx = par, e = 0; dx < s->kw; dx += s->sw, e++)
		for (k = p->m0 - 1; k >= 0; k--) {
			if (s->depthwise && k != key)
				continue;
			oc = (p->ct0 + (s->fc ? k * s->c->rows + row : k)) * s->c->cols + col;
			value = oc < (p->ct0 + p->nct) * s->c->cols ? weight_at(s, oc, dy, dx, s->depthwise ? oc : p->c0 + key) : 0;
			if (value == 0)
				continue;
			run = e * p->m0 + p->m0 - 1 - k - last - 1;
			last = e * p->m0 + p->m0 - 1 - k;
			for (; run > most; run -= most + 1)
				put_entry(s, p, w, 0, most);
			put_entry(s, p, w, value, run);
		}
	return w->n - first > 255 ? -1 : w->n - first;
}

static int put_pe(const struct shape *s, const struct pass *p, int row, int col, struct pe_weights *w)
{
	int dy, par, key, n, at = 0;

	w->n = 0;
	for (dy = 0; dy < s->kh; dy++)
		for (par = 0; par < parities(s); par++)
			for (key = 0; key < keys(s, p); key++) {
				n = put_column(s, p, row, col, dy, par, key, w);
				if (n < 0)
					return -1;
				if (w->len)
					w->len[at++] = (uint8_t)n;
			}
	return 0;
}

/* Entries of the longest PE of a block, or -1: they do not fit half of spad_wgt. */
static int block_entries(const struct shape *s, const struct pass *p, int row)
{
	struct pe_weights w = { 0, NULL, NULL };
	int col, most = 0;

	for (col = 0; col < s->c->cols; col++) {
		if (put_pe(s, p, row, col, &w) || w.n > 1 << skip_ent_aw(s->c))
			return -1;
		most = larger(most, w.n);
	}
	return most;
}

static int blocks(const struct shape *s) { return s->fc ? s->c->rows : 1; }
static int book_words(const struct config *c) { return c->codebook ? up(16, c->cols) : 0; }

static int64_t block_words(const struct shape *s, const struct pass *p, int entries)
{
	return 1 + book_words(s->c) + key_count(s, p) + (int64_t)entries * entry_bytes(s, p);
}

/* Weight words of a pass, whole beats; -1 when it does not fit. *entries: of the longest PE. */
static int64_t pass_words(const struct shape *s, const struct pass *p, int *entries)
{
	int per = s->c->bus_bytes > s->c->wgt_word ? s->c->bus_bytes / s->c->wgt_word : 1, row, n;
	int64_t words = 0;

	*entries = 0;
	if (key_count(s, p) > 1 << skip_key_aw(s->c))
		return -1;
	for (row = 0; row < blocks(s); row++) {
		n = block_entries(s, p, row);
		if (n < 0)
			return -1;
		*entries = larger(*entries, n);
		words += block_words(s, p, n);
	}
	words = (words + per - 1) / per * per;
	return words < 1 << 24 ? words : -1;
}

/* A block: header, codebook, lengths, entries; d: its words, zeroed. Returns the words. */
static int64_t put_block(const struct shape *s, const struct pass *p, int row, uint8_t *len, uint8_t *entry, uint8_t *d)
{
	const struct config *c = s->c;
	int nk = key_count(s, p), n = block_entries(s, p, row), bytes = entry_bytes(s, p), col, i;
	uint8_t *books = d + c->wgt_word, *lens = books + book_words(c) * c->wgt_word, *entries = lens + (size_t)nk * (size_t)c->wgt_word;

	for (i = 0; i < 3; i++)
		d[i] = (uint8_t)(n >> 8 * i);
	for (i = 0; c->codebook && i < 16; i++)
		books[i / c->cols * c->wgt_word + i % c->cols] = (uint8_t)s->book[i];
	for (col = 0; col < c->cols; col++) {
		struct pe_weights w = { 0, len, entry };

		put_pe(s, p, row, col, &w);
		for (i = 0; i < nk; i++)
			lens[(size_t)i * (size_t)c->wgt_word + (size_t)col] = len[i];
		for (i = 0; i < w.n * bytes; i++)
			entries[(size_t)i * (size_t)c->wgt_word + (size_t)col] = entry[i];
	}
	return block_words(s, p, n);
}

/* Whether weights without runs cost next to no cycles more: one for each zero among them. */
static int is_raw(const struct shape *s, struct pass q)
{
	int with, without;

	q.raw = 0;
	with = block_entries(s, &q, 0);
	q.raw = 1;
	without = block_entries(s, &q, 0);
	return with >= 0 && without >= 0 && without <= with + with / 32;
}

/* The group's pass number i. */
static struct pass pass_of(const struct shape *s, const struct skip_plan *p, int ct0, int i)
{
	int per = p->m0 * (s->fc ? s->c->rows : 1), left = s->nct - ct0;
	struct pass q;

	q.ct0 = ct0;
	q.nct = smaller(per, left);
	q.m0 = s->fc ? up(q.nct, s->c->rows) : q.nct;
	q.c0 = i * p->nch;
	q.nch = smaller(p->nch, s->ic - q.c0);
	q.raw = 0;
	q.raw = !s->c->codebook && !s->fc && is_raw(s, q);
	return q;
}

static int group_tiles(const struct shape *s, const struct skip_plan *p) { return p->m0 * (s->fc ? s->c->rows : 1); }

/* Lanes of a word, words of a position, lanes of the last one. */
struct words { int per, n, last; };

static struct words words_of(const struct shape *s, const struct pass *p)
{
	struct words w;
	int lanes = s->depthwise ? smaller(p->m0 * s->c->cols, s->oc - p->ct0 * s->c->cols) : p->nch;

	w.per = s->depthwise ? skip_groups(s->c) * s->c->cols : s->c->act_port;
	w.n = up(lanes, w.per);
	w.last = lanes - (w.n - 1) * w.per;
	return w;
}

/* Cycles of one FEED, half of the activations being zero: fetching, sending, multiplying, whichever is longest. */
static int64_t feed_cycles(const struct shape *s, const struct skip_plan *p, const struct pass *q, int entries)
{
	int npos = smaller((p->npix - 1) * s->sw + s->kw, s->iw), nyl = (p->lines - 1) * s->sh + s->kh;
	int64_t fetch = (int64_t)npos * p->nseg * nyl * words_of(s, q).n, send = (int64_t)s->kh * npos * keys(s, q) / 2;
	int64_t work = (int64_t)entries * npos / s->sw / 2 * 11 / 10;

	return larger64(fetch, larger64(send, work)) + s->c->rows + 12;
}

static int post_rate(const struct config *c, const struct layer *l) { return c->cols / c->lanes * (l->add >= 0 ? 4 : 1); }

/* Cycles of the layer: a group's first weights, then its tiles, each pass as long as the next one's weights take. */
static int64_t plan_cycles(const struct shape *s, const struct layer *l, const struct skip_plan *p)
{
	int tiles = up(s->oh, p->lines) * up(s->ow, p->npix * p->nseg), ct0, i, entries;
	int64_t cycles = 0, words, one, out, sum, loads;

	for (ct0 = 0; ct0 < s->nct; ct0 += group_tiles(s, p)) {
		sum = loads = 0;
		for (i = 0; i < p->npass; i++) {
			struct pass q = pass_of(s, p, ct0, i);

			words = pass_words(s, &q, &entries);
			if (words < 0)
				return -1;
			one = feed_cycles(s, p, &q, entries);
			sum += p->npass > 1 ? larger64(one, words) : one;
			loads += words;
		}
		out = (int64_t)smaller(group_tiles(s, p), s->nct - ct0) * p->npix * p->nseg * p->lines * post_rate(s->c, l);
		cycles += tiles * larger64(sum, out);
		if (p->npass == 1) /* the weights come while the group before is at work */
			cycles += larger64(0, loads - tiles * larger64(sum, out));
	}
	return cycles;
}

static void consider(const struct shape *s, const struct layer *l, struct skip_plan p, struct skip_plan *best)
{
	p.cycles = plan_cycles(s, l, &p);
	if (p.cycles >= 0 && (best->m0 == 0 || p.cycles < best->cycles))
		*best = p;
}

/* The fewest passes whose weights fit. */
static int split_channels(const struct shape *s, struct skip_plan *p)
{
	int n, ct0, entries;

	for (n = 1; n <= s->ic; n = n < 8 ? n + 1 : n + n / 4) {
		p->nch = up(s->ic, n);
		p->npass = up(s->ic, p->nch);
		for (ct0 = 0; ct0 < s->nct; ct0 += group_tiles(s, p)) {
			int i, fits = 1;

			for (i = 0; i < p->npass && fits; i++) {
				struct pass q = pass_of(s, p, ct0, i);

				fits = pass_words(s, &q, &entries) >= 0;
			}
			if (!fits)
				break;
		}
		if (ct0 >= s->nct)
			return 0;
		if (s->depthwise)
			break;
	}
	return -1;
}

static void try_tiles(const struct shape *s, const struct layer *l, struct skip_plan p, struct skip_plan *best)
{
	const struct config *c = s->c;
	int n, most = (1 << skip_psum_aw(c)) / p.m0, last = 0;

	for (n = 1; n <= s->ow; n++) {
		p.npix = up(s->ow, n);
		if (p.npix > most || p.npix == last)
			continue;
		if (last && n > 4 * c->rows && s->ow > 4 * c->rows)
			break;
		last = p.npix;
		p.nseg = smaller(up(s->ow, p.npix), c->rows);
		p.lines = smaller(c->rows / p.nseg, s->oh);
		while (p.lines > 1 && (p.lines - 1) * s->sh + s->kh > 255)
			p.lines--;
		consider(s, l, p, best);
	}
}

static int find_plan(const struct shape *s, const struct layer *l, struct skip_plan *best)
{
	int n, rows = s->fc ? s->c->rows : 1, all = up(s->nct, rows), last = 0;

	memset(best, 0, sizeof *best);
	if (s->kh > 255 || s->sw > 255 || s->sh > 255)
		return -1;
	for (n = 1; n <= all; n++) {
		struct skip_plan p;

		memset(&p, 0, sizeof p);
		p.m0 = up(all, n);
		if (p.m0 == last || p.m0 > 1 << skip_psum_aw(s->c) || index_count(s, p.m0) > 255)
			continue;
		last = p.m0;
		if (split_channels(s, &p))
			continue;
		if (s->fc) {
			p.npix = p.nseg = p.lines = 1;
			consider(s, l, p, best);
			if (best->m0)
				break;
		} else {
			try_tiles(s, l, p, best);
		}
	}
	return best->m0 ? 0 : -1;
}

static void emit_feed(struct mapper *m, const struct skip_command *f, int wait, int push)
{
	struct command *c = builder_command(m->b, OPCODE_FEED, wait, push);

#define F(name, beat, lsb, width, sgn, meaning) builder_field(m->b, c, #name, beat, lsb, width, sgn, f->name);
	FEED_SKIP_FIELDS(F)
#undef F
}

/* Output pixels [x0, x0 + nx) of lines [y0, y0 + ny). */
struct tile { int x0, nx, y0, ny; };

static void place(const struct shape *s, const struct window *w, const struct stripe *t, const struct skip_plan *p, const struct pass *q, const struct tile *a, struct skip_command *f)
{
	int first = t->oy * w->sh - w->pt - t->iy, iy = s->flat || s->fc ? 0 : first + a->y0 * s->sh, ix = a->x0 * s->sw - s->pl;
	struct words n = words_of(s, q);

	f->nseg = up(a->nx, p->npix);
	f->npix = p->npix;
	f->npix_last = a->nx - (f->nseg - 1) * p->npix;
	f->nrows = s->fc ? s->c->rows : f->nseg * a->ny;
	f->lim = f->npix * q->m0;
	f->lim_last = f->npix_last * q->m0;
	f->nout = s->fc ? q->nct : (int64_t)q->nct * a->nx * a->ny;
	f->src = (int64_t)t->in + ((int64_t)(s->flat ? first * w->iw : iy * s->iw) + ix) * s->ic + (s->depthwise ? q->ct0 * s->c->cols : q->c0);
	f->pos_step = s->ic;
	f->seg_dx = p->npix * s->sw;
	f->seg_step = f->seg_dx * s->ic;
	f->line_step = (int64_t)s->iw * s->ic;
	f->x0 = ix;
	f->y0 = iy;
	f->iw = s->iw;
	f->ih = s->flat || s->fc ? 1 : t->ih;
	f->npos = (smaller(p->npix, a->nx) - 1) * s->sw + s->kw;
	f->nyl = s->fc ? 1 : (a->ny - 1) * s->sh + s->kh;
	f->nw = n.n;
	f->lanes = n.last;
}

/* The POST that writes the last input line of the tile: those of a layer in tiles write in order. */
static int dependency(const struct shape *s, const struct window *w, const struct stripe *t, const struct tile *a, const struct skip_command *f)
{
	int64_t pixels = s->flat ? (int64_t)(t->oy - t->iy) * w->iw + a->x0 + a->nx : (f->y0 + f->nyl) * s->iw;
	int dep;

	if (!t->dep_pixels || s->fc || pixels <= 0)
		return t->dep;
	dep = t->dep_first + (int)((pixels + t->dep_pixels - 1) / t->dep_pixels) - 1;
	return smaller(dep, t->dep);
}

static void feed_pass(struct mapper *m, const struct shape *s, const struct window *w, const struct stripe *t, const struct skip_plan *p, const struct pass *q, const struct tile *a, int64_t words, int load, int last, int wait, int push)
{
	struct skip_command f;

	memset(&f, 0, sizeof f);
	place(s, w, t, p, q, a, &f);
	f.dw = s->depthwise;
	f.raw = q->raw;
	f.fc = s->fc;
	f.load = load;
	f.last = last;
	f.follow = t->follow;
	f.dep = dependency(s, w, t, a, &f) & 255;
	f.zx = w->zx;
	f.kh = s->kh;
	f.nk = key_count(s, q);
	f.nix = index_count(s, q->m0);
	f.par_step = keys(s, q);
	f.kstep = parities(s) * f.par_step;
	f.sx = s->sw;
	f.npar = parities(s);
	f.m0 = q->m0;
	f.sh = s->fc ? 0 : s->sh;
	f.shk = f.sh * f.kstep;
	f.kwords = words;
	emit_feed(m, &f, wait, push);
}

struct blob { size_t at; int64_t words; };

/* All passes' weights of a group, in memory. */
static int put_weights(struct mapper *m, const struct shape *s, const struct skip_plan *p, int ct0, struct blob *b)
{
	const struct config *c = m->c;
	int i, row, entries;

	for (i = 0; i < p->npass; i++) {
		struct pass q = pass_of(s, p, ct0, i);
		uint8_t *d, *len, *entry;

		b[i].words = pass_words(s, &q, &entries);
		b[i].at = builder_data(m->b, (size_t)b[i].words * (size_t)c->wgt_word, &d);
		len = malloc((size_t)key_count(s, &q));
		entry = malloc((size_t)entries * 2 + 1);
		if (!m->b->failed && (!len || !entry))
			builder_fail(m->b, "out of memory");
		for (row = 0; !m->b->failed && row < blocks(s); row++)
			d += put_block(s, &q, row, len, entry, d) * c->wgt_word;
		free(len);
		free(entry);
		if (m->b->failed)
			return -1;
	}
	return 0;
}

static int map_tile(struct mapper *m, struct layer *l, const struct stripe *t, const struct window *w, const struct shape *s, const struct skip_plan *p, const struct params *par, const struct blob *b, int ct0, const struct tile *a, int first, int last)
{
	int group = larger(1, m->c->par_depth / 2 / m->c->cols), i, at, n, load = p->npass > 1 || (a->x0 == 0 && a->y0 == 0);
	struct pass q = pass_of(s, p, ct0, 0);
	struct post_area area = { a->nx, a->ny, s->ow, a->x0, a->y0, ct0, q.nct };

	n = smaller(q.nct, group);
	map_load_params(m, par, ct0, n);
	for (i = 0; i < p->npass; i++) {
		int end = i == p->npass - 1;

		q = pass_of(s, p, ct0, i);
		if (load)
			builder_load_data(m->b, LOAD_WGT, b[i].at, (size_t)b[i].words * (size_t)m->c->wgt_word, 1, 1, 0);
		feed_pass(m, s, w, t, p, &q, a, b[i].words, load, end, first && i == 0 ? t->feed_wait : 0, last && end ? t->feed_push : 0);
	}
	if (map_post(m, l, t, &area, POST_MAC, first ? t->post_wait : 0, last ? t->post_push : 0))
		return -1;
	for (at = n; at < q.nct; at += group)
		map_load_params(m, par, ct0 + at, smaller(q.nct - at, group));
	return 0;
}

static int map_group(struct mapper *m, struct layer *l, const struct stripe *t, const struct window *w, const struct shape *s, const struct skip_plan *p, const struct params *par, int ct0)
{
	int last_group = ct0 + group_tiles(s, p) >= s->nct, wide = p->npix * p->nseg, status = 0;
	struct blob *b = calloc((size_t)p->npass, sizeof *b);
	struct tile a;

	if (!b)
		builder_fail(m->b, "out of memory");
	if (!b || put_weights(m, s, p, ct0, b)) {
		free(b);
		return -1;
	}
	for (a.y0 = 0; a.y0 < s->oh && !status; a.y0 += p->lines)
		for (a.x0 = 0; a.x0 < s->ow && !status; a.x0 += wide) {
			a.ny = smaller(p->lines, s->oh - a.y0);
			a.nx = smaller(wide, s->ow - a.x0);
			status = map_tile(m, l, t, w, s, p, par, b, ct0, &a, ct0 == 0 && a.y0 == 0 && a.x0 == 0,
					  last_group && a.y0 + p->lines >= s->oh && a.x0 + wide >= s->ow);
		}
	free(b);
	return status;
}

int map_mac_skip(struct mapper *m, struct layer *l, const struct stripe *t)
{
	const struct config *c = m->c;
	const struct op *o = &m->g->ops[l->op];
	struct skip_plan p;
	struct params par;
	struct window w;
	struct shape s;
	int ct0;

	map_window(m->g, o, &w);
	describe(m, o, &w, m->g->tensors[o->out].h, &s);
	if (make_codebook(m, o, &s))
		return -1;
	if (find_plan(&s, l, &p)) /* one for all stripes: they share the weights */
		return map_error(m, o, "no mapping to the rs array fits spad_wgt %d, spad_key %d, spad_psum %d", c->spad_wgt, c->spad_key, c->spad_psum);
	if (map_params(m, l, s.nct * c->cols, &par))
		return -1;
	if (!s.fc)
		describe_lines(&s, &w, t->oh);
	m->first_feed = 0;
	l->post_pixels = s.nct > group_tiles(&s, &p) ? 0 : p.npix * p.nseg >= s.ow ? p.lines * s.ow : s.flat ? p.npix * p.nseg : 0;
	for (ct0 = 0; ct0 < s.nct; ct0 += group_tiles(&s, &p))
		if (map_group(m, l, t, &w, &s, &p, &par, ct0))
			return -1;
	l->estimate += p.cycles * (s.fc ? 1 : t->oh) / (s.fc ? 1 : m->g->tensors[o->out].h) + 20;
	return 0;
}
