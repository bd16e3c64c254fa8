/* SPDX-License-Identifier: Apache-2.0
 * Two passes: libyaml's events give every key's place and refuse what YAML allows but a configuration should not
 * (duplicates, aliases, second documents); then libcyaml loads the values into structs by the table below. */
#include "config_file.h"
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum kind { KIND_NAME, KIND_DATAFLOW, KIND_ROUNDING, KIND_TARGET, KIND_SPARSITY, KIND_PATTERN, KIND_BUS, KIND_INT, KIND_REAL, KIND_SEED, KIND_WIDTHS, KIND_MAPPING };
enum { SCALAR_MAX = 48, ENTRIES_MAX = 64, DEPTH_MAX = 2 };

struct document {
	struct config config;
	struct mem_options memory;
};

/* K(key, kind, cyaml field, member, doc) */
#define CONFIG_KEYS(K) \
	K("name", NAME, STRING, config.name, "of the design: a Verilog identifier (required)") \
	K("dataflow", DATAFLOW, ENUM, config.dataflow, "os, ws or rs") \
	K("rows", INT, INT, config.rows, "of the PE array, 1..32") \
	K("cols", INT, INT, config.cols, "of the PE array, 1..32") \
	K("act_bits", INT, INT, config.act_bits, "of an activation, 4..8, or 16") \
	K("wgt_bits", INT, INT, config.wgt_bits, "of a weight, 1..8; 1: weights are -1 and 1") \
	K("precision", WIDTHS, FLAGS, config.precision, "os: widths of weights, chosen per layer: [8], [8, 4], [8, 2] or [8, 4, 2]") \
	K("acc_bits", INT, INT, config.acc_bits, "of a sum, 16..32; 0: derived") \
	K("rounding", ROUNDING, ENUM, config.rounding, "tflite, tflite_single or onnx") \
	K("target", TARGET, ENUM, config.target, "portable, osu018, ice40 or up5k: whose cells the arithmetic is made of") \
	K("sparsity", SPARSITY, ENUM, config.sparsity, "none; gate: no product of zeros; nm: zeros by pattern; skip: zeros take no cycles") \
	K("pattern", PATTERN, ENUM, config.pattern, "nm: weights that stay along input channels: 2:4, 1:4 or 4:8") \
	K("queue_depth", INT, INT, config.queue_depth, "skip: activations in front of a multiplier, power of two, at least 4") \
	K("codebook", INT, INT, config.codebook, "skip: 16: weights are numbers in a table of 16 values, one for a layer; 0: values") \
	K("act_buffer", INT, INT, config.act_bytes, "activation buffer, bytes, power of two") \
	K("wgt_buffer", INT, INT, config.wgt_bytes, "weight buffer, bytes, power of two") \
	K("acc_depth", INT, INT, config.acc_depth, "ws, rs: vectors of sums in the accumulator RAM, power of two") \
	K("par_depth", INT, INT, config.par_depth, "output channels in the parameter buffer, power of two") \
	K("act_port", INT, INT, config.act_port, "activations read per cycle, power of two; 0: derived") \
	K("lanes", INT, INT, config.lanes, "post-processing lanes, a divisor of cols; 0: cols") \
	K("bus_bits", INT, INT, config.bus_bits, "of the memory bus, 64 or 128") \
	K("line_depth", INT, INT, config.line_depth, "os: words of the depthwise line buffer, power of two") \
	K("bus", BUS, ENUM, config.bus, "axi; on_chip: also a top with all memory on the chip and a UART, NAME_chip") \
	K("spad_wgt", INT, INT, config.spad_wgt, "rs: weights in a PE") \
	K("spad_act", INT, INT, config.spad_act, "rs: activations in a PE") \
	K("spad_psum", INT, INT, config.spad_psum, "rs: partial sums in a PE") \
	K("spad_key", INT, INT, config.spad_key, "skip: columns of weights in a PE, power of two")
