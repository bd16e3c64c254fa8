/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"
#include "csr_map.h"
#include <string.h>

static int log2_of(uint32_t v)
{
	int n = 0;

	while (v > 1u << n)
		n++;
	return n;
}

static uint32_t wgt_space(const struct config *c) { return (uint32_t)c->wgt_depth * LOAD_BPW(c); }
static uint32_t par_space(const struct config *c) { return (uint32_t)(c->par_depth * 16 / c->bus_bytes); }
static uint32_t act_mask(const struct config *c) { return (1u << c->act_baw) - 1; }
int load_wgt_bits(const struct config *c) { return log2_of(wgt_space(c)) + 1; }
int load_par_bits(const struct config *c) { return log2_of(par_space(c)) + 1; }

uint32_t load_err_addr(const struct config *c, const struct load *q)
{
	return (q->err_code == ERR_READ ? q->addr_rdata : q->bad_addr) << LOAD_LG(c);
}

static void shadow_next(const struct config *c, const struct load_in *in, struct load *d)
{
	uint32_t low = (uint32_t)in->cmd_data, high = (uint32_t)(in->cmd_data >> 32);

	switch (in->cmd_idx) {
	case 0:
		d->wait = (uint8_t)(low >> 8);
		d->s_push = (uint8_t)(low >> 16);
		d->s_offset = high;
		break;
	case 1:
		d->s_bytes = low;
		d->s_dst = high & act_mask(c);
		break;
	case 2:
		d->s_kind = low & 3;
		d->s_base = low >> 4 & 3;
		d->s_times = (uint16_t)high;
		break;
	case 3:
		d->s_blocks = (uint16_t)low;
		d->s_stride = high;
		break;
	case 15:
		d->full = 1;
		break;
	}
}

static void take_next(const struct load *q, const struct load_in *in, struct load *d)
{
	d->full = 0;
	d->busy = d->setup = 1;
	d->push = q->s_push;
	d->kind = q->s_kind;
	d->addr = in->base[q->s_base] + q->s_offset;
	d->bytes = q->s_bytes;
	d->place = q->s_dst;
	d->times = d->time = q->s_times;
	d->block = q->s_blocks;
	d->stride = q->s_stride;
}

/* A block that must not be loaded. */
static int refused(const struct config *c, const struct load *q)
{
	uint32_t lanes = (uint32_t)c->bus_bytes - 1;
	int ragged = ((q->addr | q->bytes) & lanes) || (q->kind == LOAD_PAR && (q->bytes & 15));

	return !q->bytes || !q->time || !q->block || (q->kind != LOAD_ACT && ragged);
}

static void setup_next(const struct config *c, const struct load *q, struct load *d)
{
	uint32_t lanes = (uint32_t)c->bus_bytes - 1, skip = q->addr & lanes;
	uint64_t span = (uint64_t)q->bytes + skip;

	d->setup = 0;
	d->place = (q->place + q->bytes) & act_mask(c);
	d->cur = q->addr >> LOAD_LG(c);
	d->left = ((span + lanes) & 0x1FFFFFFFFu) >> LOAD_LG(c);
	d->dst = (q->place - skip) & act_mask(c);
	d->skip = (uint8_t)skip;
	d->tail = (uint8_t)((span - 1) & lanes);
	if (refused(c, q)) {
		d->busy = 0;
		d->err = 1;
		d->err_code = ERR_COMMAND;
		d->bad_addr = q->addr >> LOAD_LG(c);
	}
}

/* The last burst of a block was asked for: again, next block, or over. */
static void block_next(const struct load *q, struct load *d)
{
	if (q->time != 1) {
		d->time = (uint16_t)(q->time - 1);
	} else {
		d->time = q->times;
		d->addr = q->addr + q->stride;
		d->block = (uint16_t)(q->block - 1);
	}
	if (q->time == 1 && q->block == 1)
		d->busy = 0;
	else
		d->setup = 1;
}

