/* SPDX-License-Identifier: Apache-2.0
 * Dropped channels: what must go, what must stay, and that every value that is left is the one it was. */
#include "compiler/dead.h"
#include "compiler/graph_ref.h"
#include "compiler/program.h"
#include "testbench/random_graph.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 4 };

/* x 3x3x2 -> conv 1x1 -> a 3x3x4 -> second -> y; filter 1 of the first is zero, its outputs are all `constant`. */
static struct graph g;
static struct dead *d;
static struct graph small;

static void set_tensor(int t, int h, int w, int c)
{
	struct tensor *x = &g.tensors[t];

	x->h = h;
	x->w = w;
	x->c = c;
	x->scale = 0.5;
	x->qmin = -128;
	x->qmax = 127;
}

static struct op *mac(enum op_kind kind, int in, int out, int k, int pad, int n)
{
	struct op *o = &g.ops[g.nops];
	int channels = g.tensors[out].c, i;

	o->kind = kind;
	o->index = g.nops++;
	o->in[0] = in;
	o->in[1] = -1;
	o->out = out;
	o->kh = o->kw = k;
	o->sh = o->sw = o->dh = o->dw = o->groups = o->multiplier = 1;
	o->pad_top = o->pad_left = pad;
	o->act_min = -128;
	o->act_max = 127;
	o->weights = malloc((size_t)n);
	o->bias = calloc((size_t)channels, sizeof *o->bias);
	o->real_mult = malloc((size_t)channels * sizeof *o->real_mult);
	o->onnx_mult = malloc((size_t)channels * sizeof *o->onnx_mult);
	for (i = 0; i < n; i++)
		o->weights[i] = (int8_t)(i % 7 - 3 ? i % 7 - 3 : 5);
	for (i = 0; i < channels; i++) {
		o->real_mult[i] = 0.25;
		o->onnx_mult[i] = 0.25f;
	}
	return o;
}

static void setup(void)
{
	memset(&g, 0, sizeof g);
	snprintf(g.name, sizeof g.name, "hand");
	g.tensors = calloc(6, sizeof *g.tensors);
	g.ops = calloc(5, sizeof *g.ops);
	g.ntensors = 3;
	g.output = 2;
	set_tensor(0, 3, 3, 2);
	set_tensor(1, 3, 3, CHANNELS);
	set_tensor(2, 3, 3, 3);
	mac(OP_CONV_2D, 0, 1, 1, 0, CHANNELS * 2);
	memset(g.ops[0].weights + 2, 0, 2);
	g.ops[0].bias[1] = 40; /* 40 / 4 = 10 */
	d = NULL;
	memset(&small, 0, sizeof small);
}

static void teardown(void)
{
	dead_free(d);
	graph_free(&small);
	graph_free(&g);
}

static int dropped(void)
{
	dead_free(d);
	graph_free(&small);
	d = dead_find(&g, ROUNDING_TFLITE);
	ck_assert_ptr_nonnull(d);
	ck_assert_int_eq(dead_drop(d, &small), 0);
	return dead_count(d);
}

START_TEST(folds_into_the_bias)
{
	struct op *o = mac(OP_CONV_2D, 1, 2, 1, 0, 3 * CHANNELS);
	int k;

	o->bias[2] = 100;
	g.tensors[1].zero_point = -5;
	g.ops[0].bias[1] = 40; /* 10 - 5 */
	ck_assert_int_eq(dropped(), 1);
	ck_assert(!dead_kept(d, 1, 1));
	ck_assert_int_eq(small.tensors[1].c, 3);
	ck_assert_int_eq(small.ops[0].weights[2], g.ops[0].weights[4]);
	for (k = 0; k < 3; k++)
		ck_assert_int_eq(small.ops[1].bias[k], o->bias[k] + 10 * o->weights[k * CHANNELS + 1]);
	ck_assert_int_eq(small.ops[1].weights[3 + 1], o->weights[CHANNELS + 2]);
}
END_TEST

