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

for preset in examples/presets/*.yaml; do
	name=$(basename "$preset" .yaml)
	case $name in
	*) check "$name" "$BUILD/systole" run "$preset" $digits -n 2 ;;
	esac
done
