/* SPDX-License-Identifier: Apache-2.0
 * Mapping to the rs array. A plan folds kernel rows, taps and channels onto row sets and passes; the cheapest of all
 * that fit the scratchpads is taken. docs/rs.md explains the folds. */
#include "map_rs.h"
#include "cmodel/feed_rs.h"
#include <stdio.h>
#include <string.h>

/* Channel tiles [ct0, ct0+nct) made from input channels [ic0 + t*step, + nic), t counting the pass's tiles. */
struct group { int ct0, nct, ic0, nic, step, dw; };

struct rs_command {
#define F(name, beat, lsb, width, sgn, meaning) int64_t name;
	FEED_RS_FIELDS(F)
#undef F
};

static int up(int a, int b) { return (a + b - 1) / b; }
static int larger(int a, int b) { return a > b ? a : b; }
static int smaller(int a, int b) { return a < b ? a : b; }
static int is_power(int v) { return v > 0 && (v & (v - 1)) == 0; }

static int power_at_least(int v)
{
	int p = 1;

	while (p < v)
		p *= 2;
	return p;
}

static int log2_of(int power)
{
	int n = 0;

	while (1 << n < power)
		n++;
	return n;
}

/* Weight of output channel oc at tap (ky, kx) and input channel i; 0 where there is none. */
static int8_t weight(const struct graph *g, const struct op *o, int oc, int ky, int kx, int i)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	int per = in->c / o->groups, fc = o->kind == OP_FULLY_CONNECTED, kh = fc ? 1 : o->kh, kw = fc ? 1 : o->kw;

	if (oc >= out->c || ky >= kh || kx >= kw)
		return 0;
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return i == oc / o->multiplier ? o->weights[(ky * kw + kx) * out->c + oc] : 0;
	if (fc)
		per = in->h * in->w * in->c;
	i -= oc / (out->c / o->groups) * per;
	if (i < 0 || i >= per)
		return 0;
	return o->weights[((oc * kh + ky) * kw + kx) * per + i];
}

/* The layer's groups: one for a dense or depthwise layer, else one for each channel tile. */
static int layer_groups(const struct config *c, const struct op *o, const struct window *w, int i, struct group *p)
{
	int nct = up(w->oc, c->cols), per = w->ic / o->groups, opg = w->oc / o->groups, last;

	memset(p, 0, sizeof *p);
	if (o->kind == OP_DEPTHWISE_CONV_2D) {
		per = 1;
		opg = o->multiplier;
	} else if (o->kind == OP_FULLY_CONNECTED) {
		per = w->ic;
	}
	p->nct = nct;
	p->nic = w->ic;
	if (per == w->ic && opg != 1)
		return i == 0;
	if (per == 1 && opg == 1) {
		p->dw = 1;
		p->step = c->cols;
		return i == 0;
	}
	if (per == w->ic)
		return i == 0;
	p->ct0 = i;
	p->nct = 1;
	last = (i + 1) * c->cols < w->oc ? (i + 1) * c->cols : w->oc;
	p->ic0 = i * c->cols / opg * per;
	p->nic = ((last - 1) / opg + 1) * per - p->ic0;
	return i < nct;
}

static int steps(const struct config *c, const struct rs_plan *p) { return c->cols * p->kwn * p->q; }
static int passes(const struct rs_plan *p) { return p->nkg * p->nkw * p->nc; }
static int lines(const struct config *c, const struct rs_plan *p) { return c->cols * (p->sep ? p->nset : 1); }

/* Input lines of a set (flat: pixels). */
static int set_lines(const struct config *c, const struct window *w, const struct rs_plan *p, int oh)
{
	return p->flat ? c->cols : (smaller(c->cols, oh) - 1) * w->sh + (p->khn - 1) * w->dh + 1;
}

static int post_rate(const struct config *c, const struct layer *l)
{
	return c->cols / c->lanes * (l->add >= 0 ? 4 : 1);
}

/* Filters of a channel tile: all COLS, or what the last one needs; separate sets need the others' steps as well. */
static int filters(const struct config *c, const struct window *w, const struct rs_plan *p, int ct)
{
	int n = w->oc - ct * c->cols;

	if (n >= c->cols || p->sep || passes(p) * steps(c, p) * rs_words(c) > c->wgt_depth - CONFIG_MAX_BUS)
		return c->cols;
	return n;
}

