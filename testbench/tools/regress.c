/* SPDX-License-Identifier: Apache-2.0
 * Random configurations x random layers, in lock-step against the twin and byte for byte against the reference.
 *   regress N SEED [ONLY] [--twin] [--verbose]   N configurations, two at a time; ONLY: that one alone (0..);
 *   --twin: without Verilator; --verbose: every layer, and why one was refused; --os, --ws, --rs: that dataflow alone;
 *   --nm: os and ws configurations of sparsity nm alone; --sub: os configurations of several precisions alone;
 *   --wide: act_bits 16 alone; --chip: NAME_chip, by turns with its memory inside and outside, and networks it has a form for;
 *   --dead: networks with channels that cannot matter instead of layers
 * Builds are below $BUILD/regress (build/regress unless BUILD is set). */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "testbench/random_graph.h"
#include "testbench/simbuild.h"
#include "testbench/trial.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	REGRESS_DATAFLOWS = 3, /* of os, ws, rs: how many are drawn */
	LAYERS_TWIN = 12,      /* of a configuration */
	LAYERS_SIM = 24,       /* the build is the expensive part */
	WORKERS = 2,
};

struct totals { long configs, layers, refused, failed, dropped; unsigned long long cycles, registers; };

struct options {
	int n, seed, only, twin, verbose, dead, nm, sub, wide, chip, flow; /* flow: -1 for all */
	char build_dir[300];
};

static int power(struct rng *r, int lo, int hi)
{
	return 1 << rng_range(r, lo, hi);
}

static int random_side(struct rng *r)
{
	return rng_chance(r, 85) ? rng_range(r, 1, 9) : rng_chance(r, 90) ? rng_range(r, 10, 20) : rng_range(r, 21, 32);
}

static int random_lanes(struct rng *r, int cols)
{
	int lanes = rng_chance(r, 30) ? rng_range(r, 1, cols) : 0;

	while (lanes > 0 && cols % lanes)
		lanes--;
	return lanes;
}

static const int precisions[] = { 8 + 4 + 2, 8 + 4, 8 + 2 };

static void random_config(struct rng *r, enum dataflow d, const struct options *o, struct config *c)
{
	struct config_error e;

	do {
		memset(c, 0, sizeof *c);
		config_init(c);
		snprintf(c->name, sizeof c->name, "regress");
		c->dataflow = d;
		c->rows = random_side(r);
		c->cols = random_side(r);
		c->act_bits = rng_chance(r, 50) ? 8 : rng_chance(r, 30) ? 16 : rng_range(r, 4, 8);
		if (o->wide)
			c->act_bits = 16;
		c->wgt_bits = rng_chance(r, 60) ? 8 : rng_range(r, 1, 8);
		c->acc_bits = rng_chance(r, 80) ? 32 : 0;
		c->rounding = (enum rounding)(rng_chance(r, 50) ? 0 : rng_range(r, 0, 2));
		c->sparsity = rng_range(r, 0, 1) ? SPARSITY_GATE : SPARSITY_NONE;
		if (d == DATAFLOW_RS && rng_chance(r, 40)) {
			c->sparsity = SPARSITY_SKIP;
			c->wgt_bits = 8;
			c->queue_depth = power(r, 2, 5);
			c->codebook = rng_chance(r, 30) ? 16 : 0;
			c->spad_wgt = power(r, 5, 10);
			c->spad_key = power(r, 5, 9);
			c->spad_psum = power(r, 2, 10);
		}
		if (d != DATAFLOW_RS && !o->sub && (o->nm || rng_chance(r, 35))) {
			c->sparsity = SPARSITY_NM;
			c->pattern = (enum pattern)rng_range(r, 0, 2);
		} else if (d == DATAFLOW_OS && (o->sub || rng_chance(r, 40))) {
			c->wgt_bits = 8;
			c->precision = precisions[rng_range(r, 0, 2)];
		}
		c->act_bytes = power(r, 12, 16);
		c->wgt_bytes = power(r, 10, 14);
		c->acc_depth = power(r, 5, 9);
		c->par_depth = power(r, 7, 9);
		c->line_depth = power(r, 5, 7);
		c->act_port = rng_chance(r, 70) ? 0 : power(r, 3, 6);
		c->bus_bits = rng_chance(r, 70) ? 64 : 128;
		c->lanes = random_lanes(r, c->cols);
	} while (config_derive(c, &e));
}

