/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/tokens.v: eight counters between the engines. */
#ifndef SYSTOLE_TOKENS_H
#define SYSTOLE_TOKENS_H
#include "config.h"
#include "lanes.h"

enum { TOKENS_W = 6 }; /* bits of a counter */
enum { ENGINE_LOAD, ENGINE_FEED, ENGINE_POST, ENGINE_STORE, ENGINES };

struct tokens {
	uint8_t count[8];
	uint8_t err;
};

#define TOKENS_REGS(R) \
	R(count, 8, TOKENS_W, "tokens there") \
	R(err, 1, 1, "a counter overflowed")

struct tokens_in {
	uint8_t rst_n;
	uint8_t wait[ENGINES], push[ENGINES]; /* masks */
	uint8_t take[ENGINES];
};

/* Are all tokens of the mask there? (ok_o) */
static inline int tokens_ok(const struct tokens *q, uint8_t wait)
{
	return !(wait & lanes_bits(lanes_load8((const int8_t *)q->count) == 0));
}

void tokens_next(const struct config *c, const struct tokens *q, const struct tokens_in *in, struct tokens *d);

#endif
