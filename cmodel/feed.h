/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/feed.v: the FEED engine of the os and ws arrays.
 * Walks channel tile > pixel tile > segment (row group, tap, chunk); in a segment, cycle t fetches the word of
 * pixel t and issues MAC step t. docs/feed.md has the timing diagram. */
#ifndef SYSTOLE_FEED_H
#define SYSTOLE_FEED_H
#include "config.h"
#include "feed_fields.h"

/* Cycles after a MAC step's issue until its row's sum is pushed, row 0. */
enum { FEED_DRAIN = 9 };

/* A token travels with a fetched word from the issue stage to the rows. Bit positions: */
enum {
	TOK_EN = 0,      /* the row chain moves */
	TOK_VALID = 1,   /* a MAC step (os), a pixel (ws), a tap (pool) */
	TOK_FIRST = 2,   /* first of a sum */
	TOK_LAST = 3,    /* last of a sum */
	TOK_SEGF = 4,    /* first of a segment: the row takes its word */
	TOK_POOL = 5,
	TOK_PMAX = 6,
	TOK_DW = 7,
	TOK_ADV = 8,     /* dw: the line buffer moves one position */
	TOK_PAR = 9,     /* dw: parity of the newest tile */
	TOK_FRESH = 10,  /* dw: the newest tile is the command's first */
	TOK_KH = 11,     /* 2 bits. dw: line of this step; else with groups: what kind of step it is (mul_sub.v) */
	TOK_KW = 13,     /* 2 bits. dw: tap of this step */
	TOK_IDX = 15,    /* 6 bits. conv: activation of the row's word; its group is presented */
	TOK_RV = 21,     /* this cycle's slot has a pixel */
	TOK_W = 22,
};
/* Whether steps are more than one activation apart (parameter GROUP of the module). */
static inline int feed_groups(const struct config *c) { return c->dataflow == DATAFLOW_OS && c->group > 1; }
/* ws: whether groups may be packed; the token says so in bit 0 of idx. */
static inline int feed_packs(const struct config *c) { return c->dataflow == DATAFLOW_WS && c->group > 1; }
static inline int tok_bit(uint32_t tok, int bit) { return (int)(tok >> bit & 1); }

struct feed_cmd {
#define F(name, beat, lsb, width, sgn, meaning) int32_t name;
	FEED_FIELDS(F)
#undef F
	int32_t wait, push;
};

struct feed {
	struct feed_cmd sh, a;  /* shadow and active command */
	uint32_t stamp;         /* no register: equal stamps, equal sh and a */
	uint8_t full, run, prime, flush;
	uint8_t push;
	uint16_t ct;
	int32_t left;
	int32_t cbase;
	int32_t ta, tiy, tb, tneed;
	uint16_t tox;
	int32_t ra, riy, rb, rneed;
	uint16_t rox;
	uint8_t ikg, ikw;
	uint16_t ic;
	int32_t off, boff, ky;
	int32_t t;
	uint8_t jr, idx, dkh, dkw;
	uint32_t k, wbase, rel, kdone;
	int32_t cred;
	uint8_t guard;
	uint8_t par, fresh;
	int32_t pcnt, q, qaddr, qbase;
	/* fetch pipeline, stage n */
	uint8_t frd;
	int32_t faddr, fiy, fb;
	uint64_t m2, m3, m4;
	uint8_t vy2, vy3, vy4, vy5, vx2, vx3, vx4, vx5, p2, pv5;
	int16_t zx1, zx2, zx3, zx4;
	uint32_t tok1, tok2, tok3, tok4, tok5;
	uint32_t wa1, wa2, wa3, wa4, wa5;
	uint8_t ev;
	int16_t bus[CONFIG_MAX_PORT];
};

enum { FEED_EV_ACTIVE = 1, FEED_EV_WGT = 2, FEED_EV_IN = 4, FEED_EV_OUT = 8, FEED_EV_FILL = 16, FEED_EV_IDLE = 32 };

