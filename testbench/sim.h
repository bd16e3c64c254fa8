/* SPDX-License-Identifier: Apache-2.0
 * A simulated device, whatever simulates it: the twin, Verilator, Icarus. */
#ifndef SYSTOLE_SIM_H
#define SYSTOLE_SIM_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* The device's pins in one cycle; plain integers so that C++ can read it. */
struct sim_in {
	uint32_t awaddr, wdata, araddr;                 /* s_axil */
	uint8_t wstrb, awvalid, wvalid, bready, arvalid, rready;
	uint64_t rdata[2];                              /* m_axi */
	uint8_t m_arready, rid, rresp, rlast, rvalid, m_awready, m_wready, bid, bresp, bvalid;
	uint8_t aresetn;
};
struct sim_out {
	uint32_t rdata;                                 /* s_axil */
	uint8_t awready, wready, bresp, bvalid, arready, rresp, rvalid;
	uint32_t m_araddr, m_awaddr;                    /* m_axi */
	uint8_t arid, arlen, m_arvalid, m_rready, awid, awlen, m_awvalid, m_bready;
	uint64_t m_wdata[2];
	uint16_t m_wstrb;
	uint8_t m_wlast, m_wvalid, irq;
};

/* The pins of NAME_chip; those of a memory inside it are 0. */
struct sim_chip_in {
	uint64_t mem_rdata;
	uint8_t rst_n, rx;
};
struct sim_chip_out {
	uint64_t mem_wdata;
	uint16_t mem_addr;
	uint8_t mem_we, mem_en, tx, busy;
};

/* What a shared object is for: SIM_CHIP defined, NAME_chip, else NAME. */
#ifdef SIM_CHIP
typedef struct sim_chip_in sim_pins_in;
typedef struct sim_chip_out sim_pins_out;
#else
typedef struct sim_in sim_pins_in;
typedef struct sim_out sim_pins_out;
#endif

/* Exported by the shared object that the generated sources become. */
void *sim_open(int reset_mode, uint32_t seed);          /* reset_mode: 0 zeros, 1 ones, 2 random from seed */
void sim_clock(void *sim, const sim_pins_in *in, sim_pins_out *out);
const void *sim_state(void *sim, size_t *bytes);        /* storage that holds all registers */
const void *const *sim_registers(void *sim);            /* each register's place in it, in the order of the table */
void sim_trace(void *sim, const char *path);            /* FST from now on; NULL ends it. Only in a traced build */
void sim_close(void *sim);

#ifdef __cplusplus
}
#endif
#endif
