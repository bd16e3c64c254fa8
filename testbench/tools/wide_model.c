/* SPDX-License-Identifier: Apache-2.0
 * wide_model OUT.tflite: a small network with int16 activations, int8 weights and int64 biases, fixed numbers:
 * 20x20x4 -> conv 3x3x8 -> conv 3x3x6, stride 2 -> depthwise 3x3 -> average of all -> fully connected, 10. */
#include "testbench/unit/tiny_tflite.h"
#include <stdio.h>

static int map_of(struct tiny_model *m, const char *name, int h, int w, int c, float scale)
{
	int t = tiny_activation(m, name, h, w, c, scale, 0);

	m->tensor[t].type = TINY_INT16;
	return t;
}

/* n biases of eight bytes, as wide as sums are. */
static int biases(struct tiny_model *m, const char *name, int n)
{
	int t = tiny_constant(m, name, TINY_INT8, 8 * n, 0, 0, 0), i;

	m->tensor[t].type = TINY_INT64;
	m->tensor[t].dim[0] = n;
	for (i = 0; i < n; i++) {
		int64_t v = (i - n / 2) * INT64_C(1234567);

		memcpy(m->tensor[t].data + 8 * i, &v, sizeof v);
	}
	return t;
}

static void mac(struct tiny_model *m, int code, int in, int out, int weights, int n, int axis, int options, int nfields, const int32_t *f)
{
	struct tiny_op *o = tiny_op(m, code, in, out, options, nfields);

	tiny_scales(m, weights, n, axis);
	tiny_fields(o, f[0], f[1], f[2], f[3], f[4], f[5], f[6]);
	o->in[1] = weights;
	o->in[2] = biases(m, "bias", m->tensor[out].dim[m->tensor[out].rank - 1]);
	o->nin = 3;
}

static void make(struct tiny_model *m)
{
	int a, b, c, d, e, f;
	struct tiny_op *o;

	memset(m, 0, sizeof *m);
	m->version = 3;
	m->ninputs = 1;
	a = map_of(m, "in", 20, 20, 4, 1.0f / 4096);
	b = map_of(m, "first", 20, 20, 8, 1.0f / 256);
	c = map_of(m, "second", 10, 10, 6, 1.0f / 64);
	d = map_of(m, "third", 10, 10, 6, 1.0f / 64);
	e = map_of(m, "mean", 1, 1, 6, 1.0f / 64);
	f = map_of(m, "out", 10, 0, 0, 1.0f / 64);
	m->tensor[f].rank = 2;
	m->tensor[f].dim[0] = 1;
	m->tensor[f].dim[1] = 10;
	m->input = a;
	m->output = f;
	mac(m, TINY_CONV, a, b, tiny_constant(m, "w1", TINY_INT8, 8, 3, 3, 4), 8, 0, 1, 6, (const int32_t[7]){ 0, 1, 1, 1, 1, 1, 0 });
	mac(m, TINY_CONV, b, c, tiny_constant(m, "w2", TINY_INT8, 6, 3, 3, 8), 6, 0, 1, 6, (const int32_t[7]){ 0, 2, 2, 0, 1, 1, 0 });
	mac(m, TINY_DEPTHWISE, c, d, tiny_constant(m, "w3", TINY_INT8, 1, 3, 3, 6), 6, 3, 2, 7, (const int32_t[7]){ 0, 1, 1, 1, 0, 1, 1 });
	o = tiny_op(m, TINY_AVERAGE, d, e, 5, 6);
	tiny_fields(o, 1, 10, 10, 10, 10, 0, 0);
	mac(m, TINY_DENSE, e, f, tiny_constant(m, "w4", TINY_INT8, 10, 6, 0, 0), 1, 0, 8, 2, (const int32_t[7]){ 0 });
}

int main(int argc, char **argv)
{
	static struct tiny_model m;
	static struct tiny_file f;
	FILE *out;
	int failed;

	(void)tiny_init;
	if (argc != 2) {
		fprintf(stderr, "usage: wide_model OUT.tflite\n");
		return 2;
	}
	make(&m);
	tiny_write(&m, &f);
	out = fopen(argv[1], "wb");
	failed = !out || fwrite(f.b, 1, f.n, out) != f.n;
	if (out && fclose(out))
		failed = 1;
	if (failed)
		perror(argv[1]);
	return failed;
}
