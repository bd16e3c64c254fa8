#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fully connected layers of one input: a seeded autoencoder runs at 90 % or more of the weight port's bandwidth (a word of
# COLS weights a cycle), from start to interrupt; and as a model made anew from the same seed has the same bytes.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/dense
rm -rf "$out"
mkdir -p "$out"
widths="640 128 128 128 128 8 128 128 128 128 640"
weights=264192

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/log" 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/  /' "$out/log"; fi
}
number() { sed -n "s/^ \"$1\": \\([0-9]*\\),*\$/\\1/p" "$2" | head -n 1; }

check model "$BUILD/dense_model" "$out/autoencoder.tflite" 1 1 0 $widths
check model-repeats "$BUILD/dense_model" "$out/again.tflite" 1 1 0 $widths
check model-bytes cmp "$out/autoencoder.tflite" "$out/again.tflite"
check lockstep-os8x8 "$BUILD/systole" run examples/os8x8.yaml "$out/autoencoder.tflite" -n 2 --json "$out/os8x8.json"
check twin-ws8x8 "$BUILD/systole" run examples/ws8x8.yaml "$out/autoencoder.tflite" -n 2 --engine twin --json "$out/ws8x8.json"
for c in os8x8 ws8x8; do
	cycles=$(number cycles "$out/$c.json")
	# 100 * weights >= 90 * 8 weights a word * cycles
	check "$c-bandwidth ($((100 * weights / 8 / cycles)) %)" [ $((100 * weights)) -ge $((90 * 8 * cycles)) ]
done
