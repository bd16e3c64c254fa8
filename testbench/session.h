/* SPDX-License-Identifier: Apache-2.0
 * A device under simulation with its memory and its host, checked in lock-step by the twin when asked to. */
#ifndef SYSTOLE_SESSION_H
#define SYSTOLE_SESSION_H
#include "checker.h"
#include "cmodel/axil_host.h"
#include "cmodel/device.h"
#include "cmodel/memory.h"
#include "compiler/program.h"
#include "rtl_gen/driver/systole_driver.h"
#include "simulation.h"

struct session_options {
	const struct config *c;
	const struct mem_options *mem;
	size_t memory_bytes;
	const char *library;      /* the engine's shared object or Icarus' directory, or NULL to run the twin alone */
	const char *twin_library; /* of simbuild_twin(), or NULL */
	enum compare compare;     /* with an engine */
	int behind;               /* as in checker_start() */
	int reset_mode;           /* as in sim_open */
	uint32_t seed;
};

struct session {
	struct config c;
	struct memory mem;
	struct axil_host host;
	struct device_out out;       /* what the device drives now */
	struct simulation engine;    /* Verilator or Icarus, else nothing */
	struct checker check;        /* with the twin */
	uint64_t cycles;             /* simulated */
	int over;                    /* a mismatch, or the end of the trace: no more clocks */
	/* a waveform of cycles [trace_from, trace_to), after which the session ends; needs a traced engine */
	const char *trace_path;
	uint64_t trace_from, trace_to;
};

/* 0, or -1 with one line in err; session_close() in either case. */
int session_open(struct session *s, const struct session_options *o, char *err, size_t errsize);
void session_close(struct session *s);
/* One clock of everything. 0, or -1 after a mismatch. */
int session_clock(struct session *s);

/* Where a program's parts are in memory. */
struct layout { uint32_t base[4]; size_t bytes; };
void session_layout(const struct program *p, size_t input_bytes, size_t output_bytes, struct layout *l);
/* Runs one inference through the driver: input in, output out, counters in *n. 0, or -1 with one line in err. */
int session_infer(struct session *s, const struct layout *l, const int8_t *input, size_t input_bytes, int8_t *output, size_t output_bytes,
		  struct systole_counters *n, char *err, size_t errsize);

#endif
