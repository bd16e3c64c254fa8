/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_patch.v: four units of a run's windows, and the weights. */
#ifndef SYSTOLE_CHIP_PATCH_H
#define SYSTOLE_CHIP_PATCH_H
#include <stdint.h>

enum { CHIP_SIDES = 2, CHIP_LANES = 8, CHIP_PRODUCTS = CHIP_SIDES * CHIP_LANES, PATCH_ROWS = 512, PATCH_WGT_ROWS = 256 };

struct chip_patch {
	uint64_t w[CHIP_SIDES];
	uint16_t we2;
	uint8_t byte, dw, add, again, nw, nc;
	uint8_t t, t1, v1, pad1, rot1, last1, last2, v2, high2, low2[CHIP_LANES], unit;
	uint8_t full, pixel, run, runit, first, j, wa, c, tok;
	uint8_t x[CHIP_PRODUCTS]; /* [side][lane] */
};

#define CHIP_PATCH_REGS(R) \
	R(byte, 1, 1, "elements are bytes") \
	R(dw, 1, 1, "elements are 8 channels of a tap") \
	R(add, 1, 1, "an addition: both sides get them") \
	R(again, 1, 1, "every unit begins with the first weight") \
	R(nw, 1, 7, "words of a unit, less one") \
	R(nc, 1, 7, "times a unit is read, less one") \
	R(t, 1, 8, "element of the unit that is read from memory") \
	R(t1, 1, 8, "the one before it") \
	R(v1, 1, 1, "an element was read") \
	R(pad1, 1, 1, "it is outside the map") \
	R(rot1, 1, 3, "lanes it is rotated by") \
	R(last1, 1, 3, "it is the last of the run, the pixel, the unit") \
	R(last2, 1, 3, "so is the one that is written") \
	R(v2, 1, 1, "an element is written") \
	R(we2, 1, 16, "lanes it is written to") \
	R(high2, 1, 4, "its row, upper bits") \
	R(low2, CHIP_LANES, 3, "its row in each lane, lower bits") \
	R(unit, 1, 2, "unit that is written") \
	R(full, 1, 3, "units to read") \
	R(pixel, 1, 4, "units that are the last of a pixel") \
	R(run, 1, 4, "units that are the last of the run") \
	R(runit, 1, 2, "unit that is read") \
	R(first, 1, 1, "its first word is read next") \
	R(j, 1, 7, "words of it left") \
	R(wa, 1, 8, "row of weights") \
	R(c, 1, 7, "times it was read") \
	R(tok, 1, 5, "words read: last of the run, of the pixel, last word, first word, valid")
/* R(field, register, first, lanes, width, meaning) of a side, and of its lane */
#define CHIP_PATCH_WGT_REGS(R, side) \
	R(w, rdata, side, 1, 64, "weights")
#define CHIP_PATCH_LANE_REGS(R, side, lane) \
	R(x, rdata, (side) * CHIP_LANES + (lane), 1, 8, "operand")

struct chip_patch_ram {
	uint8_t patch[CHIP_PRODUCTS][PATCH_ROWS];
	uint64_t wgt[CHIP_SIDES][PATCH_WGT_ROWS];
	uint64_t wdata;
	uint16_t we, waddr[CHIP_LANES];
	uint8_t wgt_we, row;
};

struct chip_patch_in {
	uint8_t rst_n;
	uint8_t set_we, wgt_we, row;
	uint64_t data;
	uint8_t go;
	uint8_t rd, sel, pad, last; /* chip_walk's */
};

/* A unit was read for the last time. */
int chip_patch_free(const struct chip_patch *q);
void chip_patch_next(const struct chip_patch *q, const struct chip_patch_in *in, struct chip_patch_ram *m, struct chip_patch *d);
void chip_patch_commit(struct chip_patch_ram *m);

#endif
