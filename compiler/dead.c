/* SPDX-License-Identifier: Apache-2.0
 * Every channel of every feature map is a node with the range of its values. Nodes that must go together (both sides of an
 * ADD, a depthwise convolution or a pool) are one class; classes are kept from the output backwards. */
#include "dead.h"
#include "cmodel/ref.h"
#include <stdlib.h>
#include <string.h>

struct range { int lo, hi; };

struct dead {
	const struct graph *g;  /* borrowed */
	enum rounding rounding;
	int *root;              /* owned, per tensor: the tensor whose bytes it shares (RESHAPE), or itself */
	int *first;             /* owned, per tensor: node of its root's channel 0 */
	int nodes;
	struct range *range;    /* owned, per node */
	int *parent;            /* owned, per node: union-find */
	uint8_t *keep;          /* owned, per node: of a class's first node */
	uint8_t **followed;     /* owned, per operator, per output channel: what it reads is kept */
	int changed;
};

/* ---- the operators that multiply, seen alike: filter oc has taps x per weights ---- */

static int is_mac(const struct op *o)
{
	return o->kind == OP_CONV_2D || o->kind == OP_DEPTHWISE_CONV_2D || o->kind == OP_FULLY_CONNECTED;
}

/* Any filter may lose any input channel. */
static int is_dense(const struct op *o)
{
	return o->kind == OP_FULLY_CONNECTED || (o->kind == OP_CONV_2D && o->groups == 1);
}

static const struct tensor *input_of(const struct graph *g, const struct op *o)
{
	return &g->tensors[o->in[0]];
}

static int taps_of(const struct graph *g, const struct op *o)
{
	return o->kind == OP_FULLY_CONNECTED ? input_of(g, o)->h * input_of(g, o)->w : o->kh * o->kw;
}

static int per_of(const struct graph *g, const struct op *o)
{
	return o->kind == OP_DEPTHWISE_CONV_2D ? 1 : input_of(g, o)->c / o->groups;
}

/* The input channel of a filter's i-th weight of a tap. */
static int source(const struct graph *g, const struct op *o, int oc, int i)
{
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return oc / o->multiplier;
	return oc / (g->tensors[o->out].c / o->groups) * per_of(g, o) + i;
}

static size_t weight_at(const struct graph *g, const struct op *o, int oc, int tap, int i)
{
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return (size_t)tap * (size_t)g->tensors[o->out].c + (size_t)oc;
	return ((size_t)oc * (size_t)taps_of(g, o) + (size_t)tap) * (size_t)per_of(g, o) + (size_t)i;
}

static int inside(int k, int stride, int dilation, int pad, int in, int out)
{
	int64_t first = (int64_t)k * dilation - pad;

	return first >= 0 && first + (int64_t)(out - 1) * stride < in;
}

/* The tap is never in the padding, wherever the window is. */
static int always_inside(const struct graph *g, const struct op *o, int tap)
{
	const struct tensor *in = input_of(g, o), *out = &g->tensors[o->out];

	if (o->kind == OP_FULLY_CONNECTED)
		return 1;
	return inside(tap / o->kw, o->sh, o->dh, o->pad_top, in->h, out->h) && inside(tap % o->kw, o->sw, o->dw, o->pad_left, in->w, out->w);
}

/* ---- nodes ---- */

static int node_of(const struct dead *d, int tensor, int channel)
{
	return d->first[tensor] + channel % d->g->tensors[d->root[tensor]].c;
}

static int class_of(const struct dead *d, int node)
{
	while (d->parent[node] != node) {
		d->parent[node] = d->parent[d->parent[node]];
		node = d->parent[node];
	}
	return node;
}

int dead_kept(const struct dead *d, int tensor, int channel)
{
	return d->keep[class_of(d, node_of(d, tensor, channel))];
}

static void join(struct dead *d, int a, int b)
{
	d->parent[class_of(d, a)] = class_of(d, b);
}

static void keep(struct dead *d, int node)
{
	uint8_t *k = &d->keep[class_of(d, node)];

	d->changed |= !*k;
	*k = 1;
}

static void keep_all(struct dead *d, int tensor)
{
	int k;

	for (k = 0; k < d->g->tensors[d->root[tensor]].c; k++)
		keep(d, d->first[tensor] + k);
}

