/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include "config_file.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REPORT_KEY(name, key) key,
static const char *const traffic_keys[] = { REPORT_TRAFFIC(REPORT_KEY) };
static const char *const stall_keys[] = { REPORT_STALLS(REPORT_KEY) };

void report_bytes(const struct config *c, const uint64_t counts[TRAFFIC_COUNT], uint64_t bytes[TRAFFIC_COUNT])
{
	const int bits[] = { c->bus_bits, c->act_port * c->act_bits, c->cols * c->wgt_bits, c->cols * c->acc_bits };

	for (int i = 0; i < TRAFFIC_COUNT; i++)
		bytes[i] = counts[i] * (uint64_t)bits[i / 2] / 8;
}

void report_energy(struct report *r, const struct energy_table *t)
{
	const uint64_t *n = r->traffic;
	const struct energy_accesses a = {
		.given = r->sparse.macs_given, .gated = r->sparse.macs_gated,
		.act = n[TRAFFIC_ACT_READ] + n[TRAFFIC_ACT_WRITE], .wgt = n[TRAFFIC_WGT_READ] + n[TRAFFIC_WGT_WRITE],
		.acc = n[TRAFFIC_ACC_READ] + n[TRAFFIC_ACC_WRITE], .mem = n[TRAFFIC_MEM_READ] + n[TRAFFIC_MEM_WRITE],
		.act_read = n[TRAFFIC_ACT_READ], .wgt_read = n[TRAFFIC_WGT_READ], .acc_write = n[TRAFFIC_ACC_WRITE],
	};

	r->table = t;
	energy_model(r->config, t, &a, r->energy);
}

double report_utilization(const struct config *c, int64_t macs, uint64_t cycles)
{
	return c && cycles ? (double)macs / ((double)(c->rows * c->cols) * (double)cycles) : 0;
}

int report_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return !(no && *no) && isatty(fileno(out));
}

static double rate(const struct report *r)
{
	return r->run_seconds > 0 ? (double)r->sim_cycles / r->run_seconds : 0;
}

/* Names come from files: bytes that are no UTF-8 become '?'. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s ? s : "");
	char *copy;

	if (j || !(copy = strdup(s)))
		return j;
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	j = json_string(copy);
	free(copy);
	return j;
}

static json_t *whole(uint64_t v) { return json_integer((json_int_t)v); }

/* Steals v; -1 when either is missing. */
static int put(json_t *o, const char *key, json_t *v) { return json_object_set_new(o, key, v); }

