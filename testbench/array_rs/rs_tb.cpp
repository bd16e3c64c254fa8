// SPDX-License-Identifier: Apache-2.0
// Lock-step bench of the rs array with its feeder, accumulators and weight buffer: layers mapped by map_rs.c (and
// pools by map_feed.c) run on RTL and twins; every register is compared every cycle, every vector that reaches the
// collector against a plain convolution.
// usage: rs_tb [SEED [RUNS]]   random layers
//        rs_tb resnet8|dscnn   the layers of a network, cycles per layer
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>
#include "Vrs_top.h"
#include "verilated.h"
#include "verilated_syms.h"
extern "C" {
#include "cmodel/acc_rs.h"
#include "cmodel/array_rs.h"
#include "cmodel/feed.h"
#include "cmodel/feed_mux.h"
#include "cmodel/feed_rs.h"
#include "cmodel/pool.h"
#include "cmodel/wgt_buffer.h"
#include "compiler/map.h"
#include "compiler/map_rs.h"
}

struct state {
	struct feed_mux mux;
	struct feed_rs feed;
	struct feed pool_feed;
	struct pool pool;
	struct wgt_buffer wgt;
	struct array_rs array;
	struct acc_rs acc;
};

struct reg {
	std::string name;
	const char *meaning;
	const uint8_t *rtl;
	size_t twin; // offset in struct state
	int elem, lanes, width;
	struct lane { uint64_t rtl, twin; bool live; };
	std::vector<lane> lane;
};

static struct config cfg;
static const struct config *const c = &cfg;
static Vrs_top *top;
static struct state st[2];
static int now;
static struct array_rs_ram array_ram;
static struct acc_rs_ram acc_ram;
static struct wgt_buffer_ram wgt_ram;
static std::vector<reg> regs;
static std::vector<int8_t> act;
static uint64_t cycle, seed, compared;
static uint64_t rng = 1;
static const char *what = "";

static uint32_t rnd(uint32_t n)
{
	rng ^= rng << 13, rng ^= rng >> 7, rng ^= rng << 17;
	return n ? (uint32_t)((rng >> 32) % n) : 0;
}
static bool chance(double p) { return rnd(1 << 20) < p * (1 << 20); }

[[noreturn]] static void fail(const char *text)
{
	printf("rs_tb: cycle %llu, seed %llu, %s: %s\n", (unsigned long long)cycle, (unsigned long long)seed, what, text);
	exit(1);
}

static void add(const char *scope, const char *name, const char *meaning, const void *twin, int elem, int lanes, int width)
{
	char path[200], var[64];
	snprintf(path, sizeof path, "TOP.rs_top.%s", scope);
	snprintf(var, sizeof var, "%s", name);
	if (strcmp(name, "hold_q"))
		snprintf(var, sizeof var, "%s_q", name);
	const VerilatedScope *s = Verilated::threadContextp()->scopeFind(path);
	VerilatedVar *v = s ? s->varFind(var) : nullptr;
	if (!v) {
		printf("rs_tb: no register %s.%s\n", path, var);
		exit(1);
	}
	regs.push_back({ std::string(scope) + "." + var, meaning, (const uint8_t *)v->datap(), (size_t)((const char *)twin - (const char *)&st[0]), elem, lanes, width, {} });
}

static uint64_t rtl_lane(const reg &r, int lane)
{
	size_t bit = (size_t)lane * (size_t)r.width, n = (bit % 8 + (size_t)r.width + 7) / 8;
	unsigned __int128 v = 0;

	memcpy(&v, r.rtl + bit / 8, n);
	return (uint64_t)(v >> bit % 8) & (r.width == 64 ? ~0ull : (1ull << r.width) - 1);
}
static uint64_t twin_lane(const reg &r, int lane)
{
	uint64_t v = 0;

	memcpy(&v, (const char *)&st[now] + r.twin + lane * r.elem, (size_t)r.elem);
	return v & (r.width == 64 ? ~0ull : (1ull << r.width) - 1);
}

