/* SPDX-License-Identifier: Apache-2.0 */
#include "wgt_buffer.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int wgt_buffer_ram_init(const struct config *c, struct wgt_buffer_ram *m)
{
	m->we = 0;
	m->words = calloc((size_t)c->wgt_depth, (size_t)c->cols);
	m->indices = c->idx_bits ? calloc((size_t)c->wgt_depth, (size_t)c->cols) : NULL;
	return m->words && (m->indices || !c->idx_bits) ? 0 : -1;
}

void wgt_buffer_ram_free(struct wgt_buffer_ram *m)
{
	free(m->words);
	free(m->indices);
	m->words = NULL;
	m->indices = NULL;
}

/* Weight i of a word: the low wgt_bits of the wgt_store that it has in memory, sign-extended; a single bit is the sign, 1 for 1. */
static int8_t weight(const struct config *c, const uint8_t *word, int i)
{
	int at = i * c->wgt_store, v = word[at / 8] >> at % 8 & ((1 << c->wgt_bits) - 1);

	if (c->wgt_bits == 1)
		return v ? 1 : -1;
	return (int8_t)(v >> (c->wgt_bits - 1) ? v - (1 << c->wgt_bits) : v);
}

/* What is left of the indices when n bits are used. */
static void shift_indices(const struct config *c, int n, uint64_t *index)
{
	int i, count = c->idx_beats * c->bus_bits / 64;

	for (i = 0; i < count; i++) {
		int from = i + n / 64;
		uint64_t low = from < count ? index[from] >> n % 64 : 0;

		index[i] = low | (n % 64 && from + 1 < count ? index[from + 1] << (64 - n % 64) : 0);
	}
}

static void take_indices(const struct config *c, const struct wgt_buffer *q, const uint8_t *beat, struct wgt_buffer *d)
{
	int words = c->bus_bits / 64, all = c->idx_beats * words;

	memmove(d->index, q->index + words, (size_t)(all - words) * sizeof *d->index);
	memcpy(d->index + all - words, beat, (size_t)c->bus_bytes);
	d->idx_ev = 1;
}

/* The indices of n words go with them. */
static void write_indices(const struct config *c, const struct wgt_buffer *q, int n, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int i, bits = c->idx_bits, lanes = n * c->cols;

	for (i = 0; i < lanes; i++) {
		int at = i * bits;
		uint64_t v = q->index[at / 64] >> at % 64 | (at % 64 + bits > 64 ? q->index[at / 64 + 1] << (64 - at % 64) : 0);

		m->widx[i] = (uint8_t)(v & ((1u << bits) - 1));
	}
	shift_indices(c, lanes * bits, d->index);
}

static void write_words(const struct config *c, const struct wgt_buffer *q, const uint8_t *bytes, int n, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int k, i;

	m->we = 1;
	m->waddr = q->cnt & ((uint32_t)c->wgt_depth - 1);
	for (k = 0; k < n; k++)
		for (i = 0; i < c->cols; i++)
			m->wdata[k * c->cols + i] = weight(c, bytes + k * c->wgt_word, i);
	if (c->idx_bits)
		write_indices(c, q, n, m, d);
	d->cnt = (q->cnt + (uint32_t)n) & (2 * (uint32_t)c->wgt_depth - 1);
	d->ev = 1;
}

static void write_next(const struct config *c, const struct wgt_buffer *q, const struct wgt_buffer_in *in, struct wgt_buffer_ram *m, struct wgt_buffer *d)
{
	int beats = wgt_buffer_beats(c), bus = c->bus_bytes;
	uint8_t bytes[CONFIG_MAX_COLS];

	d->ev = d->idx_ev = 0;
	if (!in->wr_valid)
		return;
	if (c->idx_bits) {
		d->beat = (uint8_t)(q->beat + 1 == wgt_buffer_block(c) ? 0 : q->beat + 1);
		if (q->beat < c->idx_beats) {
			take_indices(c, q, in->wr_data, d);
			return;
		}
	}
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
	if (c->idx_bits)
		memcpy(d->idx, q->idx, (size_t)(n * c->cols));
	write_next(c, q, in, m, d);
	if (in->rd) {
		uint32_t row = in->raddr / (uint32_t)n * (uint32_t)n;

		d->sel = in->raddr - row;
		memcpy(d->row, m->words + (size_t)row * (size_t)c->cols, (size_t)(n * c->cols));
		if (c->idx_bits)
			memcpy(d->idx, m->indices + (size_t)row * (size_t)c->cols, (size_t)(n * c->cols));
	}
}

void wgt_buffer_commit(const struct config *c, struct wgt_buffer_ram *m)
{
	int n = wgt_buffer_words(c);

	if (m->we)
		memcpy(m->words + (size_t)m->waddr * (size_t)c->cols, m->wdata, (size_t)(n * c->cols));
	if (m->we && c->idx_bits)
		memcpy(m->indices + (size_t)m->waddr * (size_t)c->cols, m->widx, (size_t)(n * c->cols));
	m->we = 0;
}

void wgt_buffer_reset(struct wgt_buffer *d)
{
	d->cnt = 0;
	d->part = 0;
	d->beat = 0;
}
