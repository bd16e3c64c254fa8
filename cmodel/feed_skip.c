/* SPDX-License-Identifier: Apache-2.0 */
#include "feed_skip.h"
#include "command.h"

enum { EV_ACTIVE = 1, EV_WGT = 2, EV_IN = 4, EV_OUT = 8, EV_FILL = 16, EV_IDLE = 32 };
enum weights_state { HEAD, BOOK, LEN, END, ENT, PAD };

static void command_beat(struct feed_skip *d, const struct feed_skip_in *in)
{
	uint64_t v = in->cmd_data;

	if (in->cmd_idx == 0) {
		d->sh.wait = command_field(v, 8, 8, 0);
		d->sh.push = command_field(v, 16, 8, 0);
	}
#define F(name, beat, lsb, width, sgn, meaning) \
	if (in->cmd_idx == beat) \
		d->sh.name = command_field(v, lsb, width, sgn);
	FEED_SKIP_FIELDS(F)
#undef F
	if (in->cmd_idx == 15)
		d->full = 1;
}

void feed_skip_reset(struct feed_skip *d)
{
	d->full = d->run = d->bad = d->err = d->bank = d->pbank = d->push = d->ev = 0;
	d->won = d->wdone = d->whead = d->wrd = 0;
	d->wbase = d->rel = d->rel1 = 0;
	d->ld1 = d->ld2 = 0;
	d->cfg = d->guard = d->frd = 0;
	d->t1 = d->t2 = d->t3 = d->t4 = d->t5 = 0;
}

static int dependency(const struct feed_skip *q, uint8_t post_done)
{
	int made = (uint8_t)(post_done - q->sh.dep);

	return !q->sh.follow || (made != 0 && made < 128);
}

static int weights_there(const struct feed_skip *q) { return !q->sh.load || q->wdone; }

static int walked(const struct feed_skip *q, uint8_t idle)
{
	return q->run && !q->cfg && !q->walk && !q->guard && idle;
}

void feed_skip_comb(const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip_out *o)
{
	int could = q->full && !q->run && !q->bad && weights_there(q) && dependency(q, in->post_done);

	o->wait = could ? (uint8_t)q->sh.wait : 0;
	o->take = could && in->tok_ok;
	o->idle = !q->full && !q->run && !in->drain_busy;
	o->finish = walked(q, in->idle) && !(q->a.last && in->drain_busy);
	o->drain = o->finish && q->a.last;
}

void feed_skip_row(const struct feed_skip *q, struct feed_skip_row *o)
{
	o->shift = q->cfg != 0;
	o->used = q->crow < q->a.nrows;
	o->seg = q->cseg & 31;
	o->line = q->cline;
	o->key = q->ckey;
	o->lim = (uint16_t)((q->cseg + 1) % 256 == q->a.nseg ? q->a.lim_last : q->a.lim);
}

/* Weights of the shadow's command: for each row (or for all) a header, the codebook, lengths of the columns, entries. */

static uint64_t load_token(const struct feed_skip *q, enum skip_load kind)
{
	return kind | (uint64_t)!q->sh.fc << SKIP_LD_ALL | (uint64_t)q->wrow << SKIP_LD_ROW | (uint64_t)!q->bank << SKIP_LD_BANK;
}

/* Bits of a load token: its address is cut. */
static uint64_t load_mask(const struct config *c) { return (1ull << (SKIP_LD_ADDR + skip_load_aw(c))) - 1; }

static void fault(struct feed_skip *d) { d->bad = d->err = 1; }

static void block_end(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	if (!q->sh.fc || q->wrow == c->rows - 1) {
		d->wst = PAD;
	} else {
		d->wst = HEAD;
		d->wrow = (uint8_t)(q->wrow + 1);
	}
}

/* What the array does with the weight word. */
static enum skip_load kind_of(const struct feed_skip *q, int entry)
{
	switch (q->wst) {
	case HEAD: return SKIP_NEW;
	case BOOK: return SKIP_BOOK;
	case LEN: return SKIP_LEN;
	default: return q->sh.raw ? SKIP_RAW : entry ? SKIP_ENT : SKIP_VAL;
	}
}

