#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Simulation speed of the examples, and its ratios: best of REPEAT= runs each, every run of one invocation in turn.
# MODEL=, INPUT=, COUNT= for another network; ResNet-8 is taken where it is, else the digit recognizer.
: "${BUILD:=build}" "${REPEAT:=5}"
if [ -z "$MODEL" ] && [ -f ../shared/models/resnet8_int8.tflite ]; then
	MODEL=../shared/models/resnet8_int8.tflite INPUT=../shared/golden/resnet8_int8/input.bin COUNT=8
fi
: "${MODEL:=examples/digits/digits.tflite}" "${INPUT:=examples/digits/images.bin}" "${COUNT:=64}"
json=$BUILD/bench.json
status=0

# cycles a second of one run
speed() {
	"$BUILD/systole" run "$@" -i "$INPUT" -n "$COUNT" --json "$json" >/dev/null || status=1
	sed -n 's/.*"cycles_per_second": *\([0-9]*\).*/\1/p' "$json"
}

better() { if [ "$1" -gt "$2" ]; then echo "$1"; else echo "$2"; fi; }

echo "$MODEL, $COUNT inputs, best of $REPEAT, thousand cycles a second"
printf '%-10s %10s %10s %10s   %s\n' design simulator lock-step twin "twin : simulator, simulator : lock-step"
for c in examples/*.yaml; do
	name=$(basename "$c" .yaml) simulator=0 lockstep=0 twin=0
	if ! refused=$("$BUILD/systole" explain "$c" "$MODEL" 2>&1 >/dev/null); then
		printf '%-10s %s\n' "$name" "$refused"
		continue
	fi
	for ((i = 0; i < REPEAT; i++)); do
		simulator=$(better "$simulator" "$(speed "$c" "$MODEL" --no-compare)")
		lockstep=$(better "$lockstep" "$(speed "$c" "$MODEL")")
		twin=$(better "$twin" "$(speed "$c" "$MODEL" --engine twin)")
	done
	awk -v n="$name" -v s="$simulator" -v l="$lockstep" -v t="$twin" \
		'BEGIN { printf "%-10s %10.0f %10.0f %10.0f   %.2f, %.2f\n", n, s / 1000, l / 1000, t / 1000, t / s, s / l }'
done
exit $status
