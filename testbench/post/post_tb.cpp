/* SPDX-License-Identifier: Apache-2.0
 * collector, param_buffer and post in lock-step with their twins, and every written byte against formulas
 * written from the rules of NUMERICS. usage: post_tb SEED COMMANDS */
#include "Vpost_top.h"
#include "Vpost_top___024root.h"
#include "verilated.h"
extern "C" {
#include "collector.h"
#include "param_buffer.h"
#include "post.h"
}
#include <cmath>
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

/* ---- the rules ---- */
typedef __int128 wide;
static int64_t floor_shift(wide v, int n)
{
	wide d = (wide)1 << n, r = v / d;

	return (int64_t)(v % d < 0 ? r - 1 : r);
}
static int64_t rule_tflite(int64_t acc, int32_t m, int s)
{
	int l = s > 0 ? s : 0, r = s < 0 ? -s : 0;
	int64_t h = floor_shift((wide)acc * ((int64_t)1 << l) * m + (1 << 30), 31);

	h = h > INT32_MAX ? INT32_MAX : h < INT32_MIN ? INT32_MIN : h;
	return r ? floor_shift((wide)h + ((int64_t)1 << (r - 1)) - (h < 0), r) : h;
}
static int64_t rule_single(int64_t acc, int32_t m, int s)
{
	return floor_shift((wide)acc * m + ((wide)1 << (30 - s)), 31 - s);
}
static int64_t rule_onnx(int64_t acc, int32_t m, int s)
{
	volatile float a = (float)(int32_t)acc, f = ldexpf((float)m, s), v = a * f;
	double d = nearbyint((double)v);

	return d >= 2147483648.0 ? INT32_MAX : d < -2147483648.0 ? INT32_MIN : (int64_t)d;
}
static int64_t rule_average(int64_t acc, int32_t m, int s)
{
	wide v = ((wide)(acc < 0 ? -acc : acc) * m + ((wide)1 << (-s - 1))) >> -s;

	return (int64_t)(acc < 0 ? -v : v);
}
static int64_t requant(bool average, int64_t acc, int32_t m, int s)
{
	if (ROUNDING == 2)
		return average ? rule_average(acc, m, s) : rule_onnx(acc, m, s);
	return ROUNDING == 1 ? rule_single(acc, m, s) : rule_tflite(acc, m, s);
}
static int clamp(int64_t v, int lo, int hi) { return (int)(v < lo ? lo : v > hi ? hi : v); }

/* ---- what a command needs and makes ---- */
struct scale { int32_t m; int s; };
struct result { uint32_t addr, mask; int8_t data[32]; bool end; /* of a vector of the last tile */ bool fin; };
struct job {
	uint32_t slot[32];
	vector<vector<int32_t>> vectors;
	vector<param_entry> params;
	vector<result> writes;
	bool bad;
};
enum { ADD = 1, SKIP = 2, UNIFORM = 4, GAP = 8, BYPASS = 16, POOL = 32 };
static const int BEATS = COLS / LANES, AMIN = -(1 << (ACT_W - 1)), AMAX = (1 << (ACT_W - 1)) - 1;
static const uint32_t AMASK = (1u << ACT_AW) - 1;
static vector<int8_t> mem; /* the activation buffer as the residual sees it */

static scale some_scale(bool average, int bits)
{
	/* about 8 bits are left of `bits`; never more than 31 */
	int s = 8 - bits + between(-4, 3);
	scale q;

	q.m = chance(5) ? 1 << 30 : chance(5) ? INT32_MAX : (int32_t)((1u << 30) + rnd() % (1u << 30));
	if (ROUNDING == 2 && average) {
		s = clamp(s - 31, -62, -1);
	} else if (ROUNDING == 2) {
		q.m = chance(5) ? 1 << 23 : chance(5) ? (1 << 24) - 1 : (1 << 23) + below(1 << 23);
		s = clamp(s - 24, -63, 0);
	} else {
		s = clamp(s, -31, ROUNDING == 1 ? 30 : 31 - bits);
	}
	q.s = s;
	if (chance(1))
		q.m = 0, q.s = average && ROUNDING == 2 ? -1 : 0;
	return q;
}

/* A sum and a scale whose product lies on, or next to, the middle between two integers. */
struct plan { bool on; int64_t sum; scale q; };

