// SPDX-License-Identifier: Apache-2.0
// Thin glue: the pins of the verilated top. Compiled together with the generated registers.cpp.
#include "sim.h"
#include "Vsys.h"
#include "Vsys___024root.h"
#include "verilated.h"
#ifdef SIM_TRACE
#include "verilated_fst_c.h"
#endif
#include <algorithm>
#include <cstring>

#ifdef SIM_CHIP
#define CLOCK clk
#else
#define CLOCK aclk
#endif

// Storage of each register; returns the end of the last.
const char *list_registers(const Vsys___024root *r, const void **at);
extern const int register_count;

struct Sim {
	VerilatedContext context;
	Vsys *top;
	const void **registers;
	const char *first, *end; // of their storage
	uint64_t time = 0;
#ifdef SIM_TRACE
	VerilatedFstC *fst = nullptr;
#endif
};

extern "C" void *sim_open(int reset_mode, uint32_t seed)
{
	Sim *s = new Sim;

	s->context.randReset(reset_mode);
	s->context.randSeed(static_cast<int>(seed & 0x7fffffff));
#ifdef SIM_TRACE
	s->context.traceEverOn(true);
#endif
	s->top = new Vsys(&s->context);
	s->registers = new const void *[static_cast<size_t>(register_count) + 1];
	s->end = list_registers(s->top->rootp, s->registers);
	s->first = static_cast<const char *>(*std::min_element(s->registers, s->registers + register_count));
	s->top->CLOCK = 0;
	s->top->eval();
	return s;
}

#ifdef SIM_CHIP
static void put_pins(Vsys *t, const sim_pins_in *in)
{
	t->rst_n = in->rst_n;
	t->rx = in->rx;
#if SIM_CHIP_OUTSIDE
	t->mem_rdata = in->mem_rdata;
#endif
}

static void get_pins(const Vsys *t, sim_pins_out *out)
{
	*out = sim_pins_out();
	out->tx = t->tx;
	out->busy = t->busy;
#if SIM_CHIP_OUTSIDE
	out->mem_en = t->mem_en;
	out->mem_we = t->mem_we;
	out->mem_addr = t->mem_addr;
	out->mem_wdata = t->mem_wdata;
#endif
}
#else
static void put_data(QData &d, const uint64_t *v) { d = v[0]; }
static void get_data(const QData &d, uint64_t *v) { v[0] = d; }
template <typename Wide> static void put_data(Wide &d, const uint64_t *v) { std::memcpy(d.data(), v, 16); }
template <typename Wide> static void get_data(const Wide &d, uint64_t *v) { std::memcpy(v, d.data(), 16); }

static void put_pins(Vsys *t, const sim_pins_in *in)
{
	t->aresetn = in->aresetn;
	t->s_axil_awaddr = static_cast<SData>(in->awaddr);
	t->s_axil_awvalid = in->awvalid;
	t->s_axil_wdata = in->wdata;
	t->s_axil_wstrb = in->wstrb;
	t->s_axil_wvalid = in->wvalid;
	t->s_axil_bready = in->bready;
	t->s_axil_araddr = static_cast<SData>(in->araddr);
	t->s_axil_arvalid = in->arvalid;
	t->s_axil_rready = in->rready;
	t->m_axi_arready = in->m_arready;
	t->m_axi_rid = in->rid;
	put_data(t->m_axi_rdata, in->rdata);
	t->m_axi_rresp = in->rresp;
	t->m_axi_rlast = in->rlast;
	t->m_axi_rvalid = in->rvalid;
	t->m_axi_awready = in->m_awready;
	t->m_axi_wready = in->m_wready;
	t->m_axi_bid = in->bid;
	t->m_axi_bresp = in->bresp;
	t->m_axi_bvalid = in->bvalid;
}

static void get_pins(const Vsys *t, sim_pins_out *out)
{
	out->awready = t->s_axil_awready;
	out->wready = t->s_axil_wready;
	out->bresp = t->s_axil_bresp;
	out->bvalid = t->s_axil_bvalid;
	out->arready = t->s_axil_arready;
	out->rdata = t->s_axil_rdata;
	out->rresp = t->s_axil_rresp;
	out->rvalid = t->s_axil_rvalid;
	out->m_araddr = t->m_axi_araddr;
	out->m_awaddr = t->m_axi_awaddr;
	out->arid = t->m_axi_arid;
	out->arlen = t->m_axi_arlen;
	out->m_arvalid = t->m_axi_arvalid;
	out->m_rready = t->m_axi_rready;
	out->awid = t->m_axi_awid;
	out->awlen = t->m_axi_awlen;
	out->m_awvalid = t->m_axi_awvalid;
	out->m_bready = t->m_axi_bready;
	get_data(t->m_axi_wdata, out->m_wdata);
	out->m_wstrb = t->m_axi_wstrb;
	out->m_wlast = t->m_axi_wlast;
	out->m_wvalid = t->m_axi_wvalid;
	out->irq = t->irq;
}
#endif

extern "C" void sim_clock(void *sim, const sim_pins_in *in, sim_pins_out *out)
{
	Sim *s = static_cast<Sim *>(sim);
	Vsys *t = s->top;

	put_pins(t, in);
	t->CLOCK = 1;
	t->eval();
#ifdef SIM_TRACE
	if (s->fst)
		s->fst->dump(s->time);
#endif
	t->CLOCK = 0;
	t->eval();
#ifdef SIM_TRACE
	if (s->fst)
		s->fst->dump(s->time + 5);
#endif
	s->time += 10;
	get_pins(t, out);
}

extern "C" const void *sim_state(void *sim, size_t *bytes)
{
	Sim *s = static_cast<Sim *>(sim);

	*bytes = static_cast<size_t>(s->end - s->first);
	return s->first;
}

extern "C" const void *const *sim_registers(void *sim)
{
	return static_cast<Sim *>(sim)->registers;
}

extern "C" void sim_trace(void *sim, const char *path)
{
#ifdef SIM_TRACE
	Sim *s = static_cast<Sim *>(sim);

	if (s->fst) {
		s->fst->close();
		delete s->fst;
		s->fst = nullptr;
	}
	if (path) {
		s->fst = new VerilatedFstC;
		s->top->trace(s->fst, 99);
		s->fst->open(path);
	}
#else
	(void)sim;
	(void)path;
#endif
}

extern "C" void sim_close(void *sim)
{
	Sim *s = static_cast<Sim *>(sim);

	sim_trace(s, nullptr);
	s->top->final();
	delete s->top;
	delete[] s->registers;
	delete s;
}
