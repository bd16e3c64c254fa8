# SPDX-License-Identifier: Apache-2.0
# awk -v cycles=N -f asic_toggles.awk ACTIVITY.vcd NETLIST.v: transitions of every net per clock cycle, as commands that give
# them to OpenSTA at the pin that drives the net. Changes to and from X do not count.
function bits(text, n) { while (length(text) < n) text = (text ~ /^[xz]/ ? substr(text, 1, 1) : "0") text; return text }
FNR == 1 { file++ }
file == 1 && !body {
	if ($1 == "$var") {
		name = $5
		for (i = 6; i < NF && $i != "$end"; i++) if ($i !~ /^\[[0-9]+:[0-9]+\]$/) name = name $i
		width[$4] = $3
		low[$4] = 0
		if ($0 ~ /\[[0-9]+:[0-9]+\]/) { range = $0; sub(/.*\[[0-9]+:/, "", range); sub(/\].*/, "", range); low[$4] = range + 0 }
		names[$4] = names[$4] SUBSEP name
	}
	if ($1 == "$enddefinitions") body = 1
	next
}
file == 1 && /^[01xz]/ {
	id = substr($0, 2)
	bit = substr($0, 1, 1)
	if (last[id] ~ /[01]/ && bit ~ /[01]/ && bit != last[id]) toggles[id]++
	last[id] = bit
	next
}
file == 1 && /^b/ {
	now = bits(substr($1, 2), width[$2])
	old = last[$2]
	if (old != "") for (i = 1; i <= width[$2]; i++) {
		a = substr(old, i, 1)
		b = substr(now, i, 1)
		if (a != b && a ~ /[01]/ && b ~ /[01]/) toggles[$2, width[$2] - i + low[$2]]++
	}
	last[$2] = now
	next
}
file == 1 { next }
FNR == 1 {
	for (id in names) {
		n = split(substr(names[id], 2), list, SUBSEP)
		for (i = 1; i <= n; i++) {
			key = list[i]
			sub(/^\\/, "", key)
			known[key] = 1
			if (width[id] == 1) count[key] = toggles[id] + 0
			else for (k = low[id]; k < low[id] + width[id]; k++) count[key "[" k "]"] = toggles[id, k] + 0
		}
	}
}
/^  [A-Z][A-Z0-9]*X[0-9] +[^ ]+ +\(/ { instance = $2; inside = 1 }
inside && /\.(Y|YS|YC|Q)\(/ {
	line = $0
	while (match(line, /\.(Y|YS|YC|Q)\([^()]*\)/)) {
		pin = substr(line, RSTART + 1, RLENGTH - 2)
		line = substr(line, RSTART + RLENGTH)
		net = pin
		sub(/\(.*/, "", pin)
		sub(/^[^(]*\(/, "", net)
		gsub(/[ \\]/, "", net)
		if (net in count) { activity = count[net] / cycles; found++ }
		else { missing++; if (missing < 4) print "no activity of " net > "/dev/stderr"; continue }
		cell = instance
		sub(/^\\/, "", cell)
		printf "act {%s/%s} %.5f\n", cell, pin, activity
	}
}
/^  \);/ { inside = 0 }
END {
	if (!found || missing > found / 100) { printf "Error: asic_toggles: %d nets found, %d missing\n", found, missing > "/dev/stderr"; exit 1 }
}
