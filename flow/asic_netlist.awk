# SPDX-License-Identifier: Apache-2.0
# awk -v bit=UM2 -v fixed=UM2 -v access=NS -v setup=NS -v cap=PF -v lib=FILE -v sim=FILE: makes a netlist of yosys one that timing analysis
# reads as it is meant. Standard output: the netlist. Two things:
# - assignments go: a net has one name, that of the port it drives; a second port on it gets a buffer
# - RAMs, black boxes with parameters, get names of their own (ram_WIDTHxDEPTH) and their Liberty (lib) and Verilog (sim). Its figures are a model,
#   see constraints/osu018_ram.sh
function bus(name, width) {
	if (width > 1 && !(width in types)) {
		types[width] = 1
		head = head sprintf("  type (b%d) { base_type : array; data_type : bit; bit_width : %d; bit_from : %d; bit_to : 0; }\n", width, width, width - 1)
	}
	return width > 1 ? sprintf("    bus (%s) { bus_type : b%d;", name, width) : sprintf("    pin (%s) {", name)
}
function scalar(what, template) { return sprintf("%s (scalar) { values (\"%s\"); }", what, template) }
function input(name, width) {
	return bus(name, width) sprintf(" direction : input; capacitance : %s;\n      timing () { related_pin : \"clk_i\"; timing_type : setup_rising; %s %s }\n" \
		"      timing () { related_pin : \"clk_i\"; timing_type : hold_rising; %s %s } }\n", cap,
		scalar("rise_constraint", setup), scalar("fall_constraint", setup), scalar("rise_constraint", "0.0"), scalar("fall_constraint", "0.0"))
}
function cell(name, width, depth, aw, we) {
	cells = cells sprintf("  cell (%s) {\n    area : %d;\n    pin (clk_i) { direction : input; clock : true; capacitance : %s; }\n", name, fixed + bit * width * depth, cap)
	cells = cells input("we_i", we) input("waddr_i", aw) input("wdata_i", width) input("re_i", 1) input("raddr_i", aw)
	cells = cells bus("rdata_o", width) sprintf(" direction : output; max_capacitance : 1.0;\n      timing () { related_pin : \"clk_i\"; timing_type : rising_edge;\n" \
		"        %s %s %s %s } }\n  }\n", scalar("cell_rise", access), scalar("cell_fall", access), scalar("rise_transition", "0.1"), scalar("fall_transition", "0.1"))
}
# For simulation: a RAM by its new name is the RAM it was
function model(name, width, depth, aw, lanes, kind) {
	models = models sprintf("module %s (input wire clk_i, input wire [%d:0] we_i, input wire [%d:0] waddr_i, input wire [%d:0] wdata_i,\n" \
		"  input wire re_i, input wire [%d:0] raddr_i, output wire [%d:0] rdata_o);\n  %s #(%s, .DEPTH(%d), .AW(%d)) u_ram (.clk_i(clk_i), .we_i(we_i),\n" \
		"    .waddr_i(waddr_i), .wdata_i(wdata_i), .re_i(re_i), .raddr_i(raddr_i), .rdata_o(rdata_o));\nendmodule\n", name, lanes - 1, aw - 1, width - 1, aw - 1,
		width - 1, kind, kind == "ram" ? ".W(" width ")" : ".LANE_W(" width / lanes "), .LANES(" lanes ")", depth, aw)
}
function number(line,   n) { # (32'sb000..101)
	sub(/.*'s?b/, "", line); sub(/\).*/, "", line)
	for (n = 0; line != ""; line = substr(line, 2)) n = 2 * n + substr(line, 1, 1)
	return n
}
# Bits of an expression, most significant first, into list[from..]; returns the index after them.
# An escaped name may itself end in [1]; its index comes after a space.
function bits(text, list, from,   n, i, parts, name, range, value) {
	gsub(/^ *\{|\} *$/, "", text)
	n = split(text, parts, ",")
	for (i = 1; i <= n; i++) {
		name = parts[i]; gsub(/^ +| +$/, "", name)
		if (name ~ /^[0-9]+'b/) { sub(/.*'b/, "", name); for (; name != ""; name = substr(name, 2)) list[from++] = "1'b" substr(name, 1, 1); continue }
		range = ""
		if (match(name, name ~ /^\\/ ? " \\[[0-9:]+\\]$" : "\\[[0-9:]+\\]$")) { range = substr(name, RSTART); sub(/^ *\[/, "", range); sub(/\]$/, "", range); name = substr(name, 1, RSTART - 1) }
		gsub(/ /, "", name)
		if (range == "") range = name in widths ? (widths[name] - 1) ":0" : "-"
		if (range == "-") list[from++] = name ~ /^\\/ ? name " " : name
		else {
			split(range ":" range, value, ":")
			for (value[1] += 0; value[1] >= value[2] + 0; value[1]--) list[from++] = (name ~ /^\\/ ? name " " : name) "[" value[1] "]"
		}
	}
	return from
}
/^ *(input|output|wire) / && $2 !~ /^\[/ { name = $2; sub(/;$/, "", name); if ($1 != "wire") port[name] = 1 }
/^ *(input|output) \[/ { name = $3; sub(/;$/, "", name); port[name] = 1 }
/^ *(input|output|wire) \[/ { range = $2; gsub(/[\[\]]/, "", range); split(range, ends, ":"); name = $3; sub(/;$/, "", name); widths[name] = ends[1] + 1 }
# Assignments, bit by bit
/^ *assign / {
	text = $0; sub(/^ *assign /, "", text); sub(/;$/, "", text)
	at = index(text, " = ")
	n = bits(substr(text, 1, at - 1), left, 1)
	if (n != bits(substr(text, at + 3), right, 1)) { print "Error: asic_netlist: " $0 > "/dev/stderr"; failed = 1; exit }
	for (i = 1; i < n; i++) { lhs[++assigns] = left[i]; rhs[assigns] = right[i] }
	next
}
$1 == "ram" || $1 == "ram_be" { kind = $1; delete p; inside = 1; next }
inside && /^ *\.[A-Z_]+\(/ { key = $1; sub(/\(.*/, "", key); p[key] = number($0); next }
inside {
	inside = 0
	if (!(".AW" in p)) for (p[".AW"] = 1; 2 ^ p[".AW"] < p[".DEPTH"]; p[".AW"]++) ;
	width = kind == "ram" ? p[".W"] : p[".LANE_W"] * p[".LANES"]
	name = kind "_" width "x" p[".DEPTH"]
	if (kind == "ram_be") name = name "_" p[".LANES"]
	if (!(name in seen)) {
		seen[name] = 1
		cell(name, width, p[".DEPTH"], p[".AW"], kind == "ram" ? 1 : p[".LANES"])
		model(name, width, p[".DEPTH"], p[".AW"], kind == "ram" ? 1 : p[".LANES"], kind)
	}
	count[name]++
	sub(/^ *\)/, "")
	line[++lines] = "  " name " " $0
	next
}
{ line[++lines] = $0 }

# A bit's name without its index
function wire_of(bit) { sub(bit ~ /^\\/ ? " \\[[0-9]+\\]$" : "\\[[0-9]+\\]$", "", bit); gsub(/ /, "", bit); return bit }
function is_port(bit) { return wire_of(bit) in port }
function resolve(bit,   steps) {
	while (bit in alias && steps++ < 100) bit = alias[bit]
	return bit
}
# All bits of a pin's connection
function connect(text,   head, tail, n, i, out, one) {
	head = text; sub(/\(.*/, "(", head)
	tail = text; sub(/.*\)/, ")", tail)
	sub(/^[^(]*\(/, "", text); sub(/\),?$/, "", text)
	n = bits(text, list, 1)
	for (i = 1; i < n; i++) {
		one = resolve(list[i])
		if (one != list[i]) changed = 1
		out = out (i > 1 ? ", " : "") one
	}
	return n > 2 ? head "{ " out " }" tail : head out tail
}
END {
	if (failed) exit 1
	for (i = 1; i <= assigns; i++) {
		if (!is_port(lhs[i])) alias[lhs[i]] = rhs[i]
	}
	for (i = 1; i <= assigns; i++) {
		if (!is_port(lhs[i])) continue
		from = resolve(rhs[i])
		if (from ~ /^1'b/) kept = kept "  assign " lhs[i] " = " from ";\n"
		else if (is_port(from)) kept = kept sprintf("  BUFX2 out%d (\n    .A(%s),\n    .Y(%s)\n  );\n", i, from, lhs[i])
		else alias[from] = lhs[i]
	}
	for (i = 1; i <= lines; i++) {
		if (assigns && line[i] ~ /^    \./) line[i] = connect(line[i])
		if (line[i] ~ /^endmodule/) printf "%s", kept
		print line[i]
	}
	printf "library (rams) {\n  delay_model : table_lookup; time_unit : \"1ns\"; voltage_unit : \"1V\"; current_unit : \"1uA\";\n" \
		"  pulling_resistance_unit : \"1kohm\"; leakage_power_unit : \"1nW\"; capacitive_load_unit (1,pf);\n" \
		"  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50; output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;\n" \
		"  slew_lower_threshold_pct_rise : 20; slew_upper_threshold_pct_rise : 80; slew_lower_threshold_pct_fall : 20; slew_upper_threshold_pct_fall : 80;\n%s%s}\n", head, cells > lib
	printf "%s", models > sim
}
