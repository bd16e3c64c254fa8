/* SPDX-License-Identifier: Apache-2.0 */
#include "wload_ws.h"

/* A segment has begun: where the next one's words are, and what is not needed any more. */
static void began(const struct config *c, const struct wload_ws *q, const struct feed_seg *s, struct wload_ws *d)
{
	uint32_t mask = 2 * (uint32_t)c->wgt_depth - 1;
	int leave = s->last && !s->rewind;

	d->full = d->ready = 0;
	d->hold = 1;
	if (leave)
		d->base = d->tile = (q->tile + s->kwords) & mask;
	else if (s->last)
		d->base = q->tile;
	else
		d->base = (q->base + (uint32_t)c->rows) & mask;
	if (leave || !s->keep)
		d->rel = (d->base - (s->keep ? q->tile : q->base)) & mask;
}

void wload_ws_next(const struct config *c, const struct wload_ws *q, const struct wload_ws_in *in, struct wload_ws *d)
{
	uint32_t mask = 2 * (uint32_t)c->wgt_depth - 1, rows = (uint32_t)c->rows;
	uint32_t avail = (in->cnt - q->base) & mask;
	int behind = c->group > 1 && avail > (uint32_t)c->wgt_depth; /* the last block's unused words are still to come */
	uint32_t all = rows == 32 ? ~0u : (1u << rows) - 1;

	*d = *q;
	d->hold = 0;
	d->rel = 0;
	d->shift = !q->left ? 0 : q->left == rows ? 1 : (q->shift << 1 | 1) & all;
	if (q->left) {
		d->left = (uint8_t)(q->left - 1);
		d->addr = (q->addr - 1) & ((uint32_t)c->wgt_depth - 1);
	}
	if (rows > 4 && q->left == 5)
		d->ready = 1;
	if (in->seg.began)
		began(c, q, &in->seg, d);
	if (!q->full && !q->hold && avail >= rows && !behind) {
		d->full = 1;
		d->left = (uint8_t)rows;
		d->addr = (q->base + rows - 1) & ((uint32_t)c->wgt_depth - 1);
		if (rows <= 4)
			d->ready = 1;
	}
}

void wload_ws_reset(struct wload_ws *d)
{
	d->full = d->hold = d->ready = d->left = 0;
	d->base = d->tile = d->rel = 0;
	d->shift = 0;
}
