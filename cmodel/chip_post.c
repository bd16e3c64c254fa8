/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_post.h"

static uint32_t low_bits(uint64_t v, int n) { return (uint32_t)(v & ((1ull << n) - 1)); }
static int64_t sign_extend(uint64_t v, int n) { return (int64_t)(v << (64 - n)) >> (64 - n); }

static void settings_next(const struct chip_post_in *in, struct chip_post *d)
{
	uint64_t v = in->data;

	if (in->set_we & 1) {
		d->dw = v >> 1 & 1;
		d->add = v >> 2 & 1;
		d->zero = (uint8_t)(v >> 32);
		d->low = (uint8_t)(v >> 40);
		d->high = (uint8_t)(v >> 48);
		d->lane0 = v >> 56 & 7;
	}
	if (in->set_we & 4)
		d->pitch = v >> 16 & 0x3FFF;
}

/* A sum at the entrance. */
struct entry { int valid, pixel, run; };

/* 1: one result of both sides, or two of them in turn */
static void sum_next(const struct chip_post *q, const struct chip_post_in *in, const struct chip_post_ram *m, struct entry *e, struct chip_post *d)
{
	int valid = in->tok & 1, pair = !q->dw || q->add, whole = !pair || q->add;
	int row = q->add ? in->sum[1] & 255 : q->par;

	e->valid = valid || q->two;
	e->pixel = q->two ? q->two_last & 1 : whole && (in->tok >> 1 & 1);
	e->run = q->two ? q->two_last >> 1 : whole && in->tok >> 2;
	d->two = valid && pair && !q->add && in->rst_n;
	d->two_last = in->tok >> 1;
	d->hold = low_bits((uint64_t)in->sum[1], 24);
	if (q->two)
		d->s = q->hold;
	else if (q->add)
		d->s = low_bits((uint64_t)in->sum[0], 10) << 14;
	else
		d->s = low_bits((uint64_t)in->sum[0], 24);
	if (!pair && !q->two)
		d->s = low_bits((uint64_t)d->s + d->hold, 24);
	if (in->go)
		d->par = 0;
	else if (e->valid)
		d->par = (uint8_t)(e->pixel ? 0 : q->par + 1);
	d->prow1 = (uint8_t)row;
	d->bias = m->bias[row];
	d->mult = m->mult[q->prow1];
}

/* 2, 3: bias, magnitude */
static void magnitude_next(const struct chip_post *q, struct chip_post *d)
{
	int64_t x = sign_extend(q->x, 24);

	d->x = low_bits(q->s + q->bias, 24);
	d->mag = low_bits((uint64_t)(x < 0 ? -x : x), 23);
	d->m = q->mult;
}

/* The digit 0, 1, 2, -1 times m, 1 less where it is -1. */
static uint64_t digit_product(int digit, uint32_t m)
{
	int64_t v = digit == 3 ? -(int64_t)m - 1 : (int64_t)m * digit;

	return (uint64_t)v & ((1ull << 33) - 1);
}

/* 4 to 7: of the magnitude 16 bits at once, and 7 as digits of 2 bits, a 3 being 4 - 1 */
static void product_next(const struct chip_post *q, struct chip_post *d)
{
	uint64_t *const pp[4] = { &d->pp0, &d->pp1, &d->pp2, &d->pp3 };
	uint8_t *const neg[3] = { &d->neg0, &d->neg1, &d->neg2 };
	int k, carry = 0;

	for (k = 0; k < 4; k++) {
		int digit = (int)(q->mag >> (16 + 2 * k) & 3) + carry;

		carry = digit >= 3;
		*pp[k] = digit_product(digit & 3, q->m);
		if (k < 3)
			*neg[k] = (digit & 3) == 3;
	}
	d->low_a = d->mid_a = (uint16_t)q->mag;
	d->low_b = (uint16_t)q->m;
	d->mid_b = (uint16_t)(q->m >> 16);
	d->low_p = (uint32_t)q->low_a * q->low_b;
	d->mid_p = (uint32_t)q->mid_a * q->mid_b;
	d->sum01 = (uint64_t)(sign_extend(q->pp0, 33) + 4 * sign_extend(q->pp1, 33) + q->neg0) & ((1ull << 36) - 1);
	d->sum23 = (uint64_t)(sign_extend(q->pp2, 33) + 4 * sign_extend(q->pp3, 33) + q->neg2) & ((1ull << 36) - 1);
	d->neg1b = q->neg1;
	d->p = (uint64_t)(sign_extend(q->sum01, 36) + 16 * sign_extend(q->sum23, 36) + 4 * q->neg1b) & ((1ull << 39) - 1);
	d->t = q->mid_p + (q->low_p >> 16);
	d->zero6 = (uint16_t)q->low_p == 0;
	d->r = (q->p + q->t) & ((1ull << 39) - 1);
	d->zero7 = q->zero6;
}

static int negative(const struct chip_post *q, int stage) { return q->sign >> (stage - 3) & 1; }

