/* SPDX-License-Identifier: Apache-2.0
 * Bare-metal driver of a Systole device. Needs csr_map.h (the register map) and, from the platform,
 * systole_read32() and systole_write32(); systole_mmio.h has them for a memory-mapped device. */
#ifndef SYSTOLE_DRIVER_H
#define SYSTOLE_DRIVER_H
#include <stdint.h>
#include "csr_map.h"

/* Supplied by the platform; bus is whatever was given to systole_init(). */
uint32_t systole_read32(void *bus, uint32_t offset);
void systole_write32(void *bus, uint32_t offset, uint32_t value);

enum systole_result {
	SYSTOLE_OK = 0,
	SYSTOLE_NO_DEVICE = -1, /* ID or major version differs */
	SYSTOLE_FAILED = -2,    /* STATUS.error: see systole_error() */
	SYSTOLE_TIMEOUT = -3,
};

struct systole {
	void *bus; /* borrowed */
};

struct systole_error {
	uint32_t code, addr; /* enum csr_error; memory address or 0 */
};

struct systole_counters {
#define SYSTOLE_COUNTER(name, field, offset, bits, doc) uint64_t field; /* see csr_map.h */
	CSR_COUNTERS(SYSTOLE_COUNTER)
#undef SYSTOLE_COUNTER
};

/* Checks ID and version. */
int systole_init(struct systole *s, void *bus);
/* Memory addresses of program, input, output, scratch; program is a multiple of 128. Not while busy. */
void systole_set_bases(struct systole *s, const uint32_t base[4]);
void systole_set_base(struct systole *s, unsigned index, uint32_t addr);
/* Clears done and error and starts; with irq the interrupt is raised at the end. */
void systole_start(struct systole *s, int irq);
/* STATUS_* bits of csr_map.h. */
uint32_t systole_status(struct systole *s);
/* Polls until done or error, at most `polls` times (0: for ever). An interrupt handler calls it with 1. */
int systole_wait(struct systole *s, uint32_t polls);
/* Clears done, error and so the interrupt. */
void systole_clear(struct systole *s);
void systole_error(struct systole *s, struct systole_error *e);
const char *systole_error_text(uint32_t code);
void systole_counters(struct systole *s, struct systole_counters *c);
/* Ends a job: finishes accepted bursts, resets the engines. Waits at most `polls` reads (0: for ever). */
int systole_reset(struct systole *s, uint32_t polls);

#endif
