// SPDX-License-Identifier: Apache-2.0
// Lock-step bench of the control and memory side: random programs of LOAD and STORE (FEED and POST are played
// here), random stalls; every register is compared every cycle, memory and activations at the end.
// usage: control_tb [SEED [RUNS]]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <type_traits>
#include <vector>
#include "Vcontrol_top.h"
#include "Vcontrol_top___024root.h"
extern "C" {
#include "axil_host.h"
#include "control.h"
#include "memory.h"
#include "systole_driver.h"
}

enum { MEM = 1 << 20, ACT_BYTES = 1 << ACT_AW, REGION = ACT_BYTES / 4, BUS = BUS_W / 8, PIECE = PORT < BUS ? PORT : BUS };
enum { INPUT = 0x20003, OUTPUT = 0x60005, SCRATCH = 0xA0000 };

struct reg {
	const char *module, *name, *meaning;
	const uint8_t *rtl;
	const void *twin;
	int elem, lanes, width;
	struct lane { uint64_t rtl, twin; bool live; };
	std::vector<lane> lane;
};

struct stub { uint8_t full, wait, s_push, active, push, tok_push; int timer; };

static struct config cfg;
static Vcontrol_top *top;
static struct control twin;
static struct control_in in;
static struct memory mem;
static struct axil_host host;
static std::vector<reg> regs;
static struct stub stubs[2];
static int8_t act[ACT_BYTES];
static uint32_t rd_pipe[4];
static uint8_t vld_pipe[4];
static std::deque<uint64_t> wgt_got, wgt_want;   // 64-bit pieces
static std::deque<uint64_t> par_got, par_want;   // bias | mult << 32, shift
static int wgt_back;                             // the beat in the cycle before took no space
static long wgt_held, par_held;                  // words, entries in the buffers
static uint64_t cycle, seed, compared;
static uint64_t rng = 1;
static double p_gnt, p_wready, p_release;
static int irq_cycle_on;
static uint64_t start_cycle, irq_cycle;

static uint32_t rnd(uint32_t n)
{
	rng ^= rng << 13, rng ^= rng >> 7, rng ^= rng << 17;
	return n ? (uint32_t)((rng >> 32) % n) : 0;
}
static bool chance(double p) { return rnd(1 << 20) < p * (1 << 20); }

[[noreturn]] static void fail(const char *what)
{
	printf("control_tb: cycle %llu, seed %llu: %s\n", (unsigned long long)cycle, (unsigned long long)seed, what);
	exit(1);
}

template <typename T> static void add(const char *m, const char *n, const char *meaning, const void *rtl, const T &t, int lanes, int width)
{
	regs.push_back({ m, n, meaning, (const uint8_t *)rtl, &t, (int)sizeof(std::remove_all_extents_t<T>), lanes, width, {} });
}

static uint64_t rtl_lane(const reg &r, int lane)
{
	size_t bit = (size_t)lane * (size_t)r.width, n = (bit % 8 + (size_t)r.width + 7) / 8;
	unsigned __int128 v = 0;

	memcpy(&v, r.rtl + bit / 8, n);
	v >>= bit % 8;
	return (uint64_t)v & (r.width == 64 ? ~0ull : (1ull << r.width) - 1);
}
static uint64_t twin_lane(const reg &r, int lane)
{
	uint64_t v = 0;

	memcpy(&v, (const uint8_t *)r.twin + lane * r.elem, (size_t)r.elem);
	return v & (r.width == 64 ? ~0ull : (1ull << r.width) - 1);
}

