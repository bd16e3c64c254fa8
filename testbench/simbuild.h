/* SPDX-License-Identifier: Apache-2.0
 * Builds a design's simulation; cached by content. */
#ifndef SYSTOLE_SIMBUILD_H
#define SYSTOLE_SIMBUILD_H
#include "cmodel/config.h"
#include <stddef.h>

/* Generates, verilates and compiles c below build_dir/sim; path: the shared object. traced: with FST support.
 * quick: compiled fast rather than to run fast. break_edit: NULL, or a sed expression (-E) applied to break_file
 * (regress-selftest). The seconds spent are added to *seconds. 0, or -1 with one line in err. */
struct sim_build {
	const struct config *c;
	const char *build_dir;
	int traced, quick;
	const char *break_file, *break_edit;
};
int simbuild_verilator(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize);
/* Generates and compiles for Icarus; path: the directory with design.vvp and systole.vpi. */
int simbuild_icarus(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize);
/* Compiles the twin for c alone; path: the shared object. */
int simbuild_twin(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize);
/* The sources alone, in dir, which is there; the break applied. As above. */
int simbuild_generate(const struct sim_build *b, const char *dir, char *err, size_t errsize);
/* Calls build to make the file `result` in dir, when it is not there and no other process is making it. As above. */
int simbuild_once(const struct sim_build *b, const char *dir, const char *result, int (*build)(const struct sim_build *, const char *, char *, size_t),
	double *seconds, char *err, size_t errsize);
double wall_seconds(void);

#endif
