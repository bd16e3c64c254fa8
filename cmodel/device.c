/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"
#include <stdlib.h>
#include <string.h>
#ifdef FIXED_CONFIG /* a twin compiled for one configuration: config.inc defines fixed_config, equal to v->c */
#include "config.inc"
#define CONFIG(v) (&fixed_config)
__attribute__((visibility("default"))) void device_next(struct device *v, const struct device_in *in);
#else
#define CONFIG(v) (&(v)->c)
#endif

/* The registers that every array has, whatever its dataflow. */
struct array_view {
	uint8_t push, acc_rd, acc_wr;
	uint16_t busy, gated;
	const int32_t *vec;
};

/* The FEED engine as the sequencer, the tokens and the activation buffer see it. */
struct feed_view {
	uint8_t wait, take, idle, full, push, rd, ev;
	uint32_t addr;
};

/* Combinational nets between modules, computed once per cycle in this order. */
struct nets {
	uint8_t wait[ENGINES], take[ENGINES], ok[ENGINES];
	struct feed_out feed;
	struct post_in post_in;
	struct post_out post;
	struct act_buffer_out act;
	uint8_t post_idle;
	struct axi_wr_in wr;
	struct axi_wr_out wr_out;
	int rd_ready;
	const int8_t *wgt_word;
	const uint8_t *wgt_index;
	uint8_t wgt_rd;
	uint32_t wgt_addr, wgt_rel;
	struct array_view array;
	struct feed_view feeder;
	struct rs_front_in rs_in;
	struct rs_front_nets rs;
	uint32_t tok;
};

/* The two states in one block, half a page apart modulo pages: a processor takes a load for one of the data just
 * stored when their addresses are equal in the low 12 bits. */
static int new_states(struct device_state *state[2])
{
	size_t page = 4096, apart = (sizeof **state + page - 1) / page * page + page / 2;
	char *s = aligned_alloc(DEVICE_ALIGN, 2 * apart);

	if (!s)
		return -1;
	memset(s, 0, 2 * apart);
	state[0] = (struct device_state *)(void *)s;
	state[1] = (struct device_state *)(void *)(s + apart);
	return 0;
}

int device_init(struct device *v, const struct config *c)
{
	memset(v, 0, sizeof *v);
	v->c = *c;
	if (new_states(v->state) || act_buffer_ram_init(c, &v->act_ram) || wgt_buffer_ram_init(c, &v->wgt_ram) ||
	    (c->dataflow == DATAFLOW_OS && array_os_ram_init(c, &v->os_ram)) || (c->dataflow == DATAFLOW_WS && array_ws_ram_init(c, &v->ws_ram)) ||
	    (c->dataflow == DATAFLOW_RS && rs_front_ram_init(c, &v->rs_ram)) ||
	    collector_ram_init(c, &v->col_ram) || param_buffer_ram_init(c, &v->par_ram)) {
		device_free(v);
		return -1;
	}
	return 0;
}

void device_free(struct device *v)
{
	free(v->state[0]);
	act_buffer_ram_free(&v->act_ram);
	wgt_buffer_ram_free(&v->wgt_ram);
	array_os_ram_free(&v->os_ram);
	array_ws_ram_free(&v->ws_ram);
	rs_front_ram_free(&v->rs_ram);
	collector_ram_free(&v->col_ram);
	param_buffer_ram_free(&v->par_ram);
}

void device_out(const struct device *v, struct device_out *o)
{
	const struct device_state *q = device_now(v);

	memset(o, 0, sizeof *o);
	csr_bus(&q->csr, &o->axil);
	axi_rd_bus(&q->rd, &o->axi);
	axi_wr_bus(&q->wr, &o->axi);
	o->irq = q->csr.irq;
}

