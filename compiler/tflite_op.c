/* SPDX-License-Identifier: Apache-2.0
 * Operators. The rules for multipliers and clamps are those of tensorflow/lite/kernels/kernel_util.cc
 * (GetQuantizedConvolutionMultipler, PopulateConvolutionQuantizationParams, CalculateActivationRangeQuantized). */
#include "tflite_reader.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_DEPRECATED_BUILTIN, CODE_CUSTOM, CODE_VERSION, CODE_BUILTIN };
enum { OP_CODE, OP_INPUTS, OP_OUTPUTS, OP_OPTIONS_TYPE, OP_OPTIONS };
enum { CONV_PADDING, CONV_STRIDE_W, CONV_STRIDE_H, CONV_ACTIVATION, CONV_DILATION_W, CONV_DILATION_H };
enum { DEPTHWISE_ACTIVATION = 4, DEPTHWISE_DILATION_W, DEPTHWISE_DILATION_H };
enum { POOL_FILTER_W = 3, POOL_FILTER_H, POOL_ACTIVATION };
enum { DENSE_ACTIVATION, DENSE_WEIGHTS_FORMAT };
enum { ADD_ACTIVATION };
enum { SOFTMAX_BETA };
enum { BUILTIN_CUSTOM = 32 };
enum { PADDING_SAME, PADDING_VALID };
enum { ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_RELU_N1_TO_1, ACTIVATION_RELU6 };
enum { SOFTMAX_MAX_CHANNELS = 4095 }; /* more overflow the kernel's sum */

/* The file's view of the operator being read. */
struct source {
	struct fb_vector in, out;
	struct fb_table options;
};

static struct tensor *input_of(struct reader *r, const struct op *o, int i)
{
	return &r->g->tensors[o->in[i]];
}

static struct tensor *output_of(struct reader *r, const struct op *o)
{
	return &r->g->tensors[o->out];
}

static int64_t elements_of(const struct tensor *t)
{
	return (int64_t)t->h * t->w * t->c;
}

static int same_shape(const struct tensor *a, const struct tensor *b)
{
	return a->h == b->h && a->w == b->w && a->c == b->c;
}

/* ---- tensors ---- */

static int read_input(struct reader *r, const struct source *s, uint32_t i, int *graph_tensor)
{
	int32_t tensor = fb_vec_int32(&r->f, &s->in, i);

	if (tensor < 0 || (uint32_t)tensor >= r->tensors.n)
		return reader_fail(r, "there is no tensor %ld", (long)tensor);
	if (r->map[tensor] >= 0) {
		*graph_tensor = r->map[tensor];
		return 0;
	}
	/* for its message, when it is not an int8 activation at all */
	if (reader_activation(r, tensor, graph_tensor))
		return -1;
	return reader_fail(r, "tensor \"%s\" is read before an operator makes it", r->g->tensors[*graph_tensor].name);
}

static int read_output(struct reader *r, const struct source *s, int *graph_tensor)
{
	int32_t tensor = fb_vec_int32(&r->f, &s->out, 0);

	if (tensor >= 0 && (uint32_t)tensor < r->tensors.n && r->map[tensor] >= 0)
		return reader_fail(r, "tensor \"%s\" is made twice", r->g->tensors[r->map[tensor]].name);
	return reader_activation(r, tensor, graph_tensor);
}

static int read_tensors(struct reader *r, const struct source *s, struct op *o)
{
	uint32_t least = o->kind == OP_ADD ? 2 : 1;

	if (r->f.why || s->in.n < least || s->out.n != 1)
		return reader_fail(r, "it has %lu inputs and %lu outputs", (unsigned long)s->in.n, (unsigned long)s->out.n);
	if (read_input(r, s, 0, &o->in[0]) || (o->kind == OP_ADD && read_input(r, s, 1, &o->in[1])) || read_output(r, s, &o->out))
		return -1;
	if (input_of(r, o, 0)->wide != output_of(r, o)->wide || (o->kind == OP_ADD && input_of(r, o, 1)->wide != output_of(r, o)->wide))
		return reader_fail(r, "it mixes INT8 and INT16");
	return 0;
}

/* ---- window ---- */

static int dimension(struct reader *r, const char *what, int32_t v, int *d)
{
	if (r->f.why || v < 1 || v > READER_MAX_DIM)
		return reader_fail(r, "%s is %ld, 1 to %d are supported", what, (long)v, READER_MAX_DIM);
	*d = (int)v;
	return 0;
}

