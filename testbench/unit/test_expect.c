/* SPDX-License-Identifier: Apache-2.0
 * The lock-step comparison, on storage laid out at random as an engine might: every bit of every register counts. */
#include "testbench/checker.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { STORAGE = 60000, STATES = 40 };

struct fixture {
	struct config c;
	struct device v;
	struct regs regs;
	struct expect e;
	const void **places;
	uint8_t *state; /* the engine's, aligned like the image's pieces */
	size_t bytes;
	uint32_t seed;
};

static uint32_t next(struct fixture *f)
{
	f->seed = f->seed * 1664525u + 1013904223u;
	return f->seed >> 8;
}

static int same_register(const struct reg *a, const struct reg *b)
{
	return strcmp(a->path, b->path) == 0;
}

/* Registers in the table's order with gaps between them; the parts of one register have one place. */
static void lay_out(struct fixture *f)
{
	size_t at = 6;
	int i, k;

	for (i = 0; i < f->regs.n; i = k) {
		int bits = 0;

		at = (at + 7) / 8 * 8 + 8 * (next(f) % 3);
		for (k = i; k < f->regs.n && same_register(&f->regs.at[i], &f->regs.at[k]); k++) {
			const struct reg *r = &f->regs.at[k];

			f->places[k] = f->state + at;
			bits = r->low + r->lanes * r->width;
		}
		at += (size_t)(bits + 7) / 8;
		ck_assert_uint_lt(at, STORAGE - 256);
	}
	f->bytes = at;
}

static void setup(struct fixture *f, enum dataflow flow, int rows, int cols, int act_bits, enum sparsity sparsity)
{
	struct config_error err;

	memset(f, 0, sizeof *f);
	f->seed = 7;
	config_init(&f->c);
	strcpy(f->c.name, "box");
	f->c.dataflow = flow;
	f->c.rows = rows;
	f->c.cols = cols;
	f->c.act_bits = act_bits;
	f->c.sparsity = sparsity;
	ck_assert_int_eq(config_derive(&f->c, &err), 0);
	ck_assert_int_eq(device_init(&f->v, &f->c), 0);
	ck_assert_int_eq(regs_build(&f->regs, &f->c), 0);
	f->places = calloc((size_t)f->regs.n, sizeof *f->places);
	f->state = aligned_alloc(EXPECT_CHUNK, STORAGE / EXPECT_CHUNK * EXPECT_CHUNK);
	ck_assert(f->places && f->state);
	memset(f->state, 0, STORAGE / EXPECT_CHUNK * EXPECT_CHUNK);
	lay_out(f);
	ck_assert_int_eq(expect_init(&f->e, &f->regs, f->places, f->state, f->bytes), 0);
}

static void teardown(struct fixture *f)
{
	expect_free(&f->e);
	regs_free(&f->regs);
	device_free(&f->v);
	free(f->places);
	free(f->state);
}

static uint8_t *bit_of(struct fixture *f, int reg, int bit)
{
	return f->state + ((const uint8_t *)f->places[reg] - f->state) + (f->regs.at[reg].low + bit) / 8;
}

static void flip(struct fixture *f, int reg, int bit)
{
	*bit_of(f, reg, bit) ^= (uint8_t)(1 << (f->regs.at[reg].low + bit) % 8);
}

/* The engine's storage as the twin's state demands, bit by bit. */
static void write_state(struct fixture *f, const struct device_state *q)
{
	int i, lane, b;

	for (i = 0; i < f->regs.n; i++) {
		const struct reg *r = &f->regs.at[i];

		for (lane = 0; lane < r->lanes; lane++) {
			uint64_t v = checker_twin_value(r, q, lane);

			for (b = 0; b < r->width; b++)
				if ((checker_sim_value(r, f->places[i], lane) >> b & 1) != (v >> b & 1))
					flip(f, i, lane * r->width + b);
		}
	}
}

/* A few registers of the state change, whatever their widths. */
static void step(struct fixture *f)
{
	const struct device_state *q = device_now(&f->v);
	struct device_state *d = f->v.state[!f->v.now];
	int k;

	memcpy(d, q, sizeof *d);
	for (k = 0; k < 30; k++) {
		const struct reg *r = &f->regs.at[next(f) % (uint32_t)f->regs.n];
		int i;

		for (i = 0; i < r->lanes * r->elem; i++)
			((uint8_t *)d)[r->offset + (size_t)i] = (uint8_t)next(f);
	}
	f->v.now = !f->v.now;
}

