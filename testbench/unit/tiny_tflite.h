/* SPDX-License-Identifier: Apache-2.0
 * Writes small .tflite files for tests: describe tensors and operators, change what the test is about, tiny_write(). */
#ifndef SYSTOLE_TINY_TFLITE_H
#define SYSTOLE_TINY_TFLITE_H
#include <stdint.h>
#include <string.h>

enum { TINY_BYTES = 16384, TINY_TENSORS = 24, TINY_OPS = 8 };
enum { TINY_FLOAT32 = 0, TINY_INT32 = 2, TINY_INT64 = 4, TINY_INT16 = 7, TINY_INT8 = 9, TINY_INT4 = 17 };
enum { TINY_ADD = 0, TINY_AVERAGE = 1, TINY_CONV = 3, TINY_DEPTHWISE = 4, TINY_DENSE = 9, TINY_MAX = 17, TINY_RESHAPE = 22, TINY_SOFTMAX = 25 };

struct tiny_tensor {
	const char *name;
	int rank, dim[5], type;
	float scale[8];
	int nscales, axis;
	int64_t zero;
	uint8_t data[512];
	int bytes;
};

struct tiny_op {
	int code;
	const char *custom;     /* NULL: none */
	int in[3], nin, out;
	int options_type, nfields;
	int32_t field[8];       /* of the options, all of them stored as 32 bits */
};

struct tiny_model {
	int version, ninputs, input, output;
	struct tiny_tensor tensor[TINY_TENSORS];
	int ntensors;
	struct tiny_op op[TINY_OPS];
	int nops;
};

struct tiny_file {
	uint8_t b[TINY_BYTES];
	size_t n;
};

static void tiny_put(struct tiny_file *f, size_t at, uint64_t v, int bytes)
{
	int i;

	for (i = 0; i < bytes; i++)
		f->b[at + (size_t)i] = (uint8_t)(v >> (8 * i));
}

/* Makes the offset at `at` point to what is written next. */
static void tiny_point(struct tiny_file *f, size_t at)
{
	f->n = (f->n + 7) / 8 * 8;
	tiny_put(f, at, f->n - at, 4);
}

/* A table of absent fields, 8 bytes each. */
static size_t tiny_table(struct tiny_file *f, int fields)
{
	size_t vtable = f->n, table = (vtable + 4 + 2 * (size_t)fields + 7) / 8 * 8;

	tiny_put(f, vtable, 4 + 2 * (uint64_t)fields, 2);
	tiny_put(f, vtable + 2, 8 + 8 * (uint64_t)fields, 2);
	tiny_put(f, table, table - vtable, 4);
	f->n = table + 8 + 8 * (size_t)fields;
	return table;
}

/* Points an offset to a new table. */
static size_t tiny_child(struct tiny_file *f, size_t at, int fields)
{
	size_t table;

	f->n = (f->n + 7) / 8 * 8;
	table = tiny_table(f, fields);
	tiny_put(f, at, table - at, 4);
	return table;
}

static size_t tiny_field(struct tiny_file *f, size_t table, int id)
{
	size_t vtable = table - f->b[table] - (size_t)f->b[table + 1] * 256;

	tiny_put(f, vtable + 4 + 2 * (size_t)id, 8 + 8 * (uint64_t)id, 2);
	return table + 8 + 8 * (size_t)id;
}

static void tiny_set(struct tiny_file *f, size_t table, int id, int64_t v)
{
	tiny_put(f, tiny_field(f, table, id), (uint64_t)v, 8);
}

/* A vector; its element 0. */
static size_t tiny_vector(struct tiny_file *f, size_t table, int id, int count, int size)
{
	size_t at;

	tiny_point(f, tiny_field(f, table, id));
	tiny_put(f, f->n, (uint64_t)count, 4);
	at = f->n + 4;
	f->n = at + (size_t)count * (size_t)size;
	return at;
}

static void tiny_ints(struct tiny_file *f, size_t table, int id, const int *v, int n)
{
	size_t at = tiny_vector(f, table, id, n, 4);
	int i;

	for (i = 0; i < n; i++)
		tiny_put(f, at + 4 * (size_t)i, (uint64_t)v[i], 4);
}

static void tiny_bytes(struct tiny_file *f, size_t table, int id, const void *v, size_t n)
{
	memcpy(f->b + tiny_vector(f, table, id, (int)n, 1), v, n);
}

static int32_t tiny_float(float v)
{
	int32_t bits;

	memcpy(&bits, &v, 4);
	return bits;
}

static void tiny_write_tensor(struct tiny_file *f, size_t at, const struct tiny_tensor *t, int buffer)
{
	size_t table = tiny_child(f, at, 5), q, v;
	int i;

	tiny_set(f, table, 1, t->type);
	tiny_set(f, table, 2, buffer);
	tiny_ints(f, table, 0, t->dim, t->rank);
	tiny_bytes(f, table, 3, t->name, strlen(t->name));
	if (!t->nscales)
		return;
	q = tiny_child(f, tiny_field(f, table, 4), 7);
	tiny_set(f, q, 6, t->axis);
	v = tiny_vector(f, q, 2, t->nscales, 4);
	for (i = 0; i < t->nscales; i++)
		tiny_put(f, v + 4 * (size_t)i, (uint64_t)tiny_float(t->scale[i]), 4);
	v = tiny_vector(f, q, 3, t->nscales, 8);
	for (i = 0; i < t->nscales; i++)
		tiny_put(f, v + 8 * (size_t)i, (uint64_t)t->zero, 8);
}

