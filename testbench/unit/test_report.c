/* SPDX-License-Identifier: Apache-2.0
 * The report: keys and values of the JSON, whole or absent, the table's words. */
#include "compiler/report.h"
#include <check.h>
#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct config config;
static struct report_layer layers[3];
static struct report report;

static void setup(void)
{
	struct config_error e;

	config_init(&config);
	snprintf(config.name, sizeof config.name, "os8x8");
	ck_assert_int_eq(config_derive(&config, &e), 0);
	memset(layers, 0, sizeof layers);
	layers[0] = (struct report_layer){ .op = "CONV_2D", .shape = "32x32x3 -> 32x32x16 k3x3", .macs = 442368,
		.cycles = 6912, .estimate = 7000, .stalls = { 1, 2, 3, 4, 5 }, .traffic = { 10, 20, 30, 40, 50, 60, 70, 80 } };
	layers[1] = (struct report_layer){ .index = 1, .op = "ADD", .shape = "32x32x16", .cycles = 100 };
	layers[2] = (struct report_layer){ .index = 2, .op = "SOFTMAX", .shape = "10", .host = 1 };
	report = (struct report){ .config = &config, .model = "m\xff" "odel", .ops = 3, .macs = 442368, .engine = "twin",
		.inputs = 2, .seed = 7, .cycles = 13824, .estimate = 14000, .lockstep = { 27648, 300, 0 }, .output = { 20, 1 },
		.traffic = { 1, 2, 3, 4, 5, 6, 7, 8 }, .layers = layers, .nlayers = 3, .build_seconds = 1.5,
		.run_seconds = 0.5, .sim_cycles = 27648, .sparse = { 12, 221184, 4096, -5, 25000, 100000 } };
}

static json_int_t whole(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	ck_assert_msg(json_is_integer(v), "%s", key);
	return json_integer_value(v);
}

START_TEST(writes_json)
{
	char path[] = "/tmp/systole_report_XXXXXX";
	int fd = mkstemp(path);
	const json_t *o, *part, *layer;
	json_t *root;

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(report_write_json(&report, path), 0);
	root = json_load_file(path, 0, NULL);
	unlink(path);
	o = root;
	ck_assert_ptr_nonnull(o);
	part = json_object_get(o, "design");
	ck_assert_str_eq(json_string_value(json_object_get(part, "name")), "os8x8");
	ck_assert_str_eq(json_string_value(json_object_get(part, "dataflow")), "os");
	ck_assert_str_eq(json_string_value(json_object_get(part, "rounding")), "tflite");
	ck_assert_str_eq(json_string_value(json_object_get(part, "sparsity")), "gate");
	ck_assert_int_eq(whole(part, "rows"), 8);
	ck_assert_int_eq(whole(part, "wgt_bits"), 8);
	ck_assert_int_eq((int)json_array_size(json_object_get(part, "precision")), 1);
	part = json_object_get(o, "model");
	ck_assert_str_eq(json_string_value(json_object_get(part, "name")), "m?odel");
	ck_assert_int_eq(whole(part, "ops"), 3);
	ck_assert_int_eq(whole(o, "inputs"), 2);
	ck_assert_int_eq(whole(o, "seed"), 7);
	ck_assert_int_eq(whole(o, "cycles"), 13824);
	ck_assert_double_eq_tol(json_real_value(json_object_get(o, "utilization")), 0.5, 1e-9);
	ck_assert_int_eq(whole(json_object_get(o, "lockstep"), "registers"), 300);
	ck_assert_int_eq(whole(json_object_get(o, "output"), "mismatches"), 1);
	ck_assert_int_eq(whole(json_object_get(o, "traffic"), "mem_write"), 2);
	ck_assert_int_eq(whole(json_object_get(o, "traffic"), "acc_write"), 8);
	part = json_object_get(o, "layers");
	ck_assert_uint_eq(json_array_size(part), 3);
	layer = json_array_get(part, 0);
	ck_assert_double_eq_tol(json_real_value(json_object_get(layer, "utilization")), 1, 1e-9);
	ck_assert_int_eq(whole(json_object_get(layer, "stalls"), "fill"), 4);
	ck_assert_int_eq(whole(json_object_get(layer, "traffic"), "act_read"), 30);
	part = json_object_get(o, "sparse");
	ck_assert_int_eq(whole(part, "macs_skipped"), 221184);
	ck_assert_int_eq(whole(part, "macs_gated"), 25000);
	ck_assert_int_eq(whole(part, "dropped_channels"), 12);
	ck_assert_int_eq(whole(part, "bytes_saved"), 4096);
	ck_assert_int_eq(whole(part, "cycles_saved"), -5);
	part = json_object_get(o, "sim");
	ck_assert_double_eq_tol(json_real_value(json_object_get(part, "cycles_per_second")), 55296, 1e-3);
	json_decref(root);
}
END_TEST

