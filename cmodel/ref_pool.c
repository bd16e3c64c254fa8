/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"

/* The part of a window inside the input: [begin, end) in input coordinates. */
struct span { int begin, end; };

static struct span span_of(int o, int stride, int pad, int k, int size)
{
	int64_t begin = (int64_t)o * stride - pad, end = begin + k;
	struct span s;

	s.begin = (int)(begin < 0 ? 0 : begin > size ? size : begin);
	s.end = (int)(end < s.begin ? s.begin : end > size ? size : end);
	return s;
}

struct taps {
	int64_t n, sum;
	int max;
};

static struct taps gather(struct ref_shape in, const int8_t *x, struct span ys, struct span xs, int c)
{
	struct taps t = { 0, 0, -128 };
	int iy, ix;

	for (iy = ys.begin; iy < ys.end; iy++)
		for (ix = xs.begin; ix < xs.end; ix++) {
			int v = x[((size_t)iy * (size_t)in.w + (size_t)ix) * (size_t)in.c + (size_t)c];

			t.n++;
			t.sum += v;
			t.max = v > t.max ? v : t.max;
		}
	return t;
}

static int64_t average(const struct taps *t)
{
	if (!t->n)
		return 0;
	return t->sum > 0 ? (t->sum + t->n / 2) / t->n : (t->sum - t->n / 2) / t->n;
}

static void pool(const struct ref_window *w, int maximum, int act_min, int act_max,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y)
{
	int oy, ox, c;

	for (oy = 0; oy < out.h; oy++)
		for (ox = 0; ox < out.w; ox++) {
			struct span ys = span_of(oy, w->sh, w->pad_top, w->kh, in.h);
			struct span xs = span_of(ox, w->sw, w->pad_left, w->kw, in.w);

			for (c = 0; c < out.c; c++) {
				struct taps t = gather(in, x, ys, xs, c);

				*y++ = ref_clamp(maximum ? t.max : average(&t), act_min, act_max);
			}
		}
}

void ref_average_pool(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y)
{
	pool(w, 0, act_min, act_max, in, x, out, y);
}

void ref_max_pool(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y)
{
	pool(w, 1, act_min, act_max, in, x, out, y);
}