static void normal(double real, scale *q)
{
	int e;
	double f = frexp(real, &e);

	if (ROUNDING == 2) {
		q->m = (int32_t)lrint(f * (1 << 24));
		q->s = e - 24;
		if (q->m == 1 << 24)
			q->m >>= 1, q->s++;
	} else {
		int64_t m = llrint(f * 2147483648.0);

		q->s = e + (m == (int64_t)1 << 31);
		q->m = m == (int64_t)1 << 31 ? 1 << 30 : (int32_t)m;
	}
}

static plan some_plan(int bits)
{
	static const int divisors[] = { 3, 5, 7, 9, 11, 13 };
	int64_t product = (int64_t)(2 * between(64, 127) + 1) * (1 << 17) + (chance(50) ? 1 : -1); /* 25 bits, a tie of float32 */
	int d = divisors[below(6)], n = between(1, bits - 1);
	plan r = plan();

	r.on = true;
	if (chance(50) && product % d == 0 && bits > 4) {
		r.sum = d;
		normal((double)product / d / (1 << 18), &r.q);
	} else {
		/* 25 significant bits: a tie of the conversion to float32 */
		r.sum = n > 25 ? ((int64_t)(rnd() >> 20 & 0xFFFFFF) * 2 + (1 << 24) + 1) << (n - 26) : ((int64_t)1 << (n - 1)) + below(1 << (n - 1));
		normal((between(0, 127) + 0.5) / (double)r.sum, &r.q);
	}
	if (ROUNDING == 0 && r.q.s > 31 - bits - 1)
		r.on = false;
	r.on = r.on && r.q.s >= (ROUNDING == 2 ? -63 : -31) && r.q.s <= (ROUNDING == 2 ? 0 : 30);
	if (chance(50))
		r.sum = -r.sum;
	return r;
}

static int64_t some_value(int bits)
{
	int64_t top = (int64_t)1 << (bits - 1);

	switch (below(12)) {
	case 0: return top - 1;
	case 1: return -top;
	case 2: return between(-1, 1);
	case 3: return (((int64_t)1 << below(bits)) - (int64_t)below(2)) >> 1;
	case 4: return -((((int64_t)1 << below(bits)) + (int64_t)below(2)) >> 1);
	default: return (int64_t)(rnd() % (uint64_t)(2 * top)) - top;
	}
}

static void some_clamp(int *lo, int *hi)
{
	*lo = AMIN;
	*hi = AMAX;
	if (chance(30))
		*lo = between(AMIN, 0);
	if (chance(30))
		*hi = between(0, AMAX);
}

static uint32_t three(int a, int b, int c) { return (uint32_t)((a & 255) | (b & 255) << 8 | (c & 255) << 16); }