static void build_regs()
{
	const struct config *c = &cfg;
	auto *root = top->rootp;
#define R(field, lanes, width, meaning) add(M, #field, meaning, &root->SCOPE(field), twin.q.MEMBER.field, lanes, width);
#define S(field, scope, r, lanes, width, meaning) add(M, #field, meaning, &root->SUB(scope, r), twin.q.MEMBER.field, lanes, width);
#define M "csr"
#define MEMBER csr
#define SCOPE(f) control_top__DOT__u_csr__DOT__##f##_q
	CSR_REGS(R)
#undef SCOPE
#undef MEMBER
#undef M
#define M "sequencer"
#define MEMBER sequencer
#define SCOPE(f) control_top__DOT__u_sequencer__DOT__##f##_q
#define SUB(s, f) control_top__DOT__u_sequencer__DOT__##s##__DOT__##f##_q
	SEQUENCER_REGS(R)
	SEQUENCER_SUBREGS(S)
#undef SUB
#undef SCOPE
#undef MEMBER
#undef M
#define M "tokens"
#define MEMBER tokens
#define SCOPE(f) control_top__DOT__u_tokens__DOT__##f##_q
	TOKENS_REGS(R)
#undef SCOPE
#undef MEMBER
#undef M
#define M "load"
#define MEMBER load
#define SCOPE(f) control_top__DOT__u_load__DOT__##f##_q
#define SUB(s, f) control_top__DOT__u_load__DOT__##s##__DOT__##f##_q
	LOAD_REGS(R)
	LOAD_SUBREGS(S)
#undef SUB
#undef SCOPE
#undef MEMBER
#undef M
#define M "store"
#define MEMBER store
#define SCOPE(f) control_top__DOT__u_store__DOT__##f##_q
	STORE_REGS(R)
#define SUB(s, f) control_top__DOT__u_store__DOT__##s##__DOT__##f##_q
	S(fifo_rdata, u_fifo, rdata, c->bus_bytes, c->act_bits, "beat to send")
#if PORT < BUS_W / 8
	S(part_data, g_parts, part_data, c->bus_bytes - STORE_STEP(c), c->act_bits, "reads of the beat so far")
#endif
#undef SUB
#undef SCOPE
#undef MEMBER
#undef M
#define M "axi_rd"
#define MEMBER axi_rd
#define SCOPE(f) control_top__DOT__u_axi_rd__DOT__##f##_q
	AXI_RD_REGS(R)
#undef SCOPE
#undef MEMBER
#undef M
#define M "axi_wr"
#define MEMBER axi_wr
#define SCOPE(f) control_top__DOT__u_axi_wr__DOT__##f##_q
	AXI_WR_REGS(R)
#undef R
	for (auto &r : regs)
		for (int i = 0; i < r.lanes; i++)
			r.lane.push_back({ rtl_lane(r, i), twin_lane(r, i), false });
}

/* A register without reset is compared from its first change on. */
static void compare()
{
	for (auto &r : regs)
		for (int i = 0; i < r.lanes; i++) {
			uint64_t a = rtl_lane(r, i), b = twin_lane(r, i);
			auto &l = r.lane[(size_t)i];

			l.live = l.live || a != l.rtl || b != l.twin;
			if (l.live && a != b) {
				printf("%s.%s_q[%d] (%s): RTL %llx, twin %llx\n", r.module, r.name, i, r.meaning,
					(unsigned long long)a, (unsigned long long)b);
				fail("mismatch");
			}
		}
	compared++;
}

static void drive()
{
	uint8_t packed[64 * 8] = { 0 };

	top->rst_ni = in.rst_n;
	top->s_axil_awaddr = in.axil.awaddr;
	top->s_axil_awvalid = in.axil.awvalid;
	top->s_axil_wdata = in.axil.wdata;
	top->s_axil_wstrb = in.axil.wstrb;
	top->s_axil_wvalid = in.axil.wvalid;
	top->s_axil_bready = in.axil.bready;
	top->s_axil_araddr = in.axil.araddr;
	top->s_axil_arvalid = in.axil.arvalid;
	top->s_axil_rready = in.axil.rready;
	top->m_axi_arready = in.axi.arready;
	top->m_axi_rid = in.axi.rid;
	memcpy(&top->m_axi_rdata, in.axi.rdata, BUS);
	top->m_axi_rresp = in.axi.rresp;
	top->m_axi_rlast = in.axi.rlast;
	top->m_axi_rvalid = in.axi.rvalid;
	top->m_axi_awready = in.axi.awready;
	top->m_axi_wready = in.axi.wready;
	top->m_axi_bid = in.axi.bid;
	top->m_axi_bresp = in.axi.bresp;
	top->m_axi_bvalid = in.axi.bvalid;
	top->stub_full_i = (uint8_t)(in.stub_full[0] | in.stub_full[1] << 1);
	top->stub_could_i = (uint8_t)(in.stub_could[0] | in.stub_could[1] << 1);
	top->stub_idle_i = (uint8_t)(in.stub_idle[0] | in.stub_idle[1] << 1);
	top->stub_wait_i = (uint16_t)(in.stub_wait[0] | in.stub_wait[1] << 8);
	top->stub_push_i = (uint16_t)(in.stub_push[0] | in.stub_push[1] << 8);
	top->cnt_i = (uint32_t)(in.cnt.active | in.cnt.stall_wgt << 1 | in.cnt.stall_in << 2 | in.cnt.stall_out << 3
		| in.cnt.stall_fill << 4 | in.cnt.idle << 5 | in.cnt.pe_useful << 6 | in.cnt.pe_gated << 13
		| in.cnt.act_read << 20 | in.cnt.act_write << 22 | in.cnt.wgt_read << 24 | in.cnt.wgt_write << 26
		| in.cnt.acc_read << 28 | (uint32_t)in.cnt.acc_write << 30);
	top->store_gnt_i = in.gnt;
	top->store_vld_i = in.vld;
	for (int i = 0; i < PORT; i++)
		for (int b = 0; b < ACT_W; b++)
			packed[(i * ACT_W + b) / 8] |= (uint8_t)((in.rd_data[i] >> b & 1) << ((i * ACT_W + b) % 8));
	memcpy(&top->rd_data_i, packed, sizeof top->rd_data_i);
	top->load_wready_i = in.wready;
	top->wgt_rel_valid_i = in.wgt_rel_valid;
	top->wgt_rel_words_i = in.wgt_rel_words;
	top->wgt_back_i = in.wgt_back;
	top->wgt_whole_i = in.wgt_whole;
	top->par_rel_i = in.par_rel;
}

