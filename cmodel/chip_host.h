/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_host.v: the host's commands, bytes of a UART. */
#ifndef SYSTOLE_CHIP_HOST_H
#define SYSTOLE_CHIP_HOST_H
#include <stdint.h>

enum chip_host_state { HOST_IDLE, HOST_HEAD, HOST_WRITE, HOST_READ, HOST_FLY, HOST_SEND, HOST_RUN, HOST_REPORT };

struct chip_host {
	uint64_t word;
	uint8_t state, op, left, wr, start, data;
};

#define CHIP_HOST_REGS(R) \
	R(state, 1, 3, "idle, head, write, read, fly, send, run, report") \
	R(op, 1, 2, "command: 0 W, 1 R, 2 G") \
	R(word, 1, 48, "count and address; while a program runs and after it cycles, error and 'D'") \
	R(left, 1, 3, "bytes left of the head, or of the report") \
	R(wr, 1, 1, "a byte is written") \
	R(start, 1, 1, "the program starts") \
	R(data, 1, 8, "byte written or read")

struct chip_host_in {
	uint8_t rst_n;
	uint8_t rx_valid, rx_data;
	uint8_t tx_ready;
	uint8_t vld, rdata; /* the byte read */
	uint8_t done, err;
};

static inline int chip_host_tx_valid(const struct chip_host *q) { return q->state == HOST_SEND || q->state == HOST_REPORT; }
static inline uint8_t chip_host_tx_data(const struct chip_host *q) { return q->state == HOST_REPORT ? (uint8_t)q->word : q->data; }
static inline int chip_host_rd(const struct chip_host *q) { return q->state == HOST_READ; }
static inline uint32_t chip_host_addr(const struct chip_host *q) { return (uint32_t)q->word & 0x1FFFF; }

void chip_host_next(const struct chip_host *q, const struct chip_host_in *in, struct chip_host *d);

#endif