/* ---- ranges: what a channel's values can be, for any input and anywhere ---- */

static struct range whole(const struct tensor *t)
{
	struct range r = { t->qmin, t->qmax };

	return r;
}

/* Requantization grows with the sum in every mode, so the ends of the sum's range give the ends of the output's. */
static struct range requantize(const struct dead *d, const struct op *o, int oc, int64_t lo, int64_t hi)
{
	struct ref_scale s = ref_scale_make(d->rounding, o->real_mult[oc], d->rounding == ROUNDING_ONNX ? o->onnx_mult[oc] : 0);
	int zy = d->g->tensors[o->out].zero_point;
	struct range r = { o->act_min, o->act_max };

	if (lo < INT32_MIN || hi > INT32_MAX)
		return r;
	r.lo = ref_clamp((int64_t)ref_scale_apply(&s, lo) + zy, o->act_min, o->act_max);
	r.hi = ref_clamp((int64_t)ref_scale_apply(&s, hi) + zy, o->act_min, o->act_max);
	return r;
}

static struct range mac_range(const struct dead *d, const struct op *o, int oc)
{
	const struct graph *g = d->g;
	int zx = input_of(g, o)->zero_point, per = per_of(g, o), tap, i;
	int64_t lo = o->bias[oc], hi = o->bias[oc];

	for (tap = 0; tap < taps_of(g, o); tap++) {
		int padded = !always_inside(g, o, tap);

		for (i = 0; i < per; i++) {
			struct range x = d->range[node_of(d, o->in[0], source(g, o, oc, i))];
			int64_t w = o->weights[weight_at(g, o, oc, tap, i)], a = w * (x.lo - zx), b = w * (x.hi - zx);
			int64_t least = a < b ? a : b, most = a < b ? b : a;

			lo += padded && least > 0 ? 0 : least;
			hi += padded && most < 0 ? 0 : most;
		}
	}
	return requantize(d, o, oc, lo, hi);
}

static struct range add_range(const struct dead *d, const struct op *o, int k)
{
	const struct tensor *a = &d->g->tensors[o->in[0]], *b = &d->g->tensors[o->in[1]], *y = &d->g->tensors[o->out];
	struct ref_add p = { d->rounding, a->scale, b->scale, y->scale, a->zero_point, b->zero_point, y->zero_point, o->act_min, o->act_max };
	struct range ra = d->range[node_of(d, o->in[0], k)], rb = d->range[node_of(d, o->in[1], k)], r;
	int8_t va[2] = { (int8_t)ra.lo, (int8_t)ra.hi }, vb[2] = { (int8_t)rb.lo, (int8_t)rb.hi }, vy[2];

	ref_add(&p, 2, va, vb, vy);
	r.lo = vy[0];
	r.hi = vy[1];
	return r;
}

/* One channel of value v everywhere: the range of the pool's outputs. map, pooled: room for it. */
static struct range pool_constant(const struct dead *d, const struct op *o, int v, int8_t *map, int8_t *pooled)
{
	const struct tensor *in = input_of(d->g, o), *out = &d->g->tensors[o->out];
	struct ref_window w = { o->kh, o->kw, o->sh, o->sw, o->dh, o->dw, o->pad_top, o->pad_left };
	struct ref_shape x = { in->h, in->w, 1 }, y = { out->h, out->w, 1 };
	struct range r = { 127, -128 };
	int i;

	memset(map, v, (size_t)in->h * (size_t)in->w);
	(o->kind == OP_MAX_POOL_2D ? ref_max_pool : ref_average_pool)(&w, o->act_min, o->act_max, x, map, y, pooled);
	for (i = 0; i < out->h * out->w; i++) {
		r.lo = pooled[i] < r.lo ? pooled[i] : r.lo;
		r.hi = pooled[i] > r.hi ? pooled[i] : r.hi;
	}
	return r;
}

