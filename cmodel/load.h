/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/load.v: memory -> activation, weight and parameter buffer. */
#ifndef SYSTOLE_LOAD_H
#define SYSTOLE_LOAD_H
#include "axi_rd.h"
#include "config.h"

enum load_kind { LOAD_ACT, LOAD_WGT, LOAD_PAR, LOAD_SHORT };

struct load {
	uint64_t wgt_data[2];
	uint64_t left;
	uint32_t s_offset, s_bytes, s_dst, s_stride;
	uint32_t addr, bytes, place, stride, cur, dst;
	uint32_t req_addr, wgt_free, par_free, run, act_addr, bad_addr, addr_rdata;
	uint32_t par_bias, par_mult;
	uint32_t desc_dst[8];
	uint16_t s_times, s_blocks, times, time, block;
	uint16_t act_mask;
	uint8_t desc_kind[8], desc_skip[8], desc_tail[8], desc_push[8], desc_last[8], desc_end[8];
	uint8_t full, wait, s_push, s_kind, s_base;
	uint8_t busy, setup, push, kind, skip, tail, req_valid, req_len;
	uint8_t wptr, rptr, count, first, fin, fin_push;
	uint8_t act_wr, act_piece, wgt_valid, wgt_end, par_half, par_we, par_shift, tok_push, err, err_code;
	int8_t act_data[CONFIG_MAX_BUS];
};

#define LOAD_LG(c) ((c)->bus_bytes == 16 ? 4 : 3)
#define LOAD_STEP(c) ((c)->act_port * (c)->act_size < (c)->bus_bytes ? (c)->act_port * (c)->act_size : (c)->bus_bytes)
/* weight words in a beat, beats in a weight word (one of them is 1) */
#define LOAD_WPB(c) ((uint32_t)((c)->wgt_word < (c)->bus_bytes ? (c)->bus_bytes / (c)->wgt_word : 1))
#define LOAD_BPW(c) ((uint32_t)((c)->wgt_word > (c)->bus_bytes ? (c)->wgt_word / (c)->bus_bytes : 1))
#define LOAD_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") \
	R(wait, 1, 8, "tokens it waits for") \
	R(s_push, 1, 8, "tokens it will push") \
	R(s_offset, 1, 32, "its memory offset") \
	R(s_bytes, 1, 32, "bytes of its blocks") \
	R(s_dst, 1, c->act_baw, "its activation buffer address") \
	R(s_kind, 1, 2, "its kind") \
	R(s_base, 1, 2, "its base register") \
	R(s_times, 1, 16, "times each of its blocks is sent") \
	R(s_blocks, 1, 16, "its blocks") \
	R(s_stride, 1, 32, "from block to block") \
	R(busy, 1, 1, "a command has requests left") \
	R(setup, 1, 1, "a block begins") \
	R(push, 1, 8, "tokens it will push") \
	R(kind, 1, 2, "its kind") \
	R(addr, 1, 32, "address of the block") \
	R(bytes, 1, 32, "bytes of a block") \
	R(place, 1, c->act_baw, "activation buffer address of the next block") \
	R(times, 1, 16, "times each block is sent") \
	R(time, 1, 16, "times this block is still to be sent") \
	R(block, 1, 16, "blocks left") \
	R(stride, 1, 32, "from block to block") \
	R(cur, 1, 32 - LOAD_LG(c), "next burst, in beats") \
	R(left, 1, 33 - LOAD_LG(c), "beats of the block to ask for") \
	R(dst, 1, c->act_baw, "activation buffer address of the next burst") \
	R(skip, 1, LOAD_LG(c), "first byte of the next burst") \
	R(tail, 1, LOAD_LG(c), "last byte of the block") \
	R(req_valid, 1, 1, "burst is offered") \
	R(req_addr, 1, 32 - LOAD_LG(c), "its address, in beats") \
	R(req_len, 1, 4, "its beats - 1") \
	R(wgt_free, 1, load_wgt_bits(c), "weight buffer credits") \
	R(par_free, 1, load_par_bits(c), "parameter buffer credits, in beats") \
	R(desc_kind, 8, 2, "burst asked for: kind") \
	R(desc_dst, 8, c->act_baw, "burst: activation buffer address") \
	R(desc_skip, 8, LOAD_LG(c), "burst: first byte") \
	R(desc_tail, 8, LOAD_LG(c), "burst: last byte") \
	R(desc_end, 8, 1, "burst: the last of its block") \
	R(desc_last, 8, 1, "burst: the last of its command") \
	R(desc_push, 8, 8, "burst: tokens of its command") \
	R(wptr, 1, 3, "next descriptor") \
	R(rptr, 1, 3, "oldest descriptor") \
	R(count, 1, 4, "bursts asked for and not complete") \
	R(first, 1, 1, "the next beat is a burst's first") \
	R(run, 1, c->act_baw, "activation buffer address of the next beat") \
	R(fin, 1, 1, "a command's last data are leaving") \
	R(fin_push, 1, 8, "its tokens") \
	R(act_wr, 1, 1, "activation write is offered") \
	R(act_addr, 1, c->act_baw, "its address") \
	R(act_data, c->bus_bytes, config_byte_bits(c), "its activations") \
	R(act_mask, 1, c->bus_bytes, "its mask") \
	R(act_piece, 1, 4, "writes of this beat done") \
	R(wgt_valid, 1, 1, "beat for the weight buffer") \
	R(wgt_data, c->bus_bytes / 8, 64, "the beat") \
	R(wgt_end, 1, 1, "it is the last of a block") \
	R(par_half, 1, 1, "half a parameter entry is here; 128-bit bus: a second short one") \
	R(par_we, 1, 1, "parameter entry") \
	R(par_bias, 1, 32, "its bias") \
	R(par_mult, 1, 32, "its multiplier") \
	R(par_shift, 1, 8, "its shift") \
	R(tok_push, 1, 8, "tokens pushed") \
	R(err, 1, 1, "error pulse") \
	R(err_code, 1, 8, "its code") \
	R(bad_addr, 1, 32 - LOAD_LG(c), "block of a refused command, in beats")
