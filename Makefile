# SPDX-License-Identifier: Apache-2.0
# make            build/systole
# make run        a digit recognizer on an 8x8 array, simulated in lock-step: CONFIG=, MODEL=, ARGS=
# make test       unit tests and cases; the last line counts them
# make regress    N= random configurations from SEED=, in lock-step; regress-only: configuration ONLY= of SEED=
# make regress-selftest  broken designs, and tests that fail: every one must be found
# make eie        EIE's layers on its preset: cycles beside a perfect balance's, and the paper's
# make benches    the lock-step benches of groups of modules
# make synth      technology-independent synthesis of CONFIG=: cell counts
# make asic       CONFIG= in cells of the osu018 library: area, clock, its netlist against the twin, power, NETWORKS= at its clock;
#                 SIM=0: without the simulation; asic-sim: MODEL= on that netlist
# make ppa        the measured tables of docs/ppa.md; PPA_KEEP=1 keeps what build/ppa has
# make synth FAMILY=ecp5|xilinx|gowin  LUTs, flip-flops, DSP blocks and RAMs of CONFIG= by Yosys
# make ice40-sim  CONFIG= in cells of the iCE40, MODEL= on that netlist against the twin
# make fpga       bitstream of CONFIG= (bus: on_chip) for BOARD=icebreaker, upduino or hx8k-evb: needs nextpnr-ice40, icepack
# make lint       every Verilog module alone, and every example's design; make fuzz: FUZZ_SECONDS=; make bench; make deps; make clean
# V=1 prints the commands, SANITIZE=1 builds with AddressSanitizer and UBSan, INSTALL=no never calls apt-get.
V        ?= 0
SANITIZE ?= 0
INSTALL     ?= yes
BUILD    ?= $(if $(filter 1,$(SANITIZE)),build/sanitize,build)
Q        := $(if $(filter 1,$(V)),,@)
say       = $(if $(filter 1,$(V)),@:,@printf '%-8s %s\n' $(1) $(2))

comma    := ,
CC       := gcc
STD      := -std=c11 -D_POSIX_C_SOURCE=200809L -ffp-contract=off
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-format-truncation -Wno-psabi -Werror
INCLUDE  := -I. -iquote cmodel
OPT      := $(if $(filter 1,$(SANITIZE)),-O1 -g -fsanitize=address$(comma)undefined -fno-sanitize-recover=all,-O3 -march=native)
# expanded in recipes only, after the packages are there
LIBS      = $(shell pkg-config --libs libcyaml yaml-0.1 jansson) -lm -ldl -pthread
TESTLIBS  = $(shell pkg-config --libs check)

PACKAGES := gcc g++ make pkg-config verilator iverilog yosys check libcyaml-dev libyaml-dev libjansson-dev zlib1g-dev
FUZZ_PACKAGES := clang libclang-rt-14-dev

