/* SPDX-License-Identifier: Apache-2.0
 * A bounds-checked cursor over a FlatBuffer (little endian, format: flatbuffers/docs/source/Internals.md).
 * Every read is checked against the buffer; the first violation is kept in `why` and `bad`, after which
 * every read gives 0 or "absent". Offsets to tables, vectors and strings are unsigned and point forward; the caller
 * follows a schema without recursion, so that no file can make it loop. */
#ifndef SYSTOLE_FLATBUF_H
#define SYSTOLE_FLATBUF_H
#include <stddef.h>
#include <stdint.h>

struct flatbuf {
	const uint8_t *data;   /* borrowed */
	size_t size;
	size_t bad;            /* byte the first violation is at */
	const char *why;       /* NULL: none yet */
};

struct fb_table {
	size_t at, vtable;
	unsigned bytes, vtable_bytes; /* 0: absent */
};

struct fb_vector {
	size_t at;             /* of element 0 */
	uint32_t n;
	int present;
};

/* The file identifier at bytes 4..7 is the caller's to check. */
void fb_root(struct flatbuf *f, const uint8_t *data, size_t size, struct fb_table *root);

/* Field `id` of a table, `other` when the table does not hold it. */
int32_t fb_int8(struct flatbuf *f, const struct fb_table *t, int id, int32_t other);
int32_t fb_int32(struct flatbuf *f, const struct fb_table *t, int id, int32_t other);
uint64_t fb_uint64(struct flatbuf *f, const struct fb_table *t, int id, uint64_t other);
float fb_float(struct flatbuf *f, const struct fb_table *t, int id, float other);
struct fb_table fb_sub(struct flatbuf *f, const struct fb_table *t, int id);
/* size: bytes of an element; 4 for vectors of tables, 1 for strings. */
struct fb_vector fb_vec(struct flatbuf *f, const struct fb_table *t, int id, size_t size);

/* Element i, which must be below v->n. */
int32_t fb_vec_int32(const struct flatbuf *f, const struct fb_vector *v, uint32_t i);
int64_t fb_vec_int64(const struct flatbuf *f, const struct fb_vector *v, uint32_t i);
float fb_vec_float(const struct flatbuf *f, const struct fb_vector *v, uint32_t i);
struct fb_table fb_vec_table(struct flatbuf *f, const struct fb_vector *v, uint32_t i);

#endif
