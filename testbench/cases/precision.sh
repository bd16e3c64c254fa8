#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Several narrow weights in the place of one: the multiplier against *, a broken one must be found; area of the PE; networks
# with 8, 4 and 2 bits in lock-step; speed; random layers; what is refused.
: "${BUILD:=build}"
out=$BUILD/cases/precision
shared=${SYSTOLE_SHARED:-../shared}
digits=examples/digits/digits.tflite
images="-i examples/digits/images.bin"
rm -rf "$out"
mkdir -p "$out"

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$out/log"
	fi
}

# The bench says how many sums there were, of which none is wrong: X_W, SUB, directory of the modules, sums
multiplier() {
	iverilog -g2005 -Wall -P mul_sub_tb.A_W="$1" -P mul_sub_tb.SUB="$2" -s mul_sub_tb -o "$out/mul_sub.vvp" -y "$3" testbench/mul_sub/mul_sub_tb.v || return 1
	vvp -n "$out/mul_sub.vvp" | tee "$out/mul_sub.out"
	[ "$(cat "$out/mul_sub.out")" = "$4 sums, 0 wrong" ]
}
check precision-mul-9x4 multiplier 9 4 rtl 529376
check precision-mul-9x2 multiplier 9 2 rtl 396608
check precision-mul-4x4 multiplier 4 4 rtl 307168

# NAME SUB EDIT: of mul_sub, so that the bench must count wrong sums
broken() {
	rm -rf "$out/broken"
	mkdir "$out/broken"
	cp rtl/mul.v "$out/broken"
	sed -E "$3" rtl/mul_sub.v >"$out/broken/mul_sub.v"
	! cmp -s rtl/mul_sub.v "$out/broken/mul_sub.v" || return 1
	multiplier 4 "$2" "$out/broken" 307168
	grep -q ' sums, [1-9][0-9]* wrong' "$out/mul_sub.out"
}
check precision-mul-sign broken sign 4 's/\{1.b1, mode_i\[1\], \|mode_i/{1'"'"'b1, mode_i[1], mode_i[1]/'
check precision-mul-digit broken digit 4 's/b_i\[2\*i\+1\]; \/\//b_i[2*i]; \/\//'
check precision-mul-shift broken shift 4 's/\{high, 4.d0\}/{1'"'"'b0, high, 3'"'"'d0}/'
check precision-mul-half broken half 2 's/mode_i\[0\] & b_i\[3\]/b_i[3]/'

cells() { # SUB
	yosys -q -p "read_verilog rtl/pe_os.v rtl/mul_pe.v rtl/mul.v rtl/mul_sub.v rtl/acc_add.v; chparam -set ACC_W 29 -set SUB $1 -set GROUP $1 pe_os; \
		synth -top pe_os -flatten; tee -q -o $out/pe$1.stat stat" && sed -n 's/^ *Number of cells: *//p' "$out/pe$1.stat"
}
area() { # at most 1.35 times
	local whole narrow
	whole=$(cells 1) narrow=$(cells 4)
	echo "$whole cells, $narrow with subwords"
	[ "$whole" -gt 500 ] && [ $((100 * narrow)) -le $((135 * whole)) ]
}
check precision-area area

number() { sed -n "s/^  *\"$1\": \\([0-9]*\\),*\$/\\1/p" "$2" | head -n 1; }
network() { # NAME MODEL ARGS...: 8, 4 and 2 bits; leaves the cycles in $cycles_8, $cycles_4, $cycles_2
	local name=$1 model=$2 b
	shift 2
	cp "$model" "$out/$name-8.tflite"
	for b in 8 4 2; do
		[ $b = 8 ] || "$BUILD/systole" prune --wgt-bits $b "$model" -o "$out/$name-$b.tflite" >/dev/null
		check "precision-$name-$b" "$BUILD/systole" run examples/os8x8_sub.yaml "$out/$name-$b.tflite" --json "$out/$name-$b.json" "$@"
		eval "cycles_$b=$(number cycles "$out/$name-$b.json")"
	done
}
# shellcheck disable=SC2086
network digits "$digits" $images -n 2
check precision-digits-saved [ "$(number bytes_saved "$out/digits-4.json")" -gt 1000 ]
check precision-digits-gated [ "$(number macs_gated "$out/digits-2.json")" -gt 1000 ]
check precision-digits-faster [ $((cycles_8 * 10)) -ge $((cycles_4 * 15)) -a $((cycles_8 * 10)) -ge $((cycles_2 * 20)) ]
resnet=$shared/models/resnet8_int8.tflite
if [ -f "$resnet" ]; then
	network resnet8 "$resnet" -n 1 --engine twin
	check precision-resnet8-4-speed [ $((cycles_8 * 10)) -ge $((cycles_4 * 18)) ]
	check precision-resnet8-2-speed [ $((cycles_8 * 10)) -ge $((cycles_2 * 34)) ]
