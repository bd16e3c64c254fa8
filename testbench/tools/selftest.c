/* SPDX-License-Identifier: Apache-2.0
 * Does lock-step find what is broken? Every break is one sed edit of one file of a generated package; the broken design
 * runs a digit and random layers beside the unbroken twin.
 *   selftest [N [DESIGN]]   N breaks, spread over the list (default all), or over those of designs whose names begin with DESIGN;
 *                           two at a time
 * Exit status 0 when the unbroken design passes and every break is caught. Builds are below $BUILD/selftest.d. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "compiler/tflite.h"
#include "testbench/random_graph.h"
#include "testbench/simbuild.h"
#include "testbench/trial.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, LAYERS = 60, DIGIT = 784 };

/* The designs that are broken: os; os and ws with N:M patterns of zeros; os with narrow weights; rs without zeros, and with a
 * codebook; NAME_chip, with its memory inside and outside. */
enum design { DENSE, OS_NM, WS_NM, OS_SUB, RS_SKIP, RS_CODE, CHIP, CHIP_OUTSIDE, DESIGNS };
static const char *const design_names[] = { "os", "os nm", "ws nm", "os sub", "rs skip", "rs codebook", "chip", "chip outside" };

/* B(file, its scope in the design, sed expression, what it does) */
#define BREAKS(B) \
	B("pe_os", "u_pe.", "s/add_i\\(prod_q\\)/add_i(-prod_q)/", "the sum subtracts") \
	B("row_os", "u_row.", "s/acc_first_i\\(fd_q\\)/acc_first_i(fc_q)/", "a new sum starts a cycle early") \
	B("feed", "u_feed.", "s/rox_q \\+ 16.d1 == a_ow_q;/rox_q == a_ow_q;/", "a line has one pixel more") \
	B("load", "u_load.", "s/count_q\\[3\\] & space/count_q[3]/", "does not wait for space in the buffers") \
	B("post_lane", "u_lane.", "s/ \\+ \\{32.d0, p_q\\[30\\]\\}//", "the doubled high product is not rounded") \
	B("store", "u_store.", "s/reserved_q != 4.d8/reserved_q < 12/", "reads ahead of its FIFO") \
	B("axi_rd", "u_rd.", "s/r_fire & m_axi_rlast/r_fire/", "a burst is over with its first beat") \
	B("axi_wr", "u_wr.", "s/wlast_q <= \\(owed_q == 5.d1\\)/wlast_q <= (owed_q == 2)/", "WLAST a beat early") \
	B("csr", "u_csr.", "s/cnt_i\\[6\\+PE_W \\+: PE_W\\]/cnt_i[6 +: PE_W]/", "counts useful products as gated") \
	B("sequencer", "u_seq.", "s/slots_q != 3.d4/slots_q != 5/", "fetches one command too many ahead") \
	B("tokens", "u_tokens.", "s/up\\[i\\] \\| down/down/", "pushed tokens do not count") \
	B("act_buffer", "u_act.", "s/post_rd_i && !feed_rd_i/post_rd_i/", "grants post while feed reads") \
	B("act_buffer", "u_act.", "s/even_q <= rodd/even_q <= wodd/", "the read's row comes from the write") \
	B("wgt_buffer", "u_wgt.", "s/if \\(rd_i\\) sel_q/sel_q/", "a missing enable") \
	B("collector", "u_col.", "s/out_q & !pop_i/out_q/", "a vector is delivered twice") \
	B("param_buffer", "u_par.", "s/at < \\{/at <= {/", "a row can be read before it is written") \
	B("post", "u_post.", "s/tile_end = line_end & \\(ln_q == 16.d1\\)/tile_end = line_end \\& (ln_q <= 2)/", "a channel tile has one line less") \
	B("post", "u_post.", "s/off \\+ i\\[5:0\\] < valid/off + i[5:0] <= valid/", "writes one channel too many") \
	B("post_addr", "u_post.", "s/line_end_i \\? line_step_i : pixel_step_i/line_end_i ? pixel_step_i : line_step_i/", "steps swapped") \
	B("post_lane", "u_lane.", "s/low \\? lo_i/low ? hi_i/", "clamps to the wrong end") \
	B("pool", "u_pool.", "s/x > best \\?/x < best ?/", "minimum instead of maximum") \
	B("pool", "u_pool.", "s/!in_map_i \\? base/!valid_i ? base/", "taps in the padding count") \
	B("dw_lines", "u_lines.", "s/ptr_inc >= ldelay_i/ptr_inc > ldelay_i/", "a line is one pixel longer") \
	B("dw_lines", "u_lines.", "s/^    if \\(adv_i\\) begin/    if (step_i) begin/", "lines move while the stream holds") \
	B("array_os", "u_array.", "s/assign sum = acc & .*last.*;/assign sum = acc;/", "row 0 is always on the sum bus") \
	B("feed", "u_feed.", "s/tile_start && cred_w < [^)]*\\)/tile_start \\&\\& \\&cred_w)/", "does not wait for room in the collector") \
	B("feed", "u_feed.", "s/(cred_q  <= .*) \\+ .*col_pop_i\\} -/\\1 -/", "credits do not come back") \
	B("row_os", "u_row.", "s/in_map = vy\\[kh\\] && vx\\[kw\\]/in_map = vy[kw] \\&\\& vx[kh]/", "depthwise: lines and taps swapped") \
	B("pe_os", "u_pe.", "s/if \\(w_en_i\\) w_q/w_q/", "weights move on without enable") \
	B("mul", "u_mul.", "s/B_W\\{a_i\\[A_W-1\\]\\}/B_W{a_i[0]}/", "the operand is extended with the wrong bit") \
	B("ram", "", "s/if \\(re_i\\)//", "the output register has no enable") \
	B("ram_be", "u_act.", "s/if \\(we_i\\[i\\]\\)/if (|we_i)/", "lane enables ignored") \
	B("load", "u_load.", "s/tail_q <= span\\[LG-1:0\\] - 1.b1/tail_q <= span[LG-1:0]/", "a block is one byte longer") \
	B("store", "u_store.", "s/last \\? ~tail_q/last ? tail_q/", "the last beat's strobes are the other half") \
	B("selftest", "", "s/\\.vy_i\\(vy\\), \\.vx_i\\(vx\\)/.vy_i(vx), .vx_i(vy)/", "two ports swapped at the top")

