/* SPDX-License-Identifier: Apache-2.0
 * The twin compiled for one configuration: the same sources, with the configuration a constant. */
#include "builddir.h"
#include "rtl_gen/embedded.h"
#include "rtl_gen/writer.h"
#include "simbuild.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* All that follows the name in struct config is int or enum. */
static int write_config(const char *dir, const struct config *c)
{
	int values[(sizeof *c - sizeof c->name) / sizeof(int)];
	char path[512];
	struct writer w;
	size_t i;

	memcpy(values, (const char *)c + sizeof c->name, sizeof values);
	snprintf(path, sizeof path, "%s/config.inc", dir);
	writer_open(&w, path);
	writer_text(&w, "static const struct config fixed_config = { \"%s\"", c->name);
	for (i = 0; i < sizeof values / sizeof values[0]; i++)
		writer_text(&w, ", %d", values[i]);
	writer_text(&w, " };\n");
	return writer_close(&w);
}

static int write_sources(const char *dir, const struct config *c)
{
	const struct embedded_file *f;

	for (f = embedded_files; f->path; f++)
		if (strncmp(f->path, "cmodel/", 7) == 0 && builddir_copy(dir, f->path))
			return -1;
	return write_config(dir, c);
}

static const char command[] = "rm -f twin.part && gcc -std=c11 -D_POSIX_C_SOURCE=200809L -DFIXED_CONFIG -O3 -march=native -Wno-psabi -flto=2 -fPIC -shared"
	" -fvisibility=hidden -o twin.part *.c && mv twin.part twin.so";

static int build(const struct sim_build *b, const char *dir, char *err, size_t errsize)
{
	if (write_sources(dir, b->c)) {
		snprintf(err, errsize, "%s: %s", dir, strerror(errno ? errno : EIO));
		return -1;
	}
	if (builddir_run(dir, command)) {
		snprintf(err, errsize, "%s/build.log: compiling the twin failed", dir);
		return -1;
	}
	return 0;
}

int simbuild_twin(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize)
{
	uint64_t h = builddir_hash_files(builddir_hash(BUILDDIR_HASH, b->c, sizeof *b->c), "cmodel/");
	char dir[400];
	int n = snprintf(dir, sizeof dir, "%s/sim/%s-twin-%016llx", b->build_dir, b->c->name, (unsigned long long)builddir_hash(h, command, sizeof command));

	if (n < 0 || n > 380) {
		snprintf(err, errsize, "%s: the path is too long", b->build_dir);
		return -1;
	}
	snprintf(path, pathsize, "%s/twin.so", dir);
	return simbuild_once(b, dir, path, build, seconds, err, errsize);
}
