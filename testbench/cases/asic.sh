#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A 2x2 array through the flow of make asic: synthesis, buffering, timing; the adder of its PEs, as mapped, proven equal to
# base + add; and that the flow fails on a latch. The whole device and its netlist: testbench/regress/asic.sh.
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

check asic-flow "$out/flow.log" env ASIC_STAGES=array flow/asic.sh "$BUILD/systole" "$out/asic2x2.yaml" "$out"

# The adder of the PEs, as mapped, against base + add; the multiplier takes a minute: make ppa.
proven() {
	flow/asic_equal.sh "$dir" "$out/equal" acc_add
}
check asic-adder-proven "$out/proven.log" proven

# A systole whose pe_os has a latch
latch() {
	mkdir -p "$out/latch"
	cat >"$out/latch/systole" <<END
#!/bin/sh
"$BUILD/systole" "\$@" && sed -i -e 's/^    if (w_en_i) w_q <= .*//' -e 's/^  assign acc_o/  always @* if (w_en_i) w_q = w_i[WGT_W-1:0];\\n&/' "\$4/pe_os.v"
END
	chmod +x "$out/latch/systole"
	! ASIC_FAST=1 ASIC_STAGES=array flow/asic.sh "$out/latch/systole" "$out/asic2x2.yaml" "$out/latch" && grep -q dlatch "$out/latch.log"
}
check asic-latch "$out/latch.log" latch
