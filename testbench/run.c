/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"
#include "compiler/chip.h"
#include "compiler/config_file.h"
#include "compiler/graph_ref.h"
#include "compiler/program.h"
#include "compiler/report.h"
#include "compiler/tflite.h"
#include "energy_source.h"
#include "inputs.h"
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

/* Everything of one run. */
struct job {
	const struct options *o;
	struct config c;
	struct mem_options mem;
	struct graph g;
	struct program p;
	struct chip_image image; /* bus on_chip: instead of p, which has device_out and host_op only */
	struct report r;
	struct energy_table energy;
	int8_t *inputs, *expected, *got; /* owned: [count][bytes] */
	size_t in_bytes, out_bytes, dev_bytes;
	int count, status, right; /* right: inputs whose label was found, -1 without labels */
	char err[600];
};

static int bad(struct job *j, int status)
{
	fprintf(stderr, "%s\n", j->err);
	j->status = status;
	return -1;
}

static int read_config(struct job *j)
{
	struct config_error e;

	if (!j->o->config) {
		config_init(&j->c);
		j->c.rounding = j->o->rounding_given ? j->o->rounding : ROUNDING_TFLITE;
		return 0;
	}
	if (config_read(j->o->config, &j->c, &j->mem, &e)) {
		config_error_format(&e, j->o->config, j->err, sizeof j->err);
		return bad(j, EXIT_INPUT);
	}
	if (energy_read(j->o->energy, &j->energy, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
	if (j->o->rounding_given)
		j->c.rounding = j->o->rounding;
	options_memory(j->o, &j->mem);
	return 0;
}

static int read_model(struct job *j)
{
	if (tflite_read(j->o->model, &j->g, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
	j->in_bytes = tensor_bytes(&j->g.tensors[j->g.input]);
	j->out_bytes = tensor_bytes(&j->g.tensors[j->g.output]);
	if (!j->g.tensors[j->g.input].wide || j->c.rounding != ROUNDING_ONNX)
		return 0;
	snprintf(j->err, sizeof j->err, "%s: its activations are int16, which rounding mode onnx does not have", j->g.name);
	return bad(j, EXIT_INPUT);
}

static int build_program(struct job *j)
{
	if (program_build(&j->c, &j->g, j->mem.latency, j->o->keep_dead, &j->p, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
	j->dev_bytes = tensor_bytes(&j->g.tensors[j->p.device_out]);
	return 0;
}

static int build_image(struct job *j)
{
	if (chip_build(&j->c, &j->g, &j->image, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
	j->p.estimate = j->image.nlayers ? j->image.layers[j->image.nlayers - 1].cycles : 0;
	j->p.device_out = j->image.device_out;
	j->p.host_op = j->image.host_op;
	j->dev_bytes = j->image.out_bytes;
	return 0;
}

static int read_inputs(struct job *j)
{
	j->count = j->o->count;
	if (inputs_read(j->o->input, j->in_bytes, j->g.tensors[j->g.input].wide, j->o->seed, &j->count, &j->inputs, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
	j->expected = malloc((size_t)j->count * j->out_bytes + 1);
	j->got = malloc((size_t)j->count * j->out_bytes + 1);
	if (!j->expected || !j->got) {
		snprintf(j->err, sizeof j->err, "out of memory");
		return bad(j, EXIT_INPUT);
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
	return bad(j, EXIT_INPUT);
}

static int dump(struct job *j, int8_t **all)
{
	char path[600];
	int i;

	if (mkdir(j->o->dump, 0777) && errno != EEXIST) {
		snprintf(j->err, sizeof j->err, "%s: %s", j->o->dump, strerror(errno));
		return bad(j, EXIT_INPUT);
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
		return bad(j, EXIT_INPUT);
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

static void describe(const struct graph *g, const struct op *o, struct report_layer *d)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];

	d->index = o->index;
	d->op = op_kind_name(o->kind);
	d->macs = op_macs(g, o);
	if (o->kind == OP_ADD)
		snprintf(d->shape, sizeof d->shape, "%dx%dx%d", out->h, out->w, out->c);
	else
		snprintf(d->shape, sizeof d->shape, "%dx%dx%d -> %dx%dx%d k%dx%d s%d", in->h, in->w, in->c, out->h, out->w, out->c, o->kh, o->kw, o->sh);
}

static const char *layer_name(const struct graph *g, const struct layer *l)
{
	static const char *const fused_add[] = { "CONV_2D + ADD", "DEPTHWISE_CONV_2D + ADD", "FULLY_CONNECTED + ADD" };
	static const char *const fused_gap[] = { "CONV_2D + AVERAGE_POOL_2D", "DEPTHWISE_CONV_2D + AVERAGE_POOL_2D", "FULLY_CONNECTED + AVERAGE_POOL_2D" };
	int kind = (int)g->ops[l->op].kind;

	if (l->add >= 0)
		return fused_add[kind];
	if (l->gap >= 0)
		return fused_gap[kind];
	return op_kind_name(g->ops[l->op].kind);
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

static int make_layers(struct job *j)
{
	int i, n = j->p.nlayers + j->image.nlayers; /* one of them has some */

	j->r.layers = calloc((size_t)n + 1, sizeof *j->r.layers);
	if (!j->r.layers)
		return -1;
	for (i = 0; i < j->p.nlayers; i++) {
		const struct layer *l = &j->p.layers[i];

		describe(&j->g, &j->g.ops[l->op], &j->r.layers[i]);
		j->r.layers[i].op = layer_name(&j->g, l);
		j->r.layers[i].macs = l->macs;
		j->r.layers[i].estimate = l->estimate;
	}
	for (i = 0; i < j->image.nlayers; i++) {
		const struct chip_layer *l = &j->image.layers[i];

		describe(&j->g, &j->g.ops[l->op], &j->r.layers[i]);
		j->r.layers[i].estimate = l->cycles - (i ? l[-1].cycles : 0);
	}
	if (j->p.host_op >= 0) {
		const struct op *o = &j->g.ops[j->p.host_op];

		j->r.layers[n].index = o->index;
		j->r.layers[n].op = op_kind_name(o->kind);
		j->r.layers[n].host = 1;
		snprintf(j->r.layers[n].shape, sizeof j->r.layers[n].shape, "%d", j->g.tensors[o->out].c);
		n++;
	}
	j->r.nlayers = n;
	return 0;
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
	return status ? bad(j, EXIT_MISMATCH) : 0;
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
			fprintf(stderr, "layer: op %d %s\n", j->g.ops[j->p.layers[i].op].index, layer_name(&j->g, &j->p.layers[i]));
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
		bad(j, EXIT_INPUT);
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
		return bad(j, EXIT_INPUT);
	if (engine && (j->o->engine == ENGINE_ICARUS ? simbuild_icarus : simbuild_verilator)(&b, library, sizeof library, &j->r.build_seconds, j->err, sizeof j->err))
		return bad(j, EXIT_INPUT);
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
		return bad(j, status);
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
	return bad(j, EXIT_MISMATCH);
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
	return bad(j, EXIT_INPUT);
}

static int finish(struct job *j)
{
	const int8_t *out = j->o->engine == ENGINE_REF ? j->expected : j->got;

	if (j->o->output && write_bytes(j, j->o->output, out, (size_t)j->count * j->out_bytes))
		return -1;
	if (j->o->json && report_write_json(&j->r, j->o->json)) {
		snprintf(j->err, sizeof j->err, "%s: %s", j->o->json, strerror(errno));
		return bad(j, EXIT_INPUT);
	}
	return 0;
}

static void start_report(struct job *j)
{
	int i;

	j->r.config = j->o->config ? &j->c : NULL;
	j->r.model = j->g.name;
	j->r.ops = j->g.nops;
	j->r.engine = engine_name(j->o->engine);
	j->r.inputs = j->count;
	j->r.seed = j->o->seed;
	j->r.estimate = (uint64_t)j->p.estimate;
	j->r.sparse.dropped_channels = (uint64_t)j->p.sparse.channels;
	j->r.sparse.macs_skipped = (uint64_t)j->p.sparse.macs;
	j->r.sparse.bytes_saved = (uint64_t)(j->p.sparse.bytes > 0 ? j->p.sparse.bytes : 0);
	j->r.sparse.cycles_saved = j->p.sparse.cycles;
	for (i = 0; i < j->g.nops; i++)
		j->r.macs += op_macs(&j->g, &j->g.ops[i]);
}

static void run_job(struct job *j)
{
	int chip;

	if (read_config(j) || read_model(j))
		return;
	chip = j->c.bus == BUS_ON_CHIP;
	if (j->o->config && (chip ? build_image : build_program)(j))
		return;
	if (j->o->config && j->o->dir) {
		if (emit_package(&j->c, j->o->dir, "systole gen", j->err, sizeof j->err)) {
			bad(j, EXIT_INPUT);
			return;
		}
	}
	if (read_inputs(j) || run_reference(j))
		return;
	start_report(j);
	if (j->o->engine != ENGINE_REF) {
		if (make_layers(j) || (chip ? simulate_chip : simulate)(j))
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

static void free_job(struct job *j)
{
	graph_free(&j->g);
	program_free(&j->p);
	chip_free(&j->image);
	free(j->r.layers);
	free(j->inputs);
	free(j->expected);
	free(j->got);
}

int run_command(const struct options *o)
{
	struct job j;

	memset(&j, 0, sizeof j);
	j.o = o;
	mem_options_init(&j.mem);
	run_job(&j);
	free_job(&j);
	return j.status;
}

int gen_command(const struct options *o)
{
	struct job j;
	char command[700];

	memset(&j, 0, sizeof j);
	j.o = o;
	mem_options_init(&j.mem);
	if (read_config(&j))
		return j.status;
	snprintf(command, sizeof command, "systole gen %s", o->config);
	if (emit_package(&j.c, o->dir, command, j.err, sizeof j.err))
		bad(&j, EXIT_INPUT);
	return j.status;
}

static void print_config(const struct config *c)
{
	printf("%s: %s, %d x %d = %d PEs\n", c->name, dataflow_name(c->dataflow), c->rows, c->cols, c->rows * c->cols);
	printf("  activations %d bits, weights %d bits, PE operand %d bits, sums %d bits, rounding %s, sparsity %s\n", c->act_bits, c->wgt_bits, c->x_bits,
	       c->acc_bits, rounding_name(c->rounding), sparsity_name(c->sparsity));
	if (c->bus == BUS_ON_CHIP) {
		printf("  memory %d bytes %s; patch buffer %d bytes; weights %d bytes; a post-processing lane\n", CHIP_BYTES,
		       c->target == TARGET_ICE40 ? "outside" : "on the chip", CHIP_PATCH_BYTES, CHIP_WGT_BYTES);
		return;
	}
	printf("  activation buffer %d bytes, port %d; weight buffer %d bytes (%d words of %d weights); parameters of %d channels\n", c->act_bytes, c->act_port,
	       c->wgt_bytes, c->wgt_depth, c->cols, c->par_rows * c->lanes);
	printf("  collector %d vectors, %d post-processing lanes, memory bus %d bits\n", c->col_depth, c->lanes, c->bus_bits);
}

static void print_plan(const struct job *j)
{
	char runs[32];
	int i;

	printf("%-4s %-26s %-40s %12s %10s %6s  %s\n", "op", "operator", "shape", "MACs", "cycles", "util", "mapping");
	for (i = 0; i < j->p.nlayers + j->image.nlayers; i++) {
		const struct report_layer *l = &j->r.layers[i];
		const struct chip_layer *c = j->image.layers;

		if (c)
			snprintf(runs, sizeof runs, "runs %d to %d", i ? c[i - 1].runs : 0, c[i].runs - 1);
		printf("%-4d %-26s %-40s %12lld %10lld %5.1f%%  %s\n", l->index, l->op, l->shape, (long long)l->macs, (long long)l->estimate,
		       100.0 * report_utilization(&j->c, l->macs, (uint64_t)l->estimate), c ? runs : j->p.layers[i].mapping);
	}
	printf("total %lld MACs, %lld cycles, utilization %.1f %%; ", (long long)j->r.macs, (long long)j->p.estimate,
	       100.0 * report_utilization(&j->c, j->r.macs, (uint64_t)j->p.estimate));
	if (j->image.nlayers)
		printf("program %u bytes\n", j->image.bytes);
	else
		printf("program %zu bytes, %d commands, scratch %zu bytes\n", j->p.image_bytes, j->p.commands, j->p.scratch_bytes);
	if (j->p.sparse.channels)
		printf("dropped %d channels that cannot influence the result: %lld MACs, %lld bytes of memory traffic, %lld cycles\n",
		       j->p.sparse.channels, (long long)j->p.sparse.macs, (long long)j->p.sparse.bytes, (long long)j->p.sparse.cycles);
	else if (j->p.sparse.macs)
		printf("left out by the pattern: %lld MACs, %lld bytes of memory traffic, %lld cycles\n", (long long)j->p.sparse.macs,
		       (long long)j->p.sparse.bytes, (long long)j->p.sparse.cycles);
}

int explain_command(const struct options *o)
{
	struct job j;

	memset(&j, 0, sizeof j);
	j.o = o;
	mem_options_init(&j.mem);
	if (read_config(&j) == 0 && !o->model) {
		print_config(&j.c);
	} else if (j.status == 0 && read_model(&j) == 0 && (j.c.bus == BUS_ON_CHIP ? build_image : build_program)(&j) == 0 && make_layers(&j) == 0) {
		start_report(&j);
		print_config(&j.c);
		print_plan(&j);
	}
	free_job(&j);
	return j.status;
}

/* The file is whole or not there. */
static int write_image(struct job *j)
{
	struct chip_image i;
	char part[700];
	FILE *f;
	int failed;

	if (chip_build(&j->c, &j->g, &i, j->err, sizeof j->err))
		return -1;
	snprintf(part, sizeof part, "%s.part", j->o->dir);
	f = fopen(part, "wb");
	failed = !f || chip_write(&i, f);
	if (f && fclose(f))
		failed = 1;
	chip_free(&i);
	if (failed || rename(part, j->o->dir)) {
		snprintf(j->err, sizeof j->err, "%s: cannot be written", j->o->dir);
		remove(part);
		return -1;
	}
	printf("%s: program %u bytes at 0x%05x, input %u bytes at 0x%05x, output %u bytes at 0x%05x\n", j->o->dir, i.bytes, i.base, i.in_bytes, i.in,
	       i.out_bytes, i.out);
	return 0;
}

int image_command(const struct options *o)
{
	struct job j;

	memset(&j, 0, sizeof j);
	j.o = o;
	mem_options_init(&j.mem);
	if (read_config(&j) == 0 && read_model(&j) == 0 && write_image(&j))
		bad(&j, EXIT_INPUT);
	free_job(&j);
	return j.status;
}
