/* SPDX-License-Identifier: Apache-2.0 */
#include "param_buffer.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int param_buffer_ram_init(const struct config *c, struct param_buffer_ram *m)
{
	memset(m, 0, sizeof *m);
	m->rows = calloc((size_t)c->par_rows * (size_t)c->lanes, sizeof *m->rows);
	return m->rows ? 0 : -1;
}

void param_buffer_ram_free(struct param_buffer_ram *m)
{
	free(m->rows);
	m->rows = NULL;
}

static void hold(const struct config *c, const struct param_buffer *q, struct param_buffer *d)
{
	size_t lanes = (size_t)c->lanes;

	memcpy(d, q, offsetof(struct param_buffer, bias));
	memcpy(d->bias, q->bias, lanes * sizeof *d->bias);
	memcpy(d->mult, q->mult, lanes * sizeof *d->mult);
	memcpy(d->shift, q->shift, lanes);
}

static void row_read(const struct config *c, const struct param_entry *row, struct param_buffer *d)
{
	for (int i = 0; i < c->lanes; i++) {
		d->bias[i] = row[i].bias;
		d->mult[i] = row[i].mult;
		d->shift[i] = row[i].shift;
	}
}

void param_buffer_next(const struct config *c, const struct param_buffer *q, const struct param_buffer_in *in,
	struct param_buffer_ram *m, struct param_buffer *d)
{
	uint32_t mask = (uint32_t)c->par_rows - 1, lanes = (uint32_t)c->lanes;
	uint32_t step = in->rel ? (uint32_t)(c->cols / c->lanes) : 0, at = step + in->row;
	uint8_t full = in->we && q->wlane == lanes - 1;

	hold(c, q, d);
	m->we = in->we;
	if (in->we) {
		m->wdata = in->data;
		m->waddr = q->wrow * lanes + q->wlane;
		d->wlane = full ? 0 : (uint8_t)(q->wlane + 1);
		d->wrow = (q->wrow + full) & mask;
	}
	if (in->re)
		d->ok = at < q->count;
	if (in->re && d->ok)
		row_read(c, m->rows + ((q->base + at) & mask) * lanes, d);
	d->base = (q->base + step) & mask;
	d->count = (q->count + full - step) & (2 * mask + 1);
	d->rel = in->rel;
	if (!in->rst_n)
		d->wlane = d->ok = d->rel = 0, d->wrow = d->base = d->count = 0;
}

void param_buffer_commit(struct param_buffer_ram *m)
{
	if (m->we)
		m->rows[m->waddr] = m->wdata;
}
