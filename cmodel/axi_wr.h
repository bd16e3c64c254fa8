/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/axi_wr.v: AXI4 write master of the store engine. */
#ifndef SYSTOLE_AXI_WR_H
#define SYSTOLE_AXI_WR_H
#include "axi.h"
#include "config.h"

struct axi_wr {
	uint64_t wdata[2];
	uint32_t awaddr;
	uint16_t wstrb;
	uint8_t awvalid, awlen, wvalid, wlast, bready;
	uint8_t owed, pend, beat, b_valid, b_err;
};

#define AXI_WR_REGS(R) \
	R(awvalid, 1, 1, "write address is offered") \
	R(awaddr, 1, 32, "its address") \
	R(awlen, 1, 4, "its beats - 1") \
	R(wvalid, 1, 1, "write data is offered") \
	R(wdata, c->bus_bytes / 8, 64, "write data") \
	R(wstrb, 1, c->bus_bytes, "bytes to write") \
	R(wlast, 1, 1, "last of its burst") \
	R(bready, 1, 1, "a response can be taken") \
	R(owed, 1, 5, "beats the accepted burst still owes") \
	R(pend, 1, 8, "bursts without response") \
	R(beat, 1, 1, "a beat was sent") \
	R(b_valid, 1, 1, "a response came") \
	R(b_err, 1, 1, "with an error")

struct axi_wr_in {
	uint8_t rst_n, halt;
	struct axi_request_wr { uint32_t addr; uint8_t valid, len; } aw;
	uint8_t w_valid;
	uint16_t w_strb;
	uint64_t w_data[2];
	const struct axi_s2m *bus;
};

struct axi_wr_out {
	uint8_t aw_ready, w_ready;
};

/* Needs halt, w_valid and bus of *in only. */
void axi_wr_comb(const struct config *c, const struct axi_wr *q, const struct axi_wr_in *in, struct axi_wr_out *o);
void axi_wr_next(const struct config *c, const struct axi_wr *q, const struct axi_wr_in *in, struct axi_wr *d);
static inline int axi_wr_idle(const struct axi_wr *q) { return q->pend == 0 && !q->b_valid; }
/* Drives aw*, w* and bready of the bus. */
void axi_wr_bus(const struct axi_wr *q, struct axi_m2s *bus);

#endif
