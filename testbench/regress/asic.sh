#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A device with a 2x2 array through the flow of make asic: its netlist runs a small network against the twin, every pin in every
# cycle; power; a wrong gate must be found. make benches.
: "${BUILD:=build}"
out=$BUILD/regress/asic
rm -rf "$out"
mkdir -p "$out"

# name, log, command...
check() {
	local name=$1 log=$2
	shift 2
	if "$@" >"$log" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		tail -n 20 "$log" | sed 's/^/  /'
	fi
}

sed -e 's/^name:.*/name: asic2x2/' -e 's/^\(rows\|cols\):.*/\1: 2/' -e 's/^act_buffer:.*/act_buffer: 8192/' -e 's/^wgt_buffer:.*/wgt_buffer: 4096/' \
	-e 's/^par_depth:.*/par_depth: 32/' examples/os8x8.yaml >"$out/asic2x2.yaml"
dir=$out/asic2x2
model=testbench/fuzz/seeds_tflite/tiny.tflite
head -c 120 examples/digits/images.bin >"$out/input.bin"

check asic-flow "$out/flow.log" env ASIC_STAGES=top flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out"
check asic-netlist "$out/netlist.log" flow/asic_sim.sh "$BUILD/systole" "$dir" "$model" "$out/input.bin"

# A gate of the device wrong: the netlist differs from the twin.
wrong() {
	cp -r "$dir" "$out/wrong" && rm -rf "$out/wrong/sim"
	awk '/^  XOR2X1 .*u_row\./ && !done { sub(/XOR2X1/, "XNOR2X1"); done = 1 } { print } END { exit !done }' "$dir/top.v" >"$out/wrong/top.v" || return 1
	! ASIC_POWER=0 flow/asic_sim.sh "$BUILD/systole" "$out/wrong" "$model" "$out/input.bin"
}
check asic-wrong-gate "$out/wrong.log" wrong

