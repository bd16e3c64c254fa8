/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/array_ws.v with its row_ws.v, pe_ws.v and acc_ram.v: the weight-stationary array.
 * Row r runs one cycle behind row r-1; sums go down the rows into the accumulators. */
#ifndef SYSTOLE_ARRAY_WS_H
#define SYSTOLE_ARRAY_WS_H
#include "config.h"

enum { WS_MAX_PE = CONFIG_MAX_ROWS * CONFIG_MAX_COLS };

struct array_ws {
	/* row_ws, [ROWS] */
	uint8_t tok[CONFIG_MAX_ROWS];
	uint8_t vd[CONFIG_MAX_ROWS], mul[CONFIG_MAX_ROWS], zero[CONFIG_MAX_ROWS];
	int16_t x[CONFIG_MAX_ROWS * CONFIG_MAX_PORT]; /* [ROWS][lanes padded to lanes.h's LANES]: row r has those of rows r.. */
	/* pe_ws, [ROWS][COLS padded] */
	struct pe_ws_weight { int8_t sh, w; uint8_t nz, pad; } weight[WS_MAX_PE];
	struct pe_ws_sum { int32_t prod, psum; } part[WS_MAX_PE];
	uint8_t sh_idx[WS_MAX_PE], idx[WS_MAX_PE]; /* with groups */
	/* acc_ram */
	uint8_t v1, f1, l1, v2, f2, l2, rd, we, push;
	uint16_t i1, i2, i3;
	int32_t old[CONFIG_MAX_COLS];  /* RAM output register */
	int32_t sum[CONFIG_MAX_COLS];
	/* array_ws */
	uint16_t busy, gated;
};

/* R(field, width, meaning): a row's registers, below u_array.g_row[r].u_row; x apart. */
#define ARRAY_WS_ROW_REGS(R) \
	R(tok, 4, "token: valid, first, last, first of a segment") R(vd, 1, "the products are new") \
	R(mul, 1, "multiplied") R(zero, 6, "gated PEs")
/* Bits of the sums of rows 0..r. */
int array_ws_psum_bits(const struct config *c, int r);
/* R(array, register, width, meaning): a PE's, below .g_col[k].u_pe, in row r. */
#define ARRAY_WS_PE_REGS(R) \
	R(weight, sh, c->w_bits, "next weight") R(weight, w, c->w_bits, "weight") R(part, prod, c->x_bits + c->w_bits, "product") \
	R(weight, nz, 1, "the product counts") R(part, psum, array_ws_psum_bits(c, r), "sum of the rows from the top")
/* R(field, lanes, width, meaning): below u_array. */
#define ARRAY_WS_REGS(R) \
	R(busy, 1, 16, "PEs that multiplied") R(gated, 1, 16, "of which were gated")
/* Below u_array.u_acc. */
#define ARRAY_WS_ACC_REGS(R) \
	R(v1, 1, 1, "token before the sums") R(f1, 1, 1, "the tile's first slice") R(l1, 1, 1, "its last") \
	R(i1, 1, c->acc_aw, "pixel") R(v2, 1, 1, "sums from the array") R(f2, 1, 1, "the tile's first slice") \
	R(l2, 1, 1, "its last") R(i2, 1, c->acc_aw, "pixel") R(i3, 1, c->acc_aw, "pixel") R(rd, 1, 1, "a vector was read") \
	R(we, 1, 1, "sums to be written back") R(push, 1, 1, "sums complete") R(sum, c->cols, c->acc_bits, "sums")
/* R(field, register, lanes, width, meaning): below u_array.u_acc.u_ram. */
#define ARRAY_WS_RAM_REGS(R) \
	R(old, rdata, c->cols, c->acc_bits, "sums so far")

struct array_ws_ram {
	int32_t *sums; /* [acc_depth][cols], owned */
	int we;
	uint32_t waddr;
	int32_t wdata[CONFIG_MAX_COLS];
};

struct array_ws_in {
	uint32_t tok;       /* feed's tok5 */
	const int16_t *bus;
	uint32_t shift;     /* wload_ws: rows that take a word */
	const int8_t *w;    /* COLS weights for row 0 */
	const uint8_t *idx; /* and their indices, with groups */
};

/* Activations of a word that the rows use; the first of them that is row r's. */
static inline int array_ws_lanes(const struct config *c) { return c->rows / c->nm_n * c->group; }
static inline int array_ws_lane(const struct config *c, int r) { return r / c->nm_n * c->group; }

int array_ws_ram_init(const struct config *c, struct array_ws_ram *m); /* 0, or -1 without memory */
void array_ws_ram_free(struct array_ws_ram *m);
void array_ws_next(const struct config *c, const struct array_ws *q, const struct array_ws_in *in, struct array_ws_ram *m, struct array_ws *d);
void array_ws_commit(const struct config *c, struct array_ws_ram *m);
/* What rst_ni low does to the control state. */
void array_ws_reset(const struct config *c, struct array_ws *d);

#endif
