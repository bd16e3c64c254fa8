/* SPDX-License-Identifier: Apache-2.0
 * Network inputs: raw bytes back to back, .npy (int8 or uint8; wide: int16; C order), or random from a seed. */
#ifndef SYSTOLE_INPUTS_H
#define SYSTOLE_INPUTS_H
#include <stddef.h>
#include <stdint.h>

/* *count: how many are wanted, 0 for all (one when random); becomes how many there are. *inputs is owned by the caller.
 * 0, or -1 with one line in err. */
int inputs_read(const char *path, size_t bytes, int wide, uint64_t seed, int *count, int8_t **inputs, char *err, size_t errsize);

#endif