#define FEED_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") R(run, 1, 1, "a command is active") \
	R(prime, 1, 1, "dw: the line buffer is being filled") R(flush, 1, 1, "dw: the last rows finish") \
	R(push, 1, 8, "tokens pushed") R(ct, 1, 16, "channel tile") R(left, 1, 16, "pixels left in the channel tile") \
	R(cbase, 1, c->act_aw, "address of the channel tile's first window") \
	R(ta, 1, c->act_aw, "address of the tile's first window") R(tiy, 1, 16, "its y") R(tb, 1, 16, "its line position") \
	R(tox, 1, 16, "its output x") R(tneed, 1, 20, "input pixels it needs") \
	R(ra, 1, c->act_aw, "address of the slot's window") R(riy, 1, 16, "its y") R(rb, 1, 16, "its line position") \
	R(rox, 1, 16, "its output x") R(rneed, 1, 20, "input pixels its line needs") \
	R(ikg, 1, 8, "row group") R(ikw, 1, 8, "tap") R(ic, 1, 16, "chunk") \
	R(off, 1, c->act_aw, "segment's address offset") R(boff, 1, 16, "segment's position offset") R(ky, 1, 16, "segment's y offset") \
	R(t, 1, 16, "cycle in the segment") R(jr, 1, 8, "step in the sub row") R(idx, 1, 8, "byte of the word") \
	R(dkh, 1, 2, "dw: line") R(dkw, 1, 2, "dw: tap") R(k, 1, 16, "weight word of the step") \
	R(wbase, 1, c->wgt_aw + 1, "first weight word of the channel tile") R(rel, 1, c->wgt_aw + 1, "weight words released") \
	R(kdone, 1, 16, "weight words of the tile already released") \
	R(cred, 1, c->col_aw + 1, "free collector entries") R(guard, 1, 8, "cycles until the array has drained") \
	R(par, 1, 1, "dw: tile parity") R(fresh, 1, 1, "dw: first tile") R(pcnt, 1, 16, "dw: positions to prime or flush") \
	R(q, 1, 17, "dw: stream position") R(qaddr, 1, c->act_aw, "dw: stream address") R(qbase, 1, c->act_aw, "dw: address of the stream's channel tile") \
	R(frd, 1, 1, "fetch") R(faddr, 1, c->act_aw, "fetch address") R(fiy, 1, 16, "fetch y") R(fb, 1, 16, "fetch line position") \
	R(m2, 1, c->act_port, "bytes inside the line") R(m3, 1, c->act_port, "bytes inside the map") R(m4, 1, c->act_port, "bytes inside the map") \
	R(vy2, 1, 3, "rows inside the map") R(vy3, 1, 3, "rows inside the map") R(vy4, 1, 3, "rows inside the map") R(vy5, 1, 3, "rows inside the map") \
	R(vx2, 1, 3, "taps inside the line") R(vx3, 1, 3, "taps inside the line") R(vx4, 1, 3, "taps inside the line") R(vx5, 1, 3, "taps inside the line") \
	R(p2, 1, 8, "sub row pitch") R(pv5, 1, 1, "byte 0 is inside the map") \
	R(zx1, 1, c->act_bits, "zero point") R(zx2, 1, c->act_bits, "zero point") R(zx3, 1, c->act_bits, "zero point") R(zx4, 1, c->act_bits, "zero point") \
	R(tok1, 1, TOK_W, "token") R(tok2, 1, TOK_W, "token") R(tok3, 1, TOK_W, "token") \
	R(tok4, 1, TOK_W, "token") R(tok5, 1, TOK_W, "token at the rows") \
	R(wa1, 1, c->wgt_aw, "weight address") R(wa2, 1, c->wgt_aw, "weight address") R(wa3, 1, c->wgt_aw, "weight address") \
	R(wa4, 1, c->wgt_aw, "weight address") R(wa5, 1, c->wgt_aw, "weight address at the rows") \
	R(bus, c->act_port, c->x_bits, "word for a row, outside bytes replaced") R(ev, 1, 6, "events for the counters")
