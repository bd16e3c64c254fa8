/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_dot.v with its rtl/chip_mul2.v and rtl/chip_soft.v: two outputs, 8 products of each, and their sums. */
#ifndef SYSTOLE_CHIP_DOT_H
#define SYSTOLE_CHIP_DOT_H
#include "chip_patch.h"

/* Of each output's products: in pairs in DSP blocks; the others digit by digit in logic cells. */
enum { DOT_HARD = 6, DOT_DIGITS = 4 };

struct chip_dot {
	int32_t by4[CHIP_SIDES][2], by2[CHIP_SIDES][4], by8[CHIP_SIDES], sum[CHIP_SIDES];
	int16_t digit[CHIP_PRODUCTS * DOT_DIGITS]; /* of the products in logic cells */
	int16_t p[CHIP_PRODUCTS];
	int8_t a[CHIP_PRODUCTS], b[CHIP_PRODUCTS]; /* of the others */
	uint8_t v, first, last, pixel, run, tok;
};

#define CHIP_DOT_REGS(R) \
	R(v, 1, 5, "five stages: valid") \
	R(first, 1, 5, "five stages: first word of a sum") \
	R(last, 1, 5, "five stages: its last") \
	R(pixel, 1, 5, "five stages: and the last of a pixel") \
	R(run, 1, 5, "five stages: and of the run") \
	R(tok, 1, 3, "a sum is whole; the last of a pixel, of the run")
/* R(field, register, first, lanes, width, meaning) of a side; of product k of all in a DSP block, its half h; in logic cells */
#define CHIP_DOT_SIDE_REGS(R, side) \
	R(by2[side], by2, 0, 4, 17, "sums of two products") \
	R(by4[side], by4, 0, 2, 18, "sums of four") \
	R(by8, by8, side, 1, 19, "sum of eight") \
	R(sum, sum, side, 1, 24, "sum over a unit's words")
#define CHIP_DOT_HARD_REGS(R, k, h) \
	R(a, a##h, k, 1, 8, "activation") \
	R(b, b##h, k, 1, 8, "weight") \
	R(p, p##h, k, 1, 16, "product")
#define CHIP_DOT_SOFT_REGS(R, k) \
	R(digit, p0, DOT_DIGITS * (k), 1, 11, "activation times the weight's lowest two bits") \
	R(digit, p1, DOT_DIGITS * (k) + 1, 1, 11, "times the next two") \
	R(digit, p2, DOT_DIGITS * (k) + 2, 1, 11, "times the next two") \
	R(digit, p3, DOT_DIGITS * (k) + 3, 1, 11, "times the highest two, signed") \
	R(p, p, k, 1, 16, "product")

struct chip_dot_in {
	uint8_t rst_n, tok;
	const uint8_t *x;  /* [CHIP_PRODUCTS] */
	const uint64_t *w; /* [CHIP_SIDES] */
};

void chip_dot_next(const struct chip_dot *q, const struct chip_dot_in *in, struct chip_dot *d);

#endif
