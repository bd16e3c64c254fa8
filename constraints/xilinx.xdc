# Template for AMD Xilinx: the clock of a design's top; inside a block design the clock comes from the system, and these lines go.
create_clock -name aclk -period 5.000 [get_ports aclk]
set_input_delay  -clock aclk 1.000 [get_ports -filter {DIRECTION == IN && NAME !~ "aclk"}]
set_output_delay -clock aclk 1.000 [get_ports -filter {DIRECTION == OUT}]
# set_property -dict {PACKAGE_PIN E3 IOSTANDARD LVCMOS33} [get_ports aclk]
