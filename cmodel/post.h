/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/post.v with its post_lane.v and post_addr.v: collector vectors -> activations in the buffer. */
#ifndef SYSTOLE_POST_H
#define SYSTOLE_POST_H
#include "config.h"

enum { POST_STAGES = 7, POST_READS = 4 };

struct post {
	/* shadow command */
	uint8_t full, wait, s_push, s_flags;
	uint16_t s_pixels, s_lines, s_tiles, s_valid;
	uint32_t s_clamp;
	uint32_t s_out, s_pstep, s_lstep, s_tstep, s_res, s_rpstep, s_rlstep, s_zero;
	uint64_t s_first;
	uint64_t s_scale1, s_scale2, s_scale3, s_average;
	/* active command */
	uint8_t busy, bad, push, add, plain, uniform, average, pool, valid;
	uint16_t pixels, lines;
	uint32_t clamp;
	uint32_t pstep, lstep, tstep, rpstep, rlstep, zero;
	uint64_t first;
	uint64_t scale1, scale2, scale3;
	/* loops, residual reads */
	uint8_t loop, bt, rd, room, ready, twp, trp, bwp, brp;
	uint16_t px, ln, ct;
	uint32_t raddr, r_pix, r_tile, r_off;
	uint8_t tags[POST_READS];
	/* entries; of v the first POST_STAGES */
	uint8_t phase, eb, v[8], kind[POST_STAGES], tag[POST_STAGES], gv, gtag, gfirst;
	/* writes */
	uint8_t fin, wr, tok_push, err, done, last;
	uint16_t pix;
	uint32_t waddr, wmask, w_pix, w_tile, w_off;
	int8_t b[POST_READS * CONFIG_MAX_COLS * 2]; /* act_size bytes each */
	/* lanes */
	uint32_t stamp; /* no register: equal stamps, equal registers from here on */
	int32_t op[CONFIG_MAX_COLS], m1[CONFIG_MAX_COLS], m2[CONFIG_MAX_COLS];
	int64_t x[CONFIG_MAX_COLS], p[CONFIG_MAX_COLS], h[CONFIG_MAX_COLS], out[CONFIG_MAX_COLS];
	int32_t r[CONFIG_MAX_COLS], gap[CONFIG_MAX_COLS];
	int8_t s1[CONFIG_MAX_COLS];
	uint8_t n2[CONFIG_MAX_COLS], n3[CONFIG_MAX_COLS], n4[CONFIG_MAX_COLS], c[CONFIG_MAX_COLS];
	int8_t y[CONFIG_MAX_PORT]; /* post_wdata_o, act_size bytes each: 0 from lane LANES on */
};

