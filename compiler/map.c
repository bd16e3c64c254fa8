/* SPDX-License-Identifier: Apache-2.0
 * Plans where the tensors live and emits the program layer by layer. */
#include "map.h"
#include "lower.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* POST commands so far behind are done: sums of three later ones would have to wait somewhere. Their numbers count modulo 256. */
enum { FAR = 64 };

void map_window(const struct graph *g, const struct op *o, struct window *w)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];

	memset(w, 0, sizeof *w);
	w->ic = in->c;
	w->iw = in->w;
	w->ow = out->w;
	w->oc = out->c;
	w->kh = o->kh;
	w->kw = o->kw;
	w->sh = o->sh;
	w->sw = o->sw;
	w->dh = o->dh;
	w->dw = o->dw;
	w->pt = o->pad_top;
	w->pl = o->pad_left;
	w->zx = in->zero_point;
	if (o->kind == OP_AVERAGE_POOL_2D || o->kind == OP_MAX_POOL_2D)
		w->dh = w->dw = 1;
	if (o->kind == OP_FULLY_CONNECTED) {
		w->ic = in->h * in->w * in->c;
		w->iw = w->ow = w->kh = w->kw = w->sh = w->sw = w->dh = w->dw = 1;
		w->pt = w->pl = 0;
	}
}

static int last_use(const struct layer *l, int n, int tensor)
{
	int i, last = -1;

	for (i = 0; i < n; i++)
		if (l[i].in == tensor || l[i].res == tensor)
			last = i;
	return last;
}

/* The activation buffer's addresses count activations, memory's bytes. */
static size_t tensor_lanes(const struct tensor *t) { return (size_t)t->h * (size_t)t->w * (size_t)t->c; }

static void load_act(struct mapper *m, const struct place *p, size_t from, size_t n, uint32_t addr, int wait, int push)
{
	size_t size = (size_t)m->c->act_size;

	builder_load_act(m->b, p->base, p->offset + from * size, n * size, addr * (uint32_t)size, wait, push);
}

/* The lowest free address for a tensor while layer `when` runs, or -1. */
static int64_t allocate(const struct mapper *m, const struct layer *l, int n, int out, int tensor, int when, size_t limit)
{
	const struct graph *g = m->g;
	size_t need = tensor_lanes(&g->tensors[tensor]), addr = 0;
	int t, moved = 1;

	while (moved) {
		moved = 0;
		for (t = 0; t < g->ntensors; t++) {
			const struct place *p = &m->place[t];
			size_t end = p->addr + tensor_lanes(&g->tensors[t]);

			if (!p->on_chip || (t != out && last_use(l, n, t) < when))
				continue;
			if (addr < end && p->addr < addr + need) {
				addr = end;
				moved = 1;
			}
		}
	}
	return addr + need <= limit ? (int64_t)addr : -1;
}

static size_t place_tensor(struct mapper *m, const struct layer *l, int n, int out, int tensor, int when, size_t limit, size_t scratch)
{
	struct place *p = &m->place[tensor];
	int64_t addr = allocate(m, l, n, out, tensor, when, limit);

	p->post = -1;
	p->plain = 1;
	p->pixels = 0;
	p->on_chip = addr >= 0;
	p->base = tensor == m->g->input ? BASE_INPUT : tensor == out ? BASE_OUTPUT : BASE_SCRATCH;
	if (addr >= 0) {
		p->addr = (uint32_t)addr;
		return scratch;
	}
	p->offset = p->base == BASE_SCRATCH ? scratch : 0;
	return p->base == BASE_SCRATCH ? scratch + (tensor_bytes(&m->g->tensors[tensor]) + 127) / 128 * 128 : scratch;
}

/* Places all tensors below limit if they fit there, else in memory. Whether any is in memory. */
static int plan(struct mapper *m, const struct layer *l, int n, int out, size_t limit, size_t *scratch)
{
	int i, spilled;

	memset(m->place, 0, (size_t)m->g->ntensors * sizeof *m->place);
	*scratch = place_tensor(m, l, n, out, m->g->input, 0, limit, 0);
	spilled = !m->place[m->g->input].on_chip;
	for (i = 0; i < n; i++) {
		*scratch = place_tensor(m, l, n, out, l[i].out, i, limit, *scratch);
		spilled |= !m->place[l[i].out].on_chip;
	}
	return spilled;
}

struct lines { int in, ih; };

/* Input lines for output lines [oy, oy+oh). */
static struct lines input_lines(const struct window *w, int height, int oy, int oh)
{
	int lo = oy * w->sh - w->pt, hi = (oy + oh - 1) * w->sh - w->pt + (w->kh - 1) * w->dh + 1;
	struct lines r;

