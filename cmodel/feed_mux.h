/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/feed_mux.v: makes the rs feeder and the pool feeder (feed.v) look like one FEED engine.
 * Commands go to one of them by their pool bit, in order; the other engine starts only when the one before is idle
 * and the collector empty, so that each may count the collector's entries for itself. */
#ifndef SYSTOLE_FEED_MUX_H
#define SYSTOLE_FEED_MUX_H
#include "config.h"

enum { FEED_MUX_RS, FEED_MUX_POOL };

struct feed_mux {
	uint8_t route;  /* engine of the command being received */
	uint8_t sel;    /* engine that started last */
	uint32_t out;   /* vectors in the collector */
	uint8_t hold;   /* cycles until the last engine's vectors have reached the collector */
};

#define FEED_MUX_REGS(R) \
	R(route, 1, 1, "engine of the command being received") R(sel, 1, 1, "engine that started last") \
	R(out, 1, c->col_aw + 1, "vectors in the collector") R(hold, 1, 5, "cycles until an engine's vectors are there")

struct feed_mux_in {
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	uint8_t push, pop;                    /* of the collector */
	uint8_t wait[2], idle[2], full[2];    /* the engines' outputs, [FEED_MUX_RS, FEED_MUX_POOL] */
};
struct feed_mux_out {
	uint8_t cmd_we[2];   /* to the engines */
	uint8_t tok_ok[2];
	uint8_t pop[2];
	uint8_t full, wait, idle;
};

/* tok_ok of the outputs needs tok_ok of the inputs, which may depend on wait: call twice. */
void feed_mux_comb(const struct feed_mux *q, const struct feed_mux_in *in, struct feed_mux_out *o);
/* take: the engines' tok_take. */
void feed_mux_next(const struct config *c, const struct feed_mux *q, const struct feed_mux_in *in, const uint8_t take[2], struct feed_mux *d);
void feed_mux_reset(struct feed_mux *d);

#endif
