/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_blocks.h"
#include <stdlib.h>
#include <string.h>

enum { BETWEEN_BLOCKS = 5, PIPELINE = 24 }; /* cycles, measured */

static void put(struct chip_blocks *b, uint64_t v)
{
	if (b->bytes + 8 > b->capacity) {
		size_t n = b->capacity ? 2 * b->capacity : 4096;
		uint8_t *data = realloc(b->data, n);

		if (!data) {
			b->failed = 1;
			return;
		}
		b->data = data;
		b->capacity = n;
	}
	for (int i = 0; i < 8; i++)
		b->data[b->bytes++] = (uint8_t)(v >> 8 * i);
}

static void head(struct chip_blocks *b, enum chip_op op, int words)
{
	put(b, (uint64_t)op | (uint64_t)words << 4);
	b->cycles += BETWEEN_BLOCKS + words;
}

/* v in width bits at a place; what is wider is remembered. */
static uint64_t bits(struct chip_blocks *b, int64_t v, int at, int width, int sgn)
{
	int64_t top = (int64_t)1 << (width - sgn);

	if (v >= top || v < (sgn ? -top : 0))
		b->wide = 1;
	return ((uint64_t)v & (((uint64_t)1 << width) - 1)) << at;
}

void chip_put_weights(struct chip_blocks *b, const int8_t *weights, int rows)
{
	head(b, CHIP_WEIGHTS, 2 * rows);
	for (int i = 0; i < 2 * rows; i++) {
		uint64_t v = 0;

		for (int k = 0; k < CHIP_SIDE; k++)
			v |= (uint64_t)(uint8_t)weights[CHIP_SIDE * i + k] << 8 * k;
		put(b, v);
	}
}

void chip_put_params(struct chip_blocks *b, const struct chip_param *p, int n)
{
	head(b, CHIP_PARAMS, n);
	for (int i = 0; i < n; i++)
		put(b, bits(b, p[i].bias, 0, 27, 1) | bits(b, p[i].mult, 27, 31, 0) | bits(b, p[i].right, 58, 5, 0));
}

static void put_step(struct chip_blocks *b, struct chip_step s)
{
	put(b, ((uint64_t)s.addr & 0x1FFFF) | bits(b, s.iy, 17, 7, 1) | bits(b, s.ix, 24, 8, 1));
}

/* From the last element of the inner loops to the next one of a loop. */
static struct chip_step step_of(const struct chip_run *r, int loop)
{
	struct chip_step s = r->stride[loop];

	while (--loop >= 0) {
		s.addr -= r->stride[loop].addr * (r->count[loop] - 1);
		s.iy -= r->stride[loop].iy * (r->count[loop] - 1);
		s.ix -= r->stride[loop].ix * (r->count[loop] - 1);
	}
	return s;
}

/* Cycles of a run once its settings are read. A unit is multiplied while the next one is read, which waits for results that are
 * written; then the pipelines are left. */
static int64_t run_cycles(const struct chip_run *r)
{
	int64_t steps = (int64_t)r->words * r->outputs, results = r->dw ? r->outputs : 2 * r->outputs;
	int64_t reads = (int64_t)r->count[LOOP_WORD] * r->count[LOOP_KX] * r->count[LOOP_KY];
	int64_t units = (int64_t)r->count[LOOP_GROUP] * r->count[LOOP_X] * r->count[LOOP_Y], all = reads + (results + CHIP_SIDE - 1) / CHIP_SIDE;

	return units * (steps > all ? steps : all) + (reads < steps ? reads : steps) + PIPELINE;
}

void chip_put_run(struct chip_blocks *b, const struct chip_run *r)
{
	b->runs++;
	b->cycles += run_cycles(r);
	head(b, CHIP_STEPS, LOOPS + 1);
	put_step(b, r->start);
	for (int i = 0; i < LOOPS; i++)
		put_step(b, step_of(r, i));
	head(b, CHIP_RUN, 3);
	put(b, bits(b, r->bytes, 0, 1, 0) | bits(b, r->dw, 1, 1, 0) | bits(b, r->add, 2, 1, 0) | bits(b, r->again, 3, 1, 0) | bits(b, r->zero_in, 8, 8, 1) |
		bits(b, r->h, 16, 7, 0) | bits(b, r->w, 24, 8, 0) | bits(b, r->zero, 32, 8, 1) | bits(b, r->low, 40, 8, 1) | bits(b, r->high, 48, 8, 1) |
		(uint64_t)(r->out & 7) << 56);
	put(b, bits(b, r->count[LOOP_WORD] - 1, 0, 6, 0) | bits(b, r->count[LOOP_KX] - 1, 8, 5, 0) | bits(b, r->count[LOOP_KY] - 1, 16, 5, 0) |
		bits(b, r->count[LOOP_GROUP] - 1, 24, 6, 0) | bits(b, r->count[LOOP_X] - 1, 32, 6, 0) | bits(b, r->count[LOOP_Y] - 1, 40, 6, 0) |
		bits(b, r->words - 1, 48, 7, 0) | bits(b, r->outputs - 1, 56, 7, 0));
	put(b, bits(b, r->out >> 3, 0, 14, 0) | bits(b, r->pitch >> 3, 16, 14, 0));
}

void chip_put_end(struct chip_blocks *b)
{
	put(b, CHIP_END);
}
