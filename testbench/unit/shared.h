/* SPDX-License-Identifier: Apache-2.0
 * Models and golden outputs that lie beside the repository, in SYSTOLE_SHARED (default ../shared). */
#ifndef SYSTOLE_SHARED_H
#define SYSTOLE_SHARED_H
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *shared_dir(void)
{
	const char *dir = getenv("SYSTOLE_SHARED");

	return dir && *dir ? dir : "../shared";
}

/* Whether it is there; says so when it is not. */
static int shared_here(void)
{
	struct stat s;

	if (stat(shared_dir(), &s) == 0)
		return 1;
	printf("skipped: %s is not here\n", shared_dir());
	return 0;
}

/* Whole file below the directory, owned by the caller, NULL when it cannot be read. */
static uint8_t *shared_load(const char *file, size_t *len)
{
	char path[600];
	FILE *f;
	uint8_t *buf;

	snprintf(path, sizeof path, "%s/%s", shared_dir(), file);
	f = fopen(path, "rb");
	buf = f ? malloc(1 << 20) : NULL;
	*len = buf ? fread(buf, 1, 1 << 20, f) : 0;
	if (f)
		fclose(f);
	return buf;
}

#endif