#define OS_NM_BREAKS(B) \
	B("pe_os", "u_pe.", "s/x_i\\[idx_q\\*X_W/x_i[w_i[LANE_W-1:WGT_W]*X_W/", "the next weight's index chooses") \
	B("pe_os", "u_pe.", "s/if \\(w_en_i\\) idx_q/idx_q/", "indices move on without their weights") \
	B("row_word", "u_row.", "s/>> \\$clog2\\(GROUP\\);/>> ($clog2(GROUP)-1);/", "presents another group") \
	B("row_os", "u_row.", "s/lane_nz\\[w_o.*\\];/lane_nz[0];/", "gates by the group's first activation") \
	B("wgt_buffer", "u_wgt.", "s/index_q >> \\(N \\* I\\)/index_q >> (N * I - IDX_W)/", "a word takes an index too few") \
	B("wgt_buffer", "u_wgt.", "s/BLOCK \\/ N :/BLOCK \\/ N - 1 :/", "a block is a beat shorter") \
	B("load", "u_load.", "s/ \\+ \\(wgt_back_i.*;/;/", "credits of beats of indices do not come back") \
	B("feed", "u_feed.", "s/idx_step = a_gstep_q/idx_step = 1/", "steps of a pattern go on as if there were none") \
	B("feed", "u_feed.", "s/behind     = .*;/behind = 0;/", "reads words that are not there yet")

#define WS_NM_BREAKS(B) \
	B("pe_ws", "u_pe.", "s/if \\(swap_i\\) idx_q/if (shift_i) idx_q/", "an index is in use before its weight") \
	B("array_ws", "u_array.", "s/GROUP \\* 3 \\/ 4/GROUP/", "packed groups are taken as if they were not") \
	B("wload_ws", "u_wload.", "s/ && !behind//", "loads words that are not there yet")

