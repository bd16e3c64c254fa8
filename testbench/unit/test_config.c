/* SPDX-License-Identifier: Apache-2.0
 * config_derive: defaults, derived values, every refusal; config_parse: places and texts of errors. */
#include "compiler/config_file.h"
#include <check.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

static struct config named(const char *name, enum dataflow d, int rows, int cols)
{
	struct config c;

	config_init(&c);
	snprintf(c.name, sizeof c.name, "%s", name);
	c.dataflow = d;
	c.rows = rows;
	c.cols = cols;
	return c;
}

static void must_derive(struct config *c)
{
	struct config_error e = { 0, 0, "" };

	ck_assert_msg(config_derive(c, &e) == 0, "%s", e.text);
}

static void must_refuse(const struct config *given, const char *key)
{
	struct config c = *given;
	struct config_error e = { 0, 0, "" };

	ck_assert_msg(config_derive(&c, &e) == -1, "%s of %s accepted", key, c.name);
	ck_assert_msg(!strncmp(e.text, key, strlen(key)) && e.text[strlen(key)] == ' ', "%s: %s", key, e.text);
}

START_TEST(derives_8x8)
{
	struct config c = named("os8x8", DATAFLOW_OS, 8, 8);

	must_derive(&c);
	ck_assert_int_eq(c.acc_bits, 29);
	ck_assert_int_eq(c.x_bits, 9);
	ck_assert_int_eq(c.act_port, 16);
	ck_assert_int_eq(c.port_aw, 4);
	ck_assert_int_eq(c.lanes, 8);
	ck_assert_int_eq(c.act_aw, 16);
	ck_assert_int_eq(c.wgt_word, 8);
	ck_assert_int_eq(c.wgt_depth, 2048);
	ck_assert_int_eq(c.wgt_aw, 11);
	ck_assert_int_eq(c.par_rows, 64);
	ck_assert_int_eq(c.par_aw, 6);
	ck_assert_int_eq(c.acc_aw, 8);
	ck_assert_int_eq(c.col_depth, 32);
	ck_assert_int_eq(c.col_aw, 5);
	ck_assert_int_eq(c.bus_bytes, 8);
}
END_TEST

START_TEST(derives_odd_shapes)
{
	struct config c = named("rs12x14", DATAFLOW_RS, 12, 14);

	must_derive(&c);
	ck_assert_int_eq(c.act_port, 16);
	ck_assert_int_eq(c.wgt_word, 16);
	ck_assert_int_eq(c.lanes, 14);
	ck_assert_int_eq(c.par_rows, 64);
	ck_assert_int_ge(c.par_rows * c.lanes, c.par_depth);
	ck_assert_int_eq(c.col_depth, 64);
	c = named("one", DATAFLOW_OS, 1, 1);
	must_derive(&c);
	ck_assert_int_eq(c.act_port, 8);
	ck_assert_int_eq(c.wgt_word, 1);
	c = named("ws6x32", DATAFLOW_WS, 6, 32);
	c.wgt_bytes = 1024;
	must_derive(&c);
	ck_assert_int_eq(c.act_port, 32);
	ck_assert_int_eq(c.wgt_depth, 32);
}
END_TEST

/* Every shape derives, twice to the same, and keeps the promises of config.h. */
START_TEST(derives_all_shapes)
{
	for (int d = 0; d < 3; d++)
		for (int r = 1; r <= CONFIG_MAX_ROWS; r++)
			for (int n = 1; n <= CONFIG_MAX_COLS; n++) {
				struct config c = named("any", (enum dataflow)d, r, n), again;

				must_derive(&c);
				again = c;
				must_derive(&again);
				ck_assert_mem_eq(&c, &again, sizeof c);
				ck_assert_int_eq(1 << c.port_aw, c.act_port);
				ck_assert_int_eq(1 << c.wgt_aw, c.wgt_depth);
				ck_assert_int_eq(1 << c.par_aw, c.par_rows);
				ck_assert_int_eq(1 << c.col_aw, c.col_depth);
				ck_assert_int_ge(c.col_depth, 2 * r);
				ck_assert_int_ge(c.act_port, n);
				ck_assert(d == DATAFLOW_RS || c.act_port >= r);
				ck_assert_int_le(c.act_port, CONFIG_MAX_PORT);
				ck_assert_int_ge(c.par_rows * c.lanes, 2 * n);
			}
}
END_TEST

