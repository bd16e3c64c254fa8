/* SPDX-License-Identifier: Apache-2.0 */
#include "flatbuf.h"
#include <string.h>

static void fail(struct flatbuf *f, size_t at, const char *why)
{
	if (f->why)
		return;
	f->bad = at;
	f->why = why;
}

static int inside(const struct flatbuf *f, size_t at, size_t n)
{
	return at <= f->size && n <= f->size - at;
}

static uint32_t get16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | get16(p + 2) << 16;
}

static uint64_t get64(const uint8_t *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static float get_float(const uint8_t *p)
{
	uint32_t bits = get32(p);
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* Where the unsigned offset at `at` leads; 0 after a violation (no object starts there: the root offset does). */
static size_t follow(struct flatbuf *f, size_t at)
{
	size_t by;

	if (f->why)
		return 0;
	if (!inside(f, at, 4)) {
		fail(f, at, "an offset lies beyond the end");
		return 0;
	}
	by = get32(f->data + at);
	if (by < 4 || by > f->size - at) {
		fail(f, at, "an offset points out of the file");
		return 0;
	}
	return at + by;
}

static struct fb_table open_table(struct flatbuf *f, size_t at)
{
	struct fb_table t = { 0, 0, 0, 0 }, none = t;
	int64_t vtable;

	if (f->why)
		return none;
	if (!inside(f, at, 4)) {
		fail(f, at, "a table lies beyond the end");
		return none;
	}
	vtable = (int64_t)at - (int32_t)get32(f->data + at);
	if (vtable < 0 || !inside(f, (size_t)vtable, 4)) {
		fail(f, at, "a table has no field list");
		return none;
	}
	t.at = at;
	t.vtable = (size_t)vtable;
	t.vtable_bytes = get16(f->data + vtable);
	t.bytes = get16(f->data + vtable + 2);
	if (t.vtable_bytes < 4 || t.vtable_bytes % 2 || !inside(f, t.vtable, t.vtable_bytes)) {
		fail(f, t.vtable, "a field list has an impossible size");
		return none;
	}
	if (t.bytes < 4 || !inside(f, at, t.bytes)) {
		fail(f, at, "a table lies beyond the end");
		return none;
	}
	return t;
}

/* The n bytes of a field, or NULL when absent. */
static const uint8_t *field(struct flatbuf *f, const struct fb_table *t, int id, unsigned n)
{
	unsigned slot = 4 + 2 * (unsigned)id, by;

	if (f->why || slot + 2 > t->vtable_bytes)
		return NULL;
	by = get16(f->data + t->vtable + slot);
	if (!by)
		return NULL;
	if (by < 4 || by + n > t->bytes) {
		fail(f, t->vtable + slot, "a field lies outside its table");
		return NULL;
	}
	return f->data + t->at + by;
}

void fb_root(struct flatbuf *f, const uint8_t *data, size_t size, struct fb_table *root)
{
	memset(f, 0, sizeof *f);
	memset(root, 0, sizeof *root);
	f->data = data;
	f->size = size;
	if (size < 8)
		fail(f, size, "too short for a header");
	else
		*root = open_table(f, follow(f, 0));
}

int32_t fb_int8(struct flatbuf *f, const struct fb_table *t, int id, int32_t other)
{
	const uint8_t *p = field(f, t, id, 1);

	return p ? (int8_t)*p : other;
}

int32_t fb_int32(struct flatbuf *f, const struct fb_table *t, int id, int32_t other)
{
	const uint8_t *p = field(f, t, id, 4);

	return p ? (int32_t)get32(p) : other;
}

uint64_t fb_uint64(struct flatbuf *f, const struct fb_table *t, int id, uint64_t other)
{
	const uint8_t *p = field(f, t, id, 8);

	return p ? get64(p) : other;
}

float fb_float(struct flatbuf *f, const struct fb_table *t, int id, float other)
{
	const uint8_t *p = field(f, t, id, 4);

	return p ? get_float(p) : other;
}

struct fb_table fb_sub(struct flatbuf *f, const struct fb_table *t, int id)
{
	struct fb_table none = { 0, 0, 0, 0 };
	const uint8_t *p = field(f, t, id, 4);

	return p ? open_table(f, follow(f, (size_t)(p - f->data))) : none;
}

struct fb_vector fb_vec(struct flatbuf *f, const struct fb_table *t, int id, size_t size)
{
	struct fb_vector v = { 0, 0, 0 };
	const uint8_t *p = field(f, t, id, 4);
	size_t at = p ? follow(f, (size_t)(p - f->data)) : 0;
	uint32_t n;

	if (!p || f->why)
		return v;
	if (!inside(f, at, 4)) {
		fail(f, at, "a list lies beyond the end");
		return v;
	}
	n = get32(f->data + at);
	if (n > (f->size - at - 4) / size) {
		fail(f, at, "a list is longer than the file");
		return v;
	}
	v.at = at + 4;
	v.n = n;
	v.present = 1;
	return v;
}

int32_t fb_vec_int32(const struct flatbuf *f, const struct fb_vector *v, uint32_t i)
{
	return (int32_t)get32(f->data + v->at + 4 * (size_t)i);
}

int64_t fb_vec_int64(const struct flatbuf *f, const struct fb_vector *v, uint32_t i)
{
	return (int64_t)get64(f->data + v->at + 8 * (size_t)i);
}

float fb_vec_float(const struct flatbuf *f, const struct fb_vector *v, uint32_t i)
{
	return get_float(f->data + v->at + 4 * (size_t)i);
}

struct fb_table fb_vec_table(struct flatbuf *f, const struct fb_vector *v, uint32_t i)
{
	return open_table(f, follow(f, v->at + 4 * (size_t)i));
}
