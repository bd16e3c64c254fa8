/* SPDX-License-Identifier: Apache-2.0 */
#include "control.h"
#include <string.h>

int control_stub_take(const struct control *t, const struct control_in *in)
{
	int take = 0;

	for (int i = 0; i < 2; i++)
		take |= (in->stub_could[i] && tokens_ok(&t->q.tokens, in->stub_wait[i])) << i;
	return take;
}

static void csr_step(const struct config *c, struct control *t, const struct control_in *in)
{
	const struct control_q *q = &t->q;
	struct csr_in i = { 0 };

	i.rst_n = in->rst_n;
	i.done = q->sequencer.done;
	i.rd_idle = (uint8_t)axi_rd_idle(&q->axi_rd);
	i.wr_idle = (uint8_t)axi_wr_idle(&q->axi_wr);
	i.err = (uint8_t)(q->sequencer.err << CSR_ERR_SEQUENCER | q->load.err << CSR_ERR_LOAD
		| q->store.err << CSR_ERR_STORE | q->tokens.err << CSR_ERR_TOKENS);
	i.err_code[CSR_ERR_SEQUENCER] = q->sequencer.err_code;
	i.err_addr[CSR_ERR_SEQUENCER] = sequencer_err_addr(&q->sequencer);
	i.err_code[CSR_ERR_LOAD] = q->load.err_code;
	i.err_addr[CSR_ERR_LOAD] = load_err_addr(c, &q->load);
	i.err_code[CSR_ERR_STORE] = q->store.err_code;
	i.err_addr[CSR_ERR_STORE] = q->store.err_addr;
	i.err_code[CSR_ERR_TOKENS] = ERR_TOKENS;
	i.cnt = in->cnt;
	i.cnt.mem_read = q->axi_rd.beat;
	i.cnt.mem_write = q->axi_wr.beat;
	i.bus = &in->axil;
	csr_next(c, &q->csr, &i, &t->d.csr);
}

static void sequencer_step(const struct config *c, struct control *t, const struct control_in *in, int ready)
{
	const struct control_q *q = &t->q;
	struct sequencer_in i = { 0 };

	i.rst_n = q->csr.core_rst_n;
	i.start = q->csr.start;
	i.base = q->csr.base[0];
	i.idle = (uint8_t)(load_idle(&q->load) | in->stub_idle[0] << 1 | in->stub_idle[1] << 2
		| store_idle(&q->store) << 3 | axi_wr_idle(&q->axi_wr) << 4);
	i.req_ready = ready & 1;
	i.rsp_valid = q->axi_rd.rsp_valid & 1;
	i.rsp_last = q->axi_rd.rsp_last;
	i.rsp_err = q->axi_rd.rsp_err;
	i.rsp_data = q->axi_rd.rsp_data;
	i.cmd_full = (uint8_t)(q->load.full | in->stub_full[0] << 1 | in->stub_full[1] << 2 | q->store.full << 3);
	sequencer_next(c, &q->sequencer, &i, &t->sequencer_ram, &t->d.sequencer);
}

static void tokens_step(const struct config *c, struct control *t, const struct control_in *in)
{
	const struct control_q *q = &t->q;
	int stub = control_stub_take(t, in);
	struct tokens_in i = { 0 };

	i.rst_n = q->csr.core_rst_n;
	i.wait[ENGINE_LOAD] = load_tok_wait(&q->load);
	i.wait[ENGINE_STORE] = store_tok_wait(&q->store);
	i.take[ENGINE_LOAD] = (uint8_t)load_take(&q->load, tokens_ok(&q->tokens, i.wait[ENGINE_LOAD]));
	i.take[ENGINE_STORE] = (uint8_t)store_take(&q->store, tokens_ok(&q->tokens, i.wait[ENGINE_STORE]));
	i.push[ENGINE_LOAD] = q->load.tok_push;
	i.push[ENGINE_STORE] = q->store.tok_push;
	for (int k = 0; k < 2; k++) {
		i.wait[ENGINE_FEED + k] = in->stub_wait[k];
		i.take[ENGINE_FEED + k] = stub >> k & 1;
		i.push[ENGINE_FEED + k] = in->stub_push[k];
	}
	tokens_next(c, &q->tokens, &i, &t->d.tokens);
}