	if (lo < 0)
		lo = 0;
	if (hi > height)
		hi = height;
	if (lo > height - 1)
		lo = height - 1;
	if (hi <= lo)
		hi = lo + 1;
	r.in = lo;
	r.ih = hi - lo;
	return r;
}

static int emit(struct mapper *m, struct layer *l, const struct stripe *s)
{
	switch (m->g->ops[l->op].kind) {
	case OP_ADD:
		return map_add(m, l, s);
	case OP_AVERAGE_POOL_2D:
	case OP_MAX_POOL_2D:
		return map_pool(m, l, s);
	default:
		return map_mac(m, l, s);
	}
}

struct staging {
	size_t at, size;      /* the stripes' part of the buffer */
	int store, post;      /* command that ends its last use, or -1 */
};

static void push_from(struct builder *b, int command, int token)
{
	if (command >= 0 && !b->failed)
		b->commands[command].slot[0] |= (uint32_t)token << 16;
}

/* Tokens: the stripe before must have left the staging area. */
static void chain(struct builder *b, struct staging *st, int load, int *load_wait, int *post_wait)
{
	*load_wait = *post_wait = 0;
	if (st->store >= 0) {
		push_from(b, st->store, load ? TOKEN_STORE_LOAD : TOKEN_STORE_POST);
		*(load ? load_wait : post_wait) |= load ? TOKEN_STORE_LOAD : TOKEN_STORE_POST;
	} else if (st->post >= 0 && load) {
		push_from(b, st->post, TOKEN_POST_LOAD);
		*load_wait |= TOKEN_POST_LOAD;
	}
	st->store = st->post = -1;
}

static int last_of(const struct builder *b, enum opcode op)
{
	int i = b->ncommands;

	while (--i >= 0)
		if ((b->commands[i].slot[0] & 15) == (uint32_t)op)
			return i;
	return -1;
}

/* Cycles for a transfer that nothing hides. */
static int64_t transfer_cycles(const struct mapper *m, size_t bytes)
{
	return bytes ? m->latency + 12 + (int64_t)(bytes / (size_t)m->c->bus_bytes) : 0;
}

static int run_stripe(struct mapper *m, struct layer *l, const struct window *w, struct staging *st, int oy, int oh)
{
	const struct graph *g = m->g;
	const struct place *in = &m->place[l->in], *res = l->res >= 0 ? &m->place[l->res] : NULL, *out = &m->place[l->out];
	int height = g->tensors[l->in].h, line_in = w->iw * w->ic, line_out = w->ow * w->oc;
	struct lines need = input_lines(w, height, oy, oh);
	size_t at = st->at, offset, size = (size_t)m->c->act_size;
	struct stripe s;
	int load_in = !in->on_chip, load_res = res && !res->on_chip, store = !out->on_chip, load_wait, chain_post;

	memset(&s, 0, sizeof s);
	s.oy = oy;
	s.oh = oh;
	s.iy = load_in ? need.in : 0;
	s.ih = load_in ? need.ih : height;
	s.in = load_in ? (uint32_t)at : in->addr;
	at += load_in ? (size_t)(need.ih * line_in) : 0;
	s.res = load_res ? (uint32_t)at : res ? res->addr + (uint32_t)(oy * line_out) : 0;
	at += load_res ? (size_t)(oh * line_out) : 0;
	s.out = store ? (uint32_t)at : out->addr + (l->gap >= 0 ? 0 : (uint32_t)(oy * line_out));
	s.follow = in->on_chip && in->post >= 0 && m->b->posts - in->post <= FAR;
	s.dep = in->post;
	s.dep_first = in->first;
	s.dep_pixels = in->pixels;
	s.plain = in->plain;
	if (load_in || load_res || store)
		chain(m->b, st, load_in || load_res, &load_wait, &chain_post);
	else
		load_wait = chain_post = 0;
	s.post_wait = chain_post;
	if (load_in)
		load_act(m, in, (size_t)(need.in * line_in), (size_t)(need.ih * line_in), s.in, load_wait, load_res ? 0 : TOKEN_LOAD_FEED);
	if (load_res)
		load_act(m, res, (size_t)(oy * line_out), (size_t)(oh * line_out), s.res, load_in ? 0 : load_wait, TOKEN_LOAD_POST | (load_in ? TOKEN_LOAD_FEED : 0));
	s.feed_wait = load_in ? TOKEN_LOAD_FEED : 0;
	s.post_wait |= load_res ? TOKEN_LOAD_POST : 0;
	if (l->in == g->input && in->on_chip && m->first_feed)
		s.feed_wait |= TOKEN_LOAD_FEED;
	l->estimate += transfer_cycles(m, load_in ? (size_t)(need.ih * line_in) * size : 0) + transfer_cycles(m, load_res ? (size_t)(oh * line_out) * size : 0) +
		       transfer_cycles(m, store ? (size_t)(oh * line_out) * size : 0);
	if (emit(m, l, &s))
		return -1;
	if (load_in || load_res)
		st->post = last_of(m->b, OPCODE_POST);
	if (store) {
		size_t bytes = l->gap >= 0 ? tensor_bytes(&g->tensors[l->out]) : (size_t)(oh * line_out) * size;

		push_from(m->b, last_of(m->b, OPCODE_POST), TOKEN_POST_STORE);
		offset = out->offset + (l->gap >= 0 ? 0 : (size_t)(oy * line_out) * size);
		builder_store(m->b, out->base, offset, bytes, s.out * (uint32_t)size, TOKEN_POST_STORE, 0);
		st->store = last_of(m->b, OPCODE_STORE);
	}
	return 0;
}