/* A weight word is asked for; what follows it. */
static void request(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	int entry = c->codebook || q->sh.raw || q->wval;

	d->wrd = 1;
	d->wad = q->wbase & ((uint32_t)c->wgt_depth - 1);
	d->wbase = (q->wbase + 1) & (2u * (uint32_t)c->wgt_depth - 1);
	d->rel1 = 1;
	d->wk = (q->wk + 1) & 0xFFFFFF;
	if (q->wst == PAD) {
		d->wcnt = (q->wcnt + 1) & 0x1FFFF;
		return;
	}
	d->ld1 = (load_token(q, kind_of(q, entry)) | (uint64_t)q->wcnt << SKIP_LD_ADDR) & load_mask(c);
	if (q->wst == HEAD)
		d->whead = 2;
	if (q->wst == ENT) {
		d->wval = !q->wval;
		if (!entry)
			return;
	}
	d->wcnt = (q->wcnt + 1) & 0x1FFFF;
	if (q->wst == BOOK && q->wcnt + 1 == (uint32_t)((16 + c->cols - 1) / c->cols)) {
		d->wst = LEN;
		d->wcnt = 0;
		d->wval = 0;
	} else if (q->wst == LEN && q->wcnt + 1 == (uint32_t)q->sh.nk) {
		d->wst = END;
	} else if (q->wst == ENT && q->wcnt + 1 == q->wne) {
		block_end(c, q, d);
	}
}

static void header(const struct config *c, const struct feed_skip_in *in, struct feed_skip *d)
{
	uint32_t ne = (uint8_t)in->wgt_word[0] | (uint32_t)(uint8_t)in->wgt_word[1] << 8 | (uint32_t)(uint8_t)in->wgt_word[2] << 16;

	d->wne = ne & ((2u << skip_ent_aw(c)) - 1);
	d->wcnt = 0;
	d->wval = 0;
	d->wst = c->codebook ? BOOK : LEN;
	if (ne > 1u << skip_ent_aw(c))
		fault(d);
}

static void weights(const struct config *c, const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip *d)
{
	uint32_t rest = ((uint32_t)q->sh.kwords - q->wk) & 0xFFFFFF;

	d->whead = q->whead ? (uint8_t)(q->whead - 1) : 0;
	if (!q->won) {
		if (q->full) {
			d->wst = HEAD;
			d->wrow = 0;
			d->wk = 0;
			d->won = q->sh.load && !q->wdone;
		}
		return;
	}
	if (q->bad)
		return;
	if (q->whead) {
		if (q->whead == 1)
			header(c, in, d);
		return;
	}
	if (q->wst == END) {
		d->ld1 = (load_token(q, SKIP_END) | (uint64_t)q->wcnt << SKIP_LD_ADDR) & load_mask(c);
		d->wcnt = 0;
		d->wval = 0;
		d->wst = ENT;
		if (q->wne == 0)
			block_end(c, q, d);
		return;
	}
	if (q->wst == PAD && rest == 0) {
		d->won = 0;
		d->wdone = 1;
		return;
	}
	if (rest == 0 || (q->wst == PAD && rest > 15))
		fault(d);
	else if (in->wgt_cnt != q->wbase)
		request(c, q, d);
}

static void configure(const struct feed_skip *q, struct feed_skip *d)
{
	d->cfg = (uint8_t)(q->cfg - 1);
	d->crow = (uint8_t)(q->crow + 1);
	d->cseg = (uint8_t)(q->cseg + 1);
	if (d->cseg != q->a.nseg)
		return;
	d->cseg = 0;
	d->cline = (uint8_t)(q->cline + q->a.sh);
	d->ckey = (uint16_t)(q->ckey + q->a.shk);
}

/* The walk: position > segment > input line > word. */

static void next_position(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	d->ws = 0;
	d->wp = (uint16_t)(q->wp + 1);
	d->xp = d->xs = (int16_t)(q->xp + 1);
	d->pa = d->sa = d->la = d->wa = q->pa + (uint32_t)q->a.pos_step;
	d->par = (uint8_t)(q->par + 1);
	d->kp = (uint16_t)(q->kp + q->a.par_step);
	if (d->par == q->a.sx) {
		d->par = 0;
		d->kp = 0;
		d->base = (q->base + (uint32_t)q->a.m0) & ((1u << skip_base_w(c)) - 1);
	}
	if (d->wp == q->a.npos)
		d->walk = 0;
}

static void next_segment(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	d->wj = 0;
	d->wy = (int16_t)q->a.y0;
	d->wjp = 0;
	d->kj = 0;
	if ((q->ws + 1) % 256 == q->a.nseg) {
		next_position(c, q, d);
		return;
	}
	d->ws = (uint8_t)(q->ws + 1);
	d->xs = (int16_t)(q->xs + q->a.seg_dx);
	d->sa = d->la = d->wa = q->sa + (uint32_t)q->a.seg_step;
}

static void next_line(const struct feed_skip *q, struct feed_skip *d)
{
	d->wj = (uint16_t)(q->wj + 1);
	d->wy = (int16_t)(q->wy + 1);
	d->wjp = (uint8_t)(q->wjp + 1);
	if (d->wjp == q->a.sh)
		d->wjp = 0;
	d->kj = (uint16_t)(q->kj + q->a.kstep);
	d->la = d->wa = q->la + (uint32_t)q->a.line_step;
}

