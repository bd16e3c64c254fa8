/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_ram.v and its four rtl/spram.v: 128 KiB, an aligned word of 8 bytes a cycle. */
#ifndef SYSTOLE_CHIP_RAM_H
#define SYSTOLE_CHIP_RAM_H
#include <stdint.h>

enum { CHIP_RAM_BANKS = 4, CHIP_RAM_WORDS = 1 << 14 };

struct chip_ram {
	uint16_t rdata[CHIP_RAM_BANKS];
};

/* R(field, register, first, lanes, width, meaning) of bank k */
#define CHIP_RAM_BANK_REGS(R, k) \
	R(rdata, rdata, k, 1, 16, "word read")

/* Its contents, and a request to them. */
struct chip_ram_ram {
	uint16_t (*words)[CHIP_RAM_BANKS]; /* [CHIP_RAM_WORDS], owned */
	uint64_t wdata;
	uint16_t addr;
	uint8_t we;                        /* per byte; none: read */
};

int chip_ram_init(struct chip_ram_ram *m); /* 0, or -1 without memory */
void chip_ram_free(struct chip_ram_ram *m);
/* m has the request */
void chip_ram_next(const struct chip_ram *q, const struct chip_ram_ram *m, struct chip_ram *d);
void chip_ram_commit(struct chip_ram_ram *m);

#endif