static void array_nets(const struct config *c, const struct device_state *q, struct nets *n)
{
	int step = tok_bit(n->tok, TOK_EN) && tok_bit(n->tok, TOK_VALID) && !tok_bit(n->tok, TOK_POOL);

	if (c->dataflow == DATAFLOW_WS) {
		n->array = (struct array_view){ q->ws.push, q->ws.rd, q->ws.we, q->ws.busy, q->ws.gated, q->ws.sum };
		n->wgt_rd = (uint8_t)wload_ws_rd(&q->wload);
		n->wgt_addr = q->wload.addr;
		n->wgt_rel = q->wload.rel;
		return;
	}
	if (rs_skip(c)) {
		const struct array_skip *k = &q->rs.skip;

		n->array = (struct array_view){ k->push, k->rd_ev, 0, k->busy, k->gated, k->vec };
		n->wgt_rd = q->rs.skip_feed.wrd;
		n->wgt_addr = q->rs.skip_feed.wad;
		n->wgt_rel = q->rs.skip_feed.rel;
		return;
	}
	if (c->dataflow == DATAFLOW_RS) {
		n->array = (struct array_view){ q->rs.acc.push, q->rs.acc.rd_ev, q->rs.acc.wr_ev, q->rs.array.busy, q->rs.array.gated, q->rs.acc.vec };
		n->wgt_rd = q->rs.feed.wrd4;
		n->wgt_addr = q->rs.feed.wa4;
		n->wgt_rel = q->rs.feed.rel;
		return;
	}
	n->array = (struct array_view){ q->os.push, 0, 0, q->os.busy, q->os.gated, q->os.vec };
	n->wgt_rd = (uint8_t)step;
	n->wgt_addr = q->feed.wa5;
	n->wgt_rel = q->feed.rel;
}

static void rs_inputs(const struct device_state *q, struct nets *n)
{
	n->rs_in.rst_n = q->csr.core_rst_n;
	n->rs_in.cmd_we = q->seq.cmd_we >> 1 & 1;
	n->rs_in.cmd_idx = q->seq.cmd_idx;
	n->rs_in.cmd_data = q->seq.cmd_data;
	n->rs_in.vld = q->act.vld3 == ACT_FEED;
	n->rs_in.rd_data = q->act.rd;
	n->rs_in.wgt_word = n->wgt_word;
	n->rs_in.wgt_cnt = q->wgt.cnt;
	n->rs_in.col_pop = n->post.col_pop;
	n->rs_in.post_done = q->post.done;
	n->rs_in.post_last = q->post.last;
	n->rs_in.post_pix = q->post.pix;
}

/* The FEED engine's side of the nets; tok_ok is known only the second time. */
static void feeder_nets(const struct config *c, const struct device_state *q, uint8_t tok_ok, struct nets *n)
{
	struct feed_view *f = &n->feeder;

	if (c->dataflow == DATAFLOW_RS) {
		const struct rs_front *r = &q->rs;
		int skip = rs_skip(c);
		uint8_t rs_push = skip ? r->skip_feed.push : r->feed.push, rs_rd = skip ? r->skip_feed.frd : r->feed.frd, rs_ev = skip ? r->skip_feed.ev : r->feed.ev;
		uint32_t rs_addr = skip ? r->skip_feed.faddr : (uint32_t)r->feed.faddr;

		rs_inputs(q, n);
		rs_front_comb(c, r, &q->feed, q->pool.push, &n->rs_in, tok_ok, &n->rs);
		*f = (struct feed_view){ n->rs.mo.wait, n->rs.take[FEED_MUX_RS] | n->rs.take[FEED_MUX_POOL], n->rs.mo.idle, n->rs.mo.full,
					 (uint8_t)(rs_push | q->feed.push), rs_rd | q->feed.frd, rs_ev >> 5 & 1 ? q->feed.ev : rs_ev, rs_rd ? rs_addr : (uint32_t)q->feed.faddr };
		return;
	}
	feed_comb(&q->feed, tok_ok, &n->feed);
	*f = (struct feed_view){ n->feed.wait, n->feed.take, n->feed.idle, q->feed.full, q->feed.push, q->feed.frd, q->feed.ev, (uint32_t)q->feed.faddr };
}

