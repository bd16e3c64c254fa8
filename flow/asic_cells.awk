# SPDX-License-Identifier: Apache-2.0
# awk -f asic_cells.awk CELLS.lib: Verilog of the library's cells for simulation, from the functions in its Liberty, without
# delays. Registers start at random: an X that logic passes on though both values give the same would end in pins (the RTL's
# if does not pass it on). They take their input before any changes in the same instant, gated clocks included: clocks are ideal.
function flush() {
	if (cell ~ /^DFFPOSX1$/) print "module DFFPOSX1 (input wire D, input wire CLK, output reg Q);\n  initial Q = $random;\n  always @(posedge CLK) Q <= D;\nendmodule"
	else if (cell != "" && functions != "" && !state) printf "module %s (%s);\n%sendmodule\n", cell, ports, functions
	cell = ports = functions = ""
	state = 0
}
function expression(text) {
	gsub(/^ *"|";? *$/, "", text)
	gsub(/ *\+ */, "|", text)
	gsub(/ *\^ */, "^", text)
	gsub(/! */, "~", text)
	gsub(/\) +\(/, ")\\&(", text)
	gsub(/ +/, "\\&", text)
	return text
}
/^ *cell *\(/ { flush(); cell = $0; gsub(/.*\(|\).*/, "", cell) }
/^ *(ff|latch) *\(/ || /three_state/ { state = 1 }
/^ *pin *\(/ { pin = $0; gsub(/.*\(|\).*/, "", pin) }
$1 == "direction" { ports = ports (ports == "" ? "" : ", ") ($3 ~ /input/ ? "input wire " : "output wire ") pin }
/^ *function *:/ { text = $0; sub(/^[^:]*: */, "", text); functions = functions sprintf("  assign %s = %s;\n", pin, expression(text)) }
END { flush() }
