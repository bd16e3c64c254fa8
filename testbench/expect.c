/* SPDX-License-Identifier: Apache-2.0 */
#include "expect.h"
#include <stdlib.h>
#include <string.h>
#if defined __BMI2__ || defined __AVX2__
#include <immintrin.h>
#endif

enum { WINDOW_MIN = 16 }; /* bytes alike from which on a window pays */

typedef uint64_t piece __attribute__((vector_size(EXPECT_CHUNK)));

static piece load(const void *p)
{
	piece v;

	memcpy(&v, p, sizeof v);
	return v;
}

static int any(piece v)
{
#if defined __AVX512F__
	return _mm512_test_epi64_mask((__m512i)v, (__m512i)v) != 0;
#elif defined __AVX2__
	__m256i half[2];

	memcpy(half, &v, sizeof v);
	half[0] = _mm256_or_si256(half[0], half[1]);
	return !_mm256_testz_si256(half[0], half[0]);
#else
	return (v[0] | v[1] | v[2] | v[3] | v[4] | v[5] | v[6] | v[7]) != 0;
#endif
}

static uint64_t low_bits(int n)
{
	return n >= 64 ? ~0ull : (1ull << n) - 1;
}

/* Bytes that Verilator gives to so many bits. */
static int storage(int bits)
{
	return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : bits <= 64 ? 8 : (bits + 31) / 32 * 4;
}

/* A register of the table, as the plan is made. */
struct entry {
	uint32_t twin, image; /* bytes from the start */
	int elem, lanes, width, low;
	int bytes;            /* of the image when it is stored whole, else 0 */
	int alike;            /* the image's bytes are the twin's, up to bits masked off */
};

static int twin_bytes(const struct entry *i)
{
	return i->elem * i->lanes;
}

static struct entry make_entry(const struct regs *t, int n, const void *place, const char *state)
{
	const struct reg *r = &t->at[n];
	int part = r->low > 0 || (n + 1 < t->n && r[1].low > 0 && strcmp(r->path, r[1].path) == 0);
	struct entry i;

	i.twin = (uint32_t)r->offset;
	i.image = (uint32_t)((const char *)place - state) + (uint32_t)r->low / 8;
	i.elem = r->elem;
	i.lanes = r->lanes;
	i.width = r->width;
	i.low = r->low % 8;
	i.bytes = r->lanes > 1 ? 0 : !part ? storage(r->width) : i.low == 0 && r->width == 8 * r->elem ? r->elem : 0;
	i.alike = r->lanes == 1 ? i.bytes == r->elem : i.low == 0 && r->width == 8 * r->elem;
	return i;
}

static int by_twin(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->twin < y->twin ? -1 : x->twin > y->twin;
}

/* One past the last entry of the run from first on that twin and engine have at a constant distance. */
static int run_end(const struct entry *t, int first, int n)
{
	int k = first;

	while (k < n && t[k].alike && t[k].image - t[k].twin == t[first].image - t[first].twin)
		k++;
	return k;
}

static void add_windows(struct expect *e, const struct entry *t, int first, int end)
{
	struct expect_window *w = NULL;
	int k, b;

	for (k = first; k < end; k++)
		for (b = 0; b < twin_bytes(&t[k]); b++) {
			uint32_t at = t[k].twin + (uint32_t)b;
			int bits = t[k].lanes > 1 ? 8 : t[k].width - 8 * b;

			if (!w || at >= w->twin + EXPECT_CHUNK) {
				w = &e->windows[e->nwindows++];
				memset(w, 0, sizeof *w);
				w->twin = at;
				w->image = at - t[first].twin + t[first].image;
			}
			w->mask[at - w->twin] = (uint8_t)(bits >= 8 ? 255 : bits > 0 ? (1 << bits) - 1 : 0);
		}
}

/* Runs become windows; what is left moves to the front. Returns how many are left. */
static int find_windows(struct expect *e, struct entry *t, int n)
{
	int k = 0, left = 0, end;

	while (k < n) {
		end = run_end(t, k, n);
		if (end > k && t[end - 1].twin + (uint32_t)twin_bytes(&t[end - 1]) - t[k].twin >= WINDOW_MIN) {
			add_windows(e, t, k, end);
			k = end;
			continue;
		}
		if (end == k)
			end = k + 1;
		while (k < end)
			t[left++] = t[k++];
	}
	return left;
}

static int kind(const struct entry *t)
{
	return t->bytes == 1 ? 0 : t->bytes == 2 ? 1 : t->bytes == 4 ? 2 : t->bytes == 8 ? 3 : 4;
}