static job make_job(int kind, int size)
{
	job j = job();
	uint32_t *s = j.slot;
	int flags = 0, bits = between(4, ACC_W < 31 ? ACC_W : 31), lo, hi, lo2, hi2, zy, z1, z2, zs;

	switch (kind) {
	case 0: flags = 0; break;
	case 1: flags = UNIFORM; break;
	case 2: flags = UNIFORM | POOL; break;
	case 3: flags = BYPASS; break;
	case 4: flags = ADD | SKIP; break;
	case 5: flags = ADD | (chance(20) ? UNIFORM : 0); break;
	case 6: flags = GAP | (chance(20) ? UNIFORM : 0); break;
	case 7: flags = ADD | BYPASS; break;
	case 8: flags = GAP | BYPASS; break;
	}
	int px = between(1, size), ln = between(1, size > 8 ? 3 : size), ct = between(1, 3), valid = chance(50) ? COLS : between(1, COLS);

	s[0] = 3 | (uint32_t)(below(256) << 8) | (uint32_t)(below(256) << 16);
	if (chance(4)) {
		j.bad = true;
		switch (below(5)) {
		case 0: px = 0; break;
		case 1: ln = 0; break;
		case 2: ct = 0; break;
		case 3: valid = chance(50) ? 0 : between(COLS + 1, 65535); break;
		case 4: flags = ADD | GAP; break;
		}
	}
	zy = flags & (BYPASS | SKIP) ? 0 : between(AMIN, AMAX);
	z1 = between(AMIN, AMAX);
	z2 = between(AMIN, AMAX);
	zs = between(AMIN, AMAX);
	some_clamp(&lo, &hi);
	some_clamp(&lo2, &hi2);
	scale a = some_scale(false, 29), b = some_scale(false, 29), sum = some_scale(false, 14), gap = some_scale(true, 8 + ACT_W);
	if (ROUNDING != 2)
		a.s = between(-8, 1), b.s = between(-8, 1), sum.s = between(-24, -12);
	else
		a.s = between(-31, -22), b.s = between(-31, -22), sum.s = between(-48, -36);
	if (flags & UNIFORM && flags & POOL)
		zy = 0;
	s[1] = (uint32_t)flags;
	s[2] = (uint32_t)rnd();
	s[3] = (uint32_t)px | (uint32_t)ln << 16;
	s[4] = chance(50) ? COLS : (uint32_t)rnd();
	s[5] = (uint32_t)rnd();
	s[6] = (uint32_t)ct | (uint32_t)valid << 16;
	s[7] = chance(50) ? COLS : (uint32_t)rnd();
	s[8] = three(flags & (BYPASS | SKIP) ? below(256) : zy, flags & SKIP ? below(256) : lo, flags & SKIP ? below(256) : hi);
	s[9] = (uint32_t)rnd();
	s[10] = (uint32_t)rnd();
	s[11] = (uint32_t)rnd();
	s[12] = three(z1, z2, zs);
	s[13] = three(lo2, hi2, 0);
	s[14] = (uint32_t)a.m, s[15] = (uint8_t)a.s;
	s[16] = (uint32_t)b.m, s[17] = (uint8_t)b.s;
	s[18] = (uint32_t)sum.m, s[19] = (uint8_t)sum.s;
	s[20] = (uint32_t)gap.m, s[21] = (uint8_t)gap.s;
	if (j.bad)
		return j;
	if (flags & SKIP)
		lo = AMIN, hi = AMAX;

	bool plain = flags & (SKIP | BYPASS);
	vector<param_entry> par(COLS);
	plan plans[COLS] = { };
	uint32_t out_tile = s[2], res_tile = s[9];
	for (int t = 0; t < ct; t++) {
		if (!plain && (t == 0 || !(flags & UNIFORM)))
			for (int k = 0; k < COLS; k++) {
				int own = bits > 4 ? between(4, bits) : 4;
				scale q = some_scale(flags & POOL, own < 31 ? own + 1 : 31);

				par[k].bias = flags & POOL ? 0 : (int32_t)some_value(bits);
				par[k].mult = q.m;
				par[k].shift = (int8_t)q.s;
				if (ROUNDING == 0 && q.s > 31 - bits - 1)
					par[k].shift = (int8_t)(31 - bits - 1);
				plans[k].on = false;
				if (chance(50))
					plans[k] = some_plan(bits);
				if (plans[k].on) {
					par[k].bias = flags & POOL ? 0 : between(-8, 7);
					par[k].mult = plans[k].q.m;
					par[k].shift = (int8_t)plans[k].q.s;
				}
				if (ROUNDING == 2 && flags & POOL && par[k].shift == 0)
					par[k].shift = -1;
				j.params.push_back(par[k]);
			}
		uint32_t out = out_tile, res = res_tile;
		int64_t total[COLS] = { 0 };
		for (int l = 0; l < ln; l++)
			for (int p = 0; p < px; p++) {
				bool tile_end = l == ln - 1 && p == px - 1;
				vector<int32_t> v(COLS);
				int8_t y[COLS];

				for (int k = 0; k < COLS; k++) {
					int64_t r, acc = plain ? between(AMIN, AMAX) : some_value(bits);

					if (!plain && plans[k].on && chance(70)) {
						int64_t near = plans[k].sum - par[k].bias + (chance(50) ? 0 : between(-2, 2));

						if (llabs(near) < (int64_t)1 << (bits - 1))
							acc = near;
					}
					v[k] = (int32_t)acc;
					r = plain ? acc : requant(flags & POOL, acc + par[k].bias, par[k].mult, par[k].shift);
					int q = clamp(r + zy, lo, hi);
					total[k] += q;
					if (flags & ADD) {
						int rb = mem[(res + (uint32_t)k) & AMASK];
						int64_t q1 = requant(false, (int64_t)(q - z1) * (1 << 20), a.m, a.s);
						int64_t q2 = requant(false, (int64_t)(rb - z2) * (1 << 20), b.m, b.s);

						q = clamp(requant(false, q1 + q2, sum.m, sum.s) + zs, lo2, hi2);
					} else if (flags & GAP) {
						q = clamp(requant(true, total[k], gap.m, gap.s) + zs, lo2, hi2);
					}
					y[k] = (int8_t)q;
				}
				j.vectors.push_back(v);
				if (!(flags & GAP) || tile_end)
					for (int i = 0; i < BEATS; i++) {
						result w = result();

						w.addr = (out + (uint32_t)(i * LANES)) & AMASK;
						for (int k = 0; k < LANES; k++) {
							w.data[k] = y[i * LANES + k];
							if (t < ct - 1 || i * LANES + k < valid)
								w.mask |= 1u << k;
						}
						w.end = t == ct - 1 && i == BEATS - 1;
						w.fin = w.end && tile_end;
						j.writes.push_back(w);
					}
				/* without a global average every vector has its place */
				if (!(flags & GAP))
					out += p == px - 1 ? s[5] : s[4];
				res += p == px - 1 ? s[11] : s[10];
			}
		out_tile += s[7];
		res_tile += s[7];
	}
	return j;
}

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
template <class T> static void put(T &f, uint64_t v, int width)
{
	if ((T)-1 < (T)0 && width < 64 && v >> (width - 1) & 1)
		v |= ~0ull << width;
	f = (T)v;
}
template <class T> static void twin_put(T &f, int, uint64_t v, int width) { put(f, v, width); }
template <class T, size_t N> static void twin_put(T (&f)[N], int i, uint64_t v, int width) { put(f[i], v, width); }

