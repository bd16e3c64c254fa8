/* SPDX-License-Identifier: Apache-2.0 */
#include "lower.h"
#include <stdio.h>
#include <string.h>

static int is_mac(const struct op *o)
{
	return o->kind == OP_CONV_2D || o->kind == OP_DEPTHWISE_CONV_2D || o->kind == OP_FULLY_CONNECTED;
}

static int uses(const struct graph *g, const int *alias, int tensor)
{
	int i, n = alias[g->output] == tensor;

	for (i = 0; i < g->nops; i++) {
		const struct op *o = &g->ops[i];

		if (o->kind == OP_RESHAPE)
			continue;
		n += alias[o->in[0]] == tensor;
		n += o->in[1] >= 0 && alias[o->in[1]] == tensor;
	}
	return n;
}

static int layer_making(const struct layer *l, int n, int tensor)
{
	while (--n >= 0)
		if (l[n].out == tensor)
			return n;
	return -1;
}

/* Whether layer k may run after all layers k+1..n-1: none of them reads its output. */
static int can_delay(const struct layer *l, int n, int k)
{
	int i;

	for (i = k + 1; i < n; i++)
		if (l[i].in == l[k].out || l[i].res == l[k].out)
			return 0;
	return 1;
}

static void delay(struct layer *l, int n, int k)
{
	struct layer moved = l[k];

	memmove(&l[k], &l[k + 1], (size_t)(n - 1 - k) * sizeof *l);
	l[n - 1] = moved;
}

/* A convolution whose only use is this ADD takes it into its post-processing: the larger one, run last. */
static int fuse_add(const struct graph *g, const int *alias, struct layer *l, int n, const struct op *o)
{
	int best = -1, i;

	for (i = 0; i < 2; i++) {
		int t = alias[o->in[i]], k = layer_making(l, n, t);

		if (alias[o->in[0]] == alias[o->in[1]] || k < 0 || !is_mac(&g->ops[l[k].op]) || l[k].add >= 0 || uses(g, alias, t) != 1 || !can_delay(l, n, k))
			continue;
		if (best < 0 || l[k].macs > l[best].macs)
			best = k;
	}
	if (best < 0)
		return -1;
	i = alias[o->in[0]] == l[best].out;
	l[best].add = (int)(o - g->ops);
	l[best].res = alias[o->in[i]];
	l[best].out = alias[o->out];
	delay(l, n, best);
	return 0;
}

static int fuse_average(const struct graph *g, const int *alias, struct layer *l, int n, const struct op *o)
{
	const struct tensor *in = &g->tensors[o->in[0]];
	int k = layer_making(l, n, alias[o->in[0]]);

	if (k != n - 1 || k < 0 || !is_mac(&g->ops[l[k].op]) || l[k].add >= 0 || uses(g, alias, l[k].out) != 1)
		return -1;
	if (o->kh != in->h || o->kw != in->w || o->pad_top || o->pad_left || g->tensors[o->out].h != 1 || g->tensors[o->out].w != 1 || in->h * in->w == 1)
		return -1;
	l[k].gap = (int)(o - g->ops);
	l[k].out = alias[o->out];
	return 0;
}

static void lower_op(const struct graph *g, int i, int fuse_averages, struct layer *l, int *n, const int *alias)
{
	const struct op *o = &g->ops[i];
	struct layer *d = &l[*n];

	if (o->kind == OP_ADD && fuse_add(g, alias, l, *n, o) == 0)
		return;
	if (o->kind == OP_AVERAGE_POOL_2D && fuse_averages && fuse_average(g, alias, l, *n, o) == 0)
		return;
	memset(d, 0, sizeof *d);
	d->op = i;
	d->add = d->gap = -1;
	d->in = alias[o->in[0]];
	d->res = o->kind == OP_ADD ? alias[o->in[1]] : -1;
	d->out = alias[o->out];
	d->macs = op_macs(g, o);
	(*n)++;
}

int lower_graph(const struct graph *g, int fuse_averages, struct layer *layers, int *nlayers, int *alias, int *host_op, char *err, size_t errsize)
{
	int i, n = 0;

	*host_op = -1;
	for (i = 0; i < g->ntensors; i++)
		alias[i] = i;
	for (i = 0; i < g->nops; i++)
		if (g->ops[i].kind == OP_RESHAPE)
			alias[g->ops[i].out] = alias[g->ops[i].in[0]];
	for (i = 0; i < g->nops; i++) {
		const struct op *o = &g->ops[i];

		if (o->kind == OP_RESHAPE)
			continue;
		if (o->kind == OP_SOFTMAX) {
			if (alias[o->out] != alias[g->output]) {
				snprintf(err, errsize, "%s: op %d SOFTMAX: only supported as the last operator", g->name, o->index);
				return -1;
			}
			*host_op = i;
			continue;
		}
		lower_op(g, i, fuse_averages, layers, &n, alias);
	}
	*nlayers = n;
	return 0;
}
