# SPDX-License-Identifier: Apache-2.0
# OpenSTA: power of a netlist at the activity of its nets (ASIC_ACTIVITY, from asic_toggles.awk) and ASIC_PERIOD.
foreach library $::env(ASIC_LIBERTIES) { read_liberty $library }
read_verilog $::env(ASIC_NETLIST)
link_design $::env(ASIC_TOP)
set CLOCK_PERIOD $::env(ASIC_PERIOD)
source $::env(ASIC_SDC)
set_power_activity -global -activity 0.0
set_power_activity -input -activity 0.0
proc act {pin activity} { set_power_activity -pins [get_pins $pin] -activity $activity -duty 0.5 }
source $::env(ASIC_ACTIVITY)
report_power -digits 6 > $::env(ASIC_OUT).report
exit
