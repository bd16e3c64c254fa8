/* SPDX-License-Identifier: Apache-2.0
 * The network after import: tensors and operators in execution order, one input, one output.
 * Everything is owned by the graph and freed by graph_free(). */
#ifndef SYSTOLE_GRAPH_H
#define SYSTOLE_GRAPH_H
#include <stddef.h>
#include <stdint.h>

enum op_kind {
	OP_CONV_2D,
	OP_DEPTHWISE_CONV_2D,
	OP_FULLY_CONNECTED,
	OP_AVERAGE_POOL_2D,
	OP_MAX_POOL_2D,
	OP_ADD,
	OP_RESHAPE,
	OP_SOFTMAX,
};

struct tensor {
	char name[64];         /* printable ASCII only, others replaced by '_' */
	int h, w, c;           /* NHWC with N = 1; rank 2 tensors are 1 x 1 x C */
	double scale;          /* the file's float32, widened */
	int zero_point;
	int wide;              /* its values are int16, else int8 */
	int qmin, qmax;        /* range its values may take: -128..127 for int8 */
	const int8_t *data;    /* constants only, owned by the graph, else NULL */
};

/* Where the model file holds an operator's constants: byte offsets, 0 for what it does not have. */
struct op_file {
	size_t weights, bias, scales, bias_scales;
	int nscales, nbias_scales;
	int int4;              /* weights are two to a byte, the first in the low half */
};

struct op {
	enum op_kind kind;
	int index;             /* in the model file */
	int in[2];             /* activation tensors; in[1] = -1 unless OP_ADD */
	int out;
	/* CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, pools: window; 1x1 for FULLY_CONNECTED */
	int kh, kw, sh, sw, dh, dw, pad_top, pad_left;
	int groups;            /* CONV_2D: input channels / filter input channels, else 1 */
	int multiplier;        /* DEPTHWISE_CONV_2D: output channels per input channel, else 1 */
	int8_t *weights;       /* owned. CONV_2D and FULLY_CONNECTED: O,KH,KW,I/groups; DEPTHWISE: KH,KW,OC */
	int64_t *bias;         /* owned, per output channel; zeros when the model has none */
	double *real_mult;     /* owned, per output channel: sx*sw[c]/sy by the rules of NUMERICS */
	float *onnx_mult;      /* owned, per output channel: f32(f32(sx*sw)/sy) */
	int act_min, act_max;  /* fused activation's clamp in output units */
	struct op_file file;
};

struct graph {
	char name[64];         /* of the model: file name without directory and suffix */
	struct tensor *tensors;
	int ntensors;
	struct op *ops;
	int nops;
	int input, output;     /* tensors */
};

size_t tensor_bytes(const struct tensor *t);
void graph_free(struct graph *g);
const char *op_kind_name(enum op_kind k);
int64_t op_macs(const struct graph *g, const struct op *o); /* dense, padding taps included; pools, ADD, SOFTMAX: 0 */

#endif
