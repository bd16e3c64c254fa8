/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"
#include "cmodel/feed_fields.h"
#include <inttypes.h>

/* The class of a FEED field: how many of its bits rtl/feed.v keeps, signed or not. */
struct width { const char *name; int bits, sgn; };
static const struct width widths[] = {
	{ "ow", CHIP_XY_W, 0 }, { "ctiles", CHIP_XY_W, 0 }, { "nc", CHIP_XY_W, 0 }, { "h", CHIP_XY_W, 0 },
	{ "iy0", CHIP_XY_W, 1 }, { "sy", CHIP_XY_W, 1 }, { "ky_step", CHIP_XY_W, 1 },
	{ "binc_c", CHIP_LINE_W, 1 }, { "binc_kw", CHIP_LINE_W, 1 }, { "b0", CHIP_LINE_W, 1 }, { "b_step", CHIP_LINE_W, 1 }, { "lb", CHIP_LINE_W - 1, 0 },
	{ "kwords", CHIP_CNT_W, 0 }, { "npix", CHIP_CNT_W, 0 }, { "need_step", CHIP_CNT_W, 0 },
	{ "kg", CHIP_LOOP_W, 0 }, { "kw", CHIP_LOOP_W, 0 }, { "st_full", CHIP_LOOP_W, 0 }, { "st_last", CHIP_LOOP_W, 0 }, { "st_glast", CHIP_LOOP_W, 0 },
	{ "dil", CHIP_LOOP_W, 0 }, { "dmin", CHIP_LOOP_W, 0 }, { "npt", CHIP_LOOP_W, 0 }, { "dw", 0, 0 },
	{ "px_step", CHIP_STEP_W, 1 }, { "line_step", CHIP_STEP_W, 1 }, { "ct_step", CHIP_STEP_W, 1 },
	{ "inc_kg", CHIP_STEP_W, 1 }, { "inc_kw", CHIP_STEP_W, 1 }, { "inc_c", CHIP_STEP_W, 1 },
};

struct check {
	const struct config *c;
	const struct program *p;
	struct chip_image *i;
	char *err;
	size_t errsize;
};

static int wide(const struct check *k, int n, const char *name, int64_t v)
{
	snprintf(k->err, k->errsize, "command %d: %s = %" PRId64 " is more than %s_chip can hold", n, name, v, k->c->name);
	return -1;
}

static int fits(int64_t v, int bits, int sgn)
{
	int64_t top = (int64_t)1 << (bits - (sgn && bits));

	return v < top && v >= (sgn ? -top : 0);
}

static int check_field(const struct check *k, int n, const char *name, int64_t v)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		const char *a = widths[i].name, *b = name;

		while (*a && *a == *b)
			a++, b++;
		if (!*a && !*b)
			return fits(v, widths[i].bits, widths[i].sgn) ? 0 : wide(k, n, name, v);
	}
	return 0;
}

static int64_t field(const uint32_t *s, int beat, int lsb, int width, int sgn)
{
	uint64_t v = ((uint64_t)s[2 * beat + 1] << 32 | s[2 * beat]) >> lsb & (((uint64_t)1 << width) - 1);

	return sgn && v >> (width - 1) ? (int64_t)v - ((int64_t)1 << width) : (int64_t)v;
}

