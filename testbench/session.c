/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"
#include "icarus.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANG_CYCLES = 20000000, RESET_CYCLES = 8 };

static int load_engine(struct session *s, const struct session_options *o, char *err, size_t errsize)
{
	struct simulation *e = &s->engine;

	if (strstr(o->library, ".so"))
		return simulation_load(e, o->library, o->reset_mode, o->seed, err, errsize);
	e->clock.device = icarus_clock;
	e->close = icarus_close;
	e->sim = icarus_open(o->library, s->c.bus_bytes);
	if (!e->sim)
		snprintf(err, errsize, "%s: vvp cannot be started", o->library);
	return e->sim ? 0 : -1;
}

int session_open(struct session *s, const struct session_options *o, char *err, size_t errsize)
{
	enum compare compare = o->library ? o->compare : COMPARE_NONE;

	memset(s, 0, sizeof *s);
	s->c = *o->c;
	if (memory_init(&s->mem, o->memory_bytes, s->c.bus_bytes, o->mem) || checker_init(&s->check, o->c)) {
		snprintf(err, errsize, "out of memory");
		return -1;
	}
	axil_host_init(&s->host);
	if (o->library && load_engine(s, o, err, errsize))
		return -1;
	s->check.state = s->engine.state;
	s->check.state_bytes = s->engine.state_bytes;
	s->check.places = s->engine.places;
	if (o->twin_library && checker_load_twin(&s->check, o->twin_library, err, errsize))
		return -1;
	if (compare == COMPARE_REGISTERS && !s->check.places)
		compare = COMPARE_VISIBLE; /* Icarus shows its pins only */
	if (compare != COMPARE_NONE && checker_start(&s->check, compare, o->behind)) {
		snprintf(err, errsize, "out of memory");
		return -1;
	}
	for (int i = 0; i < RESET_CYCLES; i++)
		session_clock(s);
	return 0;
}

void session_close(struct session *s)
{
	checker_free(&s->check);
	simulation_close(&s->engine);
	memory_free(&s->mem);
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

int session_clock(struct session *s)
{
	struct device_in in;
	struct axi_s2m next_mem;
	struct axil_m2s next_host;

	in.rst_n = s->cycles >= RESET_CYCLES;
	in.axil = s->host.out;
	in.axi = s->mem.out;
	if (s->trace_path && s->cycles == s->trace_from)
		s->engine.trace(s->engine.sim, s->trace_path);
	if (s->trace_path && s->cycles == s->trace_to) {
		s->engine.trace(s->engine.sim, NULL);
		s->over = 1;
		return -1;
	}
	if (in.rst_n) { /* they see what the device drives before its clock; early, so that their outputs are not read at once */
		memory_next(&s->mem, &s->out.axi, &next_mem);
		axil_host_next(&s->host, &s->out.axil, &next_host);
	}
	if (s->engine.sim) {
		struct sim_in pin;
		struct sim_out pout;

		pins_in(&in, &pin);
		s->engine.clock.device(s->engine.sim, &pin, &pout);
		pins_out(&pout, &s->out);
		if (s->check.compare != COMPARE_NONE && checker_cycle(&s->check, &in, &s->out))
			s->over = 1;
	} else {
		checker_clock(&s->check, &in);
		device_out(&s->check.twin, &s->out);
	}
	s->cycles++;
	return s->over ? -1 : 0;
}

/* The driver's platform: AXI4-Lite transactions that take simulated time. */
uint32_t systole_read32(void *bus, uint32_t offset)
{
	struct session *s = bus;
	int n = 0;

	axil_host_read(&s->host, offset);
	while (s->host.busy && !s->over && n++ < 1000)
		session_clock(s);
	return s->host.data;
}

void systole_write32(void *bus, uint32_t offset, uint32_t value)
{
	struct session *s = bus;
	int n = 0;

	axil_host_write(&s->host, offset, value, 15);
	while (s->host.busy && !s->over && n++ < 1000)
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
	int status = -1;

	checker_drain(&s->check);
	s->check.nmilestones = 0;
	memcpy(s->mem.bytes + l->base[BASE_INPUT], input, input_bytes);
	memset(s->mem.bytes + l->base[BASE_OUTPUT], 0, output_bytes);
	if (systole_init(&dev, s) && !s->over) {
		snprintf(err, errsize, "the device does not answer with its ID");
		return -1;
	}
	systole_set_bases(&dev, l->base);
	systole_start(&dev, 1);
	while (!s->out.irq && s->cycles - start < HANG_CYCLES)
		if (session_clock(s))
			break;
	systole_counters(&dev, n);
	if (!s->out.irq) {
		snprintf(err, errsize, "no interrupt after %d cycles", HANG_CYCLES);
	} else if (systole_wait(&dev, 1) != SYSTOLE_OK) {
		systole_error(&dev, &e);
		snprintf(err, errsize, "the device reports error %u at 0x%x: %s", e.code, e.addr, systole_error_text(e.code));
	} else {
		systole_clear(&dev);
		memcpy(output, s->mem.bytes + l->base[BASE_OUTPUT], output_bytes);
		status = 0;
	}
	checker_drain(&s->check);
	if (s->check.mismatches)
		snprintf(err, errsize, "lock-step: %s", s->check.mismatch);
	return s->check.mismatches || s->over ? -1 : status;
}
