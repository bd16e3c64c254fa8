/* SPDX-License-Identifier: Apache-2.0 */
#include "trial_chip.h"
#include "chip_session.h"
#include "trial_check.h"
#include <stdio.h>
#include <stdlib.h>

static int simulate(const struct trial *t, struct chip_session *s, const struct chip_image *i, const int8_t *input, int8_t *out, char *err, size_t errsize)
{
	struct chip_session_options so = { .c = t->c, .library = t->library, .compare = COMPARE_REGISTERS, .seed = 1 };
	uint64_t cycles;

	return chip_session_open(s, &so, err, errsize) || chip_session_load(s, i, err, errsize) ||
		       chip_session_infer(s, i, (const uint8_t *)input, (uint8_t *)out, &cycles, NULL, err, errsize) ? -1 : 0;
}

static void note(struct trial *t, const struct chip_session *s)
{
	t->cycles = s->cycles;
	t->compared = s->compared;
	t->registers = s->compared * (uint64_t)s->regs.n;
	trial_blame(t, s->mismatch_reg);
	if (s->mismatches && !s->mismatch_reg) {
		t->mismatched = 1;
		snprintf(t->blamed, sizeof t->blamed, "%s", s->mismatch); /* a pin */
	}
}

int trial_run_chip(struct trial *t, const struct graph *g, const int8_t *input, char *err, size_t errsize)
{
	struct chip_session *s = calloc(1, sizeof *s);
	struct chip_image i;
	int8_t *out, *expected;
	int status = -1;

	t->dropped = 0;
	t->refused = chip_build(t->c, g, &i, err, errsize) != 0;
	out = malloc(i.out_bytes + 1);
	expected = malloc(i.out_bytes + 1);
	if (t->refused) {
		status = 0;
	} else if (!s || !out || !expected) {
		snprintf(err, errsize, "out of memory");
	} else if (trial_expect(t, g, i.device_out, input, expected)) {
		snprintf(err, errsize, "the reference fails");
	} else {
		status = simulate(t, s, &i, input, out, err, errsize) || trial_check(out, expected, i.out_bytes, err, errsize) ? -1 : 0;
		note(t, s);
	}
	if (s)
		chip_session_close(s);
	free(s);
	free(out);
	free(expected);
	chip_free(&i);
	return status;
}
