#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# EIE's layers (Han et al., ISCA 2016, table IV) on the eie preset: weights and activations of the paper's densities, seeded; cycles
# in which the array works (weights are in the PEs, sums are still there), beside those of a perfect balance of all stored
# entries, the runs' zeros among them (the paper's theoretical time).
#   eie.sh [NAME...]   default: all; the last line says whether all are as good as the paper's
set -u
: "${BUILD:=build}"
out=$BUILD/eie
mkdir -p "$out"
failed=0

number() { sed -n "s/^ *\"$1\": \\([0-9]*\\),*\$/\\1/p" "$2" | head -n 1; }
layer() { # NAME INPUTS OUTPUTS WEIGHTS ACTIVATIONS PAPER(percent)
	"$BUILD/dense_model" "$out/$1.tflite" 1 "$4" 16 "$2" "$3" &&
	"$BUILD/dense_model" --input "$out/$1.in" 1 "$5" "$2" &&
	"$BUILD/systole" run examples/presets/eie.yaml "$out/$1.tflite" -i "$out/$1.in" -n 1 --engine twin --json "$out/$1.json" > "$out/$1.log" || {
		cat "$out/$1.log"
		failed=1
		return
	}
	json=$out/$1.json
	given=$(($2 * $3 - $(number macs_skipped "$json")))
	actual=$(sed -n '/"layers"/,$p' "$json" > "$out/$1.layer"; for key in cycles weights input output fill idle; do number $key "$out/$1.layer"; done |
		awk 'NR == 1 { n = $1 } NR > 1 { n -= $1 } END { print n }')
	ideal=$((given / 64))
	nonzero=$(((given - $(number macs_gated "$json")) / 64))
	printf '%-6s %6d x %-5d %5s %5s %9d %9d %9d   %d.%03d   0.%02d\n' "$1" "$2" "$3" "$4" "$5" "$nonzero" "$ideal" "$actual" \
		$((ideal / actual)) $((ideal * 1000 / actual % 1000)) "$6"
	[ $((ideal * 100)) -ge $((actual * $6)) ] || failed=1
	rm -f "$out/$1.tflite"
}

echo "layer      shape        weights act.   nonzero    ideal    actual  ratio  paper"
[ $# -gt 0 ] || set -- alex6 alex7 alex8 vgg6
for name; do
	case $name in
	alex6) layer alex6 9216 4096 0.09 0.35 93 ;;
	alex7) layer alex7 4096 4096 0.09 0.35 96 ;;
	alex8) layer alex8 4096 1000 0.25 0.37 90 ;;
	vgg6) layer vgg6 25088 4096 0.04 0.18 82 ;;
	*) echo "eie.sh: $name is none of alex6, alex7, alex8, vgg6" >&2; exit 2 ;;
	esac
done
[ "$failed" -eq 0 ] && echo "eie: every layer at least as near to its ideal as the paper's" || echo "eie: a layer is farther from its ideal than the paper's"
exit "$failed"
