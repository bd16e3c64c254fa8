/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the .tflite reader share: tflite.c goes through the model, tflite_tensor.c reads tensors,
 * tflite_op.c operators. Functions return 0, or -1 after reader_fail(). */
#ifndef SYSTOLE_TFLITE_READER_H
#define SYSTOLE_TFLITE_READER_H
#include "flatbuf.h"
#include "graph.h"

enum { READER_MAX_DIM = 65535, READER_MAX_ELEMENTS = 1 << 28 };

enum { TYPE_FLOAT32 = 0, TYPE_INT32 = 2, TYPE_INT64 = 4, TYPE_INT16 = 7, TYPE_INT8 = 9, TYPE_INT4 = 17 }; /* TensorType */

struct reader {
	struct flatbuf f;
	struct graph *g;        /* borrowed; filled in file order */
	const char *name;       /* borrowed */
	char *err;
	size_t errsize;
	struct fb_vector tensors, buffers, codes, operators;
	int *map;               /* owned: per tensor of the file its tensor in the graph, or -1 */
	int64_t elements;       /* taken so far, of READER_MAX_ELEMENTS */
	int op;                 /* being read, or -1 */
	char op_name[48];
};

/* A constant operand. */
struct constant {
	struct fb_table table;
	int type, rank, dim[4]; /* unused dimensions are 1 */
	int64_t elements;
	struct fb_vector data;  /* bytes */
};

/* Quantization of weights: one scale, or one per channel along `axis`; their zero points are 0. */
struct weight_scales {
	struct fb_vector scale;
	int per_channel;
};

int reader_fail(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Counts n elements; keeps what one file can make us allocate bounded. */
int reader_take(struct reader *r, int64_t n);
/* Printable ASCII, the rest replaced by '_', cut to fit. */
void reader_text(struct reader *r, const struct fb_vector *s, char *to, size_t size);

/* tflite_tensor.c */
int reader_activation(struct reader *r, int32_t tensor, int *graph_tensor);
int reader_constant(struct reader *r, int32_t tensor, const char *what, struct constant *c);
/* Where its scales are, whatever they are; 0 when there are none. */
int reader_constant_scales(struct reader *r, const struct constant *c, size_t *at, int *n);
int reader_weight_scales(struct reader *r, const struct constant *c, int channels, int axis, struct weight_scales *s);
float reader_scale(struct reader *r, const struct weight_scales *s, int channel);

/* tflite_op.c: operator number r->op. */
int reader_op(struct reader *r, const struct fb_table *t, struct op *o);
/* tflite_names.c: a BuiltinOperator; NULL when unknown. */
const char *tflite_builtin_name(int32_t code);

#endif
