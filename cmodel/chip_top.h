/* SPDX-License-Identifier: Apache-2.0
 * Twin of NAME_chip (rtl_gen/emit_chip.c): every module's twin, joined as the top's wires join the modules. */
#ifndef SYSTOLE_CHIP_TOP_H
#define SYSTOLE_CHIP_TOP_H
#include "chip_dot.h"
#include "chip_fetch.h"
#include "chip_host.h"
#include "chip_mem.h"
#include "chip_patch.h"
#include "chip_post.h"
#include "chip_ram.h"
#include "chip_walk.h"
#include "config.h"
#include "uart_rx.h"
#include "uart_tx.h"

/* Clock cycles of a UART bit, of the twin and where NAME_chip is simulated beside it. */
enum { CHIP_DIV = 4 };

/* The registers of NAME_chip itself. */
struct chip_own {
	uint8_t core_rst_n, start, run, host_vld, zero;
};

#define CHIP_OWN_REGS(R) \
	R(core_rst_n, 1, 1, "reset of everything but host and post, low") \
	R(start, 1, 2, "a program starts in two cycles, in one") \
	R(run, 1, 1, "a program runs") \
	R(host_vld, 1, 2, "the host's byte comes in two cycles, in one") \
	R(zero, 1, 8, "the input's zero point")

/* Every register. */
struct chip_state {
	struct chip_own own;
	struct uart_rx rx;
	struct uart_tx tx;
	struct chip_host host;
	struct chip_fetch fetch;
	struct chip_walk walk;
	struct chip_mem mem;
	struct chip_ram ram; /* memory inside only */
	struct chip_patch patch;
	struct chip_dot dot;
	struct chip_post post;
};

struct chip_top {
	struct chip_state state[2]; /* state[now] is the present, the other what it was a clock before */
	int now, outside;           /* outside: memory is, behind mem_* */
	struct chip_walk_ram walk_ram;
	struct chip_patch_ram patch_ram;
	struct chip_post_ram post_ram;
	struct chip_ram_ram ram;
};

/* What the chip drives in this cycle: functions of its registers. mem_*: memory's request, inside the chip or outside. */
struct chip_out {
	uint64_t mem_wdata;
	uint16_t mem_addr;
	uint8_t tx, busy, mem_en, mem_we;
};

/* What NAME_chip did while a program ran, counted from registers. */
struct chip_counts {
	uint64_t cycles;
	uint64_t fetch, fill, steps;          /* of them: the program was read; no window was there; words of both sides were multiplied */
	uint64_t mem_read, mem_write;         /* words of 8 bytes */
	uint64_t patch_write, wgt_write;      /* bytes; read is a word of 8 of each side in a step */
	int runs;                             /* that have ended */
};

struct chip_in {
	uint8_t rst_n, rx;
	uint64_t mem_rdata; /* memory outside: meaningful in the cycle after a read */
};

int chip_top_init(struct chip_top *v, const struct config *c); /* 0, or -1 without memory */
void chip_top_free(struct chip_top *v);
static inline const struct chip_state *chip_top_now(const struct chip_top *v) { return &v->state[v->now]; }
/* The state before the last clock. */
static inline const struct chip_state *chip_top_before(const struct chip_top *v) { return &v->state[!v->now]; }
void chip_top_out(const struct chip_top *v, struct chip_out *o);
/* Adds this cycle, if a program runs. */
void chip_top_count(const struct chip_top *v, struct chip_counts *n);
/* One clock. */
void chip_top_next(struct chip_top *v, const struct chip_in *in);

#endif
