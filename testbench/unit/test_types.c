/* SPDX-License-Identifier: Apache-2.0
 * int4 weights, and int16 activations with int8 weights and int64 biases: imported, computed (against arithmetic written
 * here from the rules of docs/numerics.md), run on narrow devices, refused where they do not fit. */
#include "compiler/graph_ref.h"
#include "compiler/program.h"
#include "compiler/prune.h"
#include "compiler/tflite.h"
#include "testbench/random_graph.h"
#include "testbench/trial.h"
#include "tiny_tflite.h"
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct tiny_model model;
static struct tiny_ids ids;
static struct tiny_file file;
static struct graph g;
static char err[400];

static void setup(void)
{
	memset(&g, 0, sizeof g);
	ids = tiny_init(&model);
}

static void teardown(void)
{
	graph_free(&g);
}

static int parse(void)
{
	graph_free(&g);
	tiny_write(&model, &file);
	err[0] = 0;
	return tflite_parse("tiny", file.b, file.n, &g, err, sizeof err);
}

static void must_parse(void)
{
	ck_assert_msg(parse() == 0, "%s", err);
}

static void must_refuse(const char *text)
{
	ck_assert_int_eq(parse(), -1);
	ck_assert_str_eq(err, text);
}

/* ---- int4 ---- */

/* -8..7 in some order */
static void narrow_data(void)
{
	const int tensors[] = { ids.conv_w, ids.dw_w, ids.dense_w };
	int i, k;

	for (i = 0; i < 3; i++)
		for (k = 0; k < model.tensor[tensors[i]].bytes; k++)
			model.tensor[tensors[i]].data[k] = (uint8_t)((k * 7 + i) % 16 - 8);
}

static void pack_all(void)
{
	tiny_pack_int4(&model.tensor[ids.conv_w]);
	tiny_pack_int4(&model.tensor[ids.dw_w]);
	tiny_pack_int4(&model.tensor[ids.dense_w]);
}

START_TEST(unpacks_int4)
{
	struct graph wide;
	int8_t *in;
	int8_t a[3], b[3];
	size_t i, n;

	narrow_data();
	must_parse();
	wide = g;
	memset(&g, 0, sizeof g);
	pack_all();
	must_parse();
	ck_assert_int_eq(memcmp(g.ops[OP0_CONV].weights, wide.ops[OP0_CONV].weights, 72), 0);
	ck_assert_int_eq(memcmp(g.ops[OP1_DEPTHWISE].weights, wide.ops[OP1_DEPTHWISE].weights, 16), 0);
	ck_assert_int_eq(memcmp(g.ops[OP6_DENSE].weights, wide.ops[OP6_DENSE].weights, 12), 0);
	n = tensor_bytes(&g.tensors[g.input]);
	in = malloc(n);
	for (i = 0; i < n; i++)
		in[i] = (int8_t)(i * 83);
	ck_assert_int_eq(graph_ref_run(&g, ROUNDING_TFLITE, in, a, NULL), 0);
	ck_assert_int_eq(graph_ref_run(&wide, ROUNDING_TFLITE, in, b, NULL), 0);
	ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
	free(in);
	graph_free(&wide);
}
END_TEST

/* in 3 -> dense 3: nine weights in five bytes */
static void odd_model(void)
{
	struct tiny_op *o;
	int in, out, w;

	memset(&model, 0, sizeof model);
	model.version = 3;
	model.ninputs = 1;
	in = tiny_activation(&model, "in", 3, 0, 0, 0.5f, 0);
	out = tiny_activation(&model, "out", 3, 0, 0, 1, 0);
	model.tensor[in].rank = model.tensor[out].rank = 2;
	w = tiny_constant(&model, "w", TINY_INT8, 3, 3, 0, 0);
	memcpy(model.tensor[w].data, (const int8_t[9]){ -8, 7, 1, -1, 0, 3, -4, 5, -6 }, 9);
	tiny_pack_int4(&model.tensor[w]);
	tiny_scales(&model, w, 1, 0);
	model.input = in;
	model.output = out;
	o = tiny_op(&model, TINY_DENSE, in, out, 8, 2);
	o->in[1] = w;
	o->nin = 2;
}

