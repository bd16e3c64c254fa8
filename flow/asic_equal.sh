#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic_equal.sh DIR/NAME OUT [MODULE]: the multiplier and the adders of the PEs, as asic.sh maps them to the library's cells, proven equal to
# a * b and base + add (rtl/mul_pe.v, rtl/acc_add.v, rtl/acc_split.v) by yosys-abc. Prints a line for each; fails when one is not.
set -eu
dir=$1 out=$2
flow=$(cd "$(dirname "$0")" && pwd)
fail() {
	echo "asic_equal: $*" >&2
	exit 1
}
liberty=${OSU018_LIBERTY:-$(dpkg -L qflow-tech-osu018 | grep '/osu018_stdcells\.lib$')}
mkdir -p "$out"
awk -f "$flow/asic_cells.awk" "$liberty" >"$out/cells.v"

# module, its parameters: name value...
prove() {
	local module=$1 set="" part
	shift
	while [ $# -gt 0 ]; do
		set="$set -set $1 $2"
		shift 2
	done
	part=$out/$module
	yosys -q -l "$part.log" -p "read_verilog $flow/../rtl/$module.v; ${set:+chparam $set $module;} hierarchy -top $module; proc; flatten; opt; techmap; opt; aigmap; rename $module equal; write_blif $part.rtl.blif" \
		-p "design -reset; read_liberty -lib -ignore_miss_func $liberty; read_verilog $dir/rtl/$module.v; ${set:+chparam $set $module;} hierarchy -top $module; proc; flatten; \
			opt; techmap; opt; abc -liberty $liberty -script $flow/asic_abc.script; opt_clean; check -mapped -assert; rename $module equal; write_verilog -noattr $part.netlist.v" \
		-p "design -reset; read_verilog $out/cells.v $part.netlist.v; hierarchy -top equal; proc; flatten; opt; techmap; opt; aigmap; write_blif $part.netlist.blif" >"$part.out" 2>&1 ||
		fail "$part.log"
	timeout "${ASIC_PROOF_SECONDS:-600}" yosys-abc -c "cec $part.rtl.blif $part.netlist.blif" >"$part.proof" 2>&1 || fail "$module: no answer in time"
	grep -q 'Networks are equivalent' "$part.proof" || { tail -n 3 "$part.proof" >&2; fail "$module is not proven"; }
	echo "$module: the netlist is proven equal"
}

[ "${3:-mul_pe}" != mul_pe ] || prove mul_pe
[ "${3:-acc_add}" != acc_add ] || prove acc_add ADD_W 17 ACC_W 24 LATE 1
if [ "${3:-acc_split}" = acc_split ] && [ -f "$dir/rtl/acc_split.v" ]; then prove acc_split ADD_W 17 ACC_W 24 SPLIT 15; fi
