/* SPDX-License-Identifier: Apache-2.0
 * One network on one device: in lock-step when there is a simulation, and byte for byte against the reference. */
#ifndef SYSTOLE_TRIAL_H
#define SYSTOLE_TRIAL_H
#include "cmodel/config.h"
#include "cmodel/mem_options.h"
#include "compiler/graph.h"

struct trial {
	const struct config *c;
	const char *library;        /* of simbuild.h, or NULL: the twin alone */
	struct mem_options mem;
	int keep_dead;              /* compile every channel of the network */
	/* results */
	int refused;                /* the compiler refuses the network; the reason is in err */
	uint64_t cycles, compared;  /* clocked; compared with the twin */
	uint64_t registers;         /* values compared */
	int dropped;                /* channels the compiler left out */
	int mismatched;             /* lock-step found a difference */
	char blamed[128];           /* the register, below the top; or the pin */
	char module[16];            /* whose table it is in */
};

size_t trial_bytes(const struct tensor *t);
/* 0 also when refused; -1 with one line in err. */
int trial_run(struct trial *t, const struct graph *g, const int8_t *input, char *err, size_t errsize);

#endif
