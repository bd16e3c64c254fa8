#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic_sim.sh SYSTOLE DIR/NAME MODEL.tflite INPUT: the netlist that asic.sh left in DIR/NAME (top.v) runs one inference in
# Icarus against the twin: every pin in every cycle, every output byte against the reference; an X on a pin where it
# means something fails, and so does a number of cycles that is not the RTL's. Then power at the switching
# seen. Leaves sim.txt, sim.json, power.txt; prints sim.txt. ASIC_POWER=0: without power. RAMs: the model of constraints/osu018_ram.sh.
set -eu
systole=$1 dir=$2 model=$3 input=$4
flow=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=constraints/osu018_ram.sh
. "$flow/../constraints/osu018_ram.sh"
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
# members of the run's report
number() { for key; do sed -n "/\"layers\"/q; s/^ *\"$key\": \([0-9.]*\),\{0,1\}\$/\1/p" "$dir/netlist_sim.json"; done; }

# Energy of a multiplication and its addition, of a byte of PE registers and of a byte on its way to the PEs: the power of
# those cells over the counts behind the energy model, which come from its own table.
parts() {
	read -r mac rf noc < <(for key in mac rf noc; do sed -n "s/^$key *\([0-9.]*\).*/\1/p" "$flow/../constraints/energy/horowitz45.table"; done | paste -sd" ")
	awk -v t="$(cat "$dir/top.period")" -v c="$watched" -v mac="$mac" -v rf="$rf" -v noc="$noc" -v pj="$(number mac rf noc | tr '\n' ' ')" '
		/^part_/ { p[$1] = $2 * t * c }
		END {
			split(pj, of, " ")
			printf "mac %.2f\nrf %.2f\nnoc %.2f\n", p["part_rows_logic"] / (of[1] / mac), p["part_rows_registers"] / (of[2] / rf),
				(p["part_words_registers"] + p["part_words_logic"]) / (of[3] / noc)
		}' "$dir/power.txt"
}

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
	awk -v cycles="$watched" -v period="$(cat "$dir/top.period")" -f "$flow/asic_power.awk" "$liberty" "$bench/activity.vcd" "$dir/top.v" >"$dir/power.txt" ||
		fail "$dir/power.txt"
	rm -f "$bench/activity.vcd"
	milliwatts=$(sed -n 's/^total //p' "$dir/power.txt")
	macs=$(sed -n 's/^model.*, \([0-9]*\) MACs/\1/p' "$dir/netlist_sim.log")
	text="$text
power at $(cat "$dir/top.period") ns and the switching of $watched cycles: $(grep -v '^part_' "$dir/power.txt" | tr '\n' ' ')mW; cells, without RAMs, wires, glitches and clock tree"
	json="$json, \"milliwatts\": $milliwatts"
	# an energy per MAC only when all of the inference was watched
	if [ "$watched" = "$(cycles "$dir/netlist_sim")" ]; then
		read -r picojoules gops per_watt <<<"$(awk -v w="$milliwatts" -v t="$(cat "$dir/top.period")" -v c="$watched" -v m="$macs" \
			'BEGIN { printf "%.2f %.2f %.1f", w * t * c / m, 2 * m / (c * t), 2000 * m / (c * t * w) }')"
		ram=$(number act_read act_write wgt_read wgt_write acc_read acc_write | awk -v pj="$ram_pj_byte" -v m="$macs" '{ s += $1 } END { printf "%.2f", s * pj / m }')
		text="$text
energy $picojoules pJ a MAC of the model in cells, $ram pJ in RAMs (modelled); $gops GOP/s, $per_watt GOP/s/W"
		json="$json, \"pj_per_mac\": $picojoules, \"ram_pj_per_mac_modelled\": $ram, \"gops\": $gops, \"gops_per_watt\": $per_watt"
		parts >"$dir/energy.txt"
	fi
fi
echo "$json}" >"$dir/sim.json"
echo "$text" | tee "$dir/sim.txt"
