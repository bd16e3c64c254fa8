/* SPDX-License-Identifier: Apache-2.0
 * NAME_chip under simulation with the host at the other end of its UART, and the memory that it has outside; checked in lock-step by
 * the twin when asked to. */
#ifndef SYSTOLE_CHIP_SESSION_H
#define SYSTOLE_CHIP_SESSION_H
#include "checker.h"
#include "cmodel/chip_top.h"
#include "compiler/chip.h"
#include "simulation.h"

struct chip_session_options {
	const struct config *c;
	const char *library;  /* of simbuild_verilator(), or NULL to run the twin alone */
	enum compare compare; /* with a library */
	int reset_mode;       /* as in sim_open */
	uint32_t seed;
};

struct chip_session {
	struct chip_top twin;
	struct regs regs;
	struct expect expect;
	struct chip_out out;         /* what the chip drives now */
	enum compare compare;
	char name[40];               /* of the chip */
	/* the memory outside */
	uint64_t *words;             /* owned, [CHIP_RAM_WORDS] */
	uint64_t rdata, noise;       /* what it answers: the word read, or noise */
	/* the line from the chip: bits of a byte that comes, bytes that were asked for */
	int bit, count;
	uint8_t value, *answer;
	size_t wanted, answered;
	struct simulation engine;
	/* of a program's run, by the twin: all of it, and up to the end of each of the layers whose places are here */
	struct chip_counts counts;
	const struct chip_layer *layers;
	struct chip_counts *ends;
	int nlayers, nends;
	/* results */
	uint64_t cycles, compared, mismatches, mismatch_cycle;
	char mismatch[440];          /* one line */
	const struct reg *mismatch_reg;
	/* a waveform of cycles [trace_from, trace_to), after which the session ends; needs a traced engine */
	const char *trace_path;
	uint64_t trace_from, trace_to;
	int over;
};

/* 0, or -1 with one line in err; chip_session_close() in either case. */
int chip_session_open(struct chip_session *s, const struct chip_session_options *o, char *err, size_t errsize);
void chip_session_close(struct chip_session *s);
/* The program into the chip's memory. 0, or -1 with one line in err. */
int chip_session_load(struct chip_session *s, const struct chip_image *i, char *err, size_t errsize);
/* Input in, a run, output out; *cycles of the run, as the chip reports them; ends, if not NULL, [i->nlayers]: counted from the start
 * to each layer's end, and s->counts to the program's end, unless COMPARE_NONE. As above. */
int chip_session_infer(struct chip_session *s, const struct chip_image *i, const uint8_t *input, uint8_t *output, uint64_t *cycles,
	struct chip_counts *ends, char *err, size_t errsize);

#endif
