/* SPDX-License-Identifier: Apache-2.0
 * The program of a network: commands, parameters and weights in one image, and what each layer is about. */
#ifndef SYSTOLE_PROGRAM_H
#define SYSTOLE_PROGRAM_H
#include "cmodel/config.h"
#include "cmodel/load.h"
#include "graph.h"

enum opcode { OPCODE_END, OPCODE_LOAD, OPCODE_FEED, OPCODE_POST, OPCODE_STORE };
enum base { BASE_PROGRAM, BASE_INPUT, BASE_OUTPUT, BASE_SCRATCH };

enum token {
	TOKEN_LOAD_FEED = 1 << 0,
	TOKEN_LOAD_POST = 1 << 1,
	TOKEN_FEED_LOAD = 1 << 2,
	TOKEN_POST_LOAD = 1 << 3,
	TOKEN_POST_STORE = 1 << 4,
	TOKEN_STORE_POST = 1 << 5,
	TOKEN_STORE_LOAD = 1 << 6,
	TOKEN_POST_FEED = 1 << 7,
};

enum { COMMAND_SLOTS = 32, COMMAND_BYTES = 128 };

/* One layer as it runs: an operator, perhaps with the ADD or the global average pool that follows it fused in. */
struct layer {
	int op;                 /* in graph */
	int add, gap;           /* fused operators, or -1 */
	int in, res, out;       /* tensors; res -1 without a residual */
	int64_t macs;           /* of the model's operator, whatever is left out */
	int64_t estimate;       /* cycles */
	int first_post, posts;  /* its POST commands */
	int post_pixels;        /* each writes so many pixels, in order; 0: no such order */
	int per;                /* weights multiplied in a step: 1, or with precision 2 or 4 */
	char mapping[160];      /* for explain */
};

/* What the compiler left out: differences to the program that keeps every channel, and 8 bits for every weight. */
struct sparse {
	int channels;           /* of feature maps, not computed at all */
	int64_t macs;
	int64_t bytes;          /* moved from and to memory, per inference */
	int64_t cycles;         /* estimated */
};

struct program {
	uint8_t *image;         /* owned: commands, then data */
	size_t image_bytes;
	size_t scratch_bytes;
	int commands, posts;
	struct layer *layers;   /* owned, in order of execution */
	int nlayers;
	int host_op;            /* SOFTMAX left to the host, or -1 */
	int device_out;         /* tensor the device writes */
	int64_t estimate;       /* cycles from start to interrupt */
	int64_t traffic;        /* bytes from and to memory, per inference */
	struct sparse sparse;
};

/* Graph -> layers -> program. Channels that cannot influence the result are left out (dead.h), unless keep_dead; the
 * network's input and output keep their shapes, and layers name the operators and tensors of g.
 * latency: of the memory, cycles, for the estimate only. 0, or -1 with one line in err: `MODEL: op 7 NAME: what is wrong`. */
int program_build(const struct config *c, const struct graph *g, int latency, int keep_dead, struct program *p, char *err, size_t errsize);
void program_free(struct program *p);

#endif