/* Both pools grow with every tap. Most channels have the same few ranges. */
static int pool_ranges(struct dead *d, const struct op *o)
{
	const struct tensor *in = input_of(d->g, o), *out = &d->g->tensors[o->out];
	int8_t *map = malloc((size_t)in->h * (size_t)in->w), *pooled = malloc((size_t)out->h * (size_t)out->w);
	struct range known[256];
	uint8_t have[256] = { 0 };
	int k, i;

	for (k = 0; map && pooled && k < out->c; k++) {
		struct range x = d->range[node_of(d, o->in[0], k)];
		int ends[2] = { x.lo, x.hi };

		for (i = 0; i < 2; i++)
			if (!have[ends[i] + 128]) {
				known[ends[i] + 128] = pool_constant(d, o, ends[i], map, pooled);
				have[ends[i] + 128] = 1;
			}
		d->range[node_of(d, o->out, k)].lo = known[x.lo + 128].lo;
		d->range[node_of(d, o->out, k)].hi = known[x.hi + 128].hi;
	}
	k = map && pooled ? 0 : -1;
	free(map);
	free(pooled);
	return k;
}

static int op_ranges(struct dead *d, const struct op *o)
{
	int k, channels = d->g->tensors[o->out].c;

	if (o->kind == OP_AVERAGE_POOL_2D || o->kind == OP_MAX_POOL_2D)
		return pool_ranges(d, o);
	for (k = 0; k < channels && o->kind != OP_RESHAPE; k++)
		d->range[node_of(d, o->out, k)] = is_mac(o) ? mac_range(d, o, k) : o->kind == OP_ADD ? add_range(d, o, k) : whole(&d->g->tensors[o->out]);
	return 0;
}

/* ---- which channels go together, which stay ---- */

/* A RESHAPE's output shares the nodes of its input when every channel of it is a channel there. */
static void set_roots(struct dead *d)
{
	const struct graph *g = d->g;
	int i, t, apart = 0;

	for (t = 0; t < g->ntensors; t++)
		d->root[t] = t;
	for (i = 0; i < g->nops; i++) {
		const struct op *o = &g->ops[i];

		if (o->kind == OP_RESHAPE && g->tensors[o->out].c % g->tensors[d->root[o->in[0]]].c == 0)
			d->root[o->out] = d->root[o->in[0]];
	}
	for (t = 0; t < g->ntensors; t++) {
		if (d->root[t] == t) {
			d->first[t] = apart;
			apart += g->tensors[t].c;
		}
	}
	for (t = 0; t < g->ntensors; t++)
		d->first[t] = d->first[d->root[t]];
	d->nodes = apart;
}

static void tie(struct dead *d, const struct op *o)
{
	int k, channels = d->g->tensors[o->out].c;

	for (k = 0; k < channels; k++) {
		int y = node_of(d, o->out, k);

		if (o->kind == OP_DEPTHWISE_CONV_2D)
			join(d, y, node_of(d, o->in[0], k / o->multiplier));
		if (o->kind == OP_ADD || o->kind == OP_AVERAGE_POOL_2D || o->kind == OP_MAX_POOL_2D)
			join(d, y, node_of(d, o->in[0], k));
		if (o->kind == OP_ADD)
			join(d, y, node_of(d, o->in[1], k));
	}
}

/* Operators that need all their channels. */
static void keep_ends(struct dead *d)
{
	int i;

	keep_all(d, d->g->input);
	keep_all(d, d->g->output);
	for (i = 0; i < d->g->nops; i++) {
		const struct op *o = &d->g->ops[i];

		if (o->kind == OP_SOFTMAX || (o->kind == OP_CONV_2D && o->groups > 1) || (o->kind == OP_RESHAPE && d->root[o->in[0]] != d->root[o->out])) {
			keep_all(d, o->in[0]);
			keep_all(d, o->out);
		}
	}
}

/* What channel i contributes to filter oc of a dense operator in every position: 1 and *sum, or 0 when it is no constant. */
static int constant_part(const struct dead *d, const struct op *o, int oc, int i, int64_t *sum)
{
	const struct graph *g = d->g;
	struct range x = d->range[node_of(d, o->in[0], i)];
	int zx = input_of(g, o)->zero_point, tap;

	*sum = 0;
	for (tap = 0; tap < taps_of(g, o); tap++) {
		int w = o->weights[weight_at(g, o, oc, tap, i)];

		if (!w || (x.lo == zx && x.hi == zx))
			continue;
		if (x.lo != x.hi || !always_inside(g, o, tap))
			return 0;
		*sum += (int64_t)w * (x.lo - zx);
	}
	return 1;
}