/* Loader and issuer of feed_rs, window by window: a granule is fetched when a slot of the ring is free, 2*ROWS cycles after
 * the last window that used what was in it; a window starts when its granules are there. */
struct pace {
	int64_t loaded, issued;         /* cycle: last granule fetched, last window issued */
	int64_t handed, done;           /* sums of the last tile but one and of the last taken by post */
	int64_t free[RS_MAX_RING];      /* [slots] cycle in which the slot may be written */
	int slots, fetched, freed;      /* granules */
};

/* Cycles to fetch a granule of columns [x, x + m): a column outside the map is one write to all. */
static int granule_reads(const struct window *w, const struct rs_plan *p, int reads, int x)
{
	return !p->flat && (x + p->m <= 0 || x >= w->iw) ? 1 : reads;
}

static void pace_window(const struct config *c, const struct window *w, const struct rs_plan *p, struct pace *t, int reads, int x, int need, int frees, int steps)
{
	int i;

	for (i = 0; i < need; i++, x += p->m) {
		int64_t *slot = &t->free[t->fetched++ % t->slots];

		t->loaded = (t->loaded > *slot ? t->loaded : *slot) + granule_reads(w, p, reads, x);
	}
	t->issued = (t->issued > t->loaded ? t->issued : t->loaded) + steps;
	for (i = 0; i < frees; i++)
		t->free[t->freed++ % t->slots] = t->issued + 2 * c->rows;
}

static void pace_tile(const struct config *c, const struct window *w, const struct rs_plan *p, struct pace *t, int reads, int nx, int steps)
{
	int pass, x;

	for (pass = 0; pass < passes(p); pass++) {
		int at = pass / p->nc % p->nkw * p->kwn * w->dw - w->pl;

		for (x = 0; x < nx; x++) {
			int need = x ? p->gfree : p->gwin, first = x ? p->gwin + (x - 1) * p->gfree : 0;

			pace_window(c, w, p, t, reads, at + first * p->m, need, x + 1 < nx ? p->gfree : p->gwin, x ? steps : steps * rs_words(c));
		}
	}
}

/* `windows` windows with n filters each, in tiles of nx: some tiles are walked, the others take what the last of these did. */
static void pace_filters(const struct config *c, const struct layer *l, const struct window *w, const struct rs_plan *p, struct pace *t, int oh, int n, int64_t windows)
{
	int reads = set_lines(c, w, p, oh) * p->nset, nx = p->flat ? smaller(p->nx, up(w->ow * oh, c->cols)) : p->nx, i;
	int steps = n * p->kwn * p->q + c->cols - n, starved = l->add >= 0 && p->gfree * reads >= steps; /* post reads the residual when the loader does not read */
	int64_t vectors = (int64_t)(p->flat ? c->cols : smaller(lines(c, p), oh)) * post_rate(c, l), last = 0, before, skip;

	for (i = 0; i < 4 && windows > 0; i++) {
		int now = windows < nx ? (int)windows : nx;

		before = t->done;
		if (t->issued < t->handed) /* acc_rs holds two tiles */
			t->issued = t->handed;
		if (starved && t->issued < t->done)
			t->issued = t->done;
		t->handed = t->done;
		pace_tile(c, w, p, t, reads, now, steps);
		t->done = (t->done > t->issued ? t->done : t->issued) + now * vectors;
		last = t->done - before;
		windows -= now;
	}
	skip = windows > 0 ? windows * last / nx : 0;
	t->loaded += skip;
	t->issued += skip;
	t->handed += skip;
	t->done += skip;
	for (i = 0; i < t->slots; i++)
		t->free[i] += skip;
}

/* A segment is a FEED of its own: it starts when the array has drained, configures the rows, and fills them. */
static int64_t plan_cycles(const struct config *c, const struct layer *l, const struct window *w, const struct rs_plan *p, int oh)
{
	int nct = up(w->oc, c->cols), width = p->flat ? up(w->ow * oh, c->cols) : p->nx, tiles = p->flat ? 1 : up(oh, lines(c, p));
	int guard = (p->sep ? 2 : 1) * c->rows + 14;
	int64_t cycles;
	struct pace t;

	memset(&t, 0, sizeof t);
	t.slots = rs_ring(c) / (p->m * p->pitch);
	pace_filters(c, l, w, p, &t, oh, c->cols, (int64_t)(nct - 1) * tiles * width);
	pace_filters(c, l, w, p, &t, oh, filters(c, w, p, nct - 1), (int64_t)tiles * width);
	cycles = (t.issued + guard > t.done ? t.issued + guard : t.done) + larger(c->rows, c->cols) + 1;
	return (p->nseg - 1) * cycles + t.done;
}

