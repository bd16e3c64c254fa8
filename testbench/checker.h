/* SPDX-License-Identifier: Apache-2.0
 * The twin beside a simulation: it sees every cycle's inputs, and every register is compared with its own.
 * In step: each cycle as it comes. Behind: in a thread of its own, which gets each cycle's inputs and a digest of all
 * registers, and finds in which cycle they differ; in step then tells which. */
#ifndef SYSTOLE_CHECKER_H
#define SYSTOLE_CHECKER_H
#include "cmodel/device.h"
#include "expect.h"
#include "rtl_gen/regs.h"
#include <pthread.h>
#include <stdatomic.h>

enum compare { COMPARE_NONE, COMPARE_VISIBLE, COMPARE_REGISTERS };

enum { CHECKER_MAX_POSTS = 65536, CHECKER_RING = 512 };

/* The counters when a POST command completed. */
struct milestone {
	struct csr counters;
};

/* A cycle that waits for the thread. */
struct checker_cycle {
	struct device_in in;
	struct expect_digest digest;
};

struct checker {
	struct device twin;
	void *library; /* of a twin compiled for this configuration, else NULL */
	void (*twin_next)(struct device *v, const struct device_in *in);
	struct regs regs;
	/* the engine's registers, see sim.h */
	const void *state;
	size_t state_bytes;
	const void *const *places;
	struct expect expect;
	int expecting; /* expect follows the twin */
	enum compare compare;
	/* results */
	uint64_t cycles, compared, mismatches, mismatch_cycle;
	char mismatch[560]; /* the first one, one line */
	const struct reg *mismatch_reg;
	struct milestone *milestones; /* owned, of the current inference */
	int nmilestones;
	uint8_t posts_seen;
	/* behind: cycles [tail, head) wait in the ring; the results are the thread's until checker_drain() */
	int behind;
	pthread_t thread;
	struct checker_cycle *ring; /* owned, [CHECKER_RING] */
	uint64_t tail_seen;         /* by the simulation */
	char apart0[64];            /* the two sides' counters in cache lines of their own */
	atomic_uint_least64_t head;
	char apart1[64];
	atomic_uint_least64_t tail;
	char apart2[64];
	atomic_int failed, stop;
};

/* *k zeroed. 0, or -1 without memory. */
int checker_init(struct checker *k, const struct config *c);
/* The twin's clock from a library of simbuild_twin(). 0, or -1 with one line in err. */
int checker_load_twin(struct checker *k, const char *library, char *err, size_t errsize);
/* What will be compared, before the first clock; behind with COMPARE_REGISTERS only. 0, or -1 without memory or thread. */
int checker_start(struct checker *k, enum compare compare, int behind);
void checker_free(struct checker *k);
/* The twin's clock. */
void checker_clock(struct checker *k, const struct device_in *in);
/* The twin's clock and the comparison, after the engine's clock with the same inputs; out: what the engine drives then.
 * 0, or -1 after a mismatch: of this cycle, or, behind, of an earlier one. */
int checker_cycle(struct checker *k, const struct device_in *in, const struct device_out *out);
/* Behind: waits until all cycles are compared. */
void checker_drain(struct checker *k);
/* The value of a register's lane in the twin's state / in the engine's storage, masked to its width. */
uint64_t checker_twin_value(const struct reg *r, const void *q, int lane);
uint64_t checker_sim_value(const struct reg *r, const void *storage, int lane);
/* The first register of t that differs between the state of top's twin and the engine's storage, and one line of it in what; or NULL. */
const struct reg *checker_find(const struct regs *t, const char *top, const void *q, const void *const *places, char *what, size_t size);

#endif
