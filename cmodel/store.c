/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"
#include "csr_map.h"
#include <string.h>

void store_write(const struct config *c, const struct store *q, struct axi_wr_in *w)
{
	int bus = c->bus_bytes;
	unsigned all = (1u << bus) - 1;
	uint8_t bytes[16] = { 0 };

	w->aw.valid = q->aw_valid;
	w->aw.addr = q->aw_addr << STORE_LG(c);
	w->aw.len = q->aw_len;
	w->w_valid = q->out;
	if (!q->out)
		return;
	memcpy(bytes, q->fifo_rdata, (size_t)bus);
	for (int i = 0; i < 2; i++) {
		w->w_data[i] = 0;
		for (int k = 0; k < 8; k++)
			w->w_data[i] |= (uint64_t)bytes[8 * i + k] << 8 * k;
	}
	w->w_strb = (uint16_t)(all << q->skip & all & (q->w_left == 1 ? all >> (bus - 1 - q->tail) : all));
}

static void shadow_next(const struct config *c, const struct store_in *in, struct store *d)
{
	uint32_t low = (uint32_t)in->cmd_data, high = (uint32_t)(in->cmd_data >> 32);

	if (!in->cmd_we)
		return;
	switch (in->cmd_idx) {
	case 0:
		d->wait = (uint8_t)(low >> 8);
		d->s_push = (uint8_t)(low >> 16);
		d->s_offset = high;
		break;
	case 1:
		d->s_bytes = low & ((2u << c->act_baw) - 1);
		d->s_src = high & ((1u << c->act_baw) - 1);
		break;
	case 2:
		d->s_base = low >> 4 & 3;
		break;
	case 15:
		d->full = 1;
		break;
	}
}

static void command_next(const struct config *c, const struct store *q, const struct store_in *in, int take, int bad, struct store *d)
{
	int lg = STORE_LG(c);
	uint32_t lanes = (uint32_t)c->bus_bytes - 1, block = 16 * (lanes + 1), span;
	int over = q->busy && !q->setup && !q->aw_left && !q->aw_valid && !q->w_left && in->wr_idle;

	if (take)
		d->full = 0;
	d->busy = (uint8_t)(take || (q->busy && !over && !bad));
	d->setup = (uint8_t)take;
	d->tok_push = over ? q->push : 0;
	d->err = bad || (in->b_valid && in->b_err);
	if (d->err) {
		d->err_code = bad ? ERR_COMMAND : ERR_WRITE;
		d->err_addr = q->b_addr;
	}
	if (take) {
		d->push = q->s_push;
		d->bytes = q->s_bytes;
		d->b_addr = in->base[q->s_base] + q->s_offset;
		d->src = (q->s_src - (d->b_addr & lanes)) & ((1u << c->act_baw) - 1);
	} else if (in->b_valid) {
		d->b_addr = (q->b_addr & ~(block - 1)) + block;
	}
	if (q->setup) {
		span = q->bytes + (q->b_addr & lanes);
		d->cur = q->b_addr >> lg;
		d->skip = (uint8_t)(q->b_addr & lanes);
		d->tail = (uint8_t)((span - 1) & lanes);
		d->aw_left = d->rd_left = d->w_left = bad ? 0 : (span + lanes) >> lg;
	}
}

static void burst_next(const struct config *c, const struct store *q, const struct store_in *in, struct store *d)
{
	uint32_t room = 16 - (q->cur & 15), n = q->aw_left < room ? q->aw_left : room;

	d->aw_valid = q->aw_valid && !in->aw_ready;
	if ((q->aw_valid && !in->aw_ready) || !q->aw_left)
		return;
	d->aw_valid = 1;
	d->aw_addr = q->cur;
	d->aw_len = (uint8_t)(n - 1);
	d->cur = (q->cur + n) & (0xFFFFFFFFu >> STORE_LG(c));
	d->aw_left = q->aw_left - n;
}

/* Asks the activation buffer; reserves room for a beat with its first read. */
static int read_next(const struct config *c, const struct store *q, const struct store_in *in, struct store *d)
{
	int step = STORE_STEP(c), pieces = c->bus_bytes / step;
	int go = (!q->rd || in->gnt) && q->rd_left && (q->piece || q->reserved != STORE_FIFO);

	d->rd = (uint8_t)(go || (q->rd && !in->gnt));
	if (!go)
		return 0;
	d->addr = q->src;
	d->src = (q->src + (uint32_t)step) & ((1u << c->act_baw) - 1);
	d->piece = (uint8_t)(q->piece == pieces - 1 ? 0 : q->piece + 1);
	d->rd_left = q->rd_left - (q->piece == pieces - 1);
	return q->piece == 0;
}

/* Data from the activation buffer, put together to beats. */
static void fill_next(const struct config *c, const struct store *q, const struct store_in *in, struct store_ram *m, struct store *d)
{
	int bus = c->bus_bytes, step = STORE_STEP(c), rest = bus - step;

	m->we = 0;
	if (!in->vld)
		return;
	memcpy(m->wdata, q->part_data, (size_t)rest);
	memcpy(m->wdata + rest, in->rd_data, (size_t)step);
	if (rest)
		memcpy(d->part_data, m->wdata + step, (size_t)rest);
	m->we = q->part == bus / step - 1;
	m->waddr = q->wptr;
	d->part = (uint8_t)(m->we ? 0 : q->part + 1);
	d->wptr = (uint8_t)((q->wptr + m->we) & 7);
}

static void send_next(const struct store *q, const struct store_in *in, int reserve, const struct store_ram *m, struct store *d)
{
	int pop = q->out && in->w_ready, re = q->count && (!q->out || pop);

	d->count = (uint8_t)(q->count + m->we - re);
	d->reserved = (uint8_t)(q->reserved + reserve - pop);
	d->out = (uint8_t)(re || (q->out && !pop));
	d->rptr = (uint8_t)((q->rptr + re) & 7);
	if (re)
		memcpy(d->fifo_rdata, m->fifo[q->rptr], sizeof d->fifo_rdata);
	if (pop) {
		d->w_left = q->w_left - 1;
		d->skip = 0;
	}
}

static void reset(struct store *d)
{
	d->full = d->busy = d->setup = d->piece = d->part = d->tok_push = d->err = d->rd = d->aw_valid = 0;
	d->aw_left = d->rd_left = d->w_left = 0;
	d->wptr = d->rptr = d->count = d->reserved = d->out = 0;
}

void store_next(const struct config *c, const struct store *q, const struct store_in *in,
	struct store_ram *m, struct store *d)
{
	int take = store_take(q, in->tok_ok), bad = q->setup && !q->bytes, reserve;

	*d = *q;
	command_next(c, q, in, take, bad, d);
	shadow_next(c, in, d);
	if (q->busy && !q->setup) {
		burst_next(c, q, in, d);
		reserve = read_next(c, q, in, d);
		fill_next(c, q, in, m, d);
		send_next(q, in, reserve, m, d);
	} else {
		m->we = 0;
	}
	if (!in->rst_n)
		reset(d);
}

void store_commit(struct store_ram *m)
{
	if (m->we)
		memcpy(m->fifo[m->waddr], m->wdata, sizeof m->wdata);
}
