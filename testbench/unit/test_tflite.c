/* SPDX-License-Identifier: Apache-2.0
 * tflite_parse: every field of a graph made from a small model with every operator; every refusal; files cut at every
 * byte and with every bit flipped. */
#include "compiler/flatbuf.h"
#include "compiler/graph_ref.h"
#include "compiler/tflite.h"
#include "shared.h"
#include "tiny_tflite.h"
#include <check.h>

static struct tiny_model model;
static struct tiny_ids ids;
static struct tiny_file file;
static struct graph g;
static char err[300];

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
	tiny_write(&model, &file);
	err[0] = 0;
	return tflite_parse("dir/tiny.tflite", file.b, file.n, &g, err, sizeof err);
}

static void must_parse(void)
{
	ck_assert_msg(parse() == 0, "%s", err);
}

static void must_refuse(const char *text)
{
	char want[300];

	snprintf(want, sizeof want, "dir/tiny.tflite: %s", text);
	ck_assert_msg(parse() == -1, "accepted, want: %s", want);
	ck_assert_str_eq(err, want);
	ck_assert_ptr_null(g.ops);
}

START_TEST(reads_graph)
{
	must_parse();
	ck_assert_str_eq(g.name, "tiny");
	ck_assert_int_eq(g.nops, 8);
	ck_assert_int_eq(g.ntensors, 9);
	ck_assert_int_eq(g.input, 0);
	ck_assert_int_eq(g.output, 8);
	ck_assert_int_eq(g.tensors[0].h, 5);
	ck_assert_int_eq(g.tensors[0].w, 6);
	ck_assert_int_eq(g.tensors[0].c, 4);
	ck_assert(g.tensors[0].scale == 0.5);
	ck_assert_int_eq(g.tensors[0].zero_point, 3);
	ck_assert_int_eq(g.tensors[0].qmin, -128);
	ck_assert_int_eq(g.tensors[0].qmax, 127);
	ck_assert_str_eq(g.tensors[1].name, "conv_*/");
	ck_assert_int_eq(g.tensors[6].h, 1);
	ck_assert_int_eq(g.tensors[6].w, 1);
	ck_assert_int_eq(g.tensors[6].c, 4);
	ck_assert_int_eq(g.ops[OP2_ADD].in[0], g.ops[OP0_CONV].out);
	ck_assert_int_eq(g.ops[OP2_ADD].in[1], g.ops[OP1_DEPTHWISE].out);
	ck_assert_int_eq(g.ops[OP3_MAX].in[1], -1);
	ck_assert_int_eq(g.ops[OP7_SOFTMAX].index, 7);
}
END_TEST

START_TEST(reads_conv)
{
	const struct op *o;

	must_parse();
	o = &g.ops[OP0_CONV];
	ck_assert_int_eq(o->kind, OP_CONV_2D);
	ck_assert_int_eq(o->kh, 3);
	ck_assert_int_eq(o->kw, 3);
	ck_assert_int_eq(o->sh, 2);
	ck_assert_int_eq(o->sw, 2);
	ck_assert_int_eq(o->groups, 2);
	ck_assert_int_eq(o->multiplier, 1);
	ck_assert_int_eq(o->pad_top, 1);    /* 5 lines: 2 of padding */
	ck_assert_int_eq(o->pad_left, 0);   /* 6 columns: 1, behind */
	ck_assert_int_eq(o->act_min, -10);
	ck_assert_int_eq(o->act_max, 127);
	ck_assert_int_eq(o->bias[0], 0);
	ck_assert_int_eq(o->bias[3], 84);
	ck_assert_int_eq(o->weights[1], 48);
	ck_assert(o->real_mult[2] == 0.5 * (double)model.tensor[ids.conv_w].scale[2] / 0.25);
	ck_assert(o->onnx_mult[2] == 0.5f * model.tensor[ids.conv_w].scale[2] / 0.25f);
	ck_assert_int_eq(op_macs(&g, o), 3 * 3 * 4 * 3 * 3 * 2);
}
END_TEST

