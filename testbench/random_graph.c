/* SPDX-License-Identifier: Apache-2.0 */
#include "random_graph.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TENSORS = 4, MAX_OPS = 3, DEAD_STEPS = 6, DEAD_OPS = 2 * DEAD_STEPS + 2 };

uint32_t rng_next(struct rng *r)
{
	r->s = r->s * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(r->s >> 33);
}

int rng_range(struct rng *r, int lo, int hi)
{
	return lo + (int)(rng_next(r) % (uint32_t)(hi - lo + 1));
}

int rng_chance(struct rng *r, int percent)
{
	return rng_range(r, 1, 100) <= percent;
}

static void set_tensor(struct rng *r, const struct config *c, struct tensor *t, int h, int w, int ch)
{
	memset(t, 0, sizeof *t);
	snprintf(t->name, sizeof t->name, "t");
	t->h = h;
	t->w = w;
	t->c = ch;
	t->qmin = -(1 << (c->act_bits - 1));
	t->qmax = (1 << (c->act_bits - 1)) - 1;
	t->wide = c->act_size > 1;
	t->zero_point = rng_chance(r, 40) ? t->qmin : rng_range(r, t->qmin, t->qmax);
	if (t->wide)
		t->zero_point = 0;
	t->scale = (float)rng_range(r, 100, 1000) * 1e-4f;
}

static void output_size(struct rng *r, const struct tensor *in, struct op *o, int *h, int *w)
{
	int ekh = (o->kh - 1) * o->dh + 1, ekw = (o->kw - 1) * o->dw + 1;
	int same = in->h < ekh || in->w < ekw || rng_chance(r, 60);

	*h = same ? (in->h + o->sh - 1) / o->sh : (in->h - ekh) / o->sh + 1;
	*w = same ? (in->w + o->sw - 1) / o->sw : (in->w - ekw) / o->sw + 1;
	o->pad_top = same && (*h - 1) * o->sh + ekh > in->h ? ((*h - 1) * o->sh + ekh - in->h) / 2 : 0;
	o->pad_left = same && (*w - 1) * o->sw + ekw > in->w ? ((*w - 1) * o->sw + ekw - in->w) / 2 : 0;
}

static void set_op(struct op *o, enum op_kind kind, int index, int a, int b, int out)
{
	memset(o, 0, sizeof *o);
	o->kind = kind;
	o->index = index;
	o->in[0] = a;
	o->in[1] = b;
	o->out = out;
	o->kh = o->kw = o->sh = o->sw = o->dh = o->dw = o->groups = o->multiplier = 1;
}

static void random_window(struct rng *r, struct op *o, int max)
{
	o->kh = rng_range(r, 1, max);
	o->kw = rng_chance(r, 60) ? o->kh : rng_range(r, 1, max);
	o->sh = rng_chance(r, 60) ? 1 : rng_range(r, 1, 3);
	o->sw = rng_chance(r, 70) ? o->sh : rng_range(r, 1, 3);
}

static int fill_weights(struct rng *r, const struct config *c, struct op *o, size_t n, int channels, int64_t taps)
{
	int bits = c->sub > 1 && rng_chance(r, 70) ? 8 >> rng_range(r, 1, 2) : c->wgt_bits;
	int lo = -(1 << (bits - 1)), hi = -lo - 1, extreme = rng_chance(r, 20), i;
	double worst = (double)taps * (1 << (c->act_bits + bits - 2)), target = (double)(1 << (c->act_bits - 1));
	size_t k;

	o->weights = malloc(n);
	o->bias = malloc((size_t)channels * sizeof *o->bias);
	o->real_mult = malloc((size_t)channels * sizeof *o->real_mult);
	o->onnx_mult = malloc((size_t)channels * sizeof *o->onnx_mult);
	if (!o->weights || !o->bias || !o->real_mult || !o->onnx_mult)
		return -1;
	for (k = 0; k < n; k++)
		o->weights[k] = (int8_t)(bits == 1 ? (rng_chance(r, 50) ? 1 : -1) : extreme ? (rng_chance(r, 50) ? lo : hi) : rng_chance(r, 20) ? 0 : rng_range(r, lo, hi));
	for (i = 0; i < channels; i++) {
		o->bias[i] = rng_range(r, -2000, 2000);
		o->real_mult[i] = target / worst * (extreme ? 1.0 : 6.0) * (0.3 + (double)rng_range(r, 0, 1000) / 500.0);
		o->onnx_mult[i] = (float)o->real_mult[i];
	}
	return 0;
}

