# SPDX-License-Identifier: Apache-2.0
# yosys -c: the array of a design in iCE40 cells, with a shift register around its ports. From the environment:
#   ICE40_FILES  the design's Verilog  ICE40_DESIGN  its top  ICE40_ARRAY  its array  ICE40_OUT  OUT.json, OUT.latches, OUT.around
yosys -import
set array $::env(ICE40_ARRAY)
set out   $::env(ICE40_OUT)
read_verilog -lib +/ice40/cells_sim.v
foreach file $::env(ICE40_FILES) { read_verilog $file }
hierarchy -check -top $::env(ICE40_DESIGN)
tee -q -o $out.modules ls
set f [open $out.modules]
set names [regexp -all -inline "\\S*\\\\$array\\M" [read $f]]
close $f
if {[llength $names] == 0} { set names [list $array] }
hierarchy -check -top [lindex $names 0]
yosys rename [lindex $names 0] $array
procs
tee -q -o $out.latches select -list t:\$dlatch t:\$adlatch
tee -q -o $out.ports portlist $array

# around.v: every input from a chain of registers, every output into a register of its own and all into one pin
set f [open $out.ports]
set ports [regexp -all -inline -line {^(input|output) (?:wire )?(?:signed )?\[(\d+):(\d+)\] \\?([A-Za-z0-9_]+)} [read $f]]
close $f
set ins {}
set outs {}
set nin 0
set nout 0
set pins {}
foreach {all way high low port} $ports {
	set width [expr {$high - $low + 1}]
	if {$port eq "clk_i"} {
		lappend pins ".clk_i(clk)"
	} elseif {$way eq "input"} {
		lappend pins ".${port}(chain\[$nin +: $width\])"
		incr nin $width
	} else {
		lappend pins ".${port}(out\[$nout +: $width\])"
		incr nout $width
	}
}
set f [open $out.around.v w]
puts $f "module around (input clk, input d, output reg q);"
puts $f "  reg \[[expr {$nin - 1}]:0\] chain; wire \[[expr {$nout - 1}]:0\] out; reg \[[expr {$nout - 1}]:0\] fold;"
puts $f "  integer i;"
puts $f "  always @(posedge clk) begin"
puts $f "    chain <= {chain, d};"
puts $f "    fold <= {fold\[[expr {$nout - 2}]:0\], 1'b0} ^ out;"
puts $f "    q <= fold\[[expr {$nout - 1}]\];"
puts $f "  end"
puts $f "  $array u_array ([join $pins {, }]);"
puts $f "endmodule"
close $f
set f [open $out.around w]
puts $f [expr {$nin + $nout + 1}]
close $f
read_verilog $out.around.v
synth_ice40 -abc9 -device hx -top around -json $out.json
