#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ppa_ice40.sh SYSTOLE DIR: measures the iCE40 figures; DIR/ppa_ice40.json and DIR/ppa_ice40.md.
#   "up5k": examples/up5k.yaml on the iCEBreaker, best clock of SEEDS (default 1..8); latencies are cycles of the chip's netlist
#           divided by that clock, null when the network is not mapped on it. MODELS: a directory with dscnn_kws_int8.tflite
#   "hx8k": the array of examples/hx8k.yaml alone (flow/ice40_array.sh), best of the first HX8K_SEEDS seeds
set -eu
systole=$1 dir=$2
: "${SEEDS:=1 2 3 4 5 6 7 8}" "${HX8K_SEEDS:=3}" "${MODELS:=../shared/models}" "${GOLDEN:=../shared/golden}"
mkdir -p "$dir"
SEEDS=$SEEDS flow/fpga.sh "$systole" examples/up5k.yaml icebreaker "$dir" >"$dir/up5k.out"
mhz=$(sort -k2 -n "$dir/up5k.icebreaker.seeds" | tail -n 1 | cut -d' ' -f2)
macs=$(($(sed -n 's/^rows: *\([0-9]*\).*/\1/p' examples/up5k.yaml) * $(sed -n 's/^cols: *\([0-9]*\).*/\1/p' examples/up5k.yaml)))
cells=$(dpkg -L yosys | grep '/ice40/cells_sim\.v$')

# model, input, of how many bytes, the device's last operator -> cycles of one inference in the netlist, whose bytes are the reference's
cycles() {
	[ -f "$1" ] || { echo null; return; }
	"$systole" image examples/up5k.yaml "$1" -o "$dir/model.img" >"$dir/model.log" 2>&1 || { cat "$dir/model.log" >&2; echo null; return; }
	head -c "$3" "$2" >"$dir/model.in"
	"$systole" ref "$1" -i "$dir/model.in" -n 1 --dump "$dir/dump" >"$dir/model.log" 2>&1
	PARAMETERS=-DNO_ICE40_DEFAULT_ASSIGNMENTS testbench/chip/run.sh up5k_chip "$dir/netlist" 16 "$dir/model.img" "$dir/model.in" "$dir/model.out" \
		"$dir/up5k.icebreaker.v" "$cells" >"$dir/model.cycles"
	cmp "$dir/dump/op$4.bin" "$dir/model.out" >&2
	sed -n 's/ cycles$//p' "$dir/model.cycles" | tail -n 1
}
ms() { [ "$1" = null ] && echo null || awk "BEGIN { printf \"%.3f\", $1 / $mhz / 1000 }"; }
dscnn=$(cycles "$MODELS/dscnn_kws_int8.tflite" "$GOLDEN/dscnn_kws_int8/input.bin" 490 11)
resnet=$(cycles "$MODELS/resnet8_int8.tflite" "$GOLDEN/resnet8_int8/input.bin" 3072 14)
digits=$(cycles examples/digits/digits.tflite examples/digits/images.bin 64 08)

flow/ice40_array.sh "$systole" examples/hx8k.yaml "$dir/hx8k" "$HX8K_SEEDS" >"$dir/hx8k.out"
hx8k=$(cat "$dir/hx8k/hx8k/summary.json")
seeds=$(echo "$SEEDS" | sed 's/ /, /g')
echo "{\"up5k\":{\"macs\":$macs,\"fmax_mhz\":$mhz,\"seeds\":[$seeds],\"digits_ms\":$(ms "$digits"),\"dscnn_ms\":$(ms "$dscnn"),\"resnet8_ms\":$(ms "$resnet")},\"hx8k\":$hx8k}" >"$dir/ppa_ice40.json"
{
	echo "| figure | measured |"
	echo "| --- | --- |"
	echo "| UP5K, examples/up5k.yaml: MACs | $macs |"
	echo "| clock, placed and routed | $mhz MHz, the best of $(sed 's/ /: /' "$dir/up5k.icebreaker.seeds" | sed ':a;N;$!ba;s/\n/, /g') (seed: MHz) |"
	echo "| digits | $digits cycles, $(ms "$digits") ms |"
	echo "| DS-CNN | $dscnn cycles, $(ms "$dscnn") ms |"
	echo "| ResNet-8 | $resnet cycles, $(ms "$resnet") ms |"
	echo "| HX8K, array of examples/hx8k.yaml | $hx8k |"
} >"$dir/ppa_ice40.md"
cat "$dir/ppa_ice40.md"