static void build_regs()
{
	char s[100];
	struct state *q = &st[0];
#define ELEM(x) (int)sizeof(std::remove_all_extents_t<std::remove_reference_t<decltype(x)>>)
#define R(field, lanes, width, meaning) add(S, #field, meaning, &(P.field), ELEM(P.field), lanes, width);
#define P q->mux
#define S "u_mux"
	FEED_MUX_REGS(R)
#undef P
#undef S
#define P q->feed
#define S "u_feed"
	FEED_RS_REGS(R)
#undef P
#undef S
#define P q->acc
#define S "u_acc"
	ACC_RS_REGS(R)
#undef P
#undef S
#undef R
#define R(field, name, lanes, width, meaning) add(S, #name, meaning, &(P.field), ELEM(P.field), lanes, width);
#define P q->feed
#define S "u_feed"
	FEED_RS_CMD_REGS(R, sh)
	FEED_RS_CMD_REGS(R, a)
	FEED_RS_SHADOW_REGS(R)
#undef P
#undef S
#define P q->pool
#define S "u_pool"
	add(S, "push", "", &P.push, 1, 1, 1);
#undef P
#undef S
#define P q->array
#define S "u_array"
	ARRAY_RS_REGS(R)
	if (rs_words(c) > 1)
		add("u_array.g_hold", "hold_q", "", q->array.hold, 1, (rs_words(c) - 1) * c->cols, c->wgt_bits);
#undef R
#undef S
#define R(field, name, first, lanes, width, meaning) add(s, #name, meaning, &P.field[first], ELEM(P.field), lanes, width);
	for (int r = 0; r < c->rows; r++) {
		snprintf(s, sizeof s, "u_array.g_row__BRA__%d__KET__.u_row", r);
		ARRAY_RS_ROW_REGS(R, r)
		snprintf(s, sizeof s, "u_array.g_row__BRA__%d__KET__.u_row.u_spad", r);
		ARRAY_RS_SPAD_REGS(R, r)
		for (int j = 0; j < c->cols; j++) {
			snprintf(s, sizeof s, "u_array.g_row__BRA__%d__KET__.u_row.g_col__BRA__%d__KET__.u_pe", r, j);
			ARRAY_RS_PE_REGS(R, r, j)
		}
	}
#undef P
#define P q->acc
	for (int b = 0; b < c->cols; b++) {
		snprintf(s, sizeof s, "u_acc.g_bank__BRA__%d__KET__.u_ram", b);
		ACC_RS_BANK_REGS(R, b)
	}
#undef P
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

			if (a == b && l.live)
				continue;
			l.live = l.live || a != l.rtl || b != l.twin;
			if (l.live && a != b) {
				printf("%s[%d] (%s): RTL %llx, twin %llx\n", r.name.c_str(), i, r.meaning, (unsigned long long)a, (unsigned long long)b);
				fail("mismatch");
			}
		}
	compared++;
}

struct in {
	bool rst_n, cmd_we, tok_ok, wr_valid, post_last, pop;
	uint8_t cmd_idx, post_done;
	uint64_t cmd_data;
	uint8_t wr_data[8];
	uint16_t post_pix;
};
static uint32_t rd_addr[4];
static bool rd_vld[4];
static int8_t rd_data[64];

struct out { bool full, idle, take, push; uint8_t wait; uint32_t rel; int32_t vec[32]; };

static void nets(const struct state *q, const struct in &in, struct feed_mux_in *mi, struct feed_mux_out *mo, struct feed_rs_out *fo, struct feed_out *po)
{
	memset(mi, 0, sizeof *mi);
	mi->cmd_we = in.cmd_we;
	mi->cmd_idx = in.cmd_idx;
	mi->cmd_data = in.cmd_data;
	mi->tok_ok = in.tok_ok;
	mi->push = q->acc.push | q->pool.push;
	mi->pop = in.pop;
	feed_rs_comb(&q->feed, 0, fo);
	feed_comb(&q->pool_feed, 0, po);
	mi->wait[0] = fo->wait;
	mi->wait[1] = po->wait;
	mi->idle[0] = fo->idle;
	mi->idle[1] = po->idle;
	mi->full[0] = q->feed.full;
	mi->full[1] = q->pool_feed.full;
	feed_mux_comb(&q->mux, mi, mo);
	feed_rs_comb(&q->feed, mo->tok_ok[0], fo);
	feed_comb(&q->pool_feed, mo->tok_ok[1], po);
}

static void twin_out(const struct in &in, struct out *o)
{
	const struct state *q = &st[now];
	struct feed_mux_in mi;
	struct feed_mux_out mo;
	struct feed_rs_out fo;
	struct feed_out po;

	nets(q, in, &mi, &mo, &fo, &po);
	o->full = mo.full;
	o->idle = mo.idle;
	o->wait = mo.wait;
	o->take = fo.take || po.take;
	o->push = mi.push;
	o->rel = q->feed.rel;
	memcpy(o->vec, q->pool.push ? q->pool.vec : q->acc.vec, sizeof o->vec);
}

