#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic_networks.sh SYSTOLE DIR/NAME MODEL.tflite...: what the device that asic.sh left in DIR/NAME does with whole networks, one input
# each: cycles of the twin at the clock of its netlist; area of its cells and modelled RAMs. Energy on the chip, when asic_sim.sh
# left power.txt: that of the array and the RAMs by the accesses counted and constraints/energy/osu018.table, that of the rest by the
# power in power.txt (all of it modelled: only the network of asic_sim.sh is measured). Leaves networks.md, lines of a table:
# network, cycles, ms, GOP/s, GOP/s/mm2, GOP/s/W or -.
set -eu
systole=$1 dir=$2
shift 2
name=$(basename "$dir")
period=$(cat "$dir/top.period")
area=$(sed -n 's/.*"top": {"um2": \([0-9]*\),.*"ram_um2_modelled": \([0-9]*\)}.*/\1 \2/p' "$dir/summary.json")
rest=$(awk '/^part_device/ { mw += $2 } END { print mw + 0 }' "$dir/power.txt" 2>/dev/null) || rest=0
: >"$dir/networks.md"
for model; do
	network=$(basename "$model" .tflite)
	"$systole" run "$dir/$name.yaml" "$model" -n 1 --engine twin --energy osu018 --json "$dir/network.json" >"$dir/network.log" 2>&1 ||
		{ cat "$dir/network.log" >&2; exit 1; }
	sed '/"layers"/q' "$dir/network.json" | awk -v network="$network" -v period="$period" -v area="$area" -v rest="$rest" -v rows="$dir/networks.md" '
		/^ *"[a-z_]*": \{/ { part = $1; gsub(/[": ]/, "", part) }
		/^ *"(cycles|macs|mac|rf|noc|buffer)": / { key = $1; gsub(/[":]/, "", key); value[part, key] = $2 + 0; if (!(key in first)) first[key] = $2 + 0 }
		END {
			split(area, um2, " ")
			cycles = first["cycles"]
			macs = value["model", "macs"]
			gops = 2 * macs / (cycles * period)
			per_mm2 = gops / ((um2[1] + um2[2]) / 1e6)
			pj = value["energy", "mac"] + value["energy", "rf"] + value["energy", "noc"] + value["energy", "buffer"] + rest * cycles * period
			if (!(cycles * macs * pj)) exit 1
			printf "%-20s %8d cycles, %.3f ms, %.2f GOP/s, %.2f GOP/s/mm2", network, cycles, cycles * period / 1e6, gops, per_mm2
			printf "| %s | %d | %.4f | %.2f | %.2f | ", network, cycles, cycles * period / 1e6, gops, per_mm2 >>rows
			if (rest) printf "; modelled: %.2f uJ, %.1f GOP/s/W", pj / 1e6, 2000 * macs / pj
			print ""
			print (rest ? sprintf("%.1f", 2000 * macs / pj) : "-") " |" >>rows
		}'
done
