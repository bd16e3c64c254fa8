/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYSTOLE_TRIAL_CHIP_H
#define SYSTOLE_TRIAL_CHIP_H
#include "trial.h"

/* trial_run() with bus on_chip: NAME_chip. */
int trial_run_chip(struct trial *t, const struct graph *g, const int8_t *input, char *err, size_t errsize);

#endif
