/* SPDX-License-Identifier: Apache-2.0
 * Twin of rtl/array_skip.v with its row_skip.v and pe_skip.v: rows of PEs that each walk their own columns of compressed
 * weights, one for every activation that is not zero. docs/skip.md has the timing diagram. */
#ifndef SYSTOLE_ARRAY_SKIP_H
#define SYSTOLE_ARRAY_SKIP_H
#include "config.h"
#include "feed_skip.h"

enum { SKIP_FIFO = 16, SKIP_MAX_PE = CONFIG_MAX_ROWS * CONFIG_MAX_COLS };

struct pe_skip {
	uint32_t start;             /* entries of the columns so far */
	int16_t x1;
	uint32_t col;               /* u_col's output: length, then start << 8 */
	int16_t hx;                 /* u_queue's output: activation, its pixel's highest sum, its column's length and first entry */
	uint16_t hb;
	uint32_t hcol;
	uint8_t qw, qr, qn, have, left;
	uint32_t ptr;
	int16_t ex;
	uint16_t eb;
	uint8_t ev, ef;
	uint16_t ent;               /* u_ent's output */
	uint16_t idx;
	uint8_t pv, fv;
	uint16_t pa, fa;
	int32_t prod, fsum;
	int32_t sum[2];             /* outputs of u_sum0, u_sum1 */
	uint8_t mul, zero, err;
};

struct row_skip {
	uint8_t used, seg, line;
	uint16_t key, lim;
	uint8_t wp, rp, n, room, have, fresh;
	uint64_t left;
	uint8_t bv, v1;
	uint16_t bkey;
	uint16_t bbase, base1;
	int16_t bx[CONFIG_MAX_COLS];
	uint8_t idle, busy, gated;
	/* u_fifo's output */
	uint16_t fbase, fkey;
	uint64_t fnz;
	int16_t fx[CONFIG_MAX_PORT];
};

struct array_skip {
	uint32_t ne;
	int8_t val[CONFIG_MAX_COLS];
	int8_t code[32]; /* [2][16], as the halves of the PEs' memories */
	uint8_t dbusy, take1, push, clr, rd_ev, err;
	uint16_t daddr, addr1;
	uint8_t dm, dm0, dseg, dnseg, dnrows, drow, row1;
	uint16_t dx, dpix, dlast, dleft;
	uint32_t cred;
	uint16_t busy, gated;
	int32_t vec[CONFIG_MAX_COLS];
	struct row_skip row[CONFIG_MAX_ROWS];
	struct pe_skip pe[SKIP_MAX_PE]; /* [rows][cols] */
};

#define ARRAY_SKIP_REGS(R) \
	R(ne, 1, skip_ent_aw(c) + 1, "entries of the block") R(val, c->cols, 8, "weights whose runs come next") \
	R(dbusy, 1, 1, "sums leave") R(take1, 1, 1, "a vector is read") R(push, 1, 1, "a vector is there") R(clr, 1, 1, "sums are cleared after reset") \
	R(rd_ev, 1, 1, "a vector left") R(err, 1, 1, "the compressed weights are wrong") \
	R(daddr, 1, skip_psum_aw(c), "sum that leaves next") R(addr1, 1, skip_psum_aw(c), "sum to clear") \
	R(dm, 1, 8, "channel tile that leaves") R(dm0, 1, 8, "sums of a pixel") R(dseg, 1, 8, "segment") R(dnseg, 1, 8, "segments of a line") \
	R(dnrows, 1, 8, "rows in use") R(drow, 1, 5, "row") R(row1, 1, 5, "row of the vector read") \
	R(dx, 1, 16, "pixel") R(dpix, 1, 16, "pixels of a segment") R(dlast, 1, 16, "pixels of a line's last segment") \
	R(dleft, 1, 16, "vectors still to leave") R(cred, 1, c->col_aw + 1, "room in the collector") \
	R(busy, 1, 16, "PEs that multiplied two cycles ago") R(gated, 1, 16, "of which by a weight of zero") R(vec, c->cols, c->acc_bits, "sums of the PEs of a row")