static void add_packed(struct expect *e, const struct entry *t)
{
	struct expect_packed *p = &e->packed[e->npacked++];

	p->twin = t->twin;
	p->image = t->image;
	p->elem = (uint8_t)t->elem;
	p->width = (uint8_t)t->width;
	p->low = (uint8_t)t->low;
	p->lanes = (uint16_t)t->lanes;
}

/* Entries [first, end) that touch the twin's bytes from at on, by kind. */
static void add_chunk(struct expect *e, const struct entry *t, uint32_t at, int first, int end)
{
	struct expect_chunk *c = &e->chunks[e->nchunks++];
	int k, which;

	memset(c, 0, sizeof *c);
	c->twin = at;
	c->first = e->nitems;
	c->packed = e->npacked;
	for (which = 0; which < 5; which++)
		for (k = first; k < end; k++) {
			if (kind(&t[k]) != which || t[k].twin + (uint32_t)twin_bytes(&t[k]) <= at)
				continue;
			c->n[which]++;
			if (which == 4)
				add_packed(e, &t[k]);
			else
				e->items[e->nitems++] = (struct expect_item){ t[k].image, (uint8_t)(t[k].twin - at), (uint8_t)t[k].width };
		}
}

/* Chunks are aligned; a register of one lane never straddles two. */
static void find_chunks(struct expect *e, const struct entry *t, int n)
{
	uint32_t at, last = n ? t[n - 1].twin + (uint32_t)twin_bytes(&t[n - 1]) : 0;
	int first = 0, end = 0;

	for (at = 0; at < last; at += EXPECT_CHUNK) {
		while (first < n && t[first].twin + (uint32_t)twin_bytes(&t[first]) <= at)
			first++;
		for (end = first; end < n && t[end].twin < at + EXPECT_CHUNK; end++)
			;
		if (end > first)
			add_chunk(e, t, at, first, end);
	}
}

static void find_lines(struct expect *e, const struct entry *t, int n, size_t pieces)
{
	size_t k;
	int i, b;

	for (i = 0; i < n; i++)
		for (b = t[i].low; b < t[i].low + t[i].width * t[i].lanes; b++)
			e->mask[t[i].image + (uint32_t)b / 8] |= (uint8_t)(1 << b % 8);
	for (k = 0; k < pieces; k++)
		if (any(load(e->mask + k * EXPECT_CHUNK)))
			e->lines[e->nlines++] = (uint32_t)(k * EXPECT_CHUNK);
}

int expect_init(struct expect *e, const struct regs *r, const void *const *places, const void *state, size_t bytes)
{
	size_t pieces = bytes / EXPECT_CHUNK + 1, n = (size_t)r->n, most = 0;
	struct entry *t = calloc(n, sizeof *t);
	int k;

	memset(e, 0, sizeof *e);
	for (k = 0; k < r->n; k++)
		most += (size_t)(r->at[k].elem * r->at[k].lanes) / EXPECT_CHUNK + 2;
	e->items = calloc(n, sizeof *e->items);
	e->packed = calloc(most, sizeof *e->packed);
	e->chunks = calloc(most, sizeof *e->chunks);
	e->windows = calloc(most, sizeof *e->windows);
	e->lines = calloc(pieces, sizeof *e->lines);
	e->image = aligned_alloc(EXPECT_CHUNK, (pieces + 1) * EXPECT_CHUNK);
	e->mask = aligned_alloc(EXPECT_CHUNK, (pieces + 1) * EXPECT_CHUNK);
	if (!t || !e->items || !e->packed || !e->chunks || !e->windows || !e->lines || !e->image || !e->mask) {
		free(t);
		return -1;
	}
	memset(e->image, 0, (pieces + 1) * EXPECT_CHUNK);
	memset(e->mask, 0, (pieces + 1) * EXPECT_CHUNK);
	for (k = 0; k < r->n; k++)
		t[k] = make_entry(r, k, places[k], state);
	qsort(t, n, sizeof *t, by_twin);
	find_lines(e, t, r->n, pieces);
	find_chunks(e, t, find_windows(e, t, r->n));
	free(t);
	return 0;
}

void expect_free(struct expect *e)
{
	free(e->items);
	free(e->packed);
	free(e->chunks);
	free(e->windows);
	free(e->lines);
	free(e->image);
	free(e->mask);
}

/* The low width bits of each of n lanes in 8 bytes, side by side. */
static uint64_t gather(const char *lanes, int elem, int width, int n)
{
	uint64_t v, picked = 0;
	int k;

	memcpy(&v, lanes, sizeof v);
#ifdef __BMI2__
	for (k = 0; k < n; k++)
		picked |= low_bits(width) << 8 * elem * k;
	return _pext_u64(v, picked);
#else
	for (k = 0; k < n; k++)
		picked |= (v >> 8 * elem * k & low_bits(width)) << width * k;
	return picked;
#endif
}

