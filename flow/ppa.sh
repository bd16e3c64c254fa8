#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ppa.sh SYSTOLE DIR DOC.md: area, clock and energy of a fixed set of configurations, measured: runs ppa_TARGET.sh of every
# target beside this script (each: SYSTOLE DIR/TARGET, leaves DIR/TARGET/ppa_TARGET.json, a JSON object whose members join, and
# ppa_TARGET.md). Joins them to DIR.json and DOC.md. PPA_TARGETS="osu018": only those; what DIR has of the others is joined too.
set -eu
systole=$1 dir=$2 doc=$3
flow=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"
parts=""
for target in osu018 ice40; do
	[ -x "$flow/ppa_$target.sh" ] || continue
	case " ${PPA_TARGETS:-$target} " in *" $target "*) "$flow/ppa_$target.sh" "$systole" "$dir/$target" >&2 ;; esac
	[ ! -s "$dir/$target/ppa_$target.json" ] || parts="$parts $target"
done
{
	printf '{'
	separator=
	for target in $parts; do
		printf '%s%s' "$separator" "$(sed -e "1s/^{//" -e "\$s/}\$//" "$dir/$target/ppa_$target.json")"
		separator=', '
	done
	printf '}\n'
} >"$dir.json.part"
mv "$dir.json.part" "$dir.json"
{
	printf '# Power, performance, area\n\nMade by `make ppa`, which measures all of it.\n'
	for target in $parts; do
		echo
		[ "$target" = osu018 ] || printf "## %s\n\n" "$target"
		cat "$dir/$target/ppa_$target.md"
	done
} >"$doc.part"
mv "$doc.part" "$doc"
cat "$doc"
