/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/energy.h"
#include "testbench/energy_source.h"
#include <check.h>
#include <string.h>

static const char table[] = "# a comment\ntitle  A table  # of one\nunit pJ\nmac 0.5\nmac_bits 4\nrf 1\nnoc 2\nbuffer 3\nbuffer_bytes 4096\ndram 100";

static struct config design(enum dataflow d)
{
	struct config c;
	struct config_error e;

	config_init(&c);
	memcpy(c.name, "energy", 7);
	c.dataflow = d;
	c.acc_bits = 32;
	c.act_bytes = 16384;
	c.wgt_bytes = 1024;
	c.acc_depth = 128;
	ck_assert_int_eq(config_derive(&c, &e), 0);
	return c;
}

START_TEST(reads_a_table)
{
	struct energy_table t;
	char err[200];

	ck_assert_msg(!energy_parse("t", table, &t, err, sizeof err), "%s", err);
	ck_assert_str_eq(t.title, "A table");
	ck_assert_str_eq(t.unit, "pJ");
	ck_assert_double_eq(t.part[ENERGY_MAC], 0.5);
	ck_assert_double_eq(t.part[ENERGY_DRAM], 100);
	ck_assert_double_eq(t.mac_bits, 4);
	ck_assert_double_eq(t.buffer_bytes, 4096);
}
END_TEST

static const struct { const char *text, *message; } wrong[] = {
	{ "titel a\n", "t:1:1: unknown key \"titel\"" },
	{ "title a\ntitle b\n", "t:2:1: title was given before" },
	{ "title\n", "t:1:1: title must be 1 to 63 characters" },
	{ "title a\nunit pJ\nmac 1 2\n", "t:3:1: mac must be a number" },
	{ "mac -1\n", "t:1:1: mac must be a number" },
	{ "mac nan\n", "t:1:1: mac must be a number" },
	{ "title a\nunit pJ\nmac 1\nrf 1\nnoc 1\nbuffer 1\n", "t: dram is missing" },
	{ "title a\nunit pJ\nmac 1\nrf 1\nnoc 1\nbuffer 1\ndram 1\nmac_bits 0\n", "t: mac_bits must be 1 or more" },
};

START_TEST(refuses_what_is_no_table)
{
	struct energy_table t;
	char err[200] = "";

	ck_assert_int_eq(energy_parse("t", wrong[_i].text, &t, err, sizeof err), -1);
	ck_assert_msg(!strncmp(err, wrong[_i].message, strlen(wrong[_i].message)), "%s", err);
}
END_TEST

/* 1000 multiplications, 200 of them gated; 8-bit operands (4 times a 4-bit MAC), sums of 4 bytes. Buffers of 16384, 1024 and
 * 128 * 8 * 4 = 4096 bytes cost 2, 1/2 and 1 times the table's 3. */
START_TEST(multiplies_accesses)
{
	const struct energy_accesses a = {
		.given = 1000, .gated = 200, .act = 50, .wgt = 60, .acc = 70, .mem = 9, .act_read = 40, .wgt_read = 30, .acc_write = 20,
	};
	static const double noc[] = {
		2 * (1000.0 / 8 + 1000),                    /* os: operand per row, weight per PE */
		2 * (1000.0 / 8 + 4 * 1000 + 30 * 4.5),     /* ws: sums, weights through half of 8 rows */
		2 * (40 + 1000.0 / 8 + 20 * 8),             /* rs: words, weights per row, sums through 8 rows */
	};
	struct config c = design((enum dataflow)_i);
	struct energy_table t;
	double part[ENERGY_COUNT];
	char err[200];

	ck_assert_int_eq(energy_parse("t", table, &t, err, sizeof err), 0);
	energy_model(&c, &t, &a, part);
	ck_assert_double_eq_tol(part[ENERGY_MAC], 0.5 * 4 * 800, 1e-9);
	ck_assert_double_eq_tol(part[ENERGY_RF], 800 * (1 + 1 + 8), 1e-9);
	ck_assert_double_eq_tol(part[ENERGY_NOC], noc[_i], 1e-9);
	ck_assert_double_eq_tol(part[ENERGY_BUFFER], 3 * (50 * 2 + 60 * 0.5 + 70), 1e-9);
	ck_assert_double_eq_tol(part[ENERGY_DRAM], 900, 1e-9);
}
END_TEST

static const char *const own[] = { "horowitz45", "eyeriss" };

START_TEST(has_its_tables)
{
	struct energy_table t;
	char err[300];

	ck_assert_msg(!energy_read(own[_i], &t, err, sizeof err), "%s", err);
	ck_assert(t.part[ENERGY_DRAM] > 10 * t.part[ENERGY_BUFFER] && t.part[ENERGY_BUFFER] > t.part[ENERGY_RF]);
	ck_assert_int_eq(energy_read("no such table", &t, err, sizeof err), -1);
	ck_assert_ptr_nonnull(strstr(err, own[_i]));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("energy");
	TCase *t = tcase_create("all");
	SRunner *r = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, reads_a_table);
	tcase_add_loop_test(t, refuses_what_is_no_table, 0, (int)(sizeof wrong / sizeof *wrong));
	tcase_add_loop_test(t, multiplies_accesses, 0, 3);
	tcase_add_loop_test(t, has_its_tables, 0, 2);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