START_TEST(odd_numbers_of_int4)
{
	const int8_t w[9] = { -8, 7, 1, -1, 0, 3, -4, 5, -6 }, kept[9] = { -8, 0, 0, 0, 0, 3, 0, 0, -6 };
	const struct prune p = { .keep = 1, .of = 3 };
	struct prune_report r;

	odd_model();
	ck_assert_int_eq(model.tensor[2].bytes, 5);
	model.tensor[2].data[4] |= 0xa0; /* the half that is no weight */
	must_parse();
	ck_assert_int_eq(memcmp(g.ops[0].weights, w, 9), 0);
	ck_assert_int_eq(prune_bytes("m", file.b, file.n, &p, &r, err, sizeof err), 0);
	prune_free(&r);
	graph_free(&g);
	ck_assert_int_eq(tflite_parse("m", file.b, file.n, &g, err, sizeof err), 0);
	ck_assert_int_eq(memcmp(g.ops[0].weights, kept, 9), 0);
	ck_assert_int_eq(file.b[g.ops[0].file.weights + 4] >> 4, 0xa);
	model.tensor[2].bytes = 4;
	must_refuse("tiny: op 0 FULLY_CONNECTED: its weights have 4 bytes of data, their shape needs 5");
}
END_TEST

static void set_config(struct config *c, int act_bits, int wgt_bits)
{
	struct config_error e;

	config_init(c);
	snprintf(c->name, sizeof c->name, "types");
	c->rows = c->cols = 4;
	c->act_bits = act_bits;
	c->wgt_bits = wgt_bits;
	ck_assert_msg(config_derive(c, &e) == 0, "%s", e.text);
}

START_TEST(int4_on_a_narrow_device)
{
	struct config c;
	struct trial t = { .c = &c, .mem = { 40, 0, 1, 1 } };
	struct rng r = { 5 };
	int8_t in[120];

	narrow_data();
	pack_all();
	model.op[OP2_ADD].out = ids.add; /* all of it, the last operator on the host */
	must_parse();
	random_input(&r, &g, in, sizeof in);
	set_config(&c, 8, 4);
	ck_assert_msg(trial_run(&t, &g, in, err, sizeof err) == 0, "%s", err);
	ck_assert_msg(!t.refused, "%s", err);
	ck_assert_uint_gt(t.cycles, 0);
	g.ops[OP0_CONV].weights[5] = 8;
	ck_assert_int_eq(trial_run(&t, &g, in, err, sizeof err), 0);
	ck_assert(t.refused);
	ck_assert_ptr_nonnull(strstr(err, "needs 5 bits and the design has wgt_bits 4"));
}
END_TEST

/* ---- int16 ---- */

static void make_wide(void)
{
	const int wide[] = { ids.in, ids.conv, ids.dw, ids.add, ids.max, ids.avg, ids.flat, ids.dense, ids.prob };
	struct tiny_tensor *b = &model.tensor[ids.conv_b];
	const float bits = 1.0f / 256;
	size_t i;
	int k;

	for (i = 0; i < sizeof wide / sizeof *wide; i++) {
		model.tensor[wide[i]].type = TINY_INT16;
		model.tensor[wide[i]].zero = 0;
		model.tensor[wide[i]].scale[0] *= bits;
	}
	model.tensor[ids.prob].scale[0] = 1.0f / 32768;
	model.tensor[ids.dense].scale[0] = 0.001f;
	model.op[OP7_SOFTMAX].field[0] = tiny_float(0.1f);
	b->type = TINY_INT64;
	b->bytes = 32;
	memset(b->data, 0, 32);
	for (k = 0; k < 4; k++) {
		int64_t v = (k - 1) * INT64_C(3000000000);

		memcpy(b->data + 8 * k, &v, 8);
	}
}

/* floor(acc * R / 2^(15-s) + 1/2), R the multiplier's upper 15 bits and sign */
static int requantize(int64_t acc, double real, int low, int high)
{
	int s;
	long mult = lround(ldexp(frexp(real, &s), 31)), rounded;
	long double v;

	if (mult == 1L << 31) {
		mult /= 2;
		s++;
	}
	rounded = mult >= 0x7fff0000 ? 0x7fff : lround(floor((double)mult / 65536 + 0.5));
	v = floorl(ldexpl((long double)acc * rounded, s - 15) + 0.5L);
	return (int)(v < low ? low : v > high ? high : v);
}

static int64_t element(const struct tensor *t, const int16_t *x, int y, int col, int c)
{
	return y < 0 || col < 0 || y >= t->h || col >= t->w ? 0 : x[(y * t->w + col) * t->c + c];
}

static int weight(const struct op *o, const struct tensor *in, const struct tensor *out, int oc, int ky, int kx, int i)
{
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return o->weights[(ky * o->kw + kx) * out->c + oc];
	return o->weights[((oc * o->kh + ky) * o->kw + kx) * (in->c / o->groups) + i];
}

