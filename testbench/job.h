/* SPDX-License-Identifier: Apache-2.0
 * What the commands that need a configuration or a network begin with: both are read, and mapped to a program. Each function: 0, or -1
 * with one line on stderr and the exit status in j->status. */
#ifndef SYSTOLE_JOB_H
#define SYSTOLE_JOB_H
#include "cmodel/config.h"
#include "cmodel/mem_options.h"
#include "compiler/chip.h"
#include "compiler/options.h"
#include "compiler/program.h"
#include "compiler/report.h"

/* Everything of one command. */
struct job {
	const struct options *o;
	struct config c;
	struct mem_options mem;
	struct graph g;
	struct program p;
	struct chip_image image; /* bus on_chip: instead of p, which has device_out and host_op only */
	struct report r;
	struct energy_table energy;
	int8_t *inputs, *expected, *got; /* owned: [count][bytes] */
	size_t in_bytes, out_bytes, dev_bytes;
	int count, status, right; /* right: inputs whose label was found, -1 without labels */
	char err[600];
};

void job_init(struct job *j, const struct options *o);
void job_free(struct job *j);
/* Prints j->err; -1. */
int job_fail(struct job *j, int status);
int job_config(struct job *j);
int job_model(struct job *j);
/* The program, or, bus on_chip, the image. */
int job_map(struct job *j);
/* The layers of the report, before anything was measured, and what it says of design and model. */
int job_layers(struct job *j);
void job_report(struct job *j);
const char *job_layer_name(const struct graph *g, const struct layer *l);

#endif
