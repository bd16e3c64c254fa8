/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/wgt_buffer.v: a ring of words of COLS weights. */
#ifndef SYSTOLE_WGT_BUFFER_H
#define SYSTOLE_WGT_BUFFER_H
#include "config.h"

struct wgt_buffer {
	uint32_t cnt;      /* words ever written, modulo 2*depth */
	uint8_t part;      /* words of several beats: beat expected */
	uint8_t ev;
	uint8_t gather[CONFIG_MAX_COLS]; /* beats of the word so far, without the last */
	uint32_t sel;      /* beats of several words: word of the row read */
	int8_t row[CONFIG_MAX_BUS * CONFIG_MAX_COLS + 8]; /* and padding: RAM output register: [words in a row][COLS] */
};

struct wgt_buffer_ram {
	int8_t *words; /* [wgt_depth][COLS], owned */
	int we;
	uint32_t waddr;
	int8_t wdata[CONFIG_MAX_BUS * CONFIG_MAX_COLS];
};

struct wgt_buffer_in {
	uint8_t wr_valid;
	const uint8_t *wr_data; /* one beat */
	uint8_t rd;
	uint32_t raddr;
};

static inline int wgt_buffer_beats(const struct config *c) { return c->wgt_word > c->bus_bytes ? c->wgt_word / c->bus_bytes : 1; }
static inline int wgt_buffer_words(const struct config *c) { return c->bus_bytes > c->wgt_word ? c->bus_bytes / c->wgt_word : 1; }
/* The word read in the cycle before: COLS weights. */
static inline const int8_t *wgt_buffer_rdata(const struct config *c, const struct wgt_buffer *q) { return q->row + q->sel * (uint32_t)c->cols; }

int wgt_buffer_ram_init(const struct config *c, struct wgt_buffer_ram *m);
void wgt_buffer_ram_free(struct wgt_buffer_ram *m);
void wgt_buffer_next(const struct config *c, const struct wgt_buffer *q, const struct wgt_buffer_in *in, struct wgt_buffer_ram *m, struct wgt_buffer *d);
void wgt_buffer_commit(const struct config *c, struct wgt_buffer_ram *m);
/* What rst_ni low does to the control state. */
void wgt_buffer_reset(struct wgt_buffer *d);

#endif
