/* SPDX-License-Identifier: Apache-2.0 */
#include "energy_source.h"
#include "rtl_gen/embedded.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_MAX = 1 << 16 };

static const char folder[] = "constraints/energy/", suffix[] = ".table";

/* Length of the table's name when the embedded file is one, else 0. */
static size_t name_length(const struct embedded_file *f)
{
	size_t n = strlen(f->path), fixed = sizeof folder + sizeof suffix - 2;

	return n > fixed && !strncmp(f->path, folder, sizeof folder - 1) ? n - fixed : 0;
}

static void names(char *text, size_t size)
{
	const struct embedded_file *f;
	size_t at = 0;

	text[0] = 0;
	for (f = embedded_files; f->path; f++) {
		size_t n = name_length(f);

		if (n && at + n + 3 < size)
			at += (size_t)snprintf(text + at, size - at, "%s%.*s", at ? ", " : "", (int)n, f->path + sizeof folder - 1);
	}
}

static int read_file(const char *path, struct energy_table *t, char *err, size_t size)
{
	static char text[TABLE_MAX + 1];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f) {
		char known[200];

		names(known, sizeof known);
		snprintf(err, size, "%s: %s: give a file, or one of the tables %s", path, strerror(errno), known);
		return -1;
	}
	n = fread(text, 1, TABLE_MAX, f);
	text[n] = 0;
	if (ferror(f) || n == TABLE_MAX || strlen(text) != n) {
		fclose(f);
		snprintf(err, size, "%s: not an energy table: `key value` lines are expected", path);
		return -1;
	}
	fclose(f);
	return energy_parse(path, text, t, err, size);
}

int energy_read(const char *which, struct energy_table *t, char *err, size_t size)
{
	const struct embedded_file *f;

	for (f = embedded_files; f->path; f++) {
		size_t n = name_length(f);

		if (n && strlen(which) == n && !strncmp(f->path + sizeof folder - 1, which, n))
			return energy_parse(f->path, f->text, t, err, size);
	}
	return read_file(which, t, err, size);
}
