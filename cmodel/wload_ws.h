/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/wload_ws.v: weight buffer -> shadow registers of the weight-stationary array. */
#ifndef SYSTOLE_WLOAD_WS_H
#define SYSTOLE_WLOAD_WS_H
#include "config.h"
#include "feed.h"

struct wload_ws {
	uint8_t full, hold, ready, left;
	uint32_t addr, base, tile, rel;
	uint32_t shift;
};

#define WLOAD_WS_REGS(R) \
	R(full, 1, 1, "the shadow weights are loaded or being loaded") R(hold, 1, 1, "they are still in use") \
	R(ready, 1, 1, "the next segment may be issued") R(left, 1, 6, "words to read") \
	R(addr, 1, c->wgt_aw, "word to read") R(base, 1, c->wgt_aw + 1, "first word of the shadow's segment") \
	R(tile, 1, c->wgt_aw + 1, "first word of its channel tile") R(rel, 1, c->wgt_aw + 1, "words released") \
	R(shift, 1, c->rows, "rows that take a word")

struct wload_ws_in {
	struct feed_seg seg;
	uint32_t cnt;        /* words ever written to the weight buffer, modulo 2^(wgt_aw+1) */
};

static inline uint8_t wload_ws_rd(const struct wload_ws *q) { return q->left != 0; }

void wload_ws_next(const struct config *c, const struct wload_ws *q, const struct wload_ws_in *in, struct wload_ws *d);
/* What rst_ni low does to the control state. */
void wload_ws_reset(struct wload_ws *d);

#endif
