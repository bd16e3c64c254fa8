/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"
#include <string.h>

void pool_next(const struct config *c, const struct pool *q, const struct pool_in *in, struct pool *d)
{
	int i;

	d->push = in->valid && in->last;
	memcpy(d->vec, q->vec, (size_t)c->cols * sizeof *d->vec);
	if (!in->valid)
		return;
	for (i = 0; i < c->cols; i++) {
		int32_t base = !in->first ? q->vec[i] : in->max ? -(1 << (c->x_bits - 1)) : 0;

		if (in->in_map)
			base = in->max ? (in->word[i] > base ? in->word[i] : base) : base + in->word[i];
		d->vec[i] = base;
	}
}
