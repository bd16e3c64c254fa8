/* SPDX-License-Identifier: Apache-2.0
 * `systole run` with bus: on_chip: NAME_chip over its UART. */
#ifndef SYSTOLE_RUN_CHIP_H
#define SYSTOLE_RUN_CHIP_H
#include "cmodel/config.h"
#include "compiler/chip.h"
#include "compiler/options.h"
#include "compiler/report.h"

/* count inferences; outputs are the device's: [count][image->out_bytes]. Cycles, the comparison, and what was counted for each layer
 * go to *r, whose layers begin with those of the image; nothing is counted with no_compare. 0, or the exit status
 * with one line in err; what can be said of a mismatch besides is printed. */
int run_chip(const struct config *c, const struct options *o, const struct chip_image *i, int count, const int8_t *inputs, int8_t *outputs,
	struct report *r, char *err, size_t errsize);

#endif
