/* SPDX-License-Identifier: Apache-2.0
 * Twin of control_top.v. */
#ifndef CONTROL_H
#define CONTROL_H
#include "axi_rd.h"
#include "axi_wr.h"
#include "csr.h"
#include "load.h"
#include "sequencer.h"
#include "store.h"
#include "tokens.h"

struct control_q {
	struct csr csr;
	struct sequencer sequencer;
	struct tokens tokens;
	struct load load;
	struct store store;
	struct axi_rd axi_rd;
	struct axi_wr axi_wr;
};

struct control {
	struct control_q q, d;
	struct sequencer_ram sequencer_ram;
	struct load_ram load_ram;
	struct store_ram store_ram;
};

struct control_in {
	uint8_t rst_n;
	struct axil_m2s axil;
	struct axi_s2m axi;
	uint8_t stub_full[2], stub_wait[2], stub_could[2], stub_push[2], stub_idle[2];
	struct csr_counts cnt;
	uint8_t gnt, vld;
	int8_t rd_data[CONFIG_MAX_PORT];
	uint8_t wready, wgt_rel_valid, wgt_back, wgt_whole, par_rel;
	uint32_t wgt_rel_words;
};

/* Combinational output: bit = feed, post. */
int control_stub_take(const struct control *t, const struct control_in *in);
void control_next(const struct config *c, struct control *t, const struct control_in *in);

#endif
