/* SPDX-License-Identifier: Apache-2.0
 * feed (WS), wload_ws, wgt_buffer and array_ws in lock-step with their twins; pushed sums against plain convolution.
 * usage: array_ws_tb SEED BATCHES          random convolutions
 *        array_ws_tb SEED BATCHES random   the same, registers start random and are not compared
 *        array_ws_tb SEED 0 resnet8|dscnn  cycles of a network's layers */
#include "Varray_ws_top.h"
#include "Varray_ws_top___024root.h"
#include "verilated.h"
extern "C" {
#include "array_ws.h"
#include "feed.h"
#include "lanes.h"
#include "wgt_buffer.h"
#include "wload_ws.h"
}
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <vector>
using std::deque;
using std::vector;

static uint64_t rng;
static uint64_t rnd()
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng * 0x2545F4914F6CDD1Dull >> 11;
}
static int below(int n) { return (int)(rnd() % (uint64_t)n); }
static int between(int a, int b) { return a + below(b - a + 1); }
static bool chance(int percent) { return below(100) < percent; }
static int up(int a, int b) { return (a + b - 1) / b; }

/* ---- registers of the model ---- */
template <class T> static uint64_t bits_of(const T &v, int low, int width)
{
	return (uint64_t)v >> low & (width == 64 ? ~0ull : (1ull << width) - 1);
}
template <std::size_t N> static uint64_t bits_of(const VlWide<N> &v, int low, int width)
{
	uint64_t r = 0;

	for (int i = 0; i < width; i++)
		r |= (uint64_t)(v.at((size_t)(low + i) / 32) >> (low + i) % 32 & 1) << i;
	return r;
}
template <class T> static uint64_t twin_get(const T &f, int) { return (uint64_t)f; }
template <class T, size_t N> static uint64_t twin_get(const T (&f)[N], int i) { return (uint64_t)f[i]; }

struct state { feed f; wload_ws l; wgt_buffer g; array_ws a; };
static config conf;
static Varray_ws_top *top;
static state st[2];
static wgt_buffer_ram wgt_ram;
static array_ws_ram acc;
static uint64_t cycle, compared;
static int now, failed;
static bool comparing = true;

static void fail(const char *what)
{
	if (failed++ < 12)
		printf("cycle %llu: %s\n", (unsigned long long)cycle, what);
}

template <class M, class F> static void reg(const M &model, const F &field, int first, int lanes, int width, const char *name, const char *meaning)
{
	for (int i = 0; i < lanes; i++) {
		uint64_t got = bits_of(model, i * width, width), want = twin_get(field, first + i) & (width == 64 ? ~0ull : (1ull << width) - 1);

		compared++;
		if (got != want && failed++ < 12)
			printf("cycle %llu: %s[%d] (%s): twin %llx, rtl %llx\n", (unsigned long long)cycle, name, first + i, meaning,
				(unsigned long long)want, (unsigned long long)got);
	}
}

