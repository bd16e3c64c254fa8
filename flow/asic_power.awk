# SPDX-License-Identifier: Apache-2.0
# awk -v cycles=N -v period=NS -f asic_power.awk CELLS.lib ACTIVITY.vcd NETLIST.v: power of a netlist at the switching that a simulation
# saw, from the energies in the Liberty (pJ a transition):
# - a cell's output: its table at the net's load (mean of rise and fall, of the pins it may come from), and C*V^2/2 of the load
# - an input pin with a table of its own (a register's clock and data): that, at each of its transitions
# Slews are the mean of a table's first two (about 0.12 ns). Gated clocks count as often as they move. The VCD holds no glitches:
# the simulation has no delays. RAMs, wires and the clock's own tree are not in it. Lines "NAME MILLIWATTS".
function bits(text, n) { while (length(text) < n) text = (text ~ /^[xz]/ ? substr(text, 1, 1) : "0") text; return text }
function numbers(text, list) { gsub(/[^0-9.,e+-]/, "", text); return split(text, list, ",") }
function group(type, pin) { return pin == "CLK" ? "clock_pins" : type ~ /^DFF/ ? "registers" : type ~ /^[FH]AX/ ? "adders" : "gates" }
# Where a cell is, by the path of its output: PEs with their rows, the activation words of rows, other
function place(net) { return net ~ /u_(word|lines|ring)\./ ? "words" : net ~ /u_row\./ ? "rows" : "device" }

FNR == 1 { file++ }

