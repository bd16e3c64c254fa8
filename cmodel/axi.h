/* SPDX-License-Identifier: Apache-2.0
 * The two buses as values of one clock cycle: _m2s driven by the master, _s2m by the slave. */
#ifndef SYSTOLE_AXI_H
#define SYSTOLE_AXI_H
#include <stdint.h>

enum { AXI_OKAY = 0, AXI_SLVERR = 2, AXI_DECERR = 3 };

/* AXI4, INCR bursts of full bus words (8 or 16 bytes); a 64-bit bus uses [0] of the data. */
struct axi_m2s {
	uint32_t araddr, awaddr;
	uint8_t arid, arlen, arvalid, rready;
	uint8_t awid, awlen, awvalid, bready;
	uint64_t wdata[2];
	uint16_t wstrb;
	uint8_t wlast, wvalid;
};

struct axi_s2m {
	uint64_t rdata[2];
	uint8_t arready, rid, rresp, rlast, rvalid;
	uint8_t awready, wready, bid, bresp, bvalid;
};

/* AXI4-Lite, 32 bits of data, 12 of address. */
struct axil_m2s {
	uint32_t wdata;
	uint16_t awaddr, araddr;
	uint8_t wstrb, awvalid, wvalid, bready, arvalid, rready;
};

struct axil_s2m {
	uint32_t rdata;
	uint8_t awready, wready, bresp, bvalid, arready, rresp, rvalid;
};

#endif
