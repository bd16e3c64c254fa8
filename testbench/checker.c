/* SPDX-License-Identifier: Apache-2.0 */
#include "checker.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SPINS = 200 };

int checker_init(struct checker *k, const struct config *c)
{
	k->twin_next = device_next;
	k->milestones = calloc(CHECKER_MAX_POSTS, sizeof *k->milestones);
	return k->milestones && device_init(&k->twin, c) == 0 && regs_build(&k->regs, c) == 0 ? 0 : -1;
}

int checker_load_twin(struct checker *k, const char *library, char *err, size_t errsize)
{
	k->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (k->library)
		*(void **)&k->twin_next = dlsym(k->library, "device_next");
	if (!k->library || !k->twin_next) {
		snprintf(err, errsize, "%s", dlerror());
		return -1;
	}
	return 0;
}

uint64_t checker_twin_value(const struct reg *r, const void *q, int lane)
{
	uint64_t v = 0, mask = r->width >= 64 ? ~0ull : (1ull << r->width) - 1;

	memcpy(&v, (const char *)q + r->offset + (size_t)(lane * r->elem), (size_t)r->elem);
	return v & mask;
}

uint64_t checker_sim_value(const struct reg *r, const void *storage, int lane)
{
	const uint8_t *bytes = storage;
	int bit = r->low + lane * r->width, i;
	uint64_t v = 0;

	for (i = 0; i < r->width; i++)
		v |= (uint64_t)(bytes[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
	return v;
}

static void note_mismatch(struct checker *k, const char *what)
{
	k->mismatches++;
	k->mismatch_cycle = k->cycles;
	snprintf(k->mismatch, sizeof k->mismatch, "cycle %llu: %s", (unsigned long long)k->cycles, what);
}

const struct reg *checker_find(const struct regs *t, const char *top, const void *q, const void *const *places, char *what, size_t size)
{
	int i, lane;

	for (i = 0; i < t->n; i++) {
		const struct reg *r = &t->at[i];

		for (lane = 0; lane < r->lanes; lane++) {
			uint64_t expected = checker_twin_value(r, q, lane), got = checker_sim_value(r, places[i], lane);

			if (expected == got)
				continue;
			snprintf(what, size, "module %s: %s.%s_q lane %d: expected 0x%llx, got 0x%llx (%s)", r->module, top, r->path, lane, (unsigned long long)expected,
				 (unsigned long long)got, r->meaning);
			return r;
		}
	}
	snprintf(what, size, "comparison differs but no register does");
	return NULL;
}

static void note_register(struct checker *k)
{
	const struct device_state *q = device_now(&k->twin);
	char what[400], text[500];

	k->mismatch_reg = checker_find(&k->regs, k->twin.c.name, q, k->places, what, sizeof what);
	snprintf(text, sizeof text, "POST command %d (feed: channel tile %d, %d pixels left): %s", q->post.done, q->feed.ct, q->feed.left, what);
	note_mismatch(k, text);
}

/* The first output that differs where it means something: 1, its name, the twin's value, the engine's. */
static int visible_differs(const struct device_out *a, const struct device_out *b, const char **name, uint64_t *expected, uint64_t *got)
{
	const struct axi_m2s *x = &a->axi, *y = &b->axi;
	const struct axil_s2m *l = &a->axil, *k = &b->axil;
	const struct {
		const char *name;
		uint64_t valid, expected, got;
	} pins[] = {
		{ "irq", 1, a->irq, b->irq },
		{ "s_axil_awready", 1, l->awready, k->awready },
		{ "s_axil_arready", 1, l->arready, k->arready },
		{ "s_axil_bvalid", 1, l->bvalid, k->bvalid },
		{ "s_axil_rvalid", 1, l->rvalid, k->rvalid },
		{ "s_axil_rdata", l->rvalid, l->rdata, k->rdata },
		{ "s_axil_rresp", l->rvalid, l->rresp, k->rresp },
		{ "m_axi_arvalid", 1, x->arvalid, y->arvalid },
		{ "m_axi_awvalid", 1, x->awvalid, y->awvalid },
		{ "m_axi_wvalid", 1, x->wvalid, y->wvalid },
		{ "m_axi_rready", 1, x->rready, y->rready },
		{ "m_axi_bready", 1, x->bready, y->bready },
		{ "m_axi_araddr", x->arvalid, x->araddr, y->araddr },
		{ "m_axi_arlen", x->arvalid, x->arlen, y->arlen },
		{ "m_axi_arid", x->arvalid, x->arid, y->arid },
		{ "m_axi_awaddr", x->awvalid, x->awaddr, y->awaddr },
		{ "m_axi_awlen", x->awvalid, x->awlen, y->awlen },
		{ "m_axi_wstrb", x->wvalid, x->wstrb, y->wstrb },
		{ "m_axi_wlast", x->wvalid, x->wlast, y->wlast },
	};
	size_t i;

	for (i = 0; i < sizeof pins / sizeof *pins; i++)
		if (pins[i].valid && pins[i].expected != pins[i].got) {
			*name = pins[i].name, *expected = pins[i].expected, *got = pins[i].got;
			return 1;
		}
	for (i = 0; x->wvalid && i < 16; i++) {
		uint8_t want = ((const uint8_t *)x->wdata)[i], is = ((const uint8_t *)y->wdata)[i];

		if (x->wstrb >> i & 1 && want != is) {
			static const char *const lanes[] = { "m_axi_wdata byte 0", "m_axi_wdata byte 1", "m_axi_wdata byte 2", "m_axi_wdata byte 3",
							     "m_axi_wdata byte 4", "m_axi_wdata byte 5", "m_axi_wdata byte 6", "m_axi_wdata byte 7",
							     "m_axi_wdata byte 8", "m_axi_wdata byte 9", "m_axi_wdata byte 10", "m_axi_wdata byte 11",
							     "m_axi_wdata byte 12", "m_axi_wdata byte 13", "m_axi_wdata byte 14", "m_axi_wdata byte 15" };

			*name = lanes[i], *expected = want, *got = is;
			return 1;
		}
	}
	return 0;
}

static void note_milestone(struct checker *k)
{
	const struct device_state *q = device_now(&k->twin);

	if (q->post.done == k->posts_seen)
		return;
	k->posts_seen = (uint8_t)q->post.done;
	if (q->post.done == 0 || k->nmilestones == CHECKER_MAX_POSTS)
		return;
	k->milestones[k->nmilestones++].counters = q->csr;
}

void checker_clock(struct checker *k, const struct device_in *in)
{
	k->twin_next(&k->twin, in);
	note_milestone(k);
}

/* The twin's clock, and what the engine's registers must then be. */
static void expect_cycle(struct checker *k, const struct device_in *in)
{
	checker_clock(k, in);
	expect_update(&k->expect, device_now(&k->twin), k->cycles ? device_before(&k->twin) : NULL);
}

static void compare_in_step(struct checker *k, const struct device_in *in, const struct device_out *out)
{
	struct device_out twin_out;
	const char *pin;
	uint64_t expected, got;

	if (k->compare == COMPARE_REGISTERS) {
		expect_cycle(k, in);
		if (in->rst_n && expect_differs(&k->expect, k->state))
			note_register(k);
	} else {
		checker_clock(k, in);
		device_out(&k->twin, &twin_out);
		if (in->rst_n && visible_differs(&twin_out, out, &pin, &expected, &got)) {
			char what[96];

			snprintf(what, sizeof what, "%s: expected 0x%llx, got 0x%llx", pin, (unsigned long long)expected, (unsigned long long)got);
			note_mismatch(k, what);
		}
	}
	k->compared += in->rst_n;
	k->cycles++;
}

static void compare_behind(struct checker *k, const struct checker_cycle *s)
{
	struct expect_digest digest;

	expect_cycle(k, &s->in);
	expect_digest(&k->expect, k->expect.image, &digest);
	if (s->in.rst_n && memcmp(&digest, &s->digest, sizeof digest))
		note_mismatch(k, "the registers differ");
	k->compared += s->in.rst_n;
	k->cycles++;
}

/* Between two looks at the other side's counter: spins for some microseconds, then sleeps while the ring, which holds
 * a few hundred, fills or empties. */
static void rest(int *looks)
{
	const struct timespec nap = { 0, 50000 };

	if (++*looks > SPINS)
		nanosleep(&nap, NULL);
#if defined __x86_64__ || defined __i386__
	else
		__builtin_ia32_pause();
#endif
}

static void *thread_main(void *arg)
{
	struct checker *k = arg;
	uint64_t tail = 0, head = 0;
	int looks = 0;

	for (;;) {
		while (tail == head && (head = atomic_load_explicit(&k->head, memory_order_acquire)) == tail) {
			if (atomic_load_explicit(&k->stop, memory_order_acquire))
				return NULL;
			rest(&looks);
		}
		looks = 0;
		if (k->mismatches == 0)
			compare_behind(k, &k->ring[tail % CHECKER_RING]);
		if (k->mismatches)
			atomic_store_explicit(&k->failed, 1, memory_order_relaxed);
		atomic_store_explicit(&k->tail, ++tail, memory_order_release);
	}
}

int checker_start(struct checker *k, enum compare compare, int behind)
{
	k->compare = compare;
	if (compare != COMPARE_REGISTERS)
		return 0;
	if (expect_init(&k->expect, &k->regs, k->places, k->state, k->state_bytes))
		return -1;
	if (!behind)
		return 0;
	k->ring = malloc(CHECKER_RING * sizeof *k->ring);
	k->behind = k->ring && pthread_create(&k->thread, NULL, thread_main, k) == 0;
	return k->behind ? 0 : -1;
}

static void wait_for(struct checker *k, uint64_t tail)
{
	int looks = 0;

	while ((k->tail_seen = atomic_load_explicit(&k->tail, memory_order_acquire)) < tail)
		rest(&looks);
}

static void push(struct checker *k, const struct device_in *in)
{
	uint64_t head = atomic_load_explicit(&k->head, memory_order_relaxed);
	struct checker_cycle *s = &k->ring[head % CHECKER_RING];

	if (head - k->tail_seen == CHECKER_RING)
		wait_for(k, head - CHECKER_RING / 2);
	s->in = *in;
	expect_digest(&k->expect, k->state, &s->digest);
	atomic_store_explicit(&k->head, head + 1, memory_order_release);
}

int checker_cycle(struct checker *k, const struct device_in *in, const struct device_out *out)
{
	if (k->behind) {
		push(k, in);
		return atomic_load_explicit(&k->failed, memory_order_relaxed) ? -1 : 0;
	}
	compare_in_step(k, in, out);
	return k->mismatches ? -1 : 0;
}

void checker_drain(struct checker *k)
{
	if (k->behind)
		wait_for(k, atomic_load_explicit(&k->head, memory_order_relaxed));
}

void checker_free(struct checker *k)
{
	if (k->behind) {
		atomic_store_explicit(&k->stop, 1, memory_order_release);
		pthread_join(k->thread, NULL);
	}
	free(k->ring);
	if (k->library)
		dlclose(k->library);
	device_free(&k->twin);
	regs_free(&k->regs);
	expect_free(&k->expect);
	free(k->milestones);
}
