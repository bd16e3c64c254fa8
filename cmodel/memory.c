/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"
#include <stdlib.h>
#include <string.h>

static uint32_t draw(struct memory *m, int channel)
{
	uint64_t x = m->rng[channel];

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	m->rng[channel] = x;
	return (uint32_t)(x >> 32);
}

static int stalled(struct memory *m, int channel)
{
	return m->threshold && draw(m, channel) < m->threshold;
}

static struct memory_burst *queue_head(struct memory_queue *q) { return &q->at[q->head]; }

static void queue_push(struct memory_queue *q, const struct memory_burst *b)
{
	q->at[(q->head + q->count++) % MEMORY_QUEUE] = *b;
}

static void queue_pop(struct memory_queue *q)
{
	q->head = (q->head + 1) % MEMORY_QUEUE;
	q->count--;
}

static void violation(struct memory *m, const char *text)
{
	if (!m->violations++)
		m->violation = text;
}

int memory_init(struct memory *m, size_t bytes, int bus_bytes, const struct mem_options *opt)
{
	double bandwidth = opt->bandwidth > 0 && opt->bandwidth < 1 ? opt->bandwidth : 1;

	memset(m, 0, sizeof *m);
	m->size = bytes;
	m->bus_bytes = bus_bytes;
	m->opt = *opt;
	if (m->opt.latency < 1)
		m->opt.latency = 1;
	m->threshold = (uint64_t)(opt->stall * 4294967296.0);
	m->rate = (uint32_t)(bandwidth * 65536);
	m->read_tokens = m->write_tokens = 65536;
	for (int i = 0; i < MEMORY_CHANNELS; i++)
		m->rng[i] = (opt->seed + 1) * 0x9E3779B97F4A7C15u ^ (uint64_t)(i + 1) * 0xD1B54A32D192ED03u;
	for (int i = 0; i < MEMORY_CHANNELS; i++)
		m->rng[i] += !m->rng[i];
	m->fault_read = m->fault_write = -1;
	m->bytes = calloc(bytes ? bytes : 1, 1);
	return m->bytes ? 0 : -1;
}

void memory_free(struct memory *m)
{
	free(m->bytes);
	m->bytes = NULL;
}

static int inside(const struct memory *m, uint32_t addr)
{
	return m->size >= (size_t)m->bus_bytes && addr <= m->size - (size_t)m->bus_bytes;
}

static void check_burst(struct memory *m, uint32_t addr, unsigned len)
{
	if (addr % (uint32_t)m->bus_bytes)
		violation(m, "burst address not aligned to the bus");
	if (addr / 4096 != (addr + (len + 1) * (uint32_t)m->bus_bytes - 1) / 4096)
		violation(m, "burst crosses 4 KiB");
}

/* A valid that was not answered must stay, with the same values. */
static void check_stable(struct memory *m, const struct axi_m2s *in)
{
	const struct axi_m2s *l = &m->last;

	if (l->arvalid && (!in->arvalid || in->araddr != l->araddr || in->arlen != l->arlen || in->arid != l->arid))
		violation(m, "AR changed before ARREADY");
	if (l->awvalid && (!in->awvalid || in->awaddr != l->awaddr || in->awlen != l->awlen || in->awid != l->awid))
		violation(m, "AW changed before AWREADY");
	if (l->wvalid && (!in->wvalid || in->wdata[0] != l->wdata[0] || in->wdata[1] != l->wdata[1]
		|| in->wstrb != l->wstrb || in->wlast != l->wlast))
		violation(m, "W changed before WREADY");
	if (in->arvalid | in->awvalid | in->wvalid)
		m->last = *in;
	m->last.arvalid = in->arvalid && !m->out.arready;
	m->last.awvalid = in->awvalid && !m->out.awready;
	m->last.wvalid = in->wvalid && !m->out.wready;
}

static void address_next(struct memory *m, const struct axi_m2s *in)
{
	struct memory_burst b = { m->cycle + (uint64_t)m->opt.latency, 0, 0, 0, 0 };

	if (in->arvalid && m->out.arready) {
		b.addr = in->araddr;
		b.id = in->arid;
		b.len = in->arlen;
		check_burst(m, b.addr, b.len);
		queue_push(&m->reads, &b);
	}
	if (in->awvalid && m->out.awready) {
		b.addr = in->awaddr;
		b.id = in->awid;
		b.len = in->awlen;
		check_burst(m, b.addr, b.len);
		queue_push(&m->writes, &b);
	}
	m->out.arready = m->reads.count < MEMORY_QUEUE && !stalled(m, MEMORY_AR);
	m->out.awready = m->writes.count < MEMORY_QUEUE && !stalled(m, MEMORY_AW);
}