static void load_step(const struct config *c, struct control *t, const struct control_in *in, int ready)
{
	const struct control_q *q = &t->q;
	struct load_in i = { 0 };

	i.rst_n = q->csr.core_rst_n;
	i.cmd_we = q->sequencer.cmd_we & 1;
	i.cmd_idx = q->sequencer.cmd_idx;
	i.cmd_data = q->sequencer.cmd_data;
	i.tok_ok = (uint8_t)tokens_ok(&q->tokens, load_tok_wait(&q->load));
	i.base = q->csr.base;
	i.req_ready = ready >> 1 & 1;
	i.rsp_valid = q->axi_rd.rsp_valid >> 1;
	i.rsp_last = q->axi_rd.rsp_last;
	i.rsp_err = q->axi_rd.rsp_err;
	i.rsp_data = q->axi_rd.rsp_data;
	i.wready = in->wready;
	i.wgt_rel_valid = in->wgt_rel_valid;
	i.wgt_rel_words = in->wgt_rel_words;
	i.wgt_back = in->wgt_back;
	i.wgt_whole = in->wgt_whole;
	i.par_rel = in->par_rel;
	load_next(c, &q->load, &i, &t->load_ram, &t->d.load);
}

static void write_step(const struct config *c, struct control *t, const struct control_in *in)
{
	const struct control_q *q = &t->q;
	struct axi_wr_in w = { 0 };
	struct axi_wr_out o;
	struct store_in i = { 0 };

	w.rst_n = i.rst_n = q->csr.core_rst_n;
	w.halt = q->csr.halt;
	w.bus = &in->axi;
	store_write(c, &q->store, &w);
	axi_wr_comb(c, &q->axi_wr, &w, &o);
	axi_wr_next(c, &q->axi_wr, &w, &t->d.axi_wr);
	i.cmd_we = q->sequencer.cmd_we >> 3;
	i.cmd_idx = q->sequencer.cmd_idx;
	i.cmd_data = q->sequencer.cmd_data;
	i.tok_ok = (uint8_t)tokens_ok(&q->tokens, store_tok_wait(&q->store));
	i.base = q->csr.base;
	i.gnt = in->gnt;
	i.vld = in->vld;
	i.rd_data = in->rd_data;
	i.aw_ready = o.aw_ready;
	i.w_ready = o.w_ready;
	i.wr_idle = (uint8_t)axi_wr_idle(&q->axi_wr);
	i.b_valid = q->axi_wr.b_valid;
	i.b_err = q->axi_wr.b_err;
	store_next(c, &q->store, &i, &t->store_ram, &t->d.store);
}

static void read_step(const struct config *c, struct control *t, const struct control_in *in)
{
	const struct control_q *q = &t->q;
	struct axi_rd_in r = { 0 };

	r.rst_n = q->csr.core_rst_n;
	r.halt = q->csr.halt;
	r.req[0] = (struct axi_request){ sequencer_req_addr(&q->sequencer), q->sequencer.req_valid, sequencer_req_len(c) };
	r.req[1] = (struct axi_request){ q->load.req_addr << LOAD_LG(c), q->load.req_valid, q->load.req_len };
	r.rsp_ready[0] = 1;
	r.rsp_ready[1] = (uint8_t)load_ready(c, &q->load, in->wready);
	r.bus = &in->axi;
	axi_rd_next(c, &q->axi_rd, &r, &t->d.axi_rd);
}

void control_next(const struct config *c, struct control *t, const struct control_in *in)
{
	int ready = axi_rd_ready(&t->q.axi_rd, t->q.csr.halt, t->q.sequencer.req_valid, in->axi.arready);

	csr_step(c, t, in);
	sequencer_step(c, t, in, ready);
	tokens_step(c, t, in);
	load_step(c, t, in, ready);
	write_step(c, t, in);
	read_step(c, t, in);
	sequencer_commit(&t->sequencer_ram);
	load_commit(&t->load_ram);
	store_commit(&t->store_ram);
	t->q = t->d;
}