/* Memory sees what the RTL drives. */
static void collect(struct axi_m2s *b)
{
	memset(b, 0, sizeof *b);
	b->arid = top->m_axi_arid;
	b->araddr = top->m_axi_araddr;
	b->arlen = top->m_axi_arlen;
	b->arvalid = top->m_axi_arvalid;
	b->rready = top->m_axi_rready;
	b->awid = top->m_axi_awid;
	b->awaddr = top->m_axi_awaddr;
	b->awlen = top->m_axi_awlen;
	b->awvalid = top->m_axi_awvalid;
	memcpy(b->wdata, &top->m_axi_wdata, BUS);
	b->wstrb = top->m_axi_wstrb;
	b->wlast = top->m_axi_wlast;
	b->wvalid = top->m_axi_wvalid;
	b->bready = top->m_axi_bready;
}

static void collect_lite(struct axil_s2m *b)
{
	*b = { top->s_axil_rdata, top->s_axil_awready, top->s_axil_wready, top->s_axil_bresp, top->s_axil_bvalid,
		top->s_axil_arready, top->s_axil_rresp, top->s_axil_rvalid };
}

static void stub_next(int i, int take)
{
	struct stub *s = &stubs[i];

	s->tok_push = 0;
	if (!top->core_rst_no) {
		*s = {};
		return;
	}
	if (s->active && !s->timer--) {
		s->active = 0;
		s->tok_push = s->push;
	}
	if (take) {
		s->full = 0;
		s->active = 1;
		s->push = s->s_push;
		s->timer = (int)rnd(30);
	}
	if (top->cmd_we_o >> (1 + i) & 1) {
		if (top->cmd_idx_o == 0) {
			s->wait = (uint8_t)(top->cmd_data_o >> 8);
			s->s_push = (uint8_t)(top->cmd_data_o >> 16);
		}
		if (top->cmd_idx_o == 15)
			s->full = 1;
	}
}

static int8_t lane(uint8_t byte) { return (int8_t)((int8_t)(byte << (8 - ACT_W)) >> (8 - ACT_W)); }

static void act_write()
{
	for (int i = 0; i < PIECE; i++)
		if (twin.q.load.act_mask >> i & 1)
			act[(twin.q.load.act_addr + (uint32_t)i) % ACT_BYTES] = twin.q.load.act_data[i];
}

