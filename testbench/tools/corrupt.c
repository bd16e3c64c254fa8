/* SPDX-License-Identifier: Apache-2.0
 * Damaged sparse weights: whatever their indices say, the device must end with an interrupt, and write nothing but its output.
 *   corrupt [N] [SEED] [--lockstep]   N corruptions of every format (default 100); --lockstep: the first format in Verilator
 * A corruption changes the indices of a random layer's weights, which may name any activation: every value of an index is one
 * of its group, so the job must end without error. Every fourth changes the length of a LOAD of weights instead, to one that
 * is no whole number of blocks: the job must end with the error COMMAND. */
#include "cmodel/wgt_buffer.h"
#include "compiler/program.h"
#include "testbench/random_graph.h"
#include "testbench/session.h"
#include "testbench/simbuild.h"
#include "testbench/trial.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct format { enum dataflow dataflow; enum pattern pattern; int rows, cols, bus; };

/* words gathered from beats and beats of several words, blocks of one word and of many, one beat of indices and two */
static const struct format formats[] = {
	{ DATAFLOW_OS, PATTERN_2_4, 4, 4, 64 }, { DATAFLOW_OS, PATTERN_1_4, 8, 8, 64 }, { DATAFLOW_OS, PATTERN_4_8, 2, 5, 128 },
	{ DATAFLOW_WS, PATTERN_2_4, 4, 8, 64 }, { DATAFLOW_WS, PATTERN_1_4, 3, 3, 128 }, { DATAFLOW_WS, PATTERN_4_8, 4, 24, 64 },
};
enum { FORMATS = sizeof formats / sizeof *formats };
static const char *const patterns[] = { "2:4", "1:4", "4:8" };

struct totals { int done, differ, refused; };

static int make_config(const struct format *f, struct config *c)
{
	struct config_error e;

	memset(c, 0, sizeof *c);
	config_init(c);
	snprintf(c->name, sizeof c->name, "corrupt");
	c->dataflow = f->dataflow;
	c->sparsity = SPARSITY_NM;
	c->pattern = f->pattern;
	c->rows = f->rows;
	c->cols = f->cols;
	c->bus_bits = f->bus;
	c->act_bytes = 1 << 14;
	c->wgt_bytes = 1 << 12;
	c->par_depth = 128;
	c->acc_bits = 32;
	if (config_derive(c, &e) == 0)
		return 0;
	fprintf(stderr, "corrupt: %s\n", e.text);
	return -1;
}