static int gap_fused(const struct layer *l) { return l->gap >= 0; }

/* Completes a plan whose folds are chosen; 0 when it does not fit. */
static int plan_fits(const struct config *c, const struct layer *l, const struct window *w, int nic, struct rs_plan *p)
{
	int ring = rs_ring(c), lanes = p->dw ? c->cols : p->q, per = p->sep ? p->q : p->nset * p->q, span = (p->kwn - 1) * w->dw + 1, most;

	p->nkg = up(w->kh, p->khn);
	p->nkw = up(w->kw, p->kwn);
	p->nc = p->dw ? 1 : up(nic, per);
	p->pitch = power_at_least(lanes);
	p->m = 1;
	if (!p->flat && !p->dw && w->sw > 1 && is_power(w->sw) && p->q == w->ic && is_power(p->q) && (p->sep || p->nset == 1) &&
	    w->sw * p->q <= c->act_port && w->sw * p->q <= ring)
		p->m = w->sw;
	p->gwin = p->flat ? 1 : p->m > 1 ? up(span, p->m) : larger(span, w->sw);
	p->gfree = p->flat ? 1 : w->sw / p->m;
	if (lanes > c->act_port || p->pitch > ring || (int64_t)p->gwin * p->m * p->pitch > ring)
		return 0;
	if (steps(c, p) > c->spad_wgt || p->kwn > 255 || p->q > 255)
		return 0;
	if ((p->sep && p->kwn * p->q < p->nset) || (passes(p) > 1 && steps(c, p) < 2) || passes(p) > 8191)
		return 0;
	if (!p->flat && (w->sh > 255 || w->dh > 255 || (c->cols - 1) * w->sh + (p->khn - 1) * w->dh > 1022))
		return 0;
	most = c->acc_depth / 2 / lines(c, p);
	if (most == 0)
		return 0;
	p->nseg = p->flat ? 1 : up(w->ow, most);
	p->nx = p->flat ? smaller(most, passes(p) > 1 ? most : 2) : up(w->ow, p->nseg);
	return p->nseg == 1 || !gap_fused(l);
}

struct search {
	const struct config *c;
	const struct layer *l;
	struct window w;
	int oh, nic;
	struct rs_plan *best;
};

static void consider(const struct search *s, struct rs_plan p)
{
	if (!plan_fits(s->c, s->l, &s->w, s->nic, &p))
		return;
	p.cycles = plan_cycles(s->c, s->l, &s->w, &p, s->oh);
	if (s->best->nset == 0 || p.cycles < s->best->cycles)
		*s->best = p;
}

/* All splits of taps and channels for given row sets. */
static void try_sets(const struct search *s, int flat, int dw, int sep, int khn, int nset)
{
	struct rs_plan p;
	int most = dw ? 1 : smaller(s->c->act_port, up(s->nic, sep ? 1 : nset)), last = 0;

	memset(&p, 0, sizeof p);
	p.flat = flat;
	p.dw = dw;
	p.sep = sep;
	p.khn = khn;
	p.nset = nset;
	for (p.kwn = s->w.kw; p.kwn > 0; p.kwn--) {
		if (up(s->w.kw, p.kwn) == last)
			continue;
		last = up(s->w.kw, p.kwn);
		p.kwn = up(s->w.kw, last);
		for (p.q = most; p.q > 0; p.q--)
			consider(s, p);
	}
}

int map_rs_plan(const struct mapper *m, const struct layer *l, struct rs_plan *best)
{
	const struct op *o = &m->g->ops[l->op];
	struct search s;
	struct group p;
	int i, khn, nset, dw = 0;

	memset(&s, 0, sizeof s);
	s.c = m->c;
	s.l = l;
	s.oh = o->kind == OP_FULLY_CONNECTED ? 1 : m->g->tensors[o->out].h;
	s.best = best;
	map_window(m->g, o, &s.w);
	memset(best, 0, sizeof *best);
	for (i = 0; layer_groups(m->c, o, &s.w, i, &p); i++) {
		s.nic = larger(s.nic, p.nic);
		dw |= p.dw;
	}
	if (s.w.kh == 1 && s.w.kw == 1 && s.w.pt == 0 && s.w.pl == 0 && !dw)
		for (nset = m->c->rows; nset > 0; nset--)
			try_sets(&s, 1, 0, 0, 1, nset);
	for (khn = smaller(s.w.kh, m->c->rows); khn > 0; khn--)
		for (nset = m->c->rows / khn; nset > 0; nset--) {
			if (!dw || nset == 1)
				try_sets(&s, 0, dw, 0, khn, nset);
			if (nset > 1)
				try_sets(&s, 0, dw, 1, khn, nset);
		}
	return best->nset ? 0 : -1;
}

