/* SPDX-License-Identifier: Apache-2.0 */
#include "simbuild.h"
#include "builddir.h"
#include "cmodel/chip_top.h"
#include "icarus.h"
#include "rtl_gen/emit_package.h"
#include "rtl_gen/regs.h"
#include "rtl_gen/writer.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double wall_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Everything the simulation is made from. */
static uint64_t content(const struct sim_build *b, const char *engine)
{
	uint64_t h = builddir_hash(BUILDDIR_HASH, engine, strlen(engine) + 1);
	struct regs t;

	h = builddir_hash(h, b->c, sizeof *b->c);
	h = builddir_hash(h, &b->traced, sizeof b->traced);
	h = builddir_hash(h, &b->quick, sizeof b->quick);
	if (b->break_edit) {
		h = builddir_hash(h, b->break_file, strlen(b->break_file));
		h = builddir_hash(h, b->break_edit, strlen(b->break_edit));
	}
	if (regs_build(&t, b->c) == 0)
		for (int i = 0; i < t.n; i++) {
			h = builddir_hash(h, t.at[i].path, strlen(t.at[i].path));
			h = builddir_hash(h, &t.at[i].offset, sizeof t.at[i] - offsetof(struct reg, offset));
		}
	regs_free(&t);
	return builddir_hash_files(builddir_hash_files(h, "rtl"), "testbench/");
}

static int on_chip(const struct sim_build *b) { return b->c->bus == BUS_ON_CHIP; }

/* The name of what is simulated. */
static const char *top(const struct sim_build *b, char *name, size_t size)
{
	snprintf(name, size, "%s%s", b->c->name, on_chip(b) ? "_chip" : "");
	return name;
}

static int write_registers(const struct sim_build *b, const char *dir)
{
	char path[512], name[48];
	struct writer w;
	struct regs t;

	if (regs_build(&t, b->c))
		return -1;
	snprintf(path, sizeof path, "%s/registers.cpp", dir);
	writer_open(&w, path);
	emit_registers(&w, top(b, name, sizeof name), &t);
	regs_free(&t);
	if (writer_close(&w))
		return -1;
	snprintf(path, sizeof path, "%s/public.vlt", dir);
	writer_open(&w, path);
	writer_line(&w, "`verilator_config");
	writer_line(&w, "public_flat_rd -module \"*\" -var \"*_q\"");
	return writer_close(&w);
}

/* The Makefile of one simulation: Verilator's C++, the list of registers and the glue, in parallel; quick: in one piece,
 * and Verilator's runtime once for all. */
static int write_makefile(const struct sim_build *b, const char *dir)
{
	const char *runtime = b->quick ? "../runtime/" : "";
	char path[512], pins[64];
	struct writer w;

	if (on_chip(b))
		snprintf(pins, sizeof pins, "SIM_CHIP -DSIM_CHIP_OUTSIDE=%d", b->c->target == TARGET_ICE40);
	else
		snprintf(pins, sizeof pins, "SIM_BUS_BYTES=%d", b->c->bus_bytes);
	snprintf(path, sizeof path, "%s/sim.mk", dir);
	writer_open(&w, path);
	writer_line(&w, "ROOT := $(shell verilator -getenv VERILATOR_ROOT)");
	writer_line(&w, "CXXFLAGS := -std=c++17 %s -march=native -fPIC -w -D%s%s -I. -Iobj -I$(ROOT)/include -I$(ROOT)/include/vltstd", b->quick ? "-O1" : "-O2",
		    pins, b->traced ? " -DSIM_TRACE -DVM_TRACE=1 -DVM_TRACE_FST=1" : "");
	writer_line(&w, "PARTS := $(wildcard obj/*.cpp) registers.cpp sim_verilator.cpp");
	writer_line(&w, "SOURCES := %s", b->quick ? "all.cpp" : "$(PARTS)");
	writer_line(&w, "RUNTIME := %sverilated %sverilated_threads%s", runtime, runtime, b->traced ? " verilated_fst_c" : "");
	writer_line(&w, "OBJECTS := $(SOURCES:.cpp=.o) $(RUNTIME:=.o)");
	writer_line(&w, "libsim.so: $(OBJECTS)");
	writer_line(&w, "\tg++ -shared -o $@.part $^ -pthread%s && mv $@.part $@", b->traced ? " -lz" : "");
	writer_line(&w, "all.cpp: $(PARTS)");
	writer_line(&w, "\tprintf '#include \"%%s\"\\n' $^ > $@");
	writer_line(&w, "%%.o: %%.cpp");
	writer_line(&w, "\tg++ $(CXXFLAGS) -c -o $@ $<");
	writer_line(&w, "%s%%.o: $(ROOT)/include/%%.cpp", runtime);
	if (b->quick)
		writer_line(&w, "\tmkdir -p ../runtime");
	writer_line(&w, "\tg++ $(CXXFLAGS) -c -o $@.$$$$ $< && mv $@.$$$$ $@");
	return writer_close(&w);
}

