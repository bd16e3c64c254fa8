#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ice40_array.sh SYSTOLE CONFIG.yaml DIR [SEEDS]: the array of a configuration alone, placed and routed in an iCE40 HX8K (target
# ice40: multipliers of logic cells). Its ports are more than the package has pins: a shift register feeds every input and a
# tree of exclusive ors with a register in each input collects every output, which is counted apart (the array's
# cells are what it needs without them). ROUTE: seconds after which a seed counts as unrouted. Leaves DIR/NAME/array.json (netlist), array.*.log, summary.txt and summary.json.
set -eu
systole=$1 config=$2
"$systole" explain "$config" >/dev/null # a bad configuration ends here
flow=$(cd "$(dirname "$0")" && pwd)
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
dataflow=$(sed -n 's/^dataflow: *\([a-z]*\).*/\1/p' "$config")
dir=$3/$name
seeds=${4:-4}
: "${ROUTE:=240}"

fail() {
	echo "ice40_array: $*" >&2
	exit 1
}

mkdir -p "$dir"
rm -rf "$dir/rtl" "$dir"/array.* "$dir"/summary.*
{ sed '/^target:/d' "$config"; echo "target: ice40"; } >"$dir/$name.yaml"
"$systole" gen "$dir/$name.yaml" -o "$dir/rtl" >"$dir/gen.log"
files=$(sed -n "s|^\([^/ ]*\.v\)\$|$dir/rtl/\1|p" "$dir/rtl/$name.f" | grep -v '/SB_' | tr '\n' ' ')
export ICE40_FILES=$files ICE40_DESIGN=$name ICE40_ARRAY=array_$dataflow ICE40_OUT=$dir/array
yosys -q -l "$dir/array.yosys.log" -c "$flow/ice40_array.tcl" >"$dir/array.out" 2>&1 || { tail -n 3 "$dir/array.out" >&2; fail "$dir/array.yosys.log"; }
[ ! -s "$dir/array.latches" ] || fail "latches: $(cat "$dir/array.latches")"

best=0 tried="" routed=""
for seed in $(seq 1 "$seeds"); do
	status=0
	timeout "$ROUTE" nextpnr-ice40 --hx8k --package ct256 --json "$dir/array.json" --freq 110 --seed "$seed" --timing-allow-fail \
		--report "$dir/array.$seed.report" >"$dir/array.$seed.log" 2>&1 || status=$?
	if [ "$status" = 124 ]; then
		tried="$tried $seed:unrouted"
		continue
	fi
	[ "$status" = 0 ] || { tail -n 3 "$dir/array.$seed.log" >&2; fail "$dir/array.$seed.log"; }
	routed=$seed
	mhz=$(sed -n 's/.*Max frequency for clock .*: \([0-9.]*\) MHz.*/\1/p' "$dir/array.$seed.log" | tail -n 1)
	tried="$tried $seed:$mhz"
	best=$(awk -v a="$best" -v b="$mhz" 'BEGIN { print (a > b) ? a : b }')
done
[ -n "$routed" ] || fail "$dir/array.1.log"
number() { sed -n "s/^#define SYSTOLE_.*_$1 \([0-9]*\) .*/\1/p" "$dir/rtl/$name.h"; }
pes=$(($(number ROWS) * $(number COLS)))
used() { sed -n "s|.*$1: *\([0-9]*\)/.*|\1|p" "$dir/array.$routed.log" | tail -n 1; }
cells=$(used ICESTORM_LC) rams=$(used ICESTORM_RAM)
around=$(($(cat "$dir/array.around")))
per=$(awk -v c="$cells" -v a="$around" -v n="$pes" 'BEGIN { printf "%.1f", (c - a) / n }')
{
	echo "$name: $dataflow, $(number ROWS) x $(number COLS) MACs of logic cells, $(number ACC_BITS)-bit sums; iCE40 HX8K ct256"
	echo "  $cells logic cells, of them $around around the array for its ports: $per a MAC; $rams RAM blocks"
	echo "  $best MHz, the best of seeds (seed:MHz)$tried"
} >"$dir/summary.txt"
echo "{\"config\": \"$name\", \"macs\": $pes, \"lc\": $((cells - around)), \"lc_per_mac\": $per, \"fmax_mhz\": $best}" >"$dir/summary.json"
cat "$dir/summary.txt"
