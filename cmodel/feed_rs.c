/* SPDX-License-Identifier: Apache-2.0 */
#include "feed_rs.h"
#include "command.h"
#include "lanes.h"
#include <stddef.h>
#include <string.h>

enum { EV_ACTIVE = 1, EV_WGT = 2, EV_IN = 4, EV_OUT = 8, EV_FILL = 16, EV_IDLE = 32 };

static int larger(int a, int b) { return a > b ? a : b; }

static void command_beat(struct feed_rs *d, const struct feed_rs_in *in)
{
	uint64_t v = in->cmd_data;

	if (in->cmd_idx == 0) {
		d->sh.wait = command_field(v, 8, 8, 0);
		d->sh.push = command_field(v, 16, 8, 0);
	}
#define F(name, beat, lsb, width, sgn, meaning) \
	if (in->cmd_idx == beat) \
		d->sh.name = command_field(v, lsb, width, sgn);
	FEED_RS_FIELDS(F)
#undef F
	if (in->cmd_idx == 15)
		d->full = 1;
}

void feed_rs_reset(struct feed_rs *d)
{
	d->full = d->run = d->push = 0;
	d->cfg = d->tout = d->guard = d->frd = d->ev = 0;
	d->rel1 = d->rel2 = d->rel3 = d->rel = d->wbase = 0;
	d->ld1 = d->ld2 = d->ld3 = d->ld4 = d->ld5 = 0;
	d->tok1 = d->tok2 = d->tok3 = d->tok4 = d->tok5 = 0;
	d->wrd1 = d->wrd2 = d->wrd3 = d->wrd4 = d->wrd5 = 0;
}

void feed_rs_rows(const struct config *c, const struct feed_rs *q, struct feed_rs_rows *o)
{
	o->shift = q->cfg != 0 && q->cfg <= c->rows;
	o->used = q->cu == 0;
	o->set = q->cset;
	o->off = (uint16_t)q->coff;
	o->ntail = (uint8_t)(q->cnt <= 0 ? 0 : q->cnt >= c->cols ? c->cols : q->cnt);
	o->brk = q->a.sep && q->ci + 1 == q->a.khn && q->cset + 1 != q->a.nset;
}

static void first_tile(struct feed_rs *d, const struct feed_rs_cmd *a, int32_t base)
{
	d->cbase = d->ta = d->ga = d->wa = base;
	d->ty = d->wy = a->iy0;
	d->tb = d->gb = d->wb = a->b0;
	d->tox = d->lox = 0;
	d->tneed = d->rneed = a->need0;
}

static void start(const struct config *c, struct feed_rs *d, const struct feed_rs_cmd *a)
{
	d->a = *a;
	d->full = 0;
	d->run = 1;
	d->cfg = (uint8_t)(larger(c->rows, c->cols) + 1);
	d->cu = (uint8_t)a->unused;
	d->ci = (uint8_t)(a->khn - 1);
	d->cset = (uint8_t)((a->nset - 1) & 31);
	d->cnt = a->nt0;
	d->ldone = d->cdone = 0;
	d->lct = d->ltile = d->lc = d->lx = d->ld = 0;
	d->lkg = d->lkw = d->lset = 0;
	d->lg = (uint8_t)a->gwin;
	first_tile(d, a, a->src);
	d->off = d->boff = d->ky = d->soff = d->sdy = 0;
	d->gp = d->xb = d->tapo = 0;
	d->used = d->occ = 0;
	d->free1 = d->freew = 0;
	d->cct = d->ctile = d->cpass = d->cx = 0;
	d->cf = d->ctap = d->cch = d->sub = 0;
	d->waddr = 0;
	d->k = 0;
}

