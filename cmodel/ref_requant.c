/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"
#include <float.h>
#include <math.h>
#if FLT_EVAL_METHOD != 0
#error "float expressions must be rounded to float (on x86: -msse2 -mfpmath=sse)"
#endif

static int64_t saturate32(int64_t v)
{
	return v < INT32_MIN ? INT32_MIN : v > INT32_MAX ? INT32_MAX : v;
}

int8_t ref_clamp(int64_t v, int low, int high)
{
	return (int8_t)(v < low ? low : v > high ? high : v);
}

/* QuantizeMultiplier() */
struct ref_scale ref_scale_make(enum rounding r, double real, float onnx)
{
	struct ref_scale s = { r, 0, 0, onnx };
	int64_t mult = (int64_t)round(frexp(real, &s.shift) * 2147483648.0);

	if (mult == INT64_C(2147483648)) {
		mult = INT64_C(1073741824);
		s.shift++;
	}
	if (s.shift < -31) {
		mult = 0;
		s.shift = 0;
	}
	if (s.shift > 30) {
		mult = INT32_MAX;
		s.shift = 30;
	}
	s.mult = (int32_t)mult;
	return s;
}

/* First with ties up, saturated; then to the right with ties away from zero. The shift to the left is part of the first
 * shift to the right, so that nothing overflows: ((v * 2^L) * M + 2^30) >> 31 = (v * M + 2^(30-L)) >> (31-L). */
static int64_t apply_double(const struct ref_scale *s, int64_t v)
{
	int left = s->shift > 0 ? s->shift : 0, right = s->shift < 0 ? -s->shift : 0;
	int64_t high = saturate32((v * s->mult + ((int64_t)1 << (30 - left))) >> (31 - left));

	if (!right)
		return high;
	return (high + ((int64_t)1 << (right - 1)) - (high < 0)) >> right;
}

static int64_t apply_single(const struct ref_scale *s, int64_t v)
{
	int right = 31 - s->shift;

	return (v * s->mult + ((int64_t)1 << (right - 1))) >> right;
}

/* Ties to even, whatever the rounding environment. */
static double round_even(double v)
{
	double low = floor(v), rest = v - low;

	if (rest > 0.5 || (rest == 0.5 && fmod(low, 2.0) != 0.0))
		return low + 1;
	return low;
}

static int64_t apply_float(const struct ref_scale *s, int64_t v)
{
	float x = (float)v, product = x * s->factor;
	double y = round_even((double)product);

	return y <= INT32_MIN ? INT32_MIN : y >= INT32_MAX ? INT32_MAX : (int64_t)y;
}

int ref_scale_apply16(const struct ref_scale *s, int64_t v, int32_t *y)
{
	int64_t mult = s->mult < 0x7fff0000 ? (s->mult + (1 << 15)) >> 16 : 0x7fff, result;
	int right = 15 - s->shift;

	if (v < -((int64_t)1 << 47) || v >= (int64_t)1 << 47 || s->shift > 7)
		return -1;
	result = (v * mult + ((int64_t)1 << (right - 1))) >> right;
	*y = (int32_t)saturate32(result);
	return *y == result ? 0 : -1;
}

int32_t ref_scale_apply(const struct ref_scale *s, int64_t v)
{
	int64_t x = saturate32(v), y;

	switch (s->rounding) {
	case ROUNDING_TFLITE_SINGLE: y = apply_single(s, x); break;
	case ROUNDING_ONNX: y = apply_float(s, x); break;
	default: y = apply_double(s, x); break;
	}
	return (int32_t)saturate32(y);
}
