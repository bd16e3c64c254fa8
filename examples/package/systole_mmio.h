/* SPDX-License-Identifier: Apache-2.0
 * Default access for a memory-mapped device: bus is its base address. Include it in one C file. */
#ifndef SYSTOLE_MMIO_H
#define SYSTOLE_MMIO_H
#include <stdint.h>

uint32_t systole_read32(void *bus, uint32_t offset)
{
	return *(volatile uint32_t *)((uintptr_t)bus + offset);
}

void systole_write32(void *bus, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)((uintptr_t)bus + offset) = value;
}

#endif
