#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every example on the digit recognizer: the table per layer, utilization and simulation speed. MODEL= for others.
: "${BUILD:=build}" "${MODEL:=examples/digits/digits.tflite}"
status=0
for c in examples/*.yaml; do
	echo "== $c"
	"$BUILD/systole" run "$c" "$MODEL" -n 1 --json "$BUILD/bench_$(basename "$c" .yaml).json" || status=1
	echo
done
exit $status
