/* SPDX-License-Identifier: Apache-2.0
 * The rs design's own part between sequencer, activation buffer and collector: feed_mux, and feed_rs, array_rs, acc_rs,
 * or with sparsity skip feed_skip, array_skip.
 * feed.v and pool.v beside them serve the pool commands, as in every design. */
#ifndef SYSTOLE_RS_FRONT_H
#define SYSTOLE_RS_FRONT_H
#include "acc_rs.h"
#include "array_rs.h"
#include "array_skip.h"
#include "feed.h"
#include "feed_mux.h"
#include "feed_rs.h"
#include "feed_skip.h"

struct rs_front {
	struct feed_mux mux;
	struct feed_rs feed;
	struct array_rs array;
	struct acc_rs acc;
	struct feed_skip skip_feed; /* the config's sparsity only */
	struct array_skip skip;
};
struct rs_front_ram {
	struct array_rs_ram array;
	struct acc_rs_ram acc;
	struct array_skip_ram skip;
};

struct rs_front_nets {
	struct feed_mux_in mi;
	struct feed_mux_out mo;
	uint8_t take[2];
	uint8_t drain; /* skip: feed_skip's */
};

struct rs_front_in {
	uint8_t rst_n, cmd_we, cmd_idx;
	uint64_t cmd_data;
	uint8_t vld;
	const int8_t *rd_data, *wgt_word;
	uint32_t wgt_cnt;
	uint8_t col_pop;
	uint8_t post_done, post_last;
	uint16_t post_pix;
};

int rs_front_ram_init(const struct config *c, struct rs_front_ram *m); /* 0, or -1 without memory */
void rs_front_ram_free(struct rs_front_ram *m);
/* pool: the state of feed.v. tok_ok may depend on n->mo.wait: call twice. */
void rs_front_comb(const struct config *c, const struct rs_front *q, const struct feed *pool, uint8_t pool_push, const struct rs_front_in *in, uint8_t tok_ok,
		   struct rs_front_nets *n);
void rs_front_next(const struct config *c, const struct rs_front *q, const struct rs_front_in *in, const struct rs_front_nets *n, struct rs_front_ram *m,
		   struct rs_front *d);
void rs_front_commit(const struct config *c, struct rs_front_ram *m);

#endif
