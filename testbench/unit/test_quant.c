/* SPDX-License-Identifier: Apache-2.0
 * Multipliers and shifts, put through the device's formulas (rtl/post_lane.v), against the reference. */
#include "cmodel/quant.h"
#include "cmodel/ref.h"
#include <check.h>
#include <math.h>

static uint64_t seed = 1;

static uint32_t random32(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 32);
}

/* 24 significant bits, ties to even */
static int64_t to_float(int64_t v)
{
	int64_t a = v < 0 ? -v : v, unit = 1, rest;

	while (a / unit >= 1 << 24)
		unit *= 2;
	rest = a % unit;
	a -= rest;
	if (rest * 2 > unit || (rest * 2 == unit && a / unit % 2))
		a += unit;
	return v < 0 ? -a : a;
}

static int64_t away(int64_t v, int n)
{
	int64_t a = v < 0 ? -v : v;

	a = n ? (a + ((int64_t)1 << (n - 1))) >> n : a;
	return v < 0 ? -a : a;
}

static int64_t even(int64_t v, int n)
{
	int64_t half = n ? (int64_t)1 << (n - 1) : 0, y = (v + half) >> n;

	return n && (v & (2 * half - 1)) == half && y % 2 ? y - 1 : y;
}

/* The device, for operands that do not overflow it. */
static int64_t device(enum rounding r, int64_t acc, const struct requant *q, int integer)
{
	int64_t p;

	switch (r) {
	case ROUNDING_TFLITE:
		p = (acc * ((int64_t)1 << (q->shift > 0 ? q->shift : 0)) * q->mult + ((int64_t)1 << 30)) >> 31;
		p = p > INT32_MAX ? INT32_MAX : p < INT32_MIN ? INT32_MIN : p;
		return away(p, q->shift < 0 ? -q->shift : 0);
	case ROUNDING_TFLITE_SINGLE:
		return (acc * q->mult + ((int64_t)1 << (30 - q->shift))) >> (31 - q->shift);
	default:
		if (integer)
			return away(acc * q->mult, -q->shift);
		return even(to_float(to_float(acc) * q->mult), -q->shift);
	}
}

static struct requant from(enum rounding r, double real)
{
	struct requant q;

	if (quant_from_real(r, real, (float)real, &q))
		ck_abort_msg("mode %d refuses %g", (int)r, real);
	return q;
}

START_TEST(known_multipliers)
{
	struct requant q = from(ROUNDING_TFLITE, 1.0);

	ck_assert_int_eq(q.mult, 1 << 30);
	ck_assert_int_eq(q.shift, 1);
	q = from(ROUNDING_TFLITE_SINGLE, 0.75 / 64);
	ck_assert_int_eq(q.mult, 3 << 29);
	ck_assert_int_eq(q.shift, -6);
	q = from(ROUNDING_TFLITE, 1 - 1e-12);       /* rounds up to 2^31 */
	ck_assert_int_eq(q.mult, 1 << 30);
	ck_assert_int_eq(q.shift, 1);
	q = from(ROUNDING_TFLITE, ldexp(0.5, -31));
	ck_assert_int_eq(q.mult, 1 << 30);
	ck_assert_int_eq(q.shift, -31);
	q = from(ROUNDING_TFLITE, ldexp(0.5, -32));
	ck_assert_int_eq(q.mult, 0);
	ck_assert_int_eq(q.shift, 0);
	q = from(ROUNDING_TFLITE, 0);
	ck_assert_int_eq(q.mult, 0);
	q = from(ROUNDING_ONNX, 0.5);
	ck_assert_int_eq(q.mult, 1 << 23);
	ck_assert_int_eq(q.shift, -24);
	q = from(ROUNDING_ONNX, 1e-30);
	ck_assert_int_eq(q.mult, 0);
	q = from(ROUNDING_ONNX, 16777215);
	ck_assert_int_eq(q.mult, 16777215);
	ck_assert_int_eq(q.shift, 0);
}
END_TEST

START_TEST(refuses_multipliers)
{
	static const double bad[] = { -1, NAN, INFINITY, 1e10 };
	struct requant q;
	int r, i;

	for (r = 0; r < 3; r++)
		for (i = 0; i < 4; i++)
			ck_assert_int_eq(quant_from_real((enum rounding)r, bad[i], (float)bad[i], &q), -1);
	ck_assert_int_eq(quant_from_real(ROUNDING_ONNX, 0.5, 16777216.0f, &q), -1);
	ck_assert_int_eq(quant_from_real(ROUNDING_TFLITE, 1073741823, 0, &q), 0);
	ck_assert_int_eq(quant_from_real(ROUNDING_TFLITE, 1073741824, 0, &q), -1);
}
END_TEST

