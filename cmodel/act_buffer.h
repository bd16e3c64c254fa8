/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/act_buffer.v: activations, PORT a cycle from any address. */
#ifndef SYSTOLE_ACT_BUFFER_H
#define SYSTOLE_ACT_BUFFER_H
#include "config.h"

enum { ACT_FEED = 1, ACT_POST = 2, ACT_STORE = 4 };

struct act_buffer {
	uint8_t vld1, vld2, vld3;  /* ACT_FEED, ACT_POST, ACT_STORE */
	uint32_t even, odd, sel1, sel2;
	int8_t words[3 * CONFIG_MAX_PORT]; /* the banks' output registers, [even, odd, even again][PORT], bytes */
	int8_t rd[CONFIG_MAX_PORT];
	uint8_t wr;
	uint32_t weven, wodd;
	uint64_t meven, modd;
	int8_t wdata[CONFIG_MAX_PORT];
};

#define ACT_BUFFER_REGS(R) \
	R(vld1, 1, 3, "read in stage 1, of store, post, feed") R(vld2, 1, 3, "in stage 2") R(vld3, 1, 3, "in stage 3") \
	R(even, 1, c->act_aw - c->port_aw - 1, "even bank's read row") R(odd, 1, c->act_aw - c->port_aw - 1, "odd bank's read row") \
	R(sel1, 1, c->port_aw + 1, "first activation of the word") R(sel2, 1, c->port_aw + 1, "first activation of the word") \
	R(rd, c->act_port * c->act_size, config_byte_bits(c), "word read") \
	R(wr, 1, 1, "write") R(weven, 1, c->act_aw - c->port_aw - 1, "even bank's write row") R(wodd, 1, c->act_aw - c->port_aw - 1, "odd bank's write row") \
	R(meven, 1, c->act_port, "even bank's write mask") R(modd, 1, c->act_port, "odd bank's write mask") \
	R(wdata, c->act_port * c->act_size, config_byte_bits(c), "write word, rotated to its lanes")

struct act_buffer_ram {
	int8_t *bytes; /* [act_bytes], sign-extended activations, owned */
};

struct act_write {
	uint8_t wr;
	uint32_t addr;
	uint64_t mask;
	const int8_t *data; /* PORT activations, act_size bytes each */
};
struct act_buffer_in {
	uint8_t feed_rd, post_rd, store_rd;
	uint32_t feed_addr, post_addr, store_addr;
	struct act_write post, load;
};
struct act_buffer_out { uint8_t post_gnt, store_gnt, load_wready; };

int act_buffer_ram_init(const struct config *c, struct act_buffer_ram *m);
void act_buffer_ram_free(struct act_buffer_ram *m);
void act_buffer_comb(uint8_t feed_rd, uint8_t post_rd, uint8_t store_rd, uint8_t post_wr, struct act_buffer_out *o);
void act_buffer_next(const struct config *c, const struct act_buffer *q, const struct act_buffer_in *in, const struct act_buffer_ram *m, struct act_buffer *d);
/* After all X_next of the cycle, with the old state: performs the write of stage 1. */
void act_buffer_commit(const struct config *c, const struct act_buffer *q, struct act_buffer_ram *m);
/* What rst_ni low does to the control state. */
void act_buffer_reset(struct act_buffer *d);

#endif
