/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/chip_fetch.v: reads a program's blocks. */
#ifndef SYSTOLE_CHIP_FETCH_H
#define SYSTOLE_CHIP_FETCH_H
#include <stdint.h>

enum chip_fetch_state { FETCH_IDLE, FETCH_HEAD, FETCH_WAIT, FETCH_SEND, FETCH_RUN };

struct chip_fetch {
	uint16_t pc, left, row;
	uint8_t state, to, head1, head2, word1, word2, go, done, err;
};

#define CHIP_FETCH_REGS(R) \
	R(state, 1, 3, "idle, head, wait, send, run") \
	R(pc, 1, 14, "word of the program asked for next") \
	R(left, 1, 13, "words of the block to ask for") \
	R(row, 1, 10, "number of the word that arrives next") \
	R(to, 1, 4, "the block is weights, parameters, steps, settings") \
	R(head1, 1, 1, "a head was asked for") \
	R(head2, 1, 1, "a head is here") \
	R(word1, 1, 1, "a word was asked for") \
	R(word2, 1, 1, "a word is here") \
	R(go, 1, 1, "a run begins") \
	R(done, 1, 1, "the program is over") \
	R(err, 1, 1, "for an unknown op")

struct chip_fetch_in {
	uint8_t rst_n, start, fin;
	uint16_t base; /* in words */
	uint32_t data; /* the lowest 17 bits of the word here */
};

/* Where this cycle's word goes. */
struct chip_fetch_out {
	uint8_t rd;
	uint8_t wgt_we, par_we, step_we, set_we;
	uint16_t row;
};

void chip_fetch_comb(const struct chip_fetch *q, struct chip_fetch_out *o);
void chip_fetch_next(const struct chip_fetch *q, const struct chip_fetch_in *in, const struct chip_fetch_out *o, struct chip_fetch *d);

#endif
