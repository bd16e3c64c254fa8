/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"
#include "config_file.h"
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ON_GEN = 1 << COMMAND_GEN, ON_RUN = 1 << COMMAND_RUN, ON_EXPLAIN = 1 << COMMAND_EXPLAIN, ON_REF = 1 << COMMAND_REF, ON_PRUNE = 1 << COMMAND_PRUNE, ON_IMAGE = 1 << COMMAND_IMAGE };
enum { ON_ALL = -1 };

/* O(KEY, short option or 0, word, argument, commands, doc) */
#define OPTIONS(O) \
	O(INPUT, 'i', "input", "FILE", ON_RUN | ON_REF, "inputs back to back: raw int8, or .npy; without it random") \
	O(COUNT, 'n', "count", "N", ON_RUN | ON_REF, "inputs to run") \
	O(DIR, 'o', "dir", "DIR", ON_GEN | ON_RUN | ON_PRUNE | ON_IMAGE, "where the design goes; prune, image: the file") \
	O(ENGINE, 0, "engine", "NAME", ON_RUN, "verilator (default), icarus, twin or ref") \
	O(LABELS, 0, "labels", "FILE", ON_RUN | ON_REF, "one byte per input: prints the accuracy") \
	O(OUTPUT, 0, "output", "FILE", ON_RUN | ON_REF, "write the network's outputs, raw") \
	O(DUMP, 0, "dump", "DIR", ON_RUN | ON_REF, "write every operator's output of the first input") \
	O(JSON, 0, "json", "FILE", ON_RUN | ON_EXPLAIN | ON_REF, "write the report as JSON") \
	O(ENERGY, 0, "energy", "TABLE", ON_RUN, "of the energy model: horowitz45 (default), eyeriss, osu018, or a file") \
	O(SEED, 0, "seed", "N", ON_RUN | ON_REF, "of random inputs (default 1)") \
	O(MEM, 0, "mem", "LIST", ON_RUN, "simulated memory: latency=40,stall=0.2,bandwidth=0.5,seed=7") \
	O(NO_COMPARE, 0, "no-compare", NULL, ON_RUN, "simulate without comparing registers with the C model") \
	O(KEEP_DEAD, 0, "keep-dead", NULL, ON_RUN | ON_EXPLAIN, "compute channels that cannot influence the result, too") \
	O(RESET_SEED, 0, "reset-seed", "N", ON_RUN, "start registers that have no reset with random values") \
	O(ROUNDING, 0, "rounding", "MODE", ON_GEN | ON_RUN | ON_EXPLAIN | ON_REF, \
		"tflite, tflite_single or onnx, instead of the configuration's") \
	O(BUILD_DIR, 0, "build-dir", "DIR", ON_GEN | ON_RUN, "for compiled simulations (default build)") \
	O(NM, 0, "nm", "N:M", ON_PRUNE, "keep the N largest of every M weights along input channels") \
	O(UNSTRUCTURED, 0, "unstructured", "PART", ON_PRUNE, "zero this part of each layer's weights, the smallest, such as 0.9") \
	O(WGT_BITS, 0, "wgt-bits", "BITS", ON_PRUNE, "round weights to 4, 2 or 1 bits, scales multiplied accordingly") \
	O(CODEBOOK, 0, "codebook", NULL, ON_PRUNE, "of each layer 15 values of weights stay, and 0") \
	O(TENSOR_SCALE, 0, "tensor-scale", "keep", ON_PRUNE, "with --nm and --unstructured scales stay as they are (default)") \
	O(HELP, 'h', "help", NULL, ON_ALL, "this text") \
	O(VERSION, 'V', "version", NULL, ON_ALL, "the version")

#define ROW(key, short_key, word, arg, commands, doc) OPTION_##key,
enum option_key { OPTION_NONE = 256, OPTIONS(ROW) OPTION_END };
#undef ROW

static const struct row {
	const char *word;
	int short_key, commands;
} rows[] = {
#define ROW(key, short_key, word, arg, commands, doc) { word, short_key, commands },
	OPTIONS(ROW)
#undef ROW
};

