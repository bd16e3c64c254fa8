/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_walk.v: the addresses of a run's windows. */
#ifndef SYSTOLE_CHIP_WALK_H
#define SYSTOLE_CHIP_WALK_H
#include <stdint.h>

/* The loops, innermost first. */
enum { WALK_WORD, WALK_KX, WALK_KY, WALK_GROUP, WALK_PIXEL, WALK_LINE, WALK_LOOPS };

struct chip_walk {
	uint32_t addr, rdata;
	uint8_t nj, nkx, nky, ng, nx, ny, n0, h, w;
	uint8_t active, j, kx, ky, g, x, y, last, which, units;
	uint8_t v1, v2, last1, last2, iy, ix;
};

#define CHIP_WALK_REGS(R) \
	R(nj, 1, 6, "words of a kernel row's tap, less one") \
	R(nkx, 1, 5, "taps of a kernel row, less one") \
	R(nky, 1, 5, "kernel rows, less one") \
	R(ng, 1, 6, "groups of 8 channels, less one") \
	R(nx, 1, 6, "pixels of a line, less one") \
	R(ny, 1, 6, "lines, less one") \
	R(n0, 1, 6, "loops of one, the innermost in bit 0") \
	R(h, 1, 7, "lines of the map") \
	R(w, 1, 8, "columns of the map") \
	R(active, 1, 1, "a run has elements left") \
	R(j, 1, 6, "words left") \
	R(kx, 1, 5, "taps left") \
	R(ky, 1, 5, "kernel rows left") \
	R(g, 1, 6, "groups left") \
	R(x, 1, 6, "pixels left") \
	R(y, 1, 6, "lines left") \
	R(last, 1, 6, "loops at their last element") \
	R(which, 1, 3, "step to read") \
	R(units, 1, 3, "units in the patch buffer or on the way") \
	R(v1, 1, 1, "a step is here") \
	R(v2, 1, 1, "an address is here") \
	R(last1, 1, 3, "the step's is the last of the run, the pixel, the unit") \
	R(last2, 1, 3, "the address's is the last of the run, the pixel, the unit") \
	R(addr, 1, 17, "byte address") \
	R(iy, 1, 7, "line in the map") \
	R(ix, 1, 8, "column in the map")
/* R(field, scope, register, lanes, width, meaning) */
#define CHIP_WALK_SUBREGS(R) \
	R(rdata, u_steps, rdata, 1, 32, "step of column, line and address")

struct chip_walk_ram {
	uint32_t steps[8];
	uint32_t wdata;
	uint8_t we, waddr;
};

struct chip_walk_in {
	uint8_t rst_n;
	uint8_t set_we, step_we, row;
	uint64_t data;
	uint8_t go, hold, free;
};

static inline int chip_walk_rd(const struct chip_walk *q, int hold) { return q->v2 && !hold; }
static inline int chip_walk_pad(const struct chip_walk *q) { return q->iy >= q->h || q->ix >= q->w; }

void chip_walk_next(const struct chip_walk *q, const struct chip_walk_in *in, struct chip_walk_ram *m, struct chip_walk *d);
void chip_walk_commit(struct chip_walk_ram *m);

#endif
