/* SPDX-License-Identifier: Apache-2.0
 * A program for a device that is alone on its chip (bus: on_chip): what its loader and its host need. */
#ifndef SYSTOLE_CHIP_H
#define SYSTOLE_CHIP_H
#include "program.h"
#include <stdio.h>

/* Where things are in the chip's 131072 bytes. */
struct chip_image {
	uint32_t base;                  /* of the program image, a multiple of 128 */
	uint32_t in, in_bytes;          /* the network's input goes here before a run */
	uint32_t out, out_bytes;        /* and its output is here afterwards */
};

/* 0, or -1 with one line in err: something of the program is wider than NAME_chip, or does not fit its memory. */
int chip_place(const struct config *c, const struct program *p, struct chip_image *i, char *err, size_t errsize);
/* "SYSTCHIP", then base, image bytes, in, in_bytes, out, out_bytes (32 bits, little endian), then the image. */
int chip_write(const struct program *p, const struct chip_image *i, FILE *f);

#endif
