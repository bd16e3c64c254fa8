/* SPDX-License-Identifier: Apache-2.0 */
#include "tokens.h"
#include <string.h>

void tokens_next(const struct config *c, const struct tokens *q, const struct tokens_in *in, struct tokens *d)
{
	unsigned take = 0, push = 0, up, down;

	(void)c;
	*d = *q;
	d->err = 0;
	if (!in->rst_n) {
		memset(d->count, 0, sizeof d->count);
		return;
	}
	for (int e = 0; e < ENGINES; e++) {
		if (in->take[e])
			take |= in->wait[e];
		push |= in->push[e];
	}
	up = push & ~take;
	down = take & ~push;
	if (!(up | down))
		return;
	for (int i = 0; i < 8; i++) {
		d->err |= (uint8_t)((up >> i & 1) && q->count[i] == (1 << TOKENS_W) - 1);
		d->count[i] = (uint8_t)((q->count[i] + (up >> i & 1) - (down >> i & 1)) & ((1 << TOKENS_W) - 1));
	}
}