static int multiply(const struct op *o, const struct tensor *in, const struct tensor *out, const int16_t *x, int y, int col, int oc)
{
	int per = o->kind == OP_DEPTHWISE_CONV_2D ? 1 : in->c / o->groups, ky, kx, i;
	int first = o->kind == OP_DEPTHWISE_CONV_2D ? oc / o->multiplier : oc / (out->c / o->groups) * per;
	int64_t acc = o->bias[oc];

	for (ky = 0; ky < o->kh; ky++)
		for (kx = 0; kx < o->kw; kx++)
			for (i = 0; i < per; i++)
				acc += weight(o, in, out, oc, ky, kx, i) *
				       element(in, x, y * o->sh + ky * o->dh - o->pad_top, col * o->sw + kx * o->dw - o->pad_left, first + i);
	return requantize(acc, o->real_mult[oc], o->act_min, o->act_max);
}

static int pool(const struct op *o, const struct tensor *in, const int16_t *x, int y, int col, int c)
{
	int n = 0, most = -32768, ky, kx;
	int64_t sum = 0;
	double mean;

	for (ky = 0; ky < o->kh; ky++)
		for (kx = 0; kx < o->kw; kx++) {
			int iy = y * o->sh + ky - o->pad_top, ix = col * o->sw + kx - o->pad_left;

			if (iy < 0 || ix < 0 || iy >= in->h || ix >= in->w)
				continue;
			n++;
			sum += element(in, x, iy, ix, c);
			most = element(in, x, iy, ix, c) > most ? (int)element(in, x, iy, ix, c) : most;
		}
	mean = (double)sum / n;
	return o->kind == OP_MAX_POOL_2D ? most : (int)(mean < 0 ? ceil(mean - 0.5) : floor(mean + 0.5));
}

/* An int32 requantization: twice rounded in mode tflite, ties up and then away from zero; once in tflite_single. */
static int64_t requantize32(int64_t v, double real, enum rounding r)
{
	int s;
	long double mult = roundl(ldexpl(frexp(real, &s), 31)), high;

	if (r == ROUNDING_TFLITE_SINGLE)
		return (int64_t)floorl(ldexpl((long double)v * mult, s - 31) + 0.5L);
	high = floorl(ldexpl((long double)v * mult, -31) + 0.5L);
	return (int64_t)roundl(ldexpl(high, s));
}

static int add(const struct op *o, int16_t a, int16_t b, enum rounding r)
{
	const struct tensor *t = g.tensors;
	double s1 = t[o->in[0]].scale, s2 = t[o->in[1]].scale, most = 2 * fmax(s1, s2);
	int64_t v = requantize32(a * 32768, s1 / most, r) + requantize32(b * 32768, s2 / most, r);

	v = requantize32(v, most / (32768 * t[o->out].scale), r);
	return (int)(v < o->act_min ? o->act_min : v > o->act_max ? o->act_max : v);
}

static void check_softmax(const struct tensor *t, double beta_scale, const int16_t *x, const int16_t *y)
{
	double sum = 0;
	int c, most = -32768;

	for (c = 0; c < t->c; c++)
		most = x[c] > most ? x[c] : most;
	for (c = 0; c < t->c; c++)
		sum += exp((x[c] - most) * beta_scale);
	for (c = 0; c < t->c; c++)
		ck_assert_double_eq_tol(y[c], 32768 * exp((x[c] - most) * beta_scale) / sum, 12);
}

static void check_op(const struct op *o, int16_t *const *all, enum rounding r)
{
	const struct tensor *in = &g.tensors[o->in[0]], *out = &g.tensors[o->out];
	const int16_t *x = all[o->in[0]], *y = all[o->out];
	int i, n = out->h * out->w * out->c;

	if (o->kind == OP_SOFTMAX)
		check_softmax(in, *o->real_mult, x, y);
	for (i = 0; i < n && o->kind != OP_SOFTMAX; i++) {
		int row = i / out->c / out->w, col = i / out->c % out->w, c = i % out->c;

		if (o->kind == OP_ADD)
			ck_assert_int_eq(y[i], add(o, x[i], all[o->in[1]][i], r));
		else if (o->kind == OP_RESHAPE)
			ck_assert_int_eq(y[i], x[i]);
		else if (o->kind == OP_MAX_POOL_2D || o->kind == OP_AVERAGE_POOL_2D)
			ck_assert_int_eq(y[i], pool(o, in, x, row, col, c));
		else
			ck_assert_int_eq(y[i], multiply(o, in, out, x, row, col, c));
	}
}