#define OS_SUB_BREAKS(B) \
	B("mul_sub", "u_pe.", "s/\\|mode_i, mode_i/mode_i[1], mode_i/", "the sign of a narrow weight") \
	B("mul_sub", "u_pe.", "s/= q2 \\+ q3;/= q2;/", "a digit is lost") \
	B("mul_sub", "u_pe.", "s/\\{high, 4.d0\\}/high << 3/", "a whole weight's upper half has the wrong shift") \
	B("mul_sub", "u_pe.", "s/\\{q\\[1\\], 2.b00\\}/q[1]/", "a half's upper digit is not shifted") \
	B("row_os", "u_row.", "s/\\{idx\\[1\\], HALF/{idx[0], HALF/", "two weights see another pair of activations") \
	B("row_os", "u_row.", "s/mode_q <= dwb \\? 2.d0 : kh/mode_q <= kh/", "depthwise weights are taken apart") \
	B("row_os", "u_row.", "s/x_nz = \\|pairs/x_nz = \\&pairs/", "gates unless all products count") \
	B("feed", "u_feed.", "s/dkw_end \\&\\& \\(GROUP == 1.*a_dw_q\\)/dkw_end/", "the width of weights changes in a layer")

#define RS_SKIP_BREAKS(B) \
	B("feed_skip", "u_feed_skip.", "s/par_q \\+ 8.d1 == a_sx_q/par_q == a_sx_q/", "a pixel has a position too many") \
	B("feed_skip", "u_feed_skip.", "s/walk_q && room_i/walk_q/", "does not wait for room in the rows") \
	B("feed_skip", "u_feed_skip.", "s/!sh_load_q \\|\\| wdone_q/1/", "does not wait for the weights") \
	B("feed_skip", "u_array.", "s/!bank_q, wrow_q/bank_q, wrow_q/", "weights go into the half that is in use") \
	B("row_skip", "u_row.", "s/dw_i \\? group_k : lane_k/lane_k/", "wrong index: depthwise keys count activations") \
	B("row_skip", "u_row.", "s/have_q && \\(&room\\)/have_q/", "sends without room in the queues") \
	B("row_skip", "u_row.", "s/ && w_nz_i != \\{PORT\\{1.b0\\}\\}//", "words of zeros take a place") \
	B("pe_skip", "u_pe.", "s/if \\(push\\) qw_q/if (push \\&\\& qn_q != 2) qw_q/", "dropped queue entry: overwritten by the next") \
	B("pe_skip", "u_pe.", "s/\\{1.b0, idx_q\\} \\+ 10.d1/idx_q/", "off-by-one run length") \
	B("pe_skip", "u_pe.", "s/fv_q && fa_q == pa_q/0/", "a sum is added to before it is written") \
	B("pe_skip", "u_pe.", "s/ && addr\\[B_W-1:0\\] < .*;/;/", "sums outside the segment") \
	B("pe_skip", "u_pe.", "s/\\{start_q\\[E_AW-1:0\\], len_i\\}/{after[E_AW-1:0], len_i}/", "wrong index: a column is taken for the next") \
	B("array_skip", "u_array.", "s/d_row \\? dmn_w/d_row ? dm_w/", "leaves the same channel tile twice") \
	B("array_skip", "u_pe.", "s/take1_q && row1_q == R/0/", "sums are not cleared")

#define RS_CODE_BREAKS(B) \
	B("pe_skip", "u_pe.", "s/code_i\\[val\\*WGT_W/code_i[val[2:0]*WGT_W/", "lost codebook bit") \
	B("array_skip", "u_array.", "s/addr == WORD\\[L_AW-1:0\\]/1/", "the codebook's words are one") \
	B("array_skip", "u_array.", "s/if \\(bank\\) code_q/if (bank_i) code_q/", "the codebook in use is overwritten")

