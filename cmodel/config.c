/* SPDX-License-Identifier: Apache-2.0
 * Every error text starts with the key at fault, as it is written in the configuration file: the reader finds
 * the line by it. */
#include "config.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* R(field, key, least, most, power of two) */
#define RANGES(R) \
	R(rows, "rows", 1, CONFIG_MAX_ROWS, 0) \
	R(cols, "cols", 1, CONFIG_MAX_COLS, 0) \
	R(act_bits, "act_bits", 4, 16, 0) \
	R(wgt_bits, "wgt_bits", 1, 8, 0) \
	R(queue_depth, "queue_depth", 2, 64, 1) \
	R(act_bytes, "act_buffer", 1 << 10, 1 << 20, 1) \
	R(wgt_bytes, "wgt_buffer", 1 << 8, 1 << 20, 1) \
	R(acc_depth, "acc_depth", 16, 1 << 14, 1) \
	R(par_depth, "par_depth", 16, 1 << 14, 1) \
	R(bus_bits, "bus_bits", 64, 8 * CONFIG_MAX_BUS, 1) \
	R(line_depth, "line_depth", 4, 1 << 12, 1) \
	R(spad_wgt, "spad_wgt", 4, 1 << 17, 0) \
	R(spad_key, "spad_key", 4, 1 << 16, 1) \
	R(spad_act, "spad_act", 4, 1 << 10, 0) \
	R(spad_psum, "spad_psum", 1, 1 << 10, 0)

/* The design's name becomes a Verilog module, a C identifier and a file name. */
static const char *const reserved[] = {
	/* Verilog-2005 */
	"always", "and", "assign", "automatic", "begin", "buf", "bufif0", "bufif1", "case", "casex", "casez", "cell",
	"cmos", "config", "deassign", "default", "defparam", "design", "disable", "edge", "else", "end", "endcase",
	"endconfig", "endfunction", "endgenerate", "endmodule", "endprimitive", "endspecify", "endtable", "endtask",
	"event", "for", "force", "forever", "fork", "function", "generate", "genvar", "highz0", "highz1", "if", "ifnone",
	"incdir", "include", "initial", "inout", "input", "instance", "integer", "join", "large", "liblist", "library",
	"localparam", "macromodule", "medium", "module", "nand", "negedge", "nmos", "nor", "noshowcancelled", "not",
	"notif0", "notif1", "or", "output", "parameter", "pmos", "posedge", "primitive", "pull0", "pull1", "pulldown",
	"pullup", "pulsestyle_ondetect", "pulsestyle_onevent", "rcmos", "real", "realtime", "reg", "release", "repeat",
	"rnmos", "rpmos", "rtran", "rtranif0", "rtranif1", "scalared", "showcancelled", "signed", "small", "specify",
	"specparam", "strong0", "strong1", "supply0", "supply1", "table", "task", "time", "tran", "tranif0", "tranif1",
	"tri", "tri0", "tri1", "triand", "trior", "trireg", "unsigned", "use", "uwire", "vectored", "wait", "wand",
	"weak0", "weak1", "while", "wire", "wor", "xnor", "xor",
	/* SystemVerilog, for users whose tools read .v files as such */
	"accept_on", "alias", "always_comb", "always_ff", "always_latch", "assert", "assume", "before", "bind", "bins",
	"binsof", "bit", "break", "byte", "chandle", "checker", "class", "clocking", "const", "constraint", "context",
	"continue", "cover", "covergroup", "coverpoint", "cross", "dist", "do", "endchecker", "endclass", "endclocking",
	"endgroup", "endinterface", "endpackage", "endprogram", "endproperty", "endsequence", "enum", "eventually",
	"expect", "export", "extends", "extern", "final", "first_match", "foreach", "forkjoin", "global", "iff",
	"ignore_bins", "illegal_bins", "implements", "implies", "import", "inside", "int", "interconnect", "interface",
	"intersect", "join_any", "join_none", "let", "local", "logic", "longint", "matches", "modport", "nettype", "new",
	"nexttime", "null", "package", "packed", "priority", "program", "property", "protected", "pure", "rand", "randc",
	"randcase", "randsequence", "ref", "reject_on", "restrict", "return", "sequence", "shortint", "shortreal",
	"soft", "solve", "static", "string", "strong", "struct", "super", "sync_accept_on", "sync_reject_on", "tagged",
	"this", "throughout", "timeprecision", "timeunit", "type", "typedef", "union", "unique", "unique0", "until",
	"until_with", "untyped", "var", "virtual", "void", "wait_order", "weak", "wildcard", "with", "within",
	/* C and C++ */
	"asm", "auto", "bool", "catch", "char", "concept", "const_cast", "constexpr", "decltype", "delete", "double",
	"dynamic_cast", "explicit", "false", "float", "friend", "goto", "inline", "long", "main", "mutable", "namespace",
	"noexcept", "nullptr", "operator", "private", "public", "register", "reinterpret_cast", "requires", "restrict",
	"short", "sizeof", "static_assert", "static_cast", "switch", "template", "thread_local", "throw", "true", "try",
	"typeid", "typename", "using", "volatile", "wchar_t",
	/* modules of rtl/ and its target directories */
	"AND2X2", "AOI21X1", "FAX1", "HAX1", "INVX1", "NAND2X1", "NOR2X1", "SB_CARRY", "SB_LUT4", "SB_MAC16",
	"XNOR2X1", "XOR2X1", "acc_add", "acc_ram", "acc_rs", "acc_split", "act_buffer", "add_if", "array_os",
	"array_rs", "array_skip", "array_ws", "axi_rd", "axi_wr", "chip_dot", "chip_fetch", "chip_host", "chip_mem",
	"chip_mul", "chip_mul2", "chip_patch", "chip_post", "chip_ram", "chip_soft", "chip_sram", "chip_walk",
	"collector", "csr", "dw_lines", "feed", "feed_mux", "feed_rs", "feed_skip", "load", "mul", "mul_pe",
	"mul_rows", "mul_sub", "param_buffer", "pe_os", "pe_rs", "pe_skip", "pe_ws", "pool", "post", "post_addr",
	"post_lane", "ram", "ram_be", "ring_rs", "row_os", "row_rs", "row_skip", "row_word", "row_ws", "sequencer",
	"spram", "store", "tokens", "uart_rx", "uart_tx", "wgt_buffer", "wload_ws",
};

