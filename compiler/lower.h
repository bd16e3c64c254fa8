/* SPDX-License-Identifier: Apache-2.0
 * Graph -> layers in order of execution: ADD and global average pools fused into the convolution before them. */
#ifndef SYSTOLE_LOWER_H
#define SYSTOLE_LOWER_H
#include "program.h"

/* alias[t]: the tensor whose bytes t shares (RESHAPE), else t. */
int lower_graph(const struct graph *g, int fuse_averages, struct layer *layers, int *nlayers, int *alias, int *host_op, char *err, size_t errsize);

#endif
