/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

void writer_open(struct writer *w, const char *path)
{
	memset(w, 0, sizeof *w);
	snprintf(w->path, sizeof w->path, "%s", path);
	snprintf(w->temp, sizeof w->temp, "%s.part", w->path);
	w->file = fopen(w->temp, "w");
	if (!w->file)
		w->failed = errno;
}

static void put(struct writer *w, const char *fmt, va_list ap)
{
	if (w->file && !w->failed && vfprintf(w->file, fmt, ap) < 0)
		w->failed = errno ? errno : EIO;
}

void writer_line(struct writer *w, const char *fmt, ...)
{
	va_list ap;
	int i;

	for (i = 0; w->file && *fmt && i < w->indent; i++)
		fputc('\t', w->file);
	va_start(ap, fmt);
	put(w, fmt, ap);
	va_end(ap);
	if (w->file && fputc('\n', w->file) == EOF && !w->failed)
		w->failed = errno ? errno : EIO;
}

void writer_text(struct writer *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(w, fmt, ap);
	va_end(ap);
}

int writer_close(struct writer *w)
{
	if (w->file) {
		if (ferror(w->file) && !w->failed)
			w->failed = EIO;
		if (fclose(w->file) && !w->failed)
			w->failed = errno;
		w->file = NULL;
		if (!w->failed && rename(w->temp, w->path))
			w->failed = errno;
		if (w->failed)
			unlink(w->temp);
	}
	errno = w->failed;
	return w->failed ? -1 : 0;
}