/* Row configuration, last row first: rows without a set, then the sets from the last to the first. */
static void configure(const struct config *c, const struct feed_rs *q, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;

	d->cfg = (uint8_t)(q->cfg - 1);
	if (q->cfg > c->rows) {
		/* the first row's input line, by adding up */
		d->coff = 0;
		return;
	}
	if (q->cu != 0) {
		d->cu = (uint8_t)(q->cu - 1);
		return;
	}
	d->coff = q->coff + a->doff;
	if (q->ci != 0) {
		d->ci = (uint8_t)(q->ci - 1);
		return;
	}
	d->coff = 0;
	d->ci = (uint8_t)(a->khn - 1);
	d->cset = (q->cset - 1) & 31;
	d->cnt = a->sep ? q->cnt + c->cols : q->cnt;
}

static int dependency(const struct feed_rs *q, const struct feed_rs_in *in)
{
	const struct feed_rs_cmd *a = &q->a;
	int need = q->rneed < a->need_max ? q->rneed : a->need_max;
	int made = (uint8_t)(in->post_done - a->dep);

	return !a->follow || (made != 0 && made < 128) || (made == 0 && in->post_last && in->post_pix >= need);
}

static void next_pass(const struct feed_rs *q, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;

	d->wa = d->ga = q->ta;
	d->wy = q->ty;
	d->wb = d->gb = q->tb;
	d->lox = q->tox;
	d->rneed = q->tneed;
	if (q->lc + 1 != a->nc) {
		d->lc = (uint16_t)(q->lc + 1);
		d->off = q->off + a->inc_c;
		d->boff = q->boff + a->binc_c;
		return;
	}
	d->lc = 0;
	if (q->lkw + 1 != a->nkw) {
		d->lkw = (uint8_t)(q->lkw + 1);
		d->off = q->off + a->inc_kw;
		d->boff = q->boff + a->binc_kw;
		return;
	}
	d->lkw = 0;
	d->lkg = (uint8_t)(q->lkg + 1);
	d->off = q->off + a->inc_kg;
	d->boff = 0;
	d->ky = q->ky + a->ky_step;
}

/* d already holds the walk's next pixel (flat). */
static void next_tile(const struct feed_rs *q, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;

	d->lkg = d->lkw = 0;
	d->lc = 0;
	d->off = d->boff = d->ky = 0;
	if (q->ltile + 1 != a->ntile) {
		d->ltile = (uint16_t)(q->ltile + 1);
		if (!a->flat) {
			d->wa = q->ta + a->tile_step;
			d->wy = q->ty + a->tile_dy;
			d->wb = a->b0;
			d->rneed = q->tneed + a->need_t;
		}
		d->ta = d->ga = d->wa;
		d->ty = d->wy;
		d->tb = d->gb = d->wb;
		d->tox = d->lox;
		d->tneed = d->rneed;
		return;
	}
	d->ltile = 0;
	first_tile(d, a, q->cbase + a->ct_step);
	d->lct = (uint16_t)(q->lct + 1);
	if (q->lct + 1 == a->ctiles)
		d->ldone = 1;
}

static void next_granule(const struct config *c, const struct feed_rs *q, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;
	int nx = a->flat && q->ltile + 1 == a->ntile ? a->nx_last : a->nx;

	d->ld = 0;
	d->gp = (uint8_t)((q->gp + (1 << a->gl)) & (rs_ring(c) - 1));
	d->rneed = q->rneed + a->need_g;
	if (!a->flat) {
		d->wa = d->ga = q->ga + a->g_step;
		d->wb = d->gb = q->gb + a->g_step;
		d->wy = q->ty;
	}
	d->lg = (uint8_t)(q->lg - 1);
	if (q->lg != 1)
		return;
	d->lg = (uint8_t)a->gfree;
	d->lx = (uint16_t)(q->lx + 1);
	if (q->lx + 1 != nx)
		return;
	d->lx = 0;
	d->lg = (uint8_t)a->gwin;
	if (q->lc + 1 == a->nc && q->lkw + 1 == a->nkw && q->lkg + 1 == a->nkg)
		next_tile(q, d);
	else
		next_pass(q, d);
}

