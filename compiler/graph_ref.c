/* SPDX-License-Identifier: Apache-2.0 */
#include "graph_ref.h"
#include "cmodel/ref.h"
#include <stdlib.h>
#include <string.h>

static struct ref_shape shape_of(const struct tensor *t)
{
	struct ref_shape s = { t->h, t->w, t->c };

	return s;
}

static int run_mac(const struct graph *g, const struct op *o, enum rounding r, const struct ref_window *w, const int8_t *x, int8_t *y)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	struct ref_mac m = { r, in->zero_point, out->zero_point, o->act_min, o->act_max, o->weights, o->bias, o->real_mult, o->onnx_mult };

	if (o->kind == OP_CONV_2D)
		return ref_conv(&m, w, o->groups, shape_of(in), x, shape_of(out), y);
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return ref_depthwise(&m, w, shape_of(in), x, shape_of(out), y);
	return ref_dense(&m, in->h * in->w * in->c, x, out->c, y);
}

static void run_add(const struct graph *g, const struct op *o, enum rounding r, const int8_t *a, const int8_t *b, int8_t *y)
{
	const struct tensor *ta = &g->tensors[o->in[0]], *tb = &g->tensors[o->in[1]], *ty = &g->tensors[o->out];
	struct ref_add p = { r, ta->scale, tb->scale, ty->scale, ta->zero_point, tb->zero_point, ty->zero_point, o->act_min, o->act_max };

	ref_add(&p, tensor_bytes(ty), a, b, y);
}

static int run_mac16(const struct graph *g, const struct op *o, enum rounding r, const struct ref_window *w, const int16_t *x, int16_t *y)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	struct ref_mac m = { r, 0, 0, o->act_min, o->act_max, o->weights, o->bias, o->real_mult, NULL };

	if (o->kind == OP_CONV_2D)
		return ref_conv16(&m, w, o->groups, shape_of(in), x, shape_of(out), y);
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return ref_depthwise16(&m, w, shape_of(in), x, shape_of(out), y);
	return ref_dense16(&m, in->h * in->w * in->c, x, out->c, y);
}

static void run_add16(const struct graph *g, const struct op *o, enum rounding r, const int16_t *a, const int16_t *b, int16_t *y)
{
	const struct tensor *ta = &g->tensors[o->in[0]], *tb = &g->tensors[o->in[1]], *ty = &g->tensors[o->out];
	struct ref_add p = { r, ta->scale, tb->scale, ty->scale, 0, 0, 0, o->act_min, o->act_max };

	ref_add16(&p, tensor_bytes(ty) / 2, a, b, y);
}

static int run_op16(const struct graph *g, const struct op *o, enum rounding r, const int16_t *a, const int16_t *b, int16_t *y)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	struct ref_window w = { o->kh, o->kw, o->sh, o->sw, o->dh, o->dw, o->pad_top, o->pad_left };

	if (r == ROUNDING_ONNX)
		return -1;
	switch (o->kind) {
	case OP_CONV_2D:
	case OP_DEPTHWISE_CONV_2D:
	case OP_FULLY_CONNECTED:
		return run_mac16(g, o, r, &w, a, y);
	case OP_AVERAGE_POOL_2D:
		ref_average_pool16(&w, o->act_min, o->act_max, shape_of(in), a, shape_of(out), y);
		return 0;
	case OP_MAX_POOL_2D:
		ref_max_pool16(&w, o->act_min, o->act_max, shape_of(in), a, shape_of(out), y);
		return 0;
	case OP_ADD:
		run_add16(g, o, r, a, b, y);
		return 0;
	case OP_RESHAPE:
		memcpy(y, a, tensor_bytes(out));
		return 0;
	case OP_SOFTMAX:
		return ref_softmax16(r, *o->real_mult, (size_t)in->h * (size_t)in->w, in->c, a, y);
	}
	return -1;
}

int graph_ref_op(const struct graph *g, const struct op *o, enum rounding r, const int8_t *a, const int8_t *b, int8_t *y)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	struct ref_window w = { o->kh, o->kw, o->sh, o->sw, o->dh, o->dw, o->pad_top, o->pad_left };

	if (in->wide)
		return run_op16(g, o, r, (const int16_t *)(const void *)a, (const int16_t *)(const void *)b, (int16_t *)(void *)y);
	switch (o->kind) {
	case OP_CONV_2D:
	case OP_DEPTHWISE_CONV_2D:
	case OP_FULLY_CONNECTED:
		return run_mac(g, o, r, &w, a, y);
	case OP_AVERAGE_POOL_2D:
		ref_average_pool(&w, o->act_min, o->act_max, shape_of(in), a, shape_of(out), y);
		return 0;
	case OP_MAX_POOL_2D:
		ref_max_pool(&w, o->act_min, o->act_max, shape_of(in), a, shape_of(out), y);
		return 0;
	case OP_ADD:
		run_add(g, o, r, a, b, y);
		return 0;
	case OP_RESHAPE:
		memcpy(y, a, tensor_bytes(out));
		return 0;
	case OP_SOFTMAX:
		ref_softmax(o->real_mult ? *o->real_mult : in->scale, (size_t)in->h * (size_t)in->w, in->c, a, y);
		return 0;
	}
	return -1;
}

int ref_run_op(const struct graph *g, const struct op *o, enum rounding r, int8_t *const *tensors)
{
	return graph_ref_op(g, o, r, tensors[o->in[0]], o->in[1] >= 0 ? tensors[o->in[1]] : NULL, tensors[o->out]);
}

/* Every tensor of the network: the caller's array where there is one, else an own one. */
static int allocate(const struct graph *g, int8_t *const *all, int8_t **tensors)
{
	int i;

	for (i = 0; i < g->ntensors; i++) {
		tensors[i] = all && all[i] ? all[i] : malloc(tensor_bytes(&g->tensors[i]));
		if (!tensors[i])
			return -1;
	}
	return 0;
}

static void release(const struct graph *g, int8_t *const *all, int8_t **tensors)
{
	int i;

	for (i = 0; i < g->ntensors; i++)
		if (!all || !all[i])
			free(tensors[i]);
	free(tensors);
}

int graph_ref_run(const struct graph *g, enum rounding r, const int8_t *input, int8_t *output, int8_t **all)
{
	int8_t **tensors = calloc((size_t)g->ntensors, sizeof *tensors);
	int i, status;

	if (!tensors)
		return -1;
	status = allocate(g, all, tensors);
	if (status == 0)
		memcpy(tensors[g->input], input, tensor_bytes(&g->tensors[g->input]));
	for (i = 0; i < g->nops && status == 0; i++)
		status = ref_run_op(g, &g->ops[i], r, tensors);
	if (status == 0)
		memcpy(output, tensors[g->output], tensor_bytes(&g->tensors[g->output]));
	release(g, all, tensors);
	return status;
}
