/* SPDX-License-Identifier: Apache-2.0
 * A column of the product holds bits of one weight. The three that arrive first go through a full adder, whose carry
 * goes to the next column, until one is left: every adder works as early as it can, and no row of carries is left to
 * be added at the end (Oklobdzija, Villeger, Liu, IEEE Transactions on Computers 45, 1996: three-greedy). */
#include "emit_mul.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define L(...) writer_line(w, __VA_ARGS__)

enum { SIDE_MAX = 33, COLUMNS_MAX = 2 * SIDE_MAX, BITS_MAX = 2 * SIDE_MAX + 4 };

/* Delays in ps between the library's cells, one load each; they decide which bits meet, not what the sum is. */
enum { AND_PS = 200, FA_SUM_PS = 265, FA_CARRY_PS = 245, FA_LATE_PS = 215, FA_LATE_SUM_PS = 225, HA_SUM_PS = 140, HA_CARRY_PS = 167, GATE_PS = 130,
	BOOTH_PS = 900 };

struct bit { char name[24]; int at; };
struct column { struct bit bits[BITS_MAX]; int n, one; }; /* one: a constant 1 is there too */
struct tree {
	struct writer *w;
	struct column columns[COLUMNS_MAX + 1];
	int width, cells;
	int first_late;    /* column, or width: none is late */
	char carry[24];    /* into it */
};

static void put(struct tree *t, int column, const char *name, int at)
{
	struct column *c = &t->columns[column];

	if (column >= t->width) /* above the product: weight 2^width */
		return;
	snprintf(c->bits[c->n].name, sizeof c->bits[c->n].name, "%s", name);
	c->bits[c->n++].at = at;
}

/* The carry of a column's last adder is held back where late columns begin. */
static void put_carry(struct tree *t, int column, const char *name, int at, int last)
{
	if (last && column + 1 == t->first_late)
		snprintf(t->carry, sizeof t->carry, "%s", name);
	else
		put(t, column + 1, name, at);
}

/* Takes the earliest bit out of a column. */
static struct bit take(struct column *c)
{
	int i, best = 0;
	struct bit b;

	for (i = 1; i < c->n; i++)
		if (c->bits[i].at < c->bits[best].at)
			best = i;
	b = c->bits[best];
	c->bits[best] = c->bits[--c->n];
	return b;
}

static int later(int a, int b) { return a > b ? a : b; }

/* Two bits and the constant 1: sum ~(a ^ b), carry a | b. */
static void add_one(struct tree *t, int column)
{
	struct bit a = take(&t->columns[column]), b = take(&t->columns[column]);
	struct writer *w = t->w;
	char s[24], c[24];
	int n = t->cells++;

	snprintf(s, sizeof s, "s%d", n);
	snprintf(c, sizeof c, "c%d", n);
	L("wire %s = ~(%s ^ %s);", s, a.name, b.name);
	if (column + 1 < t->width)
		L("wire %s = %s | %s;", c, a.name, b.name);
	put(t, column, s, b.at + GATE_PS);
	put(t, column + 1, c, b.at + GATE_PS);
	t->columns[column].one = 0;
}

/* The top column has no use for a carry. */
static void top(struct tree *t, int column)
{
	struct column *c = &t->columns[column];
	struct writer *w = t->w;
	int i;

	writer_text(w, "\tassign p_o[%d] = %s", column, c->one ? "~(" : "");
	for (i = 0; i < c->n; i++)
		writer_text(w, "%s%s", i ? " ^ " : "", c->bits[i].name);
	if (t->first_late < t->width)
		writer_text(w, " ^ (%s & all%d)", t->carry, column - 1);
	writer_text(w, "%s;\n", c->one ? ")" : "");
}

static void half_adder(struct tree *t, int column)
{
	struct bit a = take(&t->columns[column]), b = take(&t->columns[column]);
	struct writer *w = t->w;
	char s[24], c[24];
	int n = t->cells++;

	snprintf(s, sizeof s, "s%d", n);
	snprintf(c, sizeof c, "c%d", n);
	L("wire %s, %s;", s, c);
	L("HAX1 u_ha%d (.A(%s), .B(%s), .YC(%s), .YS(%s));", n, a.name, b.name, c, s);
	put(t, column, s, b.at + HA_SUM_PS);
	put_carry(t, column, c, b.at + HA_CARRY_PS, 1);
}

static void full_adder(struct tree *t, int column)
{
	struct bit a = take(&t->columns[column]), b = take(&t->columns[column]), late = take(&t->columns[column]);
	struct writer *w = t->w;
	char s[24], c[24];
	int n = t->cells++;

	snprintf(s, sizeof s, "s%d", n);
	snprintf(c, sizeof c, "c%d", n);
	L("wire %s, %s;", s, c);
	L("FAX1 u_fa%d (.A(%s), .B(%s), .C(%s), .YC(%s), .YS(%s));", n, a.name, b.name, late.name, c, s);
	put(t, column, s, later(b.at + FA_SUM_PS, late.at + FA_LATE_SUM_PS));
	put_carry(t, column, c, later(b.at + FA_CARRY_PS, late.at + FA_LATE_PS), t->columns[column].n == 1);
}

