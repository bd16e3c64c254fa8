/* SPDX-License-Identifier: Apache-2.0 */
#include "post.h"
#include <stddef.h>
#include <string.h>

enum flag { FLAG_ADD = 1, FLAG_SKIP = 2, FLAG_UNIFORM = 4, FLAG_GAP = 8, FLAG_BYPASS = 16, FLAG_POOL = 32 };
enum kind { FIRST, Q2, Q1, SUM, GAP };
enum tag { BEAT_END = 1, LINE_END = 2, TILE_END = 4, LAST_TILE = 8 };

static int8_t byte(uint64_t v, int i) { return (int8_t)(v >> (8 * i) & 255); }

/* Bound i of a clamp, from bit `from` on. */
static int bound(const struct config *c, uint64_t v, int from, int i)
{
	v >>= from + i * POST_CLAMP(c);
	return c->act_size > 1 ? (int16_t)(v & 0xFFFF) : (int8_t)(v & 255);
}

/* Activation i of an array of them. */
static int act(const struct config *c, const int8_t *p, int i)
{
	int16_t v;

	if (c->act_size == 1)
		return p[i];
	memcpy(&v, p + 2 * i, sizeof v);
	return v;
}

static int64_t shifted(int64_t v, int n) { return v >> n; }

static void leaving(const struct post *q, int tok_ok, struct post_now *n)
{
	n->fin = q->v[5] && (q->kind[5] == SUM || q->kind[5] == GAP || (q->kind[5] == FIRST && !q->add && !q->average));
	n->over = post_over(q);
	n->take = post_take(q, tok_ok);
}

static void loop_tags(const struct config *c, const struct post *q, struct post_now *n)
{
	int line_end = q->px == 1, tile_end = line_end && q->ln == 1;

	n->tag = (uint8_t)((q->bt == POST_BEATS(c) - 1 ? BEAT_END : 0) | (line_end ? LINE_END : 0)
		| (tile_end ? TILE_END : 0) | (q->ct == 1 ? LAST_TILE : 0));
}

static void entering(const struct config *c, const struct post *q, const struct post_in *in, struct post_now *n)
{
	int again, there = q->add ? q->ready && !q->phase : q->loop;

	n->q2 = q->v[5] && q->kind[5] == FIRST && q->add;
	n->q1 = q->v[6] && q->kind[6] == FIRST && q->add;
	n->sum = q->v[5] && q->kind[5] == Q1;
	again = n->q2 || n->q1 || n->sum || q->gv;
	n->issue = there && in->col_valid && (q->plain || in->par_ok) && !again;
	n->enter = n->issue || again;
	loop_tags(c, q, n);
	n->etag = q->add ? q->tags[q->trp] : n->tag;
	n->eb = !n->issue ? q->eb : n->etag & BEAT_END ? 0 : (uint8_t)(q->eb + 1);
	n->kind = n->q2 ? Q2 : n->q1 ? Q1 : n->sum ? SUM : q->gv ? GAP : FIRST;
	n->ntag = n->q1 ? q->tag[6] : n->q2 || n->sum ? q->tag[5]
		: q->gv ? (uint8_t)((q->gtag & 2) << 2 | LINE_END | TILE_END | (q->gtag & 1)) : n->etag;
	n->ask = q->add && q->loop && (!q->rd || in->gnt) && q->room;
	n->go = q->add ? n->ask : n->issue;
}

void post_comb(const struct config *c, const struct post *q, const struct post_in *in, struct post_out *o)
{
	struct post_now *n = &o->now;

	leaving(q, in->tok_ok, n);
	entering(c, q, in, n);
	o->take = (uint8_t)n->take;
	o->col_pop = n->issue && (n->etag & BEAT_END);
	o->par_re = n->issue || !in->par_ok;
	o->par_row = n->eb;
	o->par_rel = n->issue && !q->plain && (n->etag & BEAT_END) && (n->etag & TILE_END) && (!q->uniform || n->etag & LAST_TILE);
}

