# SPDX-License-Identifier: Apache-2.0
# awk -f asic_buffer.awk CELLS.lib NETLIST.v: fan-out buffering of a flat mapped netlist of yosys. A net with more load
# than its driver should have gets buffers beside each other, each with a part of the sinks, and a tree of them where
# there are many. A clock gate with more than 32 registers is duplicated; the clock itself stays ideal.
# -v light=FILE: lines "FACTOR NET": buffers of that net, and its driver, get that part of the load others have; so a critical path
# becomes faster; a register of less than 0.6 gets others like it. -v roots=FILE: is written, lines "BUFFER NET": whose net a buffer is.
# Standard output: the netlist. Standard error: how many buffers.
BEGIN {
	while (light != "" && (getline line < light) > 0) {
		split(line, word, " ")
		part[word[2]] = word[1]
	}
}
function lightness(net) {
	gsub(/ +$/, "", net)
	return net in part ? part[net] : 1
}

FNR == 1 { file++ }

# The library: capacitance of input pins
file == 1 && /^ *cell *\(/ { cell = $0; gsub(/.*\(|\).*/, "", cell); next }
file == 1 && /^ *pin *\(/ { pin = $0; gsub(/.*\(|\).*/, "", pin); next }
file == 1 && $1 == "capacitance" { value = $3; sub(/;/, "", value); caps[cell, pin] = value + 0; next }
file == 1 && $1 == "direction" && $3 == "output;" { output[cell, pin] = 1; next }
file == 1 { next }

# The netlist: one line a pin
{ text[++lines] = $0 }
/^  [A-Za-z][A-Za-z0-9_]* +[^ ]+ +\($/ && !/^  module/ { type = $1; instance = $2; from = lines; next }
/^    \./ && type != "" {
	pin = $1
	sub(/^\./, "", pin)
	sub(/\(.*/, "", pin)
	net = $0
	sub(/^[^(]*\(/, "", net)
	sub(/\),?$/, "", net)
	if (net ~ /[{:]/ || net ~ /^ *1'/) next
	if ((type, pin) in output) {
		driver[net] = type
		driven_at[net] = from
		next
	}
	if (type !~ /^(FAX1|HAX1|[A-Z0-9]+X[0-9])$/) { # a RAM: stays on the net itself
		load[net] += 0.03
		next
	}
	if (!(net in sinks)) nets[++net_count] = net
	at[net, ++sinks[net]] = lines
	load_of[net, sinks[net]] = caps[type, pin]
	load[net] += caps[type, pin]
	if (pin == "CLK") clocked[net]++
	if (type !~ /^(FAX1|HAX1|XOR2X1|XNOR2X1)$/) other[net] = 1
	next
}
/^  \);/ { type = ""; next }

# What a driver of a kind should have, pF. Adders, when they are all, wait for a carry: their other operands may be late.
function limit(kind, net) {
	if (kind ~ /^DFF/ && !(net in other)) return 0.60
	if (kind ~ /^BUFX4|INVX4/) return 0.50
	if (kind ~ /^INVX8/) return 0.90
	if (kind ~ /X2$|^DFF/) return 0.24
	return 0.17
}

function connect(line, net) {
	sub(/\(.*\)/, "(" (net ~ /^\\/ ? net " " : net) ")", text[line])
}

# Pins of the gate whose output is net
function pin_of(net, name,   line) {
	for (line = driven_at[net] + 1; text[line] !~ /^  \);/; line++)
		if (text[line] ~ "^    \\." name "\\(") {
			name = text[line]
			sub(/^[^(]*\(/, "", name)
			sub(/\),?$/, "", name)
			return name
		}
}

# The path of a net, for the name of its buffers
function path(net) {
	if (net !~ /^\\.*\./) return ""
	sub(/\[[0-9]+\] *$/, "", net)
	sub(/[^.]*$/, "", net)
	return net
}

function new_cell(kind, net, pins) {
	added = added sprintf("  %s %sfan%d (%s);\n", kind, path(net), ++made, pins)
	used[kind]++
}

function clone_gate(net,   i, n, group, a, b, size) {
	n = sinks[net]
	if (n <= 32) return
	if (driver[net] != "OR2X2") { print "asic_buffer: clock " net " comes from " driver[net] > "/dev/stderr"; failed = 1; return }
	a = pin_of(net, "A")
	b = pin_of(net, "B")
	size = int((n + int((n + 31) / 32) - 1) / int((n + 31) / 32))
	for (i = size + 1; i <= n; i++) {
		if ((i - 1) % size == 0) {
			group = "fan" (made + 1)
			wires = wires "  wire " group "_n;\n"
			new_cell("OR2X2", net, ".A(" a "), .B(" b "), .Y(" group "_n)")
			load[b] += caps["OR2X2", "B"]
			extra[b] = extra[b] " " group
		}
		connect(at[net, i], group "_n")
	}
}

# Sinks first..last of a level, of total load, behind buffers; the buffers are the next level's sinks.
function tree(net,   i, n, slim, here, parts, share, total, sum, kind, max) {
	n = sinks[net]
	slim = lightness(net)
	max = limit(driver[net], net) * slim
	if (load[net] <= max || n < 3) return
	for (i = 1; i <= n; i++) { level_line[i] = at[net, i]; level_cap[i] = load_of[net, i] }
	total = 0
	for (i = 1; i <= n; i++) total += level_cap[i]
	while (total > max && n > 2) {
		kind = total > 0.6 ? "BUFX4" : "BUFX2"
		share = (kind == "BUFX4" ? 0.55 : 0.30) * slim
		parts = int(total / share) + 1
		if (parts >= n) break
		here = 0
		sum = share + 1
		split("", next_line)
		for (i = 1; i <= n; i++) {
			if (sum + level_cap[i] / 2 > total / parts * 1.0001 && here < parts) {
				here++
				sum = 0
				kinds[here] = kind
				names[here] = "fan" (++made)
				wires = wires "  wire " names[here] "_n;\n"
				used[kind]++
			}
			sum += level_cap[i]
			if (level_line[i] ~ /^fan/) buffer_in[level_line[i]] = names[here] "_n"
			else connect(level_line[i], names[here] "_n")
		}
		for (i = 1; i <= here; i++) {
			kind_of[names[i]] = kinds[i]
			order[++buffers] = names[i]
			buffer_in[names[i]] = net
			root[names[i]] = net
			level_line[i] = names[i]
			level_cap[i] = caps[kinds[i], "A"]
		}
		n = here
		total = n * caps[kind, "A"]
		max = limit(driver[net], net)
	}
	if (slim < 0.6 && driver[net] == "DFFPOSX1" && buffer_in[level_line[1]] == net && n > 1) twin(net, n)
}

# More registers like the net's, each for 4 of its n buffers, or 2 for fewer.
function twin(net, n,   i, d, clk, name, size) {
	d = pin_of(net, "D")
	clk = pin_of(net, "CLK")
	size = n > 4 ? 4 : int((n + 1) / 2)
	for (i = size + 1; i <= n; i++) {
		if ((i - 1) % size == 0) {
			name = "fan" (made + 1) "_n"
			wires = wires "  wire " name ";\n"
			new_cell("DFFPOSX1", net, ".D(" d "), .CLK(" clk "), .Q(" name ")")
			load[d] += caps["DFFPOSX1", "D"]
		}
		buffer_in[level_line[i]] = name
	}
}

# An inverter strong enough for its load; those of the first two sizes have one area.
function upsize(net,   kind) {
	if (driver[net] !~ /^INVX[12]$/) return
	kind = load[net] > 0.17 ? "INVX4" : "INVX2"
	if (load[net] <= 0.05 || kind == driver[net]) return
	sub(driver[net], kind, text[driven_at[net]])
	driver[net] = kind
}

END {
	for (i = 1; i <= net_count; i++) if (clocked[nets[i]] && nets[i] in driver) clone_gate(nets[i])
	for (i = 1; i <= net_count; i++) {
		net = nets[i]
		if (clocked[net] || net ~ /^(clk_i|aclk)$/) continue
		upsize(net)
		tree(net)
	}
	for (i = 1; i <= buffers; i++) {
		net = buffer_in[order[i]]
		if (roots != "") print path(root[order[i]]) order[i], root[order[i]] > roots
		added = added sprintf("  %s %s%s (.A(%s), .Y(%s_n));\n", kind_of[order[i]], path(root[order[i]]), order[i], net ~ /^\\/ ? net " " : net, order[i])
	}
	for (i = 1; i <= lines; i++) {
		if (text[i] ~ /^endmodule/) printf "%s%s", wires, added
		print text[i]
	}
	printf "BUFX2 %d, BUFX4 %d, clock gates duplicated %d, registers duplicated %d\n", used["BUFX2"], used["BUFX4"], used["OR2X2"], used["DFFPOSX1"] > "/dev/stderr"
	exit failed
}
