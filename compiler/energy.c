/* SPDX-License-Identifier: Apache-2.0 */
#include "energy.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_ = 512, KEYS_TEXT = 2 };

static const char *const keys[] = {
	"title", "unit",
#define KEY(name, key) key,
	ENERGY_PARTS(KEY)
#undef KEY
	"mac_bits", "buffer_bytes",
};
enum { KEYS = sizeof keys / sizeof *keys };

struct parse {
	const char *name;
	int line;
	struct energy_table *t;
	int seen[KEYS];
	char *err;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static int fail(struct parse *p, const char *fmt, ...)
{
	va_list args;
	int n = p->line ? snprintf(p->err, p->size, "%s:%d:1: ", p->name, p->line) : snprintf(p->err, p->size, "%s: ", p->name);

	va_start(args, fmt);
	if (n >= 0 && (size_t)n < p->size)
		vsnprintf(p->err + n, p->size - (size_t)n, fmt, args);
	va_end(args);
	return -1;
}

static int find(const char *key)
{
	int i = 0;

	while (i < KEYS && strcmp(keys[i], key))
		i++;
	return i;
}

static double *number_of(struct energy_table *t, int key)
{
	if (key < KEYS_TEXT + ENERGY_COUNT)
		return &t->part[key - KEYS_TEXT];
	return key == KEYS - 1 ? &t->buffer_bytes : &t->mac_bits;
}

static int take(struct parse *p, int key, const char *value)
{
	char *text = key == 0 ? p->t->title : p->t->unit, *end;
	size_t room = key == 0 ? sizeof p->t->title : sizeof p->t->unit;
	double v;

	if (p->seen[key]++)
		return fail(p, "%s was given before: keep one", keys[key]);
	if (key < KEYS_TEXT) {
		if (strlen(value) >= room || !value[0])
			return fail(p, "%s must be 1 to %zu characters", keys[key], room - 1);
		memcpy(text, value, strlen(value) + 1);
		return 0;
	}
	v = strtod(value, &end);
	if (end == value || *end || !(v >= 0 && v < 1e12))
		return fail(p, "%s must be a number, 0 or more, such as 0.3", keys[key]);
	*number_of(p->t, key) = v;
	return 0;
}

/* Ends s before its comment and trailing blanks; skips leading ones. */
static char *trim(char *s)
{
	size_t n = strcspn(s, "#\n");

	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	s[n] = 0;
	return s + strspn(s, " \t");
}

static int parse_line(struct parse *p, char *text)
{
	char *s = trim(text), *value;
	int key;

	if (!*s)
		return 0;
	value = s + strcspn(s, " \t");
	if (*value)
		*value++ = 0;
	key = find(s);
	if (key == KEYS)
		return fail(p, "unknown key \"%.40s\": use title, unit, mac, mac_bits, rf, noc, buffer, buffer_bytes and dram", s);
	return take(p, key, value + strspn(value, " \t"));
}

int energy_parse(const char *name, const char *text, struct energy_table *t, char *err, size_t size)
{
	struct parse p = { .name = name, .t = t, .err = err, .size = size };
	char line[LINE_MAX_];

	memset(t, 0, sizeof *t);
	t->mac_bits = 8;
	while (*text) {
		size_t n = strcspn(text, "\n");

		p.line++;
		if (n >= sizeof line)
			return fail(&p, "the line is longer than %d characters", LINE_MAX_ - 1);
		memcpy(line, text, n);
		line[n] = 0;
		if (parse_line(&p, line))
			return -1;
		text += n + (text[n] == '\n');
	}
	p.line = 0;
	for (int i = 0; i < KEYS_TEXT + ENERGY_COUNT; i++)
		if (!p.seen[i])
			return fail(&p, "%s is missing: a table has title, unit, mac, rf, noc, buffer and dram", keys[i]);
	if (t->mac_bits < 1)
		return fail(&p, "mac_bits must be 1 or more");
	return 0;
}

/* Bytes handed from PE to PE, or from a buffer's port to the array. */
static double hops(const struct config *c, const struct energy_accesses *a)
{
	double given = (double)a->given, x = c->act_bits * c->group / 8.0, w = (c->wgt_bits + c->idx_bits) / 8.0, sum = c->acc_bits / 8.0;

	switch (c->dataflow) {
	case DATAFLOW_OS: /* a row's operand reaches its PEs at once; the weight comes from the row above */
		return given / c->cols * x + given * w;
	case DATAFLOW_WS: /* the sum comes from the row above; so did the weight, once, through half of the rows */
		return given / c->cols * x + given * sum + (double)a->wgt_read * (c->rows + 1) / 2;
	case DATAFLOW_RS: /* words are multicast; a row's weight comes from the row below; sums climb the column */
		break;
	}
	if (c->sparsity == SPARSITY_SKIP) /* words and weights are broadcast once, sums stay in their PE */
		return (double)a->act_read + (double)a->wgt_read;
	return (double)a->act_read + given / c->cols * w + (double)a->acc_write * c->rows;
}

/* NAME_chip: operands come from the patch buffer's and the weights' RAM; 8 products share a sum; memory is a RAM beside them, or outside. */
static void chip_model(const struct config *c, const struct energy_table *t, const struct energy_accesses *a, double part[ENERGY_COUNT])
{
	double given = (double)a->given, sum = c->acc_bits / 8.0, size = t->buffer_bytes, mem = (double)a->mem;
	double patch = size > 0 ? sqrt(CHIP_PATCH_BYTES / size) : 1, wgt = size > 0 ? sqrt(CHIP_WGT_BYTES / size) : 1, all = size > 0 ? sqrt(CHIP_BYTES / size) : 1;
	int outside = c->target == TARGET_ICE40;

	part[ENERGY_MAC] = t->part[ENERGY_MAC] * given * 64 / (t->mac_bits * t->mac_bits);
	part[ENERGY_RF] = t->part[ENERGY_RF] * given * (2 + 2 * sum / 8);
	part[ENERGY_NOC] = t->part[ENERGY_NOC] * (double)(a->act_read + a->wgt_read);
	part[ENERGY_BUFFER] = t->part[ENERGY_BUFFER] * ((double)a->act * patch + (double)a->wgt * wgt + (outside ? 0 : mem * all));
	part[ENERGY_DRAM] = outside ? t->part[ENERGY_DRAM] * mem : 0;
}

void energy_model(const struct config *c, const struct energy_table *t, const struct energy_accesses *a, double part[ENERGY_COUNT])
{
	double done = (double)(a->given - a->gated), x = c->act_bits / 8.0, w = c->wgt_bits / 8.0, sum = c->acc_bits / 8.0;
	double size = t->buffer_bytes;
	double act = size > 0 ? sqrt(c->act_bytes / size) : 1, wgt = size > 0 ? sqrt(c->wgt_bytes / size) : 1;
	double acc = size > 0 ? sqrt(c->acc_depth * c->cols * sum / size) : 1;

	if (c->bus == BUS_ON_CHIP) {
		chip_model(c, t, a, part);
		return;
	}
	part[ENERGY_MAC] = t->part[ENERGY_MAC] * done * c->act_bits * c->wgt_bits / (t->mac_bits * t->mac_bits);
	part[ENERGY_RF] = t->part[ENERGY_RF] * done * (x + w + 2 * sum);
	part[ENERGY_NOC] = t->part[ENERGY_NOC] * hops(c, a);
	part[ENERGY_BUFFER] = t->part[ENERGY_BUFFER] * ((double)a->act * act + (double)a->wgt * wgt + (double)a->acc * acc);
	part[ENERGY_DRAM] = t->part[ENERGY_DRAM] * (double)a->mem;
}