static int apply_break(const struct sim_build *b, const char *dir)
{
	char command[900];

	if (!b->break_edit)
		return 0;
	snprintf(command, sizeof command, "cp %s before.txt && sed -i -E '%s' %s && ! cmp -s before.txt %s", b->break_file, b->break_edit, b->break_file, b->break_file);
	return builddir_run(dir, command);
}

static int start(const struct sim_build *b, const char *engine, char *dir, size_t size, char *err, size_t errsize)
{
	int n = snprintf(dir, size, "%s/sim/%s-%s-%016llx", b->build_dir, b->c->name, engine, (unsigned long long)content(b, engine));

	if (n < 0 || (size_t)n >= size || n > 380) {
		snprintf(err, errsize, "%s: the path is too long", b->build_dir);
		return -1;
	}
	return 0;
}

int simbuild_once(const struct sim_build *b, const char *dir, const char *result, int (*build)(const struct sim_build *, const char *, char *, size_t),
	double *seconds, char *err, size_t errsize)
{
	double begin = wall_seconds();
	int lock, status = 0;

	if (access(result, R_OK) == 0)
		return 0;
	lock = builddir_lock(dir);
	if (lock < 0) {
		snprintf(err, errsize, "%s: %s", dir, strerror(errno));
		return -1;
	}
	if (access(result, R_OK))
		status = build(b, dir, err, errsize);
	close(lock);
	*seconds += wall_seconds() - begin;
	return status;
}

/* The package; NAME_chip with the portable modules that the twin is of: those in a target's cells have benches of their own. */
int simbuild_generate(const struct sim_build *b, const char *dir, char *err, size_t errsize)
{
	struct config c = *b->c;
	char command[64];

	if (c.target == TARGET_UP5K)
		c.target = TARGET_PORTABLE;
	snprintf(command, sizeof command, "systole gen %s.yaml", b->c->name);
	if (emit_package(&c, dir, command, err, errsize))
		return -1;
	if (on_chip(b) && (builddir_copy(dir, "rtl/chip_mul.v") || builddir_copy(dir, "rtl/chip_mul2.v") || builddir_copy(dir, "rtl/chip_soft.v"))) {
		snprintf(err, errsize, "%s: %s", dir, strerror(errno ? errno : EIO));
		return -1;
	}
	if (apply_break(b, dir)) {
		snprintf(err, errsize, "%s: the break does not apply to %s", b->break_edit, b->break_file);
		return -1;
	}
	return 0;
}

static int build_verilator(const struct sim_build *b, const char *dir, char *err, size_t errsize)
{
	char command[900], name[48], div[32] = "";

	if (simbuild_generate(b, dir, err, errsize))
		return -1;
	if (write_registers(b, dir) || write_makefile(b, dir) || builddir_copy(dir, "testbench/sim.h") ||
	    builddir_copy(dir, "testbench/sim_verilator.cpp")) {
		snprintf(err, errsize, "%s: %s", dir, strerror(errno ? errno : EIO));
		return -1;
	}
	if (on_chip(b))
		snprintf(div, sizeof div, "-GDIV=%d ", CHIP_DIV);
	top(b, name, sizeof name);
	snprintf(command, sizeof command,
		 "verilator --cc --flatten -O3 --x-assign fast --x-initial unique --noassert --output-split 20000 %s%s%s--prefix Vsys --top-module %s --Mdir obj public.vlt -f %s.f && "
		 "make -s -j2 -f sim.mk", b->traced ? "--trace-fst " : "", b->break_edit ? "-Wno-fatal " : "", div, name, name);
	if (builddir_run(dir, command)) {
		snprintf(err, errsize, "%s/build.log: building the simulation failed", dir);
		return -1;
	}
	return 0;
}

int simbuild_verilator(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize)
{
	char dir[400];

	if (start(b, "verilator", dir, sizeof dir, err, errsize))
		return -1;
	snprintf(path, pathsize, "%s/libsim.so", dir);
	return simbuild_once(b, dir, path, build_verilator, seconds, err, errsize);
}

