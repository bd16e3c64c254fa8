/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"
#include "session.h"
#include "trial_check.h"
#include "trial_chip.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Freed together. */
struct parts {
	int8_t *out, *expected;
	size_t in_bytes, out_bytes;
	struct program p;
	struct session *s;
};

size_t trial_bytes(const struct tensor *t)
{
	return tensor_bytes(t);
}

static int check(const struct parts *l, char *err, size_t errsize)
{
	if (trial_check(l->out, l->expected, l->out_bytes, err, errsize))
		return -1;
	if (!l->s->mem.violations)
		return 0;
	snprintf(err, errsize, "AXI: %s", l->s->mem.violation);
	return -1;
}

static int simulate(const struct trial *t, struct parts *l, const int8_t *input, char *err, size_t errsize)
{
	struct session_options so = { .c = t->c, .mem = &t->mem, .library = t->library, .compare = COMPARE_REGISTERS, .seed = 1 };
	struct systole_counters n;
	struct layout at;

	session_layout(&l->p, l->in_bytes, l->out_bytes, &at);
	so.memory_bytes = at.bytes;
	if (session_open(l->s, &so, err, errsize))
		return -1;
	memcpy(l->s->mem.bytes + at.base[BASE_PROGRAM], l->p.image, l->p.image_bytes);
	if (session_infer(l->s, &at, input, l->in_bytes, l->out, l->out_bytes, &n, err, errsize))
		return -1;
	return check(l, err, errsize);
}

static void note(struct trial *t, const struct session *s)
{
	t->cycles = s->cycles;
	t->compared = s->check.compared;
	t->registers = s->check.compared * (uint64_t)s->check.regs.n;
	trial_blame(t, s->check.mismatch_reg);
}

static void free_parts(struct parts *l)
{
	if (l->s)
		session_close(l->s);
	free(l->s);
	free(l->out);
	free(l->expected);
	program_free(&l->p);
}

int trial_run(struct trial *t, const struct graph *g, const int8_t *input, char *err, size_t errsize)
{
	struct parts l;
	int status = -1;

	memset(&l, 0, sizeof l);
	t->mismatched = 0;
	t->cycles = t->compared = t->registers = 0;
	if (t->c->bus == BUS_ON_CHIP)
		return trial_run_chip(t, g, input, err, errsize);
	t->refused = program_build(t->c, g, 40, t->keep_dead, &l.p, err, errsize) != 0;
	if (t->refused)
		return 0;
	t->dropped = l.p.sparse.channels;
	l.in_bytes = trial_bytes(&g->tensors[g->input]);
	l.out_bytes = trial_bytes(&g->tensors[l.p.device_out]);
	l.out = malloc(l.out_bytes);
	l.expected = malloc(l.out_bytes);
	l.s = calloc(1, sizeof *l.s);
	snprintf(err, errsize, "out of memory");
	if (l.out && l.expected && l.s && trial_expect(t, g, l.p.device_out, input, l.expected)) {
		snprintf(err, errsize, "the reference fails");
	} else if (l.out && l.expected && l.s) {
		status = simulate(t, &l, input, err, errsize);
		note(t, l.s);
	}
	free_parts(&l);
	return status;
}
