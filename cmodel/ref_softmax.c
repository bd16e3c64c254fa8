/* SPDX-License-Identifier: Apache-2.0
 * Fixed point as in gemmlowp: "Qn" is an int32 with n integer bits and 31 - n fractional ones. */
#include "ref.h"
#include <math.h>

enum { DIFF_BITS = 5, SUM_BITS = 12 };

static int32_t saturate(int64_t v)
{
	return (int32_t)(v < INT32_MIN ? INT32_MIN : v > INT32_MAX ? INT32_MAX : v);
}

/* Qa * Qb = Q(a+b): SaturatingRoundingDoublingHighMul. */
static int32_t mul(int32_t a, int32_t b)
{
	return saturate(((int64_t)a * b + (1 << 30)) >> 31);
}

/* v / 2^n, ties away from zero: RoundingDivideByPOT; 1 <= n. */
static int32_t divide(int32_t v, int n)
{
	return (int32_t)((v + ((int64_t)1 << (n - 1)) - (v < 0)) >> n);
}

/* v * 2^n: SaturatingRoundingMultiplyByPOT with n > 0. */
static int32_t times(int32_t v, int n)
{
	return saturate((int64_t)v * ((int64_t)1 << n));
}

/* exp(a), a in [-1/4, 0), both Q0: Taylor around -1/8. */
static int32_t exp_quarter(int32_t a)
{
	const int32_t exp_eighth = 1895147668, third = 715827883;
	int32_t x = a + (1 << 28), x2 = mul(x, x), x3 = mul(x2, x), x4 = mul(x2, x2);
	int32_t tail = divide(mul(divide(x4, 2) + x3, third) + x2, 1);

	return exp_eighth + mul(exp_eighth, x + tail);
}

/* exp(a), a <= 0 in Q5, result Q0: exp_on_negative_values. */
static int32_t exp_negative(int32_t a)
{
	/* exp(-2^i) for i = -2..4, Q0 */
	static const int32_t factor[7] = { 1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242 };
	const int32_t quarter = 1 << 24;
	int32_t rest = (a & (quarter - 1)) - quarter, whole = rest - a, y = exp_quarter(times(rest, DIFF_BITS));
	int i;

	if (a == 0)
		return INT32_MAX;
	for (i = 0; i < 7; i++)
		if (whole & (int32_t)(1u << (24 + i)))
			y = mul(y, factor[i]);
	return y;
}

/* 1 / (1 + a), a in [0, 1), both Q0: three Newton-Raphson steps. */
static int32_t reciprocal(int32_t a)
{
	const int32_t c48_17 = 1515870810, minus_32_17 = -1010580540, one = 1 << 29; /* Q2 */
	int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2), x = c48_17 + mul(half, minus_32_17);
	int i;

	for (i = 0; i < 3; i++)
		x += times(mul(x, one - mul(half, x)), 2);
	return times(x, 1);
}

static int leading_zeros(uint32_t v)
{
	int n = 0;

	for (; n < 32 && !(v >> 31); n++)
		v <<= 1;
	return n;
}

struct softmax {
	int32_t mult;
	int left;       /* the difference times mult * 2^(left-31) is Q5 */
	int least;      /* smaller differences count as exp = 0 */
};

/* PreprocessSoftmaxScaling and CalculateInputRadius. */
static struct softmax prepare(double scale)
{
	struct softmax s;
	double real = fmin(scale * (1 << (31 - DIFF_BITS)), 2147483647.0);
	int64_t mult = (int64_t)round(frexp(real, &s.left) * 2147483648.0);

	if (mult == INT64_C(2147483648)) {
		mult /= 2;
		s.left++;
	}
	s.left = s.left < 0 ? 0 : s.left;
	s.mult = (int32_t)mult;
	s.least = -(int)floor(31.0 * (1 << (31 - DIFF_BITS)) / (double)((int64_t)1 << s.left));
	return s;
}

static int32_t exp_of(const struct softmax *s, int diff)
{
	return exp_negative(mul(saturate((int64_t)diff * ((int64_t)1 << s->left)), s->mult));
}

static void row(const struct softmax *s, int channels, const int8_t *x, int8_t *y)
{
	int64_t total = 0;
	int32_t sum, scale;
	int max = -128, headroom, c;

	for (c = 0; c < channels; c++)
		max = x[c] > max ? x[c] : max;
	for (c = 0; c < channels; c++)
		if (x[c] - max >= s->least)
			total += divide(exp_of(s, x[c] - max), SUM_BITS);
	sum = saturate(total);
	headroom = leading_zeros((uint32_t)sum);
	scale = reciprocal((int32_t)(((uint32_t)sum << headroom) - (1u << 31)));
	for (c = 0; c < channels; c++) {
		int diff = x[c] - max;

		y[c] = diff < s->least ? -128
			: ref_clamp((int64_t)divide(mul(scale, exp_of(s, diff)), SUM_BITS - headroom + 31 - 8) - 128, -128, 127);
	}
}

void ref_softmax(double scale, size_t rows, int channels, const int8_t *x, int8_t *y)
{
	struct softmax s = prepare(scale);
	size_t i;

	for (i = 0; i < rows; i++)
		row(&s, channels, x + i * (size_t)channels, y + i * (size_t)channels);
}
