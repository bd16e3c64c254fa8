#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fpga.sh SYSTOLE CONFIG.yaml BOARD DIR: a bitstream of NAME_chip (bus: on_chip) for icebreaker, upduino (UP5K) or hx8k-evb, in
# constraints/BOARD.v, whose PLL makes its clock.
# SEEDS: of the placer, the fastest is kept (default 1). TARGET: the clock it aims at, MHz; what must be met is the board's.
# Leaves in DIR: NAME (package), NAME.BOARD.json (netlist), .v (of the chip without its board), .asc, .bin, .log (nextpnr), .md (one page).
set -eu
systole=$1 config=$2 board=$3 dir=$4
: "${SEEDS:=1}" "${TARGET:=54}"
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
key() { sed -n "s/^$1: *\([A-Za-z0-9_]*\).*/\1/p" "$config"; }
case $board in
icebreaker | upduino) device=up5k package=sg48 lcs=5280 sprams=4 clock=48 div=16 ;;
hx8k-evb) device=hx8k package=ct256 lcs=7680 sprams=0 clock=100 div=100 ;;
*) echo "BOARD=$board: use icebreaker, upduino or hx8k-evb" >&2; exit 2 ;;
esac
[ "$(key bus)" = on_chip ] || { echo "$config: bus is axi: a board has no memory behind AXI; use bus: on_chip" >&2; exit 2; }

# What NAME_chip needs of a device, whatever the configuration; logic cells are known after synthesis
rows=$(key rows) cols=$(key cols)
[ "$sprams" -ge 4 ] || { echo "$name does not fit $device: 4 SPRAM needed, $sprams there; largest that fits: none with its memory on the chip" >&2; exit 1; }

mkdir -p "$dir"
"$systole" gen "$config" -o "$dir/$name"
files=$(sed -n "s|^\([^/ ]*\.v\)\$|$dir/$name/\1|p" "$dir/$name/${name}_chip.f")
out=$dir/$name.$board
yosys -q -l "$out.yosys.log" -p "read_verilog $(echo $files); chparam -set DIV $div ${name}_chip; synth_ice40 -top ${name}_chip -abc2; \
	select -assert-none t:\$_DLATCH*; check -assert; write_verilog -noattr $out.v; rename ${name}_chip chip; read_verilog constraints/$board.v; \
	synth_ice40 -top board -abc2; check -assert; write_json $out.json; tee -q -o $out.stat stat" >"$out.yosys.out" 2>&1 || { tail -n 5 "$out.yosys.out"; exit 1; }

best=0 best_seed=0
: >"$out.seeds"
for seed in $SEEDS; do
	nextpnr-ice40 --$device --package $package --json "$out.json" --pcf "constraints/$board.pcf" --seed "$seed" --freq "$TARGET" \
		--timing-allow-fail --asc "$out.$seed.asc" --log "$out.$seed.log" -q >/dev/null 2>&1 || {
		grep '^ERROR' "$out.$seed.log" || tail -n 3 "$out.$seed.log"
		sed -n 's/.*ICESTORM_LC: *\([0-9]*\).*/'"$name"' does not fit '"$device: \1 logic cells needed, $lcs there/p" "$out.$seed.log" >&2
		exit 1
	}
	mhz=$(sed -n 's/.*Max frequency for clock[^:]*: *\([0-9.]*\) MHz.*/\1/p' "$out.$seed.log" | tail -n 1)
	echo "$seed $mhz" >>"$out.seeds"
	if awk "BEGIN { exit !($mhz > $best) }"; then
		best=$mhz best_seed=$seed
		mv "$out.$seed.asc" "$out.asc"
		cp "$out.$seed.log" "$out.log"
	fi
	rm -f "$out.$seed.asc"
done
icepack "$out.asc" "$out.bin"
used() { sed -n "s|.*$1: *\([0-9]*\)/ *\([0-9]*\).*|\1 of \2|p" "$out.log" | head -n 1; }
{
	echo "# $name on $board ($device)"
	echo
	echo "| | |"
	echo "| --- | --- |"
	echo "| MACs | $((rows * cols)) |"
	echo "| logic cells | $(used ICESTORM_LC) |"
	echo "| block RAM | $(used ICESTORM_RAM) |"
	echo "| SPRAM | $(used ICESTORM_SPRAM) |"
	echo "| DSP | $(used ICESTORM_DSP) |"
	echo "| clock, placed and routed | $best MHz, seed $best_seed of: $(tr '\n' ';' <"$out.seeds") |"
	echo "| clock of the board | $clock MHz: $(awk "BEGIN { print ($best >= $clock) ? \"met\" : \"NOT met\" }") |"
	echo "| UART | DIV = $div, $((clock * 1000000 / div)) baud |"
	echo "| tools | $(yosys -V | cut -d' ' -f1,2), $(nextpnr-ice40 --version 2>&1 | head -n 1) |"
} >"$out.md"
cat "$out.md"
awk "BEGIN { exit !($best >= $clock) }" || { echo "the board's clock is faster than the design" >&2; exit 1; }
