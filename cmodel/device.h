/* SPDX-License-Identifier: Apache-2.0
 * Twin of the emitted top: every module's twin, joined as the top's wires join the modules. */
#ifndef SYSTOLE_DEVICE_H
#define SYSTOLE_DEVICE_H
#include "act_buffer.h"
#include "array_os.h"
#include "array_ws.h"
#include "axi.h"
#include "axi_rd.h"
#include "axi_wr.h"
#include "collector.h"
#include "config.h"
#include "csr.h"
#include "feed.h"
#include "load.h"
#include "param_buffer.h"
#include "pool.h"
#include "post.h"
#include "rs_front.h"
#include "sequencer.h"
#include "store.h"
#include "tokens.h"
#include "wgt_buffer.h"
#include "wload_ws.h"

/* Every register of the device; at a multiple of DEVICE_ALIGN bytes. */
enum { DEVICE_ALIGN = 64 };

struct device_state {
	struct csr csr;
	struct tokens tokens;
	struct sequencer seq;
	struct load load;
	struct store store;
	struct axi_rd rd;
	struct axi_wr wr;
	struct feed feed;
	struct act_buffer act;
	struct wgt_buffer wgt;
	struct pool pool;
	struct array_os os;  /* the config's dataflow only */
	struct array_ws ws;
	struct wload_ws wload;
	struct rs_front rs;
	struct collector col;
	struct param_buffer par;
	struct post post;
};

struct device {
	struct config c;
	struct device_state *state[2]; /* owned; state[now] is the present, the other what it was a clock before */
	int now;
	struct sequencer_ram seq_ram;
	struct load_ram load_ram;
	struct store_ram store_ram;
	struct act_buffer_ram act_ram;
	struct wgt_buffer_ram wgt_ram;
	struct array_os_ram os_ram;
	struct array_ws_ram ws_ram;
	struct rs_front_ram rs_ram;
	struct collector_ram col_ram;
	struct param_buffer_ram par_ram;
};

/* What the device drives in this cycle: functions of its registers. */
struct device_out {
	struct axil_s2m axil;
	struct axi_m2s axi;
	uint8_t irq;
};

struct device_in {
	uint8_t rst_n;
	struct axil_m2s axil;
	struct axi_s2m axi;
};

int device_init(struct device *v, const struct config *c); /* 0, or -1 without memory */
void device_free(struct device *v);
static inline const struct device_state *device_now(const struct device *v) { return v->state[v->now]; }
/* The state before the last clock. */
static inline const struct device_state *device_before(const struct device *v) { return v->state[!v->now]; }
void device_out(const struct device *v, struct device_out *o);
/* One clock. */
void device_next(struct device *v, const struct device_in *in);

#endif
