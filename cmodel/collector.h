/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/collector.v: FIFO of finished vectors between the array and post. */
#ifndef SYSTOLE_COLLECTOR_H
#define SYSTOLE_COLLECTOR_H
#include "config.h"

struct collector {
	uint32_t wptr, rptr, count;
	uint8_t out;
	int32_t rdata[CONFIG_MAX_COLS]; /* data_o */
};

#define COLLECTOR_REGS(R) \
	R(wptr, 1, c->col_aw, "RAM write address") \
	R(rptr, 1, c->col_aw, "RAM read address") \
	R(count, 1, c->col_aw + 1, "vectors in the RAM") \
	R(out, 1, 1, "the output register holds a vector")
/* R(field, scope, register, lanes, width, meaning) */
#define COLLECTOR_SUBREGS(R) \
	R(rdata, u_ram, rdata, c->cols, c->acc_bits, "oldest vector")

struct collector_ram {
	int32_t *sums; /* [col_depth][cols], owned */
	int32_t wdata[CONFIG_MAX_COLS];
	uint32_t waddr;
	uint8_t we;
};

struct collector_in {
	uint8_t rst_n;
	uint8_t push;
	const int32_t *data; /* [cols] */
	uint8_t pop;
};

int collector_ram_init(const struct config *c, struct collector_ram *m); /* 0, or -1 without memory */
void collector_ram_free(struct collector_ram *m);
void collector_next(const struct config *c, const struct collector *q, const struct collector_in *in,
	struct collector_ram *m, struct collector *d);
void collector_commit(const struct config *c, struct collector_ram *m);

#endif