static void tiny_write_op(struct tiny_file *f, size_t at, const struct tiny_op *o, int code)
{
	size_t table = tiny_child(f, at, 5), options;
	int i;

	tiny_set(f, table, 0, code);
	tiny_ints(f, table, 1, o->in, o->nin);
	tiny_ints(f, table, 2, &o->out, 1);
	if (!o->options_type)
		return;
	tiny_set(f, table, 3, o->options_type);
	options = tiny_child(f, tiny_field(f, table, 4), o->nfields);
	for (i = 0; i < o->nfields; i++)
		tiny_set(f, options, i, o->field[i]);
}

static void tiny_write_codes(struct tiny_file *f, size_t model, const struct tiny_model *m)
{
	size_t v = tiny_vector(f, model, 1, m->nops, 4), code;
	int i;

	for (i = 0; i < m->nops; i++) {
		code = tiny_child(f, v + 4 * (size_t)i, 4);
		tiny_set(f, code, 0, m->op[i].code < 127 ? m->op[i].code : 127);
		tiny_set(f, code, 3, m->op[i].code);
		if (m->op[i].custom)
			tiny_bytes(f, code, 1, m->op[i].custom, strlen(m->op[i].custom));
	}
}

/* Buffer 0 is empty, buffer i + 1 is that of tensor i. */
static void tiny_write_buffers(struct tiny_file *f, size_t model, const struct tiny_model *m)
{
	size_t v = tiny_vector(f, model, 4, m->ntensors + 1, 4), buffer;
	int i;

	for (i = 0; i <= m->ntensors; i++) {
		buffer = tiny_child(f, v + 4 * (size_t)i, 1);
		if (i && m->tensor[i - 1].bytes)
			tiny_bytes(f, buffer, 0, m->tensor[i - 1].data, (size_t)m->tensor[i - 1].bytes);
	}
}

static void tiny_write(const struct tiny_model *m, struct tiny_file *f)
{
	int inputs[2] = { m->input, m->input }, i;
	size_t model, graph, v;

	memset(f, 0, sizeof *f);
	memcpy(f->b + 4, "TFL3", 4);
	f->n = 8;
	model = tiny_child(f, 0, 5);
	tiny_set(f, model, 0, m->version);
	tiny_write_codes(f, model, m);
	graph = tiny_child(f, tiny_vector(f, model, 2, 1, 4), 4);
	tiny_ints(f, graph, 1, inputs, m->ninputs);
	tiny_ints(f, graph, 2, &m->output, 1);
	v = tiny_vector(f, graph, 0, m->ntensors, 4);
	for (i = 0; i < m->ntensors; i++)
		tiny_write_tensor(f, v + 4 * (size_t)i, &m->tensor[i], i + 1);
	v = tiny_vector(f, graph, 3, m->nops, 4);
	for (i = 0; i < m->nops; i++)
		tiny_write_op(f, v + 4 * (size_t)i, &m->op[i], i);
	tiny_write_buffers(f, model, m);
}

/* ---- the model that tests start from: every operator once ---- */

static int tiny_activation(struct tiny_model *m, const char *name, int h, int w, int c, float scale, int zero)
{
	struct tiny_tensor t = { .name = name, .rank = 4, .dim = { 1, h, w, c }, .type = TINY_INT8, .scale = { scale }, .nscales = 1, .zero = zero };

	m->tensor[m->ntensors] = t;
	return m->ntensors++;
}

/* Data: a fixed sequence; values may be negative. */
static int tiny_constant(struct tiny_model *m, const char *name, int type, int d0, int d1, int d2, int d3)
{
	struct tiny_tensor t = { .name = name, .rank = 4, .dim = { d0, d1, d2, d3 }, .type = type };
	int i;

	t.rank = d3 ? 4 : d1 ? 2 : 1;
	t.bytes = d0 * (d1 ? d1 : 1) * (d2 ? d2 : 1) * (d3 ? d3 : 1) * (type == TINY_INT32 ? 4 : 1);
	for (i = 0; i < t.bytes; i++)
		t.data[i] = (uint8_t)(type == TINY_INT32 ? (i % 4 ? 0 : 7 * i) : 37 * i + 11);
	m->tensor[m->ntensors] = t;
	return m->ntensors++;
}

static void tiny_scales(struct tiny_model *m, int tensor, int n, int axis)
{
	int i;

	m->tensor[tensor].nscales = n;
	m->tensor[tensor].axis = axis;
	for (i = 0; i < n; i++)
		m->tensor[tensor].scale[i] = 0.0125f * (float)(i + 1);
}

static struct tiny_op *tiny_op(struct tiny_model *m, int code, int in, int out, int options_type, int nfields)
{
	struct tiny_op *o = &m->op[m->nops++];

