#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A 2x2 array through make asic's flow: synthesis, timing, its netlist on a small network against the twin, power; the multiplier's
# netlist proven equal to a * b; and that the flow fails on a latch, an unconstrained endpoint, an X, a wrong gate.
: "${BUILD:=build}"
out=$BUILD/cases/asic
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

sed -e 's/^name:.*/name: asic2x2/' -e 's/^\(rows\|cols\):.*/\1: 2/' -e 's/^act_buffer:.*/act_buffer: 2048/' -e 's/^wgt_buffer:.*/wgt_buffer: 1024/' \
	-e 's/^par_depth:.*/par_depth: 32/' examples/os8x8.yaml >"$out/asic2x2.yaml"
echo "lanes: 1" >>"$out/asic2x2.yaml"
dir=$out/asic2x2
model=testbench/fuzz/seeds_tflite/tiny.tflite
head -c 120 examples/digits/images.bin >"$out/input.bin"

check asic-flow "$out/flow.log" env ASIC_FAST=1 flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out"
check asic-netlist "$out/netlist.log" flow/asic_sim.sh "$BUILD/systole" "$dir" "$model" "$out/input.bin"

# A gate of the device wrong: the netlist differs from the twin.
wrong() {
	cp -r "$dir" "$out/wrong" && rm -rf "$out/wrong/sim"
	awk '/^  XOR2X1 .*u_row\./ && !done { sub(/XOR2X1/, "XNOR2X1"); done = 1 } { print } END { exit !done }' "$dir/top.v" >"$out/wrong/top.v" || return 1
	! ASIC_POWER=0 flow/asic_sim.sh "$BUILD/systole" "$out/wrong" "$model" "$out/input.bin"
}
check asic-wrong-gate "$out/wrong.log" wrong

# The multiplier of the PEs, its tree of the library's adders, against a * b.
proven() {
	flow/asic_equal.sh "$dir/rtl/mul_pe.v" "$out/equal"
}
check asic-multiplier-proven "$out/proven.log" proven

latch() {
	mkdir -p "$out/latch"
	sed 's/^    if (w_en_i) w_q <= w_i;//; s/^  always @(posedge clk_i) begin/  always @* if (w_en_i) w_q = w_i;\n&/' rtl/pe_os.v >"$out/latch/pe_os.v"
	! cmp -s rtl/pe_os.v "$out/latch/pe_os.v" && ! ASIC_PE=$out/latch/pe_os.v ASIC_STAGES=array flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out/latch"
}
check asic-latch "$out/latch.log" latch