/* Replaces n bits of the image. */
static void put_bits(uint8_t *p, int bit, uint64_t v, int n)
{
	uint64_t word;
	int over = bit % 8 + n - 64;

	p += bit / 8;
	memcpy(&word, p, sizeof word);
	word = (word & ~(low_bits(n) << bit % 8)) | v << bit % 8;
	memcpy(p, &word, sizeof word);
	if (over > 0)
		p[8] = (uint8_t)((p[8] & ~low_bits(over)) | v >> (n - over));
}

static void put_packed(uint8_t *base, const struct expect_packed *i, const char *state)
{
	const char *twin = state + i->twin;
	uint8_t *image = base + i->image;
	int k = 0, n;

	if (i->low == 0 && i->width == 8 * i->elem) {
		for (; k < i->elem * i->lanes; k++)
			image[k] = (uint8_t)twin[k];
		return;
	}
	for (; k < i->lanes; k += n) {
		n = 8 / i->elem < i->lanes - k ? 8 / i->elem : i->lanes - k;
		put_bits(image, i->low + k * i->width, gather(twin + k * i->elem, i->elem, i->width, n), n * i->width);
	}
}

/* n is 1..64 */
static uint64_t first_bits(uint64_t v, unsigned n)
{
#ifdef __BMI2__
	return _bzhi_u64(v, n);
#else
	return v & ~0ull >> (64 - n);
#endif
}

/* The next n items, each of so many bytes in the image. */
#define PUT(type, n) \
	for (end = i + (n); i < end; i++) { \
		type v; \
\
		memcpy(&v, chunk + i->twin, sizeof v); \
		v = (type)first_bits(v, i->width); \
		memcpy(e->image + i->image, &v, sizeof v); \
	}

static void put_chunk(struct expect *e, const struct expect_chunk *c, const char *q)
{
	const struct expect_item *i = &e->items[c->first], *end;
	const char *chunk = q + c->twin;
	int k;

	PUT(uint8_t, c->n[0])
	PUT(uint16_t, c->n[1])
	PUT(uint32_t, c->n[2])
	PUT(uint64_t, c->n[3])
	for (k = c->packed; k < c->packed + c->n[4]; k++)
		put_packed(e->image, &e->packed[k], q);
}

void expect_update(struct expect *e, const void *now, const void *before)
{
	const char *q = now, *p = before;
	int k;

	for (k = 0; k < e->nwindows; k++) {
		const struct expect_window *w = &e->windows[k];
		piece mask = load(w->mask), v = (load(e->image + w->image) & ~mask) | (load(q + w->twin) & mask);

		memcpy(e->image + w->image, &v, sizeof v);
	}
	for (k = 0; k < e->nchunks; k++) {
		const struct expect_chunk *c = &e->chunks[k];

		if (!p || any(load(q + c->twin) ^ load(p + c->twin)))
			put_chunk(e, c, q);
	}
}

int expect_differs(const struct expect *e, const void *state)
{
	const char *s = state;
	piece d = { 0 };
	int k;

	for (k = 0; k < e->nlines; k++)
		d |= (load(s + e->lines[k]) ^ load(e->image + e->lines[k])) & load(e->mask + e->lines[k]);
	return any(d);
}

/* One word of a lane after the other: (lane ^ word) * odd, then its high half into its low half. Each step is one to
 * one in the lane, so that a difference in one word stays. */
static piece mix(piece lane, piece word)
{
	lane = (lane ^ word) * 0x9E3779B97F4A7C15ull;
	return lane ^ lane >> 32;
}

void expect_digest(const struct expect *e, const void *state, struct expect_digest *g)
{
	enum { CHAINS = 4 }; /* side by side, for speed */
	const char *s = state;
	piece lane[CHAINS] = { { 0 } };
	int k, i;

	for (k = 0; k + CHAINS <= e->nlines; k += CHAINS)
		for (i = 0; i < CHAINS; i++)
			lane[i] = mix(lane[i], load(s + e->lines[k + i]) & load(e->mask + e->lines[k + i]));
	for (i = 0; k < e->nlines; k++, i++)
		lane[i] = mix(lane[i], load(s + e->lines[k]) & load(e->mask + e->lines[k]));
	for (i = 1; i < CHAINS; i++)
		lane[0] = mix(lane[0], lane[i]);
	memcpy(g, lane, sizeof *g);
}
