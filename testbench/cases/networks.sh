#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The digits network in lock-step on all three dataflows, the same bytes and cycles from every engine, and the golden
# networks on the twin of every committed configuration.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/networks
digits="examples/digits/digits.tflite -i examples/digits/images.bin"
shared=${SYSTOLE_SHARED:-../shared}
mkdir -p "$out"

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/log" 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/  /' "$out/log"; fi
}
cycles() { sed -n 's/^ "cycles": \([0-9]*\),/\1/p' "$1"; }
same_cycles() { [ "$(cycles "$1")" = "$(cycles "$2")" ] && [ -n "$(cycles "$1")" ]; }

for c in os8x8 ws8x8 rs6x8; do
	check "$c-digits-lockstep" "$BUILD/systole" run examples/$c.yaml $digits --labels examples/digits/labels.bin -n 8 --output "$out/$c.bin" --json "$out/$c.json"
	check "$c-digits-twin" "$BUILD/systole" run examples/$c.yaml $digits -n 8 --engine twin --output "$out/$c-twin.bin" --json "$out/$c-twin.json"
	check "$c-same-bytes" cmp "$out/$c.bin" "$out/$c-twin.bin"
	check "$c-same-cycles" same_cycles "$out/$c.json" "$out/$c-twin.json"
done
head -c 80 examples/digits/expected.bin > "$out/expected.bin"
check digits-expected cmp "$out/os8x8.bin" "$out/expected.bin"
check stalls-lockstep "$BUILD/systole" run examples/os8x8.yaml $digits -n 2 --mem latency=7,stall=0.4,seed=9
for seed in 1 2 3; do
	check "random-power-up-$seed" "$BUILD/systole" run examples/os8x8.yaml $digits -n 1 --reset-seed $seed
done
check icarus "$BUILD/systole" run examples/os8x8.yaml $digits -n 1 --engine icarus --json "$out/icarus.json"
check icarus-same-cycles same_cycles "$out/os8x8.json" "$out/icarus.json"
for mode in tflite_single onnx; do
	check "rounding-$mode" "$BUILD/systole" run examples/os8x8.yaml $digits -n 8 --engine twin --rounding $mode
done

if [ -d "$shared/golden" ]; then
	for m in resnet8_int8 dscnn_kws_int8; do
		check "$m-ref" "$BUILD/systole" ref "$shared/models/$m.tflite" -i "$shared/golden/$m/input.bin" --dump "$out/$m" --output "$out/$m.bin"
		check "$m-ref-golden" cmp "$out/$m.bin" "$shared/golden/$m/output.bin"
		for f in "$shared/golden/$m/ops"/*.bin; do cmp "$f" "$out/$m/${f##*/}" || echo "not ok $m-${f##*/}"; done
		for c in os8x8 ws8x8 rs6x8 os16x16 rs12x14; do
			check "$c-$m" "$BUILD/systole" run examples/$c.yaml "$shared/models/$m.tflite" -i "$shared/golden/$m/input.bin" -n 16 --engine twin --output "$out/o.bin"
			check "$c-$m-golden" cmp "$out/o.bin" "$shared/golden/$m/output.bin"
		done
		check "os8x8-$m-lockstep" "$BUILD/systole" run examples/os8x8.yaml "$shared/models/$m.tflite" -i "$shared/golden/$m/input.bin" -n 1
	done
else
	echo "skipped: $shared is not here"
fi
