/* SPDX-License-Identifier: Apache-2.0
 * The generator: config -> a self-contained package. */
#ifndef SYSTOLE_EMIT_H
#define SYSTOLE_EMIT_H
#include "cmodel/config.h"
#include "writer.h"

/* Modules of a design, leaves first, ending with NULL; the emitted top is not in the list. */
const char *const *emit_modules(const struct config *c);
void emit_top(struct writer *w, const struct config *c, const char *command);

/* The top with all memory on the chip, for bus: on_chip. */
void emit_chip(struct writer *w, const struct config *c, const char *command);

#endif
