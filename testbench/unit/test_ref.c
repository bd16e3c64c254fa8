/* SPDX-License-Identifier: Apache-2.0
 * The reference: golden outputs of two real models, byte for byte; hand-computed roundings; convolutions against a
 * second way of computing them (padding written out, taps gathered one by one). */
#include "cmodel/ref.h"
#include "compiler/graph_ref.h"
#include "compiler/tflite.h"
#include "shared.h"
#include <check.h>
#include <math.h>
#include <string.h>

static uint64_t seed = 1;

static uint32_t random32(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 32);
}

static int pick(int low, int high)
{
	return low + (int)(random32() % (uint32_t)(high - low + 1));
}

/* ---- requantization ---- */
static const struct rounding_case {
	double real;
	int64_t v;
	int tflite, single, onnx;
} rounding_cases[] = {
	{ 0.5, 1, 1, 1, 0 },           /* R = 0: ties up; onnx: to even */
	{ 0.5, 3, 2, 2, 2 },
	{ 0.5, -1, 0, 0, 0 },
	{ 0.5, -3, -1, -1, -2 },
	{ 0.25, 2, 1, 1, 0 },          /* R = 1: tie away from zero */
	{ 0.25, -2, -1, 0, 0 },
	{ 0.25, -6, -2, -1, -2 },
	{ 0.375, 1, 1, 0, 0 },         /* tflite rounds twice: 0.75 -> 1 -> 1 */
	{ 0.375, -1, -1, 0, 0 },
	{ 1, 12345, 12345, 12345, 12345 },
	{ 4, -7, -28, -28, -28 },
	{ 1, 16777217, 16777217, 16777217, 16777216 }, /* 25 bits */
	{ 1, 16777219, 16777219, 16777219, 16777220 },
	{ 1, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN },
	{ 1, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX },
	{ 1000, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX },
	{ 1000, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN },
	{ 0, 123, 0, 0, 0 },
	{ 1e-12, INT32_MAX, 0, 0, 0 },
};

START_TEST(roundings)
{
	const struct rounding_case *c = &rounding_cases[_i];
	int want[3] = { c->tflite, c->single, c->onnx }, r;

	for (r = 0; r < 3; r++) {
		struct ref_scale s = ref_scale_make((enum rounding)r, c->real, (float)c->real);

		ck_assert_msg(ref_scale_apply(&s, c->v) == want[r], "mode %d, %lld * %g: %d, want %d",
			r, (long long)c->v, c->real, ref_scale_apply(&s, c->v), want[r]);
	}
}
END_TEST

/* ---- convolutions ---- */
struct problem {
	struct ref_shape in, out;
	struct ref_window w;
	int groups, zx;
	int8_t x[2000], weights[4000], y[4000];
	int64_t bias[16];
	double real[16];
	float onnx[16];
};

static int outputs(int in, int before, int after, int k, int dilation, int stride)
{
	return (in + before + after - (k - 1) * dilation - 1) / stride + 1;
}

static void random_problem(struct problem *p, int depthwise)
{
	int i, k = pick(1, 3), multiplier = pick(1, 2);

	do {
		p->in = (struct ref_shape){ pick(1, 7), pick(1, 7), 0 };
		p->w = (struct ref_window){ pick(1, 3), pick(1, 4), pick(1, 3), pick(1, 3), pick(1, 2), pick(1, 3), pick(0, 2), pick(0, 2) };
		p->out.h = outputs(p->in.h, p->w.pad_top, 1, p->w.kh, p->w.dh, p->w.sh);
		p->out.w = outputs(p->in.w, p->w.pad_left, 1, p->w.kw, p->w.dw, p->w.sw);
	} while (p->in.h + p->w.pad_top + 1 <= (p->w.kh - 1) * p->w.dh || p->in.w + p->w.pad_left + 1 <= (p->w.kw - 1) * p->w.dw);
	p->groups = depthwise ? 1 : pick(1, 3);
	p->in.c = depthwise ? pick(1, 6) : p->groups * k;
	p->out.c = depthwise ? p->in.c * multiplier : p->groups * pick(1, 3);
	p->zx = pick(-128, 127);
	for (i = 0; i < 2000; i++)
		p->x[i] = (int8_t)random32();
	for (i = 0; i < 4000; i++)
		p->weights[i] = (int8_t)random32();
	for (i = 0; i < 16; i++) {
		p->bias[i] = pick(-5000, 5000);
		p->real[i] = 0.0001 * pick(1, 50);
		p->onnx[i] = (float)p->real[i];
	}
}

/* Input value at padded coordinates. */
static int padded(const struct problem *p, int y, int x, int c)
{
	y -= p->w.pad_top;
	x -= p->w.pad_left;
	if (y < 0 || y >= p->in.h || x < 0 || x >= p->in.w)
		return p->zx;
	return p->x[(y * p->in.w + x) * p->in.c + c];
}

