/* SPDX-License-Identifier: Apache-2.0
 * FEED commands, and weights in the order in which they are used. */
#include "map.h"
#include "map_rs.h"
#include "map_skip.h"
#include "cmodel/wgt_buffer.h"
#include <string.h>

enum { WS_SEGMENT = 3 }; /* ws: cycles until the accumulators can add to a pixel again (array_ws) */

/* Channel tiles [ct0, ct0+nct) made from input channels [ic0 + t*step, + nic), t counting the pass's tiles. */
struct pass { int ct0, nct, ic0, nic, step; };

/* How a pass's sums are cut into segments. */
struct cut {
	int kg, kwl, nc;      /* row groups, taps fetched apart, chunks */
	int sub, last_sub;    /* kernel rows in a group, in the last */
	int run, n, last;     /* bytes of a run, of a chunk, of the last chunk */
	int per;              /* activations a step takes, weights in a byte: 1, 2 or 4 */
	int fold;             /* a run covers a whole kernel row */
	int sparse;           /* of every group only the weights of the pattern: c->nm_n steps instead of c->nm_m */
	int rep;              /* ws: segments of a chunk */
	int group;            /* activations of a run that a group holds */
	int kwords;           /* weight words of a channel tile, whole beats */
};

static int up(int a, int b) { return (a + b - 1) / b; }
static int larger(int a, int b) { return a > b ? a : b; }

/* Weight of output channel oc at tap (ky, kx) and input channel i; 0 where there is none. */
static int8_t weight(const struct graph *g, const struct op *o, int oc, int ky, int kx, int i)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	int per = in->c / o->groups;

	if (oc >= out->c)
		return 0;
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return i == oc / o->multiplier ? o->weights[(ky * o->kw + kx) * out->c + oc] : 0;
	if (o->kind == OP_FULLY_CONNECTED)
		per = in->h * in->w * in->c;
	i -= oc / (out->c / o->groups) * per;
	if (i < 0 || i >= per)
		return 0;
	return o->weights[((oc * o->kh + ky) * o->kw + kx) * per + i];
}

/* Words with their indices are loaded in whole beats or blocks. */
static int whole_words(const struct config *c, int words)
{
	int unit = c->idx_bits ? c->idx_block : wgt_buffer_words(c);

	return up(words, unit) * unit;
}

static size_t words_bytes(const struct config *c, int words)
{
	if (!c->idx_bits)
		return (size_t)words * (size_t)c->wgt_word;
	return (size_t)(words / c->idx_block) * (size_t)wgt_buffer_block(c) * (size_t)c->bus_bytes;
}

/* Words of a channel tile that can stay in the buffer. The last burst is asked for when there is space for all its beats, those
 * of indices too. */
static int most_kept(const struct config *c)
{
	int beats = c->idx_bits ? c->idx_beats * (16 / wgt_buffer_block(c) + 1) : 0;

	return c->wgt_depth - up(beats * wgt_buffer_words(c), wgt_buffer_beats(c));
}

/* Weight of a column in word k of a tile's, and which activation of its group it multiplies. */
static void put_weight(const struct mapper *m, const struct op *o, uint8_t *tile, int k, int col, int oc, int8_t value, int index)
{
	const struct config *c = m->c;
	uint8_t *block = tile + words_bytes(c, k / c->idx_block * c->idx_block);
	int j = k % c->idx_block, i, bit = (j * c->cols + col) * c->idx_bits;

	map_put_weight(m, o, block + c->idx_beats * c->bus_bytes + j * c->wgt_word, col, oc, value);
	for (i = 0; i < c->idx_bits; i++, bit++)
		block[bit / 8] |= (uint8_t)((index >> i & 1) << bit % 8);
}

/* MAC steps for n activations of a run. */
static int steps(const struct config *c, const struct cut *k, int n)
{
	return k->sparse ? n / c->nm_m * c->nm_n + up(n % c->nm_m * c->nm_n, c->nm_m) : up(n, k->per);
}

/* Bytes of a run that may be fetched at once. Weights that are not kept are given back a segment at a time: a
 * segment's words must be there while a burst still waits for space. */
static int largest_chunk(const struct config *c, const struct cut *k)
{
	int burst = 16 * c->bus_bytes / c->wgt_word, most = (c->wgt_depth - larger(burst, 1) + 1) * k->per;

	if (c->dataflow == DATAFLOW_WS)
		return c->rows / c->nm_n * k->group;
	if (k->kwords > most_kept(c) && most < c->act_port)
		return k->sparse ? larger(most / c->nm_m, 1) * c->nm_m : most;
	return c->act_port;
}

