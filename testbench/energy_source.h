/* SPDX-License-Identifier: Apache-2.0
 * Where an energy table comes from: the binary's own (constraints/energy/NAME.table) or the user's file. */
#ifndef SYSTOLE_ENERGY_SOURCE_H
#define SYSTOLE_ENERGY_SOURCE_H
#include "compiler/energy.h"

/* which: a name such as horowitz45, or a path. 0, or -1 with one line in err. */
int energy_read(const char *which, struct energy_table *t, char *err, size_t size);

#endif
