/* SPDX-License-Identifier: Apache-2.0
 * C++ that finds every register in the verilated design. */
#include "regs.h"
#include "writer.h"

/* u_array.g_row[0].u_row.tok -> NAME__DOT__u_array__DOT__g_row__BRA__0__KET____DOT__u_row__DOT__tok_q */
static void verilator_name(const char *top, const char *path, char *name, size_t size)
{
	size_t n = (size_t)snprintf(name, size, "%s__DOT__", top);

	for (; *path && n + 16 < size; path++) {
		const char *s = *path == '.' ? "__DOT__" : *path == '[' ? "__BRA__" : *path == ']' ? "__KET__" : NULL;

		n += s ? (size_t)snprintf(name + n, size - n, "%s", s) : 1;
		if (!s)
			name[n - 1] = *path;
	}
	snprintf(name + n, size - n, "_q");
}

void emit_registers(struct writer *w, const char *top, const struct regs *t)
{
	char name[256];
	int i;

	writer_line(w, "// Generated: the storage of every register.");
	writer_line(w, "#include \"Vsys.h\"");
	writer_line(w, "#include \"Vsys___024root.h\"");
	writer_line(w, "static void see(const void *first, const void *behind, const void *&at, const char *&end)");
	writer_line(w, "{");
	writer_text(w, "\tat = first;\n\tif (end < behind)\n\t\tend = static_cast<const char *>(behind);\n");
	writer_line(w, "}");
	writer_line(w, "const char *list_registers(const Vsys___024root *r, const void **at)");
	writer_line(w, "{");
	writer_text(w, "\tconst char *end = nullptr;\n");
	for (i = 0; i < t->n; i++) {
		verilator_name(top, t->at[i].path, name, sizeof name);
		writer_text(w, "\tsee(&r->%s, &r->%s + 1, at[%d], end);\n", name, name, i);
	}
	writer_text(w, "\treturn end;\n");
	writer_line(w, "}");
	writer_line(w, "extern const int register_count;");
	writer_line(w, "const int register_count = %d;", t->n);
}
