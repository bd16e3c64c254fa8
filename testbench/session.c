/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"
#include "icarus.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANG_CYCLES = 20000000, RESET_CYCLES = 8 };

static int load_engine(struct session *s, const char *library, int reset_mode, uint32_t seed, char *err, size_t errsize)
{
	void *(*open)(int, uint32_t);

	if (!strstr(library, ".so")) {
		s->sim_clock = icarus_clock;
		s->sim_close = icarus_close;
		s->sim = icarus_open(library, s->c.bus_bytes);
		if (!s->sim)
			snprintf(err, errsize, "%s: vvp cannot be started", library);
		return s->sim ? 0 : -1;
	}
	s->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!s->library) {
		snprintf(err, errsize, "%s", dlerror());
		return -1;
	}
	*(void **)&open = dlsym(s->library, "sim_open");
	*(void **)&s->sim_clock = dlsym(s->library, "sim_clock");
	*(void **)&s->sim_compare = dlsym(s->library, "sim_compare");
	*(void **)&s->sim_registers = dlsym(s->library, "sim_registers");
	*(void **)&s->sim_trace = dlsym(s->library, "sim_trace");
	*(void **)&s->sim_close = dlsym(s->library, "sim_close");
	if (!open || !s->sim_clock || !s->sim_close) {
		snprintf(err, errsize, "%s: not a simulation", library);
		return -1;
	}
	s->sim = open(reset_mode, seed);
	return 0;
}

int session_open(struct session *s, const struct config *c, const struct mem_options *m, size_t memory_bytes, const char *library, enum compare compare,
		 int reset_mode, uint32_t seed, char *err, size_t errsize)
{
	memset(s, 0, sizeof *s);
	s->c = *c;
	s->compare = library ? compare : COMPARE_NONE;
	if (library && !strstr(library, ".so") && s->compare == COMPARE_REGISTERS)
		s->compare = COMPARE_VISIBLE; /* Icarus shows its pins only */
	s->use_twin = !library || s->compare != COMPARE_NONE;
	s->milestones = calloc(SESSION_MAX_POSTS, sizeof *s->milestones);
	if (!s->milestones || memory_init(&s->mem, memory_bytes, c->bus_bytes, m) || device_init(&s->twin, c) || regs_build(&s->regs, c)) {
		snprintf(err, errsize, "out of memory");
		return -1;
	}
	axil_host_init(&s->host);
	if (library && load_engine(s, library, reset_mode, seed, err, errsize))
		return -1;
	for (int i = 0; i < RESET_CYCLES; i++)
		session_clock(s);
	return 0;
}

void session_close(struct session *s)
{
	if (s->sim)
		s->sim_close(s->sim);
	if (s->library)
		dlclose(s->library);
	device_free(&s->twin);
	memory_free(&s->mem);
	regs_free(&s->regs);
	free(s->milestones);
	memset(s, 0, sizeof *s);
}

static void pins_in(const struct device_in *in, struct sim_in *p)
{
	const struct axil_m2s *l = &in->axil;
	const struct axi_s2m *m = &in->axi;

	p->aresetn = in->rst_n;
	p->awaddr = l->awaddr;
	p->awvalid = l->awvalid;
	p->wdata = l->wdata;
	p->wstrb = l->wstrb;
	p->wvalid = l->wvalid;
	p->bready = l->bready;
	p->araddr = l->araddr;
	p->arvalid = l->arvalid;
	p->rready = l->rready;
	p->m_arready = m->arready;
	p->rid = m->rid;
	p->rdata[0] = m->rdata[0];
	p->rdata[1] = m->rdata[1];
	p->rresp = m->rresp;
	p->rlast = m->rlast;
	p->rvalid = m->rvalid;
	p->m_awready = m->awready;
	p->m_wready = m->wready;
	p->bid = m->bid;
	p->bresp = m->bresp;
	p->bvalid = m->bvalid;
}

static void pins_out(const struct sim_out *p, struct device_out *o)
{
	struct axil_s2m *l = &o->axil;
	struct axi_m2s *m = &o->axi;

	l->rdata = p->rdata;
	l->awready = p->awready;
	l->wready = p->wready;
	l->bresp = p->bresp;
	l->bvalid = p->bvalid;
	l->arready = p->arready;
	l->rresp = p->rresp;
	l->rvalid = p->rvalid;
	m->araddr = p->m_araddr;
	m->awaddr = p->m_awaddr;
	m->arid = p->arid;
	m->arlen = p->arlen;
	m->arvalid = p->m_arvalid;
	m->rready = p->m_rready;
	m->awid = p->awid;
	m->awlen = p->awlen;
	m->awvalid = p->m_awvalid;
	m->bready = p->m_bready;
	m->wdata[0] = p->m_wdata[0];
	m->wdata[1] = p->m_wdata[1];
	m->wstrb = p->m_wstrb;
	m->wlast = p->m_wlast;
	m->wvalid = p->m_wvalid;
	o->irq = p->irq;
}

