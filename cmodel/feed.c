/* SPDX-License-Identifier: Apache-2.0 */
#include "feed.h"
#include "command.h"
#include "lanes.h"
#include <stddef.h>
#include <string.h>

static void command_beat(struct feed *d, const struct feed_in *in)
{
	uint64_t v = in->cmd_data;

	if (in->cmd_idx == 0) {
		d->sh.wait = command_field(v, 8, 8, 0);
		d->sh.push = command_field(v, 16, 8, 0);
	}
#define F(name, beat, lsb, width, sgn, meaning) \
	if (in->cmd_idx == beat) \
		d->sh.name = command_field(v, lsb, width, sgn);
	FEED_FIELDS(F)
#undef F
	if (in->cmd_idx == 15)
		d->full = 1;
}

void feed_reset(const struct config *c, struct feed *d)
{
	d->full = d->run = d->prime = d->flush = 0;
	d->push = d->guard = d->frd = d->ev = 0;
	d->rel = d->wbase = 0;
	d->cred = c->col_depth;
	d->tok1 = d->tok2 = d->tok3 = d->tok4 = d->tok5 = 0;
}

void feed_comb(const struct feed *q, uint8_t tok_ok, struct feed_out *o)
{
	int can = q->full && !q->run;

	o->wait = can ? (uint8_t)q->sh.wait : 0;
	o->take = (uint8_t)(can && tok_ok);
	o->idle = (uint8_t)(!q->full && !q->run && q->guard == 0);
}

void feed_segment(const struct config *c, const struct feed *q, struct feed_seg *s)
{
	s->began = c->dataflow == DATAFLOW_WS && tok_bit(q->tok1, TOK_VALID) && tok_bit(q->tok1, TOK_SEGF) && !tok_bit(q->tok1, TOK_POOL);
	s->last = (uint8_t)tok_bit(q->tok1, TOK_LAST);
	s->rewind = q->a.keep && q->left > q->a.npt;
	s->keep = (uint8_t)q->a.keep;
	s->kwords = (uint32_t)q->a.kwords;
}

static void first_window(struct feed *d, const struct feed_cmd *a, int32_t base)
{
	d->cbase = d->ta = d->ra = base;
	d->tiy = d->riy = a->iy0;
	d->tb = d->rb = a->b0;
	d->tox = d->rox = 0;
	d->tneed = d->rneed = a->need0;
	d->left = a->npix;
}

static void start(struct feed *d, const struct feed_cmd *a)
{
	d->a = *a;
	d->full = 0;
	d->run = 1;
	d->ct = 0;
	first_window(d, a, a->src);
	d->ikg = d->ikw = 0;
	d->ic = 0;
	d->off = d->boff = d->ky = 0;
	d->t = 0;
	d->jr = d->idx = d->dkw = 0;
	d->dkh = (uint8_t)a->dkh0;
	d->k = d->kdone = 0;
	d->par = 0;
	d->fresh = 1;
	d->prime = a->dw && a->prime != 0;
	d->pcnt = a->prime;
	d->q = a->q0;
	d->qaddr = d->qbase = a->src;
}

/* One position of the depthwise stream: the fetch, then the next position. */
static void stream(const struct feed *q, struct feed *d)
{
	const struct feed_cmd *a = &q->a;

	d->frd = q->q >= 0 && q->q < a->nread;
	d->faddr = q->qaddr;
	if (q->q + 1 == a->npad) {
		d->q = 0;
		d->qbase = d->qaddr = q->qbase + a->ct_step;
	} else {
		d->q = q->q + 1;
		if (q->q >= 0)
			d->qaddr = q->qaddr + a->px_step;
	}
}

static void walk(const struct feed *q, struct feed *d)
{
	const struct feed_cmd *a = &q->a;

	if (q->rox + 1 == a->ow) {
		d->rox = 0;
		d->ra = q->ra + a->line_step;
		d->riy = q->riy + a->sy;
		d->rb = a->b0;
		d->rneed = q->rneed + a->need_step;
	} else {
		d->rox = (uint16_t)(q->rox + 1);
		d->ra = q->ra + a->px_step;
		d->rb = q->rb + a->b_step;
	}
}