static void compute_nets(const struct device *v, const struct device_state *q, const struct device_in *in, struct nets *n)
{
	const struct config *c = CONFIG(v);
	int i;

	n->wgt_word = wgt_buffer_rdata(c, &q->wgt);
	n->wgt_index = wgt_buffer_indices(c, &q->wgt);
	feeder_nets(c, q, 0, n);
	n->wait[ENGINE_LOAD] = load_tok_wait(&q->load);
	n->wait[ENGINE_FEED] = n->feeder.wait;
	n->wait[ENGINE_POST] = post_tok_wait(&q->post);
	n->wait[ENGINE_STORE] = store_tok_wait(&q->store);
	for (i = 0; i < ENGINES; i++)
		n->ok[i] = (uint8_t)tokens_ok(&q->tokens, n->wait[i]);
	n->take[ENGINE_LOAD] = (uint8_t)load_take(&q->load, n->ok[ENGINE_LOAD]);
	n->take[ENGINE_POST] = (uint8_t)post_take(&q->post, n->ok[ENGINE_POST]);
	n->take[ENGINE_STORE] = (uint8_t)store_take(&q->store, n->ok[ENGINE_STORE]);
	act_buffer_comb(n->feeder.rd, q->post.rd, q->store.rd, q->post.wr, &n->act);
	n->post_in.rst_n = q->csr.core_rst_n;
	n->post_in.cmd_we = q->seq.cmd_we >> 2 & 1;
	n->post_in.cmd_idx = q->seq.cmd_idx;
	n->post_in.cmd_data = q->seq.cmd_data;
	n->post_in.tok_ok = n->ok[ENGINE_POST];
	n->post_in.col_valid = q->col.out;
	n->post_in.col = q->col.rdata;
	n->post_in.par_ok = q->par.ok;
	n->post_in.par_bias = q->par.bias;
	n->post_in.par_mult = q->par.mult;
	n->post_in.par_shift = q->par.shift;
	n->post_in.gnt = n->act.post_gnt;
	n->post_in.vld = q->act.vld3 == ACT_POST;
	n->post_in.rd_data = q->act.rd;
	post_comb(c, &q->post, &n->post_in, &n->post);
	n->post_idle = (uint8_t)post_idle(&q->post);
	n->tok = q->feed.tok5;
	feeder_nets(c, q, n->ok[ENGINE_FEED], n);
	n->take[ENGINE_FEED] = n->feeder.take;
	array_nets(c, q, n);
	n->rd_ready = axi_rd_ready(&q->rd, q->csr.halt, q->seq.req_valid, in->axi.arready);
	memset(&n->wr, 0, sizeof n->wr);
	n->wr.rst_n = q->csr.core_rst_n;
	n->wr.halt = q->csr.halt;
	n->wr.bus = &in->axi;
	store_write(c, &q->store, &n->wr);
	axi_wr_comb(c, &q->wr, &n->wr, &n->wr_out);
}

static void csr_step(const struct device *v, const struct device_state *q, const struct device_in *in, const struct nets *n, struct device_state *d)
{
	struct csr_in i = { 0 };
	int sparse = rs_skip(CONFIG(v)) && (q->rs.skip_feed.err || q->rs.skip.err);

	i.rst_n = in->rst_n;
	i.done = q->seq.done;
	i.rd_idle = (uint8_t)axi_rd_idle(&q->rd);
	i.wr_idle = (uint8_t)axi_wr_idle(&q->wr);
	i.err = (uint8_t)(q->seq.err << CSR_ERR_SEQUENCER | q->load.err << CSR_ERR_LOAD | sparse << CSR_ERR_FEED | q->post.err << CSR_ERR_POST |
			  q->store.err << CSR_ERR_STORE | q->tokens.err << CSR_ERR_TOKENS);
	if (i.err) {
		i.err_code[CSR_ERR_SEQUENCER] = q->seq.err_code;
		i.err_addr[CSR_ERR_SEQUENCER] = sequencer_err_addr(&q->seq);
		i.err_code[CSR_ERR_LOAD] = q->load.err_code;
		i.err_addr[CSR_ERR_LOAD] = load_err_addr(CONFIG(v), &q->load);
		i.err_code[CSR_ERR_FEED] = ERR_SPARSE;
		i.err_code[CSR_ERR_POST] = ERR_POST;
		i.err_code[CSR_ERR_STORE] = q->store.err_code;
		i.err_addr[CSR_ERR_STORE] = q->store.err_addr;
		i.err_code[CSR_ERR_TOKENS] = ERR_TOKENS;
	}
	i.cnt.active = n->feeder.ev & 1;
	i.cnt.stall_wgt = n->feeder.ev >> 1 & 1;
	i.cnt.stall_in = n->feeder.ev >> 2 & 1;
	i.cnt.stall_out = n->feeder.ev >> 3 & 1;
	i.cnt.stall_fill = n->feeder.ev >> 4 & 1;
	i.cnt.idle = n->feeder.ev >> 5 & 1;
	i.cnt.pe_useful = n->array.busy;
	i.cnt.pe_gated = n->array.gated;
	i.cnt.acc_read = n->array.acc_rd;
	i.cnt.acc_write = n->array.acc_wr;
	i.cnt.act_read = q->act.vld1 != 0;
	i.cnt.act_write = q->act.wr;
	i.cnt.wgt_read = n->wgt_rd;
	i.cnt.wgt_write = (uint16_t)(q->wgt.ev * (wgt_buffer_words(CONFIG(v)) > 3 ? 3 : wgt_buffer_words(CONFIG(v))));
	i.cnt.mem_read = q->rd.beat;
	i.cnt.mem_write = q->wr.beat;
	i.bus = &in->axil;
	csr_next(CONFIG(v), &q->csr, &i, &d->csr);
}

