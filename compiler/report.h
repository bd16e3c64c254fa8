/* SPDX-License-Identifier: Apache-2.0
 * What a run measured, as JSON and as a table. cycles and traffic are of one inference; utilization is
 * MACs / (rows * cols * cycles). */
#ifndef SYSTOLE_REPORT_H
#define SYSTOLE_REPORT_H
#include "cmodel/config.h"
#include "energy.h"
#include <stdint.h>
#include <stdio.h>

/* T(NAME, JSON key), bytes: the memories' own widths times accesses */
#define REPORT_TRAFFIC(T) \
	T(MEM_READ, "mem_read") T(MEM_WRITE, "mem_write") T(ACT_READ, "act_read") T(ACT_WRITE, "act_write") \
	T(WGT_READ, "wgt_read") T(WGT_WRITE, "wgt_write") T(ACC_READ, "acc_read") T(ACC_WRITE, "acc_write")
/* S(NAME, JSON key), cycles in which the feeder waited: for weights, for input, for room in the collector, for its
 * windows or lines to fill; idle: it had no command */
#define REPORT_STALLS(S) \
	S(WEIGHTS, "weights") S(INPUT, "input") S(OUTPUT, "output") S(FILL, "fill") S(IDLE, "idle")

#define REPORT_ENUM(name, key) TRAFFIC_##name,
enum report_traffic { REPORT_TRAFFIC(REPORT_ENUM) TRAFFIC_COUNT };
#undef REPORT_ENUM
#define REPORT_ENUM(name, key) STALL_##name,
enum report_stall { REPORT_STALLS(REPORT_ENUM) STALL_COUNT };
#undef REPORT_ENUM

struct report_layer {
	int index;                         /* of the operator in the model */
	const char *op;                    /* borrowed: its name, CONV_2D + ADD when fused */
	char shape[64];                    /* 32x32x3 -> 32x32x16 k3x3 s1 */
	int64_t macs, estimate;
	uint64_t cycles;
	uint64_t stalls[STALL_COUNT];
	uint64_t traffic[TRAFFIC_COUNT];   /* bytes; all 0 when not measured per layer */
	int host;                          /* computed by the host: no cycles */
};

struct report {
	const struct config *config;       /* borrowed; NULL for the reference alone */
	const char *model;                 /* borrowed */
	int ops;
	int64_t macs;                      /* dense, of the whole model */
	const char *engine;                /* borrowed: verilator, icarus, twin, ref */
	int inputs;
	uint64_t seed;
	uint64_t cycles, estimate;         /* start bit to interrupt, one inference */
	struct { uint64_t cycles; int registers; uint64_t mismatches; } lockstep;
	struct { uint64_t bytes, mismatches; } output;
	uint64_t traffic[TRAFFIC_COUNT];   /* bytes, one inference */
	/* of one inference: what the compiler left out (bytes moved in memory; cycles by the estimate), and multiplications
	 * the array did not do because an operand was zero, of the useful ones it was given */
	struct { uint64_t dropped_channels, macs_skipped, bytes_saved; int64_t cycles_saved; uint64_t macs_gated, macs_given; } sparse;
	const struct energy_table *table;  /* borrowed; NULL: no energies */
	double energy[ENERGY_COUNT];       /* modelled, of one inference, in the table's unit */
	struct report_layer *layers;       /* borrowed, nlayers */
	int nlayers;
	double build_seconds, run_seconds;
	uint64_t sim_cycles;               /* simulated in run_seconds, all inferences */
};

/* Accesses as the device counts them -> bytes. */
void report_bytes(const struct config *c, const uint64_t counts[TRAFFIC_COUNT], uint64_t bytes[TRAFFIC_COUNT]);
/* Fills r->energy from its traffic and multiplications. */
void report_energy(struct report *r, const struct energy_table *t);
/* 0..1; 0 without cycles. */
double report_utilization(const struct config *c, int64_t macs, uint64_t cycles);
/* Written beside path and renamed, so that path is the old file or the whole new one; links, devices and pipes are written
 * in place. 0, or -1 with errno set. */
int report_write_json(const struct report *r, const char *path);
/* Whether out is a terminal and NO_COLOR is not set. */
int report_colour(FILE *out);
/* The table per layer and the totals. */
void report_print(const struct report *r, FILE *out, int colour);

#endif
