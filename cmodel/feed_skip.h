/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/feed_skip.v: the FEED engine of the rs array that skips zeros. Three parts, a command apart: weights of
 * the command in the shadow go into the half of the PEs' memories that is not in use; the active command's words are
 * fetched and sent to the rows; its sums leave while the next command is at work (array_skip). */
#ifndef SYSTOLE_FEED_SKIP_H
#define SYSTOLE_FEED_SKIP_H
#include "config.h"
#include "feed_skip_fields.h"

static inline int rs_skip(const struct config *c) { return c->sparsity == SPARSITY_SKIP; }

static inline int skip_log2(int power)
{
	int n = 0;

	while (1 << n < power)
		n++;
	return n;
}
/* log2 of half of a PE's keys, entries, sums: one half is filled or emptied while the other is in use. */
static inline int skip_key_aw(const struct config *c) { return skip_log2(c->spad_key) - 1; }
static inline int skip_ent_aw(const struct config *c) { return skip_log2(c->spad_wgt) - 1; }
static inline int skip_psum_aw(const struct config *c) { return skip_log2(c->spad_psum) - 1; }
/* Bits of a base address, of an address of the weights' memories, of an entry. */
static inline int skip_base_w(const struct config *c) { return (skip_psum_aw(c) > 8 ? skip_psum_aw(c) : 8) + 2; }
static inline int skip_load_aw(const struct config *c) { return skip_key_aw(c) > skip_ent_aw(c) ? skip_key_aw(c) : skip_ent_aw(c); }
static inline int skip_run_bits(const struct config *c) { return c->codebook ? 4 : 8; }
static inline int skip_ent_bits(const struct config *c) { return c->codebook ? 8 : 16; }
/* Depthwise: groups of COLS activations in a word. */
static inline int skip_groups(const struct config *c) { return c->act_port / c->cols; }

/* What comes with a weight word. */
enum skip_load { SKIP_NONE, SKIP_NEW, SKIP_BOOK, SKIP_LEN, SKIP_VAL, SKIP_ENT, SKIP_END, SKIP_RAW };
enum { SKIP_LD_ALL = 3, SKIP_LD_ROW = 4, SKIP_LD_BANK = 9, SKIP_LD_ADDR = 10 }; /* bits after the kind's three */
/* A word's bits: valid, input line, segment, key, base. */
enum { SKIP_W_VALID = 0, SKIP_W_LINE = 1, SKIP_W_SEG = 9, SKIP_W_KEY = 14, SKIP_W_BASE = 30 };

struct feed_skip_cmd {
#define F(name, beat, lsb, width, sgn, meaning) int32_t name;
	FEED_SKIP_FIELDS(F)
#undef F
	int32_t wait, push;
};

struct feed_skip {
	struct feed_skip_cmd sh, a; /* shadow and active command */
	uint8_t full, run, bad, err, bank, pbank, push, ev;
	/* weights */
	uint8_t won, wdone, wval, wst, wrow, whead;
	uint32_t wcnt, wk, wne;
	uint32_t wbase, rel, rel1, wad;
	uint8_t wrd;
	uint64_t ld1, ld2;
	/* rows */
	uint8_t cfg, crow, cseg, cline;
	uint16_t ckey;
	/* walk */
	uint8_t walk;
	uint16_t wp, wj, ww;
	int16_t xp, xs, wy;
	uint16_t kj, kw, kp;
	uint8_t ws, wjp, par;
	uint32_t base, pa, sa, la, wa;
	uint8_t guard;
	/* fetch */
	uint8_t frd;
	uint32_t faddr;
	uint64_t t1, t2, t3, t4, t5;
	uint8_t end1, end2, end3, end4;
	int16_t bus[CONFIG_MAX_PORT];
};

#define FEED_SKIP_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") R(run, 1, 1, "a command is active") R(bad, 1, 1, "the compressed weights were wrong") \
	R(err, 1, 1, "it was just seen") R(bank, 1, 1, "half of the weights in use") R(pbank, 1, 1, "half of the sums in use") \
	R(push, 1, 8, "tokens pushed") R(ev, 1, 6, "events for the counters") \
	R(won, 1, 1, "weights are loaded") R(wdone, 1, 1, "the shadow's weights are in their half") R(wval, 1, 1, "runs of the weights come next") \
	R(wst, 1, 3, "what comes next") R(wrow, 1, 5, "row it is for") R(whead, 1, 2, "cycles until the header is here") \
	R(wcnt, 1, 17, "words of this kind so far") R(wk, 1, 24, "weight words of the pass so far") R(wne, 1, skip_ent_aw(c) + 1, "entries of the block") \
	R(wbase, 1, c->wgt_aw + 1, "next weight word") R(rel, 1, c->wgt_aw + 1, "weight words released") R(rel1, 1, c->wgt_aw + 1, "weight words to release") \
	R(wad, 1, c->wgt_aw, "weight address") R(wrd, 1, 1, "weight read") \
	R(ld1, 1, skip_load_aw(c) + 10, "what the word read is") R(ld2, 1, skip_load_aw(c) + 10, "what the word at the array is") \
	R(cfg, 1, 6, "rows still to configure") R(crow, 1, 8, "row") R(cseg, 1, 8, "its segment") R(cline, 1, 8, "its first input line") \
	R(ckey, 1, 16, "that line's first key") \
	R(walk, 1, 1, "words are still to fetch") R(wp, 1, 16, "position") R(wj, 1, 16, "input line") R(ww, 1, 16, "word") \
	R(xp, 1, 16, "x of the position in the first segment") R(xs, 1, 16, "x of the position") R(wy, 1, 16, "y of the line") \
	R(kj, 1, 16, "keys before the line") R(kw, 1, 16, "keys before the word") R(kp, 1, 16, "keys before the position") \
	R(ws, 1, 8, "segment") R(wjp, 1, 8, "input line modulo the stride") R(par, 1, 8, "position modulo the stride") \
	R(base, 1, skip_base_w(c), "highest sum of the position's pixel") \
	R(pa, 1, c->act_aw, "address of the position") R(sa, 1, c->act_aw, "address of the segment") R(la, 1, c->act_aw, "address of the line") \
	R(wa, 1, c->act_aw, "address of the word") R(guard, 1, 4, "cycles until the last word is in its rows") \
	R(frd, 1, 1, "fetch") R(faddr, 1, c->act_aw, "fetch address") \
	R(t1, 1, skip_base_w(c) + 30, "word") R(t2, 1, skip_base_w(c) + 30, "word") R(t3, 1, skip_base_w(c) + 30, "word") \
	R(t4, 1, skip_base_w(c) + 30, "word") R(t5, 1, skip_base_w(c) + 30, "word at the array") \
	R(end1, 1, 1, "a position's last word") R(end2, 1, 1, "a position's last word") R(end3, 1, 1, "a position's last word") \
	R(end4, 1, 1, "a position's last word") R(bus, c->act_port, c->x_bits, "operands, 0 outside")

