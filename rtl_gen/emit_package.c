/* SPDX-License-Identifier: Apache-2.0
 * A configuration's folder: Verilog, file list, header, register map, constraints, driver, FuseSoC core. */
#include "emit_package.h"
#include "cmodel/csr_map.h"
#include "embedded.h"
#include "emit.h"
#include "emit_mul.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const common_modules[] = { "ram", "ram_be", "mul", "mul_pe", "acc_add", "csr", "sequencer", "tokens", "axi_rd", "axi_wr", "load", "store", "act_buffer",
	"wgt_buffer", "collector", "param_buffer", "post_addr", "post_lane", "post", "feed", "pool", NULL };
static const char *const osu018_cells[] = { "AND2X2", "HAX1", "FAX1", "INVX1", "NAND2X1", "NOR2X1", "XOR2X1", "XNOR2X1", "AOI21X1", NULL };
static const char *const ice40_cells[] = { "SB_LUT4", "SB_CARRY", "add_if", NULL };
static const char *const no_cells[] = { NULL };

/* Its cells and the folder of its own modules, by enum target. */
static const struct target_row { const char *folder; const char *const *cells; } targets[] = {
	{ "rtl", no_cells }, { "rtl/osu018", osu018_cells }, { "rtl/ice40", ice40_cells }, { "rtl", no_cells },
};

static const char *const os_modules[] = { "acc_split", "pe_os", "row_word", "row_os", "dw_lines", "array_os", NULL };
static const char *const rs_modules[] = { "feed_mux", "feed_rs", "ring_rs", "pe_rs", "row_rs", "array_rs", "acc_rs", NULL };
static const char *const skip_modules[] = { "feed_mux", "feed_skip", "pe_skip", "row_skip", "array_skip", NULL };
static const char *const chip_modules[] = { "chip_mem", "chip_fetch", "chip_walk", "chip_patch", "chip_mul2", "chip_soft", "chip_dot",
	"chip_mul", "chip_post", "chip_host", "uart_rx", "uart_tx", NULL };
static const char *const chip_inside[] = { "spram", "chip_ram", NULL };
static const char *const chip_outside[] = { "SB_LUT4", "SB_CARRY", "add_if", "mul_rows", "chip_sram", NULL };
static const char *const up5k_modules[] = { "ram", "spram", "chip_mul2", "chip_mul", NULL };
static const char *const ice40_ram[] = { "ram", NULL };
static const char *const ws_modules[] = { "pe_ws", "row_ws", "acc_ram", "wload_ws", "array_ws", NULL };

const char *const *emit_modules(const struct config *c)
{
	static const char *list[64];
	const char *const *own = c->dataflow == DATAFLOW_WS ? ws_modules : c->dataflow != DATAFLOW_RS ? os_modules : c->sparsity == SPARSITY_SKIP ? skip_modules : rs_modules;
	const char *const *cells = targets[c->target].cells;
	int n = 0, i;

	for (i = 0; cells[i]; i++)
		list[n++] = cells[i];
	for (i = 0; common_modules[i]; i++)
		list[n++] = common_modules[i];
	for (i = 0; own[i]; i++)
		list[n++] = own[i];
	if (c->sub > 1)
		list[n++] = "mul_sub";
	list[n] = NULL;
	return list;
}

