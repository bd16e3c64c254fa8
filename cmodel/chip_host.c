/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_host.h"

static const uint64_t word_mask = (1ull << 48) - 1;

static int state_next(const struct chip_host *q, const struct chip_host_in *in, int head_end, int last, int sent)
{
	static const uint8_t after_head[4] = { HOST_WRITE, HOST_READ, HOST_RUN, HOST_RUN };

	switch (q->state) {
	case HOST_IDLE:
		return in->rx_valid && (in->rx_data == 'W' || in->rx_data == 'R' || in->rx_data == 'G') ? HOST_HEAD : HOST_IDLE;
	case HOST_HEAD:
		return head_end ? after_head[q->op] : HOST_HEAD;
	case HOST_WRITE:
		return q->wr && last ? HOST_IDLE : HOST_WRITE;
	case HOST_READ:
		return HOST_FLY;
	case HOST_FLY:
		return in->vld ? HOST_SEND : HOST_FLY;
	case HOST_SEND:
		return !in->tx_ready ? HOST_SEND : last ? HOST_IDLE : HOST_READ;
	case HOST_RUN:
		return in->done ? HOST_REPORT : HOST_RUN;
	default:
		return sent && q->left == 1 ? HOST_IDLE : HOST_REPORT;
	}
}

/* What the word becomes: the head's bytes come in at its top, the report's leave at its bottom. */
static uint64_t word_next(const struct chip_host *q, const struct chip_host_in *in, int head, int sent)
{
	uint64_t count = q->word >> 24, report = (uint64_t)in->err << 8 | 'D';

	if (head)
		return (uint64_t)in->rx_data << 40 | q->word >> 8;
	if (sent)
		return q->word >> 8;
	if (q->state == HOST_RUN)
		return ((count + 1) << 24 | (in->done ? report : q->word & 0xFFFFFF)) & word_mask;
	if (q->wr || (q->state == HOST_SEND && in->tx_ready))
		return ((count - 1) << 24 | (q->word & 0xFE0000) | ((q->word + 1) & 0x1FFFF)) & word_mask;
	return q->word;
}

void chip_host_next(const struct chip_host *q, const struct chip_host_in *in, struct chip_host *d)
{
	int head = q->state == HOST_HEAD && in->rx_valid, head_end = head && q->left == 1;
	int last = (q->word >> 24 & 0x1FFFF) == 1, sent = q->state == HOST_REPORT && in->tx_ready;

	*d = *q;
	d->state = (uint8_t)state_next(q, in, head_end, last, sent);
	d->word = word_next(q, in, head, sent);
	d->wr = q->state == HOST_WRITE && in->rx_valid;
	d->start = head_end && q->op == 2;
	if (q->state == HOST_IDLE)
		d->op = (uint8_t)((in->rx_data == 'G') << 1 | (in->rx_data == 'R'));
	if (q->state == HOST_IDLE || q->state == HOST_RUN)
		d->left = 6;
	else if (head || sent)
		d->left = (uint8_t)((q->left - 1) & 7);
	if (d->wr)
		d->data = in->rx_data;
	else if (in->vld && q->state == HOST_FLY)
		d->data = in->rdata;
	if (!in->rst_n) {
		d->state = HOST_IDLE;
		d->wr = d->start = 0;
	}
}