/* The buffers' side, from the state before the clock. */
static void buffers()
{
	const struct load *l = &twin.q.load;

	if (l->act_wr && in.wready) {
		uint64_t mask = 0;
		uint8_t data[64 * 8] = { 0 };

		memcpy(&mask, &top->load_wmask_o, sizeof top->load_wmask_o);
		memcpy(data, &top->load_wdata_o, sizeof top->load_wdata_o);
		if (!top->load_wr_o || mask != (PORT >= BUS ? l->act_mask : (l->act_mask & ((1u << PORT) - 1))) || top->load_waddr_o != l->act_addr)
			fail("activation write port");
		for (int i = 0; i < PIECE; i++) {
			unsigned v = 0;
			for (int b = 0; b < ACT_W; b++)
				v |= (unsigned)(data[(i * ACT_W + b) / 8] >> ((i * ACT_W + b) % 8) & 1) << b;
			if (lane((uint8_t)v) != l->act_data[i])
				fail("activation write data");
		}
		act_write();
	}
	if (l->wgt_valid) {
		for (int i = 0; i < BUS / 8; i++)
			wgt_got.push_back(l->wgt_data[i]);
		wgt_back = !rnd(5); // a beat of indices
		wgt_held += wgt_back ? 0 : BUS;
		if (wgt_held > (long)WGT_DEPTH * WGT_WORD)
			fail("weight buffer overflow");
	}
	if (l->par_we) {
		uint32_t out[3];
		memcpy(out, &top->par_data_o, sizeof out);
		if (out[0] != l->par_bias || out[1] != l->par_mult || out[2] != l->par_shift)
			fail("parameter port");
		par_got.push_back(l->par_bias | (uint64_t)l->par_mult << 32);
		par_got.push_back(l->par_shift);
		if (++par_held > PAR_DEPTH)
			fail("parameter buffer overflow");
	}
	if (!top->core_rst_no)
		wgt_held = par_held = wgt_back = 0;
}

static void next_inputs(int take)
{
	int gnt = twin.q.store.rd && in.gnt;

	for (int i = 0; i < 2; i++) {
		stub_next(i, take >> i & 1);
		in.stub_full[i] = stubs[i].full;
		in.stub_could[i] = stubs[i].full && !stubs[i].active;
		in.stub_wait[i] = in.stub_could[i] ? stubs[i].wait : 0;
		in.stub_push[i] = stubs[i].tok_push;
		in.stub_idle[i] = !stubs[i].full && !stubs[i].active;
	}
	for (int i = 3; i > 0; i--) {
		rd_pipe[i] = rd_pipe[i - 1];
		vld_pipe[i] = vld_pipe[i - 1];
	}
	rd_pipe[1] = twin.q.store.addr;
	vld_pipe[1] = (uint8_t)(gnt && top->core_rst_no);
	if (!top->core_rst_no)
		vld_pipe[2] = vld_pipe[3] = 0;
	in.vld = vld_pipe[3];
	for (int i = 0; i < PORT; i++)
		in.rd_data[i] = in.vld ? act[(rd_pipe[3] + (uint32_t)i) % ACT_BYTES] : lane((uint8_t)rnd(256));
	in.gnt = chance(p_gnt);
	in.wready = chance(p_wready);
	in.wgt_back = (uint8_t)wgt_back;
	in.wgt_whole = 1;
	wgt_back = 0;
	in.wgt_rel_valid = 0;
	in.wgt_rel_words = rnd(1u << WGT_AW);
	if (wgt_held >= WGT_WORD && chance(p_release)) {
		in.wgt_rel_valid = 1;
		in.wgt_rel_words = 1 + rnd((uint32_t)(wgt_held / WGT_WORD));
		wgt_held -= (long)in.wgt_rel_words * WGT_WORD;
	}
	in.par_rel = par_held >= COLS && chance(p_release);
	if (in.par_rel)
		par_held -= COLS;
	in.cnt.active = (uint16_t)rnd(2);
	in.cnt.stall_wgt = (uint16_t)rnd(2);
	in.cnt.idle = (uint16_t)rnd(2);
	in.cnt.pe_useful = (uint16_t)rnd(128);
	in.cnt.pe_gated = (uint16_t)rnd(128);
	in.cnt.act_read = (uint16_t)rnd(4);
	in.cnt.acc_write = (uint16_t)rnd(4);
}

