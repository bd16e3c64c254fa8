/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_rx.h"

enum { STOP = 9 };

void uart_rx_next(int div, const struct uart_rx *q, const struct uart_rx_in *in, struct uart_rx *d)
{
	int line = q->sync >> 1 & 1, fell = (q->sync >> 2 & 1) && !line, sample = q->busy && q->count == 0;

	*d = *q;
	d->sync = (uint8_t)((q->sync << 1 | in->rx) & 7);
	d->busy = (uint8_t)(q->busy ? !(sample && (q->bit == STOP || (q->bit == 0 && line))) : fell);
	d->valid = (uint8_t)(sample && q->bit == STOP && line);
	d->count = (uint16_t)(!q->busy ? div / 2 : sample ? div - 1 : q->count - 1);
	d->bit = (uint8_t)(q->busy ? (q->bit + sample) & 15 : 0);
	if (sample && q->bit != STOP)
		d->data = (uint8_t)(line << 7 | q->data >> 1);
	if (!in->rst_n)
		d->busy = d->valid = 0;
}
