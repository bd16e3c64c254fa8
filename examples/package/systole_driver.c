/* SPDX-License-Identifier: Apache-2.0 */
#include "systole_driver.h"

int systole_init(struct systole *s, void *bus)
{
	s->bus = bus;
	if (systole_read32(bus, CSR_ID) != CSR_ID_VALUE)
		return SYSTOLE_NO_DEVICE;
	if (systole_read32(bus, CSR_VERSION) >> 16 != CSR_VERSION_VALUE >> 16)
		return SYSTOLE_NO_DEVICE;
	return SYSTOLE_OK;
}

void systole_set_base(struct systole *s, unsigned index, uint32_t addr)
{
	systole_write32(s->bus, CSR_BASE0 + 4 * (index & 3), addr);
}

void systole_set_bases(struct systole *s, const uint32_t base[4])
{
	for (unsigned i = 0; i < 4; i++)
		systole_set_base(s, i, base[i]);
}

void systole_start(struct systole *s, int irq)
{
	systole_write32(s->bus, CSR_CTRL, CTRL_START | (irq ? CTRL_IRQ : 0));
}

uint32_t systole_status(struct systole *s)
{
	return systole_read32(s->bus, CSR_STATUS);
}

int systole_wait(struct systole *s, uint32_t polls)
{
	uint32_t n = 0;

	do {
		uint32_t status = systole_status(s);

		if (status & STATUS_ERROR)
			return SYSTOLE_FAILED;
		if (status & STATUS_DONE)
			return SYSTOLE_OK;
	} while (polls == 0 || ++n < polls);
	return SYSTOLE_TIMEOUT;
}

void systole_clear(struct systole *s)
{
	systole_write32(s->bus, CSR_STATUS, STATUS_DONE | STATUS_ERROR);
}

void systole_error(struct systole *s, struct systole_error *e)
{
	e->code = systole_read32(s->bus, CSR_ERR_CODE);
	e->addr = systole_read32(s->bus, CSR_ERR_ADDR);
}

const char *systole_error_text(uint32_t code)
{
	switch (code) {
#define SYSTOLE_TEXT(name, value, doc) case ERR_##name: return doc;
	CSR_ERRORS(SYSTOLE_TEXT)
#undef SYSTOLE_TEXT
	default:
		return "unknown error";
	}
}

static uint64_t read_counter(struct systole *s, uint32_t offset)
{
	uint64_t low = systole_read32(s->bus, offset); /* keeps the high half */

	return (uint64_t)systole_read32(s->bus, offset + 4) << 32 | low;
}

void systole_counters(struct systole *s, struct systole_counters *c)
{
#define SYSTOLE_COUNTER(name, field, offset, bits, doc) c->field = read_counter(s, CSR_##name);
	CSR_COUNTERS(SYSTOLE_COUNTER)
#undef SYSTOLE_COUNTER
}

int systole_reset(struct systole *s, uint32_t polls)
{
	uint32_t n = 0;

	systole_write32(s->bus, CSR_CTRL, CTRL_RESET);
	while (systole_read32(s->bus, CSR_CTRL) & CTRL_RESET)
		if (polls && ++n >= polls)
			return SYSTOLE_TIMEOUT;
	systole_clear(s);
	return SYSTOLE_OK;
}
