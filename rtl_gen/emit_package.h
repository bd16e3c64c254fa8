/* SPDX-License-Identifier: Apache-2.0
 * Writes a configuration's package into a directory. */
#ifndef SYSTOLE_EMIT_PACKAGE_H
#define SYSTOLE_EMIT_PACKAGE_H
#include "cmodel/config.h"

/* command: the exact command for the files' first lines. 0, or -1 with one line in err and nothing left behind. */
int emit_package(const struct config *c, const char *dir, const char *command, char *err, size_t errsize);

#endif
