#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every module of rtl/ alone as top, the design of every examples/*.yaml and examples/presets/*.yaml, and of some of them for
# the other targets, through the three tools, which must say nothing; and so does this, unless LINT_TOTALS=1.
# lint.sh [MODULE|CONFIG.yaml...]; waivers, each with its reason, in testbench/waivers.vlt.
: "${BUILD:=build}"
bad=0 n=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
waivers=()
[ -f testbench/waivers.vlt ] && waivers=(testbench/waivers.vlt)

# name, command...
silent() {
	local name=$1
	shift
	if "$@" >"$out" 2>&1 && [ ! -s "$out" ]; then
		n=$((n + 1))
	else
		echo "not ok $name: $*"
		cat "$out"
		bad=$((bad + 1))
	fi
}

# top, files...
lint_yosys() {
	local top=$1
	shift
	yosys -q -p "read_verilog $*; hierarchy -check -top $top; proc; check -assert"
}

lint_module() {
	local top=${1##*/} library=rtl/$1.v
	library=${library%/*}
	silent "$1 verilator" verilator --lint-only -Wall "${waivers[@]}" -y "$library" --top-module "$top" "rtl/$1.v"
	silent "$1 iverilog" iverilog -g2005 -Wall -y "$library" -s "$top" -o /dev/null "rtl/$1.v"
	silent "$1 yosys" lint_yosys "$top" "$library"/*.v
}

# A package's file list, from its own directory
lint_design() {
	local name dir
	local -a files
	name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$1")
	dir=$BUILD/lint/$name
	rm -rf "$dir"
	mkdir -p "${dir%/*}"
	silent "$1 gen" "$BUILD/systole" gen "$1" -o "$dir"
	mapfile -t files < <(sed -n "s|^\([^/ ]*\.v\)\$|$dir/\1|p" "$dir/$name.f")
	silent "$1 verilator" verilator --lint-only -Wall "${waivers[@]}" --top-module "$name" "${files[@]}"
	silent "$1 iverilog" iverilog -g2005 -Wall -s "$name" -o /dev/null "${files[@]}"
	silent "$1 yosys" lint_yosys "$name" "${files[@]}"
	[ -f "$dir/${name}_chip.f" ] || return
	mapfile -t files < <(sed -n "s,^up5k_\(ram\|spram\|chip_mul2\|chip_mul\)\.v\$,rtl/\1.v,p; s,^\([^/ ]*\.v\)\$,$dir/\1,p" "$dir/${name}_chip.f" | grep -v "/up5k_\(ram\|spram\|chip_mul2\|chip_mul\)\.v")
	silent "$1 chip verilator" verilator --lint-only -Wall "${waivers[@]}" --top-module "${name}_chip" "${files[@]}"
	silent "$1 chip iverilog" iverilog -g2005 -Wall -s "${name}_chip" -o /dev/null "${files[@]}"
	silent "$1 chip yosys" lint_yosys "${name}_chip" "${files[@]}"
}

# name, target: examples/NAME.yaml for the target
retarget() {
	mkdir -p "$BUILD/lint"
	sed -e "s/^name: .*/name: $1_$2/" -e '/^target:/d' "examples/$1.yaml" >"$BUILD/lint/$1_$2.yaml"
	echo "target: $2" >>"$BUILD/lint/$1_$2.yaml"
	lint_design "$BUILD/lint/$1_$2.yaml"
}

whole=$#
[ $# -gt 0 ] || set -- $(basename -s .v rtl/*.v) $(cd rtl && basename -a -s .v osu018/*.v | sed "s|^|osu018/|") $(cd rtl && basename -a -s .v ice40/*.v | sed "s|^|ice40/|") up5k/chip_mul2 up5k/chip_mul up5k/ram up5k/SB_MAC16 examples/*.yaml examples/presets/*.yaml
for m in "$@"; do
	case $m in
	*.yaml) lint_design "$m" ;;
	*) lint_module "$m" ;;
	esac
done
if [ "$whole" -eq 0 ]; then
	for target in osu018 ice40; do
		for name in os8x8 ws8x8 rs6x8 rs6x8_skip os8x8_sub os8x8_nm24; do retarget "$name" "$target"; done
	done
fi
[ "$bad" -eq 0 ] && [ -z "$LINT_TOTALS" ] || echo "$n passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
