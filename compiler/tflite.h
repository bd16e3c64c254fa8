/* SPDX-License-Identifier: Apache-2.0
 * Import of .tflite models (schema 3: tensorflow/compiler/mlir/lite/schema/schema.fbs), int8, one input, one output:
 * CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, AVERAGE_POOL_2D, MAX_POOL_2D, ADD, RESHAPE, SOFTMAX with N = 1.
 * 0, or -1 with one line in err, such as
 *   MODEL: op 7 DEPTHWISE_CONV_2D: its weights have zero point 3, only 0 is supported
 *   MODEL: truncated at byte 120: an offset points out of the file
 * After -1 the graph is empty; after 0 the caller frees it with graph_free(). Any bytes are safe to read.
 * Only activations become tensors of the graph. SOFTMAX has one real_mult: beta times the input's scale. */
#ifndef SYSTOLE_TFLITE_H
#define SYSTOLE_TFLITE_H
#include "graph.h"

/* The file's bytes, owned by the caller; NULL with one line in err. */
uint8_t *tflite_load(const char *path, size_t *len, char *err, size_t errsize);
/* path: names the model in messages and (without directory and suffix) in the graph. */
int tflite_read(const char *path, struct graph *g, char *err, size_t errsize);
int tflite_parse(const char *name, const uint8_t *buf, size_t len, struct graph *g, char *err, size_t errsize);

#endif