/* Whether groups of n activations along several taps are whole taps, whose weights are together no more than the pattern's. */
static int holds_taps(const struct config *c, const struct window *w, int n)
{
	return n % w->ic == 0 && n / w->ic * up(w->ic * c->nm_n, c->nm_m) <= c->nm_n;
}

/* Groups of the pattern are of one tap: a kernel row is one run where its groups are whole taps, or taps whole groups. ws can
 * make groups of 3/4, for layers of 3 channels. */
static void cut_run(const struct config *c, const struct window *w, const struct pass *p, struct cut *k)
{
	int packed = c->nm_m * 3 / 4, row = p->nic == w->ic && w->dw == 1;

	k->group = c->nm_m;
	k->fold = row && (!k->sparse || w->ic % c->nm_m == 0 || w->kw == 1 || holds_taps(c, w, c->nm_m));
	if (row && !k->fold && c->dataflow == DATAFLOW_WS && holds_taps(c, w, packed)) {
		k->group = packed;
		k->fold = 1;
	}
	k->run = k->fold ? w->kw * w->ic : p->nic;
	k->kwl = k->fold ? 1 : w->kw;
}

/* per: weights in a byte */
static void cut_pass(const struct config *c, const struct window *w, const struct pass *p, int sparse, int per, struct cut *k)
{
	int pitch = w->dh * w->iw * w->ic, ws = c->dataflow == DATAFLOW_WS, unit = sparse ? c->nm_m : per, chunk;

	memset(k, 0, sizeof *k);
	k->sparse = sparse;
	k->per = per;
	k->rep = ws && !sparse ? c->nm_m / c->nm_n : 1;
	cut_run(c, w, p, k);
	k->kwords = whole_words(c, w->kh * k->kwl * steps(c, k, k->run));
	chunk = largest_chunk(c, k);
	k->nc = up(k->run, chunk);
	k->n = ws ? chunk : up(k->run, k->nc);
	if ((sparse && !ws) || per > 1)
		k->n = up(k->n, unit) * unit;
	k->nc = up(k->run, k->n);
	k->last = k->run - (k->nc - 1) * k->n;
	k->sub = 1;
	/* sub rows must not overlap: a byte is inside the map for one row only */
	while (c->dataflow == DATAFLOW_OS && k->fold && k->nc == 1 && k->run <= pitch && k->sub < 3 && k->sub < w->kh && k->sub * pitch + k->run <= chunk &&
	       pitch % unit == 0)
		k->sub++;
	k->kg = up(w->kh, k->sub);
	k->last_sub = w->kh - (k->kg - 1) * k->sub;
	if (ws)
		k->kwords = whole_words(c, k->kg * k->kwl * k->nc * k->rep * c->rows);
}

/* One tile's weights as they are written, a word at a time. */
struct tile {
	const struct mapper *m;
	const struct op *o;
	const struct window *w;
	const struct pass *p;
	const struct cut *k;
	int t, word;
	uint8_t *to;
};

/* The weight of a column at position pos of the run of tap (ky, kx). */
static int8_t run_weight(const struct tile *y, int col, int ky, int kx, int pos)
{
	int x = y->k->fold ? pos / y->w->ic : kx, i = y->k->fold ? pos % y->w->ic : y->p->ic0 + y->t * y->p->step + pos;

	return pos < y->k->run ? weight(y->m->g, y->o, (y->p->ct0 + y->t) * y->m->c->cols + col, ky, x, i) : 0;
}

/* A word of weights for position pos, activation number `index` of its group; or of several positions' from pos on. */
static void put_dense(struct tile *y, int ky, int kx, int pos, int index)
{
	int col, i, per = y->k->per, bits = 8 / per;

	for (col = 0; col < y->m->c->cols; col++) {
		int value = 0;

		for (i = 0; i < per; i++)
			value |= (run_weight(y, col, ky, kx, pos + i) & ((1 << bits) - 1)) << i * bits;
		put_weight(y->m, y->o, y->to, y->word, col, (y->p->ct0 + y->t) * y->m->c->cols + col, (int8_t)value, index);
	}
	y->word++;
}

/* Words for the group at pos: in each column the weights that are not zero, the first in the first word. */
static void put_group(struct tile *y, int ky, int kx, int pos, int words)
{
	const struct config *c = y->m->c;
	int col, i, n;

	for (col = 0; col < c->cols; col++)
		for (i = n = 0; i < y->k->group; i++) {
			int8_t v = run_weight(y, col, ky, kx, pos + i);

			if (v && n < words)
				put_weight(y->m, y->o, y->to, y->word + n++, col, 0, v, i);
		}
	y->word += words;
}

