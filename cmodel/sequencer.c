/* SPDX-License-Identifier: Apache-2.0 */
#include "sequencer.h"
#include "csr_map.h"

/* What the beat at the FIFO's output leads to. */
struct verdict {
	uint64_t beat;
	int engine; /* one-hot */
	int op, broken, illegal, stop, send, pop;
};

static void judge(const struct config *c, const struct sequencer *q, const struct sequencer_in *in, struct verdict *v)
{
	int wide = c->bus_bytes == 16, head = q->idx == 0, live = q->run && q->out;
	int closing = q->cmd_idx == 15 ? q->cmd_we : 0;

	v->beat = q->fifo_rdata[wide ? q->idx & 1 : 0];
	v->op = head ? (int)(v->beat & 15) : q->op;
	v->engine = v->op >= 1 && v->op <= 4 ? 1 << (v->op - 1) : 0;
	v->broken = live && (q->bad >> q->pc_slot & 1);
	v->illegal = live && head && v->op > 4 && !v->broken;
	v->stop = v->broken || v->illegal || (live && head && v->op == 0);
	v->send = live && !v->stop && !(head && (v->engine & (in->cmd_full | closing)));
	v->pop = v->send && (!wide || (q->idx & 1));
}

static void fifo_next(const struct config *c, const struct sequencer *q, const struct sequencer_in *in, int pop,
	struct sequencer_ram *m, struct sequencer *d)
{
	int fw = SEQUENCER_FW(c), mask = (1 << fw) - 1, re = q->count && (!q->out || pop);

	m->we = in->rsp_valid;
	if (in->rsp_valid) {
		int slot = q->wptr >> (fw - 2), first = (q->wptr & (mask >> 2)) == 0;

		m->waddr = q->wptr;
		m->wdata[0] = in->rsp_data[0];
		m->wdata[1] = in->rsp_data[1];
		d->wptr = (uint8_t)((q->wptr + 1) & mask);
		d->bad = (uint8_t)((q->bad & ~(first << slot)) | in->rsp_err << slot);
	}
	if (re) {
		d->fifo_rdata[0] = m->fifo[q->rptr][0];
		d->fifo_rdata[1] = m->fifo[q->rptr][1];
	}
	d->rptr = (uint8_t)((q->rptr + re) & mask);
	d->count = (uint8_t)((q->count + in->rsp_valid - re) & (2 * mask + 1));
	d->out = (uint8_t)(re || (q->out && !pop));
}

static void fetch_next(const struct sequencer *q, const struct sequencer_in *in, int start, int stop, int sent, struct sequencer *d)
{
	int ask = q->run && !stop && (!q->req_valid || in->req_ready) && q->slots != 4;

	d->req_valid = (uint8_t)(start || ask || (q->req_valid && !in->req_ready));
	d->slots = (uint8_t)((q->slots + (start || ask) - sent) & 7);
	d->fetch = (uint8_t)((q->fetch + (start || ask) - (in->rsp_valid && in->rsp_last)) & 7);
	if (in->start) {
		d->req_addr = d->pc = in->base >> 7;
		return;
	}
	d->req_addr = (q->req_addr + (uint32_t)ask) & 0x1FFFFFF;
	d->pc = (q->pc + (uint32_t)sent) & 0x1FFFFFF;
}

static void reset(struct sequencer *d)
{
	d->run = d->end = d->done = d->err = d->req_valid = d->slots = d->fetch = d->bad = d->pc_slot = 0;
	d->wptr = d->rptr = d->count = d->out = d->idx = d->cmd_we = 0;
}

void sequencer_next(const struct config *c, const struct sequencer *q, const struct sequencer_in *in,
	struct sequencer_ram *m, struct sequencer *d)
{
	int start = in->start && !(in->base & 127), sent, quiet;
	struct verdict v;

	*d = *q;
	judge(c, q, in, &v);
	sent = v.send && q->idx == 15;
	quiet = q->end && !q->fetch && !q->cmd_we && in->idle == 31;
	d->run = (uint8_t)(start || (q->run && !v.stop));
	d->end = (uint8_t)(in->start ? !start : v.stop || (q->end && !quiet));
	d->done = (uint8_t)quiet;
	d->err = (uint8_t)(v.broken || v.illegal || (in->start && !start));
	if (in->start || d->err)
		d->err_code = in->start ? ERR_BASE : v.broken ? ERR_FETCH : ERR_OPCODE;
	d->cmd_we = (uint8_t)(v.send ? v.engine : 0);
	d->idx = (uint8_t)((q->idx + v.send) & 15);
	d->pc_slot = (uint8_t)((q->pc_slot + sent) & 3);
	if (v.send) {
		d->op = (uint8_t)v.op;
		d->cmd_idx = q->idx;
		d->cmd_data = v.beat;
	}
	fifo_next(c, q, in, v.pop, m, d);
	fetch_next(q, in, start, v.stop, sent, d);
	if (!in->rst_n)
		reset(d);
}

void sequencer_commit(struct sequencer_ram *m)
{
	if (!m->we)
		return;
	m->fifo[m->waddr][0] = m->wdata[0];
	m->fifo[m->waddr][1] = m->wdata[1];
}