static void twin_next(const struct in &in)
{
	const struct state *q = &st[now];
	struct state *d = &st[!now];
	struct feed_mux_in mi;
	struct feed_mux_out mo;
	struct feed_rs_out fo;
	struct feed_out po;

	nets(q, in, &mi, &mo, &fo, &po);
	uint8_t take[2] = { fo.take, po.take };
	feed_mux_next(c, &q->mux, &mi, take, &d->mux);

	struct feed_rs_in fi;
	memset(&fi, 0, sizeof fi);
	fi.cmd_we = mo.cmd_we[0];
	fi.cmd_idx = in.cmd_idx;
	fi.cmd_data = in.cmd_data;
	fi.tok_ok = mo.tok_ok[0];
	fi.vld = rd_vld[3];
	fi.rd_data = rd_data;
	fi.wgt_cnt = q->wgt.cnt;
	fi.tile_done = q->acc.done;
	fi.post_done = in.post_done;
	fi.post_last = in.post_last;
	fi.post_pix = in.post_pix;
	feed_rs_next(c, &q->feed, &fi, &d->feed);

	struct feed_in pi;
	memset(&pi, 0, sizeof pi);
	pi.cmd_we = mo.cmd_we[1];
	pi.cmd_idx = in.cmd_idx;
	pi.cmd_data = in.cmd_data;
	pi.tok_ok = mo.tok_ok[1];
	pi.vld = rd_vld[3];
	pi.rd_data = rd_data;
	pi.col_pop = mo.pop[1];
	pi.post_done = in.post_done;
	pi.post_last = in.post_last;
	pi.post_pix = in.post_pix;
	feed_next(c, &q->pool_feed, &pi, &d->pool_feed);

	struct pool_in pl;
	memset(&pl, 0, sizeof pl);
	pl.valid = tok_bit(q->pool_feed.tok5, TOK_VALID) && tok_bit(q->pool_feed.tok5, TOK_POOL);
	pl.first = (uint8_t)tok_bit(q->pool_feed.tok5, TOK_FIRST);
	pl.last = (uint8_t)tok_bit(q->pool_feed.tok5, TOK_LAST);
	pl.max = (uint8_t)tok_bit(q->pool_feed.tok5, TOK_PMAX);
	pl.in_map = q->pool_feed.pv5;
	pl.word = q->pool_feed.bus;
	pool_next(c, &q->pool, &pl, &d->pool);

	struct wgt_buffer_in wi;
	memset(&wi, 0, sizeof wi);
	wi.wr_valid = in.wr_valid;
	wi.wr_data = in.wr_data;
	wi.rd = q->feed.wrd4;
	wi.raddr = q->feed.wa4;
	wgt_buffer_next(c, &q->wgt, &wi, &wgt_ram, &d->wgt);

	struct array_rs_in ai;
	memset(&ai, 0, sizeof ai);
	ai.tok = q->feed.tok5;
	ai.wv = q->feed.wrd5;
	ai.w = wgt_buffer_rdata(c, &q->wgt);
	ai.ld = q->feed.ld5;
	ai.bus = q->feed.bus;
	ai.gl = (uint8_t)q->feed.a.gl;
	ai.dj = (uint8_t)q->feed.a.dj;
	feed_rs_rows(c, &q->feed, &ai.cfg);
	array_rs_next(c, &q->array, &ai, &array_ram, &d->array);

	struct acc_rs_in ci;
	memset(&ci, 0, sizeof ci);
	ci.v = q->array.v[0];
	ci.vec = q->array.chain;
	ci.cmd = &q->feed.a;
	ci.start = q->feed.cfg != 0;
	ci.col_pop = mo.pop[0];
	acc_rs_next(c, &q->acc, &ci, &acc_ram, &d->acc);

	wgt_buffer_commit(c, &wgt_ram);
	array_rs_commit(c, &array_ram);
	acc_rs_commit(c, &acc_ram);
	if (!in.rst_n) {
		feed_mux_reset(&d->mux);
		feed_rs_reset(&d->feed);
		feed_reset(c, &d->pool_feed);
		wgt_buffer_reset(&d->wgt);
		array_rs_reset(c, &d->array);
		acc_rs_reset(c, &d->acc);
		d->pool.push = 0;
	}
	now = !now;
}

static void drive(const struct in &in)
{
	uint8_t packed[64] = { 0 };

	top->rst_ni = in.rst_n;
	top->cmd_we_i = in.cmd_we;
	top->cmd_idx_i = in.cmd_idx;
	top->cmd_data_i = in.cmd_data;
	top->tok_ok_i = in.tok_ok;
	top->vld_i = rd_vld[3];
	for (int i = 0; i < PORT; i++)
		for (int b = 0; b < ACT_W; b++)
			packed[(i * ACT_W + b) / 8] |= (uint8_t)((rd_data[i] >> b & 1) << ((i * ACT_W + b) % 8));
	memcpy(&top->rd_data_i, packed, sizeof top->rd_data_i);
	top->wr_valid_i = in.wr_valid;
	memcpy(&top->wr_data_i, in.wr_data, 8);
	top->post_done_i = in.post_done;
	top->post_last_i = in.post_last;
	top->post_pix_i = in.post_pix;
	top->col_pop_i = in.pop;
	top->eval();
}

static uint32_t reads;

/* One clock: in is complete; the activation buffer answers what was asked three cycles ago. */
static void clock(const struct in &in)
{
	const struct state *q = &st[now];
	bool rd = q->feed.frd || q->pool_feed.frd;
	uint32_t addr = (uint32_t)(q->feed.frd ? q->feed.faddr : q->pool_feed.faddr) & ((1u << AW) - 1);

	top->clk_i = 0;
	top->eval();
	twin_next(in);
	top->clk_i = 1;
	top->eval();
	for (int i = 3; i > 1; i--) {
		rd_vld[i] = rd_vld[i - 1];
		rd_addr[i] = rd_addr[i - 1];
	}
	reads += rd;
	rd_vld[1] = rd && in.rst_n;
	rd_addr[1] = addr;
	if (rd_vld[3])
		for (int i = 0; i < PORT; i++)
			rd_data[i] = act[(rd_addr[3] + (uint32_t)i) & ((1u << AW) - 1)];
	cycle++;
	compare();
}

