/* SPDX-License-Identifier: Apache-2.0
 * sparsity skip on the rs array: damaged compressed weights, with and without a codebook, end in an error and an interrupt,
 * whatever is damaged; what the compiler writes is compressed. */
#include "cmodel/feed_skip.h"
#include "compiler/tflite.h"
#include "testbench/random_graph.h"
#include "testbench/session.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { DAMAGES = 200, INPUT = 64, OUTPUT = 16 };

struct fixture {
	struct config c;
	struct graph g;
	struct program p;
};

static void few_values(const struct graph *g, struct op *o)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	int n = 0, i;

	if (o->kind == OP_CONV_2D)
		n = o->kh * o->kw * in->c * out->c;
	else if (o->kind == OP_DEPTHWISE_CONV_2D)
		n = o->kh * o->kw * out->c;
	else if (o->kind == OP_FULLY_CONNECTED)
		n = in->h * in->w * in->c * out->c;
	for (i = 0; i < n; i++)
		o->weights[i] = (int8_t)(o->weights[i] / 18 * 18);
}

/* percent: of operator 4's weights become zero. codebook: all weights are of 15 values. */
static void setup(struct fixture *f, enum sparsity s, int percent, int codebook)
{
	struct config_error e;
	struct rng r = { 3 };
	char err[300];
	size_t i;
	int k;

	memset(f, 0, sizeof *f);
	config_init(&f->c);
	strcpy(f->c.name, "box");
	f->c.dataflow = DATAFLOW_RS;
	f->c.rows = 6;
	f->c.cols = 8;
	f->c.sparsity = s;
	f->c.codebook = codebook;
	f->c.spad_wgt = 512;
	f->c.spad_psum = 64;
	ck_assert_int_eq(config_derive(&f->c, &e), 0);
	ck_assert_int_eq(tflite_read("examples/digits/digits.tflite", &f->g, err, sizeof err), 0);
	for (i = 0; i < 32 * 9 * 32; i++) /* operator 4: 3x3, 32 channels to 32 */
		if (rng_chance(&r, percent))
			f->g.ops[4].weights[i] = 0;
	for (k = 0; codebook && k < f->g.nops; k++)
		few_values(&f->g, &f->g.ops[k]);
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

/* A block of weights in memory: its header, lengths and entries, and the FEED that loads it. */
struct block { uint8_t *head, *lens, *entries, *feed; int nk, ne, raw; };

/* The pick-th LOAD of weights belongs to the pick-th FEED that loads. */
static struct block block(struct fixture *f, struct rng *r)
{
	int loads = 0, pick, i, n = 0, book = f->c.codebook ? (16 + f->c.cols - 1) / f->c.cols : 0;
	struct block b = { 0 };

	for (i = 0; i < f->p.commands; i++)
		loads += (get(f->p.image + (size_t)i * COMMAND_BYTES) & 255) == OPCODE_LOAD && (get(f->p.image + (size_t)i * COMMAND_BYTES + 16) & 3) == LOAD_WGT;
	do {
		pick = rng_range(r, 0, loads - 1);
		b.head = f->p.image + get(command(f, OPCODE_LOAD, pick) + 4);
		for (i = n = 0; n <= pick; i++) {
			b.feed = command(f, OPCODE_FEED, i);
			n += (int)(get(b.feed + 4) >> 3 & 1);
		}
		b.nk = (int)(get(b.feed + 12) & 0xFFFF);
		b.raw = get(b.feed + 4) >> 6 & 1;
		b.ne = b.head[0] | b.head[1] << 8;
	} while (b.ne < 2);
	b.lens = b.head + (1 + book) * f->c.wgt_word;
	b.entries = b.lens + b.nk * f->c.wgt_word;
	return b;
}

enum damage { ENTRIES, TOO_MANY, LENGTH_UP, LENGTHS_DOWN, RUN, WORDS, DAMAGE_KINDS };

static void damage(struct fixture *f, struct rng *r, enum damage kind)
{
	struct block b = block(f, r);
	int i, n, most = 1 << skip_ent_aw(&f->c), lane = rng_range(r, 0, f->c.cols - 1);

	switch (kind) {
	case ENTRIES: /* other than the longest PE's lengths say */
		for (n = b.ne; n == b.ne;)
			n = rng_range(r, 0, most);
		put(b.head, (uint32_t)n);
		break;
	case TOO_MANY: /* more than the memory has */
		put(b.head, (uint32_t)rng_range(r, most + 1, 0xFFFFFF));
		break;
	case LENGTH_UP: /* past the block's entries */
		b.lens[rng_range(r, 0, b.nk - 1) * f->c.wgt_word + lane] = 255;
		for (i = 0; i < b.nk; i++)
			if (b.ne <= 255 || i % 2)
				b.lens[i * f->c.wgt_word + lane] = 255;
		break;
	case LENGTHS_DOWN: /* no PE ends with the block */
		for (i = 0; i < b.nk * f->c.cols; i++)
			if (b.lens[i / f->c.cols * f->c.wgt_word + i % f->c.cols])
				b.lens[i / f->c.cols * f->c.wgt_word + i % f->c.cols]--;
		break;
	case RUN: /* past the tile: every run of every PE */
		for (i = 0; i < b.ne; i++)
			for (n = 0; n < f->c.cols; n++) {
				uint8_t *e = b.entries + (2 * i + 1) * f->c.wgt_word + n;

				if (f->c.codebook)
					b.entries[i * f->c.wgt_word + n] |= 15;
				else if (!b.raw)
					*e = (uint8_t)rng_range(r, 200, 255);
			}
		if (b.raw || f->c.codebook) /* no runs or short ones: and fewer values for an index */
			put(b.feed + 12, get(b.feed + 12) & 0xFFFF);
		break;
	default: /* beat 8, kwords: the pass's words */
		put(b.feed + 68, (get(b.feed + 68) + (uint32_t)(rng_chance(r, 50) ? rng_range(r, 16, 200) : -rng_range(r, 1, 40))) & 0xFFFFFF);
	}
}

START_TEST(whole_weights_run)
{
	struct fixture f;
	char err[300] = "";

	setup(&f, SPARSITY_SKIP, 80, 16 * _i);
	ck_assert_msg(infer(&f, err, sizeof err) == 0, "%s", err);
	teardown(&f);
}
END_TEST

START_TEST(damaged_weights_are_an_error)
{
	struct rng r = { 1000u + (unsigned)_i };
	struct fixture f;
	char err[300] = "";

	setup(&f, SPARSITY_SKIP, 80, _i % 2 ? 16 : 0);
	damage(&f, &r, (enum damage)(_i / 2 % DAMAGE_KINDS));
	ck_assert_msg(infer(&f, err, sizeof err) == -1, "nothing reported");
	ck_assert_msg(strstr(err, "error 11") != NULL, "%s", err);
	teardown(&f);
}
END_TEST

START_TEST(zeros_are_not_in_memory)
{
	struct fixture dense, half, few;

	setup(&dense, SPARSITY_GATE, 90, 0);
	setup(&half, SPARSITY_SKIP, 50, 0);
	setup(&few, SPARSITY_SKIP, 90, 0);
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
	tcase_add_loop_test(t, whole_weights_run, 0, 2);
	tcase_add_loop_test(t, damaged_weights_are_an_error, 0, DAMAGES);
	tcase_add_test(t, zeros_are_not_in_memory);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