static void sequencer_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct sequencer_in i = { 0 };

	i.rst_n = q->csr.core_rst_n;
	i.start = q->csr.start;
	i.base = q->csr.base[0];
	i.idle = (uint8_t)(load_idle(&q->load) | n->feeder.idle << 1 | n->post_idle << 2 | store_idle(&q->store) << 3 | axi_wr_idle(&q->wr) << 4);
	i.req_ready = n->rd_ready & 1;
	i.rsp_valid = q->rd.rsp_valid & 1;
	i.rsp_last = q->rd.rsp_last;
	i.rsp_err = q->rd.rsp_err;
	i.rsp_data = q->rd.rsp_data;
	i.cmd_full = (uint8_t)(q->load.full | n->feeder.full << 1 | q->post.full << 2 | q->store.full << 3);
	sequencer_next(CONFIG(v), &q->seq, &i, &v->seq_ram, &d->seq);
}

static void tokens_step(const struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct tokens_in i;

	i.rst_n = q->csr.core_rst_n;
	memcpy(i.wait, n->wait, sizeof i.wait);
	memcpy(i.take, n->take, sizeof i.take);
	i.push[ENGINE_LOAD] = q->load.tok_push;
	i.push[ENGINE_FEED] = n->feeder.push;
	i.push[ENGINE_POST] = q->post.tok_push;
	i.push[ENGINE_STORE] = q->store.tok_push;
	tokens_next(CONFIG(v), &q->tokens, &i, &d->tokens);
}

static void load_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct load_in i = { 0 };

	i.rst_n = q->csr.core_rst_n;
	i.cmd_we = q->seq.cmd_we & 1;
	i.cmd_idx = q->seq.cmd_idx;
	i.cmd_data = q->seq.cmd_data;
	i.tok_ok = n->ok[ENGINE_LOAD];
	i.base = q->csr.base;
	i.req_ready = n->rd_ready >> 1 & 1;
	i.rsp_valid = q->rd.rsp_valid >> 1;
	i.rsp_last = q->rd.rsp_last;
	i.rsp_err = q->rd.rsp_err;
	i.rsp_data = q->rd.rsp_data;
	i.wready = n->act.load_wready;
	i.wgt_rel_valid = n->wgt_rel != 0;
	i.wgt_rel_words = n->wgt_rel;
	i.wgt_back = q->wgt.idx_ev;
	i.wgt_whole = (uint8_t)wgt_buffer_whole(CONFIG(v), &q->wgt);
	i.par_rel = q->par.rel;
	load_next(CONFIG(v), &q->load, &i, &v->load_ram, &d->load);
}

static void store_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct store_in i = { 0 };

	axi_wr_next(CONFIG(v), &q->wr, &n->wr, &d->wr);
	i.rst_n = q->csr.core_rst_n;
	i.cmd_we = q->seq.cmd_we >> 3;
	i.cmd_idx = q->seq.cmd_idx;
	i.cmd_data = q->seq.cmd_data;
	i.tok_ok = n->ok[ENGINE_STORE];
	i.base = q->csr.base;
	i.gnt = n->act.store_gnt;
	i.vld = q->act.vld3 == ACT_STORE;
	i.rd_data = q->act.rd;
	i.aw_ready = n->wr_out.aw_ready;
	i.w_ready = n->wr_out.w_ready;
	i.wr_idle = (uint8_t)axi_wr_idle(&q->wr);
	i.b_valid = q->wr.b_valid;
	i.b_err = q->wr.b_err;
	store_next(CONFIG(v), &q->store, &i, &v->store_ram, &d->store);
}