static void read_beat(struct memory *m, struct memory_burst *b)
{
	uint32_t addr = b->addr + m->read_beat * (uint32_t)m->bus_bytes;

	m->out.rvalid = 1;
	m->out.rid = b->id;
	m->out.rdata[0] = m->out.rdata[1] = 0;
	m->out.rresp = AXI_OKAY;
	if (!inside(m, addr)) {
		m->out.rresp = AXI_DECERR;
	} else {
		for (int i = 0; i < m->bus_bytes / 8; i++)
			memcpy(&m->out.rdata[i], m->bytes + addr + 8 * i, 8);
		if (m->fault_read >= 0 && (uint64_t)m->fault_read == m->beats_read) {
			m->out.rresp = AXI_SLVERR;
			m->fault_read_addr = b->addr;
		}
	}
	m->beats_read++;
	m->out.rlast = m->read_beat == b->len;
	m->read_beat = m->out.rlast ? 0 : m->read_beat + 1;
	if (m->out.rlast)
		queue_pop(&m->reads);
}

static void refill(uint32_t *tokens, uint32_t rate)
{
	*tokens += rate;
	if (*tokens > 65536)
		*tokens = 65536;
}

static void read_next(struct memory *m, const struct axi_m2s *in)
{
	refill(&m->read_tokens, m->rate);
	if (m->out.rvalid && !in->rready)
		return;
	m->out.rvalid = 0;
	if (!m->reads.count || queue_head(&m->reads)->due > m->cycle + 1)
		return;
	if (m->read_tokens < 65536 || stalled(m, MEMORY_R))
		return;
	m->read_tokens -= 65536;
	read_beat(m, queue_head(&m->reads));
}

static void store_bytes(uint8_t *to, const struct axi_m2s *in, int n)
{
	for (int i = 0; i < n; i++)
		if (in->wstrb >> i & 1)
			to[i] = (uint8_t)(in->wdata[i / 8] >> 8 * (i % 8));
}

static void write_beat(struct memory *m, const struct axi_m2s *in)
{
	struct memory_burst *b = queue_head(&m->writes), done = *b;
	uint32_t addr = b->addr + m->write_beat * (uint32_t)m->bus_bytes;
	int last = m->write_beat == b->len;

	if (in->wlast != last)
		violation(m, "WLAST does not match AWLEN");
	if (!inside(m, addr))
		m->write_resp = AXI_DECERR;
	else
		store_bytes(m->bytes + addr, in, m->bus_bytes);
	if (m->fault_write >= 0 && (uint64_t)m->fault_write == m->beats_written) {
		m->write_resp = AXI_SLVERR;
		m->fault_write_addr = b->addr;
	}
	m->beats_written++;
	m->write_beat = last ? 0 : m->write_beat + 1;
	if (!last)
		return;
	done.due = m->cycle + (uint64_t)m->opt.latency;
	done.resp = m->write_resp;
	m->write_resp = AXI_OKAY;
	queue_pop(&m->writes);
	queue_push(&m->responses, &done);
}

static void write_next(struct memory *m, const struct axi_m2s *in)
{
	if (in->wvalid && m->out.wready) {
		m->write_tokens -= 65536;
		write_beat(m, in);
	}
	refill(&m->write_tokens, m->rate);
	m->out.wready = m->writes.count && m->responses.count < MEMORY_QUEUE && m->write_tokens >= 65536
		&& !stalled(m, MEMORY_W);
}

static void response_next(struct memory *m, const struct axi_m2s *in)
{
	struct memory_burst *b = queue_head(&m->responses);

	if (m->out.bvalid && !in->bready)
		return;
	m->out.bvalid = 0;
	if (!m->responses.count || b->due > m->cycle + 1 || stalled(m, MEMORY_B))
		return;
	m->out.bvalid = 1;
	m->out.bid = b->id;
	m->out.bresp = b->resp;
	queue_pop(&m->responses);
}

void memory_next(struct memory *m, const struct axi_m2s *in, struct axi_s2m *out)
{
	check_stable(m, in);
	address_next(m, in);
	read_next(m, in);
	write_next(m, in);
	response_next(m, in);
	m->cycle++;
	*out = m->out;
}
