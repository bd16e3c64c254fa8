/* SPDX-License-Identifier: Apache-2.0
 * A tiny AXI4-Lite master: one transaction at a time. */
#ifndef SYSTOLE_AXIL_HOST_H
#define SYSTOLE_AXIL_HOST_H
#include "axi.h"

struct axil_host {
	struct axil_m2s out; /* what the master drives in this cycle */
	uint32_t data;       /* of the last read */
	uint8_t resp;        /* of the last transaction */
	uint8_t busy;        /* a transaction is under way */
};

void axil_host_init(struct axil_host *h);
/* Only when not busy. */
void axil_host_read(struct axil_host *h, uint32_t offset);
void axil_host_write(struct axil_host *h, uint32_t offset, uint32_t data, unsigned strobe);
/* One clock: *in is what the slave drives in this cycle; *out what the master drives in the next. */
void axil_host_next(struct axil_host *h, const struct axil_s2m *in, struct axil_m2s *out);

#endif