/* os: words for the n activations of a chunk in one sub row, whose word starts at byte `from`. */
static void put_steps(struct tile *y, int ky, int kx, int pos, int n, int from)
{
	const struct config *c = y->m->c;
	int j;

	for (j = 0; j < n && !y->k->sparse; j += y->k->per)
		put_dense(y, ky, kx, pos + j, (from + j) % c->group);
	for (j = 0; j < n && y->k->sparse; j += c->nm_m)
		put_group(y, ky, kx, pos + j, steps(c, y->k, n - j < c->nm_m ? n - j : c->nm_m));
}

/* ws: rows r, r + 1, ... r + N - 1 choose from group r / N of the chunk; dense in rep segments, N of each group in one. */
static void put_rows(struct tile *y, int ky, int kx, int pos)
{
	const struct config *c = y->m->c;
	int s, r, e;

	for (s = 0; s < y->k->rep; s++)
		for (r = 0; r < c->rows; r += c->nm_n) {
			int at = pos + r / c->nm_n * y->k->group;

			if (y->k->sparse)
				put_group(y, ky, kx, at, c->nm_n);
			for (e = 0; e < c->nm_n && !y->k->sparse; e++)
				put_dense(y, ky, kx, at + s * c->nm_n + e, s * c->nm_n + e);
		}
}

/* Weights that fit the bits they have when per of them share a byte. */
static int fits(const struct graph *g, const struct op *o, int per)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	int taps = o->kind == OP_FULLY_CONNECTED ? in->h * in->w * in->c : o->kh * o->kw * (o->kind == OP_DEPTHWISE_CONV_2D ? 1 : in->c / o->groups);
	int most = (1 << (8 / per - 1)) - 1, i;

	for (i = 0; i < taps * out->c; i++)
		if (o->weights[i] > most || o->weights[i] < -most - 1)
			return 0;
	return 1;
}

/* One chunk's weight words: COLS weights for every step. */
static void put_chunk(struct tile *y, int kg, int kx, int ch)
{
	const struct cut *k = y->k;
	int n = ch + 1 == k->nc ? k->last : k->n, subs = kg + 1 == k->kg ? k->last_sub : k->sub, sub;

	for (sub = 0; sub < subs; sub++)
		if (y->m->c->dataflow == DATAFLOW_WS)
			put_rows(y, kg * k->sub + sub, kx, ch * k->n);
		else
			put_steps(y, kg * k->sub + sub, kx, ch * k->n, n, sub * y->w->dh * y->w->iw * y->w->ic);
}

static void put_tile(const struct mapper *m, const struct op *o, const struct window *w, const struct pass *p, const struct cut *k, int t, uint8_t *d)
{
	struct tile y = { m, o, w, p, k, t, 0, d };
	int kg, kx, ch;

	for (kg = 0; kg < k->kg; kg++)
		for (kx = 0; kx < k->kwl; kx++)
			for (ch = 0; ch < k->nc; ch++)
				put_chunk(&y, kg, kx, ch);
}

/* Whether every group of the pass keeps to the pattern. */
static int pass_obeys(const struct mapper *m, const struct op *o, const struct window *w, const struct pass *p)
{
	const struct config *c = m->c;
	struct cut k = { .run = p->nic, .sparse = 1 };
	struct tile y = { m, o, w, p, &k, 0, 0, NULL };
	int col, tap, i;

	for (y.t = 0; y.t < p->nct; y.t++)
		for (col = 0; col < c->cols; col++)
			for (tap = 0; tap < w->kh * w->kw; tap++)
				for (i = 0; i < p->nic; i += c->nm_m) {
					int n = 0, j;

					for (j = i; j < i + c->nm_m && j < p->nic; j++)
						n += run_weight(&y, col, tap / w->kw, tap % w->kw, j) != 0;
					if (n > steps(c, &k, j - i))
						return 0;
				}
	return 1;
}

