#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# netlist_sim.sh SYSTOLE CONFIG.yaml MODEL.tflite INPUT DIR FILES...: a netlist of CONFIG's device (FILES: it and its cells; options of
# iverilog) runs one inference in Icarus against the twin: every pin in every cycle, every output byte against the reference; an X on
# a pin where it means something fails, and so does a number of cycles that is not the RTL's. Leaves DIR/rtl_sim.log,
# DIR/netlist_sim.log, .json, DIR/netlist_vvp.log and DIR/activity.vcd, the switching of the first cycles. Prints one line.
set -eu
systole=$1 config=$2 model=$3 input=$4 dir=$5
shift 5
flow=$(cd "$(dirname "$0")" && pwd)
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
fail() {
	echo "netlist_sim: $*" >&2
	exit 1
}
run() {
	"$systole" run "$config" "$model" -i "$input" -n 1 --engine icarus --build-dir "$dir/sim" --json "$1.json" >"$1.log" 2>&1 ||
		{ tail -n 20 "$1.log" >&2; fail "$1.log"; }
	grep -q '^verdict   PASS' "$1.log" || fail "$1.log: no verdict"
}
cycles() { sed -n 's/^cycles *\([0-9]*\) .*/\1/p' "$1.log"; }

# The RTL first: it builds the bench, and says how many cycles there are.
mkdir -p "$dir"
rm -rf "$dir/sim" "$dir/activity.vcd"
run "$dir/rtl_sim"
bench=$(echo "$dir"/sim/sim/"$name"-icarus-*)
[ -f "$bench/bench.v" ] || fail "no bench in $dir/sim"

# The same bench around the netlist
sed "s/DESIGN_CYCLES/$(cycles "$dir/rtl_sim")/" "$flow/netlist_watch.v" >"$dir/watch.v"
iverilog -g2012 -s bench -s netlist_watch -o "$bench/netlist.vvp" "$bench/bench.v" "$dir/watch.v" "$@" >"$dir/iverilog.log" 2>&1 ||
	{ tail -n 5 "$dir/iverilog.log" >&2; fail "$dir/iverilog.log"; }
mv "$bench/netlist.vvp" "$bench/design.vvp"
run "$dir/netlist_sim"
cp "$bench/vvp.log" "$dir/netlist_vvp.log"
mv "$bench/activity.vcd" "$dir/activity.vcd"
if grep -q '^X ' "$dir/netlist_vvp.log"; then head -n 5 "$dir/netlist_vvp.log" >&2; fail "X on a pin"; fi
grep -q '^watched ' "$dir/netlist_vvp.log" || fail "$dir/netlist_vvp.log: the watch saw no inference"
[ "$(cycles "$dir/rtl_sim")" = "$(cycles "$dir/netlist_sim")" ] || fail "$(cycles "$dir/netlist_sim") cycles, the RTL takes $(cycles "$dir/rtl_sim")"
echo "$name: the netlist's pins equal the twin's in every cycle, $(cycles "$dir/netlist_sim") cycles an inference as the RTL, $(sed -n 's/^output *\(.*\)/\1/p' "$dir/netlist_sim.log"), no X"
