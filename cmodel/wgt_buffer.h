/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/wgt_buffer.v: a ring of words of COLS weights. */
#ifndef SYSTOLE_WGT_BUFFER_H
#define SYSTOLE_WGT_BUFFER_H
#include "config.h"

enum { WGT_MAX_INDEX = 2 * CONFIG_MAX_BUS / 8 };

struct wgt_buffer {
	uint32_t cnt;      /* words ever written, modulo 2*depth */
	uint8_t part;      /* words of several beats: beat expected */
	uint8_t ev;
	uint8_t gather[CONFIG_MAX_COLS]; /* beats of the word so far, without the last */
	uint32_t sel;      /* beats of several words: word of the row read */
	uint8_t beat;      /* indices: beat of the block expected */
	uint8_t idx_ev;    /* the beat was of indices */
	uint64_t index[WGT_MAX_INDEX]; /* of the words to come, the next word's lowest */
	int8_t row[CONFIG_MAX_BUS * CONFIG_MAX_COLS + 8]; /* and padding: RAM output register: [words in a row][COLS] */
	uint8_t idx[CONFIG_MAX_BUS * CONFIG_MAX_COLS + 8]; /* the index RAM's, likewise */
};

struct wgt_buffer_ram {
	int8_t *words; /* [wgt_depth][COLS], owned */
	uint8_t *indices; /* [wgt_depth][COLS], owned; NULL without */
	int we;
	uint32_t waddr;
	int8_t wdata[CONFIG_MAX_BUS * CONFIG_MAX_COLS];
	uint8_t widx[CONFIG_MAX_BUS * CONFIG_MAX_COLS];
};

struct wgt_buffer_in {
	uint8_t wr_valid;
	const uint8_t *wr_data; /* one beat */
	uint8_t rd;
	uint32_t raddr;
};

static inline int wgt_buffer_beats(const struct config *c) { return c->wgt_word > c->bus_bytes ? c->wgt_word / c->bus_bytes : 1; }
static inline int wgt_buffer_words(const struct config *c) { return c->bus_bytes > c->wgt_word ? c->bus_bytes / c->wgt_word : 1; }
/* Beats of a block: the indices of idx_block words, then the words. */
static inline int wgt_buffer_block(const struct config *c) { return c->idx_beats + c->idx_block * wgt_buffer_beats(c) / wgt_buffer_words(c); }
/* The next beat ends a block, or there are none. */
static inline int wgt_buffer_whole(const struct config *c, const struct wgt_buffer *q) { return !c->idx_bits || q->beat == wgt_buffer_block(c) - 1; }
/* Indices of the word read in the cycle before. */
static inline const uint8_t *wgt_buffer_indices(const struct config *c, const struct wgt_buffer *q) { return q->idx + q->sel * (uint32_t)c->cols; }
/* The word read in the cycle before: COLS weights. */
static inline const int8_t *wgt_buffer_rdata(const struct config *c, const struct wgt_buffer *q) { return q->row + q->sel * (uint32_t)c->cols; }

int wgt_buffer_ram_init(const struct config *c, struct wgt_buffer_ram *m);
void wgt_buffer_ram_free(struct wgt_buffer_ram *m);
void wgt_buffer_next(const struct config *c, const struct wgt_buffer *q, const struct wgt_buffer_in *in, struct wgt_buffer_ram *m, struct wgt_buffer *d);
void wgt_buffer_commit(const struct config *c, struct wgt_buffer_ram *m);
/* What rst_ni low does to the control state. */
void wgt_buffer_reset(struct wgt_buffer *d);

#endif
