#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ppa.sh SYSTOLE DIR DOC.md: area, clock and energy of a fixed set of configurations, measured: runs ppa_TARGET.sh of every
# target beside this script (each: SYSTOLE DIR/TARGET, leaves DIR/TARGET/ppa_TARGET.json, a JSON object whose members join, and
# ppa_TARGET.md). Joins them to DIR/ppa.json and DOC.md.
set -eu
systole=$1 dir=$2 doc=$3
flow=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"
parts=""
for target in osu018 ice40; do
	[ -x "$flow/ppa_$target.sh" ] || continue
	"$flow/ppa_$target.sh" "$systole" "$dir/$target" >&2
	parts="$parts $target"
done
{
	printf '{'
	separator=
	for target in $parts; do
		printf '%s%s' "$separator" "$(sed -e "1s/^{//" -e "\$s/}\$//" "$dir/$target/ppa_$target.json")"
		separator=', '
	done
	printf '}\n'
} >"$dir/ppa.json.part"
mv "$dir/ppa.json.part" "$dir/ppa.json"
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
