/* SPDX-License-Identifier: Apache-2.0 */
#include "csr.h"

static int known(unsigned offset)
{
	switch (offset) {
#define R(name, off, access, reset, doc) case off:
	CSR_MAP(R)
#undef R
#define R(name, field, off, bits, doc) case off: case off + 4:
	CSR_COUNTERS(R)
#undef R
		return 1;
	default:
		return 0;
	}
}

static void read_counter(uint64_t value, struct csr *d)
{
	d->rdata = (uint32_t)value;
	d->high = (uint16_t)(value >> 32);
}

static void read_next(const struct csr *q, unsigned offset, struct csr *d)
{
	d->rresp = !known(offset);
	switch (offset) {
	case CSR_ID: d->rdata = CSR_ID_VALUE; break;
	case CSR_VERSION: d->rdata = CSR_VERSION_VALUE; break;
	case CSR_CTRL: d->rdata = (uint32_t)(q->irq_en << 2 | q->halt << 1); break;
	case CSR_STATUS: d->rdata = (uint32_t)(q->error << 2 | q->done << 1 | q->busy); break;
	case CSR_ERR_CODE: d->rdata = q->err_code; break;
	case CSR_ERR_ADDR: d->rdata = q->err_addr; break;
	case CSR_BASE0: d->rdata = q->base[0]; break;
	case CSR_BASE1: d->rdata = q->base[1]; break;
	case CSR_BASE2: d->rdata = q->base[2]; break;
	case CSR_BASE3: d->rdata = q->base[3]; break;
#define R(name, field, off, bits, doc) case off: read_counter(q->field, d); break;
	CSR_COUNTERS(R)
#undef R
	default: d->rdata = d->rresp ? 0 : q->high; break;
	}
}

static void base_next(unsigned offset, uint32_t data, unsigned strobe, struct csr *d)
{
	uint32_t mask = 0;

	if (offset < CSR_BASE0 || offset > CSR_BASE3)
		return;
	for (int i = 0; i < 4; i++)
		if (strobe >> i & 1)
			mask |= 0xFFu << 8 * i;
	d->base[(offset - CSR_BASE0) / 4] = (d->base[(offset - CSR_BASE0) / 4] & ~mask) | (data & mask);
}

static void counters_next(const struct csr *q, const struct csr_in *in, int start, struct csr *d)
{
	const uint64_t mask = ((uint64_t)1 << 48) - 1;

	if (start) {
#define R(name, field, offset, bits, doc) d->field = 0;
		CSR_COUNTERS(R)
#undef R
		d->cycles = 1;
	} else if (q->busy) {
#define R(name, field, offset, bits, doc) d->field = (q->field + in->cnt.field) & mask;
		CSR_COUNTERS(R)
#undef R
		d->cycles = (q->cycles + 1) & mask;
	}
}

static void error_next(const struct csr *q, const struct csr_in *in, int refused, int clear, struct csr *d)
{
	int fault = refused || in->err, i = 0;

	d->error = (uint8_t)(fault || (q->error && !clear));
	if (fault && !q->error) {
		while (i < CSR_ERRS && !(in->err >> i & 1))
			i++;
		d->err_code = i < CSR_ERRS ? in->err_code[i] : ERR_START_BUSY;
		d->err_addr = i < CSR_ERRS ? in->err_addr[i] : 0;
	} else if (clear) {
		d->err_code = 0;
		d->err_addr = 0;
	}
}

static void reset(struct csr *d)
{
	d->awready = d->bvalid = d->arready = d->rvalid = d->irq = d->irq_en = d->core_rst_n = d->go = d->start = 0;
	d->halt = d->busy = d->done = d->error = d->err_code = 0;
	d->err_addr = 0;
	d->base[0] = d->base[1] = d->base[2] = d->base[3] = 0;
}

/* Handshakes; the write itself happens while awready is set. */
static void bus_next(const struct csr *q, const struct axil_m2s *b, struct csr *d)
{
	d->awready = b->awvalid && b->wvalid && !q->awready && (!q->bvalid || b->bready);
	d->bvalid = q->awready || (q->bvalid && !b->bready);
	d->arready = b->arvalid && !q->arready && (!q->rvalid || b->rready);
	d->rvalid = q->arready || (q->rvalid && !b->rready);
	if (q->arready)
		read_next(q, b->araddr & 0xFFCu, d);
	if (q->awready) {
		d->bresp = !known(b->awaddr & 0xFFCu);
		base_next(b->awaddr & 0xFFCu, b->wdata, b->wstrb, d);
	}
}

void csr_next(const struct config *c, const struct csr *q, const struct csr_in *in, struct csr *d)
{
	const struct axil_m2s *b = in->bus;
	unsigned offset = b->awaddr & 0xFFCu;
	uint32_t ctrl = q->awready && offset == CSR_CTRL && (b->wstrb & 1) ? b->wdata : 0;
	uint32_t stat = q->awready && offset == CSR_STATUS && (b->wstrb & 1) ? b->wdata : 0;
	int is_ctrl = q->awready && offset == CSR_CTRL && (b->wstrb & 1);
	int begin = (ctrl & CTRL_START) && !(ctrl & CTRL_RESET), start = begin && !q->busy && !q->halt;
	int halted = q->halt && in->rd_idle && in->wr_idle;

	(void)c;
	*d = *q;
	bus_next(q, b, d);
	error_next(q, in, begin && !start, (stat & STATUS_ERROR) || start, d);
	counters_next(q, in, start, d);
	d->irq_en = is_ctrl ? (ctrl & CTRL_IRQ) != 0 : q->irq_en;
	d->done = ((in->done && q->busy) || (q->done && !(stat & STATUS_DONE))) && !start;
	d->irq = d->irq_en && (d->done || d->error);
	d->core_rst_n = !start && !halted;
	d->go = (uint8_t)start;
	d->start = q->go && !q->halt;
	d->halt = (ctrl & CTRL_RESET) || (q->halt && !halted);
	d->busy = start || (q->busy && !in->done && !halted);
	if (!in->rst_n)
		reset(d);
}

void csr_bus(const struct csr *q, struct axil_s2m *bus)
{
	bus->awready = bus->wready = q->awready;
	bus->bvalid = q->bvalid;
	bus->bresp = q->bresp ? AXI_SLVERR : AXI_OKAY;
	bus->arready = q->arready;
	bus->rvalid = q->rvalid;
	bus->rresp = q->rresp ? AXI_SLVERR : AXI_OKAY;
	bus->rdata = q->rdata;
}
