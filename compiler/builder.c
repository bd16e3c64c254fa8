/* SPDX-License-Identifier: Apache-2.0 */
#include "builder.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void builder_init(struct builder *b)
{
	memset(b, 0, sizeof *b);
}

void builder_free(struct builder *b)
{
	free(b->commands);
	free(b->data);
	free(b->seen);
	memset(b, 0, sizeof *b);
}

void builder_fail(struct builder *b, const char *why)
{
	if (!b->failed)
		snprintf(b->why, sizeof b->why, "%s", why);
	b->failed = 1;
}

void builder_record(struct builder *b)
{
	b->recording = 1;
	b->replaying = 0;
	b->nseen = 0;
}

void builder_replay(struct builder *b)
{
	b->recording = 0;
	b->replaying = 1;
	b->next_seen = 0;
}

void builder_forget(struct builder *b)
{
	b->recording = b->replaying = 0;
}

static void remember(struct builder *b, size_t at)
{
	if (b->nseen == b->seen_capacity) {
		int capacity = b->seen_capacity * 2 + 64;
		size_t *seen = realloc(b->seen, (size_t)capacity * sizeof *seen);

		if (!seen) {
			builder_fail(b, "out of memory");
			return;
		}
		b->seen = seen;
		b->seen_capacity = capacity;
	}
	b->seen[b->nseen++] = at;
}

size_t builder_data(struct builder *b, size_t n, uint8_t **p)
{
	size_t at = (b->ndata + 127) / 128 * 128;
	static uint8_t nothing[1];

	*p = nothing;
	if (b->replaying && b->next_seen < b->nseen) {
		at = b->seen[b->next_seen++];
		*p = b->data + at;
		return at;
	}
	if (n > ((size_t)1 << 30) - at) {
		builder_fail(b, "the program is larger than 1 GiB");
		return 0;
	}
	if (at + n > b->data_capacity) {
		size_t capacity = (at + n) * 2 + 4096;
		uint8_t *data = realloc(b->data, capacity);

		if (!data) {
			builder_fail(b, "out of memory");
			return 0;
		}
		memset(data + b->ndata, 0, capacity - b->ndata);
		b->data = data;
		b->data_capacity = capacity;
	}
	if (b->recording)
		remember(b, at);
	b->ndata = at + n;
	*p = b->data + at;
	return at;
}

struct command *builder_command(struct builder *b, enum opcode op, int wait, int push)
{
	static struct command nowhere;
	struct command *c;

	if (b->ncommands == b->capacity) {
		int capacity = b->capacity * 2 + 64;
		struct command *commands = realloc(b->commands, (size_t)capacity * sizeof *commands);

		if (!commands) {
			builder_fail(b, "out of memory");
			return &nowhere;
		}
		b->commands = commands;
		b->capacity = capacity;
	}
	c = &b->commands[b->ncommands++];
	memset(c, 0, sizeof *c);
	c->slot[0] = (uint32_t)op | (uint32_t)wait << 8 | (uint32_t)push << 16 | (uint32_t)(b->layer & 255) << 24;
	if (op == OPCODE_POST)
		b->posts++;
	return c;
}

void builder_field(struct builder *b, struct command *c, const char *name, int beat, int lsb, int width, int sgn, int64_t v)
{
	int64_t lo = sgn ? -((int64_t)1 << (width - 1)) : 0, hi = ((int64_t)1 << (width - sgn)) - 1;
	uint64_t bits = (uint64_t)v & (((uint64_t)1 << width) - 1);
	char why[sizeof b->why];

	if (v < lo || v > hi) {
		snprintf(why, sizeof why, "%s = %lld does not fit the FEED command (%lld..%lld)", name, (long long)v, (long long)lo, (long long)hi);
		builder_fail(b, why);
		return;
	}
	bits <<= lsb;
	c->slot[beat * 2] |= (uint32_t)bits;
	c->slot[beat * 2 + 1] |= (uint32_t)(bits >> 32);
}

void builder_feed(struct builder *b, const struct feed_command *f, int wait, int push)
{
	struct command *c = builder_command(b, OPCODE_FEED, wait, push);

#define F(name, beat, lsb, width, sgn, meaning) builder_field(b, c, #name, beat, lsb, width, sgn, f->name);
	FEED_FIELDS(F)
#undef F
}

void builder_load_data(struct builder *b, enum load_kind kind, size_t offset, size_t bytes, int rep, int blocks, size_t stride)
{
	struct command *c = builder_command(b, OPCODE_LOAD, 0, 0);

	if (rep > 65535 || blocks > 65535)
		builder_fail(b, "more than 65535 blocks in a LOAD");
	c->slot[1] = (uint32_t)offset;
	c->slot[2] = (uint32_t)bytes;
	c->slot[4] = (uint32_t)kind | (uint32_t)BASE_PROGRAM << 4;
	c->slot[5] = (uint32_t)rep;
	c->slot[6] = (uint32_t)blocks;
	c->slot[7] = (uint32_t)stride;
}

void builder_load_act(struct builder *b, enum base base, size_t offset, size_t bytes, uint32_t addr, int wait, int push)
{
	struct command *c = builder_command(b, OPCODE_LOAD, wait, push);

	c->slot[1] = (uint32_t)offset;
	c->slot[2] = (uint32_t)bytes;
	c->slot[3] = addr;
	c->slot[4] = LOAD_ACT | (uint32_t)base << 4;
	c->slot[5] = c->slot[6] = 1;
}

void builder_store(struct builder *b, enum base base, size_t offset, size_t bytes, uint32_t addr, int wait, int push)
{
	struct command *c = builder_command(b, OPCODE_STORE, wait, push);

	c->slot[1] = (uint32_t)offset;
	c->slot[2] = (uint32_t)bytes;
	c->slot[3] = addr;
	c->slot[4] = (uint32_t)base << 4;
}

int64_t builder_traffic(const struct builder *b)
{
	int64_t n = (int64_t)b->ncommands * COMMAND_BYTES;
	int i;

	for (i = 0; i < b->ncommands; i++) {
		const uint32_t *s = b->commands[i].slot;

		if ((s[0] & 15) == OPCODE_LOAD)
			n += (int64_t)s[2] * s[5] * s[6];
		if ((s[0] & 15) == OPCODE_STORE)
			n += s[2];
	}
	return n;
}

/* Data offsets count from the image's start once the number of commands is known. */
static void relocate(struct builder *b, uint32_t start)
{
	int i;

	for (i = 0; i < b->ncommands; i++) {
		struct command *c = &b->commands[i];

		if ((c->slot[0] & 15) == OPCODE_LOAD && (c->slot[4] & 3) != LOAD_ACT)
			c->slot[1] += start;
	}
}

int builder_finish(struct builder *b, uint8_t **image, size_t *bytes)
{
	size_t commands, i, k;

	builder_command(b, OPCODE_END, 0, 0);
	if (b->failed)
		return -1;
	commands = (size_t)b->ncommands * COMMAND_BYTES;
	relocate(b, (uint32_t)commands);
	*bytes = (commands + b->ndata + 127) / 128 * 128;
	*image = calloc(*bytes, 1);
	if (!*image) {
		builder_fail(b, "out of memory");
		return -1;
	}
	for (i = 0; i < (size_t)b->ncommands; i++)
		for (k = 0; k < COMMAND_SLOTS * 4; k++)
			(*image)[i * COMMAND_BYTES + k] = (uint8_t)(b->commands[i].slot[k / 4] >> k % 4 * 8);
	if (b->ndata)
		memcpy(*image + commands, b->data, b->ndata);
	return 0;
}
