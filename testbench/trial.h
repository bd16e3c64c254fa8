/* SPDX-License-Identifier: Apache-2.0
 * One network on one device: in lock-step when there is a simulation, and byte for byte against the reference. */
#ifndef SYSTOLE_TRIAL_H
#define SYSTOLE_TRIAL_H
#include "cmodel/config.h"
#include "cmodel/mem_options.h"
#include "compiler/graph.h"
#include "rtl_gen/regs.h"

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

/* trial_run() with bus on_chip: NAME_chip. */
int trial_run_chip(struct trial *t, const struct graph *g, const int8_t *input, char *err, size_t errsize);
/* What the device must write, tensor device_out: a last SOFTMAX is the host's. 0, or -1 where the reference fails. */
int trial_expect(const struct trial *t, const struct graph *g, int device_out, const int8_t *input, int8_t *expected);
/* 0, or -1 with one line in err: the first byte that differs. */
int trial_check(const int8_t *out, const int8_t *expected, size_t n, char *err, size_t errsize);
/* The register that differs, or NULL. */
void trial_blame(struct trial *t, const struct reg *r);

#endif