// ---- layers ----
struct shape { int kind, ih, iw, ic, oc, kh, kw, sh, sw, dh, dw, pt, pl, oh, ow, groups, mult, zx, add, gap; };
struct job {
	struct shape s;
	struct graph g;
	struct tensor t[2];
	struct op o;
	std::vector<int8_t> x, w;
	std::vector<int32_t> bias;
	uint32_t addr;
	int follow;
	struct layer l;
	struct rs_plan plan;
	uint64_t start, end;
	int64_t macs;
};
struct expect { std::vector<int32_t> vec; int valid; job *j; };
struct area { struct post_area a; job *j; };

static std::vector<area> areas;
static job *mapping;

/* What the mapper calls besides builder.c: only the order of the output and errors matter here. */
extern "C" {
void map_window(const struct graph *g, const struct op *o, struct window *w)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];
	*w = { in->c, in->w, out->w, out->c, o->kh, o->kw, o->sh, o->sw, o->dh, o->dw, o->pad_top, o->pad_left, in->zero_point };
	if (o->kind == OP_FULLY_CONNECTED) {
		w->ic = in->h * in->w * in->c;
		w->iw = w->ow = w->kh = w->kw = w->sh = w->sw = w->dh = w->dw = 1;
		w->pt = w->pl = 0;
	}
}
int map_error(struct mapper *m, const struct op *, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(m->err, m->errsize, fmt, ap);
	va_end(ap);
	return -1;
}
int map_post(struct mapper *m, const struct layer *, const struct stripe *, const struct post_area *a, enum post_kind, int wait, int push)
{
	areas.push_back({ *a, mapping });
	builder_command(m->b, OPCODE_POST, wait, push);
	return 0;
}
int map_params(struct mapper *m, const struct layer *, int n, struct params *p)
{
	uint8_t *d;
	p->kind = LOAD_PAR;
	p->at = builder_data(m->b, (size_t)n * 16, &d);
	return 0;
}
int map_uniform_params(struct mapper *m, const struct requant *, struct params *p)
{
	return map_params(m, nullptr, m->c->cols, p);
}
void map_put_weight(const struct mapper *m, const struct op *, uint8_t *word, int col, int, int value)
{
	int at = col * m->c->wgt_store;

	word[at / 8] |= (uint8_t)((value & ((1 << m->c->wgt_store) - 1)) << at % 8);
}
void map_load_params(struct mapper *m, const struct params *p, int ct0, int n)
{
	size_t bytes = (size_t)m->c->cols * 16;
	builder_load_data(m->b, p->kind, p->at + (size_t)ct0 * bytes, (size_t)n * bytes, 1, 1, 0);
}
}

static int8_t input(const job &j, int y, int x, int ch) { return j.x[(size_t)((y * j.s.iw + x) * j.s.ic + ch)]; }

static int32_t reference(const job &j, int oc, int oy, int ox)
{
	const struct shape &s = j.s;
	int64_t sum = 0;
	int zx = cfg.zero_gating ? s.zx : 0, opg = s.oc / s.groups, per = s.ic / s.groups;

	if (s.kind == OP_MAX_POOL_2D)
		sum = -(1 << (cfg.x_bits - 1));
	for (int ky = 0; ky < s.kh; ky++)
		for (int kx = 0; kx < s.kw; kx++) {
			int y = oy * s.sh - s.pt + ky * s.dh, x = ox * s.sw - s.pl + kx * s.dw;
			bool inside = y >= 0 && y < s.ih && x >= 0 && x < s.iw;
			if (s.kind == OP_MAX_POOL_2D) {
				if (inside && input(j, y, x, oc) > sum)
					sum = input(j, y, x, oc);
			} else if (s.kind == OP_DEPTHWISE_CONV_2D) {
				int v = inside ? input(j, y, x, oc / s.mult) : s.zx;
				sum += (v - zx) * j.w[(size_t)((ky * s.kw + kx) * s.oc + oc)];
			} else {
				for (int i = 0; i < per; i++) {
					int v = inside ? input(j, y, x, oc / opg * per + i) : s.zx;
					sum += (v - zx) * j.w[(size_t)(((oc * s.kh + ky) * s.kw + kx) * per + i)];
				}
			}
		}
	return (int32_t)sum;
}

static int32_t sext(int64_t v, int bits) { return (int32_t)((int64_t)((uint64_t)v << (64 - bits)) >> (64 - bits)); }
static int rand_bits(int bits) { int n = 1 << bits; return chance(0.05) ? (chance(0.5) ? n / 2 - 1 : -n / 2) : chance(0.1) ? 0 : (int)rnd((uint32_t)n) - n / 2; }

static bool fc_shape(struct shape *s)
{
	return s->kind == OP_FULLY_CONNECTED;
}

