/* SPDX-License-Identifier: Apache-2.0
 * The commands of a configuration or a network: run and ref (run.c); explain, image, gen (plan.c). */
#ifndef SYSTOLE_RUN_H
#define SYSTOLE_RUN_H
#include "compiler/options.h"

enum { EXIT_MISMATCH = 1, EXIT_INPUT = 2 };

/* Exit status: 0, 1 for a mismatch, 2 for bad input. Errors are one line on stderr. */
int run_command(const struct options *o);
int explain_command(const struct options *o);
int image_command(const struct options *o);
int gen_command(const struct options *o);

#endif
