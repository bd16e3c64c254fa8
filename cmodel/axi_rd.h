/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/axi_rd.v: AXI4 read master for the sequencer (0) and load (1). */
#ifndef SYSTOLE_AXI_RD_H
#define SYSTOLE_AXI_RD_H
#include "axi.h"
#include "config.h"

struct axi_rd {
	uint64_t rsp_data[2], skid_data[2];
	uint32_t araddr;
	uint8_t arvalid, arid, arlen, rready, pend, beat;
	uint8_t rsp_valid; /* one-hot: bit = requester */
	uint8_t rsp_last, rsp_err;
	uint8_t skid_valid, skid_id, skid_last, skid_err;
};

#define AXI_RD_REGS(R) \
	R(arvalid, 1, 1, "read address is offered") \
	R(arid, 1, 1, "requester of it") \
	R(araddr, 1, 32, "its address") \
	R(arlen, 1, 4, "its beats - 1") \
	R(rready, 1, 1, "a beat can be taken") \
	R(pend, 1, 5, "bursts outstanding") \
	R(beat, 1, 1, "a beat was received") \
	R(rsp_valid, 1, 2, "requester the beat in rsp_data is for") \
	R(rsp_data, c->bus_bytes / 8, 64, "beat for the requester") \
	R(rsp_last, 1, 1, "last of its burst") \
	R(rsp_err, 1, 1, "memory error on it") \
	R(skid_valid, 1, 1, "a second beat waits") \
	R(skid_id, 1, 1, "its requester") \
	R(skid_data, c->bus_bytes / 8, 64, "the second beat") \
	R(skid_last, 1, 1, "last of its burst") \
	R(skid_err, 1, 1, "memory error on it")

struct axi_request {
	uint32_t addr;
	uint8_t valid, len; /* len: beats - 1 */
};

struct axi_rd_in {
	uint8_t rst_n, halt;
	struct axi_request req[2];
	uint8_t rsp_ready[2];
	const struct axi_s2m *bus;
};

/* req_ready_o, bit = requester */
static inline uint8_t axi_rd_ready(const struct axi_rd *q, int halt, int valid0, int arready)
{
	int open = (!q->arvalid || arready) && !halt && q->pend != 31;

	return (uint8_t)(open ? (valid0 ? 1 : 3) : 0);
}
static inline int axi_rd_idle(const struct axi_rd *q) { return q->pend == 0; }

void axi_rd_next(const struct config *c, const struct axi_rd *q, const struct axi_rd_in *in, struct axi_rd *d);
/* Drives ar* and rready of the bus. */
void axi_rd_bus(const struct axi_rd *q, struct axi_m2s *bus);

#endif
