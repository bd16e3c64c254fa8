# SPDX-License-Identifier: Apache-2.0
# awk -f asic_area.awk CELLS.lib RAMS.lib NETLIST.v: lines "cells UM2", "ram UM2", "registers N", "ram_bits N"; of the cells also
# "words UM2" (u_word, u_lines: activations on their way into an os array), "scratchpads UM2" (u_ring), "accumulators UM2" (u_acc).
function part(path) {
	if (path ~ /(^|\.)u_(word|lines)\./) return "words"
	if (path ~ /(^|\.)u_ring\./) return "scratchpads"
	if (path ~ /(^|\.)u_acc\./) return "accumulators"
	return ""
}
FNR == 1 { file++ }
file < 3 && /^ *cell *\(/ { cell = $0; sub(/^[^(]*\(/, "", cell); sub(/\).*/, "", cell); next }
file < 3 && /^ *area *:/ { value = $0; gsub(/[^0-9.]/, "", value); area[cell] = value + 0; next }
file < 3 { next }
/^  [A-Za-z][A-Za-z0-9_]* +[^ ]+ +\(/ && !/^  (module|assign|input|output|wire)/ {
	if (!($1 in area)) { print "Error: no area of " $1 > "/dev/stderr"; failed = 1; exit }
	if ($1 ~ /^ram/) {
		ram += area[$1]
		size = $1
		gsub(/^ram(_be)?_|_[0-9]+$/, "", size)
		split(size, side, "x")
		bits += side[1] * side[2]
	} else {
		cells += area[$1]
		name = $2
		sub(/^\\/, "", name)
		of[part(name)] += area[$1]
		if ($1 ~ /^DFF/) registers++
	}
}
END {
	if (failed) exit 1
	printf "cells %.0f\nram %.0f\nregisters %d\nram_bits %d\n", cells, ram, registers, bits
	printf "words %.0f\nscratchpads %.0f\naccumulators %.0f\n", of["words"], of["scratchpads"], of["accumulators"]
}
