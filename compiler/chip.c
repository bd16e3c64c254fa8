/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"
#include "chip_add.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TENSORS = 1024, TAPS = 2 * CHIP_SIDE };

struct place { uint32_t at, bytes, pitch; int last; }; /* pitch: from pixel to pixel; last: operator that reads it */

struct chip {
	const struct graph *g;
	struct chip_blocks b;
	struct place place[MAX_TENSORS];
	int alias[MAX_TENSORS];
	int op;                         /* being built */
	struct chip_layer *layers;      /* as in struct chip_image */
	int nlayers, host_op;
	uint32_t slide;                 /* its output is so many bytes before its input; 0: elsewhere */
	char *err;
	size_t errsize;
};

static int fail(struct chip *k, const char *fmt, ...)
{
	const struct op *o = &k->g->ops[k->op];
	int n = snprintf(k->err, k->errsize, "%s: op %d %s: ", k->g->name, o->index, op_kind_name(o->kind));
	va_list ap;

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < k->errsize)
		vsnprintf(k->err + n, k->errsize - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int up(int v, int n) { return (v + n - 1) / n * n; }
static int less(int a, int b) { return a < b ? a : b; }
static int more(int a, int b) { return a > b ? a : b; }

static const struct tensor *tensor(const struct chip *k, int t) { return &k->g->tensors[t]; }
static const struct place *place_of(const struct chip *k, int t) { return &k->place[k->alias[t]]; }

/* ---- memory ---- */

static uint32_t size_of(const struct chip *k, int t)
{
	const struct tensor *s = tensor(k, t);

	return (uint32_t)up(s->h * s->w * (int)k->place[t].pitch, 8);
}

/* First fit beside what is still read; for: the operator that writes it. */
static int find_place(struct chip *k, uint32_t bytes, const struct place *other, uint32_t *at)
{
	uint32_t a = 0;
	int t, moved;

	do {
		moved = 0;
		for (t = 0; t < k->g->ntensors; t++) {
			const struct place *p = &k->place[t];

			if (p->bytes && p->last >= k->op && a < p->at + p->bytes && p->at < a + bytes) {
				a = p->at + p->bytes;
				moved = 1;
			}
		}
		if (other && other->bytes && a < other->at + other->bytes && other->at < a + bytes) {
			a = other->at + other->bytes;
			moved = 1;
		}
	} while (moved);
	if (a + bytes > CHIP_BYTES)
		return fail(k, "feature maps do not fit the chip's %d bytes", CHIP_BYTES);
	*at = a;
	return 0;
}

static int window_bytes(const struct op *o, const struct tensor *in)
{
	return o->kh * o->kw * up(in->c, CHIP_SIDE);
}

/* A convolution that is one run and keeps the map's size may write over what it has read: so many bytes before it. 0: not. */
static uint32_t slide_of(const struct chip *k, int op)
{
	const struct op *o = &k->g->ops[op];
	const struct tensor *in, *out;

	if (op >= k->g->nops || o->kind != OP_CONV_2D)
		return 0;
	in = tensor(k, o->in[0]);
	out = tensor(k, o->out);
	if (k->alias[o->in[0]] == k->alias[k->g->input] || place_of(k, o->in[0])->last != op || in->h != out->h || in->w != out->w || o->sh != 1 || o->sw != 1 ||
		up(in->c, CHIP_SIDE) != up(out->c, CHIP_SIDE) || up(out->c, 2) / 2 * window_bytes(o, in) / CHIP_SIDE > CHIP_WGT_ROWS)
		return 0;
	return (uint32_t)((o->pad_top * in->w + o->pad_left) * up(in->c, CHIP_SIDE));
}

/* An ADD writes over an operand that nobody else reads. */
static const struct place *over_operand(const struct chip *k, const struct op *o)
{
	for (int i = 0; o->kind == OP_ADD && i < 2; i++)
		if (place_of(k, o->in[i])->last == k->op && k->alias[o->in[i]] != k->alias[k->g->input])
			return place_of(k, o->in[i]);
	return NULL;
}

static int place_tensor(struct chip *k, int t, uint32_t pitch)
{
	struct place *p = &k->place[t];
	uint32_t at = 0, slide = 0;

	p->pitch = pitch;
	if (k->op + 1 < k->g->nops && k->g->ops[k->op + 1].in[0] == t)
		slide = slide_of(k, k->op + 1);
	if (find_place(k, size_of(k, t) + slide, NULL, &at))
		return -1;
	p->at = at + slide;
	p->bytes = size_of(k, t);
	k->slide = slide;
	return 0;
}

static int place_output(struct chip *k, const struct op *o)
{
	const struct place *over = over_operand(k, o), *in = place_of(k, o->in[0]);
	uint32_t pitch = (uint32_t)up(tensor(k, o->out)->c, CHIP_SIDE);

	if (!over && !k->slide)
		return place_tensor(k, o->out, pitch);
	k->place[o->out].pitch = pitch;
	k->place[o->out].at = over ? over->at : in->at - k->slide;
	k->place[o->out].bytes = size_of(k, o->out);
	k->slide = 0;
	return 0;
}

/* ---- runs ---- */

static struct chip_run run_of(const struct chip *k, const struct op *o)
{
	const struct tensor *in = tensor(k, o->in[0]), *out = tensor(k, o->out);
	struct chip_run r = { 0 };
	int i;

	r.zero_in = in->zero_point;
	r.h = in->h;
	r.w = in->w;
	r.zero = out->zero_point;
	r.low = o->act_min;
	r.high = o->act_max;
	for (i = 0; i < LOOPS; i++)
		r.count[i] = 1;
	r.count[LOOP_X] = out->w;
	r.count[LOOP_Y] = out->h;
	r.out = place_of(k, o->out)->at;
	r.pitch = place_of(k, o->out)->pitch;
	return r;
}

/* The window's walk over tensor t. */
static void set_window(const struct chip *k, const struct op *o, struct chip_run *r)
{
	const struct place *p = place_of(k, o->in[0]);
	int pixel = (int)p->pitch, line = pixel * r->w;

	r->count[LOOP_KX] = o->kw;
	r->count[LOOP_KY] = o->kh;
	r->start = (struct chip_step){ (int32_t)p->at - o->pad_top * line - o->pad_left * pixel, -o->pad_top, -o->pad_left };
	r->stride[LOOP_KX] = (struct chip_step){ o->dw * pixel, 0, o->dw };
	r->stride[LOOP_KY] = (struct chip_step){ o->dh * line, o->dh, 0 };
	r->stride[LOOP_X] = (struct chip_step){ o->sw * pixel, 0, o->sw };
	r->stride[LOOP_Y] = (struct chip_step){ o->sh * line, o->sh, 0 };
	r->stride[LOOP_GROUP] = (struct chip_step){ CHIP_SIDE, 0, 0 };
	r->stride[LOOP_WORD] = (struct chip_step){ r->bytes ? 1 : CHIP_SIDE, 0, 0 };
}

static int put_run(struct chip *k, const struct chip_run *r)
{
	chip_put_run(&k->b, r);
	return k->b.wide ? fail(k, "its sizes are more than NAME_chip's counters hold (maps of 64 x 64, kernels of 32 x 32, 512 channels)") : 0;
}

/* ---- CONV_2D, FULLY_CONNECTED, DEPTHWISE_CONV_2D ---- */

static int tap_weight(const struct op *o, int channels, int taps, int oc, int tap)
{
	return o->kind == OP_DEPTHWISE_CONV_2D ? o->weights[tap * channels + oc] : o->weights[(size_t)oc * (size_t)taps + (size_t)tap];
}

static int make_param(struct chip *k, const struct op *o, int taps, int oc, struct chip_param *p)
{
	const struct tensor *in = tensor(k, o->in[0]);
	int64_t bias = o->bias[oc], sum = 0, low = 0, high = 0;
	struct requant q;
	int i;

	for (i = 0; i < taps; i++) {
		int64_t w = tap_weight(o, tensor(k, o->out)->c, taps, oc, i), a = w * (in->qmin - in->zero_point), b = w * (in->qmax - in->zero_point);

		sum += w;
		low += a < b ? a : b;
		high += a < b ? b : a;
	}
	if (bias + low < -(1 << 23) || bias + high >= 1 << 23)
		return fail(k, "sums of output channel %d need more than 24 bits", oc);
	bias -= sum * in->zero_point;
	if (bias < -(1 << 26) || bias >= 1 << 26)
		return fail(k, "the bias of output channel %d needs more than 27 bits", oc);
	if (quant_from_real(ROUNDING_TFLITE, o->real_mult[oc], o->onnx_mult ? o->onnx_mult[oc] : 0, &q) || q.mult < 0)
		return fail(k, "the scale of output channel %d is out of range", oc);
	if (q.shift > 0)
		return fail(k, "the scale of output channel %d is 1 or more: NAME_chip shifts to the right", oc);
	*p = (struct chip_param){ bias, q.mult, -q.shift };
	return 0;
}

/* Where element i of output channel oc's window is in its weights, or -1: the bytes of a word beyond the last channel. */
static int tap_of(const struct chip *k, const struct op *o, const struct chip_run *r, int i)
{
	int c = tensor(k, o->in[0])->c, per = r->bytes ? c : up(c, CHIP_SIDE);

	return i / per < o->kh * o->kw && i % per < c ? i / per * c + i % per : -1;
}

/* Rows of output channels first.., two at a time; words from the last one down. */
static int put_conv_weights(struct chip *k, const struct op *o, const struct chip_run *r, int taps, int first)
{
	int rows = r->outputs * r->words, channels = tensor(k, o->out)->c;
	int8_t *w = calloc((size_t)rows, TAPS);

	if (!w)
		return fail(k, "out of memory");
	for (int row = 0; row < rows; row++)
		for (int i = 0; i < TAPS; i++) {
			int oc = first + row / r->words * 2 + i / CHIP_SIDE, tap = tap_of(k, o, r, (r->words - 1 - row % r->words) * CHIP_SIDE + i % CHIP_SIDE);

			if (oc < channels && tap >= 0)
				w[row * TAPS + i] = (int8_t)tap_weight(o, channels, taps, oc, tap);
		}
	chip_put_weights(&k->b, w, rows);
	free(w);
	return 0;
}

static int put_conv_params(struct chip *k, const struct op *o, int taps, int first, int n)
{
	struct chip_param p[CHIP_PAR_ROWS] = { { 0, 0, 0 } };

	for (int i = 0; i < n && first + i < tensor(k, o->out)->c; i++)
		if (make_param(k, o, taps, first + i, &p[i]))
			return -1;
	chip_put_params(&k->b, p, n);
	return 0;
}

static int build_conv(struct chip *k, const struct op *o)
{
	const struct tensor *in = tensor(k, o->in[0]), *out = tensor(k, o->out);
	struct chip_run r = run_of(k, o);
	int taps = o->kh * o->kw * in->c, first, pairs, most;

	if (o->groups > 1)
		return fail(k, "NAME_chip has no groups");
	r.bytes = place_of(k, o->in[0])->pitch % CHIP_SIDE != 0;
	set_window(k, o, &r);
	r.count[LOOP_WORD] = r.bytes ? in->c : up(in->c, CHIP_SIDE) / CHIP_SIDE;
	r.words = more(2, r.bytes ? up(taps, CHIP_SIDE) / CHIP_SIDE : o->kh * o->kw * r.count[LOOP_WORD]);
	if (r.words > CHIP_UNIT_ROWS || (r.bytes && taps > 256))
		return fail(k, "a window of %d bytes is more than NAME_chip's patch buffer holds", taps);
	most = CHIP_WGT_ROWS / r.words;
	pairs = up(out->c, 2) / 2;
	for (first = 0; first < pairs; first += r.outputs) {
		r.outputs = less(less(most, pairs - first), CHIP_PAR_ROWS / 2);
		if (put_conv_weights(k, o, &r, taps, 2 * first) || put_conv_params(k, o, taps, 2 * first, 2 * r.outputs))
			return -1;
		r.out = place_of(k, o->out)->at + 2 * (uint32_t)first;
		if (put_run(k, &r))
			return -1;
	}
	return 0;
}

/* A convolution whose window is the whole map. */
static int build_dense(struct chip *k, const struct op *o)
{
	struct op conv = *o;

	conv.in[0] = k->alias[o->in[0]];
	conv.kh = tensor(k, conv.in[0])->h;
	conv.kw = tensor(k, conv.in[0])->w;
	return build_conv(k, &conv);
}

/* A row for each channel and word: tap t of channel c is byte (c + t) mod 8 of side t / 8 mod 2. weight(t, channel). */
static int put_channel_weights(struct chip *k, const struct op *o, const int *same, int words, int taps, int first, int channels)
{
	int8_t *w = calloc((size_t)(channels * words), TAPS);

	if (!w)
		return fail(k, "out of memory");
	for (int c = 0; c < channels; c++)
		for (int t = 0; t < taps; t++)
			if (same || first + c < tensor(k, o->out)->c)
				w[(c * words + words - 1 - t / TAPS) * TAPS + t / CHIP_SIDE % 2 * CHIP_SIDE + (c + t) % CHIP_SIDE] =
					(int8_t)(same ? same[t] : tap_weight(o, tensor(k, o->out)->c, taps, first + c, t));
	chip_put_weights(&k->b, w, channels * words);
	free(w);
	return 0;
}

static int build_depthwise(struct chip *k, const struct op *o)
{
	struct chip_run r = run_of(k, o);
	int taps = o->kh * o->kw, groups = up(tensor(k, o->out)->c, CHIP_SIDE) / CHIP_SIDE, g, n;

	if (o->multiplier != 1 || place_of(k, o->in[0])->pitch % CHIP_SIDE)
		return fail(k, "NAME_chip needs one output channel per input channel, and not the network's input");
	if (taps > 256)
		return fail(k, "a window of %d bytes is more than NAME_chip's patch buffer holds", taps);
	set_window(k, o, &r);
	r.dw = 1;
	r.words = up(taps, TAPS) / TAPS;
	r.outputs = CHIP_SIDE;
	for (g = 0; g < groups; g += n) {
		n = less(groups - g, less(CHIP_WGT_ROWS / (CHIP_SIDE * r.words), CHIP_PAR_ROWS / CHIP_SIDE));
		r.count[LOOP_GROUP] = n;
		if (put_channel_weights(k, o, NULL, r.words, taps, CHIP_SIDE * g, CHIP_SIDE * n) || put_conv_params(k, o, taps, CHIP_SIDE * g, CHIP_SIDE * n))
			return -1;
		r.start.addr = (int32_t)place_of(k, o->in[0])->at + CHIP_SIDE * g - o->pad_top * r.stride[LOOP_KY].addr / o->dh - o->pad_left * r.stride[LOOP_KX].addr / o->dw;
		r.out = place_of(k, o->out)->at + CHIP_SIDE * (uint32_t)g;
		if (put_run(k, &r))
			return -1;
	}
	return 0;
}

/* ---- runs whose channels are all the same: pools, ADD ---- */

/* taps of r with these weights, for all groups of 8 channels; r walks the first ones. */
static int put_same(struct chip *k, const struct op *o, struct chip_run r, const int *weights, int taps, const struct chip_param *param)
{
	struct chip_param p[CHIP_PAR_ROWS];
	int groups = up(tensor(k, o->out)->c, CHIP_SIDE) / CHIP_SIDE, g, n, i;
	int32_t start = r.start.addr;
	uint32_t out = r.out;

	r.dw = r.again = 1;
	r.words = up(taps, TAPS) / TAPS;
	r.outputs = CHIP_SIDE;
	r.stride[LOOP_GROUP] = (struct chip_step){ CHIP_SIDE, 0, 0 };
	if (put_channel_weights(k, o, weights, r.words, taps, 0, CHIP_SIDE))
		return -1;
	for (g = 0; g < groups; g += n) {
		n = less(groups - g, CHIP_PAR_ROWS / CHIP_SIDE);
		for (i = 0; i < CHIP_SIDE * n; i++)
			p[i] = *param;
		chip_put_params(&k->b, p, CHIP_SIDE * n);
		r.count[LOOP_GROUP] = n;
		r.start.addr = start + CHIP_SIDE * g;
		r.out = out + CHIP_SIDE * (uint32_t)g;
		if (put_run(k, &r))
			return -1;
	}
	return 0;
}

static int build_average(struct chip *k, const struct op *o)
{
	const struct tensor *in = tensor(k, o->in[0]), *out = tensor(k, o->out);
	struct chip_run r = run_of(k, o);
	int ones[256], taps = o->kh * o->kw, i;
	struct requant q;

	if (o->pad_top || o->pad_left || (out->h - 1) * o->sh + o->kh > in->h || (out->w - 1) * o->sw + o->kw > in->w)
		return fail(k, "NAME_chip averages whole windows");
	if (taps > 256 || taps < 2 || place_of(k, o->in[0])->pitch % CHIP_SIDE)
		return fail(k, "NAME_chip averages 2 to 256 values, and not the network's input");
	if (quant_average(ROUNDING_TFLITE, taps, in->qmin, in->qmax, &q) || q.shift > 0)
		return fail(k, "an average over %d values has no exact reciprocal", taps);
	for (i = 0; i < taps; i++)
		ones[i] = 1;
	r.zero = 0;
	set_window(k, o, &r);
	return put_same(k, o, r, ones, taps, &(struct chip_param){ 0, q.mult, -q.shift });
}

/* Of pairs of values dy, dx apart in tensor or buffer from: the greater ones, to: max(a, b) = a + clamp(b - a, 0, 255). */
static int put_greater(struct chip *k, const struct op *o, uint32_t from, uint32_t between, uint32_t to, int dy, int dx, int last)
{
	const struct tensor *in = tensor(k, o->in[0]), *out = tensor(k, o->out);
	static const int minus[2] = { -2, 2 }, plus[2] = { 2, 2 };
	int pixel = (int)place_of(k, o->in[0])->pitch, line = pixel * in->w;
	struct chip_run r = run_of(k, o);
	struct chip_param half = { 0, 1 << 30, 0 };

	r.zero_in = -128;
	r.count[LOOP_X] = in->w;
	r.count[LOOP_Y] = in->h;
	r.count[LOOP_KX] = 2;
	r.start = (struct chip_step){ (int32_t)from, 0, 0 };
	r.stride[LOOP_KX] = (struct chip_step){ dy * line + dx * pixel, dy, dx };
	r.stride[LOOP_X] = (struct chip_step){ pixel, 0, 1 };
	r.stride[LOOP_Y] = (struct chip_step){ line, 1, 0 };
	r.zero = r.low = -128;
	r.high = 127;
	r.out = between;
	r.pitch = (uint32_t)pixel;
	if (put_same(k, o, r, minus, 2, &half))
		return -1;
	half.bias = 256;
	r.zero = 0;
	r.stride[LOOP_KX] = (struct chip_step){ (int32_t)between - (int32_t)from, 0, 0 };
	r.out = to;
	if (last) {
		r.low = o->act_min;
		r.high = o->act_max;
		r.count[LOOP_X] = out->w;
		r.count[LOOP_Y] = out->h;
		r.stride[LOOP_X] = (struct chip_step){ o->sw * pixel, 0, o->sw };
		r.stride[LOOP_Y] = (struct chip_step){ o->sh * line, o->sh, 0 };
		r.pitch = place_of(k, o->out)->pitch;
	}
	return put_same(k, o, r, plus, 2, &half);
}

static int build_maximum(struct chip *k, const struct op *o)
{
	const struct place *p = place_of(k, o->in[0]);
	struct place other = { 0, p->bytes, 0, 0 };
	uint32_t from = p->at, between = 0;
	int y = 1, x = 1;

	if (o->pad_top || o->pad_left || p->pitch % CHIP_SIDE || o->kh * o->kw < 2)
		return fail(k, "NAME_chip has maxima of 2 or more values, without padding at the top and the left, and not of the network's input");
	if (find_place(k, p->bytes, NULL, &other.at) || find_place(k, p->bytes, &other, &between))
		return -1;
	while (y < o->kh || x < o->kw) {
		int dy = less(y, o->kh - y), dx = dy ? 0 : less(x, o->kw - x), last;

		y += dy;
		x += dx;
		last = y == o->kh && x == o->kw;
		if (put_greater(k, o, from, between, last ? place_of(k, o->out)->at : other.at, dy, dx, last))
			return -1;
		from = other.at;
	}
	return 0;
}

/* 8 channels of both operands: side 0 has the one that is multiplied, side 1 the table's row. */
static int build_add(struct chip *k, const struct op *o)
{
	struct chip_param table[256];
	struct chip_run r = run_of(k, o);
	const struct tensor *out = tensor(k, o->out);
	int order, pixel = (int)place_of(k, o->out)->pitch, groups = pixel / CHIP_SIDE;
	int8_t w[CHIP_SIDE * TAPS] = { 0 };

	for (order = 0; order < 2; order++) {
		const struct tensor *a = tensor(k, o->in[order]), *b = tensor(k, o->in[!order]);
		struct chip_add d = { a->zero_point, b->zero_point, out->zero_point, o->act_min, o->act_max };

		if (chip_add_table(&d, a->scale, b->scale, out->scale, table) == 0)
			break;
	}
	if (order == 2)
		return fail(k, "its scales have no table that is exact for all operands");
	if (place_of(k, o->in[0])->pitch != place_of(k, o->in[1])->pitch || (uint32_t)pixel != place_of(k, o->in[0])->pitch)
		return fail(k, "NAME_chip does not add the network's input");
	for (int c = 0; c < CHIP_SIDE; c++) {
		w[TAPS * c + c] = 1;
		w[TAPS * c + CHIP_SIDE + (c + 1) % CHIP_SIDE] = 1;
	}
	r.dw = r.add = r.again = 1;
	r.words = 1;
	r.outputs = CHIP_SIDE;
	r.count[LOOP_KX] = 2;
	r.count[LOOP_GROUP] = groups;
	r.start.addr = (int32_t)place_of(k, o->in[order])->at;
	r.stride[LOOP_KX].addr = (int32_t)place_of(k, o->in[!order])->at - r.start.addr;
	r.stride[LOOP_GROUP].addr = CHIP_SIDE;
	r.stride[LOOP_X].addr = pixel;
	r.stride[LOOP_Y].addr = pixel * out->w;
	chip_put_weights(&k->b, w, CHIP_SIDE);
	chip_put_params(&k->b, table, 256);
	return put_run(k, &r);
}

static int same_shape(const struct tensor *a, const struct tensor *b)
{
	return a->h == b->h && a->w == b->w && a->c == b->c;
}

static int build_op(struct chip *k, const struct op *o)
{
	for (int i = 0; i < 2 && o->kind != OP_FULLY_CONNECTED; i++)
		if (o->in[i] >= 0 && !same_shape(tensor(k, o->in[i]), tensor(k, k->alias[o->in[i]])))
			return fail(k, "NAME_chip has a RESHAPE to another shape before FULLY_CONNECTED only");
	switch (o->kind) {
	case OP_CONV_2D: return build_conv(k, o);
	case OP_FULLY_CONNECTED: return build_dense(k, o);
	case OP_DEPTHWISE_CONV_2D: return build_depthwise(k, o);
	case OP_AVERAGE_POOL_2D: return build_average(k, o);
	case OP_MAX_POOL_2D: return build_maximum(k, o);
	case OP_ADD: return build_add(k, o);
	default: return fail(k, "NAME_chip has no form for it");
	}
}

/* ---- a network ---- */

/* Which tensors share bytes (RESHAPE), and who reads them last; the last operator's output: the tensor before a SOFTMAX. */
static int find_lives(struct chip *k, int *out)
{
	const struct graph *g = k->g;

	for (int t = 0; t < g->ntensors; t++)
		k->alias[t] = t;
	*out = g->output;
	k->host_op = -1;
	for (k->op = 0; k->op < g->nops; k->op++) {
		const struct op *o = &g->ops[k->op];

		if (tensor(k, o->in[0])->wide || tensor(k, o->out)->wide)
			return fail(k, "NAME_chip has activations of 8 bits");
		for (int i = 0; i < 2; i++)
			if (o->in[i] >= 0)
				k->place[k->alias[o->in[i]]].last = k->op;
		if (o->kind == OP_RESHAPE)
			k->alias[o->out] = k->alias[o->in[0]];
		if (o->kind == OP_SOFTMAX && k->alias[o->out] == k->alias[g->output]) {
			*out = o->in[0];
			k->host_op = k->op;
		}
	}
	*out = k->alias[*out];
	k->place[*out].last = g->nops;
	return 0;
}

static int build(struct chip *k, int *out)
{
	const struct graph *g = k->g;

	if (find_lives(k, out))
		return -1;
	k->op = 0;
	k->layers = calloc((size_t)g->nops + 1, sizeof *k->layers);
	if (!k->layers)
		return fail(k, "out of memory");
	if (place_tensor(k, k->alias[g->input], (uint32_t)tensor(k, g->input)->c))
		return -1;
	for (k->op = 0; k->op < g->nops; k->op++) {
		const struct op *o = &g->ops[k->op];

		if (o->kind == OP_RESHAPE || (o->kind == OP_SOFTMAX && o->in[0] >= 0 && k->alias[o->in[0]] == *out))
			continue;
		if (place_output(k, o) || build_op(k, o))
			return -1;
		k->layers[k->nlayers++] = (struct chip_layer){ k->op, k->b.runs, k->b.cycles };
	}
	chip_put_end(&k->b);
	return 0;
}

static int finish(struct chip *k, int out, struct chip_image *i)
{
	const struct graph *g = k->g;
	uint32_t top = 0;

	for (int t = 0; t < g->ntensors; t++)
		if (k->place[t].at + k->place[t].bytes > top)
			top = k->place[t].at + k->place[t].bytes;
	if (k->b.failed) {
		snprintf(k->err, k->errsize, "out of memory");
		return -1;
	}
	if (k->b.bytes + top > CHIP_BYTES) {
		snprintf(k->err, k->errsize, "%s: the program is %zu bytes, and %u of %d are left by feature maps", g->name, k->b.bytes, CHIP_BYTES - top, CHIP_BYTES);
		return -1;
	}
	if (tensor(k, out)->h * tensor(k, out)->w > 1 && (uint32_t)tensor(k, out)->c != k->place[out].pitch) {
		snprintf(k->err, k->errsize, "%s: NAME_chip's output has 1 x 1 pixels, or a multiple of 8 channels", g->name);
		return -1;
	}
	i->data = k->b.data;
	i->bytes = (uint32_t)k->b.bytes;
	i->base = CHIP_BYTES - i->bytes;
	i->in = place_of(k, g->input)->at;
	i->in_bytes = (uint32_t)tensor_bytes(tensor(k, g->input));
	i->out = k->place[out].at;
	i->out_bytes = (uint32_t)tensor_bytes(tensor(k, out));
	i->layers = k->layers;
	i->nlayers = k->nlayers;
	i->device_out = out;
	i->host_op = k->host_op;
	return 0;
}

int chip_build(const struct config *c, const struct graph *g, struct chip_image *i, char *err, size_t errsize)
{
	struct chip *k;
	int out, status = -1;

	*i = (struct chip_image){ 0 };
	if (c->bus != BUS_ON_CHIP) {
		snprintf(err, errsize, "%s: bus is axi: an image is for a design with bus: on_chip", c->name);
		return -1;
	}
	k = calloc(1, sizeof *k);
	if (!k || g->ntensors > MAX_TENSORS) {
		snprintf(err, errsize, k ? "%s: too many tensors" : "%s: out of memory", g->name);
		free(k);
		return -1;
	}
	k->g = g;
	k->err = err;
	k->errsize = errsize;
	if (build(k, &out) == 0)
		status = finish(k, out, i);
	if (status) {
		free(k->b.data);
		free(k->layers);
	}
	free(k);
	return status;
}

static void put(FILE *f, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		fputc((int)(v >> 8 * i & 255), f);
}

int chip_write(const struct chip_image *i, FILE *f)
{
	fputs("SYSTCHIP", f);
	put(f, i->base);
	put(f, i->bytes);
	put(f, i->in);
	put(f, i->in_bytes);
	put(f, i->out);
	put(f, i->out_bytes);
	fwrite(i->data, 1, i->bytes, f);
	return ferror(f) ? -1 : 0;
}

void chip_free(struct chip_image *i)
{
	free(i->data);
	free(i->layers);
	i->data = NULL;
	i->layers = NULL;
}
