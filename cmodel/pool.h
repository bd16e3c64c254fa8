/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/pool.v: sum or maximum over a window, COLS channels at a time. */
#ifndef SYSTOLE_POOL_H
#define SYSTOLE_POOL_H
#include "config.h"

struct pool {
	uint8_t push;
	int32_t vec[CONFIG_MAX_COLS];
};

#define POOL_REGS(R) \
	R(push, 1, 1, "a window is complete") \
	R(vec, c->cols, c->acc_bits, "sum or maximum of the window so far")

struct pool_in {
	uint8_t valid, first, last, max, in_map;
	const int16_t *word;
};

void pool_next(const struct config *c, const struct pool *q, const struct pool_in *in, struct pool *d);

#endif
