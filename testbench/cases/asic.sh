#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A device with a 2x2 array through the flow of make asic: synthesis, buffering, timing; its netlist runs a small network against
# the twin, every pin in every cycle, no X; a wrong gate must be found; the adders of its PEs, as mapped, proven equal to what
# they stand for; the flow fails on a latch.
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

sed -e 's/^name:.*/name: asic2x2/' -e 's/^\(rows\|cols\):.*/\1: 2/' -e 's/^act_buffer:.*/act_buffer: 8192/' -e 's/^wgt_buffer:.*/wgt_buffer: 4096/' \
	-e 's/^par_depth:.*/par_depth: 32/' examples/os8x8.yaml >"$out/asic2x2.yaml"
echo "lanes: 1" >>"$out/asic2x2.yaml"
dir=$out/asic2x2
model=testbench/fuzz/seeds_tflite/tiny.tflite
head -c 120 examples/digits/images.bin >"$out/input.bin"

# The array as in make asic; the device with less effort.
check asic-array "$out/array.log" env ASIC_STAGES=array ASIC_ROUNDS=2 flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out/full"
check asic-device "$out/device.log" env ASIC_STAGES=top ASIC_FAST=1 ASIC_ROUNDS=0 flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out"
check asic-netlist "$out/netlist.log" env ASIC_POWER=0 flow/asic_sim.sh "$BUILD/systole" "$dir" "$model" "$out/input.bin"

# A gate of the array wrong: the netlist differs from the twin.
wrong() {
	mkdir -p "$out/wrong"
	cp -r "$dir" "$out/wrong" && rm -rf "$out/wrong/asic2x2/sim"
	awk '/^  XOR2X1 .*u_row\./ && !done { sub(/XOR2X1/, "XNOR2X1"); done = 1 } { print } END { exit !done }' "$dir/top.v" >"$out/wrong/asic2x2/top.v" || return 1
	! ASIC_POWER=0 flow/asic_sim.sh "$BUILD/systole" "$out/wrong/asic2x2" "$model" "$out/input.bin" && grep -q netlist_sim.log "$out/wrong.log"
}
check asic-wrong-gate "$out/wrong.log" wrong

# The adders, as mapped; the multiplier takes a minute: make ppa.
for module in acc_add acc_split; do
	check "asic-proven-$module" "$out/proven.log" flow/asic_equal.sh "$dir" "$out/equal" "$module"
done

# A systole whose pe_os has a latch
latch() {
	mkdir -p "$out/latch"
	cat >"$out/latch/systole" <<END
#!/bin/sh
"$BUILD/systole" "\$@" && { [ "\$1" != gen ] || sed -i -e 's/^    if (w_en_i) w_q <= .*//' -e 's/^  assign acc_o/  always @* if (w_en_i) w_q = w_i[WGT_W-1:0];\\n&/' "\$4/pe_os.v"; }
END
	chmod +x "$out/latch/systole"
	! ASIC_FAST=1 ASIC_STAGES=array flow/asic.sh "$out/latch/systole" "$out/asic2x2.yaml" "$out/latch" && grep -q dlatch "$out/latch.log"
}
check asic-latch "$out/latch.log" latch
