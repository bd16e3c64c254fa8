/* SPDX-License-Identifier: Apache-2.0
 * Runs a network on the reference model (cmodel/ref.h). Arrays of int16 tensors are int16_t in the host's byte order. 0, or -1: out of memory, or a sum that does not fit
 * int32 (int16 activations: 48 bits, or its requantization 32). Mode onnx has no int16. */
#ifndef SYSTOLE_GRAPH_REF_H
#define SYSTOLE_GRAPH_REF_H
#include "graph.h"
#include "cmodel/config.h"

/* One operator: a is its first input, b its second (NULL unless ADD), y its output; all NHWC of the tensors' shapes. */
int graph_ref_op(const struct graph *g, const struct op *o, enum rounding r, const int8_t *a, const int8_t *b, int8_t *y);
/* The same on arrays indexed by tensor. */
int ref_run_op(const struct graph *g, const struct op *o, enum rounding r, int8_t *const *tensors);
/* The whole network. all: NULL, or one array per tensor (owned by the caller, NULL where not wanted) that gets its values. */
int graph_ref_run(const struct graph *g, enum rounding r, const int8_t *input, int8_t *output, int8_t **all);

#endif