static config conf;
static Vpost_top *top;
static collector col[2];
static param_buffer par[2];
static post eng[2];
static collector_ram col_ram;
static param_buffer_ram par_ram;
static uint64_t cycle, compared;
static int now, failed;
static bool loading; /* true: copy the model's registers to the twin instead of comparing */

template <class M, class F> static void reg(const M &model, F &field, int first, int lanes, int low, int width, const char *name, const char *meaning)
{
	for (int i = 0; i < lanes; i++) {
		uint64_t got = bits_of(model, low + i * width, width), want;

		if (loading) {
			twin_put(field, first + i, got, width);
			continue;
		}
		compared++;
		want = twin_get(field, first + i) & (width == 64 ? ~0ull : (1ull << width) - 1);
		if (got != want && failed++ < 12)
			printf("cycle %llu: %s[%d] (%s): twin %llx, rtl %llx\n", (unsigned long long)cycle, name, first + i, meaning,
				(unsigned long long)want, (unsigned long long)got);
	}
}

#define ROOT(path) top->rootp->post_top__DOT__##path
static void registers()
{
	const config *c = &conf;
	collector &cq = col[now];
	param_buffer &pq = par[now];
	post &q = eng[now];

#define R(f, lanes, width, meaning) reg(ROOT(u_collector__DOT__##f##_q), cq.f, 0, lanes, 0, width, "collector." #f, meaning);
	COLLECTOR_REGS(R)
#undef R
#define R(f, scope, r, lanes, width, meaning) reg(ROOT(u_collector__DOT__##scope##__DOT__##r##_q), cq.f, 0, lanes, 0, width, "collector." #f, meaning);
	COLLECTOR_SUBREGS(R)
#undef R
#define R(f, lanes, width, meaning) reg(ROOT(u_param_buffer__DOT__##f##_q), pq.f, 0, lanes, 0, width, "param_buffer." #f, meaning);
	PARAM_BUFFER_REGS(R)
#undef R
#define R(f, lanes, width, meaning) reg(ROOT(u_post__DOT__##f##_q), q.f, 0, lanes, 0, width, "post." #f, meaning);
	POST_REGS(R)
#undef R
#define R(f, scope, r, lanes, width, meaning) reg(ROOT(u_post__DOT__##scope##__DOT__##r##_q), q.f, 0, lanes, 0, width, "post." #f, meaning);
	POST_SUBREGS(R)
#undef R
#define BANK(i, f, low, width, meaning) reg(ROOT(u_param_buffer__DOT__g_bank__BRA__##i##__KET____DOT__u_ram__DOT__rdata_q), pq.f, i, 1, low, width, "param_buffer." #f, meaning);
#define LANE(i, f, n, width, meaning) reg(ROOT(u_post__DOT__g_lane__BRA__##i##__KET____DOT__u_lane__DOT__##f##_q), q.f, (i) * (n), n, 0, width, "post." #f, meaning);
#include "lanes.inc"
}