START_TEST(fails_whole)
{
	char dir[] = "/tmp/systole_report_XXXXXX", path[64];
	glob_t g;

	ck_assert_int_eq(report_write_json(&report, "/dev/full"), -1);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(access("/dev/full", F_OK), 0);
	ck_assert_int_eq(report_write_json(&report, "/nowhere/at/all"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(report_write_json(&report, dir), -1);
	snprintf(path, sizeof path, "%s/r.json", dir);
	ck_assert_int_eq(report_write_json(&report, path), 0);
	snprintf(path, sizeof path, "%s/*", dir);
	ck_assert_int_eq(glob(path, 0, NULL, &g), 0);
	ck_assert_uint_eq(g.gl_pathc, 1);
	unlink(g.gl_pathv[0]);
	globfree(&g);
	rmdir(dir);
}
END_TEST

/* /dev/stdout is a link, perhaps to a regular file: it must stay one. */
START_TEST(keeps_links)
{
	char dir[] = "/tmp/systole_report_XXXXXX", path[64], link[64];
	struct stat s;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/r.json", dir);
	snprintf(link, sizeof link, "%s/link", dir);
	ck_assert_int_eq(report_write_json(&report, path), 0);
	ck_assert_int_eq(symlink(path, link), 0);
	ck_assert_int_eq(report_write_json(&report, link), 0);
	ck_assert_int_eq(lstat(link, &s), 0);
	ck_assert(S_ISLNK(s.st_mode));
	unlink(link);
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(prints_table)
{
	char text[8192] = "";
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	report_print(&report, f, 0);
	rewind(f);
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, f), 500);
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_nonnull(strstr(text, "CONV_2D"));
	ck_assert_ptr_nonnull(strstr(text, "442K"));
	ck_assert_ptr_nonnull(strstr(text, "100.0"));
	ck_assert_ptr_nonnull(strstr(text, "on the host"));
	ck_assert_ptr_nonnull(strstr(text, "50.00 %"));
	ck_assert_ptr_nonnull(strstr(text, "20 bytes compared with the reference: 1 mismatch\n"));
	ck_assert_ptr_nonnull(strstr(text, "300 registers compared in each: 0 mismatches"));
	ck_assert_ptr_nonnull(strstr(text, "12 channels dropped: 221K MACs (50.0 %), 4096 bytes of memory traffic and -5 estimated cycles saved; "
		"25.0K multiplications gated (25.0 %)\n"));
	ck_assert_int_eq(report_colour(f), 0);
	report_print(&report, f, 1);
	rewind(f);
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	ck_assert_ptr_nonnull(strstr(text, "\033[1;31m1 mismatch"));
	fclose(f);
}
END_TEST

START_TEST(converts_counts)
{
	const uint64_t counts[TRAFFIC_COUNT] = { 1, 2, 1, 2, 1, 2, 1, 2 };
	uint64_t bytes[TRAFFIC_COUNT];

	report_bytes(&config, counts, bytes);
	ck_assert_uint_eq(bytes[TRAFFIC_MEM_READ], 8);
	ck_assert_uint_eq(bytes[TRAFFIC_ACT_WRITE], 32);
	ck_assert_uint_eq(bytes[TRAFFIC_WGT_READ], 8);
	ck_assert_uint_eq(bytes[TRAFFIC_ACC_READ], 29);
	ck_assert_double_eq(report_utilization(&config, 64, 0), 0);
	ck_assert_double_eq(report_utilization(&config, 64, 2), 0.5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, writes_json);
	tcase_add_test(t, fails_whole);
	tcase_add_test(t, keeps_links);
	tcase_add_test(t, prints_table);
	tcase_add_test(t, converts_counts);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
