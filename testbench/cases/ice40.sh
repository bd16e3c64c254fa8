#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# target: ice40. Its multiplier of every width against *, over every pair of operands, with the cells' models here and with those
# that Yosys has; a broken multiplier is found; lint; a network in lock-step; the netlist of a device with a 2x2 array against the twin.
: "${BUILD:=build}"
out=$BUILD/cases/ice40
rm -rf "$out"
mkdir -p "$out"

# name, command...
check() {
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$out/log"
	fi
}

# The bench says how many pairs there were, of which none is wrong.
# bench, its file, pairs, files and options of iverilog...
simulate() {
	local bench=$1 file=$2 pairs=$3
	shift 3
	iverilog -Wall -s "$bench" -o "$out/$bench.vvp" "$file" "$@" 2>"$out/$bench.log" || { cat "$out/$bench.log"; return 1; }
	vvp -n "$out/$bench.vvp" | tee "$out/$bench.out"
	[ "$(cat "$out/$bench.out")" = "$pairs pairs, 0 wrong" ]
}

mul() { simulate mul_pe_tb testbench/osu018/mul_pe_tb.v $((1 << ($1 + $2))) -P mul_pe_tb.A_W="$1" -P mul_pe_tb.B_W="$2" "${@:3}"; }

for a in 4 5 6 7 8 9; do
	for b in 4 5 6 7 8; do
		check "ice40-mul-${a}x$b" mul $a $b -g2005 -y rtl/ice40
	done
done

cells=$(dpkg -L yosys 2>/dev/null | grep '/ice40/cells_sim\.v$')
if [ -f "$cells" ]; then
	library=(-g2012 -DNO_ICE40_DEFAULT_ASSIGNMENTS "$cells")
	check ice40-mul-library mul 8 8 "${library[@]}" rtl/ice40/mul_pe.v rtl/ice40/add_if.v
else
	echo "skipped: Yosys's models of the iCE40 cells are not here"
fi

broken() {
	mkdir -p "$out/broken"
	cp rtl/ice40/*.v "$out/broken"
	sed -i 's/1100_0110_0110_1100/1100_0110_0110_1101/' "$out/broken/add_if.v"
	! cmp -s rtl/ice40/add_if.v "$out/broken/add_if.v" && ! mul 8 8 -g2005 -y "$out/broken"
}
check ice40-mul-broken broken

for from in os8x8 ws8x8 rs6x8; do
	{ sed "s/^name:.*/name: ${from}_ice40/" "examples/$from.yaml"; echo "target: ice40"; } >"$out/$from.yaml"
	check "ice40-lint-$from" testbench/lint.sh "$out/$from.yaml"
done
check ice40-lockstep "$BUILD/systole" run "$out/os8x8.yaml" examples/digits/digits.tflite -i examples/digits/images.bin -n 2

if [ -f "$cells" ]; then
	sed -e 's/^name:.*/name: ice2x2/' -e 's/^\(rows\|cols\):.*/\1: 2/' -e 's/^act_buffer:.*/act_buffer: 8192/' -e 's/^wgt_buffer:.*/wgt_buffer: 4096/' \
		-e 's/^par_depth:.*/par_depth: 32/' -e '$a lanes: 1' examples/os8x8.yaml >"$out/ice2x2.yaml"
	head -c 120 examples/digits/images.bin >"$out/input.bin"
	check ice40-netlist flow/ice40_sim.sh "$BUILD/systole" "$out/ice2x2.yaml" testbench/fuzz/seeds_tflite/tiny.tflite "$out/input.bin" "$out/netlist"
fi