/* The filter's bias without the channels that are dropped. */
static int64_t folded_bias(const struct dead *d, const struct op *o, int oc)
{
	int64_t bias = o->bias[oc], part;
	int i;

	for (i = 0; is_dense(o) && i < input_of(d->g, o)->c; i++)
		if (!dead_kept(d, o->in[0], i) && constant_part(d, o, oc, i, &part))
			bias += part;
	return bias;
}

/* Keeps what a kept filter reads. */
static void follow(struct dead *d, const struct op *o, int oc)
{
	int64_t part, bias = o->bias[oc];
	int i, fits;

	for (i = 0; i < input_of(d->g, o)->c; i++) {
		if (!constant_part(d, o, oc, i, &part))
			keep(d, node_of(d, o->in[0], i));
		bias += part > 0 ? part : 0;
	}
	fits = bias <= INT32_MAX;
	for (i = 0, bias = o->bias[oc]; i < input_of(d->g, o)->c; i++)
		if (constant_part(d, o, oc, i, &part))
			bias += part < 0 ? part : 0;
	if (!fits || bias < INT32_MIN)
		keep_all(d, o->in[0]);
}

/* Until nothing changes; from the last operator to the first, so that mostly one round does it. */
static void spread(struct dead *d)
{
	const struct graph *g = d->g;
	int i, k;

	do {
		d->changed = 0;
		for (i = g->nops - 1; i >= 0; i--) {
			const struct op *o = &g->ops[i];

			for (k = 0; is_dense(o) && k < g->tensors[o->out].c; k++)
				if (dead_kept(d, o->out, k) && !d->followed[i][k]) {
					d->followed[i][k] = 1;
					follow(d, o, k);
				}
		}
	} while (d->changed);
}

static int kept_of(const struct dead *d, int tensor)
{
	int k, n = 0;

	for (k = 0; k < d->g->tensors[tensor].c; k++)
		n += dead_kept(d, tensor, k);
	return n;
}

/* Keeps dropped channels of a tensor until it has a multiple of n. */
static void round_tensor(struct dead *d, int tensor, int n)
{
	int have = kept_of(d, tensor), k;

	for (k = 0; k < d->g->tensors[tensor].c && (have == 0 || have % n); k++)
		if (!dead_kept(d, tensor, k)) {
			keep(d, node_of(d, tensor, k));
			have = kept_of(d, tensor);
		}
}

void dead_round(struct dead *d, int n)
{
	int t, before;

	do {
		before = dead_count(d);
		for (t = 0; t < d->g->ntensors; t++)
			if (d->root[t] == t)
				round_tensor(d, t, n);
		spread(d);
	} while (dead_count(d) != before);
}

int dead_count(const struct dead *d)
{
	int t, n = 0;

	for (t = 0; t < d->g->ntensors; t++)
		if (d->root[t] == t)
			n += d->g->tensors[t].c - kept_of(d, t);
	return n;
}

/* ---- making and freeing ---- */

void dead_free(struct dead *d)
{
	int i;

	if (!d)
		return;
	for (i = 0; d->followed && i < d->g->nops; i++)
		free(d->followed[i]);
	free(d->followed);
	free(d->root);
	free(d->first);
	free(d->range);
	free(d->parent);
	free(d->keep);
	free(d);
}

static int allocate(struct dead *d)
{
	const struct graph *g = d->g;
	int i;

	d->root = calloc((size_t)g->ntensors, sizeof *d->root);
	d->first = calloc((size_t)g->ntensors, sizeof *d->first);
	d->followed = calloc((size_t)g->nops, sizeof *d->followed);
	if (!d->root || !d->first || !d->followed)
		return -1;
	set_roots(d);
	d->range = calloc((size_t)d->nodes, sizeof *d->range);
	d->parent = calloc((size_t)d->nodes, sizeof *d->parent);
	d->keep = calloc((size_t)d->nodes, 1);
	for (i = 0; i < g->nops; i++) {
		d->followed[i] = calloc((size_t)g->tensors[g->ops[i].out].c, 1);
		if (!d->followed[i])
			return -1;
	}
	return d->range && d->parent && d->keep ? 0 : -1;
}

