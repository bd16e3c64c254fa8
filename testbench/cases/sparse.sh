#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pruned models: made in place, run like any other, on narrow devices as well; channels that cannot influence the result are
# dropped with the same bytes out and fewer cycles; bad input leaves nothing.
set -u
: "${BUILD:=build}"
out=$BUILD/cases/sparse
digits=examples/digits/digits.tflite
images="-i examples/digits/images.bin"
shared=${SYSTOLE_SHARED:-../shared}
rm -rf "$out"
mkdir -p "$out"

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/log" 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/  /' "$out/log"; fi
}
number() { sed -n "s/^  *\"$1\": \\([0-9]*\\),*\$/\\1/p" "$2" | head -n 1; }
same_size() { [ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ]; }

for p in "nm 2:4" "nm 1:4" "nm 4:8" "unstructured 0.8" "unstructured 0.95" "wgt-bits 4" "wgt-bits 2" "wgt-bits 1"; do
	rule=$(echo "$p" | tr ' :' '--')
	check "prune-$rule" "$BUILD/systole" prune --$p "$digits" -o "$out/$rule.tflite"
	check "prune-$rule-size" same_size "$digits" "$out/$rule.tflite"
	check "prune-$rule-run" "$BUILD/systole" run examples/os8x8.yaml "$out/$rule.tflite" $images -n 4 --engine twin
done
check prune-repeats "$BUILD/systole" prune --wgt-bits 4 "$digits" -o "$out/again.tflite"
check prune-repeats-bytes cmp "$out/again.tflite" "$out/wgt-bits-4.tflite"
check prune-nm-narrow "$BUILD/systole" prune --nm 2:4 --wgt-bits 4 "$digits" -o "$out/both.tflite"
sed 's/^name:.*/name: narrow/; s/^wgt_bits:.*//' examples/os8x8.yaml > "$out/narrow.yaml"
echo "wgt_bits: 4" >> "$out/narrow.yaml"
check narrow-device "$BUILD/systole" run "$out/narrow.yaml" "$out/both.tflite" $images -n 4 --engine twin

dead() { # NAME CONFIG MODEL INPUT COUNT: fewer cycles and memory bytes, the same output
	what=$1 config=$2 model=$3 input=$4 count=$5
	check "$what" "$BUILD/systole" run "$config" "$model" $input -n "$count" --engine twin --output "$out/few.bin" --json "$out/few.json"
	check "$what-keep-dead" "$BUILD/systole" run "$config" "$model" $input -n "$count" --engine twin --keep-dead --output "$out/all.bin" --json "$out/all.json"
	check "$what-bytes" cmp "$out/few.bin" "$out/all.bin"
	check "$what-dropped" [ "$(number dropped_channels "$out/few.json")" -gt 0 ]
	check "$what-kept" [ "$(number dropped_channels "$out/all.json")" -eq 0 ]
	check "$what-cycles" [ "$(number cycles "$out/few.json")" -lt "$(number cycles "$out/all.json")" ]
	# commands the sequencer fetched ahead are not counted: 3 at most
	saved=$(($(number mem_read "$out/all.json") - $(number mem_read "$out/few.json") - $(number bytes_saved "$out/few.json")))
	check "$what-saved" [ $saved -ge -384 -a $saved -le 384 ]
}
for c in os8x8 ws8x8 rs6x8 os16x16; do
	dead "dead-$c" examples/$c.yaml "$out/unstructured-0.95.tflite" "$images" 8
done
check dead-lockstep "$BUILD/systole" run examples/os8x8.yaml "$out/unstructured-0.95.tflite" $images -n 2
"$BUILD/systole" explain examples/os8x8.yaml "$out/unstructured-0.95.tflite" > "$out/explain"
check dead-explain grep -q "^dropped [0-9]* channels that cannot influence the result" "$out/explain"
check dead-regress "$BUILD/regress" 60 1 --twin --dead
check dead-regress-lockstep "$BUILD/regress" 1 7 --dead
vww=$shared/models/vww_96_int8.tflite
if [ -f "$vww" ]; then
	for c in os8x8 ws8x8 rs6x8; do dead "vww-$c" examples/$c.yaml "$vww" "" 2; done
else
	echo "skipped: $vww is not here"
fi

refuse() { # NAME COMMAND...
	name=$1
	shift
	mkdir -p "$out/place"
	"$@" > "$out/stdout" 2> "$out/stderr"
	status=$?
	if [ $status -eq 2 ] && [ "$(wc -l < "$out/stderr")" -eq 1 ] && [ -z "$(ls -A "$out/place")" ]; then echo "ok $name"; else
		echo "not ok $name: exit $status, $(wc -l < "$out/stderr") lines, left: $(ls -A "$out/place")"
		sed 's/^/  /' "$out/stderr"
	fi
}
head -c 5000 "$digits" > "$out/short.tflite"
refuse prune-missing "$BUILD/systole" prune --nm 2:4 "$out/none.tflite" -o "$out/place/m.tflite"
refuse prune-truncated "$BUILD/systole" prune --nm 2:4 "$out/short.tflite" -o "$out/place/m.tflite"
refuse prune-pattern "$BUILD/systole" prune --nm 4:2 "$digits" -o "$out/place/m.tflite"
refuse prune-nothing "$BUILD/systole" prune "$digits" -o "$out/place/m.tflite"
refuse prune-directory "$BUILD/systole" prune --nm 2:4 "$digits" -o "$out/place/no/m.tflite"
refuse prune-disk-full "$BUILD/systole" prune --nm 2:4 "$digits" -o /dev/full
refuse prune-float "$BUILD/systole" prune --nm 2:4 "$shared/models/resnet8_float.tflite" -o "$out/place/m.tflite"
limit() {
	(
		trap '' XFSZ
		ulimit -f 8
		exec "$BUILD/systole" prune --nm 2:4 "$digits" -o "$out/place/m.tflite"
	)
}
refuse prune-disk-fills limit
