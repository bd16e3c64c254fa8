/* SPDX-License-Identifier: Apache-2.0
 * A directory in which something is built from embedded files, named by what it is built from. */
#ifndef SYSTOLE_BUILDDIR_H
#define SYSTOLE_BUILDDIR_H
#include <stddef.h>
#include <stdint.h>

enum { BUILDDIR_HASH = 0x5357 }; /* to start builddir_hash() from */

uint64_t builddir_hash(uint64_t h, const void *data, size_t n);
/* Embedded files whose path begins with prefix. */
uint64_t builddir_hash_files(uint64_t h, const char *prefix);
/* Makes dir and what is above it. 0, or -1 with errno. */
int builddir_make(const char *dir);
/* Makes dir and waits until no other process builds in it. A descriptor, for close(), or -1 with errno. */
int builddir_lock(const char *dir);
/* Copies the embedded file `from` into dir, under its last name. 0 or -1. */
int builddir_copy(const char *dir, const char *from);
/* Runs a shell command in dir; what it says goes to dir/build.log. 0, or -1 when it fails. */
int builddir_run(const char *dir, const char *command);

#endif