/* Of instance g_row[r].u_row; of its FIFO's output, from bit `low` on; of a PE. */
#define ROW_SKIP_REGS(R) \
	R(used, 1, 1, "the row is in use") R(seg, 1, 5, "segment") R(line, 1, 8, "first input line") R(key, 1, 16, "its first key") \
	R(lim, 1, skip_psum_aw(c) + 1, "sums") R(wp, 1, 4, "FIFO write address") R(rp, 1, 4, "FIFO read address") R(n, 1, 5, "words in the FIFO") \
	R(room, 1, 1, "for what can be on its way") R(have, 1, 1, "a word is read") R(fresh, 1, 1, "nothing of it is sent yet") \
	R(left, 1, c->act_port, "activations still to send") R(bv, 1, 1, "an activation is sent") R(v1, 1, 1, "its columns are read") \
	R(bkey, 1, skip_key_aw(c), "its key") R(bbase, 1, skip_base_w(c), "its pixel's highest sum") R(base1, 1, skip_base_w(c), "a cycle later") \
	R(bx, c->cols, c->x_bits, "it") R(idle, 1, 1, "nothing is under way") R(busy, 1, 6, "PEs that multiplied") R(gated, 1, 6, "of which by a weight of zero")
#define PE_SKIP_REGS(R) \
	R(start, 1, skip_ent_aw(c) + 9, "entries of the columns so far") R(x1, 1, c->x_bits, "activation whose column is read") \
	R(qw, 1, skip_log2(c->queue_depth), "queue: next to write") R(qr, 1, skip_log2(c->queue_depth), "queue: next to read") \
	R(qn, 1, skip_log2(c->queue_depth) + 1, "queue: activations in it") \
	R(have, 1, 1, "queue: its head is read") R(left, 1, 8, "entries of the column still to read") \
	R(ptr, 1, skip_ent_aw(c), "the next one") R(ex, 1, c->x_bits, "the column's activation") R(eb, 1, skip_base_w(c), "its pixel's highest sum") \
	R(ev, 1, 1, "an entry is read") R(ef, 1, 1, "the column's first") R(idx, 1, 9, "index of the last one") \
	R(pv, 1, 1, "a product is to be added") R(fv, 1, 1, "a sum was just written") R(pa, 1, skip_psum_aw(c), "the product's sum") \
	R(fa, 1, skip_psum_aw(c), "the sum just written") R(prod, 1, c->x_bits + c->w_bits, "product") R(fsum, 1, c->acc_bits, "the value just written") \
	R(mul, 1, 1, "multiplied") R(zero, 1, 1, "by a weight of zero") R(err, 1, 1, "an index is past the pass's")

/* Contents of the memories, owned. */
struct array_skip_ram {
	uint32_t *col;              /* [pe][2 << key_aw] */
	uint16_t *ent;              /* [pe][2 << ent_aw] */
	int32_t *sum;               /* [pe][2][1 << psum_aw] */
	struct skip_queued { int16_t x; uint16_t base; uint32_t col; } *queue; /* [pe][queue_depth] */
	struct row_skip *fifo;      /* [rows][SKIP_FIFO]: fbase, fkey, fnz, fx */
	/* written in this cycle */
	uint8_t fifo_we[CONFIG_MAX_ROWS];
	struct row_skip fifo_word[CONFIG_MAX_ROWS];
	struct { uint8_t len, ent, push, sum[2]; uint8_t qaddr; struct skip_queued queued; uint32_t waddr, cdata; uint16_t edata, saddr[2]; int32_t sdata[2]; } pe[SKIP_MAX_PE];
};

struct array_skip_in {
	struct feed_skip_row cfg;
	const struct feed_skip *feed; /* its registers: words, weights, the active command */
	uint8_t drain;              /* feed_skip's */
	const int8_t *word;         /* weight word of ld2 */
	uint8_t col_pop;
};

static inline int array_skip_room(const struct config *c, const struct array_skip *q)
{
	int r, ok = !q->clr;

	for (r = 0; r < c->rows; r++)
		ok &= q->row[r].room;
	return ok;
}
static inline int array_skip_idle(const struct config *c, const struct array_skip *q)
{
	int r, ok = 1;

	for (r = 0; r < c->rows; r++)
		ok &= q->row[r].idle;
	return ok;
}
static inline int array_skip_draining(const struct array_skip *q) { return q->dbusy || q->take1 || q->clr; }

int array_skip_ram_init(const struct config *c, struct array_skip_ram *m); /* 0, or -1 without memory */
void array_skip_ram_free(struct array_skip_ram *m);
void array_skip_next(const struct config *c, const struct array_skip *q, const struct array_skip_in *in, struct array_skip_ram *m, struct array_skip *d);
void array_skip_commit(const struct config *c, struct array_skip_ram *m);
/* What rst_ni low does to the control state. */
void array_skip_reset(const struct config *c, struct array_skip *d);

#endif