static void tick()
{
	struct axi_m2s m2s;
	struct axi_s2m s2m;
	struct axil_s2m lite;
	struct axil_m2s lite_out;
	int take;

	drive();
	top->clk_i = 0;
	top->eval();
	compare();
	take = control_stub_take(&twin, &in);
	if (take != top->stub_take_o)
		fail("tok_ok of the stubs");
	if (top->irq_o && !irq_cycle_on)
		irq_cycle = cycle;
	irq_cycle_on = top->irq_o;
	if (twin.q.csr.awready && in.axil.awaddr == CSR_CTRL && (in.axil.wdata & 1))
		start_cycle = cycle;
	collect(&m2s);
	collect_lite(&lite);
	buffers();
	struct control before = twin;
	control_next(&cfg, &twin, &in);
	std::swap(before.q, twin.q);
	next_inputs(take); /* still sees the state before the clock */
	std::swap(before.q, twin.q);
	top->clk_i = 1;
	top->eval();
	memory_next(&mem, &m2s, &s2m);
	axil_host_next(&host, &lite, &lite_out);
	in.axi = s2m;
	in.axil = lite_out;
	cycle++;
}

extern "C" uint32_t systole_read32(void *, uint32_t offset)
{
	axil_host_read(&host, offset);
	in.axil = host.out;
	while (host.busy)
		tick();
	return host.data;
}

extern "C" void systole_write32(void *, uint32_t offset, uint32_t value)
{
	axil_host_write(&host, offset, value, 15);
	in.axil = host.out;
	while (host.busy)
		tick();
}

struct program { uint32_t base, at, data; };

static void word(uint32_t addr, uint32_t v) { memcpy(mem.bytes + addr, &v, 4); }
static uint32_t *command(struct program *p, int op, int wait, int push)
{
	uint32_t *c = (uint32_t *)(mem.bytes + p->base + p->at);

	memset(c, 0, 128);
	c[0] = (uint32_t)(op | wait << 8 | push << 16) | rnd(256) << 24;
	p->at += 128;
	return c;
}

static int8_t want_act[ACT_BYTES];
static uint8_t *want_mem;

static void add_load(struct program *p, int job, uint32_t *dst_out, uint32_t *len_out)
{
	uint32_t times = 1 + rnd(3), blocks = 1 + rnd(3), bytes = 1 + rnd(REGION / 10), stride = rnd(512), off = rnd(0x8000);
	uint32_t dst = (uint32_t)(job % 4 * REGION) + rnd(REGION - times * blocks * bytes), at = dst;
	uint32_t *c = command(p, 1, job >= 4 ? 0x40 : 0, 0x02);

	c[1] = off, c[2] = bytes, c[3] = dst, c[4] = 1 << 4, c[5] = times, c[6] = blocks, c[7] = stride;
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t t = 0; t < times; t++)
			for (uint32_t i = 0; i < bytes; i++)
				want_act[at++ % ACT_BYTES] = lane(mem.bytes[INPUT + off + b * stride + i]);
	*dst_out = dst;
	*len_out = at - dst;
}

static void add_stream(struct program *p, int kind, int push)
{
	uint32_t unit = kind == 1 ? (WGT_WORD > BUS ? WGT_WORD : BUS) : kind == 2 ? COLS * 16 : COLS * (BUS == 16 ? 16 : 8);
	uint32_t times = 1 + rnd(2), blocks = 1 + rnd(3), bytes = unit * (1 + rnd(kind == 1 ? 40 : 3));
	uint32_t stride = rnd(64) * BUS, off = 0x4000 + rnd(0x400) * BUS;
	uint32_t *c = command(p, 1, 0, push);

	c[1] = off, c[2] = bytes, c[4] = (uint32_t)kind, c[5] = times, c[6] = blocks, c[7] = stride;
	for (uint32_t b = 0; b < blocks; b++)
		for (uint32_t t = 0; t < times; t++)
			for (uint32_t i = 0; i < bytes; i += 8) {
				uint64_t v;
				memcpy(&v, mem.bytes + p->base + off + b * stride + i, 8);
				if (kind == 1)
					wgt_want.push_back(v);
				else if (kind == 2)
					par_want.push_back(i & 8 ? v & 255 : v);
				else { // short: bias 27 bits, multiplier 31, shift 6
					par_want.push_back((uint32_t)((int32_t)((uint32_t)v << 5) >> 5) | (v >> 27 & 0x7fffffff) << 32);
					par_want.push_back((uint64_t)((int64_t)v >> 58) & 255);
				}
			}
}