static json_t *numbers(const char *const *keys, const uint64_t *values, int n)
{
	json_t *o = json_object();
	int bad = 0;

	for (int i = 0; i < n; i++)
		bad |= put(o, keys[i], whole(values[i]));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* Widths of weights that layers may have. */
static json_t *json_widths(const struct config *c)
{
	json_t *a = json_array();
	int w, bad = 0;

	if (c->sub == 1)
		bad |= json_array_append_new(a, json_integer(c->wgt_bits));
	for (w = 8; w > 1 && c->sub > 1; w /= 2)
		if (c->precision & w)
			bad |= json_array_append_new(a, json_integer(w));
	if (!bad)
		return a;
	json_decref(a);
	return NULL;
}

static json_t *json_design(const struct config *c)
{
	json_t *o = json_object();
	int bad = 0;

	if (!c)
		return o;
	bad |= put(o, "name", text(c->name));
	bad |= put(o, "dataflow", text(dataflow_name(c->dataflow)));
	bad |= put(o, "rows", json_integer(c->rows));
	bad |= put(o, "cols", json_integer(c->cols));
	bad |= put(o, "act_bits", json_integer(c->act_bits));
	bad |= put(o, "wgt_bits", json_integer(c->wgt_bits));
	bad |= put(o, "precision", json_widths(c));
	bad |= put(o, "rounding", text(rounding_name(c->rounding)));
	bad |= put(o, "sparsity", text(sparsity_name(c->sparsity)));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *json_layer(const struct report *r, const struct report_layer *l)
{
	json_t *o = json_object();
	int bad = 0;

	bad |= put(o, "index", json_integer(l->index));
	bad |= put(o, "op", text(l->op));
	bad |= put(o, "shape", text(l->shape));
	bad |= put(o, "host", json_boolean(l->host));
	bad |= put(o, "macs", json_integer(l->macs));
	bad |= put(o, "cycles", whole(l->cycles));
	bad |= put(o, "estimate", json_integer(l->estimate));
	bad |= put(o, "utilization", json_real(report_utilization(r->config, l->macs, l->cycles)));
	bad |= put(o, "stalls", numbers(stall_keys, l->stalls, STALL_COUNT));
	bad |= put(o, "traffic", numbers(traffic_keys, l->traffic, TRAFFIC_COUNT));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *json_layers(const struct report *r)
{
	json_t *a = json_array();

	for (int i = 0; i < r->nlayers; i++)
		if (json_array_append_new(a, json_layer(r, &r->layers[i]))) {
			json_decref(a);
			return NULL;
		}
	return a;
}

static json_t *json_lockstep(const struct report *r)
{
	static const char *const keys[] = { "cycles", "registers", "mismatches" };
	const uint64_t values[] = { r->lockstep.cycles, (uint64_t)r->lockstep.registers, r->lockstep.mismatches };

	return numbers(keys, values, 3);
}

static json_t *json_output(const struct report *r)
{
	static const char *const keys[] = { "bytes", "mismatches" };
	const uint64_t values[] = { r->output.bytes, r->output.mismatches };

	return numbers(keys, values, 2);
}

static json_t *json_model(const struct report *r)
{
	json_t *o = json_object();

	if (!put(o, "name", text(r->model)) && !put(o, "ops", json_integer(r->ops)) && !put(o, "macs", json_integer(r->macs)))
		return o;
	json_decref(o);
	return NULL;
}

static json_t *json_sim(const struct report *r)
{
	json_t *o = json_object();

	if (!put(o, "build_seconds", json_real(r->build_seconds)) && !put(o, "run_seconds", json_real(r->run_seconds))
		&& !put(o, "cycles_per_second", json_real(rate(r))))
		return o;
	json_decref(o);
	return NULL;
}

static json_t *json_sparse(const struct report *r)
{
	static const char *const keys[] = { "macs_skipped", "macs_gated", "dropped_channels", "bytes_saved" };
	const uint64_t values[] = { r->sparse.macs_skipped, r->sparse.macs_gated, r->sparse.dropped_channels, r->sparse.bytes_saved };
	json_t *o = numbers(keys, values, 4);

	if (o && !put(o, "cycles_saved", json_integer(r->sparse.cycles_saved)))
		return o;
	json_decref(o);
	return NULL;
}

static double total_energy(const struct report *r)
{
	double sum = 0;

	for (int i = 0; i < ENERGY_COUNT; i++)
		sum += r->energy[i];
	return sum;
}

static const char *const energy_keys[] = {
#define KEY(name, key) key,
	ENERGY_PARTS(KEY)
#undef KEY
};

/* null without a table */
static json_t *json_energy(const struct report *r)
{
	json_t *o;
	int bad = 0;

	if (!r->table)
		return json_null();
	o = json_object();
	bad |= put(o, "modelled", json_true());
	bad |= put(o, "table", text(r->table->title));
	bad |= put(o, "unit", text(r->table->unit));
	for (int i = 0; i < ENERGY_COUNT; i++)
		bad |= put(o, energy_keys[i], json_real(r->energy[i]));
	bad |= put(o, "total", json_real(total_energy(r)));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *json_report(const struct report *r)
{
	json_t *o = json_object();
	int bad = 0;

	bad |= put(o, "design", json_design(r->config));
	bad |= put(o, "model", json_model(r));
	bad |= put(o, "engine", text(r->engine));
	bad |= put(o, "inputs", json_integer(r->inputs));
	bad |= put(o, "seed", whole(r->seed));
	bad |= put(o, "cycles", whole(r->cycles));
	bad |= put(o, "utilization", json_real(report_utilization(r->config, r->macs, r->cycles)));
	bad |= put(o, "lockstep", json_lockstep(r));
	bad |= put(o, "output", json_output(r));
	bad |= put(o, "traffic", numbers(traffic_keys, r->traffic, TRAFFIC_COUNT));
	bad |= put(o, "sparse", json_sparse(r));
	bad |= put(o, "energy", json_energy(r));
	bad |= put(o, "layers", json_layers(r));
	bad |= put(o, "sim", json_sim(r));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* Closes f in any case; the first error stays in errno. */
static int write_and_close(const json_t *j, FILE *f)
{
	int saved;

	if (!f)
		return -1;
	errno = 0;
	if (json_dumpf(j, f, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) || fputc('\n', f) == EOF || fflush(f)) {
		saved = errno ? errno : EIO;
		fclose(f);
		errno = saved;
		return -1;
	}
	return fclose(f) ? -1 : 0;
}

static int write_renamed(const json_t *j, const char *path)
{
	size_t size = strlen(path) + 32;
	char *temp = malloc(size);
	int r, saved;

	if (!temp)
		return -1;
	snprintf(temp, size, "%s.%ld.tmp", path, (long)getpid());
	r = write_and_close(j, fopen(temp, "w"));
	if (!r)
		r = rename(temp, path);
	saved = errno;
	if (r)
		unlink(temp);
	free(temp);
	errno = saved;
	return r;
}

int report_write_json(const struct report *r, const char *path)
{
	json_t *j = json_report(r);
	struct stat s;
	int result, saved;

	if (!j) {
		errno = ENOMEM;
		return -1;
	}
	if (!lstat(path, &s) && !S_ISREG(s.st_mode))
		result = write_and_close(j, fopen(path, "w"));
	else
		result = write_renamed(j, path);
	saved = errno;
	json_decref(j);
	errno = saved;
	return result;
}

/* The table */

struct cell { char text[16]; };

static struct cell amount(uint64_t v)
{
	static const char units[] = " KMGTPE";
	struct cell c = { "-" };
	double d = (double)v;
	int u = 0;

	if (v < 10000) {
		if (v)
			snprintf(c.text, sizeof c.text, "%" PRIu64, v);
		return c;
	}
	while (d >= 999.5) {
		d /= 1000;
		u++;
	}
	snprintf(c.text, sizeof c.text, d < 9.995 ? "%.2f%c" : d < 99.95 ? "%.1f%c" : "%.0f%c", d, units[u]);
	return c;
}

static struct cell count(uint64_t v)
{
	struct cell c = { "-" };

	if (v && v < 1000000000000)
		snprintf(c.text, sizeof c.text, "%" PRIu64, v);
	else if (v)
		c = amount(v);
	return c;
}

static struct cell percent(double v)
{
	struct cell c;

	snprintf(c.text, sizeof c.text, "%.1f", 100 * v);
	return c;
}

struct widths { int op, shape; };

static struct widths measure(const struct report *r)
{
	struct widths w = { 8, 5 };

	for (int i = 0; i < r->nlayers; i++) {
		int op = (int)strlen(r->layers[i].op), shape = (int)strlen(r->layers[i].shape);

		w.op = op > w.op ? op : w.op;
		w.shape = shape > w.shape ? shape : w.shape;
	}
	return w;
}

static uint64_t moved(const uint64_t *traffic, int read) { return traffic[read] + traffic[read + 1]; }

static void print_head(const struct widths *w, FILE *out, int colour)
{
	fprintf(out, "%s%-*s stalled cycles                           bytes moved%s\n", colour ? "\033[1m" : "",
		w->op + w->shape + 44, "", colour ? "\033[0m" : "");
	fprintf(out, "%s%3s  %-*s  %-*s  %6s %9s %9s  %6s  %7s %7s %7s %7s %7s  %6s %6s %6s %6s%s\n", colour ? "\033[1m" : "",
		"#", w->op, "operator", w->shape, "shape", "MACs", "cycles", "estimate", "util %",
		"weights", "input", "output", "fill", "idle", "mem", "act", "wgt", "acc", colour ? "\033[0m" : "");
}

static void print_layer(const struct report *r, const struct report_layer *l, const struct widths *w, FILE *out)
{
	const uint64_t *s = l->stalls;

	fprintf(out, "%3d  %-*s  %-*s  ", l->index, w->op, l->op, w->shape, l->shape);
	if (l->host) {
		fprintf(out, "on the host\n");
		return;
	}
	fprintf(out, "%6s %9s %9s  %6s ", amount((uint64_t)l->macs).text, count(l->cycles).text,
		count((uint64_t)l->estimate).text, l->macs && l->cycles
		? percent(report_utilization(r->config, l->macs, l->cycles)).text : "-");
	for (int i = 0; i < STALL_COUNT; i++)
		fprintf(out, " %7s", count(s[i]).text);
	fprintf(out, " ");
	for (int i = 0; i < TRAFFIC_COUNT; i += 2)
		fprintf(out, " %6s", amount(moved(l->traffic, i)).text);
	fprintf(out, "\n");
}

static void print_total_row(const struct report *r, const struct widths *w, FILE *out, int colour)
{
	uint64_t stalls[STALL_COUNT] = { 0 };

	for (int i = 0; i < r->nlayers; i++)
		for (int k = 0; k < STALL_COUNT; k++)
			stalls[k] += r->layers[i].stalls[k];
	fprintf(out, "%s%3s  %-*s  %-*s  %6s %9s %9s  %6s ", colour ? "\033[1m" : "", "", w->op, "total", w->shape, "",
		amount((uint64_t)r->macs).text, count(r->cycles).text, count(r->estimate).text,
		r->cycles ? percent(report_utilization(r->config, r->macs, r->cycles)).text : "-");
	for (int i = 0; i < STALL_COUNT; i++)
		fprintf(out, " %7s", count(stalls[i]).text);
	fprintf(out, " ");
	for (int i = 0; i < TRAFFIC_COUNT; i += 2)
		fprintf(out, " %6s", amount(moved(r->traffic, i)).text);
	fprintf(out, "%s\n", colour ? "\033[0m" : "");
}

static void print_verdict(FILE *out, int colour, uint64_t mismatches)
{
	const char *on = !colour ? "" : mismatches ? "\033[1;31m" : "\033[32m";

	fprintf(out, "%s%" PRIu64 " mismatch%s%s\n", on, mismatches, mismatches == 1 ? "" : "es", colour ? "\033[0m" : "");
}

static double share(uint64_t part, uint64_t of) { return of ? 100 * (double)part / (double)of : 0; }

static void print_sparse(const struct report *r, FILE *out)
{
	const char *comma = "";

	if (!r->sparse.dropped_channels && !r->sparse.macs_skipped && !r->sparse.macs_gated && !r->sparse.bytes_saved)
		return;
	fprintf(out, "sparse    ");
	if (r->sparse.dropped_channels)
		fprintf(out, "%" PRIu64 " channels dropped: ", r->sparse.dropped_channels);
	if (r->sparse.dropped_channels || r->sparse.macs_skipped) {
		fprintf(out, "%s MACs (%.1f %%), %" PRIu64 " bytes of memory traffic and %" PRId64 " estimated cycles saved",
			amount(r->sparse.macs_skipped).text, share(r->sparse.macs_skipped, (uint64_t)r->macs),
			r->sparse.bytes_saved, r->sparse.cycles_saved);
		comma = "; ";
	} else if (r->sparse.bytes_saved) {
		fprintf(out, "several weights in a byte: %" PRIu64 " bytes of memory traffic and %" PRId64 " estimated cycles saved", r->sparse.bytes_saved,
			r->sparse.cycles_saved);
		comma = "; ";
	}
	if (r->sparse.macs_gated)
		fprintf(out, "%s%s multiplications gated (%.1f %%)", comma, amount(r->sparse.macs_gated).text,
			share(r->sparse.macs_gated, r->sparse.macs_given));
	fprintf(out, "\n");
}

static void print_energy(const struct report *r, FILE *out)
{
	double total = total_energy(r);

	if (!r->table || total <= 0)
		return;
	if (strcmp(r->table->unit, "pJ"))
		fprintf(out, "energy    %s %s", amount((uint64_t)total).text, r->table->unit);
	else
		fprintf(out, "energy    %.4g uJ", total / 1e6);
	fprintf(out, " per inference, modelled (%s):", r->table->title);
	for (int i = 0; i < ENERGY_COUNT; i++)
		fprintf(out, "%s %s %.1f %%", i ? "," : "", energy_keys[i], 100 * r->energy[i] / total);
	fprintf(out, "\n");
}

static void print_totals(const struct report *r, FILE *out, int colour)
{
	const struct config *c = r->config;

	fprintf(out, "\nmodel     %s: %d operators, %" PRId64 " MACs\n", r->model, r->ops, r->macs);
	if (c)
		fprintf(out, "design    %s: %s, %d x %d PEs, %d-bit activations, %d%s%s-bit weights, %s, sparsity %s\n", c->name,
			dataflow_name(c->dataflow), c->rows, c->cols, c->act_bits, c->wgt_bits, c->precision & 4 ? "/4" : "", c->precision & 2 ? "/2" : "", rounding_name(c->rounding),
			sparsity_name(c->sparsity));
	fprintf(out, "engine    %s, %d input%s, seed %" PRIu64 "\n", r->engine, r->inputs, r->inputs == 1 ? "" : "s", r->seed);
	if (c && r->cycles)
		fprintf(out, "cycles    %" PRIu64 " from start to %s: %.2f %% of %d PEs x cycles are MACs of the model\n",
			r->cycles, c->bus == BUS_ON_CHIP ? "report" : "interrupt", 100 * report_utilization(c, r->macs, r->cycles), c->rows * c->cols);
	print_sparse(r, out);
	print_energy(r, out);
	if (r->sim_cycles)
		fprintf(out, "simulated %" PRIu64 " cycles in %.2f s (%.0f thousand a second), build %.2f s\n", r->sim_cycles,
			r->run_seconds, rate(r) / 1000, r->build_seconds);
	if (r->lockstep.cycles) {
		fprintf(out, "lock-step %" PRIu64 " cycles, %d registers compared in each: ", r->lockstep.cycles, r->lockstep.registers);
		print_verdict(out, colour, r->lockstep.mismatches);
	}
	if (r->output.bytes) {
		fprintf(out, "output    %" PRIu64 " bytes compared with the reference: ", r->output.bytes);
		print_verdict(out, colour, r->output.mismatches);
	}
}

void report_print(const struct report *r, FILE *out, int colour)
{
	struct widths w = measure(r);

	if (r->nlayers) {
		print_head(&w, out, colour);
		for (int i = 0; i < r->nlayers; i++)
			print_layer(r, &r->layers[i], &w, out);
		print_total_row(r, &w, out, colour);
	}
	print_totals(r, out, colour);
}