START_TEST(reads_depthwise)
{
	const struct op *o;

	must_parse();
	o = &g.ops[OP1_DEPTHWISE];
	ck_assert_int_eq(o->kind, OP_DEPTHWISE_CONV_2D);
	ck_assert_int_eq(o->dh, 1);
	ck_assert_int_eq(o->dw, 2);
	ck_assert_int_eq(o->pad_top, 0);
	ck_assert_int_eq(o->pad_left, 1);
	ck_assert_int_eq(o->multiplier, 1);
	ck_assert_int_eq(o->act_min, 5);
	ck_assert_int_eq(o->act_max, 53);   /* 5 + 6/0.125 */
	ck_assert_int_eq(o->bias[3], 0);
	ck_assert_int_eq(op_macs(&g, o), 3 * 3 * 4 * 2 * 2);
}
END_TEST

START_TEST(reads_dense)
{
	float sx = 0.3f, sw = 0.0125f, sy = 0.1f;

	must_parse();
	ck_assert(g.ops[OP6_DENSE].real_mult[2] == (double)(sx * sw) / (double)sy);
	ck_assert(g.ops[OP6_DENSE].real_mult[2] != (double)sx * (double)sw / (double)sy);
	graph_free(&g);
	tiny_scales(&model, ids.dense_w, 3, 0);
	must_parse();
	ck_assert(g.ops[OP6_DENSE].real_mult[0] == (double)sx * (double)sw / (double)sy);
}
END_TEST

START_TEST(reads_per_tensor_conv)
{
	model.tensor[ids.conv_w].nscales = 1;
	must_parse();
	ck_assert(g.ops[OP0_CONV].real_mult[3] == 0.5 * (double)0.0125f / 0.25);
}
END_TEST

START_TEST(reads_multiplier)
{
	struct tiny_tensor *w = &model.tensor[ids.dw_w];

	model.nops = 2;
	model.output = ids.dw;
	w->dim[3] = model.tensor[ids.dw].dim[3] = 8;
	w->bytes = 32;
	tiny_scales(&model, ids.dw_w, 8, 3);
	must_parse();
	ck_assert_int_eq(g.ops[1].multiplier, 2);
}
END_TEST

START_TEST(runs_in_every_mode)
{
	int8_t in[5 * 6 * 4], out[3], add[36];
	int8_t *all[9] = { 0 };
	int r, i;

	must_parse();
	for (i = 0; i < 120; i++)
		in[i] = (int8_t)(i * 41);
	all[3] = add;
	for (r = ROUNDING_TFLITE; r <= ROUNDING_ONNX; r++) {
		ck_assert_int_eq(graph_ref_run(&g, (enum rounding)r, in, out, all), 0);
		ck_assert_int_ge(out[0] + out[1] + out[2], -128 * 3 + 250);
		ck_assert_int_le(out[0] + out[1] + out[2], -128 * 3 + 260);
	}
}
END_TEST

