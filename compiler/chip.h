/* SPDX-License-Identifier: Apache-2.0
 * A network for a device that is alone on its chip (bus: on_chip, rtl/chip_*.v): its program and where its data are. */
#ifndef SYSTOLE_CHIP_H
#define SYSTOLE_CHIP_H
#include "cmodel/config.h"
#include "graph.h"
#include <stdio.h>

/* An operator of the device: it ends with this many runs of the program, and so many of its cycles, estimated. */
struct chip_layer { int op, runs; int64_t cycles; };

/* What goes where in the chip's 131072 bytes. */
struct chip_image {
	uint8_t *data;                  /* owned: the program */
	uint32_t base, bytes;           /* of it */
	uint32_t in, in_bytes;          /* the network's input goes here before a run */
	uint32_t out, out_bytes;        /* and the output of the device's last operator is here afterwards */
	struct chip_layer *layers;      /* owned */
	int nlayers;
	int device_out, host_op;        /* that tensor; operator that the host computes from it, -1: none */
};

/* 0, or -1 with one line in err: an operator that NAME_chip has no form for, or something that does not fit. */
int chip_build(const struct config *c, const struct graph *g, struct chip_image *i, char *err, size_t errsize);
/* "SYSTCHIP", then base, bytes, in, in_bytes, out, out_bytes (32 bits, little endian), then the program. */
int chip_write(const struct chip_image *i, FILE *f);
void chip_free(struct chip_image *i);

#endif
