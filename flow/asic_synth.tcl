# SPDX-License-Identifier: Apache-2.0
# yosys -c: synthesizes a design to osu018 cells, module by module, flat in the end. RAMs (ram, ram_be) stay black boxes. From the environment:
#   ASIC_FILES  the design's Verilog     ASIC_DESIGN  its top       ASIC_LIBERTY  the cells
#   ASIC_TOP    the module wanted: the top, or one inside it with the parameters it has there
#   ASIC_OUT    OUT.v, OUT.latches       ASIC_ABC  script of abc
#   ASIC_MAPS   directory of the mappings   ASIC_INSIDE  modules mapped as a part of those that use them
yosys -import
set liberty $::env(ASIC_LIBERTY)
set out     $::env(ASIC_OUT)
set top     $::env(ASIC_TOP)

read_liberty -lib -ignore_miss_func $liberty
foreach file $::env(ASIC_FILES) {
	if {[regexp {/(ram|ram_be)\.v$} $file]} {
		read_verilog -lib $file
	} elseif {![regexp {/[A-Z0-9]+X[0-9]\.v$} $file]} {
		read_verilog $file
	}
}
hierarchy -check -top $::env(ASIC_DESIGN)
if {$top ne $::env(ASIC_DESIGN)} {
	tee -q -o $out.modules ls
	set f [open $out.modules]
	set names [regexp -all -inline "\\S*\\\\$top\\M" [read $f]]
	close $f
	if {[llength $names] == 0} { set names [list $top] }
	hierarchy -check -top [lindex $names 0]
	yosys rename [lindex $names 0] $top
}

# Registers: an enable shared by four or more gates the clock, others are multiplexers.
procs
tee -q -o $out.latches select -list t:\$dlatch t:\$adlatch
select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr
# Modules are mapped one by one but for the insides of PEs' rows and of lanes, which gain from being one.
yosys setattr -mod -set keep_hierarchy 1 *
foreach module $::env(ASIC_INSIDE) { yosys setattr -mod -unset keep_hierarchy *$module }
flatten
opt -full
wreduce
peepopt
opt_clean
alumacc
share
opt -full
memory -nomap
techmap
opt -full
dfflegalize -cell \$_DFF_P_ x -cell \$_DFFE_PP_ x -mince 4
opt -full
read_verilog -lib $::env(ASIC_MAPS)/osu018_gate.v
techmap -map $::env(ASIC_MAPS)/osu018_dff.v
opt_merge -share_all
techmap -map $::env(ASIC_MAPS)/osu018_gate.v
dfflibmap -liberty $liberty
opt
abc -liberty $liberty -script $::env(ASIC_ABC)
# Cells and nets keep the path of their module: reports say where they are.
yosys rename -enumerate -pattern "n%" *
yosys setattr -mod -unset keep_hierarchy *
flatten
setundef -zero
splitnets
opt_clean -purge
check -mapped -noinit -assert
write_verilog -noattr -noexpr -nohex -nodec $out.v
