#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input: one line on stderr, exit status 2, nothing left behind; packages lint and repeat byte for byte.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/bad
digits=examples/digits/digits.tflite
rm -rf "$out"
mkdir -p "$out"

refuse() { # NAME COMMAND...
	name=$1
	shift
	"$@" > "$out/stdout" 2> "$out/stderr"
	status=$?
	if [ $status -eq 2 ] && [ "$(wc -l < "$out/stderr")" -eq 1 ]; then echo "ok $name"; else
		echo "not ok $name: exit $status, $(wc -l < "$out/stderr") lines"
		sed 's/^/  /' "$out/stderr"
	fi
}
yaml() { # NAME LINE...
	n=$1
	shift
	printf '%s\n' "name: bad" "$@" > "$out/$n.yaml"
	refuse "yaml-$n" "$BUILD/systole" gen "$out/$n.yaml" -o "$out/design"
	[ ! -e "$out/design" ] && [ ! -e "$out/design.part" ] || echo "not ok yaml-$n leaves a design"
}
yaml unknown-key "dataflow: os" "rows: 8" "cols: 8" "colour: red"
yaml wrong-type "dataflow: os" "rows: eight" "cols: 8"
yaml impossible-shape "dataflow: os" "rows: 0" "cols: 8"
yaml too-many "dataflow: os" "rows: 33" "cols: 8"
yaml no-dataflow "dataflow: xs" "rows: 8" "cols: 8"
head -c 1000 "$digits" > "$out/short.tflite"
refuse model-truncated "$BUILD/systole" run examples/os8x8.yaml "$out/short.tflite" --engine twin
head -c 100 /dev/zero > "$out/zero.tflite"
refuse model-zeros "$BUILD/systole" run examples/os8x8.yaml "$out/zero.tflite" --engine twin
refuse model-missing "$BUILD/systole" run examples/os8x8.yaml "$out/none.tflite" --engine twin
refuse input-size "$BUILD/systole" run examples/os8x8.yaml "$digits" -i examples/digits/README.md --engine twin
refuse directory "$BUILD/systole" gen examples/os8x8.yaml -o "$out/short.tflite/design"
refuse disk-full "$BUILD/systole" run examples/os8x8.yaml "$digits" --engine twin --output /dev/full
refuse usage "$BUILD/systole" run examples/os8x8.yaml

# the flows refuse it before they make a directory
bad=$out/impossible-shape.yaml
refuse flow-asic flow/asic.sh "$BUILD/systole" "$bad" "$out/flow"
refuse flow-asic-target flow/asic.sh "$BUILD/systole" examples/up5k.yaml "$out/flow"
refuse flow-ice40 flow/ice40_sim.sh "$BUILD/systole" "$bad" "$digits" examples/digits/images.bin "$out/flow"
refuse flow-ice40-array flow/ice40_array.sh "$BUILD/systole" "$bad" "$out/flow"
refuse flow-fpga flow/fpga.sh "$BUILD/systole" "$bad" icebreaker "$out/flow"
refuse flow-fpga-board flow/fpga.sh "$BUILD/systole" examples/up5k.yaml icebraker "$out/flow"
refuse flow-synth flow/synth.sh "$BUILD/systole" "$bad" "$out/flow"
refuse flow-synth-family flow/synth_family.sh "$BUILD/systole" "$out/none.yaml" ecp5 "$out/flow"
[ ! -e "$out/flow" ] || echo "not ok flow-left: $out/flow"

for c in os8x8 ws8x8 rs6x8; do
	"$BUILD/systole" gen examples/$c.yaml -o "$out/a-$c" && "$BUILD/systole" gen examples/$c.yaml -o "$out/b-$c"
	if diff -r "$out/a-$c" "$out/b-$c" > /dev/null; then echo "ok $c-repeats"; else echo "not ok $c-repeats"; fi
	if (cd "$out/a-$c" && verilator --lint-only -Wall --top-module $c -f $c.f && iverilog -g2005 -Wall -t null -s $c -c $c.f) > "$out/lint" 2>&1 && [ ! -s "$out/lint" ]; then
		echo "ok $c-lint"
	else
		echo "not ok $c-lint"
		head -5 "$out/lint"
	fi
done
if diff -r "$out/a-os8x8" examples/package > /dev/null; then echo "ok example-package"; else echo "not ok example-package: run systole gen examples/os8x8.yaml -o examples/package"; fi
