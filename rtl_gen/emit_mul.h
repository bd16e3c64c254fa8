/* SPDX-License-Identifier: Apache-2.0
 * Signed multipliers whose structure is computed for a target: module mul_pe with the ports of rtl/mul_pe.v. */
#ifndef SYSTOLE_EMIT_MUL_H
#define SYSTOLE_EMIT_MUL_H
#include "cmodel/config.h"
#include "writer.h"

/* osu018: Baugh-Wooley partial products, a tree of the library's adders. a_bits, b_bits: 2..16 each. */
void emit_mul_osu018(struct writer *w, int a_bits, int b_bits);
/* The multiplier of c's PEs: x_bits by wgt_bits. */
void emit_mul(struct writer *w, const struct config *c, const char *command);

#endif
