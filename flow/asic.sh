#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# asic.sh SYSTOLE CONFIG.yaml DIR: the design's array alone, then the whole design, in cells of the osu018 library (0.18 um):
# synthesis, fan-out buffering, static timing. RAMs are black boxes with the model of constraints/osu018_ram.sh.
# Leaves DIR/NAME/summary.txt and .json, netlists and reports of the array (array.*) and the whole (top.*), openlane/ (portable
# Verilog with a config.json). Prints the summary. Fails on any error line of a tool, a latch, an unconstrained endpoint.
# ASIC_STAGES: "array top" unless told otherwise. ASIC_FAST=1: less effort, more area. ASIC_GATE_NS: registers
# of the device whose enable is later than half of that, 9 ns unless told otherwise, have multiplexers, not a gated clock; 0: none. Without target: in CONFIG it is osu018.
set -eu
systole=$1 config=$2
"$systole" explain "$config" >/dev/null # a bad configuration ends here
target=$(sed -n 's/^target: *\([a-z0-9]*\).*/\1/p' "$config")
case ${target:-osu018} in osu018 | portable) ;; *) echo "$config: target is $target: use osu018 or portable" >&2; exit 2 ;; esac
flow=$(cd "$(dirname "$0")" && pwd)
constraints=$flow/../constraints
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
dataflow=$(sed -n 's/^dataflow: *\([a-z]*\).*/\1/p' "$config")
dir=$3/$name
stages=${ASIC_STAGES:-array top}
gate_ns=${ASIC_GATE_NS:-9}
# shellcheck source=constraints/osu018_ram.sh
. "$constraints/osu018_ram.sh"

fail() {
	echo "asic: $*" >&2
	exit 1
}

liberty=${OSU018_LIBERTY:-$(dpkg -L qflow-tech-osu018 | grep '/osu018_stdcells\.lib$')}
[ -f "$liberty" ] || fail "the osu018 library is not here: install qflow-tech-osu018"

# No line of a tool's log may start with an error, whatever its exit status says.
clean_log() {
	if grep -nE '^(ERROR|Error|error)|: (syntax )?error' "$1" >&2; then fail "$1: see above"; fi
}

# out, module, modules mapped inside others
map() {
	local out=$1
	ASIC_FILES=$(sed -n "s|^\([^/ ]*\.v\)\$|$dir/rtl/\1|p" "$dir/rtl/$name.f" | tr '\n' ' ')
	export ASIC_FILES ASIC_DESIGN=$name ASIC_TOP=$2 ASIC_LIBERTY=$liberty ASIC_OUT=$out.syn ASIC_MAPS=$flow \
		ASIC_ABC=$flow/asic_abc${ASIC_FAST:+_fast}.script ASIC_INSIDE=$3
	yosys -q -l "$out.yosys.log" -c "$flow/asic_synth.tcl" >"$out.yosys.out" 2>&1 || { tail -n 5 "$out.yosys.out" >&2; fail "$out.yosys.log"; }
	clean_log "$out.yosys.log"
	[ -s "$out.syn.v" ] || fail "$out.yosys.log: no netlist"
	[ ! -s "$out.syn.latches" ] || fail "latches: $(cat "$out.syn.latches")"
}

# in and out, both without suffix, constraints: buffers of OUT.light, then timing
buffer_and_time() {
	local in=$1 out=$2
	awk -v light="$out.light" -v roots="$out.roots" -f "$flow/asic_buffer.awk" "$liberty" "$in.plain.v" >"$out.v" 2>"$out.buffers" || fail "$(cat "$out.buffers")"
	export ASIC_LIBERTIES="$liberty $in.ram.lib" ASIC_NETLIST=$out.v ASIC_SDC=$3 ASIC_OUT=$out
	sta -exit "$flow/asic_sta.tcl" >"$out.sta.log" 2>&1 || { tail -n 5 "$out.sta.log" >&2; fail "$out.sta.log"; }
	clean_log "$out.sta.log"
	[ -s "$out.period" ] || fail "$out.sta.log: no period"
}

# OUT.try is better than OUT: it takes its place.
better() {
	local out=$1 suffix
	for suffix in light roots v buffers sta.log period paths worst setup; do cp "$out.try.$suffix" "$out.$suffix"; done
}

