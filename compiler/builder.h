/* SPDX-License-Identifier: Apache-2.0
 * Commands and data of a program under construction. Errors are sticky: check `failed` once at the end. */
#ifndef SYSTOLE_BUILDER_H
#define SYSTOLE_BUILDER_H
#include "program.h"
#include "cmodel/feed_fields.h"

struct command { uint32_t slot[COMMAND_SLOTS]; };

struct feed_command {
#define F(name, beat, lsb, width, sgn, meaning) int64_t name;
	FEED_FIELDS(F)
#undef F
};

struct builder {
	struct command *commands; /* owned */
	int ncommands, capacity;
	uint8_t *data;            /* owned */
	size_t ndata, data_capacity;
	int failed;               /* out of memory, or a field out of range */
	char why[120];
	int posts, layer;
	size_t *seen;             /* owned: offsets handed out while recording */
	int nseen, seen_capacity, next_seen, recording, replaying;
};

void builder_init(struct builder *b);
void builder_free(struct builder *b);
/* n zeroed bytes at a 128-byte boundary of the data section; their offset in it, pointer in *p (valid until the next call). */
size_t builder_data(struct builder *b, size_t n, uint8_t **p);
/* Between record and replay: replayed calls of builder_data give the recorded blocks again, in the same order. */
void builder_record(struct builder *b);
void builder_replay(struct builder *b);
void builder_forget(struct builder *b);
struct command *builder_command(struct builder *b, enum opcode op, int wait, int push);
/* A field of a FEED command, lsb bits into the 64-bit beat; fails with a line when v is out of its range. */
void builder_field(struct builder *b, struct command *c, const char *name, int beat, int lsb, int width, int sgn, int64_t v);
void builder_feed(struct builder *b, const struct feed_command *f, int wait, int push);
void builder_load_data(struct builder *b, enum load_kind kind, size_t offset, size_t bytes, int rep, int blocks, size_t stride);
void builder_load_act(struct builder *b, enum base base, size_t offset, size_t bytes, uint32_t addr, int wait, int push);
void builder_store(struct builder *b, enum base base, size_t offset, size_t bytes, uint32_t addr, int wait, int push);
/* Bytes that the commands so far move from and to memory, their own included. */
int64_t builder_traffic(const struct builder *b);
/* Appends END, joins commands and data. 0 or -1. */
int builder_finish(struct builder *b, uint8_t **image, size_t *bytes);
void builder_fail(struct builder *b, const char *why);

#endif