#define MEMORY_KEYS(K) \
	K("latency", INT, INT, memory.latency, "cycles from address to first data, 1..100000") \
	K("stall", REAL, FLOAT, memory.stall, "probability that a channel pauses in a cycle, 0..0.99") \
	K("bandwidth", REAL, FLOAT, memory.bandwidth, "fraction of cycles with data, 0.01..1") \
	K("seed", SEED, UINT, memory.seed, "of the pauses")

static const struct key {
	const char *key;
	enum kind kind;
	size_t offset, size;
	const char *doc;
	int nested;
} keys[] = {
#define KEY(key, kind, field, member, doc) \
	{ key, KIND_##kind, offsetof(struct document, member), sizeof(((struct document *)0)->member), doc, 0 },
	CONFIG_KEYS(KEY)
#undef KEY
	{ "memory", KIND_MAPPING, 0, 0, "the simulated memory:", 0 },
#define KEY(key, kind, field, member, doc) \
	{ key, KIND_##kind, offsetof(struct document, member), sizeof(((struct document *)0)->member), doc, 1 },
	MEMORY_KEYS(KEY)
#undef KEY
};
enum { KEYS = sizeof keys / sizeof *keys };

static const cyaml_strval_t dataflow_strings[] = { { "os", DATAFLOW_OS }, { "ws", DATAFLOW_WS }, { "rs", DATAFLOW_RS } };
static const cyaml_strval_t rounding_strings[] = {
	{ "tflite", ROUNDING_TFLITE }, { "tflite_single", ROUNDING_TFLITE_SINGLE }, { "onnx", ROUNDING_ONNX },
};
static const cyaml_strval_t target_strings[] = { { "portable", TARGET_PORTABLE }, { "osu018", TARGET_OSU018 }, { "ice40", TARGET_ICE40 }, { "up5k", TARGET_UP5K } };
static const cyaml_strval_t sparsity_strings[] = {
	{ "none", SPARSITY_NONE }, { "gate", SPARSITY_GATE }, { "nm", SPARSITY_NM }, { "skip", SPARSITY_SKIP },
};
static const cyaml_strval_t bus_strings[] = { { "axi", BUS_AXI }, { "on_chip", BUS_ON_CHIP } };
static const cyaml_strval_t pattern_strings[] = { { "2:4", PATTERN_2_4 }, { "1:4", PATTERN_1_4 }, { "4:8", PATTERN_4_8 } };

static const cyaml_strval_t width_strings[] = { { "8", 8 }, { "4", 4 }, { "2", 2 } };

#define FLAGS (CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)
#define ROW_STRING(key, kind, member) CYAML_FIELD_STRING(key, FLAGS, struct document, member, 0),
#define ROW_INT(key, kind, member) CYAML_FIELD_INT(key, FLAGS, struct document, member),
#define ROW_UINT(key, kind, member) CYAML_FIELD_UINT(key, FLAGS, struct document, member),
#define ROW_FLOAT(key, kind, member) CYAML_FIELD_FLOAT(key, FLAGS, struct document, member),
#define ROW_ENUM(key, kind, member) CYAML_FIELD_ENUM(key, FLAGS, struct document, member, ENUM_##kind, sizeof ENUM_##kind / sizeof *ENUM_##kind),
#define ROW_FLAGS(key, kind, member) CYAML_FIELD_FLAGS(key, FLAGS, struct document, member, width_strings, 3),
#define ENUM_DATAFLOW dataflow_strings
#define ENUM_ROUNDING rounding_strings
#define ENUM_TARGET target_strings
#define ENUM_SPARSITY sparsity_strings
#define ENUM_PATTERN pattern_strings
#define ENUM_BUS bus_strings
#define ROW(key, kind, field, member, doc) ROW_##field(key, kind, member)
static const cyaml_schema_field_t memory_fields[] = { MEMORY_KEYS(ROW) CYAML_FIELD_END };
static const cyaml_schema_field_t fields[] = {
	CONFIG_KEYS(ROW)
	/* its fields' offsets count from the document, hence offset 0 */
	{ .key = "memory", .data_offset = 0,
	  .value = { .type = CYAML_MAPPING, .flags = FLAGS, .data_size = sizeof(struct document),
		     .mapping = { .fields = memory_fields } } },
	CYAML_FIELD_END
};
static const cyaml_schema_value_t schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct document, fields) };

