/* SPDX-License-Identifier: Apache-2.0
 * The registers of NAME_chip, in portable modules. */
#include "regs_add.h"
#include "cmodel/chip_top.h"
#include <stdio.h>

static void host_regs(struct regs *t, const struct chip_state *s)
{
	const int div = CHIP_DIV;

#define R(field, lanes, width, meaning) ADD(own, "", field, #field, lanes, width, meaning)
	CHIP_OWN_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(rx, "u_rx.", field, #field, lanes, width, meaning)
	UART_RX_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(tx, "u_tx.", field, #field, lanes, width, meaning)
	UART_TX_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(host, "u_host.", field, #field, lanes, width, meaning)
	CHIP_HOST_REGS(R)
#undef R
}

static void memory_regs(struct regs *t, const struct config *c, const struct chip_state *s)
{
	char scope[64];
	int k;

#define R(field, lanes, width, meaning) ADD(mem, "u_mem.", field, #field, lanes, width, meaning)
	CHIP_MEM_REGS(R)
#undef R
	for (k = 0; k < CHIP_RAM_BANKS && c->target != TARGET_ICE40; k++) {
		snprintf(scope, sizeof scope, "u_ram.g_ram[%d].u_ram.", k);
#define R(field, reg, first, lanes, width, meaning) ADD_AT(ram, scope, field, #reg, first, lanes, width, meaning)
		CHIP_RAM_BANK_REGS(R, k)
#undef R
	}
}

static void program_regs(struct regs *t, const struct chip_state *s)
{
#define R(field, lanes, width, meaning) ADD(fetch, "u_fetch.", field, #field, lanes, width, meaning)
	CHIP_FETCH_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(walk, "u_walk.", field, #field, lanes, width, meaning)
	CHIP_WALK_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(walk, "u_walk." #scope ".", field, #reg, lanes, width, meaning)
	CHIP_WALK_SUBREGS(R)
#undef R
}

static void patch_regs(struct regs *t, const struct chip_state *s)
{
	char scope[64];
	int k, l;

#define R(field, lanes, width, meaning) ADD(patch, "u_patch.", field, #field, lanes, width, meaning)
	CHIP_PATCH_REGS(R)
#undef R
#define R(field, reg, first, lanes, width, meaning) ADD_AT(patch, scope, field, #reg, first, lanes, width, meaning)
	for (k = 0; k < CHIP_SIDES; k++) {
		snprintf(scope, sizeof scope, "u_patch.g_side[%d].u_wgt.", k);
		CHIP_PATCH_WGT_REGS(R, k)
		for (l = 0; l < CHIP_LANES; l++) {
			snprintf(scope, sizeof scope, "u_patch.g_side[%d].g_lane[%d].u_patch.", k, l);
			CHIP_PATCH_LANE_REGS(R, k, l)
		}
	}
#undef R
}

/* Products 2 * l and 2 * l + 1 of side k. */
static void pair_regs(struct regs *t, const struct chip_state *s, int k, int l)
{
	int at = k * CHIP_LANES + 2 * l;
	char scope[64];

#define R(field, reg, first, lanes, width, meaning) ADD_AT(dot, scope, field, #reg, first, lanes, width, meaning)
	if (2 * l < DOT_HARD) {
		snprintf(scope, sizeof scope, "u_dot.g_side[%d].g_lane[%d].g_hard.u_mul.", k, l);
		CHIP_DOT_HARD_REGS(R, at, 0)
		CHIP_DOT_HARD_REGS(R, at + 1, 1)
		return;
	}
	snprintf(scope, sizeof scope, "u_dot.g_side[%d].g_lane[%d].g_soft.u_mul0.", k, l);
	CHIP_DOT_SOFT_REGS(R, at)
	snprintf(scope, sizeof scope, "u_dot.g_side[%d].g_lane[%d].g_soft.u_mul1.", k, l);
	CHIP_DOT_SOFT_REGS(R, at + 1)
#undef R
}

static void dot_regs(struct regs *t, const struct chip_state *s)
{
	char scope[64];
	int k, l;

#define R(field, lanes, width, meaning) ADD(dot, "u_dot.", field, #field, lanes, width, meaning)
	CHIP_DOT_REGS(R)
#undef R
#define R(field, reg, first, lanes, width, meaning) ADD_AT(dot, scope, field, #reg, first, lanes, width, meaning)
	for (k = 0; k < CHIP_SIDES; k++) {
		snprintf(scope, sizeof scope, "u_dot.g_side[%d].", k);
		CHIP_DOT_SIDE_REGS(R, k)
		for (l = 0; l < CHIP_LANES / 2; l++)
			pair_regs(t, s, k, l);
	}
#undef R
}

static void post_regs(struct regs *t, const struct chip_state *s)
{
#define R(field, lanes, width, meaning) ADD(post, "u_post.", field, #field, lanes, width, meaning)
	CHIP_POST_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(post, "u_post." #scope ".", field, #reg, lanes, width, meaning)
	CHIP_POST_SUBREGS(R)
#undef R
}

void regs_add_chip(struct regs *t, const struct config *c)
{
	static const struct chip_state model; /* for offsets only */

	host_regs(t, &model);
	memory_regs(t, c, &model);
	program_regs(t, &model);
	patch_regs(t, &model);
	dot_regs(t, &model);
	post_regs(t, &model);
}
