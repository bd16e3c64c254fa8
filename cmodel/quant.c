/* SPDX-License-Identifier: Apache-2.0 */
#include "quant.h"
#include <math.h>

/* real = m * 2^s, m in [0.5, 1); mult = m * 2^31, ties away from zero. */
static int from_real(double real, struct requant *q)
{
	int s;
	int64_t m;

	if (!(real >= 0) || !isfinite(real))
		return -1;
	m = llround(ldexp(frexp(real, &s), 31));
	if (m == (int64_t)1 << 31) {
		m /= 2;
		s++;
	}
	if (s > 30)
		return -1;
	if (s < -31 || m == 0)
		m = s = 0;
	q->mult = (int32_t)m;
	q->shift = (int8_t)s;
	return 0;
}

static int from_float(float scale, struct requant *q)
{
	int s;
	double m;

	if (!(scale >= 0) || !isfinite(scale))
		return -1;
	m = ldexp(frexp((double)scale, &s), 24);
	s -= 24;
	if (s > 0)
		return -1;
	if (s < -63 || m == 0)
		m = s = 0;
	q->mult = (int32_t)m;
	q->shift = (int8_t)s;
	return 0;
}

int quant_from_real(enum rounding r, double real, float onnx, struct requant *q)
{
	return r == ROUNDING_ONNX ? from_float(onnx, q) : from_real(real, q);
}

int quant_add(enum rounding r, int left, double s1, double s2, double sy, struct requant q[3])
{
	double t = 2 * (s1 > s2 ? s1 : s2), m[3];
	int i;

	if (!(s1 > 0) || !(s2 > 0) || !(sy > 0))
		return -1;
	m[0] = s1 / t;
	m[1] = s2 / t;
	m[2] = t / ((1 << left) * sy);
	for (i = 0; i < 3; i++)
		if (!(m[i] < 1) || quant_from_real(r, m[i], (float)m[i], &q[i]))
			return -1;
	return 0;
}

/* What the device makes of a sum; one expression per mode, no saturation (the results are averages of int8 or int16). */
static int64_t device_average(enum rounding r, int64_t acc, const struct requant *q)
{
	int64_t p = acc * q->mult, h;
	int n;

	switch (r) {
	case ROUNDING_TFLITE:
		n = q->shift < 0 ? -q->shift : 0;
		h = ((q->shift > 0 ? p * ((int64_t)1 << q->shift) : p) + ((int64_t)1 << 30)) >> 31;
		return n ? (h + ((int64_t)1 << (n - 1)) - (h < 0)) >> n : h;
	case ROUNDING_TFLITE_SINGLE:
		return (p + ((int64_t)1 << (30 - q->shift))) >> (31 - q->shift);
	case ROUNDING_ONNX:
		break;
	}
	n = -q->shift;
	h = ((acc < 0 ? -p : p) + ((int64_t)1 << (n - 1))) >> n;
	return acc < 0 ? -h : h;
}

static int64_t exact_average(int64_t acc, int n)
{
	return acc > 0 ? (acc + n / 2) / n : (acc - n / 2) / n;
}

/* The smallest sum whose exact average is y; one sum less averages to y - 1. */
static int64_t first_sum(int64_t y, int n)
{
	int64_t middle = y * n;

	if (y > 0)
		return middle - n / 2;
	return middle - (n - 1) / 2;
}

/* Both functions grow with the sum (mult >= 0, and every rounding is monotone). So they agree everywhere when they
 * agree on the first and the last sum of each average y. */
static int proven(enum rounding r, int n, int qmin, int qmax, const struct requant *q)
{
	int64_t y, low = (int64_t)n * qmin, high = (int64_t)n * qmax;

	for (y = qmin; y <= qmax; y++) {
		int64_t a = first_sum(y, n), b = first_sum(y + 1, n) - 1;

		a = a < low ? low : a;
		b = b > high ? high : b;
		if (exact_average(a, n) != y || exact_average(b, n) != y)
			return 0;
		if (device_average(r, a, q) != y || device_average(r, b, q) != y)
			return 0;
	}
	return 1;
}

/* mult slightly above 1/n: ties of negative sums, which the first rounding would send up, then go down. */
static int average_tflite(enum rounding r, int n, int qmin, int qmax, struct requant *q)
{
	int shift, down;

	for (shift = n == 1; shift >= -31; shift--) {
		int64_t above = ((int64_t)1 << (31 - shift)) / n + (n > 1);

		for (down = 0; down < 2; down++) {
			if (above - down >= (int64_t)1 << 31 || above - down < 1)
				continue;
			q->mult = (int32_t)(above - down);
			q->shift = (int8_t)shift;
			if (proven(r, n, qmin, qmax, q))
				return 0;
		}
	}
	return -1;
}

static int average_onnx(int n, int qmin, int qmax, struct requant *q)
{
	int s;

	for (s = 47; s >= 1; s--) {
		int64_t mult = (((int64_t)1 << s) + n - 1) / n;

		if (mult >= 1 << 24)
			continue;
		q->mult = (int32_t)mult;
		q->shift = (int8_t)-s;
		return proven(ROUNDING_ONNX, n, qmin, qmax, q) ? 0 : -1;
	}
	return -1;
}

int quant_average(enum rounding r, int n, int qmin, int qmax, struct requant *q)
{
	int wide = qmin < -128 || qmax > 127;

	if (n < 1 || n >= 1 << (wide ? 16 : 24) || qmin > qmax || qmin < INT16_MIN || qmax > INT16_MAX)
		return -1;
	return r == ROUNDING_ONNX ? average_onnx(n, qmin, qmax, q) : average_tflite(r, n, qmin, qmax, q);
}
