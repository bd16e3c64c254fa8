/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/csr.v: registers, interrupt, job start, soft reset, counters. */
#ifndef SYSTOLE_CSR_H
#define SYSTOLE_CSR_H
#include "axi.h"
#include "config.h"
#include "csr_map.h"

struct csr {
#define R(name, field, offset, bits, doc) uint64_t field;
	CSR_COUNTERS(R)
#undef R
	uint32_t rdata, err_addr;
	uint32_t base[4];
	uint16_t high;
	uint8_t awready, bvalid, bresp, arready, rvalid, rresp;
	uint8_t irq, irq_en, core_rst_n, go, start, halt, busy, done, error, err_code;
};

#define CSR_COUNTER_REG(R, field, doc) R(field, 1, 48, doc)
#define CSR_REGS(R) \
	R(awready, 1, 1, "write is accepted") \
	R(bvalid, 1, 1, "write response") \
	R(bresp, 1, 1, "SLVERR") \
	R(arready, 1, 1, "read is accepted") \
	R(rvalid, 1, 1, "read data is there") \
	R(rresp, 1, 1, "SLVERR") \
	R(rdata, 1, 32, "read data") \
	R(high, 1, 16, "high half of the counter read last") \
	R(irq, 1, 1, "interrupt") \
	R(irq_en, 1, 1, "interrupt enable") \
	R(core_rst_n, 1, 1, "reset of the core, active low") \
	R(go, 1, 1, "start comes next") \
	R(start, 1, 1, "start pulse") \
	R(halt, 1, 1, "soft reset: accepted bursts are being finished") \
	R(busy, 1, 1, "a job runs") \
	R(done, 1, 1, "STATUS.done") \
	R(error, 1, 1, "STATUS.error") \
	R(err_code, 1, 8, "first error's code") \
	R(err_addr, 1, 32, "its memory address") \
	R(base, 4, 32, "base registers") \
	R(cycles, 1, 48, "cycles since start") \
	R(active, 1, 48, "feeder active") \
	R(stall_wgt, 1, 48, "waits for weights") \
	R(stall_in, 1, 48, "waits for input") \
	R(stall_out, 1, 48, "waits for the collector") \
	R(stall_fill, 1, 48, "waits for windows") \
	R(idle, 1, 48, "no command") \
	R(pe_useful, 1, 48, "useful multiplications") \
	R(pe_gated, 1, 48, "gated multiplications") \
	R(act_read, 1, 48, "activation buffer reads") \
	R(act_write, 1, 48, "activation buffer writes") \
	R(wgt_read, 1, 48, "weight buffer reads") \
	R(wgt_write, 1, 48, "weight buffer writes") \
	R(acc_read, 1, 48, "accumulator reads") \
	R(acc_write, 1, 48, "accumulator writes") \
	R(mem_read, 1, 48, "beats read") \
	R(mem_write, 1, 48, "beats written")

/* Lanes of csr_in.err, in the order of err_i. */
enum { CSR_ERR_SEQUENCER, CSR_ERR_LOAD, CSR_ERR_FEED, CSR_ERR_POST, CSR_ERR_STORE, CSR_ERR_TOKENS, CSR_ERRS };

struct csr_counts { /* cnt_i */
#define R(name, field, offset, bits, doc) uint16_t field;
	CSR_COUNTERS(R)
#undef R
};

struct csr_in {
	uint8_t rst_n, done, rd_idle, wr_idle;
	uint8_t err; /* bit = lane */
	uint8_t err_code[CSR_ERRS];
	uint32_t err_addr[CSR_ERRS];
	struct csr_counts cnt;
	const struct axil_m2s *bus;
};

void csr_next(const struct config *c, const struct csr *q, const struct csr_in *in, struct csr *d);
/* Drives the slave's side of the bus. */
void csr_bus(const struct csr *q, struct axil_s2m *bus);

#endif
