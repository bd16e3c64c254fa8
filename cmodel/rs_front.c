/* SPDX-License-Identifier: Apache-2.0 */
#include "rs_front.h"
#include <string.h>

int rs_front_ram_init(const struct config *c, struct rs_front_ram *m)
{
	return array_rs_ram_init(c, &m->array) || acc_rs_ram_init(c, &m->acc) ? -1 : 0;
}

void rs_front_ram_free(struct rs_front_ram *m)
{
	array_rs_ram_free(&m->array);
	acc_rs_ram_free(&m->acc);
}

void rs_front_comb(const struct rs_front *q, const struct feed *pool, uint8_t pool_push, const struct rs_front_in *in, uint8_t tok_ok,
		   struct rs_front_nets *n)
{
	struct feed_rs_out r;
	struct feed_out p;

	memset(&n->mi, 0, sizeof n->mi);
	n->mi.cmd_we = in->cmd_we;
	n->mi.cmd_idx = in->cmd_idx;
	n->mi.cmd_data = in->cmd_data;
	n->mi.tok_ok = tok_ok;
	n->mi.push = q->acc.push | pool_push;
	n->mi.pop = in->col_pop;
	feed_rs_comb(&q->feed, 0, &r);
	feed_comb(pool, 0, &p);
	n->mi.wait[FEED_MUX_RS] = r.wait;
	n->mi.wait[FEED_MUX_POOL] = p.wait;
	n->mi.idle[FEED_MUX_RS] = r.idle;
	n->mi.idle[FEED_MUX_POOL] = p.idle;
	n->mi.full[FEED_MUX_RS] = q->feed.full;
	n->mi.full[FEED_MUX_POOL] = pool->full;
	feed_mux_comb(&q->mux, &n->mi, &n->mo);
	feed_rs_comb(&q->feed, n->mo.tok_ok[FEED_MUX_RS], &r);
	feed_comb(pool, n->mo.tok_ok[FEED_MUX_POOL], &p);
	n->take[FEED_MUX_RS] = r.take;
	n->take[FEED_MUX_POOL] = p.take;
}

static void feed_step(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front *d)
{
	struct feed_rs_in f;

	feed_mux_next(c, &q->mux, &n->mi, n->take, &d->mux);
	f.cmd_we = n->mo.cmd_we[FEED_MUX_RS];
	f.cmd_idx = in->cmd_idx;
	f.cmd_data = in->cmd_data;
	f.tok_ok = n->mo.tok_ok[FEED_MUX_RS];
	f.vld = in->vld;
	f.rd_data = in->rd_data;
	f.wgt_cnt = in->wgt_cnt;
	f.wgt_word = in->wgt_word;
	f.tile_done = q->acc.done;
	f.post_done = in->post_done;
	f.post_last = in->post_last;
	f.post_pix = in->post_pix;
	feed_rs_next(c, &q->feed, &f, &d->feed);
}

void rs_front_next(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front_ram *m,
		   struct rs_front *d)
{
	struct array_rs_in a;
	struct acc_rs_in s;

	feed_step(c, q, in, n, d);
	a.tok = q->feed.tok5;
	a.wv = q->feed.wrd5;
	a.w = in->wgt_word;
	a.ld = q->feed.ld5;
	a.bus = q->feed.bus;
	a.gl = (uint8_t)q->feed.a.gl;
	a.dj = (uint8_t)q->feed.a.dj;
	feed_rs_rows(c, &q->feed, &a.cfg);
	array_rs_next(c, &q->array, &a, &m->array, &d->array);
	s.v = q->array.v[0];
	s.vec = q->array.chain;
	s.cmd = &q->feed.a;
	s.start = q->feed.cfg != 0;
	s.col_pop = n->mo.pop[FEED_MUX_RS];
	acc_rs_next(c, &q->acc, &s, &m->acc, &d->acc);
	if (in->rst_n)
		return;
	feed_mux_reset(&d->mux);
	feed_rs_reset(&d->feed);
	array_rs_reset(c, &d->array);
	acc_rs_reset(c, &d->acc);
}

void rs_front_commit(const struct config *c, struct rs_front_ram *m)
{
	array_rs_commit(c, &m->array);
	acc_rs_commit(c, &m->acc);
}