# The nets whose buffers are on the worst paths get smaller loads, again and again; the fastest of it is kept, without what
# made it no faster (the array; a look at the whole device takes too long). Rows and columns are alike: a net stands for those of its name in all of them.
lighten() {
	local out=$1 rounds=3 patience=1 worse=0 net
	case $out in */array) rounds=20 patience=3 ;; esac
	cp "$out.light" "$out.try.light"
	cp "$out.roots" "$out.try.roots"
	cp "$out.worst" "$out.try.worst"
	for _ in $(seq "${ASIC_ROUNDS:-$rounds}"); do
		awk 'function kind(net) { gsub(/\[[0-9]+\]/, "", net); return net }
			FILENAME ~ /roots$/ { sub(/^\\/, "", $1); root[$1] = $2; next } FILENAME ~ /light$/ { part[$2] = $1; next }
			/^Startpoint:/ { split("", here) }
			$NF ~ /^\(BUFX[24]\)$/ { cell = $(NF - 1); sub(/\/Y$/, "", cell); if (cell in root) here[kind(root[cell])] = 1 }
			$2 == "slack" && $1 < 0.02 { for (net in here) worst[net] = 1 }
			END {
				for (cell in root) if (kind(root[cell]) in worst) slow[root[cell]] = 1
				for (net in slow) { old = net in part ? part[net] : 1; part[net] = old * 0.7 }
				for (net in part) print part[net], net
			}' \
			"$out.try.roots" "$out.try.light" "$out.try.worst" >"$out.next.light"
		cmp -s "$out.try.light" "$out.next.light" && break
		mv "$out.next.light" "$out.try.light"
		buffer_and_time "$out" "$out.try" "$2"
		if awk -v old="$(cat "$out.period")" '{ exit !($1 < old) }' "$out.try.period"; then
			better "$out"
			worse=0
		else
			worse=$((worse + 1))
			[ "$worse" -lt "$patience" ] || break
		fi
	done
	[[ $out != */array ]] || for net in $(sed 's/[^ ]* //; s/\[[0-9]*\]//g' "$out.light" | sort -u); do
		awk '{ name = $2; gsub(/\[[0-9]+\]/, "", name) } name != net' net="${net//\\/\\\\}" "$out.light" >"$out.try.light"
		buffer_and_time "$out" "$out.try" "$2"
		awk -v old="$(cat "$out.period")" '{ exit !($1 <= old) }' "$out.try.period" && better "$out"
	done
	rm -f "$out".try.* "$out".next.*
}

# Registers whose enable comes too late for a gated clock of period ASIC_GATE_NS get multiplexers; they load the enable, so others
# may be late then.
ungate() {
	local out=$1 before=-1
	cp "$out.plain.v" "$out.gated.v"
	: >"$out.gates"
	while [ "$before" != "$(wc -l <"$out.gates")" ]; do
		before=$(wc -l <"$out.gates")
		awk -v gates="$out.gates" -f "$flow/asic_late.awk" "$out.gated.v" >"$out.plain.v" 2>"$out.late" || fail "$(cat "$out.late")"
		awk -f "$flow/asic_buffer.awk" "$liberty" "$out.plain.v" >"$out.try.v" 2>"$out.try.buffers" || fail "$(cat "$out.try.buffers")"
		export ASIC_LIBERTIES="$liberty $out.ram.lib" ASIC_NETLIST=$out.try.v ASIC_SDC=$2 ASIC_OUT=$out.try ASIC_GATE_NS=$gate_ns
		sta -exit "$flow/asic_late.tcl" >"$out.late.log" 2>&1 || { tail -n 5 "$out.late.log" >&2; fail "$out.late.log"; }
		clean_log "$out.late.log"
		[ -s "$out.try.ends" ] || fail "$out.late.log: no paths"
		sed -n 's|^\([^ ]*\)/B (OR2X2) .* -[0-9.]* (VIOLATED)$|\1|p' "$out.try.ends" | grep -vE '(^|\.)fan[0-9]+$' >>"$out.gates" || true
		sort -u -o "$out.gates" "$out.gates"
	done
	rm -f "$out".try.*
}

# stage, module, constraints
synthesize() {
	local out=$dir/$1
	map "$out" "$2" "mul_pe mul acc_add acc_split pe_os pe_ws pe_rs"
	awk -v bit="$ram_um2_bit" -v fixed="$ram_um2_fixed" -v access="$ram_access_ns" -v setup="$ram_setup_ns" -v cap="$ram_pin_pf" \
		-v lib="$out.ram.lib" -v sim="$out.ram.v" -f "$flow/asic_netlist.awk" "$out.syn.v" >"$out.plain.v" || fail "$out.syn.v"
	: >"$out.light"
	[ "$1" != top ] || [ "$gate_ns" = 0 ] || ungate "$out" "$3"
	buffer_and_time "$out" "$out" "$3"
	lighten "$out" "$3"
	unconstrained "$out"
	awk -f "$flow/asic_area.awk" "$liberty" "$out.ram.lib" "$out.v" >"$out.area" || fail "$out.area"
}

# Endpoints that no constraint reaches; an output or a register's input tied to 0 or 1 has no path.
unconstrained() {
	local left
	left=$(sed -n 's/^  \([^ ]*\)$/\1/p' "$1.setup" | sort | comm -23 - <({
		sed -n 's/^  assign \([^ ]*\) *= 1.b[01];/\1/p' "$1.v"
		awk '/^  DFF/ { name = $2; sub(/^\\/, "", name) } /\.D\(1.b[01]\)/ { print name "/D" }' "$1.v"
	} | sort))
	[ -z "$left" ] || fail "unconstrained: $(echo "$left" | head -n 5 | tr '\n' ' ')"
	if grep -vE '^(Warning: There are [0-9]+ unconstrained endpoints\.|  .*)$' "$1.setup" >&2; then fail "$1.setup: see above"; fi
}

