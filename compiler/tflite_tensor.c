/* SPDX-License-Identifier: Apache-2.0 */
#include "tflite_reader.h"
#include <math.h>
#include <string.h>

enum { TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_NAME, TENSOR_QUANTIZATION, TENSOR_IS_VARIABLE, TENSOR_SPARSITY };
enum { QUANTIZATION_SCALE = 2, QUANTIZATION_ZERO_POINT, QUANTIZATION_DETAILS_TYPE, QUANTIZATION_DETAILS, QUANTIZATION_DIMENSION };
enum { BUFFER_DATA, BUFFER_OFFSET, BUFFER_SIZE };

static const char *type_name(int type)
{
	static const char *const names[] = {
		"FLOAT32", "FLOAT16", "INT32", "UINT8", "INT64", "STRING", "BOOL", "INT16", "COMPLEX64", "INT8", "FLOAT64",
		"COMPLEX128", "UINT64", "RESOURCE", "VARIANT", "UINT32", "UINT16", "INT4", "BFLOAT16",
	};

	return type >= 0 && (size_t)type < sizeof names / sizeof names[0] ? names[type] : "of an unknown type";
}

static int open_tensor(struct reader *r, int32_t tensor, struct fb_table *t)
{
	if (tensor < 0 || (uint32_t)tensor >= r->tensors.n)
		return reader_fail(r, "there is no tensor %ld", (long)tensor);
	*t = fb_vec_table(&r->f, &r->tensors, (uint32_t)tensor);
	if (r->f.why)
		return reader_fail(r, "broken tensor");
	return 0;
}

/* Data stored in the file, absent when there is none. */
static int data_of(struct reader *r, const struct fb_table *t, struct fb_vector *data)
{
	uint32_t buffer = (uint32_t)fb_int32(&r->f, t, TENSOR_BUFFER, 0);
	struct fb_table b;

	memset(data, 0, sizeof *data);
	if (buffer >= r->buffers.n)
		return reader_fail(r, "there is no buffer %lu", (unsigned long)buffer);
	b = fb_vec_table(&r->f, &r->buffers, buffer);
	*data = fb_vec(&r->f, &b, BUFFER_DATA, 1);
	if (fb_uint64(&r->f, &b, BUFFER_OFFSET, 0) > 1 || fb_uint64(&r->f, &b, BUFFER_SIZE, 0) > 1)
		return reader_fail(r, "data outside of the FlatBuffer is not supported");
	return r->f.why ? reader_fail(r, "broken buffer") : 0;
}

static int shape_of(struct reader *r, const struct fb_table *t, const char *what, int *rank, int dim[4], int64_t *elements)
{
	struct fb_vector shape = fb_vec(&r->f, t, TENSOR_SHAPE, 4);
	uint32_t i;

	if (r->f.why || shape.n < 1 || shape.n > 4)
		return reader_fail(r, "%s has %lu dimensions, 1 to 4 are supported", what, (unsigned long)shape.n);
	*rank = (int)shape.n;
	*elements = 1;
	for (i = 0; i < 4; i++)
		dim[i] = 1;
	for (i = 0; i < shape.n; i++) {
		dim[i] = fb_vec_int32(&r->f, &shape, i);
		if (dim[i] < 1 || dim[i] > READER_MAX_DIM)
			return reader_fail(r, "%s has dimension %d, 1 to %d are supported", what, dim[i], READER_MAX_DIM);
		*elements *= dim[i];
		if (*elements > READER_MAX_ELEMENTS)
			return reader_fail(r, "%s has more than 2^28 elements", what);
	}
	return reader_take(r, *elements);
}

/* The last three dimensions, N = 1 before them. */
static int set_shape(struct reader *r, const struct fb_table *t, struct tensor *d)
{
	int rank, dim[4];
	int64_t elements;

	if (shape_of(r, t, "an activation tensor", &rank, dim, &elements))
		return -1;
	if (rank > 1 && dim[0] != 1)
		return reader_fail(r, "tensor \"%s\" has batch size %d, only 1 is supported", d->name, dim[0]);
	d->h = rank == 4 ? dim[1] : 1;
	d->w = rank >= 3 ? dim[rank - 2] : 1;
	d->c = dim[rank - 1];
	return 0;
}

static int set_quantization(struct reader *r, const struct fb_table *t, struct tensor *d)
{
	struct fb_table q = fb_sub(&r->f, t, TENSOR_QUANTIZATION);
	struct fb_vector scale = fb_vec(&r->f, &q, QUANTIZATION_SCALE, 4), zero = fb_vec(&r->f, &q, QUANTIZATION_ZERO_POINT, 8);
	int64_t zero_point;

	if (r->f.why || scale.n != 1 || zero.n > 1 || fb_int8(&r->f, &q, QUANTIZATION_DETAILS_TYPE, 0))
		return reader_fail(r, "tensor \"%s\" is not quantized with one scale and zero point", d->name);
	d->scale = (double)fb_vec_float(&r->f, &scale, 0);
	zero_point = zero.n ? fb_vec_int64(&r->f, &zero, 0) : 0;
	if (!(d->scale > 0) || !isfinite(d->scale))
		return reader_fail(r, "tensor \"%s\" has scale %g, it must be positive", d->name, d->scale);
	d->wide = fb_int8(&r->f, t, TENSOR_TYPE, TYPE_FLOAT32) == TYPE_INT16;
	if (d->wide && zero_point)
		return reader_fail(r, "tensor \"%s\" is INT16 with zero point %lld, it must be 0", d->name, (long long)zero_point);
	if (zero_point < -128 || zero_point > 127)
		return reader_fail(r, "tensor \"%s\" has zero point %lld, it must be in -128..127", d->name, (long long)zero_point);
	d->zero_point = (int)zero_point;
	d->qmin = d->wide ? INT16_MIN : -128;
	d->qmax = d->wide ? INT16_MAX : 127;
	return 0;
}