/* ---- one clock ---- */
static deque<uint64_t> beats;           /* of commands, to send */
static int beat_at;
static deque<vector<int32_t>> vectors;
static deque<param_entry> params;
static deque<result> writes;
struct ending { uint8_t push; bool bad; };
static deque<ending> endings;           /* commands handed over, in order */
static int col_credit, par_credit, pix, done, errors;
static deque<uint32_t> reads;           /* granted, 3 cycles deep; ~0: none */
struct pace { int cmd, tok, push, par, deny; } pace;

static void fail(const char *what)
{
	if (failed++ < 12)
		printf("cycle %llu: %s\n", (unsigned long long)cycle, what);
}

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

static void check_write()
{
	if (writes.empty())
		return fail("a write too many");
	result w = writes.front();
	writes.pop_front();
	if (top->post_waddr_o != w.addr || bits_of(top->post_wmask_o, 0, PORT) != w.mask)
		return fail("write to a wrong place");
	for (int i = 0; i < LANES; i++)
		if ((w.mask >> i & 1) && bits_of(top->post_wdata_o, i * ACT_W, ACT_W) != ((uint64_t)w.data[i] & ((1u << ACT_W) - 1))) {
			if (failed++ < 12)
				printf("cycle %llu: byte %d is wrong: %llx for %d\n", (unsigned long long)cycle, i,
					(unsigned long long)bits_of(top->post_wdata_o, i * ACT_W, ACT_W), w.data[i]);
		}
}

/* Writes whose mask is empty are not made, but count. */
static void vector_done(const result &w) { pix = w.fin ? 0 : pix + w.end; }

