/* SPDX-License-Identifier: Apache-2.0 */
#include "run_chip.h"
#include "chip_session.h"
#include "run.h"
#include "simbuild.h"
#include "waveform.h"
#include <stdio.h>
#include <stdlib.h>

/* Everything of one run. */
struct chip_job {
	const struct config *c;
	const struct options *o;
	const struct chip_image *image;
	int count;
	const uint8_t *inputs;
	uint8_t *outputs;
};

/* From one count to another, NULL: nothing. Memory's words, those of the patch buffer, those of weights. */
static void count_traffic(const struct chip_counts *now, const struct chip_counts *before, uint64_t bytes[TRAFFIC_COUNT])
{
	static const struct chip_counts none;
	const struct chip_counts *b = before ? before : &none;

	bytes[TRAFFIC_MEM_READ] = (now->mem_read - b->mem_read) * 8;
	bytes[TRAFFIC_MEM_WRITE] = (now->mem_write - b->mem_write) * 8;
	bytes[TRAFFIC_ACT_READ] = bytes[TRAFFIC_WGT_READ] = (now->steps - b->steps) * CHIP_PRODUCTS;
	bytes[TRAFFIC_ACT_WRITE] = now->patch_write - b->patch_write;
	bytes[TRAFFIC_WGT_WRITE] = now->wgt_write - b->wgt_write;
}

static void fill_report(const struct chip_session *s, struct report *r)
{
	const struct chip_counts *before = NULL;
	int i;

	for (i = 0; i < s->nends && i < r->nlayers; i++) {
		const struct chip_counts *now = &s->ends[i];
		struct report_layer *l = &r->layers[i];

		l->cycles = now->cycles - (before ? before->cycles : 0);
		l->stalls[STALL_WEIGHTS] = now->fetch - (before ? before->fetch : 0);
		l->stalls[STALL_FILL] = now->fill - (before ? before->fill : 0);
		count_traffic(now, before, l->traffic);
		before = now;
	}
	count_traffic(&s->counts, NULL, r->traffic);
	r->sparse.macs_given = s->counts.steps * CHIP_PRODUCTS;
}

static int infer_all(const struct chip_job *j, struct chip_session *s, struct report *r, char *err, size_t errsize)
{
	struct chip_counts *ends = calloc((size_t)j->image->nlayers + 1, sizeof *ends);
	uint64_t cycles = 0;
	int i, status = -1;

	snprintf(err, errsize, "out of memory");
	if (ends)
		status = chip_session_load(s, j->image, err, errsize);
	for (i = 0; i < j->count && status == 0; i++) {
		status = chip_session_infer(s, j->image, j->inputs + (size_t)i * j->image->in_bytes, j->outputs + (size_t)i * j->image->out_bytes, &cycles, ends,
			err, errsize);
		if (status || i)
			continue;
		r->cycles = cycles;
		fill_report(s, r);
	}
	free(ends);
	return status;
}

static const char *const shown[] = { "clk", "busy", "tx", NULL };

/* Runs again up to the mismatch of s with a traced simulation and leaves its last cycles as a waveform. */
static void trace_mismatch(const struct chip_job *j, const struct chip_session_options *as, const struct chip_session *s)
{
	struct sim_build b = { .c = j->c, .build_dir = j->o->build_dir, .traced = 1 };
	struct chip_session_options so = *as;
	struct chip_session *again = calloc(1, sizeof *again);
	char library[512], fst[600], save[600], err[600];
	struct report r = { 0 };
	double seconds = 0;

	snprintf(fst, sizeof fst, "%s/%s-mismatch.fst", j->o->build_dir, s->name);
	snprintf(save, sizeof save, "%s/%s-mismatch.gtkw", j->o->build_dir, s->name);
	if (again && simbuild_verilator(&b, library, sizeof library, &seconds, err, sizeof err) == 0) {
		so.library = library;
		so.compare = COMPARE_NONE;
		if (chip_session_open(again, &so, err, sizeof err) == 0) {
			again->trace_path = fst;
			again->trace_from = s->mismatch_cycle > again->cycles + TRACE_CYCLES ? s->mismatch_cycle - TRACE_CYCLES : again->cycles;
			again->trace_to = s->mismatch_cycle + 8;
			infer_all(j, again, &r, err, sizeof err);
			if (waveform_save(save, fst, s->name, shown, s->mismatch_reg) == 0)
				fprintf(stderr, "waveform: gtkwave %s %s\n", fst, save);
		}
		chip_session_close(again);
	}
	free(again);
}

static int session_run(const struct chip_job *j, const struct chip_session_options *so, struct report *r, char *err, size_t errsize)
{
	struct chip_session *s = calloc(1, sizeof *s);
	double begin = wall_seconds();
	int status = EXIT_INPUT;

	if (!s) {
		snprintf(err, errsize, "out of memory");
		return status;
	}
	if (chip_session_open(s, so, err, errsize) == 0) {
		status = infer_all(j, s, r, err, errsize) ? EXIT_MISMATCH : 0;
		r->run_seconds = wall_seconds() - begin;
		r->sim_cycles = s->cycles;
		r->lockstep.cycles = s->compare == COMPARE_REGISTERS ? s->compared : 0;
		r->lockstep.registers = s->compare == COMPARE_REGISTERS ? s->regs.n : 0;
		r->lockstep.mismatches = s->mismatches;
		if (s->mismatches) {
			if (s->nends < s->nlayers && s->counts.cycles)
				fprintf(stderr, "layer: op %d %s\n", r->layers[s->nends].index, r->layers[s->nends].op);
			fprintf(stderr, "reproduce: %s\n", j->o->line ? j->o->line : "systole run");
			trace_mismatch(j, so, s);
		}
	}
	chip_session_close(s);
	free(s);
	return status;
}

int run_chip(const struct config *c, const struct options *o, const struct chip_image *i, int count, const int8_t *inputs, int8_t *outputs,
	struct report *r, char *err, size_t errsize)
{
	const struct chip_job j = { c, o, i, count, (const uint8_t *)inputs, (uint8_t *)outputs };
	const struct sim_build b = { .c = c, .build_dir = o->build_dir };
	struct chip_session_options so = { .c = c, .seed = (uint32_t)o->reset_seed };
	char library[512];

	if (o->engine == ENGINE_ICARUS) {
		snprintf(err, errsize, "%s: bus is on_chip: engines are verilator, twin and ref", c->name);
		return EXIT_INPUT;
	}
	so.reset_mode = o->reset_seed_given ? 2 : 0;
	so.compare = o->no_compare ? COMPARE_NONE : o->reset_seed_given ? COMPARE_VISIBLE : COMPARE_REGISTERS;
	if (o->engine == ENGINE_VERILATOR) {
		if (simbuild_verilator(&b, library, sizeof library, &r->build_seconds, err, errsize))
			return EXIT_INPUT;
		so.library = library;
	}
	return session_run(&j, &so, r, err, errsize);
}