/* Where the windows are: everything that does not depend on the array. */
static void place_windows(const struct window *w, const struct stripe *s, struct feed_command *f)
{
	int first = s->oy * w->sh - w->pt - s->iy;

	f->src = (int64_t)s->in + ((int64_t)first * w->iw - w->pl) * w->ic;
	f->ow = w->ow;
	f->oh = s->oh;
	f->npix = w->ow * s->oh;
	f->px_step = w->sw * w->ic;
	f->line_step = (w->sh * w->iw - (w->ow - 1) * w->sw) * w->ic;
	f->iy0 = first;
	f->sy = w->sh;
	f->h = s->ih;
	f->b0 = -w->pl * w->ic;
	f->b_step = w->sw * w->ic;
	f->lb = w->iw * w->ic;
	f->zx = w->zx;
	f->run = f->pitch = 255;
	f->kg = f->kw = f->nc = 1;
	f->ctiles = 1;
}

/* The input pixels a tile needs, in the order in which the layer before writes them. */
static void place_needs(const struct window *w, const struct stripe *s, struct feed_command *f)
{
	int64_t span = (w->ow - 1 + f->npt - 1) / w->ow;

	f->follow = s->follow;
	f->dep = s->dep & 255;
	f->need_max = s->plain ? (int64_t)s->ih * w->iw : 0x7ffff;
	f->need0 = s->plain ? (span * w->sh + f->iy0 + (w->kh - 1) * w->dh + 1) * w->iw : 0x7ffff;
	f->need_step = s->plain ? w->sh * w->iw : 0;
}

static int64_t tile_cycles(const struct config *c, const struct cut *k, int slots, int post)
{
	int64_t n = 0, taps = k->kwl;
	int full = steps(c, k, k->n), last = steps(c, k, k->last) * k->sub, glast = steps(c, k, k->last) * k->last_sub;

	if (c->dataflow == DATAFLOW_WS) {
		/* sums leave in the last segment, one a cycle: what the collector cannot hold waits for post */
		int wait = slots * (post - 1) - c->col_depth * post;

		n = (int64_t)k->kg * k->kwl * k->nc * k->rep * larger(slots, larger(c->rows, WS_SEGMENT)) + larger(wait, 0);
		return n > (int64_t)slots * post ? n : (int64_t)slots * post;
	}
	n = k->kg * taps * (k->nc - 1) * larger(full, c->rows) + (k->kg - 1) * taps * larger(last, c->rows) + taps * larger(glast, c->rows);
	return n > (int64_t)slots * post ? n : (int64_t)slots * post;
}

static int post_rate(const struct config *c, const struct layer *l)
{
	return c->cols / c->lanes * (l->add >= 0 ? 4 : 1);
}

/* ws: pixels of a tile. Where post is slower than a vector a cycle, no more than the collector holds: it drains
 * while the next tile computes. Weights that are not kept are loaded once per acc_depth pixels. */
static int ws_tile(const struct config *c, int keep, int post)
{
	int least = larger(c->rows, c->col_depth);

	return keep && post > 1 && least < c->acc_depth ? least : c->acc_depth;
}

/* ws: rep segments of every chunk, of the same activations. The loop over chunks becomes that over taps; cut_pass() sees to it
 * that there are not both. */
static void repeat_chunks(const struct cut *k, struct feed_command *f)
{
	if (k->nc > 1) {
		f->kw = k->nc;
		f->inc_kw = f->binc_kw = k->n;
	}
	f->nc = k->rep;
	f->inc_c = f->binc_c = 0;
}

