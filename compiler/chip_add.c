/* SPDX-License-Identifier: Apache-2.0
 * ADD as one requantization: y = requant(a * 2^14 + table[b]), with the table found and proven over all 65536 pairs. */
#include "chip_add.h"
#include <math.h>

enum { SUM_BITS = 24 };

/* shift is 0 or to the right. */
static int64_t rounded(const struct requant *q, int64_t v)
{
	int right = -q->shift;
	int64_t high = (v * q->mult + (INT64_C(1) << 30)) >> 31;

	return right ? (high + (INT64_C(1) << (right - 1)) - (high < 0)) >> right : high;
}

static int clamp(const struct chip_add *d, int64_t v)
{
	return (int)(v < d->low ? d->low : v > d->high ? d->high : v);
}

/* The device's result for a sum. */
static int result(const struct chip_add *d, const struct requant *q, int64_t sum)
{
	return clamp(d, rounded(q, sum) + d->zero);
}

/* The least sum whose result is at least y: results grow with sums. */
static int64_t least(const struct chip_add *d, const struct requant *q, int y)
{
	int64_t low = -(1 << (SUM_BITS - 1)), high = 1 << (SUM_BITS - 1);

	while (low < high) {
		int64_t mid = (low + high) >> 1;

		if (result(d, q, mid) >= y)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static int find_table(const struct chip_add *d, const struct requant *exact, struct requant q, struct chip_param *table)
{
	int64_t from[258], first[256];
	int a, b, y;

	for (y = d->low; y <= d->high + 1; y++)
		from[y - d->low] = y == d->low ? -(1 << (SUM_BITS - 1)) : y > d->high ? 1 << (SUM_BITS - 1) : least(d, &q, y);
	for (a = 0; a < 256; a++)
		first[a] = rounded(&exact[0], (int64_t)(a - 128 - d->za) * (1 << 20));
	for (b = -128; b < 128; b++) {
		int64_t second = rounded(&exact[1], (int64_t)(b - d->zb) * (1 << 20)), low = -(1 << (SUM_BITS - 1)) + (1 << 21), high = (1 << (SUM_BITS - 1)) - (1 << 21);

		for (a = -128; a < 128; a++) {
			int want = clamp(d, rounded(&exact[2], first[a + 128] + second) + d->zero);
			int64_t sum = (int64_t)a * (1 << 14), l = from[want - d->low] - sum, h = from[want - d->low + 1] - 1 - sum;

			if (want > d->low && l > low)
				low = l;
			if (want < d->high && h < high)
				high = h;
		}
		if (low > high)
			return -1;
		table[b & 255] = (struct chip_param){ (low + high) >> 1, q.mult, -q.shift };
	}
	return 0;
}

int chip_add_table(const struct chip_add *d, double sa, double sb, double sy, struct chip_param *table)
{
	struct requant exact[3], q;
	int i, shift;
	double m = frexp(sa / sy, &shift);

	if (quant_add(ROUNDING_TFLITE, 20, sa, sb, sy, exact) || exact[0].shift > 0 || exact[1].shift > 0 || exact[2].shift > 0)
		return -1;
	for (i = 0; i <= 2000; i++) { /* neighbours of the multiplier, where it itself has no table */
		int64_t mult = llround(m * 2147483648.0) + (i & 1 ? -(i + 1) / 2 : i / 2);

		q = (struct requant){ (int32_t)mult, (int8_t)(shift - 14) };
		if (mult < INT32_MAX && q.shift <= 0 && q.shift >= -31 && find_table(d, exact, q, table) == 0)
			return 0;
	}
	return -1;
}