static void random_wide(struct rng *r, int16_t *x, size_t n)
{
	int mode = rng_range(r, 0, 3);
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = (int16_t)(mode == 0 ? (rng_chance(r, 50) ? -32768 : 32767) : mode == 1 ? rng_range(r, -300, 300) : rng_range(r, -32768, 32767));
}

START_TEST(computes_int16)
{
	enum rounding mode = _i % 2 ? ROUNDING_TFLITE : ROUNDING_TFLITE_SINGLE;
	struct rng r = { (uint64_t)_i };
	int16_t *all[16], in[120], out[3];
	int i;

	make_wide();
	must_parse();
	ck_assert(g.tensors[g.input].wide && g.tensors[g.input].qmin == -32768);
	ck_assert_int_eq(g.ops[OP0_CONV].bias[0], INT64_C(-3000000000));
	ck_assert_int_eq(g.ops[OP0_CONV].bias[3], INT64_C(6000000000));
	ck_assert_int_eq(g.ops[OP1_DEPTHWISE].act_max, 12288); /* RELU6 at 0.125 / 256 a step */
	for (i = 0; i < g.ntensors; i++)
		all[i] = malloc(tensor_bytes(&g.tensors[i]));
	random_wide(&r, in, 120);
	ck_assert_int_eq(graph_ref_run(&g, mode, (const int8_t *)in, (int8_t *)out, (int8_t **)all), 0);
	for (i = 0; i < g.nops; i++)
		check_op(&g.ops[i], all, mode);
	ck_assert_int_eq(memcmp(out, all[g.output], sizeof out), 0);
	for (i = 0; i < g.ntensors; i++)
		free(all[i]);
}
END_TEST

START_TEST(sums_have_48_bits)
{
	int16_t in[120] = { 0 }, out[3];

	make_wide();
	must_parse();
	g.ops[OP0_CONV].bias[1] = (INT64_C(1) << 47) - 1;
	g.ops[OP0_CONV].real_mult[1] = ldexp(1, -31);
	ck_assert_int_eq(graph_ref_run(&g, ROUNDING_TFLITE, (const int8_t *)in, (int8_t *)out, NULL), 0);
	g.ops[OP0_CONV].bias[1]++;
	ck_assert_int_eq(graph_ref_run(&g, ROUNDING_TFLITE, (const int8_t *)in, (int8_t *)out, NULL), -1);
	g.ops[OP0_CONV].bias[1] = 1;
	ck_assert_int_eq(graph_ref_run(&g, ROUNDING_ONNX, (const int8_t *)in, (int8_t *)out, NULL), -1);
}
END_TEST

/* The device's sums have 32 bits. */
static void make_biases_small(void)
{
	int i, k;

	for (i = 0; i < g.nops; i++)
		for (k = 0; g.ops[i].bias && k < g.tensors[g.ops[i].out].c; k++)
			g.ops[i].bias[k] %= 100000;
}

/* The whole network, ADD and pools included, on a device of every dataflow. */
START_TEST(int16_on_a_device)
{
	struct config c;
	struct config_error e;
	struct trial t = { .c = &c, .mem = { 40, 0.1, 1, 1 } };
	struct rng r = { 7 };
	int16_t in[256];
	int k;

	make_wide();
	must_parse();
	make_biases_small();
	ck_assert_uint_le(tensor_bytes(&g.tensors[g.input]), sizeof in);
	for (k = 0; k < 6; k++) {
		set_config(&c, 16, 8);
		c.dataflow = (enum dataflow)(_i % 3);
		c.sparsity = _i < 3 ? SPARSITY_GATE : SPARSITY_NONE;
		c.rounding = ROUNDING_TFLITE_SINGLE;
		c.act_bytes = 1 << 10 << k % 2;
		c.lanes = 2;
		ck_assert_msg(config_derive(&c, &e) == 0, "%s", e.text);
		random_input(&r, &g, (int8_t *)in, tensor_bytes(&g.tensors[g.input]));
		ck_assert_msg(trial_run(&t, &g, (int8_t *)in, err, sizeof err) == 0, "%s", err);
		ck_assert_msg(!t.refused, "%s", err);
		ck_assert_uint_gt(t.cycles, 0);
	}
	c.rounding = ROUNDING_TFLITE;
	ck_assert_int_eq(config_derive(&c, &e), 0);
	ck_assert_int_eq(trial_run(&t, &g, (int8_t *)in, err, sizeof err), 0);
	ck_assert(t.refused);
	ck_assert_ptr_nonnull(strstr(err, "ADD: rounding tflite rounds its int16 operands twice"));
}
END_TEST