/* The float32 itself, without loss. */
START_TEST(onnx_is_exact)
{
	int i;

	for (i = 0; i < 20000; i++) {
		float real = ldexpf(1.0f + (float)(random32() >> 9) / 8388608.0f, (int)(random32() % 60) - 38);
		struct requant q;

		ck_assert_int_eq(quant_from_real(ROUNDING_ONNX, 0, real, &q), 0);
		ck_assert_msg(q.mult == 0 ? real < 1e-11f : ldexp(q.mult, q.shift) == (double)real, "%a", (double)real);
		ck_assert(q.mult == 0 || (q.mult >= 1 << 23 && q.mult < 1 << 24));
	}
}
END_TEST

static void same_as_reference(enum rounding r, double real, int64_t acc)
{
	struct requant q = from(r, real);
	struct ref_scale s = ref_scale_make(r, real, (float)real);
	int64_t want = ref_scale_apply(&s, acc), got = device(r, acc, &q, 0);

	got = got > INT32_MAX ? INT32_MAX : got < INT32_MIN ? INT32_MIN : got;
	if (got != want)
		ck_abort_msg("mode %d, %lld * %.17g: %lld, want %lld", (int)r, (long long)acc, real, (long long)got, (long long)want);
}

START_TEST(device_equals_reference)
{
	enum rounding r = (enum rounding)_i;
	int i;

	for (i = 0; i < 200000; i++) {
		int bits = (int)(random32() % 31);
		int64_t acc = (int32_t)random32() >> bits;
		double real = ldexp(1 + random32() / 4294967296.0, -(int)(random32() % 34) - 1);

		if (i % 4 == 0)                     /* ties */
			real = ldexp(1, -1 - (int)(random32() % 12));
		same_as_reference(r, real, acc);
		same_as_reference(r, real, INT32_MIN);
		same_as_reference(r, real, INT32_MAX);
	}
}
END_TEST

START_TEST(add_multipliers)
{
	struct requant q[3];
	int r;

	for (r = 0; r < 3; r++) {
		ck_assert_int_eq(quant_add((enum rounding)r, 20, 0.5, 0.25, 0.5, q), 0);
		ck_assert_int_eq(device((enum rounding)r, 100 << 20, &q[0], 0), 50 << 20);
		ck_assert_int_eq(device((enum rounding)r, -(100 << 20), &q[1], 0), -(25 << 20));
		ck_assert_int_eq(device((enum rounding)r, 25 << 20, &q[2], 0), 50);
		ck_assert_int_eq(quant_add((enum rounding)r, 20, 0.5, 0.5, 1e-7, q), -1);
		ck_assert_int_eq(quant_add((enum rounding)r, 20, 0, 0.5, 0.5, q), -1);
		ck_assert_int_eq(quant_add((enum rounding)r, 20, 0.5, 0.5, NAN, q), -1);
	}
}
END_TEST

static int64_t exact(int64_t acc, int n)
{
	return acc > 0 ? (acc + n / 2) / n : (acc - n / 2) / n;
}

static void check_average(enum rounding r, int n, int qmin, int qmax)
{
	struct requant q;
	int64_t acc;

	ck_assert_msg(quant_average(r, n, qmin, qmax, &q) == 0, "mode %d has no average over %d", (int)r, n);
	ck_assert(r != ROUNDING_ONNX || (q.mult < 1 << 24 && q.shift < 0));
	for (acc = (int64_t)n * qmin; acc <= (int64_t)n * qmax; acc++)
		if (device(r, acc, &q, 1) != exact(acc, n))
			ck_abort_msg("mode %d, %lld / %d", (int)r, (long long)acc, n);
}

/* Every sum of every size, not only the ends of the steps that quant_average proves. */
START_TEST(averages_are_exact)
{
	enum rounding r = (enum rounding)_i;
	static const int large[] = { 441, 784, 1024, 2047, 2500, 4096, 4238 };
	size_t i;
	int n;

	for (n = 1; n <= 260; n++)
		check_average(r, n, -128, 127);
	for (n = 1; n <= 64; n++)
		check_average(r, n, -8, 7);
	for (i = 0; i < sizeof large / sizeof large[0]; i++)
		check_average(r, large[i], -128, 127);
}
END_TEST

START_TEST(averages_refused)
{
	struct requant q;
	int r;

	for (r = 0; r < 3; r++) {
		ck_assert_int_eq(quant_average((enum rounding)r, 0, -128, 127, &q), -1);
		ck_assert_int_eq(quant_average((enum rounding)r, 1 << 24, -128, 127, &q), -1);
		ck_assert_int_eq(quant_average((enum rounding)r, 9, 1, 0, &q), -1);
	}
	ck_assert_int_eq(quant_average(ROUNDING_TFLITE, 65536, -128, 127, &q), -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("quant");
	TCase *t = tcase_create("quant");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, known_multipliers);
	tcase_add_test(t, refuses_multipliers);
	tcase_add_test(t, onnx_is_exact);
	tcase_add_loop_test(t, device_equals_reference, 0, 3);
	tcase_add_test(t, add_multipliers);
	tcase_add_loop_test(t, averages_are_exact, 0, 3);
	tcase_add_test(t, averages_refused);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
