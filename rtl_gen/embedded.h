/* SPDX-License-Identifier: Apache-2.0
 * Files built into the binary: rtl/, the twin, the driver, the lock-step glue. */
#ifndef SYSTOLE_EMBEDDED_H
#define SYSTOLE_EMBEDDED_H
#include <stddef.h>

struct embedded_file { const char *path, *text; size_t size; };
extern const struct embedded_file embedded_files[]; /* ends with a NULL path */

#endif
