/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_session.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANG_CYCLES = 20000000, RESET_CYCLES = 8, BITS = 8 };

static void note(struct chip_session *s, const char *what)
{
	s->mismatches++;
	s->mismatch_cycle = s->cycles;
	s->over = 1;
	snprintf(s->mismatch, sizeof s->mismatch, "cycle %llu: %s", (unsigned long long)s->cycles, what);
}

static void note_register(struct chip_session *s)
{
	char what[400];

	s->mismatch_reg = checker_find(&s->regs, s->name, chip_top_now(&s->twin), s->engine.places, what, sizeof what);
	note(s, what);
}

/* all: whether they mean something or not */
static void compare_pins(struct chip_session *s, int all)
{
	struct chip_out x;
	const struct chip_out *y = &s->out;
	int outside = s->twin.outside, asked, i;
	char what[100];

	chip_top_out(&s->twin, &x);
	asked = outside && (all || x.mem_en);
	const struct { const char *name; int meaningful; uint64_t expected, got; } pins[] = {
		{ "tx", 1, x.tx, y->tx },
		{ "busy", 1, x.busy, y->busy },
		{ "mem_en", outside, x.mem_en, y->mem_en },
		{ "mem_we", asked, x.mem_we, y->mem_we },
		{ "mem_addr", asked, x.mem_addr, y->mem_addr },
		{ "mem_wdata", outside && all, x.mem_wdata, y->mem_wdata },
	};

	for (i = 0; i < (int)(sizeof pins / sizeof *pins) && !s->mismatches; i++) {
		if (!pins[i].meaningful || pins[i].expected == pins[i].got)
			continue;
		snprintf(what, sizeof what, "%s: expected 0x%llx, got 0x%llx", pins[i].name, (unsigned long long)pins[i].expected, (unsigned long long)pins[i].got);
		note(s, what);
	}
}

static void compare(struct chip_session *s, const struct chip_in *in)
{
	if (s->compare == COMPARE_REGISTERS)
		expect_update(&s->expect, chip_top_now(&s->twin), s->cycles ? chip_top_before(&s->twin) : NULL);
	if (!in->rst_n)
		return;
	if (s->compare == COMPARE_REGISTERS && expect_differs(&s->expect, s->engine.state))
		note_register(s);
	else
		compare_pins(s, s->compare == COMPARE_REGISTERS);
	s->compared++;
}

/* Takes the request of this cycle; noise is the answer to none. */
static void memory_clock(struct chip_session *s)
{
	const struct chip_out *o = &s->out;
	int i;

	s->noise = s->noise * 6364136223846793005u + 1442695040888963407u;
	s->rdata = s->noise ^ s->noise >> 29;
	if (!o->mem_en)
		return;
	if (!o->mem_we)
		s->rdata = s->words[o->mem_addr];
	for (i = 0; i < 8; i++)
		if (o->mem_we >> i & 1)
			memcpy((uint8_t *)&s->words[o->mem_addr] + i, (const uint8_t *)&o->mem_wdata + i, 1);
}

/* A bit of the line from the chip; a byte is sampled in the middle of its bits. */
static void receive(struct chip_session *s)
{
	if (s->bit < 0) {
		if (s->out.tx)
			return;
		s->bit = 0;
		s->count = CHIP_DIV + CHIP_DIV / 2;
	} else if (--s->count == 0) {
		s->count = CHIP_DIV;
		if (s->bit++ < BITS) {
			s->value = (uint8_t)(s->out.tx << 7 | s->value >> 1);
		} else {
			s->bit = -1;
			if (s->answered < s->wanted)
				s->answer[s->answered++] = s->value;
		}
	}
}

static void engine_clock(struct chip_session *s, const struct chip_in *in)
{
	const struct sim_chip_in pin = { in->mem_rdata, in->rst_n, in->rx };
	struct sim_chip_out pout;

	s->engine.clock.chip(s->engine.sim, &pin, &pout);
	s->out = (struct chip_out){ pout.mem_wdata, pout.mem_addr, pout.tx, pout.busy, pout.mem_en, pout.mem_we };
}

static void trace(struct chip_session *s)
{
	if (s->cycles == s->trace_from)
		s->engine.trace(s->engine.sim, s->trace_path);
	if (s->cycles == s->trace_to) {
		s->engine.trace(s->engine.sim, NULL);
		s->over = 1;
	}
}

static void count(struct chip_session *s)
{
	chip_top_count(&s->twin, &s->counts);
	if (s->nends < s->nlayers && s->counts.runs == s->layers[s->nends].runs)
		s->ends[s->nends++] = s->counts;
}