static int digests_differ(struct fixture *f)
{
	struct expect_digest a, b;

	expect_digest(&f->e, f->state, &a);
	expect_digest(&f->e, f->e.image, &b);
	return memcmp(&a, &b, sizeof a) != 0;
}

static void follow(enum dataflow flow, int rows, int cols, int act_bits, enum sparsity sparsity)
{
	struct fixture f;
	int i;

	setup(&f, flow, rows, cols, act_bits, sparsity);
	for (i = 0; i < STATES; i++) {
		step(&f);
		expect_update(&f.e, device_now(&f.v), i ? device_before(&f.v) : NULL);
		write_state(&f, device_now(&f.v));
		ck_assert_int_eq(expect_differs(&f.e, f.state), 0);
		ck_assert_int_eq(digests_differ(&f), 0);
	}
	teardown(&f);
}

START_TEST(image_follows_twin)
{
	follow(DATAFLOW_OS, 8, 8, 8, SPARSITY_GATE);
	follow(DATAFLOW_OS, 3, 5, 6, SPARSITY_NONE);
	follow(DATAFLOW_OS, 12, 9, 4, SPARSITY_GATE);
	follow(DATAFLOW_WS, 5, 8, 8, SPARSITY_GATE);
	follow(DATAFLOW_OS, 3, 7, 8, SPARSITY_NM);
	follow(DATAFLOW_WS, 4, 30, 7, SPARSITY_NM);
	follow(DATAFLOW_RS, 3, 4, 7, SPARSITY_GATE);
}
END_TEST

START_TEST(every_bit_counts)
{
	struct fixture f;
	int i, b;

	setup(&f, DATAFLOW_OS, 4, 5, 7, SPARSITY_GATE);
	step(&f);
	expect_update(&f.e, device_now(&f.v), NULL);
	write_state(&f, device_now(&f.v));
	for (i = 0; i < f.regs.n; i++)
		for (b = 0; b < f.regs.at[i].lanes * f.regs.at[i].width; b++) {
			flip(&f, i, b);
			ck_assert_msg(expect_differs(&f.e, f.state) && digests_differ(&f), "%s bit %d", f.regs.at[i].path, b);
			flip(&f, i, b);
		}
	ck_assert_int_eq(expect_differs(&f.e, f.state), 0);
	teardown(&f);
}
END_TEST

START_TEST(two_bits_do_not_hide_in_the_digest)
{
	struct fixture f;
	int k;

	setup(&f, DATAFLOW_OS, 8, 8, 8, SPARSITY_GATE);
	step(&f);
	expect_update(&f.e, device_now(&f.v), NULL);
	write_state(&f, device_now(&f.v));
	for (k = 0; k < 20000; k++) {
		int i = (int)(next(&f) % (uint32_t)f.regs.n), j = (int)(next(&f) % (uint32_t)f.regs.n), b, d;

		if (i == j)
			continue;
		b = f.regs.at[i].lanes * f.regs.at[i].width - 1; /* the highest bits: no carry moves them */
		d = f.regs.at[j].lanes * f.regs.at[j].width - 1;
		flip(&f, i, b);
		flip(&f, j, d);
		ck_assert_msg(digests_differ(&f), "%s and %s", f.regs.at[i].path, f.regs.at[j].path);
		flip(&f, i, b);
		flip(&f, j, d);
	}
	teardown(&f);
}
END_TEST

START_TEST(what_is_no_register_does_not_count)
{
	struct fixture f;
	uint8_t *used;
	size_t i;
	int k, b;

	setup(&f, DATAFLOW_WS, 4, 4, 8, SPARSITY_NONE);
	expect_update(&f.e, device_now(&f.v), NULL);
	used = calloc(1, STORAGE);
	for (k = 0; k < f.regs.n; k++)
		for (b = 0; b < f.regs.at[k].lanes * f.regs.at[k].width; b++)
			used[bit_of(&f, k, b) - f.state] |= (uint8_t)(1 << (f.regs.at[k].low + b) % 8);
	for (i = 0; i < f.bytes; i++)
		f.state[i] = (uint8_t)(next(&f) & (uint8_t)~used[i]);
	ck_assert_int_eq(expect_differs(&f.e, f.state), 0);
	ck_assert_int_eq(digests_differ(&f), 0);
	free(used);
	teardown(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("expect");
	TCase *t = tcase_create("lock-step");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, image_follows_twin);
	tcase_add_test(t, every_bit_counts);
	tcase_add_test(t, two_bits_do_not_hide_in_the_digest);
	tcase_add_test(t, what_is_no_register_does_not_count);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