/* Zeros until every group of the config's pattern along the per input channels keeps to it; which stay is random. */
static void keep_pattern(struct rng *r, const struct config *c, struct op *o, size_t n, size_t per)
{
	size_t run, at, i;

	for (run = 0; c->sparsity == SPARSITY_NM && run < n; run += per)
		for (at = 0; at < per; at += (size_t)c->nm_m) {
			size_t k = per - at < (size_t)c->nm_m ? per - at : (size_t)c->nm_m;
			int left = (int)((k * (size_t)c->nm_n + (size_t)c->nm_m - 1) / (size_t)c->nm_m), rest = (int)k;

			for (i = 0; i < k; i++, rest--)
				if (rng_range(r, 1, rest) <= left)
					left--;
				else
					o->weights[run + at + i] = 0;
		}
}

static void set_clamp(struct rng *r, const struct tensor *y, struct op *o)
{
	o->act_min = rng_chance(r, 50) ? y->qmin : y->zero_point;
	o->act_max = rng_chance(r, 80) ? y->qmax : y->zero_point + (y->qmax - y->zero_point) / 2;
}

static int add_mac(struct rng *r, const struct config *c, struct graph *g, int kind)
{
	struct tensor *x = &g->tensors[0], *y = &g->tensors[1];
	struct op *o = &g->ops[0];
	int h, w, channels, per;
	size_t n;

	set_op(o, kind == 2 ? OP_FULLY_CONNECTED : kind == 1 ? OP_DEPTHWISE_CONV_2D : OP_CONV_2D, 0, 0, -1, 1);
	if (kind == 2) {
		set_tensor(r, c, x, 1, 1, rng_range(r, 1, 300));
		h = w = 1;
	} else {
		set_tensor(r, c, x, rng_range(r, 1, 14), rng_range(r, 1, 14), rng_chance(r, 70) ? rng_range(r, 1, 24) : rng_range(r, 1, 70));
		random_window(r, o, 7);
		if (kind == 1 && rng_chance(r, 60)) {
			o->kh = o->kw = rng_range(r, 1, 3);
			o->sh = o->sw = 1;
		} else if (rng_chance(r, 25)) {
			o->dh = rng_range(r, 1, 3);
			o->dw = rng_range(r, 1, 3);
		}
		output_size(r, x, o, &h, &w);
	}
	o->multiplier = kind == 1 && rng_chance(r, 25) ? rng_range(r, 2, 3) : 1;
	channels = kind == 1 ? x->c * o->multiplier : rng_chance(r, 70) ? rng_range(r, 1, 24) : rng_range(r, 1, 70);
	if (kind == 0 && x->c % 2 == 0 && rng_chance(r, 15)) {
		o->groups = 2;
		channels += channels & 1;
	}
	per = kind == 1 ? 1 : x->c / o->groups;
	set_tensor(r, c, y, h, w, channels);
	set_clamp(r, y, o);
	n = (size_t)o->kh * (size_t)o->kw * (size_t)per * (size_t)channels;
	if (fill_weights(r, c, o, n, channels, (int64_t)o->kh * o->kw * per))
		return -1;
	if (kind != 1)
		keep_pattern(r, c, o, n, (size_t)per);
	return 0;
}

