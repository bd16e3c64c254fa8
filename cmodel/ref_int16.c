/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"

static int16_t clamp(int64_t v, int low, int high)
{
	return (int16_t)(v < low ? low : v > high ? high : v);
}

static size_t at(struct ref_shape s, int line, int column, int channel)
{
	return ((size_t)line * (size_t)s.w + (size_t)column) * (size_t)s.c + (size_t)channel;
}

/* ---- convolutions ---- */

static int64_t dot(const int8_t *w, const int16_t *x, int n)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += w[i] * x[i];
	return sum;
}

/* Input coordinate of tap k of output coordinate o, or -1 in the padding. */
static int tap(int o, int stride, int k, int dilation, int pad, int size)
{
	int64_t i = (int64_t)o * stride + (int64_t)k * dilation - pad;

	return i < 0 || i >= size ? -1 : (int)i;
}

/* Over the window of output (oy, ox), n adjacent channels from channel c on a tap; weights [kh][kw][wstep]. */
static int64_t window_sum(const struct ref_window *w, const int8_t *weights, size_t wstep, struct ref_shape in,
	const int16_t *x, int oy, int ox, int c, int n)
{
	int64_t acc = 0;
	int k;

	for (k = 0; k < w->kh * w->kw; k++) {
		int iy = tap(oy, w->sh, k / w->kw, w->dh, w->pad_top, in.h), ix = tap(ox, w->sw, k % w->kw, w->dw, w->pad_left, in.w);

		if (iy >= 0 && ix >= 0)
			acc += dot(weights + (size_t)k * wstep, x + at(in, iy, ix, c), n);
	}
	return acc;
}

static int finish(const struct ref_mac *m, int oc, int64_t acc, int16_t *y)
{
	struct ref_scale s = ref_scale_make(m->rounding, m->real[oc], 0);
	int32_t v;

	if (m->bias[oc] < -((int64_t)1 << 47) || m->bias[oc] >= (int64_t)1 << 47 || ref_scale_apply16(&s, acc + m->bias[oc], &v))
		return -1;
	*y = clamp(v, m->act_min, m->act_max);
	return 0;
}

int ref_conv16(const struct ref_mac *m, const struct ref_window *w, int groups,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y)
{
	int n = in.c / groups, oc, oy, ox;

	for (oc = 0; oc < out.c; oc++) {
		const int8_t *weights = m->weights + (size_t)oc * (size_t)w->kh * (size_t)w->kw * (size_t)n;

		for (oy = 0; oy < out.h; oy++)
			for (ox = 0; ox < out.w; ox++)
				if (finish(m, oc, window_sum(w, weights, (size_t)n, in, x, oy, ox, oc / (out.c / groups) * n, n), y + at(out, oy, ox, oc)))
					return -1;
	}
	return 0;
}

int ref_depthwise16(const struct ref_mac *m, const struct ref_window *w,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y)
{
	int oc, oy, ox;

	for (oc = 0; oc < out.c; oc++)
		for (oy = 0; oy < out.h; oy++)
			for (ox = 0; ox < out.w; ox++)
				if (finish(m, oc, window_sum(w, m->weights + oc, (size_t)out.c, in, x, oy, ox, oc / (out.c / in.c), 1), y + at(out, oy, ox, oc)))
					return -1;
	return 0;
}

int ref_dense16(const struct ref_mac *m, int inputs, const int16_t *x, int outputs, int16_t *y)
{
	int oc;

	for (oc = 0; oc < outputs; oc++)
		if (finish(m, oc, dot(m->weights + (size_t)oc * (size_t)inputs, x, inputs), y + oc))
			return -1;
	return 0;
}

/* ---- pools ---- */

struct taps { int64_t n, sum; int max; };

static struct taps gather(const struct ref_window *w, struct ref_shape in, const int16_t *x, int oy, int ox, int c)
{
	struct taps t = { 0, 0, INT16_MIN };
	int k;

	for (k = 0; k < w->kh * w->kw; k++) {
		int iy = tap(oy, w->sh, k / w->kw, 1, w->pad_top, in.h), ix = tap(ox, w->sw, k % w->kw, 1, w->pad_left, in.w), v;

		if (iy < 0 || ix < 0)
			continue;
		v = x[at(in, iy, ix, c)];
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
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y)
{
	int oy, ox, c;

	for (oy = 0; oy < out.h; oy++)
		for (ox = 0; ox < out.w; ox++)
			for (c = 0; c < out.c; c++) {
				struct taps t = gather(w, in, x, oy, ox, c);

				*y++ = clamp(maximum ? t.max : average(&t), act_min, act_max);
			}
}

void ref_average_pool16(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y)
{
	pool(w, 0, act_min, act_max, in, x, out, y);
}

void ref_max_pool16(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y)
{
	pool(w, 1, act_min, act_max, in, x, out, y);
}

/* ---- addition ---- */

enum { LEFT = 1 << 15 };

void ref_add16(const struct ref_add *p, size_t n, const int16_t *a, const int16_t *b, int16_t *y)
{
	double t = 2 * (p->s1 > p->s2 ? p->s1 : p->s2);
	struct ref_scale q1 = ref_scale_make(p->rounding, p->s1 / t, 0), q2 = ref_scale_make(p->rounding, p->s2 / t, 0);
	struct ref_scale q = ref_scale_make(p->rounding, t / (LEFT * p->sy), 0);
	size_t i;

	for (i = 0; i < n; i++) {
		int64_t v1 = ref_scale_apply(&q1, (int64_t)a[i] * LEFT), v2 = ref_scale_apply(&q2, (int64_t)b[i] * LEFT);

		y[i] = clamp(ref_scale_apply(&q, v1 + v2), p->act_min, p->act_max);
	}
}