/* ---- refusals: one change to the model each ---- */
static void r_version(void) { model.version = 2; }
static void r_inputs(void) { model.ninputs = 2; }
static void r_no_ops(void) { model.nops = 0; }
static void r_output(void) { model.output = ids.in; }
static void r_batch(void) { model.tensor[ids.in].dim[0] = 2; }
static void r_float(void) { model.tensor[ids.conv].type = TINY_FLOAT32; }
static void r_unquantized(void) { model.tensor[ids.conv].nscales = 0; }
static void r_scale(void) { model.tensor[ids.conv].scale[0] = -1; }
static void r_zero(void) { model.tensor[ids.conv].zero = 128; }
static void r_dim(void) { model.tensor[ids.in].dim[1] = 65536; }
static void r_negative(void) { model.tensor[ids.in].dim[1] = -1; }
static void r_rank(void) { model.tensor[ids.in].rank = 5; }
static void r_huge(void) { model.tensor[ids.in].dim[1] = model.tensor[ids.in].dim[2] = 65535; }
static void r_operand(void) { model.op[OP2_ADD].in[1] = ids.dw_w; }
static void r_no_tensor(void) { model.op[OP2_ADD].in[1] = 99; }
static void r_early(void) { model.op[OP0_CONV].in[0] = ids.dw; }
static void r_twice(void) { model.op[OP2_ADD].out = ids.dw; }
static void r_mul(void) { model.op[OP2_ADD].code = 18; }
static void r_custom(void) { model.op[OP2_ADD].code = 32; model.op[OP2_ADD].custom = "My`Op"; }
static void r_late(void) { model.op[OP2_ADD].code = 150; }
static void r_unknown(void) { model.op[OP2_ADD].code = 4711; }
static void r_options(void) { model.op[OP3_MAX].options_type = 1; }
static void r_stride(void) { model.op[OP0_CONV].field[2] = 0; }
static void r_dilation(void) { model.op[OP0_CONV].field[4] = -1; }
static void r_padding(void) { model.op[OP0_CONV].field[0] = 2; }
static void r_size(void) { model.op[OP0_CONV].field[2] = 1; }
static void r_tanh(void) { model.op[OP0_CONV].field[3] = 4; }
static void r_w_zero(void) { model.tensor[ids.conv_w].zero = 1; }
static void r_w_scale(void) { model.tensor[ids.conv_w].scale[1] = 0; }
static void r_w_nscales(void) { model.tensor[ids.conv_w].nscales = 3; }
static void r_w_axis(void) { model.tensor[ids.conv_w].axis = 3; }
static void r_w_bytes(void) { model.tensor[ids.conv_w].bytes = 71; }
static void r_w_groups(void) { model.tensor[ids.conv_w].dim[3] = 3; model.tensor[ids.conv_w].bytes = 108; }
static void r_w_type(void) { model.tensor[ids.conv_w].type = TINY_FLOAT32; }
static void r_w_none(void) { model.op[OP0_CONV].nin = 1; }
static void r_bias(void) { model.tensor[ids.conv_b].dim[0] = 3; model.tensor[ids.conv_b].bytes = 12; }
static void r_range(void) { model.tensor[ids.conv].scale[0] = 1e-45f; model.tensor[ids.in].scale[0] = 3e38f; }
static void r_shapes(void) { model.tensor[ids.add].dim[3] = 2; }
static void r_add_scale(void) { model.tensor[ids.add].scale[0] = 1e-8f; }
static void r_pool_scale(void) { model.tensor[ids.max].scale[0] = 0.4f; }
static void r_pool_window(void) { model.op[OP3_MAX].field[3] = 4; }
static void r_reshape(void) { model.tensor[ids.flat].dim[1] = 5; }
static void r_dense(void) { model.tensor[ids.dense_w].dim[1] = 3; model.tensor[ids.dense_w].bytes = 9; }
static void r_dense_out(void) { model.tensor[ids.dense].dim[1] = 4; }
static void r_shuffled(void) { model.op[OP6_DENSE].field[1] = 1; }
static void r_prob(void) { model.tensor[ids.prob].zero = 0; }
static void r_beta(void) { model.op[OP7_SOFTMAX].field[0] = tiny_float(0); }