static void feed_pass(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct pass *p, const struct cut *k, int wait, int push)
{
	const struct config *c = m->c;
	struct feed_command f;
	int tiles;

	memset(&f, 0, sizeof f);
	place_windows(w, s, &f);
	f.src += p->ic0;
	f.ctiles = p->nct;
	f.ct_step = p->step;
	f.kg = k->kg;
	f.kw = k->kwl;
	f.nc = k->nc;
	f.kwords = k->kwords;
	f.pack = k->group < c->nm_m;
	f.keep = k->kwords <= most_kept(c);
	f.npt = c->dataflow == DATAFLOW_WS ? ws_tile(c, (int)f.keep, post_rate(c, l)) : c->rows;
	f.dil = w->dh;
	if (c->dataflow == DATAFLOW_WS) {
		f.dmin = larger(c->rows, WS_SEGMENT); /* its weights take c->rows cycles to load */
	} else {
		f.st_full = steps(c, k, k->n);
		f.st_last = steps(c, k, k->last) * k->sub;
		f.st_glast = steps(c, k, k->last) * k->last_sub;
		f.dmin = c->rows; /* rows without a pixel must have seen their tokens before the next tile's */
	}
	f.lead = 255;
	if (c->dataflow != DATAFLOW_WS && k->kg * k->kwl * k->nc * c->rows < 255)
		f.lead = tile_cycles(c, k, c->rows, 0) - larger((int)f.st_glast, c->rows) + f.st_glast - 1;
	if (f.lead > 255)
		f.lead = 255;
	if (c->group > 1)
		f.gstep = k->sparse ? c->nm_m / c->nm_n : k->per;
	if (k->sub > 1) {
		f.run = steps(c, k, k->run);
		f.pitch = w->dh * w->iw * w->ic;
		f.gap = c->group > 1 ? f.pitch - (f.run - 1) * f.gstep : 0;
	}
	f.dkh0 = k->per / 2; /* the mode, 0 to 2 */
	f.inc_c = f.binc_c = k->n;
	f.inc_kw = f.binc_kw = w->dw * w->ic - (k->nc - 1) * k->n;
	f.inc_kg = k->sub * w->dh * w->iw * w->ic - (k->kwl - 1) * w->dw * w->ic - (k->nc - 1) * k->n;
	f.ky_step = k->sub * w->dh;
	if (k->rep > 1)
		repeat_chunks(k, &f);
	place_needs(w, s, &f);
	builder_feed(m->b, &f, wait, push);
	tiles = (int)(f.npix / f.npt);
	l->estimate += p->nct * (tiles * tile_cycles(c, k, (int)f.npt, post_rate(c, l)));
	if (c->dataflow == DATAFLOW_WS && l->add >= 0)
		l->estimate += p->nct * f.npix; /* the port's cycles for the residual */
	if (f.npix % f.npt)
		l->estimate += p->nct * tile_cycles(c, k, (int)(f.npix % f.npt), post_rate(c, l));
}

static void load_weights(struct mapper *m, const struct stripe *s, const struct window *w, const struct pass *p, const struct cut *k, size_t at, int t0, int n)
{
	size_t bytes = words_bytes(m->c, k->kwords);
	int npt = m->c->dataflow == DATAFLOW_WS ? m->c->acc_depth : m->c->rows;
	int rep = k->kwords <= most_kept(m->c) ? 1 : up(w->ow * s->oh, npt);

	(void)p;
	if (n > 0)
		builder_load_data(m->b, LOAD_WGT, at + (size_t)t0 * bytes, bytes, rep, n, bytes);
}

/* The layer's passes: one for a dense layer, channel by channel windows for depthwise and groups. */
static int layer_passes(const struct config *c, const struct graph *g, const struct op *o, const struct window *w, int i, struct pass *p)
{
	int nct = up(w->oc, c->cols), per = w->ic / o->groups, opg = w->oc / o->groups, last;

	memset(p, 0, sizeof *p);
	if (o->kind == OP_DEPTHWISE_CONV_2D) {
		per = 1;
		opg = o->multiplier;
	}
	(void)g;
	if (per == w->ic) {
		p->nct = nct;
		p->nic = w->ic;
		return i == 0;
	}
	if (per == 1 && opg == 1) {
		p->nct = nct;
		p->nic = w->ic < c->cols ? w->ic : c->cols;
		p->step = c->cols;
		return i == 0;
	}
	p->ct0 = i;
	p->nct = 1;
	last = (i + 1) * c->cols < w->oc ? (i + 1) * c->cols : w->oc;
	p->ic0 = i * c->cols / opg * per;
	p->nic = ((last - 1) / opg + 1) * per - p->ic0;
	return i < nct;
}

/* Depthwise through the line buffer: stride 1, at most 3x3, as wide as its input. */
static int streams(const struct config *c, const struct op *o, const struct window *w)
{
	return c->dataflow == DATAFLOW_OS && o->kind == OP_DEPTHWISE_CONV_2D && o->multiplier == 1 && w->sh == 1 && w->sw == 1 && w->dh == 1 &&
	       w->dw == 1 && w->kh <= 3 && w->kw <= 3 && w->ow == w->iw && w->iw - w->kw >= 2 && w->iw - w->kw <= c->line_depth;
}

static int stream_weights(struct mapper *m, const struct op *o, const struct window *w, int kwords, size_t *at)
{
	const struct config *c = m->c;
	int nct = up(w->oc, c->cols), t, k, col;
	uint8_t *d;

	*at = builder_data(m->b, (size_t)nct * words_bytes(c, kwords), &d);
	if (m->b->failed)
		return -1;
	for (t = 0; t < nct; t++, d += words_bytes(c, kwords))
		for (k = 0; k < w->kh * w->kw; k++)
			for (col = 0; col < c->cols; col++)
				put_weight(m, o, d, k, col, t * c->cols + col, weight(m->g, o, t * c->cols + col, k / w->kw, k % w->kw, t * c->cols + col), 0);
	return 0;
}

