/* SPDX-License-Identifier: Apache-2.0
 * The register map: one table from which the twin (csr.c), the driver's header and the documentation are made;
 * rtl/csr.v is written by hand against it and compared by the lock-step tests.
 * AXI4-Lite, 32-bit registers, 12-bit byte addresses; an address that is not listed answers SLVERR. */
#ifndef SYSTOLE_CSR_MAP_H
#define SYSTOLE_CSR_MAP_H

/* R(name, offset, access, reset, doc). RW obeys the byte strobes; RO ignores writes; W1C: write 1 to clear. */
#define CSR_MAP(R) \
	R(ID,       0x000, "RO",  0x53595354, "\"SYST\"") \
	R(VERSION,  0x004, "RO",  0x00010000, "interface version: major in bits 31:16, minor in 15:0") \
	R(CTRL,     0x008, "RW",  0x00000000, "[0] start (reads 0), [1] soft reset (reads 1 until it is over), [2] interrupt enable") \
	R(STATUS,   0x00C, "W1C", 0x00000000, "[0] busy (read only), [1] done, [2] error (clearing it clears ERR_CODE and ERR_ADDR)") \
	R(ERR_CODE, 0x010, "RO",  0x00000000, "first error since start or the last clear, enum csr_error") \
	R(ERR_ADDR, 0x014, "RO",  0x00000000, "memory address belonging to ERR_CODE, 0 when there is none") \
	R(BASE0,    0x020, "RW",  0x00000000, "program image: commands, weights, parameters; a multiple of 128") \
	R(BASE1,    0x024, "RW",  0x00000000, "input") \
	R(BASE2,    0x028, "RW",  0x00000000, "output") \
	R(BASE3,    0x02C, "RW",  0x00000000, "scratch")

/* R(name, field, offset, bits, doc): 48-bit counters, cleared at start, counting while busy. The low word is at
 * offset, bits 47:32 at offset + 4; reading the low word keeps the high half for the next read of the high word.
 * bits is the width of the increment in cnt_i of csr.v, first row in the lowest bits (0: not in cnt_i);
 * PE_W stands for the width of rows * cols. ACT, WGT, ACC count accesses of a port's full width. */
#define CSR_COUNTERS(R) \
	R(CYCLES,     cycles,     0x040, 0,    "cycles from the start bit to the interrupt") \
	R(ACTIVE,     active,     0x048, 1,    "cycles in which the feeder issued a step") \
	R(STALL_WGT,  stall_wgt,  0x050, 1,    "cycles the feeder waited for weights") \
	R(STALL_IN,   stall_in,   0x058, 1,    "cycles the feeder waited for its input (tokens, earlier layer, activation port)") \
	R(STALL_OUT,  stall_out,  0x060, 1,    "cycles the feeder waited for room in the collector") \
	R(STALL_FILL, stall_fill, 0x068, 1,    "cycles the feeder waited for its windows or lines to fill") \
	R(IDLE,       idle,       0x070, 1,    "cycles the feeder had no command") \
	R(PE_USEFUL,  pe_useful,  0x078, PE_W, "multiplications that a dense layer needs") \
	R(PE_GATED,   pe_gated,   0x080, PE_W, "multiplications skipped because an operand is zero") \
	R(ACT_READ,   act_read,   0x088, 2,    "activation buffer reads") \
	R(ACT_WRITE,  act_write,  0x090, 2,    "activation buffer writes") \
	R(WGT_READ,   wgt_read,   0x098, 2,    "weight buffer reads") \
	R(WGT_WRITE,  wgt_write,  0x0A0, 2,    "weight buffer writes") \
	R(ACC_READ,   acc_read,   0x0A8, 2,    "accumulator reads") \
	R(ACC_WRITE,  acc_write,  0x0B0, 2,    "accumulator writes") \
	R(MEM_READ,   mem_read,   0x0B8, 1,    "beats read from memory") \
	R(MEM_WRITE,  mem_write,  0x0C0, 1,    "beats written to memory")

/* E(name, value, doc) */
#define CSR_ERRORS(E) \
	E(NONE,       0, "no error") \
	E(START_BUSY, 1, "start was written while busy; ignored") \
	E(BASE,       2, "BASE0 is not a multiple of 128; ERR_ADDR is BASE0 rounded down") \
	E(OPCODE,     3, "unknown opcode; ERR_ADDR is the command's") \
	E(FETCH,      4, "memory error while a command was fetched; ERR_ADDR is the command's") \
	E(READ,       5, "memory error on a LOAD burst; ERR_ADDR is the burst's") \
	E(WRITE,      6, "memory error on a STORE burst; ERR_ADDR is the burst's") \
	E(COMMAND,    7, "a command's length, count, kind or alignment is wrong") \
	E(TOKENS,     8, "a token counter overflowed") \
	E(FEED,       9, "the feeder refused a command") \
	E(POST,      10, "the post-processor refused a command") \
	E(SPARSE,    11, "compressed weights: a count, an index or the length is wrong")

enum csr_offset {
#define CSR_ENUM(name, offset, access, reset, doc) CSR_##name = offset,
	CSR_MAP(CSR_ENUM)
#undef CSR_ENUM
#define CSR_ENUM(name, field, offset, bits, doc) CSR_##name = offset, CSR_##name##_HI = offset + 4,
	CSR_COUNTERS(CSR_ENUM)
#undef CSR_ENUM
};

enum csr_error {
#define CSR_ENUM(name, value, doc) ERR_##name = value,
	CSR_ERRORS(CSR_ENUM)
#undef CSR_ENUM
};

enum {
	CSR_ID_VALUE = 0x53595354,
	CSR_VERSION_VALUE = 0x00010000,
	CTRL_START = 1, CTRL_RESET = 2, CTRL_IRQ = 4,
	STATUS_BUSY = 1, STATUS_DONE = 2, STATUS_ERROR = 4,
};

#endif