static void describe(const struct load *q, const struct config *c, int final, struct load *d)
{
	unsigned w = q->wptr, over = final && q->time == 1 && q->block == 1;

	d->desc_kind[w] = q->kind;
	d->desc_dst[w] = q->dst;
	d->desc_skip[w] = q->skip;
	d->desc_tail[w] = final ? q->tail : (uint8_t)(c->bus_bytes - 1);
	d->desc_last[w] = (uint8_t)over;
	d->desc_end[w] = (uint8_t)final;
	d->desc_push[w] = q->push;
	d->wptr = (w + 1) & 7;
	d->count++;
}

/* Asks for a burst when there is space for its data. */
static void ask_next(const struct config *c, const struct load *q, const struct load_in *in, struct load_ram *m, struct load *d)
{
	uint32_t room = 16 - (q->cur & 15);
	int final = q->left <= room;
	uint32_t n = final ? (uint32_t)q->left & 31 : room, par = q->kind == LOAD_PAR ? n : q->kind == LOAD_SHORT ? 2 * n : 0;

	if ((q->req_valid && !in->req_ready) || q->count >= 8)
		return;
	if (q->kind == LOAD_WGT && q->wgt_free < n * LOAD_WPB(c))
		return;
	if (q->par_free < par)
		return;
	if (q->kind == LOAD_WGT)
		d->wgt_free -= n * LOAD_WPB(c);
	d->par_free -= par;
	d->req_valid = 1;
	d->req_addr = q->cur;
	d->req_len = (n - 1) & 15;
	describe(q, c, final, d);
	m->we = 1;
	m->waddr = q->wptr;
	m->wdata = q->cur;
	d->cur = (q->cur + n) & (0xFFFFFFFFu >> LOAD_LG(c));
	d->left = q->left - n;
	d->dst = (q->dst + (n << LOAD_LG(c))) & act_mask(c);
	d->skip = 0;
	if (final)
		block_next(q, d);
}

/* The lanes of a beat: the low act_bits of each byte, sign-extended. */
static void act_beat(const struct config *c, const uint64_t *data, int8_t *lanes)
{
	int spare = 8 - config_byte_bits(c);

	for (int i = 0; i < c->bus_bytes; i++) {
		unsigned byte = (unsigned)(data[i / 8] >> 8 * (i % 8)) & 255;

		lanes[i] = (int8_t)((int8_t)(byte << spare) >> spare);
	}
}

static void act_fill(const struct config *c, const struct load_in *in, const struct load *q, uint32_t dst, struct load *d)
{
	int r = q->rptr, last = c->bus_bytes - 1;
	int skip = q->first ? q->desc_skip[r] : 0, tail = in->rsp_last ? q->desc_tail[r] : last;
	unsigned all = (2u << last) - 1;

	d->act_wr = 1;
	d->act_addr = dst;
	d->act_mask = (uint16_t)(all << skip & all >> (last - tail));
	d->act_piece = 0;
	act_beat(c, in->rsp_data, d->act_data);
}

/* Port narrower than the bus: the next part of the beat. */
static void act_shift(const struct config *c, const struct load *q, struct load *d)
{
	int step = LOAD_STEP(c), rest = c->bus_bytes - step;

	d->act_wr = q->act_piece != c->bus_bytes / step - 1;
	d->act_addr = (q->act_addr + (uint32_t)step) & act_mask(c);
	memmove(d->act_data, q->act_data + step, (size_t)rest);
	memset(d->act_data + rest, 0, (size_t)step);
	d->act_mask = (uint16_t)(q->act_mask >> step);
	d->act_piece = (q->act_piece + 1) & 15;
}

static void par_fill(const struct config *c, const struct load_in *in, const struct load *q, struct load *d)
{
	int wide = c->bus_bytes == 16;

	if (!q->par_half) {
		d->par_bias = (uint32_t)in->rsp_data[0];
		d->par_mult = (uint32_t)(in->rsp_data[0] >> 32);
	}
	d->par_shift = (uint8_t)in->rsp_data[wide];
	d->par_half = !wide && !q->par_half;
	d->par_we = wide || q->par_half;
}

