/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_patch.h"

static int word_ends(const struct chip_patch *q) { return q->j == 0; }

int chip_patch_free(const struct chip_patch *q)
{
	return q->full && word_ends(q) && q->c == q->nc;
}

static void settings_next(const struct chip_patch_in *in, struct chip_patch *d)
{
	if (in->set_we & 1) {
		d->byte = in->data & 1;
		d->dw = in->data >> 1 & 1;
		d->add = in->data >> 2 & 1;
		d->again = in->data >> 3 & 1;
	}
	if (in->set_we & 2) {
		d->nw = in->data >> 48 & 127;
		d->nc = in->data >> 56 & 127;
	}
}

/* An element arrives: how it is rotated. */
static void arrive_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch *d)
{
	int rot = !in->rd ? -in->sel : q->dw ? q->t : q->byte ? q->t - in->sel : 0;

	d->v1 = in->rd && in->rst_n;
	d->pad1 = in->rd && in->pad;
	d->rot1 = rot & 7;
	d->last1 = in->last;
	d->t1 = q->t;
	if (in->go)
		d->t = 0;
	else if (in->rd)
		d->t = (uint8_t)(in->last & 1 ? 0 : q->t + 1);
}

/* Then in which lanes and rows it is written. */
static void place_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch *d)
{
	int lane, sides = !q->dw || q->add ? 3 : q->t1 & 8 ? 2 : 1;

	d->v2 = q->v1 && in->rst_n;
	d->last2 = q->last1;
	d->high2 = (uint8_t)(q->dw ? q->t1 >> 4 : q->byte ? q->t1 >> 6 : q->t1 >> 3 & 15);
	d->we2 = 0;
	for (lane = 0; lane < CHIP_LANES; lane++) {
		int written = q->v1 && (!q->byte || (q->t1 & 7) == lane);

		if (written)
			d->we2 |= (uint16_t)((sides & 1) << lane | (sides >> 1) << (CHIP_LANES + lane));
		d->low2[lane] = (uint8_t)((q->dw ? lane - q->t1 : q->byte ? q->t1 >> 3 : q->t1) & 7);
	}
}

/* And it is written. */
static void write_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch_ram *m, struct chip_patch *d)
{
	int lane, wrote = q->v2 && (q->last2 & 1), bit = 1 << q->unit;

	m->we = q->we2;
	m->wdata = in->data;
	for (lane = 0; lane < CHIP_LANES; lane++)
		m->waddr[lane] = (uint16_t)(q->unit << 7 | q->high2 << 3 | q->low2[lane]);
	m->wgt_we = in->wgt_we;
	m->row = in->row;
	if (wrote) {
		d->pixel = (uint8_t)((q->pixel & ~bit) | (q->last2 & 2 ? bit : 0));
		d->run = (uint8_t)((q->run & ~bit) | (q->last2 & 4 ? bit : 0));
		d->unit = (q->unit + 1) & 3;
	}
	d->full = (uint8_t)((d->full + wrote) & 7);
}

static void operands_next(const struct chip_patch *q, const struct chip_patch_ram *m, struct chip_patch *d)
{
	int row = q->runit << 7 | (q->dw ? (q->j & 15) << 3 | (q->c & 7) : q->j), k;

	for (k = 0; k < CHIP_PRODUCTS; k++)
		d->x[k] = m->patch[k][row];
	for (k = 0; k < CHIP_SIDES; k++)
		d->w[k] = m->wgt[k][q->wa];
}

static void read_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch *d)
{
	int step = q->full != 0, ends = word_ends(q), over = chip_patch_free(q);
	int pixel = q->pixel >> q->runit & 1, run = q->run >> q->runit & 1;

	d->full = (uint8_t)((d->full - over) & 7);
	d->runit = (uint8_t)((q->runit + over) & 3);
	d->tok = (uint8_t)((over && run) << 4 | (over && pixel) << 3 | ends << 2 | q->first << 1 | step);
	if (in->go) {
		d->j = q->nw;
		d->c = d->wa = 0;
		d->first = 1;
	} else if (step) {
		d->j = (uint8_t)(ends ? q->nw : q->j - 1);
		d->first = (uint8_t)ends;
		d->wa = (uint8_t)(over && (pixel || q->again) ? 0 : q->wa + 1);
		if (ends)
			d->c = (uint8_t)(over ? 0 : (q->c + 1) & 127);
	}
}

void chip_patch_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch_ram *m, struct chip_patch *d)
{
	*d = *q;
	settings_next(in, d);
	arrive_next(q, in, d);
	place_next(q, in, d);
	write_next(q, in, m, d);
	operands_next(q, m, d);
	read_next(q, in, d);
	if (!in->rst_n)
		d->unit = d->full = d->runit = d->tok = 0;
}

void chip_patch_commit(struct chip_patch_ram *m)
{
	int k;

	for (k = 0; k < CHIP_PRODUCTS; k++)
		if (m->we >> k & 1)
			m->patch[k][m->waddr[k % CHIP_LANES]] = (uint8_t)(m->wdata >> 8 * (k % CHIP_LANES));
	for (k = 0; k < CHIP_SIDES; k++)
		if (m->wgt_we >> k & 1)
			m->wgt[k][m->row] = m->wdata;
}