SOURCES  := $(wildcard cmodel/*.c rtl_gen/*.c rtl_gen/driver/*.c compiler/*.c testbench/*.c)
TWIN     := $(filter-out cmodel/config.c cmodel/memory.% cmodel/axil_host.% cmodel/quant.% cmodel/ref% cmodel/chip_% cmodel/uart_%,$(wildcard cmodel/*.[ch]))
EMBEDDED := $(TWIN) $(wildcard rtl/*.v rtl/*/*.v rtl_gen/driver/*.[ch] testbench/sim.h testbench/*.cpp testbench/icarus/*.c constraints/*.sdc constraints/energy/*.table)
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
LIBRARY  := $(filter-out $(BUILD)/testbench/main.o,$(OBJECTS))
TESTS    := $(patsubst testbench/unit/%.c,$(BUILD)/%,$(wildcard testbench/unit/test_*.c))
TOOLS    := $(patsubst testbench/tools/%.c,$(BUILD)/%,$(wildcard testbench/tools/*.c))
FUZZERS  := $(patsubst testbench/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard testbench/fuzz/fuzz_*.c))

all: $(BUILD)/systole

deps: $(BUILD)/.deps

$(BUILD)/.deps: Makefile .ci/deps
	@mkdir -p $(@D)
	$(Q)INSTALL=$(INSTALL) .ci/deps $(PACKAGES)
	@touch $@

$(BUILD)/systole: $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $(OBJECTS) $(LIBS)

$(BUILD)/%.o: %.c | $(BUILD)/.deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(OPT) $(INCLUDE) -MMD -MP -c -o $@ $<

# rtl/, the twin and the driver travel inside the binary
$(BUILD)/embed: rtl_gen/embed/embed.c | $(BUILD)/.deps
	$(call say,CC,$<)
	$(Q)$(CC) $(STD) $(WARN) -O2 -o $@ $<

$(BUILD)/embedded.c: $(BUILD)/embed $(EMBEDDED)
	$(call say,EMBED,$@)
	$(Q)$(BUILD)/embed $(EMBEDDED) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(Q)$(CC) $(STD) -w $(OPT) $(INCLUDE) -c -o $@ $<

$(BUILD)/test_%: $(BUILD)/testbench/unit/test_%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LIBS) $(TESTLIBS)

$(TOOLS): $(BUILD)/%: $(BUILD)/testbench/tools/%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LIBS)

run: all
	$(BUILD)/systole run $(CONFIG) $(MODEL) $(ARGS)
CONFIG ?= examples/os8x8.yaml
INPUT  ?= $(BUILD)/asic/digit.bin
MODEL  ?= examples/digits/digits.tflite
ARGS   ?= -i examples/digits/images.bin --labels examples/digits/labels.bin -n 64

test: all $(TESTS) $(TOOLS) $(BUILD)/asic/.deps
	$(Q)BUILD=$(BUILD) testbench/run_tests.sh testbench/cases

# REGRESS_ARGS: --twin (without Verilator), --verbose, --sub, --wide, --os, --ws, --rs
N    ?= 200
SEED ?= 1
ONLY ?= 0
regress: $(BUILD)/regress
	$(Q)BUILD=$(BUILD) $(BUILD)/regress $(N) $(SEED) $(REGRESS_ARGS)

regress-only: $(BUILD)/regress
	$(Q)BUILD=$(BUILD) $(BUILD)/regress 1 $(SEED) $(ONLY) --verbose $(REGRESS_ARGS)

regress-selftest: $(BUILD)/selftest
	$(Q)BUILD=$(BUILD) testbench/run_tests_selftest.sh
	$(Q)BUILD=$(BUILD) $(BUILD)/selftest

benches: all
	$(Q)BUILD=$(BUILD) testbench/run_tests.sh testbench/regress

eie: all $(BUILD)/dense_model
	$(Q)BUILD=$(BUILD) testbench/eie.sh

synth: all
	$(Q)$(if $(FAMILY),flow/synth_family.sh $(BUILD)/systole $(CONFIG) $(FAMILY) $(BUILD)/synth,flow/synth.sh $(BUILD)/systole $(CONFIG) $(BUILD)/synth)

FPGA_PACKAGES := nextpnr-ice40 fpga-icestorm
BOARD ?= icebreaker

$(BUILD)/fpga/.deps: Makefile .ci/deps | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)INSTALL=$(INSTALL) .ci/deps $(FPGA_PACKAGES)
	@touch $@

fpga: all $(BUILD)/fpga/.deps
	$(Q)flow/fpga.sh $(BUILD)/systole $(CONFIG) $(BOARD) $(BUILD)/fpga

# The device of CONFIG in iCE40 cells, running MODEL on INPUT against the twin
ice40-sim: all $(BUILD)/asic/digit.bin
	$(Q)flow/ice40_sim.sh $(BUILD)/systole $(CONFIG) $(MODEL) $(INPUT) $(BUILD)/ice40

$(BUILD)/host: flow/host/host.c
	$(call say,LINK,$@)
	$(Q)$(CC) $(STD) $(WARN) -O2 -o $@ $<

ASIC_PACKAGES := opensta qflow-tech-osu018

$(BUILD)/asic/.deps: Makefile .ci/deps | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)INSTALL=$(INSTALL) .ci/deps $(ASIC_PACKAGES)
	@touch $@

# SIM=0: without the netlist's simulation, so without power
NETWORKS ?= examples/digits/digits.tflite $(wildcard ../shared/models/resnet8_int8.tflite ../shared/models/dscnn_kws_int8.tflite)
ASIC_DIR = $(BUILD)/asic/$$(sed -n "s/^name: *\([A-Za-z0-9_]*\).*/\1/p" $(CONFIG))
asic: all $(BUILD)/asic/.deps $(BUILD)/asic/digit.bin
	$(Q)flow/asic.sh $(BUILD)/systole $(CONFIG) $(BUILD)/asic
	$(Q)$(if $(filter 0,$(SIM)),,flow/asic_sim.sh $(BUILD)/systole $(ASIC_DIR) examples/digits/digits.tflite $(BUILD)/asic/digit.bin)
	$(Q)flow/asic_networks.sh $(BUILD)/systole $(ASIC_DIR) $(NETWORKS)

# The netlist make asic left, running MODEL on INPUT
asic-sim: $(BUILD)/asic/digit.bin
	$(Q)flow/asic_sim.sh $(BUILD)/systole $(ASIC_DIR) $(MODEL) $(INPUT)

$(BUILD)/asic/digit.bin: examples/digits/images.bin
	@mkdir -p $(@D)
	$(Q)head -c 64 $< > $@

ppa: all $(BUILD)/asic/.deps $(BUILD)/fpga/.deps
	$(Q)flow/ppa.sh $(BUILD)/systole $(BUILD)/ppa docs/ppa.md

lint: all
	$(Q)BUILD=$(BUILD) testbench/lint.sh

bench: all
	$(Q)BUILD=$(BUILD) testbench/bench.sh

# Each fuzzer runs FUZZ_SECONDS from its seeds; a finding is left in $(BUILD)/fuzz and fails the target.
FUZZ_SECONDS ?= $(or $(SECONDS),30)
FUZZ_SAN     := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_OBJECTS := $(patsubst $(BUILD)/%,$(BUILD)/fuzz/obj/%,$(filter-out $(BUILD)/embedded.o,$(LIBRARY))) $(BUILD)/embedded.o

fuzz: $(FUZZERS:=.ran)

$(BUILD)/fuzz/.deps: Makefile .ci/deps | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(Q)INSTALL=$(INSTALL) .ci/deps $(FUZZ_PACKAGES)
	@touch $@

$(BUILD)/fuzz/obj/%.o: %.c | $(BUILD)/fuzz/.deps
	$(call say,CLANG,$<)
	@mkdir -p $(@D)
	$(Q)clang $(STD) $(FUZZ_SAN) -fsanitize=fuzzer-no-link $(INCLUDE) -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/obj/testbench/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	$(call say,LINK,$@)
	$(Q)clang $(FUZZ_SAN) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# always runs
$(BUILD)/fuzz/fuzz_%.ran: $(BUILD)/fuzz/fuzz_% FORCE
	@mkdir -p $(BUILD)/fuzz/corpus_$*
	@cp $(wildcard $(SEEDS_$*) testbench/fuzz/seeds_$*/*) $(BUILD)/fuzz/corpus_$*/ 2>/dev/null || :
	$(call say,FUZZ,$<)
	$(Q)cd $(BUILD)/fuzz && ./fuzz_$* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 corpus_$* > fuzz_$*.log 2>&1 \
		|| { tail -n 40 fuzz_$*.log; exit 1; }
	@grep number_of_executed $(BUILD)/fuzz/fuzz_$*.log
SEEDS_config = examples/*.yaml
SEEDS_tflite = examples/*/*.tflite

clean:
	rm -rf $(BUILD)

FORCE:
.PHONY: all deps run test eie synth fpga ice40-sim asic asic-sim ppa regress regress-only regress-selftest benches lint bench fuzz clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(OBJECTS:.o=.d) $(TESTS:$(BUILD)/%=$(BUILD)/testbench/unit/%.d) $(TOOLS:$(BUILD)/%=$(BUILD)/testbench/tools/%.d) $(FUZZ_OBJECTS:.o=.d)
