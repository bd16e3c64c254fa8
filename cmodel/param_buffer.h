/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/param_buffer.v: requantization parameters, a ring of rows of LANES entries. */
#ifndef SYSTOLE_PARAM_BUFFER_H
#define SYSTOLE_PARAM_BUFFER_H
#include "config.h"

struct param_buffer {
	uint32_t wrow, base, count;
	uint8_t wlane, ok, rel;
	int32_t bias[CONFIG_MAX_COLS], mult[CONFIG_MAX_COLS]; /* the row read, [LANES] */
	int8_t shift[CONFIG_MAX_COLS];
};

#define PARAM_LANE_BITS(c) ((c)->lanes > 16 ? 5 : (c)->lanes > 8 ? 4 : (c)->lanes > 4 ? 3 : (c)->lanes > 2 ? 2 : 1)
#define PARAM_BUFFER_REGS(R) \
	R(wlane, 1, PARAM_LANE_BITS(c), "lane of the next entry") \
	R(wrow, 1, c->par_aw, "its row") \
	R(base, 1, c->par_aw, "first row of the oldest tile") \
	R(count, 1, c->par_aw + 1, "complete rows") \
	R(ok, 1, 1, "the row asked for is there") \
	R(rel, 1, 1, "a tile was released")
/* R(field, low, width, meaning): bits [low +: width] of g_bank[i].u_ram.rdata_q, i = 0..lanes-1 */
#define PARAM_BUFFER_BANK_REGS(R) \
	R(bias, 0, 32, "bias read") \
	R(mult, 32, 32, "multiplier read") \
	R(shift, 64, 8, "shift read")

struct param_entry {
	int32_t bias, mult;
	int8_t shift;
};

struct param_buffer_ram {
	struct param_entry *rows; /* [par_rows][lanes], owned */
	struct param_entry wdata;
	uint32_t waddr;           /* entry */
	uint8_t we;
};

struct param_buffer_in {
	uint8_t rst_n;
	uint8_t we;
	struct param_entry data;
	uint8_t re, row, rel;
};

int param_buffer_ram_init(const struct config *c, struct param_buffer_ram *m); /* 0, or -1 without memory */
void param_buffer_ram_free(struct param_buffer_ram *m);
void param_buffer_next(const struct config *c, const struct param_buffer *q, const struct param_buffer_in *in,
	struct param_buffer_ram *m, struct param_buffer *d);
void param_buffer_commit(struct param_buffer_ram *m);

#endif