/* 8, 9: the high half of the doubled product, halves up: of a negative sum towards zero */
static void first_rounding_next(const struct chip_post *q, struct chip_post *d)
{
	int half = q->r >> 14 & 1, exact = q->zero7 && (q->r & 0x3FFF) == 0;

	d->r8 = low_bits(q->r >> 15, 23);
	d->c8 = half && !(negative(q, 7) && exact);
	d->v9 = low_bits(q->r8 + q->c8, 23);
}

/* To the right by n; *half: the last bit out, as it was for 0. */
static uint32_t shift(uint32_t v, int n, uint8_t *half)
{
	if (n)
		*half = v >> (n - 1) & 1;
	return v >> n;
}

/* 10 to 12: the shift; 511 stands for all above it, which is clamped */
static void shift_next(const struct chip_post *q, struct chip_post *d)
{
	int far = q->v11 >> 9 > q->n11;

	d->half10 = 0;
	d->v10 = shift(q->v9, q->n9 & 24, &d->half10);
	d->half11 = q->half10;
	d->v11 = shift(q->v10, q->n10 & 6, &d->half11);
	d->half12 = q->half11;
	d->v12 = (uint16_t)low_bits(shift(q->v11, q->n11, &d->half12), 9);
	if (far) {
		d->v12 = 511;
		d->half12 = 0;
	}
	d->n2 = (uint8_t)(q->bias >> 27);
	d->n3 = q->n2;
	d->n4 = q->n3;
	d->n5 = q->n4;
	d->n6 = q->n5;
	d->n7 = q->n6;
	d->n8 = q->n7;
	d->n9 = q->n8;
	d->n10 = q->n9 & 7;
	d->n11 = q->n10 & 1;
	d->sign = (uint16_t)((q->sign << 1 | q->x >> 23) & 1023);
}

/* 13 to 15: second rounding, halves away from zero, zero point, clamp */
static void clamp_next(const struct chip_post *q, struct chip_post *d)
{
	int minus = negative(q, 12), v = minus ? -q->v12 - 1 : q->v12;

	d->u = (int16_t)sign_extend((uint64_t)(v + (int8_t)q->zero + (minus != q->half12)), 12);
	d->u14 = (uint8_t)q->u;
	d->below = q->u < (int8_t)q->low;
	d->above = q->u > (int8_t)q->high;
	d->y = q->below ? q->low : q->above ? q->high : q->u14;
}

/* 16, 17: bytes into words, words to memory */
static void write_next(const struct chip_post *q, const struct chip_post_in *in, struct chip_post *d)
{
	int result = (q->v & POST_LAST) != 0, pixel = (q->pixel & POST_LAST) != 0, lane = in->put ? (int)(in->put_addr & 7) : q->lane;
	uint64_t byte = in->put ? in->put_data : q->y;

	if (result || in->put)
		d->word = (q->word & ~(255ull << 8 * lane)) | byte << 8 * lane;
	d->mask = (uint8_t)((q->wr ? 0 : q->mask) | (result || in->put) << lane);
	d->wr = in->put || (result && (q->lane == 7 || pixel));
	d->wpixel = (uint8_t)pixel;
	d->wrun = result && (q->run & POST_LAST);
	d->fin = q->wr && q->wrun;
	if (in->go)
		d->lane = q->lane0;
	else if (result)
		d->lane = pixel ? q->lane0 : (q->lane + 1) & 7;
}

static void address_next(const struct chip_post *q, const struct chip_post_in *in, struct chip_post *d)
{
	if (in->set_we & 4)
		d->next = in->data & 0x3FFF;
	else if (in->go || (q->wr && q->wpixel))
		d->next = (q->next + q->pitch) & 0x3FFF;
	if (in->put)
		d->addr = (uint16_t)(in->put_addr >> 3);
	else if (in->go)
		d->addr = q->next;
	else if (q->wr)
		d->addr = q->wpixel ? q->next : (q->addr + 1) & 0x3FFF;
}

void chip_post_next(const struct chip_post *q, const struct chip_post_in *in, struct chip_post_ram *m, struct chip_post *d)
{
	struct entry e;

	*d = *q;
	m->we = in->par_we;
	m->row = in->row;
	m->wdata = in->data;
	settings_next(in, d);
	sum_next(q, in, m, &e, d);
	magnitude_next(q, d);
	product_next(q, d);
	first_rounding_next(q, d);
	shift_next(q, d);
	clamp_next(q, d);
	write_next(q, in, d);
	address_next(q, in, d);
	d->v = (uint16_t)(in->rst_n ? (q->v << 1 | e.valid) & 0x7FFF : 0);
	d->pixel = (uint16_t)((q->pixel << 1 | e.pixel) & 0x7FFF);
	d->run = (uint16_t)((q->run << 1 | e.run) & 0x7FFF);
	if (!in->rst_n)
		d->mask = d->wr = 0;
}

void chip_post_commit(struct chip_post_ram *m)
{
	if (!m->we)
		return;
	m->bias[m->row] = (uint32_t)((m->wdata >> 58 & 31) << 27 | (m->wdata & 0x7FFFFFF));
	m->mult[m->row] = m->wdata >> 27 & 0x7FFFFFFF;
}
