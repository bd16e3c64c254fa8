/* SPDX-License-Identifier: Apache-2.0
 * Text writer of the generator: indentation and sticky errors in one place. */
#ifndef SYSTOLE_WRITER_H
#define SYSTOLE_WRITER_H
#include <stddef.h>
#include <stdio.h>

struct writer {
	FILE *file;       /* owned between writer_open and writer_close */
	char path[512], temp[520];
	int indent;
	int failed;
};

/* Opens a temporary file beside path. Errors are kept until writer_close. */
void writer_open(struct writer *w, const char *path);
/* A line: indentation, the text, a newline. */
void writer_line(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void writer_text(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Renames the whole file into place. 0, or -1 with errno set and nothing left behind. */
int writer_close(struct writer *w);

#endif
