/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_ram.h"
#include <stdlib.h>
#include <string.h>

int chip_ram_init(struct chip_ram_ram *m)
{
	memset(m, 0, sizeof *m);
	m->words = calloc(CHIP_RAM_WORDS, sizeof *m->words);
	return m->words ? 0 : -1;
}

void chip_ram_free(struct chip_ram_ram *m)
{
	free(m->words);
	m->words = NULL;
}

static int bank_we(const struct chip_ram_ram *m, int k) { return m->we >> 2 * k & 3; }

void chip_ram_next(const struct chip_ram *q, const struct chip_ram_ram *m, struct chip_ram *d)
{
	int k;

	for (k = 0; k < CHIP_RAM_BANKS; k++)
		d->rdata[k] = bank_we(m, k) ? q->rdata[k] : m->words[m->addr][k];
}

void chip_ram_commit(struct chip_ram_ram *m)
{
	static const uint16_t masks[4] = { 0, 0x00FF, 0xFF00, 0xFFFF };
	int k;

	for (k = 0; k < CHIP_RAM_BANKS && m->we; k++) {
		uint16_t mask = masks[bank_we(m, k)], *word = &m->words[m->addr][k];

		*word = (uint16_t)((*word & ~mask) | (m->wdata >> 16 * k & mask));
	}
}