/* y = conv(x) + x: fused into the convolution when it can be. */
static int add_residual(struct rng *r, const struct config *c, struct graph *g)
{
	struct tensor *x = &g->tensors[0];
	struct op *o = &g->ops[0];
	int k = rng_chance(r, 50) ? 3 : 1;

	set_tensor(r, c, x, rng_range(r, 1, 10), rng_range(r, 1, 10), rng_range(r, 1, 20));
	set_op(o, OP_CONV_2D, 0, 0, -1, 1);
	o->kh = o->kw = k;
	o->pad_top = o->pad_left = k / 2;
	set_tensor(r, c, &g->tensors[1], x->h, x->w, x->c);
	set_tensor(r, c, &g->tensors[2], x->h, x->w, x->c);
	set_clamp(r, &g->tensors[1], o);
	set_op(&g->ops[1], OP_ADD, 1, rng_chance(r, 50), 0, 2);
	g->ops[1].in[1] = !g->ops[1].in[0];
	set_clamp(r, &g->tensors[2], &g->ops[1]);
	g->nops = 2;
	g->ntensors = 3;
	g->output = 2;
	if (fill_weights(r, c, o, (size_t)(k * k * x->c * x->c), x->c, (int64_t)k * k * x->c))
		return -1;
	keep_pattern(r, c, o, (size_t)(k * k * x->c * x->c), (size_t)x->c);
	return 0;
}

static int add_pool(struct rng *r, const struct config *c, struct graph *g, int max)
{
	struct tensor *x = &g->tensors[0];
	struct op *o = &g->ops[0];
	int h, w;

	set_tensor(r, c, x, rng_range(r, 1, 12), rng_range(r, 1, 12), rng_range(r, 1, 30));
	set_op(o, max ? OP_MAX_POOL_2D : OP_AVERAGE_POOL_2D, 0, 0, -1, 1);
	random_window(r, o, 4);
	if (rng_chance(r, 30)) {
		o->kh = o->sh = x->h;
		o->kw = o->sw = x->w;
	}
	output_size(r, x, o, &h, &w);
	g->tensors[1] = *x;
	g->tensors[1].h = h;
	g->tensors[1].w = w;
	set_clamp(r, &g->tensors[1], o);
	return 0;
}

/* A convolution and the average over its whole map. */
static int add_average(struct rng *r, const struct config *c, struct graph *g)
{
	struct op *o = &g->ops[1];
	struct tensor *y = &g->tensors[1];

	if (add_mac(r, c, g, rng_range(r, 0, 1)))
		return -1;
	set_op(o, OP_AVERAGE_POOL_2D, 1, 1, -1, 2);
	o->kh = y->h;
	o->kw = y->w;
	g->tensors[2] = *y;
	g->tensors[2].h = g->tensors[2].w = 1;
	o->act_min = y->qmin;
	o->act_max = y->qmax;
	g->nops = 2;
	g->ntensors = 3;
	g->output = 2;
	return 0;
}

static void describe(const struct graph *g, char *text, size_t size)
{
	const struct op *o = &g->ops[0];
	const struct tensor *x = &g->tensors[o->in[0]], *y = &g->tensors[o->out];

	snprintf(text, size, "%s%s%s %dx%dx%d -> %dx%dx%d k%dx%d s%dx%d d%dx%d pad %d,%d groups %d mult %d", op_kind_name(o->kind), g->nops > 1 ? "+" : "",
		 g->nops > 1 ? op_kind_name(g->ops[1].kind) : "", x->h, x->w, x->c, y->h, y->w, y->c, o->kh, o->kw, o->sh, o->sw, o->dh, o->dw, o->pad_top,
		 o->pad_left, o->groups, o->multiplier);
}

int random_graph(struct rng *r, const struct config *c, struct graph *g, char *text, size_t size)
{
	int kind = rng_range(r, 0, 11), status;

	memset(g, 0, sizeof *g);
	snprintf(g->name, sizeof g->name, "random");
	g->tensors = calloc(MAX_TENSORS, sizeof *g->tensors);
	g->ops = calloc(MAX_OPS, sizeof *g->ops);
	if (!g->tensors || !g->ops)
		return -1;
	g->ntensors = 2;
	g->nops = 1;
	g->output = 1;
	if (kind <= 3)
		status = add_mac(r, c, g, 0);
	else if (kind <= 6)
		status = add_mac(r, c, g, 1);
	else if (kind == 7)
		status = add_mac(r, c, g, 2);
	else if (kind == 8)
		status = add_residual(r, c, g);
	else if (kind <= 10)
		status = add_pool(r, c, g, kind == 10);
	else
		status = add_average(r, c, g);
	if (status == 0)
		describe(g, text, size);
	return status;
}

/* ---- networks with dead channels ---- */