/* all: every sum of the late columns up to this one is 1; the library's cells keep the early part out of the late. */
static void late_sum(struct tree *t, int column)
{
	const char *sum = t->columns[column].bits[0].name;
	struct writer *w = t->w;

	if (column == t->first_late) {
		L("wire all%d = %s;", column, sum);
		L("assign p_o[%d] = %s ^ %s;", column, sum, t->carry);
		return;
	}
	L("wire all%d = all%d & %s;", column, column - 1, sum);
	L("wire hold%d;", column);
	L("NAND2X1 u_hold%d (.A(%s), .B(all%d), .Y(hold%d));", column, t->carry, column - 1, column);
	L("XNOR2X1 u_late%d (.A(%s), .B(hold%d), .Y(p_o[%d]));", column, sum, column, column);
}

static void reduce(struct tree *t, int column)
{
	struct column *c = &t->columns[column];
	struct writer *w = t->w;
	struct bit left;

	L("// column %d: %d bits%s", column, c->n, c->one ? " and a constant" : "");
	if (column == t->width - 1) {
		top(t, column);
		return;
	}
	if (c->one && c->n > 1)
		add_one(t, column);
	while (c->n > 2)
		full_adder(t, column);
	if (c->n == 2)
		half_adder(t, column);
	if (column >= t->first_late) {
		late_sum(t, column);
		return;
	}
	left = c->bits[0];
	L("assign p_o[%d] = %s%s;", column, c->one ? "~" : "", left.name);
	if (c->one)
		put(t, column + 1, left.name, left.at);
}

/* a*b without the signs' sign extension (Baugh, Wooley, 1973): products with one sign bit are inverted, and
 * 2^(A-1) + 2^(B-1) + 2^(A+B-1) is added. Products are NORs and NANDs, the cheapest gates. */
static void partial_products(struct tree *t, int a_bits, int b_bits)
{
	struct writer *w = t->w;
	int i, j;

	L("wire [A_W-1:0] a_n = ~a_i;");
	L("wire [B_W-1:0] b_n = ~b_i;");
	for (j = 0; j < b_bits; j++)
		for (i = 0; i < a_bits; i++) {
			char name[24];

			snprintf(name, sizeof name, "p%d_%d", i, j);
			if ((i == a_bits - 1) != (j == b_bits - 1))
				L("wire %s = ~(a_i[%d] & b_i[%d]);", name, i, j);
			else
				L("wire %s = ~(a_n[%d] | b_n[%d]);", name, i, j);
			put(t, i + j, name, AND_PS);
		}
}

/* The constants as one number: 2^(A-1) and 2^(B-1) may be the same column. */
static void constants(struct tree *t, int a_bits, int b_bits)
{
	unsigned long long sum = (1ull << (a_bits - 1)) + (1ull << (b_bits - 1)) + (1ull << (a_bits + b_bits - 1));
	int i;

	for (i = 0; i < t->width; i++)
		t->columns[i].one = (int)(sum >> i & 1);
}

/* name: the module; how: what it is */
static void module_begin(struct writer *w, const char *name, int a_bits, int b_bits, const char *how)
{
	L("// Signed multiplier, combinational, %d by %d bits: %s.", a_bits, b_bits, how);
	L("// Twin: the C operator *. SPDX-License-Identifier: Apache-2.0");
	L("`default_nettype none");
	L("module %s #(", name);
	L("  parameter A_W = %d, // bits, this one", a_bits);
	L("  parameter B_W = %d  // bits, this one", b_bits);
	L(") (");
	L("  input  wire signed [A_W-1:0]     a_i,");
	L("  input  wire signed [B_W-1:0]     b_i,");
	L("  output wire signed [A_W+B_W-1:0] p_o");
	L(");");
	w->indent++;
}

static void module_end(struct writer *w, const char *name, int a_bits, int b_bits)
{
	L("generate");
	L("  if (A_W != %d || B_W != %d) begin : g_check", a_bits, b_bits);
	L("    %s_is_for_%d_by_%d_bits u_check ();", name, a_bits, b_bits);
	L("  end");
	L("endgenerate");
	w->indent--;
	L("endmodule");
	L("`default_nettype wire");
}

void emit_mul_osu018(struct writer *w, int a_bits, int b_bits, int late)
{
	struct tree t = { .w = w, .width = a_bits + b_bits, .first_late = a_bits + b_bits - (late ? late + 1 : 0) };
	int column;

	module_begin(w, "mul_pe", a_bits, b_bits, "Baugh-Wooley partial products and a tree of full adders");
	partial_products(&t, a_bits, b_bits);
	constants(&t, a_bits, b_bits);
	for (column = 0; column < t.width; column++)
		reduce(&t, column);
	module_end(w, "mul_pe", a_bits, b_bits);
}

