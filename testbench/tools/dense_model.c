/* SPDX-License-Identifier: Apache-2.0
 * dense_model OUT.tflite SEED DENSITY VALUES N0 N1 ...: a .tflite of fully connected layers N0 -> N1 -> ... with seeded int8
 * weights. A weight is other than zero with probability DENSITY; it is one of VALUES values (a codebook), of any when VALUES
 * is 0. Hidden layers end in RELU. Scales are such that outputs spread over int8. The file follows the schema of TensorFlow
 * Lite, version 3, with every table's fields 8 bytes apart; nothing else is read by importers.
 *   dense_model --input OUT SEED DENSITY N: N activations for it, other than zero with probability DENSITY. */
#include "testbench/random_graph.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS_MAX = 32, INT8 = 9, INT32 = 2, FULLY_CONNECTED = 9, OPTIONS_FULLY_CONNECTED = 8, RELU = 1 };

struct file {
	uint8_t *b;
	size_t n, room;
};

static void need(struct file *f, size_t n)
{
	if (n <= f->room)
		return;
	f->b = realloc(f->b, 2 * n);
	if (!f->b) {
		fprintf(stderr, "dense_model: out of memory\n");
		exit(1);
	}
	memset(f->b + f->room, 0, 2 * n - f->room);
	f->room = 2 * n;
}

static void put(struct file *f, size_t at, uint64_t v, int bytes)
{
	int i;

	need(f, at + (size_t)bytes);
	for (i = 0; i < bytes; i++)
		f->b[at + (size_t)i] = (uint8_t)(v >> 8 * i);
	if (f->n < at + (size_t)bytes)
		f->n = at + (size_t)bytes;
}

static void align(struct file *f) { f->n = (f->n + 7) / 8 * 8; }

/* A table with `fields` absent fields, which the offset at `at` points to. */
static size_t table(struct file *f, size_t at, int fields)
{
	size_t vtable, t;

	align(f);
	vtable = f->n;
	t = (vtable + 4 + 2 * (size_t)fields + 7) / 8 * 8;
	put(f, at, t - at, 4);
	put(f, vtable, 4 + 2 * (uint64_t)fields, 2);
	put(f, vtable + 2, 8 + 8 * (uint64_t)fields, 2);
	put(f, t, t - vtable, 4);
	put(f, t + 8 * (size_t)fields, 0, 8);
	return t;
}

static size_t field(struct file *f, size_t t, int id)
{
	size_t vtable = t - f->b[t] - (size_t)f->b[t + 1] * 256;

	put(f, vtable + 4 + 2 * (size_t)id, 8 + 8 * (uint64_t)id, 2);
	return t + 8 + 8 * (size_t)id;
}

static void set(struct file *f, size_t t, int id, uint64_t v) { put(f, field(f, t, id), v, 8); }

/* A vector of n elements of `size` bytes; where element 0 is. */
static size_t vector(struct file *f, size_t t, int id, size_t n, size_t size)
{
	size_t at = field(f, t, id), start;

	align(f);
	start = f->n;
	put(f, at, start - at, 4);
	put(f, start, n, 4);
	need(f, start + 4 + n * size);
	f->n = start + 4 + n * size;
	return start + 4;
}

static void ints(struct file *f, size_t t, int id, const int *v, int n)
{
	size_t at = vector(f, t, id, (size_t)n, 4);
	int i;

	for (i = 0; i < n; i++)
		put(f, at + 4 * (size_t)i, (uint64_t)v[i], 4);
}

static uint64_t bits_of(double v)
{
	float x = (float)v;
	uint32_t bits;

	memcpy(&bits, &x, 4);
	return bits;
}

struct map {
	const char *name;
	int type, dim[2], rank, zero, buffer;
	double scale;
};

static void put_map(struct file *f, size_t at, const struct map *x)
{
	size_t t = table(f, at, 5), q, v, n = strlen(x->name);

	ints(f, t, 0, x->dim, x->rank);
	set(f, t, 1, (uint64_t)x->type);
	set(f, t, 2, (uint64_t)x->buffer);
	v = vector(f, t, 3, n, 1);
	memcpy(f->b + v, x->name, n);
	q = table(f, field(f, t, 4), 7);
	put(f, vector(f, q, 2, 1, 4), bits_of(x->scale), 4);
	put(f, vector(f, q, 3, 1, 8), (uint64_t)x->zero, 8);
}

struct net {
	int n[LAYERS_MAX + 1], layers, values;
	double density, scale[LAYERS_MAX + 1];
	struct rng rng;
};

static const double weight_scale = 0.01;

static int weight(struct net *m)
{
	int v;

	if (rng_next(&m->rng) % 1000000 >= (uint32_t)(m->density * 1000000))
		return 0;
	if (m->values)
		v = rng_range(&m->rng, 1, m->values - 1) * 254 / m->values - 127;
	else
		v = rng_range(&m->rng, -127, 127);
	return v ? v : 1;
}

/* A layer's sums deviate by 80 steps of its output: from the root mean squares of its weights and inputs (uniform in the
 * first layer, behind RELU in the others). */
static void scales(struct net *m)
{
	int i;

	m->scale[0] = 0.05;
	for (i = 0; i < m->layers; i++)
		m->scale[i + 1] = m->scale[i] * weight_scale * 73 * (i ? 57 : 73) * sqrt(m->n[i] * m->density) / 80;
}