static void walk(const struct feed_rs *q, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;

	if (a->flat && q->lox + 1 == a->ow) {
		d->lox = 0;
		d->wa = q->wa + a->wrap_step;
		d->wy = q->wy + a->wrap_dy;
		d->wb = a->b0;
	} else {
		d->lox = (uint16_t)(q->lox + 1);
		d->wa = q->wa + a->d_step;
		d->wy = q->wy + a->d_dy;
		d->wb = q->wb + a->b_step;
	}
}

enum { LOAD_WAIT_IN = 1, LOAD_END = 2, LOAD_BEGIN = 4 };

/* One cycle of the loader. */
static int load(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;
	int begin = q->ld == 0 && q->lset == 0, ok = dependency(q, in);
	int b = q->wb + q->boff, outside = !a->flat && begin && (b >= a->lb || b + a->gb <= 0);
	int last = q->lset + 1 == a->nset;

	if (q->ldone)
		return 0;
	if (begin && (!ok || q->used >= rs_ring(c) >> a->gl))
		return ok ? 0 : LOAD_WAIT_IN;
	d->frd = 1;
	d->faddr = q->wa + q->off + q->soff;
	d->fiy = q->wy + q->ky + q->sdy;
	d->fb = b + (a->sep ? 0 : q->soff);
	d->ld1 = 1u << RS_LD_VALID | (uint32_t)outside << RS_LD_ALL | (uint32_t)q->lset << RS_LD_SET | (uint32_t)(q->ld & 1023) << RS_LD_D |
		 (uint32_t)q->gp << RS_LD_ADDR;
	if (!last && !outside) {
		d->lset = (uint8_t)(q->lset + 1);
		d->soff = q->soff + a->set_step;
		d->sdy = q->sdy + a->set_dy;
	} else {
		d->lset = 0;
		d->soff = d->sdy = 0;
		walk(q, d);
		d->ld = (uint16_t)(q->ld + 1);
		if (q->ld + 1 == a->nd || outside) {
			next_granule(c, q, d);
			return LOAD_END | (begin ? LOAD_BEGIN : 0);
		}
	}
	return begin ? LOAD_BEGIN : 0;
}

/* Weights are given back when the channel tile is done, or as they are used when they do not fit the buffer. */
static void weight_word(const struct config *c, const struct feed_rs *q, int pad, struct feed_rs *d)
{
	uint32_t mask = 2u * (uint32_t)c->wgt_depth - 1;

	d->wrd1 = 1;
	d->wa1 = (q->wbase + q->k) & ((uint32_t)c->wgt_depth - 1);
	if (q->a.keep) {
		d->k = q->k + 1;
		return;
	}
	d->rel1 = (uint32_t)(1 + pad);
	d->wbase = (q->wbase + d->rel1) & mask;
}

enum { ISSUE_FREE1 = 1, ISSUE_FREEW = 2, ISSUE_TILE = 4 };

static int window_end(const struct config *c, const struct feed_rs *q, int last_x, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;
	uint32_t mask = 2u * (uint32_t)c->wgt_depth - 1;

	d->waddr = 0;
	d->cf = 0;
	d->xb = (uint8_t)((q->xb + (last_x ? a->xend : a->xstep)) & (rs_ring(c) - 1));
	d->cx = (uint16_t)(q->cx + 1);
	if (!last_x)
		return ISSUE_FREE1;
	d->cx = 0;
	d->cpass = (uint16_t)(q->cpass + 1);
	if (q->cpass + 1 != a->np)
		return ISSUE_FREEW;
	d->cpass = 0;
	d->ctile = (uint16_t)(q->ctile + 1);
	if (!a->res)
		d->k = 0;
	if (q->ctile + 1 != a->ntile)
		return ISSUE_FREEW;
	d->ctile = 0;
	d->k = 0;
	if (a->keep) {
		d->rel1 = (uint32_t)a->kwords & mask;
		d->wbase = (q->wbase + (uint32_t)a->kwords) & mask;
	}
	d->cct = (uint16_t)(q->cct + 1);
	if (q->cct + 1 == a->ctiles)
		d->cdone = 1;
	return ISSUE_FREEW;
}

