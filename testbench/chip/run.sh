#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh TOP DIR DIV IMAGE INPUTS OUTPUTS FILES...: TOP (NAME_chip) simulated by Verilator behind a pseudo-terminal, driven over its
# UART by flow/host/host.c. FILES: RTL, or a netlist with its library. PARAMETERS: -G options. SEEDS: of random registers and
# memory, one run each; their outputs must be equal.
set -eu
top=$1 dir=$2 div=$3 image=$4 inputs=$5 outputs=$6
shift 6
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"
cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -O2 -o "$dir/host" "$here/../../flow/host/host.c"
printf '#include "V%s.h"\n#define CHIP V%s\n' "$top" "$top" >"$dir/chip.h"
files=()
for f in "$@"; do files+=("$(realpath "$f")"); done
# shellcheck disable=SC2086
verilator --cc --exe --build -j 2 -O3 -Wno-fatal -Wno-lint -Wno-style --timescale 1ns/1ns --x-initial unique --x-assign unique ${PARAMETERS:-} \
	--Mdir "$dir/obj" -CFLAGS "-O1 -I$(realpath "$dir")" --top "$top" "${files[@]}" "$here/chip.cpp" -o sim >"$dir/verilator.log" 2>&1 ||
	{ tail -n 20 "$dir/verilator.log"; exit 1; }
first=
for seed in ${SEEDS:-1}; do
	rm -f "$dir/line"
	timeout 1800 "$dir/obj/sim" "$dir/line" "$div" "$seed" &
	sim=$!
	for _ in $(seq 200); do [ -L "$dir/line" ] && break; sleep 0.05; done
	"$dir/host" "$dir/line" 0 "$image" "$inputs" "$outputs.$seed" || { kill $sim; exit 1; }
	wait $sim
	[ -z "$first" ] || cmp "$outputs.$first" "$outputs.$seed"
	first=$seed
done
mv "$outputs.$first" "$outputs"