START_TEST(acc_bits_hold_a_product)
{
	struct config c = named("little", DATAFLOW_OS, 4, 4);

	c.act_bits = c.wgt_bits = 4;
	c.sparsity = SPARSITY_NONE;
	must_derive(&c);
	ck_assert_int_eq(c.acc_bits, 20);
	c = named("tight", DATAFLOW_OS, 4, 4);
	c.acc_bits = 16;
	must_refuse(&c, "acc_bits");
	c.acc_bits = 17;
	must_derive(&c);
}
END_TEST

START_TEST(widths_of_weights_and_activations)
{
	struct config c = named("wide", DATAFLOW_RS, 12, 14);

	c.act_bits = 16;
	must_derive(&c);
	ck_assert(c.act_size == 2 && c.act_aw == 15 && c.act_baw == 16 && c.x_bits == 16 && c.acc_bits == 32);
	ck_assert_int_eq(config_requant(&c), ROUNDING_TFLITE_SINGLE);
	c.act_port = 64;
	must_refuse(&c, "act_port");
	c = named("sign", DATAFLOW_OS, 4, 20);
	c.wgt_bits = 1;
	must_derive(&c);
	ck_assert(c.w_bits == 2 && c.wgt_store == 1 && c.wgt_word == 4);
	c = named("half", DATAFLOW_WS, 4, 8);
	c.wgt_bits = 3;
	must_derive(&c);
	ck_assert(c.w_bits == 3 && c.wgt_store == 4 && c.wgt_word == 4);
	c = named("subwords", DATAFLOW_OS, 8, 8);
	c.precision = 8 + 4 + 2;
	must_derive(&c);
	ck_assert(c.sub == 4 && c.group == 4 && c.act_port == 64 && c.idx_bits == 0);
	c = named("halves", DATAFLOW_OS, 8, 8);
	c.precision = 8 + 4;
	must_derive(&c);
	ck_assert(c.sub == 2 && c.group == 2 && c.act_port == 32);
	c.dataflow = DATAFLOW_RS;
	must_refuse(&c, "precision");
}
END_TEST

/* The least and most of each field pass, one beyond does not. */
static const struct { const char *key; size_t offset; int bad[4]; } ranges[] = {
#define RANGE(key, field, a, b, c, d) { key, offsetof(struct config, field), { a, b, c, d } }
	RANGE("rows", rows, 0, 33, -1, 1 << 30),
	RANGE("cols", cols, 0, 33, -8, 64),
	RANGE("act_bits", act_bits, 3, 9, 15, 17),
	RANGE("wgt_bits", wgt_bits, 0, 9, 0, 16),
	RANGE("acc_bits", acc_bits, 15, 33, -1, 64),
	RANGE("queue_depth", queue_depth, 1, 3, 128, -4),
	RANGE("act_buffer", act_bytes, 0, 512, 65535, 1 << 21),
	RANGE("wgt_buffer", wgt_bytes, 0, 128, 16383, 1 << 21),
	RANGE("acc_depth", acc_depth, 0, 8, 100, 1 << 15),
	RANGE("par_depth", par_depth, 0, 8, 500, 1 << 15),
	RANGE("act_port", act_port, 4, 12, 128, -8),
	RANGE("lanes", lanes, 3, 16, -1, 5),
	RANGE("bus_bits", bus_bits, 32, 96, 256, 0),
	RANGE("line_depth", line_depth, 2, 63, 8192, 0),
	RANGE("spad_wgt", spad_wgt, 3, 0, -1, 5000),
	RANGE("spad_act", spad_act, 3, 0, -1, 2000),
	RANGE("spad_psum", spad_psum, 0, -1, 1025, 1 << 20),
};

START_TEST(refuses_ranges)
{
	for (int k = 0; k < 4; k++) {
		struct config c = named("ok", DATAFLOW_OS, 8, 8);

		memcpy((char *)&c + ranges[_i].offset, &ranges[_i].bad[k], sizeof(int));
		must_refuse(&c, ranges[_i].key);
	}
}
END_TEST

