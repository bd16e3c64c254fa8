/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/array_rs.v with its row_rs.v and pe_rs.v: the row-stationary array.
 * The step token enters the last row and moves up one row a cycle (two where a separate row set begins); sums follow
 * it up the columns. docs/rs.md has the timing diagram. */
#ifndef SYSTOLE_ARRAY_RS_H
#define SYSTOLE_ARRAY_RS_H
#include "config.h"
#include "feed_rs.h"
#include "lanes.h"

enum { RS_MAX_PE = CONFIG_MAX_ROWS * CONFIG_MAX_COLS };

/* No registers: the scratchpads' state has a number, and differs from that of number - 1 in what was written last. */
struct rs_written {
	uint32_t number;
	uint8_t addr, words;
	uint32_t pes[CONFIG_MAX_ROWS]; /* bit = column */
};

struct array_rs {
	/* array_rs */
	int8_t hold[CONFIG_MAX_ROWS + CONFIG_MAX_COLS]; /* weight words of the step so far */
	uint16_t coff[CONFIG_MAX_COLS];
	uint16_t busy, gated;
	/* row_rs, [ROWS] */
	uint8_t used[CONFIG_MAX_ROWS], set[CONFIG_MAX_ROWS], ntail[CONFIG_MAX_ROWS], brk[CONFIG_MAX_ROWS];
	uint16_t off[CONFIG_MAX_ROWS];
	uint32_t tok[CONFIG_MAX_ROWS + 1], pre[CONFIG_MAX_ROWS];
	int8_t w[CONFIG_MAX_ROWS * CONFIG_MAX_ROWS], prew[CONFIG_MAX_ROWS * CONFIG_MAX_ROWS]; /* [ROWS][ROWS padded to lanes.h's LANES]: row r has those of rows 0..r */
	uint8_t vb[CONFIG_MAX_ROWS], fb[CONFIG_MAX_ROWS], lb[CONFIG_MAX_ROWS], strm[CONFIG_MAX_ROWS];
	int8_t ws[CONFIG_MAX_ROWS], rdata[CONFIG_MAX_ROWS];
	uint32_t en[CONFIG_MAX_ROWS];
	uint8_t vc[CONFIG_MAX_ROWS], fc[CONFIG_MAX_ROWS], lc[CONFIG_MAX_ROWS], le[CONFIG_MAX_ROWS], v[CONFIG_MAX_ROWS + 1];
	uint8_t busy_row[CONFIG_MAX_ROWS], gated_row[CONFIG_MAX_ROWS];
	/* pe_rs, [ROWS][COLS padded] */
	int16_t x[RS_MAX_PE];
	int32_t prod[RS_MAX_PE];
	uint8_t nz[RS_MAX_PE];
	int32_t acc[RS_MAX_PE], chain[RS_MAX_PE];
	int16_t spad[RS_MAX_PE * RS_MAX_RING]; /* [ROWS][COLS padded][ring] */
	struct rs_written written;
};

/* R(field, register, lanes, width, meaning) */
#define ARRAY_RS_REGS(R) \
	R(coff, coff, c->cols, 10, "input lines of the columns, counted from the first column's") \
	R(busy, busy, 1, 16, "PEs that multiplied two cycles ago") R(gated, gated, 1, 16, "of which had a zero operand")
/* Only with more than one weight word for a step. */
#define ARRAY_RS_HOLD_REGS(R) \
	R(hold, hold_q, (rs_words(c) - 1) * c->cols, c->w_bits, "weight words of the step so far")
/* Registers of instance g_row[r].u_row, R(field, register, first lane, lanes, width, meaning) */
#define ARRAY_RS_ROW_REGS(R, r) \
	R(used, used, r, 1, 1, "the row belongs to a set") R(set, set, r, 1, 5, "row set") R(off, off, r, 1, 10, "input lines after the set's first") \
	R(ntail, ntail, r, 1, 6, "columns used in the last tile") R(brk, brk, r, 1, 1, "the token waits a cycle more here") \
	R(tok, tok, r, 1, rs_tok_w(c), "step token") R(pre, pre, r, 1, rs_tok_w(c), "step token that waits") \
	R(w, w, (r) * lanes_padded(c->rows), (r) + 1, c->w_bits, "weights for this row and the rows above") \
	R(prew, prew, (r) * lanes_padded(c->rows), (r) + 1, c->w_bits, "weights that wait") \
	R(vb, vb, r, 1, 1, "operands") R(fb, fb, r, 1, 1, "first of a sum") R(lb, lb, r, 1, 1, "last of a sum") \
	R(strm, strm, r, 1, 1, "the weight comes from the bus") R(ws, ws, r, 1, c->w_bits, "it") \
	R(en, en, r, 1, c->cols, "columns that take part") \
	R(vc, vc, r, 1, 1, "products") R(fc, fc, r, 1, 1, "first of a sum") R(lc, lc, r, 1, 1, "last of a sum") \
	R(le, le, r, 1, 1, "row sums are complete") R(v, v, r, 1, 1, "sums go up") \
	R(busy_row, busy, r, 1, 6, "PEs that multiplied") R(gated_row, gated, r, 1, 6, "of which had a zero operand")
/* Its filter scratchpad's output register, in u_spad. */
#define ARRAY_RS_SPAD_REGS(R, r) R(rdata, rdata, r, 1, c->w_bits, "weight from the scratchpad")
/* Registers of instance g_row[r].u_row.g_col[j].u_pe */
#define ARRAY_RS_PE_REGS(R, r, j) \
	R(prod, prod, (r) * lanes_padded(c->cols) + (j), 1, c->x_bits + c->w_bits, "product") \
	R(nz, nz, (r) * lanes_padded(c->cols) + (j), 1, 1, "the product counts") R(acc, acc, (r) * lanes_padded(c->cols) + (j), 1, c->acc_bits, "row sum") \
	R(chain, chain, (r) * lanes_padded(c->cols) + (j), 1, c->acc_bits, "sum of this row and the rows below")
#define ARRAY_RS_RING_REGS(R, r, j) \
	R(x, x, (r) * lanes_padded(c->cols) + (j), 1, c->x_bits, "activation") \
	R(spad, spad, ((r) * lanes_padded(c->cols) + (j)) * rs_ring(c), rs_ring(c), c->x_bits, "activation scratchpad")

struct array_rs_ram {
	int8_t *filter; /* [rows][spad_wgt rounded up], owned */
	uint8_t we[CONFIG_MAX_ROWS];
	uint16_t waddr[CONFIG_MAX_ROWS];
	int8_t wdata[CONFIG_MAX_ROWS];
};

struct array_rs_in {
	uint32_t tok;         /* feed_rs's tok5 */
	uint8_t wv;           /* w is a weight word */
	const int8_t *w;      /* cols weights */
	uint32_t ld;          /* feed_rs's ld5 */
	const int16_t *bus;
	uint8_t gl, dj;       /* of the active command */
	struct feed_rs_rows cfg;
};

int array_rs_ram_init(const struct config *c, struct array_rs_ram *m); /* 0, or -1 without memory */
void array_rs_ram_free(struct array_rs_ram *m);
void array_rs_next(const struct config *c, const struct array_rs *q, const struct array_rs_in *in, struct array_rs_ram *m, struct array_rs *d);
void array_rs_commit(const struct config *c, struct array_rs_ram *m);
/* What rst_ni low does to the control state. */
void array_rs_reset(const struct config *c, struct array_rs *d);

#endif
