/* SPDX-License-Identifier: Apache-2.0
 * Signed multipliers whose structure is computed for a target: modules mul_pe and mul with the ports of rtl/mul_pe.v, mul.v. */
#ifndef SYSTOLE_EMIT_MUL_H
#define SYSTOLE_EMIT_MUL_H
#include "cmodel/config.h"
#include "writer.h"

/* osu018: Baugh-Wooley partial products, a tree of the library's adders. a_bits, b_bits: 4..16 each. The `late` columns
 * (0: none, at most 3) below the top are added without the carry of those below and incremented by it. */
void emit_mul_osu018(struct writer *w, int a_bits, int b_bits, int late);
/* The multiplier of c's PEs: x_bits by wgt_bits. An os array's operands come later in the cycle. */
void emit_mul(struct writer *w, const struct config *c, const char *command);
/* osu018: the product of a requantization lane, module mul: radix-4 digits of b, a tree of the library's adders to two rows, and
 * acc_add for their sum. a_bits at most 33, b_bits even, 16..32. */
void emit_mul_lane_osu018(struct writer *w, int a_bits, int b_bits);
void emit_mul_lane(struct writer *w, const struct config *c, const char *command);

#endif
