/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation.h"
#include <dlfcn.h>
#include <stdio.h>

int simulation_load(struct simulation *e, const char *library, int reset_mode, uint32_t seed, char *err, size_t errsize)
{
	void *(*open)(int, uint32_t);
	const void *(*state)(void *, size_t *);
	const void *const *(*registers)(void *);

	e->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!e->library) {
		snprintf(err, errsize, "%s", dlerror());
		return -1;
	}
	*(void **)&open = dlsym(e->library, "sim_open");
	*(void **)&e->clock = dlsym(e->library, "sim_clock");
	*(void **)&state = dlsym(e->library, "sim_state");
	*(void **)&registers = dlsym(e->library, "sim_registers");
	*(void **)&e->trace = dlsym(e->library, "sim_trace");
	*(void **)&e->close = dlsym(e->library, "sim_close");
	if (!open || !e->clock.device || !state || !registers || !e->trace || !e->close) {
		snprintf(err, errsize, "%s: not a simulation", library);
		return -1;
	}
	e->sim = open(reset_mode, seed);
	e->state = state(e->sim, &e->state_bytes);
	e->places = registers(e->sim);
	return 0;
}

void simulation_close(struct simulation *e)
{
	if (e->sim)
		e->close(e->sim);
	if (e->library)
		dlclose(e->library);
}