static void make(job &j)
{
	struct shape &s = j.s;
	int per = s.kind == OP_DEPTHWISE_CONV_2D ? 1 : s.ic / s.groups;

	memset(&j.g, 0, sizeof j.g);
	memset(j.t, 0, sizeof j.t);
	memset(&j.o, 0, sizeof j.o);
	j.x.resize((size_t)(s.ih * s.iw * s.ic));
	for (auto &v : j.x)
		v = (int8_t)rand_bits(cfg.act_bits);
	j.w.resize((size_t)(s.oc * s.kh * s.kw * per));
	for (auto &v : j.w)
		v = (int8_t)rand_bits(cfg.wgt_bits);
	if (fc_shape(&s)) {
		j.t[0].h = s.ih; j.t[0].w = s.iw; j.t[0].c = s.ic;
	}
	j.t[0].h = s.ih; j.t[0].w = s.iw; j.t[0].c = s.ic;
	j.t[0].zero_point = s.zx;
	j.t[1].h = s.oh; j.t[1].w = s.ow; j.t[1].c = s.oc;
	j.g.tensors = j.t;
	j.g.ntensors = 2;
	j.g.ops = &j.o;
	j.g.nops = 1;
	j.o.kind = (enum op_kind)s.kind;
	j.o.in[0] = 0; j.o.in[1] = -1; j.o.out = 1;
	j.o.kh = s.kh; j.o.kw = s.kw; j.o.sh = s.sh; j.o.sw = s.sw; j.o.dh = s.dh; j.o.dw = s.dw;
	j.o.pad_top = s.pt; j.o.pad_left = s.pl; j.o.groups = s.groups; j.o.multiplier = s.mult;
	j.o.weights = j.w.data();
	memset(&j.l, 0, sizeof j.l);
	j.l.add = s.add ? 0 : -1;
	j.l.gap = s.gap ? 0 : -1;
	j.macs = (int64_t)s.oh * s.ow * s.oc * s.kh * s.kw * per;
}

static int map_job(job &j, struct mapper *m, int k)
{
	struct stripe s;

	mapping = &j;
	m->g = &j.g;
	memset(&s, 0, sizeof s);
	s.oh = fc_shape(&j.s) ? 1 : j.s.oh;
	s.ih = j.s.ih;
	s.in = j.addr;
	s.follow = j.follow;
	s.dep = k;
	s.plain = chance(0.8);
	if (j.s.kind == OP_MAX_POOL_2D)
		return map_pool(m, &j.l, &s);
	if (map_rs_plan(m, &j.l, &j.plan))
		return -1;
	return map_mac_rs(m, &j.l, &s);
}

struct env { double tok, mem, pop, post; bool fast; };
struct blocks { const uint8_t *p; size_t bytes, stride; int rep, blocks; };

static bool verbose;
static void describe(const job &j, char *s, size_t n);

