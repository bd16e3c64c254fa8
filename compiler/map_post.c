/* SPDX-License-Identifier: Apache-2.0
 * POST commands and requantization parameters. */
#include "map.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FLAG_ADD = 1, FLAG_SKIP = 2, FLAG_UNIFORM = 4, FLAG_GAP = 8, FLAG_BYPASS = 16, FLAG_POOL = 32 };

int map_error(struct mapper *m, const struct op *o, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(m->err, m->errsize, "%s: op %d %s: ", m->g->name, o->index, op_kind_name(o->kind));

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < m->errsize)
		vsnprintf(m->err + n, m->errsize - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int taps_of(const struct graph *g, const struct op *o)
{
	const struct tensor *in = &g->tensors[o->in[0]];

	if (o->kind == OP_FULLY_CONNECTED)
		return in->h * in->w * in->c;
	return o->kh * o->kw * (o->kind == OP_DEPTHWISE_CONV_2D ? 1 : in->c / o->groups);
}

static int weight_of(const struct graph *g, const struct op *o, int oc, int tap)
{
	if (o->kind == OP_DEPTHWISE_CONV_2D)
		return o->weights[tap * g->tensors[o->out].c + oc];
	return o->weights[(size_t)oc * (size_t)taps_of(g, o) + (size_t)tap];
}

/* The bias the device adds: without gating the multipliers see x itself, and -zx*sum(w) moves into the bias. */
static int64_t device_bias(const struct config *c, const struct graph *g, const struct op *o, int oc)
{
	int64_t sum = 0;
	int i, n = taps_of(g, o);

	if (c->zero_gating)
		return o->bias[oc];
	for (i = 0; i < n; i++)
		sum += weight_of(g, o, oc, i);
	return o->bias[oc] - sum * g->tensors[o->in[0]].zero_point;
}

/* The widest partial sum of an output channel: every tap at its worst. */
static int64_t worst_sum(const struct config *c, const struct graph *g, const struct op *o, int oc)
{
	const struct tensor *in = &g->tensors[o->in[0]];
	int zx = c->zero_gating ? in->zero_point : 0, i, n = taps_of(g, o);
	int64_t lo = 0, hi = 0;

	for (i = 0; i < n; i++) {
		int64_t w = weight_of(g, o, oc, i), a = w * (in->qmin - zx), b = w * (in->qmax - zx);

		lo += (a < b ? a : b) < 0 ? (a < b ? a : b) : 0;
		hi += (a > b ? a : b) > 0 ? (a > b ? a : b) : 0;
	}
	return -lo > hi ? -lo : hi;
}

/* int16 activations: the multiplier's upper 16 bits, and one rounding: those are tflite_single's with zeros below.
 * Source: kernels/internal/common.cc, MultiplyByQuantizedMultiplier of int64_t. */
static int device_quant(const struct config *c, double real, float onnx, struct requant *q)
{
	int32_t upper;

	if (quant_from_real(c->rounding, real, onnx, q))
		return -1;
	if (c->act_size == 1)
		return 0;
	upper = (int32_t)(((int64_t)q->mult + (1 << 15)) >> 16);
	q->mult = (upper < 32767 ? upper : 32767) * (1 << 16);
	return 0;
}

static int signed_bits(int64_t v)
{
	int n = 1;

	if (v < 0)
		v = -v - 1;
	while (v >> (n - 1))
		n++;
	return n;
}

static int check_ranges(struct mapper *m, const struct op *o, int tensor)
{
	const struct tensor *t = &m->g->tensors[tensor];
	int bits = signed_bits(t->qmin) > signed_bits(t->qmax) ? signed_bits(t->qmin) : signed_bits(t->qmax);

	if (bits <= m->c->act_bits)
		return 0;
	return map_error(m, o, "its activations need %d bits and the design has act_bits %d", bits, m->c->act_bits);
}

void map_put_weight(const struct mapper *m, const struct op *o, uint8_t *word, int col, int oc, int value)
{
	const struct config *c = m->c;
	int at = col * c->wgt_store;

	if (c->wgt_bits == 1 && value == 0 && oc < m->g->tensors[o->out].c)
		builder_fail(m->b, "it needs weights of 0 to fill the array, and those of wgt_bits 1 are -1 and 1");
	if (c->wgt_bits == 1)
		value = value > 0;
	word[at / 8] |= (uint8_t)((value & ((1 << c->wgt_store) - 1)) << at % 8);
}

static int fits_weight(const struct config *c, int v)
{
	return c->wgt_bits == 1 ? v == 1 || v == -1 : signed_bits(v) <= c->wgt_bits;
}

static int weight_error(struct mapper *m, const struct op *o, int oc, int v)
{
	if (m->c->wgt_bits == 1)
		return map_error(m, o, "a weight of output channel %d is %d and the design has wgt_bits 1: -1 and 1", oc, v);
	return map_error(m, o, "a weight of output channel %d needs %d bits and the design has wgt_bits %d", oc, signed_bits(v), m->c->wgt_bits);
}

int map_check_mac(struct mapper *m, const struct layer *l)
{
	const struct op *o = &m->g->ops[l->op];
	int oc, i, n = taps_of(m->g, o), channels = m->g->tensors[o->out].c;

	if (check_ranges(m, o, o->in[0]) || check_ranges(m, o, o->out))
		return -1;
	for (oc = 0; oc < channels; oc++) {
		int64_t worst = worst_sum(m->c, m->g, o, oc), bias = device_bias(m->c, m->g, o, oc);
		struct requant q;

		for (i = 0; i < n; i++)
			if (!fits_weight(m->c, weight_of(m->g, o, oc, i)))
				return weight_error(m, o, oc, weight_of(m->g, o, oc, i));
		if (signed_bits(worst) > m->c->acc_bits)
			return map_error(m, o, "sums of output channel %d need %d bits and the design has acc_bits %d", oc, signed_bits(worst), m->c->acc_bits);
		if (signed_bits(bias) > 32 || signed_bits(worst + llabs(bias)) > 32)
			return map_error(m, o, "bias and sum of output channel %d do not fit 32 bits", oc);
		if (device_quant(m->c, o->real_mult[oc], o->onnx_mult[oc], &q))
			return map_error(m, o, "the scale of output channel %d is out of range", oc);
		if (m->c->rounding != ROUNDING_ONNX && q.shift > 0 && signed_bits(worst + llabs(bias)) + q.shift > 32)
			return map_error(m, o, "the scale of output channel %d shifts its sum out of 32 bits", oc);
	}
	return 0;
}

static void put32(uint8_t *d, uint32_t v)
{
	d[0] = (uint8_t)v;
	d[1] = (uint8_t)(v >> 8);
	d[2] = (uint8_t)(v >> 16);
	d[3] = (uint8_t)(v >> 24);
}

/* One of a parameter entry's forms: 16 bytes, or 8 when all of a layer fit. */
struct entry { int64_t bias; struct requant q; };

static int is_short(const struct entry *e)
{
	return e->bias >= -(1 << 26) && e->bias < 1 << 26 && e->q.mult >= 0 && e->q.shift >= -32 && e->q.shift < 32;
}

static size_t entry_bytes(enum load_kind kind) { return kind == LOAD_SHORT ? 8 : 16; }

static void put_entry(uint8_t *d, enum load_kind kind, const struct entry *e)
{
	uint64_t bias = (uint64_t)e->bias & 0x7FFFFFF, mult = (uint64_t)e->q.mult, shift = (uint64_t)e->q.shift & 63;

	if (kind == LOAD_SHORT) {
		put32(d, (uint32_t)(bias | mult << 27));
		put32(d + 4, (uint32_t)(mult >> 5 | shift << 26));
		return;
	}
	put32(d, (uint32_t)e->bias);
	put32(d + 4, (uint32_t)e->q.mult);
	d[8] = (uint8_t)e->q.shift;
}

/* Short entries when all fit, and a channel tile of them is whole beats. */
static int put_entries(struct mapper *m, const struct entry *e, int n, struct params *p)
{
	uint8_t *d;
	int i;

	p->kind = m->c->cols * 8 % m->c->bus_bytes ? LOAD_PAR : LOAD_SHORT;
	for (i = 0; i < n; i++)
		if (!is_short(&e[i]))
			p->kind = LOAD_PAR;
	p->at = builder_data(m->b, (size_t)n * entry_bytes(p->kind), &d);
	if (m->b->failed)
		return -1;
	for (i = 0; i < n; i++)
		put_entry(d + (size_t)i * entry_bytes(p->kind), p->kind, &e[i]);
	return 0;
}

/* n entries of a layer, zeros beyond its last channel. */
int map_params(struct mapper *m, const struct layer *l, int n, struct params *p)
{
	const struct op *o = &m->g->ops[l->op];
	int channels = m->g->tensors[o->out].c, i, status = -1;
	struct entry *e = calloc((size_t)n, sizeof *e);

	if (!e) {
		builder_fail(m->b, "out of memory");
		return -1;
	}
	for (i = 0; i < n && i < channels; i++) {
		if (device_quant(m->c, o->real_mult[i], o->onnx_mult[i], &e[i].q)) {
			map_error(m, o, "the scale of output channel %d is out of range", i);
			goto out;
		}
		e[i].bias = device_bias(m->c, m->g, o, i);
	}
	status = put_entries(m, e, n, p);
out:
	free(e);
	return status;
}

int map_uniform_params(struct mapper *m, const struct requant *q, struct params *p)
{
	struct entry e[CONFIG_MAX_COLS];
	int i;

	for (i = 0; i < m->c->cols; i++)
		e[i] = (struct entry){ 0, *q };
	return put_entries(m, e, m->c->cols, p);
}

void map_load_params(struct mapper *m, const struct params *p, int ct0, int n)
{
	size_t bytes = (size_t)m->c->cols * entry_bytes(p->kind);

	builder_load_data(m->b, p->kind, p->at + (size_t)ct0 * bytes, (size_t)n * bytes, 1, 1, 0);
}

static uint32_t bytes4(int a, int b, int c)
{
	return (uint32_t)(a & 255) | (uint32_t)(b & 255) << 8 | (uint32_t)(c & 255) << 16;
}

/* Both ends of o's clamp. */
static uint32_t bounds(const struct config *c, const struct op *o)
{
	if (c->act_size > 1)
		return (uint32_t)(o->act_min & 0xFFFF) | (uint32_t)(o->act_max & 0xFFFF) << 16;
	return bytes4(o->act_min, o->act_max, 0);
}

/* a is tensor ta, b tensor tb. */
static int put_add(struct mapper *m, struct command *cmd, const struct op *o, int ta, int tb)
{
	const struct tensor *a = &m->g->tensors[ta], *b = &m->g->tensors[tb], *y = &m->g->tensors[o->out];
	struct requant q[3];
	int i;

	if (m->c->act_size > 1 && m->c->rounding != ROUNDING_TFLITE_SINGLE)
		return map_error(m, o, "rounding tflite rounds its int16 operands twice, and the lanes for int16 round once: use rounding tflite_single");
	if (quant_add(m->c->rounding, m->c->act_size > 1 ? 15 : 20, a->scale, b->scale, y->scale, q))
		return map_error(m, o, "its scales are out of range");
	cmd->slot[12] = bytes4(a->zero_point, b->zero_point, y->zero_point);
	cmd->slot[13] = bounds(m->c, o);
	for (i = 0; i < 3; i++) {
		cmd->slot[14 + 2 * i] = (uint32_t)q[i].mult;
		cmd->slot[15 + 2 * i] = (uint8_t)q[i].shift;
	}
	return 0;
}

static int put_gap(struct mapper *m, struct command *cmd, const struct op *o)
{
	const struct tensor *in = &m->g->tensors[o->in[0]];
	struct requant q;

	if (quant_average(config_requant(m->c), in->h * in->w, in->qmin, in->qmax, &q))
		return map_error(m, o, "an average over %d values has no exact reciprocal", in->h * in->w);
	cmd->slot[13] = bounds(m->c, o);
	cmd->slot[20] = (uint32_t)q.mult;
	cmd->slot[21] = (uint8_t)q.shift;
	return 0;
}

int map_post(struct mapper *m, const struct layer *l, const struct stripe *s, const struct post_area *a, enum post_kind kind, int wait, int push)
{
	const struct op *o = &m->g->ops[l->op];
	const struct tensor *y = &m->g->tensors[o->out];
	int oc = y->c, last = oc - (a->ct0 + a->nct - 1) * m->c->cols, at = (a->y0 * a->line + a->x0) * oc + a->ct0 * m->c->cols;
	struct command *cmd;

	if (m->first_post)
		wait |= TOKEN_LOAD_POST;
	m->first_post = 0;
	cmd = builder_command(m->b, OPCODE_POST, wait, push);
	cmd->slot[2] = s->out + (uint32_t)at;
	cmd->slot[3] = (uint32_t)a->ow | (uint32_t)a->oh << 16;
	cmd->slot[4] = (uint32_t)oc;
	cmd->slot[5] = (uint32_t)((a->line - a->ow + 1) * oc);
	cmd->slot[6] = (uint32_t)a->nct | (uint32_t)(last < m->c->cols ? last : m->c->cols) << 16;
	cmd->slot[7] = (uint32_t)m->c->cols;
	cmd->slot[8] = m->c->act_size > 1 ? bounds(m->c, o) : bytes4(kind == POST_MAC ? y->zero_point : 0, o->act_min, o->act_max);
	cmd->slot[9] = s->res + (uint32_t)at;
	cmd->slot[10] = cmd->slot[4];
	cmd->slot[11] = cmd->slot[5];
	if (kind == POST_AVERAGE)
		cmd->slot[1] = FLAG_UNIFORM | FLAG_POOL;
	if (kind == POST_MAXIMUM)
		cmd->slot[1] = FLAG_BYPASS;
	if (kind == POST_ADD) {
		cmd->slot[1] = FLAG_ADD | FLAG_SKIP;
		return put_add(m, cmd, o, o->in[0], o->in[1]);
	}
	if (kind == POST_MAC && l->add >= 0) {
		const struct op *add = &m->g->ops[l->add];
		int first = add->in[0] == o->out;

		cmd->slot[1] = FLAG_ADD;
		return put_add(m, cmd, add, o->out, first ? add->in[1] : add->in[0]);
	}
	if (kind == POST_MAC && l->gap >= 0) {
		cmd->slot[1] = FLAG_GAP;
		return put_gap(m, cmd, &m->g->ops[l->gap]);
	}
	return 0;
}