static void feed_stream(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, int kwords, int ct0, int nct, int wait, int push)
{
	const struct config *c = m->c;
	struct feed_command f;
	int lead = (w->kh - 1) * (w->iw - w->kw) + (s->oy - w->pt - s->iy) * w->iw - w->pl, period = larger(c->rows, 9), tiles;

	memset(&f, 0, sizeof f);
	place_windows(w, s, &f);
	f.dw = f.keep = 1;
	f.src = (int64_t)s->in + ct0 * c->cols;
	f.ctiles = nct;
	f.ct_step = c->cols;
	f.npt = c->rows;
	f.st_full = f.st_last = f.st_glast = w->kh * w->kw;
	f.dmin = period;
	f.lead = w->kh * w->kw - 1;
	f.iy0 -= 3 - w->kh;
	f.b0 = -w->pl;
	f.b_step = 1;
	f.lb = w->iw;
	f.px_step = w->ic;
	f.dil = 1;
	f.kwords = kwords;
	f.dkw = w->kw;
	f.dkh0 = 3 - w->kh;
	f.prime = lead > 0 ? lead : 0;
	f.q0 = lead > 0 ? 0 : lead;
	f.nread = s->ih * w->iw;
	f.npad = nct > 1 ? up((int)f.npix, c->rows) * c->rows : 65535;
	f.ldelay = w->iw - w->kw;
	place_needs(w, s, &f);
	if (s->plain)
		f.need0 = (int64_t)w->iw + 2 * period + lead + 1;
	builder_feed(m->b, &f, wait, push);
	tiles = up((int)f.npix, c->rows);
	l->estimate += (int64_t)nct * tiles * larger(period, c->rows * post_rate(c, l)) + f.prime + c->rows;
}

static int map_stream(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct op *o, const struct params *params)
{
	const struct config *c = m->c;
	int kwords = whole_words(c, w->kh * w->kw), nct = up(w->oc, c->cols), t, whole = s->ih == s->oh, step = whole ? nct : 1;
	int group = larger(1, c->par_depth / 2 / c->cols);
	struct post_area all = { w->ow, s->oh, w->ow, 0, 0, 0, nct };
	size_t at, bytes = words_bytes(c, kwords);

	if (stream_weights(m, o, w, kwords, &at))
		return -1;
	for (t = 0; t < nct; t += step) {
		if (t % group == 0)
			map_load_params(m, params, t, nct - t < group ? nct - t : group);
		builder_load_data(m->b, LOAD_WGT, at + (size_t)t * bytes, bytes, 1, step, bytes);
		feed_stream(m, l, s, w, kwords, t, step, t ? 0 : s->feed_wait, t + step < nct ? 0 : s->feed_push);
		if (t == 0 && map_post(m, l, s, &all, POST_MAC, s->post_wait, s->post_push))
			return -1;
	}
	for (t = group; whole && t < nct; t += group)
		map_load_params(m, params, t, nct - t < group ? nct - t : group);
	return 0;
}

/* Products that the pattern saves in a pass; those of block diagonals are no products of the model. */
static int64_t skipped(const struct mapper *m, const struct op *o, const struct window *w, const struct pass *p, const struct cut *k, int64_t pixels)
{
	if (!k->sparse || o->kind == OP_DEPTHWISE_CONV_2D || o->groups > 1)
		return 0;
	return pixels * w->oc * w->kh * w->kw * (p->nic - steps(m->c, k, p->nic));
}

/* precision: with as many weights in a byte as make it fastest. */
static void narrow_cut(const struct mapper *m, const struct op *o, const struct window *w, const struct pass *p, struct cut *k)
{
	const struct config *c = m->c;
	struct cut narrow;
	int per;

	for (per = 2; per <= c->sub; per *= 2) {
		if (!(c->precision & 8 / per) || !fits(m->g, o, per))
			continue;
		cut_pass(c, w, p, 0, per, &narrow);
		if (tile_cycles(c, &narrow, c->rows, 0) <= tile_cycles(c, k, c->rows, 0))
			*k = narrow;
	}
}

