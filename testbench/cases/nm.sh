#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Arrays for N:M patterns of zeros: in lock-step, against the dense array's cycles, area of a PE, damaged indices, what is refused.
: "${BUILD:=build}"
out=$BUILD/cases/nm
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

for p in 2:4 1:4 4:8; do
	"$BUILD/systole" prune --nm $p "$digits" -o "$out/digits${p/:/}.tflite" >/dev/null
done
# shellcheck disable=SC2086
for c in os8x8_nm24 os8x8_nm14 ws8x8_nm24; do
	engine=verilator
	[ $c = os8x8_nm14 ] && engine=twin
	check "$c-digits" "$BUILD/systole" run examples/$c.yaml "$out/digits${c#*nm}.tflite" $images -n 2 --engine $engine --json "$out/$c.json"
	check "$c-skips" [ "$(number macs_skipped "$out/$c.json")" -gt 10000 ]
	check "$c-saves" [ "$(number bytes_saved "$out/$c.json")" -gt 1000 ]
done
# What memory was spared is what the dense array reads more, its commands aside
saved() { # CONFIG DENSE MODEL
	"$BUILD/systole" run "examples/$1.yaml" "$3" $images -n 1 --engine twin --json "$out/sparse.json" || return 1
	"$BUILD/systole" run "examples/$2.yaml" "$3" $images -n 1 --engine twin --json "$out/dense.json" || return 1
	local by=$(($(number mem_read "$out/dense.json") - $(number mem_read "$out/sparse.json") - $(number bytes_saved "$out/sparse.json")))
	echo "bytes not accounted for: $by"
	[ $by -ge -384 ] && [ $by -le 384 ]
}
check nm-os-saved saved os8x8_nm24 os8x8 "$out/digits24.tflite"
check nm-ws-saved saved ws8x8_nm24 ws8x8 "$out/digits24.tflite"

resnet=$shared/models/resnet8_int8.tflite
input="-i $shared/golden/resnet8_int8/input.bin"
faster() { # CONFIG DENSE PERCENT: whole network, all cycles
	local p=${1#*nm}
	"$BUILD/systole" run "examples/$1.yaml" "$out/resnet$p.tflite" $input -n 2 --engine twin --json "$out/sparse.json" || return 1
	"$BUILD/systole" run "examples/$2.yaml" "$out/resnet$p.tflite" $input -n 2 --engine twin --json "$out/dense.json" || return 1
	[ $(($(number cycles "$out/dense.json") * 100)) -ge $(($(number cycles "$out/sparse.json") * $3)) ]
}
if [ -f "$resnet" ]; then
	"$BUILD/systole" prune --nm 2:4 "$resnet" -o "$out/resnet24.tflite" >/dev/null
	"$BUILD/systole" prune --nm 1:4 "$resnet" -o "$out/resnet14.tflite" >/dev/null
	check nm-os-2:4-speed faster os8x8_nm24 os8x8 185
	check nm-os-1:4-speed faster os8x8_nm14 os8x8 340
	check nm-ws-2:4-speed faster ws8x8_nm24 ws8x8 185
else
	echo "skipped: $resnet is not here"
fi

cells() { # MODULE GROUP IDX_W
	yosys -q -p "read_verilog rtl/$1.v rtl/mul_pe.v rtl/mul.v rtl/acc_add.v; chparam -set GROUP $2 -set IDX_W $3 $1; synth -top $1 -flatten; \
		tee -q -o $out/$1$2.stat stat" && sed -n 's/^ *Number of cells: *//p' "$out/$1$2.stat"
}
area() { # at most 1.3 times
	local dense four eight
	dense=$(cells "$1" 1 0) four=$(cells "$1" 4 2) eight=$(cells "$1" 8 3)
	echo "$1: $dense cells, with groups of 4 $four, of 8 $eight"
	[ "$dense" -gt 500 ] && [ $((100 * four)) -le $((130 * dense)) ] && [ $((100 * eight)) -le $((130 * dense)) ]
}
check nm-area-os area pe_os
check nm-area-ws area pe_ws
check nm-regress "$BUILD/regress" 60 11 --twin --nm
check nm-regress-lockstep "$BUILD/regress" 1 12 --nm
check nm-corrupt "$BUILD/corrupt" 100
check nm-corrupt-lockstep "$BUILD/corrupt" 40 2 --lockstep

refuse() { # NAME TEXT COMMAND...
	local name=$1 text=$2
	shift 2
	"$@" >/dev/null 2>"$out/log"
	if [ $? -eq 2 ] && [ "$(wc -l <"$out/log")" -eq 1 ] && grep -q "$text" "$out/log"; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$out/log"
	fi
}
refuse nm-refuse-model "op 2 CONV_2D: filter 0 has more than 2 of 4" "$BUILD/systole" run examples/os8x8_nm24.yaml "$digits" -n 1 --engine twin
refuse nm-refuse-pattern "has more than 1 of 4" "$BUILD/systole" run examples/os8x8_nm14.yaml "$out/digits24.tflite" -n 1 --engine twin
bad() { # LINE...: a configuration with these lines
	{ echo "name: refused"; printf '%s\n' "$@"; } >"$out/refused.yaml"
}
bad "dataflow: rs" "sparsity: nm"
refuse nm-refuse-rs "nm is for os and ws" "$BUILD/systole" gen "$out/refused.yaml" -o "$out/refused"
bad "dataflow: ws" "sparsity: nm" "rows: 7"
refuse nm-refuse-rows "multiple of 2" "$BUILD/systole" gen "$out/refused.yaml" -o "$out/refused"
