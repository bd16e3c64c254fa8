/* SPDX-License-Identifier: Apache-2.0 */
#include "rs_front.h"
#include <string.h>

int rs_front_ram_init(const struct config *c, struct rs_front_ram *m)
{
	if (rs_skip(c))
		return array_skip_ram_init(c, &m->skip);
	return array_rs_ram_init(c, &m->array) || acc_rs_ram_init(c, &m->acc) ? -1 : 0;
}

void rs_front_ram_free(struct rs_front_ram *m)
{
	array_rs_ram_free(&m->array);
	acc_rs_ram_free(&m->acc);
	array_skip_ram_free(&m->skip);
}

/* What the array's own feeder shows the multiplexer. */
struct feeder { uint8_t wait, take, idle, full; };

static struct feeder feeder_comb(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, uint8_t tok_ok, struct rs_front_nets *n)
{
	struct feed_rs_out r;
	struct feed_skip_out s;
	struct feed_skip_in i;

	if (!rs_skip(c)) {
		feed_rs_comb(&q->feed, tok_ok, &r);
		return (struct feeder){ r.wait, r.take, r.idle, q->feed.full };
	}
	i.tok_ok = tok_ok;
	i.post_done = in->post_done;
	i.idle = (uint8_t)array_skip_idle(c, &q->skip);
	i.drain_busy = (uint8_t)array_skip_draining(&q->skip);
	feed_skip_comb(&q->skip_feed, &i, &s);
	n->drain = s.drain;
	return (struct feeder){ s.wait, s.take, s.idle, q->skip_feed.full };
}

void rs_front_comb(const struct config *c, const struct rs_front *q, const struct feed *pool, uint8_t pool_push, const struct rs_front_in *in, uint8_t tok_ok,
		   struct rs_front_nets *n)
{
	struct feeder r = feeder_comb(c, q, in, 0, n);
	struct feed_out p;

	memset(&n->mi, 0, sizeof n->mi);
	n->mi.cmd_we = in->cmd_we;
	n->mi.cmd_idx = in->cmd_idx;
	n->mi.cmd_data = in->cmd_data;
	n->mi.tok_ok = tok_ok;
	n->mi.push = (rs_skip(c) ? q->skip.push : q->acc.push) | pool_push;
	n->mi.pop = in->col_pop;
	feed_comb(pool, 0, &p);
	n->mi.wait[FEED_MUX_RS] = r.wait;
	n->mi.wait[FEED_MUX_POOL] = p.wait;
	n->mi.idle[FEED_MUX_RS] = r.idle;
	n->mi.idle[FEED_MUX_POOL] = p.idle;
	n->mi.full[FEED_MUX_RS] = r.full;
	n->mi.full[FEED_MUX_POOL] = pool->full;
	feed_mux_comb(&q->mux, &n->mi, &n->mo);
	feed_comb(pool, n->mo.tok_ok[FEED_MUX_POOL], &p);
	n->take[FEED_MUX_RS] = feeder_comb(c, q, in, n->mo.tok_ok[FEED_MUX_RS], n).take;
	n->take[FEED_MUX_POOL] = p.take;
}

static void dense_next(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front_ram *m,
		       struct rs_front *d)
{
	struct feed_rs_in f;
	struct array_rs_in a;
	struct acc_rs_in s;

	f.cmd_we = n->mo.cmd_we[FEED_MUX_RS];
	f.cmd_idx = in->cmd_idx;
	f.cmd_data = in->cmd_data;
	f.tok_ok = n->mo.tok_ok[FEED_MUX_RS];
	f.vld = in->vld;
	f.rd_data = in->rd_data;
	f.wgt_cnt = in->wgt_cnt;
	f.tile_done = q->acc.done;
	f.post_done = in->post_done;
	f.post_last = in->post_last;
	f.post_pix = in->post_pix;
	feed_rs_next(c, &q->feed, &f, &d->feed);
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
	feed_rs_reset(&d->feed);
	array_rs_reset(c, &d->array);
	acc_rs_reset(c, &d->acc);
}

static void skip_next(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front_ram *m,
		      struct rs_front *d)
{
	struct feed_skip_in f;
	struct array_skip_in a;

	f.cmd_we = n->mo.cmd_we[FEED_MUX_RS];
	f.cmd_idx = in->cmd_idx;
	f.cmd_data = in->cmd_data;
	f.tok_ok = n->mo.tok_ok[FEED_MUX_RS];
	f.vld = in->vld;
	f.rd_data = in->rd_data;
	f.wgt_word = in->wgt_word;
	f.wgt_cnt = in->wgt_cnt;
	f.post_done = in->post_done;
	f.room = (uint8_t)array_skip_room(c, &q->skip);
	f.idle = (uint8_t)array_skip_idle(c, &q->skip);
	f.drain_busy = (uint8_t)array_skip_draining(&q->skip);
	feed_skip_next(c, &q->skip_feed, &f, &d->skip_feed);
	feed_skip_row(&q->skip_feed, &a.cfg);
	a.feed = &q->skip_feed;
	a.drain = n->drain;
	a.word = in->wgt_word;
	a.col_pop = n->mo.pop[FEED_MUX_RS];
	array_skip_next(c, &q->skip, &a, &m->skip, &d->skip);
	if (in->rst_n)
		return;
	feed_skip_reset(&d->skip_feed);
	array_skip_reset(c, &d->skip);
}

void rs_front_next(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front_ram *m,
		   struct rs_front *d)
{
	feed_mux_next(c, &q->mux, &n->mi, n->take, &d->mux);
	if (!in->rst_n)
		feed_mux_reset(&d->mux);
	if (rs_skip(c))
		skip_next(c, q, in, n, m, d);
	else
		dense_next(c, q, in, n, m, d);
}

void rs_front_commit(const struct config *c, struct rs_front_ram *m)
{
	if (rs_skip(c)) {
		array_skip_commit(c, &m->skip);
		return;
	}
	array_rs_commit(c, &m->array);
	acc_rs_commit(c, &m->acc);
}