#define CHIP_BREAKS(B) \
	B("chip_walk", "u_walk.", "s/j_q == 6.d1/j_q == 2/", "a kernel row has a word less") \
	B("chip_walk", "u_walk.", "s/active_q & !units_q\\[2\\]/active_q \\& !units_q[1]/", "two units are fetched ahead, not four") \
	B("chip_walk", "u_patch.", "s/iy_q >= h_q/iy_q > h_q/", "a line too many is in the map") \
	B("chip_patch", "u_patch.", "s/L - t1_q\\[2:0\\]/L + t1_q[2:0]/", "depthwise: channels in each other's rows") \
	B("chip_patch", "u_patch.", "s/pixel \\| again_q/pixel/", "weights go on where they begin again") \
	B("chip_dot", "u_dot.", "s/first_q\\[5\\] \\?/first_q[4] ?/", "a sum begins a word early") \
	B("chip_mul2", "u_dot.", "s/a1_q \\* b1_q/a1_q * b0_q/", "the other product's weight") \
	B("chip_soft", "u_dot.", "s/p3_q <= a_i/p3_q <= -a_i/", "the sign of the highest digit") \
	B("chip_post", "u_post.", "s/sign_q\\[12\\] \\^ half12_q/half12_q/", "halves of negative results are rounded up") \
	B("chip_post", "u_post.", "s/neg2_q  <= \\(d2 == 2.d3\\)/neg2_q <= (d2 == 2)/", "the wrong digit is 1 less") \
	B("chip_post", "u_post.", "s/next_q \\+ pitch_q/next_q + 1/", "pixels are a word apart") \
	B("chip_mul", "u_post.", "s/a_q \\* b_q/a_q * b_q[14:0]/", "a bit of the multiplier is lost") \
	B("chip_fetch", "u_fetch.", "s/op <= 3.d4/op <= 3/", "settings are an unknown op") \
	B("chip_host", "u_host.", "s/word_q\\[16:0\\] \\+ 17.d1/word_q[16:0] + 2/", "every other byte is written") \
	B("chip_mem", "u_mem.", "s/rot_i\\[2\\] \\?/rot_i[1] ?/", "bytes rotated by 2 are rotated by 6") \
	B("chip_ram", "u_ram.", "s/we_i\\[2\\*k \\+: 2\\]/we_i[k +: 2]/", "bytes are written beside their places") \
	B("spram", "u_ram.", "s/we_i == 2.b00/1/", "the word read does not hold") \
	B("uart_rx", "u_rx.", "s/DIV \\/ 2/DIV \\/ 2 - 1/", "bits are sampled early") \
	B("uart_tx", "u_tx.", "s/4.d10/9/", "no stop bit") \
	B("selftest_chip", "core_rst_n_q", "s/rst_n && !start/rst_n/", "a program starts without a reset")

#define CHIP_OUTSIDE_BREAKS(B) \
	B("chip_walk", "mem_en", "s/rd_o   = v2_q/rd_o = v1_q/", "an address is read before it is there") \
	B("selftest_chip", "mem_en", "s/walk_rd && !walk_pad/walk_rd/", "what is padded is read")

struct break_row { const char *file, *scope, *edit, *what; enum design design; };

static const struct break_row breaks[] = {
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, DENSE },
	BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, OS_NM },
	OS_NM_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, WS_NM },
	WS_NM_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, OS_SUB },
	OS_SUB_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, RS_SKIP },
	RS_SKIP_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, RS_CODE },
	RS_CODE_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, CHIP },
	CHIP_BREAKS(ROW)
#undef ROW
#define ROW(file, scope, edit, what) { file ".v", scope, edit, what, CHIP_OUTSIDE },
	CHIP_OUTSIDE_BREAKS(ROW)
#undef ROW
};
enum { BREAKS_N = sizeof breaks / sizeof *breaks };

struct totals { int done, unbroken, caught, own; };

/* Small, with every feature: two lanes for four columns, buffers that overflow. */
static int small_config(enum design design, struct config *c, char *err, size_t errsize)
{
	struct config_error e;

	memset(c, 0, sizeof *c);
	config_init(c);
	snprintf(c->name, sizeof c->name, "selftest");
	c->rows = c->cols = 4;
	c->act_port = design == DENSE ? 8 : 16;
	c->dataflow = design == WS_NM ? DATAFLOW_WS : DATAFLOW_OS;
	if (design == RS_SKIP || design == RS_CODE)
		c->dataflow = DATAFLOW_RS;
	c->codebook = design == RS_CODE ? 16 : 0;
	c->queue_depth = 4;
	c->spad_wgt = 256;
	c->spad_key = 128;
	c->spad_psum = 32;
	c->sparsity = design >= CHIP ? SPARSITY_NONE : design >= RS_SKIP ? SPARSITY_SKIP : design == DENSE || design == OS_SUB ? SPARSITY_GATE : SPARSITY_NM;
	c->precision = design == OS_SUB ? 8 + 4 + 2 : 8;
	c->lanes = 2;
	c->act_bytes = 4096;
	c->wgt_bytes = 1024;
	c->par_depth = 64;
	c->acc_bits = 32;
	if (design >= CHIP) {
		c->bus = BUS_ON_CHIP;
		c->target = design == CHIP ? TARGET_PORTABLE : TARGET_ICE40;
		c->rows = 2;
		c->cols = 8;
		c->acc_bits = 24;
	}
	if (config_derive(c, &e) == 0)
		return 0;
	snprintf(err, errsize, "%s", e.text);
	return -1;
}

