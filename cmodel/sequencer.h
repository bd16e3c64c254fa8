/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/sequencer.v: fetches commands and hands them to the engines. */
#ifndef SYSTOLE_SEQUENCER_H
#define SYSTOLE_SEQUENCER_H
#include "config.h"

struct sequencer {
	uint64_t fifo_rdata[2];
	uint64_t cmd_data;
	uint32_t req_addr, pc; /* in commands */
	uint8_t run, end, done, err, err_code, req_valid;
	uint8_t slots, fetch, bad, pc_slot;
	uint8_t wptr, rptr, count, out;
	uint8_t idx, op, cmd_we, cmd_idx;
};

#define SEQUENCER_FW(c) ((c)->bus_bytes == 16 ? 5 : 6)
#define SEQUENCER_REGS(R) \
	R(run, 1, 1, "fetching and dispatching") \
	R(end, 1, 1, "waiting for idle") \
	R(done, 1, 1, "the program is over") \
	R(err, 1, 1, "error pulse") \
	R(err_code, 1, 8, "its code") \
	R(req_valid, 1, 1, "fetch is offered") \
	R(req_addr, 1, 25, "its address, in commands") \
	R(pc, 1, 25, "command being dispatched") \
	R(slots, 1, 3, "commands asked for and not dispatched") \
	R(fetch, 1, 3, "commands asked for and not here") \
	R(bad, 1, 4, "memory error in a quarter of the FIFO") \
	R(pc_slot, 1, 2, "quarter of the command being dispatched") \
	R(wptr, 1, SEQUENCER_FW(c), "FIFO write pointer") \
	R(rptr, 1, SEQUENCER_FW(c), "FIFO read pointer") \
	R(count, 1, SEQUENCER_FW(c) + 1, "beats in the FIFO's RAM") \
	R(out, 1, 1, "the RAM's output register holds a beat") \
	R(idx, 1, 4, "beat to dispatch next") \
	R(op, 1, 4, "opcode of the command being dispatched") \
	R(cmd_we, 1, 4, "engine the beat is for") \
	R(cmd_idx, 1, 4, "beat of the command") \
	R(cmd_data, 1, 64, "command beat")
/* R(field, scope, register, lanes, width, meaning): scope.register_q of an instance or generate block */
#define SEQUENCER_SUBREGS(R) \
	R(fifo_rdata, u_fifo, rdata, c->bus_bytes / 8, 64, "beat read from the FIFO")

struct sequencer_ram {
	uint64_t fifo[64][2];
	uint64_t wdata[2];
	uint8_t we, waddr;
};

struct sequencer_in {
	uint8_t rst_n, start;
	uint32_t base;
	uint8_t idle;      /* bits: load, feed, post, store, axi_wr */
	uint8_t req_ready;
	uint8_t rsp_valid, rsp_last, rsp_err;
	const uint64_t *rsp_data;
	uint8_t cmd_full;  /* bit = engine */
};

static inline uint32_t sequencer_err_addr(const struct sequencer *q) { return q->pc << 7; }
static inline uint32_t sequencer_req_addr(const struct sequencer *q) { return q->req_addr << 7; }
static inline uint8_t sequencer_req_len(const struct config *c) { return (uint8_t)(128 / c->bus_bytes - 1); }

void sequencer_next(const struct config *c, const struct sequencer *q, const struct sequencer_in *in,
	struct sequencer_ram *m, struct sequencer *d);
void sequencer_commit(struct sequencer_ram *m);

#endif
