/* SPDX-License-Identifier: Apache-2.0
 * Mapping of convolutions and fully connected layers to the rs array that skips zeros. docs/skip.md explains it. */
#ifndef SYSTOLE_MAP_SKIP_H
#define SYSTOLE_MAP_SKIP_H
#include "map.h"

/* As map_mac in map.h, for dataflow rs with sparsity skip. */
int map_mac_skip(struct mapper *m, struct layer *l, const struct stripe *s);

#endif