/* {shift[5:0], mult[30:0], bias[26:0]}, shift and bias signed */
static void short_fill(uint64_t entry, struct load *d)
{
	d->par_bias = (uint32_t)((int32_t)((uint32_t)entry << 5) >> 5);
	d->par_mult = (uint32_t)(entry >> 27) & 0x7FFFFFFF;
	d->par_shift = (uint8_t)((int64_t)entry >> 58);
	d->par_we = 1;
}

/* A beat has come and is taken. */
static void beat_next(const struct config *c, const struct load *q, const struct load_in *in, const struct load_ram *m, struct load *d)
{
	int r = q->rptr, kind = q->desc_kind[r];
	uint32_t dst = q->first ? q->desc_dst[r] : q->run;

	d->run = (dst + (uint32_t)c->bus_bytes) & act_mask(c);
	d->fin_push = q->desc_push[r];
	d->wgt_data[0] = in->rsp_data[0];
	d->wgt_data[1] = in->rsp_data[1];
	d->first = in->rsp_last;
	if (kind == LOAD_ACT)
		act_fill(c, in, q, dst, d);
	d->wgt_valid = kind == LOAD_WGT;
	if (kind == LOAD_PAR)
		par_fill(c, in, q, d);
	if (kind == LOAD_SHORT) {
		short_fill(in->rsp_data[0], d);
		d->par_half = c->bus_bytes == 16;
	}
	if (in->rsp_err) {
		d->addr_rdata = m->addr[r];
		if (!d->err)
			d->err_code = ERR_READ;
		d->err = 1;
	}
	if (in->rsp_last) {
		d->rptr = (r + 1) & 7;
		d->count--;
		d->wgt_end = q->desc_end[r];
		if (q->desc_last[r])
			d->fin = 1;
	}
}

static void reset(const struct config *c, struct load *d)
{
	d->full = d->busy = d->setup = d->req_valid = d->wptr = d->rptr = d->count = d->fin = 0;
	d->act_wr = d->wgt_valid = d->par_half = d->par_we = d->tok_push = d->err = 0;
	d->first = 1;
	d->wgt_free = wgt_space(c);
	d->par_free = par_space(c);
}

static void release_next(const struct config *c, const struct load_in *in, struct load *d)
{
	if (in->wgt_rel_valid)
		d->wgt_free = (d->wgt_free + in->wgt_rel_words * LOAD_BPW(c)) & (2 * wgt_space(c) - 1);
	if (in->wgt_back)
		d->wgt_free = (d->wgt_free + LOAD_WPB(c)) & (2 * wgt_space(c) - 1);
	if (in->par_rel)
		d->par_free = (d->par_free + (uint32_t)(c->cols * 16 / c->bus_bytes)) & (2 * par_space(c) - 1);
}

void load_next(const struct config *c, const struct load *q, const struct load_in *in,
	struct load_ram *m, struct load *d)
{
	int clear = load_clear(c, q, in->wready), take = load_take(q, in->tok_ok);

	*d = *q;
	m->we = 0;
	d->wgt_valid = d->wgt_end = d->par_we = d->err = 0;
	d->req_valid = q->req_valid && !in->req_ready;
	d->tok_push = q->fin && clear ? q->fin_push : 0;
	d->fin = q->fin && !clear;
	release_next(c, in, d);
	if (take)
		take_next(q, in, d);
	if (in->cmd_we)
		shadow_next(c, in, d);
	if (q->wgt_valid && q->wgt_end && !in->wgt_whole) {
		d->err = 1;
		d->err_code = ERR_COMMAND;
		d->bad_addr = q->addr >> LOAD_LG(c);
	}
	if (q->setup)
		setup_next(c, q, d);
	else if (q->busy)
		ask_next(c, q, in, m, d);
	if (q->act_wr && in->wready)
		act_shift(c, q, d);
	if (load_second(c, q)) {
		short_fill(q->wgt_data[1], d);
		d->par_half = 0;
	}
	if (in->rsp_valid && load_ready(c, q, in->wready))
		beat_next(c, q, in, m, d);
	if (!in->rst_n)
		reset(c, d);
}

void load_commit(struct load_ram *m)
{
	if (m->we)
		m->addr[m->waddr] = m->wdata;
}