const char *dataflow_name(enum dataflow d) { return dataflow_strings[d].str; }
const char *rounding_name(enum rounding r) { return rounding_strings[r].str; }
const char *sparsity_name(enum sparsity s) { return sparsity_strings[s].str; }
const char *pattern_name(enum pattern p) { return pattern_strings[p].str; }

int rounding_parse(const char *text, enum rounding *r)
{
	for (size_t i = 0; i < sizeof rounding_strings / sizeof *rounding_strings; i++)
		if (!strcmp(text, rounding_strings[i].str)) {
			*r = (enum rounding)rounding_strings[i].val;
			return 0;
		}
	return -1;
}

void mem_options_init(struct mem_options *m)
{
	m->latency = 40;
	m->stall = 0;
	m->bandwidth = 1;
	m->seed = 1;
}

void config_error_format(const struct config_error *e, const char *path, char *buf, size_t size)
{
	if (e->line)
		snprintf(buf, size, "%s:%d:%d: %s", path, e->line, e->column, e->text);
	else
		snprintf(buf, size, "%s: %s", path, e->text);
}

void config_keys(FILE *out)
{
	for (int i = 0; i < KEYS; i++)
		fprintf(out, "  %s%-*s %s\n", keys[i].nested ? "  " : "", keys[i].nested ? 11 : 13, keys[i].key, keys[i].doc);
}

/* Text of the file in messages: printable ASCII only, cut when long. */
struct quoted { char text[SCALAR_MAX + 4]; };

static struct quoted quote(const char *s, size_t n)
{
	struct quoted q = { { 0 } };
	size_t i;

	for (i = 0; i < n && i < SCALAR_MAX; i++)
		q.text[i] = s[i] >= ' ' && s[i] <= '~' ? s[i] : '?';
	if (n > SCALAR_MAX)
		memcpy(q.text + i, "...", 4);
	return q;
}

__attribute__((format(printf, 4, 5)))
static int fail_at(struct config_error *e, size_t line, size_t column, const char *fmt, ...)
{
	va_list args;

	e->line = (int)line + 1;
	e->column = (int)column + 1;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, args);
	va_end(args);
	return -1;
}

static int fail_mark(struct config_error *e, const yaml_mark_t *m, const char *text)
{
	return fail_at(e, m->line, m->column, "%s", text);
}

