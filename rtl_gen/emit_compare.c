/* SPDX-License-Identifier: Apache-2.0
 * The lock-step comparison as straight-line C++: one line per register. */
#include "regs.h"
#include "writer.h"
#include <string.h>

enum { REGS_PER_FUNCTION = 400 };

/* u_array.g_row[0].u_row.tok -> NAME__DOT__u_array__DOT__g_row__BRA__0__KET____DOT__u_row__DOT__tok_q */
static void verilator_name(const struct config *c, const char *path, char *name, size_t size)
{
	size_t n = (size_t)snprintf(name, size, "%s__DOT__", c->name);

	for (; *path && n + 16 < size; path++) {
		const char *s = *path == '.' ? "__DOT__" : *path == '[' ? "__BRA__" : *path == ']' ? "__KET__" : NULL;

		n += s ? (size_t)snprintf(name + n, size - n, "%s", s) : 1;
		if (!s)
			name[n - 1] = *path;
	}
	snprintf(name + n, size - n, "_q");
}

static const char *lane_type(const struct reg *r)
{
	static const char *const types[2][4] = { { "uint8_t", "uint16_t", "uint32_t", "uint64_t" }, { "int8_t", "int16_t", "int32_t", "int64_t" } };

	return types[r->is_signed][r->elem == 1 ? 0 : r->elem == 2 ? 1 : r->elem == 4 ? 2 : 3];
}

/* Several entries share one RTL register (more than 64 bits wide). */
static int is_part(const struct regs *t, const struct reg *r)
{
	int i = (int)(r - t->at);

	return r->low > 0 || (i + 1 < t->n && r[1].low > 0 && strcmp(r->path, r[1].path) == 0);
}

static void compare_line(struct writer *w, const struct config *c, const struct regs *t, const struct reg *r)
{
	int bits = r->lanes * r->width;
	char name[256];

	verilator_name(c, r->path, name, sizeof name);
	if (is_part(t, r))
		writer_line(w, "d |= part<%d, %d>(r->%s.data()) ^ pack<%s, %d, 1>(t + %zu);", r->low, r->width, name, lane_type(r), r->width, r->offset);
	else if (bits > 64)
		writer_line(w, "d |= wide<%s, %d, %d>(r->%s.data(), t + %zu);", lane_type(r), r->width, r->lanes, name, r->offset);
	else
		writer_line(w, "d |= static_cast<uint64_t>(r->%s) ^ pack<%s, %d, %d>(t + %zu);", name, lane_type(r), r->width, r->lanes, r->offset);
}

void emit_compare(struct writer *w, const struct config *c, const struct regs *t)
{
	int i, k, parts = (t->n + REGS_PER_FUNCTION - 1) / REGS_PER_FUNCTION;
	char name[256];

	writer_line(w, "// Generated: every register against its twin.");
	writer_line(w, "#include \"lockstep.h\"");
	writer_line(w, "#include \"Vsys.h\"");
	writer_line(w, "#include \"Vsys___024root.h\"");
	for (k = 0; k < parts; k++) {
		writer_line(w, "static uint64_t part%d(const Vsys___024root *r, const char *t)", k);
		writer_line(w, "{");
		w->indent++;
		writer_line(w, "uint64_t d = 0;");
		for (i = k * REGS_PER_FUNCTION; i < t->n && i < (k + 1) * REGS_PER_FUNCTION; i++)
			compare_line(w, c, t, &t->at[i]);
		writer_line(w, "return d;");
		w->indent--;
		writer_line(w, "}");
	}
	writer_line(w, "uint64_t compare_registers(const Vsys___024root *r, const char *t)");
	writer_line(w, "{");
	writer_text(w, "\treturn 0");
	for (k = 0; k < parts; k++)
		writer_text(w, " | part%d(r, t)", k);
	writer_text(w, ";\n}\n");
	writer_line(w, "void list_registers(const Vsys___024root *r, const void **at)");
	writer_line(w, "{");
	for (i = 0; i < t->n; i++) {
		verilator_name(c, t->at[i].path, name, sizeof name);
		writer_text(w, "\tat[%d] = &r->%s;\n", i, name);
	}
	writer_line(w, "}");
	writer_line(w, "extern const int register_count;");
	writer_line(w, "const int register_count = %d;", t->n);
}
