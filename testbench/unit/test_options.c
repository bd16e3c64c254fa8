/* SPDX-License-Identifier: Apache-2.0
 * The command line: every option, every way to get it wrong in one line. */
#include "compiler/options.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Splits at spaces. */
static int parse(const char *line, struct options *o, char *err)
{
	static char copy[512];
	char *argv[32] = { 0 };
	int argc = 0;

	snprintf(copy, sizeof copy, "systole %s", line);
	for (char *s = strtok(copy, " "); s && argc < 31; s = strtok(NULL, " "))
		argv[argc++] = s;
	return options_parse(argc, argv, o, err, 240);
}

START_TEST(takes_everything)
{
	struct options o;
	char err[240];

	ck_assert_msg(!parse("run a.yaml -i in.bin -n 3 m.tflite -o dir --engine icarus --output out --dump d --json j "
		"--seed 18446744073709551615 --mem latency=7,stall=0.5,seed=3 --no-compare --reset-seed 5 --rounding onnx "
		"--build-dir b --keep-dead", &o, err), "%s", err);
	ck_assert(o.command == COMMAND_RUN && o.engine == ENGINE_ICARUS && o.count == 3 && o.seed == UINT64_MAX);
	ck_assert(o.keep_dead && o.no_compare && o.reset_seed_given && o.reset_seed == 5 && o.rounding_given && o.rounding == ROUNDING_ONNX);
	ck_assert_str_eq(o.config, "a.yaml");
	ck_assert_str_eq(o.model, "m.tflite");
	ck_assert_str_eq(o.input, "in.bin");
	ck_assert_str_eq(o.dir, "dir");
	ck_assert_str_eq(o.output, "out");
	ck_assert_str_eq(o.dump, "d");
	ck_assert_str_eq(o.json, "j");
	ck_assert_str_eq(o.build_dir, "b");
}
END_TEST

START_TEST(memory_over_the_file)
{
	struct options o;
	struct mem_options m = { 11, 0.125, 0.5, 12 };
	char err[240];

	ck_assert_int_eq(parse("run a b --mem stall=0.25 --mem seed=3", &o, err), 0);
	options_memory(&o, &m);
	ck_assert(m.latency == 11 && m.seed == 3);
	ck_assert_double_eq(m.stall, 0.25);
	ck_assert_double_eq(m.bandwidth, 0.5);
}
END_TEST

START_TEST(takes_files)
{
	struct options o;
	char err[240];

	ck_assert_int_eq(parse("ref m.tflite", &o, err), 0);
	ck_assert(!o.config && !strcmp(o.model, "m.tflite") && o.seed == 1 && !strcmp(o.build_dir, "build"));
	ck_assert_int_eq(parse("ref c.yaml m.tflite", &o, err), 0);
	ck_assert(!strcmp(o.config, "c.yaml") && !strcmp(o.model, "m.tflite"));
	ck_assert_int_eq(parse("explain c.yaml", &o, err), 0);
	ck_assert(!strcmp(o.config, "c.yaml") && !o.model);
	ck_assert_int_eq(parse("doctor", &o, err), 0);
	ck_assert_int_eq(parse("gen c.yaml -o d", &o, err), 0);
	ck_assert_int_eq(parse("run c.yaml -- -m", &o, err), 0);
	ck_assert_str_eq(o.model, "-m");
}
END_TEST

START_TEST(help_and_version)
{
	struct options o;
	char err[240], text[16384] = "";
	FILE *f = tmpfile();

	ck_assert_int_eq(parse("--help", &o, err), 0);
	ck_assert(o.command == COMMAND_HELP);
	ck_assert_int_eq(parse("gen --help", &o, err), 0);
	ck_assert(o.command == COMMAND_HELP);
	ck_assert_int_eq(parse("--version", &o, err), 0);
	ck_assert(o.command == COMMAND_VERSION);
	ck_assert_ptr_nonnull(f);
	options_help(f);
	rewind(f);
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, f), 1000);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "--reset-seed"));
	ck_assert_ptr_nonnull(strstr(text, "sparsity"));
	ck_assert_ptr_nonnull(strstr(text, "explain"));
}
END_TEST

