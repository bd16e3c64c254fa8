/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/store.v: activation buffer -> memory. */
#ifndef SYSTOLE_STORE_H
#define SYSTOLE_STORE_H
#include "axi_wr.h"
#include "config.h"

enum { STORE_FIFO = 8 };

struct store {
	int8_t fifo_rdata[CONFIG_MAX_BUS]; /* lanes, as memory bytes */
	int8_t part_data[CONFIG_MAX_BUS];
	uint32_t s_offset, s_bytes, s_src;
	uint32_t bytes, b_addr, cur, aw_left, rd_left, w_left, src;
	uint32_t err_addr, addr, aw_addr;
	uint8_t full, wait, s_push, s_base;
	uint8_t busy, setup, push, skip, tail, piece, part;
	uint8_t tok_push, err, err_code, rd, aw_valid, aw_len;
	uint8_t wptr, rptr, count, reserved, out;
};

#define STORE_LG(c) ((c)->bus_bytes == 16 ? 4 : 3)
#define STORE_STEP(c) ((c)->act_port * (c)->act_size < (c)->bus_bytes ? (c)->act_port * (c)->act_size : (c)->bus_bytes)
#define STORE_NW(c) ((c)->act_baw + 2 - STORE_LG(c))
#define STORE_REGS(R) \
	R(full, 1, 1, "the shadow holds a command") \
	R(wait, 1, 8, "tokens it waits for") \
	R(s_push, 1, 8, "tokens it will push") \
	R(s_offset, 1, 32, "its memory offset") \
	R(s_bytes, 1, c->act_baw + 1, "its bytes") \
	R(s_src, 1, c->act_baw, "its activation buffer address") \
	R(s_base, 1, 2, "its base register") \
	R(busy, 1, 1, "a command is active") \
	R(setup, 1, 1, "its first cycle") \
	R(push, 1, 8, "tokens it will push") \
	R(bytes, 1, c->act_baw + 1, "its bytes") \
	R(b_addr, 1, 32, "burst whose response comes next") \
	R(cur, 1, 32 - STORE_LG(c), "next burst, in beats") \
	R(aw_left, 1, STORE_NW(c), "beats not covered by a burst") \
	R(rd_left, 1, STORE_NW(c), "beats not read") \
	R(w_left, 1, STORE_NW(c), "beats not sent") \
	R(src, 1, c->act_baw, "next read") \
	R(skip, 1, STORE_LG(c), "first byte of the next beat") \
	R(tail, 1, STORE_LG(c), "last byte of the last beat") \
	R(piece, 1, 4, "reads of this beat asked for") \
	R(part, 1, 4, "reads of this beat received") \
	R(tok_push, 1, 8, "tokens pushed") \
	R(err, 1, 1, "error pulse") \
	R(err_code, 1, 8, "its code") \
	R(err_addr, 1, 32, "its address") \
	R(rd, 1, 1, "read is offered") \
	R(addr, 1, c->act_baw, "its address") \
	R(aw_valid, 1, 1, "burst is offered") \
	R(aw_addr, 1, 32 - STORE_LG(c), "its address, in beats") \
	R(aw_len, 1, 4, "its beats - 1") \
	R(wptr, 1, 3, "FIFO write pointer") \
	R(rptr, 1, 3, "FIFO read pointer") \
	R(count, 1, 4, "beats in the FIFO's RAM") \
	R(reserved, 1, 4, "beats asked for and not sent") \
	R(out, 1, 1, "the RAM's output register holds a beat")
/* R(field, scope, register, lanes, width, meaning); no lanes: the register does not exist */
#define STORE_SUBREGS(R) \
	R(fifo_rdata, u_fifo, rdata, c->bus_bytes, config_byte_bits(c), "beat to send") \
	R(part_data, g_parts, part_data, c->bus_bytes - STORE_STEP(c), config_byte_bits(c), "reads of the beat so far")

struct store_ram {
	int8_t fifo[STORE_FIFO][CONFIG_MAX_BUS];
	int8_t wdata[CONFIG_MAX_BUS];
	uint8_t we, waddr;
};

struct store_in {
	uint8_t rst_n;
	uint8_t cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t tok_ok;
	const uint32_t *base;   /* [4] */
	uint8_t gnt, vld;
	const int8_t *rd_data;  /* [act_port], bytes */
	uint8_t aw_ready, w_ready;
	uint8_t wr_idle, b_valid, b_err;
};

static inline uint8_t store_tok_wait(const struct store *q) { return q->full && !q->busy ? q->wait : 0; }
static inline int store_take(const struct store *q, int tok_ok) { return q->full && !q->busy && tok_ok; }
static inline int store_idle(const struct store *q) { return !q->full && !q->busy; }
/* Fills aw and the w_* fields of axi_wr's input. */
void store_write(const struct config *c, const struct store *q, struct axi_wr_in *w);
void store_next(const struct config *c, const struct store *q, const struct store_in *in,
	struct store_ram *m, struct store *d);
void store_commit(struct store_ram *m);

#endif
