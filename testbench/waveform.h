/* SPDX-License-Identifier: Apache-2.0
 * GTKWave's save file of a mismatch. */
#ifndef SYSTOLE_WAVEFORM_H
#define SYSTOLE_WAVEFORM_H
#include "rtl_gen/regs.h"

enum { TRACE_CYCLES = 3000 }; /* before the mismatch */

/* Shows signals, NULL-terminated, and register r unless NULL, of module top in waveform fst. 0, or -1 with errno set. */
int waveform_save(const char *path, const char *fst, const char *top, const char *const *signals, const struct reg *r);

#endif