static const struct argp_option argp_options[] = {
#define ROW(key, short_key, word, arg, commands, doc) \
	{ word, (short_key) ? (short_key) : OPTION_##key, arg, 0, doc, 0 },
	OPTIONS(ROW)
#undef ROW
	{ 0 }
};

static const struct command_row {
	const char *word, *args;
	int least, most;
} commands[] = {
#define ROW(name, word, least, most, args, doc) { word, args, least, most },
	OPTIONS_COMMANDS(ROW)
#undef ROW
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char *const engines[] = { "verilator", "icarus", "twin", "ref" };

static const char doc[] =
	"Systole: neural-network accelerators in Verilog, checked cycle by cycle against a C model.\v"
	"CONFIG.yaml describes the chip (examples/ has some), MODEL is an int8 .tflite file. Exit status: 0 when everything "
	"agreed, 1 for a mismatch, 2 for bad input or wrong usage.";

struct parse {
	struct options *o;
	const char *files[2];
	int nfiles, command_given, used; /* used: bit per row */
	char *err;
	size_t size;
};

const char *engine_name(enum engine e) { return engines[e]; }
const char *command_name(enum command c) { return (int)c < COMMANDS ? commands[c].word : "systole"; }

__attribute__((format(printf, 2, 3))) static error_t fail(struct parse *p, const char *fmt, ...)
{
	va_list args;

	if (p->err[0])
		return EINVAL;
	va_start(args, fmt);
	vsnprintf(p->err, p->size, fmt, args);
	va_end(args);
	return EINVAL;
}

static error_t number(struct parse *p, const char *word, const char *s, uint64_t most, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 10);
	if (s[0] < '0' || s[0] > '9' || *end || errno || *v > most)
		return fail(p, "--%s is \"%s\": give a whole number from 0 to %llu", word, s, (unsigned long long)most);
	return 0;
}

static error_t parse_count(struct parse *p, const char *s)
{
	uint64_t v;

	if (number(p, "count", s, 1000000, &v))
		return EINVAL;
	if (!v)
		return fail(p, "--count is 0: give the number of inputs, 1 or more");
	p->o->count = (int)v;
	return 0;
}

static error_t parse_engine(struct parse *p, const char *s)
{
	for (int i = 0; i < 4; i++)
		if (!strcmp(s, engines[i])) {
			p->o->engine = (enum engine)i;
			return 0;
		}
	return fail(p, "--engine is \"%s\": use verilator, icarus, twin or ref", s);
}

static error_t parse_rounding(struct parse *p, const char *s)
{
	if (rounding_parse(s, &p->o->rounding))
		return fail(p, "--rounding is \"%s\": use tflite, tflite_single or onnx", s);
	p->o->rounding_given = 1;
	return 0;
}

/* N:M */
static error_t parse_nm(struct parse *p, const char *s)
{
	char *end;
	long n = strtol(s, &end, 10), m = *end == ':' ? strtol(end + 1, &end, 10) : 0;

	if (s[0] < '0' || s[0] > '9' || *end || n < 1 || m <= n || m > 64)
		return fail(p, "--nm is \"%s\": use N:M with 1 <= N < M <= 64, such as 2:4", s);
	p->o->prune.keep = (int)n;
	p->o->prune.of = (int)m;
	return 0;
}

static error_t parse_part(struct parse *p, const char *s)
{
	char *end;

	p->o->prune.zero = strtod(s, &end);
	if (s[0] < '0' || s[0] > '9' || *end || !(p->o->prune.zero > 0) || !(p->o->prune.zero < 1))
		return fail(p, "--unstructured is \"%s\": use a part above 0 and below 1, such as 0.9", s);
	return 0;
}

static error_t parse_bits(struct parse *p, const char *s)
{
	if (strcmp(s, "4") && strcmp(s, "2") && strcmp(s, "1"))
		return fail(p, "--wgt-bits is \"%s\": use 4, 2 or 1", s);
	p->o->prune.bits = *s - '0';
	return 0;
}

static void mark_memory(struct options *o, const char *key)
{
	o->mem_latency |= !strcmp(key, "latency");
	o->mem_stall |= !strcmp(key, "stall");
	o->mem_bandwidth |= !strcmp(key, "bandwidth");
	o->mem_seed |= !strcmp(key, "seed");
}

/* key=value,key=value */
static error_t parse_memory(struct parse *p, const char *list)
{
	char item[64], *equals;
	struct config_error e;
	size_t n;

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		snprintf(item, sizeof item, "%.*s", n < sizeof item ? (int)n : (int)sizeof item - 1, list);
		equals = strchr(item, '=');
		if (!equals || n >= sizeof item)
			return fail(p, "--mem has \"%s\": use KEY=VALUE, such as latency=40,stall=0.2", item);
		*equals = 0;
		if (mem_options_set(&p->o->mem, item, equals + 1, &e))
			return fail(p, "--mem: %s", e.text);
		mark_memory(p->o, item);
		if (!list[n])
			return 0;
	}
}