static int set_ranges(struct dead *d)
{
	int i, k, t;

	for (t = 0; t < d->g->ntensors; t++)
		for (k = 0; d->root[t] == t && k < d->g->tensors[t].c; k++)
			d->range[d->first[t] + k] = whole(&d->g->tensors[t]);
	for (i = 0; i < d->g->nops; i++)
		if (op_ranges(d, &d->g->ops[i]))
			return -1;
	return 0;
}

struct dead *dead_find(const struct graph *g, enum rounding r)
{
	struct dead *d = calloc(1, sizeof *d);
	int i;

	if (!d)
		return NULL;
	d->g = g;
	d->rounding = r;
	if (allocate(d) || set_ranges(d)) {
		dead_free(d);
		return NULL;
	}
	for (i = 0; i < d->nodes; i++)
		d->parent[i] = i;
	for (i = 0; i < g->nops; i++)
		tie(d, &g->ops[i]);
	keep_ends(d);
	spread(d);
	dead_round(d, 1); /* no map becomes empty */
	return d;
}

/* ---- the smaller network ---- */

static void shrink_weights(const struct dead *d, const struct op *o, int8_t *to)
{
	const struct graph *g = d->g;
	int per = per_of(g, o), dw = o->kind == OP_DEPTHWISE_CONV_2D, oc, tap, i;

	/* depthwise weights have the taps outside, the channels inside */
	for (tap = 0; dw && tap < taps_of(g, o); tap++)
		for (oc = 0; oc < g->tensors[o->out].c; oc++)
			if (dead_kept(d, o->out, oc))
				*to++ = o->weights[weight_at(g, o, oc, tap, 0)];
	for (oc = 0; !dw && oc < g->tensors[o->out].c; oc++)
		for (tap = 0; dead_kept(d, o->out, oc) && tap < taps_of(g, o); tap++)
			for (i = 0; i < per; i++)
				if (o->groups > 1 || dead_kept(d, o->in[0], i))
					*to++ = o->weights[weight_at(g, o, oc, tap, i)];
}

static int shrink_mac(const struct dead *d, const struct op *o, struct op *s)
{
	const struct graph *g = d->g;
	int channels = g->tensors[o->out].c, oc, n = 0;

	s->weights = malloc((size_t)channels * (size_t)taps_of(g, o) * (size_t)per_of(g, o));
	s->bias = malloc((size_t)channels * sizeof *s->bias);
	s->real_mult = malloc((size_t)channels * sizeof *s->real_mult);
	s->onnx_mult = malloc((size_t)channels * sizeof *s->onnx_mult);
	if (!s->weights || !s->bias || !s->real_mult || !s->onnx_mult)
		return -1;
	shrink_weights(d, o, s->weights);
	for (oc = 0; oc < channels; oc++) {
		if (!dead_kept(d, o->out, oc))
			continue;
		s->bias[n] = folded_bias(d, o, oc);
		s->real_mult[n] = o->real_mult[oc];
		s->onnx_mult[n++] = o->onnx_mult[oc];
	}
	return 0;
}

static int shrink_op(const struct dead *d, const struct op *o, struct op *s)
{
	*s = *o;
	s->weights = NULL;
	s->bias = NULL;
	s->real_mult = NULL;
	s->onnx_mult = NULL;
	if (is_mac(o))
		return shrink_mac(d, o, s);
	if (!o->real_mult)
		return 0;
	s->real_mult = malloc(sizeof *s->real_mult);
	if (!s->real_mult)
		return -1;
	*s->real_mult = *o->real_mult;
	return 0;
}

int dead_drop(const struct dead *d, struct graph *small)
{
	const struct graph *g = d->g;
	int i, status = 0;

	*small = *g;
	small->ntensors = small->nops = 0;
	small->tensors = malloc((size_t)g->ntensors * sizeof *small->tensors);
	small->ops = malloc((size_t)g->nops * sizeof *small->ops);
	for (i = 0; small->tensors && i < g->ntensors; i++) {
		small->tensors[i] = g->tensors[i];
		small->tensors[i].data = NULL;
		small->tensors[i].c = kept_of(d, i);
		small->ntensors++;
	}
	status = small->tensors && small->ops ? 0 : -1;
	for (i = 0; i < g->nops && status == 0; i++) {
		small->nops++;
		status = shrink_op(d, &g->ops[i], &small->ops[i]);
	}
	if (status)
		graph_free(small);
	return status;
}
