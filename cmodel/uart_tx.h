/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/uart_tx.v: bytes to the line. */
#ifndef SYSTOLE_UART_TX_H
#define SYSTOLE_UART_TX_H
#include "uart_rx.h"

struct uart_tx {
	uint16_t count, data;
	uint8_t left, tx;
};

#define UART_TX_REGS(R) \
	R(count, 1, uart_count_bits(div), "cycles left of the bit") \
	R(left, 1, 4, "bits to send, the present one included") \
	R(data, 1, 9, "the bits behind the present one") \
	R(tx, 1, 1, "the line")

struct uart_tx_in {
	uint8_t rst_n, valid, data;
};

static inline int uart_tx_ready(const struct uart_tx *q) { return q->left == 0; }

void uart_tx_next(int div, const struct uart_tx *q, const struct uart_tx_in *in, struct uart_tx *d);

#endif