#define ROOT(path) top->rootp->array_ws_top__DOT__##path
static void registers()
{
	const config *c = &conf;
	state &q = st[now];

#define R(f_, lanes, width, meaning) reg(ROOT(u_feed__DOT__##f_##_q), q.f.f_, 0, lanes, width, "feed." #f_, meaning);
	FEED_REGS(R)
#undef R
#define R(f_, scope, r, lanes, width, meaning) reg(ROOT(u_feed__DOT__##r##_q), q.f.f_, 0, lanes, width, "feed." #f_, meaning);
	FEED_SUBREGS(R)
#undef R
#define R(f_, lanes, width, meaning) reg(ROOT(u_wload__DOT__##f_##_q), q.l.f_, 0, lanes, width, "wload_ws." #f_, meaning);
	WLOAD_WS_REGS(R)
#undef R
	reg(ROOT(u_wgt__DOT__cnt_q), q.g.cnt, 0, 1, c->wgt_aw + 1, "wgt_buffer.cnt", "words written");
#define R(f_, lanes, width, meaning) reg(ROOT(u_array__DOT__##f_##_q), q.a.f_, 0, lanes, width, "array_ws." #f_, meaning);
	ARRAY_WS_REGS(R)
#undef R
#define R(f_, lanes, width, meaning) reg(ROOT(u_array__DOT__u_acc__DOT__##f_##_q), q.a.f_, 0, lanes, width, "array_ws." #f_, meaning);
	ARRAY_WS_ACC_REGS(R)
#undef R
#define R(f_, r, lanes, width, meaning) reg(ROOT(u_array__DOT__u_acc__DOT__u_ram__DOT__##r##_q), q.a.f_, 0, lanes, width, "array_ws." #f_, meaning);
	ARRAY_WS_RAM_REGS(R)
#undef R
#define ROW(i, f_, width, meaning) reg(ROOT(u_array__DOT__g_row__BRA__##i##__KET____DOT__u_row__DOT__##f_##_q), q.a.f_, i, 1, width, "array_ws." #f_, meaning);
#define WORDS(i) reg(ROOT(u_array__DOT__g_row__BRA__##i##__KET____DOT__u_row__DOT__x_q), q.a.x, (i) * lanes_padded(ROWS) + (i), ROWS - (i), c->x_bits, "array_ws.x", "operands");
#define PE(i, k, array, f_, width, meaning) \
	{ \
		const int r = i; \
		(void)r; \
		reg(ROOT(u_array__DOT__g_row__BRA__##i##__KET____DOT__u_row__DOT__g_col__BRA__##k##__KET____DOT__u_pe__DOT__##f_##_q), q.a.array[(i) * lanes_padded(COLS) + (k)].f_, 0, 1, width, "array_ws." #f_, meaning); \
	}
#include "lanes.inc"
}

/* ---- convolutions and their commands ---- */
struct conv { int ic, ih, iw, oc, kh, kw, sh, sw, dh, dw, pt, pl, oh, ow, zx, depthwise, npt, keep, dmin, in; };
#define F(name, beat, lsb, width, sgn, meaning) int64_t name;
struct fields { FEED_FIELDS(F) };
#undef F
struct expect { bool pool; vector<int32_t> sums; };

static vector<int8_t> mem;                /* the activation buffer */
static deque<vector<uint64_t>> commands;  /* 16 beats each */
static vector<uint8_t> weights;           /* bytes of the stream to the weight buffer */
static size_t weights_at;
static deque<expect> expected;

static void encode(const fields &f)
{
	vector<uint64_t> b(16, 0);

#define F(name, beat, lsb, width, sgn, meaning) b[beat] |= ((uint64_t)f.name & (width == 64 ? ~0ull : (1ull << width) - 1)) << lsb;
	FEED_FIELDS(F)
#undef F
	commands.push_back(b);
}

static int act(const conv &v, int y, int x, int i)
{
	if (y < 0 || y >= v.ih || x < 0 || x >= v.iw)
		return GATE ? 0 : v.zx;
	return mem[(size_t)((v.in + (y * v.iw + x) * v.ic + i) & 0xffff)] - (GATE ? v.zx : 0);
}

/* A layer: command, weights in the order of map_feed.c, expected sums. Returns its ideal cycles x PEs = MACs. */
static int64_t layer(const conv &v)
{
	int nic = v.depthwise ? std::min(v.ic, (int)COLS) : v.ic, oc = v.depthwise ? v.ic : v.oc, per = v.depthwise ? 1 : v.ic;
	int fold = nic == v.ic && v.dw == 1, run = fold ? v.kw * v.ic : nic, kwl = fold ? 1 : v.kw;
	int nc = up(run, ROWS), nct = up(oc, COLS), word = conf.wgt_word, per_beat = std::max(1, conf.bus_bytes / word);
	int kwords = up(v.kh * kwl * nc * ROWS, per_beat) * per_beat, reps, keep = v.keep && kwords <= conf.wgt_depth;
	vector<int8_t> w((size_t)(oc * v.kh * v.kw * per));
	fields f;

	for (int8_t &e : w)
		e = (int8_t)(chance(15) ? 0 : between(-(1 << (WGT_W - 1)), (1 << (WGT_W - 1)) - 1));
	memset(&f, 0, sizeof f);
	f.src = v.in + (-v.pt * v.iw - v.pl) * v.ic;
	f.ow = v.ow;
	f.oh = v.oh;
	f.npix = v.ow * v.oh;
	f.px_step = f.b_step = v.sw * v.ic;
	f.line_step = (v.sh * v.iw - (v.ow - 1) * v.sw) * v.ic;
	f.iy0 = -v.pt;
	f.sy = v.sh;
	f.h = v.ih;
	f.b0 = -v.pl * v.ic;
	f.lb = v.iw * v.ic;
	f.zx = v.zx;
	f.run = f.pitch = 255;
	f.ctiles = nct;
	f.ct_step = v.depthwise ? COLS : 0;
	f.npt = v.npt;
	f.kg = v.kh;
	f.kw = kwl;
	f.nc = nc;
	f.kwords = kwords;
	f.keep = keep;
	f.dil = v.dh;
	f.dmin = v.dmin;
	f.lead = 255;
	f.inc_c = f.binc_c = ROWS;
	f.inc_kw = f.binc_kw = v.dw * v.ic - (nc - 1) * ROWS;
	f.inc_kg = v.dh * v.iw * v.ic - (kwl - 1) * v.dw * v.ic - (nc - 1) * ROWS;
	f.ky_step = v.dh;
	encode(f);
	reps = keep ? 1 : up((int)f.npix, v.npt);
	for (int t = 0; t < nct; t++) {
		vector<uint8_t> d((size_t)(kwords * word), 0);
		size_t at = 0;

		for (int ky = 0; ky < v.kh; ky++)
			for (int x = 0; x < kwl; x++)
				for (int j = 0; j < nc * ROWS; j++, at += (size_t)word)
					for (int k = 0; k < COLS && j < run; k++) {
						int o = t * COLS + k, kx = fold ? j / v.ic : x, i = fold ? j % v.ic : (v.depthwise ? t * COLS : 0) + j;

						if (o < oc && (!v.depthwise || i == o))
							d[at + (size_t)k] = (uint8_t)w[(size_t)(((o * v.kh + ky) * v.kw + kx) * per + (v.depthwise ? 0 : i))];
					}
		for (int n = 0; n < reps; n++)
			weights.insert(weights.end(), d.begin(), d.end());
		for (int y = 0; y < v.oh; y++)
			for (int x = 0; x < v.ow; x++) {
				expect e = { false, vector<int32_t>(COLS, 0) };

				for (int k = 0; k < COLS && t * COLS + k < oc; k++)
					for (int ky = 0; ky < v.kh; ky++)
						for (int kx = 0; kx < v.kw; kx++)
							for (int i = 0; i < per; i++)
								e.sums[(size_t)k] += act(v, y * v.sh - v.pt + ky * v.dh, x * v.sw - v.pl + kx * v.dw, v.depthwise ? t * COLS + k : i) *
									w[(size_t)((((t * COLS + k) * v.kh + ky) * v.kw + kx) * per + i)];
				expected.push_back(e);
			}
	}
	return (int64_t)oc * v.oh * v.ow * v.kh * v.kw * per;
}

/* One pool unit pass: only its order with the convolutions is checked. */
static void pool_pass()
{
	fields f;

	memset(&f, 0, sizeof f);
	f.pool = 1;
	f.ow = f.oh = f.npix = f.npt = f.kg = f.ctiles = f.nc = 1;
	f.kw = between(1, 3);
	f.h = f.lb = 100;
	f.st_full = f.st_last = f.st_glast = 1;
	f.run = f.pitch = 255;
	encode(f);
	expected.push_back(expect{ true, {} });
}

static conv some_conv(int in)
{
	conv v;
	int fc = chance(20), small = ROWS * COLS > 256;

	v.in = in;
	v.depthwise = !fc && chance(25);
	v.ic = between(1, chance(20) ? 40 : 10);
	v.oc = between(1, 2 * COLS + 1);
	v.kh = fc ? 1 : between(1, 4);
	v.kw = fc ? 1 : between(1, 4);
	v.sh = between(1, 2);
	v.sw = between(1, 3);
	v.dh = between(1, 2);
	v.dw = chance(70) ? 1 : 2;
	v.oh = fc ? 1 : between(1, small ? 6 : 9);
	v.ow = fc ? 1 : between(1, small ? 6 : 9);
	v.pt = below(v.kh);
	v.pl = below(v.kw);
	v.ih = std::max(1, (v.oh - 1) * v.sh + (v.kh - 1) * v.dh + 1 - v.pt - below(2));
	v.iw = std::max(1, (v.ow - 1) * v.sw + (v.kw - 1) * v.dw + 1 - v.pl - below(2));
	v.zx = between(-(1 << (ACT_W - 1)), (1 << (ACT_W - 1)) - 1);
	v.npt = chance(50) ? DEPTH : between(1, DEPTH);
	v.keep = chance(70);
	v.dmin = chance(60) ? 3 : between(3, ROWS + 8);
	return v;
}

/* ---- one clock ---- */
static deque<int> reads;       /* address or -1, three cycles deep */
static deque<uint64_t> held;   /* collector: cycle of the push */
static int beat_at, words_free;
static uint64_t useful, busy_rtl, gated_rtl;
static struct pace { int cmd, pop, weights, post; } pace;

static void set_bits(uint32_t *d, int low, int width, uint64_t v)
{
	for (int i = 0; i < width; i++) {
		uint32_t bit = 1u << (low + i) % 32;

		d[(low + i) / 32] = v >> i & 1 ? d[(low + i) / 32] | bit : d[(low + i) / 32] & ~bit;
	}
}
template <class T> static void set_port(T &port, const uint32_t *words, int width)
{
	uint64_t v = words[0] | (width > 32 ? (uint64_t)words[1] << 32 : 0);
	port = (T)(width < 64 ? v & ((1ull << width) - 1) : v);
}
template <std::size_t N> static void set_port(VlWide<N> &port, const uint32_t *words, int)
{
	for (size_t i = 0; i < N; i++)
		port.at(i) = words[i];
}

static void check_push()
{
	if (top->push_o) {
		held.push_back(cycle);
		if ((int)held.size() > conf.col_depth)
			fail("the collector overflows");
		if (expected.empty() || expected[0].pool) {
			fail("a vector too many");
			return;
		}
		for (int k = 0; k < COLS; k++) {
			uint64_t mask = (1ull << ACC_W) - 1, got = bits_of(top->vec_o, k * ACC_W, ACC_W), want = (uint64_t)(int64_t)expected[0].sums[(size_t)k] & mask;

			if (got != want && failed++ < 12)
				printf("cycle %llu: sum %d: expected %llx, got %llx\n", (unsigned long long)cycle, k, (unsigned long long)want, (unsigned long long)got);
		}
		expected.pop_front();
	}
	if (tok_bit(top->tok_o, TOK_VALID) && tok_bit(top->tok_o, TOK_POOL) && tok_bit(top->tok_o, TOK_LAST)) {
		held.push_back(cycle);
		if (expected.empty() || !expected[0].pool)
			fail("a pool result overtakes the array's");
		else
			expected.pop_front();
	}
}

static void tick(bool reset)
{
	const config *c = &conf;
	state &q = st[now], &d = st[!now];
	feed_in fi;
	wload_ws_in li;
	wgt_buffer_in gi;
	array_ws_in ai;
	int8_t data[PORT];
	uint8_t beat[CONFIG_MAX_BUS];
	uint32_t words[CONFIG_MAX_PORT / 2];
	int addr, per_beat = std::max(1, c->bus_bytes / c->wgt_word), beats = std::max(1, c->wgt_word / c->bus_bytes);

	memset(&fi, 0, sizeof fi);
	memset(&gi, 0, sizeof gi);
	/* inputs */
	reads.push_back(top->rd_o && !reset ? top->addr_o : -1);
	addr = reads[0];
	reads.pop_front();
	for (int i = 0; i < PORT; i++)
		data[i] = addr < 0 ? (int8_t)-1 : mem[(size_t)(addr + i) & 0xffff];
	fi.tok_ok = 1;
	fi.vld = addr >= 0;
	fi.rd_data = data;
	if (!reset && !commands.empty() && (beat_at || !q.f.full) && chance(pace.cmd)) {
		fi.cmd_we = 1;
		fi.cmd_idx = (uint8_t)beat_at;
		fi.cmd_data = commands[0][(size_t)beat_at];
		beat_at = (beat_at + 1) & 15;
		if (!beat_at)
			commands.pop_front();
	}
	fi.col_pop = !reset && !held.empty() && held[0] + 4 <= cycle && chance(pace.pop);
	if (fi.col_pop)
		held.pop_front();
	fi.post_rd = chance(pace.post);
	memset(beat, 0, sizeof beat);
	if (!reset && weights_at < weights.size() && words_free >= (beats > 1 ? 1 : per_beat) && chance(pace.weights)) {
		memcpy(beat, &weights[weights_at], std::min((size_t)c->bus_bytes, weights.size() - weights_at));
		weights_at += (size_t)c->bus_bytes;
		gi.wr_valid = 1;
		if (weights_at % (size_t)(beats * c->bus_bytes) == 0)
			words_free -= per_beat;
	}
	gi.wr_data = beat;
	top->rst_ni = !reset;
	top->cmd_we_i = fi.cmd_we;
	top->cmd_idx_i = fi.cmd_idx;
	top->cmd_data_i = fi.cmd_data;
	top->vld_i = fi.vld;
	top->wr_valid_i = gi.wr_valid;
	top->col_pop_i = fi.col_pop;
	top->post_rd_i = fi.post_rd;
	memset(words, 0, sizeof words);
	for (int i = 0; i < PORT; i++)
		set_bits(words, i * ACT_W, ACT_W, (uint64_t)(int64_t)data[i]);
	set_port(top->rd_data_i, words, PORT * ACT_W);
	memset(words, 0, sizeof words);
	memcpy(words, beat, sizeof beat);
	set_port(top->wr_data_i, words, BUS_W);
	top->eval();
	/* this cycle */
	if (!reset) {
		check_push();
		words_free += (int)top->rel_o;
		busy_rtl += top->busy_o;
		gated_rtl += top->gated_o;
		if (words_free > c->wgt_depth)
			fail("more words are released than there are");
		if (comparing)
			registers();
	}
	/* the twins */
	fi.wgt_cnt = q.g.cnt;
	fi.wgt_ready = q.l.ready;
	feed_next(c, &q.f, &fi, &d.f);
	feed_segment(c, &q.f, &li.seg);
	li.cnt = q.g.cnt;
	wload_ws_next(c, &q.l, &li, &d.l);
	gi.rd = wload_ws_rd(&q.l);
	gi.raddr = q.l.addr;
	wgt_buffer_next(c, &q.g, &gi, &wgt_ram, &d.g);
	ai.tok = q.f.tok5;
	ai.bus = q.f.bus;
	ai.shift = q.l.shift;
	ai.w = wgt_buffer_rdata(c, &q.g);
	array_ws_next(c, &q.a, &ai, &acc, &d.a);
	wgt_buffer_commit(c, &wgt_ram);
	array_ws_commit(c, &acc);
	if (reset) {
		feed_reset(c, &d.f);
		wload_ws_reset(&d.l);
		wgt_buffer_reset(&d.g);
		array_ws_reset(c, &d.a);
	}
	now = !now;
	top->clk_i = 1;
	top->eval();
	top->clk_i = 0;
	top->eval();
	cycle++;
}

/* Until everything has been pushed. */
static uint64_t drain(uint64_t limit)
{
	uint64_t from = cycle;

	while (!failed && (!commands.empty() || beat_at || !expected.empty() || !top->idle_o)) {
		tick(false);
		if (cycle - from > limit)
			fail("nothing moves any more");
	}
	if (!failed && weights_at < weights.size())
		fail("weights are left");
	return cycle - from;
}

static void fresh_memory()
{
	for (int8_t &b : mem)
		b = (int8_t)(chance(10) ? 0 : between(-(1 << (ACT_W - 1)), (1 << (ACT_W - 1)) - 1));
	weights.clear();
	weights_at = 0;
}

static void random_batch()
{
	static const int paces[] = { 100, 100, 60, 15 };

	pace.cmd = paces[below(4)];
	pace.pop = paces[below(4)];
	pace.weights = paces[below(4)];
	pace.post = chance(50) ? 0 : between(10, 100);
	fresh_memory();
	for (int n = between(1, 4), at = below(1 << 16); n > 0; n--) {
		conv v = some_conv(at & 0xffff);

		if (chance(20))
			pool_pass();
		useful += (uint64_t)layer(v);
		at += v.ih * v.iw * v.ic + between(0, 100);
	}
	drain(3000000);
}

static conv shape(int ic, int ih, int iw, int oc, int kh, int kw, int s, int depthwise)
{
	conv v;

	memset(&v, 0, sizeof v);
	v.ic = ic;
	v.ih = ih;
	v.iw = iw;
	v.oc = oc;
	v.kh = kh;
	v.kw = kw;
	v.sh = v.sw = s;
	v.dh = v.dw = 1;
	v.oh = up(ih, s);
	v.ow = up(iw, s);
	v.pt = std::max(0, (v.oh - 1) * s + kh - ih) / 2;
	v.pl = std::max(0, (v.ow - 1) * s + kw - iw) / 2;
	v.depthwise = depthwise;
	v.npt = DEPTH;
	v.keep = 1;
	v.dmin = ROWS > 3 ? ROWS : 3;
	return v;
}

static void network(const char *name)
{
	vector<conv> l;
	int64_t macs = 0;
	uint64_t cycles;

	if (!strcmp(name, "resnet8")) {
		l = { shape(3, 32, 32, 16, 3, 3, 1, 0), shape(16, 32, 32, 16, 3, 3, 1, 0), shape(16, 32, 32, 16, 3, 3, 1, 0),
		      shape(16, 32, 32, 32, 3, 3, 2, 0), shape(32, 16, 16, 32, 3, 3, 1, 0), shape(16, 32, 32, 32, 1, 1, 2, 0),
		      shape(32, 16, 16, 64, 3, 3, 2, 0), shape(64, 8, 8, 64, 3, 3, 1, 0), shape(32, 16, 16, 64, 1, 1, 2, 0), shape(64, 1, 1, 10, 1, 1, 1, 0) };
	} else {
		l = { shape(1, 49, 10, 64, 10, 4, 2, 0) };
		for (int i = 0; i < 4; i++) {
			l.push_back(shape(64, 25, 5, 64, 3, 3, 1, 1));
			l.push_back(shape(64, 25, 5, 64, 1, 1, 1, 0));
		}
		l.push_back(shape(64, 1, 1, 12, 1, 1, 1, 0));
	}
	pace.cmd = pace.pop = pace.weights = 100;
	pace.post = 0;
	fresh_memory();
	for (conv &v : l)
		macs += layer(v);
	cycles = drain(10000000);
	printf("%s on %dx%d: %llu cycles, utilization %.2f %%\n", name, ROWS, COLS, (unsigned long long)cycles, 100.0 * (double)macs / ((double)ROWS * COLS * (double)cycles));
}

static int log2_of(int v)
{
	int n = 0;

	while (1 << n < v)
		n++;
	return n;
}

static void make_config()
{
	memset(&conf, 0, sizeof conf);
	conf.dataflow = DATAFLOW_WS;
	conf.rows = ROWS;
	conf.cols = COLS;
	conf.act_bits = ACT_W;
	conf.wgt_bits = conf.w_bits = WGT_W;
	conf.wgt_store = 8;
	conf.acc_bits = ACC_W;
	conf.sparsity = GATE ? SPARSITY_GATE : SPARSITY_NONE;
	conf.acc_depth = DEPTH;
	conf.acc_aw = log2_of(DEPTH);
	conf.act_port = PORT;
	conf.port_aw = log2_of(PORT);
	conf.act_size = 1;
	conf.act_aw = conf.act_baw = 16;
	conf.wgt_word = 1 << log2_of(COLS);
	conf.wgt_aw = WGT_AW;
	conf.wgt_depth = 1 << WGT_AW;
	conf.bus_bits = BUS_W;
	conf.bus_bytes = BUS_W / 8;
	conf.col_aw = COL_AW;
	conf.col_depth = 1 << COL_AW;
	conf.x_bits = ACT_W + GATE;
	conf.zero_gating = GATE;
	conf.nm_n = conf.nm_m = conf.group = conf.idx_block = 1;
}

int main(int argc, char **argv)
{
	int batches = argc > 2 ? atoi(argv[2]) : 100;

	if (argc < 2)
		return 2;
	rng = strtoull(argv[1], NULL, 0) * 0x9E3779B97F4A7C15ull + 1;
	comparing = argc < 4 || strcmp(argv[3], "random");
	Verilated::randReset(comparing ? 0 : 2);
	make_config();
	top = new Varray_ws_top;
	mem.resize(1 << 16);
	if (wgt_buffer_ram_init(&conf, &wgt_ram) || array_ws_ram_init(&conf, &acc))
		return 2;
	reads.assign(3, -1);
	words_free = conf.wgt_depth;
	top->clk_i = 0;
	for (int i = 0; i < 3; i++)
		tick(true);
	for (int i = 0; i < batches && !failed; i++)
		random_batch();
	if (!failed && argc > 3 && comparing)
		network(argv[3]);
	if (!failed && batches && (busy_rtl == 0 || (!GATE && gated_rtl)))
		fail("the counters do not count");
	printf("%dx%d port %d act %d wgt %d gate %d: seed %s, %llu cycles, %llu registers compared, %d failures\n", ROWS, COLS, PORT, ACT_W, WGT_W,
		GATE, argv[1], (unsigned long long)cycle, (unsigned long long)compared, failed);
	return failed != 0;
}