static void put_graph(struct file *f, size_t model, const struct net *m)
{
	size_t v = vector(f, model, 2, 1, 4), g = table(f, v, 4), t;
	int i, first = 0, last = 3 * m->layers;

	ints(f, g, 1, &first, 1);
	ints(f, g, 2, &last, 1);
	v = vector(f, g, 0, (size_t)(3 * m->layers + 1), 4);
	for (i = 0; i <= m->layers; i++) {
		struct map x = { "activations", INT8, { 1, m->n[i] }, 2, i && i < m->layers ? -128 : 0, 0, m->scale[i] };

		put_map(f, v + 12 * (size_t)i, &x);
		if (i == m->layers)
			break;
		x = (struct map){ "weights", INT8, { m->n[i + 1], m->n[i] }, 2, 0, 1 + 2 * i, weight_scale };
		put_map(f, v + 12 * (size_t)i + 4, &x);
		x = (struct map){ "bias", INT32, { m->n[i + 1], 0 }, 1, 0, 2 + 2 * i, weight_scale * m->scale[i] };
		put_map(f, v + 12 * (size_t)i + 8, &x);
	}
	v = vector(f, g, 3, (size_t)m->layers, 4);
	for (i = 0; i < m->layers; i++) {
		const int in[3] = { 3 * i, 3 * i + 1, 3 * i + 2 }, out = 3 * i + 3;

		t = table(f, v + 4 * (size_t)i, 5);
		set(f, t, 0, 0);
		ints(f, t, 1, in, 3);
		ints(f, t, 2, &out, 1);
		set(f, t, 3, OPTIONS_FULLY_CONNECTED);
		t = table(f, field(f, t, 4), 1);
		set(f, t, 0, i + 1 < m->layers ? RELU : 0);
	}
}

static void put_buffers(struct file *f, size_t model, struct net *m)
{
	size_t v = vector(f, model, 4, (size_t)(2 * m->layers + 1), 4), t, d, k;
	int i, j;

	table(f, v, 1);
	for (i = 0; i < m->layers; i++) {
		size_t size = (size_t)m->n[i] * (size_t)m->n[i + 1];

		t = table(f, v + 4 + 8 * (size_t)i, 1);
		d = vector(f, t, 0, size, 1);
		for (k = 0; k < size; k++)
			f->b[d + k] = (uint8_t)weight(m);
		t = table(f, v + 8 + 8 * (size_t)i, 1);
		d = vector(f, t, 0, 4 * (size_t)m->n[i + 1], 1);
		for (j = 0; j < m->n[i + 1]; j++)
			put(f, d + 4 * (size_t)j, (uint64_t)rng_range(&m->rng, -2000, 2000), 4);
	}
}

static void put_model(struct file *f, struct net *m)
{
	size_t model, code;

	memset(f, 0, sizeof *f);
	put(f, 0, 0, 8);
	memcpy(f->b + 4, "TFL3", 4);
	model = table(f, 0, 5);
	set(f, model, 0, 3);
	code = table(f, vector(f, model, 1, 1, 4), 4);
	set(f, code, 0, FULLY_CONNECTED);
	set(f, code, 2, 4); /* version: per-tensor scales */
	set(f, code, 3, FULLY_CONNECTED);
	put_graph(f, model, m);
	put_buffers(f, model, m);
}

static int write_file(const char *path, const uint8_t *b, size_t n)
{
	FILE *out = fopen(path, "wb");
	int failed = !out || fwrite(b, 1, n, out) != n;

	if (out && fclose(out))
		failed = 1;
	if (failed)
		perror(path);
	return failed;
}

static int write_input(char **argv)
{
	struct rng r = { strtoull(argv[3], NULL, 10) };
	double density = strtod(argv[4], NULL);
	int n = atoi(argv[5]), i, failed;
	uint8_t *b;

	if (n < 1 || n > 65535 || !(density > 0 && density <= 1)) {
		fprintf(stderr, "dense_model: N is 1 to 65535, DENSITY above 0 up to 1\n");
		return 2;
	}
	b = calloc((size_t)n, 1);
	if (!b)
		return 1;
	for (i = 0; i < n; i++)
		if (rng_next(&r) % 1000000 < (uint32_t)(density * 1000000))
			b[i] = (uint8_t)rng_range(&r, 1, 127);
	failed = write_file(argv[2], b, (size_t)n);
	free(b);
	return failed;
}

int main(int argc, char **argv)
{
	struct net m = { .layers = argc - 6 };
	struct file f;
	int i, failed;

	if (argc == 6 && strcmp(argv[1], "--input") == 0)
		return write_input(argv);
	if (m.layers < 1 || m.layers > LAYERS_MAX) {
		fprintf(stderr, "usage: dense_model OUT.tflite SEED DENSITY VALUES N0 N1 ...: up to %d layers\n", LAYERS_MAX);
		return 2;
	}
	m.rng.s = strtoull(argv[2], NULL, 10);
	m.density = strtod(argv[3], NULL);
	m.values = atoi(argv[4]);
	for (i = 0; i <= m.layers; i++)
		m.n[i] = atoi(argv[5 + i]);
	for (i = 0; i <= m.layers; i++)
		if (m.n[i] < 1 || m.n[i] > 65535 || !(m.density > 0 && m.density <= 1) || m.values < 0 || m.values == 1 || m.values > 255) {
			fprintf(stderr, "dense_model: widths are 1 to 65535, DENSITY above 0 up to 1, VALUES 0 or 2 to 255\n");
			return 2;
		}
	scales(&m);
	put_model(&f, &m);
	failed = write_file(argv[1], f.b, f.n);
	free(f.b);
	return failed;
}
