/* SPDX-License-Identifier: Apache-2.0 */
#include "chip_top.h"
#include <string.h>

/* Nets between modules: functions of registers. */
struct nets {
	struct chip_fetch_out fetch;
	uint32_t host_addr;
	uint8_t walk_rd, walk_pad;
	struct chip_out out;
};

int chip_top_init(struct chip_top *v, const struct config *c)
{
	memset(v, 0, sizeof *v);
	v->outside = c->target == TARGET_ICE40;
	return v->outside ? 0 : chip_ram_init(&v->ram);
}

void chip_top_free(struct chip_top *v)
{
	chip_ram_free(&v->ram);
}

static void memory_nets(const struct chip_state *q, struct nets *n)
{
	struct chip_out *o = &n->out;

	o->mem_en = q->post.wr || n->fetch.rd || chip_host_rd(&q->host) || (n->walk_rd && !n->walk_pad);
	o->mem_we = q->post.wr ? q->post.mask : 0;
	o->mem_wdata = q->post.word;
	if (q->post.wr)
		o->mem_addr = q->post.addr;
	else if (n->fetch.rd)
		o->mem_addr = q->fetch.pc;
	else
		o->mem_addr = (uint16_t)((q->own.run ? q->walk.addr : n->host_addr) >> 3);
}

static void compute_nets(const struct chip_state *q, struct nets *n)
{
	chip_fetch_comb(&q->fetch, &n->fetch);
	n->host_addr = chip_host_addr(&q->host);
	n->walk_rd = (uint8_t)chip_walk_rd(&q->walk, q->post.wr);
	n->walk_pad = (uint8_t)chip_walk_pad(&q->walk);
	memory_nets(q, n);
	n->out.tx = q->tx.tx;
	n->out.busy = q->own.run;
}

void chip_top_out(const struct chip_top *v, struct chip_out *o)
{
	struct nets n;

	compute_nets(chip_top_now(v), &n);
	*o = n.out;
}

void chip_top_count(const struct chip_top *v, struct chip_counts *n)
{
	const struct chip_state *q = chip_top_now(v);
	int step = q->patch.tok & 1, writes;
	struct nets t;

	if (!q->own.run)
		return;
	compute_nets(q, &t);
	n->cycles++;
	n->steps += (uint64_t)step;
	n->fetch += q->fetch.state != FETCH_RUN;
	n->fill += q->fetch.state == FETCH_RUN && !step;
	n->mem_read += t.out.mem_en && !t.out.mem_we;
	n->mem_write += t.out.mem_we != 0;
	for (writes = q->patch.we2; writes; writes &= writes - 1)
		n->patch_write++;
	n->wgt_write += t.fetch.wgt_we ? CHIP_LANES : 0;
	n->runs += q->post.fin;
}

static void own_step(const struct chip_state *q, const struct chip_in *in, const struct nets *n, struct chip_own *d)
{
	int start = q->host.start;

	d->core_rst_n = in->rst_n && !start;
	d->start = (uint8_t)(in->rst_n ? (q->own.start & 1) << 1 | start : 0);
	d->run = in->rst_n && (start || (q->own.run && !q->fetch.done));
	d->host_vld = (uint8_t)((q->own.host_vld & 1) << 1 | (chip_host_rd(&q->host) && in->rst_n));
	d->zero = n->fetch.set_we & 1 ? (uint8_t)(q->mem.data >> 8) : q->own.zero;
}

static void host_step(const struct chip_state *q, const struct chip_in *in, struct chip_state *d)
{
	const struct uart_rx_in r = { in->rst_n, in->rx };
	const struct uart_tx_in t = { in->rst_n, (uint8_t)chip_host_tx_valid(&q->host), chip_host_tx_data(&q->host) };
	struct chip_host_in h = { 0 };

	uart_rx_next(CHIP_DIV, &q->rx, &r, &d->rx);
	uart_tx_next(CHIP_DIV, &q->tx, &t, &d->tx);
	h.rst_n = in->rst_n;
	h.rx_valid = q->rx.valid;
	h.rx_data = q->rx.data;
	h.tx_ready = (uint8_t)uart_tx_ready(&q->tx);
	h.vld = q->own.host_vld >> 1;
	h.rdata = (uint8_t)q->mem.data;
	h.done = q->fetch.done;
	h.err = q->fetch.err;
	chip_host_next(&q->host, &h, &d->host);
}