/* Maps the jobs one after another and runs them; j.start..j.end: cycles from the first job's start. */
static bool run(std::vector<job> &jobs, const struct env &e)
{
	struct builder b;
	struct mapper m;
	char err[200] = "";
	std::vector<int> cmd_job;
	int k = 0;

	builder_init(&b);
	memset(&m, 0, sizeof m);
	m.c = c;
	m.b = &b;
	m.err = err;
	m.errsize = sizeof err;
	areas.clear();
	for (auto &j : jobs) {
		if (map_job(j, &m, k++) || b.failed) {
			if (verbose)
				printf("  refused: %s%s\n", err, b.failed ? b.why : "");
			builder_free(&b);
			return false;
		}
		cmd_job.resize((size_t)b.ncommands, k - 1);
	}
	// expected vectors
	std::deque<expect> want;
	size_t total = 0;
	for (auto &a : areas) {
		job &j = *a.j;
		for (int ct = 0; ct < a.a.nct; ct++)
			for (int y = 0; y < a.a.oh; y++)
				for (int x = 0; x < a.a.ow; x++) {
					expect v;
					v.valid = 0;
					v.j = &j;
					for (int i = 0; i < c->cols; i++) {
						int oc = ct * c->cols + i;
						v.vec.push_back(oc < j.s.oc ? sext(reference(j, oc, a.a.y0 + y, a.a.x0 + x), c->acc_bits) : 0);
						v.valid += oc < j.s.oc;
					}
					want.push_back(v);
					total++;
				}
	}
	// memory and weights
	std::deque<blocks> loads;
	for (int i = 0; i < b.ncommands; i++) {
		const struct command *cmd = &b.commands[i];
		if ((cmd->slot[0] & 15) == OPCODE_LOAD && (cmd->slot[4] & 3) == LOAD_WGT)
			loads.push_back({ b.data + cmd->slot[1], cmd->slot[2], cmd->slot[7], (int)cmd->slot[5], (int)cmd->slot[6] });
	}
	for (auto &v : act)
		v = (int8_t)rand_bits(cfg.act_bits);
	for (auto &j : jobs)
		if (!j.follow)
			for (size_t i = 0; i < j.x.size(); i++)
				act[(j.addr + i) & ((1u << AW) - 1)] = j.x[i];
	int cmd = 0, beat = 0, rep = 0, block = 0, stage = 0, pix = 0;
	size_t at = 0;
	long credit = c->wgt_depth; // words
	long in_col = 0, quiet = 0;
	uint64_t begin = cycle, idle_since = 0;
	struct in in;
	struct out o;
	size_t got = 0;
	int words_beat = c->wgt_word >= 8 ? 0 : 8 / c->wgt_word, beats_word = c->wgt_word >= 8 ? c->wgt_word / 8 : 0, part = 0;

	memset(&in, 0, sizeof in);
	in.rst_n = true;
	while (cmd < b.ncommands && (b.commands[cmd].slot[0] & 15) != OPCODE_FEED)
		cmd++;
	for (;;) {
		twin_out(in, &o);
		// commands
		in.cmd_we = false;
		if (cmd < b.ncommands && !(beat == 0 && o.full) && chance(e.fast ? 1 : 0.7)) {
			in.cmd_we = true;
			in.cmd_idx = (uint8_t)beat;
			in.cmd_data = b.commands[cmd].slot[2 * beat] | (uint64_t)b.commands[cmd].slot[2 * beat + 1] << 32;
			if (++beat == 16) {
				beat = 0;
				do
					cmd++;
				while (cmd < b.ncommands && (b.commands[cmd].slot[0] & 15) != OPCODE_FEED);
			}
		}
		in.tok_ok = chance(e.tok);
		// weights
		in.wr_valid = false;
		if (!loads.empty() && chance(e.mem)) {
			struct blocks &l = loads.front();
			bool room = words_beat ? credit >= words_beat : part != 0 || credit >= 1;
			if (room) {
				in.wr_valid = true;
				memset(in.wr_data, 0, 8);
				memcpy(in.wr_data, l.p + (size_t)block * l.stride + at, l.bytes - at < 8 ? l.bytes - at : 8);
				if (words_beat)
					credit -= words_beat;
				else {
					if (part == 0)
						credit--;
					part = (part + 1) % beats_word;
				}
				at += 8;
				if (at >= l.bytes) {
					at = 0;
					if (++rep == l.rep) {
						rep = 0;
						if (++block == l.blocks) {
							block = 0;
							loads.pop_front();
						}
					}
				}
			}
		}
		credit += o.rel;
		// the layers before: job k follows POST k
		while (stage < (int)jobs.size() && !jobs[(size_t)stage].follow && pix == 0)
			stage++;
		in.post_done = (uint8_t)stage;
		in.post_last = true;
		in.post_pix = (uint16_t)pix;
		// collector
		in.pop = in_col > 0 && chance(e.pop);
		in_col -= in.pop;
		// push seen this cycle
		if (o.push) {
			in_col++;
			if (in_col > c->col_depth)
				fail("collector overflow");
			if (want.empty())
				fail("a vector too many");
			what = "vector";
			for (int i = 0; i < want.front().valid; i++)
				if (sext(o.vec[i], c->acc_bits) != want.front().vec[(size_t)i]) {
					char text[300];
					describe(*want.front().j, text, sizeof text);
					printf("%s follow %d\n", text, want.front().j->follow);
					printf("vector %zu of %zu, lane %d: %d, expected %d\n", got, total, i, o.vec[i], want.front().vec[(size_t)i]);
					fail("wrong sum");
				}
			want.front().j->end = cycle - begin;
			if (!want.front().j->start)
				want.front().j->start = cycle - begin;
			want.pop_front();
			got++;
			quiet = 0;
		}
		drive(in);
		if (top->push_o != o.push || top->cmd_full_o != o.full || top->idle_o != o.idle || top->tok_wait_o != o.wait)
			fail("outputs");
		clock(in);
		// a pixel appears after its write
		if (stage < (int)jobs.size() && chance(e.post)) {
			job &j = jobs[(size_t)stage];
			int n = j.s.ih * j.s.iw;
			for (int i = 0; i < j.s.ic; i++)
				act[(j.addr + (uint32_t)(pix * j.s.ic + i)) & ((1u << AW) - 1)] = j.x[(size_t)(pix * j.s.ic + i)];
			if (++pix == n) {
				pix = 0;
				stage++;
			}
		}
		if (want.empty() && cmd == b.ncommands && !in.cmd_we && o.idle && in_col == 0) {
			if (idle_since++ > 40)
				break;
		}
		if (++quiet > 3000000 / (e.fast ? 1 : 1))
			fail("no progress");
	}
	if (credit != c->wgt_depth)
		fail("weight words lost");
	builder_free(&b);
	return true;
}

static void reset()
{
	struct in in;

	memset(&in, 0, sizeof in);
	for (int i = 0; i < 4; i++) {
		in.rst_n = false;
		drive(in);
		clock(in);
	}
	in.rst_n = true;
	drive(in);
	clock(in);
}

static int pads(int in, int out, int s, int k, int d) { int t = (out - 1) * s + (k - 1) * d + 1 - in; return t > 0 ? t / 2 : 0; }

