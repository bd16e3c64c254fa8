/* SPDX-License-Identifier: Apache-2.0
 * A simulation of the generated Verilog: the shared object that simbuild_verilator() makes, or, filled by its user, Icarus. */
#ifndef SYSTOLE_SIMULATION_H
#define SYSTOLE_SIMULATION_H
#include "sim.h"

struct simulation {
	void *library, *sim;                /* sim: NULL when there is none */
	union {
		void (*device)(void *sim, const struct sim_in *in, struct sim_out *out);
		void (*chip)(void *sim, const struct sim_chip_in *in, struct sim_chip_out *out);
	} clock;
	void (*trace)(void *sim, const char *path);
	void (*close)(void *sim);
	const void *state;                  /* see sim_state, sim_registers; NULL: pins only */
	size_t state_bytes;
	const void *const *places;
};

/* reset_mode and seed as in sim_open. 0, or -1 with one line in err; simulation_close() in either case. */
int simulation_load(struct simulation *e, const char *library, int reset_mode, uint32_t seed, char *err, size_t errsize);
void simulation_close(struct simulation *e);

#endif