/* Zeroes filters, and input channels of all filters, each with a chance in percent; some biases leave the clamp's range. */
static void kill_channels(struct rng *r, struct op *o, int taps, int per, int channels, int percent)
{
	int dw = o->kind == OP_DEPTHWISE_CONV_2D, oc, i, tap;

	for (oc = 0; oc < channels; oc++) {
		int dead = rng_chance(r, percent);

		for (tap = 0; dead && tap < taps; tap++)
			for (i = 0; i < per; i++)
				o->weights[dw ? tap * channels + oc : (oc * taps + tap) * per + i] = 0;
		if (rng_chance(r, 10))
			o->bias[oc] = rng_chance(r, 50) ? -500000 : 500000;
	}
	for (i = 0; i < per && !dw; i++)
		if (rng_chance(r, percent))
			for (oc = 0; oc < channels; oc++)
				for (tap = 0; tap < taps; tap++)
					o->weights[(oc * taps + tap) * per + i] = 0;
}

/* Appends an operator whose output has the given shape, c 0: the pool's input's channels. */
static struct op *append(struct graph *g, enum op_kind kind, int a, int b)
{
	struct op *o = &g->ops[g->nops];

	set_op(o, kind, g->nops++, a, b, g->ntensors++);
	g->output = o->out;
	return o;
}

static int append_mac(struct rng *r, const struct config *c, struct graph *g, enum op_kind kind, int channels, int k, int percent)
{
	int in = g->output;
	struct op *o = append(g, kind, in, -1);
	struct tensor *x = &g->tensors[in], *y = &g->tensors[o->out];
	int h = 1, w = 1, dw = kind == OP_DEPTHWISE_CONV_2D, taps, per;

	if (kind != OP_FULLY_CONNECTED) {
		o->kh = o->kw = k;
		o->sh = o->sw = k && rng_chance(r, 70) ? 1 : 2;
		output_size(r, x, o, &h, &w);
	}
	if (dw)
		o->multiplier = channels / x->c;
	set_tensor(r, c, y, h, w, channels);
	set_clamp(r, y, o);
	taps = kind == OP_FULLY_CONNECTED ? x->h * x->w : o->kh * o->kw;
	per = dw ? 1 : x->c;
	if (fill_weights(r, c, o, (size_t)taps * (size_t)per * (size_t)channels, channels, (int64_t)taps * per))
		return -1;
	if (!dw)
		keep_pattern(r, c, o, (size_t)taps * (size_t)per * (size_t)channels, (size_t)(kind == OP_FULLY_CONNECTED ? taps * per : per));
	kill_channels(r, o, taps, per, channels, percent);
	return 0;
}

static int append_residual(struct rng *r, const struct config *c, struct graph *g, int percent)
{
	int in = g->output, made;
	struct op *o;

	if (append_mac(r, c, g, OP_CONV_2D, g->tensors[in].c, 1, percent))
		return -1;
	made = g->output;
	o = &g->ops[g->nops - 1];
	o->sh = o->sw = 1;
	g->tensors[made].h = g->tensors[in].h;
	g->tensors[made].w = g->tensors[in].w;
	o = append(g, OP_ADD, rng_chance(r, 50) ? in : made, -1);
	o->in[1] = o->in[0] == in ? made : in;
	set_tensor(r, c, &g->tensors[o->out], g->tensors[in].h, g->tensors[in].w, g->tensors[in].c);
	set_clamp(r, &g->tensors[o->out], o);
	return 0;
}

static void append_pool(struct rng *r, struct graph *g)
{
	int in = g->output, h, w;
	struct op *o = append(g, rng_chance(r, 50) ? OP_MAX_POOL_2D : OP_AVERAGE_POOL_2D, in, -1);

	o->kh = o->kw = o->sh = o->sw = 2;
	output_size(r, &g->tensors[in], o, &h, &w);
	g->tensors[o->out] = g->tensors[in];
	g->tensors[o->out].h = h;
	g->tensors[o->out].w = w;
	set_clamp(r, &g->tensors[o->out], o);
}

