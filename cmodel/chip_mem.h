/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_mem.v: the way to memory and back. */
#ifndef SYSTOLE_CHIP_MEM_H
#define SYSTOLE_CHIP_MEM_H
#include <stdint.h>

struct chip_mem {
	uint64_t data;
};

#define CHIP_MEM_REGS(R) \
	R(data, 1, 64, "word read, rotated")

struct chip_mem_in {
	uint64_t word; /* from memory */
	uint8_t rot, pad, zero;
};

void chip_mem_next(const struct chip_mem_in *in, struct chip_mem *d);

#endif
