#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ice40_sim.sh SYSTOLE CONFIG.yaml MODEL.tflite INPUT DIR: the device of CONFIG (target: ice40 unless it has one), synthesized for the iCE40
# as a whole, runs one inference against the twin (netlist_sim.sh), with Yosys's models of the cells; registers and block RAM start as
# configuration leaves them, at 0. Leaves DIR/NAME.v and netlist_sim.sh's files. Prints cell counts and netlist_sim.sh's line.
set -eu
systole=$1 config=$2 model=$3 input=$4 dir=$5
"$systole" explain "$config" >/dev/null # a bad configuration ends here
flow=$(cd "$(dirname "$0")" && pwd)
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
mkdir -p "$dir"
# the AXI top, whatever the bus
{ grep -v '^bus:' "$config"; grep -q '^target:' "$config" || printf '\ntarget: ice40\n'; } >"$dir/$name.yaml"
"$systole" gen "$dir/$name.yaml" -o "$dir/rtl" >"$dir/gen.log"
mapfile -t files < <(sed -n "/^SB_/d; s|^\([^/ ]*\.v\)\$|$dir/rtl/\1|p" "$dir/rtl/$name.f")
yosys -q -l "$dir/yosys.log" -p "read_verilog ${files[*]}; synth_ice40 -top $name; check -assert; select -assert-none t:\$_DLATCH*; \
	write_verilog -noattr $dir/$name.v; tee -q -o $dir/stat stat" >"$dir/yosys.out" 2>&1 || { tail -n 5 "$dir/yosys.out" >&2; exit 1; }
awk -v name="$name" '$1 == "SB_LUT4" { l = $2 } $1 == "SB_CARRY" { c = $2 } $1 ~ /^SB_DFF/ { f += $2 } $1 ~ /^SB_RAM40/ { r += $2 }
	END { printf "%s in cells of the iCE40: %d SB_LUT4, %d SB_CARRY, %d flip-flops, %d block RAMs\n", name, l, c, f, r }' "$dir/stat"
"$flow/netlist_sim.sh" "$systole" "$dir/$name.yaml" "$model" "$input" "$dir" -DNO_ICE40_DEFAULT_ASSIGNMENTS "$dir/$name.v" "$(dpkg -L yosys | grep '/ice40/cells_sim\.v$')"