static struct shape random_shape()
{
	struct shape s;
	memset(&s, 0, sizeof s);
	s.groups = s.mult = 1;
	s.sh = s.sw = s.dh = s.dw = 1;
	s.zx = rand_bits(cfg.act_bits);
	s.ic = 1 + (int)rnd(chance(0.3) ? 40 : 12);
	s.oc = 1 + (int)rnd(chance(0.2) ? 40 : 14);
	s.ih = 1 + (int)rnd(14);
	s.iw = 1 + (int)rnd(14);
	switch (rnd(8)) {
	case 0:
		s.kind = OP_FULLY_CONNECTED;
		s.ih = s.iw = s.kh = s.kw = s.oh = s.ow = 1;
		s.ic = 1 + (int)rnd(200);
		return s;
	case 1:
		s.kind = OP_CONV_2D;
		s.kh = s.kw = 1;
		s.sh = s.sw = 1 + (int)rnd(2);
		s.oh = (s.ih + s.sh - 1) / s.sh;
		s.ow = (s.iw + s.sw - 1) / s.sw;
		s.add = chance(0.3);
		return s;
	case 2:
	case 3:
		s.kind = OP_DEPTHWISE_CONV_2D;
		s.mult = chance(0.2) ? 1 + (int)rnd(3) : 1;
		s.oc = s.ic * s.mult;
		break;
	case 4:
		s.kind = OP_MAX_POOL_2D;
		s.oc = s.ic;
		break;
	default:
		s.kind = OP_CONV_2D;
		if (chance(0.2)) {
			s.groups = 1 + (int)rnd(4);
			s.ic = s.groups * (1 + (int)rnd(6));
			s.oc = s.groups * (1 + (int)rnd(6));
		}
	}
	s.kh = 1 + (int)rnd(chance(0.2) ? 7 : 3);
	s.kw = 1 + (int)rnd(chance(0.2) ? 7 : 3);
	if (chance(0.3))
		s.kh = s.kw = 3;
	s.sh = 1 + (int)rnd(chance(0.3) ? 3 : 1);
	s.sw = chance(0.7) ? s.sh : 1 + (int)rnd(3);
	if (s.kind != OP_MAX_POOL_2D && chance(0.15)) {
		s.dh = 1 + (int)rnd(3);
		s.dw = 1 + (int)rnd(3);
	}
	if (chance(0.6)) {
		s.oh = (s.ih + s.sh - 1) / s.sh;
		s.ow = (s.iw + s.sw - 1) / s.sw;
		s.pt = pads(s.ih, s.oh, s.sh, s.kh, s.dh);
		s.pl = pads(s.iw, s.ow, s.sw, s.kw, s.dw);
	} else {
		while ((s.kh - 1) * s.dh + 1 > s.ih)
			s.ih++;
		while ((s.kw - 1) * s.dw + 1 > s.iw)
			s.iw++;
		s.oh = (s.ih - (s.kh - 1) * s.dh - 1) / s.sh + 1;
		s.ow = (s.iw - (s.kw - 1) * s.dw - 1) / s.sw + 1;
	}
	return s;
}

static struct shape conv(int kind, int ih, int iw, int ic, int oc, int kh, int kw, int st, int oh, int ow)
{
	struct shape s = { kind, ih, iw, ic, oc, kh, kw, st, st, 1, 1, pads(ih, oh, st, kh, 1), pads(iw, ow, st, kw, 1), oh, ow, 1, 1, -5, 0, 0 };
	return s;
}

static void describe(const job &j, char *s, size_t n)
{
	const struct shape &p = j.s;
	const struct rs_plan &q = j.plan;
	snprintf(s, n, "kind %d %dx%dx%d->%dx%dx%d k%dx%d s%d,%d d%d,%d p%d,%d g%d m%d | flat%d dw%d sep%d nset%d khn%d nkg%d kwn%d nkw%d q%d nc%d pitch%d m%d gwin%d nx%d nseg%d",
		p.kind, p.ih, p.iw, p.ic, p.oh, p.ow, p.oc, p.kh, p.kw, p.sh, p.sw, p.dh, p.dw, p.pt, p.pl, p.groups, p.mult,
		q.flat, q.dw, q.sep, q.nset, q.khn, q.nkg, q.kwn, q.nkw, q.q, q.nc, q.pitch, q.m, q.gwin, q.nx, q.nseg);
}