__attribute__((format(printf, 2, 3))) static int fail(struct config_error *e, const char *fmt, ...)
{
	va_list args;

	e->line = e->column = 0;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, args);
	va_end(args);
	return -1;
}

static int larger(int a, int b) { return a > b ? a : b; }
static int smaller(int a, int b) { return a < b ? a : b; }
static int is_power(int v) { return v > 0 && (v & (v - 1)) == 0; }

static int power_at_least(int v)
{
	int p = 1;

	while (p < v)
		p *= 2;
	return p;
}

static int log2_of(int power)
{
	int n = 0;

	while (1 << n < power)
		n++;
	return n;
}

void config_init(struct config *c)
{
	memset(c, 0, sizeof *c);
	c->dataflow = DATAFLOW_OS;
	c->rows = c->cols = 8;
	c->act_bits = c->wgt_bits = 8;
	c->precision = 8;
	c->rounding = ROUNDING_TFLITE;
	c->sparsity = SPARSITY_GATE;
	c->queue_depth = 8;
	c->act_bytes = 64 << 10;
	c->wgt_bytes = 16 << 10;
	c->acc_depth = 256;
	c->par_depth = 512;
	c->bus_bits = 64;
	c->line_depth = 64;
	c->spad_wgt = 224;
	c->spad_act = 32;
	c->spad_psum = 24;
	c->spad_key = 512;
}