#define POST_BEATS(c) ((c)->cols / (c)->lanes)
#define POST_BEAT_BITS(c) (POST_BEATS(c) > 16 ? 5 : POST_BEATS(c) > 8 ? 4 : POST_BEATS(c) > 4 ? 3 : POST_BEATS(c) > 2 ? 2 : 1)
#define POST_WIDE(c) (config_requant(c) != ROUNDING_TFLITE)
#define POST_CLAMP(c) (8 * (c)->act_size) /* bits of a bound */
#define POST_GAP(c) ((c)->act_size > 1 ? 32 : 24)
#define POST_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") \
	R(wait, 1, 8, "tokens it waits for") \
	R(s_push, 1, 8, "tokens it will push") \
	R(s_flags, 1, 6, "its flags") \
	R(s_out, 1, c->act_aw, "its first output vector") \
	R(s_pixels, 1, 16, "its pixels per line") \
	R(s_lines, 1, 16, "its lines") \
	R(s_pstep, 1, c->act_aw, "its step from pixel to pixel") \
	R(s_lstep, 1, c->act_aw, "its step to the next line") \
	R(s_tiles, 1, 16, "its channel tiles") \
	R(s_valid, 1, 16, "valid channels in its last tile") \
	R(s_tstep, 1, c->act_aw, "its step from tile to tile") \
	R(s_first, 1, 8 + 2 * POST_CLAMP(c), "its clamp and zero point") \
	R(s_res, 1, c->act_aw, "its first residual vector") \
	R(s_rpstep, 1, c->act_aw, "its residual's pixel step") \
	R(s_rlstep, 1, c->act_aw, "its residual's line step") \
	R(s_zero, 1, 24, "its ADD's zero points") \
	R(s_clamp, 1, 2 * POST_CLAMP(c), "its ADD's clamp") \
	R(s_scale1, 1, 40, "its ADD's scale of a") \
	R(s_scale2, 1, 40, "its ADD's scale of b") \
	R(s_scale3, 1, 40, "its ADD's scale of the sum") \
	R(s_average, 1, 40, "its scale of the global average") \
	R(busy, 1, 1, "a command is active") \
	R(bad, 1, 1, "it is illegal") \
	R(push, 1, 8, "tokens it will push") \
	R(add, 1, 1, "a residual is added") \
	R(plain, 1, 1, "no first requantization") \
	R(uniform, 1, 1, "one parameter tile for all channel tiles") \
	R(average, 1, 1, "global average") \
	R(pool, 1, 1, "integer rounding of averages (onnx)") \
	R(pixels, 1, 16, "pixels per line") \
	R(lines, 1, 16, "lines") \
	R(valid, 1, 6, "valid channels in the last tile") \
	R(pstep, 1, c->act_aw, "output step from pixel to pixel") \
	R(lstep, 1, c->act_aw, "output step to the next line") \
	R(tstep, 1, c->act_aw, "step from tile to tile") \
	R(rpstep, 1, c->act_aw, "residual step from pixel to pixel") \
	R(rlstep, 1, c->act_aw, "residual step to the next line") \
	R(first, 1, 8 + 2 * POST_CLAMP(c), "clamp and zero point of the first requantization") \
	R(zero, 1, 24, "zero points of sum, b, a") \
	R(clamp, 1, 2 * POST_CLAMP(c), "clamp of the sum") \
	R(scale1, 1, 40, "scale of a") \
	R(scale2, 1, 40, "scale of b") \
	R(scale3, 1, 40, "scale of the sum or global average") \
	R(loop, 1, 1, "beats are left to read or enter") \
	R(px, 1, 16, "pixels left in the line") \
	R(ln, 1, 16, "lines left in the tile") \
	R(ct, 1, 16, "channel tiles left") \
	R(bt, 1, POST_BEAT_BITS(c), "beat of the loop") \
	R(rd, 1, 1, "residual read is offered") \
	R(raddr, 1, c->act_aw, "its address") \
	R(room, 1, 3, "residual reads that may be offered") \
	R(ready, 1, 3, "beats whose residual was granted") \
	R(tags, POST_READS, 4, "their tags") \
	R(twp, 1, 2, "next tag written") \
	R(trp, 1, 2, "next tag read") \
	R(b, POST_READS * c->lanes * c->act_size, config_byte_bits(c), "residual operands") \
	R(bwp, 1, 2, "next operand written") \
	R(brp, 1, 2, "next operand read") \
	R(phase, 1, 2, "phase of the ADD's entries") \
	R(eb, 1, POST_BEAT_BITS(c), "beat that enters next") \
	R(v, POST_STAGES, 1, "stage is valid") \
	R(kind, POST_STAGES, 3, "stage: FIRST, Q2, Q1, SUM, GAP") \
	R(tag, POST_STAGES, 4, "stage: last tile, end of tile, line, vector") \
	R(gv, 1, 1, "an average is complete") \
	R(gtag, 1, 2, "its tag: last tile, end of vector") \
	R(gfirst, 1, 1, "the next vector is its tile's first") \
	R(fin, 1, 1, "the last stage holds results") \
	R(wr, 1, 1, "write") \
	R(waddr, 1, c->act_aw, "its address") \
	R(wmask, 1, c->lanes, "its mask") \
	R(tok_push, 1, 8, "tokens pushed") \
	R(err, 1, 1, "error pulse") \
	R(done, 1, 8, "commands completed") \
	R(pix, 1, 16, "vectors of the last channel tile written") \
	R(last, 1, 1, "the last channel tile is being written")
