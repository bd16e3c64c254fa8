/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/array_os.v with its row_os.v, row_word.v, pe_os.v and dw_lines.v: the output-stationary array.
 * Row r runs one cycle behind row r-1; docs/array_os.md has the timing diagram. */
#ifndef SYSTOLE_ARRAY_OS_H
#define SYSTOLE_ARRAY_OS_H
#include "config.h"

enum { ARRAY_MAX_PE = CONFIG_MAX_ROWS * CONFIG_MAX_COLS, DW_MAX_DELAY = 8 };

struct dw_lines {
	int16_t l0[CONFIG_MAX_COLS], l1[CONFIG_MAX_COLS], l2[CONFIG_MAX_COLS];
	int16_t hist[2 * CONFIG_MAX_COLS]; /* line RAM's output register */
	uint16_t ptr;
	uint8_t cpar, cfresh, dist;
	int16_t pad;
	int16_t prev[DW_MAX_DELAY][3 * CONFIG_MAX_COLS]; /* positions back, [.][line][COLS]; array_os_delay() of them */
};

struct array_os {
	/* row_os, [ROWS] */
	uint32_t tok[CONFIG_MAX_ROWS];
	uint8_t vb[CONFIG_MAX_ROWS];
	uint8_t rv[CONFIG_MAX_ROWS], vy[CONFIG_MAX_ROWS], vx[CONFIG_MAX_ROWS];
	uint8_t vc[CONFIG_MAX_ROWS], fc[CONFIG_MAX_ROWS], lc[CONFIG_MAX_ROWS], conv[CONFIG_MAX_ROWS];
	uint8_t vd[CONFIG_MAX_ROWS], fd[CONFIG_MAX_ROWS], ld[CONFIG_MAX_ROWS], le[CONFIG_MAX_ROWS];
	int16_t x[CONFIG_MAX_ROWS * CONFIG_MAX_GROUP]; /* [ROWS][GROUP] */
	uint8_t mode[CONFIG_MAX_ROWS]; /* precision: 1 << mode weights in a byte */
	int16_t word[CONFIG_MAX_ROWS * CONFIG_MAX_PORT]; /* [ROWS][PORT] */
	/* pe_os, [ROWS][COLS padded to lanes.h's LANES] */
	struct pe_os_weight { int8_t w; uint8_t nz; } weight[ARRAY_MAX_PE];
	uint8_t idx[ARRAY_MAX_PE]; /* with groups */
	struct pe_os_sum { int32_t prod, acc; } sum[ARRAY_MAX_PE];
	uint8_t carry[ARRAY_MAX_PE]; /* with acc_split: still to be added to acc, times 2^acc_split */
	struct dw_lines lines;
	/* array_os */
	uint8_t push;
	int32_t vec[CONFIG_MAX_COLS];
	uint16_t busy, gated;
	uint8_t mul[CONFIG_MAX_ROWS];  /* rows that multiplied in the cycle before */
	uint8_t zero[CONFIG_MAX_ROWS]; /* gated PEs of the row in the cycle before */
};

struct array_os_ram {
	int16_t *line; /* [line_depth][2][COLS], owned */
	int we;
	uint16_t waddr;
	int16_t wdata[2 * CONFIG_MAX_COLS];
};

struct array_os_in {
	uint32_t tok;         /* feed's tok5 */
	const int16_t *bus;
	uint8_t vy, vx;
	int16_t zx;
	int32_t ldelay;       /* W - KW */
	const int8_t *w;      /* COLS weights, padded, one cycle after the read */
	const uint8_t *idx;   /* and their indices, with groups */
};

static inline int array_os_delay(const struct config *c) { return c->rows < 9 ? 9 - c->rows : 0; }

int array_os_ram_init(const struct config *c, struct array_os_ram *m); /* 0, or -1 without memory */
void array_os_ram_free(struct array_os_ram *m);
void array_os_next(const struct config *c, const struct array_os *q, const struct array_os_in *in, struct array_os_ram *m, struct array_os *d);
void array_os_commit(const struct config *c, struct array_os_ram *m);
/* What rst_ni low does to the control state. */
void array_os_reset(const struct config *c, struct array_os *d);

#endif
