#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every preset runs layers of its kind in lock-step.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/presets
rm -rf "$out"
mkdir -p "$out"
digits="examples/digits/digits.tflite -i examples/digits/images.bin"

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/log" 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/  /' "$out/log"; fi
}

"$BUILD/wide_model" "$out/wide.tflite"
"$BUILD/systole" prune --wgt-bits 4 examples/digits/digits.tflite -o "$out/narrow.tflite" > /dev/null
for preset in examples/presets/*.yaml; do
	name=$(basename "$preset" .yaml)
	case $name in
	eyeriss_v1) check "$name" "$BUILD/systole" run "$preset" "$out/wide.tflite" -n 1 ;;
	thinker_pe)
		check "$name" "$BUILD/systole" run "$preset" $digits -n 1
		check "$name-narrow" "$BUILD/systole" run "$preset" "$out/narrow.tflite" -i examples/digits/images.bin -n 1
		;;
	*) check "$name" "$BUILD/systole" run "$preset" $digits -n 2 ;;
	esac
done
