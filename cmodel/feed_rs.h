/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/feed_rs.v: the FEED engine of the rs array.
 * Two walks over channel tile > tile > pass: the loader fills the activation scratchpads granule by granule, as far
 * ahead as they have room; the issuer goes through window > filter > tap > channel, one step a cycle. */
#ifndef SYSTOLE_FEED_RS_H
#define SYSTOLE_FEED_RS_H
#include "config.h"
#include "feed_rs_fields.h"

enum { RS_MAX_RING = 64, RS_MAX_FREE = 2 * CONFIG_MAX_ROWS };

/* Activation scratchpad words in use: a power of two. */
static inline int rs_ring_aw(const struct config *c)
{
	int n = 2;

	while (n < 6 && 2 << n <= c->spad_act)
		n++;
	return n;
}
static inline int rs_ring(const struct config *c) { return 1 << rs_ring_aw(c); }
static inline int rs_spad_aw(const struct config *c)
{
	int n = 2;

	while (1 << n < c->spad_wgt)
		n++;
	return n;
}
/* Weight words for one step of all rows. */
static inline int rs_words(const struct config *c) { return (c->rows + c->cols - 1) / c->cols; }

/* Step token: these bits, then the activation scratchpad address, then the filter scratchpad address. */
enum { RS_VALID = 0, RS_FIRST = 1, RS_LAST = 2, RS_STREAM = 3, RS_TAIL = 4, RS_XADDR = 5 };
static inline int rs_tok_w(const struct config *c) { return RS_XADDR + rs_ring_aw(c) + rs_spad_aw(c); }
/* Load token: these bits, then the granule's scratchpad address. */
enum { RS_LD_VALID = 0, RS_LD_ALL = 1, RS_LD_SET = 2, RS_LD_D = 7, RS_LD_ADDR = 17 };
static inline int rs_ld_w(const struct config *c) { return RS_LD_ADDR + rs_ring_aw(c); }

struct feed_rs_cmd {
#define F(name, beat, lsb, width, sgn, meaning) int32_t name;
	FEED_RS_FIELDS(F)
#undef F
	int32_t wait, push;
};

struct feed_rs {
	struct feed_rs_cmd sh, a;  /* shadow and active command */
	uint32_t stamp;            /* no register: equal stamps, equal sh and a */
	uint8_t full, run, push;
	/* configuration of the rows */
	uint8_t cfg, cu, ci;
	uint8_t cset;
	int32_t coff, cnt;
	/* loader */
	uint8_t ldone;
	uint16_t lct, ltile, lc, lx, ld, lox;
	uint8_t lkg, lkw, lg, lset;
	int32_t cbase;
	int32_t ta, ty, tb, tneed;
	uint16_t tox;
	int32_t ga, gb;
	int32_t wa, wy, wb, rneed;
	int32_t off, boff, ky;
	int32_t soff, sdy;
	uint8_t gp;
	uint8_t used;
	/* issuer */
	uint8_t cdone;
	uint16_t cct, ctile, cpass, cx;
	uint8_t cf, ctap, cch, sub;
	uint8_t xb, tapo;
	uint16_t waddr;
	uint32_t k, wbase, rel1, rel2, rel3, rel; /* released when the last word has been read */
	uint8_t occ, tout;
	uint64_t free1, freew; /* free granules gfree, gwin cycles later */
	uint8_t guard;
	/* pipeline */
	uint8_t frd;
	int32_t faddr, fiy, fb;
	uint64_t m2, m3, m4;
	uint8_t vy2;
	uint32_t ld1, ld2, ld3, ld4, ld5;
	uint32_t tok1, tok2, tok3, tok4, tok5;
	uint32_t wa1, wa2, wa3, wa4;
	uint8_t wrd1, wrd2, wrd3, wrd4, wrd5;
	int16_t bus[CONFIG_MAX_PORT];
	uint8_t ev;
};