struct axis { int in, out, k, stride, dilation; };

/* ComputeOutSize and ComputePadding of kernels/padding.h */
static int place_axis(struct reader *r, const char *what, const struct axis *a, int padding, int *before)
{
	int64_t window = (int64_t)(a->k - 1) * a->dilation + 1, out, total;

	if (window > READER_MAX_DIM)
		return reader_fail(r, "its window spans %lld %s, up to %d are supported", (long long)window, what, READER_MAX_DIM);
	if (padding == PADDING_SAME)
		out = ((int64_t)a->in + a->stride - 1) / a->stride;
	else
		out = ((int64_t)a->in - window + a->stride) / a->stride;
	if (out != a->out || (padding == PADDING_VALID && window > a->in))
		return reader_fail(r, "its output has %d %s, its window makes %lld", a->out, what, (long long)out);
	total = (out - 1) * a->stride + window - a->in;
	*before = total > 0 ? (int)(total / 2) : 0;
	return 0;
}

static int place_window(struct reader *r, struct op *o, int padding)
{
	const struct tensor *in = input_of(r, o, 0), *out = output_of(r, o);
	struct axis y = { in->h, out->h, o->kh, o->sh, o->dh }, x = { in->w, out->w, o->kw, o->sw, o->dw };

	if (padding != PADDING_SAME && padding != PADDING_VALID)
		return reader_fail(r, "its padding is neither SAME nor VALID");
	if (place_axis(r, "lines", &y, padding, &o->pad_top))
		return -1;
	return place_axis(r, "columns", &x, padding, &o->pad_left);
}

/* ---- activation ---- */

static int set_clamp(struct reader *r, struct op *o, int activation)
{
	const struct tensor *y = output_of(r, o);
	float six = 6.0f / (float)y->scale; /* steps */

	o->act_min = y->qmin;
	o->act_max = y->qmax;
	if (activation != ACTIVATION_NONE && activation != ACTIVATION_RELU && activation != ACTIVATION_RELU6)
		return reader_fail(r, "fused activation %d is not supported, NONE, RELU and RELU6 are", activation);
	if (activation != ACTIVATION_NONE)
		o->act_min = y->zero_point;
	if (activation == ACTIVATION_RELU6 && six < 65536 && y->zero_point + (int)roundf(six) < y->qmax)
		o->act_max = y->zero_point + (int)roundf(six);
	return 0;
}

/* ---- weights ---- */

/* Two to a byte, the first in the low half. Source: kernels/internal/portable_tensor_utils.cc, UnpackDenseInt4IntoInt8. */
static void unpack(const uint8_t *from, int64_t n, int8_t *to)
{
	int64_t i;

	for (i = 0; i < n; i++) {
		int half = i % 2 ? from[i / 2] >> 4 : from[i / 2] & 15;

		to[i] = (int8_t)(half < 8 ? half : half - 16);
	}
}

static int copy_weights(struct reader *r, const struct constant *c, struct op *o)
{
	if (c->type != TYPE_INT8 && c->type != TYPE_INT4)
		return reader_fail(r, "its weights are neither INT8 nor INT4");
	if (c->type == TYPE_INT4 && input_of(r, o, 0)->wide)
		return reader_fail(r, "its weights are INT4, with INT16 activations only INT8 is supported");
	o->weights = malloc((size_t)c->elements);
	if (!o->weights)
		return reader_fail(r, "out of memory");
	o->file.int4 = c->type == TYPE_INT4;
	if (o->file.int4)
		unpack(r->f.data + c->data.at, c->elements, o->weights);
	else
		memcpy(o->weights, r->f.data + c->data.at, (size_t)c->elements);
	o->file.weights = c->data.at;
	return 0;
}

