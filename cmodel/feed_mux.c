/* SPDX-License-Identifier: Apache-2.0 */
#include "feed_mux.h"

void feed_mux_comb(const struct feed_mux *q, const struct feed_mux_in *in, struct feed_mux_out *o)
{
	int e, to = in->cmd_idx == 0 ? (int)(in->cmd_data >> 33 & 1) : q->route;

	o->wait = 0;
	for (e = 0; e < 2; e++) {
		int allow = q->sel == e || (in->idle[!e] && q->out == 0 && q->hold == 0);

		o->cmd_we[e] = in->cmd_we && to == e;
		o->wait |= allow ? in->wait[e] : 0;
		o->tok_ok[e] = in->tok_ok && allow;
		o->pop[e] = in->pop && q->sel == e;
	}
	o->full = in->full[0] || in->full[1];
	o->idle = in->idle[0] && in->idle[1];
}

void feed_mux_next(const struct config *c, const struct feed_mux *q, const struct feed_mux_in *in, const uint8_t take[2], struct feed_mux *d)
{
	int other = !q->sel;

	*d = *q;
	(void)c;
	if (in->cmd_we && in->cmd_idx == 0)
		d->route = in->cmd_data >> 33 & 1;
	if (take[other])
		d->sel = (uint8_t)other;
	d->out = q->out + in->push - in->pop;
	d->hold = !in->idle[q->sel] ? 31 : q->hold ? (uint8_t)(q->hold - 1) : 0;
}

void feed_mux_reset(struct feed_mux *d)
{
	d->route = d->sel = 0;
	d->out = 0;
	d->hold = 0;
}