	memset(o, 0, sizeof *o);
	o->code = code;
	o->in[0] = in;
	o->nin = 1;
	o->out = out;
	o->options_type = options_type;
	o->nfields = nfields;
	return o;
}

static void tiny_fields(struct tiny_op *o, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f, int32_t g)
{
	int32_t v[7] = { a, b, c, d, e, f, g };

	memcpy(o->field, v, sizeof v);
}

/* Its int8 data, which must be narrow, two to a byte. */
static inline void tiny_pack_int4(struct tiny_tensor *t)
{
	int i, n = t->bytes;

	t->type = TINY_INT4;
	t->bytes = (n + 1) / 2;
	for (i = 0; i < n; i++) {
		uint8_t half = t->data[i] & 15;

		t->data[i / 2] = (uint8_t)(i % 2 ? (t->data[i / 2] & 15) | half << 4 : half);
	}
}

enum { /* operators and some tensors of tiny_init() */
	OP0_CONV, OP1_DEPTHWISE, OP2_ADD, OP3_MAX, OP4_AVERAGE, OP5_RESHAPE, OP6_DENSE, OP7_SOFTMAX,
};

struct tiny_ids { int in, conv, conv_w, conv_b, dw, dw_w, add, max, avg, flat, dense, dense_w, prob; };

/* in 5x6x4 -> conv 3x3x4 -> dw 3x3x4; conv + dw = add -> max 2x2x4 -> avg 1x1x4 -> flat 4 -> dense 3 -> prob 3 */
static struct tiny_ids tiny_init(struct tiny_model *m)
{
	struct tiny_ids t;
	struct tiny_op *o;

	memset(m, 0, sizeof *m);
	m->version = 3;
	m->ninputs = 1;
	t.in = tiny_activation(m, "in", 5, 6, 4, 0.5f, 3);
	t.conv = tiny_activation(m, "conv\n*/", 3, 3, 4, 0.25f, -10);
	t.dw = tiny_activation(m, "dw", 3, 3, 4, 0.125f, 5);
	t.add = tiny_activation(m, "add", 3, 3, 4, 0.3f, -128);
	t.max = tiny_activation(m, "max", 2, 2, 4, 0.3f, -128);
	t.avg = tiny_activation(m, "avg", 1, 1, 4, 0.3f, -128);
	t.flat = tiny_activation(m, "flat", 4, 0, 0, 0.3f, -128);
	t.dense = tiny_activation(m, "dense", 3, 0, 0, 0.1f, 20);
	t.prob = tiny_activation(m, "prob", 3, 0, 0, 1.0f / 256, -128);
	m->tensor[t.flat].rank = m->tensor[t.dense].rank = m->tensor[t.prob].rank = 2;
	t.conv_w = tiny_constant(m, "conv_w", TINY_INT8, 4, 3, 3, 2);
	t.conv_b = tiny_constant(m, "conv_b", TINY_INT32, 4, 0, 0, 0);
	t.dw_w = tiny_constant(m, "dw_w", TINY_INT8, 1, 2, 2, 4);
	t.dense_w = tiny_constant(m, "dense_w", TINY_INT8, 3, 4, 0, 0);
	tiny_scales(m, t.conv_w, 4, 0);
	tiny_scales(m, t.dw_w, 4, 3);
	tiny_scales(m, t.dense_w, 1, 0);
	m->input = t.in;
	m->output = t.prob;
	o = tiny_op(m, TINY_CONV, t.in, t.conv, 1, 6);
	tiny_fields(o, 0, 2, 2, 1, 1, 1, 0);    /* SAME, strides, RELU, dilations */
	o->in[1] = t.conv_w;
	o->in[2] = t.conv_b;
	o->nin = 3;
	o = tiny_op(m, TINY_DEPTHWISE, t.conv, t.dw, 2, 7);
	tiny_fields(o, 0, 1, 1, 1, 3, 2, 1);    /* SAME, strides, multiplier, RELU6, dilation 2 across */
	o->in[1] = t.dw_w;
	o->in[2] = -1;
	o->nin = 3;
	o = tiny_op(m, TINY_ADD, t.conv, t.add, 11, 2);
	o->in[1] = t.dw;
	o->nin = 2;
	o = tiny_op(m, TINY_MAX, t.add, t.max, 5, 6);
	tiny_fields(o, 1, 1, 1, 2, 2, 0, 0);    /* VALID, strides, 2x2 */
	o = tiny_op(m, TINY_AVERAGE, t.max, t.avg, 5, 6);
	tiny_fields(o, 1, 2, 2, 2, 2, 0, 0);
	tiny_op(m, TINY_RESHAPE, t.avg, t.flat, 0, 0);
	o = tiny_op(m, TINY_DENSE, t.flat, t.dense, 8, 2);
	o->in[1] = t.dense_w;
	o->nin = 2;
	o = tiny_op(m, TINY_SOFTMAX, t.dense, t.prob, 9, 1);
	o->field[0] = tiny_float(1.0f);
	return t;
}

#endif