/* 0, or -1 after a mismatch. */
static int session_clock(struct chip_session *s, int rx)
{
	const struct chip_in in = { s->cycles >= RESET_CYCLES, (uint8_t)rx, s->rdata };

	if (s->trace_path)
		trace(s);
	if (s->over)
		return -1;
	if (s->twin.outside)
		memory_clock(s);
	if (s->engine.sim)
		engine_clock(s, &in);
	if (!s->engine.sim || s->compare != COMPARE_NONE) {
		chip_top_next(&s->twin, &in);
		count(s);
	}
	if (!s->engine.sim)
		chip_top_out(&s->twin, &s->out);
	else if (s->compare != COMPARE_NONE)
		compare(s, &in);
	if (in.rst_n)
		receive(s);
	s->cycles++;
	return s->over ? -1 : 0;
}

int chip_session_open(struct chip_session *s, const struct chip_session_options *o, char *err, size_t errsize)
{
	memset(s, 0, sizeof *s);
	snprintf(s->name, sizeof s->name, "%s_chip", o->c->name);
	s->compare = o->library ? o->compare : COMPARE_NONE;
	s->bit = -1;
	s->words = calloc(CHIP_RAM_WORDS, sizeof *s->words);
	snprintf(err, errsize, "out of memory");
	if (!s->words || chip_top_init(&s->twin, o->c) || regs_build(&s->regs, o->c))
		return -1;
	if (o->library && simulation_load(&s->engine, o->library, o->reset_mode, o->seed, err, errsize))
		return -1;
	if (s->compare == COMPARE_REGISTERS && expect_init(&s->expect, &s->regs, s->engine.places, s->engine.state, s->engine.state_bytes))
		return -1;
	while (s->cycles < 2 * RESET_CYCLES && !s->over)
		session_clock(s, 1);
	return 0;
}

void chip_session_close(struct chip_session *s)
{
	simulation_close(&s->engine);
	chip_top_free(&s->twin);
	regs_free(&s->regs);
	expect_free(&s->expect);
	free(s->words);
	memset(s, 0, sizeof *s);
}

static int fail(const struct chip_session *s, const char *what, char *err, size_t errsize)
{
	snprintf(err, errsize, "%s%s", s->mismatches ? "lock-step: " : "", s->mismatches ? s->mismatch : what);
	return -1;
}

static void send(struct chip_session *s, const uint8_t *d, size_t n)
{
	const uint8_t *end = d + n;
	int bit, k;

	for (; d < end && !s->over; d++)
		for (bit = 0; bit < BITS + 2; bit++) /* start, the byte, stop */
			for (k = 0; k < CHIP_DIV; k++)
				session_clock(s, (*d << 1 | 0x200) >> bit & 1);
}

/* A command and its data; then n bytes of answer. */
static int command(struct chip_session *s, char op, uint32_t addr, uint32_t count, const uint8_t *data, uint8_t *answer, size_t n)
{
	const uint8_t head[7] = { (uint8_t)op, (uint8_t)addr, (uint8_t)(addr >> 8), (uint8_t)(addr >> 16), (uint8_t)count, (uint8_t)(count >> 8), (uint8_t)(count >> 16) };
	uint64_t begin;

	s->answer = answer;
	s->wanted = n;
	s->answered = 0;
	send(s, head, sizeof head);
	if (data)
		send(s, data, count);
	for (begin = s->cycles; s->answered < n && s->cycles - begin < HANG_CYCLES; )
		if (session_clock(s, 1))
			return -1;
	return s->over || s->answered < n ? -1 : 0;
}

int chip_session_load(struct chip_session *s, const struct chip_image *i, char *err, size_t errsize)
{
	return command(s, 'W', i->base, i->bytes, i->data, NULL, 0) ? fail(s, "the program cannot be written", err, errsize) : 0;
}

int chip_session_infer(struct chip_session *s, const struct chip_image *i, const uint8_t *input, uint8_t *output, uint64_t *cycles,
	struct chip_counts *ends, char *err, size_t errsize)
{
	uint8_t r[6];

	memset(&s->counts, 0, sizeof s->counts);
	s->layers = i->layers;
	s->ends = ends;
	s->nlayers = ends ? i->nlayers : 0;
	s->nends = 0;
	if (command(s, 'W', i->in, i->in_bytes, input, NULL, 0) || command(s, 'G', i->base, 0, NULL, r, sizeof r))
		return fail(s, "the chip does not answer", err, errsize);
	if (r[0] != 'D' || r[1])
		return fail(s, "the chip reports an error", err, errsize);
	*cycles = (uint64_t)r[3] | (uint64_t)r[4] << 8 | (uint64_t)r[5] << 16;
	return command(s, 'R', i->out, i->out_bytes, NULL, output, i->out_bytes) ? fail(s, "the chip does not answer", err, errsize) : 0;
}
