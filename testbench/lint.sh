#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every module of rtl/ alone as top through the three tools, which must say nothing.
# lint.sh [MODULE...]; waivers, each with its reason, in testbench/waivers.vlt.
bad=0 n=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
waivers=
[ -f testbench/waivers.vlt ] && waivers=testbench/waivers.vlt

# name, command...
silent() {
	local name=$1
	shift
	if "$@" >"$out" 2>&1 && [ ! -s "$out" ]; then
		n=$((n + 1))
	else
		echo "not ok $name: $*"
		cat "$out"
		bad=$((bad + 1))
	fi
}

lint_yosys() {
	yosys -q -p "read_verilog $(echo rtl/*.v); hierarchy -check -top $1; proc; check -assert"
}

[ $# -gt 0 ] || set -- $(basename -s .v rtl/*.v)
for m in "$@"; do
	silent "$m verilator" verilator --lint-only -Wall $waivers -y rtl --top-module "$m" "rtl/$m.v"
	silent "$m iverilog" iverilog -g2005 -Wall -y rtl -s "$m" -o /dev/null "rtl/$m.v"
	silent "$m yosys" lint_yosys "$m"
done
echo "$n passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