/* With a pattern when the weights keep to it, unless all of them are faster. -1 when there is no way. */
static int choose_cut(struct mapper *m, const struct layer *l, const struct op *o, const struct window *w, const struct pass *p, const struct stripe *s, struct cut *k)
{
	const struct config *c = m->c;
	int post = post_rate(c, l), ws = c->dataflow == DATAFLOW_WS, slots = ws ? c->acc_depth : c->rows, dense_fits;
	struct cut sparse;

	cut_pass(c, w, p, 0, 1, k);
	if (c->sub > 1)
		narrow_cut(m, o, w, p, k);
	if (c->nm_m == 1)
		return 0;
	dense_fits = k->rep == 1 || k->nc == 1 || k->kwl == 1; /* repeat_chunks() */
	if (!pass_obeys(m, o, w, p))
		return dense_fits ? 0 : -1;
	cut_pass(c, w, p, 1, 1, &sparse);
	if (!dense_fits || tile_cycles(c, &sparse, slots, post) <= tile_cycles(c, k, slots, post))
		*k = sparse;
	m->skipped += skipped(m, o, w, p, k, (int64_t)w->ow * s->oh);
	return 0;
}

static int map_pass(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct op *o, const struct pass *p, const struct params *params, int wait, int push)
{
	const struct config *c = m->c;
	int group = larger(1, c->par_depth / 2 / c->cols), t, n = p->nct < group ? p->nct : group, nct = up(w->oc, c->cols);
	struct post_area all = { w->ow, s->oh, w->ow, 0, 0, 0, nct };
	struct cut k;
	uint8_t *d;
	size_t at, bytes;
	int early;

	if (choose_cut(m, l, o, w, p, s, &k))
		return map_error(m, o, "more than %d of %d weights along input channels are not zero", c->nm_n, c->nm_m);
	l->per = k.per;
	if (k.kwords > 65535)
		return map_error(m, o, "%d weights per output channel are more than 65535", k.kwords);
	bytes = words_bytes(c, k.kwords);
	at = builder_data(m->b, (size_t)p->nct * bytes, &d);
	if (m->b->failed)
		return -1;
	for (t = 0; t < p->nct; t++)
		put_tile(m, o, w, p, &k, t, d + (size_t)t * bytes);
	/* The network's first layer starts on its first channel tile's weights; later layers want parameters first. */
	early = m->first_feed && k.kwords <= c->wgt_depth / 2 && p->ct0 == 0;
	m->first_feed = 0;
	if (early)
		load_weights(m, s, w, p, &k, at, 0, 1);
	map_load_params(m, params, p->ct0, n);
	load_weights(m, s, w, p, &k, at, early, n - early);
	feed_pass(m, l, s, w, p, &k, wait, push);
	if (p->ct0 == 0 && map_post(m, l, s, &all, POST_MAC, s->post_wait, s->post_push))
		return -1;
	for (t = n; t < p->nct; t += group) {
		n = p->nct - t < group ? p->nct - t : group;
		map_load_params(m, params, p->ct0 + t, n);
		load_weights(m, s, w, p, &k, at, t, n);
	}
	return 0;
}

int map_mac(struct mapper *m, struct layer *l, const struct stripe *s)
{
	const struct op *o = &m->g->ops[l->op];
	struct window w;
	struct pass p, next;
	struct params params;
	struct stripe part = *s;
	int i;

	if (m->c->sparsity == SPARSITY_SKIP)
		return map_mac_skip(m, l, s);
	if (m->c->dataflow == DATAFLOW_RS)
		return map_mac_rs(m, l, s);
	map_window(m->g, o, &w);
	if (o->kind == OP_FULLY_CONNECTED) { /* its one window is the whole map: wait for all of it */
		part.plain = 0;
		s = &part;
	}
	if (map_params(m, l, up(w.oc, m->c->cols) * m->c->cols, &params))
		return -1;
	if (streams(m->c, o, &w)) {
		m->first_feed = 0;
		return map_stream(m, l, s, &w, o, &params);
	}
	for (i = 0; layer_passes(m->c, m->g, o, &w, i, &p); i++) {
		int more = layer_passes(m->c, m->g, o, &w, i + 1, &next);

		if (map_pass(m, l, s, &w, o, &p, &params, i ? 0 : s->feed_wait, more ? 0 : s->feed_push))
			return -1;
	}
	return 0;
}