static void emit_feed(struct mapper *m, const struct rs_command *f, int wait, int push)
{
	struct command *c = builder_command(m->b, OPCODE_FEED, wait, push);

#define F(name, beat, lsb, width, sgn, meaning) builder_field(m->b, c, #name, beat, lsb, width, sgn, f->name);
	FEED_RS_FIELDS(F)
#undef F
}

/* One step's weights: a lane for each PE row, the last kernel row of a set on top. */
static void put_step(const struct mapper *m, const struct op *o, const struct group *g, const struct rs_plan *p, int t, const int at[3], int f, int tap, int ch, uint8_t *d)
{
	const struct config *c = m->c;
	int oc = (g->ct0 + t) * c->cols + f, kx = at[1] * p->kwn + tap, r, none;

	for (r = 0; r < p->nset * p->khn; r++) {
		int set = r / p->khn, ky = at[0] * p->khn + p->khn - 1 - r % p->khn;
		int i = at[2] * (p->sep ? p->q : p->nset * p->q) + (p->sep ? 0 : set * p->q) + ch;

		none = kx >= (at[1] + 1) * p->kwn || (!p->dw && i >= g->nic);
		i = p->dw ? oc : g->ic0 + i;
		map_put_weight(m, o, d + r / c->cols * c->wgt_word, r % c->cols, oc, none ? 0 : weight(m->g, o, oc, ky, kx, i));
	}
}

/* A depthwise weight is found by its output channel; grouped convolutions count input channels per group. */
static void put_tile(const struct mapper *m, const struct op *o, const struct window *w, const struct group *g, const struct rs_plan *p, int t, uint8_t *d)
{
	int n[3] = { p->nkg, p->nkw, p->nc }, at[3], f, tap, ch;
	int bytes = rs_words(m->c) * m->c->wgt_word, nf = filters(m->c, w, p, g->ct0 + t);

	for (at[0] = 0; at[0] < n[0]; at[0]++)
		for (at[1] = 0; at[1] < n[1]; at[1]++)
			for (at[2] = 0; at[2] < n[2]; at[2]++)
				for (f = 0; f < nf; f++)
					for (tap = 0; tap < p->kwn; tap++)
						for (ch = 0; ch < p->q; ch++, d += bytes)
							put_step(m, o, g, p, t, at, f, tap, ch, d);
}

static void place_flat(const struct config *c, const struct stripe *s, const struct window *w, const struct rs_plan *p, struct rs_command *f)
{
	int npix = w->ow * s->oh, groups = up(npix, c->cols), nx = smaller(p->nx, groups), exact = w->sh == 1 && w->sw == 1 && w->iw == w->ow && f->iy0 == 0;

	f->flat = 1;
	f->d_step = f->b_step = w->sw * w->ic;
	f->wrap_step = (w->sh * w->iw - (w->ow - 1) * w->sw) * w->ic;
	f->wrap_dy = w->sh;
	f->ow = w->ow;
	f->set_step = p->q;
	f->dj = 1;
	f->nx = nx;
	f->ntile = up(groups, nx);
	f->nx_last = groups - (f->ntile - 1) * nx;
	f->dn = c->cols * nx;
	f->dn_last = npix - (f->ntile - 1) * f->dn;
	f->nt0 = npix - (groups - 1) * c->cols;
	f->need0 = exact ? c->cols : (f->iy0 + 1) * w->iw + up((c->cols - 1) * w->sh * w->iw, w->ow);
	f->need_g = exact ? c->cols : up(c->cols * w->sh * w->iw, w->ow);
}