static void shadow_next(const struct config *c, const struct post_in *in, struct post *d)
{
	uint32_t low = (uint32_t)in->cmd_data, high = (uint32_t)(in->cmd_data >> 32), mask = (1u << c->act_aw) - 1;
	uint64_t scale = in->cmd_data & 0xFFFFFFFFFF;

	switch (in->cmd_idx) {
	case 0:
		d->wait = (uint8_t)(low >> 8);
		d->s_push = (uint8_t)(low >> 16);
		d->s_flags = high & 63;
		break;
	case 1:
		d->s_out = low & mask;
		d->s_pixels = (uint16_t)high;
		d->s_lines = (uint16_t)(high >> 16);
		break;
	case 2:
		d->s_pstep = low & mask;
		d->s_lstep = high & mask;
		break;
	case 3:
		d->s_tiles = (uint16_t)low;
		d->s_valid = (uint16_t)(low >> 16);
		d->s_tstep = high & mask;
		break;
	case 4:
		d->s_first = c->act_size > 1 ? (uint64_t)low << 8 : low & 0xFFFFFF;
		d->s_res = high & mask;
		break;
	case 5:
		d->s_rpstep = low & mask;
		d->s_rlstep = high & mask;
		break;
	case 6:
		d->s_zero = low & 0xFFFFFF;
		d->s_clamp = c->act_size > 1 ? high : (uint16_t)high;
		break;
	case 7: d->s_scale1 = scale; break;
	case 8: d->s_scale2 = scale; break;
	case 9: d->s_scale3 = scale; break;
	case 10: d->s_average = scale; break;
	case 15: d->full = 1; break;
	}
}

static int illegal(const struct config *c, const struct post *q)
{
	return !q->s_pixels || !q->s_lines || !q->s_tiles || !q->s_valid || q->s_valid > c->cols
		|| (q->s_flags & (FLAG_ADD | FLAG_GAP)) == (FLAG_ADD | FLAG_GAP);
}

static void take_next(const struct config *c, const struct post *q, int bad, struct post *d)
{
	unsigned f = q->s_flags;

	d->full = 0;
	d->busy = 1;
	d->bad = (uint8_t)bad;
	d->loop = !bad;
	d->phase = 0;
	d->push = q->s_push;
	d->add = f & FLAG_ADD;
	d->plain = (f & (FLAG_SKIP | FLAG_BYPASS)) != 0;
	d->uniform = (f & FLAG_UNIFORM) != 0;
	d->average = (f & FLAG_GAP) != 0;
	d->pool = (f & FLAG_POOL) != 0;
	d->px = d->pixels = q->s_pixels;
	d->ln = d->lines = q->s_lines;
	d->ct = q->s_tiles;
	d->bt = 0;
	d->valid = q->s_valid & 63;
	d->w_pix = d->w_tile = q->s_out;
	d->r_pix = d->r_tile = q->s_res;
	d->w_off = d->r_off = 0;
	d->pstep = q->s_pstep;
	d->lstep = q->s_lstep;
	d->tstep = q->s_tstep;
	d->rpstep = q->s_rpstep;
	d->rlstep = q->s_rlstep;
	d->first = f & FLAG_SKIP ? (c->act_size > 1 ? 0x7FFF800000 : 0x7F8000) : f & FLAG_BYPASS ? q->s_first & ~(uint64_t)255 : q->s_first;
	d->zero = q->s_zero;
	d->clamp = q->s_clamp;
	d->scale1 = q->s_scale1;
	d->scale2 = q->s_scale2;
	d->scale3 = f & FLAG_GAP ? q->s_average : q->s_scale3;
}

static void loop_next(const struct post *q, unsigned tag, struct post *d)
{
	d->bt = tag & BEAT_END ? 0 : (uint8_t)(q->bt + 1);
	if (tag == 15)
		d->loop = 0;
	if (!(tag & BEAT_END))
		return;
	d->px = tag & LINE_END ? q->pixels : (uint16_t)(q->px - 1);
	if (tag & LINE_END)
		d->ln = tag & TILE_END ? q->lines : (uint16_t)(q->ln - 1);
	if (tag & TILE_END)
		d->ct = (uint16_t)(q->ct - 1);
}

struct place { uint32_t *pix, *tile, *off; };

static void place_step(const struct config *c, struct place p, unsigned tag, uint32_t pstep, uint32_t lstep, uint32_t tstep)
{
	uint32_t mask = (1u << c->act_aw) - 1;

	if (!(tag & BEAT_END)) {
		*p.off = (*p.off + (uint32_t)c->lanes) & 63;
		return;
	}
	*p.off = 0;
	if (tag & TILE_END)
		*p.pix = *p.tile = (*p.tile + tstep) & mask;
	else
		*p.pix = (*p.pix + (tag & LINE_END ? lstep : pstep)) & mask;
}