START_TEST(derives_patterns)
{
	/* group, port of 8x8 os and ws, block of 8, 5 and 32 columns on 64 bits, beats of indices of 32 */
	static const int want[][8] = { { 4, 32, 16, 4, 4, 1, 1, 2 }, { 4, 64, 32, 4, 4, 1, 1, 2 }, { 8, 32, 16, 2, 4, 1, 2, 3 } };
	int p;

	for (p = 0; p < 3; p++) {
		struct config c = named("pattern", DATAFLOW_OS, 8, 8), d = named("pattern", DATAFLOW_WS, 8, 5), e = named("pattern", DATAFLOW_OS, 4, 32);

		c.sparsity = d.sparsity = e.sparsity = SPARSITY_NM;
		c.pattern = d.pattern = e.pattern = (enum pattern)p;
		must_derive(&c);
		must_derive(&d);
		must_derive(&e);
		ck_assert_int_eq(c.x_bits, 9);
		ck_assert_int_eq(c.group, want[p][0]);
		ck_assert_int_eq(c.act_port, want[p][1]);
		ck_assert_int_eq(d.act_port, want[p][2]);
		ck_assert_int_eq(c.idx_block, want[p][3]);
		ck_assert_int_eq(d.idx_block, want[p][4]);
		ck_assert_int_eq(e.idx_block, want[p][5]);
		ck_assert_int_eq(c.idx_beats, 1);
		ck_assert_int_eq(e.idx_beats, want[p][6]);
		ck_assert_int_eq(c.idx_bits, want[p][7]);
		c = named("pattern", DATAFLOW_RS, 8, 8);
		c.sparsity = SPARSITY_NM;
		must_refuse(&c, "sparsity");
	}
}
END_TEST

START_TEST(refuses_relations)
{
	struct config c = named("ok", DATAFLOW_OS, 32, 8);

	c.act_port = 16;
	must_refuse(&c, "act_port");
	c.dataflow = DATAFLOW_RS;
	must_derive(&c);
	c = named("ok", DATAFLOW_OS, 8, 32);
	c.par_depth = 32;
	must_refuse(&c, "par_depth");
	c = named("ok", DATAFLOW_WS, 32, 32);
	c.wgt_bytes = 1024;
	must_refuse(&c, "wgt_buffer");
	c = named("ok", DATAFLOW_OS, 1, 1);
	c.bus_bits = 128;
	c.wgt_bytes = 512;
	must_derive(&c);
	c = named("ok", DATAFLOW_WS, 7, 8);
	c.sparsity = SPARSITY_NM;
	must_refuse(&c, "rows");
	c.pattern = PATTERN_1_4;
	must_derive(&c);
	c.act_port = 16;
	must_refuse(&c, "act_port");
}
END_TEST

static const char *const bad_names[] = {
	"", "8x8", "_a", "a_", "a__b", "a-b", "a b", "a.b", "a`b", "a\"b", "a*/b", "a\nb", "\xc3\xa4", "module", "always",
	"logic", "int", "class", "feed", "post",
};

START_TEST(refuses_names)
{
	struct config c = named(bad_names[_i], DATAFLOW_OS, 8, 8);

	must_refuse(&c, "name");
}
END_TEST

START_TEST(refuses_unterminated_name)
{
	struct config c = named("ok", DATAFLOW_OS, 8, 8);

	memset(c.name, 'a', sizeof c.name);
	must_refuse(&c, "name");
}
END_TEST

/* A design named like a module it contains would not elaborate. */
START_TEST(refuses_module_names)
{
	glob_t g;
	size_t i;

	ck_assert_int_eq(glob("rtl/*.v", 0, NULL, &g), 0);
	ck_assert_int_eq(glob("rtl/*/*.v", GLOB_APPEND, NULL, &g), 0);
	for (i = 0; i < g.gl_pathc; i++) {
		struct config c;
		char name[32];

		snprintf(name, sizeof name, "%.31s", strrchr(g.gl_pathv[i], '/') + 1);
		*strchr(name, '.') = 0;
		c = named(name, DATAFLOW_OS, 8, 8);
		must_refuse(&c, "name");
	}
	ck_assert_uint_gt(i, 0);
	globfree(&g);
}
END_TEST