START_TEST(padding_sees_the_zero_point)
{
	struct op *o = mac(OP_CONV_2D, 1, 2, 3, 1, 3 * 9 * CHANNELS);
	int oc, tap;

	ck_assert_int_eq(dropped(), 0);
	g.tensors[1].zero_point = 3; /* the output is then 3 + 10 everywhere */
	ck_assert_int_eq(dropped(), 0);
	g.ops[0].bias[1] = 0;        /* and now the zero point itself */
	ck_assert_int_eq(dropped(), 1);
	ck_assert_int_eq(small.ops[1].bias[0], 0);
	g.ops[0].bias[1] = 40;
	for (oc = 0; oc < 3; oc++)   /* read by the middle tap only, which is never in the padding */
		for (tap = 0; tap < 9; tap++)
			if (tap != 4)
				o->weights[(oc * 9 + tap) * CHANNELS + 1] = 0;
	ck_assert_int_eq(dropped(), 1);
	ck_assert_int_eq(small.ops[1].bias[0], 10 * o->weights[4 * CHANNELS + 1]);
}
END_TEST

START_TEST(bias_must_fit)
{
	struct op *o = mac(OP_CONV_2D, 1, 2, 1, 0, 3 * CHANNELS);

	o->weights[1] = 5;
	o->bias[0] = INT32_MAX - 50;
	ck_assert_int_eq(dropped(), 1);
	ck_assert_int_eq(small.ops[1].bias[0], INT32_MAX);
	o->bias[0]++;
	ck_assert_int_eq(dropped(), 0);
}
END_TEST

START_TEST(nobody_reads_it)
{
	struct op *o = mac(OP_CONV_2D, 1, 2, 3, 1, 3 * 9 * CHANNELS);
	int i;

	g.ops[0].weights[2] = 7; /* no zero filter now */
	ck_assert_int_eq(dropped(), 0);
	for (i = 0; i < 3 * 9; i++)
		o->weights[i * CHANNELS + 3] = 0;
	ck_assert_int_eq(dropped(), 1);
	ck_assert(!dead_kept(d, 1, 3));
}
END_TEST

START_TEST(clamped_to_one_value)
{
	mac(OP_CONV_2D, 1, 2, 3, 1, 3 * 9 * CHANNELS);
	g.ops[0].weights[2] = 7;
	g.ops[0].act_min = 0; /* RELU */
	g.ops[0].bias[2] = -(g.ops[0].weights[4] * 127 + abs(g.ops[0].weights[5]) * 128) - 600;
	ck_assert_int_eq(dropped(), 1);
	ck_assert(!dead_kept(d, 1, 2));
}
END_TEST

START_TEST(both_sides_of_an_addition)
{
	struct op *o, *a;

	set_tensor(2, 3, 3, CHANNELS);
	set_tensor(3, 3, 3, CHANNELS);
	set_tensor(4, 3, 3, 2);
	g.ntensors = 5;
	g.output = 4;
	o = mac(OP_CONV_2D, 1, 2, 1, 0, CHANNELS * CHANNELS);
	a = &g.ops[g.nops];
	a->kind = OP_ADD;
	a->index = g.nops++;
	a->in[0] = 1;
	a->in[1] = 2;
	a->out = 3;
	a->act_min = -128;
	a->act_max = 127;
	mac(OP_CONV_2D, 3, 4, 1, 0, 2 * CHANNELS);
	ck_assert_int_eq(dropped(), 0); /* channel 1 of the sum is no constant: the second convolution makes one side of it */
	memset(o->weights + CHANNELS, 0, CHANNELS);
	ck_assert_int_eq(dropped(), 3); /* of both sides and the sum */
	ck_assert_int_eq(small.tensors[1].c, 3);
	ck_assert_int_eq(small.tensors[3].c, 3);
}
END_TEST

START_TEST(input_and_output_stay)
{
	struct op *o = mac(OP_FULLY_CONNECTED, 1, 2, 1, 0, 3 * 9 * CHANNELS);

	set_tensor(2, 1, 1, 3);
	memset(o->weights, 0, 3 * 9 * CHANNELS);
	ck_assert_int_eq(dropped(), CHANNELS - 1); /* a map does not become empty */
	ck_assert_int_eq(small.tensors[0].c, 2);
	ck_assert_int_eq(small.tensors[2].c, 3);
	dead_round(d, 2);
	ck_assert_int_eq(dead_count(d), CHANNELS - 2);
}
END_TEST