uint64_t session_twin_value(const struct reg *r, const struct device_state *q, int lane)
{
	uint64_t v = 0, mask = r->width >= 64 ? ~0ull : (1ull << r->width) - 1;

	memcpy(&v, (const char *)q + r->offset + (size_t)(lane * r->elem), (size_t)r->elem);
	return v & mask;
}

uint64_t session_sim_value(const struct reg *r, const void *storage, int lane)
{
	const uint8_t *bytes = storage;
	int bit = r->low + lane * r->width, i;
	uint64_t v = 0;

	for (i = 0; i < r->width; i++)
		v |= (uint64_t)(bytes[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
	return v;
}

static void report_mismatch(struct session *s)
{
	const struct device_state *q = device_now(&s->twin);
	const void *const *at = s->sim_registers(s->sim);
	int i, lane;

	s->mismatches++;
	for (i = 0; i < s->regs.n; i++) {
		const struct reg *r = &s->regs.at[i];

		for (lane = 0; lane < r->lanes; lane++) {
			uint64_t expected = session_twin_value(r, q, lane), got = session_sim_value(r, at[i], lane);

			if (expected == got)
				continue;
			s->mismatch_reg = r;
			snprintf(s->mismatch, sizeof s->mismatch,
				 "cycle %llu: POST command %d (feed: channel tile %d, %d pixels left): module %s: %s.%s_q lane %d: expected 0x%llx, got 0x%llx (%s)", (unsigned long long)s->cycles,
				 q->post.done, q->feed.ct, q->feed.left, r->module, s->c.name, r->path, lane, (unsigned long long)expected, (unsigned long long)got, r->meaning);
			return;
		}
	}
	snprintf(s->mismatch, sizeof s->mismatch, "cycle %llu: comparison differs but no register does", (unsigned long long)s->cycles);
}

/* What a bus partner could see. */
static int visible_differs(const struct device_out *a, const struct device_out *b)
{
	const struct axi_m2s *x = &a->axi, *y = &b->axi;
	const struct axil_s2m *l = &a->axil, *k = &b->axil;
	int i;

	if (a->irq != b->irq || l->awready != k->awready || l->arready != k->arready || l->rvalid != k->rvalid || l->bvalid != k->bvalid)
		return 1;
	if (l->rvalid && (l->rdata != k->rdata || l->rresp != k->rresp))
		return 1;
	if (x->arvalid != y->arvalid || x->awvalid != y->awvalid || x->wvalid != y->wvalid || x->rready != y->rready || x->bready != y->bready)
		return 1;
	if (x->arvalid && (x->araddr != y->araddr || x->arlen != y->arlen || x->arid != y->arid))
		return 1;
	if (x->awvalid && (x->awaddr != y->awaddr || x->awlen != y->awlen))
		return 1;
	if (!x->wvalid)
		return 0;
	if (x->wstrb != y->wstrb || x->wlast != y->wlast)
		return 1;
	for (i = 0; i < 16; i++)
		if (x->wstrb >> i & 1 && ((const uint8_t *)x->wdata)[i] != ((const uint8_t *)y->wdata)[i])
			return 1;
	return 0;
}

static int compare_cycle(struct session *s, const struct device_out *twin)
{
	if (s->compare == COMPARE_REGISTERS && s->sim_compare(s->sim, device_now(&s->twin))) {
		report_mismatch(s);
		return -1;
	}
	if (s->compare == COMPARE_VISIBLE && visible_differs(twin, &s->out)) {
		s->mismatches++;
		snprintf(s->mismatch, sizeof s->mismatch, "cycle %llu: the bus signals differ", (unsigned long long)s->cycles);
		return -1;
	}
	s->compared++;
	return 0;
}

static void note_milestone(struct session *s)
{
	const struct device_state *q = device_now(&s->twin);

	if (q->post.done == s->posts_seen)
		return;
	s->posts_seen = (uint8_t)q->post.done;
	if (q->post.done == 0 || s->nmilestones == SESSION_MAX_POSTS)
		return;
	s->milestones[s->nmilestones++].counters = q->csr;
}

int session_clock(struct session *s)
{
	struct device_out now = s->out, twin_out;
	struct device_in in;
	struct axi_s2m next_mem;
	struct axil_m2s next_host;
	int status = 0;

	in.rst_n = s->cycles >= RESET_CYCLES;
	in.axil = s->host.out;
	in.axi = s->mem.out;
	if (s->use_twin) {
		device_next(&s->twin, &in);
		device_out(&s->twin, &twin_out);
		note_milestone(s);
	}
	if (s->trace_path && s->cycles == s->trace_from)
		s->sim_trace(s->sim, s->trace_path);
	if (s->trace_path && s->cycles == s->trace_to) {
		s->sim_trace(s->sim, NULL);
		s->mismatches++; /* ends the run */
		return -1;
	}
	if (s->sim) {
		struct sim_in pin;
		struct sim_out pout;

		pins_in(&in, &pin);
		s->sim_clock(s->sim, &pin, &pout);
		pins_out(&pout, &s->out);
		if (s->use_twin && in.rst_n)
			status = compare_cycle(s, &twin_out);
	} else {
		s->out = twin_out;
	}
	if (in.rst_n) {
		memory_next(&s->mem, &now.axi, &next_mem);
		axil_host_next(&s->host, &now.axil, &next_host);
	}
	s->cycles++;
	return status;
}

/* The driver's platform: AXI4-Lite transactions that take simulated time. */
uint32_t systole_read32(void *bus, uint32_t offset)
{
	struct session *s = bus;
	int n = 0;

	axil_host_read(&s->host, offset);
	while (s->host.busy && s->mismatches == 0 && n++ < 1000)
		session_clock(s);
	return s->host.data;
}

void systole_write32(void *bus, uint32_t offset, uint32_t value)
{
	struct session *s = bus;
	int n = 0;

	axil_host_write(&s->host, offset, value, 15);
	while (s->host.busy && s->mismatches == 0 && n++ < 1000)
		session_clock(s);
}

static uint32_t place(size_t *at, size_t bytes)
{
	size_t start = (*at + 4095) / 4096 * 4096;

	*at = start + bytes;
	return (uint32_t)start;
}

void session_layout(const struct program *p, size_t input_bytes, size_t output_bytes, struct layout *l)
{
	size_t at = 4096;

	l->base[BASE_PROGRAM] = place(&at, p->image_bytes + 1024);
	l->base[BASE_INPUT] = place(&at, input_bytes);
	l->base[BASE_OUTPUT] = place(&at, output_bytes);
	l->base[BASE_SCRATCH] = place(&at, p->scratch_bytes);
	l->bytes = (at + 4095) / 4096 * 4096;
}

int session_infer(struct session *s, const struct layout *l, const int8_t *input, size_t input_bytes, int8_t *output, size_t output_bytes,
		  struct systole_counters *n, char *err, size_t errsize)
{
	struct systole dev;
	struct systole_error e;
	uint64_t start = s->cycles;

	s->nmilestones = 0;
	memcpy(s->mem.bytes + l->base[BASE_INPUT], input, input_bytes);
	memset(s->mem.bytes + l->base[BASE_OUTPUT], 0, output_bytes);
	if (systole_init(&dev, s) && s->mismatches == 0) {
		snprintf(err, errsize, "the device does not answer with its ID");
		return -1;
	}
	systole_set_bases(&dev, l->base);
	systole_start(&dev, 1);
	while (!s->out.irq && s->cycles - start < HANG_CYCLES)
		if (session_clock(s))
			break;
	if (s->mismatches) {
		snprintf(err, errsize, "lock-step: %s", s->mismatch);
		return -1;
	}
	if (!s->out.irq) {
		snprintf(err, errsize, "no interrupt after %d cycles", HANG_CYCLES);
		return -1;
	}
	systole_counters(&dev, n);
	if (systole_wait(&dev, 1) != SYSTOLE_OK) {
		systole_error(&dev, &e);
		snprintf(err, errsize, "the device reports error %u at 0x%x: %s", e.code, e.addr, systole_error_text(e.code));
		return -1;
	}
	systole_clear(&dev);
	memcpy(output, s->mem.bytes + l->base[BASE_OUTPUT], output_bytes);
	if (s->mismatches) {
		snprintf(err, errsize, "lock-step: %s", s->mismatch);
		return -1;
	}
	return 0;
}