static const struct { const char *text; int line, column; const char *part; } bad_files[] = {
	{ "", 1, 1, "no keys" },
	{ "# nothing\n", 2, 1, "no keys" },
	{ "rows: 8\n", 1, 1, "name is missing" },
	{ "# c\n\nrows: 8\n", 3, 1, "name is missing" },
	{ "name: a\nrosw: 8\n", 2, 1, "did you mean \"rows\"" },
	{ "name: a\nmemory: {latncy: 3}\n", 2, 10, "did you mean \"latency\"" },
	{ "name: a\nelephant: 8\n", 2, 1, "unknown key \"elephant\"" },
	{ "name: a\nrows: eight\n", 2, 7, "rows is \"eight\"" },
	{ "name: a\nrows: 8x\n", 2, 7, "whole number" },
	{ "name: a\nrows: 010\n", 2, 7, "decimal" },
	{ "name: a\nrows: 0x10\n", 2, 7, "decimal" },
	{ "name: a\nrows: 99999999999999999999\n", 2, 7, "below 2147483648" },
	{ "name: a\nrows: 4294967304\n", 2, 7, "below 2147483648" },
	{ "name: a\nrows:\n", 2, 6, "whole number" },
	{ "name: a\nrows: 40\n", 2, 7, "from 1 to 32" },
	{ "name: a\ncols: 4\nrows: 8\nlanes: 3\n", 4, 8, "divisor of cols" },
	{ "name: a\nrows: [8]\n", 2, 7, "list or a mapping" },
	{ "name: a\nrows: {a: 8}\n", 2, 7, "list or a mapping" },
	{ "name: a\nrows: 8\nrows: 8\n", 3, 1, "given before, in line 2" },
	{ "name: a\nmemory: 4\n", 2, 9, "mapping such as" },
	{ "name: a\nmemory: {}\nmemory: {}\n", 3, 1, "given before" },
	{ "name: a\nmemory:\n  stall: 2\n", 3, 10, "0 to 0.99" },
	{ "name: a\nmemory:\n  stall: nan\n", 3, 10, "decimal number" },
	{ "name: a\nmemory:\n  stall: -0.1\n", 3, 10, "decimal number" },
	{ "name: a\nmemory:\n  latency: 0\n", 3, 12, "1 to 100000" },
	{ "name: a\nmemory:\n  bandwidth: 0\n", 3, 14, "0.01 to 1" },
	{ "name: a\nmemory:\n  seed: -1\n", 3, 9, "18446744073709551615" },
	{ "name: a\nmemory:\n  seed: 18446744073709551616\n", 3, 9, "18446744073709551615" },
	{ "name: a\nmemory:\n  rows: 8\n", 3, 3, "memory has latency" },
	{ "name: a\ndataflow: is\n", 2, 11, "os, ws or rs" },
	{ "name: a\nrounding: half\n", 2, 11, "tflite, tflite_single or onnx" },
	{ "name: a\nsparsity: 1\n", 2, 11, "none, gate, nm or skip" },
	{ "name: a\npattern: 3:4\n", 2, 10, "2:4, 1:4 or 4:8" },
	{ "name: a\nprecision: 8\n", 2, 12, "precision is \"8\": it must be a list such as [8, 4, 2]" },
	{ "name: a\nprecision: [8, 4, 8]\n", 2, 19, "each at most once" },
	{ "name: a\nprecision: [8, 3]\n", 2, 16, "8, 4 and 2" },
	{ "name: a\nprecision: [8, [4]]\n", 2, 16, "8, 4 and 2" },
	{ "name: a\nprecision: [4, 2]\n", 2, 12, "use [8]" },
	{ "name: a\nprecision: {8: 4}\n", 2, 12, "a list such as" },
	{ "name: a\nrows: [8]\n", 2, 7, "whole number" },
	{ "name: a\nact_bits: 12\n", 2, 11, "from 4 to 8, or 16" },
	{ "name: a\nrounding: onnx\nact_bits: 16\n", 2, 11, "no 16-bit activations" },
	{ "name: module\n", 1, 7, "keyword" },
	{ "name: abcdefghijklmnopqrstuvwxyz0123456789\n", 1, 7, "1 to 31 characters" },
	{ "name: \"a\\0b\"\n", 1, 7, "identifier" },
	{ "name: &x a\nrows: *x\n", 2, 7, "aliases" },
	{ "*x : 8\n", 1, 1, "plain name" },
	{ "? [a]\n: 8\n", 1, 3, "plain name" },
	{ "- name\n", 1, 1, "not a mapping" },
	{ "name\n", 1, 1, "not a mapping" },
	{ "name: a\n---\nname: b\n", 2, 1, "second document" },
	{ "name: a\n\trows: 8\n", 2, 1, "YAML" },
	{ "name: 'a\n", 2, 1, "YAML" },
	{ "name: a\nrows: \x01\n", 2, 7, "UTF-8" },
	{ "name: \xff\n", 1, 7, "UTF-8" },
	{ "%YAML 7.0\n---\nname: a\n", 1, 1, "YAML" },
};

