/* SPDX-License-Identifier: Apache-2.0
 * systole prune on a small model: the rules weight by weight, biases and scales, what is shared, what may not change. */
#include "compiler/prune.h"
#include "compiler/graph_ref.h"
#include "compiler/tflite.h"
#include "tiny_tflite.h"
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tiny_model model;
static struct tiny_ids ids;
static struct tiny_file file, made;
static struct graph was, is;
static struct prune_report report;
static char err[300];

static void setup(void)
{
	memset(&was, 0, sizeof was);
	memset(&is, 0, sizeof is);
	memset(&report, 0, sizeof report);
	ids = tiny_init(&model);
}

static void teardown(void)
{
	prune_free(&report);
	graph_free(&was);
	graph_free(&is);
}

static int prune(struct prune p)
{
	tiny_write(&model, &file);
	made = file;
	teardown();
	return prune_bytes("m", made.b, made.n, &p, &report, err, sizeof err);
}

static void must_prune(struct prune p)
{
	ck_assert_msg(prune(p) == 0, "%s", err);
	ck_assert_int_eq(tflite_parse("m", file.b, file.n, &was, err, sizeof err), 0);
	ck_assert_int_eq(tflite_parse("m", made.b, made.n, &is, err, sizeof err), 0);
}

static void set_weights(int tensor, const int8_t *w, size_t n)
{
	memcpy(model.tensor[tensor].data, w, n);
}

/* dense: 3 outputs, 4 inputs */
START_TEST(keeps_the_largest_of_a_group)
{
	const int8_t w[12] = { 1, -9, 4, -5, 7, 7, -7, 0, 0, -128, 127, 1 }, two[12] = { 0, -9, 0, -5, 7, 7, 0, 0, 0, -128, 127, 0 };
	const int8_t one[12] = { 0, -9, 0, 0, 7, 0, 0, 0, 0, -128, 0, 0 };
	int op, filter;

	set_weights(ids.dense_w, w, sizeof w);
	must_prune((struct prune){ .keep = 2, .of = 4 });
	ck_assert_int_eq(memcmp(is.ops[OP6_DENSE].weights, two, sizeof two), 0);
	ck_assert(prune_obeys(&is, 2, 4, &op, &filter));
	ck_assert(!prune_obeys(&is, 1, 4, &op, &filter));
	ck_assert(op == OP6_DENSE && filter == 0); /* the convolution's groups have two channels: one of them in both */
	must_prune((struct prune){ .keep = 1, .of = 4 });
	ck_assert_int_eq(memcmp(is.ops[OP6_DENSE].weights, one, sizeof one), 0);
	ck_assert(prune_obeys(&is, 1, 4, &op, &filter));
}
END_TEST

START_TEST(last_group_in_proportion)
{
	const int8_t w[12] = { 1, 2, 3, 4, -4, -3, -2, -1, 5, 5, 5, 5 }, kept[12] = { 0, 2, 3, 4, -4, -3, 0, -1, 5, 5, 0, 5 };

	set_weights(ids.dense_w, w, sizeof w);
	must_prune((struct prune){ .keep = 2, .of = 3 }); /* 4 inputs: a group of 3, and one of 1 that keeps its weight */
	ck_assert_int_eq(memcmp(is.ops[OP6_DENSE].weights, kept, sizeof kept), 0);
}
END_TEST

START_TEST(groups_run_along_input_channels)
{
	const struct op *o, *p;
	int k;

	must_prune((struct prune){ .keep = 1, .of = 2 });
	o = &is.ops[OP0_CONV];
	p = &was.ops[OP0_CONV];
	for (k = 0; k < 4 * 9; k++) { /* 4 filters, 9 taps, 2 input channels of the group */
		int a = p->weights[2 * k], b = p->weights[2 * k + 1];

		ck_assert_int_eq(o->weights[2 * k], abs(a) >= abs(b) ? a : 0);
		ck_assert_int_eq(o->weights[2 * k + 1], abs(a) >= abs(b) ? 0 : b);
	}
	ck_assert_int_eq(memcmp(is.ops[OP1_DEPTHWISE].weights, was.ops[OP1_DEPTHWISE].weights, 16), 0);
	ck_assert(o->real_mult[1] == p->real_mult[1] && o->bias[3] == p->bias[3]);
}
END_TEST

/* Scales 0.0125 to 0.05 of the depthwise filters: magnitude is weight times scale. */
START_TEST(zeroes_the_smallest)
{
	const int8_t w[16] = { 8, 4, 9, 2, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9 };
	int i, zeros = 0;

	set_weights(ids.dw_w, w, sizeof w);
	must_prune((struct prune){ .zero = 0.2 });
	for (i = 0; i < 16; i++)
		zeros += !is.ops[OP1_DEPTHWISE].weights[i];
	ck_assert_int_eq(zeros, 3);
	/* 8 * 1, 4 * 2, 2 * 4 are the smallest; 9 * 1 is larger, and of equals the last goes first: all three go */
	ck_assert(!is.ops[OP1_DEPTHWISE].weights[0] && !is.ops[OP1_DEPTHWISE].weights[1] && !is.ops[OP1_DEPTHWISE].weights[3]);
	ck_assert_int_eq(report.nlayers, 3);
	ck_assert_int_eq(report.layers[1].zeros_after, 3);
	must_prune((struct prune){ .zero = 0.13 });
	ck_assert(is.ops[OP1_DEPTHWISE].weights[0] == 8 && !is.ops[OP1_DEPTHWISE].weights[1] && !is.ops[OP1_DEPTHWISE].weights[3]);
}
END_TEST

