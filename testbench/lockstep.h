// SPDX-License-Identifier: Apache-2.0
// Comparison of Verilator's storage with the twin's lanes; included by the generated compare.cpp only.
#ifndef SYSTOLE_LOCKSTEP_H
#define SYSTOLE_LOCKSTEP_H
#include <cstdint>
#include <cstring>
#ifdef __BMI2__
#include <immintrin.h>
#endif

template <typename T> static inline uint64_t lane(const char *t, int i)
{
	T v;

	std::memcpy(&v, t + i * sizeof(T), sizeof(T));
	return static_cast<uint64_t>(v);
}

// W bits of each of N <= 64 / W lanes, lane 0 lowest.
template <typename T, int W, int N> static inline uint64_t pack(const char *t)
{
	const uint64_t mask = W == 64 ? ~0ull : (1ull << W) - 1;
	uint64_t v = 0;

	if (W == 8 * sizeof(T) && N * sizeof(T) <= 8) {
		std::memcpy(&v, t, N * sizeof(T));
		return v;
	}
#ifdef __BMI2__
	if (sizeof(T) == 2 && N % 4 == 0 && W < 16) {
		for (int i = 0; i < N; i += 4) {
			uint64_t four;

			std::memcpy(&four, t + 2 * i, 8);
			v |= _pext_u64(four, mask * 0x0001000100010001ull) << (W * i);
		}
		return v;
	}
#endif
#pragma GCC unroll 128
	for (int i = 0; i < N; i++)
		v |= (lane<T>(t, i) & mask) << (W * i);
	return v;
}

// Bits [LOW +: W] of a register.
template <int LOW, int W> static inline uint64_t part(const uint32_t *r)
{
	uint64_t word = r[LOW / 32];

	if (LOW + W > (LOW / 32 + 1) * 32)
		word |= static_cast<uint64_t>(r[LOW / 32 + 1]) << 32;
	return word >> (LOW % 32) & (W == 64 ? ~0ull : (1ull << W) - 1);
}

// Differences between N lanes of W bits in Verilator's 32-bit words and in the twin.
template <typename T, int W, int N> static inline uint64_t wide(const uint32_t *r, const char *t)
{
	uint64_t d = 0, word;

	if (W == 8 * sizeof(T)) {
		int i = 0;

		for (; i + 8 <= W / 8 * N; i += 8) {
			uint64_t a, b;

			std::memcpy(&a, reinterpret_cast<const char *>(r) + i, 8);
			std::memcpy(&b, t + i, 8);
			d |= a ^ b;
		}
		for (; i < W / 8 * N; i++)
			d |= static_cast<uint64_t>(reinterpret_cast<const char *>(r)[i] ^ t[i]);
		return d;
	}
	// In groups of 4 lanes (or 1 for wide lanes), cut from the words at a constant position.
	constexpr int G = W <= 16 && N % 4 == 0 ? 4 : 1;

#pragma GCC unroll 128
	for (int i = 0; i < N; i += G) {
		const int bit = i * W, n = G * W, end = bit + n;
		const uint64_t mask = n == 64 ? ~0ull : (1ull << n) - 1;

		word = r[bit / 32];
		if (end > (bit / 32 + 1) * 32)
			word |= static_cast<uint64_t>(r[bit / 32 + 1]) << 32;
		word >>= bit % 32;
		if (end > (bit / 32 + 2) * 32)
			word |= static_cast<uint64_t>(r[bit / 32 + 2]) << (64 - bit % 32);
		d |= (word & mask) ^ pack<T, W, G>(t + i * sizeof(T));
	}
	return d;
}

#endif