START_TEST(int16_beyond_the_device)
{
	struct config c;
	struct trial t = { .c = &c, .mem = { 40, 0, 1, 1 } };
	int16_t in[256] = { 0 };

	narrow_data();
	must_parse();
	set_config(&c, 16, 8);
	ck_assert_int_eq(trial_run(&t, &g, (int8_t *)in, err, sizeof err), 0);
	ck_assert(t.refused);
	ck_assert_ptr_nonnull(strstr(err, "its activations are int8 and the design has act_bits 16"));
	graph_free(&g);
	make_wide();
	must_parse();
	make_biases_small();
	set_config(&c, 16, 8);
	c.rounding = ROUNDING_TFLITE_SINGLE;
	g.ops[OP0_CONV].bias[1] = (int64_t)1 << 33;
	ck_assert_int_eq(trial_run(&t, &g, (int8_t *)in, err, sizeof err), 0);
	ck_assert(t.refused);
	ck_assert_ptr_nonnull(strstr(err, "op 0 CONV_2D: bias and sum of output channel 1 do not fit 32 bits"));
	g.ops[OP0_CONV].bias[1] = 0;
	set_config(&c, 16, 1);
	c.rounding = ROUNDING_TFLITE_SINGLE;
	ck_assert_int_eq(trial_run(&t, &g, (int8_t *)in, err, sizeof err), 0);
	ck_assert(t.refused);
	ck_assert_ptr_nonnull(strstr(err, "op 0 CONV_2D: a weight of output channel 0 is"));
	ck_assert_ptr_nonnull(strstr(err, "the design has wgt_bits 1: -1 and 1"));
}
END_TEST

START_TEST(refuses)
{
	struct config c;
	struct program p;

	make_wide();
	must_parse();
	set_config(&c, 8, 8);
	ck_assert_int_eq(program_build(&c, &g, 40, 0, &p, err, sizeof err), -1);
	ck_assert_str_eq(err, "tiny: op 0 CONV_2D: its activations are int16 and the design has act_bits 8");
	model.tensor[ids.conv].zero = 1;
	must_refuse("tiny: op 0 CONV_2D: tensor \"conv_*/\" is INT16 with zero point 1, it must be 0");
	model.tensor[ids.conv].zero = 0;
	model.tensor[ids.dw].type = TINY_INT8;
	must_refuse("tiny: op 1 DEPTHWISE_CONV_2D: it mixes INT8 and INT16");
	model.tensor[ids.dw].type = TINY_INT16;
	model.tensor[ids.prob].scale[0] = 1.0f / 256;
	must_refuse("tiny: op 7 SOFTMAX: its output does not have scale 1/32768");
	model.tensor[ids.prob].scale[0] = 1.0f / 32768;
	tiny_pack_int4(&model.tensor[ids.dense_w]);
	must_refuse("tiny: op 6 FULLY_CONNECTED: its weights are INT4, with INT16 activations only INT8 is supported");
	model.tensor[ids.conv_b].type = TINY_INT32;
	model.tensor[ids.conv_b].bytes = 16;
	must_refuse("tiny: op 0 CONV_2D: it has 4 biases, 4 INT64 ones are needed");
}
END_TEST

/* Biases are eight bytes in the file. */
START_TEST(prunes_int16)
{
	const struct prune p = { .bits = 4 };
	struct prune_report r;
	double was, is;

	make_wide();
	must_parse();
	was = (double)g.ops[OP0_CONV].bias[3] * g.ops[OP0_CONV].real_mult[3];
	ck_assert_int_eq(prune_bytes("m", file.b, file.n, &p, &r, err, sizeof err), 0);
	prune_free(&r);
	graph_free(&g);
	ck_assert_int_eq(tflite_parse("m", file.b, file.n, &g, err, sizeof err), 0);
	is = (double)g.ops[OP0_CONV].bias[3] * g.ops[OP0_CONV].real_mult[3];
	ck_assert_double_eq_tol(is / was, 1, 1e-6);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("types");
	TCase *t = tcase_create("types");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, unpacks_int4);
	tcase_add_test(t, odd_numbers_of_int4);
	tcase_add_test(t, int4_on_a_narrow_device);
	tcase_add_loop_test(t, computes_int16, 0, 60);
	tcase_add_test(t, sums_have_48_bits);
	tcase_add_loop_test(t, int16_on_a_device, 0, 6);
	tcase_add_test(t, int16_beyond_the_device);
	tcase_add_test(t, refuses);
	tcase_add_test(t, prunes_int16);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