/* Weights are given back when the channel tile is done, or as they are used when they do not fit the buffer. */
static void release(const struct config *c, const struct feed *q, uint32_t words, struct feed *d)
{
	if (c->dataflow != DATAFLOW_OS || q->a.pool)
		return;
	d->wbase = (q->wbase + words) & (2u * (uint32_t)c->wgt_depth - 1);
	d->rel = words & (2u * (uint32_t)c->wgt_depth - 1);
}

static void next_segment(const struct config *c, const struct feed *q, struct feed *d)
{
	const struct feed_cmd *a = &q->a;

	d->ra = q->ta;
	d->riy = q->tiy;
	d->rb = q->tb;
	d->rox = q->tox;
	d->rneed = q->tneed;
	if (!a->keep) {
		release(c, q, d->k, d);
		d->kdone = q->kdone + d->k;
		d->k = 0;
	}
	if (q->ic + 1 != a->nc) {
		d->ic = (uint16_t)(q->ic + 1);
		d->off = q->off + a->inc_c;
		d->boff = q->boff + a->binc_c;
	} else if (q->ikw + 1 != a->kw) {
		d->ic = 0;
		d->ikw = (uint8_t)(q->ikw + 1);
		d->off = q->off + a->inc_kw;
		d->boff = q->boff + a->binc_kw;
	} else {
		d->ic = 0;
		d->ikw = 0;
		d->ikg = (uint8_t)(q->ikg + 1);
		d->off = q->off + a->inc_kg;
		d->boff = 0;
		d->ky = q->ky + a->ky_step;
	}
}

static void next_tile(const struct config *c, const struct feed *q, struct feed *d)
{
	const struct feed_cmd *a = &q->a;
	int channel_end = q->left <= a->npt;

	d->ikg = d->ikw = 0;
	d->ic = 0;
	d->off = d->boff = d->ky = 0;
	d->k = 0;
	d->dkh = (uint8_t)a->dkh0;
	d->dkw = 0;
	d->par = !q->par;
	d->fresh = 0;
	if (channel_end || !a->keep)
		release(c, q, (uint32_t)a->kwords - q->kdone, d);
	d->kdone = 0;
	if (!channel_end) {
		d->left = q->left - a->npt;
		d->ta = d->ra;
		d->tiy = d->riy;
		d->tb = d->rb;
		d->tox = d->rox;
		d->tneed = d->rneed;
	} else if (q->ct + 1 != a->ctiles) {
		d->ct = (uint16_t)(q->ct + 1);
		first_window(d, a, q->cbase + a->ct_step);
	} else if (a->dw) {
		d->flush = 1;
		d->pcnt = c->rows;
	} else {
		d->run = 0;
		d->push = (uint8_t)a->push;
	}
}

struct stalls { int in, out, wgt; };

static struct stalls feed_stalls(const struct config *c, const struct feed *q, const struct feed_in *in, int slots, int step_act, int tile_start, int last_seg)
{
	const struct feed_cmd *a = &q->a;
	int need = q->tneed < a->need_max ? q->tneed : a->need_max;
	int made = (uint8_t)(in->post_done - a->dep);
	int dep_ok = !a->follow || (made != 0 && made < 128) || (made == 0 && in->post_last && in->post_pix >= need);
	uint32_t avail = (in->wgt_cnt - q->wbase) & (2u * (uint32_t)c->wgt_depth - 1);
	int ws = c->dataflow == DATAFLOW_WS && !a->pool;
	int behind = c->group > 1 && avail > (uint32_t)c->wgt_depth; /* the last block's unused words are still to come */
	struct stalls s;
	/* Sums leave a row at a time: a command's first may not meet the last of the command before. */
	int early = a->pool ? q->guard != 0 : q->fresh && q->guard > a->lead + FEED_DRAIN;

	s.in = (tile_start || q->prime) && (!dep_ok || early);
	s.out = ws ? (last_seg && q->cred == 0) || (q->frd && in->post_rd) : tile_start && q->cred < slots;
	s.wgt = ws ? q->t == 0 && !in->wgt_ready : !a->pool && step_act && (behind || avail <= q->k);
	return s;
}

