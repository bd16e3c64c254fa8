#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The FPGA flow in short: products in SB_MAC16 and in logic cells against *, the chip's array through synthesis and simulation of its
# netlist; the whole chip behind its UART has the reference's bytes, in RTL and, where the tools are, as the netlist of the
# bitstream that flow/fpga.sh packs; what does not fit is refused.
: "${BUILD:=build}"
out=$BUILD/cases/fpga
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

# bench, line it must say, files and options of iverilog...
says() {
	local bench=$1 line=$2
	shift 2
	iverilog -g2012 -s "$bench" -o "$out/$bench.vvp" "testbench/chip/$bench.v" "$@" || return 1
	vvp -n "$out/$bench.vvp" | tee "$out/$bench.out"
	grep -qxE "$line" "$out/$bench.out"
}

check mul2 says chip_mul2_tb '65536 pairs, 0 wrong' rtl/chip_mul2.v rtl/chip_soft.v rtl/chip_mul.v
check mul2-ice40 says chip_mul2_tb '2704 pairs, 0 wrong' -y rtl/ice40 -Pchip_mul2_tb.STEP=5
check mul2-model says chip_mul2_tb '65536 pairs, 0 wrong' rtl/up5k/chip_mul2.v rtl/chip_soft.v rtl/up5k/chip_mul.v rtl/up5k/SB_MAC16.v
check sram says chip_sram_tb '[1-9][0-9]+ reads, 0 wrong' testbench/chip/sram.v rtl/ice40/chip_sram.v

cells=$(dpkg -L yosys 2>/dev/null | grep '/ice40/cells_sim\.v$')
library=(-DNO_ICE40_DEFAULT_ASSIGNMENTS "$cells")
synth() {
	yosys -q -p "read_verilog rtl/chip_dot.v rtl/chip_soft.v rtl/up5k/chip_mul2.v; synth_ice40 -top chip_dot -abc2; select -assert-none t:\$_DLATCH*; check -assert; \
		rename chip_dot chip_dot_netlist; write_verilog -noattr $out/dot_netlist.v"
}
dot=(rtl/chip_dot.v rtl/chip_soft.v rtl/chip_mul2.v)
if [ -f "$cells" ]; then
	check mul2-up5k says chip_mul2_tb '65536 pairs, 0 wrong' "${library[@]}" rtl/up5k/chip_mul2.v rtl/chip_soft.v rtl/up5k/chip_mul.v
	check dot-synthesis synth
	check dot-netlist says chip_dot_tb '[1-9][0-9]+ sums, 0 cycles wrong' "${library[@]}" "$out/dot_netlist.v" "${dot[@]}"
	sed 's/\.A_SIGNED(1.h1)/.A_SIGNED(1'"'"'h0)/' "$out/dot_netlist.v" >"$out/broken.v"
	broken() { ! cmp -s "$out/broken.v" "$out/dot_netlist.v" && ! says chip_dot_tb '[1-9][0-9]+ sums, 0 cycles wrong' "${library[@]}" "$out/broken.v" "${dot[@]}"; }
	check dot-netlist-broken broken
else
	echo "skipped: Yosys's models of the iCE40 cells are not here"
fi

