/* SPDX-License-Identifier: Apache-2.0 */
#include "builddir.h"
#include "rtl_gen/embedded.h"
#include "rtl_gen/writer.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* FNV-1a */
uint64_t builddir_hash(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (n--)
		h = (h ^ *p++) * 1099511628211ull;
	return h;
}

uint64_t builddir_hash_files(uint64_t h, const char *prefix)
{
	const struct embedded_file *f;

	for (f = embedded_files; f->path; f++)
		if (strncmp(f->path, prefix, strlen(prefix)) == 0)
			h = builddir_hash(h, f->text, f->size + 1);
	return h;
}

int builddir_make(const char *dir)
{
	char path[400];
	size_t i;

	snprintf(path, sizeof path, "%s", dir);
	for (i = 1; path[i]; i++)
		if (path[i] == '/') {
			path[i] = 0;
			if (mkdir(path, 0777) && errno != EEXIST)
				return -1;
			path[i] = '/';
		}
	return mkdir(path, 0777) && errno != EEXIST ? -1 : 0;
}

int builddir_lock(const char *dir)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[512];
	int fd;

	if (builddir_make(dir))
		return -1;
	snprintf(path, sizeof path, "%s/lock", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0 && fcntl(fd, F_SETLKW, &whole)) {
		close(fd);
		return -1;
	}
	return fd;
}

int builddir_copy(const char *dir, const char *from)
{
	const struct embedded_file *f;
	const char *name = strrchr(from, '/') + 1;
	char path[512];
	struct writer w;

	for (f = embedded_files; f->path && strcmp(f->path, from); f++)
		;
	if (!f->path)
		return -1;
	snprintf(path, sizeof path, "%s/%s", dir, name);
	writer_open(&w, path);
	writer_text(&w, "%.*s", (int)f->size, f->text);
	return writer_close(&w);
}

int builddir_run(const char *dir, const char *command)
{
	char line[1600];

	snprintf(line, sizeof line, "cd '%s' && ( %s ) >>build.log 2>&1", dir, command);
	return system(line) == 0 ? 0 : -1;
}