/* One cycle of the issuer. */
static int issue(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, int dep_wait, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;
	int last_tile = q->ctile + 1 == a->ntile;
	int last_x = q->cx + 1 == (a->flat && last_tile ? a->nx_last : a->nx);
	int spare = q->cct + 1 == a->ctiles && q->cf > a->fl;
	int stream = !spare && q->cx == 0 && (!a->res || q->ctile == 0);
	int more = stream && q->sub + 1 != rs_words(c);
	int first = q->ctap == 0 && q->cch == 0, begin = first && q->cf == 0 && q->sub == 0;
	int tile_begin = begin && q->cx == 0 && q->cpass == 0;
	int last = spare || (q->ctap + 1 == a->taps && q->cch + 1 == a->q);
	int end = last && q->cf + 1 == c->cols;
	uint32_t avail = (in->wgt_cnt - q->wbase) & (2u * (uint32_t)c->wgt_depth - 1), xaddr;

	if (begin && q->occ < a->gwin) {
		d->ev = dep_wait ? EV_IN : EV_FILL;
		return 0;
	}
	if (tile_begin && q->tout == 2) {
		d->ev = EV_OUT;
		return 0;
	}
	/* words that nobody needs are given back, too, and must have come */
	if ((stream && avail <= q->k) || (end && last_x && last_tile && q->cpass + 1 == a->np && a->keep && avail < (uint32_t)a->kwords)) {
		d->ev = EV_WGT;
		return 0;
	}
	if (stream)
		weight_word(c, q, end && !more && q->cpass + 1 == a->np ? a->kpad : 0, d);
	d->guard = (uint8_t)((a->sep ? 2 : 1) * c->rows + 14);
	d->ev = more ? EV_FILL : EV_ACTIVE;
	if (more) {
		d->sub = (uint8_t)(q->sub + 1);
		return tile_begin ? ISSUE_TILE : 0;
	}
	xaddr = (uint32_t)(q->xb + q->tapo + (a->dw ? q->cf : q->cch)) & (uint32_t)(rs_ring(c) - 1);
	d->tok1 = 1u << RS_VALID | (uint32_t)first << RS_FIRST | (uint32_t)last << RS_LAST | (uint32_t)stream << RS_STREAM |
		  (uint32_t)(last_tile && (!a->flat || last_x)) << RS_TAIL | xaddr << RS_XADDR | (uint32_t)(spare ? 0 : q->waddr) << (RS_XADDR + rs_ring_aw(c));
	d->sub = 0;
	d->waddr = (uint16_t)((q->waddr + 1) & ((1 << rs_spad_aw(c)) - 1));
	if (!last && q->cch + 1 != a->q) {
		d->cch = (uint8_t)(q->cch + 1);
	} else {
		d->cch = 0;
		d->ctap = (uint8_t)(last ? 0 : q->ctap + 1);
		d->tapo = (uint8_t)(last ? 0 : (q->tapo + a->tstep) & (rs_ring(c) - 1));
		if (last)
			d->cf = (uint8_t)(q->cf + 1);
	}
	return (tile_begin ? ISSUE_TILE : 0) | (end ? window_end(c, q, last_x, d) : 0);
}

/* Bits i of [0, port) with 0 <= b + i < lb. */
static uint64_t line_mask(const struct config *c, int32_t b, int32_t lb)
{
	int lo = b < 0 ? -b : 0, hi = lb - b;
	uint64_t all = c->act_port == 64 ? ~0ull : (1ull << c->act_port) - 1;
	uint64_t m = hi <= 0 ? 0 : hi >= 64 ? ~0ull : (1ull << hi) - 1;

	return lo >= 64 ? 0 : m >> lo << lo & all;
}