static void add_store(struct program *p, uint32_t src, uint32_t len, uint32_t *out)
{
	uint32_t skip = rnd(len), bytes = 1 + rnd(len - skip), base = OUTPUT;
	uint32_t *c = command(p, 4, 0x10, 0x40);

	*out += rnd(40);
	c[1] = *out, c[2] = bytes, c[3] = src + skip, c[4] = 2 << 4;
	for (uint32_t i = 0; i < bytes; i++)
		want_mem[base + *out + i] = (uint8_t)want_act[(src + skip + i) % ACT_BYTES];
	*out += bytes;
}

static void prepare()
{
	for (uint32_t i = 0; i < MEM; i += 4)
		word(i, rnd(~0u));
	for (int i = 0; i < ACT_BYTES; i++)
		act[i] = lane((uint8_t)rnd(256));
	memcpy(want_act, act, sizeof act);
	wgt_got.clear(), wgt_want.clear(), par_got.clear(), par_want.clear();
}

static void run_job(struct systole *s, struct program *p, bool irq)
{
	const uint32_t bases[4] = { p->base, INPUT, OUTPUT, SCRATCH };

	command(p, 0, 0, 0);
	systole_set_bases(s, bases);
	systole_start(s, irq);
}

static void random_program(struct program *p)
{
	uint32_t out = 0, dst, len, jobs = 1 + rnd(12);

	for (uint32_t j = 0; j < jobs; j++) {
		add_load(p, (int)j, &dst, &len);
		if (chance(0.7)) {
			add_stream(p, 1, 0x01);
			command(p, 2, 0x01, 0);
		}
		if (chance(0.5))
			add_stream(p, 2 + (int)rnd(2), 0);
		command(p, 3, 0x02, 0x10);
		add_store(p, dst, len, &out);
	}
}

static void check_results(struct program *p)
{
	if (mem.violations)
		fail(mem.violation);
	memcpy(want_mem + p->base, mem.bytes + p->base, p->at);
	if (memcmp(want_mem, mem.bytes, MEM))
		fail("memory differs at the end");
	if (memcmp(want_act, act, ACT_BYTES))
		fail("activations differ at the end");
	for (int i = 0; i < 20; i++)
		tick();
	if (wgt_got != wgt_want)
		fail("weight stream differs");
	if (par_got != par_want)
		fail("parameters differ");
}

static void wait_irq()
{
	for (int i = 0; !top->irq_o; i++) {
		if (i > 400000)
			fail("no interrupt");
		tick();
	}
}

static void new_memory(int latency, double stall, double bandwidth)
{
	struct mem_options o = { latency, stall, bandwidth, rng };
	struct axi_s2m idle = {};

	memory_free(&mem);
	if (memory_init(&mem, MEM, BUS, &o))
		fail("no memory");
	in.axi = idle;
}

static void random_run(struct systole *s)
{
	static const double stalls[] = { 0, 0, 0.1, 0.5 };
	struct program p = { 0x80 * (1 + rnd(8)), 0, 0 };
	struct systole_counters n;

	new_memory(1 + (int)rnd(60), stalls[rnd(4)], chance(0.5) ? 1 : 0.5);
	p_gnt = chance(0.5) ? 1 : 0.3, p_wready = chance(0.5) ? 1 : 0.4, p_release = 0.2;
	prepare();
	memcpy(want_mem, mem.bytes, MEM);
	random_program(&p);
	run_job(s, &p, true);
	wait_irq();
	if (systole_wait(s, 1) != SYSTOLE_OK)
		fail("job failed");
	systole_counters(s, &n);
	if (n.cycles != irq_cycle - start_cycle)
		fail("CYCLES is not start to interrupt");
	if (n.mem_read != mem.beats_read || n.mem_write != mem.beats_written)
		fail("MEM_READ or MEM_WRITE");
	check_results(&p);
	systole_clear(s);
	tick();
	if (top->irq_o)
		fail("interrupt not cleared");
}

static void expect_error(struct systole *s, uint32_t code, uint32_t addr)
{
	struct systole_error e;

	wait_irq();
	if (systole_wait(s, 1) != SYSTOLE_FAILED)
		fail("no error");
	systole_error(s, &e);
	if (e.code != code || e.addr != addr) {
		printf("code %u (%s) addr %x, expected %u addr %x\n", e.code, systole_error_text(e.code), e.addr, code, addr);
		fail("error report");
	}
	if (systole_reset(s, 100000) != SYSTOLE_OK)
		fail("soft reset");
	if (systole_status(s))
		fail("status after soft reset");
}