/* Digit j of b, in radix 4: -2..2 (Booth, MacSorley). one, two: its size; b's higher bit: it is negative. */
static void digit(struct writer *w, int j)
{
	int i = 2 * j;

	if (j == 0) {
		L("wire one0 = b_i[0];");
		L("wire two0 = b_i[1] & ~b_i[0];");
		return;
	}
	L("wire one%d = b_i[%d] ^ b_i[%d];", j, i, i - 1);
	L("wire two%d = ~one%d & (b_i[%d] ^ b_i[%d]);", j, j, i + 1, i);
}

/* The digit times a: A + 1 bits, inverted when it is negative; with its lowest bit goes the 1 that completes the negative. The sign
 * s counts -s 2^A = (1 - s) 2^A - 2^A: it is inverted, and the constant is in booth_constants(). */
static void digit_product(struct tree *t, int a_bits, int j)
{
	struct writer *w = t->w;
	int i, n = 2 * j + 1;
	char name[24];

	for (i = 0; i <= a_bits; i++) {
		snprintf(name, sizeof name, "p%d_%d", i, j);
		if (i == 0) {
			L("wire %s = one%d & a_i[0];", name, j);
			L("wire n%d = b_i[%d] & ~%s;", j, n, name);
		} else {
			L("wire %s = %s((one%d & a_i[%d]) | (two%d & a_i[%d])) ^ b_i[%d];", name, i == a_bits ? "~" : "", j, i < a_bits ? i : i - 1, j, i - 1, n);
		}
		put(t, 2 * j + i, name, BOOTH_PS);
	}
	snprintf(name, sizeof name, "n%d", j);
	put(t, n, name, BOOTH_PS);
}

static void booth_constants(struct tree *t, int a_bits, int b_bits)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < b_bits; i += 2)
		sum -= 1ull << i; /* in units of 2^a_bits */
	for (i = 0; i < b_bits; i++)
		t->columns[a_bits + i].one = (int)(sum >> i & 1);
}

/* Two bits of a column are left, for the adder at the end. */
static void reduce_to_two(struct tree *t, int column, int first)
{
	struct column *c = &t->columns[column];
	struct writer *w = t->w;
	int i;

	L("// column %d: %d bits%s", column, c->n, c->one ? " and a constant" : "");
	if (column == t->width - 1) {
		writer_text(w, "\tassign x[%d] = 1'b%d", column - first, c->one);
		for (i = 0; i < c->n; i++)
			writer_text(w, " ^ %s", c->bits[i].name);
		writer_text(w, ";\n");
		L("assign y[%d] = 1'b0;", column - first);
		return;
	}
	if (c->one && c->n > 1)
		add_one(t, column);
	while (c->n > 2)
		full_adder(t, column);
	L("assign x[%d] = %s;", column - first, c->bits[0].name);
	L("assign y[%d] = %s;", column - first, c->n > 1 ? c->bits[1].name : c->one ? "1'b1" : "1'b0");
}

void emit_mul_lane_osu018(struct writer *w, int a_bits, int b_bits)
{
	struct tree t = { .w = w, .width = a_bits + b_bits, .first_late = a_bits + b_bits };
	int i, first = b_bits * 11 / 16; /* columns below add up on the way */

	module_begin(w, "mul", a_bits, b_bits, "digits of radix 4, a tree of full adders, an adder in blocks");
	for (i = 0; i < b_bits / 2; i++) {
		digit(w, i);
		digit_product(&t, a_bits, i);
	}
	booth_constants(&t, a_bits, b_bits);
	for (i = 0; i < first; i++)
		reduce(&t, i);
	L("wire [%d:0] x;", t.width - first - 1);
	L("wire [%d:0] y;", t.width - first - 1);
	for (; i < t.width; i++)
		reduce_to_two(&t, i, first);
	L("acc_add #(.ADD_W(%d), .ACC_W(%d), .LATE(2)) u_add (.base_i(x), .add_i(y), .sum_o(p_o[%d:%d]));", t.width - first, t.width - first, t.width - 1, first);
	module_end(w, "mul", a_bits, b_bits);
}

void emit_mul_lane(struct writer *w, const struct config *c, const char *command)
{
	L("// Made by: %s", command);
	emit_mul_lane_osu018(w, config_requant(c) == ROUNDING_ONNX ? 33 : 32, 32);
}

void emit_mul(struct writer *w, const struct config *c, const char *command)
{
	L("// Made by: %s", command);
	emit_mul_osu018(w, c->x_bits, c->w_bits, c->dataflow == DATAFLOW_OS ? 1 : 0);
}