/* Command fields, R(field, scope, register, lanes, width, meaning): p is sh (shadow) or a (active). */
#define FEED_CMD_REG(R, p, name, width) R(p.name, , p##_##name, 1, width, "command field " #name)
/* Those that only designs with groups have. */
#define FEED_GROUP_REG(R, p, name) R(p.name, g_group., p##_##name, 1, feed_groups(c) ? 8 : 0, "command field " #name)
#define FEED_GROUP_REGS(R, p) \
	FEED_GROUP_REG(R, p, gstep) FEED_GROUP_REG(R, p, gap) R(p.pack, g_pack., p##_pack, 1, feed_packs(c), "command field pack")
#define FEED_CMD_REGS(R, p) \
	FEED_CMD_REG(R, p, dw, 1) FEED_CMD_REG(R, p, pool, 1) FEED_CMD_REG(R, p, pmax, 1) \
	FEED_CMD_REG(R, p, keep, 1) FEED_CMD_REG(R, p, follow, 1) FEED_CMD_REG(R, p, lead, 8) FEED_CMD_REG(R, p, dep, 8) \
	FEED_CMD_REG(R, p, kg, 8) FEED_CMD_REG(R, p, kw, 8) FEED_CMD_REG(R, p, st_full, 8) \
	FEED_CMD_REG(R, p, st_last, 8) FEED_CMD_REG(R, p, st_glast, 8) FEED_CMD_REG(R, p, run, 8) \
	FEED_CMD_REG(R, p, pitch, 8) FEED_CMD_REG(R, p, dil, 8) FEED_CMD_REG(R, p, dmin, 8) \
	FEED_CMD_REG(R, p, push, 8) FEED_CMD_REG(R, p, ow, 16) FEED_CMD_REG(R, p, ctiles, 16) \
	FEED_CMD_REG(R, p, npt, 16) FEED_CMD_REG(R, p, nc, 16) FEED_CMD_REG(R, p, binc_c, 16) \
	FEED_CMD_REG(R, p, binc_kw, 16) FEED_CMD_REG(R, p, iy0, 16) FEED_CMD_REG(R, p, sy, 16) \
	FEED_CMD_REG(R, p, h, 16) FEED_CMD_REG(R, p, ky_step, 16) FEED_CMD_REG(R, p, b0, 16) \
	FEED_CMD_REG(R, p, b_step, 16) FEED_CMD_REG(R, p, lb, 16) FEED_CMD_REG(R, p, kwords, 16) \
	FEED_CMD_REG(R, p, npix, 16) FEED_CMD_REG(R, p, npad, 16) FEED_CMD_REG(R, p, ldelay, 16) \
	FEED_CMD_REG(R, p, nread, 16) FEED_CMD_REG(R, p, need0, 20) FEED_CMD_REG(R, p, need_step, 20) \
	FEED_CMD_REG(R, p, need_max, 20) FEED_CMD_REG(R, p, px_step, c->act_aw) \
	FEED_CMD_REG(R, p, line_step, c->act_aw) FEED_CMD_REG(R, p, ct_step, c->act_aw) \
	FEED_CMD_REG(R, p, inc_kg, c->act_aw) FEED_CMD_REG(R, p, inc_kw, c->act_aw) \
	FEED_CMD_REG(R, p, inc_c, c->act_aw) FEED_CMD_REG(R, p, zx, c->act_bits) FEED_CMD_REG(R, p, dkw, 2) \
	FEED_CMD_REG(R, p, dkh0, 2)
#define FEED_SUBREGS(R) \
	FEED_CMD_REGS(R, sh) FEED_CMD_REGS(R, a) \
	FEED_CMD_REG(R, sh, wait, 8) FEED_CMD_REG(R, sh, src, c->act_aw) FEED_CMD_REG(R, sh, prime, 16) FEED_CMD_REG(R, sh, q0, 16)

struct feed_in {
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	uint8_t vld;                 /* rd_data is this engine's word */
	const int8_t *rd_data;       /* act_port lanes */
	uint32_t wgt_cnt;            /* words ever written to the weight buffer, modulo 2^(wgt_aw+1) */
	uint8_t wgt_ready;           /* ws: the shadow weights are loaded */
	uint8_t col_pop;             /* a collector entry became free */
	uint8_t post_rd;             /* ws: post waits for the activation port */
	uint8_t post_done, post_last;
	uint16_t post_pix;
};
struct feed_out {
	uint8_t wait;                /* tok_wait_o */
	uint8_t take;                /* tok_take_o, from in->tok_ok */
	uint8_t idle;
};

/* ws: what wload_ws is told in the cycle after a segment's first issue (wgt_seg_o). */
struct feed_seg {
	uint8_t began, last;         /* of the tile */
	uint8_t rewind;              /* with last: another pixel tile uses the same weights */
	uint8_t keep;
	uint32_t kwords;
};
void feed_segment(const struct config *c, const struct feed *q, struct feed_seg *s);

/* What rst_ni low does to the control state. */
void feed_reset(const struct config *c, struct feed *d);
void feed_comb(const struct feed *q, uint8_t tok_ok, struct feed_out *o);
void feed_next(const struct config *c, const struct feed *q, const struct feed_in *in, struct feed *d);

#endif