else
	echo "skipped: $resnet is not here"
fi
check precision-regress "$BUILD/regress" 60 3 --twin --sub
check precision-regress-lockstep "$BUILD/regress" 1 5 --sub

# Narrower weights at generation time, in memory as many to a byte as fit
narrow() { # DATAFLOW BITS MODEL: the same bytes as its reference's, fewer of them loaded than with wgt_bits 8
	local b
	for b in 8 "$2"; do
		sed -e "s/^name:.*/name: narrow_$1_$b/" -e "s/^wgt_bits:.*/wgt_bits: $b/" "examples/$1.yaml" >"$out/narrow.yaml"
		"$BUILD/systole" run "$out/narrow.yaml" "$3" $images -n 2 --engine twin --json "$out/narrow-$b.json" || return 1
	done
	[ "$(number mem_read "$out/narrow-$2.json")" -lt "$(number mem_read "$out/narrow-8.json")" ]
}
for f in os8x8 ws8x8 rs6x8; do
	for b in 4 2; do
		check "precision-narrow-$f-$b" narrow "$f" $b "$out/digits-$b.tflite"
	done
done
"$BUILD/systole" prune --wgt-bits 1 "$digits" -o "$out/digits-1.tflite" >/dev/null
check precision-narrow-os8x8-1 narrow os8x8 1 "$out/digits-1.tflite"
sign() { # a network whose weights are not only signs is refused, and its operator named
	sed -e "s/^name:.*/name: sign/" -e "s/^wgt_bits:.*/wgt_bits: 1/" examples/os8x8.yaml >"$out/sign.yaml"
	"$BUILD/systole" run "$out/sign.yaml" "$out/digits-2.tflite" $images -n 1 --engine twin
	[ $? -eq 2 ] && "$BUILD/systole" run "$out/sign.yaml" "$out/digits-2.tflite" $images -n 1 --engine twin 2>&1 | grep -q 'op 0 CONV_2D: a weight of output channel'
}
check precision-sign-refused sign

# 16-bit activations: every dataflow, against the reference; one in lock-step
check precision-wide-regress "$BUILD/regress" 45 2 --twin --wide
check precision-wide-lockstep "$BUILD/regress" 1 4 --wide --rs
# A .tflite with int16 activations, of each kind of convolution
"$BUILD/wide_model" "$out/wide.tflite"
for f in os8x8 ws8x8 rs6x8; do
	sed -e "s/^name:.*/name: wide_$f/" -e "s/^act_bits:.*/act_bits: 16/" "examples/$f.yaml" >"$out/wide_$f.yaml"
	check "precision-wide-$f" "$BUILD/systole" run "$out/wide_$f.yaml" "$out/wide.tflite" -n 3 --engine twin
done
wide_lint() { # silent for every dataflow
	local d
	for d in os ws rs; do
		printf 'name: wide_%s\ndataflow: %s\nrows: 3\ncols: 4\nact_bits: 16\nwgt_bits: 4\n' $d $d >"$out/wide_$d.yaml"
	done
	printf 'name: sign_os\nrows: 3\ncols: 5\nwgt_bits: 1\nprecision: [8]\n' >"$out/sign_os.yaml"
	printf 'name: half_os\nrows: 3\ncols: 5\nsparsity: none\nprecision: [8, 4]\n' >"$out/half_os.yaml"
	testbench/lint.sh "$out"/wide_os.yaml "$out"/wide_ws.yaml "$out"/wide_rs.yaml "$out/sign_os.yaml" "$out/half_os.yaml"
}
check precision-lint wide_lint

refuse() { # NAME TEXT LINE...: a configuration with these lines
	local name=$1 text=$2
	shift 2
	{ echo "name: refused"; printf '%s\n' "$@"; } >"$out/refused.yaml"
	"$BUILD/systole" gen "$out/refused.yaml" -o "$out/refused" >"$out/log" 2>&1
	if [ $? -eq 2 ] && [ "$(wc -l <"$out/log")" -eq 1 ] && grep -q "$text" "$out/log" && ! [ -e "$out/refused" ]; then
		echo "ok precision-refuse-$name"
	else
		echo "not ok precision-refuse-$name"
		sed 's/^/  /' "$out/log"
	fi
}
refuse ws "dataflow os" "dataflow: ws" "precision: [8, 4]"
refuse narrow "wgt_bits 8" "wgt_bits: 4" "precision: [8, 4]"
refuse without-8 "use \[8\]" "precision: [4, 2]"
refuse scalar "a list such as" "precision: 8"
refuse twice "at most once" "precision: [8, 4, 4]"
refuse width "8, 4 and 2" "precision: [8, 3]"