static const struct refusal { void (*change)(void); const char *text; } refusals[] = {
	{ r_version, "it has schema version 2, only 3 is supported" },
	{ r_inputs, "the network has 2 inputs and 1 outputs, one of each is supported" },
	{ r_no_ops, "the network has no operators" },
	{ r_output, "no operator makes the network's output" },
	{ r_batch, "tensor \"in\" has batch size 2, only 1 is supported" },
	{ r_float, "op 0 CONV_2D: tensor \"conv_*/\" is FLOAT32, only INT8 and INT16 are supported" },
	{ r_unquantized, "op 0 CONV_2D: tensor \"conv_*/\" is not quantized with one scale and zero point" },
	{ r_scale, "op 0 CONV_2D: tensor \"conv_*/\" has scale -1, it must be positive" },
	{ r_zero, "op 0 CONV_2D: tensor \"conv_*/\" has zero point 128, it must be in -128..127" },
	{ r_dim, "an activation tensor has dimension 65536, 1 to 65535 are supported" },
	{ r_negative, "an activation tensor has dimension -1, 1 to 65535 are supported" },
	{ r_rank, "an activation tensor has 5 dimensions, 1 to 4 are supported" },
	{ r_huge, "an activation tensor has more than 2^28 elements" },
	{ r_operand, "op 2 ADD: tensor \"dw_w\" is a constant, which is not supported as an activation" },
	{ r_no_tensor, "op 2 ADD: there is no tensor 99" },
	{ r_early, "op 0 CONV_2D: tensor \"dw\" is read before an operator makes it" },
	{ r_twice, "op 2 ADD: tensor \"dw\" is made twice" },
	{ r_mul, "op 2 MUL: this operator is not supported" },
	{ r_custom, "op 2 My`Op: this operator is not supported" },
	{ r_late, "op 2 GELU: this operator is not supported" },
	{ r_unknown, "op 2 builtin operator 4711: this operator is not supported" },
	{ r_options, "op 3 MAX_POOL_2D: its options are those of another operator" },
	{ r_stride, "op 0 CONV_2D: its stride is 0, 1 to 65535 are supported" },
	{ r_dilation, "op 0 CONV_2D: its dilation is -1, 1 to 65535 are supported" },
	{ r_padding, "op 0 CONV_2D: its padding is neither SAME nor VALID" },
	{ r_size, "op 0 CONV_2D: its output has 3 lines, its window makes 5" },
	{ r_tanh, "op 0 CONV_2D: fused activation 4 is not supported, NONE, RELU and RELU6 are" },
	{ r_w_zero, "op 0 CONV_2D: its weights have zero point 1, only 0 is supported" },
	{ r_w_scale, "op 0 CONV_2D: its weights have scale 0, it must be positive" },
	{ r_w_nscales, "op 0 CONV_2D: its weights have 3 scales for 4 output channels" },
	{ r_w_axis, "op 0 CONV_2D: its weights are quantized along dimension 3, not along their output channels" },
	{ r_w_bytes, "op 0 CONV_2D: its weights have 71 bytes of data, their shape needs 72" },
	{ r_w_groups, "op 0 CONV_2D: 4 input and 4 output channels do not divide into groups of 3 input channels" },
	{ r_w_type, "op 0 CONV_2D: its weights are FLOAT32, only INT8 and INT4 weights, INT32 and INT64 biases are supported" },
	{ r_w_none, "op 0 CONV_2D: it has no weights" },
	{ r_bias, "op 0 CONV_2D: it has 3 biases, 4 INT32 ones are needed" },
	{ r_range, "op 0 CONV_2D: the scale of output channel 0 is out of range" },
	{ r_shapes, "op 2 ADD: its operands differ in shape, broadcasting is not supported" },
	{ r_add_scale, "op 2 ADD: its output's scale 1e-08 is too small for its inputs' scales" },
	{ r_pool_scale, "op 3 MAX_POOL_2D: its input and output differ in scale or zero point" },
	{ r_pool_window, "op 3 MAX_POOL_2D: its output has 2 columns, its window makes 0" },
	{ r_reshape, "op 5 RESHAPE: its input and output differ in size" },
	{ r_dense, "op 6 FULLY_CONNECTED: its weights do not have shape outputs, 4 inputs" },
	{ r_dense_out, "op 6 FULLY_CONNECTED: its weights make 3 channels, its output has 4" },
	{ r_shuffled, "op 6 FULLY_CONNECTED: its weights are shuffled, which is not supported" },
	{ r_prob, "op 7 SOFTMAX: its output does not have scale 1/256 and zero point -128" },
	{ r_beta, "op 7 SOFTMAX: beta 0 times its input's scale 0.1 is out of range" },
};

START_TEST(refuses)
{
	refusals[_i].change();
	must_refuse(refusals[_i].text);
}
END_TEST

/* ---- the cursor: the last byte that may be read, and one more ---- */