/* One cycle of an active command. */
static void issue(const struct config *c, const struct feed *q, const struct feed_in *in, struct feed *d)
{
	const struct feed_cmd *a = &q->a;
	int ws = c->dataflow == DATAFLOW_WS && !a->pool, groups = feed_groups(c);
	int slots = q->left < a->npt ? q->left : a->npt;
	int last_chunk = q->ic + 1 == a->nc, glast = q->ikg + 1 == a->kg;
	int last_seg = last_chunk && glast && q->ikw + 1 == a->kw;
	int first_seg = q->ic == 0 && q->ikw == 0 && q->ikg == 0;
	int nst = !last_chunk ? a->st_full : glast ? a->st_glast : a->st_last;
	int slot_act = q->t < slots, step_act = ws ? slot_act : q->t < nst;
	int tile_start = first_seg && q->t == 0;
	struct stalls s = feed_stalls(c, q, in, slots, step_act, tile_start, last_seg);
	int stall = s.in || s.out || s.wgt;
	int adv = 0;
	uint32_t tok;

	if (q->prime || q->flush) {
		if (s.in) {
			d->ev = FEED_EV_IN;
			d->tok1 = 1u << TOK_EN;
			return;
		}
		stream(q, d);
		d->zx1 = (int8_t)a->zx;
		d->pcnt = q->pcnt - 1;
		if (q->pcnt == 1)
			d->prime = d->flush = 0;
		if (q->flush && q->pcnt == 1) {
			d->run = 0;
			d->push = (uint8_t)a->push;
		}
		d->ev = FEED_EV_FILL;
		d->tok1 = 1u << TOK_EN | 1u << TOK_DW | 1u << TOK_ADV | (uint32_t)q->par << TOK_PAR | (uint32_t)q->fresh << TOK_FRESH;
		return;
	}
	if (stall) {
		int en = ws || a->pool || (q->t == 0 && (!a->dw || q->fresh));

		d->tok1 = (uint32_t)en << TOK_EN;
		d->ev = s.in ? FEED_EV_IN : s.out ? FEED_EV_OUT : FEED_EV_WGT;
		return;
	}
	d->ev = step_act ? FEED_EV_ACTIVE : FEED_EV_FILL;
	tok = 1u << TOK_EN | (uint32_t)step_act << TOK_VALID | (uint32_t)(first_seg && (ws || q->t == 0)) << TOK_FIRST |
	      (uint32_t)(last_seg && (ws || q->t + 1 == nst)) << TOK_LAST | (uint32_t)(q->t == 0) << TOK_SEGF |
	      (uint32_t)a->pool << TOK_POOL | (uint32_t)a->pmax << TOK_PMAX | (uint32_t)a->dw << TOK_DW | (uint32_t)q->par << TOK_PAR |
	      (uint32_t)q->fresh << TOK_FRESH | (uint32_t)q->dkh << TOK_KH | (uint32_t)q->dkw << TOK_KW |
	      (uint32_t)(feed_packs(c) ? a->pack : q->idx & 63) << TOK_IDX | (uint32_t)slot_act << TOK_RV;
	if (a->dw) {
		adv = q->fresh || q->t < c->rows;
		if (adv)
			stream(q, d);
		tok |= (uint32_t)adv << TOK_ADV;
	} else {
		d->frd = (uint8_t)slot_act;
		d->faddr = q->ra + q->off;
	}
	d->tok1 = tok;
	d->fiy = q->riy + q->ky;
	d->fb = q->rb + q->boff;
	d->zx1 = (int8_t)a->zx;
	d->wa1 = (q->wbase + q->k) & ((uint32_t)c->wgt_depth - 1);
	if (step_act) {
		d->k = q->k + 1;
		if (!a->pool)
			d->guard = (uint8_t)(c->rows + FEED_DRAIN);
		if (q->jr + 1 == a->run) {
			d->jr = 0;
			d->idx = (uint8_t)(q->idx + (groups ? a->gap : a->pitch - a->run + 1));
		} else {
			d->jr = (uint8_t)(q->jr + 1);
			d->idx = (uint8_t)(q->idx + (groups ? a->gstep : 1));
		}
		if (((q->dkw + 1) & 3) == a->dkw) {
			d->dkw = 0;
			d->dkh = groups && !a->dw ? q->dkh : (q->dkh + 1) & 3;
		} else {
			d->dkw = (q->dkw + 1) & 3;
		}
	}
	if (ws ? step_act && last_seg : tile_start)
		d->cred = d->cred - (ws ? 1 : slots);
	if (slot_act)
		walk(q, d);
	d->t = q->t + 1;
	if (q->t + 1 >= nst && q->t + 1 >= slots && q->t + 1 >= a->dmin) {
		d->t = 0;
		d->jr = d->idx = 0;
		if (last_seg)
			next_tile(c, q, d);
		else
			next_segment(c, q, d);
	}
}