static int copy_bias(struct reader *r, const struct source *s, int channels, struct op *o)
{
	int32_t tensor = s->in.n > 2 ? fb_vec_int32(&r->f, &s->in, 2) : -1;
	int wide = input_of(r, o, 0)->wide;
	struct constant c;
	int i;

	o->bias = calloc((size_t)channels, sizeof *o->bias);
	if (!o->bias)
		return reader_fail(r, "out of memory");
	if (tensor == -1)
		return 0;
	if (reader_constant(r, tensor, "its biases", &c))
		return -1;
	if (c.type != (wide ? TYPE_INT64 : TYPE_INT32) || c.elements != channels)
		return reader_fail(r, "it has %lld biases, %d %s ones are needed", (long long)c.elements, channels, wide ? "INT64" : "INT32");
	for (i = 0; i < channels; i++)
		o->bias[i] = wide ? fb_vec_int64(&r->f, &c.data, (uint32_t)i) : fb_vec_int32(&r->f, &c.data, (uint32_t)i);
	o->file.bias = c.data.at;
	return reader_constant_scales(r, &c, &o->file.bias_scales, &o->file.nbias_scales);
}

static int set_multipliers(struct reader *r, const struct weight_scales *s, int channels, struct op *o)
{
	double sx = input_of(r, o, 0)->scale, sy = output_of(r, o)->scale;
	int single = o->kind == OP_FULLY_CONNECTED && !s->per_channel, i;

	o->real_mult = malloc((size_t)channels * sizeof *o->real_mult);
	o->onnx_mult = malloc((size_t)channels * sizeof *o->onnx_mult);
	if (!o->real_mult || !o->onnx_mult)
		return reader_fail(r, "out of memory");
	for (i = 0; i < channels; i++) {
		float sw = reader_scale(r, s, i), product = (float)sx * sw;

		o->real_mult[i] = (single ? (double)product : sx * (double)sw) / sy;
		o->onnx_mult[i] = product / (float)sy;
		if (!isfinite(o->real_mult[i]) || !isfinite(o->onnx_mult[i]))
			return reader_fail(r, "the scale of output channel %d is out of range", i);
	}
	return 0;
}

static int read_weights(struct reader *r, const struct source *s, struct constant *c)
{
	if (s->in.n < 2)
		return reader_fail(r, "it has no weights");
	return reader_constant(r, fb_vec_int32(&r->f, &s->in, 1), "its weights", c);
}

/* axis: the weights' dimension of output channels. */
static int set_weights(struct reader *r, const struct source *s, const struct constant *c, int axis, struct op *o)
{
	int channels = c->dim[axis];
	struct weight_scales scales;

	if (channels != output_of(r, o)->c)
		return reader_fail(r, "its weights make %d channels, its output has %d", channels, output_of(r, o)->c);
	if (reader_take(r, (int64_t)channels * 16) || reader_weight_scales(r, c, channels, axis, &scales))
		return -1;
	o->file.scales = scales.scale.at;
	o->file.nscales = (int)scales.scale.n;
	if (copy_weights(r, c, o) || copy_bias(r, s, channels, o))
		return -1;
	return set_multipliers(r, &scales, channels, o);
}

/* ---- one function per operator ---- */

static int read_strides(struct reader *r, const struct source *s, struct op *o)
{
	if (dimension(r, "its stride", fb_int32(&r->f, &s->options, CONV_STRIDE_H, 0), &o->sh))
		return -1;
	return dimension(r, "its stride", fb_int32(&r->f, &s->options, CONV_STRIDE_W, 0), &o->sw);
}

static int read_dilation(struct reader *r, const struct source *s, int w, int h, struct op *o)
{
	if (dimension(r, "its dilation", fb_int32(&r->f, &s->options, w, 1), &o->dw))
		return -1;
	return dimension(r, "its dilation", fb_int32(&r->f, &s->options, h, 1), &o->dh);
}

static int read_conv(struct reader *r, const struct source *s, struct op *o)
{
	const struct tensor *in = input_of(r, o, 0);
	struct constant c;

	if (read_strides(r, s, o) || read_dilation(r, s, CONV_DILATION_W, CONV_DILATION_H, o) || read_weights(r, s, &c))
		return -1;
	if (c.rank != 4)
		return reader_fail(r, "its weights have %d dimensions, 4 are needed", c.rank);
	o->kh = c.dim[1];
	o->kw = c.dim[2];
	o->groups = in->c / c.dim[3];
	if (in->c % c.dim[3] || c.dim[0] % o->groups)
		return reader_fail(r, "%d input and %d output channels do not divide into groups of %d input channels", in->c, c.dim[0], c.dim[3]);
	if (place_window(r, o, fb_int8(&r->f, &s->options, CONV_PADDING, 0)) || set_weights(r, s, &c, 0, o))
		return -1;
	return set_clamp(r, o, fb_int8(&r->f, &s->options, CONV_ACTIVATION, 0));
}