static void clock_once(bool rst_n)
{
	const config *c = &conf;
	int next = 1 - now;
	post &q = eng[now];
	uint32_t words[64] = { 0 };
	static int32_t sums[CONFIG_MAX_COLS];
	static int8_t data[CONFIG_MAX_PORT];
	post_in pin = post_in();
	post_out pout;
	collector_in cin = collector_in();
	param_buffer_in rin = param_buffer_in();

	/* inputs */
	top->rst_ni = pin.rst_n = cin.rst_n = rin.rst_n = rst_n;
	pin.cmd_we = rst_n && !beats.empty() && !top->cmd_full_o && chance(pace.cmd);
	pin.cmd_idx = (uint8_t)beat_at;
	pin.cmd_data = pin.cmd_we ? beats.front() : rnd();
	if (pin.cmd_we) {
		beats.pop_front();
		beat_at = (beat_at + 1) % 16;
	}
	pin.tok_ok = chance(pace.tok);
	cin.push = rst_n && !vectors.empty() && col_credit && chance(pace.push);
	for (int k = 0; k < COLS; k++) {
		sums[k] = cin.push ? vectors.front()[k] : (int32_t)some_value(ACC_W);
		set_bits(words, k * ACC_W, ACC_W, (uint64_t)(int64_t)sums[k]);
	}
	set_port(top->push_data_i, words, COLS * ACC_W);
	cin.data = sums;
	if (cin.push) {
		vectors.pop_front();
		col_credit--;
	}
	rin.we = rst_n && !params.empty() && par_credit && chance(pace.par);
	rin.data.bias = (int32_t)rnd();
	if (rin.we) {
		rin.data = params.front();
		params.pop_front();
		par_credit--;
	}
	set_bits(words, 0, 32, (uint64_t)(int64_t)rin.data.bias);
	set_bits(words, 32, 32, (uint64_t)(int64_t)rin.data.mult);
	set_bits(words, 64, 8, (uint64_t)(int64_t)rin.data.shift);
	set_port(top->par_data_i, words, 72);
	pin.gnt = top->post_rd_o && !chance(pace.deny);
	uint32_t back = reads.front();
	reads.pop_front();
	reads.push_back(pin.gnt && rst_n ? (uint32_t)top->post_addr_o : ~0u);
	pin.vld = back != ~0u && rst_n;
	memset(words, 0, sizeof words);
	for (int k = 0; k < PORT; k++) {
		data[k] = mem[(pin.vld ? back + (uint32_t)k : (uint32_t)rnd()) & AMASK];
		set_bits(words, k * ACT_W, ACT_W, (uint64_t)(int64_t)data[k]);
	}
	set_port(top->rd_data_i, words, PORT * ACT_W);
	pin.rd_data = data;
	top->cmd_we_i = pin.cmd_we;
	top->cmd_idx_i = pin.cmd_idx;
	top->cmd_data_i = pin.cmd_data;
	top->tok_ok_i = pin.tok_ok;
	top->push_i = cin.push;
	top->par_we_i = rin.we;
	top->post_gnt_i = pin.gnt;
	top->post_vld_i = pin.vld;
	pin.col_valid = col[now].out;
	pin.col = col[now].rdata;
	pin.par_ok = par[now].ok;
	pin.par_bias = par[now].bias;
	pin.par_mult = par[now].mult;
	pin.par_shift = par[now].shift;
	top->clk_i = 0;
	top->eval();

	/* outputs */
	post_comb(c, &q, &pin, &pout);
	if (rst_n) {
		if (top->pop_o != pout.col_pop || top->tok_take_o != pout.take || top->tok_wait_o != post_tok_wait(&q)
				|| top->idle_o != post_idle(&q) || bits_of(top->post_wmask_o, LANES < PORT ? LANES : 0, LANES < PORT ? PORT - LANES : 1) * (LANES < PORT))
			fail("combinational outputs differ");
		if (top->par_rel_o)
			par_credit += COLS;
		col_credit += top->pop_o;
		if (top->tok_push_o || top->err_o) {
			if (endings.empty())
				fail("a completion too many");
		}
		/* completions: done_cnt moves by one */
		if (top->done_cnt_o != (uint8_t)done) {
			done++;
			if (top->done_cnt_o != (uint8_t)done || endings.empty())
				fail("done_cnt is wrong");
			else {
				if (top->tok_push_o != endings.front().push || top->err_o != endings.front().bad
						|| (top->err_o && top->err_code_o != 10))
					fail("completion is wrong");
				errors += endings.front().bad;
				endings.pop_front();
			}
		} else if (top->tok_push_o || top->err_o) {
			fail("tokens without completion");
		}
		if (top->pix_cnt_o != pix || top->last_tile_o != (pix != 0))
			fail("pix_cnt is wrong");
		if (top->post_wr_o) {
			while (!writes.empty() && !writes.front().mask)
				fail("an empty write was expected earlier"), writes.pop_front();
			if (!writes.empty())
				vector_done(writes.front());
			check_write();
		} else if (q.fin) {
			if (writes.empty() || writes.front().mask)
				fail("a write is missing");
			else {
				vector_done(writes.front());
				writes.pop_front();
			}
		}
	}

	/* the edge */
	cin.pop = pout.col_pop;
	rin.re = pout.par_re;
	rin.row = pout.par_row;
	rin.rel = pout.par_rel;
	collector_next(c, &col[now], &cin, &col_ram, &col[next]);
	param_buffer_next(c, &par[now], &rin, &par_ram, &par[next]);
	post_next(c, &q, &pin, &pout, &eng[next]);
	collector_commit(c, &col_ram);
	param_buffer_commit(&par_ram);
	now = next;
	top->clk_i = 1;
	top->eval();
	cycle++;
	registers();
}

static void start()
{
	beats.clear(), vectors.clear(), params.clear(), writes.clear(), endings.clear();
	beat_at = pix = done = 0;
	col_credit = DEPTH;
	par_credit = PAR_ROWS * LANES;
	reads.assign(3, ~0u);
	for (int i = 0; i < 3; i++)
		clock_once(false);
}