/* All that NAME_chip leaves to choose. */
static void chip_config(int outside, struct config *c)
{
	struct config_error e;

	memset(c, 0, sizeof *c);
	config_init(c);
	snprintf(c->name, sizeof c->name, "regress");
	c->bus = BUS_ON_CHIP;
	c->target = outside ? TARGET_ICE40 : TARGET_PORTABLE;
	c->rows = 2;
	c->cols = 8;
	c->acc_bits = 24;
	c->sparsity = SPARSITY_NONE;
	if (config_derive(c, &e))
		fprintf(stderr, "%s\n", e.text);
}

static const char *const flows[] = { "os", "ws", "rs" };

static void print_config(const struct config *c)
{
	static const char *const roundings[] = { "tflite", "tflite_single", "onnx" };
	static const char *const sparsities[] = { "none", "gate", "nm", "skip" }, *const patterns[] = { "2:4", "1:4", "4:8" };

	fprintf(stderr, "configuration: %s %dx%d, act_bits %d, wgt_bits %d, precision %d, sparsity %s%s%s, rounding %s, act_buffer %d, wgt_buffer %d, act_port %d, "
		"lanes %d, bus_bits %d, par_depth %d, acc_depth %d, line_depth %d, queue_depth %d, codebook %d, spad_wgt %d, spad_key %d, spad_psum %d\n", flows[c->dataflow], c->rows, c->cols, c->act_bits, c->wgt_bits, c->precision,
		sparsities[c->sparsity], c->sparsity == SPARSITY_NM ? " " : "", c->sparsity == SPARSITY_NM ? patterns[c->pattern] : "", roundings[c->rounding], c->act_bytes, c->wgt_bytes, c->act_port, c->lanes, c->bus_bits, c->par_depth, c->acc_depth, c->line_depth, c->queue_depth, c->codebook, c->spad_wgt, c->spad_key, c->spad_psum);
}

static int run_layer(const struct config *c, struct rng *r, const char *library, const struct graph *g, struct totals *t, int *refused, char *err, size_t errsize)
{
	struct trial l = { .c = c, .library = library };
	size_t bytes = trial_bytes(&g->tensors[g->input]);
	int8_t *in = malloc(bytes);
	int status;

	snprintf(err, errsize, "out of memory");
	if (!in)
		return -1;
	random_input(r, g, in, bytes);
	l.mem.latency = rng_range(r, 1, 80);
	l.mem.stall = rng_chance(r, 50) ? 0.0 : rng_range(r, 1, 60) / 100.0;
	l.mem.bandwidth = rng_chance(r, 70) ? 1.0 : rng_range(r, 10, 100) / 100.0;
	l.mem.seed = rng_next(r);
	status = trial_run(&l, g, in, err, errsize);
	*refused = l.refused;
	t->refused += l.refused;
	t->layers += !l.refused;
	t->cycles += library ? l.compared : l.cycles;
	t->registers += l.registers;
	t->dropped += l.dropped;
	free(in);
	return status;
}

static int run_layers(const struct options *o, const struct config *c, struct rng *r, const char *library, struct totals *t)
{
	char err[700], text[300] = "random_graph";
	int i, status = 0, refused = 0;

	for (i = 0; i < (o->twin ? LAYERS_TWIN : LAYERS_SIM) && status == 0; i++) {
		struct graph g;

		snprintf(err, sizeof err, "out of memory");
		status = (o->dead || (o->chip && rng_chance(r, 70)) ? random_dead_graph : random_graph)(r, c, &g, text, sizeof text);
		if (status == 0 && c->sparsity == SPARSITY_SKIP)
			random_zeros(r, &g, c->codebook != 0);
		if (status == 0)
			status = run_layer(c, r, library, &g, t, &refused, err, sizeof err);
		if (status)
			fprintf(stderr, "layer %d: %s: %s\n", i, text, err);
		else if (o->verbose)
			fprintf(stderr, "layer %d: %s%s%s\n", i, text, refused ? ": refused: " : "", refused ? err : "");
		graph_free(&g);
	}
	return status;
}

static void remove_build(const char *library)
{
	char command[600];

	snprintf(command, sizeof command, "rm -rf '%.*s'", (int)(strrchr(library, '/') - library), library);
	if (system(command))
		fprintf(stderr, "%s failed\n", command);
}

