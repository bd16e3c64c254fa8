/* SPDX-License-Identifier: Apache-2.0
 * The table of registers: where each is in the RTL and in the twin's state. */
#ifndef SYSTOLE_REGS_H
#define SYSTOLE_REGS_H
#include "cmodel/device.h"

struct reg {
	char path[128];        /* below the top, without _q: u_array.g_row[0].u_row.tok */
	const char *module;   /* twin's name */
	const char *meaning;
	size_t offset;        /* in struct device_state; bus on_chip: in struct chip_state */
	int elem, is_signed;  /* bytes of a lane in the twin */
	int lanes, width;
	int low;              /* first bit in the RTL register */
};

struct regs {
	struct reg *at;       /* owned */
	int n, capacity, failed;
};

/* The registers of NAME, or, bus on_chip, of NAME_chip. 0, or -1 without memory. */
int regs_build(struct regs *t, const struct config *c);
void regs_free(struct regs *t);
/* C++ source of list_registers(): see testbench/sim_verilator.cpp. top: the module's name. */
struct writer;
void emit_registers(struct writer *w, const char *top, const struct regs *t);

#endif