static void read_step(const struct device *v, const struct device_state *q, const struct device_in *in, const struct nets *n, struct device_state *d)
{
	struct axi_rd_in r = { 0 };

	r.rst_n = q->csr.core_rst_n;
	r.halt = q->csr.halt;
	r.req[0] = (struct axi_request){ sequencer_req_addr(&q->seq), q->seq.req_valid, sequencer_req_len(CONFIG(v)) };
	r.req[1] = (struct axi_request){ q->load.req_addr << LOAD_LG(CONFIG(v)), q->load.req_valid, q->load.req_len };
	r.rsp_ready[0] = 1;
	r.rsp_ready[1] = (uint8_t)load_ready(CONFIG(v), &q->load, n->act.load_wready);
	r.bus = &in->axi;
	axi_rd_next(CONFIG(v), &q->rd, &r, &d->rd);
}

static void feed_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	const struct config *c = CONFIG(v);
	struct feed_in i;
	struct pool_in p;

	int rs = c->dataflow == DATAFLOW_RS; /* pool commands only */

	i.cmd_we = rs ? n->rs.mo.cmd_we[FEED_MUX_POOL] : q->seq.cmd_we >> 1 & 1;
	i.cmd_idx = q->seq.cmd_idx;
	i.cmd_data = q->seq.cmd_data;
	i.tok_ok = rs ? n->rs.mo.tok_ok[FEED_MUX_POOL] : n->ok[ENGINE_FEED];
	i.vld = q->act.vld3 == ACT_FEED;
	i.rd_data = q->act.rd;
	i.wgt_cnt = rs ? 0 : q->wgt.cnt;
	i.wgt_ready = c->dataflow == DATAFLOW_WS ? q->wload.ready : !rs;
	i.col_pop = rs ? n->rs.mo.pop[FEED_MUX_POOL] : n->post.col_pop;
	i.post_rd = rs ? 0 : q->post.rd;
	i.post_done = q->post.done;
	i.post_last = q->post.last;
	i.post_pix = q->post.pix;
	feed_next(c, &q->feed, &i, &d->feed);
	p.valid = tok_bit(n->tok, TOK_EN) && tok_bit(n->tok, TOK_VALID) && tok_bit(n->tok, TOK_POOL);
	p.first = (uint8_t)tok_bit(n->tok, TOK_FIRST);
	p.last = (uint8_t)tok_bit(n->tok, TOK_LAST);
	p.max = (uint8_t)tok_bit(n->tok, TOK_PMAX);
	p.in_map = q->feed.pv5;
	p.word = q->feed.bus;
	pool_next(c, &q->pool, &p, &d->pool);
	if (!q->csr.core_rst_n) {
		feed_reset(c, &d->feed);
		d->pool.push = 0;
	}
}

static void os_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct array_os_in i;

	i.tok = n->tok;
	i.bus = q->feed.bus;
	i.vy = q->feed.vy5;
	i.vx = q->feed.vx5;
	i.zx = q->feed.zx4;
	i.ldelay = q->feed.a.ldelay;
	i.w = n->wgt_word;
	i.idx = n->wgt_index;
	array_os_next(CONFIG(v), &q->os, &i, &v->os_ram, &d->os);
	if (!q->csr.core_rst_n)
		array_os_reset(CONFIG(v), &d->os);
}

static void ws_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	struct array_ws_in i;
	struct wload_ws_in l;

	feed_segment(CONFIG(v), &q->feed, &l.seg);
	l.cnt = q->wgt.cnt;
	wload_ws_next(CONFIG(v), &q->wload, &l, &d->wload);
	i.tok = n->tok;
	i.bus = q->feed.bus;
	i.shift = q->wload.shift;
	i.w = n->wgt_word;
	i.idx = n->wgt_index;
	array_ws_next(CONFIG(v), &q->ws, &i, &v->ws_ram, &d->ws);
	if (!q->csr.core_rst_n) {
		wload_ws_reset(&d->wload);
		array_ws_reset(CONFIG(v), &d->ws);
	}
}

static void array_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	if (CONFIG(v)->dataflow == DATAFLOW_WS)
		ws_step(v, q, n, d);
	else if (CONFIG(v)->dataflow == DATAFLOW_RS)
		rs_front_next(CONFIG(v), &q->rs, &n->rs_in, &n->rs, &v->rs_ram, &d->rs);
	else
		os_step(v, q, n, d);
}

