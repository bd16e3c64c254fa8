/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* T(tool, option that prints its version, Debian package, what for) */
#define TOOLS(T) \
	T("gcc", "--version", "gcc", "compiles the C model") \
	T("g++", "--version", "g++", "compiles Verilator's output") \
	T("make", "--version", "make", "builds simulations") \
	T("verilator", "--version", "verilator", "run, lint") \
	T("iverilog", "-V", "iverilog", "run --engine icarus, lint") \
	T("vvp", "-V", "iverilog", "run --engine icarus") \
	T("yosys", "-V", "yosys", "synthesis, lint")

static const struct tool {
	const char *name, *option, *package, *use;
} tools[] = {
#define TOOL(name, option, package, use) { name, option, package, use },
	TOOLS(TOOL)
#undef TOOL
};
enum { TOOL_COUNT = sizeof tools / sizeof *tools };

static int in_directory(const char *dir, size_t n, const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof path, "%.*s/%s", n < PATH_MAX ? (int)n : PATH_MAX, dir, name);

	return len > 0 && (size_t)len < sizeof path && access(path, X_OK) == 0;
}

static int on_path(const char *name)
{
	const char *p = getenv("PATH");

	while (p && *p) {
		size_t n = strcspn(p, ":");

		if (n && in_directory(p, n, name))
			return 1;
		p += n + (p[n] == ':');
	}
	return 0;
}

/* First line of what the tool says about itself. */
static void version(const struct tool *t, char *line, size_t size)
{
	char command[80];
	FILE *f;

	snprintf(command, sizeof command, "%s %s 2>&1 </dev/null", t->name, t->option);
	f = popen(command, "r");
	if (!f || !fgets(line, (int)size, f))
		snprintf(line, size, "found, version unknown");
	if (f) {
		char rest[256];

		while (fgets(rest, sizeof rest, f))
			;
		pclose(f);
	}
	line[strcspn(line, "\n")] = 0;
}

static int first_of_package(const int *found, int i)
{
	for (int k = 0; k < i; k++)
		if (!found[k] && !strcmp(tools[k].package, tools[i].package))
			return 0;
	return 1;
}

static void print_missing(const int *found, FILE *out)
{
	fprintf(out, "\nTo install what is missing:\n  %sapt-get install -y", geteuid() ? "sudo " : "");
	for (int i = 0; i < TOOL_COUNT; i++)
		if (!found[i] && first_of_package(found, i))
			fprintf(out, " %s", tools[i].package);
	fprintf(out, "\n");
}

int doctor_print(FILE *out)
{
	int found[TOOL_COUNT], missing = 0;
	char line[100];

	for (int i = 0; i < TOOL_COUNT; i++) {
		found[i] = on_path(tools[i].name);
		missing += !found[i];
		if (found[i])
			version(&tools[i], line, sizeof line);
		else
			snprintf(line, sizeof line, "MISSING");
		fprintf(out, "%-10s %-48.48s  %s\n", tools[i].name, line, tools[i].use);
	}
	if (missing)
		print_missing(found, out);
	else
		fprintf(out, "\nEverything is here.\n");
	return missing;
}