/* The most output lines whose parts in the staging area fit, 0 when not even one does. */
static int stripe_lines(const struct mapper *m, const struct layer *l, const struct window *w, size_t room)
{
	const struct place *in = &m->place[l->in], *res = l->res >= 0 ? &m->place[l->res] : NULL, *out = &m->place[l->out];
	int oh = m->g->tensors[m->g->ops[l->op].out].h, height = m->g->tensors[l->in].h, i;

	if (in->on_chip && out->on_chip && (!res || res->on_chip))
		return oh;
	for (i = oh; i > 0; i--) {
		size_t need = 0;
		int oy;

		for (oy = 0; oy < oh; oy += i) {
			struct lines r = input_lines(w, height, oy, oy + i > oh ? oh - oy : i);
			size_t bytes = in->on_chip ? 0 : (size_t)r.ih * (size_t)(w->iw * w->ic);

			if (bytes > need)
				need = bytes;
		}
		need += (size_t)((out->on_chip ? 0 : 1) + (res && !res->on_chip ? 1 : 0)) * (size_t)i * (size_t)(w->ow * w->oc);
		if (need <= room)
			return i;
	}
	return 0;
}

static int run_layer(struct mapper *m, struct layer *l, struct staging *st)
{
	const struct op *o = &m->g->ops[l->op];
	int oh = m->g->tensors[o->out].h, lines, oy;
	struct window w;

	map_window(m->g, o, &w);
	if (o->kind == OP_ADD) {
		w.kh = w.kw = w.sh = w.sw = w.dh = w.dw = 1;
		w.pt = w.pl = 0;
	}
	if (o->kind == OP_FULLY_CONNECTED)
		oh = 1;
	lines = stripe_lines(m, l, &w, st->size);
	if (o->kind == OP_FULLY_CONNECTED && !m->place[l->in].on_chip && lines && tensor_lanes(&m->g->tensors[l->in]) > st->size)
		lines = 0;
	if (lines == 0)
		return map_error(m, o, "one line of its maps does not fit act_buffer (%zu bytes for stripes)", st->size * (size_t)m->c->act_size);
	if (lines < oh && l->gap >= 0)
		return map_error(m, o, "its fused global average does not fit act_buffer");
	l->first_post = m->b->posts;
	for (oy = 0; oy < oh; oy += lines) {
		int n = oh - oy < lines ? oh - oy : lines;

		if (lines < oh && o->kind != OP_AVERAGE_POOL_2D) {
			if (oy == 0)
				builder_record(m->b);
			else
				builder_replay(m->b);
		}
		if (run_stripe(m, l, &w, st, oy, n))
			return -1;
	}
	builder_forget(m->b);
	l->posts = m->b->posts - l->first_post;
	m->place[l->out].post = m->b->posts - 1;
	m->place[l->out].plain = l->posts == 1 && l->gap < 0;
	m->place[l->out].first = l->first_post;
	m->place[l->out].pixels = lines < oh ? 0 : l->post_pixels;
	snprintf(l->mapping, sizeof l->mapping, "%s%s", lines < oh ? "striped through memory" : "on chip",
		 l->per == 4 ? ", weights of 2 bits" : l->per == 2 ? ", weights of 4 bits" : "");
	return 0;
}

/* A layer takes at least as long as its bytes on the bus, but for those that came during the layers before: as many as the
 * weight buffer holds. *ahead: cycles of the bus that are won so far. */
static void wait_for_bus(const struct mapper *m, struct layer *l, int64_t bytes, int64_t *ahead)
{
	int64_t bus = bytes / m->c->bus_bytes, most = m->c->wgt_bytes / m->c->bus_bytes;

	if (l->estimate < bus - *ahead)
		l->estimate = bus - *ahead;
	*ahead += l->estimate - bus;
	if (*ahead > most)
		*ahead = most;
}

