/* SPDX-License-Identifier: Apache-2.0
 * How the tables of registers are filled: t, c (or what the lists' widths need) and s, a state for offsets only, are in scope. */
#ifndef SYSTOLE_REGS_ADD_H
#define SYSTOLE_REGS_ADD_H
#include "regs.h"

struct reg *regs_add(struct regs *t, const char *module, const char *meaning, size_t offset, int elem, int is_signed, int lanes, int width, const char *fmt, ...)
	__attribute__((format(printf, 9, 10)));
/* All of NAME_chip's. */
void regs_add_chip(struct regs *t, const struct config *c);

/* Bytes of a field's lane: the field is an integer or an array of integers. */
#define ELEM(x) _Generic((x), int8_t: 1, uint8_t: 1, int16_t: 2, uint16_t: 2, int32_t: 4, uint32_t: 4, int64_t: 8, uint64_t: 8, \
	const int8_t *: 1, const uint8_t *: 1, const int16_t *: 2, const uint16_t *: 2, const int32_t *: 4, const uint32_t *: 4, \
	const int64_t *: 8, const uint64_t *: 8)
#define SIGNED(x) _Generic((x), int8_t: 1, int16_t: 1, int32_t: 1, int64_t: 1, const int8_t *: 1, const int16_t *: 1, const int32_t *: 1, \
	const int64_t *: 1, default: 0)
/* Register `name` of instance `scope`, field `field` of module struct `mod`. */
#define ADD(mod, scope, field, name, lanes, width, meaning) \
	regs_add(t, #mod, meaning, (size_t)((const char *)&s->mod.field - (const char *)s), ELEM(s->mod.field), SIGNED(s->mod.field), lanes, width, "%s%s", scope, name);

/* Register reg of a row, PE or bank: element i of the field's array. */
#define ADD_AT(mod, scope, field, reg, i, lanes, width, meaning) \
	regs_add(t, #mod, meaning, (size_t)((const char *)&s->mod.field[i] - (const char *)s), ELEM(s->mod.field[0]), SIGNED(s->mod.field[0]), lanes, width, "%s%s", scope, reg);

#endif