# Liberty: means of rise and fall over slews, per load: energy[cell, pin, k] at loads[cell, pin, k]
file == 1 && /^ *cell *\(/ { cell = $0; gsub(/.*\(|\).*/, "", cell); next }
file == 1 && /^ *pin *\(/ { pin = $0; gsub(/.*\(|\).*/, "", pin); table = ""; next }
file == 1 && $1 == "capacitance" { cap[cell, pin] = $3 + 0; next }
file == 1 && $1 == "direction" { output[cell, pin] = $3 ~ /output/; next }
file == 1 && $1 == "cell_leakage_power" { leak[cell] = $3 + 0; next }
file == 1 && /^ *(rise|fall)_power *\(/ { table = "power"; row = 0; sources[cell, pin]++; next }
file == 1 && /^ *(cell_rise|cell_fall|rise_transition|fall_transition|rise_constraint|fall_constraint) *\(/ { table = "other"; next }
file == 1 && table == "power" && /index_1/ { rows = numbers(substr($0, index($0, "(")), list); for (k = 1; k <= rows; k++) loads[cell, pin, k] = list[k] + 0; next }
file == 1 && table == "power" && /"/ && !/index_2/ {
	n = numbers(substr($0, index($0, "\"")), list)
	row++
	energy[cell, pin, row] += (list[1] + list[2]) / 2
	count[cell, pin] = row
	next
}
file == 1 { next }

# VCD: transitions of every net
file == 2 && !body {
	if ($1 == "$var") {
		name = $5
		for (i = 6; i < NF && $i != "$end"; i++) if ($i !~ /^\[[0-9]+:[0-9]+\]$/) name = name $i
		sub(/^\\/, "", name)
		width[$4] = $3
		low[$4] = 0
		if ($0 ~ / \[[0-9]+:[0-9]+\] /) { range = $0; sub(/.* \[[0-9]+:/, "", range); sub(/\].*/, "", range); low[$4] = range + 0 }
		id_of[name] = $4
	}
	if ($1 == "$enddefinitions") body = 1
	next
}
file == 2 && /^\$dumpoff/ { exit_vcd = 1 }
file == 2 && exit_vcd { next }
file == 2 && /^[01xz]/ {
	id = substr($0, 2)
	bit = substr($0, 1, 1)
	if (last[id] ~ /[01]/ && bit ~ /[01]/ && bit != last[id]) toggles[id, low[id]]++
	last[id] = bit
	next
}
file == 2 && /^b/ {
	now = bits(substr($1, 2), width[$2])
	old = last[$2]
	if (old != "" && old != now) for (i = 1; i <= width[$2]; i++) {
		a = substr(old, i, 1)
		b = substr(now, i, 1)
		if (a != b && a ~ /[01]/ && b ~ /[01]/) toggles[$2, width[$2] - i + low[$2]]++
	}
	last[$2] = now
	next
}
file == 2 { next }

# Netlist: a line a pin, or all pins in one line
/^  [A-Z][A-Z0-9]*X[0-9] +[^ ]+ +\(/ { type = $1; leakage += leak[type]; first_out = outs; first_in = ins }
/^  ram/ { type = "" }
type != "" && /\.[A-Z]+\(/ {
	line = $0
	while (match(line, /\.[A-Z]+\([^()]*\)/)) {
		pin = substr(line, RSTART + 1, RLENGTH - 2)
		line = substr(line, RSTART + RLENGTH)
		net = pin
		sub(/\(.*/, "", pin)
		sub(/^[^(]*\(/, "", net)
		if (net !~ /^ *1'b/) {
			gsub(/ *$|^\\/, "", net)
			gsub(/ \[/, "[", net)
			if (output[type, pin]) { outs++; where = place(net); out_net[outs] = net; out_type[outs] = type; out_pin[outs] = pin }
			else {
				load[net] += cap[type, pin]
				if (count[type, pin]) { ins++; in_net[ins] = net; in_type[ins] = type; in_pin[ins] = pin }
			}
		}
	}
}
/^  \);/ || /\);$/ {
	if (type != "") {
		for (i = first_out + 1; i <= outs; i++) out_place[i] = where
		for (i = first_in + 1; i <= ins; i++) in_place[i] = where
	}
	type = ""
}

function moves(net,   name, at) {
	if (net in id_of) return toggles[id_of[net], low[id_of[net]]] + 0
	if (match(net, /\[[0-9]+\]$/)) {
		name = substr(net, 1, RSTART - 1)
		at = substr(net, RSTART + 1, RLENGTH - 2) + 0
		if (name in id_of) return toggles[id_of[name], at] + 0
	}
	missing++
	if (missing < 4) print "no activity of " net > "/dev/stderr"
	return 0
}
function lookup(type, pin, x,   n, k, low_x, high_x) {
	n = count[type, pin]
	if (n == 0) return 0
	if (n == 1) return energy[type, pin, 1] / sources[type, pin]
	for (k = 1; k < n - 1 && loads[type, pin, k + 1] < x; k++) ;
	low_x = loads[type, pin, k]
	high_x = loads[type, pin, k + 1]
	if (x < low_x) x = low_x
	if (x > high_x) x = high_x
	return (energy[type, pin, k] + (energy[type, pin, k + 1] - energy[type, pin, k]) * (x - low_x) / (high_x - low_x)) / sources[type, pin]
}
function add(kind, where, e) {
	pj[kind] += e
	of[where (kind ~ /clock|registers/ ? "_registers" : "_logic")] += e
}
END {
	volt = 1.8
	for (i = 1; i <= outs; i++) {
		n = moves(out_net[i])
		all += n
		e = n * (lookup(out_type[i], out_pin[i], load[out_net[i]]) + load[out_net[i]] * volt * volt / 2)
		add(group(out_type[i], out_pin[i]), out_place[i], e)
	}
	for (i = 1; i <= ins; i++) {
		n = moves(in_net[i])
		add(group(in_type[i], in_pin[i]), in_place[i], n * lookup(in_type[i], in_pin[i], 0))
	}
	if (!outs || missing > outs / 1000) { printf "Error: asic_power: %d nets without activity of %d\n", missing, outs > "/dev/stderr"; exit 1 }
	for (g in pj) { printf "%s %.4f\n", g, pj[g] / (cycles * period); total += pj[g] / (cycles * period) }
	printf "leakage %.6f\ntotal %.4f\ntransitions_per_cycle %.1f\n", leakage / 1e6, total + leakage / 1e6, all / cycles
	for (g in of) printf "part_%s %.4f\n", g, of[g] / (cycles * period)
}
