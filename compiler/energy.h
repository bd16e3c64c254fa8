/* SPDX-License-Identifier: Apache-2.0
 * Modelled energy of an inference: accesses that hardware and twin counted, times a table's energy of each. What is counted
 * for which part is in docs/energy.md; the tables are constraints/energy/NAME.table. */
#ifndef SYSTOLE_ENERGY_H
#define SYSTOLE_ENERGY_H
#include "cmodel/config.h"
#include <stddef.h>
#include <stdint.h>

/* E(NAME, key) */
#define ENERGY_PARTS(E) E(MAC, "mac") E(RF, "rf") E(NOC, "noc") E(BUFFER, "buffer") E(DRAM, "dram")
#define ENERGY_ENUM(name, key) ENERGY_##name,
enum energy_part { ENERGY_PARTS(ENERGY_ENUM) ENERGY_COUNT };
#undef ENERGY_ENUM

/* Energies in `unit`: of a MAC of mac_bits by mac_bits; of a byte for the others. Buffers: of a RAM of buffer_bytes, growing
 * with the square root of its size; buffer_bytes 0: whatever its size. */
struct energy_table {
	char title[64], unit[16];
	double part[ENERGY_COUNT];
	double mac_bits, buffer_bytes;
};

/* Of one inference: multiplications the array was given, those it did not do, bytes moved. */
struct energy_accesses {
	uint64_t given, gated;
	uint64_t act, wgt, acc, mem;   /* read and written */
	uint64_t act_read, wgt_read, acc_write;
};

/* text, NUL-terminated, is `key value` lines with # comments. 0, or -1 with what is wrong and would be right in err. name
 * is the table's in messages. */
int energy_parse(const char *name, const char *text, struct energy_table *t, char *err, size_t size);
void energy_model(const struct config *c, const struct energy_table *t, const struct energy_accesses *a, double part[ENERGY_COUNT]);

#endif