static error_t parse_word(struct parse *p, const char *arg)
{
	int c;

	if (p->command_given) {
		if (p->nfiles == 2)
			return fail(p, "too many arguments at \"%s\": at most CONFIG.yaml and MODEL", arg);
		p->files[p->nfiles++] = arg;
		return 0;
	}
	for (c = 0; c < COMMANDS; c++)
		if (!strcmp(arg, commands[c].word)) {
			p->o->command = (enum command)c;
			p->command_given = 1;
			return 0;
		}
	return fail(p, "unknown command \"%s\": use gen, run, explain, ref, prune, image or doctor", arg);
}

/* argp stops at an option it does not know or that lacks its value; next is behind it. */
static error_t bad_option(struct parse *p, const struct argp_state *state)
{
	const char *at = state->next > 0 && state->next <= state->argc ? state->argv[state->next - 1] : "";
	size_t i, n = sizeof rows / sizeof *rows, len = at[0] && at[1] == '-' ? strlen(at + 2) : 0;

	for (i = 0; i < n; i++)
		if (argp_options[i].arg && ((len && !strncmp(at + 2, rows[i].word, len))
			|| (at[0] == '-' && at[1] && at[1] == rows[i].short_key && !at[2])))
			return fail(p, "option %s needs a value: %s", at, argp_options[i].arg);
	return fail(p, "unknown or wrong option \"%s\": `systole --help` lists them", at);
}

static enum option_key option_of(int key)
{
	for (int i = 0; i < (int)(sizeof rows / sizeof *rows); i++)
		if (key == rows[i].short_key)
			return (enum option_key)(OPTION_NONE + 1 + i);
	return (enum option_key)key;
}

static error_t parse_option(struct parse *p, enum option_key key, const char *arg)
{
	struct options *o = p->o;

	switch (key) {
	case OPTION_INPUT: o->input = arg; return 0;
	case OPTION_COUNT: return parse_count(p, arg);
	case OPTION_DIR: o->dir = arg; return 0;
	case OPTION_ENGINE: return parse_engine(p, arg);
	case OPTION_LABELS: o->labels = arg; return 0;
	case OPTION_OUTPUT: o->output = arg; return 0;
	case OPTION_DUMP: o->dump = arg; return 0;
	case OPTION_JSON: o->json = arg; return 0;
	case OPTION_ENERGY: o->energy = arg; return 0;
	case OPTION_SEED: return number(p, "seed", arg, UINT64_MAX, &o->seed);
	case OPTION_MEM: return parse_memory(p, arg);
	case OPTION_NO_COMPARE: o->no_compare = 1; return 0;
	case OPTION_KEEP_DEAD: o->keep_dead = 1; return 0;
	case OPTION_RESET_SEED:
		o->reset_seed_given = 1;
		return number(p, "reset-seed", arg, UINT64_MAX, &o->reset_seed);
	case OPTION_ROUNDING: return parse_rounding(p, arg);
	case OPTION_BUILD_DIR: o->build_dir = arg; return 0;
	case OPTION_NM: return parse_nm(p, arg);
	case OPTION_UNSTRUCTURED: return parse_part(p, arg);
	case OPTION_WGT_BITS: return parse_bits(p, arg);
	case OPTION_CODEBOOK: p->o->prune.codebook = 1; return 0;
	case OPTION_TENSOR_SCALE: return strcmp(arg, "keep") ? fail(p, "--tensor-scale is \"%s\": use keep", arg) : 0;
	case OPTION_HELP:
	case OPTION_VERSION:
	case OPTION_NONE:
	case OPTION_END:
		break;
	}
	return 0;
}

static error_t parse_one(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	enum option_key option;

	if (key == ARGP_KEY_ARG)
		return parse_word(p, arg);
	if (key == ARGP_KEY_ERROR)
		return bad_option(p, state);
	option = option_of(key);
	if (option <= OPTION_NONE || option >= OPTION_END)
		return ARGP_ERR_UNKNOWN;
	p->used |= 1 << (option - OPTION_NONE - 1);
	if (arg && !*arg)
		return fail(p, "option --%s is empty: give it a value", rows[option - OPTION_NONE - 1].word);
	return parse_option(p, option, arg);
}

static const struct argp argp = { argp_options, parse_one, NULL, doc, NULL, NULL, NULL };

static int check_options(struct parse *p)
{
	for (int i = 0; i < (int)(sizeof rows / sizeof *rows); i++)
		if (p->used >> i & 1 && !(rows[i].commands >> p->o->command & 1)) {
			fail(p, "%s has no option --%s: `systole --help` lists them", commands[p->o->command].word, rows[i].word);
			return -1;
		}
	return 0;
}

