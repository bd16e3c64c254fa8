/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"
#include <math.h>
#if FLT_EVAL_METHOD != 0
#error "float expressions must be rounded to float (on x86: -msse2 -mfpmath=sse)"
#endif

enum { STEPS = 512 };

static float exp_of(float v) { return expf(v); }
static float one_over_one_plus(float v) { return 1.0f / (1.0f + v); }

/* The function over [low, high] at 513 points, in steps of 2/65535; each point leans towards the error in the middle. */
static void populate(float (*f)(float), float low, float high, int16_t table[STEPS + 1])
{
	const float scale = 2.0f / 65535, step = (high - low) / STEPS, half = step / 2;
	const float inverse = 65536.0f / (scale * 32767 - scale * -32768);
	int i;

	for (i = 0; i < STEPS; i++) {
		float here = f(low + (float)i * step), middle = f(low + (float)i * step + half), next = f(low + (float)(i + 1) * step);
		float sample = roundf(here * inverse), guess = roundf((next * inverse + roundf(here * inverse)) / 2);
		float bias = roundf((guess - roundf(middle * inverse)) / 2);

		table[i] = (int16_t)fminf(fmaxf(sample - bias, -32768), 32767);
	}
	table[STEPS] = (int16_t)fminf(fmaxf(roundf(f(high) * inverse), -32768), 32767);
}

static int look_up(const int16_t *table, int v)
{
	int i = 256 + (v >> 7), slope = (int16_t)(table[i + 1] - table[i]);

	return (int16_t)(table[i] + ((slope * (v & 127) + 64) >> 7));
}

static int saturate16(int64_t v)
{
	return (int)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
}

static int leading_zeros(uint32_t v)
{
	int n = 0;

	for (; n < 32 && !(v >> 31); n++)
		v <<= 1;
	return n;
}

struct tables { int16_t exp[STEPS + 1], inverse[STEPS + 1]; };

static void row(const struct tables *t, const struct ref_scale *s, int channels, const int16_t *x, int16_t *y)
{
	int32_t sum = 0; /* Q16.15 */
	int max = INT16_MIN, zeros, c, factor;

	for (c = 0; c < channels; c++)
		max = x[c] > max ? x[c] : max;
	for (c = 0; c < channels; c++) {
		y[c] = (int16_t)look_up(t->exp, saturate16((int64_t)ref_scale_apply(s, x[c] - max) + 32767));
		sum += y[c];
	}
	zeros = leading_zeros((uint32_t)sum);
	factor = look_up(t->inverse, saturate16((((int64_t)sum * ((int64_t)1 << (zeros - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16)));
	for (c = 0; c < channels; c++) {
		int64_t v = ((int64_t)y[c] * factor + ((int64_t)1 << (30 - zeros))) >> (31 - zeros);

		y[c] = (int16_t)(v < 0 ? 0 : v > INT16_MAX ? INT16_MAX : v);
	}
}

int ref_softmax16(enum rounding r, double scale, size_t rows, int channels, const int16_t *x, int16_t *y)
{
	double real = scale / (10.0 / 65535.0);
	struct ref_scale s = ref_scale_make(r, real, 0);
	struct tables t;
	size_t i;

	if (!(real < 16384) || channels > 65535)
		return -1;
	populate(exp_of, 10.0f / 65535 * (-32768 - 32767), 10.0f / 65535 * (32767 - 32767), t.exp);
	populate(one_over_one_plus, 1.0f / 65535 * (-32768 + 32768), 1.0f / 65535 * (32767 + 32768), t.inverse);
	for (i = 0; i < rows; i++)
		row(&t, &s, channels, x + i * (size_t)channels, y + i * (size_t)channels);
	return 0;
}