static int64_t naive_sum(const struct problem *p, int depthwise, int y, int x, int oc)
{
	int per = depthwise ? 1 : p->in.c / p->groups, tap, ky, kx, c, in_c;
	int64_t acc = p->bias[oc];

	for (tap = 0; tap < p->w.kh * p->w.kw * per; tap++) {
		c = tap % per;
		kx = tap / per % p->w.kw;
		ky = tap / per / p->w.kw;
		in_c = depthwise ? oc * p->in.c / p->out.c : oc * p->groups / p->out.c * per + c;
		acc += p->weights[depthwise ? (ky * p->w.kw + kx) * p->out.c + oc : oc * p->w.kh * p->w.kw * per + tap]
			* (padded(p, y * p->w.sh + ky * p->w.dh, x * p->w.sw + kx * p->w.dw, in_c) - p->zx);
	}
	return acc;
}

static void check_problem(struct problem *p, enum rounding r, int depthwise)
{
	struct ref_mac m = { r, p->zx, -3, -100, 90, p->weights, p->bias, p->real, p->onnx };
	int i, n = p->out.h * p->out.w * p->out.c;

	if (depthwise)
		ck_assert_int_eq(ref_depthwise(&m, &p->w, p->in, p->x, p->out, p->y), 0);
	else
		ck_assert_int_eq(ref_conv(&m, &p->w, p->groups, p->in, p->x, p->out, p->y), 0);
	for (i = 0; i < n; i++) {
		int oc = i % p->out.c, x = i / p->out.c % p->out.w, y = i / p->out.c / p->out.w;
		struct ref_scale s = ref_scale_make(r, p->real[oc], p->onnx[oc]);
		int64_t v = (int64_t)ref_scale_apply(&s, naive_sum(p, depthwise, y, x, oc)) - 3;

		ck_assert_int_eq(p->y[i], v < -100 ? -100 : v > 90 ? 90 : v);
	}
}

START_TEST(convolutions)
{
	static struct problem p;
	int i;

	for (i = 0; i < 300; i++) {
		random_problem(&p, i & 1);
		check_problem(&p, (enum rounding)(i % 3), i & 1);
	}
}
END_TEST

START_TEST(extreme_operands)
{
	static int8_t x[65536], w[65536];
	int64_t bias = 0;
	double real = ldexp(1, -24);
	float onnx = (float)real;
	int8_t y;
	struct ref_mac m = { ROUNDING_TFLITE, 127, 0, -128, 127, w, &bias, &real, &onnx };

	memset(x, -128, sizeof x);
	memset(w, -128, sizeof w);
	ck_assert_int_eq(ref_dense(&m, 65536, x, 1, &y), 0);    /* 65536 * 128 * 255 = 0x7f800000 */
	ck_assert_int_eq(y, 127);
	bias = 0x7fffff;
	ck_assert_int_eq(ref_dense(&m, 65536, x, 1, &y), 0);
	bias = 0x800000;
	ck_assert_int_eq(ref_dense(&m, 65536, x, 1, &y), -1);
	memset(w, 127, sizeof w);
	bias = INT32_MIN;
	ck_assert_int_eq(ref_dense(&m, 65536, x, 1, &y), -1);
}
END_TEST

/* ---- pools ---- */
START_TEST(pools)
{
	struct ref_window w = { 2, 2, 1, 1, 1, 1, 0, 0 };
	struct ref_shape in = { 2, 3, 1 }, out = { 2, 3, 1 };
	int8_t x[6] = { -1, -2, 5, -3, -4, -128 }, y[6];
	static const int8_t average[6] = { -3, -32, -62, -4, -66, -128 }, maximum[6] = { -1, 5, 5, -3, -4, -128 };
	int i;

	/* windows of 4, 4, 2, 2, 2, 1 values: -10/4 = -2.5, -129/4, -123/2, -7/2, -132/2, -128 */
	ref_average_pool(&w, -128, 127, in, x, out, y);
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(y[i], average[i]);
	ref_max_pool(&w, -128, 127, in, x, out, y);
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(y[i], maximum[i]);
	ref_max_pool(&w, -2, 3, in, x, out, y);
	ck_assert_int_eq(y[1], 3);
	ck_assert_int_eq(y[5], -2);
	w.pad_top = w.pad_left = 1;
	ref_average_pool(&w, -128, 127, in, x, out, y);
	ck_assert_int_eq(y[0], -1);
	ck_assert_int_eq(y[1], -2);        /* -3/2 = -1.5 */
	ck_assert_int_eq(y[2], 2);         /* 3/2 = 1.5 */
}
END_TEST

/* ---- ADD and SOFTMAX against real numbers ---- */
START_TEST(adds)
{
	struct ref_add p = { (enum rounding)_i, 0.07, 0.031, 0.052, -12, 40, 7, -120, 110 };
	int a, b;

	for (a = -128; a < 128; a++)
		for (b = -128; b < 128; b++) {
			int8_t a8 = (int8_t)a, b8 = (int8_t)b, y;
			double want = ((a + 12) * p.s1 + (b - 40) * p.s2) / p.sy + 7;

			want = fmin(fmax(want, -120), 110);
			ref_add(&p, 1, &a8, &b8, &y);
			ck_assert_msg(fabs(want - y) < 0.501, "%d + %d: %d, want %g", a, b, y, want);
		}
}
END_TEST

