#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every preset runs layers of its kind in lock-step.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/presets
rm -rf "$out"
mkdir -p "$out"
digits=examples/digits/digits.tflite
images="-i examples/digits/images.bin"

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/log" 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/  /' "$out/log"; fi
}

check wide-model "$BUILD/wide_model" "$out/wide.tflite"
check narrow-model "$BUILD/systole" prune --wgt-bits 4 "$digits" -o "$out/narrow.tflite"
check pattern-model "$BUILD/systole" prune --nm 2:4 "$digits" -o "$out/pattern.tflite"
for preset in examples/presets/*.yaml; do
	name=$(basename "$preset" .yaml)
	case $name in
	eyeriss_v1) check "$name" "$BUILD/systole" run "$preset" "$out/wide.tflite" -n 1 ;;
	cambricon_x) check "$name" "$BUILD/systole" run "$preset" "$out/pattern.tflite" $images -n 1 ;;
	eie) ;; # cases/skip.sh
	thinker_pe)
		check "$name" "$BUILD/systole" run "$preset" "$digits" $images -n 1
		check "$name-narrow" "$BUILD/systole" run "$preset" "$out/narrow.tflite" $images -n 1
		;;
	*) check "$name" "$BUILD/systole" run "$preset" "$digits" $images -n 2 ;;
	esac
done
