/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/uart_rx.v: bytes from the line. */
#ifndef SYSTOLE_UART_RX_H
#define SYSTOLE_UART_RX_H
#include <stdint.h>

struct uart_rx {
	uint16_t count;
	uint8_t sync, busy, bit, data, valid;
};

/* Bits of a counter of div cycles. */
static inline int uart_count_bits(int div)
{
	int n = 0;

	while (1 << n < div + 1)
		n++;
	return n;
}

#define UART_RX_REGS(R) \
	R(sync, 1, 3, "the line, one to three cycles ago") \
	R(busy, 1, 1, "a byte comes") \
	R(count, 1, uart_count_bits(div), "cycles to the next sample") \
	R(bit, 1, 4, "bit that is sampled next") \
	R(data, 1, 8, "bits so far") \
	R(valid, 1, 1, "a byte is whole")

struct uart_rx_in {
	uint8_t rst_n, rx;
};

/* div: clock cycles of a bit */
void uart_rx_next(int div, const struct uart_rx *q, const struct uart_rx_in *in, struct uart_rx *d);

#endif