static void step(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	int x_ok = q->xs >= 0 && q->xs < q->a.iw && q->par < q->a.npar, y_ok = q->wy >= 0 && q->wy < q->a.ih && q->wjp < q->a.kh;
	int lanes = q->a.dw ? skip_groups(c) * c->cols : c->act_port, keys = q->a.dw ? skip_groups(c) : c->act_port;

	d->guard = 6;
	if (x_ok && y_ok) {
		d->frd = 1;
		d->faddr = q->wa;
		d->t1 = 1u | (uint64_t)(q->wj & 255) << SKIP_W_LINE | (uint64_t)(q->ws & 31) << SKIP_W_SEG |
			(uint64_t)(uint16_t)(q->kj + q->kp + q->kw) << SKIP_W_KEY | (uint64_t)q->base << SKIP_W_BASE;
		if (q->ww + 1 != q->a.nw) {
			d->ww = (uint16_t)(q->ww + 1);
			d->kw = (uint16_t)(q->kw + keys);
			d->wa = q->wa + (uint32_t)lanes;
			return;
		}
	}
	d->ww = 0;
	d->kw = 0;
	if (!x_ok || q->wj + 1 == q->a.nyl)
		next_segment(c, q, d);
	else
		next_line(q, d);
}

static void begin(const struct config *c, const struct feed_skip *q, struct feed_skip *d)
{
	const struct feed_skip_cmd *a = &q->sh;

	d->a = *a;
	d->full = 0;
	d->run = 1;
	d->won = d->wdone = 0;
	d->bank = a->load ? !q->bank : q->bank;
	d->cfg = (uint8_t)c->rows;
	d->crow = d->cseg = d->cline = 0;
	d->ckey = 0;
	d->guard = 6;
	d->walk = 1;
	d->wp = d->wj = d->ww = 0;
	d->ws = d->wjp = d->par = 0;
	d->xp = d->xs = (int16_t)a->x0;
	d->wy = (int16_t)a->y0;
	d->kj = d->kw = d->kp = 0;
	d->base = (uint32_t)(a->m0 - 1) & ((1u << skip_base_w(c)) - 1);
	d->pa = d->sa = d->la = d->wa = (uint32_t)a->src;
}

static void fetched(const struct config *c, const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip *d)
{
	int lanes = q->end4 ? q->a.lanes : q->a.dw ? skip_groups(c) * c->cols : c->act_port, zx = c->act_size > 1 ? 0 : q->a.zx, i;

	d->t2 = q->t1;
	d->t3 = q->t2;
	d->t4 = q->t3;
	d->t5 = q->t4;
	d->end1 = (q->ww + 1) % 65536 == q->a.nw;
	d->end2 = q->end1;
	d->end3 = q->end2;
	d->end4 = q->end3;
	if (!in->vld)
		return;
	for (i = 0; i < c->act_port; i++) {
		int16_t wide = 0;

		if (c->act_size > 1)
			wide = (int16_t)((uint8_t)in->rd_data[2 * i] | (uint16_t)(uint8_t)in->rd_data[2 * i + 1] << 8);
		else
			wide = in->rd_data[i];
		d->bus[i] = (int16_t)(i < lanes ? wide - zx : 0);
	}
}

static uint8_t event(const struct feed_skip *q, const struct feed_skip_in *in, const struct feed_skip_out *o)
{
	if (q->run)
		return q->cfg ? EV_FILL : walked(q, in->idle) && !o->finish ? EV_OUT : EV_ACTIVE;
	if (!q->full)
		return EV_IDLE;
	return !weights_there(q) ? EV_WGT : !dependency(q, in->post_done) ? EV_IN : EV_FILL;
}

void feed_skip_next(const struct config *c, const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip *d)
{
	struct feed_skip_out o;

	*d = *q;
	feed_skip_comb(q, in, &o);
	d->err = 0;
	d->push = o.finish ? (uint8_t)q->a.push : 0;
	d->ev = event(q, in, &o);
	d->wrd = d->frd = 0;
	d->ld1 = d->t1 = 0;
	d->ld2 = q->ld1;
	d->rel1 = 0;
	d->rel = q->rel1;
	d->guard = q->guard ? (uint8_t)(q->guard - 1) : 0;
	fetched(c, q, in, d);
	weights(c, q, in, d);
	if (q->run && q->cfg)
		configure(q, d);
	else if (q->run && q->walk && in->room && !q->bad)
		step(c, q, d);
	if (o.finish)
		d->run = 0;
	if (o.drain)
		d->pbank = !q->pbank;
	if (in->cmd_we)
		command_beat(d, in);
	if (o.take)
		begin(c, q, d);
}
