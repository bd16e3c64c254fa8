/* Made by: systole gen examples/os8x8.yaml */
#ifndef SYSTOLE_OS8X8_H
#define SYSTOLE_OS8X8_H
/* The design: see os8x8.md for the registers. */
#define SYSTOLE_OS8X8_DATAFLOW "os"
#define SYSTOLE_OS8X8_ROWS 8 /* PE rows */
#define SYSTOLE_OS8X8_COLS 8 /* PE columns */
#define SYSTOLE_OS8X8_ACT_BITS 8 /* bits of an activation */
#define SYSTOLE_OS8X8_WGT_BITS 8 /* bits of a weight */
#define SYSTOLE_OS8X8_ACC_BITS 29 /* bits of a sum */
#define SYSTOLE_OS8X8_ACT_BYTES 65536 /* activation buffer */
#define SYSTOLE_OS8X8_WGT_BYTES 16384 /* weight buffer */
#define SYSTOLE_OS8X8_BUS_BYTES 8 /* memory bus */
/* Registers */
#define SYSTOLE_OS8X8_ID 0x000 /* RO: "SYST" */
#define SYSTOLE_OS8X8_VERSION 0x004 /* RO: interface version: major in bits 31:16, minor in 15:0 */
#define SYSTOLE_OS8X8_CTRL 0x008 /* RW: [0] start (reads 0), [1] soft reset (reads 1 until it is over), [2] interrupt enable */
#define SYSTOLE_OS8X8_STATUS 0x00c /* W1C: [0] busy (read only), [1] done, [2] error (clearing it clears ERR_CODE and ERR_ADDR) */
#define SYSTOLE_OS8X8_ERR_CODE 0x010 /* RO: first error since start or the last clear, enum csr_error */
#define SYSTOLE_OS8X8_ERR_ADDR 0x014 /* RO: memory address belonging to ERR_CODE, 0 when there is none */
#define SYSTOLE_OS8X8_BASE0 0x020 /* RW: program image: commands, weights, parameters; a multiple of 128 */
#define SYSTOLE_OS8X8_BASE1 0x024 /* RW: input */
#define SYSTOLE_OS8X8_BASE2 0x028 /* RW: output */
#define SYSTOLE_OS8X8_BASE3 0x02c /* RW: scratch */
#define SYSTOLE_OS8X8_CYCLES 0x040 /* RO, 48 bits: cycles from the start bit to the interrupt */
#define SYSTOLE_OS8X8_ACTIVE 0x048 /* RO, 48 bits: cycles in which the feeder issued a step */
#define SYSTOLE_OS8X8_STALL_WGT 0x050 /* RO, 48 bits: cycles the feeder waited for weights */
#define SYSTOLE_OS8X8_STALL_IN 0x058 /* RO, 48 bits: cycles the feeder waited for its input (tokens, earlier layer, activation port) */
#define SYSTOLE_OS8X8_STALL_OUT 0x060 /* RO, 48 bits: cycles the feeder waited for room in the collector */
#define SYSTOLE_OS8X8_STALL_FILL 0x068 /* RO, 48 bits: cycles the feeder waited for its windows or lines to fill */
#define SYSTOLE_OS8X8_IDLE 0x070 /* RO, 48 bits: cycles the feeder had no command */
#define SYSTOLE_OS8X8_PE_USEFUL 0x078 /* RO, 48 bits: multiplications that a dense layer needs */
#define SYSTOLE_OS8X8_PE_GATED 0x080 /* RO, 48 bits: multiplications skipped because an operand is zero */
#define SYSTOLE_OS8X8_ACT_READ 0x088 /* RO, 48 bits: activation buffer reads */
#define SYSTOLE_OS8X8_ACT_WRITE 0x090 /* RO, 48 bits: activation buffer writes */
#define SYSTOLE_OS8X8_WGT_READ 0x098 /* RO, 48 bits: weight buffer reads */
#define SYSTOLE_OS8X8_WGT_WRITE 0x0a0 /* RO, 48 bits: weight buffer writes */
#define SYSTOLE_OS8X8_ACC_READ 0x0a8 /* RO, 48 bits: accumulator reads */
#define SYSTOLE_OS8X8_ACC_WRITE 0x0b0 /* RO, 48 bits: accumulator writes */
#define SYSTOLE_OS8X8_MEM_READ 0x0b8 /* RO, 48 bits: beats read from memory */
#define SYSTOLE_OS8X8_MEM_WRITE 0x0c0 /* RO, 48 bits: beats written to memory */
#endif
