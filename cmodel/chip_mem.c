/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_mem.h"

void chip_mem_next(const struct chip_mem_in *in, struct chip_mem *d)
{
	int n = 8 * in->rot;

	if (in->pad)
		d->data = in->zero * 0x0101010101010101ull;
	else
		d->data = n ? in->word << n | in->word >> (64 - n) : in->word;
}
