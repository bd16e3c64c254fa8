/* SPDX-License-Identifier: Apache-2.0
 * The program of NAME_chip: blocks of a head and 64-bit words, as rtl/chip_fetch.v reads them. */
#ifndef SYSTOLE_CHIP_BLOCKS_H
#define SYSTOLE_CHIP_BLOCKS_H
#include <stddef.h>
#include <stdint.h>

enum chip_op { CHIP_END, CHIP_WEIGHTS, CHIP_PARAMS, CHIP_STEPS, CHIP_RUN };
enum { CHIP_WGT_ROWS = 256, CHIP_PAR_ROWS = 256, CHIP_UNIT_ROWS = 128, CHIP_SIDE = 8 };
/* A run's loops, from the innermost on. */
enum chip_loop { LOOP_WORD, LOOP_KX, LOOP_KY, LOOP_GROUP, LOOP_X, LOOP_Y, LOOPS };

/* A position: address, and coordinates in the map. */
struct chip_step { int32_t addr; int iy, ix; };

/* Settings of a run. */
struct chip_run {
	int bytes, dw, add, again;      /* elements are bytes; 8 channels of a tap; operands of an addition; weights of all units are the same */
	int zero_in, h, w;              /* the map: outside of it is zero_in */
	int zero, low, high;            /* of the results */
	int words, outputs;             /* of a unit: words; results (dw), pairs of them, or sums of two operands (add) */
	int count[LOOPS];
	struct chip_step start, stride[LOOPS];
	uint32_t out;                   /* byte address of the first result */
	uint32_t pitch;                 /* bytes from pixel to pixel, a multiple of 8 */
};

/* A program under construction. */
struct chip_blocks {
	uint8_t *data;                  /* owned */
	size_t bytes, capacity;
	int runs;
	int64_t cycles;                 /* estimated */
	int failed;                     /* out of memory */
	int wide;                       /* a setting was out of range */
};

struct chip_param { int64_t bias; int32_t mult; int right; };

/* weights: rows of 16, side 0 first. */
void chip_put_weights(struct chip_blocks *b, const int8_t *weights, int rows);
void chip_put_params(struct chip_blocks *b, const struct chip_param *p, int n);
void chip_put_run(struct chip_blocks *b, const struct chip_run *r);
void chip_put_end(struct chip_blocks *b);

#endif
