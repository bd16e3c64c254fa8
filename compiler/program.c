/* SPDX-License-Identifier: Apache-2.0
 * The program of a network: of all its channels, or of those that matter, whichever takes fewer cycles by the estimate. */
#include "program.h"
#include "dead.h"
#include "prune.h"
#include "map.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t macs_of(const struct graph *g)
{
	int64_t n = 0;
	int i;

	for (i = 0; i < g->nops; i++)
		n += op_macs(g, &g->ops[i]);
	return n;
}

/* Fewer cycles; of equals, fewer bytes. */
static int better(const struct program *a, const struct program *b)
{
	return a->estimate < b->estimate || (a->estimate == b->estimate && a->traffic < b->traffic);
}

/* The program of the network without what d drops takes p's place when it is better, or when p is none. */
static int try_without(const struct config *c, const struct graph *g, int latency, const struct dead *d, struct program *p, int *refused)
{
	struct graph small;
	struct program q;
	char why[300];

	if (dead_drop(d, &small))
		return -1;
	if (map_program(c, &small, latency, &q, why, sizeof why)) {
		graph_free(&small);
		return 0;
	}
	q.sparse.channels = dead_count(d);
	q.sparse.macs += macs_of(g) - macs_of(&small);
	graph_free(&small);
	if (!*refused && !better(&q, p)) {
		program_free(&q);
		return 0;
	}
	if (!*refused)
		program_free(p);
	*p = q;
	*refused = 0;
	return 0;
}

/* Maps of odd widths cost some arrays more than a few channels do: widths rounded up are tried as well. */
static int drop_dead(const struct config *c, const struct graph *g, int latency, struct program *p, int *refused)
{
	int rounds[] = { 1, 2, 4, 8, c->cols }, i, before = 0, status = 0;
	struct dead *d;

	for (i = 0; i < (int)(sizeof rounds / sizeof *rounds) && (i == 0 || before) && status == 0; i++) {
		d = dead_find(g, c->rounding);
		if (!d)
			return -1;
		dead_round(d, rounds[i]);
		if (dead_count(d) && dead_count(d) != before)
			status = try_without(c, g, latency, d, p, refused);
		before = dead_count(d);
		dead_free(d);
	}
	return status;
}

/* Before anything that counts on int8. */
static int check_width(const struct config *c, const struct graph *g, char *err, size_t errsize)
{
	int i;

	for (i = 0; i < g->nops; i++)
		if ((g->tensors[g->ops[i].in[0]].wide || g->tensors[g->ops[i].out].wide) && c->act_bits < 16) {
			snprintf(err, errsize, "%s: op %d %s: its activations are int16 and the design has act_bits %d", g->name, g->ops[i].index,
				op_kind_name(g->ops[i].kind), c->act_bits);
			return -1;
		} else if (c->act_bits == 16 && !g->tensors[g->ops[i].in[0]].wide) {
			snprintf(err, errsize, "%s: op %d %s: its activations are int8 and the design has act_bits 16", g->name, g->ops[i].index,
				op_kind_name(g->ops[i].kind));
			return -1;
		}
	return 0;
}

/* nm: the hardware has no place for more weights than the pattern's. */
static int check_pattern(const struct config *c, const struct graph *g, char *err, size_t errsize)
{
	int op, filter;

	if (c->sparsity != SPARSITY_NM || prune_obeys(g, c->nm_n, c->nm_m, &op, &filter))
		return 0;
	snprintf(err, errsize, "%s: op %d %s: filter %d has more than %d of %d weights along input channels that are not zero: "
		"`systole prune --nm %d:%d` makes a model that keeps to the design's pattern", g->name, g->ops[op].index,
		op_kind_name(g->ops[op].kind), filter, c->nm_n, c->nm_m, c->nm_n, c->nm_m);
	return -1;
}

/* Without the pattern, with its zeros, or with a byte for every weight: what it saves is measured against the same array with all weights. -1
 * when there is no such program. */
static int map_dense(const struct config *c, const struct graph *g, int latency, int64_t *cycles, int64_t *traffic)
{
	struct config dense = *c;
	struct config_error e;
	struct program p;
	char why[300];
	int fewer = c->sparsity == SPARSITY_NM || c->sparsity == SPARSITY_SKIP;

	dense.precision = 8; /* on the same port */
	if (fewer)
		dense.sparsity = SPARSITY_GATE;
	if ((fewer && config_derive(&dense, &e)) || map_program(&dense, g, latency, &p, why, sizeof why))
		return -1;
	*cycles = p.estimate;
	*traffic = p.traffic;
	program_free(&p);
	return 0;
}

int program_build(const struct config *c, const struct graph *g, int latency, int keep_dead, struct program *p, char *err, size_t errsize)
{
	int refused, dense_refused, i;
	int64_t cycles, traffic;

	memset(p, 0, sizeof *p);
	if (check_width(c, g, err, errsize) || check_pattern(c, g, err, errsize))
		return -1;
	refused = dense_refused = map_program(c, g, latency, p, err, errsize) != 0;
	cycles = p->estimate;
	traffic = p->traffic;
	if (c->sparsity == SPARSITY_NM || c->sparsity == SPARSITY_SKIP || c->sub > 1)
		dense_refused = map_dense(c, g, latency, &cycles, &traffic) != 0;
	if (!keep_dead && c->act_size == 1 && drop_dead(c, g, latency, p, &refused)) {
		program_free(p);
		snprintf(err, errsize, "%s: out of memory", g->name);
		return -1;
	}
	if (refused)
		return -1;
	for (i = 0; i < p->nlayers; i++)
		p->layers[i].macs = op_macs(g, &g->ops[p->layers[i].op]);
	p->sparse.cycles = dense_refused ? 0 : cycles - p->estimate;
	p->sparse.bytes = dense_refused ? 0 : traffic - p->traffic;
	return 0;
}

void program_free(struct program *p)
{
	free(p->image);
	free(p->layers);
	memset(p, 0, sizeof *p);
}