/* Command fields as registers, R(field, register, lanes, width, meaning): p is sh (shadow) or a (active). Address fields
 * keep act_aw bits, zx act_bits. Fields the engine does not use have no register. */
#define FEED_SKIP_CMD_REGS(R, p) \
	R(p.dw, p##_dw, 1, 1, "command") R(p.last, p##_last, 1, 1, "command") \
	R(p.zx, p##_zx, 1, c->act_bits, "command") R(p.kh, p##_kh, 1, 8, "command") R(p.nix, p##_nix, 1, 9, "command") \
	R(p.pos_step, p##_pos_step, 1, c->act_aw, "command") R(p.seg_step, p##_seg_step, 1, c->act_aw, "command") \
	R(p.line_step, p##_line_step, 1, c->act_aw, "command") R(p.kstep, p##_kstep, 1, 16, "command") \
	R(p.par_step, p##_par_step, 1, 16, "command") R(p.npos, p##_npos, 1, 16, "command") \
	R(p.sx, p##_sx, 1, 8, "command") R(p.npar, p##_npar, 1, 8, "command") R(p.m0, p##_m0, 1, 8, "command") \
	R(p.nseg, p##_nseg, 1, 8, "command") R(p.nrows, p##_nrows, 1, 8, "command") R(p.sh, p##_sh, 1, 8, "command") \
	R(p.nyl, p##_nyl, 1, 16, "command") R(p.nw, p##_nw, 1, 16, "command") R(p.lanes, p##_lanes, 1, 8, "command") \
	R(p.y0, p##_y0, 1, 16, "command") R(p.ih, p##_ih, 1, 16, "command") \
	R(p.iw, p##_iw, 1, 16, "command") R(p.seg_dx, p##_seg_dx, 1, 16, "command") R(p.shk, p##_shk, 1, 16, "command") \
	R(p.lim, p##_lim, 1, skip_psum_aw(c) + 1, "command") \
	R(p.lim_last, p##_lim_last, 1, skip_psum_aw(c) + 1, "command") R(p.npix, p##_npix, 1, 16, "command") \
	R(p.npix_last, p##_npix_last, 1, 16, "command") R(p.nout, p##_nout, 1, 16, "command") \
	R(p.push, p##_push, 1, 8, "command")
#define FEED_SKIP_SHADOW_REGS(R) \
	R(sh.fc, sh_fc, 1, 1, "command") R(sh.x0, sh_x0, 1, 16, "command") \
	R(sh.load, sh_load, 1, 1, "command") R(sh.follow, sh_follow, 1, 1, "command") R(sh.raw, sh_raw, 1, 1, "command") \
	R(sh.dep, sh_dep, 1, 8, "command") R(sh.src, sh_src, 1, c->act_aw, "command") R(sh.nk, sh_nk, 1, 16, "command") \
	R(sh.kwords, sh_kwords, 1, 24, "command") R(sh.wait, sh_wait, 1, 8, "command")

struct feed_skip_in {
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	uint8_t vld;                 /* rd_data is this engine's word */
	const int8_t *rd_data;       /* act_port lanes */
	const int8_t *wgt_word;      /* of ld2 */
	uint32_t wgt_cnt;
	uint8_t post_done;
	uint8_t room, idle, drain_busy; /* of array_skip */
};
struct feed_skip_out {
	uint8_t wait, take, idle;
	uint8_t finish, drain;       /* the active command is done; its sums leave */
};

/* rows of cfg_o */
struct feed_skip_row { uint8_t shift, used, seg, line; uint16_t key, lim; };

/* tok_ok may depend on o->wait: call twice. Only post_done, idle, drain_busy and tok_ok of in are read. */
void feed_skip_comb(const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip_out *o);
void feed_skip_next(const struct config *c, const struct feed_skip *q, const struct feed_skip_in *in, struct feed_skip *d);
void feed_skip_row(const struct feed_skip *q, struct feed_skip_row *o);
/* What rst_ni low does to the control state. */
void feed_skip_reset(struct feed_skip *d);

#endif
