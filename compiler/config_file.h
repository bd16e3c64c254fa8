/* SPDX-License-Identifier: Apache-2.0
 * Configuration files: YAML, one key per field of struct config, plus a mapping `memory:` for the simulated
 * memory. Keys, types and their meaning: config_keys(). Files of more than 64 KiB are refused. */
#ifndef SYSTOLE_CONFIG_FILE_H
#define SYSTOLE_CONFIG_FILE_H
#include "cmodel/config.h"
#include "cmodel/mem_options.h"
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CONFIG_FILE_MAX = 64 << 10 };

/* latency 40, no stalls, full bandwidth, seed 1 */
void mem_options_init(struct mem_options *m);
/* Reads, checks and derives. m may be NULL. 0, or -1 with *e filled: place (0, 0 only when the file cannot be
 * read) and what is wrong, what would be right; *c and *m are then unspecified. */
int config_read(const char *path, struct config *c, struct mem_options *m, struct config_error *e);
/* The same from memory; any bytes are allowed. */
int config_parse(const uint8_t *data, size_t size, struct config *c, struct mem_options *m, struct config_error *e);
/* One `key=value` of the memory mapping, as text. 0, or -1 with e->text. */
int mem_options_set(struct mem_options *m, const char *key, const char *value, struct config_error *e);
/* os, ws, rs; tflite, tflite_single, onnx. */
const char *dataflow_name(enum dataflow d);
const char *rounding_name(enum rounding r);
const char *sparsity_name(enum sparsity s);
const char *pattern_name(enum pattern p);
/* 0, or -1 when there is no such mode. */
int rounding_parse(const char *text, enum rounding *r);
/* `FILE:LINE:COLUMN: text`, or `FILE: text` when the place is unknown, into buf. */
void config_error_format(const struct config_error *e, const char *path, char *buf, size_t size);
/* A table of all keys for --help and the documentation. */
void config_keys(FILE *out);

#endif