START_TEST(takes_prune)
{
	struct options o;
	char err[240];

	ck_assert_int_eq(parse("prune --nm 2:4 --tensor-scale keep m.tflite -o n.tflite", &o, err), 0);
	ck_assert(o.command == COMMAND_PRUNE && o.prune.keep == 2 && o.prune.of == 4 && !o.prune.bits && !o.config);
	ck_assert_str_eq(o.model, "m.tflite");
	ck_assert_str_eq(o.dir, "n.tflite");
	ck_assert_int_eq(parse("prune --unstructured 0.9 --wgt-bits 4 m -o n", &o, err), 0);
	ck_assert(o.prune.zero > 0.899 && o.prune.zero < 0.901 && o.prune.bits == 4 && !o.prune.of);
}
END_TEST

static const struct { const char *line, *part; } wrong[] = {
	{ "", "which command" },
	{ "walk a b", "unknown command \"walk\"" },
	{ "run a", "run takes two files" },
	{ "run a b c", "too many arguments" },
	{ "gen", "gen takes one file" },
	{ "gen a", "gen needs a directory" },
	{ "gen a b -o c", "gen takes one file" },
	{ "doctor a", "doctor takes no file" },
	{ "gen a -o b --json c", "gen has no option --json" },
	{ "doctor --seed 1", "doctor has no option --seed" },
	{ "prune a --nm 2:4", "prune needs a file for the new model" },
	{ "prune a -o b", "prune needs --nm, --unstructured, --wgt-bits or --codebook" },
	{ "prune a b -o c --nm 2:4", "prune takes one file" },
	{ "prune a -o b --nm 4:4", "use N:M" },
	{ "prune a -o b --nm 0:4", "use N:M" },
	{ "prune a -o b --nm 2", "use N:M" },
	{ "prune a -o b --nm 2:4:8", "use N:M" },
	{ "prune a -o b --nm 2:4 --unstructured 0.5", "do not go together" },
	{ "prune a -o b --unstructured 1", "above 0 and below 1" },
	{ "prune a -o b --unstructured nan", "above 0 and below 1" },
	{ "prune a -o b --wgt-bits 3", "use 4, 2 or 1" },
	{ "prune a -o b --wgt-bits 1 --nm 1:2", "has no zero" },
	{ "prune a -o b --nm 1:2 --tensor-scale new", "use keep" },
	{ "prune a -o b --nm 1:2 --seed 3", "prune has no option --seed" },
	{ "run a b --nm 2:4", "run has no option --nm" },
	{ "ref a --keep-dead", "ref has no option --keep-dead" },
	{ "run a b --frobnicate", "unknown or wrong option \"--frobnicate\"" },
	{ "run a b -x", "unknown or wrong option \"-x\"" },
	{ "run a b --json", "option --json needs a value" },
	{ "run a b -i", "option -i needs a value" },
	{ "run a b -n 0", "--count is 0" },
	{ "run a b -n -1", "--count is \"-1\"" },
	{ "run a b -n 1x", "--count is \"1x\"" },
	{ "run a b --seed 18446744073709551616", "--seed is" },
	{ "run a b --seed=", "--seed is empty" },
	{ "run a b --engine modelsim", "use verilator, icarus, twin or ref" },
	{ "run a b --rounding up", "use tflite, tflite_single or onnx" },
	{ "run a b --mem stall", "use KEY=VALUE" },
	{ "run a b --mem stall=1", "0 to 0.99" },
	{ "run a b --mem stall=0.1,", "use KEY=VALUE" },
	{ "run a b --mem speed=1", "unknown key \"speed\"" },
	{ "run a b --mem latency=0", "1 to 100000" },
	{ "run a b --mem latency=1111111111111111111111111111111111111111111111111111111111111111111111", "KEY=VALUE" },
	{ "run a b --no-compare=1", "unknown or wrong option \"--no-compare=1\"" },
};

START_TEST(refuses)
{
	struct options o;
	char err[240];

	ck_assert_int_eq(parse(wrong[_i].line, &o, err), -1);
	ck_assert_msg(strstr(err, wrong[_i].part) != NULL, "%s: %s", wrong[_i].line, err);
	ck_assert_ptr_null(strchr(err, '\n'));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("options");
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, takes_everything);
	tcase_add_test(t, memory_over_the_file);
	tcase_add_test(t, takes_files);
	tcase_add_test(t, takes_prune);
	tcase_add_test(t, help_and_version);
	tcase_add_loop_test(t, refuses, 0, (int)(sizeof wrong / sizeof *wrong));
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