static int icarus_pin_bits(const struct config *c, const char *pin)
{
	static const struct { const char *pin; int bits; } wide[] = { { "s_axil_awaddr", 12 }, { "s_axil_araddr", 12 }, { "s_axil_wdata", 32 }, { "s_axil_rdata", 32 },
		{ "s_axil_wstrb", 4 }, { "s_axil_bresp", 2 }, { "s_axil_rresp", 2 }, { "m_axi_araddr", 32 }, { "m_axi_awaddr", 32 }, { "m_axi_arid", 2 }, { "m_axi_awid", 2 },
		{ "m_axi_rid", 2 }, { "m_axi_bid", 2 }, { "m_axi_rresp", 2 }, { "m_axi_bresp", 2 }, { "m_axi_arlen", 8 }, { "m_axi_awlen", 8 } };
	size_t i;

	for (i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (strcmp(wide[i].pin, pin) == 0)
			return wide[i].bits;
	return strcmp(pin, "m_axi_wstrb") == 0 ? c->bus_bytes : 1;
}

/* The Verilog around the design: messages in, a clock edge, messages out. */
static int write_bench(const struct sim_build *b, const char *dir)
{
	char path[512];
	struct writer w;

	snprintf(path, sizeof path, "%s/bench.v", dir);
	writer_open(&w, path);
	writer_line(&w, "module bench;");
	writer_line(&w, "\treg aclk;");
#define P(pin, field, words) writer_line(&w, "\treg [31:0] " #pin ";");
#define DATA(pin, field) writer_line(&w, "\treg [%d:0] " #pin ";", b->c->bus_bits - 1);
	ICARUS_INPUTS(P, DATA)
#undef P
#undef DATA
#define P(pin, field, words) writer_line(&w, "\twire [31:0] " #pin ";");
#define DATA(pin, field) writer_line(&w, "\twire [%d:0] " #pin ";", b->c->bus_bits - 1);
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
	writer_line(&w, "\t%s dut (.aclk(aclk), .s_axil_awprot(3'd0), .s_axil_arprot(3'd0)", b->c->name);
#define P(pin, field, words) writer_line(&w, "\t\t, ." #pin "(" #pin "[%d:0])", icarus_pin_bits(b->c, #pin) - 1);
#define DATA(pin, field) writer_line(&w, "\t\t, ." #pin "(" #pin ")");
	ICARUS_INPUTS(P, DATA)
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
	writer_line(&w, "\t);");
#define P(pin, field, words) writer_line(&w, "\tgenerate if (%d < 32) assign " #pin "[31:%d] = 0; endgenerate", icarus_pin_bits(b->c, #pin), icarus_pin_bits(b->c, #pin) < 32 ? icarus_pin_bits(b->c, #pin) : 31);
#define DATA(pin, field)
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
	writer_line(&w, "\talways begin");
	writer_text(&w, "\t\t$systole_in(aresetn");
#define P(pin, field, words) if (strcmp(#pin, "aresetn")) writer_text(&w, ", " #pin);
#define DATA(pin, field) writer_text(&w, ", " #pin);
	ICARUS_INPUTS(P, DATA)
#undef P
	writer_text(&w, ");\n\t\t#1 aclk = 1'b1; #1 aclk = 1'b0; #1\n\t\t$systole_out(s_axil_awready");
#define P(pin, field, words) if (strcmp(#pin, "s_axil_awready")) writer_text(&w, ", " #pin);
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
	writer_text(&w, ");\n\tend\n\tinitial aclk = 1'b0;\nendmodule\n");
	return writer_close(&w);
}

static int build_icarus(const struct sim_build *b, const char *dir, char *err, size_t errsize)
{
	char command[600];

	if (simbuild_generate(b, dir, err, errsize))
		return -1;
	if (write_bench(b, dir) || builddir_copy(dir, "testbench/icarus/systole_vpi.c")) {
		snprintf(err, errsize, "%s: %s", dir, strerror(errno ? errno : EIO));
		return -1;
	}
	snprintf(command, sizeof command, "iverilog-vpi systole_vpi.c && iverilog -g2005 -s bench -o design.part bench.v -c %s.f && mv design.part design.vvp", b->c->name);
	if (builddir_run(dir, command)) {
		snprintf(err, errsize, "%s/build.log: building the simulation failed", dir);
		return -1;
	}
	return 0;
}

int simbuild_icarus(const struct sim_build *b, char *path, size_t pathsize, double *seconds, char *err, size_t errsize)
{
	char result[512];

	if (start(b, "icarus", path, pathsize, err, errsize))
		return -1;
	snprintf(result, sizeof result, "%s/design.vvp", path);
	return simbuild_once(b, path, result, build_icarus, seconds, err, errsize);
}
