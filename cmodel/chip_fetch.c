/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_fetch.h"

enum { TO_WGT = 1, TO_PAR = 2, TO_STEP = 4, TO_SET = 8 };

void chip_fetch_comb(const struct chip_fetch *q, struct chip_fetch_out *o)
{
	int to = q->word2 ? q->to : 0;

	o->rd = q->state == FETCH_HEAD || q->state == FETCH_SEND;
	o->wgt_we = (uint8_t)(to & TO_WGT ? 1 << (q->row & 1) : 0);
	o->par_we = (to & TO_PAR) != 0;
	o->step_we = (to & TO_STEP) != 0;
	o->set_we = (uint8_t)(to & TO_SET ? q->row & 2 ? 4 : 1 << (q->row & 1) : 0);
	o->row = (uint16_t)(q->to & TO_WGT ? q->row >> 1 : q->row & 0x1FF);
}

static int state_next(const struct chip_fetch *q, const struct chip_fetch_in *in, int known)
{
	switch (q->state) {
	case FETCH_IDLE:
		return in->start ? FETCH_HEAD : FETCH_IDLE;
	case FETCH_HEAD:
		return FETCH_WAIT;
	case FETCH_WAIT:
		return !q->head2 ? FETCH_WAIT : known ? FETCH_SEND : FETCH_IDLE;
	case FETCH_SEND:
		return q->left != 1 ? FETCH_SEND : q->to & TO_SET ? FETCH_RUN : FETCH_HEAD;
	default:
		return in->fin ? FETCH_HEAD : q->state;
	}
}

static void reset(struct chip_fetch *d)
{
	d->state = FETCH_IDLE;
	d->head1 = d->head2 = d->word1 = d->word2 = d->go = d->done = 0;
}

void chip_fetch_next(const struct chip_fetch *q, const struct chip_fetch_in *in, const struct chip_fetch_out *o, struct chip_fetch *d)
{
	int op = in->data & 7, known = op >= 1 && op <= 4;

	*d = *q;
	d->state = (uint8_t)state_next(q, in, known);
	d->head1 = q->state == FETCH_HEAD;
	d->head2 = q->head1;
	d->word1 = q->state == FETCH_SEND;
	d->word2 = q->word1;
	d->go = o->set_we >> 2;
	d->done = q->state == FETCH_WAIT && q->head2 && !known;
	d->pc = (uint16_t)(q->state == FETCH_IDLE ? in->base : (q->pc + o->rd) & 0x3FFF);
	if (q->head2) {
		d->left = in->data >> 4 & 0x1FFF;
		d->to = (uint8_t)(known ? 1 << (op - 1) : 0);
		d->err = op > 4;
		d->row = 0;
	} else {
		d->left = (uint16_t)((q->left - (q->state == FETCH_SEND)) & 0x1FFF);
		d->row = (uint16_t)((q->row + q->word2) & 0x3FF);
	}
	if (!in->rst_n)
		reset(d);
}
