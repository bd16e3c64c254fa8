/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"

enum { LEFT = 1 << 20 };

void ref_add(const struct ref_add *p, size_t n, const int8_t *a, const int8_t *b, int8_t *y)
{
	double t = 2 * (p->s1 > p->s2 ? p->s1 : p->s2), real = t / (LEFT * p->sy);
	struct ref_scale q1 = ref_scale_make(p->rounding, p->s1 / t, (float)(p->s1 / t));
	struct ref_scale q2 = ref_scale_make(p->rounding, p->s2 / t, (float)(p->s2 / t));
	struct ref_scale q = ref_scale_make(p->rounding, real, (float)real);
	size_t i;

	for (i = 0; i < n; i++) {
		int64_t v1 = ref_scale_apply(&q1, (int64_t)(a[i] - p->z1) * LEFT);
		int64_t v2 = ref_scale_apply(&q2, (int64_t)(b[i] - p->z2) * LEFT);

		y[i] = ref_clamp((int64_t)ref_scale_apply(&q, v1 + v2) + p->zy, p->act_min, p->act_max);
	}
}