static void set_config(struct config *c)
{
	struct config_error e;

	config_init(c);
	snprintf(c->name, sizeof c->name, "dead");
	ck_assert_msg(config_derive(c, &e) == 0, "%s", e.text);
}

static int8_t **run(const struct graph *n, enum rounding r, const int8_t *input, int8_t *output)
{
	int8_t **all = calloc((size_t)n->ntensors, sizeof *all);
	int i;

	for (i = 0; i < n->ntensors; i++)
		all[i] = malloc((size_t)n->tensors[i].h * (size_t)n->tensors[i].w * (size_t)n->tensors[i].c);
	ck_assert_int_eq(graph_ref_run(n, r, input, output, all), 0);
	return all;
}

static void free_run(const struct graph *n, int8_t **all)
{
	int i;

	for (i = 0; i < n->ntensors; i++)
		free(all[i]);
	free(all);
}

/* Every value of every channel that is left, before and after. */
static void compare(const struct graph *n, int t, const int8_t *was, const int8_t *is)
{
	const struct tensor *x = &n->tensors[t];
	int i, k;

	for (i = 0; i < x->h * x->w; i++)
		for (k = 0; k < x->c; k++, was++)
			if (dead_kept(d, t, k))
				ck_assert_msg(*was == *is++, "tensor %d channel %d", t, k);
}

START_TEST(values_stay)
{
	struct rng r = { (uint64_t)_i + 1 };
	struct config c;
	char text[600];
	int8_t input[9 * 9 * 16], output[9 * 9 * 80], **was, **is;
	int t;

	graph_free(&g);
	set_config(&c);
	c.rounding = (enum rounding)(_i % 3);
	ck_assert_int_eq(random_dead_graph(&r, &c, &g, text, sizeof text), 0);
	random_input(&r, &g, input, sizeof input);
	d = dead_find(&g, c.rounding);
	dead_round(d, 1 + _i % 4);
	ck_assert_int_eq(dead_drop(d, &small), 0);
	was = run(&g, c.rounding, input, output);
	is = run(&small, c.rounding, input, output);
	for (t = 0; t < g.ntensors; t++)
		compare(&g, t, was[t], is[t]);
	free_run(&g, was);
	free_run(&small, is);
}
END_TEST

START_TEST(program_leaves_them_out)
{
	struct config c;
	struct program all, few;
	char err[300];

	mac(OP_CONV_2D, 1, 2, 1, 0, 3 * CHANNELS);
	set_config(&c);
	ck_assert_int_eq(program_build(&c, &g, 40, 1, &all, err, sizeof err), 0);
	ck_assert_int_eq(program_build(&c, &g, 40, 0, &few, err, sizeof err), 0);
	ck_assert_int_eq(all.sparse.channels, 0);
	ck_assert_int_eq(few.sparse.channels, 1);
	ck_assert_int_eq(few.sparse.macs, 9 * 2 + 9 * 3);
	ck_assert_int_eq(few.sparse.bytes, all.traffic - few.traffic);
	ck_assert_int_eq(few.sparse.cycles, all.estimate - few.estimate);
	ck_assert_int_gt(few.sparse.cycles + few.sparse.bytes, 0);
	ck_assert_int_eq(few.layers[0].macs, op_macs(&g, &g.ops[0]));
	program_free(&all);
	program_free(&few);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("dead");
	TCase *t = tcase_create("dead");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, folds_into_the_bias);
	tcase_add_test(t, padding_sees_the_zero_point);
	tcase_add_test(t, bias_must_fit);
	tcase_add_test(t, nobody_reads_it);
	tcase_add_test(t, clamped_to_one_value);
	tcase_add_test(t, both_sides_of_an_addition);
	tcase_add_test(t, input_and_output_stay);
	tcase_add_loop_test(t, values_stay, 0, 300);
	tcase_add_test(t, program_leaves_them_out);
	suite_add_tcase(s, t);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
