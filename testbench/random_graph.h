/* SPDX-License-Identifier: Apache-2.0
 * Random small networks for the regression: one operator, or a convolution with what is fused into it. */
#ifndef SYSTOLE_RANDOM_GRAPH_H
#define SYSTOLE_RANDOM_GRAPH_H
#include "cmodel/config.h"
#include "compiler/graph.h"

struct rng { uint64_t s; };
uint32_t rng_next(struct rng *r);
int rng_range(struct rng *r, int lo, int hi); /* both included */
int rng_chance(struct rng *r, int percent);

/* 0, or -1 without memory. Values stay within the config's act_bits and wgt_bits. text: what it is, one line. */
int random_graph(struct rng *r, const struct config *c, struct graph *g, char *text, size_t size);
/* Several operators in a row, some of whose channels cannot matter: zero filters, unread channels, biases that saturate. */
int random_dead_graph(struct rng *r, const struct config *c, struct graph *g, char *text, size_t size);
/* Random bytes within the input tensor's range; sometimes all at an extreme. */
void random_input(struct rng *r, const struct graph *g, int8_t *input, size_t n);
/* Weights for an array that leaves out zeros: of every layer none, half or more of them become zero. few: of the others at most
 * 15 values stay. */
void random_zeros(struct rng *r, struct graph *g, int few);

#endif
