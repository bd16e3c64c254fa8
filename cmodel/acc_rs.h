/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/acc_rs.v: the accumulators above the columns of the rs array, and the transposed way out.
 * COLS banks; the sum of filter f in column j is in bank (f + j) mod COLS, so that the COLS columns of one filter
 * and the COLS filters of one column can both be accessed in a cycle. Two halves: one is filled by the passes of a
 * tile while the other goes to the collector, line by line. */
#ifndef SYSTOLE_ACC_RS_H
#define SYSTOLE_ACC_RS_H
#include "config.h"
#include "feed_rs.h"

struct acc_rs {
	/* accumulate */
	uint16_t ws;          /* line offset of the set expected */
	uint8_t wf;
	uint32_t wxa;
	uint16_t wx, wp, wt;
	uint8_t whalf;
	uint8_t v1, rmw1, fin1, f1;
	uint32_t base1;
	/* tiles to hand over */
	uint8_t pend;
	uint16_t sni[2], sno[2], sis[2];
	uint8_t sflat[2];
	/* drain */
	uint8_t dh, rot;
	uint16_t di, dq;
	uint32_t da, dl;
	uint8_t done;
	uint8_t r1, rot1;
	uint32_t cred;
	uint8_t push, rd_ev, wr_ev;
	int32_t vec1[CONFIG_MAX_COLS];  /* [bank] */
	int32_t rdata[CONFIG_MAX_COLS]; /* [bank]: RAM output registers */
	int32_t vec[CONFIG_MAX_COLS];
};

#define ACC_RS_REGS(R) \
	R(ws, 1, 11, "line offset of the set expected") R(wf, 1, 6, "filter expected") R(wxa, 1, c->acc_aw, "address of its window") \
	R(wx, 1, 16, "window") R(wp, 1, 13, "pass") R(wt, 1, 16, "tile") R(whalf, 1, 1, "half being filled") \
	R(v1, 1, 1, "sums to write") R(rmw1, 1, 1, "they are added to what is there") R(fin1, 1, 1, "the tile's last") \
	R(f1, 1, 6, "their filter") R(base1, 1, c->acc_aw, "their address") R(vec1, c->cols, c->acc_bits, "they, by bank") \
	R(pend, 1, 2, "whole tiles to hand over") R(sni, 2, 16, "its vectors in a row") R(sno, 2, 16, "and rows") \
	R(sis, 2, 11, "its address step") R(sflat, 2, 1, "it is pixel by pixel") \
	R(dh, 1, 1, "half handed over") R(rot, 1, 6, "column of the vector") R(di, 1, 16, "vector of the row") R(dq, 1, 16, "row") \
	R(da, 1, c->acc_aw, "its address") R(dl, 1, c->acc_aw, "address of its row") R(done, 1, 1, "a tile was handed over") \
	R(r1, 1, 1, "a vector was read") R(rot1, 1, 6, "its column") R(cred, 1, c->col_aw + 1, "free collector entries") \
	R(push, 1, 1, "vector for the collector") R(vec, c->cols, c->acc_bits, "it") \
	R(rd_ev, 1, 1, "the RAM was read") R(wr_ev, 1, 1, "the RAM was written")
/* Register of instance g_bank[b].u_ram, R(field, register, first lane, lanes, width, meaning) */
#define ACC_RS_BANK_REGS(R, b) R(rdata, rdata, b, 1, c->acc_bits, "sum read")

struct acc_rs_ram {
	int32_t *sums; /* [acc_depth][cols], owned */
	uint8_t we;
	uint32_t waddr[CONFIG_MAX_COLS];
	int32_t wdata[CONFIG_MAX_COLS];
};

struct acc_rs_in {
	uint8_t v;                      /* array_rs: a vector over the columns */
	const int32_t *vec;
	const struct feed_rs_cmd *cmd;  /* feed_rs's active command */
	uint8_t start;                  /* it becomes active: feed_rs's take */
	uint8_t col_pop;
};

int acc_rs_ram_init(const struct config *c, struct acc_rs_ram *m); /* 0, or -1 without memory */
void acc_rs_ram_free(struct acc_rs_ram *m);
void acc_rs_next(const struct config *c, const struct acc_rs *q, const struct acc_rs_in *in, struct acc_rs_ram *m, struct acc_rs *d);
void acc_rs_commit(const struct config *c, struct acc_rs_ram *m);
/* What rst_ni low does to the control state. */
void acc_rs_reset(const struct config *c, struct acc_rs *d);

#endif
