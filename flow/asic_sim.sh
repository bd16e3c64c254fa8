#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic_sim.sh SYSTOLE DIR/NAME MODEL.tflite INPUT: the netlist that asic.sh left in DIR/NAME (top.v) runs one inference against the
# twin (netlist_sim.sh), then power at the switching seen. Leaves sim.txt, sim.json, power.txt; prints sim.txt. ASIC_POWER=0:
# without power. RAMs: the model of constraints/osu018_ram.sh.
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

awk -f "$flow/asic_cells.awk" "$liberty" >"$dir/cells.v"
text=$("$flow/netlist_sim.sh" "$systole" "$dir/$name.yaml" "$model" "$input" "$dir" "$dir/top.v" "$dir/top.ram.v" "$dir/cells.v" "$dir/rtl/ram.v" "$dir/rtl/ram_be.v") ||
	fail "$dir/netlist_sim.log"
watched=$(sed -n 's/^watched \([0-9]*\) .*/\1/p' "$dir/netlist_vvp.log")
json="{\"config\": \"$name\", \"cycles\": $(cycles "$dir/netlist_sim"), \"watched\": $watched"
if [ "${ASIC_POWER:-1}" = 1 ]; then
	awk -v cycles="$watched" -v period="$(cat "$dir/top.period")" -f "$flow/asic_power.awk" "$liberty" "$dir/activity.vcd" "$dir/top.v" >"$dir/power.txt" ||
		fail "$dir/power.txt"
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
rm -f "$dir/activity.vcd"
echo "$json}" >"$dir/sim.json"
echo "$text" | tee "$dir/sim.txt"
