/* SPDX-License-Identifier: Apache-2.0
 * Multipliers and shifts for the device's requantization (docs/architecture.md, commands; NUMERICS of each rounding mode).
 * Used by the compiler and by tests; the reference (ref_requant.c) computes its own. */
#ifndef SYSTOLE_QUANT_H
#define SYSTOLE_QUANT_H
#include "config.h"

/* tflite, tflite_single: the scale is mult * 2^(shift-31), mult 0 or 2^30..2^31-1, shift -31..30.
 * onnx: the scale is mult * 2^shift, mult 0 or 2^23..2^24-1, shift -63..0. */
struct requant {
	int32_t mult;
	int8_t shift;
};

/* real for the tflite modes, onnx (float32) for onnx. -1: negative, not finite, or too large for the device.
 * Scales too small to round any int32 up from 0 give mult 0.
 * Source: tensorflow/lite/kernels/internal/quantization_util.cc, QuantizeMultiplier. */
int quant_from_real(enum rounding r, double real, float onnx, struct requant *q);

/* ADD: q[0] for (a - z1) * 2^left, q[1] for (b - z2) * 2^left, q[2] for their sum; left is 20, or 15 for int16. s1, s2, sy: scales of a, b and the result.
 * -1: a scale is not positive, or the sum's multiplier is not below 1 (TFLite aborts there, too).
 * Source: tensorflow/lite/micro/kernels/add_common.cc. In onnx mode: float32 of the same multipliers. */
int quant_add(enum rounding r, int left, double s1, double s2, double sy, struct requant q[3]);

/* A requantization that makes, of every sum in [n*qmin, n*qmax], exactly the average of AVERAGE_POOL_2D:
 * acc > 0 ? (acc + n/2)/n : (acc - n/2)/n. Proven here over the whole range; -1 when there is none.
 * In mode onnx the device's integer path is meant: sign(acc) * ((|acc| * mult + 2^(-shift-1)) >> -shift); unlike above,
 * mult may then be any value below 2^24. In the tflite modes mult may be any value below 2^31. Over -128..127 there is one
 * for every n up to 4238 (tflite), 65536 (tflite_single), 46594 (onnx). */
int quant_average(enum rounding r, int n, int qmin, int qmax, struct requant *q);

#endif
