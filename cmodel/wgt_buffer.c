/* SPDX-License-Identifier: Apache-2.0 */
#include "wgt_buffer.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int wgt_buffer_ram_init(const struct config *c, struct wgt_buffer_ram *m)
{
	m->we = 0;
	m->words = calloc((size_t)c->wgt_depth, (size_t)c->cols);
	return m->words ? 0 : -1;
}

void wgt_buffer_ram_free(struct wgt_buffer_ram *m)
{
	free(m->words);
	m->words = NULL;
}

/* The low wgt_bits of a byte, sign-extended. */
static int8_t weight(const struct config *c, uint8_t byte)
{
	int v = byte & ((1 << c->wgt_bits) - 1);

	return (int8_t)(v >> (c->wgt_bits - 1) ? v - (1 << c->wgt_bits) : v);
}

static void write_words(const struct config *c, const struct wgt_buffer *q, const uint8_t *bytes, int n, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int k, i;

	m->we = 1;
	m->waddr = q->cnt & ((uint32_t)c->wgt_depth - 1);
	for (k = 0; k < n; k++)
		for (i = 0; i < c->cols; i++)
			m->wdata[k * c->cols + i] = weight(c, bytes[k * c->wgt_word + i]);
	d->cnt = (q->cnt + (uint32_t)n) & (2 * (uint32_t)c->wgt_depth - 1);
	d->ev = 1;
}

static void write_next(const struct config *c, const struct wgt_buffer *q, const struct wgt_buffer_in *in, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int beats = wgt_buffer_beats(c), bus = c->bus_bytes;
	uint8_t bytes[CONFIG_MAX_COLS];

	d->ev = 0;
	if (!in->wr_valid)
		return;
	if (beats == 1) {
		write_words(c, q, in->wr_data, wgt_buffer_words(c), m, d);
		return;
	}
	memcpy(bytes, q->gather, (size_t)((beats - 1) * bus));
	memcpy(bytes + (beats - 1) * bus, in->wr_data, (size_t)bus);
	memcpy(d->gather, bytes + bus, (size_t)((beats - 1) * bus));
	d->part = (uint8_t)((q->part + 1) & (beats - 1));
	if (q->part == beats - 1)
		write_words(c, q, bytes, 1, m, d);
}

void wgt_buffer_next(const struct config *c, const struct wgt_buffer *q, const struct wgt_buffer_in *in, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int n = wgt_buffer_words(c);

	memcpy(d, q, offsetof(struct wgt_buffer, row) + (size_t)(n * c->cols));
	write_next(c, q, in, m, d);
	if (in->rd) {
		uint32_t row = in->raddr / (uint32_t)n * (uint32_t)n;

		d->sel = in->raddr - row;
		memcpy(d->row, m->words + (size_t)row * (size_t)c->cols, (size_t)(n * c->cols));
	}
}

void wgt_buffer_commit(const struct config *c, struct wgt_buffer_ram *m)
{
	int n = wgt_buffer_words(c);

	if (m->we)
		memcpy(m->words + (size_t)m->waddr * (size_t)c->cols, m->wdata, (size_t)(n * c->cols));
	m->we = 0;
}

void wgt_buffer_reset(struct wgt_buffer *d)
{
	d->cnt = 0;
	d->part = 0;
}
