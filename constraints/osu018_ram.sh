# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
# RAMs in 0.18 um, modelled, not measured: no RAM compiler comes with the osu018 library. A word of W bits, D words:
# area ram_um2_fixed + W*D*ram_um2_bit, access and setup for every size alike. Sources of the order of magnitude: a six-transistor
# cell of a 0.18 um process is about 4.7 um2, one with a second port about 8; macros of some kilobytes read in 1.5 ns.
ram_um2_bit=8
ram_um2_fixed=10000
ram_access_ns=1.5
ram_setup_ns=0.4
ram_pin_pf=0.03
# Energy of a byte, pJ: that of 8 KB in 45 nm and 0.9 V (constraints/energy/horowitz45.table) times (180/45) * (1.8/0.9)^2.
ram_pj_byte=20
