#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ppa_ice40.sh SYSTOLE DIR: measures the iCE40 figures; DIR/ppa_ice40.json and DIR/ppa_ice40.md.
#   "up5k": examples/up5k.yaml on the iCEBreaker, best clock of SEEDS (default 1..8); latencies are cycles of the chip's netlist
#           divided by that clock, null when the network is not mapped on it. MODELS: a directory with dscnn_kws_int8.tflite
#   "hx8k_evb": examples/hx8k_evb.yaml on the iCE40HX8K-EVB, the same with EVB_SEEDS (default 1..3); latencies are periods of its
#           oscillator, 100 MHz, in the RTL beside a model of the SRAM
#   "hx8k": the array of examples/hx8k.yaml alone (flow/ice40_array.sh), best of the first HX8K_SEEDS seeds
set -eu
systole=$1 dir=$2
: "${SEEDS:=1 2 3 4 5 6 7 8}" "${EVB_SEEDS:=1 2 3}" "${HX8K_SEEDS:=3}" "${MODELS:=../shared/models}" "${GOLDEN:=../shared/golden}"
mkdir -p "$dir"
SEEDS=$SEEDS flow/fpga.sh "$systole" examples/up5k.yaml icebreaker "$dir" >"$dir/up5k.out"
SEEDS=$EVB_SEEDS flow/fpga.sh "$systole" examples/hx8k_evb.yaml hx8k-evb "$dir" >"$dir/hx8k_evb.out"
mhz=$(sort -k2 -n "$dir/up5k.icebreaker.seeds" | tail -n 1 | cut -d' ' -f2)
evb_mhz=$(sed -n 's/^| clock, placed and routed | \([0-9.]*\) .*/\1/p' "$dir/hx8k_evb.hx8k-evb.md")
macs=$(($(sed -n 's/^rows: *\([0-9]*\).*/\1/p' examples/up5k.yaml) * $(sed -n 's/^cols: *\([0-9]*\).*/\1/p' examples/up5k.yaml)))
cells=$(dpkg -L yosys | grep '/ice40/cells_sim\.v$')

# image, input, output
up5k() {
	PARAMETERS=-DNO_ICE40_DEFAULT_ASSIGNMENTS testbench/chip/run.sh up5k_chip "$dir/netlist" 16 "$@" "$dir/up5k.icebreaker.v" "$cells"
}
hx8k_evb() {
	# shellcheck disable=SC2046
	testbench/chip/run.sh evb "$dir/evb" 32 "$@" testbench/chip/evb.v testbench/chip/sram.v \
		$(sed -n "s|^\([^/ ]*\.v\)\$|$dir/hx8k_evb/\1|p" "$dir/hx8k_evb/hx8k_evb_chip.f")
}
# one of these, what it counts, model, input, of how many bytes, the device's last operator -> count of one inference, whose bytes
# are the reference's
count() {
	[ -f "$3" ] || { echo null; return; }
	"$systole" image "examples/$1.yaml" "$3" -o "$dir/model.img" >"$dir/model.log" 2>&1 || { cat "$dir/model.log" >&2; echo null; return; }
	head -c "$5" "$4" >"$dir/model.in"
	"$systole" ref "$3" -i "$dir/model.in" -n 1 --dump "$dir/dump" >"$dir/model.log" 2>&1
	"$1" "$dir/model.img" "$dir/model.in" "$dir/model.out" >"$dir/model.count"
	cmp "$dir/dump/op$6.bin" "$dir/model.out" >&2
	sed -n "s/^\(busy for \)*\([0-9]*\) $2\$/\2/p" "$dir/model.count" | tail -n 1
}
# count, MHz
ms() { [ "$1" = null ] && echo null || awk "BEGIN { printf \"%.3f\", $1 / $2 / 1000 }"; }
dscnn() { count "$@" "$MODELS/dscnn_kws_int8.tflite" "$GOLDEN/dscnn_kws_int8/input.bin" 490 11; }
resnet() { count "$@" "$MODELS/resnet8_int8.tflite" "$GOLDEN/resnet8_int8/input.bin" 3072 14; }
digits() { count "$@" examples/digits/digits.tflite examples/digits/images.bin 64 08; }
dscnn=$(dscnn up5k cycles)
resnet=$(resnet up5k cycles)
digits=$(digits up5k cycles)
evb_dscnn=$(dscnn hx8k_evb periods)
evb_resnet=$(resnet hx8k_evb periods)
evb_digits=$(digits hx8k_evb periods)

flow/ice40_array.sh "$systole" examples/hx8k.yaml "$dir/hx8k" "$HX8K_SEEDS" >"$dir/hx8k.out"
hx8k=$(cat "$dir/hx8k/hx8k/summary.json")
seeds=$(echo "$SEEDS" | sed 's/ /, /g')
echo "{\"up5k\":{\"macs\":$macs,\"fmax_mhz\":$mhz,\"seeds\":[$seeds],\"digits_ms\":$(ms "$digits" "$mhz"),\"dscnn_ms\":$(ms "$dscnn" "$mhz"),\"resnet8_ms\":$(ms "$resnet" "$mhz")},\
\"hx8k_evb\":{\"macs\":$macs,\"fmax_mhz\":$evb_mhz,\"dscnn_ms\":$(ms "$evb_dscnn" 100),\"resnet8_ms\":$(ms "$evb_resnet" 100)},\"hx8k\":$hx8k}" >"$dir/ppa_ice40.json"
{
	echo "| figure | measured |"
	echo "| --- | --- |"
	echo "| UP5K, examples/up5k.yaml: MACs | $macs |"
	echo "| clock, placed and routed | $mhz MHz, the best of $(sed 's/ /: /' "$dir/up5k.icebreaker.seeds" | sed ':a;N;$!ba;s/\n/, /g') (seed: MHz) |"
	echo "| digits | $digits cycles, $(ms "$digits" "$mhz") ms |"
	echo "| DS-CNN | $dscnn cycles, $(ms "$dscnn" "$mhz") ms |"
	echo "| ResNet-8 | $resnet cycles, $(ms "$resnet" "$mhz") ms |"
	echo "| HX8K beside an SRAM, examples/hx8k_evb.yaml: MACs | $macs |"
	echo "| clock, placed and routed | $evb_mhz MHz, of seeds $(sed 's/ /: /' "$dir/hx8k_evb.hx8k-evb.seeds" | sed ':a;N;$!ba;s/\n/, /g') (seed: MHz); 50 MHz is used, half of the oscillator |"
	echo "| digits | $evb_digits periods of 10 ns, $(ms "$evb_digits" 100) ms |"
	echo "| DS-CNN | $evb_dscnn periods, $(ms "$evb_dscnn" 100) ms |"
	echo "| ResNet-8 | $evb_resnet periods, $(ms "$evb_resnet" 100) ms |"
	echo "| HX8K, array of examples/hx8k.yaml | $hx8k |"
} >"$dir/ppa_ice40.md"
cat "$dir/ppa_ice40.md"