static void submit(const job &j)
{
	ending e = { (uint8_t)(j.slot[0] >> 16), j.bad };

	for (int i = 0; i < 16; i++)
		beats.push_back(j.slot[2 * i] | (uint64_t)j.slot[2 * i + 1] << 32);
	vectors.insert(vectors.end(), j.vectors.begin(), j.vectors.end());
	params.insert(params.end(), j.params.begin(), j.params.end());
	writes.insert(writes.end(), j.writes.begin(), j.writes.end());
	endings.push_back(e);
}

/* Runs until at most `left` commands are not complete. */
static void run(size_t left)
{
	uint64_t quiet = 0;
	size_t before = writes.size();

	while (endings.size() > left && failed < 12) {
		clock_once(true);
		quiet = writes.size() == before ? quiet + 1 : 0;
		before = writes.size();
		if (quiet > 100000)
			return fail("nothing is written any more");
	}
}

static void set_pace(bool full)
{
	static const int some[] = { 100, 100, 90, 50, 15 };

	pace.cmd = full ? 100 : some[below(5)];
	pace.tok = full ? 100 : some[below(5)];
	pace.push = full ? 100 : some[below(5)];
	pace.par = full ? 100 : some[below(5)];
	pace.deny = full ? 0 : 100 - some[below(5)];
}

/* Cycles for equal commands back to back at full pace: a beat a cycle, and little between commands. */
static void measure(int kind, const char *name)
{
	uint64_t begin;
	size_t nbeats = 0, n = 0;
	vector<job> jobs;

	set_pace(true);
	while (jobs.size() < 6) {
		job j = make_job(kind, 8);
		if (j.bad || j.vectors.size() < 40)
			continue;
		jobs.push_back(j);
		nbeats += j.vectors.size() * (size_t)BEATS;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		submit(jobs[i]);
	begin = cycle;
	run(0);
	printf("  %s: %zu commands, %zu beats, %llu cycles\n", name, n, nbeats, (unsigned long long)(cycle - begin));
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	int commands = argc > 2 ? atoi(argv[2]) : 1000;
	VerilatedContext *context = new VerilatedContext;

	context->randReset(2);
	context->randSeed((int)seed);
	rng = seed * 0x9E3779B97F4A7C15ull + 1;
	for (int i = 0; i < 10; i++)
		rnd();
	conf.cols = COLS, conf.lanes = LANES, conf.acc_bits = ACC_W, conf.act_bits = ACT_W, conf.act_port = PORT;
	conf.act_size = 1, conf.act_aw = conf.act_baw = ACT_AW, conf.par_rows = PAR_ROWS, conf.col_depth = DEPTH, conf.rounding = (enum rounding)ROUNDING;
	while (1 << conf.par_aw < PAR_ROWS)
		conf.par_aw++;
	while (1 << conf.col_aw < DEPTH)
		conf.col_aw++;
	mem.resize((size_t)AMASK + 1);
	for (size_t i = 0; i < mem.size(); i++)
		mem[i] = (int8_t)between(AMIN, AMAX);
	top = new Vpost_top(context);
	top->clk_i = 0;
	top->eval();
	if (collector_ram_init(&conf, &col_ram) || param_buffer_ram_init(&conf, &par_ram))
		return 2;
	set_pace(false);
	loading = true; /* until the control state is reset, nothing need agree */
	start();
	loading = false;
	for (int i = 0; i < commands && failed < 12; i++) {
		if (chance(10))
			set_pace(chance(30));
		if (chance(1)) { /* reset in the middle */
			start();
		}
		submit(make_job(below(9), chance(5) ? 40 : chance(50) ? 2 : 6));
		run((size_t)below(4));
	}
	run(0);
	for (int i = 0; i < 40 && failed < 12; i++)
		clock_once(true);
	if (!top->idle_o || !writes.empty() || !vectors.empty() || !params.empty())
		fail("not idle at the end");
	printf("seed %llu: %d commands, %d refused, %llu cycles, %llu registers compared: %s\n", (unsigned long long)seed, commands, errors,
		(unsigned long long)cycle, (unsigned long long)compared, failed ? "FAILED" : "ok");
	if (!failed) {
		measure(0, "convolution");
		measure(5, "with an ADD");
		measure(4, "stand-alone ADD");
		measure(6, "global average");
	}
	collector_ram_free(&col_ram);
	param_buffer_ram_free(&par_ram);
	delete top;
	delete context;
	return failed != 0;
}