static int read_digit(int8_t *image, char *err, size_t errsize)
{
	FILE *f = fopen("examples/digits/images.bin", "rb");
	int status = f && fread(image, 1, DIGIT, f) > 0 ? 0 : -1;

	if (f)
		fclose(f);
	if (status)
		snprintf(err, errsize, "examples/digits/images.bin: cannot be read");
	return status;
}

static int run_digit(struct trial *t, char *err, size_t errsize)
{
	static int8_t image[DIGIT];
	struct graph g;
	int status;

	if (tflite_read("examples/digits/digits.tflite", &g, err, errsize))
		return -1;
	status = trial_bytes(&g.tensors[g.input]) > sizeof image || read_digit(image, err, errsize) ? -1 : trial_run(t, &g, image, err, errsize);
	graph_free(&g);
	return status;
}

static int run_random(struct trial *t, struct rng *r, char *err, size_t errsize)
{
	char text[300], why[600];
	struct graph g;
	int8_t *in = NULL;
	int status = -1;

	snprintf(err, errsize, "out of memory");
	if ((t->c->bus == BUS_ON_CHIP ? random_dead_graph : random_graph)(r, t->c, &g, text, sizeof text) == 0 && (in = malloc(trial_bytes(&g.tensors[g.input])))) {
		random_input(r, &g, in, trial_bytes(&g.tensors[g.input]));
		if (t->c->sparsity == SPARSITY_SKIP)
			random_zeros(r, &g, t->c->codebook);
		status = trial_run(t, &g, in, why, sizeof why);
		if (status)
			snprintf(err, errsize, "%.250s: %s", text, why);
	}
	graph_free(&g);
	free(in);
	return status;
}

/* A digit, then random layers, until something is wrong. */
static int run_all(struct trial *t, char *err, size_t errsize)
{
	struct rng r = { 2024 };
	int i, status = t->c->sparsity == SPARSITY_NM || t->c->codebook ? 0 : run_digit(t, err, errsize); /* it keeps to no pattern, no codebook */

	for (i = 0; i < LAYERS && status == 0; i++)
		status = run_random(t, &r, err, errsize);
	return status;
}

static void remove_build(const char *library)
{
	char command[600];

	snprintf(command, sizeof command, "rm -rf '%.*s'", (int)(strrchr(library, '/') - library), library);
	if (system(command))
		fprintf(stderr, "%s failed\n", command);
}

/* b: NULL for the unbroken design, which must pass. */
static void try_break(const struct config *c, const char *design, const char *build_dir, const struct break_row *b, struct totals *n)
{
	struct sim_build s = { .c = c, .build_dir = build_dir, .quick = 1, .break_file = b ? b->file : NULL, .break_edit = b ? b->edit : NULL };
	struct trial t = { .c = c, .mem = { 20, 0.25, 1.0, 5 } };
	char library[512], err[1000];
	double seconds = 0;
	int status, caught, own;

	if (simbuild_verilator(&s, library, sizeof library, &seconds, err, sizeof err)) {
		printf("not ok %s: %s\n", b ? b->file : "unbroken", err);
		fflush(stdout);
		n->done++;
		return;
	}
	t.library = library;
	status = run_all(&t, err, sizeof err);
	caught = b ? status != 0 && t.mismatched : status == 0;
	own = caught && b && strstr(t.blamed, b->scope) != NULL;
	if (!b)
		printf("%s unbroken %s: %s\n", caught ? "ok" : "not ok", design, status ? err : "its layers pass");
	else if (caught)
		printf("ok %s (%s): blames %s in cycle %llu\n", b->file, b->what, t.blamed, (unsigned long long)t.cycles);
	else
		printf("not ok %s (%s): %s\n", b->file, b->what, status ? err : "everything passes");
	fflush(stdout);
	n->done++;
	*(b ? &n->caught : &n->unbroken) += caught;
	n->own += own;
	remove_build(library);
}