/* A pool unit pass over part of the output. */
static void feed_pool(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct post_area *a, int max, int wait, int push)
{
	const struct config *c = m->c;
	struct feed_command f;
	struct stripe part = *s;
	struct window v = *w;

	part.oy += a->y0;
	part.oh = a->oh;
	v.ow = a->ow;
	v.pl -= a->x0 * w->sw;
	v.zx = 0;
	memset(&f, 0, sizeof f);
	place_windows(&v, &part, &f);
	f.pool = 1;
	f.pmax = max;
	f.ctiles = a->nct;
	f.ct_step = c->cols;
	f.npt = 1;
	f.kg = v.kh;
	f.kw = v.kw;
	f.st_full = f.st_last = f.st_glast = 1;
	f.inc_kw = f.binc_kw = v.dw * v.ic;
	f.inc_kg = v.dh * v.iw * v.ic - (v.kw - 1) * v.dw * v.ic;
	f.ky_step = v.dh;
	place_needs(&v, &part, &f);
	builder_feed(m->b, &f, wait, push);
	l->estimate += a->nct * f.npix * larger(v.kh * v.kw, c->cols / c->lanes * (max == 2 ? 3 : 1)) + c->rows + 12;
}

/* Valid taps of output position o along one axis. */
static int taps(int o, int stride, int pad, int k, int dil, int size)
{
	int i, n = 0;

	for (i = 0; i < k; i++) {
		int x = o * stride - pad + i * dil;

		n += x >= 0 && x < size;
	}
	return n;
}

static int same_taps(int o, int end, int stride, int pad, int k, int size)
{
	int n = 1;

	while (o + n < end && taps(o + n, stride, pad, k, 1, size) == taps(o, stride, pad, k, 1, size))
		n++;
	return n;
}

static int average_area(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct op *o, struct post_area *a, int height, int last)
{
	const struct tensor *in = &m->g->tensors[o->in[0]];
	int n = taps(s->oy + a->y0, w->sh, w->pt, w->kh, 1, height) * taps(a->x0, w->sw, w->pl, w->kw, 1, w->iw);
	int first = a->x0 == 0 && a->y0 == 0;
	struct requant q;
	struct params params;

	if (n == 0)
		return map_error(m, o, "a window lies wholly in the padding");
	if ((int64_t)n * -in->qmin > (int64_t)1 << (m->c->acc_bits - 1))
		return map_error(m, o, "a sum of %d values does not fit acc_bits %d", n, m->c->acc_bits);
	if (quant_average(config_requant(m->c), n, in->qmin, in->qmax, &q))
		return map_error(m, o, "an average over %d values has no exact reciprocal", n);
	if (map_uniform_params(m, &q, &params))
		return -1;
	map_load_params(m, &params, 0, 1);
	feed_pool(m, l, s, w, a, 0, first ? s->feed_wait : 0, last ? s->feed_push : 0);
	return map_post(m, l, s, a, POST_AVERAGE, first ? s->post_wait : 0, last ? s->post_push : 0);
}

int map_pool(struct mapper *m, struct layer *l, const struct stripe *s)
{
	const struct op *o = &m->g->ops[l->op];
	int height = m->g->tensors[o->in[0]].h, last;
	struct window w;
	struct post_area a;

	map_window(m->g, o, &w);
	memset(&a, 0, sizeof a);
	a.line = a.ow = w.ow;
	a.oh = s->oh;
	a.nct = up(w.oc, m->c->cols);
	m->first_feed = 0;
	if (o->kind == OP_MAX_POOL_2D) {
		feed_pool(m, l, s, &w, &a, 1, s->feed_wait, s->feed_push);
		return map_post(m, l, s, &a, POST_MAXIMUM, s->post_wait, s->post_push);
	}
	for (a.y0 = 0; a.y0 < s->oh; a.y0 += a.oh) {
		a.oh = same_taps(s->oy + a.y0, s->oy + s->oh, w.sh, w.pt, w.kh, height);
		for (a.x0 = 0; a.x0 < w.ow; a.x0 += a.ow) {
			a.ow = same_taps(a.x0, w.ow, w.sw, w.pl, w.kw, w.iw);
			last = a.y0 + a.oh == s->oh && a.x0 + a.ow == w.ow;
			if (average_area(m, l, s, &w, o, &a, height, last))
				return -1;
		}
	}
	return 0;
}

int map_add(struct mapper *m, struct layer *l, const struct stripe *s)
{
	const struct tensor *out = &m->g->tensors[l->out];
	struct window w = { out->c, out->w, out->w, out->c, 1, 1, 1, 1, 1, 1, 0, 0, 0 };
	struct post_area a = { out->w, s->oh, out->w, 0, 0, 0, up(out->c, m->c->cols) };

	m->first_feed = 0;
	feed_pool(m, l, s, &w, &a, 0, s->feed_wait, s->feed_push);
	l->estimate += (int64_t)a.nct * a.ow * a.oh * (3 * (m->c->cols / m->c->lanes) - 1);
	return map_post(m, l, s, &a, POST_ADD, s->post_wait, s->post_push);
}
