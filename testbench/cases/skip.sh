#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The row-stationary array without zero weights: in lock-step, against the dense array's cycles and bytes, what is refused.
: "${BUILD:=build}"
out=$BUILD/cases/skip
shared=${SYSTOLE_SHARED:-../shared}
digits=examples/digits/digits.tflite
images="-i examples/digits/images.bin"
rm -rf "$out"
mkdir -p "$out"

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$out/log"
	fi
}
number() { sed -n "s/^  *\"$1\": \\([0-9]*\\),*\$/\\1/p" "$2" | head -n 1; }

"$BUILD/systole" prune --unstructured 0.8 "$digits" -o "$out/digits.tflite" >/dev/null
# shellcheck disable=SC2086
check skip-digits "$BUILD/systole" run examples/rs6x8_skip.yaml "$digits" $images -n 8 --engine twin
check skip-digits-lockstep "$BUILD/systole" run examples/rs6x8_skip.yaml "$out/digits.tflite" $images -n 2 --json "$out/sparse.json"
check skip-counts [ "$(number macs_skipped "$out/sparse.json")" -gt 100000 ]

check skip-regress "$BUILD/regress" 40 11 --twin

resnet=$shared/models/resnet8_int8.tflite
faster() { # PERCENT: whole network, all cycles
	local input="-i $shared/golden/resnet8_int8/input.bin"
	"$BUILD/systole" run examples/rs6x8_skip.yaml "$out/resnet.tflite" $input -n 2 --engine twin --json "$out/sparse.json" || return 1
	"$BUILD/systole" run examples/rs6x8.yaml "$resnet" $input -n 2 --engine twin --json "$out/dense.json" || return 1
	[ $(($(number cycles "$out/dense.json") * 100)) -ge $(($(number cycles "$out/sparse.json") * $1)) ]
}
if [ -f "$resnet" ]; then
	"$BUILD/systole" prune --unstructured 0.8 "$resnet" -o "$out/resnet.tflite" >/dev/null
	check skip-speed faster 240
else
	echo "skipped: $resnet is not here"
fi

refuse() { # NAME TEXT LINE...: a configuration with these lines
	local name=$1 text=$2
	shift 2
	{ echo "name: refused"; printf '%s\n' "$@"; } >"$out/refused.yaml"
	"$BUILD/systole" gen "$out/refused.yaml" -o "$out/refused" >/dev/null 2>"$out/log"
	if [ $? -eq 2 ] && [ "$(wc -l <"$out/log")" -eq 1 ] && grep -q "$text" "$out/log"; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$out/log"
	fi
}
refuse skip-refuse-os "skip is for dataflow rs" "dataflow: os" "sparsity: skip"
refuse skip-refuse-narrow "wgt_bits is 4, use 8" "dataflow: rs" "sparsity: skip" "wgt_bits: 4"