#define FEED_RS_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") R(run, 1, 1, "a command is active") R(push, 1, 8, "tokens pushed") \
	R(cfg, 1, 7, "configuration cycles left") R(cu, 1, 8, "rows without a set left") R(ci, 1, 8, "kernel row of the row configured") \
	R(cset, 1, 5, "its set") R(coff, 1, 10, "its input line") R(cnt, 1, 16, "its columns in the last tile") \
	R(ldone, 1, 1, "everything is loaded") R(lct, 1, 16, "loader: channel tile") R(ltile, 1, 16, "loader: tile") \
	R(lc, 1, 16, "loader: channel group") R(lx, 1, 16, "loader: window") R(ld, 1, 10, "loader: line of the set") \
	R(lox, 1, 16, "loader: pixel's x") R(lkg, 1, 8, "loader: row fold") R(lkw, 1, 8, "loader: taps") \
	R(lg, 1, 8, "loader: granules left of the window") R(lset, 1, 5, "loader: row set") \
	R(cbase, 1, c->act_aw, "address of the channel tile") R(ta, 1, c->act_aw, "address of the tile") R(ty, 1, 16, "its y") \
	R(tb, 1, 16, "its line position") R(tneed, 1, 20, "input pixels it needs") R(tox, 1, 16, "its first pixel's x") \
	R(ga, 1, c->act_aw, "address of the granule") R(gb, 1, 16, "its line position") \
	R(wa, 1, c->act_aw, "address of the word") R(wy, 1, 16, "its y") R(wb, 1, 16, "its line position") \
	R(rneed, 1, 20, "input pixels the granule needs") R(off, 1, c->act_aw, "pass's address offset") \
	R(boff, 1, 16, "pass's position offset") R(ky, 1, 16, "pass's y offset") R(soff, 1, c->act_aw, "set's address offset") \
	R(sdy, 1, 16, "set's y offset") R(gp, 1, rs_ring_aw(c), "granule's scratchpad address") \
	R(used, 1, 7, "granules in the scratchpads or on their way") \
	R(cdone, 1, 1, "everything is issued") R(cct, 1, 16, "channel tile") R(ctile, 1, 16, "tile") R(cpass, 1, 13, "pass") \
	R(cx, 1, 16, "window") R(cf, 1, 6, "filter") R(ctap, 1, 8, "tap") R(cch, 1, 8, "channel") R(sub, 1, 6, "weight word of the step") \
	R(xb, 1, rs_ring_aw(c), "window's scratchpad address") R(tapo, 1, rs_ring_aw(c), "tap's offset") \
	R(waddr, 1, rs_spad_aw(c), "filter scratchpad address") R(k, 1, 16, "weight word") \
	R(wbase, 1, c->wgt_aw + 1, "first weight word of the channel tile") R(rel1, 1, c->wgt_aw + 1, "weight words to release") \
	R(rel2, 1, c->wgt_aw + 1, "weight words to release") R(rel3, 1, c->wgt_aw + 1, "weight words to release") \
	R(rel, 1, c->wgt_aw + 1, "weight words released") \
	R(occ, 1, 7, "granules loaded and not yet used up") R(tout, 1, 2, "tiles begun and not yet handed to the collector") \
	R(free1, 1, 2 * c->rows, "granules used up, not yet free") R(freew, 1, 2 * c->rows, "the same, whole windows") \
	R(guard, 1, 8, "cycles until the array has drained") \
	R(frd, 1, 1, "fetch") R(faddr, 1, c->act_aw, "fetch address") R(fiy, 1, 16, "fetch y") R(fb, 1, 16, "fetch line position") \
	R(m2, 1, c->act_port, "bytes inside the line") R(m3, 1, c->act_port, "bytes inside the map") R(m4, 1, c->act_port, "bytes inside the map") \
	R(vy2, 1, 1, "line inside the map") \
	R(ld1, 1, rs_ld_w(c), "load token") R(ld2, 1, rs_ld_w(c), "load token") R(ld3, 1, rs_ld_w(c), "load token") \
	R(ld4, 1, rs_ld_w(c), "load token") R(ld5, 1, rs_ld_w(c), "load token at the array") \
	R(tok1, 1, rs_tok_w(c), "step token") R(tok2, 1, rs_tok_w(c), "step token") R(tok3, 1, rs_tok_w(c), "step token") \
	R(tok4, 1, rs_tok_w(c), "step token") R(tok5, 1, rs_tok_w(c), "step token at the array") \
	R(wa1, 1, c->wgt_aw, "weight address") R(wa2, 1, c->wgt_aw, "weight address") R(wa3, 1, c->wgt_aw, "weight address") \
	R(wa4, 1, c->wgt_aw, "weight address") \
	R(wrd1, 1, 1, "weight read") R(wrd2, 1, 1, "weight read") R(wrd3, 1, 1, "weight read") R(wrd4, 1, 1, "weight read") \
	R(wrd5, 1, 1, "a weight word is at the array") \
	R(bus, c->act_port, c->x_bits, "word for the scratchpads, outside bytes replaced") R(ev, 1, 6, "events for the counters")

/* Command fields as registers, R(field, register, lanes, width, meaning): p is sh (shadow) or a (active).
 * Address fields keep act_aw bits, needs 20, zx act_bits. Fields the engine does not use have no register. */