static void residual_next(const struct config *c, const struct post *q, const struct post_in *in, const struct post_now *n, struct post *d)
{
	int grant = q->rd && in->gnt;

	d->rd = n->ask || (q->rd && !in->gnt);
	d->room = (uint8_t)((q->room - n->ask + n->q2) & 7);
	d->ready = (uint8_t)((q->ready + grant - (n->issue && q->add)) & 7);
	d->trp = (uint8_t)((q->trp + (n->issue && q->add)) & 3);
	d->brp = (uint8_t)((q->brp + n->q2) & 3);
	if (n->ask) {
		d->raddr = (q->r_pix + q->r_off) & ((1u << c->act_aw) - 1);
		d->tags[q->twp] = n->tag;
		d->twp = (uint8_t)((q->twp + 1) & 3);
		if (!n->take)
			place_step(c, (struct place){ &d->r_pix, &d->r_tile, &d->r_off }, n->tag, q->rpstep, q->rlstep, q->tstep);
	}
	if (in->vld) {
		memcpy(d->b + q->bwp * c->lanes * c->act_size, in->rd_data, (size_t)(c->lanes * c->act_size));
		d->bwp = (uint8_t)((q->bwp + 1) & 3);
	}
}

static uint32_t write_mask(const struct config *c, const struct post *q)
{
	uint32_t mask = 0;

	for (int i = 0; i < c->lanes; i++)
		if (!(q->tag[5] & LAST_TILE) || ((q->w_off + (uint32_t)i) & 63) < q->valid)
			mask |= 1u << i;
	return mask;
}

static void write_next(const struct config *c, const struct post *q, const struct post_now *n, struct post *d)
{
	d->fin = (uint8_t)n->fin;
	d->wr = 0;
	if (n->fin) {
		d->waddr = (q->w_pix + q->w_off) & ((1u << c->act_aw) - 1);
		d->wmask = write_mask(c, q);
		d->wr = d->wmask != 0;
		if (!n->take)
			place_step(c, (struct place){ &d->w_pix, &d->w_tile, &d->w_off }, q->tag[5], q->pstep, q->lstep, q->tstep);
	}
	d->tok_push = n->over ? q->push : 0;
	d->err = q->bad;
	d->done = (uint8_t)(q->done + n->over);
	if (n->over) {
		d->pix = d->last = 0;
	} else if (q->fin && (q->tag[6] & LAST_TILE) && (q->tag[6] & BEAT_END)) {
		d->pix = (uint16_t)(q->pix + 1);
		d->last = 1;
	}
}

static void stages_next(const struct post *q, const struct post_now *n, struct post *d)
{
	int first7 = q->v[6] && q->kind[6] == FIRST;

	memcpy(d->v + 1, q->v, POST_STAGES - 1);
	memcpy(d->kind + 1, q->kind, POST_STAGES - 1);
	memcpy(d->tag + 1, q->tag, POST_STAGES - 1);
	d->v[0] = (uint8_t)n->enter;
	if (n->enter) {
		d->kind[0] = (uint8_t)n->kind;
		d->tag[0] = n->ntag;
	}
	d->eb = n->eb;
	d->gv = first7 && q->average && (q->tag[6] & TILE_END);
	if (d->gv)
		d->gtag = (uint8_t)((q->tag[6] & LAST_TILE) >> 2 | (q->tag[6] & BEAT_END));
	if (first7 && (q->tag[6] & BEAT_END))
		d->gfirst = (q->tag[6] & TILE_END) != 0;
}

/* Stage 1: the operand. */
static void operands(const struct config *c, const struct post *q, const struct post_in *in, enum kind kind, int32_t *op)
{
	const int8_t *ab = kind == Q1 ? q->y : q->b + q->brp * c->lanes * c->act_size;
	const int32_t *acc = in->col + q->eb * c->lanes;
	int i, z = byte(q->zero, kind == Q1 ? 0 : 1), beats = POST_BEATS(c);

	switch (kind) {
	case FIRST:
		for (i = 0; i < c->lanes; i++)
			op[i] = q->plain ? acc[i] : (int32_t)((uint32_t)acc[i] + (uint32_t)in->par_bias[i]);
		break;
	case SUM:
		for (i = 0; i < c->lanes; i++)
			op[i] = (int32_t)(uint32_t)q->out[i];
		break;
	case GAP:
		for (i = 0; i < c->lanes; i++)
			op[i] = q->gap[i * beats + beats - 1];
		break;
	default:
		for (i = 0; i < c->lanes; i++)
			op[i] = (act(c, ab, i) - z) * (1 << (c->act_size > 1 ? 15 : 20));
		break;
	}
}

