/* SPDX-License-Identifier: Apache-2.0
 * PEs of a row, eight at a time, in GCC's portable vectors: a row of the array is a few instructions instead of a
 * loop. Rows are padded to a multiple of LANES; the lanes behind the last column hold anything and are never seen. */
#ifndef SYSTOLE_LANES_H
#define SYSTOLE_LANES_H
#include <stdint.h>
#include <string.h>

enum { LANES = 8 };

typedef int8_t lanes8 __attribute__((vector_size(LANES)));
typedef int16_t lanes16 __attribute__((vector_size(2 * LANES)));
typedef int32_t lanes32 __attribute__((vector_size(4 * LANES)));

/* Elements of a row of n. */
static inline int lanes_padded(int n) { return (n + LANES - 1) / LANES * LANES; }

static inline lanes32 lanes_load8(const int8_t *p)
{
	lanes32 v;
	int k;

	for (k = 0; k < LANES; k++)
		v[k] = p[k];
	return v;
}

static inline void lanes_store8(void *p, lanes32 v)
{
	lanes8 w = __builtin_convertvector(v, lanes8);

	memcpy(p, &w, sizeof w);
}

static inline lanes32 lanes_load16(const void *p)
{
	lanes16 v;

	memcpy(&v, p, sizeof v);
	return __builtin_convertvector(v, lanes32);
}

/* LANES activations from number i of them on, each of size bytes. */
static inline lanes32 lanes_load_act(const int8_t *p, int i, int size)
{
	return size == 1 ? lanes_load8(p + i) : lanes_load16(p + 2 * i);
}

static inline void lanes_store16(void *p, lanes32 v)
{
	lanes16 w = __builtin_convertvector(v, lanes16);

	memcpy(p, &w, sizeof w);
}

static inline lanes32 lanes_load32(const void *p)
{
	lanes32 v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline lanes32 lanes_all(int32_t x)
{
	return x - (lanes32){ 0 };
}

static inline void lanes_store32(void *p, lanes32 v)
{
	memcpy(p, &v, sizeof v);
}

/* LANES of the 2 * LANES of a and b, by number. */
#if defined __clang__
#define LANES_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define LANES_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (lanes32){ __VA_ARGS__ })
#endif

/* Pairs {a, b} of two numbers, LANES of them. */
static inline void lanes_split(const void *pairs, lanes32 *a, lanes32 *b)
{
	lanes32 low = lanes_load32(pairs), high = lanes_load32((const char *)pairs + sizeof low);

	*a = LANES_SHUFFLE(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
	*b = LANES_SHUFFLE(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}

static inline void lanes_join(void *pairs, lanes32 a, lanes32 b)
{
	lanes_store32(pairs, LANES_SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
	lanes_store32((char *)pairs + sizeof a, LANES_SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
}

/* mask (0 or -1 in each lane) ? a : b */
static inline lanes32 lanes_select(lanes32 mask, lanes32 a, lanes32 b)
{
	return (a & mask) | (b & ~mask);
}

/* Lane k is -1 when bit k is set, else 0. */
static inline lanes32 lanes_mask(uint32_t bits)
{
	const lanes32 index = { 0, 1, 2, 3, 4, 5, 6, 7 };

	return -(lanes_all((int32_t)bits) >> index & 1);
}

/* Bit k is set when lane k, 0 or -1, is -1. */
static inline uint32_t lanes_bits(lanes32 mask)
{
#if defined __AVX__
	typedef float lanesf __attribute__((vector_size(4 * LANES)));

	return (uint32_t)__builtin_ia32_movmskps256((lanesf)mask);
#else
	const lanes32 bit = { 1, 2, 4, 8, 16, 32, 64, 128 };
	lanes32 v = mask & bit;

	return (uint32_t)(v[0] | v[1] | v[2] | v[3] | v[4] | v[5] | v[6] | v[7]);
#endif
}

/* How many of the first n lanes are 0, of lanes that are 0 or -1. */
static inline int lanes_zeros(lanes32 mask, int n)
{
	return __builtin_popcount(~lanes_bits(mask) & (n < LANES ? (1u << n) - 1 : 255));
}

#endif
