/* SPDX-License-Identifier: Apache-2.0
 * The one struct that everything derives from: twin, generator, compiler, harness.
 * config_init() fills the defaults, config_derive() checks ranges and computes the derived part. */
#ifndef SYSTOLE_CONFIG_H
#define SYSTOLE_CONFIG_H
#include <stddef.h>
#include <stdint.h>

enum dataflow { DATAFLOW_OS, DATAFLOW_WS, DATAFLOW_RS };
enum rounding { ROUNDING_TFLITE, ROUNDING_TFLITE_SINGLE, ROUNDING_ONNX };
enum target { TARGET_PORTABLE, TARGET_OSU018, TARGET_ICE40, TARGET_UP5K };
enum bus { BUS_AXI, BUS_ON_CHIP };
/* What an array does about zeros. GATE: a PE does not multiply by zero. NM: weights are zero by a pattern and not there.
 * SKIP: zeros of weights and activations take no cycles. NM and SKIP gate what zeros are left. */
enum sparsity { SPARSITY_NONE, SPARSITY_GATE, SPARSITY_NM, SPARSITY_SKIP };
enum pattern { PATTERN_2_4, PATTERN_1_4, PATTERN_4_8 };

enum {
	CONFIG_MAX_ROWS = 32,
	CONFIG_MAX_COLS = 32,
	CONFIG_MAX_PORT = 64, /* bytes of the activation port */
	CONFIG_MAX_GROUP = 8, /* activations presented in a step */
	CONFIG_MAX_SUB = 4,   /* weights in a byte */
	CONFIG_MAX_BUS = 16,  /* bytes of the memory bus */
};

enum { CHIP_BYTES = 1 << 17, CHIP_PATCH_BYTES = 8192, CHIP_WGT_BYTES = 4096 }; /* bus: on_chip: the chip's memory, patch buffer, weights */

struct config {
	/* given (YAML) */
	char name[32];          /* C and Verilog identifier */
	enum dataflow dataflow;
	int rows, cols;         /* 1..32 each */
	int act_bits;           /* 4..8, or 16: TFLite's int16 activations, zero points 0 */
	int wgt_bits;           /* 1..8; 1: weights are -1 and 1 */
	int precision;          /* 8, 8+4, 8+2 or 8+4+2: widths of weights, chosen per layer; several need wgt_bits 8 and os */
	int acc_bits;           /* 16..32; 0 = derived */
	enum rounding rounding;
	enum target target;     /* whose cells the arithmetic is made of */
	enum sparsity sparsity;
	enum pattern pattern;   /* nm: how many of how many weights along input channels may be other than zero */
	int queue_depth;        /* skip: activations between their columns and a multiplier, power of two */
	int codebook;           /* skip: 16: weights are numbers of 4 bits in a table of so many, one for a layer; 0 */
	int act_bytes;          /* activation buffer, power of two, 1 Ki .. 1 Mi */
	int wgt_bytes;          /* weight buffer, power of two */
	int acc_depth;          /* ws, rs: vectors in the accumulator RAM, power of two */
	int par_depth;          /* parameter buffer, output channels, power of two */
	int act_port;           /* bytes read from the activation buffer per cycle, power of two; 0 = derived */
	int lanes;              /* post-processing lanes, divides cols; 0 = cols */
	int bus_bits;           /* 64 or 128 */
	int line_depth;         /* os: words of the depthwise line buffer, power of two */
	enum bus bus;           /* on_chip: there is also a top with all memory on the chip and a UART */
	int spad_wgt, spad_act, spad_psum; /* rs: scratchpad words per PE; skip: powers of two or rounded up, half is in use */
	int spad_key;           /* skip: columns of weights in a PE, power of two */
	/* derived */
	int zero_gating;        /* sparsity is not none */
	int nm_n, nm_m;         /* nm: the pattern, n of m; else 1, 1 */
	int group, group_aw;    /* activations that a row presents to its PEs in a step, power of two; log2 */
	int sub;                /* most weights that a PE multiplies in a step: 1, 2 or 4 */
	int idx_bits;           /* of the index that travels with a weight: which of the group; 0 without */
	int idx_block;          /* words whose indices are packed before them in memory, power of two */
	int idx_beats;          /* bus beats of those indices, 0 without */
	int act_size;           /* bytes of an activation in memory: 1 or 2 */
	int act_aw, act_baw;    /* log2 of the activation buffer's activations, of its bytes */
	int w_bits;             /* PE weight operand: wgt_bits, at least 2 */
	int wgt_store;          /* bits of a weight in memory: wgt_bits rounded up to a power of two */
	int wgt_word;           /* bytes of one weight word in memory: cols of them, rounded up to a power of two */
	int wgt_depth, wgt_aw;  /* words in the weight buffer, log2 */
	int par_rows, par_aw;   /* rows of `lanes` channels in the parameter buffer, log2 */
	int acc_split;          /* os: a PE keeps the carry into this bit of its sum for the next step; 0: it does not */
	int acc_aw;             /* log2(acc_depth) */
	int col_depth, col_aw;  /* vectors in the collector: power of two >= 4*rows, log2 */
	int port_aw;            /* log2(act_port) */
	int bus_bytes;          /* bus_bits/8 */
	int x_bits;             /* PE activation operand: act_bits + zero_gating; 16 for int16 */
};

/* Filled by the reader of a configuration; line and column 0 when unknown. */
struct config_error {
	int line, column;
	char text[240];
};

/* Bits that an activation has of each of its bytes. */
static inline int config_byte_bits(const struct config *c) { return c->act_bits > 8 ? 8 : c->act_bits; }
/* Rounding of the post-processing lanes: int16's sums are rounded once in both tflite modes. */
static inline enum rounding config_requant(const struct config *c) { return c->act_size > 1 ? ROUNDING_TFLITE_SINGLE : c->rounding; }
void config_init(struct config *c);
/* 0, or -1 with what is wrong and what would be right in *e. */
int config_derive(struct config *c, struct config_error *e);

#endif
