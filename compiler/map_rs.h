/* SPDX-License-Identifier: Apache-2.0
 * Mapping of convolutions and fully connected layers to the row-stationary array. */
#ifndef SYSTOLE_MAP_RS_H
#define SYSTOLE_MAP_RS_H
#include "map.h"

/* How a layer is folded onto the array. */
struct rs_plan {
	int flat;             /* columns are successive pixels (1x1 kernels), else lines */
	int dw;               /* filter f reads channel f */
	int sep;              /* row sets make different lines, else their sums are added */
	int nset, khn, nkg;   /* row sets, kernel rows in one, folds of the kernel's rows */
	int kwn, nkw;         /* taps of a pass, folds of the kernel's columns */
	int q, nc;            /* channels of a set in a pass (dw: 1), channel groups */
	int pitch, m;         /* scratchpad words of a column, columns of a granule */
	int gwin, gfree;      /* granules of a window, from window to window */
	int nx, nseg;         /* windows of a tile, segments of a line */
	int64_t cycles;       /* of the layer, estimated */
};

/* The best plan for the layer, or -1 when none fits the scratchpads. */
int map_rs_plan(const struct mapper *m, const struct layer *l, struct rs_plan *best);
/* As map_mac in map.h, for dataflow rs. */
int map_mac_rs(struct mapper *m, struct layer *l, const struct stripe *s);

#endif