static void buffers_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	const struct config *c = CONFIG(v);
	int8_t lanes[CONFIG_MAX_PORT] = { 0 };
	struct act_buffer_in i;
	struct wgt_buffer_in g;
	int step = LOAD_STEP(c), k;

	i.feed_rd = n->feeder.rd;
	i.feed_addr = n->feeder.addr;
	i.post_rd = q->post.rd;
	i.post_addr = q->post.raddr;
	i.store_rd = q->store.rd;
	i.store_addr = q->store.addr / (uint32_t)c->act_size;
	i.post.wr = q->post.wr;
	i.post.addr = q->post.waddr;
	i.post.mask = q->post.wmask;
	i.post.data = q->post.y;
	memcpy(lanes, q->load.act_data, (size_t)step);
	i.load.wr = q->load.act_wr;
	i.load.addr = q->load.act_addr / (uint32_t)c->act_size;
	i.load.mask = q->load.act_mask & ((1u << step) - 1);
	if (c->act_size > 1) /* of both bytes, that of the first */
		for (i.load.mask = 0, k = 0; k < step; k += 2)
			i.load.mask |= (uint64_t)(q->load.act_mask >> k & 1) << k / 2;
	i.load.data = lanes;
	act_buffer_next(c, &q->act, &i, &v->act_ram, &d->act);
	g.wr_valid = q->load.wgt_valid;
	g.wr_data = (const uint8_t *)q->load.wgt_data;
	g.rd = n->wgt_rd;
	g.raddr = n->wgt_addr;
	wgt_buffer_next(c, &q->wgt, &g, &v->wgt_ram, &d->wgt);
	if (!q->csr.core_rst_n) {
		act_buffer_reset(&d->act);
		wgt_buffer_reset(&d->wgt);
	}
}

static void post_step(struct device *v, const struct device_state *q, const struct nets *n, struct device_state *d)
{
	const struct config *c = CONFIG(v);
	struct collector_in i;
	struct param_buffer_in p;

	i.rst_n = q->csr.core_rst_n;
	i.push = n->array.push || q->pool.push;
	i.data = q->pool.push ? q->pool.vec : n->array.vec;
	i.pop = n->post.col_pop;
	collector_next(c, &q->col, &i, &v->col_ram, &d->col);
	p.rst_n = q->csr.core_rst_n;
	p.we = q->load.par_we;
	p.data.bias = (int32_t)q->load.par_bias;
	p.data.mult = (int32_t)q->load.par_mult;
	p.data.shift = (int8_t)q->load.par_shift;
	p.re = n->post.par_re;
	p.row = n->post.par_row;
	p.rel = n->post.par_rel;
	param_buffer_next(c, &q->par, &p, &v->par_ram, &d->par);
	post_next(c, &q->post, &n->post_in, &n->post, &d->post);
}

void device_next(struct device *v, const struct device_in *in)
{
	const struct device_state *q = v->state[v->now];
	struct device_state *d = v->state[!v->now];
	struct nets n;

	compute_nets(v, q, in, &n);
	csr_step(v, q, in, &n, d);
	sequencer_step(v, q, &n, d);
	tokens_step(v, q, &n, d);
	load_step(v, q, &n, d);
	store_step(v, q, &n, d);
	read_step(v, q, in, &n, d);
	feed_step(v, q, &n, d);
	array_step(v, q, &n, d);
	buffers_step(v, q, &n, d);
	post_step(v, q, &n, d);
	sequencer_commit(&v->seq_ram);
	load_commit(&v->load_ram);
	store_commit(&v->store_ram);
	act_buffer_commit(CONFIG(v), &q->act, &v->act_ram);
	wgt_buffer_commit(CONFIG(v), &v->wgt_ram);
	if (CONFIG(v)->dataflow == DATAFLOW_OS)
		array_os_commit(CONFIG(v), &v->os_ram);
	else if (CONFIG(v)->dataflow == DATAFLOW_WS)
		array_ws_commit(CONFIG(v), &v->ws_ram);
	else
		rs_front_commit(CONFIG(v), &v->rs_ram);
	collector_commit(CONFIG(v), &v->col_ram);
	param_buffer_commit(&v->par_ram);
	v->now = !v->now;
}
