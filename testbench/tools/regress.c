/* SPDX-License-Identifier: Apache-2.0
 * Random configurations x random layers, in lock-step against the twin and byte for byte against the reference.
 *   regress N SEED [ONLY] [--twin]   N configurations; ONLY: just this one (0..N-1); --twin: without Verilator */
#include "compiler/graph_ref.h"
#include "testbench/random_graph.h"
#include "testbench/session.h"
#include "testbench/simbuild.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 12 };

struct totals { long configs, layers, refused; unsigned long long cycles, registers; };

static int power(struct rng *r, int lo, int hi)
{
	return 1 << rng_range(r, lo, hi);
}

static void random_config(struct rng *r, enum dataflow d, struct config *c)
{
	struct config_error e;

	do {
		config_init(c);
		snprintf(c->name, sizeof c->name, "regress");
		c->dataflow = d;
		c->rows = rng_chance(r, 85) ? rng_range(r, 1, 9) : rng_range(r, 1, 20);
		c->cols = rng_chance(r, 85) ? rng_range(r, 1, 9) : rng_range(r, 1, 20);
		c->act_bits = rng_chance(r, 60) ? 8 : rng_range(r, 4, 8);
		c->wgt_bits = rng_chance(r, 60) ? 8 : rng_range(r, 4, 8);
		c->acc_bits = 32;
		c->rounding = (enum rounding)(rng_chance(r, 50) ? 0 : rng_range(r, 0, 2));
		c->zero_gating = rng_range(r, 0, 1);
		c->act_bytes = power(r, 13, 16);
		c->wgt_bytes = power(r, 10, 14);
		c->acc_depth = power(r, 4, 8);
		c->par_depth = power(r, 7, 9);
		c->bus_bits = rng_chance(r, 70) ? 64 : 128;
		c->lanes = 0;
		if (rng_chance(r, 30))
			for (c->lanes = rng_range(r, 1, c->cols); c->cols % c->lanes; c->lanes--)
				;
	} while (config_derive(c, &e));
}

static int run_layer(const struct config *c, struct rng *r, const char *library, const struct graph *g, const char *text, struct totals *t, char *err, size_t errsize)
{
	size_t in_bytes = (size_t)g->tensors[g->input].h * (size_t)g->tensors[g->input].w * (size_t)g->tensors[g->input].c;
	size_t out_bytes = (size_t)g->tensors[g->output].h * (size_t)g->tensors[g->output].w * (size_t)g->tensors[g->output].c, i;
	int8_t *in = malloc(in_bytes), *out = malloc(out_bytes), *expected = malloc(out_bytes);
	struct mem_options m = { rng_range(r, 1, 80), rng_chance(r, 50) ? 0.0 : rng_range(r, 1, 60) / 100.0, 1.0, rng_next(r) };
	struct session *s = calloc(1, sizeof *s);
	struct systole_counters n;
	struct program p;
	struct layout l;
	int status = -1;

	if (program_build(c, g, 40, &p, err, errsize)) {
		t->refused++; /* the reason is the compiler's: buffers too small for this layer */
		status = 0;
	} else if (in && out && expected && s) {
		random_input(r, g, in, in_bytes);
		status = graph_ref_run(g, c->rounding, in, expected, NULL);
		session_layout(&p, in_bytes, out_bytes, &l);
		if (status == 0)
			status = session_open(s, c, &m, l.bytes, library, COMPARE_REGISTERS, 0, 1, err, errsize);
		if (status == 0) {
			memcpy(s->mem.bytes + l.base[BASE_PROGRAM], p.image, p.image_bytes);
			status = session_infer(s, &l, in, in_bytes, out, out_bytes, &n, err, errsize);
		}
		for (i = 0; status == 0 && i < out_bytes; i++)
			if (out[i] != expected[i]) {
				snprintf(err, errsize, "output byte %zu is %d, the reference says %d", i, out[i], expected[i]);
				status = -1;
			}
		if (status == 0 && s->mem.violations) {
			snprintf(err, errsize, "AXI: %s", s->mem.violation);
			status = -1;
		}
		t->cycles += s->compared;
		t->registers += s->compared * (unsigned long long)s->regs.n;
		t->layers++;
		session_close(s);
		program_free(&p);
	}
	if (status)
		fprintf(stderr, "%s: %s\n", text, err);
	free(s);
	free(in);
	free(out);
	free(expected);
	return status;
}

static int run_config(int seed, int index, int twin, struct totals *t)
{
	struct rng r = { (uint64_t)seed * 1000003u + (uint64_t)index };
	enum dataflow flows[] = { DATAFLOW_OS, DATAFLOW_WS, DATAFLOW_RS };
	struct config c;
	struct sim_build b = { &c, "build/regress", 0, NULL, NULL };
	char library[512], err[700], text[300];
	double seconds;
	int i, status = 0;

	memset(&c, 0, sizeof c);
	random_config(&r, flows[index % REGRESS_DATAFLOWS], &c);
	if (!twin && simbuild_verilator(&b, library, sizeof library, &seconds, err, sizeof err)) {
		fprintf(stderr, "%s\n", err);
		return -1;
	}
	for (i = 0; i < LAYERS && status == 0; i++) {
		struct graph g;

		status = random_graph(&r, &c, &g, text, sizeof text);
		if (status == 0)
			status = run_layer(&c, &r, twin ? NULL : library, &g, text, t, err, sizeof err);
		graph_free(&g);
	}
	t->configs++;
	if (status)
		fprintf(stderr, "configuration: %d x %d, dataflow %d, act %d, wgt %d, gating %d, rounding %d, lanes %d, port %d, bus %d, act_buffer %d, wgt_buffer %d\n"
			"reproduce: make regress-only SEED=%d ONLY=%d\n", c.rows, c.cols, (int)c.dataflow, c.act_bits, c.wgt_bits, c.zero_gating, (int)c.rounding,
			c.lanes, c.act_port, c.bus_bits, c.act_bytes, c.wgt_bytes, seed, index);
	if (!twin && strrchr(library, '/')) {
		char command[600];

		snprintf(command, sizeof command, "rm -rf '%.*s'", (int)(strrchr(library, '/') - library), library);
		if (system(command))
			fprintf(stderr, "%s failed\n", command);
	}
	return status;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 10, seed = argc > 2 ? atoi(argv[2]) : 1, only = -1, twin = 0, i, failed = 0;
	struct totals t;

	memset(&t, 0, sizeof t);
	for (i = 3; i < argc; i++) {
		if (strcmp(argv[i], "--twin") == 0)
			twin = 1;
		else
			only = atoi(argv[i]);
	}
	for (i = 0; i < n; i++)
		if (only < 0 || i == only)
			failed += run_config(seed, i, twin, &t) != 0;
	printf("regress: %ld configurations, %ld layers (%ld refused), %llu lock-step cycles, %llu registers compared, %d failed\n", t.configs, t.layers, t.refused,
	       t.cycles, t.registers, failed);
	return failed ? 1 : 0;
}