START_TEST(refuses_files)
{
	const char *text = bad_files[_i].text;
	struct config c;
	struct config_error e = { 0, 0, "" };

	ck_assert_int_eq(config_parse((const uint8_t *)text, strlen(text), &c, NULL, &e), -1);
	ck_assert_msg(strstr(e.text, bad_files[_i].part) != NULL, "%s\n%d:%d: %s", text, e.line, e.column, e.text);
	ck_assert_msg(e.line == bad_files[_i].line && e.column == bad_files[_i].column, "%s\n%d:%d: %s", text, e.line,
		e.column, e.text);
}
END_TEST

START_TEST(takes_every_key)
{
	static const char text[] = "name: all_keys\ndataflow: ws\nrows: 6\ncols: 4\nact_bits: 7\nwgt_bits: 5\nprecision: [8]\nacc_bits: 30\n"
		"rounding: onnx\nsparsity: none\npattern: 4:8\nqueue_depth: 16\nact_buffer: 2048\nwgt_buffer: 1024\nacc_depth: 32\npar_depth: 64\n"
		"act_port: 32\nlanes: 2\nbus_bits: 128\nline_depth: 16\nspad_wgt: 9\nspad_act: 8\nspad_psum: 7\n"
		"memory: {latency: 5, stall: 0.25, bandwidth: 0.5, seed: 18446744073709551615}\n";
	struct config c;
	struct mem_options m;
	struct config_error e = { 0, 0, "" };

	ck_assert_msg(config_parse((const uint8_t *)text, sizeof text - 1, &c, &m, &e) == 0, "%d: %s", e.line, e.text);
	ck_assert_str_eq(c.name, "all_keys");
	ck_assert(c.dataflow == DATAFLOW_WS && c.rounding == ROUNDING_ONNX && c.sparsity == SPARSITY_NONE && c.pattern == PATTERN_4_8 && c.queue_depth == 16);
	ck_assert(c.rows == 6 && c.cols == 4 && c.act_bits == 7 && c.wgt_bits == 5 && c.acc_bits == 30);
	ck_assert(c.act_bytes == 2048 && c.wgt_bytes == 1024 && c.acc_depth == 32 && c.par_depth == 64);
	ck_assert(c.act_port == 32 && c.lanes == 2 && c.bus_bits == 128 && c.line_depth == 16);
	ck_assert(c.spad_wgt == 9 && c.spad_act == 8 && c.spad_psum == 7);
	ck_assert(m.latency == 5 && m.seed == UINT64_MAX);
	ck_assert_double_eq(m.stall, 0.25);
	ck_assert_double_eq(m.bandwidth, 0.5);
}
END_TEST

START_TEST(keeps_defaults)
{
	struct config c, d = named("a", DATAFLOW_OS, 8, 8);
	struct mem_options m;
	struct config_error e = { 0, 0, "" };

	must_derive(&d);
	ck_assert_int_eq(config_parse((const uint8_t *)"name: a", 7, &c, &m, &e), 0);
	ck_assert_mem_eq(&c, &d, sizeof c);
	ck_assert(m.latency == 40 && m.seed == 1);
	ck_assert_double_eq(m.stall, 0);
	ck_assert_double_eq(m.bandwidth, 1);
}
END_TEST

