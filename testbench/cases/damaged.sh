#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A model that is cut or has one bit flipped runs or is refused in one line; what cannot be written leaves nothing.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/damaged
digits=examples/digits/digits.tflite
rm -rf "$out"
mkdir -p "$out"

# Exit status 0 with nothing on stderr, or 2 with one line
tame() {
	"$BUILD/systole" ref "$1" -n 1 >/dev/null 2>"$out/stderr"
	local status=$? lines
	lines=$(wc -l <"$out/stderr")
	{ [ $status -eq 0 ] && [ "$lines" -eq 0 ]; } || { [ $status -eq 2 ] && [ "$lines" -eq 1 ]; } && return 0
	echo "  $2: exit status $status, $lines lines: $(head -n 1 "$out/stderr")"
	return 1
}

size=$(stat -c %s "$digits")
bad=0 n=0
for ((at = 0; at < size; at += size / 60 + 1)); do
	head -c "$at" "$digits" >"$out/cut.tflite"
	tame "$out/cut.tflite" "cut at $at" || bad=$((bad + 1))
	n=$((n + 1))
done
[ $bad -eq 0 ] && echo "ok $n truncated models" || echo "not ok $bad of $n truncated models"

bad=0 n=0
flip() { # BYTE BIT
	local value
	value=$(od -An -tu1 -j "$1" -N 1 "$digits")
	cp "$digits" "$out/flip.tflite"
	printf "\\x$(printf %02x $((value ^ (1 << $2))))" | dd of="$out/flip.tflite" bs=1 seek="$1" conv=notrunc status=none
}
for ((i = 0; i < 150; i++)); do
	flip $((i * 7919 % size)) $((i % 8))
	tame "$out/flip.tflite" "byte $((i * 7919 % size)) bit $((i % 8)) flipped" || bad=$((bad + 1))
	n=$((n + 1))
done
[ $bad -eq 0 ] && echo "ok $n models with a bit flipped" || echo "not ok $bad of $n models with a bit flipped"

# NAME COMMAND...: exit status 2, one line on stderr, and $out/place as empty as before
refuse() {
	local name=$1 status
	shift
	mkdir -p "$out/place"
	(cd "$out/place" && ls -A) >"$out/before"
	"$@" >/dev/null 2>"$out/stderr"
	status=$?
	(cd "$out/place" && ls -A) >"$out/after"
	if [ $status -eq 2 ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] && cmp -s "$out/before" "$out/after"; then
		echo "ok $name"
	else
		echo "not ok $name: exit status $status, stderr \"$(head -n 2 "$out/stderr")\", left: $(tr '\n' ' ' <"$out/after")"
	fi
}
refuse "json on a full disk" "$BUILD/systole" run examples/os8x8.yaml "$digits" -n 1 --engine twin --json /dev/full
refuse "dump into a file" "$BUILD/systole" ref "$digits" -n 1 --dump "$out/stderr/x"
refuse "design into a file" "$BUILD/systole" gen examples/os8x8.yaml -o "$digits"
refuse "parent missing" "$BUILD/systole" gen examples/os8x8.yaml -o "$out/place/a/b"
# root may write anywhere; the kernel's own directories refuse even root
refuse "directory not writable" "$BUILD/systole" gen examples/os8x8.yaml -o /proc/systole
refuse "configuration is a directory" "$BUILD/systole" gen examples -o "$out/place/x"
refuse "model is a directory" "$BUILD/systole" ref examples

shared=${SYSTOLE_SHARED:-../shared}
if [ -f "$shared/models/resnet8_float.tflite" ]; then
	refuse "float model" "$BUILD/systole" run examples/os8x8.yaml "$shared/models/resnet8_float.tflite" -n 1 --engine twin
else
	echo "skipped: $shared is not here"
fi

# The disk fills up while the design is written: every write past the limit fails
limit() {
	(
		trap '' XFSZ
		ulimit -f 8
		exec "$BUILD/systole" gen examples/os8x8.yaml -o "$out/place/design"
	)
}
refuse "disk full inside a design" limit
