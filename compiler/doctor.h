/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYSTOLE_DOCTOR_H
#define SYSTOLE_DOCTOR_H
#include <stdio.h>

/* Prints each tool, its version or that it is missing, and the command that installs what is missing.
 * Returns the number of missing tools. */
int doctor_print(FILE *out);

#endif
