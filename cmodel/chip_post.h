/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_post.v with its rtl/chip_mul.v: sums to bytes in memory. */
#ifndef SYSTOLE_CHIP_POST_H
#define SYSTOLE_CHIP_POST_H
#include <stdint.h>

enum { CHIP_POST_ROWS = 256 };

struct chip_post {
	uint64_t pp0, pp1, pp2, pp3, sum01, sum23, p, r, word;
	uint32_t hold, s, x, mag, m, t, r8, v9, v10, v11;
	uint32_t low_p, mid_p, bias, mult;
	uint16_t low_a, low_b, mid_a, mid_b;
	uint16_t pitch, addr, next, v12, sign, v, pixel, run;
	int16_t u;
	uint8_t dw, add, zero, low, high, lane0;
	uint8_t two, two_last, par, prow1;
	uint8_t neg0, neg1, neg2, neg1b, zero6, zero7, c8;
	uint8_t half10, half11, half12, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11;
	uint8_t u14, y, below, above, mask, lane, wr, wpixel, wrun, fin;
};

/* bits that a stage keeps of v, pixel, run: the last is stage 15 */
enum { POST_LAST = 1 << 14 };

#define CHIP_POST_REGS(R) \
	R(dw, 1, 1, "depthwise") R(add, 1, 1, "an addition") R(zero, 1, 8, "zero point") R(low, 1, 8, "clamp") R(high, 1, 8, "clamp") \
	R(lane0, 1, 3, "a pixel's first byte in its word") R(pitch, 1, 14, "words from pixel to pixel") \
	R(two, 1, 1, "side 1 is next") R(two_last, 1, 2, "it is the last of the run, the pixel") R(hold, 1, 24, "its sum") \
	R(par, 1, 8, "row of the next result's parameters") R(s, 1, 24, "1: sum") R(prow1, 1, 8, "1: row of the multiplier") \
	R(x, 1, 24, "2: and bias") R(mag, 1, 23, "3: magnitude") R(m, 1, 31, "3: multiplier") \
	R(pp0, 1, 33, "4: multiplier times a digit of the magnitude's bits 17 and 16") R(pp1, 1, 33, "4: 19 and 18") \
	R(pp2, 1, 33, "4: 21 and 20") R(pp3, 1, 33, "4: 22") \
	R(neg0, 1, 1, "4: the digit is -1") R(neg1, 1, 1, "4: the next is") R(neg2, 1, 1, "4: the next is") R(neg1b, 1, 1, "5: the second is") \
	R(sum01, 1, 36, "5: the first two digits' products") R(sum23, 1, 36, "5: the others'") R(p, 1, 39, "6: the digits' product") \
	R(t, 1, 32, "6: product of the magnitude's 16 low bits, without its own") R(zero6, 1, 1, "6: which are 0") \
	R(r, 1, 39, "7: product, without its 16 low bits") R(zero7, 1, 1, "7: which are 0") \
	R(r8, 1, 23, "8: high half of its double") R(c8, 1, 1, "8: rounded up") R(v9, 1, 23, "9: rounded") \
	R(v10, 1, 23, "10: shifted by 16 and 8") R(v11, 1, 23, "11: by 4 and 2") R(v12, 1, 9, "12: by 1, at most 511") \
	R(half10, 1, 1, "10: last bit shifted out") R(half11, 1, 1, "11: last bit shifted out") R(half12, 1, 1, "12: last bit shifted out") \
	R(n2, 1, 5, "2: shift") R(n3, 1, 5, "3: shift") R(n4, 1, 5, "4: shift") R(n5, 1, 5, "5: shift") R(n6, 1, 5, "6: shift") \
	R(n7, 1, 5, "7: shift") R(n8, 1, 5, "8: shift") R(n9, 1, 5, "9: shift") R(n10, 1, 3, "10: shift left") R(n11, 1, 1, "11: shift left") \
	R(sign, 1, 10, "3 to 12: the sum is negative") \
	R(u, 1, 12, "13: signed, and zero point") R(u14, 1, 8, "14: its low bits") R(below, 1, 1, "14: it is too low") R(above, 1, 1, "14: too high") \
	R(y, 1, 8, "15: clamped") \
	R(v, 1, 15, "1 to 15: valid") R(pixel, 1, 15, "1 to 15: last of a pixel") R(run, 1, 15, "1 to 15: last of the run") \
	R(word, 1, 64, "16: word") R(mask, 1, 8, "16: bytes of it that are there") R(lane, 1, 3, "16: the next byte's") \
	R(wr, 1, 1, "16: the word is written") R(wpixel, 1, 1, "16: it is the last of a pixel") R(wrun, 1, 1, "16: of the run") \
	R(fin, 1, 1, "17: the run has ended") R(addr, 1, 14, "16: the word's address") R(next, 1, 14, "the next pixel's")
/* R(field, scope, register, lanes, width, meaning) */
#define CHIP_POST_SUBREGS(R) \
	R(bias, u_bias, rdata, 1, 32, "1: shift and bias") \
	R(mult, u_mult, rdata, 1, 31, "2: multiplier") \
	R(low_a, u_low, a, 1, 16, "4: magnitude's 16 low bits") R(low_b, u_low, b, 1, 16, "4: multiplier's 16 low bits") R(low_p, u_low, p, 1, 32, "5: product") \
	R(mid_a, u_mid, a, 1, 16, "4: magnitude's 16 low bits") R(mid_b, u_mid, b, 1, 16, "4: multiplier's 15 high bits") R(mid_p, u_mid, p, 1, 32, "5: product")

struct chip_post_ram {
	uint32_t bias[CHIP_POST_ROWS], mult[CHIP_POST_ROWS];
	uint64_t wdata;
	uint8_t we, row;
};

struct chip_post_in {
	uint8_t rst_n;
	uint8_t set_we, par_we, row;
	uint64_t data;
	uint8_t go, tok;
	const int32_t *sum;    /* [CHIP_SIDES] */
	uint8_t put, put_data; /* the host's byte */
	uint32_t put_addr;
};

void chip_post_next(const struct chip_post *q, const struct chip_post_in *in, struct chip_post_ram *m, struct chip_post *d);
void chip_post_commit(struct chip_post_ram *m);

#endif