static void place_lines(const struct config *c, const struct stripe *s, const struct window *w, const struct rs_plan *p, struct rs_command *f)
{
	int line = w->iw * w->ic, n = lines(c, p);

	f->sep = p->sep;
	f->d_step = line;
	f->d_dy = 1;
	f->set_step = p->sep ? (int64_t)c->cols * w->sh * line : p->q;
	f->set_dy = p->sep ? c->cols * w->sh : 0;
	f->g_step = p->m * w->ic;
	f->tile_step = (int64_t)n * w->sh * line;
	f->tile_dy = n * w->sh;
	f->gb = (p->m - 1) * w->ic + (p->dw ? c->cols : p->sep ? p->q : p->nset * p->q);
	f->dj = w->sh;
	f->doff = w->dh;
	f->ntile = up(s->oh, n);
	f->dn = n;
	f->dn_last = s->oh - (f->ntile - 1) * n;
	f->nt0 = f->dn_last - (p->sep ? (p->nset - 1) * c->cols : 0);
	f->need0 = ((int64_t)(n - 1) * w->sh + f->iy0 + (w->kh - 1) * w->dh + 1) * w->iw;
	f->need_t = (int64_t)n * w->sh * w->iw;
}

static void place_passes(const struct config *c, const struct window *w, const struct rs_plan *p, struct rs_command *f)
{
	int per = p->dw ? 0 : p->sep ? p->q : p->nset * p->q, ring = rs_ring(c), kw = p->kwn * w->dw * w->ic;

	f->nkg = p->nkg;
	f->nkw = p->nkw;
	f->nc = p->nc;
	f->np = passes(p);
	f->inc_c = f->binc_c = per;
	f->inc_kw = f->binc_kw = kw - (p->nc - 1) * per;
	f->inc_kg = (int64_t)p->khn * w->dh * w->iw * w->ic - (p->nkw - 1) * kw - (p->nc - 1) * per;
	f->ky_step = p->khn * w->dh;
	f->gl = log2_of(p->m * p->pitch);
	f->taps = p->kwn;
	f->q = p->q;
	f->tstep = w->dw * p->pitch % ring;
	f->xstep = p->gfree * p->m * p->pitch % ring;
	f->xend = p->gwin * p->m * p->pitch % ring;
	f->gwin = p->gwin;
	f->gfree = p->gfree;
	f->nset = p->nset;
	f->khn = p->khn;
	f->unused = c->rows - p->nset * p->khn;
}

/* Windows [x0, x0+nx) of every line, for a group. */
static void feed_group(struct mapper *m, const struct stripe *s, const struct window *w, const struct op *o, const struct group *g, const struct rs_plan *p, int words, int kwords, int x0, int nx, int wait, int push)
{
	const struct config *c = m->c;
	struct rs_command f;

	memset(&f, 0, sizeof f);
	f.iy0 = s->oy * w->sh - w->pt - s->iy;
	f.src = (int64_t)s->in + (f.iy0 * w->iw - w->pl + x0 * w->sw) * w->ic + g->ic0;
	f.b0 = (x0 * w->sw - w->pl) * w->ic + g->ic0;
	f.lb = w->iw * w->ic;
	f.h = s->ih;
	f.zx = w->zx;
	f.dw = p->dw;
	f.ctiles = g->nct;
	f.ct_step = g->step;
	f.nx = f.nx_last = nx;
	if (p->flat)
		place_flat(c, s, w, p, &f);
	else
		place_lines(c, s, w, p, &f);
	place_passes(c, w, p, &f);
	f.nd = set_lines(c, w, p, s->oh);
	f.fl = filters(c, w, p, g->ct0 + g->nct - 1) - 1;
	f.kwords = kwords;
	f.kpad = kwords - words;
	f.res = f.np == 1;
	f.keep = kwords <= c->wgt_depth;
	f.follow = s->follow;
	f.dep = s->dep & 255;
	f.need_max = (int64_t)s->ih * w->iw;
	if (!s->plain || o->kind == OP_FULLY_CONNECTED) {
		f.need0 = f.need_max = 0x7ffff;
		f.need_g = f.need_t = 0;
	}
	emit_feed(m, &f, wait, push);
}

struct blob { size_t at, bytes; struct params params; int words, kwords, tiles; };

static void load_weights(struct mapper *m, const struct rs_plan *p, const struct blob *b, int ct0, int n)
{
	int rep = b->kwords <= m->c->wgt_depth || passes(p) == 1 ? 1 : b->tiles;

	if (n > 0)
		builder_load_data(m->b, LOAD_WGT, b->at + (size_t)ct0 * b->bytes, b->bytes, rep, n, b->bytes);
}