static int run_layers(struct mapper *m, struct program *p, size_t stripes)
{
	const struct graph *g = m->g;
	struct staging st = { ((size_t)1 << m->c->act_aw) - stripes, stripes, -1, -1 };
	const struct place *in = &m->place[g->input], *out = &m->place[p->device_out];
	int64_t moved = 0, ahead = 0;
	int i;

	/* The first commands, the input, the first weights; at the end the output's way to memory. */
	p->layers[0].estimate += 2 * m->latency + 64 + (in->on_chip ? (int64_t)(tensor_bytes(&g->tensors[g->input]) / (size_t)m->c->bus_bytes) : 0);
	p->estimate += m->latency + 40;
	m->first_feed = 1;
	m->first_post = in->on_chip;
	if (in->on_chip)
		load_act(m, in, 0, tensor_lanes(&g->tensors[g->input]), in->addr, 0, TOKEN_LOAD_FEED | TOKEN_LOAD_POST);
	for (i = 0; i < p->nlayers; i++) {
		struct layer *l = &p->layers[i];
		const struct op *o = &g->ops[l->op];

		m->b->layer = i;
		if (o->kind != OP_ADD && o->kind != OP_MAX_POOL_2D && o->kind != OP_AVERAGE_POOL_2D && map_check_mac(m, l))
			return -1;
		if (run_layer(m, l, &st))
			return -1;
		if (m->b->failed)
			return map_error(m, o, "%s", m->b->why);
		l->estimate += l->macs ? 8 : 0; /* the next command */
		wait_for_bus(m, l, builder_traffic(m->b) - moved, &ahead);
		moved = builder_traffic(m->b);
		p->estimate += l->estimate;
	}
	if (out->on_chip) {
		push_from(m->b, last_of(m->b, OPCODE_POST), TOKEN_POST_STORE);
		builder_store(m->b, BASE_OUTPUT, 0, tensor_bytes(&g->tensors[p->device_out]), out->addr * (uint32_t)m->c->act_size, TOKEN_POST_STORE, 0);
	}
	p->sparse.macs = m->skipped;
	p->posts = m->b->posts;
	p->commands = m->b->ncommands + 1;
	p->traffic = builder_traffic(m->b) + COMMAND_BYTES;
	if (builder_finish(m->b, &p->image, &p->image_bytes)) {
		snprintf(m->err, m->errsize, "%s: %s", g->name, m->b->why);
		return -1;
	}
	return 0;
}

/* One way to divide the activation buffer: tensors below limit, stripes above. */
static int attempt(struct mapper *m, struct program *p, int *alias, size_t limit)
{
	size_t whole = (size_t)1 << m->c->act_aw;
	/* a fused average needs its whole map from one POST */
	int fuse_averages = limit == whole && m->c->sparsity != SPARSITY_SKIP;

	if (lower_graph(m->g, fuse_averages, p->layers, &p->nlayers, alias, &p->host_op, m->err, m->errsize))
		return -1;
	p->device_out = alias[p->host_op >= 0 ? m->g->ops[p->host_op].in[0] : m->g->output];
	if (p->nlayers == 0) {
		snprintf(m->err, m->errsize, "%s: no operator for the device", m->g->name);
		return -1;
	}
	if (plan(m, p->layers, p->nlayers, p->device_out, limit, &p->scratch_bytes) && limit == whole)
		return 1;
	builder_free(m->b);
	p->estimate = m->skipped = 0;
	return run_layers(m, p, whole - limit);
}

int map_program(const struct config *c, const struct graph *g, int latency, struct program *p, char *err, size_t errsize)
{
	int *alias = calloc((size_t)g->ntensors, sizeof *alias), status = -1, i;
	struct mapper m;
	struct builder b;

	memset(p, 0, sizeof *p);
	memset(&m, 0, sizeof m);
	builder_init(&b);
	m.c = c;
	m.g = g;
	m.latency = latency;
	m.b = &b;
	m.err = err;
	m.errsize = errsize;
	m.place = calloc((size_t)g->ntensors, sizeof *m.place);
	p->layers = calloc((size_t)g->nops + 1, sizeof *p->layers);
	if (!alias || !m.place || !p->layers)
		snprintf(err, errsize, "%s: out of memory", g->name);
	/* Everything on chip; half of the buffer for stripes; all of it. */
	for (i = 0; alias && m.place && p->layers && i < 3 && status; i++)
		status = attempt(&m, p, alias, i == 2 ? 0 : ((size_t)1 << c->act_aw) >> i);
	builder_free(&b);
	free(alias);
	free(m.place);
	if (status)
		program_free(p);
	return status ? -1 : 0;
}
