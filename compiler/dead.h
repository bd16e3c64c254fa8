/* SPDX-License-Identifier: Apache-2.0
 * Channels that cannot influence a network's result: what they are and why dropping them is exact is in docs/sparsity.md.
 * A channel is dropped when no filter that is kept reads it with a weight that is not zero, or when it has the same value
 * for every input and every position, which is then folded into the bias of the filters that read it. */
#ifndef SYSTOLE_DEAD_H
#define SYSTOLE_DEAD_H
#include "graph.h"
#include "cmodel/config.h"

struct dead;

/* g is borrowed; its activations are int8. NULL: out of memory. */
struct dead *dead_find(const struct graph *g, enum rounding r);
void dead_free(struct dead *d);
/* Channels of feature maps that are dropped; one shared by a RESHAPE counts once. */
int dead_count(const struct dead *d);
int dead_kept(const struct dead *d, int tensor, int channel);
/* Keeps some of them, so that every feature map has a multiple of n channels or all of its own. */
void dead_round(struct dead *d, int n);
/* small: the network without them; operators and tensors keep their numbers, the network's input and output their shapes.
 * 0, or -1 without memory; small is then empty. */
int dead_drop(const struct dead *d, struct graph *small);

#endif