/* R(field, scope, register, lanes, width, meaning) */
#define POST_SUBREGS(R) \
	R(w_pix, u_waddr, pix, 1, c->act_aw, "next output vector") \
	R(w_tile, u_waddr, tile, 1, c->act_aw, "its tile's first") \
	R(w_off, u_waddr, off, 1, 6, "its beat's first channel") \
	R(r_pix, u_raddr, pix, 1, c->act_aw, "next residual vector") \
	R(r_tile, u_raddr, tile, 1, c->act_aw, "its tile's first") \
	R(r_off, u_raddr, off, 1, 6, "its beat's first channel")
/* R(field, n, width, meaning): lane i's elements field[i*n .. i*n+n-1] are g_lane[i].u_lane.field_q, i = 0..lanes-1 */
#define POST_LANE_REGS(R) \
	R(op, 1, 32, "stage 1: operand") \
	R(m1, 1, 32, "multiplier") \
	R(s1, 1, 8, "shift") \
	R(x, 1, config_requant(c) == ROUNDING_ONNX ? 33 : 32, "stage 2: operand, shifted or rounded") \
	R(m2, 1, 32, "multiplier") \
	R(n2, 1, POST_WIDE(c) ? 6 : 5, "bits of the last right shift") \
	R(p, 1, 64, "stage 3: product") \
	R(n3, 1, POST_WIDE(c) ? 6 : 5, "bits of the last right shift") \
	R(h, 1, POST_WIDE(c) ? 64 : 32, "stage 4: product, rounded") \
	R(n4, 1, POST_WIDE(c) ? 6 : 5, "bits of the last right shift") \
	R(r, 1, 32, "stage 5: shifted") \
	R(c, 1, 1, "carry that rounds it") \
	R(out, 1, 33, "stage 6: before the clamp") \
	R(y, c->act_size, config_byte_bits(c), "stage 7: activation") \
	R(gap, POST_BEATS(c), POST_GAP(c), "sums of the global average")

struct post_in {
	uint8_t rst_n;
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	uint8_t col_valid;
	const int32_t *col;       /* [cols], with col_valid */
	uint8_t par_ok;
	const int32_t *par_bias;  /* [lanes], with par_ok */
	const int32_t *par_mult;
	const int8_t *par_shift;
	uint8_t gnt, vld;
	const int8_t *rd_data;    /* [act_port], act_size bytes each, with vld */
};

/* What enters the lanes and leaves them in this cycle. */
struct post_now {
	int fin, over, take;
	int ask, go;
	uint8_t tag;          /* of the loop */
	int q2, q1, sum;
	int issue, enter;
	uint8_t etag;         /* of a FIRST */
	uint8_t eb;           /* beat after it */
	int kind;             /* of the entry */
	uint8_t ntag;         /* its tag */
};

/* Combinational outputs, and the nets behind them. */
struct post_out {
	uint8_t take, col_pop;
	uint8_t par_re, par_row, par_rel;
	struct post_now now;
};

static inline int post_over(const struct post *q) { return q->bad || (q->fin && q->tag[6] == 15); }
static inline uint8_t post_tok_wait(const struct post *q) { return q->full && (!q->busy || post_over(q)) ? q->wait : 0; }
static inline int post_take(const struct post *q, int tok_ok) { return q->full && (!q->busy || post_over(q)) && tok_ok; }
static inline int post_idle(const struct post *q) { return !q->full && !q->busy; }
/* Uses tok_ok, col_valid, par_ok of in. */
void post_comb(const struct config *c, const struct post *q, const struct post_in *in, struct post_out *o);
/* o: of post_comb() with the same q and in. */
void post_next(const struct config *c, const struct post *q, const struct post_in *in, const struct post_out *o, struct post *d);

#endif
