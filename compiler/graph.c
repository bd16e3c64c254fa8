/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include <stdlib.h>
#include <string.h>

size_t tensor_bytes(const struct tensor *t)
{
	return (size_t)t->h * (size_t)t->w * (size_t)t->c * (t->wide ? 2 : 1);
}

static void free_tensor(struct tensor *t)
{
	free((void *)(uintptr_t)t->data);
}

static void free_op(struct op *o)
{
	free(o->weights);
	free(o->bias);
	free(o->real_mult);
	free(o->onnx_mult);
}

void graph_free(struct graph *g)
{
	int i;

	for (i = 0; g->tensors && i < g->ntensors; i++)
		free_tensor(&g->tensors[i]);
	for (i = 0; g->ops && i < g->nops; i++)
		free_op(&g->ops[i]);
	free(g->tensors);
	free(g->ops);
	memset(g, 0, sizeof *g);
}

const char *op_kind_name(enum op_kind k)
{
	switch (k) {
	case OP_CONV_2D: return "CONV_2D";
	case OP_DEPTHWISE_CONV_2D: return "DEPTHWISE_CONV_2D";
	case OP_FULLY_CONNECTED: return "FULLY_CONNECTED";
	case OP_AVERAGE_POOL_2D: return "AVERAGE_POOL_2D";
	case OP_MAX_POOL_2D: return "MAX_POOL_2D";
	case OP_ADD: return "ADD";
	case OP_RESHAPE: return "RESHAPE";
	case OP_SOFTMAX: return "SOFTMAX";
	}
	return "UNKNOWN";
}

int64_t op_macs(const struct graph *g, const struct op *o)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	int64_t outputs = (int64_t)out->h * out->w * out->c, window = (int64_t)o->kh * o->kw;

	switch (o->kind) {
	case OP_CONV_2D: return outputs * window * (in->c / o->groups);
	case OP_DEPTHWISE_CONV_2D: return outputs * window;
	case OP_FULLY_CONNECTED: return outputs * in->h * in->w * in->c;
	default: return 0;
	}
}