/* Root at 4 with its field list behind it: field 0 at byte 4 of 8, field 1 a vector of two 32-bit numbers. */
static const uint8_t cursor_bytes[36] = {
	4, 0, 0, 0, 0xF4, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4, 12, 0, 0, 0, /* offset, table: soffset -12, field 0, field 1 */
	8, 0, 12, 0, 4, 0, 8, 0,                                     /* field list */
	2, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0,                          /* vector */
};

static struct fb_table open_cursor(struct flatbuf *f, const uint8_t *b, size_t n)
{
	struct fb_table t;

	fb_root(f, b, n, &t);
	return t;
}

START_TEST(cursor_reads)
{
	struct flatbuf f;
	struct fb_table t = open_cursor(&f, cursor_bytes, sizeof cursor_bytes);
	struct fb_vector v = fb_vec(&f, &t, 1, 4);

	ck_assert_ptr_null(f.why);
	ck_assert_int_eq(fb_int32(&f, &t, 0, -1), 0x04030201);
	ck_assert_int_eq(fb_int32(&f, &t, 2, -1), -1);
	ck_assert_uint_eq(v.n, 2);
	ck_assert_int_eq(fb_vec_int32(&f, &v, 1), 9);
	ck_assert_ptr_null(f.why);
}
END_TEST

START_TEST(cursor_refuses)
{
	uint8_t b[sizeof cursor_bytes];
	struct flatbuf f;
	struct fb_table t;

	t = open_cursor(&f, cursor_bytes, sizeof cursor_bytes - 1);
	ck_assert_uint_eq(fb_vec(&f, &t, 1, 4).n, 0);
	ck_assert_str_eq(f.why, "a list is longer than the file");
	ck_assert_uint_eq(f.bad, 24);
	t = open_cursor(&f, cursor_bytes, sizeof cursor_bytes);
	fb_uint64(&f, &t, 1, 0);            /* 8 bytes where 4 are left */
	ck_assert_str_eq(f.why, "a field lies outside its table");
	ck_assert_int_eq(fb_int32(&f, &t, 0, -1), -1);
	open_cursor(&f, cursor_bytes, 15);
	ck_assert_str_eq(f.why, "a table has no field list");
	open_cursor(&f, cursor_bytes, 23);
	ck_assert_str_eq(f.why, "a field list has an impossible size");
	memcpy(b, cursor_bytes, sizeof b);
	b[12] = 25;
	t = open_cursor(&f, b, sizeof b);
	fb_sub(&f, &t, 1);
	ck_assert_str_eq(f.why, "an offset points out of the file");
}
END_TEST

/* ---- damaged files ---- */

static int64_t work_of(const struct graph *n)
{
	int64_t work = 0;
	int i;

	for (i = 0; i < n->nops; i++) {
		const struct tensor *t = &n->tensors[n->ops[i].out];

		work += op_macs(n, &n->ops[i]) + (int64_t)t->h * t->w * t->c * n->ops[i].kh * n->ops[i].kw;
	}
	return work;
}

/* Accepted networks must run, refusals be one line. */
static void survive(const uint8_t *b, size_t n)
{
	static int8_t in[1 << 16], out[1 << 16];
	const struct tensor *x, *y;

	err[0] = 0;
	if (tflite_parse("m", b, n, &g, err, sizeof err)) {
		ck_assert_msg(strncmp(err, "m: ", 3) == 0 && !strchr(err, '\n'), "%s", err);
		return;
	}
	x = &g.tensors[g.input];
	y = &g.tensors[g.output];
	if (work_of(&g) < 100000 && x->h * x->w * x->c <= 1 << 16 && y->h * y->w * y->c <= 1 << 16)
		(void)graph_ref_run(&g, (enum rounding)(n % 3), in, out, NULL);
	graph_free(&g);
}

/* In a block of its own, so that AddressSanitizer sees reads beyond the end. */
static void survive_exact(const uint8_t *b, size_t n)
{
	uint8_t *copy = malloc(n + !n);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, b, n);
	survive(copy, n);
	free(copy);
}