static void check_narrow(const struct op *a, const struct op *b, size_t n, int channels, int most)
{
	size_t i;
	int c;

	for (i = 0; i < n; i++)
		ck_assert(abs(b->weights[i]) <= most && (b->weights[i] == 0 || a->weights[i] == 0 || (b->weights[i] < 0) == (a->weights[i] < 0)));
	for (c = 0; c < channels; c++) {
		double factor = b->real_mult[c] / a->real_mult[c];

		ck_assert(factor >= 1);
		ck_assert_double_le(fabs((double)b->bias[c] * factor - (double)a->bias[c]), factor * 0.5001);
	}
}

START_TEST(narrows_weights)
{
	int bits;

	for (bits = 4; bits >= 2; bits -= 2) {
		must_prune((struct prune){ .bits = bits });
		check_narrow(&was.ops[OP0_CONV], &is.ops[OP0_CONV], 72, 4, (1 << (bits - 1)) - 1);
		check_narrow(&was.ops[OP1_DEPTHWISE], &is.ops[OP1_DEPTHWISE], 16, 4, (1 << (bits - 1)) - 1);
		check_narrow(&was.ops[OP6_DENSE], &is.ops[OP6_DENSE], 12, 3, (1 << (bits - 1)) - 1);
		ck_assert_double_lt(report.layers[0].error, bits == 4 ? 0.15 : 0.6);
	}
}
END_TEST

/* Weights that are narrow already, and what depends on them, stay as they are. */
START_TEST(narrow_is_narrow_enough)
{
	struct tiny_file once;

	must_prune((struct prune){ .bits = 4 });
	once = made;
	prune_free(&report);
	ck_assert_int_eq(prune_bytes("m", made.b, made.n, &(struct prune){ .bits = 4 }, &report, err, sizeof err), 0);
	ck_assert_int_eq(memcmp(once.b, made.b, sizeof once.b), 0);
}
END_TEST

START_TEST(one_bit_is_a_sign)
{
	const int8_t w[12] = { 10, -20, 30, -40, 0, 0, 1, -1, 100, 100, 100, 100 };
	int i;

	set_weights(ids.dense_w, w, sizeof w);
	must_prune((struct prune){ .bits = 1 });
	for (i = 0; i < 12; i++)
		ck_assert_int_eq(is.ops[OP6_DENSE].weights[i], w[i] < 0 ? -1 : 1);
	ck_assert_double_eq_tol(is.ops[OP6_DENSE].real_mult[0] / was.ops[OP6_DENSE].real_mult[0], 502.0 / 12, 1e-4);
}
END_TEST

/* Fifteen values and 0 stay; what is zero stays zero, nothing else becomes it. */
START_TEST(codebook_has_fifteen_values)
{
	int seen[256] = { 0 }, values = 0, i;
	const struct op *before, *after;

	must_prune((struct prune){ .codebook = 1 });
	before = &was.ops[OP0_CONV];
	after = &is.ops[OP0_CONV];
	for (i = 0; i < 72; i++) {
		ck_assert_int_eq(before->weights[i] == 0, after->weights[i] == 0);
		values += after->weights[i] != 0 && !seen[after->weights[i] + 128]++;
	}
	ck_assert_int_le(values, 15);
	ck_assert_double_lt(report.layers[0].error, 0.1);
}
END_TEST

START_TEST(zero_filters_keep_their_bias)
{
	int8_t zeros[72] = { 0 };
	double real;

	set_weights(ids.conv_w, zeros, sizeof zeros);
	must_prune((struct prune){ .bits = 4 });
	ck_assert_int_eq(is.ops[OP0_CONV].bias[3], was.ops[OP0_CONV].bias[3]);
	memset(model.tensor[ids.conv_b].data, 0x7f, 16); /* biases of 2139062143 */
	must_prune((struct prune){ .bits = 1 });
	real = (double)is.ops[OP0_CONV].bias[0] * is.ops[OP0_CONV].real_mult[0];
	ck_assert_double_eq_tol(real / ((double)was.ops[OP0_CONV].bias[0] * was.ops[OP0_CONV].real_mult[0]), 1, 1e-6);
}
END_TEST

