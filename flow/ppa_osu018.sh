#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ppa_osu018.sh SYSTOLE DIR: the osu018 part of ppa.sh. Arrays of 8x8 with sums of 32 and of 24 bits, a row-stationary one, and
# whole 16x16 accelerators; power and energy where a network runs on the netlist.
# PPA_ONLY: names to run. PPA_KEEP=1: what is already in DIR is not run again. PPA_JOBS: how many at once, as many as there are
# processors unless told otherwise.
set -eu
systole=$1 dir=$2
flow=$(cd "$(dirname "$0")" && pwd)
examples=$flow/../examples
models=${MODELS:-../shared/models}
networks=$examples/digits/digits.tflite
for model in "$models/resnet8_int8.tflite" "$models/dscnn_kws_int8.tflite"; do [ ! -f "$model" ] || networks="$networks $model"; done
mkdir -p "$dir"

rows="os8x8_32 os8x8 array+top 1 acc_bits:32
os8x8_24 os8x8 array+top 1 acc_bits:24
ws8x8_32 ws8x8 array+top 1 acc_bits:32
ws8x8_24 ws8x8 array+top 1 acc_bits:24
rs6x8 rs6x8 array+top 1
ws16x16_asic ws16x16_asic top 1
os16x16 os16x16 top 1"

# name, example, stages, 1: simulate, lines of the configuration...
measure() {
	local name=$1 example=$2 stages=$3 simulate=$4 out=$dir/$1 key size
	shift 4
	if [ "${PPA_KEEP:-0}" != 1 ] || [ ! -s "$out/summary.json" ]; then
		sed "s/^name:.*/name: $name/" "$examples/$example.yaml" >"$dir/$name.yaml"
		for key; do
			sed -i "/^${key%%:*}:/d" "$dir/$name.yaml"
			echo "${key%%:*}: ${key#*:}" >>"$dir/$name.yaml"
		done
		ASIC_STAGES=$(echo "$stages" | tr '+' ' ') "$flow/asic.sh" "$systole" "$dir/$name.yaml" "$dir"
	fi
	if [ "$simulate" = 1 ] && { [ "${PPA_KEEP:-0}" != 1 ] || [ ! -s "$out/sim.json" ]; }; then
		"$flow/asic_sim.sh" "$systole" "$out" "$examples/digits/digits.tflite" "$dir/digit.bin"
		"$flow/asic_equal.sh" "$out" "$out/equal"
	fi
	# shellcheck disable=SC2086
	"$flow/asic_networks.sh" "$systole" "$out" $networks
	touch "$out/measured"
}

size=$(($(wc -c <"$examples/digits/images.bin") / $(wc -c <"$examples/digits/labels.bin")))
head -c "$size" "$examples/digits/images.bin" >"$dir/digit.bin"
: >"$dir/table"
while read -r name rest; do
	case " ${PPA_ONLY:-$name} " in *" $name "*) echo "$name $rest" >>"$dir/table" ;; esac
done <<<"$rows"

# The largest are last: they start first.
while read -r name rest; do
	rm -f "$dir/$name/measured"
	while [ "$(jobs -rp | wc -l)" -ge "${PPA_JOBS:-$(nproc)}" ]; do wait -n || true; done
	# shellcheck disable=SC2086
	measure "$name" $rest >"$dir/$name.log" 2>&1 &
done < <(tac "$dir/table")
wait
while read -r name rest; do
	[ -e "$dir/$name/measured" ] || { tail -n 5 "$dir/$name.log" >&2; echo "ppa: $dir/$name.log" >&2; exit 1; }
done <"$dir/table"

printf '{"osu018": [' >"$dir/ppa_osu018.json"
{
	printf '## osu018\n\nOSU standard cells, TSMC 0.18 um, 1.8 V, 25 C, typical corner; yosys and OpenSTA, fan-out buffered, no wires, ideal clock ([asic.md](asic.md)).\n'
	printf 'um2 a PE: the array as the device has it; PE: without the activation words and lines of its rows (os), without scratchpads (rs).\n'
	printf 'Whole: all cells of the accelerator without its RAMs, over its PEs. pJ a MAC: cells of the whole device, running the digits network.\n\n'
	printf '| configuration | sums, bits | um2 a PE, array | PE | words, scratchpads | MHz, array | um2 a MAC, whole | MHz, whole | pJ a MAC | GOP/s | GOP/s/W | GOP/s/mm2 |\n'
	printf '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
} >"$dir/ppa_osu018.md"

separator=
while read -r name example rest; do
	awk -v name="$example" -v separator="$separator" -v json="$dir/ppa_osu018.json" -v sim="$dir/$name/sim.json" -f "$flow/ppa_osu018.awk" "$dir/$name/summary.json" >>"$dir/ppa_osu018.md"
	separator=', '
done <"$dir/table"
printf ']}\n' >>"$dir/ppa_osu018.json"
{
	printf '\nNetworks at the clock of the whole device: cycles of the twin. Area with modelled RAMs. GOP/s/W: modelled (constraints/energy/osu018.table,\n'
	printf 'RAMs, and the power outside the array as digits has it).\n\n'
	printf '| configuration | sums, bits | network | cycles | ms | GOP/s | GOP/s/mm2 | GOP/s/W, modelled |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n'
	while read -r name example rest; do
		acc_bits=$(sed -n 's/.*"acc_bits": \([0-9]*\).*/\1/p' "$dir/$name/summary.json")
		sed "s/^/| $example | $acc_bits /" "$dir/$name/networks.md"
	done <"$dir/table"
} >>"$dir/ppa_osu018.md"
