/* SPDX-License-Identifier: Apache-2.0
 * How the memory model behaves. */
#ifndef SYSTOLE_MEM_OPTIONS_H
#define SYSTOLE_MEM_OPTIONS_H
#include <stdint.h>

struct mem_options {
	int latency;      /* cycles from the AR handshake to the first RVALID, 1.. */
	double stall;     /* probability that a channel's ready or valid is withheld in a cycle, 0..1 */
	double bandwidth; /* fraction of cycles a data beat may move, 0..1; 0 means 1 */
	uint64_t seed;
};

#endif