static void begin_case(int latency)
{
	new_memory(latency, 0, 1);
	p_gnt = p_wready = p_release = 1;
	prepare();
	memcpy(want_mem, mem.bytes, MEM);
}

static void error_runs(struct systole *s)
{
	struct program p = { 0x400, 0, 0 };
	uint32_t *c, dst, len, out = 0;

	begin_case(20);
	c = command(&p, 9, 0, 0);
	run_job(s, &p, true);
	expect_error(s, ERR_OPCODE, 0x400);

	p = { 0x440, 0, 0 };
	run_job(s, &p, true);
	expect_error(s, ERR_BASE, 0x400);

	begin_case(30);
	p = { MEM - 128, 0, 0 };
	command(&p, 3, 0, 0);
	p.at = 0; /* the only command is POST, END would lie beyond memory */
	const uint32_t bases[4] = { MEM - 128, INPUT, OUTPUT, SCRATCH };
	systole_set_bases(s, bases);
	systole_start(s, 1);
	expect_error(s, ERR_FETCH, MEM);

	begin_case(30); /* END is the last word of memory: fetches beyond it do not matter */
	p = { MEM - 128, 0, 0 };
	run_job(s, &p, true);
	wait_irq();
	if (systole_wait(s, 1) != SYSTOLE_OK)
		fail("fetch beyond END");

	begin_case(7);
	p = { 0x400, 0, 0 };
	c = command(&p, 1, 0, 0);
	c[1] = MEM - INPUT - 64, c[2] = 300, c[4] = 1 << 4, c[5] = c[6] = 1;
	run_job(s, &p, true);
	expect_error(s, ERR_READ, MEM);

	begin_case(7);
	p = { 0x400, 0, 0 };
	c = command(&p, 1, 0, 0);
	c[1] = 0x100 - INPUT % 0x100, c[2] = 16 * BUS * 3, c[4] = 1 << 4, c[5] = c[6] = 1;
	run_job(s, &p, true);
	wait_irq(); /* learn how many beats there are, then fail in the second last burst of data */
	int64_t beats = (int64_t)mem.beats_read;
	systole_clear(s);
	mem.fault_read = (int64_t)mem.beats_read + beats - 20;
	systole_start(s, 1);
	wait_irq();
	expect_error(s, ERR_READ, INPUT + 0x100 - INPUT % 0x100 + 16 * BUS);

	begin_case(12);
	p = { 0x400, 0, 0 };
	add_load(&p, 0, &dst, &len);
	command(&p, 3, 0x02, 0x10);
	add_store(&p, 0, 3 * 16 * BUS, &out);
	((uint32_t *)(mem.bytes + p.base + p.at - 128))[2] = 40 * BUS;
	mem.fault_write = 20;
	run_job(s, &p, true);
	wait_irq();
	if (!mem.fault_write_addr)
		fail("no write fault");
	expect_error(s, ERR_WRITE, mem.fault_write_addr);

	begin_case(5);
	p = { 0x400, 0, 0 };
	c = command(&p, 1, 0, 0);
	c[1] = 3, c[2] = 64, c[4] = 1, c[5] = c[6] = 1;
	run_job(s, &p, true);
	expect_error(s, ERR_COMMAND, 0x400);

	begin_case(5);
	p = { 0x400, 0, 0 };
	for (int i = 0; i < 65; i++) {
		c = command(&p, 3, 0, 1);
	}
	run_job(s, &p, true);
	expect_error(s, ERR_TOKENS, 0);

	systole_read32(NULL, 0x018);
	if (host.resp != AXI_SLVERR)
		fail("unmapped read");
	systole_write32(NULL, 0xFFC, 1);
	if (host.resp != AXI_SLVERR)
		fail("unmapped write");
	systole_write32(NULL, CSR_BASE3, 0x11223344);
	if (host.resp != AXI_OKAY || systole_read32(NULL, CSR_BASE3) != 0x11223344)
		fail("base register");
	axil_host_write(&host, CSR_BASE3, 0xAABBCCDD, 5);
	in.axil = host.out;
	while (host.busy)
		tick();
	if (systole_read32(NULL, CSR_BASE3) != 0x11BB33DD)
		fail("byte strobes");

	begin_case(50);
	p = { 0x400, 0, 0 };
	random_program(&p);
	run_job(s, &p, false);
	systole_start(s, 0);
	struct systole_error e;
	systole_error(s, &e);
	if (e.code != ERR_START_BUSY)
		fail("start while busy");
	for (int i = 0; systole_status(s) & STATUS_BUSY; i++)
		if (i > 100000)
			fail("hangs");
	check_results(&p);
	systole_clear(s);
}

