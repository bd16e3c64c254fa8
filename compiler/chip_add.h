/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYSTOLE_CHIP_ADD_H
#define SYSTOLE_CHIP_ADD_H
#include "chip_blocks.h"
#include "cmodel/quant.h"

struct chip_add { int za, zb, zero, low, high; }; /* zero points of operands and result, its clamp */

/* table[b & 255] for y = requant(a * 2^14 + table[b]): equal to TFLite's ADD of rounding tflite for every a and b.
 * sa, sb, sy: scales. -1: there is none. */
int chip_add_table(const struct chip_add *d, double sa, double sb, double sy, struct chip_param *table);

#endif
