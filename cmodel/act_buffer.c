/* SPDX-License-Identifier: Apache-2.0 */
#include "act_buffer.h"
#include <stdlib.h>
#include <string.h>

int act_buffer_ram_init(const struct config *c, struct act_buffer_ram *m)
{
	m->bytes = calloc((size_t)c->act_bytes, 1);
	return m->bytes ? 0 : -1;
}

void act_buffer_ram_free(struct act_buffer_ram *m)
{
	free(m->bytes);
	m->bytes = NULL;
}

void act_buffer_comb(uint8_t feed_rd, uint8_t post_rd, uint8_t store_rd, uint8_t post_wr, struct act_buffer_out *o)
{
	o->post_gnt = post_rd && !feed_rd;
	o->store_gnt = store_rd && !feed_rd && !post_rd;
	o->load_wready = !post_wr;
}

static int8_t *bank_row(const struct config *c, const struct act_buffer_ram *m, uint32_t row, int odd)
{
	return m->bytes + ((size_t)row * 2 + (size_t)odd) * (size_t)(c->act_port * c->act_size);
}

static void read_next(const struct config *c, const struct act_buffer *q, const struct act_buffer_in *in, const struct act_buffer_ram *m, struct act_buffer *d)
{
	uint32_t port = (uint32_t)c->act_port, rows = (1u << c->act_aw) / port / 2;
	uint32_t size = (uint32_t)c->act_size, bytes = port * size;
	uint32_t addr = in->feed_rd ? in->feed_addr : in->post_rd ? in->post_addr : in->store_addr;
	uint32_t row = (addr & ((1u << c->act_aw) - 1)) / port / 2, odd = addr / port & 1;

	d->vld2 = q->vld1;
	d->vld3 = q->vld2;
	d->even = q->even;
	d->odd = q->odd;
	d->sel1 = q->sel1;
	d->sel2 = q->sel1;
	d->vld1 = 0;
	if (in->feed_rd || in->post_rd || in->store_rd) {
		d->vld1 = in->feed_rd ? ACT_FEED : in->post_rd ? ACT_POST : ACT_STORE;
		d->even = odd ? (row + 1) & (rows - 1) : row;
		d->odd = row;
		d->sel1 = addr & (2 * port - 1);
	}
	if (q->vld1) {
		memcpy(d->words, bank_row(c, m, q->even, 0), bytes);
		memcpy(d->words + bytes, bank_row(c, m, q->odd, 1), bytes);
		memcpy(d->words + 2 * bytes, bank_row(c, m, q->even, 0), bytes);
	} else {
		memcpy(d->words, q->words, 3 * bytes);
	}
	memcpy(d->rd, q->vld2 ? q->words + q->sel2 * size : q->rd, bytes);
}

static void write_next(const struct config *c, const struct act_buffer *q, const struct act_buffer_in *in, struct act_buffer *d)
{
	const struct act_write *w = in->post.wr ? &in->post : &in->load;
	uint32_t port = (uint32_t)c->act_port, rows = (1u << c->act_aw) / port / 2;
	uint32_t row = (w->addr & ((1u << c->act_aw) - 1)) / port / 2, odd = w->addr / port & 1, off = w->addr & (port - 1), size = (uint32_t)c->act_size;
	uint64_t all = port == 64 ? ~0ull : (1ull << port) - 1;
	uint64_t first = w->mask << off & all, second = off ? w->mask >> (port - off) & all : 0;

	d->wr = in->post.wr || in->load.wr;
	if (!d->wr) {
		d->weven = q->weven;
		d->wodd = q->wodd;
		d->meven = q->meven;
		d->modd = q->modd;
		memcpy(d->wdata, q->wdata, port * size);
		return;
	}
	d->weven = odd ? (row + 1) & (rows - 1) : row;
	d->wodd = row;
	d->meven = odd ? second : first;
	d->modd = odd ? first : second;
	memcpy(d->wdata + off * size, w->data, (port - off) * size);
	memcpy(d->wdata, w->data + (port - off) * size, off * size);
}

void act_buffer_next(const struct config *c, const struct act_buffer *q, const struct act_buffer_in *in, const struct act_buffer_ram *m, struct act_buffer *d)
{
	read_next(c, q, in, m, d);
	write_next(c, q, in, d);
}

static void masked_write(const struct config *c, int8_t *row, const int8_t *data, uint64_t mask)
{
	int i, size = c->act_size;

	for (i = 0; i < c->act_port * size; i++)
		if (mask >> i / size & 1)
			row[i] = data[i];
}

void act_buffer_commit(const struct config *c, const struct act_buffer *q, struct act_buffer_ram *m)
{
	if (!q->wr)
		return;
	masked_write(c, bank_row(c, m, q->weven, 0), q->wdata, q->meven);
	masked_write(c, bank_row(c, m, q->wodd, 1), q->wdata, q->modd);
}

void act_buffer_reset(struct act_buffer *d)
{
	d->vld1 = d->vld2 = d->vld3 = d->wr = 0;
}
