/* SPDX-License-Identifier: Apache-2.0
 * Fields of commands. */
#ifndef SYSTOLE_COMMAND_H
#define SYSTOLE_COMMAND_H
#include <stdint.h>

/* Width bits (at most 63) of a 64-bit beat from bit lsb on, sgn: with sign. */
static inline int32_t command_field(uint64_t beat, int lsb, int width, int sgn)
{
	uint64_t v = beat >> lsb & ((1ull << width) - 1);

	if (sgn && v >> (width - 1) & 1)
		v -= 1ull << width;
	return (int32_t)v;
}

#endif