static int make_weights(struct mapper *m, const struct op *o, const struct window *w, const struct rs_plan *p, struct blob *b)
{
	const struct config *c = m->c;
	int per_beat = c->bus_bytes > c->wgt_word ? c->bus_bytes / c->wgt_word : 1, i, t;
	struct group g;
	uint8_t *d;

	if ((int64_t)passes(p) * steps(c, p) * rs_words(c) > 65535 - per_beat)
		return map_error(m, o, "its weights per channel tile are more than 65535 words");
	b->words = passes(p) * steps(c, p) * rs_words(c);
	b->kwords = up(b->words, per_beat) * per_beat;
	b->bytes = (size_t)b->kwords * (size_t)c->wgt_word;
	b->at = builder_data(m->b, (size_t)up(w->oc, c->cols) * b->bytes, &d);
	if (m->b->failed)
		return -1;
	for (i = 0; layer_groups(c, o, w, i, &g); i++)
		for (t = 0; t < g.nct; t++)
			put_tile(m, o, w, &g, p, t, d + (size_t)(g.ct0 + t) * b->bytes);
	return 0;
}

/* One segment of the lines: parameters, weights, FEED and POST. */
static int map_segment(struct mapper *m, struct layer *l, const struct stripe *s, const struct window *w, const struct rs_plan *p, const struct blob *b, int x0, int nx, int last)
{
	const struct config *c = m->c;
	const struct op *o = &m->g->ops[l->op];
	int group = larger(1, c->par_depth / 2 / c->cols), i, t, n, early, nct = up(w->oc, c->cols);
	struct post_area area = { nx, s->oh, w->ow, x0, 0, 0, nct };
	struct group g, next;

	for (i = 0; layer_groups(c, o, w, i, &g); i++) {
		int more = layer_groups(c, o, w, i + 1, &next);

		/* The network's first layer starts on its first channel tile's weights; later layers want parameters first. */
		early = m->first_feed && b->kwords <= c->wgt_depth / 2 && g.ct0 == 0;
		m->first_feed = 0;
		n = smaller(g.nct, group);
		if (early)
			load_weights(m, p, b, 0, 1);
		map_load_params(m, &b->params, g.ct0, n);
		load_weights(m, p, b, g.ct0 + early, n - early);
		feed_group(m, s, w, o, &g, p, b->words, b->kwords, x0, nx, x0 == 0 && i == 0 ? s->feed_wait : 0, last && !more ? s->feed_push : 0);
		if (g.ct0 == 0 && map_post(m, l, s, &area, POST_MAC, x0 == 0 ? s->post_wait : 0, last ? s->post_push : 0))
			return -1;
		for (t = n; t < g.nct; t += group) {
			n = smaller(g.nct - t, group);
			map_load_params(m, &b->params, g.ct0 + t, n);
			load_weights(m, p, b, g.ct0 + t, n);
		}
	}
	return 0;
}

int map_mac_rs(struct mapper *m, struct layer *l, const struct stripe *s)
{
	const struct config *c = m->c;
	const struct op *o = &m->g->ops[l->op];
	struct rs_plan p;
	struct window w;
	struct blob b;
	int x0, nct;

	map_window(m->g, o, &w);
	nct = up(w.oc, c->cols);
	if (map_rs_plan(m, l, &p))
		return map_error(m, o, "no mapping to the rs array fits spad_act %d, spad_wgt %d, acc_depth %d", c->spad_act, c->spad_wgt, c->acc_depth);
	if (map_params(m, l, nct * c->cols, &b.params) || make_weights(m, o, &w, &p, &b))
		return -1;
	b.tiles = p.flat ? up(up(w.ow * s->oh, c->cols), smaller(p.nx, up(w.ow * s->oh, c->cols))) : up(s->oh, lines(c, &p));
	for (x0 = 0; x0 < w.ow; x0 += p.flat ? w.ow : p.nx) {
		int nx = p.flat ? w.ow : smaller(p.nx, w.ow - x0), last = p.flat || x0 + p.nx >= w.ow;

		if (map_segment(m, l, s, &w, &p, &b, x0, nx, last))
			return -1;
	}
	l->estimate += plan_cycles(c, l, &w, &p, s->oh) + 20;
	return 0;
}