static void fetch_step(const struct chip_state *q, const struct nets *n, struct chip_fetch *d)
{
	struct chip_fetch_in i;

	i.rst_n = q->own.core_rst_n;
	i.start = q->own.start >> 1;
	i.fin = q->post.fin;
	i.base = (uint16_t)(n->host_addr >> 3);
	i.data = (uint32_t)q->mem.data & 0x1FFFF;
	chip_fetch_next(&q->fetch, &i, &n->fetch, d);
}

static void walk_step(struct chip_top *v, const struct chip_state *q, const struct nets *n, struct chip_walk *d)
{
	struct chip_walk_in i;

	i.rst_n = q->own.core_rst_n;
	i.set_we = n->fetch.set_we;
	i.step_we = n->fetch.step_we;
	i.row = n->fetch.row & 7;
	i.data = q->mem.data;
	i.go = q->fetch.go;
	i.hold = q->post.wr;
	i.free = (uint8_t)chip_patch_free(&q->patch);
	chip_walk_next(&q->walk, &i, &v->walk_ram, d);
}

static void memory_step(struct chip_top *v, const struct chip_state *q, const struct chip_in *in, const struct nets *n, struct chip_state *d)
{
	struct chip_mem_in i;
	int k;

	i.word = in->mem_rdata;
	if (!v->outside) {
		v->ram.we = n->out.mem_we;
		v->ram.addr = n->out.mem_addr;
		v->ram.wdata = n->out.mem_wdata;
		chip_ram_next(&q->ram, &v->ram, &d->ram);
		for (i.word = 0, k = CHIP_RAM_BANKS - 1; k >= 0; k--)
			i.word = i.word << 16 | q->ram.rdata[k];
	}
	i.rot = q->patch.rot1;
	i.pad = q->patch.pad1;
	i.zero = q->own.zero;
	chip_mem_next(&i, &d->mem);
}

static void array_step(struct chip_top *v, const struct chip_state *q, const struct nets *n, struct chip_state *d)
{
	const struct chip_dot_in t = { q->own.core_rst_n, q->patch.tok, q->patch.x, q->patch.w };
	struct chip_patch_in p;

	p.rst_n = q->own.core_rst_n;
	p.set_we = n->fetch.set_we;
	p.wgt_we = n->fetch.wgt_we;
	p.row = (uint8_t)n->fetch.row;
	p.data = q->mem.data;
	p.go = q->fetch.go;
	p.rd = n->walk_rd;
	p.sel = (n->walk_rd ? q->walk.addr : q->own.run ? 0 : n->host_addr) & 7;
	p.pad = n->walk_pad;
	p.last = q->walk.last2;
	chip_patch_next(&q->patch, &p, &v->patch_ram, &d->patch);
	chip_dot_next(&q->dot, &t, &d->dot);
}

static void post_step(struct chip_top *v, const struct chip_state *q, const struct chip_in *in, const struct nets *n, struct chip_post *d)
{
	struct chip_post_in i;

	i.rst_n = in->rst_n;
	i.set_we = n->fetch.set_we;
	i.par_we = n->fetch.par_we;
	i.row = (uint8_t)n->fetch.row;
	i.data = q->mem.data;
	i.go = q->fetch.go;
	i.tok = q->dot.tok;
	i.sum = q->dot.sum;
	i.put = q->host.wr;
	i.put_data = q->host.data;
	i.put_addr = n->host_addr;
	chip_post_next(&q->post, &i, &v->post_ram, d);
}

void chip_top_next(struct chip_top *v, const struct chip_in *in)
{
	const struct chip_state *q = &v->state[v->now];
	struct chip_state *d = &v->state[!v->now];
	struct nets n;

	compute_nets(q, &n);
	own_step(q, in, &n, &d->own);
	host_step(q, in, d);
	fetch_step(q, &n, &d->fetch);
	walk_step(v, q, &n, &d->walk);
	memory_step(v, q, in, &n, d);
	array_step(v, q, &n, d);
	post_step(v, q, in, &n, &d->post);
	chip_walk_commit(&v->walk_ram);
	chip_patch_commit(&v->patch_ram);
	chip_post_commit(&v->post_ram);
	if (!v->outside)
		chip_ram_commit(&v->ram);
	v->now = !v->now;
}
