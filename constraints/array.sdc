# The PE array alone: one clock; inputs arrive in the first 20 % of the cycle, outputs are wanted 30 % before its end.
# Set CLOCK_PERIOD (ns) before sourcing.
if {![info exists CLOCK_PERIOD]} { set CLOCK_PERIOD 4.2 }
create_clock -name clk_i -period $CLOCK_PERIOD [get_ports clk_i]
set data_inputs {}
foreach port [all_inputs] {
	if {[get_property $port full_name] ne "clk_i"} { lappend data_inputs $port }
}
set_input_delay [expr 0.2 * $CLOCK_PERIOD] -clock clk_i $data_inputs
set_output_delay [expr 0.3 * $CLOCK_PERIOD] -clock clk_i [all_outputs]