# the chip's RTL with portable memory and products, behind its UART; seeds of random registers and memory
# name, model, bytes of an input, inputs, how many of them, the device's last operator (a softmax behind it is the host's)
chip() {
	local name=$1 model=$2 bytes=$3 inputs=$4 count=$5 last=$6 m i
	files=()
	rm -f "$out/$name.want"
	"$BUILD/systole" gen examples/up5k.yaml -o "$out/up5k" && "$BUILD/systole" image examples/up5k.yaml "$model" -o "$out/$name.img" &&
		head -c $((bytes * count)) "$inputs" >"$out/$name.in" || return 1
	for ((i = 0; i < count; i++)); do
		tail -c +$((bytes * i + 1)) "$out/$name.in" | head -c "$bytes" >"$out/in1.bin"
		"$BUILD/systole" ref "$model" -i "$out/in1.bin" -n 1 --dump "$out/dump" || return 1
		cat "$out/dump/op$last.bin" >>"$out/$name.want"
	done
	for m in $(grep '^[a-z0-9_]*\.v$' "$out/up5k/up5k_chip.f"); do
		case $m in up5k_ram.v | up5k_spram.v | up5k_chip_mul2.v | up5k_chip_mul.v) files+=("rtl/${m#up5k_}") ;; *) files+=("$out/up5k/$m") ;; esac
	done
	PARAMETERS=-GDIV=4 SEEDS="1 2" testbench/chip/run.sh up5k_chip "$out/sim" 4 "$out/$name.img" "$out/$name.in" "$out/$name.out" "${files[@]}" || return 1
	cmp "$out/$name.want" "$out/$name.out"
}
check chip-digits chip chip examples/digits/digits.tflite 64 examples/digits/images.bin 4 08
shared=${SYSTOLE_SHARED:-../shared}
dscnn=$shared/models/dscnn_kws_int8.tflite
if [ -f "$dscnn" ]; then
	check chip-dscnn chip dscnn "$dscnn" 490 "$shared/golden/dscnn_kws_int8/input.bin" 1 11
else
	echo "skipped: $dscnn is not here"
fi

# every register beside its twin in every cycle
images=(-i examples/digits/images.bin)
check chip-lockstep "$BUILD/systole" run examples/up5k.yaml examples/digits/digits.tflite "${images[@]}" -n 2 --json "$out/lockstep.json"
check chip-lockstep-outside "$BUILD/systole" run examples/hx8k_evb.yaml examples/digits/digits.tflite "${images[@]}" -n 2 --json "$out/outside.json"
check chip-reset-seed "$BUILD/systole" run examples/up5k.yaml examples/digits/digits.tflite "${images[@]}" -n 2 --reset-seed 7
check chip-twin "$BUILD/systole" run examples/up5k.yaml examples/digits/digits.tflite "${images[@]}" -n 64 --engine twin
if [ -f "$dscnn" ]; then
	check chip-lockstep-dscnn "$BUILD/systole" run examples/up5k.yaml "$dscnn" -i "$shared/golden/dscnn_kws_int8/input.bin" -n 1
fi
number() { sed -n "s/^ *\"$1\": \([0-9.]*\),*\$/\1/p" "$2" | head -n 1; }
estimated() { # cycles of the whole, within 1 %
	local cycles estimate
	cycles=$(number cycles "$out/lockstep.json")
	estimate=$("$BUILD/systole" explain examples/up5k.yaml examples/digits/digits.tflite | sed -n 's/^total .* MACs, \([0-9]*\) cycles.*/\1/p')
	echo "$cycles cycles, estimate $estimate"
	[ $((100 * cycles)) -ge $((99 * estimate)) ] && [ $((99 * cycles)) -le $((100 * estimate)) ]
}
check chip-estimate estimated
# off-chip accesses only where the memory is
counted() { [ "$(number registers "$out/lockstep.json")" -gt 200 ] && [ "$(number dram "$out/lockstep.json")" = 0.0 ] && [ "$(number dram "$out/outside.json" | cut -d. -f1)" -gt 1000000 ]; }
check chip-energy counted

# random networks, the first seed's registers
random() {
	local i
	mkdir -p "$out/random"
	"$BUILD/chip_random" examples/up5k.yaml 12 3 "$out/random" || return 1
	for ((i = 0; i < 12; i++)); do
		PARAMETERS=-GDIV=4 testbench/chip/run.sh up5k_chip "$out/sim" 4 "$out/random/$i.img" "$out/random/$i.in" "$out/random/$i.out" "${files[@]}" || return 1
		cmp "$out/random/$i.want" "$out/random/$i.out" || return 1
	done
}
check chip-random random

