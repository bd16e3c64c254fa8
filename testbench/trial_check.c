/* SPDX-License-Identifier: Apache-2.0 */
#include "trial_check.h"
#include "compiler/graph_ref.h"
#include <stdio.h>
#include <stdlib.h>

int trial_expect(const struct trial *t, const struct graph *g, int device_out, const int8_t *input, int8_t *expected)
{
	int8_t **all = calloc((size_t)g->ntensors, sizeof *all), *last = malloc(tensor_bytes(&g->tensors[g->output]));
	int status = -1;

	if (all && last) {
		all[device_out] = expected;
		status = graph_ref_run(g, t->c->rounding, input, last, all);
	}
	free(all);
	free(last);
	return status;
}

int trial_check(const int8_t *out, const int8_t *expected, size_t n, char *err, size_t errsize)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (out[i] != expected[i]) {
			snprintf(err, errsize, "output byte %zu is %d, the reference says %d", i, out[i], expected[i]);
			return -1;
		}
	return 0;
}

void trial_blame(struct trial *t, const struct reg *r)
{
	t->mismatched = r != NULL;
	if (!r)
		return;
	snprintf(t->blamed, sizeof t->blamed, "%s_q", r->path);
	snprintf(t->module, sizeof t->module, "%s", r->module);
}
