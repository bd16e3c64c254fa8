# SPDX-License-Identifier: Apache-2.0
# OpenSTA: the highest clock of a netlist, to a picosecond, and its worst paths. From the environment:
#   ASIC_LIBERTIES  cells, RAMs    ASIC_NETLIST, ASIC_TOP    ASIC_SDC  constraints; reads CLOCK_PERIOD
#   ASIC_OUT  OUT.period (ns), OUT.paths (report at that period), OUT.worst (its 200 worst paths), OUT.setup (unconstrained
#             endpoints and the like)
proc fail {text} {
	puts "Error: $text"
	exit 1
}
proc slack {period} {
	global CLOCK_PERIOD
	set CLOCK_PERIOD $period
	uplevel #0 [list source $::env(ASIC_SDC)]
	set worst [worst_slack]
	if {![string is double -strict $worst]} { fail "no worst slack: $worst" }
	return $worst
}
foreach library $::env(ASIC_LIBERTIES) { read_liberty $library }
read_verilog $::env(ASIC_NETLIST)
link_design $::env(ASIC_TOP)
# The slack is the least of straight lines over the period, so a chord's zero is never below its own: chords, a look at the
# picosecond before, and halves where that was no end.
proc grid {period} { expr ceil($period * 1000 - 1e-6) / 1000.0 }
set least 1.0
set most 64.0
set below [slack $least]
set above [slack $most]
if {$above < 0} { fail "a path is longer than $most ns" }
if {$below >= 0} { fail "no path is longer than $least ns" }
proc try {period} {
	global least most below above
	if {$period <= $least || $period >= $most} return
	set s [slack $period]
	if {$s < 0} { set least $period; set below $s } else { set most $period; set above $s }
}
while {$most - $least > 0.0015} {
	try [grid [expr $most - $above * ($most - $least) / ($above - $below)]]
	try [grid [expr $most - 0.001]]
	try [grid [expr ($least + $most) / 2]]
}
slack $most
set f [open $::env(ASIC_OUT).period w]
puts $f [format %.3f $most]
close $f
check_setup -verbose -no_clock -no_input_delay -unconstrained_endpoints -loops > $::env(ASIC_OUT).setup
report_checks -path_delay max -format full_clock -fields {capacitance slew} -digits 3 -group_count 3 > $::env(ASIC_OUT).paths
report_checks -path_delay max -format full_clock -digits 3 -group_count 200 > $::env(ASIC_OUT).worst
report_checks -path_delay min -format full_clock -fields {capacitance slew} -digits 3 >> $::env(ASIC_OUT).paths
exit