/* Flattened, then a few outputs. */
static int append_dense(struct rng *r, const struct config *c, struct graph *g, int percent)
{
	const struct tensor *x = &g->tensors[g->output];

	if (rng_chance(r, 50)) {
		struct op *o = append(g, OP_RESHAPE, g->output, -1);

		g->tensors[o->out] = *x;
		g->tensors[o->out].h = g->tensors[o->out].w = 1;
		g->tensors[o->out].c = x->h * x->w * x->c;
		o->act_min = x->qmin;
		o->act_max = x->qmax;
	}
	return append_mac(r, c, g, OP_FULLY_CONNECTED, rng_range(r, 1, 12), 1, percent);
}

static int append_any(struct rng *r, const struct config *c, struct graph *g, int percent)
{
	int kind = rng_range(r, 0, 9), channels = g->tensors[g->output].c;

	if (kind < 5)
		return append_mac(r, c, g, OP_CONV_2D, rng_range(r, 1, 24), rng_chance(r, 50) ? 1 : rng_range(r, 2, 3), percent);
	if (kind < 7)
		return append_mac(r, c, g, OP_DEPTHWISE_CONV_2D, channels * (channels < 20 && rng_chance(r, 20) ? 2 : 1), rng_range(r, 1, 3), percent);
	if (kind < 9)
		return append_residual(r, c, g, percent);
	append_pool(r, g);
	return 0;
}

int random_dead_graph(struct rng *r, const struct config *c, struct graph *g, char *text, size_t size)
{
	int percent = rng_range(r, 10, 80), steps = rng_range(r, 1, DEAD_STEPS), i, status = 0;
	size_t n = 0;

	memset(g, 0, sizeof *g);
	snprintf(g->name, sizeof g->name, "dead");
	g->tensors = calloc(DEAD_OPS + 1, sizeof *g->tensors);
	g->ops = calloc(DEAD_OPS, sizeof *g->ops);
	if (!g->tensors || !g->ops)
		return -1;
	set_tensor(r, c, &g->tensors[g->ntensors++], rng_range(r, 1, 9), rng_range(r, 1, 9), rng_range(r, 1, 16));
	for (i = 0; i < steps && status == 0; i++)
		status = append_any(r, c, g, percent);
	if (status == 0 && rng_chance(r, 50))
		status = append_dense(r, c, g, percent);
	for (i = 0; i < g->nops && n < size; i++) {
		const struct tensor *y = &g->tensors[g->ops[i].out];

		n += (size_t)snprintf(text + n, size - n, "%s%s k%d s%d %dx%dx%d", i ? ", " : "", op_kind_name(g->ops[i].kind), g->ops[i].kh, g->ops[i].sh, y->h, y->w, y->c);
	}
	return status;
}

void random_input(struct rng *r, const struct graph *g, int8_t *input, size_t n)
{
	const struct tensor *x = &g->tensors[g->input];
	int mode = rng_range(r, 0, 5);
	size_t i;

	for (i = 0; x->wide && i < n / 2; i++) {
		int16_t v = (int16_t)(mode == 0 ? x->qmin : mode == 1 ? x->qmax : rng_chance(r, 20) ? 0 : rng_range(r, x->qmin, x->qmax));

		memcpy(input + 2 * i, &v, sizeof v);
	}
	for (i = 0; !x->wide && i < n; i++)
		input[i] = (int8_t)(mode == 0 ? x->qmin : mode == 1 ? x->qmax : rng_chance(r, 20) ? x->zero_point : rng_range(r, x->qmin, x->qmax));
}

void random_zeros(struct rng *r, struct graph *g, int few)
{
	int i, k, percent, n;

	for (i = 0; i < g->nops; i++) {
		const struct op *o = &g->ops[i];
		const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];

		percent = rng_chance(r, 30) ? 0 : rng_range(r, 50, 98);
		n = o->kind == OP_FULLY_CONNECTED ? in->h * in->w * in->c * out->c : o->kind == OP_DEPTHWISE_CONV_2D ? o->kh * o->kw * out->c :
		    o->kind == OP_CONV_2D ? o->kh * o->kw * (in->c / o->groups) * out->c : 0;
		for (k = 0; k < n; k++)
			if (rng_chance(r, percent))
				o->weights[k] = 0;
			else if (few)
				o->weights[k] = (int8_t)(o->weights[k] / 18 * 18);
	}
}