static const struct key *find_key(const char *name, size_t n, int nested)
{
	for (int i = 0; i < KEYS; i++)
		if (keys[i].nested == nested && strlen(keys[i].key) == n && !memcmp(keys[i].key, name, n))
			return &keys[i];
	return NULL;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Edit distance, for "did you mean"; a is short. */
static size_t distance(const char *a, size_t n, const char *b)
{
	size_t row[SCALAR_MAX + 1], m = strlen(b);

	for (size_t i = 0; i <= n; i++)
		row[i] = i;
	for (size_t j = 1; j <= m; j++) {
		size_t diagonal = row[0];

		row[0] = j;
		for (size_t i = 1; i <= n; i++) {
			size_t up = row[i];

			row[i] = smaller(smaller(up, row[i - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = up;
		}
	}
	return row[n];
}

static int unknown_key(struct config_error *e, const yaml_mark_t *at, const char *name, size_t n, int nested)
{
	const struct key *best = NULL;
	size_t closest = 3;

	for (int i = 0; i < KEYS && n <= SCALAR_MAX; i++) {
		size_t d = keys[i].nested == nested ? distance(name, n, keys[i].key) : closest;

		if (d < closest) {
			closest = d;
			best = &keys[i];
		}
	}
	if (best)
		return fail_at(e, at->line, at->column, "unknown key \"%s\": did you mean \"%s\"?", quote(name, n).text,
			best->key);
	if (nested)
		return fail_at(e, at->line, at->column, "unknown key \"%s\": memory has latency, stall, bandwidth and seed",
			quote(name, n).text);
	return fail_at(e, at->line, at->column, "unknown key \"%s\": `systole --help` lists the keys",
		quote(name, n).text);
}

static size_t span(const char *s, size_t i, size_t n)
{
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Decimal only: 010 is octal to some readers and ten to others. */
static int is_whole(const char *s, size_t n, int sign)
{
	size_t i = sign && n && s[0] == '-';

	return n > i && span(s, i, n) == n && (s[i] != '0' || n == i + 1) && n <= 20;
}

static int is_int(const char *s, size_t n)
{
	return is_whole(s, n, 1) && n <= 11 && llabs(strtoll(s, NULL, 10)) <= INT32_MAX;
}

static int is_seed(const char *s, size_t n)
{
	errno = 0;
	return is_whole(s, n, 0) && (strtoull(s, NULL, 10), errno == 0);
}

static int is_real(const char *s, size_t n)
{
	size_t i = span(s, 0, n), end;

	if (i < n && s[i] == '.') {
		end = span(s, i + 1, n);
		return end == n && n > 1 && n <= SCALAR_MAX;
	}
	return i == n && n && n <= SCALAR_MAX;
}

static int is_string(const char *s, size_t n, const cyaml_strval_t *of, int count)
{
	for (int i = 0; i < count; i++)
		if (strlen(of[i].str) == n && !memcmp(of[i].str, s, n))
			return 1;
	return 0;
}

/* What would be right, or NULL when the text (NUL terminated after n) is a value of this kind. */
static const char *value_problem(enum kind kind, const char *s, size_t n)
{
	switch (kind) {
	case KIND_NAME:
		return n && n < sizeof((struct config *)0)->name && !memchr(s, 0, n) ? NULL
			: "an identifier of 1 to 31 characters, such as os8x8";
	case KIND_DATAFLOW: return is_string(s, n, dataflow_strings, 3) ? NULL : "os, ws or rs";
	case KIND_ROUNDING: return is_string(s, n, rounding_strings, 3) ? NULL : "tflite, tflite_single or onnx";
	case KIND_TARGET: return is_string(s, n, target_strings, 4) ? NULL : "portable, osu018, ice40 or up5k";
	case KIND_INT: return is_int(s, n) ? NULL : "a whole number in decimal, below 2147483648";
	case KIND_SPARSITY: return is_string(s, n, sparsity_strings, 4) ? NULL : "none, gate, nm or skip";
	case KIND_PATTERN: return is_string(s, n, pattern_strings, 3) ? NULL : "2:4, 1:4 or 4:8";
	case KIND_BUS: return is_string(s, n, bus_strings, 2) ? NULL : "axi or on_chip";
	case KIND_REAL: return is_real(s, n) ? NULL : "a decimal number such as 0.25";
	case KIND_SEED: return is_seed(s, n) ? NULL : "a whole number from 0 to 18446744073709551615";
	case KIND_WIDTHS: return "a list such as [8, 4, 2]";
	case KIND_MAPPING: break;
	}
	return "a mapping such as {latency: 40, stall: 0.1}";
}

/* The events of a document as a mapping of scalars, with one level of nesting. */
struct walk {
	yaml_parser_t parser;
	const uint8_t *data;
	size_t size;
	struct config_error *e;
	yaml_mark_t root;               /* start of the top mapping */
	yaml_mark_t place[KEYS];        /* value (or key of memory:) of each key seen */
	int seen[KEYS];
};

/* libyaml's mark is behind what it has read ahead: count lines to the byte. */
static int fail_byte(const struct walk *w, size_t at, const char *problem)
{
	size_t line = 0, start = 0;

	at = smaller(at, w->size);
	for (size_t i = 0; i < at; i++)
		if (w->data[i] == '\n') {
			line++;
			start = i + 1;
		}
	return fail_at(w->e, line, at - start, "%s: a configuration is UTF-8 text", problem ? problem : "unreadable byte");
}

static int next_event(struct walk *w, yaml_event_t *ev)
{
	const yaml_parser_t *p = &w->parser;

	if (yaml_parser_parse(&w->parser, ev))
		return 0;
	memset(ev, 0, sizeof *ev);
	if (p->error == YAML_MEMORY_ERROR)
		return fail_at(w->e, 0, 0, "out of memory");
	if (p->error == YAML_READER_ERROR)
		return fail_byte(w, p->problem_offset, p->problem);
	return fail_at(w->e, p->problem_mark.line, p->problem_mark.column, "YAML: %s%s%s: write `key: value` lines",
		p->context ? p->context : "", p->context ? ", " : "", p->problem ? p->problem : "syntax error");
}

static int check_scalar(struct walk *w, const struct key *k, const yaml_event_t *ev)
{
	const char *s = (const char *)ev->data.scalar.value, *problem;
	size_t n = ev->data.scalar.length;

	problem = value_problem(k->kind, s, n);
	if (!problem)
		return 0;
	return fail_at(w->e, ev->start_mark.line, ev->start_mark.column, "%s is \"%s\": it must be %s", k->key,
		quote(s, n).text, problem);
}

static int walk_mapping(struct walk *w, int nested);

/* After a list's start event, up to its end: widths, each once. */
static int walk_widths(struct walk *w, const struct key *k)
{
	int64_t seen = 0;

	for (;;) {
		yaml_event_t ev;
		int end, i, r = 0;

		if (next_event(w, &ev))
			return -1;
		end = ev.type == YAML_SEQUENCE_END_EVENT;
		for (i = 0; i < 3 && ev.type == YAML_SCALAR_EVENT; i++)
			if (is_string((const char *)ev.data.scalar.value, ev.data.scalar.length, width_strings + i, 1))
				break;
		if (!end && (ev.type != YAML_SCALAR_EVENT || i == 3 || seen & width_strings[i].val))
			r = fail_at(w->e, ev.start_mark.line, ev.start_mark.column, "%s is a list of 8, 4 and 2, each at most once", k->key);
		else if (!end)
			seen |= width_strings[i].val;
		yaml_event_delete(&ev);
		if (end || r)
			return r;
	}
}

static int walk_value(struct walk *w, const struct key *k)
{
	yaml_event_t ev;
	int r;

	if (next_event(w, &ev))
		return -1;
	if (k->kind != KIND_MAPPING)
		w->place[k - keys] = ev.start_mark;
	if (ev.type == YAML_SCALAR_EVENT)
		r = check_scalar(w, k, &ev);
	else if (ev.type == YAML_SEQUENCE_START_EVENT && k->kind == KIND_WIDTHS)
		r = walk_widths(w, k);
	else if (ev.type == YAML_MAPPING_START_EVENT && k->kind == KIND_MAPPING)
		r = walk_mapping(w, 1);
	else if (ev.type == YAML_ALIAS_EVENT)
		r = fail_mark(w->e, &ev.start_mark, "aliases are not supported: write the value itself");
	else
		r = fail_at(w->e, ev.start_mark.line, ev.start_mark.column, "%s is a list or a mapping: it must be %s", k->key,
			value_problem(k->kind, "", 0));
	yaml_event_delete(&ev);
	return r;
}

static int walk_key(struct walk *w, const yaml_event_t *ev, int nested)
{
	const char *name = (const char *)ev->data.scalar.value;
	size_t n = ev->data.scalar.length;
	const struct key *k;

	if (ev->type != YAML_SCALAR_EVENT)
		return fail_mark(w->e, &ev->start_mark, "a key must be a plain name, such as `rows: 8`");
	k = find_key(name, n, nested);
	if (!k)
		return unknown_key(w->e, &ev->start_mark, name, n, nested);
	if (w->seen[k - keys])
		return fail_at(w->e, ev->start_mark.line, ev->start_mark.column, "%s was given before, in line %zu: keep one",
			k->key, w->place[k - keys].line + 1);
	w->seen[k - keys] = 1;
	w->place[k - keys] = ev->start_mark;
	return walk_value(w, k);
}

/* After the mapping's start event, up to its end. Recursion is one deep: only memory: is a mapping. */
static int walk_mapping(struct walk *w, int nested)
{
	for (;;) {
		yaml_event_t ev;
		int end, r = 0;

		if (next_event(w, &ev))
			return -1;
		end = ev.type == YAML_MAPPING_END_EVENT;
		if (!end)
			r = walk_key(w, &ev, nested);
		yaml_event_delete(&ev);
		if (end || r)
			return r;
	}
}

/* One document that is a mapping. */
static int walk_document(struct walk *w)
{
	static const char empty[] = "no keys: a configuration starts with `name: os8x8`";
	int started = 0;

	for (;;) {
		yaml_event_t ev;
		yaml_event_type_t type;
		int r = 0;

		if (next_event(w, &ev))
			return -1;
		type = ev.type;
		if (type == YAML_MAPPING_START_EVENT) {
			w->root = ev.start_mark;
			r = walk_mapping(w, 0);
		} else if (type == YAML_DOCUMENT_START_EVENT && started++) {
			r = fail_mark(w->e, &ev.start_mark, "a second document starts here: a configuration is one document");
		} else if (type == YAML_STREAM_END_EVENT && !started) {
			r = fail_mark(w->e, &ev.start_mark, empty);
		} else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_ALIAS_EVENT) {
			r = fail_mark(w->e, &ev.start_mark, "not a mapping: write `key: value` lines");
		}
		yaml_event_delete(&ev);
		if (r || type == YAML_STREAM_END_EVENT)
			return r;
	}
}

static int walk(struct walk *w)
{
	int r;

	if (!yaml_parser_initialize(&w->parser))
		return fail_at(w->e, 0, 0, "out of memory");
	yaml_parser_set_input_string(&w->parser, w->data, w->size);
	r = walk_document(w);
	yaml_parser_delete(&w->parser);
	return r;
}

/* First message of libcyaml, which says what is wrong; a backtrace follows it. */
struct log { char text[160]; };

__attribute__((format(printf, 3, 0)))
static void log_first(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct log *l = ctx;

	if (level < CYAML_LOG_WARNING || l->text[0])
		return;
	vsnprintf(l->text, sizeof l->text, fmt, args);
	l->text[strcspn(l->text, "\n")] = 0;
}

/* Fields that the file gives, over the defaults. */
static void take_fields(const struct walk *w, const struct document *from, struct document *to)
{
	for (int i = 0; i < KEYS; i++)
		if (w->seen[i] && keys[i].size)
			memcpy((char *)to + keys[i].offset, (const char *)from + keys[i].offset, keys[i].size);
}

static int load(const struct walk *w, struct document *d)
{
	struct log l = { { 0 } };
	const cyaml_config_t how = {
		.log_fn = log_first, .log_ctx = &l, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_WARNING,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	struct document *loaded = NULL;
	cyaml_err_t err = cyaml_load_data(w->data, w->size, &how, &schema, (cyaml_data_t **)&loaded, NULL);

	if (err != CYAML_OK)
		return fail_at(w->e, w->root.line, w->root.column, "cannot be loaded: %s", l.text[0]
			? quote(l.text, strlen(l.text)).text : cyaml_strerror(err));
	take_fields(w, loaded, d);
	cyaml_free(&how, &schema, loaded, 0);
	return 0;
}

static int check_memory(const struct mem_options *m, struct config_error *e)
{
	e->line = e->column = 0;
	if (m->latency < 1 || m->latency > 100000)
		snprintf(e->text, sizeof e->text, "latency is %d: use cycles from 1 to 100000", m->latency);
	else if (!(m->stall >= 0 && m->stall <= 0.99))
		snprintf(e->text, sizeof e->text, "stall is %g: use a probability from 0 to 0.99", m->stall);
	else if (!(m->bandwidth >= 0.01 && m->bandwidth <= 1))
		snprintf(e->text, sizeof e->text, "bandwidth is %g: use a fraction from 0.01 to 1", m->bandwidth);
	else
		return 0;
	return -1;
}

/* Range errors start with their key: point at its value when the file has it, else at the mapping's start. */
static int place_error(const struct walk *w, int nested, struct config_error *e)
{
	const struct key *k = find_key(e->text, strcspn(e->text, " "), nested);
	const yaml_mark_t *at = k && w->seen[k - keys] ? &w->place[k - keys] : &w->root;

	e->line = (int)at->line + 1;
	e->column = (int)at->column + 1;
	return -1;
}

int config_parse(const uint8_t *data, size_t size, struct config *c, struct mem_options *m, struct config_error *e)
{
	struct walk w;
	struct document d;

	memset(&w, 0, sizeof w);
	w.e = e;
	w.data = data;
	w.size = size;
	if (size > CONFIG_FILE_MAX)
		return fail_at(e, 0, 0, "larger than %d bytes: this is no configuration", CONFIG_FILE_MAX);
	memset(&d, 0, sizeof d);
	config_init(&d.config);
	mem_options_init(&d.memory);
	if (walk(&w) || load(&w, &d))
		return -1;
	if (config_derive(&d.config, e))
		return place_error(&w, 0, e);
	if (check_memory(&d.memory, e))
		return place_error(&w, 1, e);
	*c = d.config;
	if (m)
		*m = d.memory;
	return 0;
}

static int fail_read(struct config_error *e, const char *what)
{
	e->line = e->column = 0;
	snprintf(e->text, sizeof e->text, "cannot be read: %s", what);
	return -1;
}

int config_read(const char *path, struct config *c, struct mem_options *m, struct config_error *e)
{
	uint8_t *data;
	size_t size;
	FILE *f = fopen(path, "rb");
	int r;

	if (!f)
		return fail_read(e, strerror(errno));
	data = malloc(CONFIG_FILE_MAX + 1);
	if (!data) {
		fclose(f);
		return fail_read(e, "out of memory");
	}
	errno = 0;
	size = fread(data, 1, CONFIG_FILE_MAX + 1, f);
	r = ferror(f) ? fail_read(e, strerror(errno)) : config_parse(data, size, c, m, e);
	fclose(f);
	free(data);
	return r;
}

int mem_options_set(struct mem_options *m, const char *key, const char *value, struct config_error *e)
{
	const struct key *k = find_key(key, strlen(key), 1);
	const char *problem;

	e->line = e->column = 0;
	if (!k) {
		snprintf(e->text, sizeof e->text, "unknown key \"%s\": use latency, stall, bandwidth or seed",
			quote(key, strlen(key)).text);
		return -1;
	}
	problem = value_problem(k->kind, value, strlen(value));
	if (problem) {
		snprintf(e->text, sizeof e->text, "%s is \"%s\": it must be %s", k->key, quote(value, strlen(value)).text, problem);
		return -1;
	}
	if (k->kind == KIND_INT)
		m->latency = (int)strtol(value, NULL, 10);
	else if (k->kind == KIND_SEED)
		m->seed = strtoull(value, NULL, 10);
	else if (k->offset == offsetof(struct document, memory.stall))
		m->stall = strtod(value, NULL);
	else
		m->bandwidth = strtod(value, NULL);
	return check_memory(m, e);
}
