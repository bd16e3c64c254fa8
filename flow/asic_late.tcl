# SPDX-License-Identifier: Apache-2.0
# OpenSTA: the clock gates whose enable is too late for the period ASIC_GATE_NS, in OUT.ends. From the environment: as asic_sta.tcl.
foreach library $::env(ASIC_LIBERTIES) { read_liberty $library }
read_verilog $::env(ASIC_NETLIST)
link_design $::env(ASIC_TOP)
set CLOCK_PERIOD $::env(ASIC_GATE_NS)
source $::env(ASIC_SDC)
report_checks -path_delay max -format end -digits 3 -group_count 5000 > $::env(ASIC_OUT).ends
exit