static int check_feed(const struct check *k, int n, const uint32_t *s)
{
#define F(name, beat, lsb, width, sgn, meaning) \
	if (check_field(k, n, #name, field(s, beat, lsb, width, sgn))) \
		return -1;
	FEED_FIELDS(F)
#undef F
	return 0;
}

/* The slow lane: multipliers from 0 on, left by 0 or 1, right by 16 bits in a cycle, then a bit a cycle. */
static int check_scale(const struct check *k, int n, int32_t mult, int shift)
{
	if (mult < 0)
		return wide(k, n, "a multiplier", mult);
	return shift <= 1 && -shift < 32 && (shift > 0 || (-shift / 16 + -shift % 16) < k->c->post_cycles) ? 0 : wide(k, n, "a shift", shift);
}

static int check_post(const struct check *k, int n, const uint32_t *s)
{
	int i;

	if (!fits(s[3] & 0xffff, CHIP_XY_W, 0) || !fits(s[3] >> 16, CHIP_XY_W, 0) || !fits(s[6] & 0xffff, CHIP_XY_W, 0))
		return wide(k, n, "pixels, lines or tiles", s[3]);
	for (i = 4; i <= 11; i++)
		if (i != 6 && i != 8 && i != 9 && !fits((int32_t)s[i], CHIP_STEP_W, 1))
			return wide(k, n, "a step", (int32_t)s[i]);
	for (i = 14; i <= 20; i += 2)
		if (check_scale(k, n, (int32_t)s[i], (int8_t)s[i + 1]))
			return -1;
	return 0;
}

static uint32_t word(const uint8_t *d) { return (uint32_t)d[0] | (uint32_t)d[1] << 8 | (uint32_t)d[2] << 16 | (uint32_t)d[3] << 24; }

static int check_params(const struct check *k, int n, const uint32_t *s)
{
	const uint8_t *d = k->p->image + s[1];
	uint32_t at;

	for (at = 0; at + 8 <= s[2]; at += 8) {
		uint64_t e = word(d + at) | (uint64_t)word(d + at + 4) << 32;
		int32_t mult = (int32_t)(e >> 27 & 0x7fffffff);
		int shift = (int)(e >> 58) - (e >> 63 ? 64 : 0);

		if (check_scale(k, n, mult, shift))
			return -1;
	}
	return 0;
}

static int check_load(const struct check *k, int n, const uint32_t *s)
{
	int kind = s[4] & 3, base = s[4] >> 4 & 3;

	if (kind == LOAD_ACT) {
		if (base != BASE_INPUT || s[1]) {
			snprintf(k->err, k->errsize, "command %d: a feature map does not fit act_buffer, and there is no memory outside", n);
			return -1;
		}
		k->i->in = s[3];
		k->i->in_bytes = s[2];
		return 0;
	}
	if (kind == LOAD_PAR) {
		snprintf(k->err, k->errsize, "command %d: parameters need more than the 27 bits of a bias or the 31 of a multiplier that a short entry has", n);
		return -1;
	}
	if (s[2] % 8 || s[2] >= 1 << 16 || s[5] != 1 || s[6] != 1) {
		snprintf(k->err, k->errsize, "command %d: weights of a channel tile do not fit wgt_buffer (%d bytes)", n, k->c->wgt_bytes);
		return -1;
	}
	return kind == LOAD_WGT ? 0 : check_params(k, n, s);
}

static int check_command(const struct check *k, int n, const uint32_t *s)
{
	switch (s[0] & 15) {
	case OPCODE_LOAD: return check_load(k, n, s);
	case OPCODE_FEED: return check_feed(k, n, s);
	case OPCODE_POST: return check_post(k, n, s);
	case OPCODE_STORE:
		k->i->out = s[3];
		k->i->out_bytes = s[2];
		if (s[0] >> 16 & 255 || (s[4] >> 4 & 3) != BASE_OUTPUT || s[1]) {
			snprintf(k->err, k->errsize, "command %d: a feature map does not fit act_buffer, and there is no memory outside", n);
			return -1;
		}
	}
	return 0;
}

/* The upper half of the activation buffer is at the end of the memory. */
static uint32_t outside(const struct config *c, uint32_t addr)
{
	return addr < (uint32_t)c->act_bytes / 2 ? addr : addr + (uint32_t)(CHIP_BYTES - c->act_bytes);
}

int chip_place(const struct config *c, const struct program *p, struct chip_image *i, char *err, size_t errsize)
{
	struct check k = { c, p, i, err, errsize };
	uint32_t s[COMMAND_SLOTS];
	int n, j;

	*i = (struct chip_image){ 0 };
	if (c->bus != BUS_ON_CHIP) {
		snprintf(err, errsize, "%s: bus is axi: an image is for a design with bus: on_chip", c->name);
		return -1;
	}
	for (n = 0; n < p->commands; n++) {
		for (j = 0; j < COMMAND_SLOTS; j++)
			s[j] = word(p->image + n * COMMAND_BYTES + 4 * j);
		if (check_command(&k, n, s))
			return -1;
	}
	if (i->in + i->in_bytes > (uint32_t)c->act_bytes / 2 && i->in < (uint32_t)c->act_bytes / 2) {
		snprintf(err, errsize, "the input lies across the middle of act_buffer");
		return -1;
	}
	if (p->image_bytes > (size_t)(CHIP_BYTES - c->act_bytes)) {
		snprintf(err, errsize, "the program is %zu bytes, and %d of %d are left by act_buffer", p->image_bytes, CHIP_BYTES - c->act_bytes, CHIP_BYTES);
		return -1;
	}
	i->in = outside(c, i->in);
	i->out = outside(c, i->out);
	i->base = (uint32_t)(CHIP_BYTES - c->act_bytes / 2 - (int)p->image_bytes) & ~127u;
	return 0;
}

static void put(FILE *f, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		fputc((int)(v >> 8 * i & 255), f);
}

int chip_write(const struct program *p, const struct chip_image *i, FILE *f)
{
	fputs("SYSTCHIP", f);
	put(f, i->base);
	put(f, (uint32_t)p->image_bytes);
	put(f, i->in);
	put(f, i->in_bytes);
	put(f, i->out);
	put(f, i->out_bytes);
	fwrite(p->image, 1, p->image_bytes, f);
	return ferror(f) ? -1 : 0;
}
