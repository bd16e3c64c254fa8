#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# synth_family.sh SYSTOLE CONFIG.yaml FAMILY DIR: LUTs, flip-flops, multipliers and block RAMs of a design, by Yosys, without
# place and route. FAMILY: ecp5, xilinx or gowin. Yosys's autoname, slower than all the rest, is left out. Leaves
# DIR/NAME.FAMILY.stat.
set -eu
systole=$1 config=$2 family=$3 dir=$4
"$systole" explain "$config" >/dev/null # a bad configuration ends here
name=$(sed -n 's/^name: *\([A-Za-z0-9_]*\).*/\1/p' "$config")
stop=check rest=
case $family in
ecp5) lut='LUT4|CCU2C|TRELLIS_DPR16X4' ff=TRELLIS_FF dsp='MULT18X18D|ALU54B' ram='DP16KD|PDPW16KD' constraint=ecp5.lpf ;;
xilinx) lut='LUT[1-6]|CARRY4|RAM[0-9]+[MX].*' ff='FD[RSCP]E.*' dsp=DSP48E1 ram='RAMB(18|36)E1' constraint=xilinx.xdc ;;
gowin) lut='LUT[1-4]|ALU|RAM16.*' ff='DFF.*' dsp='MULT.*' ram='SDPB?|SDPX9B?|DPB?' constraint=gowin.sdc
	stop=map_cells rest='techmap -map +/gowin/cells_map.v; opt_lut_ins -tech gowin; setundef -undriven -params -zero; clean;' ;;
*) echo "FAMILY=$family: use ecp5, xilinx or gowin" >&2; exit 2 ;;
esac
mkdir -p "$dir"
"$systole" gen "$config" -o "$dir/$name"
files=$(sed -n "s|^\([^/ ]*\.v\)\$|$dir/$name/\1|p" "$dir/$name/$name.f")
yosys -q -l "$dir/$name.$family.log" -p "read_verilog $(echo $files); synth_$family -top $name -run :$stop; $rest hierarchy -check; check -noinit; select -assert-none t:\$dlatch; tee -q -o $dir/$name.$family.stat stat" \
	>"$dir/$name.$family.out" 2>&1 || { tail -n 5 "$dir/$name.$family.out" >&2; exit 1; }
awk -v lut="^($lut)\$" -v ff="^($ff)\$" -v dsp="^($dsp)\$" -v ram="^($ram)\$" -v who="$name" -v family="$family" -v file="constraints/$constraint" '
	/^=== / { l = f = d = r = 0 } # the last module is the whole design
	$1 ~ lut { l += $2 } $1 ~ ff { f += $2 } $1 ~ dsp { d += $2 } $1 ~ ram { r += $2 }
	END { printf "%s on %s: %d LUT, carry and LUT-RAM cells, %d flip-flops, %d DSP blocks, %d block RAMs (after synthesis; template: %s)\n", who, family, l, f, d, r, file
	      exit l == 0 || f == 0 }' "$dir/$name.$family.stat"
