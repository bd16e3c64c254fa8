/* SPDX-License-Identifier: Apache-2.0 */
#include "tflite.h"
#include "tflite_reader.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_DESCRIPTION, MODEL_BUFFERS };
enum { SUBGRAPH_TENSORS, SUBGRAPH_INPUTS, SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS };
enum { MAX_FILE = 1 << 30 };

/* A violation of the file format comes first: what was read after it means nothing. */
int reader_fail(struct reader *r, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	if (r->f.why) {
		snprintf(r->err, r->errsize, "%s: truncated at byte %zu: %s", r->name, r->f.bad, r->f.why);
		return -1;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (r->op >= 0)
		snprintf(r->err, r->errsize, "%s: op %d %s: %s", r->name, r->op, r->op_name, text);
	else
		snprintf(r->err, r->errsize, "%s: %s", r->name, text);
	return -1;
}

int reader_take(struct reader *r, int64_t n)
{
	r->elements += n;
	if (r->elements > READER_MAX_ELEMENTS)
		return reader_fail(r, "the model has more than 2^28 elements");
	return 0;
}

static void sanitize(char *s)
{
	for (; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			*s = '_';
}

void reader_text(struct reader *r, const struct fb_vector *s, char *to, size_t size)
{
	size_t i, n = s->n < size - 1 ? s->n : size - 1;

	for (i = 0; i < n; i++)
		to[i] = r->f.data[s->at + i] ? (char)r->f.data[s->at + i] : '_';
	to[n] = 0;
	sanitize(to);
}

/* File name without directory and suffix. */
static void set_name(struct graph *g, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
	int n = (int)(dot && dot != base ? (size_t)(dot - base) : strlen(base));

	snprintf(g->name, sizeof g->name, "%.*s", n < 63 ? n : 63, base);
	sanitize(g->name);
}

/* Room for what the operators can add at most: each makes one tensor. */
static int allocate(struct reader *r)
{
	uint32_t i;

	r->g->tensors = calloc((size_t)r->operators.n + 1, sizeof *r->g->tensors);
	r->g->ops = calloc(r->operators.n, sizeof *r->g->ops);
	r->map = malloc(r->tensors.n * sizeof *r->map);
	if (!r->g->tensors || !r->g->ops || !r->map)
		return reader_fail(r, "out of memory");
	for (i = 0; i < r->tensors.n; i++)
		r->map[i] = -1;
	return 0;
}

static int read_ops(struct reader *r)
{
	uint32_t i;

	for (i = 0; i < r->operators.n; i++) {
		struct fb_table t = fb_vec_table(&r->f, &r->operators, i);
		struct op *o = &r->g->ops[r->g->nops++];

		r->op = o->index = (int)i;
		snprintf(r->op_name, sizeof r->op_name, "UNKNOWN");
		if (reader_op(r, &t, o))
			return -1;
		if (r->f.why)
			return reader_fail(r, "broken operator");
	}
	r->op = -1;
	return 0;
}

static int read_output(struct reader *r, int32_t tensor)
{
	if (tensor < 0 || (uint32_t)tensor >= r->tensors.n || r->map[tensor] <= 0)
		return reader_fail(r, "no operator makes the network's output");
	r->g->output = r->map[tensor];
	return 0;
}

static int read_subgraph(struct reader *r, const struct fb_table *s)
{
	struct fb_vector in = fb_vec(&r->f, s, SUBGRAPH_INPUTS, 4), out = fb_vec(&r->f, s, SUBGRAPH_OUTPUTS, 4);

	r->tensors = fb_vec(&r->f, s, SUBGRAPH_TENSORS, 4);
	r->operators = fb_vec(&r->f, s, SUBGRAPH_OPERATORS, 4);
	if (r->f.why || in.n != 1 || out.n != 1)
		return reader_fail(r, "the network has %lu inputs and %lu outputs, one of each is supported",
			(unsigned long)in.n, (unsigned long)out.n);
	if (!r->operators.n || !r->tensors.n)
		return reader_fail(r, "the network has no operators");
	if (allocate(r) || reader_activation(r, fb_vec_int32(&r->f, &in, 0), &r->g->input) || read_ops(r))
		return -1;
	return read_output(r, fb_vec_int32(&r->f, &out, 0));
}

static int read_model(struct reader *r, const struct fb_table *model)
{
	struct fb_vector subgraphs = fb_vec(&r->f, model, MODEL_SUBGRAPHS, 4);
	int32_t version = fb_int32(&r->f, model, MODEL_VERSION, 0);
	struct fb_table s;

	r->codes = fb_vec(&r->f, model, MODEL_CODES, 4);
	r->buffers = fb_vec(&r->f, model, MODEL_BUFFERS, 4);
	if (r->f.why || version != 3)
		return reader_fail(r, "it has schema version %ld, only 3 is supported", (long)version);
	if (subgraphs.n != 1)
		return reader_fail(r, "it has %lu subgraphs, only one is supported", (unsigned long)subgraphs.n);
	s = fb_vec_table(&r->f, &subgraphs, 0);
	return read_subgraph(r, &s);
}

int tflite_parse(const char *name, const uint8_t *buf, size_t len, struct graph *g, char *err, size_t errsize)
{
	struct reader r;
	struct fb_table model;
	int status;

	memset(&r, 0, sizeof r);
	memset(g, 0, sizeof *g);
	r.g = g;
	r.name = name;
	r.err = err;
	r.errsize = errsize;
	r.op = -1;
	set_name(g, name);
	fb_root(&r.f, buf, len, &model);
	if (len >= 8 && memcmp(buf + 4, "TFL3", 4)) {
		r.f.why = NULL;
		status = reader_fail(&r, "not a TensorFlow Lite model: bytes 4 to 7 are not \"TFL3\"");
	} else {
		status = read_model(&r, &model);
	}
	free(r.map);
	if (status)
		graph_free(g);
	return status;
}

/* Whole file, owned by the caller; NULL with errno. */
static uint8_t *read_all(FILE *f, size_t *len)
{
	uint8_t *buf = NULL, *more;
	size_t capacity = 0, got;

	*len = 0;
	do {
		capacity = capacity * 2 + 65536;
		more = capacity <= MAX_FILE ? realloc(buf, capacity) : NULL;
		if (!more) {
			free(buf);
			errno = capacity <= MAX_FILE ? ENOMEM : EFBIG;
			return NULL;
		}
		buf = more;
		got = fread(buf + *len, 1, capacity - *len, f);
		*len += got;
	} while (got && *len == capacity);
	if (!ferror(f))
		return buf;
	free(buf);
	return NULL;
}

uint8_t *tflite_load(const char *path, size_t *len, char *err, size_t errsize)
{
	FILE *f = fopen(path, "rb");
	uint8_t *buf = f ? read_all(f, len) : NULL;

	if (!buf)
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
	if (f)
		fclose(f);
	return buf;
}

int tflite_read(const char *path, struct graph *g, char *err, size_t errsize)
{
	size_t len = 0;
	uint8_t *buf = tflite_load(path, &len, err, errsize);
	int status;

	memset(g, 0, sizeof *g);
	if (!buf)
		return -1;
	status = tflite_parse(path, buf, len, g, err, errsize);
	free(buf);
	return status;
}
