/* SPDX-License-Identifier: Apache-2.0 */
#include "uart_tx.h"

void uart_tx_next(int div, const struct uart_tx *q, const struct uart_tx_in *in, struct uart_tx *d)
{
	int ready = uart_tx_ready(q), tick = q->count == 0;

	*d = *q;
	d->count = (uint16_t)(ready || tick ? div - 1 : q->count - 1);
	if (ready) {
		d->left = in->valid ? 10 : 0;
		d->tx = !in->valid;
		d->data = (uint16_t)(0x100 | in->data);
	} else if (tick) {
		d->left = (uint8_t)(q->left - 1);
		d->tx = (uint8_t)(q->left == 1 || (q->data & 1));
		d->data = (uint16_t)(0x100 | q->data >> 1);
	}
	if (!in->rst_n) {
		d->left = 0;
		d->tx = 1;
	}
}