/* The breaks of designs whose names begin with design: *first, and how many. */
static int choose(const char *design, int *first)
{
	int n = 0, i;

	for (i = 0; i < BREAKS_N; i++)
		if (strncmp(design_names[breaks[i].design], design, strlen(design)) == 0 && n++ == 0)
			*first = i;
	return n;
}

static int chosen_first, chosen;

/* An edit that applies to nothing is found before anything is built. */
static int count_stale(const struct config *c, const char *build_dir)
{
	char dir[320], command[360], err[1000];
	int i, stale = 0;

	snprintf(dir, sizeof dir, "%s/edits", build_dir);
	snprintf(command, sizeof command, "mkdir -p '%s'", dir);
	if (system(command))
		return BREAKS_N;
	for (i = 0; i < BREAKS_N; i++) {
		const struct break_row *b = &breaks[i];
		const struct sim_build s = { .c = &c[b->design], .build_dir = build_dir, .break_file = b->file, .break_edit = b->edit };

		if (simbuild_generate(&s, dir, err, sizeof err) == 0)
			continue;
		printf("not ok %s (%s): %s\n", b->file, b->what, err);
		stale++;
	}
	return stale;
}

/* Break i of n, spread over those chosen; below 0 the unbroken designs. */
static const struct break_row *pick(int i, int n)
{
	return i < 0 ? NULL : &breaks[chosen_first + (int)((long)i * chosen / n)];
}

static int is_chosen(enum design d)
{
	return d >= breaks[chosen_first].design && d <= breaks[chosen_first + chosen - 1].design;
}

static int run_workers(const struct config *c, const char *build_dir, int n, struct totals *t)
{
	pid_t pid[WORKERS];
	int i, k, status, died = 0;

	fflush(NULL);
	for (i = 0; i < WORKERS; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		for (k = i - DESIGNS; k < n; k += WORKERS) {
			enum design design = k < 0 ? (enum design)(k + DESIGNS) : pick(k, n)->design;

			if (!is_chosen(design)) {
				t[i].done++;
				continue;
			}
			try_break(&c[design], design_names[design], build_dir, pick(k, n), &t[i]);
		}
		_exit(0);
	}
	for (i = 0; i < WORKERS; i++)
		if (pid[i] < 0 || waitpid(pid[i], &status, 0) != pid[i] || !WIFEXITED(status) || WEXITSTATUS(status)) {
			k = i - DESIGNS + WORKERS * t[i].done;
			printf("not ok worker %d died in %s\n", i, k < 0 ? "an unbroken design" : pick(k, n)->file);
			died = 1;
		}
	return died;
}

int main(int argc, char **argv)
{
	int n, died, caught, unbroken, designs = 0, i, bad = 0;
	const char *build = getenv("BUILD");
	char build_dir[300], err[300];
	struct config c[DESIGNS];
	struct totals *t = mmap(NULL, WORKERS * sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	chosen = choose(argc > 2 ? argv[2] : "", &chosen_first);
	n = argc > 1 ? atoi(argv[1]) : chosen;
	for (i = 0; i < DESIGNS; i++) {
		bad |= small_config((enum design)i, &c[i], err, sizeof err);
		designs += chosen && is_chosen((enum design)i);
	}
	if (t == MAP_FAILED || n < 1 || n > chosen || bad) {
		fprintf(stderr, "selftest: a number of breaks from 1 to %d\n", chosen);
		return 2;
	}
	snprintf(build_dir, sizeof build_dir, "%s/selftest.d", build ? build : "build");
	if (count_stale(c, build_dir))
		return 1;
	died = run_workers(c, build_dir, n, t);
	unbroken = t[0].unbroken + t[1].unbroken;
	caught = t[0].caught + t[1].caught;
	printf("%d of %d breaks caught, %d of them in a register of the broken module\n", caught, n, t[0].own + t[1].own);
	return died || unbroken != designs || caught != n;
}