static int check_activation(struct reader *r, const struct fb_table *t, const struct tensor *d)
{
	int type = fb_int8(&r->f, t, TENSOR_TYPE, TYPE_FLOAT32);
	struct fb_vector data;

	if (!r->f.why && type != TYPE_INT8 && type != TYPE_INT16)
		return reader_fail(r, "tensor \"%s\" is %s, only INT8 and INT16 are supported", d->name, type_name(type));
	if (data_of(r, t, &data))
		return -1;
	if (data.n)
		return reader_fail(r, "tensor \"%s\" is a constant, which is not supported as an activation", d->name);
	return 0;
}

/* r->g->tensors has room: an operator adds its output only, the subgraph its input. */
int reader_activation(struct reader *r, int32_t tensor, int *graph_tensor)
{
	struct fb_table t;
	struct fb_vector name;
	struct tensor *d = &r->g->tensors[r->g->ntensors];

	if (open_tensor(r, tensor, &t))
		return -1;
	name = fb_vec(&r->f, &t, TENSOR_NAME, 1);
	memset(d, 0, sizeof *d);
	reader_text(r, &name, d->name, sizeof d->name);
	if (check_activation(r, &t, d) || set_shape(r, &t, d) || set_quantization(r, &t, d))
		return -1;
	*graph_tensor = r->map[tensor] = r->g->ntensors++;
	return 0;
}

static int64_t bytes_of(const struct constant *c)
{
	switch (c->type) {
	case TYPE_INT64: return c->elements * 8;
	case TYPE_INT32: return c->elements * 4;
	case TYPE_INT4: return (c->elements + 1) / 2;
	default: return c->elements;
	}
}

int reader_constant(struct reader *r, int32_t tensor, const char *what, struct constant *c)
{
	int64_t bytes;

	memset(c, 0, sizeof *c);
	if (open_tensor(r, tensor, &c->table))
		return -1;
	c->type = fb_int8(&r->f, &c->table, TENSOR_TYPE, TYPE_FLOAT32);
	if (!r->f.why && c->type != TYPE_INT8 && c->type != TYPE_INT4 && c->type != TYPE_INT32 && c->type != TYPE_INT64)
		return reader_fail(r, "%s are %s, only INT8 and INT4 weights, INT32 and INT64 biases are supported", what, type_name(c->type));
	if (shape_of(r, &c->table, what, &c->rank, c->dim, &c->elements) || data_of(r, &c->table, &c->data))
		return -1;
	if (fb_sub(&r->f, &c->table, TENSOR_SPARSITY).bytes)
		return reader_fail(r, "%s are stored as a sparse tensor, which is not supported", what);
	bytes = bytes_of(c);
	if (r->f.why || c->data.n != bytes)
		return reader_fail(r, "%s have %lu bytes of data, their shape needs %lld", what, (unsigned long)c->data.n, (long long)bytes);
	return 0;
}

int reader_constant_scales(struct reader *r, const struct constant *c, size_t *at, int *n)
{
	struct fb_table q = fb_sub(&r->f, &c->table, TENSOR_QUANTIZATION);
	struct fb_vector scale = fb_vec(&r->f, &q, QUANTIZATION_SCALE, 4);

	if (r->f.why)
		return reader_fail(r, "broken tensor");
	*at = scale.n ? scale.at : 0;
	*n = (int)scale.n;
	return 0;
}

static int check_weight_zeros(struct reader *r, const struct fb_vector *zero)
{
	uint32_t i;

	for (i = 0; i < zero->n; i++) {
		long long z = fb_vec_int64(&r->f, zero, i);

		if (z)
			return reader_fail(r, "its weights have zero point %lld, only 0 is supported", z);
	}
	return 0;
}

static int check_weight_scales(struct reader *r, const struct fb_vector *scale)
{
	uint32_t i;

	for (i = 0; i < scale->n; i++) {
		double s = (double)fb_vec_float(&r->f, scale, i);

		if (!(s > 0) || !isfinite(s))
			return reader_fail(r, "its weights have scale %g, it must be positive", s);
	}
	return 0;
}

int reader_weight_scales(struct reader *r, const struct constant *c, int channels, int axis, struct weight_scales *s)
{
	struct fb_table q = fb_sub(&r->f, &c->table, TENSOR_QUANTIZATION);
	struct fb_vector zero = fb_vec(&r->f, &q, QUANTIZATION_ZERO_POINT, 8);

	s->scale = fb_vec(&r->f, &q, QUANTIZATION_SCALE, 4);
	s->per_channel = s->scale.n > 1;
	if (r->f.why || fb_int8(&r->f, &q, QUANTIZATION_DETAILS_TYPE, 0))
		return reader_fail(r, "its weights have an unsupported quantization");
	if (s->scale.n != 1 && s->scale.n != (uint32_t)channels)
		return reader_fail(r, "its weights have %lu scales for %d output channels", (unsigned long)s->scale.n, channels);
	if (s->per_channel && fb_int32(&r->f, &q, QUANTIZATION_DIMENSION, 0) != axis)
		return reader_fail(r, "its weights are quantized along dimension %ld, not along their output channels",
			(long)fb_int32(&r->f, &q, QUANTIZATION_DIMENSION, 0));
	return check_weight_zeros(r, &zero) || check_weight_scales(r, &s->scale) ? -1 : 0;
}

float reader_scale(struct reader *r, const struct weight_scales *s, int channel)
{
	return fb_vec_float(&r->f, &s->scale, s->per_channel ? (uint32_t)channel : 0);
}