START_TEST(refuses_large_files)
{
	uint8_t *big = malloc(CONFIG_FILE_MAX + 1);
	struct config c;
	struct config_error e = { 0, 0, "" };

	ck_assert_ptr_nonnull(big);
	memset(big, '\n', CONFIG_FILE_MAX + 1);
	memcpy(big, "name: a", 7);
	ck_assert_int_eq(config_parse(big, CONFIG_FILE_MAX, &c, NULL, &e), 0);
	ck_assert_int_eq(config_parse(big, CONFIG_FILE_MAX + 1, &c, NULL, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "larger than"));
	free(big);
}
END_TEST

START_TEST(reads_files)
{
	struct config c;
	struct config_error e = { 0, 0, "" };
	char line[400];
	glob_t g;

	ck_assert_int_eq(glob("examples/*.yaml", 0, NULL, &g), 0);
	ck_assert_uint_ge(g.gl_pathc, 5);
	for (size_t i = 0; i < g.gl_pathc; i++)
		ck_assert_msg(config_read(g.gl_pathv[i], &c, NULL, &e) == 0, "%s:%d: %s", g.gl_pathv[i], e.line, e.text);
	globfree(&g);
	ck_assert_int_eq(config_read("examples", &c, NULL, &e), -1);
	ck_assert_int_eq(config_read("examples/none.yaml", &c, NULL, &e), -1);
	config_error_format(&e, "examples/none.yaml", line, sizeof line);
	ck_assert_str_eq(line, "examples/none.yaml: cannot be read: No such file or directory");
	ck_assert_int_eq(config_read("/dev/zero", &c, NULL, &e), -1);
	config_error_format(&e, "/dev/zero", line, sizeof line);
	ck_assert_str_eq(line, "/dev/zero:1:1: larger than 65536 bytes: this is no configuration");
}
END_TEST

START_TEST(sets_memory_options)
{
	struct mem_options m;
	struct config_error e;

	mem_options_init(&m);
	ck_assert_int_eq(mem_options_set(&m, "latency", "7", &e), 0);
	ck_assert_int_eq(mem_options_set(&m, "stall", "0.5", &e), 0);
	ck_assert_int_eq(mem_options_set(&m, "bandwidth", ".25", &e), 0);
	ck_assert_int_eq(mem_options_set(&m, "seed", "9", &e), 0);
	ck_assert(m.latency == 7 && m.seed == 9);
	ck_assert_double_eq(m.stall, 0.5);
	ck_assert_double_eq(m.bandwidth, 0.25);
	ck_assert_int_eq(mem_options_set(&m, "stall", "1", &e), -1);
	ck_assert_int_eq(mem_options_set(&m, "stall", ".", &e), -1);
	ck_assert_int_eq(mem_options_set(&m, "latency", "", &e), -1);
	ck_assert_int_eq(mem_options_set(&m, "rows", "8", &e), -1);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

int main(void)
{
	Suite *s = suite_create("config");
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, derives_8x8);
	tcase_add_test(t, derives_odd_shapes);
	tcase_add_test(t, derives_all_shapes);
	tcase_add_test(t, acc_bits_hold_a_product);
	tcase_add_test(t, widths_of_weights_and_activations);
	tcase_add_loop_test(t, refuses_ranges, 0, COUNT(ranges));
	tcase_add_test(t, derives_patterns);
	tcase_add_test(t, refuses_relations);
	tcase_add_loop_test(t, refuses_names, 0, COUNT(bad_names));
	tcase_add_test(t, refuses_unterminated_name);
	tcase_add_test(t, refuses_module_names);
	tcase_add_loop_test(t, refuses_files, 0, COUNT(bad_files));
	tcase_add_test(t, takes_every_key);
	tcase_add_test(t, keeps_defaults);
	tcase_add_test(t, refuses_large_files);
	tcase_add_test(t, reads_files);
	tcase_add_test(t, sets_memory_options);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