value() { sed -n "s/^$2 //p" "$dir/$1.area"; }
mhz() { awk '{ printf "%.1f", 1000 / $1 }' "$dir/$1.period"; }

# Area of a part of a stage, for each PE
per_pe() { awk -v a="$1" -v n="$pes" 'BEGIN { printf "%.1f", a / n }'; }

# stage: its lines of the summary, and its member of the JSON
report() {
	local s=$1 cells words pads from to
	cells=$(value "$s" cells) words=$(value "$s" words) pads=$(value "$s" scratchpads)
	printf '%-6s %10s um2 of cells, %9s um2 a PE, %6s MHz (%s ns), %s registers, %s buffers, RAM %s bits %s um2 (modelled)\n' "$s" "$cells" \
		"$(per_pe "$cells")" "$(mhz "$s")" "$(cat "$dir/$s.period")" "$(value "$s" registers)" \
		"$(awk '{ gsub(",", ""); print $2 + $4 }' "$dir/$s.buffers")" "$(value "$s" ram_bits)" "$(value "$s" ram)"
	if [ "$s" = array ]; then
		printf '       of it, a PE: %s um2 PE, gating, rows, drain; %s um2 activation words and lines; %s um2 scratchpads\n' \
			"$(per_pe $((cells - words - pads)))" "$(per_pe "$words")" "$(per_pe "$pads")"
	fi
	from=$(sed -n 's/^Startpoint: \([^ ]*\).*/\1/p' "$dir/$s.paths" | sed -n 4p)
	to=$(sed -n 's/^Endpoint: \([^ ]*\).*/\1/p' "$dir/$s.paths" | sed -n 4p)
	echo "       worst path from $from to $to, see $dir/$s.paths"
	json="$json, \"$s\": {\"um2\": $cells, \"um2_per_pe\": $(per_pe "$cells"), \"um2_per_pe_words\": $(per_pe "$words"), \
\"um2_per_pe_scratchpads\": $(per_pe "$pads"), \"fmax_mhz\": $(mhz "$s"), \"registers\": $(value "$s" registers), \
\"ram_bits\": $(value "$s" ram_bits), \"ram_um2_modelled\": $(value "$s" ram)}"
}

# The portable Verilog, for another library, with what OpenLane wants to know of it. RAMs become registers there unless
# ram.v and ram_be.v are given macros.
openlane() {
	grep -v '^target:' "$dir/$name.yaml" >"$dir/portable.conf"
	"$systole" gen "$dir/portable.conf" -o "$dir/openlane" >"$dir/openlane.log" || fail "$dir/openlane.log"
	{
		printf '{\n  "DESIGN_NAME": "%s",\n  "VERILOG_FILES": [' "$name"
		sed -n 's/^\([^/ ]*\.v\)$/"dir::\1"/p' "$dir/openlane/$name.f" | paste -sd, | sed 's/,/, /g' | tr -d '\n'
		printf '],\n  "CLOCK_PORT": "aclk",\n  "CLOCK_PERIOD": %s,\n' "$(cat "$dir/top.period")"
		printf '  "PNR_SDC_FILE": "dir::%s.sdc",\n  "SIGNOFF_SDC_FILE": "dir::%s.sdc",\n' "$name" "$name"
		printf '  "SYNTH_STRATEGY": "AREA 0",\n  "SYNTH_NO_FLAT": true,\n  "MAX_FANOUT_CONSTRAINT": 10,\n  "FP_CORE_UTIL": 45,\n  "PL_TARGET_DENSITY": 0.5\n}\n'
	} >"$dir/openlane/config.json"
}

mkdir -p "$dir"
rm -rf "$dir/rtl" "$dir"/array.* "$dir"/top.* "$dir/openlane"
# the AXI top, whatever the bus
grep -v '^bus:' "$config" >"$dir/$name.yaml"
[ -n "$target" ] || printf '\ntarget: osu018\n' >>"$dir/$name.yaml"
"$systole" gen "$dir/$name.yaml" -o "$dir/rtl" >"$dir/gen.log"
number() { sed -n "s/^#define SYSTOLE_.*_$1 \([0-9]*\) .*/\1/p" "$dir/rtl/$name.h"; }
pes=$(($(number ROWS) * $(number COLS)))
{
	printf '%s: %s, %d x %d PEs, %d-bit sums; osu018, 0.18 um, 1.8 V, 25 C, typical; no wires, ideal clock\n' "$name" "$dataflow" \
		"$(number ROWS)" "$(number COLS)" "$(number ACC_BITS)"
	json="{\"config\": \"$name\", \"dataflow\": \"$dataflow\", \"pes\": $pes, \"acc_bits\": $(number ACC_BITS)"
	for stage in $stages; do
		case $stage in
		array) synthesize array "array_$dataflow" "$constraints/array.sdc" ;;
		top) synthesize top "$name" "$dir/rtl/$name.sdc"; openlane ;;
		*) fail "no stage $stage" ;;
		esac
		report "$stage"
	done
	echo "$json}" >"$dir/summary.json"
} >"$dir/summary.part"
mv "$dir/summary.part" "$dir/summary.txt"
cat "$dir/summary.txt"