/* Soft reset in the middle of a job; the next job must be right. */
static void reset_run(struct systole *s)
{
	struct program p = { 0x400, 0, 0 };

	new_memory(1 + (int)rnd(60), chance(0.5) ? 0 : 0.3, 1);
	prepare();
	want_mem = (uint8_t *)memcpy(want_mem, mem.bytes, MEM);
	random_program(&p);
	run_job(s, &p, true);
	for (uint32_t i = rnd(2000); i; i--)
		tick();
	if (systole_reset(s, 100000) != SYSTOLE_OK)
		fail("soft reset");
	if (mem.reads.count || mem.writes.count || mem.responses.count || mem.violations)
		fail("soft reset left bursts behind");
}

static void speed(struct systole *s)
{
	struct systole_counters n;
	uint32_t beats = ACT_BYTES / BUS, *c;

	for (int store = 0; store < 2; store++) {
		struct program p = { 0x400, 0, 0 };

		begin_case(40);
		c = command(&p, store ? 4 : 1, 0, 0);
		c[1] = store ? 0x100 - OUTPUT % 0x100 : 0x100 - INPUT % 0x100;
		c[2] = ACT_BYTES, c[4] = store ? 2 << 4 : 1 << 4;
		if (!store)
			c[5] = c[6] = 1;
		run_job(s, &p, true);
		wait_irq();
		systole_counters(s, &n);
		systole_clear(s);
		printf("%s of %u beats, latency 40: %llu cycles\n", store ? "STORE" : "LOAD", beats, (unsigned long long)n.cycles);
	}
	struct program p = { 0x400, 0, 0 };
	begin_case(40);
	run_job(s, &p, true);
	wait_irq();
	systole_counters(s, &n);
	systole_clear(s);
	printf("END only, latency 40: %llu cycles\n", (unsigned long long)n.cycles);
}

static void config_fill()
{
	cfg.act_size = 1, cfg.act_aw = cfg.act_baw = ACT_AW, cfg.act_bytes = ACT_BYTES, cfg.act_bits = ACT_W, cfg.act_port = PORT;
	cfg.bus_bits = BUS_W, cfg.bus_bytes = BUS, cfg.wgt_word = WGT_WORD, cfg.wgt_depth = WGT_DEPTH, cfg.wgt_aw = WGT_AW;
	cfg.par_depth = PAR_DEPTH, cfg.cols = COLS;
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[2]) : 40;
	struct systole s;

	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	rng = seed * 0x9E3779B97F4A7C15ull | 1;
	Verilated::randReset(2);
	Verilated::randSeed((int)(seed & 0x7FFFFFFF) + 1);
	config_fill();
	top = new Vcontrol_top;
	want_mem = (uint8_t *)malloc(MEM);
	for (size_t i = 0; i < sizeof twin; i++)
		((uint8_t *)&twin)[i] = (uint8_t)rnd(256);
	axil_host_init(&host);
	new_memory(1, 0, 1);
	/* reset with both sides unknown; the registers that are not reset keep different values */
	in.rst_n = 0;
	for (int i = 0; i < 4; i++) {
		drive();
		top->clk_i = 0, top->eval();
		control_next(&cfg, &twin, &in);
		top->clk_i = 1, top->eval();
	}
	in.rst_n = 1;
	drive();
	top->clk_i = 0, top->eval();
	control_next(&cfg, &twin, &in);
	top->clk_i = 1, top->eval();
	build_regs();
	if (systole_init(&s, NULL))
		fail("no device");
	for (int i = 0; i < runs; i++) {
		random_run(&s);
		if (i % 4 == 1)
			reset_run(&s);
		if (i % 10 == 0)
			error_runs(&s);
	}
	speed(&s);
	printf("control_tb: %d runs, %llu lock-step cycles of %zu registers, no mismatch (bus %d, port %d, act %d, word %d, seed %llu)\n",
		runs, (unsigned long long)compared, regs.size(), BUS_W, PORT, ACT_W, WGT_WORD, (unsigned long long)seed);
	return 0;
}