/* Two operators with one list of scales, which only one of them would change. */
START_TEST(shared_scales)
{
	const int8_t w[16] = { 1, 2, 3, 4, 5, 6, 7, 0, -1, -2, -3, -4, -5, -6, -7, 0 };
	size_t i, conv, dw;

	set_weights(ids.dw_w, w, sizeof w);
	tiny_write(&model, &file);
	ck_assert_int_eq(tflite_parse("m", file.b, file.n, &was, err, sizeof err), 0);
	conv = was.ops[OP0_CONV].file.scales;
	dw = was.ops[OP1_DEPTHWISE].file.scales;
	for (i = 0; i + 4 <= file.n; i += 4) { /* the offset that leads to the convolution's scales leads to the depthwise ones */
		uint32_t by = (uint32_t)file.b[i] | (uint32_t)file.b[i + 1] << 8 | (uint32_t)file.b[i + 2] << 16 | (uint32_t)file.b[i + 3] << 24;

		if (i + by == conv - 4)
			tiny_put(&file, i, dw - 4 - i, 4);
	}
	graph_free(&was);
	ck_assert_int_eq(tflite_parse("m", file.b, file.n, &was, err, sizeof err), 0);
	ck_assert_uint_eq(was.ops[OP0_CONV].file.scales, dw);
	ck_assert_int_eq(prune_bytes("m", file.b, file.n, &(struct prune){ .bits = 4 }, &report, err, sizeof err), -1);
	ck_assert_ptr_nonnull(strstr(err, "op 1 DEPTHWISE_CONV_2D: it shares constants with another operator"));
}
END_TEST

/* Two operators with one bias, which each would divide by its own factor. */
START_TEST(shared_constants)
{
	const int8_t w[16] = { 20, 20, 20, 20, 9, 9, 9, 9 };

	model.op[OP1_DEPTHWISE].in[2] = ids.conv_b;
	set_weights(ids.dw_w, w, sizeof w);
	must_prune((struct prune){ .zero = 0.5 });
	ck_assert_int_eq(prune((struct prune){ .bits = 4 }), -1);
	ck_assert_str_eq(err, "m: op 1 DEPTHWISE_CONV_2D: it shares constants with another operator that must change otherwise");
	ck_assert_ptr_null(report.layers);
}
END_TEST

START_TEST(layout_stays)
{
	size_t i, differ = 0, weights = 72 + 16 + 12;

	must_prune((struct prune){ .zero = 0.5 });
	ck_assert_uint_eq(made.n, file.n);
	for (i = 0; i < file.n; i++)
		if (made.b[i] != file.b[i]) {
			differ++;
			ck_assert_int_eq(made.b[i], 0);
		}
	ck_assert(differ > 0 && differ <= weights);
}
END_TEST

static size_t entries(const char *dir)
{
	char command[200];
	FILE *f;
	size_t n = 0;

	snprintf(command, sizeof command, "ls -A %s | wc -l", dir);
	f = popen(command, "r");
	ck_assert(f && fscanf(f, "%zu", &n) == 1);
	pclose(f);
	return n;
}

START_TEST(leaves_nothing_behind)
{
	char dir[] = "/tmp/systole_prune_XXXXXX", in[64], out[64], deep[64];
	struct prune p = { .bits = 4 };
	FILE *f;

	tiny_write(&model, &file);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(in, sizeof in, "%s/in", dir);
	snprintf(out, sizeof out, "%s/out", dir);
	snprintf(deep, sizeof deep, "%s/no/out", dir);
	f = fopen(in, "wb");
	ck_assert(f && fwrite(file.b, 1, file.n / 2, f) == file.n / 2 && fclose(f) == 0);
	ck_assert_int_eq(prune_file(in, out, &p, &report, err, sizeof err), -1); /* cut in half */
	ck_assert_uint_eq(entries(dir), 1);
	f = fopen(in, "wb");
	ck_assert(f && fwrite(file.b, 1, file.n, f) == file.n && fclose(f) == 0);
	ck_assert_int_eq(prune_file(in, deep, &p, &report, err, sizeof err), -1);
	ck_assert_int_eq(prune_file(in, dir, &p, &report, err, sizeof err), -1);
	ck_assert_int_eq(prune_file(in, "/dev/full", &p, &report, err, sizeof err), -1);
	ck_assert_uint_eq(entries(dir), 1);
	ck_assert_ptr_null(strchr(err, '\n'));
	ck_assert_int_eq(prune_file(in, out, &p, &report, err, sizeof err), 0);
	prune_free(&report);
	ck_assert_uint_eq(entries(dir), 2);
	ck_assert_int_eq(prune_file(in, in, &p, &report, err, sizeof err), 0); /* in its own place */
	ck_assert_uint_eq(entries(dir), 2);
	unlink(in);
	unlink(out);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("prune");
	TCase *t = tcase_create("prune");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, keeps_the_largest_of_a_group);
	tcase_add_test(t, last_group_in_proportion);
	tcase_add_test(t, groups_run_along_input_channels);
	tcase_add_test(t, zeroes_the_smallest);
	tcase_add_test(t, narrows_weights);
	tcase_add_test(t, narrow_is_narrow_enough);
	tcase_add_test(t, one_bit_is_a_sign);
	tcase_add_test(t, zero_filters_keep_their_bias);
	tcase_add_test(t, shared_scales);
	tcase_add_test(t, shared_constants);
	tcase_add_test(t, layout_stays);
	tcase_add_test(t, leaves_nothing_behind);
	tcase_add_test(t, codebook_has_fifteen_values);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