static int is_letter(char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z'); }
static int is_digit(char ch) { return ch >= '0' && ch <= '9'; }

/* Verilator writes "__" in names differently: the compare table would not find its registers. */
static int is_identifier(const char *s)
{
	size_t i, n = strlen(s);

	if (!is_letter(s[0]) || s[n - 1] == '_')
		return 0;
	for (i = 1; i < n; i++)
		if (!is_letter(s[i]) && !is_digit(s[i]) && !(s[i] == '_' && s[i - 1] != '_'))
			return 0;
	return 1;
}

static int check_name(const struct config *c, struct config_error *e)
{
	size_t i;

	if (!memchr(c->name, 0, sizeof c->name))
		return fail(e, "name is too long: at most %zu characters", sizeof c->name - 1);
	if (!c->name[0])
		return fail(e, "name is missing: give the design a name, such as `name: os8x8`");
	if (!is_identifier(c->name))
		return fail(e, "name must be a Verilog identifier: a letter, then letters, digits and single underscores");
	for (i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (!strcmp(c->name, reserved[i]))
			return fail(e, "name \"%s\" is a keyword or one of Systole's modules: choose another, such as %s_top",
				c->name, c->name);
	return 0;
}

static int check_range(const char *key, int v, int least, int most, int power, struct config_error *e)
{
	if (v >= least && v <= most && (!power || is_power(v)))
		return 0;
	if (most - least == 1 || (power && most == 2 * least))
		return fail(e, "%s is %d: use %d or %d", key, v, least, most);
	return fail(e, "%s is %d: use %s from %d to %d", key, v, power ? "a power of two" : "a number", least, most);
}

static int check_ranges(const struct config *c, struct config_error *e)
{
#define RANGE(field, key, least, most, power) \
	if (check_range(key, c->field, least, most, power, e)) \
		return -1;
	RANGES(RANGE)
#undef RANGE
	if (c->act_bits > 8 && c->act_bits < 16)
		return fail(e, "act_bits is %d: use a number from 4 to 8, or 16", c->act_bits);
	if (c->act_bits == 16 && c->rounding == ROUNDING_ONNX)
		return fail(e, "rounding onnx has no 16-bit activations: use tflite or tflite_single, or act_bits 8");
	if (c->act_bits == 16 && c->target != TARGET_PORTABLE)
		return fail(e, "act_bits is 16: targets other than portable have multipliers for 4 to 8");
	if ((unsigned)c->dataflow > DATAFLOW_RS)
		return fail(e, "dataflow is %d: use os, ws or rs", (int)c->dataflow);
	if ((unsigned)c->rounding > ROUNDING_ONNX)
		return fail(e, "rounding is %d: use tflite, tflite_single or onnx", (int)c->rounding);
	if ((unsigned)c->bus > BUS_ON_CHIP)
		return fail(e, "bus is %d: use axi or on_chip", (int)c->bus);
	if ((unsigned)c->target > TARGET_UP5K)
		return fail(e, "target is %d: use portable, osu018, ice40 or up5k", (int)c->target);
	if (c->target != TARGET_PORTABLE && c->wgt_bits < 4)
		return fail(e, "wgt_bits is %d: targets other than portable have multipliers for 4 to 8", c->wgt_bits);
	return 0;
}

static int derive_skip(const struct config *c, struct config_error *e)
{
	if (c->codebook && c->codebook != 16)
		return fail(e, "codebook is %d: use 16, or 0 for weights as they are", c->codebook);
	if (c->sparsity != SPARSITY_SKIP && c->codebook)
		return fail(e, "codebook is for sparsity skip: use 0");
	if (c->sparsity != SPARSITY_SKIP)
		return c->spad_wgt > 1 << 12 ? fail(e, "spad_wgt is %d: use a number from 4 to 4096, or sparsity skip", c->spad_wgt) : 0;
	if (c->wgt_bits != 8)
		return fail(e, "sparsity skip stores a byte beside each weight: wgt_bits is %d, use 8", c->wgt_bits);
	if (c->cols < 4)
		return fail(e, "cols is %d: sparsity skip needs at least 4", c->cols);
	if (c->queue_depth < 4)
		return fail(e, "queue_depth is %d: sparsity skip needs at least 4", c->queue_depth);
	if (c->spad_psum < 4)
		return fail(e, "spad_psum is %d: sparsity skip needs at least 4", c->spad_psum);
	return 0;
}

/* sparsity and its pattern */
static int derive_sparsity(struct config *c, struct config_error *e)
{
	static const int n[] = { 2, 1, 4 }, m[] = { 4, 4, 8 };

	if ((unsigned)c->sparsity > SPARSITY_SKIP)
		return fail(e, "sparsity is %d: use none, gate, nm or skip", (int)c->sparsity);
	if ((unsigned)c->pattern > PATTERN_4_8)
		return fail(e, "pattern is %d: use 2:4, 1:4 or 4:8", (int)c->pattern);
	if (c->sparsity == SPARSITY_NM && c->dataflow == DATAFLOW_RS)
		return fail(e, "sparsity nm is for os and ws: use none or gate with rs");
	if (c->sparsity == SPARSITY_SKIP && c->dataflow != DATAFLOW_RS)
		return fail(e, "sparsity skip is for dataflow rs: use none or gate");
	if (derive_skip(c, e))
		return -1;
	c->zero_gating = c->sparsity != SPARSITY_NONE;
	c->nm_n = c->sparsity == SPARSITY_NM ? n[c->pattern] : 1;
	c->nm_m = c->sparsity == SPARSITY_NM ? m[c->pattern] : 1;
	if (c->sparsity == SPARSITY_NM && c->wgt_bits == 1)
		return fail(e, "sparsity nm needs weights of 0, and those of wgt_bits 1 are -1 and 1: use wgt_bits 2, or none or gate");
	if (c->dataflow == DATAFLOW_WS && c->rows % c->nm_n)
		return fail(e, "rows is %d: ws with %d:%d needs a multiple of %d, the rows that share a group", c->rows, c->nm_n, c->nm_m, c->nm_n);
	c->group = c->nm_m;
	c->group_aw = log2_of(c->group);
	c->idx_bits = c->group_aw;
	return 0;
}

/* precision: weights of 8 bits, or several narrow ones in their place */
static int derive_precision(struct config *c, struct config_error *e)
{
	if (c->precision & ~14 || !(c->precision & 8))
		return fail(e, "precision is %d: use [8], [8, 4], [8, 2] or [8, 4, 2]", c->precision);
	c->sub = c->precision & 2 ? 4 : c->precision & 4 ? 2 : 1;
	if (c->sub == 1)
		return 0;
	if (c->dataflow != DATAFLOW_OS)
		return fail(e, "precision of several widths is for os: use [8], or dataflow os");
	if (c->wgt_bits != 8)
		return fail(e, "precision of several widths divides weights of 8 bits: use [8], or wgt_bits 8");
	if (c->sparsity == SPARSITY_NM)
		return fail(e, "precision of several widths does not go with sparsity nm: use [8], or sparsity none or gate");
	c->group = c->sub;
	c->group_aw = log2_of(c->group);
	return 0;
}

/* A dense layer of 2^12 taps fits; the compiler checks each layer. */
static int derive_acc(struct config *c, struct config_error *e)
{
	int product;

	c->x_bits = c->act_bits > 8 ? c->act_bits : c->act_bits + c->zero_gating;
	product = c->x_bits + c->w_bits;
	if (!c->acc_bits)
		c->acc_bits = larger(16, product + 12 < 32 ? product + 12 : 32);
	if (c->acc_bits < 16 || c->acc_bits > 32)
		return fail(e, "acc_bits is %d: use a number from 16 to 32, or 0 to have it derived", c->acc_bits);
	if (c->acc_bits < product)
		return fail(e, "acc_bits is %d, but one product takes %d bits: use a number from %d to 32", c->acc_bits,
			product, product);
	return 0;
}

static int derive_port(struct config *c, struct config_error *e)
{
	int widest = larger(c->cols, c->bus_bytes), least;

	if (c->dataflow != DATAFLOW_RS)
		widest = larger(widest, c->rows);
	if (c->dataflow == DATAFLOW_WS)
		widest = larger(widest, c->rows * c->nm_m / c->nm_n);
	least = power_at_least(larger(widest, c->group));
	if (!c->act_port && c->dataflow == DATAFLOW_OS) /* as many steps as rows, twice */
		c->act_port = larger(power_at_least(smaller(2 * c->rows * c->sub * c->nm_m / c->nm_n, CONFIG_MAX_PORT / c->act_size)), larger(least, 8));
	else if (!c->act_port)
		c->act_port = power_at_least(larger(larger(widest, c->rows), c->dataflow == DATAFLOW_RS ? 16 : 8));
	if (c->act_port < least || c->act_port > CONFIG_MAX_PORT / c->act_size || !is_power(c->act_port))
		return fail(e, "act_port is %d: use a power of two from %d to %d (at least %scols and bus bytes), or 0 to "
			"have it derived", c->act_port, least, CONFIG_MAX_PORT / c->act_size, c->dataflow == DATAFLOW_RS ? "" : "rows, ");
	c->port_aw = log2_of(c->act_port);
	return 0;
}

/* As many words as have their indices in one beat; or one word with several beats of them. */
static void derive_indices(struct config *c)
{
	int word = c->cols * c->idx_bits;

	c->idx_block = 1;
	c->idx_beats = (word + c->bus_bits - 1) / c->bus_bits;
	while (word && 2 * c->idx_block * word <= c->bus_bits)
		c->idx_block *= 2;
}

static int derive_weights(struct config *c, struct config_error *e)
{
	int least_words = larger(16, power_at_least(2 * c->rows)), least;

	c->wgt_word = power_at_least((c->cols * c->wgt_store + 7) / 8);
	c->wgt_depth = c->wgt_bytes / c->wgt_word;
	c->wgt_aw = log2_of(c->wgt_depth);
	least = larger(least_words * c->wgt_word, 32 * c->bus_bytes);
	derive_indices(c);
	if (c->wgt_bytes < least)
		return fail(e, "wgt_buffer is %d bytes: at least %d, for %d words of %d weights or two bursts of 16 beats",
			c->wgt_bytes, least, least_words, c->wgt_word);
	return 0;
}

/* With lanes that are no power of two the parameter buffer rounds up: room for par_depth channels or more. */
static int derive_lanes(struct config *c, struct config_error *e)
{
	if (!c->lanes)
		c->lanes = c->cols;
	if (c->lanes < 1 || c->cols % c->lanes)
		return fail(e, "lanes is %d: use a divisor of cols, which is %d, or 0 for as many as cols", c->lanes, c->cols);
	if (c->par_depth < 2 * c->cols)
		return fail(e, "par_depth is %d: at least %d, so that two channel tiles of %d fit", c->par_depth,
			power_at_least(2 * c->cols), c->cols);
	c->par_rows = power_at_least((c->par_depth + c->lanes - 1) / c->lanes);
	c->par_aw = log2_of(c->par_rows);
	return 0;
}

/* What rtl/chip_*.v are made for. */
static int derive_on_chip(const struct config *c, struct config_error *e)
{
	if (c->bus != BUS_ON_CHIP)
		return 0;
	if (c->dataflow != DATAFLOW_OS || c->x_bits != 8 || c->wgt_bits != 8 || c->rounding != ROUNDING_TFLITE)
		return fail(e, "bus is on_chip: dataflow must be os, act_bits and wgt_bits 8, sparsity none, rounding tflite");
	if (c->rows != 2 || c->cols != 8)
		return fail(e, "bus is on_chip: rows must be 2 and cols 8, outputs and products of NAME_chip's array");
	return 0;
}

int config_derive(struct config *c, struct config_error *e)
{
	if (check_name(c, e) || check_ranges(c, e))
		return -1;
	c->bus_bytes = c->bus_bits / 8;
	c->act_size = c->act_bits > 8 ? 2 : 1;
	c->act_baw = log2_of(c->act_bytes);
	c->act_aw = c->act_baw - (c->act_size - 1);
	c->acc_aw = log2_of(c->acc_depth);
	c->col_depth = larger(8, power_at_least(4 * c->rows));
	c->col_aw = log2_of(c->col_depth);
	c->w_bits = larger(c->wgt_bits, 2);
	c->wgt_store = power_at_least(c->wgt_bits);
	if (derive_sparsity(c, e) || derive_precision(c, e) || derive_acc(c, e) || derive_port(c, e) || derive_weights(c, e) || derive_lanes(c, e))
		return -1;
	c->acc_split = c->target == TARGET_OSU018 && c->dataflow == DATAFLOW_OS ? larger((c->acc_bits + 1) / 2, smaller(15, c->acc_bits - 2)) : 0;
	if (derive_on_chip(c, e))
		return -1;
	return 0;
}