static int check_prune(struct parse *p)
{
	const struct prune *q = &p->o->prune;
	const char *wrong = NULL;

	if (!p->o->dir)
		wrong = "prune needs a file for the new model: systole prune MODEL -o MODEL2";
	else if (!q->of && !(q->zero > 0) && !q->bits && !q->codebook)
		wrong = "prune needs --nm, --unstructured, --wgt-bits or --codebook";
	else if (q->of && q->zero > 0)
		wrong = "--nm and --unstructured do not go together: prune twice";
	else if (q->bits == 1 && (q->of || q->zero > 0))
		wrong = "--wgt-bits 1 has no zero: it does not go together with --nm or --unstructured";
	if (wrong)
		fail(p, "%s", wrong);
	return wrong ? -1 : 0;
}

/* One file is the configuration; for ref and prune it is the model. */
static int take_files(struct parse *p)
{
	const struct command_row *c = &commands[p->o->command];

	if (p->nfiles < c->least || p->nfiles > c->most) {
		fail(p, "%s takes %s: systole %s%s%s", c->word, c->most == 0 ? "no file" : c->least == 2 ? "two files"
			: c->most == 2 ? "one or two files" : "one file", c->word, *c->args ? " " : "", c->args);
		return -1;
	}
	p->o->config = p->files[0];
	p->o->model = p->files[1];
	if ((p->o->command == COMMAND_REF || p->o->command == COMMAND_PRUNE) && p->nfiles == 1) {
		p->o->model = p->files[0];
		p->o->config = NULL;
	}
	if (p->o->command == COMMAND_PRUNE)
		return check_prune(p);
	if (p->o->command == COMMAND_IMAGE && !p->o->dir) {
		fail(p, "image needs a file: systole image CONFIG.yaml MODEL -o FILE");
		return -1;
	}
	if (p->o->command == COMMAND_GEN && !p->o->dir) {
		fail(p, "gen needs a directory for the design: systole gen CONFIG.yaml -o DIR");
		return -1;
	}
	return 0;
}

static void options_init(struct options *o)
{
	memset(o, 0, sizeof *o);
	o->seed = 1;
	o->build_dir = "build";
	o->energy = "horowitz45";
	mem_options_init(&o->mem);
}

int options_parse(int argc, char **argv, struct options *o, char *err, size_t size)
{
	struct parse p = { o, { NULL, NULL }, 0, 0, 0, err, size };

	options_init(o);
	err[0] = 0;
	if (argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT, NULL, &p)) {
		fail(&p, "wrong usage: see `systole --help`");
		return -1;
	}
	if (p.used >> (OPTION_HELP - OPTION_NONE - 1) & 1)
		o->command = COMMAND_HELP;
	else if (p.used >> (OPTION_VERSION - OPTION_NONE - 1) & 1)
		o->command = COMMAND_VERSION;
	if (o->command == COMMAND_HELP || o->command == COMMAND_VERSION)
		return 0;
	if (!p.command_given) {
		fail(&p, "which command? gen, run, explain, ref, prune, image or doctor; `systole --help` explains them");
		return -1;
	}
	return check_options(&p) || take_files(&p) ? -1 : 0;
}

void options_memory(const struct options *o, struct mem_options *m)
{
	if (o->mem_latency)
		m->latency = o->mem.latency;
	if (o->mem_stall)
		m->stall = o->mem.stall;
	if (o->mem_bandwidth)
		m->bandwidth = o->mem.bandwidth;
	if (o->mem_seed)
		m->seed = o->mem.seed;
}

void options_help(FILE *out)
{
	static const struct argp plain = { argp_options, parse_one, NULL, NULL, NULL, NULL, NULL };
	const char *tail = strchr(doc, '\v');
	char name[] = "systole";

	fprintf(out, "Usage: systole COMMAND [OPTION...]\n%.*s\n\nCommands:\n", (int)(tail - doc), doc);
#define ROW(key, word, least, most, args, text) fprintf(out, "  %-7s %-20s %s\n", word, args, text);
	OPTIONS_COMMANDS(ROW)
#undef ROW
	fprintf(out, "\nOptions:\n");
	argp_help(&plain, out, ARGP_HELP_LONG, name);
	fprintf(out, "\nKeys of CONFIG.yaml:\n");
	config_keys(out);
	fprintf(out, "\n%s\n", tail + 1);
}
