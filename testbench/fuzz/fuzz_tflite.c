/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a model: refused in one line, or a network whose tensors are consistent and, when small, that runs. */
#include "compiler/graph_ref.h"
#include "compiler/tflite.h"
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

static void run(const struct graph *g, enum rounding r)
{
	int8_t *in = calloc(tensor_bytes(&g->tensors[g->input]), 1), *out = malloc(tensor_bytes(&g->tensors[g->output]));

	if (in && out)
		(void)graph_ref_run(g, r, in, out, NULL);
	free(in);
	free(out);
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
	if (work_of(&g) < 300000)
		run(&g, (enum rounding)(size % 3));
	graph_free(&g);
	return 0;
}
