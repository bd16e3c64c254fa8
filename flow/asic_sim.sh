#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic_sim.sh SYSTOLE DIR/NAME MODEL.tflite INPUT: the netlist that asic.sh left in DIR/NAME (top.v) runs one inference in
# Icarus against the twin: every pin in every cycle, every output byte against the reference; an X on a pin where it
# means something fails, and so does a number of cycles that is not the RTL's. Then power at the cells' switching
# activity. Leaves sim.txt, sim.json, activity.*; prints sim.txt. ASIC_POWER=0: without power.
set -eu
systole=$1 dir=$2 model=$3 input=$4
flow=$(cd "$(dirname "$0")" && pwd)
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$dir"/*.yaml)
fail() {
	echo "asic_sim: $*" >&2
	exit 1
}
liberty=${OSU018_LIBERTY:-$(dpkg -L qflow-tech-osu018 | grep '/osu018_stdcells\.lib$')}
[ -s "$dir/top.v" ] || fail "$dir/top.v is not here: run asic.sh first"

run() {
	"$systole" run "$dir/$name.yaml" "$model" -i "$input" -n 1 --engine icarus --build-dir "$dir/sim" --json "$1.json" >"$1.log" 2>&1 ||
		{ tail -n 20 "$1.log" >&2; fail "$1.log"; }
	grep -q '^verdict   PASS' "$1.log" || fail "$1.log: no verdict"
}
cycles() { sed -n 's/^cycles *\([0-9]*\) .*/\1/p' "$1.log"; }

# The RTL first: it builds the bench, and says how many cycles there are.
rm -rf "$dir/sim"
run "$dir/rtl_sim"
bench=$(echo "$dir"/sim/sim/"$name"-icarus-*)
[ -f "$bench/bench.v" ] || fail "no bench in $dir/sim"

# The same bench around the netlist
awk -f "$flow/asic_cells.awk" "$liberty" >"$dir/cells.v"
sed "s/DESIGN_CYCLES/$(cycles "$dir/rtl_sim")/" "$flow/asic_watch.v" >"$dir/watch.v"
iverilog -g2005 -s bench -s asic_watch -o "$bench/netlist.vvp" "$bench/bench.v" "$dir/watch.v" "$dir/top.v" "$dir/top.ram.v" "$dir/cells.v" \
	"$dir/rtl/ram.v" "$dir/rtl/ram_be.v" >"$dir/iverilog.log" 2>&1 || { tail -n 5 "$dir/iverilog.log" >&2; fail "$dir/iverilog.log"; }
mv "$bench/netlist.vvp" "$bench/design.vvp"
run "$dir/netlist_sim"
cp "$bench/vvp.log" "$dir/netlist_vvp.log"
if grep -q '^X ' "$dir/netlist_vvp.log"; then head -n 5 "$dir/netlist_vvp.log" >&2; fail "X on a pin"; fi
grep -q '^watched ' "$dir/netlist_vvp.log" || fail "$dir/netlist_vvp.log: the watch saw no inference"
[ "$(cycles "$dir/rtl_sim")" = "$(cycles "$dir/netlist_sim")" ] || fail "$(cycles "$dir/netlist_sim") cycles, the RTL takes $(cycles "$dir/rtl_sim")"

watched=$(sed -n 's/^watched \([0-9]*\) .*/\1/p' "$dir/netlist_vvp.log")
text="$name: the netlist's pins equal the twin's in every cycle, $(cycles "$dir/netlist_sim") cycles an inference as the RTL, $(sed -n 's/^output *\(.*\)/\1/p' "$dir/netlist_sim.log"), no X"
json="{\"config\": \"$name\", \"cycles\": $(cycles "$dir/netlist_sim"), \"watched\": $watched"
if [ "${ASIC_POWER:-1}" = 1 ]; then
	awk -v cycles="$watched" -f "$flow/asic_toggles.awk" "$bench/activity.vcd" "$dir/top.v" >"$dir/activity.tcl" || fail "$dir/activity.tcl"
	rm -f "$bench/activity.vcd"
	ASIC_LIBERTIES="$liberty $dir/top.ram.lib" ASIC_NETLIST=$dir/top.v ASIC_TOP=$name ASIC_SDC=$dir/rtl/$name.sdc ASIC_OUT=$dir/power \
		ASIC_PERIOD=$(cat "$dir/top.period") ASIC_ACTIVITY=$dir/activity.tcl sta -exit "$flow/asic_power.tcl" >"$dir/power.log" 2>&1 || fail "$dir/power.log"
	if grep -nE '^(ERROR|Error|error)|: (syntax )?error' "$dir/power.log" >&2; then fail "$dir/power.log: see above"; fi
	watts=$(sed -n 's/^Total .* \([0-9.e+-]*\) 100.0%.*/\1/p' "$dir/power.report")
	[ -n "$watts" ] || fail "$dir/power.report: no total"
	macs=$(sed -n 's/^model.*, \([0-9]*\) MACs/\1/p' "$dir/netlist_sim.log")
	figures=$(awk -v w="$watts" -v t="$(cat "$dir/top.period")" -v c="$(cycles "$dir/netlist_sim")" -v m="$macs" 'BEGIN {
		printf "%.3f %.2f %.3f", 1000 * w, w * t * c * 1000 / m, 2e-9 * m / (c * t * 1e-9) / w }')
	read -r milliwatts picojoules gops <<<"$figures"
	text="$text
power at $(cat "$dir/top.period") ns and the switching of $watched cycles: $milliwatts mW, $picojoules pJ a MAC of the model, $gops GOP/s/W; cells and clock pins, without RAMs, wires and clock tree"
	json="$json, \"milliwatts\": $milliwatts, \"pj_per_mac\": $picojoules, \"gops_per_watt\": $gops"
fi
echo "$json}" >"$dir/sim.json"
echo "$text" | tee "$dir/sim.txt"
