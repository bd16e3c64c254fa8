#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fpga.sh SYSTOLE CONFIG.yaml BOARD DIR: a bitstream of NAME_chip (bus: on_chip) in constraints/BOARD.v, which has its clock: for
# icebreaker or upduino (UP5K, target: up5k, clock from the PLL), or hx8k-evb (HX8K and an SRAM, target: ice40, clock from chip_sram).
# SEEDS: of the placer, the fastest is kept (default 2). TARGET: the clock it aims at, MHz; what must be met is the board's.
# Leaves in DIR: NAME (package), NAME.BOARD.json (netlist), .v (of the chip without its board), .asc, .bin, .log (nextpnr), .md (one page).
set -eu
systole=$1 config=$2 board=$3 dir=$4
"$systole" explain "$config" >/dev/null # a bad configuration ends here
: "${SEEDS:=2}" "${TARGET:=54}"
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
key() { sed -n "s/^$1: *\([A-Za-z0-9_]*\).*/\1/p" "$config"; }
case $board in
icebreaker | upduino) device=up5k package=sg48 lcs=5280 target=up5k net= clock=48 div=16 ;;
hx8k-evb) device=hx8k package=ct256 lcs=7680 target=ice40 net=core clock=50 div=50 ;;
*) echo "BOARD=$board: use icebreaker, upduino or hx8k-evb" >&2; exit 2 ;;
esac
[ "$(key bus)" = on_chip ] || { echo "$config: bus is axi: a board has no memory behind AXI; use bus: on_chip" >&2; exit 2; }

# Where NAME_chip has its memory; logic cells are known after synthesis
refuse() { echo "$name does not fit $1; largest that fits: rows 2, cols 8 with $2" >&2; exit 2; }
[ "$(key target)" = "$target" ] || case $board in
hx8k-evb) refuse "$device: 4 SPRAM needed, 0 there" "target: ice40 (its memory is the board's SRAM)" ;;
*) refuse "$board: a memory outside the chip needed, none there" "target: up5k (its memory is the chip's SPRAM)" ;;
esac

mkdir -p "$dir"
"$systole" gen "$config" -o "$dir/$name"
files=$(sed -n "/^SB_/d; s|^\([^/ ]*\.v\)\$|$dir/$name/\1|p" "$dir/$name/${name}_chip.f")
around=constraints/$board.v
[ "$board" != hx8k-evb ] || around="$around $dir/$name/chip_sram.v"
out=$dir/$name.$board
yosys -q -l "$out.yosys.log" -p "read_verilog $(echo $files); chparam -set DIV $div ${name}_chip; synth_ice40 -top ${name}_chip -abc2; \
	select -assert-none t:\$_DLATCH*; check -assert; write_verilog -noattr $out.v; rename ${name}_chip chip; read_verilog $around; \
	synth_ice40 -top board -abc2; check -assert; write_json $out.json; tee -q -o $out.stat stat" >"$out.yosys.out" 2>&1 || { tail -n 5 "$out.yosys.out"; exit 1; }

# What chip_sram needs beside NAME_chip's clock, of a seed's log and delays, a row each: what, ns, at most
limits() {
	[ "$board" = hx8k-evb ] || return 0
	awk -v OFS='|' '
		/Max frequency for clock *.clk/ { period = 1000 / $(NF - 5) }
		/Max delay <async> .*posedge clk/ { into = $(NF - 1) }
		/Max delay posedge clk.*<async>/ { out = $(NF - 1) }
		/Max delay posedge clk.*posedge core/ { from = $(NF - 1) }
		/Max delay posedge core.*posedge clk/ { to = $(NF - 1) }
		/clk_q.*gbuf_core.*USER_SIGNAL/ { split($NF, ps, "[(:]"); way = ps[2] / 1000 + 1.2 } # a register, the wire, a global buffer
		END {
			print "period of the oscillator", period, 10
			print "NAME_chip to chip_sram, and the way of its clock before that", to + way, 20
			print "chip_sram to NAME_chip", from, 10
			print "chip_sram to the pads and from them", out + into, 12 # of two cycles with OE#: SRAM 5, pads 3
		}' "$1" "$2"
}
met() { awk -F'|' '!($2 > 0 && $2 <= $3) { bad = 1 } END { exit bad }'; }

best=0 best_seed=0
: >"$out.seeds"
for seed in $SEEDS; do
	nextpnr-ice40 --$device --package $package --json "$out.json" --pcf "constraints/$board.pcf" --seed "$seed" --freq "$TARGET" \
		--timing-allow-fail --asc "$out.$seed.asc" --sdf "$out.$seed.sdf" --log "$out.$seed.log" -q >/dev/null 2>&1 || {
		grep '^ERROR' "$out.$seed.log" || tail -n 3 "$out.$seed.log"
		sed -n 's/.*ICESTORM_LC: *\([0-9]*\).*/'"$name"' does not fit '"$device: \1 logic cells needed, $lcs there/p" "$out.$seed.log" >&2
		exit 1
	}
	mhz=$(sed -n "s/.*Max frequency for clock *'$net[^:]*: *\([0-9.]*\) MHz.*/\1/p" "$out.$seed.log" | tail -n 1)
	echo "$seed $mhz" >>"$out.seeds"
	limits "$out.$seed.log" "$out.$seed.sdf" >"$out.$seed.limits"
	rank=$mhz
	met <"$out.$seed.limits" || rank=$(awk "BEGIN { print $mhz / 1000 }") # behind those that can be used
	if awk "BEGIN { exit !($rank > $best) }"; then
		best=$rank best_seed=$seed
		mv "$out.$seed.asc" "$out.asc"
		mv "$out.$seed.limits" "$out.limits"
		cp "$out.$seed.log" "$out.log"
	fi
	rm -f "$out.$seed.asc" "$out.$seed.limits" "$out.$seed.sdf"
done
best=$(sed -n "s/^$best_seed //p" "$out.seeds")
icepack "$out.asc" "$out.bin"
used() { sed -n "s|.*$1: *\([0-9]*\)/ *\([0-9]*\).*|\1 of \2|p" "$out.log" | head -n 1; }
{
	echo "# $name on $board ($device)"
	echo
	echo "| | |"
	echo "| --- | --- |"
	echo "| MACs | $(($(key rows) * $(key cols))) |"
	echo "| logic cells | $(used ICESTORM_LC) |"
	echo "| block RAM | $(used ICESTORM_RAM) |"
	[ $device = hx8k ] || echo "| SPRAM | $(used ICESTORM_SPRAM) |"
	[ $device = hx8k ] || echo "| DSP | $(used ICESTORM_DSP) |"
	echo "| clock, placed and routed | $best MHz, seed $best_seed of: $(tr '\n' ';' <"$out.seeds") |"
	echo "| clock of the board | $clock MHz: $(awk "BEGIN { print ($best >= $clock) ? \"met\" : \"NOT met\" }") |"
	awk -F'|' '{ printf "| %s | %.1f of %s ns: %s |\n", $1, $2, $3, ($2 > 0 && $2 <= $3) ? "met" : "NOT met" }' "$out.limits"
	echo "| UART | DIV = $div, $((clock * 1000000 / div)) baud |"
	echo "| tools | $(yosys -V | cut -d' ' -f1,2), $(nextpnr-ice40 --version 2>&1 | head -n 1) |"
} >"$out.md"
cat "$out.md"
awk "BEGIN { exit !($best >= $clock) }" || { echo "the board's clock is faster than the design" >&2; exit 1; }
met <"$out.limits" || { echo "the way between chip, memory and pads takes too long" >&2; exit 1; }
