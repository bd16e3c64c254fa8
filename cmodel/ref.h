/* SPDX-License-Identifier: Apache-2.0
 * The reference: what a network computes, without time. Pure functions on int8 NHWC arrays (N = 1), equal to the
 * TensorFlow Lite reference kernels byte for byte in mode tflite (checked against golden outputs), or, in the other
 * modes, to the same kernels with that mode's requantization. Shares no code with the hardware's twins.
 * Arrays are borrowed and must have the stated shapes; nothing is allocated. */
#ifndef SYSTOLE_REF_H
#define SYSTOLE_REF_H
#include "config.h"

struct ref_shape { int h, w, c; };

/* ---- ref_requant.c ---- */
/* A real scale as its mode holds it. */
struct ref_scale {
	enum rounding rounding;
	int32_t mult;          /* tflite, tflite_single: real = mult * 2^(shift-31) */
	int shift;
	float factor;          /* onnx */
};

/* real must be finite and not negative; onnx is the float32 that mode onnx uses instead of it. */
struct ref_scale ref_scale_make(enum rounding r, double real, float onnx);
/* round(v * scale), saturated to int32. Source: kernels/internal/common.cc, MultiplyByQuantizedMultiplier;
 * onnx: ONNX Runtime's MlasRequantizeOutput. */
int32_t ref_scale_apply(const struct ref_scale *s, int64_t v);
int8_t ref_clamp(int64_t v, int low, int high);

/* ---- ref_conv.c: CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED ---- */
struct ref_window { int kh, kw, sh, sw, dh, dw, pad_top, pad_left; };

struct ref_mac {
	enum rounding rounding;
	int zx, zy;            /* zero points of input and output; the weights' is 0 */
	int act_min, act_max;  /* clamp of the output */
	const int8_t *weights;
	const int64_t *bias;   /* [out.c] */
	const double *real;    /* [out.c] */
	const float *onnx;     /* [out.c], only read in mode onnx */
};

/* weights [out.c][kh][kw][in.c / groups]. 0, or -1: a sum does not fit int32 (the kernels' accumulator). */
int ref_conv(const struct ref_mac *m, const struct ref_window *w, int groups,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y);
/* weights [kh][kw][out.c]; output channel oc reads input channel oc / (out.c / in.c). 0 or -1 as above. */
int ref_depthwise(const struct ref_mac *m, const struct ref_window *w,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y);
/* weights [outputs][inputs]. 0 or -1 as above. */
int ref_dense(const struct ref_mac *m, int inputs, const int8_t *x, int outputs, int8_t *y);

/* ---- ref_pool.c ---- */
/* Average: by the number of taps inside the input, ties away from zero, the same in every mode. A window without
 * any such tap gives zero (average) or -128 (maximum), clamped. Source: kernels/internal/reference/integer_ops/pooling.h */
void ref_average_pool(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y);
void ref_max_pool(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int8_t *x, struct ref_shape out, int8_t *y);

/* ---- ref_add.c: y = a + b, n values each. Source: kernels/internal/reference/add.h, micro/kernels/add_common.cc ---- */
struct ref_add {
	enum rounding rounding;
	double s1, s2, sy;     /* scales of a, b, y; positive */
	int z1, z2, zy;
	int act_min, act_max;
};
void ref_add(const struct ref_add *p, size_t n, const int8_t *a, const int8_t *b, int8_t *y);

/* ---- ref_softmax.c: over the last dimension. Source: kernels/internal/reference/softmax.h, gemmlowp/fixedpoint.h ---- */
/* scale: beta times the input's scale. Output scale 1/256, zero point -128, in every mode. Exact for up to 4095 channels. */
void ref_softmax(double scale, size_t rows, int channels, const int8_t *x, int8_t *y);

/* ---- int16 activations, int8 weights, int64 biases and sums; all zero points are 0. Modes tflite and tflite_single ---- */

/* round(v * scale) with the upper 16 bits of the multiplier. 0, or -1: v needs more than 48 bits, the scale is 2^7 or more,
 * or the result does not fit int32. Source: kernels/internal/common.cc, MultiplyByQuantizedMultiplier of int64_t. */
int ref_scale_apply16(const struct ref_scale *s, int64_t v, int32_t *y);
/* ref_int16.c; source: kernels/internal/reference/integer_ops/{conv,depthwise_conv,fully_connected,pooling}.h, add.h with
 * a shift of 15. Shapes and results as above. */
int ref_conv16(const struct ref_mac *m, const struct ref_window *w, int groups,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y);
int ref_depthwise16(const struct ref_mac *m, const struct ref_window *w,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y);
int ref_dense16(const struct ref_mac *m, int inputs, const int16_t *x, int outputs, int16_t *y);
void ref_average_pool16(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y);
void ref_max_pool16(const struct ref_window *w, int act_min, int act_max,
	struct ref_shape in, const int16_t *x, struct ref_shape out, int16_t *y);
void ref_add16(const struct ref_add *p, size_t n, const int16_t *a, const int16_t *b, int16_t *y);
/* ref_softmax16.c: two tables of 513 entries with interpolation; output scale 1/32768. 0, or -1: out of range (scale * 6553.5
 * must be below 2^14). The tables use expf(). Source: kernels/internal/reference/softmax.h, SoftmaxInt16; common.h,
 * LUTPopulateInt16, LUTLookup; micro/kernels/softmax_common.cc. */
int ref_softmax16(enum rounding r, double scale, size_t rows, int channels, const int16_t *x, int16_t *y);

#endif
