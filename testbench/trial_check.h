/* SPDX-License-Identifier: Apache-2.0
 * What every trial needs: the expected output, its comparison, and who is to blame. */
#ifndef SYSTOLE_TRIAL_CHECK_H
#define SYSTOLE_TRIAL_CHECK_H
#include "rtl_gen/regs.h"
#include "trial.h"

/* What the device must write, tensor device_out: a last SOFTMAX is the host's. 0, or -1 where the reference fails. */
int trial_expect(const struct trial *t, const struct graph *g, int device_out, const int8_t *input, int8_t *expected);
/* 0, or -1 with one line in err: the first byte that differs. */
int trial_check(const int8_t *out, const int8_t *expected, size_t n, char *err, size_t errsize);
/* The register that differs, or NULL. */
void trial_blame(struct trial *t, const struct reg *r);

#endif
