/* SPDX-License-Identifier: Apache-2.0
 * A device under simulation with its memory and its host: clocked in lock-step with the twin when asked to. */
#ifndef SYSTOLE_SESSION_H
#define SYSTOLE_SESSION_H
#include "cmodel/axil_host.h"
#include "cmodel/device.h"
#include "cmodel/memory.h"
#include "compiler/program.h"
#include "rtl_gen/driver/systole_driver.h"
#include "rtl_gen/regs.h"
#include "sim.h"

enum compare { COMPARE_NONE, COMPARE_VISIBLE, COMPARE_REGISTERS };

enum { SESSION_MAX_POSTS = 65536 };

/* The counters when a POST command completed. */
struct milestone {
	struct csr counters;
};

struct session {
	struct config c;
	struct device twin;
	struct memory mem;
	struct axil_host host;
	struct device_out out;       /* what the device drives now */
	void *library, *sim;         /* of the Verilator or Icarus engine, else NULL */
	void (*sim_clock)(void *sim, const struct sim_in *in, struct sim_out *out);
	uint64_t (*sim_compare)(void *sim, const void *state);
	const void *const *(*sim_registers)(void *sim);
	void (*sim_trace)(void *sim, const char *path);
	void (*sim_close)(void *sim);
	enum compare compare;
	int use_twin;                /* the twin is clocked */
	struct regs regs;
	uint64_t cycles, compared;   /* simulated, compared */
	uint64_t mismatches;
	char mismatch[400];          /* the first one, one line */
	/* a waveform of cycles [trace_from, trace_to), after which the session ends; needs a traced engine */
	const char *trace_path;
	uint64_t trace_from, trace_to;
	const struct reg *mismatch_reg;
	uint8_t posts_seen;
	struct milestone *milestones; /* owned, of the current inference */
	int nmilestones;
};

/* library: the engine's shared object, or NULL to run the twin alone. reset_mode and seed as in sim_open. 0 or -1, one line in err. */
int session_open(struct session *s, const struct config *c, const struct mem_options *m, size_t memory_bytes, const char *library, enum compare compare,
		 int reset_mode, uint32_t seed, char *err, size_t errsize);
void session_close(struct session *s);
/* One clock of everything. 0, or -1 after a mismatch. */
int session_clock(struct session *s);

/* Where a program's parts are in memory. */
struct layout { uint32_t base[4]; size_t bytes; };
void session_layout(const struct program *p, size_t input_bytes, size_t output_bytes, struct layout *l);
/* Runs one inference through the driver: input in, output out, counters in *n. 0, or -1 with one line in err. */
int session_infer(struct session *s, const struct layout *l, const int8_t *input, size_t input_bytes, int8_t *output, size_t output_bytes,
		  struct systole_counters *n, char *err, size_t errsize);
/* The value of a register's lane in the twin's state / in Verilator's storage, masked to its width. */
uint64_t session_twin_value(const struct reg *r, const struct device_state *q, int lane);
uint64_t session_sim_value(const struct reg *r, const void *storage, int lane);

#endif