#define FEED_RS_CMD_REGS(R, p) \
	R(p.dw, p##_dw, 1, 1, "command") R(p.res, p##_res, 1, 1, "command") R(p.keep, p##_keep, 1, 1, "command") \
	R(p.follow, p##_follow, 1, 1, "command") R(p.sep, p##_sep, 1, 1, "command") R(p.flat, p##_flat, 1, 1, "command") \
	R(p.dep, p##_dep, 1, 8, "command") R(p.gl, p##_gl, 1, 3, "command") R(p.np, p##_np, 1, 13, "command") \
	R(p.ctiles, p##_ctiles, 1, 16, "command") R(p.ntile, p##_ntile, 1, 16, "command") \
	R(p.d_step, p##_d_step, 1, c->act_aw, "command") R(p.wrap_step, p##_wrap_step, 1, c->act_aw, "command") \
	R(p.set_step, p##_set_step, 1, c->act_aw, "command") R(p.g_step, p##_g_step, 1, c->act_aw, "command") \
	R(p.tile_step, p##_tile_step, 1, c->act_aw, "command") R(p.ct_step, p##_ct_step, 1, c->act_aw, "command") \
	R(p.inc_kg, p##_inc_kg, 1, c->act_aw, "command") R(p.inc_kw, p##_inc_kw, 1, c->act_aw, "command") \
	R(p.inc_c, p##_inc_c, 1, c->act_aw, "command") R(p.binc_c, p##_binc_c, 1, 16, "command") R(p.binc_kw, p##_binc_kw, 1, 16, "command") \
	R(p.iy0, p##_iy0, 1, 16, "command") R(p.d_dy, p##_d_dy, 1, 16, "command") R(p.h, p##_h, 1, 16, "command") \
	R(p.ky_step, p##_ky_step, 1, 16, "command") R(p.b0, p##_b0, 1, 16, "command") R(p.b_step, p##_b_step, 1, 16, "command") \
	R(p.lb, p##_lb, 1, 16, "command") R(p.ow, p##_ow, 1, 16, "command") R(p.set_dy, p##_set_dy, 1, 16, "command") \
	R(p.tile_dy, p##_tile_dy, 1, 16, "command") R(p.wrap_dy, p##_wrap_dy, 1, 16, "command") R(p.gb, p##_gb, 1, 16, "command") \
	R(p.need0, p##_need0, 1, 20, "command") R(p.need_g, p##_need_g, 1, 20, "command") R(p.need_t, p##_need_t, 1, 20, "command") \
	R(p.need_max, p##_need_max, 1, 20, "command") R(p.nkg, p##_nkg, 1, 8, "command") R(p.nkw, p##_nkw, 1, 8, "command") \
	R(p.nc, p##_nc, 1, 16, "command") R(p.nset, p##_nset, 1, 6, "command") R(p.nd, p##_nd, 1, 10, "command") \
	R(p.gwin, p##_gwin, 1, 7, "command") R(p.taps, p##_taps, 1, 8, "command") R(p.q, p##_q, 1, 8, "command") \
	R(p.tstep, p##_tstep, 1, rs_ring_aw(c), "command") R(p.xstep, p##_xstep, 1, rs_ring_aw(c), "command") \
	R(p.xend, p##_xend, 1, rs_ring_aw(c), "command") R(p.gfree, p##_gfree, 1, 7, "command") R(p.khn, p##_khn, 1, 6, "command") R(p.fl, p##_fl, 1, 5, "command") \
	R(p.kpad, p##_kpad, 1, 5, "command") R(p.nx, p##_nx, 1, 16, "command") R(p.nx_last, p##_nx_last, 1, 16, "command") \
	R(p.dj, p##_dj, 1, 8, "command") R(p.doff, p##_doff, 1, 8, "command") R(p.zx, p##_zx, 1, c->act_bits, "command") \
	R(p.unused, p##_unused, 1, 6, "command") R(p.kwords, p##_kwords, 1, 16, "command") R(p.dn, p##_dn, 1, 16, "command") \
	R(p.dn_last, p##_dn_last, 1, 16, "command") R(p.push, p##_push, 1, 8, "command")
#define FEED_RS_SHADOW_REGS(R) R(sh.wait, sh_wait, 1, 8, "command") R(sh.src, sh_src, 1, c->act_aw, "command") R(sh.nt0, sh_nt0, 1, 16, "command")

struct feed_rs_in {
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	uint8_t vld;                 /* rd_data is this engine's word */
	const int8_t *rd_data;       /* act_port lanes */
	uint32_t wgt_cnt;            /* words ever written to the weight buffer, modulo 2^(wgt_aw+1) */
	uint8_t tile_done;           /* acc_rs handed a whole tile to the collector */
	uint8_t post_done, post_last;
	uint16_t post_pix;
};
struct feed_rs_out {
	uint8_t wait;                /* tok_wait_o */
	uint8_t take;                /* tok_take_o, from in->tok_ok */
	uint8_t idle;
};
struct feed_rs_rows {
	uint8_t shift;               /* cfg_*_o: the rows' configuration moves by one row */
	uint8_t used, set, ntail, brk;
	uint16_t off;
};

void feed_rs_reset(struct feed_rs *d);
/* The outputs: to tokens and sequencer, and to the rows. */
static inline void feed_rs_comb(const struct feed_rs *q, uint8_t tok_ok, struct feed_rs_out *o)
{
	int can = q->full && !q->run && q->guard == 0;

	o->wait = can ? (uint8_t)q->sh.wait : 0;
	o->take = (uint8_t)(can && tok_ok);
	o->idle = (uint8_t)(!q->full && !q->run && q->guard == 0 && q->tout == 0);
}
void feed_rs_rows(const struct config *c, const struct feed_rs *q, struct feed_rs_rows *o);
void feed_rs_next(const struct config *c, const struct feed_rs *q, const struct feed_rs_in *in, struct feed_rs *d);

#endif