static int network(const char *name)
{
	std::vector<struct shape> s;
	if (!strcmp(name, "resnet8")) {
		s.push_back(conv(OP_CONV_2D, 32, 32, 3, 16, 3, 3, 1, 32, 32));
		s.push_back(conv(OP_CONV_2D, 32, 32, 16, 16, 3, 3, 1, 32, 32));
		s.push_back(conv(OP_CONV_2D, 32, 32, 16, 16, 3, 3, 1, 32, 32));
		s.back().add = 1;
		s.push_back(conv(OP_CONV_2D, 32, 32, 16, 32, 3, 3, 2, 16, 16));
		s.push_back(conv(OP_CONV_2D, 32, 32, 16, 32, 1, 1, 2, 16, 16));
		s.push_back(conv(OP_CONV_2D, 16, 16, 32, 32, 3, 3, 1, 16, 16));
		s.back().add = 1;
		s.push_back(conv(OP_CONV_2D, 16, 16, 32, 64, 3, 3, 2, 8, 8));
		s.push_back(conv(OP_CONV_2D, 16, 16, 32, 64, 1, 1, 2, 8, 8));
		s.push_back(conv(OP_CONV_2D, 8, 8, 64, 64, 3, 3, 1, 8, 8));
		s.back().add = 1;
		s.push_back(conv(OP_FULLY_CONNECTED, 1, 1, 64, 10, 1, 1, 1, 1, 1));
	} else {
		s.push_back(conv(OP_CONV_2D, 49, 10, 1, 64, 10, 4, 2, 25, 5));
		for (int i = 0; i < 4; i++) {
			s.push_back(conv(OP_DEPTHWISE_CONV_2D, 25, 5, 64, 64, 3, 3, 1, 25, 5));
			s.push_back(conv(OP_CONV_2D, 25, 5, 64, 64, 1, 1, 1, 25, 5));
		}
		s.push_back(conv(OP_FULLY_CONNECTED, 1, 1, 64, 12, 1, 1, 1, 1, 1));
	}
	int64_t macs = 0, cycles = 0, est = 0;
	for (auto &p : s) {
		std::vector<job> jobs(1);
		char text[300];
		jobs[0].s = p;
		jobs[0].addr = 16;
		jobs[0].follow = 0;
		jobs[0].start = 0;
		make(jobs[0]);
		struct env e = { 1, 1, p.add ? 0.25 : 1, 0, true };
		verbose = true;
		if (!run(jobs, e))
			fail("refused");
		const job &j = jobs[0];
		describe(j, text, sizeof text);
		int64_t n = (int64_t)j.end;
		printf("%8lld MACs %7lld cycles, estimate %7lld, %5.1f %%  %s\n", (long long)j.macs, (long long)n, (long long)j.l.estimate, 100.0 * (double)j.macs / (double)n / (ROWS * COLS), text);
		macs += j.macs;
		cycles += n;
		est += j.l.estimate;
	}
	printf("%s on %dx%d: %lld MACs, %lld cycles (layer by layer, estimate %lld), %.1f %%, %llu cycles in lock-step\n", name, ROWS, COLS, (long long)macs, (long long)cycles, (long long)est,
		100.0 * (double)macs / (double)cycles / (ROWS * COLS), (unsigned long long)compared);
	return 0;
}

static void set_config()
{
	struct config_error e;

	config_init(&cfg);
	snprintf(cfg.name, sizeof cfg.name, "rs");
	cfg.dataflow = DATAFLOW_RS;
	cfg.rows = ROWS;
	cfg.cols = COLS;
	cfg.act_bits = ACT_W;
	cfg.wgt_bits = WGT_W;
	cfg.acc_bits = ACC_W;
	cfg.sparsity = GATE ? SPARSITY_GATE : SPARSITY_NONE;
	cfg.act_bytes = 1 << AW;
	cfg.act_port = PORT;
	cfg.wgt_bytes = WGT_DEPTH * WGT_WORD;
	cfg.acc_depth = ACC_DEPTH;
	cfg.spad_act = RING;
	cfg.spad_wgt = SPAD;
	if (config_derive(&cfg, &e)) {
		printf("config: %s\n", e.text);
		exit(1);
	}
	if (cfg.wgt_word != WGT_WORD || cfg.wgt_depth != WGT_DEPTH || cfg.col_depth != COL_DEPTH || rs_ring(c) != RING) {
		printf("parameters differ from the configuration: word %d depth %d col %d ring %d\n", cfg.wgt_word, cfg.wgt_depth, cfg.col_depth, rs_ring(c));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	const char *arg = argc > 1 ? argv[1] : "1";
	int runs = argc > 2 ? atoi(argv[2]) : 40, refused = 0, done = 0;

	set_config();
	act.resize(1u << AW);
	if (array_rs_ram_init(c, &array_ram) || acc_rs_ram_init(c, &acc_ram) || wgt_buffer_ram_init(c, &wgt_ram))
		return 1;
	srand(1);
	for (size_t i = 0; i < sizeof st; i++)
		((uint8_t *)st)[i] = 0;
	top = new Vrs_top;
	top->clk_i = 0;
	top->eval();
	build_regs();
	reset();
	if (arg[0] > '9')
		return network(arg);
	for (int i = 0; i < runs; i++) {
		seed = strtoull(arg, nullptr, 0) + (uint64_t)i;
		rng = seed * 0x9E3779B97F4A7C15ull + 1;
		rnd(1);
		std::vector<job> jobs(1 + rnd(3));
		uint32_t addr = rnd(100);
		char text[300];
		for (auto &j : jobs) {
			j.s = random_shape();
			j.addr = addr;
			j.follow = chance(0.5);
			j.start = j.end = 0;
			memset(&j.plan, 0, sizeof j.plan);
			make(j);
			addr += (uint32_t)j.x.size() + rnd(40);
		}
		struct env e = { 1, 1, 1, 1, true };
		if (chance(0.7))
			e = { 0.5, 0.1 + 0.3 * rnd(4), 0.1 + 0.3 * rnd(4), 0.02 + 0.3 * rnd(4), false };
		verbose = getenv("V") != nullptr;
		if (!run(jobs, e))
			refused++;
		else
			done++;
		if (verbose)
			for (auto &j : jobs) {
				describe(j, text, sizeof text);
				printf("%llu: %s\n", (unsigned long long)seed, text);
			}
	}
	printf("rs_tb: %d runs passed, %d refused, %llu cycles in lock-step, %zu registers\n", done, refused, (unsigned long long)compared, regs.size());
	return 0;
}