static void enter_next(const struct config *c, const struct post *q, const struct post_in *in, enum kind kind, struct post *d)
{
	int onnx = config_requant(c) == ROUNDING_ONNX;
	uint64_t one = onnx ? (uint64_t)(uint8_t)-23 << 32 | 1u << 23 : (uint64_t)1 << 32 | 1u << 30;
	uint64_t scale = kind == FIRST ? one : kind == Q1 ? q->scale1 : kind == Q2 ? q->scale2 : q->scale3;
	size_t n = (size_t)c->lanes;

	operands(c, q, in, kind, d->op);
	if (kind == FIRST && !q->plain) {
		memcpy(d->m1, in->par_mult, n * sizeof *d->m1);
		memcpy(d->s1, in->par_shift, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		d->m1[i] = (int32_t)(uint32_t)scale;
	memset(d->s1, (int)(scale >> 32 & 255), n);
}

/* Bits to clear so that 24 significant ones stay, of at most 24 + max. */
static int surplus(int64_t v, int max)
{
	uint64_t bits = (uint64_t)(v < 0 ? ~v : v) >> 24 & ((1ull << max) - 1);
	int n = 0;

	while (bits >> n)
		n++;
	return n;
}

/* Round half to even to 24 significant bits. */
static int64_t round24(int64_t v, int max)
{
	int n = surplus(v, max);
	uint64_t u = (uint64_t)v;

	if (n)
		u = (u + (1ull << (n - 1)) - 1 + (u >> n & 1)) & ~((1ull << n) - 1);
	return (int64_t)u;
}

static int whole(const struct post *q, int stage)
{
	return q->kind[stage] == GAP || (q->kind[stage] == FIRST && q->pool);
}

static void stage2(const struct config *c, const struct post *q, struct post *d)
{
	int i, n = c->lanes, exact = whole(q, 0);

	switch (config_requant(c)) {
	case ROUNDING_TFLITE:
		for (i = 0; i < n; i++) {
			int s = q->s1[i];

			d->x[i] = (int32_t)((uint32_t)q->op[i] << (s < 0 ? 0 : s & 31));
			d->n2[i] = s < 0 ? (uint8_t)(-s & 31) : 0;
		}
		break;
	case ROUNDING_TFLITE_SINGLE:
		for (i = 0; i < n; i++) {
			d->x[i] = q->op[i];
			d->n2[i] = (uint8_t)((31 - q->s1[i]) & 63);
		}
		break;
	case ROUNDING_ONNX:
		for (i = 0; i < n; i++) {
			d->x[i] = exact ? q->op[i] : round24(q->op[i], 7);
			d->n2[i] = q->s1[i] < 0 ? (uint8_t)(-q->s1[i] & 63) : 0;
		}
		break;
	}
	for (i = 0; i < n; i++)
		d->m2[i] = config_requant(c) == ROUNDING_ONNX && q->s1[i] < -63 ? 0 : q->m1[i];
}

static void stage3(const struct config *c, const struct post *q, struct post *d)
{
	for (int i = 0; i < c->lanes; i++)
		d->p[i] = q->x[i] * q->m2[i];
	memcpy(d->n3, q->n2, (size_t)c->lanes);
}

static void stage4(const struct config *c, const struct post *q, struct post *d)
{
	int i, n = c->lanes;

	memcpy(d->n4, q->n3, (size_t)n);
	if (config_requant(c) == ROUNDING_TFLITE) {
		for (i = 0; i < n; i++) {
			int64_t h = shifted(q->p[i] + (1 << 30), 31);

			d->h[i] = h > INT32_MAX ? INT32_MAX : h;
		}
	} else if (config_requant(c) == ROUNDING_ONNX && !whole(q, 2)) {
		for (i = 0; i < n; i++)
			d->h[i] = round24(q->p[i], 32);
	} else {
		memcpy(d->h, q->p, (size_t)n * sizeof *d->h);
	}
}

enum ties { TIES_UP, TIES_AWAY, TIES_EVEN };

static void stage5(const struct config *c, const struct post *q, struct post *d)
{
	enum ties ties = config_requant(c) == ROUNDING_TFLITE_SINGLE ? TIES_UP
		: config_requant(c) == ROUNDING_ONNX && !whole(q, 3) ? TIES_EVEN : TIES_AWAY;

	for (int i = 0; i < c->lanes; i++) {
		int k = q->n4[i];
		int64_t h = q->h[i], v = shifted(h, k);
		uint64_t low = (uint64_t)h & ((1ull << k) - 1), half = k ? 1ull << (k - 1) : ~0ull;
		int up = ties == TIES_UP || (ties == TIES_AWAY ? h >= 0 : (v & 1) != 0);
		int sat = v > INT32_MAX || v < INT32_MIN;

		d->r[i] = sat ? (v < 0 ? INT32_MIN : INT32_MAX) : (int32_t)v;
		d->c[i] = !sat && (up ? k && low >= half : low > half && k);
	}
}

static void stage6(const struct config *c, const struct post *q, struct post *d)
{
	int kind = q->kind[4], zy = kind == FIRST ? byte(q->first, 0) : kind == Q2 ? 0 : byte(q->zero, 2);

	for (int i = 0; i < c->lanes; i++)
		d->out[i] = (int64_t)q->r[i] + q->c[i] + (kind == Q1 ? (int32_t)(uint32_t)q->out[i] : zy);
}

static void put_activation(const struct config *c, int v, int8_t *y, int i)
{
	int k = 8 - c->act_bits;
	int16_t wide = (int16_t)v;

	if (c->act_size == 1)
		y[i] = (int8_t)((int8_t)(uint8_t)((unsigned)v << k) >> k);
	else
		memcpy(y + 2 * i, &wide, sizeof wide);
}

static void stage7(const struct config *c, const struct post *q, struct post *d)
{
	int first = q->kind[5] == FIRST;
	int lo = first ? bound(c, q->first, 8, 0) : bound(c, q->clamp, 0, 0), hi = first ? bound(c, q->first, 8, 1) : bound(c, q->clamp, 0, 1);

	for (int i = 0; i < c->lanes; i++) {
		int64_t v = q->out[i];

		put_activation(c, v < lo ? lo : v > hi ? hi : (int)v, d->y, i);
	}
}

static void average_next(const struct config *c, const struct post *q, struct post *d)
{
	int beats = POST_BEATS(c), spare = 32 - POST_GAP(c);

	for (int i = 0; i < c->lanes; i++) {
		uint32_t sum = (q->gfirst ? 0 : (uint32_t)q->gap[i * beats]) + (uint32_t)act(c, q->y, i);

		memmove(d->gap + i * beats, q->gap + i * beats + 1, (size_t)(beats - 1) * sizeof *d->gap);
		d->gap[i * beats + beats - 1] = (int32_t)(sum << spare) >> spare;
	}
}

static void lanes_next(const struct config *c, const struct post *q, const struct post_in *in, const struct post_now *n, struct post *d)
{
	uint64_t active;

	memcpy(&active, q->v, sizeof active);
	if (n->enter || active)
		d->stamp = q->stamp + 1;
	if (n->enter)
		enter_next(c, q, in, n->kind, d);
	if (q->v[0])
		stage2(c, q, d);
	if (q->v[1])
		stage3(c, q, d);
	if (q->v[2])
		stage4(c, q, d);
	if (q->v[3])
		stage5(c, q, d);
	if (q->v[4])
		stage6(c, q, d);
	if (q->v[5])
		stage7(c, q, d);
	if (q->v[6] && q->kind[6] == FIRST && q->average)
		average_next(c, q, d);
}

static void reset(struct post *d)
{
	d->full = d->busy = d->bad = d->add = d->loop = d->rd = d->ready = 0;
	d->room = POST_READS;
	d->twp = d->trp = d->bwp = d->brp = d->phase = d->eb = 0;
	memset(d->v, 0, sizeof d->v);
	d->gv = d->fin = d->wr = d->tok_push = d->err = d->done = d->last = 0;
	d->gfirst = 1;
	d->pix = 0;
}

/* Lanes are long and often rest. */
static void hold(const struct config *c, const struct post *q, struct post *d)
{
	memcpy(d, q, offsetof(struct post, b));
	memcpy(d->b, q->b, (size_t)(POST_READS * c->lanes * c->act_size));
	if (d->stamp == q->stamp)
		return;
	d->stamp = q->stamp;
#define R(field, n, width, meaning) memcpy(d->field, q->field, (size_t)(c->lanes * (n)) * sizeof *d->field);
	POST_LANE_REGS(R)
#undef R
}

void post_next(const struct config *c, const struct post *q, const struct post_in *in, const struct post_out *o, struct post *d)
{
	const struct post_now *n = &o->now;

	hold(c, q, d);
	d->bad = 0;
	d->phase = (q->phase + 1) & 3;
	if (n->over)
		d->busy = 0;
	if (n->go)
		loop_next(q, n->tag, d);
	if (n->take)
		take_next(c, q, illegal(c, q), d);
	if (in->cmd_we)
		shadow_next(c, in, d);
	residual_next(c, q, in, n, d);
	write_next(c, q, n, d);
	stages_next(q, n, d);
	lanes_next(c, q, in, n, d);
	if (!in->rst_n)
		reset(d);
}
