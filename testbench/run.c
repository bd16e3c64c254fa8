/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"
#include "compiler/graph_ref.h"
#include "inputs.h"
#include "job.h"
#include "rtl_gen/emit_package.h"
#include "run_chip.h"
#include "session.h"
#include "simbuild.h"
#include "waveform.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_inputs(struct job *j)
{
	j->count = j->o->count;
	if (inputs_read(j->o->input, j->in_bytes, j->g.tensors[j->g.input].wide, j->o->seed, &j->count, &j->inputs, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	j->expected = malloc((size_t)j->count * j->out_bytes + 1);
	j->got = malloc((size_t)j->count * j->out_bytes + 1);
	if (!j->expected || !j->got) {
		snprintf(j->err, sizeof j->err, "out of memory");
		return job_fail(j, EXIT_INPUT);
	}
	return 0;
}

static int write_bytes(struct job *j, const char *path, const void *data, size_t n)
{
	FILE *f = fopen(path, "wb");
	int failed = !f || fwrite(data, 1, n, f) != n;

	if (f && fclose(f))
		failed = 1;
	if (!failed)
		return 0;
	snprintf(j->err, sizeof j->err, "%s: %s", path, strerror(errno ? errno : EIO));
	return job_fail(j, EXIT_INPUT);
}

static int dump(struct job *j, int8_t **all)
{
	char path[600];
	int i;

	if (mkdir(j->o->dump, 0777) && errno != EEXIST) {
		snprintf(j->err, sizeof j->err, "%s: %s", j->o->dump, strerror(errno));
		return job_fail(j, EXIT_INPUT);
	}
	for (i = 0; i < j->g.nops; i++) {
		int t = j->g.ops[i].out;

		snprintf(path, sizeof path, "%s/op%02d.bin", j->o->dump, j->g.ops[i].index);
		if (write_bytes(j, path, all[t], tensor_bytes(&j->g.tensors[t])))
			return -1;
	}
	return 0;
}

static int run_reference(struct job *j)
{
	int8_t **all = calloc((size_t)j->g.ntensors, sizeof *all);
	int i, status = all ? 0 : -1;

	for (i = 0; i < j->g.ntensors && status == 0; i++) {
		all[i] = malloc(tensor_bytes(&j->g.tensors[i]) + 1);
		status = all[i] ? 0 : -1;
	}
	for (i = 0; i < j->count && status == 0; i++) {
		status = graph_ref_run(&j->g, j->c.rounding, j->inputs + (size_t)i * j->in_bytes, j->expected + (size_t)i * j->out_bytes, all);
		if (status == 0 && i == 0 && j->o->dump && dump(j, all))
			break;
	}
	for (i = 0; all && i < j->g.ntensors; i++)
		free(all[i]);
	free(all);
	if (status) {
		snprintf(j->err, sizeof j->err, "%s: the reference fails: out of memory, or a sum that does not fit", j->g.name);
		return job_fail(j, EXIT_INPUT);
	}
	return j->status ? -1 : 0;
}

/* The host's share: SOFTMAX on what the device wrote. */
static int host_finish(struct job *j, const int8_t *device, int8_t *out)
{
	const struct op *o;

	if (j->p.host_op < 0) {
		memcpy(out, device, j->out_bytes);
		return 0;
	}
	o = &j->g.ops[j->p.host_op];
	return graph_ref_op(&j->g, o, j->c.rounding, device, NULL, out);
}

static void count_traffic(const struct config *c, const struct csr *now, const struct csr *before, uint64_t bytes[TRAFFIC_COUNT])
{
	uint64_t counts[TRAFFIC_COUNT];

#define D(name, field) counts[TRAFFIC_##name] = now->field - (before ? before->field : 0);
	D(MEM_READ, mem_read) D(MEM_WRITE, mem_write) D(ACT_READ, act_read) D(ACT_WRITE, act_write)
	D(WGT_READ, wgt_read) D(WGT_WRITE, wgt_write) D(ACC_READ, acc_read) D(ACC_WRITE, acc_write)
#undef D
	report_bytes(c, counts, bytes);
}

static void layer_counts(struct job *j, const struct session *s, struct report_layer *layers)
{
	const struct csr *before = NULL;
	int i;

	for (i = 0; i < j->p.nlayers; i++) {
		int last = j->p.layers[i].first_post + j->p.layers[i].posts - 1;
		const struct csr *now;

		if (last < 0 || last >= s->check.nmilestones)
			return;
		now = &s->check.milestones[last].counters;
#define D(field) (now->field - (before ? before->field : 0))
		layers[i].cycles = D(cycles);
		layers[i].stalls[STALL_WEIGHTS] = D(stall_wgt);
		layers[i].stalls[STALL_INPUT] = D(stall_in);
		layers[i].stalls[STALL_OUTPUT] = D(stall_out);
		layers[i].stalls[STALL_FILL] = D(stall_fill);
		layers[i].stalls[STALL_IDLE] = D(idle);
#undef D
		count_traffic(&j->c, now, before, layers[i].traffic);
		before = now;
	}
}

static void total_counts(struct job *j, const struct systole_counters *n)
{
	struct csr now;

	memset(&now, 0, sizeof now);
#define D(name, field, offset, bits, doc) now.field = n->field;
	CSR_COUNTERS(D)
#undef D
	count_traffic(&j->c, &now, NULL, j->r.traffic);
	j->r.sparse.macs_gated = n->pe_gated;
	j->r.sparse.macs_given = n->pe_useful;
	if (j->c.sparsity == SPARSITY_SKIP && j->r.macs > (int64_t)n->pe_useful)
		j->r.sparse.macs_skipped = (uint64_t)j->r.macs - n->pe_useful;
	j->r.cycles = n->cycles;
	report_energy(&j->r, &j->energy);
}

static void progress(const struct job *j, int done, double begin)
{
	double spent = wall_seconds() - begin;

	if (!isatty(STDERR_FILENO) || getenv("NO_COLOR"))
		return;
	fprintf(stderr, "\r%d of %d inputs, %.0f s left \033[K%s", done, j->count, done ? spent / done * (j->count - done) : 0.0, done == j->count ? "\r\033[K" : "");
}

static int infer_all(struct job *j, struct session *s, const struct layout *l)
{
	int8_t *device = malloc(j->dev_bytes + 1);
	struct systole_counters n;
	double begin = wall_seconds();
	int i, status = device ? 0 : -1;

	for (i = 0; i < j->count && status == 0; i++) {
		status = session_infer(s, l, j->inputs + (size_t)i * j->in_bytes, j->in_bytes, device, j->dev_bytes, &n, j->err, sizeof j->err);
		if (status)
			break;
		if (host_finish(j, device, j->got + (size_t)i * j->out_bytes))
			status = -1;
		if (i == 0) {
			total_counts(j, &n);
			layer_counts(j, s, j->r.layers);
		}
		progress(j, i + 1, begin);
	}
	free(device);
	j->r.run_seconds = wall_seconds() - begin;
	j->r.sim_cycles = s->cycles;
	j->r.lockstep.cycles = s->check.compare == COMPARE_REGISTERS ? s->check.compared : 0;
	j->r.lockstep.registers = s->check.compare == COMPARE_REGISTERS ? s->check.regs.n : 0;
	j->r.lockstep.mismatches = s->check.mismatches;
	return status ? job_fail(j, EXIT_MISMATCH) : 0;
}

static const char *const shown[] = { "aclk", "u_feed.tok_o[21:0]", NULL };

/* Runs again up to a mismatch with a traced simulation and leaves its last cycles as a waveform. */
static void trace_mismatch(struct job *j, const struct layout *l, uint64_t cycle, const struct reg *r)
{
	struct sim_build b = { .c = &j->c, .build_dir = j->o->build_dir, .traced = 1 };
	struct session_options so = { .c = &j->c, .mem = &j->mem, .memory_bytes = l->bytes, .compare = COMPARE_NONE };
	struct session *s = calloc(1, sizeof *s);
	char library[512], fst[600], save[600], err[600];
	struct systole_counters n;
	int8_t *device = malloc(j->dev_bytes + 1);
	double seconds = 0;
	int i;

	snprintf(fst, sizeof fst, "%s/%s-mismatch.fst", j->o->build_dir, j->c.name);
	snprintf(save, sizeof save, "%s/%s-mismatch.gtkw", j->o->build_dir, j->c.name);
	if (s && device && simbuild_verilator(&b, library, sizeof library, &seconds, err, sizeof err) == 0 &&
	    (so.library = library) && session_open(s, &so, err, sizeof err) == 0) {
		memcpy(s->mem.bytes + l->base[BASE_PROGRAM], j->p.image, j->p.image_bytes);
		s->trace_path = fst;
		s->trace_from = cycle > TRACE_CYCLES ? cycle - TRACE_CYCLES : s->cycles;
		s->trace_to = cycle + 8;
		for (i = 0; i < j->count; i++)
			if (session_infer(s, l, j->inputs + (size_t)i * j->in_bytes, j->in_bytes, device, j->dev_bytes, &n, err, sizeof err))
				break;
		if (waveform_save(save, fst, j->c.name, shown, r) == 0)
			fprintf(stderr, "waveform: gtkwave %s %s\n", fst, save);
	}
	if (s)
		session_close(s);
	free(s);
	free(device);
}

static void explain_mismatch(struct job *j, const struct session *s, const struct layout *l)
{
	int post = s->check.posts_seen, i;

	for (i = 0; i < j->p.nlayers; i++)
		if (post >= j->p.layers[i].first_post && post < j->p.layers[i].first_post + j->p.layers[i].posts)
			fprintf(stderr, "layer: op %d %s\n", j->g.ops[j->p.layers[i].op].index, job_layer_name(&j->g, &j->p.layers[i]));
	fprintf(stderr, "seed %llu; reproduce: %s\n", (unsigned long long)j->o->seed, j->o->line ? j->o->line : "systole run");
	if (s->check.mismatch_reg && j->o->engine == ENGINE_VERILATOR)
		trace_mismatch(j, l, s->check.mismatch_cycle, s->check.mismatch_reg);
}

/* One simulation of all inputs. Returns its status; *differed: it ended at a mismatch. */
static int session_run(struct job *j, const struct session_options *so, const struct layout *l, int *differed)
{
	struct session *s = calloc(1, sizeof *s);
	int status = -1;

	*differed = 0;
	if (!s || session_open(s, so, j->err, sizeof j->err)) {
		job_fail(j, EXIT_INPUT);
	} else {
		memcpy(s->mem.bytes + l->base[BASE_PROGRAM], j->p.image, j->p.image_bytes);
		status = infer_all(j, s, l);
		*differed = s->check.mismatches != 0;
		if (*differed && !so->behind)
			explain_mismatch(j, s, l);
	}
	if (s)
		session_close(s);
	free(s);
	return status;
}

/* A mismatch found behind the simulation has a cycle but no register yet: the run is repeated in step. */
static int open_and_infer(struct job *j, const char *library, const char *twin_library)
{
	struct layout l;
	struct session_options so = { .c = &j->c, .mem = &j->mem, .library = library, .twin_library = twin_library, .seed = (uint32_t)j->o->reset_seed };
	int status, differed;

	so.reset_mode = j->o->reset_seed_given ? 2 : 0;
	so.compare = j->o->no_compare ? COMPARE_NONE : j->o->reset_seed_given ? COMPARE_VISIBLE : COMPARE_REGISTERS;
	so.behind = so.compare == COMPARE_REGISTERS && j->o->engine == ENGINE_VERILATOR && sysconf(_SC_NPROCESSORS_ONLN) > 1;
	session_layout(&j->p, j->in_bytes, j->dev_bytes, &l);
	so.memory_bytes = l.bytes;
	status = session_run(j, &so, &l, &differed);
	if (!differed || !so.behind)
		return status;
	so.behind = 0;
	return session_run(j, &so, &l, &differed);
}

static int simulate(struct job *j)
{
	struct sim_build b = { .c = &j->c, .build_dir = j->o->build_dir };
	char library[512], twin[512];
	const char *engine = j->o->engine == ENGINE_TWIN ? NULL : library;

	if (simbuild_twin(&b, twin, sizeof twin, &j->r.build_seconds, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	if (engine && (j->o->engine == ENGINE_ICARUS ? simbuild_icarus : simbuild_verilator)(&b, library, sizeof library, &j->r.build_seconds, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	return open_and_infer(j, engine, twin);
}

static int simulate_chip(struct job *j)
{
	int8_t *device = malloc((size_t)j->count * j->dev_bytes + 1);
	int i, status = EXIT_INPUT;

	snprintf(j->err, sizeof j->err, "out of memory");
	if (device)
		status = run_chip(&j->c, j->o, &j->image, j->count, j->inputs, device, &j->r, j->err, sizeof j->err);
	for (i = 0; i < j->count && status == 0; i++)
		if (host_finish(j, device + (size_t)i * j->dev_bytes, j->got + (size_t)i * j->out_bytes))
			status = EXIT_INPUT;
	free(device);
	if (status)
		return job_fail(j, status);
	if (j->r.sparse.macs_given)
		report_energy(&j->r, &j->energy);
	return 0;
}

static int compare_outputs(struct job *j)
{
	size_t i, n = (size_t)j->count * j->out_bytes;

	j->r.output.bytes = n;
	for (i = 0; i < n; i++)
		j->r.output.mismatches += j->got[i] != j->expected[i];
	if (j->r.output.mismatches == 0)
		return 0;
	for (i = 0; j->got[i] == j->expected[i]; i++)
		;
	snprintf(j->err, sizeof j->err, "%s: output byte %zu of input %zu is %d, the reference says %d (%llu bytes differ)", j->g.name, i % j->out_bytes,
		 i / j->out_bytes, j->got[i], j->expected[i], (unsigned long long)j->r.output.mismatches);
	return job_fail(j, EXIT_MISMATCH);
}

static int value_at(const struct job *j, const int8_t *out, size_t k)
{
	int16_t v;

	if (!j->g.tensors[j->g.output].wide)
		return out[k];
	memcpy(&v, out + 2 * k, sizeof v);
	return v;
}

/* --labels: how often the largest output is the label's. */
static int count_labels(struct job *j)
{
	const int8_t *out = j->o->engine == ENGINE_REF ? j->expected : j->got;
	FILE *f = j->o->labels ? fopen(j->o->labels, "rb") : NULL;
	size_t k, n = j->g.tensors[j->g.output].wide ? j->out_bytes / 2 : j->out_bytes;
	int i, label, best;

	j->right = -1;
	if (!j->o->labels)
		return 0;
	for (i = 0, j->right = 0; f && i < j->count && (label = getc(f)) != EOF; i++, out += j->out_bytes) {
		for (best = 0, k = 1; k < n; k++)
			best = value_at(j, out, k) > value_at(j, out, (size_t)best) ? (int)k : best;
		j->right += best == label;
	}
	if (f)
		fclose(f);
	if (f && i == j->count)
		return 0;
	snprintf(j->err, sizeof j->err, "%s: %s", j->o->labels, f ? "fewer labels than inputs" : strerror(errno));
	return job_fail(j, EXIT_INPUT);
}

static int finish(struct job *j)
{
	const int8_t *out = j->o->engine == ENGINE_REF ? j->expected : j->got;

	if (j->o->output && write_bytes(j, j->o->output, out, (size_t)j->count * j->out_bytes))
		return -1;
	if (j->o->json && report_write_json(&j->r, j->o->json)) {
		snprintf(j->err, sizeof j->err, "%s: %s", j->o->json, strerror(errno));
		return job_fail(j, EXIT_INPUT);
	}
	return 0;
}

static void run_job(struct job *j)
{
	if (job_config(j) || job_model(j))
		return;
	if (j->o->config && job_map(j))
		return;
	if (j->o->config && j->o->dir) {
		if (emit_package(&j->c, j->o->dir, "systole gen", j->err, sizeof j->err)) {
			job_fail(j, EXIT_INPUT);
			return;
		}
	}
	if (read_inputs(j) || run_reference(j))
		return;
	job_report(j);
	if (j->o->engine != ENGINE_REF) {
		if (job_layers(j) || (j->c.bus == BUS_ON_CHIP ? simulate_chip : simulate)(j))
			return;
		if (compare_outputs(j))
			finish(j);
	}
	if (j->status || finish(j) || count_labels(j))
		return;
	report_print(&j->r, stdout, report_colour(stdout));
	if (j->right >= 0)
		printf("accuracy  %d of %d inputs have their label as the largest output (%.1f %%)\n", j->right, j->count, 100.0 * j->right / j->count);
	if (j->o->engine != ENGINE_REF)
		printf("verdict   PASS: every output byte equals the reference%s\n", j->r.lockstep.registers ? ", every register its twin in every cycle" : "");
}

int run_command(const struct options *o)
{
	struct job j;

	job_init(&j, o);
	run_job(&j);
	job_free(&j);
	return j.status;
}
