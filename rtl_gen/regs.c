/* SPDX-License-Identifier: Apache-2.0 */
#include "regs_add.h"
#include "cmodel/lanes.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reg *regs_add(struct regs *t, const char *module, const char *meaning, size_t offset, int elem, int is_signed, int lanes, int width, const char *fmt, ...)
{
	struct reg *r;
	va_list ap;

	if (lanes <= 0 || width <= 0)
		return NULL;
	if (width > 8 * elem) /* a mistake in a table */
		t->failed = 1;
	if (t->n == t->capacity) {
		int capacity = t->capacity * 2 + 256;
		struct reg *at = realloc(t->at, (size_t)capacity * sizeof *at);

		if (!at) {
			t->failed = 1;
			return NULL;
		}
		t->at = at;
		t->capacity = capacity;
	}
	r = &t->at[t->n++];
	memset(r, 0, sizeof *r); /* its padding is hashed, too */
	va_start(ap, fmt);
	vsnprintf(r->path, sizeof r->path, fmt, ap);
	va_end(ap);
	r->module = module;
	r->meaning = meaning;
	r->offset = offset;
	r->elem = elem;
	r->is_signed = is_signed;
	r->lanes = lanes;
	r->width = width;
	r->low = 0;
	return r;
}

static void control_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
#define R(field, lanes, width, meaning) ADD(csr, "u_csr.", field, #field, lanes, width, meaning)
	CSR_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(tokens, "u_tokens.", field, #field, lanes, width, meaning)
	TOKENS_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(seq, "u_seq.", field, #field, lanes, width, meaning)
	SEQUENCER_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(seq, "u_seq." #scope ".", field, #reg, lanes, width, meaning)
	SEQUENCER_SUBREGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(rd, "u_rd.", field, #field, lanes, width, meaning)
	AXI_RD_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(wr, "u_wr.", field, #field, lanes, width, meaning)
	AXI_WR_REGS(R)
#undef R
}

static void dma_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
#define R(field, lanes, width, meaning) ADD(load, "u_load.", field, #field, lanes, width, meaning)
	LOAD_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(load, "u_load." #scope ".", field, #reg, lanes, width, meaning)
	LOAD_SUBREGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(store, "u_store.", field, #field, lanes, width, meaning)
	STORE_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(store, "u_store." #scope ".", field, #reg, lanes, width, meaning)
	STORE_SUBREGS(R)
#undef R
}

static int bits_of(int v)
{
	int n = 1;

	while (v >> n)
		n++;
	return n;
}

static void buffer_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	int beats = wgt_buffer_beats(c), words = wgt_buffer_words(c);

#define R(field, lanes, width, meaning) ADD(act, "u_act.", field, #field, lanes, width, meaning)
	ACT_BUFFER_REGS(R)
#undef R
	ADD_AT(act, "u_act.", words, "u_even.rdata", 0, c->act_port * c->act_size, config_byte_bits(c), "even bank's word")
	ADD_AT(act, "u_act.", words, "u_odd.rdata", c->act_port * c->act_size, c->act_port * c->act_size, config_byte_bits(c), "odd bank's word")
	ADD(wgt, "u_wgt.", cnt, "cnt", 1, c->wgt_aw + 1, "words written")
	if (c->idx_bits) {
		ADD(wgt, "u_wgt.g_index.", beat, "beat", 1, bits_of(wgt_buffer_block(c) - 1), "beat of the block expected")
		ADD(wgt, "u_wgt.g_index.", index, "index", c->idx_beats * c->bus_bits / 64, 64, "indices of the words to come")
		ADD(wgt, "u_wgt.g_index.", idx, "u_ram.rdata", words * c->cols, c->idx_bits, "indices read")
		ADD(wgt, "u_wgt.g_index.", idx_ev, "ev", 1, 1, "a beat of indices came")
	}
	if (c->wgt_word >= c->bus_bytes) {
		int bits = 0;

		while (beats >> (bits + 1))
			bits++;
		ADD(wgt, "u_wgt.g_gather.", row, "u_ram.rdata", c->cols, c->w_bits, "word read")
		ADD(wgt, "u_wgt.g_gather.", ev, "ev", 1, 1, "a word was written")
		ADD(wgt, "u_wgt.g_gather.g_many.", part, "part", beats > 1, bits, "beat expected")
		ADD(wgt, "u_wgt.g_gather.g_many.", gather, "gather", (beats - 1) * c->bus_bytes, 8, "beats of the word so far")
	} else {
		int bits = 0;

		while (words >> (bits + 1))
			bits++;
		ADD(wgt, "u_wgt.g_split.", row, "u_ram.rdata", words * c->cols, c->w_bits, "words read")
		ADD(wgt, "u_wgt.g_split.", ev, "ev", 1, 1, "words were written")
		ADD(wgt, "u_wgt.g_split.", sel, "sel", 1, bits, "word of the row read")
	}
}

static void feed_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
#define R(field, lanes, width, meaning) ADD(feed, "u_feed.", field, #field, lanes, width, meaning)
	FEED_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(feed, "u_feed." #scope, field, #reg, lanes, width, meaning)
	FEED_SUBREGS(R)
	FEED_GROUP_REGS(R, sh)
	FEED_GROUP_REGS(R, a)
#undef R
#define R(field, lanes, width, meaning) ADD(pool, "u_pool.", field, #field, lanes, width, meaning)
	POOL_REGS(R)
#undef R
}

static void row_regs(struct regs *t, const struct config *c, const struct device_state *s, int r)
{
	char scope[96];
	int col, pe;

	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.", r);
	ADD(os, scope, tok[r], "tok", 1, 10 + c->port_aw, "token for the next row")
	ADD(os, scope, vb[r], "vb", 1, 1, "stage B has a token")
	ADD(os, scope, rv[r], "rv", 1, 1, "the row has a pixel")
	ADD(os, scope, vy[r], "vy", 1, 3, "lines inside the map")
	ADD(os, scope, vx[r], "vx", 1, 3, "taps inside the map")
	regs_add(t, "os", "word of activations", offsetof(struct device_state, os) + offsetof(struct array_os, word) + (size_t)(r * c->act_port) * sizeof(int16_t), 2, 1, c->act_port, c->x_bits, "%su_word.word", scope);
	ADD_AT(os, scope, x, "x", r * c->group, c->group, c->x_bits, "operand, or the group of operands")
	ADD(os, scope, mode[r], "g_mode.mode", c->sub > 1, 2, "weights in a byte: 1 << mode")
	ADD(os, scope, vc[r], "vc", 1, 1, "multiplies")
	ADD(os, scope, fc[r], "fc", 1, 1, "first of a sum")
	ADD(os, scope, lc[r], "lc", 1, 1, "last of a sum")
	ADD(os, scope, conv[r], "u_word.conv", 1, 1, "not depthwise")
	ADD(os, scope, vd[r], "vd", 1, 1, "adds")
	ADD(os, scope, fd[r], "fd", 1, 1, "first of a sum")
	ADD(os, scope, ld[r], "ld", 1, 1, "last of a sum")
	ADD(os, scope, le[r], "le", 1, 1, "the sums are complete")
	ADD(os, scope, mul[r], "mul", 1, 1, "multiplied")
	ADD(os, scope, zero[r], "zero", 1, 6, "gated PEs")
	for (col = 0; col < c->cols; col++) {
		pe = r * lanes_padded(c->cols) + col;
		snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.g_col[%d].u_pe.", r, col);
		ADD(os, scope, weight[pe].w, "w", 1, c->w_bits, "weight")
		ADD(os, scope, sum[pe].prod, "prod", 1, c->x_bits + c->w_bits, "product")
		ADD(os, scope, weight[pe].nz, "nz", 1, 1, "the product counts")
		ADD(os, scope, sum[pe].acc, "acc", 1, c->acc_bits, "sum")
		ADD(os, scope, carry[pe], "g_split.carry", c->acc_split > 0, 1, "carry that the sum's upper half has yet to get")
		ADD_AT(os, scope, idx, "g_pick.idx", pe, 1, c->idx_bits, "which of the group")
	}
}

static void os_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	int bits = 0, i;

	while (c->line_depth >> (bits + 1))
		bits++;
	ADD(os, "u_array.u_lines.", lines.l0, "l0", c->cols, c->x_bits, "oldest line's word")
	ADD(os, "u_array.u_lines.", lines.l1, "l1", c->cols, c->x_bits, "middle line's word")
	ADD(os, "u_array.u_lines.", lines.l2, "l2", c->cols, c->x_bits, "newest line's word")
	ADD(os, "u_array.u_lines.", lines.hist, "u_ram.rdata", 2 * c->cols, c->x_bits, "words a line ago")
	ADD(os, "u_array.u_lines.", lines.ptr, "ptr", 1, bits, "line RAM pointer")
	ADD(os, "u_array.u_lines.", lines.cpar, "cpar", 1, 1, "newest tile's parity")
	ADD(os, "u_array.u_lines.", lines.cfresh, "cfresh", 1, 1, "it is the first")
	ADD(os, "u_array.u_lines.", lines.dist, "dist", 1, 4, "positions the newest tile is behind")
	ADD(os, "u_array.u_lines.", lines.pad, "pad", 1, c->x_bits, "operand outside the map")
	for (i = 0; i < array_os_delay(c); i++)
		regs_add(t, "os", "lines' words, late", offsetof(struct device_state, os) + offsetof(struct array_os, lines.prev) + (size_t)i * sizeof s->os.lines.prev[0], 2, 1, 3 * c->cols, c->x_bits, "u_array.u_lines.g_prev.g_delay[%d].prev", i);
	for (i = 0; i < c->rows; i++)
		row_regs(t, c, s, i);
	ADD(os, "u_array.", push, "push", 1, 1, "a row's sums are on the bus")
	ADD(os, "u_array.", vec, "vec", c->cols, c->acc_bits, "sums on the bus")
	ADD(os, "u_array.", busy, "busy", 1, 16, "PEs that multiplied")
	ADD(os, "u_array.", gated, "gated", 1, 16, "of which were gated")
}

static void ws_row_regs(struct regs *t, const struct config *c, const struct device_state *s, int r)
{
	char scope[96];
	int k;

	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.", r);
#define R(field, width, meaning) ADD_AT(ws, scope, field, #field, r, 1, width, meaning)
	ARRAY_WS_ROW_REGS(R)
#undef R
	ADD_AT(ws, scope, x, "x", r * lanes_padded(array_ws_lanes(c)) + array_ws_lane(c, r), array_ws_lanes(c) - array_ws_lane(c, r), c->x_bits, "activations for the rows from here on")
	for (k = 0; k < c->cols; k++) {
		snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.g_col[%d].u_pe.", r, k);
#define R(array, reg, width, meaning) ADD(ws, scope, array[r * lanes_padded(c->cols) + k].reg, #reg, 1, width, meaning)
		ARRAY_WS_PE_REGS(R)
#undef R
		ADD_AT(ws, scope, sh_idx, "g_pick.sh_idx", r * lanes_padded(c->cols) + k, 1, c->idx_bits, "which of the group, for the next weight")
		ADD_AT(ws, scope, idx, "g_pick.idx", r * lanes_padded(c->cols) + k, 1, c->idx_bits, "which of the group")
	}
}

static void ws_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	int r;

#define R(field, lanes, width, meaning) ADD(wload, "u_wload.", field, #field, lanes, width, meaning)
	WLOAD_WS_REGS(R)
#undef R
	for (r = 0; r < c->rows; r++)
		ws_row_regs(t, c, s, r);
#define R(field, lanes, width, meaning) ADD(ws, "u_array.", field, #field, lanes, width, meaning)
	ARRAY_WS_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(ws, "u_array.u_acc.", field, #field, lanes, width, meaning)
	ARRAY_WS_ACC_REGS(R)
#undef R
#define R(field, reg, lanes, width, meaning) ADD(ws, "u_array.u_acc.u_ram.", field, #reg, lanes, width, meaning)
	ARRAY_WS_RAM_REGS(R)
#undef R
}

static void rs_row_regs(struct regs *t, const struct config *c, const struct device_state *s, int r)
{
	char scope[96];
	int j;

	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.", r);
#define R(field, reg, first, lanes, width, meaning) ADD_AT(rs.array, scope, field, #reg, first, lanes, width, meaning)
	ARRAY_RS_ROW_REGS(R, r)
	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.u_spad.", r);
	ARRAY_RS_SPAD_REGS(R, r)
	for (j = 0; j < c->cols; j++) {
		snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.g_col[%d].u_pe.", r, j);
		ARRAY_RS_PE_REGS(R, r, j)
		snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.g_col[%d].u_pe.u_ring.", r, j);
		ARRAY_RS_RING_REGS(R, r, j)
	}
#undef R
}

static void rs_feed_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
#define R(field, lanes, width, meaning) ADD(rs.mux, "u_mux.", field, #field, lanes, width, meaning)
	FEED_MUX_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(rs.feed, "u_feed_rs.", field, #field, lanes, width, meaning)
	FEED_RS_REGS(R)
#undef R
#define R(field, reg, lanes, width, meaning) ADD(rs.feed, "u_feed_rs.", field, #reg, lanes, width, meaning)
	FEED_RS_CMD_REGS(R, sh)
	FEED_RS_CMD_REGS(R, a)
	FEED_RS_SHADOW_REGS(R)
#undef R
}

static void rs_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	char scope[96];
	int i;

	rs_feed_regs(t, c, s);
#define R(field, reg, lanes, width, meaning) ADD(rs.array, "u_array.", field, #reg, lanes, width, meaning)
	ARRAY_RS_REGS(R)
#undef R
#define R(field, reg, lanes, width, meaning) ADD(rs.array, "u_array.g_hold.", field, "hold", lanes, width, meaning)
	ARRAY_RS_HOLD_REGS(R)
#undef R
	for (i = 0; i < c->rows; i++)
		rs_row_regs(t, c, s, i);
#define R(field, lanes, width, meaning) ADD(rs.acc, "u_acc.", field, #field, lanes, width, meaning)
	ACC_RS_REGS(R)
#undef R
	for (i = 0; i < c->cols; i++) {
		snprintf(scope, sizeof scope, "u_acc.g_bank[%d].u_ram.", i);
#define R(field, reg, first, lanes, width, meaning) ADD_AT(rs.acc, scope, field, #reg, first, lanes, width, meaning)
		ACC_RS_BANK_REGS(R, i)
#undef R
	}
}

static void skip_row_regs(struct regs *t, const struct config *c, const struct device_state *s, int r)
{
	char scope[96];
	int j, k, at = 0;

	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.", r);
#define R(field, lanes, width, meaning) ADD(rs.skip.row[r], scope, field, #field, lanes, width, meaning)
	ROW_SKIP_REGS(R)
#undef R
	snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.u_fifo.", r);
	k = t->n;
#define R(field, lanes, width) \
	ADD(rs.skip.row[r], scope, field, "rdata", lanes, width, "word from the FIFO") \
	if (t->n > k) \
		t->at[k++].low = at; \
	at += (lanes) * (width);
	R(fx, c->act_port, c->x_bits)
	R(fnz, 1, c->act_port)
	R(fkey, 1, skip_key_aw(c))
	R(fbase, 1, skip_base_w(c))
#undef R
	for (j = 0; j < c->cols; j++) {
		int pe = r * c->cols + j;

		snprintf(scope, sizeof scope, "u_array.g_row[%d].u_row.g_col[%d].u_pe.", r, j);
#define R(field, lanes, width, meaning) ADD(rs.skip.pe[pe], scope, field, #field, lanes, width, meaning)
		PE_SKIP_REGS(R)
#undef R
		k = t->n;
		ADD(rs.skip.pe[pe], scope, hcol, "u_queue.rdata", 1, skip_ent_aw(c) + 8, "first entry and length of the column at the queue's head")
		ADD(rs.skip.pe[pe], scope, hb, "u_queue.rdata", 1, skip_base_w(c), "its pixel's highest sum")
		ADD(rs.skip.pe[pe], scope, hx, "u_queue.rdata", 1, c->x_bits, "its activation")
		if (t->n == k + 3) {
			t->at[k + 1].low = skip_ent_aw(c) + 8;
			t->at[k + 2].low = skip_ent_aw(c) + 8 + skip_base_w(c);
		}
		ADD(rs.skip.pe[pe], scope, col, "u_col.rdata", 1, skip_ent_aw(c) + 8, "first entry and length of a column")
		ADD(rs.skip.pe[pe], scope, ent, "u_ent.rdata", 1, skip_ent_bits(c), "weight and run")
		ADD(rs.skip.pe[pe], scope, sum[0], "u_sum0.rdata", 1, c->acc_bits, "sum of one half")
		ADD(rs.skip.pe[pe], scope, sum[1], "u_sum1.rdata", 1, c->acc_bits, "sum of the other")
	}
}

static void skip_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	int i;

#define R(field, lanes, width, meaning) ADD(rs.mux, "u_mux.", field, #field, lanes, width, meaning)
	FEED_MUX_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(rs.skip_feed, "u_feed_skip.", field, #field, lanes, width, meaning)
	FEED_SKIP_REGS(R)
#undef R
#define R(field, reg, lanes, width, meaning) ADD(rs.skip_feed, "u_feed_skip.", field, #reg, lanes, width, meaning)
	FEED_SKIP_CMD_REGS(R, sh)
	FEED_SKIP_CMD_REGS(R, a)
	FEED_SKIP_SHADOW_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(rs.skip, "u_array.", field, #field, lanes, width, meaning)
	ARRAY_SKIP_REGS(R)
#undef R
	ADD(rs.skip, "u_array.g_code.", code, "code", 2 * c->codebook, 8, "codebooks")
	for (i = 0; i < c->rows; i++)
		skip_row_regs(t, c, s, i);
}

static void lane_regs(struct regs *t, const struct config *c, const struct device_state *s, int i)
{
	char scope[96];
	int k;

	snprintf(scope, sizeof scope, "u_post.g_lane[%d].u_lane.", i);
#define R(field, n, width, meaning) \
	regs_add(t, "post", meaning, (size_t)((const char *)&s->post.field[i * (n)] - (const char *)s), ELEM(s->post.field[0]), SIGNED(s->post.field[0]), n, width, "%s" #field, scope);
	POST_LANE_REGS(R)
#undef R
	snprintf(scope, sizeof scope, "u_par.g_bank[%d].u_ram.", i);
	k = t->n;
#define R(field, first, width, meaning) \
	regs_add(t, "param_buffer", meaning, (size_t)((const char *)&s->par.field[i] - (const char *)s), ELEM(s->par.field[0]), SIGNED(s->par.field[0]), 1, width, "%srdata", scope); \
	if (t->n > k) \
		t->at[k++].low = first;
	PARAM_BUFFER_BANK_REGS(R)
#undef R
}

static void post_regs(struct regs *t, const struct config *c, const struct device_state *s)
{
	int i;

#define R(field, lanes, width, meaning) ADD(col, "u_col.", field, #field, lanes, width, meaning)
	COLLECTOR_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(col, "u_col." #scope ".", field, #reg, lanes, width, meaning)
	COLLECTOR_SUBREGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(par, "u_par.", field, #field, lanes, width, meaning)
	PARAM_BUFFER_REGS(R)
#undef R
#define R(field, lanes, width, meaning) ADD(post, "u_post.", field, #field, lanes, width, meaning)
	POST_REGS(R)
#undef R
#define R(field, scope, reg, lanes, width, meaning) ADD(post, "u_post." #scope ".", field, #reg, lanes, width, meaning)
	POST_SUBREGS(R)
#undef R
	for (i = 0; i < c->lanes; i++)
		lane_regs(t, c, s, i);
}

static void device_regs(struct regs *t, const struct config *c)
{
	static const struct device_state model; /* for offsets only */

	control_regs(t, c, &model);
	dma_regs(t, c, &model);
	buffer_regs(t, c, &model);
	feed_regs(t, c, &model);
	if (c->dataflow == DATAFLOW_WS)
		ws_regs(t, c, &model);
	else if (rs_skip(c))
		skip_regs(t, c, &model);
	else if (c->dataflow == DATAFLOW_RS)
		rs_regs(t, c, &model);
	else
		os_regs(t, c, &model);
	post_regs(t, c, &model);
}

int regs_build(struct regs *t, const struct config *c)
{
	memset(t, 0, sizeof *t);
	if (c->bus == BUS_ON_CHIP)
		regs_add_chip(t, c);
	else
		device_regs(t, c);
	if (t->failed)
		regs_free(t);
	return t->failed ? -1 : 0;
}

void regs_free(struct regs *t)
{
	free(t->at);
	t->at = NULL;
	t->n = t->capacity = 0;
}
