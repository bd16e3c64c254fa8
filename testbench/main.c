/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/doctor.h"
#include "compiler/options.h"
#include "run.h"
#include <stdio.h>

static int prune_command(const struct options *o)
{
	struct prune_report r;
	char err[400];

	if (prune_file(o->model, o->dir, &o->prune, &r, err, sizeof err)) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	prune_print(&r, stdout);
	prune_free(&r);
	return 0;
}

static int dispatch(struct options *o)
{
	switch (o->command) {
	case COMMAND_GEN:
		return gen_command(o);
	case COMMAND_EXPLAIN:
		return explain_command(o);
	case COMMAND_IMAGE:
		return image_command(o);
	case COMMAND_REF:
		o->engine = ENGINE_REF;
		return run_command(o);
	case COMMAND_RUN:
		return run_command(o);
	case COMMAND_PRUNE:
		return prune_command(o);
	case COMMAND_DOCTOR:
		return doctor_print(stdout) ? 1 : 0;
	case COMMAND_VERSION:
		printf("systole %s\n", SYSTOLE_VERSION);
		return 0;
	default:
		options_help(stdout);
		return 0;
	}
}

static void command_line(int argc, char **argv, char *line, size_t size)
{
	size_t n = 0;
	int i;

	for (i = 0, line[0] = 0; i < argc && n < size; i++)
		n += (size_t)snprintf(line + n, size - n, "%s%s", i ? " " : "", argv[i]);
}

int main(int argc, char **argv)
{
	struct options o;
	char err[400], line[1000];
	int status;

	command_line(argc, argv, line, sizeof line); /* before argp sorts it */
	if (options_parse(argc, argv, &o, err, sizeof err)) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	o.line = line;
	status = dispatch(&o);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "standard output: write error\n");
		return 2;
	}
	return status;
}
