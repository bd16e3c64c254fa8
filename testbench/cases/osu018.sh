#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# target: osu018. Its multiplier of every width against *, over every pair of operands; its adder; lint of its designs;
# a network in lock-step; a multiplier with a broken gate must be found.
: "${BUILD:=build}"
out=$BUILD/cases/osu018
rm -rf "$out"
mkdir -p "$out"

# name, log, command...
check() {
	local name=$1 log=$2
	shift 2
	if "$@" >"$log" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$log"
	fi
}

# example, name, lines of the configuration...
config() {
	local from=$1 name=$2
	shift 2
	{
		sed -e "s/^name:.*/name: $name/" -e '/^act_bits:/d' -e '/^wgt_bits:/d' -e '/^sparsity:/d' "examples/$from.yaml"
		echo "target: osu018"
		printf '%s\n' "$@"
	} >"$out/$name.yaml"
}

# The bench says how many pairs there were, of which none is wrong.
# bench, pairs, files and options of iverilog...
simulate() {
	local bench=$1 pairs=$2
	shift 2
	iverilog -g2005 -Wall -s "$bench" -o "$out/$bench.vvp" "testbench/osu018/$bench.v" "$@" || return 1
	vvp -n "$out/$bench.vvp" | tee "$out/$bench.out"
	[ "$(cat "$out/$bench.out")" = "$pairs pairs, 0 wrong" ]
}

# A, B, dataflow
multiplier() {
	local dir=$out/m$1x$2_$3
	"$BUILD/systole" gen "$dir.yaml" -o "$dir" || return 1
	verilator --lint-only -Wall -y "$dir" --top-module mul_pe "$dir/mul_pe.v" || return 1
	simulate mul_pe_tb $((1 << ($1 + $2))) -P mul_pe_tb.A_W="$1" -P mul_pe_tb.B_W="$2" -y "$dir"
}

for a in 4 5 6 7 8 9; do
	for b in 4 5 6 7 8; do
		if [ "$a" = 9 ]; then x=8 gate=gate; else x=$a gate=none; fi
		for d in os ws; do # of different form
			config ${d}8x8 "m${a}x${b}_$d" "act_bits: $x" "wgt_bits: $b" "sparsity: $gate"
			check "osu018-mul-${a}x$b-$d" "$out/log" multiplier "$a" "$b" "$d"
		done
	done
done

# One gate of the tree wrong: the bench must see it.
broken() {
	mkdir -p "$out/broken"
	cp "$out"/m9x8_os/*AX1.v "$out/broken"
	sed 's/FAX1 u_fa30 (.A(\([a-z0-9_]*\))/FAX1 u_fa30 (.A(~\1)/' "$out/m9x8_os/mul_pe.v" >"$out/broken/mul_pe.v"
	! cmp -s "$out/m9x8_os/mul_pe.v" "$out/broken/mul_pe.v" && ! simulate mul_pe_tb 131072 -y "$out/broken"
}
check osu018-mul-broken "$out/log" broken

for w in "4 4 0" "4 4 1" "4 5 2" "6 12 0" "6 12 1" "7 8 1" "9 9 2" "9 9 0" "17 17 0" "17 20 0" "17 24 1" "17 32 1" "20 32 2"; do
	read -r add acc late <<<"$w"
	pairs=200000
	[ $((add + acc)) -gt 18 ] || pairs=$((1 << (add + acc)))
	check "osu018-add-${add}to$acc-$late" "$out/log" simulate acc_add_tb "$pairs" -P acc_add_tb.ADD_W="$add" -P acc_add_tb.ACC_W="$acc" \
		-P acc_add_tb.LATE="$late" -y rtl/osu018
done

for w in "17 24 15" "17 32 16" "9 16 14" "17 29 15" "17 17 9"; do
	read -r add acc split <<<"$w"
	check "osu018-split-${add}to$acc-$split" "$out/log" simulate acc_split_tb 200000 -P acc_split_tb.ADD_W="$add" -P acc_split_tb.ACC_W="$acc" \
		-P acc_split_tb.SPLIT="$split" -y rtl/osu018
done

# The lanes' multiplier: 32 bits, 33 with rounding onnx.
lane() {
	local dir=$out/lane$1
	"$BUILD/systole" gen "$dir.yaml" -o "$dir" || return 1
	verilator --lint-only -Wall -y "$dir" --top-module mul "$dir/mul.v" || return 1
	simulate mul_tb 4000 -P mul_tb.A_W="$1" -y "$dir"
}
for a in 32:tflite 33:onnx; do
	config os8x8 "lane${a%:*}" "act_bits: 8" "wgt_bits: 8" "sparsity: gate"
	sed -i "s/^rounding:.*/rounding: ${a#*:}/" "$out/lane${a%:*}.yaml"
	check "osu018-lane-${a%:*}" "$out/log" lane "${a%:*}"
done

# One gate of its digits wrong.
broken_lane() {
	mkdir -p "$out/broken_lane"
	cp "$out"/lane32/*X[0-9].v "$out/broken_lane"
	sed 's/wire two7 = ~one7/wire two7 = one7/' "$out/lane32/mul.v" >"$out/broken_lane/mul.v"
	! cmp -s "$out/lane32/mul.v" "$out/broken_lane/mul.v" && ! simulate mul_tb 4000 -y "$out/broken_lane"
}
check osu018-lane-broken "$out/log" broken_lane

for from in os8x8 ws8x8 rs6x8; do
	config "$from" "${from}_osu018" "act_bits: 8" "wgt_bits: 8" "sparsity: gate"
	check "osu018-lint-$from" "$out/log" testbench/lint.sh "$out/${from}_osu018.yaml"
done
# The sums of os in two halves; vectors take two cycles in the lanes of ws.
config os8x8 os4x4_osu018 "act_bits: 8" "wgt_bits: 8" "sparsity: gate" "acc_bits: 24" "lanes: 1"
sed -i 's/^\(rows\|cols\):.*/\1: 4/' "$out/os4x4_osu018.yaml"
check osu018-lockstep-os "$out/log" "$BUILD/systole" run "$out/os4x4_osu018.yaml" examples/digits/digits.tflite -i examples/digits/images.bin -n 2
config ws8x8 ws4x8_osu018 "act_bits: 8" "wgt_bits: 8" "sparsity: gate" "lanes: 4"
sed -i 's/^rows:.*/rows: 4/' "$out/ws4x8_osu018.yaml"
check osu018-lockstep-ws "$out/log" "$BUILD/systole" run "$out/ws4x8_osu018.yaml" examples/digits/digits.tflite -i examples/digits/images.bin -n 2
