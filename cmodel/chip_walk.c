/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_walk.h"

static void settings_next(const struct chip_walk_in *in, struct chip_walk *d)
{
	uint64_t v = in->data;

	if (in->set_we & 1) {
		d->h = v >> 16 & 127;
		d->w = (uint8_t)(v >> 24);
	}
	if (in->set_we & 2) {
		d->nj = v & 63;
		d->nkx = v >> 8 & 31;
		d->nky = v >> 16 & 31;
		d->ng = v >> 24 & 63;
		d->nx = v >> 32 & 63;
		d->ny = v >> 40 & 63;
		d->n0 = (uint8_t)(!d->nj << WALK_WORD | !d->nkx << WALK_KX | !d->nky << WALK_KY | !d->ng << WALK_GROUP | !d->nx << WALK_PIXEL | !d->ny << WALK_LINE);
	}
}

/* How many loops end with this element. */
static int ending(const struct chip_walk *q)
{
	int n = 0;

	while (q->last >> n & 1)
		n++;
	return n;
}

/* A loop begins anew, or has one element less. */
static void loop_next(const struct chip_walk *q, int loop, int anew, uint8_t *left, uint8_t count, int width, struct chip_walk *d)
{
	int last = anew ? q->n0 >> loop & 1 : *left == 1;

	*left = (uint8_t)(anew ? count : (*left - 1) & ((1 << width) - 1));
	d->last = (uint8_t)((d->last & ~(1 << loop)) | last << loop);
}

static void loops_next(const struct chip_walk *q, int go, int ends, struct chip_walk *d)
{
	uint8_t *const left[WALK_LOOPS] = { &d->j, &d->kx, &d->ky, &d->g, &d->x, &d->y };
	const uint8_t count[WALK_LOOPS] = { q->nj, q->nkx, q->nky, q->ng, q->nx, q->ny };
	static const int width[WALK_LOOPS] = { 6, 5, 5, 6, 6, 6 };
	int i;

	for (i = 0; i < WALK_LOOPS && (go || i <= ends); i++)
		loop_next(q, i, go || i < ends, left[i], count[i], width[i], d);
	d->which = (uint8_t)(go ? 0 : ends < WALK_LINE ? ends + 1 : WALK_LINE + 1);
}

static void place_next(const struct chip_walk *q, const struct chip_walk_in *in, struct chip_walk *d)
{
	if (in->go) {
		d->addr = 0;
		d->iy = d->ix = 0;
	} else if (q->v1 && !in->hold) {
		d->addr = (q->addr + q->rdata) & 0x1FFFF;
		d->iy = (q->iy + (q->rdata >> 17)) & 127;
		d->ix = (uint8_t)(q->ix + (q->rdata >> 24));
	}
}

void chip_walk_next(const struct chip_walk *q, const struct chip_walk_in *in, struct chip_walk_ram *m, struct chip_walk *d)
{
	int move = q->active && q->units < 4 && !in->hold, ends = ending(q), unit = ends > WALK_KY, pixel = ends > WALK_GROUP, run = ends > WALK_LINE;

	*d = *q;
	m->we = in->step_we;
	m->waddr = in->row & 7;
	m->wdata = (uint32_t)in->data;
	settings_next(in, d);
	if (in->go || move)
		loops_next(q, in->go, ends, d);
	place_next(q, in, d);
	d->active = in->go || (q->active && !(move && run));
	d->units = (uint8_t)(in->go ? 0 : (q->units + (move && unit) - in->free) & 7);
	if (!in->hold) {
		d->v1 = (uint8_t)move;
		d->v2 = q->v1;
		d->last1 = (uint8_t)(run << 2 | pixel << 1 | unit);
		d->last2 = q->last1;
		d->rdata = m->steps[q->which];
	}
	if (!in->rst_n)
		d->active = d->v1 = d->v2 = 0;
}

void chip_walk_commit(struct chip_walk_ram *m)
{
	if (m->we)
		m->steps[m->waddr] = m->wdata;
}
