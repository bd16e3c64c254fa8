/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_dot.h"

/* chip_mul2's half */
static void hard_next(const struct chip_dot *q, int k, int8_t x, int8_t w, struct chip_dot *d)
{
	d->a[k] = x;
	d->b[k] = w;
	d->p[k] = (int16_t)(q->a[k] * q->b[k]);
}

/* chip_soft */
static void soft_next(const struct chip_dot *q, int k, int8_t x, int8_t w, struct chip_dot *d)
{
	const int16_t *of = &q->digit[DOT_DIGITS * k];
	int i;

	for (i = 0; i < DOT_DIGITS; i++)
		d->digit[DOT_DIGITS * k + i] = (int16_t)(x * (i < DOT_DIGITS - 1 ? w >> 2 * i & 3 : w >> 2 * i));
	d->p[k] = (int16_t)(of[0] + 4 * of[1] + 16 * of[2] + 64 * of[3]);
}

static int32_t wrap24(int32_t v)
{
	return ((v + (1 << 23)) & ((1 << 24) - 1)) - (1 << 23);
}

static void side_next(const struct chip_dot *q, const struct chip_dot_in *in, int s, struct chip_dot *d)
{
	const int16_t *p = &q->p[s * CHIP_LANES];
	int k;

	for (k = 0; k < CHIP_LANES; k++)
		(k < DOT_HARD ? hard_next : soft_next)(q, s * CHIP_LANES + k, (int8_t)in->x[s * CHIP_LANES + k], (int8_t)(in->w[s] >> 8 * k), d);
	for (k = 0; k < 4; k++)
		d->by2[s][k] = p[2 * k] + p[2 * k + 1];
	for (k = 0; k < 2; k++)
		d->by4[s][k] = q->by2[s][2 * k] + q->by2[s][2 * k + 1];
	d->by8[s] = q->by4[s][0] + q->by4[s][1];
	d->sum[s] = !(q->v & 16) ? q->sum[s] : wrap24((q->first & 16 ? 0 : q->sum[s]) + q->by8[s]);
}

void chip_dot_next(const struct chip_dot *q, const struct chip_dot_in *in, struct chip_dot *d)
{
	int valid = in->tok & 1, s;

	*d = *q;
	for (s = 0; s < CHIP_SIDES; s++)
		side_next(q, in, s, d);
	d->v = (uint8_t)(in->rst_n ? (q->v << 1 | valid) & 31 : 0);
	d->first = (uint8_t)((q->first << 1 | (in->tok >> 1 & 1)) & 31);
	d->last = (uint8_t)((q->last << 1 | (in->tok >> 2 & valid)) & 31);
	d->pixel = (uint8_t)((q->pixel << 1 | (in->tok >> 3 & 1)) & 31);
	d->run = (uint8_t)((q->run << 1 | (in->tok >> 4 & 1)) & 31);
	d->tok = (uint8_t)((q->run >> 4) << 2 | (q->pixel >> 4) << 1 | (q->last & q->v) >> 4);
}