# the same bytes from the netlist of the bitstream, registers random
netlist() {
	PARAMETERS=-DNO_ICE40_DEFAULT_ASSIGNMENTS SEEDS="1 2" testbench/chip/run.sh up5k_chip "$out/netlist" 16 "$out/chip.img" "$out/chip.in" "$out/netlist.out" \
		"$out/fpga/up5k.icebreaker.v" "$cells" && cmp "$out/chip.want" "$out/netlist.out"
}
if [ -f "$cells" ] && command -v nextpnr-ice40 >/dev/null && command -v icepack >/dev/null; then
	check bitstream flow/fpga.sh "$BUILD/systole" examples/up5k.yaml icebreaker "$out/fpga"
	check chip-netlist netlist
else
	echo "skipped: nextpnr-ice40 or icepack is not here"
fi

# beside an SRAM, all strict: RTL, with portable products that are simulated faster, and NAME_chip's netlist
"$BUILD/systole" gen examples/hx8k_evb.yaml -o "$out/hx8k_evb"
mapfile -t evb_files < <(sed -n "/^SB_/d; /^chip_sram/d; s|^\([^/ ]*\.v\)\$|$out/hx8k_evb/\1|p" "$out/hx8k_evb/hx8k_evb_chip.f")
mapfile -t evb_rtl < <(printf '%s\n' "${evb_files[@]}" | sed -E '/(add_if|mul_rows)\.v$/d; s|.*/(chip_mul2?\.v)|rtl/\1|; s|.*/(chip_soft\.v)|rtl/\1|')
evb() { # name, files of NAME_chip...
	local name=$1
	shift
	testbench/chip/run.sh evb "$out/$name" 32 "$out/chip.img" "$out/chip.in" "$out/$name.out" testbench/chip/evb.v testbench/chip/sram.v rtl/ice40/chip_sram.v "$@" &&
		cmp "$out/chip.want" "$out/$name.out"
}
evb_netlist() {
	yosys -q -p "read_verilog ${evb_files[*]}; chparam -set DIV 16 hx8k_evb_chip; synth_ice40 -top hx8k_evb_chip -abc2; \
		select -assert-none t:\$_DLATCH*; check -assert; select -assert-max 32 t:SB_RAM40_4K; select -assert-max 5000 t:SB_LUT4; write_verilog -noattr $out/evb.v" &&
		PARAMETERS="-DNETLIST -DNO_ICE40_DEFAULT_ASSIGNMENTS" evb evb-netlist "$out/evb.v" "$cells"
}
check evb-digits evb evb "${evb_rtl[@]}"
if [ -f "$cells" ]; then
	check evb-netlist evb_netlist
fi

refuses() { # what it says, command...
	local says=$1
	shift
	"$@" 2>"$out/err" && return 1
	cat "$out/err"
	grep -q "$says" "$out/err"
}
check refuse-hx8k refuses 'does not fit hx8k: 4 SPRAM needed, 0 there' flow/fpga.sh "$BUILD/systole" examples/up5k.yaml hx8k-evb "$out/fpga"
check refuse-icebreaker refuses 'does not fit icebreaker: a memory outside' flow/fpga.sh "$BUILD/systole" examples/hx8k_evb.yaml icebreaker "$out/fpga"
check refuse-axi refuses 'bus is axi' flow/fpga.sh "$BUILD/systole" examples/os8x8.yaml icebreaker "$out/fpga"
sed 's/^cols: .*/cols: 4/' examples/up5k.yaml >"$out/small.yaml"
check refuse-array refuses 'rows must be 2 and cols 8' "$BUILD/systole" gen "$out/small.yaml" -o "$out/none"
check refuse-icarus refuses 'engines are verilator, twin and ref' "$BUILD/systole" run examples/up5k.yaml examples/digits/digits.tflite --engine icarus
check refuse-image refuses 'bus is axi' "$BUILD/systole" image examples/os8x8.yaml examples/digits/digits.tflite -o "$out/none.img"