static const struct embedded_file *find(const char *path)
{
	const struct embedded_file *f;

	for (f = embedded_files; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

struct package {
	const struct config *c;
	const char *dir, *command;
	char *err;
	size_t errsize;
};

static int fail(const struct package *p, const char *file)
{
	snprintf(p->err, p->errsize, "%s/%s: %s", p->dir, file, strerror(errno ? errno : EIO));
	return -1;
}

static int copy_embedded(const struct package *p, const char *from, const char *to)
{
	const struct embedded_file *f = find(from);
	char path[512];
	struct writer w;

	if (!f) {
		errno = ENOENT;
		return fail(p, from);
	}
	snprintf(path, sizeof path, "%s/%s", p->dir, to);
	writer_open(&w, path);
	writer_text(&w, "%.*s", (int)f->size, f->text);
	return writer_close(&w) ? fail(p, to) : 0;
}

static int emit_file(const struct package *p, const char *name, void (*emit)(struct writer *w, const struct config *c, const char *command))
{
	char path[512];
	struct writer w;

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	writer_open(&w, path);
	emit(&w, p->c, p->command);
	return writer_close(&w) ? fail(p, name) : 0;
}

static int emit_own(const struct package *p, const char *suffix, void (*emit)(struct writer *w, const struct config *c, const char *command))
{
	char name[64];

	snprintf(name, sizeof name, "%s%s", p->c->name, suffix);
	return emit_file(p, name, emit);
}

static void emit_filelist(struct writer *w, const struct config *c, const char *command)
{
	const char *const *m;

	writer_line(w, "// Made by: %s", command);
	for (m = emit_modules(c); *m; m++)
		writer_line(w, "%s.v", *m);
	writer_line(w, "%s.v", c->name);
}

static void emit_header(struct writer *w, const struct config *c, const char *command)
{
	char upper[32];
	size_t i;

	for (i = 0; c->name[i] && i + 1 < sizeof upper; i++)
		upper[i] = c->name[i] >= 'a' && c->name[i] <= 'z' ? (char)(c->name[i] - 32) : c->name[i];
	upper[i] = 0;
	writer_line(w, "/* Made by: %s */", command);
	writer_line(w, "#ifndef SYSTOLE_%s_H", upper);
	writer_line(w, "#define SYSTOLE_%s_H", upper);
	writer_line(w, "/* The design: see %s.md for the registers. */", c->name);
	writer_line(w, "#define SYSTOLE_%s_DATAFLOW \"%s\"", upper, c->dataflow == DATAFLOW_OS ? "os" : c->dataflow == DATAFLOW_WS ? "ws" : "rs");
#define P(NAME, value, doc) writer_line(w, "#define SYSTOLE_%s_" NAME " %d /* %s */", upper, value, doc);
	P("ROWS", c->rows, "PE rows")
	P("COLS", c->cols, "PE columns")
	P("ACT_BITS", c->act_bits, "bits of an activation")
	P("WGT_BITS", c->wgt_bits, "bits of a weight")
	P("ACC_BITS", c->acc_bits, "bits of a sum")
	P("ACT_BYTES", c->act_bytes, "activation buffer")
	P("WGT_BYTES", c->wgt_bytes, "weight buffer")
	P("BUS_BYTES", c->bus_bytes, "memory bus")
#undef P
	writer_line(w, "/* Registers */");
#define R(name, offset, access, reset, doc) writer_line(w, "#define SYSTOLE_%s_%s 0x%03x /* %s: %s */", upper, #name, offset, access, doc);
	CSR_MAP(R)
#undef R
#define R(name, field, offset, bits, doc) writer_line(w, "#define SYSTOLE_%s_%s 0x%03x /* RO, 48 bits: %s */", upper, #name, offset, doc);
	CSR_COUNTERS(R)
#undef R
	writer_line(w, "#endif");
}

static void emit_markdown(struct writer *w, const struct config *c, const char *command)
{
	writer_line(w, "<!-- Made by: %s -->", command);
	writer_line(w, "# Registers of %s", c->name);
	writer_text(w, "\n");
	writer_line(w, "AXI4-Lite, 32 bits, 12-bit byte addresses. An address that is not listed answers SLVERR.");
	writer_text(w, "\n");
	writer_line(w, "| offset | name | access | reset | meaning |");
	writer_line(w, "| --- | --- | --- | --- | --- |");
#define R(name, offset, access, reset, doc) writer_line(w, "| 0x%03x | %s | %s | 0x%08x | %s |", offset, #name, access, (unsigned)reset, doc);
	CSR_MAP(R)
#undef R
#define R(name, field, offset, bits, doc) writer_line(w, "| 0x%03x, 0x%03x | %s | RO | 0 | %s (low word, bits 47:32) |", offset, offset + 4, #name, doc);
	CSR_COUNTERS(R)
#undef R
	writer_text(w, "\n");
	writer_line(w, "| ERR_CODE | meaning |");
	writer_line(w, "| --- | --- |");
#define E(name, value, doc) writer_line(w, "| %d %s | %s |", value, #name, doc);
	CSR_ERRORS(E)
#undef E
}

static void emit_sdc(struct writer *w, const struct config *c, const char *command)
{
	const struct embedded_file *f = find("constraints/systole.sdc");

	writer_line(w, "# Made by: %s", command);
	writer_line(w, "# %s", c->name);
	writer_text(w, "%.*s", f ? (int)f->size : 0, f ? f->text : "");
}

static void emit_core(struct writer *w, const struct config *c, const char *command)
{
	const char *const *m;

	writer_line(w, "CAPI=2:");
	writer_line(w, "# Made by: %s", command);
	writer_line(w, "name: systole:accelerator:%s:1.0.0", c->name);
	writer_line(w, "description: neural-network accelerator, %d x %d PEs", c->rows, c->cols);
	writer_line(w, "filesets:");
	writer_line(w, "  rtl:");
	writer_line(w, "    files:");
	for (m = emit_modules(c); *m; m++)
		writer_line(w, "      - %s.v", *m);
	writer_line(w, "      - %s.v", c->name);
	writer_line(w, "    file_type: verilogSource-2005");
	writer_line(w, "  constraints:");
	writer_line(w, "    files: [%s.sdc: {file_type: SDC}]", c->name);
	writer_line(w, "targets:");
	writer_line(w, "  default: &default");
	writer_line(w, "    filesets: [rtl]");
	writer_line(w, "    toplevel: %s", c->name);
	writer_line(w, "  synth:");
	writer_line(w, "    <<: *default");
	writer_line(w, "    filesets: [rtl, constraints]");
	writer_line(w, "    default_tool: yosys");
	writer_line(w, "    tools: {yosys: {arch: ice40}}");
}

/* The target's own form of a module, where it has one. */
static int emit_module(const struct package *p, const char *module)
{
	char from[128], to[128];

	snprintf(to, sizeof to, "%s.v", module);
	if (p->c->target == TARGET_OSU018 && !strcmp(module, "mul_pe"))
		return emit_file(p, to, emit_mul);
	if (p->c->target == TARGET_OSU018 && !strcmp(module, "mul"))
		return emit_file(p, to, emit_mul_lane);
	snprintf(from, sizeof from, "%s/%s.v", targets[p->c->target].folder, module);
	if (!find(from))
		snprintf(from, sizeof from, "rtl/%s.v", module);
	return copy_embedded(p, from, to);
}

/* Modules of which NAME_chip has forms of its own; they are emitted as TARGET_MODULE.v. */
static const char *const *chip_own(const struct config *c)
{
	static const char *const none[] = { NULL };

	return c->target == TARGET_UP5K ? up5k_modules : c->target == TARGET_ICE40 ? ice40_ram : none;
}

/* NAME_chip's modules: those of its memory, which target ice40 has outside, and the others. */
static const char *const *chip_list(const struct config *c)
{
	static const char *list[32];
	const char *const *memory = c->target == TARGET_ICE40 ? chip_outside : chip_inside;
	int n = 0, i;

	for (i = 0; memory[i]; i++)
		list[n++] = memory[i];
	for (i = 0; chip_modules[i]; i++)
		list[n++] = chip_modules[i];
	list[n] = NULL;
	return list;
}

static int is_in(const char *const *list, const char *module)
{
	for (; *list; list++)
		if (!strcmp(*list, module))
			return 1;
	return 0;
}

static void emit_chip_list(struct writer *w, const struct config *c, const char *command)
{
	const char *const *m;

	writer_line(w, "// Made by: %s", command);
	writer_line(w, "%sram.v", is_in(chip_own(c), "ram") ? "up5k_" : "");
	for (m = chip_list(c); *m; m++)
		writer_line(w, "%s%s.v", is_in(chip_own(c), *m) ? "up5k_" : "", *m);
	writer_line(w, "%s_chip.v", c->name);
}

static int fill_chip(const struct package *p)
{
	const char *const *m;
	char from[128], to[128];

	for (m = chip_list(p->c); *m; m++)
		if (emit_module(p, *m))
			return -1;
	for (m = chip_own(p->c); *m; m++) {
		snprintf(from, sizeof from, "rtl/up5k/%s.v", *m);
		snprintf(to, sizeof to, "up5k_%s.v", *m);
		if (copy_embedded(p, from, to))
			return -1;
	}
	return emit_own(p, "_chip.v", emit_chip) || emit_own(p, "_chip.f", emit_chip_list) ? -1 : 0;
}

static int fill(const struct package *p)
{
	static const char *const driver[] = { "systole_driver.c", "systole_driver.h", "systole_mmio.h", NULL };
	const char *const *m;
	char from[128];
	int i;

	for (m = emit_modules(p->c); *m; m++)
		if (emit_module(p, *m))
			return -1;
	for (i = 0; driver[i]; i++) {
		snprintf(from, sizeof from, "rtl_gen/driver/%s", driver[i]);
		if (copy_embedded(p, from, driver[i]))
			return -1;
	}
	if (copy_embedded(p, "cmodel/csr_map.h", "csr_map.h"))
		return -1;
	if (p->c->bus == BUS_ON_CHIP && fill_chip(p))
		return -1;
	return emit_own(p, ".v", emit_top) || emit_own(p, ".f", emit_filelist) || emit_own(p, ".h", emit_header) || emit_own(p, ".md", emit_markdown) ||
		       emit_own(p, ".sdc", emit_sdc) || emit_own(p, ".core", emit_core) ? -1 : 0;
}

static void remove_directory(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[768];

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) {
			snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
			unlink(path);
		}
	if (d)
		closedir(d);
	rmdir(dir);
}

/* Files are made in DIR.part; DIR gets them only when all are whole. */
static int install(const struct package *part, const char *dir)
{
	DIR *d = opendir(part->dir);
	struct dirent *e;
	char from[768], to[768];
	int status = d ? 0 : -1;

	while (d && status == 0 && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) {
			snprintf(from, sizeof from, "%s/%s", part->dir, e->d_name);
			snprintf(to, sizeof to, "%s/%s", dir, e->d_name);
			if (rename(from, to))
				status = fail(part, e->d_name);
		}
	if (d)
		closedir(d);
	return status;
}

int emit_package(const struct config *c, const char *dir, const char *command, char *err, size_t errsize)
{
	char temp[400];
	struct package p = { c, temp, command, err, errsize };
	int made, status;

	if (strlen(dir) + 8 > sizeof temp) {
		snprintf(err, errsize, "%s: the path is too long", dir);
		return -1;
	}
	snprintf(temp, sizeof temp, "%s.part", dir);
	if (mkdir(temp, 0777) && errno != EEXIST) {
		snprintf(err, errsize, "%s: %s", temp, strerror(errno));
		return -1;
	}
	status = fill(&p);
	if (status == 0) {
		made = mkdir(dir, 0777) == 0;
		if (!made && errno != EEXIST) {
			snprintf(err, errsize, "%s: %s", dir, strerror(errno));
			status = -1;
		} else if (install(&p, dir)) {
			if (made)
				remove_directory(dir);
			status = -1;
		}
	}
	remove_directory(temp);
	return status;
}
