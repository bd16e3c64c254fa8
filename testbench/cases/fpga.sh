#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The FPGA flow in short: products in SB_MAC16 and in slow steps against *, a 2x2 array through synthesis, simulation of its netlist
# and place and route; a whole chip behind its UART classifies digits with the reference's bytes; what does not fit is refused.
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

for n in 4 8 16; do
	check "mul-slow-$n" says mul_slow_tb '20000 pairs, 0 wrong' -P mul_slow_tb.STEPS=$n rtl/mul_slow.v
done
check mul2 says mul2_pe_tb '65536 pairs, 0 wrong' rtl/mul2_pe.v

cells=$(dpkg -L yosys 2>/dev/null | grep '/ice40/cells_sim\.v$')
library=(-DNO_ICE40_DEFAULT_ASSIGNMENTS "$cells")
synth() {
	yosys -q -p "read_verilog testbench/chip/array_2x2.v rtl/array_os.v rtl/row_os.v rtl/row_word.v rtl/pe_os.v rtl/dw_lines.v rtl/mul_pe.v rtl/mul2_pe.v rtl/acc_add.v rtl/ram.v; \
		delete mul2_pe ram; read_verilog rtl/up5k/mul2_pe.v rtl/up5k/ram.v; synth_ice40 -top array_2x2 -abc2; select -assert-none t:\$_DLATCH*; check -assert; \
		rename array_2x2 array_2x2_netlist; write_verilog -noattr $out/array_netlist.v; rename array_2x2_netlist array_2x2; \
		read_verilog testbench/chip/array_pins.v; synth_ice40 -top array_pins -abc2 -json $out/array.json; stat"
}
route() {
	nextpnr-ice40 --up5k --package sg48 --pcf-allow-unconstrained --json "$out/array.json" --freq 12 --asc "$out/array.asc" --log "$out/array.log" -q || [ -s "$out/array.asc" ]
	icepack "$out/array.asc" "$out/array.bin" && [ -s "$out/array.bin" ]
}
if [ -f "$cells" ]; then
	check mul2-up5k says mul2_pe_tb '65536 pairs, 0 wrong' "${library[@]}" rtl/up5k/mul2_pe.v
	check array-synthesis synth
	check array-netlist says array_tb '[1-9][0-9]+ vectors, 0 cycles wrong' "${library[@]}" "$out/array_netlist.v" testbench/chip/array_2x2.v -y rtl
	sed 's/\.A_SIGNED(1.h1)/.A_SIGNED(1'"'"'h0)/' "$out/array_netlist.v" >"$out/broken.v"
	broken() { ! cmp -s "$out/broken.v" "$out/array_netlist.v" && ! says array_tb '[1-9][0-9]+ vectors, 0 cycles wrong' "${library[@]}" "$out/broken.v" testbench/chip/array_2x2.v -y rtl; }
	check array-netlist-broken broken
else
	echo "skipped: Yosys's models of the iCE40 cells are not here"
fi
if command -v nextpnr-ice40 >/dev/null && command -v icepack >/dev/null; then
	check array-route route
else
	echo "skipped: nextpnr-ice40 or icepack is not here"
fi

# the chip's RTL with portable memory and products, behind its UART; seeds of random registers and memory
# name, model, bytes of an input, inputs, how many of them, the device's last operator (a softmax behind it is the host's)
chip() {
	local name=$1 model=$2 bytes=$3 inputs=$4 count=$5 last=$6 files=() m i
	"$BUILD/systole" gen examples/up5k.yaml -o "$out/up5k" && "$BUILD/systole" image examples/up5k.yaml "$model" -o "$out/$name.img" &&
		head -c $((bytes * count)) "$inputs" >"$out/$name.in" || return 1
	for ((i = 0; i < count; i++)); do
		tail -c +$((bytes * i + 1)) "$out/$name.in" | head -c "$bytes" >"$out/in1.bin"
		"$BUILD/systole" ref "$model" -i "$out/in1.bin" -n 1 --dump "$out/dump" || return 1
		cat "$out/dump/op$last.bin" >>"$out/$name.want"
	done
	for m in $(grep '^[a-z0-9_]*\.v$' "$out/up5k/up5k_chip.f"); do
		case $m in up5k_ram.v | up5k_spram.v | up5k_mul2_pe.v) files+=("rtl/${m#up5k_}") ;; *) files+=("$out/up5k/$m") ;; esac
	done
	PARAMETERS=-GDIV=4 SEEDS="1 2" testbench/chip/run.sh up5k_chip "$out/sim" 4 "$out/$name.img" "$out/$name.in" "$out/$name.out" "${files[@]}" || return 1
	cmp "$out/$name.want" "$out/$name.out"
}
check chip-digits chip digits examples/digits/digits.tflite 64 examples/digits/images.bin 4 08
shared=${SYSTOLE_SHARED:-../shared}
dscnn=$shared/models/dscnn_kws_int8.tflite
if [ -f "$dscnn" ]; then
	check chip-dscnn chip dscnn "$dscnn" 490 "$shared/golden/dscnn_kws_int8/input.bin" 1 11
else
	echo "skipped: $dscnn is not here"
fi

refuses() { # what it says, command...
	local says=$1
	shift
	"$@" 2>"$out/err" && return 1
	cat "$out/err"
	grep -q "$says" "$out/err"
}
check refuse-hx8k refuses 'does not fit hx8k: 4 SPRAM needed, 0 there' flow/fpga.sh "$BUILD/systole" examples/up5k.yaml hx8k-evb "$out/fpga"
check refuse-axi refuses 'bus is axi' flow/fpga.sh "$BUILD/systole" examples/os8x8.yaml icebreaker "$out/fpga"
sed 's/^wgt_buffer: .*/wgt_buffer: 16384/' examples/up5k.yaml >"$out/large.yaml"
check refuse-ebr refuses 'does not fit up5k: [0-9]* EBR needed, 30 there; largest that fits' flow/fpga.sh "$BUILD/systole" "$out/large.yaml" icebreaker "$out/fpga"
check refuse-image refuses 'bus is axi' "$BUILD/systole" image examples/os8x8.yaml examples/digits/digits.tflite -o "$out/none.img"
