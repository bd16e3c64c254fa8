/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a model: refused in one line, or a network whose tensors are consistent and, when small, that runs,
 * with and without the channels that cannot matter, and that has an image for NAME_chip, or is refused in one line. */
#include "compiler/chip.h"
#include "compiler/dead.h"
#include "compiler/graph_ref.h"
#include "compiler/prune.h"
#include "compiler/tflite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t elements(const struct graph *g, int t)
{
	if (t < 0 || t >= g->ntensors)
		abort();
	return (int64_t)g->tensors[t].h * g->tensors[t].w * g->tensors[t].c;
}

static int64_t work_of(const struct graph *g)
{
	int64_t work = 0;
	int i;

	for (i = 0; i < g->nops; i++) {
		const struct op *o = &g->ops[i];

		if (o->act_min > o->act_max || o->act_min < g->tensors[o->out].qmin || o->act_max > g->tensors[o->out].qmax)
			abort();
		work += op_macs(g, o) + elements(g, o->out) * o->kh * o->kw + elements(g, o->in[0]);
	}
	return work;
}

static int any_wide(const struct graph *g)
{
	int i, n = 0;

	for (i = 0; i < g->ntensors; i++)
		n += g->tensors[i].wide;
	return n;
}

static int any_add(const struct graph *g)
{
	int i, n = 0;

	for (i = 0; i < g->nops; i++)
		n += g->ops[i].kind == OP_ADD;
	return n;
}

/* Without the channels that do not matter the output is the same. */
static void run_small(const struct graph *g, enum rounding r, const int8_t *in, const int8_t *out, size_t n)
{
	struct dead *d = any_wide(g) ? NULL : dead_find(g, r);
	int8_t *again = malloc(n);
	struct graph small;

	if (d && again && dead_drop(d, &small) == 0) {
		if (graph_ref_run(&small, r, in, again, NULL) || memcmp(out, again, n))
			abort();
		graph_free(&small);
	}
	dead_free(d);
	free(again);
}

static void run(const struct graph *g, enum rounding r)
{
	size_t n = tensor_bytes(&g->tensors[g->input]), outputs = tensor_bytes(&g->tensors[g->output]), i;
	int8_t *in = malloc(n), *out = malloc(outputs);

	for (i = 0; in && i < n; i++)
		in[i] = (int8_t)(i * 89 + i / 7 * 3);
	if (in && out && graph_ref_run(g, r, in, out, NULL) == 0)
		run_small(g, r, in, out, outputs);
	free(in);
	free(out);
}

/* Pruned, a model is a model again, or is refused in one line. */
static void prune_copy(const uint8_t *data, size_t size)
{
	static const struct prune rules[] = { { .keep = 2, .of = 4 }, { .zero = 0.5 }, { .bits = 4 }, { .bits = 1 } };
	uint8_t *copy = malloc(size);
	struct prune_report r;
	char err[300];

	if (copy) {
		memcpy(copy, data, size);
		if (prune_bytes("m", copy, size, &rules[size % 4], &r, err, sizeof err) == 0)
			prune_free(&r);
		else if (strncmp(err, "m: ", 3) || strchr(err, '\n') || r.layers)
			abort();
	}
	free(copy);
}

static void build_image(const struct graph *g)
{
	struct config_error e;
	struct chip_image i;
	struct config c;
	char err[300];

	memset(&c, 0, sizeof c);
	config_init(&c);
	snprintf(c.name, sizeof c.name, "fuzz");
	c.bus = BUS_ON_CHIP;
	c.rows = 2;
	c.cols = 8;
	c.acc_bits = 24;
	c.sparsity = SPARSITY_NONE;
	if (config_derive(&c, &e))
		abort();
	if (chip_build(&c, g, &i, err, sizeof err) == 0 ? i.base + i.bytes != CHIP_BYTES || i.in + i.in_bytes > i.base || i.out + i.out_bytes > i.base
		: strncmp(err, "m: ", 3) || strchr(err, '\n'))
		abort();
	chip_free(&i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct graph g;
	char err[300];

	if (tflite_parse("m", data, size, &g, err, sizeof err)) {
		if (strncmp(err, "m: ", 3) || strchr(err, '\n') || g.ops || g.tensors)
			abort();
		return 0;
	}
	if (work_of(&g) < 300000) {
		run(&g, (enum rounding)(size % 3));
		prune_copy(data, size);
		if (!any_add(&g) || size % 61 == 0) /* the search for an ADD's table takes a tenth of a second */
			build_image(&g);
	}
	graph_free(&g);
	return 0;
}
