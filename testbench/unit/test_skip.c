/* SPDX-License-Identifier: Apache-2.0
 * sparsity skip on the rs array: damaged compressed weights end in an error and an interrupt, whatever is damaged; what
 * the compiler writes is compressed. */
#include "cmodel/feed_rs.h"
#include "compiler/tflite.h"
#include "testbench/random_graph.h"
#include "testbench/session.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { DAMAGES = 100, INPUT = 64, OUTPUT = 16 };

struct fixture {
	struct config c;
	struct graph g;
	struct program p;
};

static void setup(struct fixture *f, enum sparsity s, int percent)
{
	struct config_error e;
	struct rng r = { 3 };
	char err[300];
	size_t i;

	memset(f, 0, sizeof *f);
	config_init(&f->c);
	strcpy(f->c.name, "box");
	f->c.dataflow = DATAFLOW_RS;
	f->c.rows = 6;
	f->c.cols = 8;
	f->c.sparsity = s;
	ck_assert_int_eq(config_derive(&f->c, &e), 0);
	ck_assert_int_eq(tflite_read("examples/digits/digits.tflite", &f->g, err, sizeof err), 0);
	for (i = 0; i < 32 * 9 * 32; i++) /* operator 4: 3x3, 32 channels to 32 */
		if (rng_chance(&r, percent))
			f->g.ops[4].weights[i] = 0;
	ck_assert_msg(program_build(&f->c, &f->g, 40, 1, &f->p, err, sizeof err) == 0, "%s", err);
}

static void teardown(struct fixture *f)
{
	program_free(&f->p);
	graph_free(&f->g);
}

/* 0, or -1 with what the device reports. */
static int infer(struct fixture *f, char *err, size_t errsize)
{
	static const struct mem_options mem = { 20, 0.0, 1.0, 1 };
	struct session_options o = { .c = &f->c, .mem = &mem, .seed = 1 };
	struct session *s = calloc(1, sizeof *s);
	struct systole_counters n;
	struct layout at;
	int8_t in[INPUT] = { 0 }, out[OUTPUT];
	int status;

	ck_assert_ptr_nonnull(s);
	session_layout(&f->p, INPUT, 10, &at);
	o.memory_bytes = at.bytes;
	ck_assert_int_eq(session_open(s, &o, err, errsize), 0);
	memcpy(s->mem.bytes + at.base[BASE_PROGRAM], f->p.image, f->p.image_bytes);
	status = session_infer(s, &at, in, INPUT, out, 10, &n, err, errsize);
	if (status)
		ck_assert_int_eq(s->out.irq, 1);
	session_close(s);
	free(s);
	return status;
}

static uint32_t get(const uint8_t *p) { return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24; }

static void put(uint8_t *p, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* The image's pick-th command with this opcode (and, of LOADs, weights) and its first block of weights. */
static uint8_t *command(struct fixture *f, unsigned opcode, int pick)
{
	int i, n = 0;

	for (i = 0;; i = (i + 1) % f->p.commands) {
		uint8_t *c = f->p.image + (size_t)i * COMMAND_BYTES;

		if ((get(c) & 255) != opcode || (opcode == OPCODE_LOAD && (get(c + 16) & 3) != LOAD_WGT) || (opcode == OPCODE_FEED && get(c + 4) >> 1 & 1))
			continue;
		if (n++ == pick)
			return c;
	}
}

/* A pass's first word, and how many steps it says. */
static uint8_t *counts(struct fixture *f, struct rng *r, int *steps)
{
	uint8_t *c = command(f, OPCODE_LOAD, rng_range(r, 0, 9)), *p = f->p.image + get(c + 4);
	int block = rng_range(r, 0, (int)get(c + 24) - 1), i;

	p += (size_t)block * get(c + 28);
	for (i = *steps = 0; i < f->c.cols; i++)
		*steps += p[i];
	return p;
}

enum damage { COUNT, COUNT_BY_ONE, INDEX, LENGTH, TOTAL, DAMAGE_KINDS };

static void damage(struct fixture *f, struct rng *r, enum damage kind)
{
	int steps, lane;
	uint8_t *p = counts(f, r, &steps), *feed = command(f, OPCODE_FEED, rng_range(r, 0, 9)), was;

	switch (kind) {
	case COUNT: /* anything else */
		p += rng_range(r, 0, 1);
		for (was = *p; *p == was;)
			*p = (uint8_t)rng_range(r, 0, 255);
		break;
	case COUNT_BY_ONE:
		*p = (uint8_t)(*p + (rng_chance(r, 50) ? 1 : -1));
		break;
	case INDEX: /* past the end of the scratchpad */
		lane = f->c.rows + rng_range(r, 0, f->c.rows - 1);
		p += (1 + rng_range(r, 0, steps - 1) * rs_words(&f->c) + lane / f->c.cols) * f->c.wgt_word + lane % f->c.cols;
		*p = (uint8_t)rng_range(r, rs_ring(&f->c), 255);
		break;
	case LENGTH: /* beat 15, kwords: the channel tile's words */
		put(feed + 8 * 15, (get(feed + 8 * 15) & 0xFFFF0000u) | (uint32_t)rng_range(r, 0, 3));
		break;
	default: /* beat 13, taps: the steps of the command */
		put(feed + 8 * 13, get(feed + 8 * 13) ^ (uint32_t)rng_range(r, 1, 255));
	}
}

START_TEST(whole_weights_run)
{
	struct fixture f;
	char err[300] = "";

	setup(&f, SPARSITY_SKIP, 80);
	ck_assert_msg(infer(&f, err, sizeof err) == 0, "%s", err);
	teardown(&f);
}
END_TEST

START_TEST(damaged_weights_are_an_error)
{
	struct rng r = { 1000u + (unsigned)_i };
	struct fixture f;
	char err[300] = "";

	setup(&f, SPARSITY_SKIP, 80);
	damage(&f, &r, (enum damage)(_i % DAMAGE_KINDS));
	ck_assert_msg(infer(&f, err, sizeof err) == -1, "nothing reported");
	ck_assert_msg(strstr(err, "error 11") != NULL, "%s", err);
	teardown(&f);
}
END_TEST

START_TEST(zeros_are_not_in_memory)
{
	struct fixture dense, half, few;

	setup(&dense, SPARSITY_GATE, 90);
	setup(&half, SPARSITY_SKIP, 50);
	setup(&few, SPARSITY_SKIP, 90);
	ck_assert_int_lt(few.p.traffic, dense.p.traffic);
	ck_assert_int_lt(few.p.traffic, half.p.traffic);
	ck_assert_int_lt(few.p.estimate, half.p.estimate);
	teardown(&dense);
	teardown(&half);
	teardown(&few);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("skip");
	TCase *t = tcase_create("compressed weights");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, whole_weights_run);
	tcase_add_loop_test(t, damaged_weights_are_an_error, 0, DAMAGES);
	tcase_add_test(t, zeros_are_not_in_memory);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