static int read_depthwise(struct reader *r, const struct source *s, struct op *o)
{
	const struct tensor *in = input_of(r, o, 0);
	struct constant c;

	if (read_strides(r, s, o) || read_dilation(r, s, DEPTHWISE_DILATION_W, DEPTHWISE_DILATION_H, o) || read_weights(r, s, &c))
		return -1;
	if (c.rank != 4 || c.dim[0] != 1)
		return reader_fail(r, "its weights do not have shape 1, height, width, channels");
	if (c.dim[3] % in->c)
		return reader_fail(r, "%d output channels are no multiple of %d input channels", c.dim[3], in->c);
	o->kh = c.dim[1];
	o->kw = c.dim[2];
	o->multiplier = c.dim[3] / in->c;
	if (place_window(r, o, fb_int8(&r->f, &s->options, CONV_PADDING, 0)) || set_weights(r, s, &c, 3, o))
		return -1;
	return set_clamp(r, o, fb_int8(&r->f, &s->options, DEPTHWISE_ACTIVATION, 0));
}

static int read_dense(struct reader *r, const struct source *s, struct op *o)
{
	const struct tensor *in = input_of(r, o, 0), *out = output_of(r, o);
	struct constant c;

	if (fb_int8(&r->f, &s->options, DENSE_WEIGHTS_FORMAT, 0))
		return reader_fail(r, "its weights are shuffled, which is not supported");
	if (read_weights(r, s, &c))
		return -1;
	if (c.rank != 2 || c.dim[1] != elements_of(in))
		return reader_fail(r, "its weights do not have shape outputs, %lld inputs", (long long)elements_of(in));
	if (out->h != 1 || out->w != 1)
		return reader_fail(r, "its output has more than one pixel");
	if (set_weights(r, s, &c, 0, o))
		return -1;
	return set_clamp(r, o, fb_int8(&r->f, &s->options, DENSE_ACTIVATION, 0));
}

/* Pools do not rescale. */
static int check_same_scale(struct reader *r, const struct op *o)
{
	const struct tensor *in = input_of(r, o, 0), *out = output_of(r, o);

	if (in->zero_point != out->zero_point || fabs(in->scale - out->scale) > 1e-6)
		return reader_fail(r, "its input and output differ in scale or zero point");
	return 0;
}

static int read_pool(struct reader *r, const struct source *s, struct op *o)
{
	if (read_strides(r, s, o) || check_same_scale(r, o))
		return -1;
	if (dimension(r, "its window", fb_int32(&r->f, &s->options, POOL_FILTER_H, 0), &o->kh))
		return -1;
	if (dimension(r, "its window", fb_int32(&r->f, &s->options, POOL_FILTER_W, 0), &o->kw))
		return -1;
	if (input_of(r, o, 0)->c != output_of(r, o)->c)
		return reader_fail(r, "its input and output differ in channels");
	if (place_window(r, o, fb_int8(&r->f, &s->options, CONV_PADDING, 0)))
		return -1;
	return set_clamp(r, o, fb_int8(&r->f, &s->options, POOL_ACTIVATION, 0));
}

static int read_add(struct reader *r, const struct source *s, struct op *o)
{
	const struct tensor *a = input_of(r, o, 0), *b = input_of(r, o, 1), *y = output_of(r, o);

	if (!same_shape(a, b) || !same_shape(a, y))
		return reader_fail(r, "its operands differ in shape, broadcasting is not supported");
	if (2 * fmax(a->scale, b->scale) / ((a->wide ? 1 << 15 : 1 << 20) * y->scale) >= 1)
		return reader_fail(r, "its output's scale %g is too small for its inputs' scales", y->scale);
	return set_clamp(r, o, fb_int8(&r->f, &s->options, ADD_ACTIVATION, 0));
}

/* The new shape is the output tensor's; a second input or the options only repeat it. */
static int read_reshape(struct reader *r, const struct source *s, struct op *o)
{
	(void)s;
	if (elements_of(input_of(r, o, 0)) != elements_of(output_of(r, o)))
		return reader_fail(r, "its input and output differ in size");
	return set_clamp(r, o, ACTIVATION_NONE);
}