/* Bits i of [0, port) with 0 <= b + i < lb. */
static uint64_t line_mask(const struct config *c, int32_t b, int32_t lb)
{
	int lo = b < 0 ? -b : 0, hi = lb - b;
	uint64_t all = c->act_port == 64 ? ~0ull : (1ull << c->act_port) - 1;
	uint64_t m = hi <= 0 ? 0 : hi >= 64 ? ~0ull : (1ull << hi) - 1;

	return lo >= 64 ? 0 : m >> lo << lo & all;
}

static uint64_t map_mask(const struct config *c, const struct feed *q)
{
	uint64_t all = c->act_port == 64 ? ~0ull : (1ull << c->act_port) - 1;
	int p = q->p2;
	uint64_t row = p >= 64 ? q->m2 : q->m2 & ((1ull << p) - 1);
	uint64_t m = q->vy2 & 1 ? row : 0;

	if (tok_bit(q->tok2, TOK_DW))
		return all; /* the rows mask a stream's words, each for its own tap */
	if (q->vy2 & 2 && p < 64)
		m |= row << p;
	if (q->vy2 & 4 && 2 * p < 64)
		m |= row << 2 * p;
	return m & all;
}

static void pipeline(const struct config *c, const struct feed *q, const struct feed_in *in, struct feed *d)
{
	const struct feed_cmd *a = &q->a;
	int i;

	d->vy2 = d->vx2 = 0;
	for (i = 0; i < 3; i++) {
		int y = q->fiy + i * a->dil, x = q->fb + i;

		d->vy2 |= (uint8_t)((y >= 0 && y < a->h) << i);
		d->vx2 |= (uint8_t)((x >= 0 && x < a->lb) << i);
	}
	d->m2 = line_mask(c, q->fb, a->lb);
	d->p2 = (uint8_t)a->pitch;
	d->m3 = map_mask(c, q);
	d->vy3 = q->vy2;
	d->vx3 = q->vx2;
	d->m4 = q->m3;
	d->vy4 = q->vy3;
	d->vx4 = q->vx3;
	d->vy5 = q->vy4;
	d->vx5 = q->vx4;
	d->pv5 = q->m4 & 1;
	d->zx2 = q->zx1;
	d->zx3 = q->zx2;
	d->zx4 = q->zx3;
	d->tok2 = q->tok1;
	d->tok3 = q->tok2;
	d->tok4 = q->tok3;
	d->tok5 = q->tok4;
	d->wa2 = q->wa1;
	d->wa3 = q->wa2;
	d->wa4 = q->wa3;
	d->wa5 = q->wa4;
	if (in->vld) {
		int sub = c->zero_gating ? q->zx4 : 0, pad = q->zx4 - sub;

		for (i = 0; i < c->act_port; i += LANES)
			lanes_store16(d->bus + i, lanes_select(lanes_mask((uint32_t)(q->m4 >> i)), lanes_load_act(in->rd_data, i, c->act_size) - sub, lanes_all(pad)));
	}
}

/* Commands are long and change seldom. */
static void hold(const struct config *c, const struct feed *q, struct feed *d)
{
	if (d->stamp != q->stamp) {
		d->sh = q->sh;
		d->a = q->a;
		d->stamp = q->stamp;
	}
	memcpy(&d->full, &q->full, offsetof(struct feed, bus) - offsetof(struct feed, full));
	memcpy(d->bus, q->bus, (size_t)c->act_port * sizeof *d->bus);
}

void feed_next(const struct config *c, const struct feed *q, const struct feed_in *in, struct feed *d)
{
	struct feed_out o;

	hold(c, q, d);
	d->push = 0;
	d->rel = 0;
	d->frd = 0;
	d->tok1 = 1u << TOK_EN;
	d->cred = q->cred + in->col_pop;
	d->guard = q->guard ? (uint8_t)(q->guard - 1) : 0;
	feed_comb(q, in->tok_ok, &o);
	pipeline(c, q, in, d);
	if (q->run)
		issue(c, q, in, d);
	else
		d->ev = FEED_EV_IDLE;
	if (in->cmd_we)
		command_beat(d, in);
	if (o.take)
		start(d, &q->sh);
	if (in->cmd_we || o.take)
		d->stamp = q->stamp + 1;
}
