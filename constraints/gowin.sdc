# Template for Gowin: the clock of a design's top; pins go to a .cst file (IO_LOC "aclk" 52;).
create_clock -name aclk -period 20.000 [get_ports {aclk}]