START_TEST(survives_truncation)
{
	size_t n;

	tiny_write(&model, &file);
	for (n = 0; n < file.n; n++)
		survive_exact(file.b, n);
	ck_assert_int_eq(tflite_parse("m", file.b, 100, &g, err, sizeof err), -1);
	ck_assert_msg(strncmp(err, "m: truncated at byte ", 21) == 0, "%s", err);
}
END_TEST

START_TEST(survives_bit_flips)
{
	size_t i;

	tiny_write(&model, &file);
	for (i = 0; i < file.n * 8; i++) {
		file.b[i / 8] ^= (uint8_t)(1 << i % 8);
		survive_exact(file.b, file.n);
		file.b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}
END_TEST

/* Every aligned word replaced by values that overflow sizes and offsets. */
START_TEST(survives_extreme_words)
{
	static const uint32_t words[] = { 0, 1, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFC, 0x10000, 0xFFFF };
	uint8_t saved[4];
	size_t i, k;

	tiny_write(&model, &file);
	for (i = 0; i + 4 <= file.n; i += 2) {
		memcpy(saved, file.b + i, 4);
		for (k = 0; k < sizeof words / sizeof words[0]; k++) {
			tiny_put(&file, i, words[k], 4);
			survive_exact(file.b, file.n);
		}
		memcpy(file.b + i, saved, 4);
	}
}
END_TEST

START_TEST(refuses_other_files)
{
	static const uint8_t zip[] = "PK\003\004zip file";

	ck_assert_int_eq(tflite_parse("m", zip, sizeof zip, &g, err, sizeof err), -1);
	ck_assert_str_eq(err, "m: not a TensorFlow Lite model: bytes 4 to 7 are not \"TFL3\"");
	ck_assert_int_eq(tflite_parse("m", zip, 0, &g, err, sizeof err), -1);
	ck_assert_str_eq(err, "m: truncated at byte 0: too short for a header");
	ck_assert_int_eq(tflite_read("no/such.tflite", &g, err, sizeof err), -1);
	ck_assert_str_eq(err, "no/such.tflite: No such file or directory");
	ck_assert_int_eq(tflite_read("testbench", &g, err, sizeof err), -1);
	ck_assert_str_eq(err, "testbench: Is a directory");
}
END_TEST

START_TEST(refuses_float_model)
{
	char path[600], want[700];

	if (!shared_here())
		return;
	snprintf(path, sizeof path, "%s/models/resnet8_float.tflite", shared_dir());
	snprintf(want, sizeof want, "%s: tensor \"input_1\" is FLOAT32, only INT8 and INT16 are supported", path);
	ck_assert_int_eq(tflite_read(path, &g, err, sizeof err), -1);
	ck_assert_str_eq(err, want);
}
END_TEST

/* A sample of cuts and flips; the fuzzer does more. */
START_TEST(survives_damaged_real_model)
{
	size_t n, i;
	uint8_t *b;

	if (!shared_here())
		return;
	b = shared_load("models/dscnn_kws_int8.tflite", &n);
	ck_assert_ptr_nonnull(b);
	for (i = 0; i < n; i += 97)
		survive_exact(b, i);
	for (i = 0; i < n * 8; i += 61) {
		b[i / 8] ^= (uint8_t)(1 << i % 8);
		survive(b, n);
		b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tflite");
	TCase *t = tcase_create("tflite");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, reads_graph);
	tcase_add_test(t, reads_conv);
	tcase_add_test(t, reads_depthwise);
	tcase_add_test(t, reads_dense);
	tcase_add_test(t, reads_per_tensor_conv);
	tcase_add_test(t, reads_multiplier);
	tcase_add_test(t, runs_in_every_mode);
	tcase_add_loop_test(t, refuses, 0, (int)(sizeof refusals / sizeof refusals[0]));
	tcase_add_test(t, cursor_reads);
	tcase_add_test(t, cursor_refuses);
	tcase_add_test(t, survives_truncation);
	tcase_add_test(t, survives_bit_flips);
	tcase_add_test(t, survives_extreme_words);
	tcase_add_test(t, refuses_other_files);
	tcase_add_test(t, refuses_float_model);
	tcase_add_test(t, survives_damaged_real_model);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