static void run_config(const struct options *o, int index, struct totals *t)
{
	struct rng r = { (uint64_t)o->seed * 1000003u + (uint64_t)index };
	struct config c;
	struct sim_build b = { .c = &c, .build_dir = o->build_dir, .quick = 1 };
	char library[512], err[700];
	double seconds = 0;
	int status;

	rng_next(&r);
	if (o->chip)
		chip_config(index & 1, &c);
	else
		random_config(&r, (enum dataflow)(o->flow < 0 ? index % (o->sub ? 1 : o->nm ? 2 : REGRESS_DATAFLOWS) : o->flow), o, &c);
	if (o->verbose)
		print_config(&c);
	status = o->twin ? 0 : simbuild_verilator(&b, library, sizeof library, &seconds, err, sizeof err);
	if (status)
		fprintf(stderr, "%s\n", err);
	else
		status = run_layers(o, &c, &r, o->twin ? NULL : library, t);
	t->configs++;
	t->failed += status != 0;
	if (status) {
		print_config(&c);
		fprintf(stderr, "reproduce: make regress-only SEED=%d ONLY=%d", o->seed, index);
		if (o->twin || o->dead || o->nm || o->sub || o->wide || o->chip || o->flow >= 0)
			fprintf(stderr, " REGRESS_ARGS=\"%s%s%s%s%s%s%s%s\"", o->twin ? "--twin" : "", o->dead ? " --dead" : "", o->nm ? " --nm" : "", o->sub ? " --sub" : "", o->wide ? " --wide" : "", o->chip ? " --chip" : "", o->flow < 0 ? "" : " --", o->flow < 0 ? "" : flows[o->flow]);
		fprintf(stderr, "\n");
	} else if (!o->twin && !o->chip) {
		remove_build(library); /* that of a failure stays, to look at; NAME_chip's is for all */
	}
}

/* Takes the configurations index, index + WORKERS, ...; a worker that dies has failed. */
static int run_workers(const struct options *o, struct totals *t)
{
	pid_t pid[WORKERS];
	int i, k, status, failed = 0;

	fflush(NULL);
	for (i = 0; i < WORKERS; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		for (k = i; k < o->n; k += WORKERS)
			run_config(o, k, &t[i]);
		_exit(0);
	}
	for (i = 0; i < WORKERS; i++)
		if (pid[i] < 0 || waitpid(pid[i], &status, 0) != pid[i] || !WIFEXITED(status) || WEXITSTATUS(status)) {
			fprintf(stderr, "worker %d died in configuration %ld: make regress-only SEED=%d ONLY=%ld\n", i, i + WORKERS * t[i].configs, o->seed,
				i + WORKERS * t[i].configs);
			failed = 1;
		}
	return failed;
}

static int print_totals(const struct options *o, const struct totals *t, int died)
{
	struct totals sum = t[0];
	int i;

	for (i = 1; i < WORKERS; i++) {
		sum.configs += t[i].configs;
		sum.layers += t[i].layers;
		sum.refused += t[i].refused;
		sum.failed += t[i].failed;
		sum.dropped += t[i].dropped;
		sum.cycles += t[i].cycles;
		sum.registers += t[i].registers;
	}
	printf("regress: seed %d, %ld configurations, %ld layers (%ld refused), %llu %s, %llu registers compared, ", o->seed, sum.configs, sum.layers,
	       sum.refused, sum.cycles, o->twin ? "cycles of the twin" : "lock-step cycles", sum.registers);
	if (o->dead)
		printf("%ld channels dropped, ", sum.dropped);
	printf("%ld failed\n", sum.failed);
	return sum.failed || died || sum.layers == 0 || (o->dead && sum.dropped == 0);
}

static void parse(int argc, char **argv, struct options *o)
{
	const char *build = getenv("BUILD");
	int i, words = 0;

	memset(o, 0, sizeof *o);
	o->n = 10;
	o->seed = 1;
	o->only = o->flow = -1;
	snprintf(o->build_dir, sizeof o->build_dir, "%s/regress.d", build ? build : "build");
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--twin") == 0)
			o->twin = 1;
		else if (strcmp(argv[i], "--verbose") == 0)
			o->verbose = 1;
		else if (strcmp(argv[i], "--dead") == 0)
			o->dead = 1;
		else if (strcmp(argv[i], "--nm") == 0)
			o->nm = 1;
		else if (strcmp(argv[i], "--sub") == 0)
			o->sub = 1;
		else if (strcmp(argv[i], "--wide") == 0)
			o->wide = 1;
		else if (strcmp(argv[i], "--chip") == 0)
			o->chip = 1;
		else if (argv[i][0] == '-')
			o->flow = argv[i][2] == 'r' ? DATAFLOW_RS : argv[i][2] == 'w' ? DATAFLOW_WS : DATAFLOW_OS;
		else
			*(words == 0 ? &o->n : words == 1 ? &o->seed : &o->only) = atoi(argv[i]), words++;
	}
}

int main(int argc, char **argv)
{
	struct options o;
	struct totals *t;
	int died = 0;

	parse(argc, argv, &o);
	t = mmap(NULL, WORKERS * sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t == MAP_FAILED)
		return 2;
	if (o.only >= 0)
		run_config(&o, o.only, &t[0]);
	else
		died = run_workers(&o, t);
	return print_totals(&o, t, died);
}
