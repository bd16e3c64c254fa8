/* SPDX-License-Identifier: Apache-2.0
 * What an engine's storage must hold: the twin's registers, laid out as the engine lays out its own.
 * The image is brought up to date where the twin changed, then every register is compared. */
#ifndef SYSTOLE_EXPECT_H
#define SYSTOLE_EXPECT_H
#include "rtl_gen/regs.h"
#include <stddef.h>
#include <stdint.h>

enum { EXPECT_CHUNK = 64 };

/* A register, where it is in its chunk and in the image. */
struct expect_item {
	uint32_t image;        /* bytes */
	uint8_t twin, width;   /* bytes; bits */
};

/* A register of several lanes in a layout of its own. */
struct expect_packed {
	uint32_t twin, image;  /* bytes from the start */
	uint8_t elem;          /* bytes of a lane in the twin */
	uint8_t width, low;    /* bits of a lane, first bit in the image's byte */
	uint16_t lanes;
};

/* A piece of the twin's state: n items of 1, 2, 4, 8 bytes in the image, then packed registers. */
struct expect_chunk {
	uint32_t twin;
	int first, packed;
	uint8_t n[5];
};

/* A piece that twin and image lay out alike. */
struct expect_window {
	uint32_t twin, image;
	uint8_t mask[EXPECT_CHUNK];
};

struct expect {
	struct expect_item *items;
	struct expect_packed *packed;
	struct expect_chunk *chunks;
	struct expect_window *windows;
	uint32_t *lines;          /* pieces of the image that hold items */
	int nitems, npacked, nchunks, nwindows, nlines;
	uint8_t *image, *mask;    /* [bytes rounded up to pieces] */
};

/* places: each register's storage, all within bytes from state on. 0, or -1 without memory. */
int expect_init(struct expect *e, const struct regs *t, const void *const *places, const void *state, size_t bytes);
void expect_free(struct expect *e);
/* The twin's state, which the table has offsets in, went from `before` to `now`; before NULL: from anywhere. Both have EXPECT_CHUNK
 * readable bytes behind them. */
void expect_update(struct expect *e, const void *now, const void *before);
/* 0 when every register of the engine's storage equals the twin's. state has EXPECT_CHUNK readable bytes behind it. */
int expect_differs(const struct expect *e, const void *state);

/* A digest of all registers in an engine's storage, or of the image: 64-bit lanes, each of every 8th word. A
 * difference in one word of a lane always shows; several in one lane hide each other in one of 2^64 cases. */
struct expect_digest { uint64_t lanes[EXPECT_CHUNK / 8]; };
void expect_digest(const struct expect *e, const void *state, struct expect_digest *g);

#endif
