/* SPDX-License-Identifier: Apache-2.0 */
#include "ref.h"

/* n <= 65535: 65535 * 128 * 255 fits int32. Two operands of int8 multiply, zx apart, so that the loop vectorizes. */
static int32_t dot(const int8_t *w, const int8_t *x, int n, int zx)
{
	int32_t sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += w[i] * (x[i] - zx);
	return sum;
}

static int finish(const struct ref_mac *m, const struct ref_scale *s, int64_t acc, int8_t *y)
{
	if (acc < INT32_MIN || acc > INT32_MAX)
		return -1;
	*y = ref_clamp((int64_t)ref_scale_apply(s, acc) + m->zy, m->act_min, m->act_max);
	return 0;
}

static struct ref_scale scale_of(const struct ref_mac *m, int oc)
{
	return ref_scale_make(m->rounding, m->real[oc], m->rounding == ROUNDING_ONNX ? m->onnx[oc] : 0);
}

/* The element at (line, column, channel) of an array. */
static size_t at(struct ref_shape s, int line, int column, int channel)
{
	return ((size_t)line * (size_t)s.w + (size_t)column) * (size_t)s.c + (size_t)channel;
}

/* Input coordinate of tap k of output coordinate o, or -1 in the padding. */
static int tap(int o, int stride, int k, int dilation, int pad, int size)
{
	int64_t i = (int64_t)o * stride + (int64_t)k * dilation - pad;

	return i < 0 || i >= size ? -1 : (int)i;
}

/* Sum over the window of output (oy, ox). One tap: n adjacent channels from channel c on; weights [kh][kw][wstep]. */
static int64_t window_sum(const struct ref_window *w, const int8_t *weights, size_t wstep, struct ref_shape in,
	const int8_t *x, int oy, int ox, int c, int n, int zx)
{
	int64_t acc = 0;
	int ky, kx;

	for (ky = 0; ky < w->kh; ky++) {
		int iy = tap(oy, w->sh, ky, w->dh, w->pad_top, in.h);

		for (kx = 0; iy >= 0 && kx < w->kw; kx++) {
			int ix = tap(ox, w->sw, kx, w->dw, w->pad_left, in.w);

			if (ix >= 0)
				acc += dot(weights + ((size_t)ky * (size_t)w->kw + (size_t)kx) * wstep, x + at(in, iy, ix, c), n, zx);
		}
	}
	return acc;
}

int ref_conv(const struct ref_mac *m, const struct ref_window *w, int groups,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y)
{
	int n = in.c / groups, oc, oy, ox;
	size_t filter = (size_t)w->kh * (size_t)w->kw * (size_t)n;

	for (oc = 0; oc < out.c; oc++) {
		struct ref_scale s = scale_of(m, oc);
		const int8_t *weights = m->weights + (size_t)oc * filter;
		int c = oc / (out.c / groups) * n;

		for (oy = 0; oy < out.h; oy++)
			for (ox = 0; ox < out.w; ox++) {
				int64_t acc = window_sum(w, weights, (size_t)n, in, x, oy, ox, c, n, m->zx);

				if (finish(m, &s, acc + m->bias[oc], y + at(out, oy, ox, oc)))
					return -1;
			}
	}
	return 0;
}

int ref_depthwise(const struct ref_mac *m, const struct ref_window *w,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y)
{
	int multiplier = out.c / in.c, oc, oy, ox;

	for (oc = 0; oc < out.c; oc++) {
		struct ref_scale s = scale_of(m, oc);

		for (oy = 0; oy < out.h; oy++)
			for (ox = 0; ox < out.w; ox++) {
				int64_t acc = window_sum(w, m->weights + oc, (size_t)out.c, in, x, oy, ox, oc / multiplier, 1, m->zx);

				if (finish(m, &s, acc + m->bias[oc], y + at(out, oy, ox, oc)))
					return -1;
			}
	}
	return 0;
}

int ref_dense(const struct ref_mac *m, int inputs, const int8_t *x, int outputs, int8_t *y)
{
	int oc, i, n;

	for (oc = 0; oc < outputs; oc++) {
		struct ref_scale s = scale_of(m, oc);
		const int8_t *weights = m->weights + (size_t)oc * (size_t)inputs;
		int64_t acc = m->bias[oc];

		for (i = 0; i < inputs; i += n) {
			n = inputs - i < 65535 ? inputs - i : 65535;
			acc += dot(weights + i, x + i, n, m->zx);
		}
		if (finish(m, &s, acc, y + oc))
			return -1;
	}
	return 0;
}
