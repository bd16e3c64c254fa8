# SPDX-License-Identifier: Apache-2.0
# awk -v gates=FILE -f asic_late.awk NETLIST.v: registers behind the clock gates of FILE (instances, one a line) get the clock itself and
# a multiplexer that keeps their value: their enable then has all of a cycle, not half. Standard output: the netlist; standard
# error: how many.
BEGIN { while ((getline line < gates) > 0) late[line] = 1 }
{ text[++lines] = $0 }
/^  [A-Za-z][A-Za-z0-9_]* +[^ ]+ +\($/ && !/^  module/ { type = $1; instance = $2; sub(/^\\/, "", instance); from = lines; next }
/^    \./ && type != "" {
	pin = $1
	sub(/^\./, "", pin)
	sub(/\(.*/, "", pin)
	net = $0
	sub(/^[^(]*\(/, "", net)
	sub(/\),?$/, "", net)
	at[pin] = lines
	of[pin] = net
	next
}
/^  \);/ {
	if (type == "OR2X2" && instance in late) {
		clock[of["Y"]] = of["A"]
		off[of["Y"]] = of["B"]
		for (i = from; i <= lines; i++) gone[i] = 1
	}
	if (type ~ /^DFF/) {
		registers++
		clk_line[registers] = at["CLK"]
		clk_net[registers] = of["CLK"]
		d_line[registers] = at["D"]
		d_net[registers] = of["D"]
		q_net[registers] = of["Q"]
		name[registers] = instance
	}
	type = ""
}
function connect(line, net) { sub(/\(.*\)/, "(" net ")", text[line]) }
END {
	for (i = 1; i <= registers; i++) {
		if (!(clk_net[i] in clock)) continue
		n++
		path = name[i]
		if (!sub(/[^.]*$/, "", path)) path = ""
		path = (path == "" ? "" : "\\") path
		connect(clk_line[i], clock[clk_net[i]])
		connect(d_line[i], "late" n "_d")
		wires = wires "  wire late" n "_d;\n  wire late" n "_n;\n"
		added = added sprintf("  MUX2X1 %slate%d (\n    .A(%s),\n    .B(%s),\n    .S(%s),\n    .Y(late%d_n)\n  );\n", path, n, q_net[i], d_net[i], off[clk_net[i]], n)
		added = added sprintf("  INVX1 %skept%d (\n    .A(late%d_n),\n    .Y(late%d_d)\n  );\n", path, n, n, n)
	}
	for (i = 1; i <= lines; i++) {
		if (i in gone) continue
		if (text[i] ~ /^endmodule/) printf "%s%s", wires, added
		print text[i]
	}
	printf "%d registers with a late enable have multiplexers\n", n > "/dev/stderr"
}