/* R(field, scope, register, lanes, width, meaning) */
#define LOAD_SUBREGS(R) \
	R(addr_rdata, u_addr, rdata, 1, 32 - LOAD_LG(c), "burst of an error, in beats")

struct load_ram {
	uint32_t addr[8];
	uint32_t wdata;
	uint8_t we, waddr;
};

struct load_in {
	uint8_t rst_n;
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	const uint32_t *base;     /* [4] */
	uint8_t req_ready;
	uint8_t rsp_valid, rsp_last, rsp_err;
	const uint64_t *rsp_data; /* a beat */
	uint8_t wready;           /* of the activation buffer */
	uint8_t wgt_rel_valid;
	uint32_t wgt_rel_words;
	uint8_t wgt_back;         /* a beat took no space */
	uint8_t wgt_whole;        /* the beat in wgt_data ends a block of indices and words */
	uint8_t par_rel;
};

int load_wgt_bits(const struct config *c); /* bits of wgt_free */
int load_par_bits(const struct config *c); /* bits of par_free */

static inline uint8_t load_tok_wait(const struct load *q) { return q->full && !q->busy ? q->wait : 0; }
static inline int load_take(const struct load *q, int tok_ok) { return q->full && !q->busy && tok_ok; }
static inline int load_idle(const struct load *q) { return !q->full && !q->busy && !q->count && !q->fin; }
/* The second short entry of a beat goes to the parameter buffer. */
static inline int load_second(const struct config *c, const struct load *q) { return c->bus_bytes == 16 && q->par_half; }
/* no activations wait, or the last leave */
static inline int load_clear(const struct config *c, const struct load *q, int wready)
{
	return !q->act_wr || (wready && q->act_piece == c->bus_bytes / LOAD_STEP(c) - 1);
}
/* rsp_ready_o */
static inline int load_ready(const struct config *c, const struct load *q, int wready)
{
	return load_clear(c, q, wready) && !load_second(c, q);
}
uint32_t load_err_addr(const struct config *c, const struct load *q);
void load_next(const struct config *c, const struct load *q, const struct load_in *in,
	struct load_ram *m, struct load *d);
void load_commit(struct load_ram *m);

#endif