START_TEST(softmaxes)
{
	int8_t x[2][50], y[2][50];
	int i, k, c;

	for (k = 0; k < 200; k++) {
		double scale = 0.003 * pick(1, 100), sum[2] = { 0, 0 };
		int n = pick(1, 50);

		for (i = 0; i < 2 * n; i++)
			(&x[0][0])[i] = (int8_t)random32();
		ref_softmax(scale, 2, n, &x[0][0], &y[0][0]);
		for (i = 0; i < 2; i++)
			for (c = 0; c < n; c++)
				sum[i] += exp(scale * (&x[0][0])[i * n + c]);
		for (i = 0; i < 2 * n; i++) {
			double want = fmin(256 * exp(scale * (&x[0][0])[i]) / sum[i / n] - 128, 127);

			ck_assert_msg(fabs(want - (&y[0][0])[i]) < 0.6, "%d, want %g", (&y[0][0])[i], want);
		}
	}
}
END_TEST

/* ---- golden ---- */
static const char *const golden_models[] = { "resnet8_int8", "dscnn_kws_int8" };

static size_t bytes_of(const struct graph *g, int t)
{
	return (size_t)g->tensors[t].h * (size_t)g->tensors[t].w * (size_t)g->tensors[t].c;
}

static uint8_t *golden(const char *model, const char *file, size_t want)
{
	char path[200];
	size_t n;
	uint8_t *b;

	snprintf(path, sizeof path, "golden/%s/%s", model, file);
	b = shared_load(path, &n);
	ck_assert_msg(b && n == want, "%s: %zu bytes, want %zu", path, n, want);
	return b;
}

static void open_model(const char *model, struct graph *g)
{
	char path[600], err[300] = "";

	snprintf(path, sizeof path, "%s/models/%s.tflite", shared_dir(), model);
	ck_assert_msg(tflite_read(path, g, err, sizeof err) == 0, "%s", err);
	ck_assert_str_eq(g->name, model);
}

START_TEST(golden_outputs)
{
	const char *model = golden_models[_i];
	struct graph g;
	size_t in, out, i;
	uint8_t *x, *want;
	int8_t y[64];

	if (!shared_here())
		return;
	open_model(model, &g);
	in = bytes_of(&g, g.input);
	out = bytes_of(&g, g.output);
	x = golden(model, "input.bin", 16 * in);
	want = golden(model, "output.bin", 16 * out);
	for (i = 0; i < 16; i++) {
		ck_assert_int_eq(graph_ref_run(&g, ROUNDING_TFLITE, (int8_t *)x + i * in, y, NULL), 0);
		ck_assert_msg(memcmp(y, want + i * out, out) == 0, "%s: input %zu", model, i);
	}
	free(x);
	free(want);
	graph_free(&g);
}
END_TEST

static void check_op(const struct graph *g, const struct op *o, int8_t *const *all)
{
	size_t n = bytes_of(g, o->out);
	char file[40];
	uint8_t *want;

	snprintf(file, sizeof file, "ops/op%02d.bin", o->index);
	want = golden(g->name, file, n);
	ck_assert_msg(memcmp(all[o->out], want, n) == 0, "%s: op %d %s", g->name, o->index, op_kind_name(o->kind));
	free(want);
}

START_TEST(golden_operators)
{
	int8_t *all[64] = { 0 }, y[64];
	struct graph g;
	uint8_t *x;
	int i;

	if (!shared_here())
		return;
	open_model(golden_models[_i], &g);
	x = golden(g.name, "input.bin", 16 * bytes_of(&g, g.input));
	ck_assert_int_le(g.ntensors, 64);
	for (i = 0; i < g.ntensors; i++)
		all[i] = malloc(bytes_of(&g, i));
	ck_assert_int_eq(graph_ref_run(&g, ROUNDING_TFLITE, (int8_t *)x, y, all), 0);
	for (i = 0; i < g.nops; i++)
		check_op(&g, &g.ops[i], all);
	for (i = 0; i < g.ntensors; i++)
		free(all[i]);
	free(x);
	graph_free(&g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ref");
	TCase *t = tcase_create("ref");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, roundings, 0, (int)(sizeof rounding_cases / sizeof rounding_cases[0]));
	tcase_add_test(t, convolutions);
	tcase_add_test(t, extreme_operands);
	tcase_add_test(t, pools);
	tcase_add_loop_test(t, adds, 0, 3);
	tcase_add_test(t, softmaxes);
	tcase_add_loop_test(t, golden_outputs, 0, 2);
	tcase_add_loop_test(t, golden_operators, 0, 2);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