static uint32_t slot(const uint8_t *command, int i)
{
	const uint8_t *b = command + 4 * i;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void set_slot(uint8_t *command, int i, uint32_t v)
{
	int k;

	for (k = 0; k < 4; k++)
		command[4 * i + k] = (uint8_t)(v >> 8 * k);
}

/* A LOAD of weights, chosen at random; NULL when the program has none. */
static uint8_t *weights_load(struct rng *r, const struct program *p)
{
	uint8_t *found = NULL;
	int i, n = 0;

	for (i = 0; i < p->commands; i++) {
		uint8_t *command = p->image + (size_t)i * COMMAND_BYTES;

		if ((slot(command, 0) & 15) == OPCODE_LOAD && (slot(command, 4) & 3) == LOAD_WGT && rng_range(r, 0, n++) == 0)
			found = command;
	}
	return found;
}

/* One beat of indices: bits flipped, all ones, or anything. */
static void damage_indices(struct rng *r, const struct config *c, const struct program *p, const uint8_t *load)
{
	int block = wgt_buffer_block(c) * c->bus_bytes, blocks = (int)slot(load, 2) / block, i, kind = rng_range(r, 0, 2);
	uint8_t *at = p->image + slot(load, 1) + slot(load, 7) * (uint32_t)rng_range(r, 0, (int)slot(load, 6) - 1);

	at += rng_range(r, 0, blocks - 1) * block + rng_range(r, 0, c->idx_beats - 1) * c->bus_bytes;
	for (i = 0; i < c->bus_bytes; i++)
		at[i] = (uint8_t)(kind == 0 ? at[i] ^ (1 << rng_range(r, 0, 7)) : kind == 1 ? 255 : rng_range(r, 0, 255));
}

/* Up to a block shorter or longer, never whole. */
static void damage_length(struct rng *r, const struct config *c, uint8_t *load)
{
	int beats = (int)slot(load, 2) / c->bus_bytes, by = rng_range(r, 1, wgt_buffer_block(c) - 1);

	set_slot(load, 2, (uint32_t)((rng_chance(r, 50) ? beats + by : beats - by) * c->bus_bytes));
}

/* Memory as it must be: nothing but the output and the scratch area may be written. */
static int untouched(const struct session *s, const struct program *p, const struct layout *at, size_t out_bytes, const uint8_t *before)
{
	const uint8_t *now = s->mem.bytes;
	size_t out = at->base[BASE_OUTPUT], scratch = at->base[BASE_SCRATCH], end = scratch + p->scratch_bytes;

	return !memcmp(now, before, out) && !memcmp(now + out + out_bytes, before + out + out_bytes, scratch - out - out_bytes) &&
	       !memcmp(now + end, before + end, at->bytes - end);
}

/* What a program must come to. -1 with one line in err. */
static int run(const struct config *c, const char *library, const struct program *p, const int8_t *in, size_t in_bytes, int8_t *out, size_t out_bytes,
	       int refused, char *err, size_t errsize)
{
	static const struct mem_options mem = { 20, 0.2, 1.0, 3 };
	struct session_options so = { .c = c, .mem = &mem, .library = library, .compare = COMPARE_REGISTERS, .seed = 1 };
	struct session s;
	struct systole_counters n;
	struct layout at;
	uint8_t *before;
	char why[600] = "";
	int status = -1, told;

	session_layout(p, in_bytes, out_bytes, &at);
	so.memory_bytes = at.bytes;
	before = malloc(at.bytes);
	snprintf(err, errsize, "out of memory");
	if (before && session_open(&s, &so, err, errsize) == 0) {
		memcpy(s.mem.bytes + at.base[BASE_PROGRAM], p->image, p->image_bytes);
		memcpy(s.mem.bytes + at.base[BASE_INPUT], in, in_bytes);
		memcpy(before, s.mem.bytes, at.bytes);
		told = session_infer(&s, &at, in, in_bytes, out, out_bytes, &n, why, sizeof why) != 0;
		if (s.check.mismatches || strncmp(why, "no interrupt", 12) == 0 || told != refused || (told && !strstr(why, "reports error 7 ")))
			snprintf(err, errsize, "%.500s", told ? why : "the job ends without error");
		else if (s.mem.violations)
			snprintf(err, errsize, "AXI: %s", s.mem.violation);
		else if (!untouched(&s, p, &at, out_bytes, before))
			snprintf(err, errsize, "memory outside the output was written");
		else
			status = 0;
	}
	if (before)
		session_close(&s);
	free(before);
	return status;
}

static int corrupt(struct rng *r, const struct config *c, const char *library, const struct graph *g, struct program *p, int refused, struct totals *t, char *err, size_t errsize)
{
	size_t in_bytes = trial_bytes(&g->tensors[g->input]), out_bytes = trial_bytes(&g->tensors[p->device_out]);
	int8_t *in = malloc(in_bytes), *out = calloc(2, out_bytes);
	uint8_t *load = weights_load(r, p);
	int status = -1;

	snprintf(err, errsize, "out of memory");
	if (in && out && load) {
		random_input(r, g, in, in_bytes);
		status = run(c, library, p, in, in_bytes, out, out_bytes, 0, err, errsize);
		if (refused)
			damage_length(r, c, load);
		else
			damage_indices(r, c, p, load);
		if (status == 0)
			status = run(c, library, p, in, in_bytes, out + out_bytes, out_bytes, refused, err, errsize);
		t->refused += refused;
		t->differ += !refused && memcmp(out, out + out_bytes, out_bytes);
		t->done++;
	}
	free(in);
	free(out);
	return status;
}

/* A random network with weights that the device loads, not refused. */
static int network(struct rng *r, const struct config *c, struct graph *g, struct program *p, char *text, size_t size)
{
	char err[300];
	int status, i;

	for (i = 0; i < 100; i++) {
		status = random_graph(r, c, g, text, size);
		if (status == 0 && g->ops[0].kind != OP_MAX_POOL_2D && g->ops[0].kind != OP_AVERAGE_POOL_2D && g->ops[0].kind != OP_ADD &&
		    program_build(c, g, 40, 1, p, err, sizeof err) == 0)
			return 0;
		graph_free(g);
		if (status)
			return -1;
	}
	return -1;
}

static int run_format(const struct format *f, int n, int seed, int lockstep, struct totals *t)
{
	struct rng r = { (uint64_t)seed * 7919u + (uint64_t)(f - formats) };
	char text[300], err[700], library[512] = "", build_dir[300];
	const char *build = getenv("BUILD");
	double seconds;
	struct config c;
	struct sim_build b = { .c = &c, .build_dir = build_dir, .quick = 1 };
	int i, bad = 0;

	snprintf(build_dir, sizeof build_dir, "%s/corrupt.d", build ? build : "build");
	if (make_config(f, &c))
		return 1;
	if (lockstep && simbuild_verilator(&b, library, sizeof library, &seconds, err, sizeof err)) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	for (i = 0; i < n; i++) {
		struct graph g;
		struct program p;

		if (network(&r, &c, &g, &p, text, sizeof text)) {
			fprintf(stderr, "corrupt: no network\n");
			return 1;
		}
		if (corrupt(&r, &c, lockstep ? library : NULL, &g, &p, i % 4 == 3, t, err, sizeof err)) {
			fprintf(stderr, "%s %s, seed %d, corruption %d (%s): %s\n", f->dataflow == DATAFLOW_OS ? "os" : "ws", patterns[f->pattern], seed, i, text, err);
			bad++;
		}
		program_free(&p);
		graph_free(&g);
	}
	return bad;
}

int main(int argc, char **argv)
{
	int lockstep = argc > 1 && strcmp(argv[argc - 1], "--lockstep") == 0, words = argc - lockstep, i, bad = 0;
	int n = words > 1 ? atoi(argv[1]) : 100, seed = words > 2 ? atoi(argv[2]) : 1;
	struct totals t = { 0 };

	for (i = 0; i < (lockstep ? 1 : FORMATS); i++)
		bad += run_format(&formats[i], n, seed, lockstep, &t);
	printf("corrupt: %d corruptions of %d formats: %d other outputs, %d lengths refused, %d failed\n", t.done, lockstep ? 1 : (int)FORMATS, t.differ, t.refused, bad);
	return bad || t.done == 0 || t.differ == 0 || t.refused == 0;
}