static int read_softmax(struct reader *r, const struct source *s, struct op *o)
{
	const struct tensor *in = input_of(r, o, 0), *out = output_of(r, o);
	double beta = (double)fb_float(&r->f, &s->options, SOFTMAX_BETA, 0);

	if (!same_shape(in, out))
		return reader_fail(r, "its input and output differ in shape");
	if (in->c > SOFTMAX_MAX_CHANNELS)
		return reader_fail(r, "it has %d channels, up to %d are supported", in->c, SOFTMAX_MAX_CHANNELS);
	if (!in->wide && (out->zero_point != -128 || out->scale * 256 < 0.999 || out->scale * 256 > 1.001))
		return reader_fail(r, "its output does not have scale 1/256 and zero point -128");
	if (in->wide && (out->scale * 32768 < 0.999 || out->scale * 32768 > 1.001))
		return reader_fail(r, "its output does not have scale 1/32768");
	if (!isfinite(beta) || !(beta * in->scale * (1 << 26) > 1) || (in->wide && !(beta * in->scale * 6553.5 < 16384)))
		return reader_fail(r, "beta %g times its input's scale %g is out of range", beta, in->scale);
	o->real_mult = malloc(sizeof *o->real_mult);
	if (!o->real_mult)
		return reader_fail(r, "out of memory");
	*o->real_mult = beta * in->scale;
	return set_clamp(r, o, ACTIVATION_NONE);
}

/* builtin operator code, BuiltinOptions code */
static const struct handler {
	int code, options;
	enum op_kind kind;
	int (*read)(struct reader *r, const struct source *s, struct op *o);
} handlers[] = {
	{ 0, 11, OP_ADD, read_add },
	{ 1, 5, OP_AVERAGE_POOL_2D, read_pool },
	{ 3, 1, OP_CONV_2D, read_conv },
	{ 4, 2, OP_DEPTHWISE_CONV_2D, read_depthwise },
	{ 9, 8, OP_FULLY_CONNECTED, read_dense },
	{ 17, 5, OP_MAX_POOL_2D, read_pool },
	{ 22, 17, OP_RESHAPE, read_reshape },
	{ 25, 9, OP_SOFTMAX, read_softmax },
};

static void name_op(struct reader *r, const struct fb_table *code, int32_t builtin)
{
	struct fb_vector custom = fb_vec(&r->f, code, CODE_CUSTOM, 1);
	const char *name = tflite_builtin_name(builtin);

	if (builtin == BUILTIN_CUSTOM && custom.n)
		reader_text(r, &custom, r->op_name, sizeof r->op_name);
	else if (name)
		snprintf(r->op_name, sizeof r->op_name, "%s", name);
	else
		snprintf(r->op_name, sizeof r->op_name, "builtin operator %ld", (long)builtin);
}

static const struct handler *find_handler(struct reader *r, const struct fb_table *t)
{
	uint32_t index = (uint32_t)fb_int32(&r->f, t, OP_CODE, 0);
	struct fb_table code;
	int32_t builtin, old;
	size_t i;

	if (index >= r->codes.n) {
		reader_fail(r, "there is no operator code %lu", (unsigned long)index);
		return NULL;
	}
	code = fb_vec_table(&r->f, &r->codes, index);
	old = fb_int8(&r->f, &code, CODE_DEPRECATED_BUILTIN, 0);
	builtin = fb_int32(&r->f, &code, CODE_BUILTIN, 0);
	builtin = builtin > old ? builtin : old;
	name_op(r, &code, builtin);
	for (i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
		if (handlers[i].code == builtin && !r->f.why)
			return &handlers[i];
	reader_fail(r, "this operator is not supported");
	return NULL;
}

int reader_op(struct reader *r, const struct fb_table *t, struct op *o)
{
	const struct handler *h = find_handler(r, t);
	int options = (uint8_t)fb_int8(&r->f, t, OP_OPTIONS_TYPE, 0);
	struct source s;

	if (!h)
		return -1;
	s.in = fb_vec(&r->f, t, OP_INPUTS, 4);
	s.out = fb_vec(&r->f, t, OP_OUTPUTS, 4);
	s.options = fb_sub(&r->f, t, OP_OPTIONS);
	if (r->f.why || (options && options != h->options))
		return reader_fail(r, "its options are those of another operator");
	o->kind = h->kind;
	o->in[1] = -1;
	o->kh = o->kw = o->sh = o->sw = o->dh = o->dw = o->groups = o->multiplier = 1;
	if (read_tensors(r, &s, o))
		return -1;
	return h->read(r, &s, o);
}
