/* SPDX-License-Identifier: Apache-2.0
 * AXI4 slave memory model with registered outputs, used by the twin engine, Verilator and Icarus alike.
 * Deterministic for a seed. Bursts are INCR of full bus words; responses are in order. */
#ifndef SYSTOLE_MEMORY_H
#define SYSTOLE_MEMORY_H
#include "axi.h"
#include "mem_options.h"
#include <stddef.h>

enum { MEMORY_QUEUE = 64 };
enum { MEMORY_AR, MEMORY_R, MEMORY_AW, MEMORY_W, MEMORY_B, MEMORY_CHANNELS };

struct memory_burst {
	uint64_t due;  /* first cycle its R or B may be valid */
	uint32_t addr;
	uint8_t id, len, resp;
};

struct memory_queue {
	struct memory_burst at[MEMORY_QUEUE];
	unsigned head, count;
};

struct memory {
	uint8_t *bytes;          /* owned */
	size_t size;
	int bus_bytes;
	struct mem_options opt;
	struct axi_s2m out;      /* what the slave drives in this cycle */
	struct memory_queue reads, writes, responses;
	unsigned read_beat, write_beat; /* beats done of the oldest burst */
	uint8_t write_resp;      /* of the burst being written */
	uint64_t cycle;
	uint64_t rng[MEMORY_CHANNELS];
	uint64_t threshold;      /* stall probability * 2^32 */
	uint32_t rate, read_tokens, write_tokens; /* data beats, 16.16 */
	/* what happened */
	uint64_t beats_read, beats_written;
	uint64_t violations;     /* protocol errors of the master, text of the first in violation */
	const char *violation;
	struct axi_m2s last;     /* the master's signals in the cycle before, for stability checks */
	/* fault injection: SLVERR on this beat (counted from 0 over the run), -1 none; *_addr is its burst's address */
	int64_t fault_read, fault_write;
	uint32_t fault_read_addr, fault_write_addr;
};

/* bus_bytes: 8 or 16. Contents are zero. 0, or -1 when there is no memory. */
int memory_init(struct memory *m, size_t bytes, int bus_bytes, const struct mem_options *opt);
void memory_free(struct memory *m);
/* One clock: *in is what the master drives in this cycle; *out what the slave drives in the next. */
void memory_next(struct memory *m, const struct axi_m2s *in, struct axi_s2m *out);

#endif
