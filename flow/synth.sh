#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# synth.sh SYSTOLE CONFIG.yaml DIR: emits the design and synthesizes it with Yosys to generic gates; RAMs stay memories.
# Leaves DIR/NAME (the package), DIR/NAME.stat (cells) and DIR/NAME.json (netlist). Fails on a latch or any check.
set -eu
systole=$1 config=$2 dir=$3
"$systole" explain "$config" >/dev/null # a bad configuration ends here
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
mkdir -p "$dir"
"$systole" gen "$config" -o "$dir/$name"
files=$(sed -n "s|^\(.*\.v\)\$|$dir/$name/\1|p" "$dir/$name/$name.f")
yosys -q -l "$dir/$name.log" -p "read_verilog $(echo $files); hierarchy -check -top $name; proc; select -assert-none t:\$dlatch; flatten; \
	opt -full; wreduce; peepopt; alumacc; share; opt; fsm; memory -nomap; opt -full; techmap; opt; abc -fast; opt_clean; check -assert; \
	tee -q -o $dir/$name.stat stat; write_json $dir/$name.json"
sed -n '/=== /,$p' "$dir/$name.stat"