static void pipeline(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, struct feed_rs *d)
{
	int i;

	d->m2 = line_mask(c, (int16_t)q->fb, q->a.lb);
	d->vy2 = (int16_t)q->fiy >= 0 && (int16_t)q->fiy < q->a.h;
	d->m3 = q->vy2 ? q->m2 : 0;
	d->m4 = q->m3;
	d->ld2 = q->ld1;
	d->ld3 = q->ld2;
	d->ld4 = q->ld3;
	d->ld5 = q->ld4;
	d->tok2 = q->tok1;
	d->tok3 = q->tok2;
	d->tok4 = q->tok3;
	d->tok5 = q->tok4;
	d->wa2 = q->wa1;
	d->wa3 = q->wa2;
	d->wa4 = q->wa3;
	d->wrd2 = q->wrd1;
	d->wrd3 = q->wrd2;
	d->wrd4 = q->wrd3;
	d->wrd5 = q->wrd4;
	if (in->vld) {
		int sub = c->zero_gating ? q->a.zx : 0, pad = q->a.zx - sub;

		for (i = 0; i < c->act_port; i += LANES)
			lanes_store16(d->bus + i, lanes_select(lanes_mask((uint32_t)(q->m4 >> i)), lanes_load_act(in->rd_data, i, c->act_size) - sub, lanes_all(pad)));
	}
}

static void work(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, struct feed_rs *d)
{
	const struct feed_rs_cmd *a = &q->a;
	int delay = 2 * c->rows, l = load(c, q, in, d), i = issue(c, q, in, l & LOAD_WAIT_IN, d), used = q->used, occ = q->occ;

	used += (l & LOAD_BEGIN) != 0;
	used -= q->free1 >> (delay - 1) & 1 ? a->gfree : 0;
	used -= q->freew >> (delay - 1) & 1 ? a->gwin : 0;
	occ += (l & LOAD_END) != 0;
	occ -= i & ISSUE_FREE1 ? a->gfree : i & ISSUE_FREEW ? a->gwin : 0;
	d->used = (uint8_t)used;
	d->occ = (uint8_t)occ;
	d->free1 = q->free1 << 1 | ((i & ISSUE_FREE1) != 0);
	d->freew = q->freew << 1 | ((i & ISSUE_FREEW) != 0);
	if (delay < 64) {
		d->free1 &= (1ull << delay) - 1;
		d->freew &= (1ull << delay) - 1;
	}
	d->tout = (uint8_t)(d->tout + ((i & ISSUE_TILE) != 0));
}

/* Commands are long and change seldom. */
static void hold(const struct feed_rs *q, struct feed_rs *d)
{
	if (d->stamp != q->stamp) {
		d->sh = q->sh;
		d->a = q->a;
		d->stamp = q->stamp;
	}
	memcpy(&d->full, &q->full, sizeof *d - offsetof(struct feed_rs, full));
}

void feed_rs_next(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, struct feed_rs *d)
{
	struct feed_rs_out o;

	hold(q, d);
	d->push = 0;
	d->rel1 = 0;
	d->rel2 = q->rel1;
	d->rel3 = q->rel2;
	d->rel = q->rel3;
	d->frd = 0;
	d->ld1 = d->tok1 = 0;
	d->wrd1 = 0;
	d->guard = q->guard ? (uint8_t)(q->guard - 1) : 0;
	d->tout = (uint8_t)(q->tout - in->tile_done);
	feed_rs_comb(q, in->tok_ok, &o);
	pipeline(c, q, in, d);
	d->ev = q->run ? EV_FILL : EV_IDLE;
	if (q->run && q->cfg) {
		configure(c, q, d);
	} else if (q->run && !q->cdone) {
		work(c, q, in, d);
	} else if (q->run) {
		d->run = 0;
		d->push = (uint8_t)q->a.push;
	}
	if (in->cmd_we)
		command_beat(d, in);
	if (o.take)
		start(c, d, &q->sh);
	if (in->cmd_we || o.take)
		d->stamp = q->stamp + 1;
}
