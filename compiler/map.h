/* SPDX-License-Identifier: Apache-2.0
 * Mapping: what the parts of the mapper share. map.c plans memory and goes through the layers, map_feed.c makes
 * FEED commands and weights, map_post.c POST commands and parameters. */
#ifndef SYSTOLE_MAP_H
#define SYSTOLE_MAP_H
#include "builder.h"
#include "cmodel/quant.h"

struct place {
	int on_chip;          /* the whole tensor is in the activation buffer */
	uint32_t addr;        /* there */
	enum base base;       /* else here */
	size_t offset;
	int post;             /* POST command that completes it; -1: a LOAD does */
	int plain;            /* that POST writes its pixels in order */
	int first, pixels;    /* POST commands from number `first` on write so many pixels each, in order; 0: no such order */
};

struct mapper {
	const struct config *c;
	const struct graph *g;
	struct builder *b;
	struct place *place;  /* per tensor */
	int latency;          /* of the memory, for the estimate */
	int first_post;       /* the next POST is the program's first */
	int first_feed;
	int64_t skipped;      /* products that a pattern of zeros saves */
	char *err;
	size_t errsize;
};

/* Lines [oy, oy+oh) of a layer's output, made from lines [iy, iy+ih) of its input, both in the activation buffer. */
struct stripe {
	int oy, oh, iy, ih;
	uint32_t in, res, out;
	int follow, dep, plain;    /* input made by POST dep; it writes pixels in order */
	int dep_first, dep_pixels; /* POST commands from dep_first on write so many pixels of it each; 0: only dep counts */
	int feed_wait, feed_push, post_wait, post_push;
};

/* A window operator, for convolutions of every kind and pools alike. */
struct window {
	int ic, iw, ow, oc;
	int kh, kw, sh, sw, dh, dw, pt, pl;
	int zx;
};

/* program_build() of this very graph. */
int map_program(const struct config *c, const struct graph *g, int latency, struct program *p, char *err, size_t errsize);
void map_window(const struct graph *g, const struct op *o, struct window *w);
int map_error(struct mapper *m, const struct op *o, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Emits all LOAD (weights, parameters), FEED and POST commands of a stripe; adds the estimate to l. */
int map_mac(struct mapper *m, struct layer *l, const struct stripe *s);
int map_pool(struct mapper *m, struct layer *l, const struct stripe *s);
int map_add(struct mapper *m, struct layer *l, const struct stripe *s);

/* map_post.c */
struct post_area {            /* the part of the output one POST writes */
	int ow, oh;           /* pixels per line, lines */
	int line;             /* pixels from line to line */
	int x0, y0;           /* its first pixel, relative to the stripe's output */
	int ct0, nct;         /* channel tiles */
};
enum post_kind { POST_MAC, POST_AVERAGE, POST_MAXIMUM, POST_ADD };
int map_post(struct mapper *m, const struct layer *l, const struct stripe *s, const struct post_area *a, enum post_kind kind, int wait, int push);
struct params { size_t at; enum load_kind kind; };
int map_params(struct mapper *m, const struct layer *l, int n, struct params *p);
int map_uniform_params(struct mapper *m, const struct requant *q, struct params *p);
/* LOAD of those of n channel tiles. */
void map_load_params(struct mapper *m, const struct params *p, int ct0, int n);
/* Puts a column's weight, of output channel oc, into a word of weights in memory (zeroed before). Sticky failure of the builder:
 * 0 where weights are -1 and 1. */
void map_put_weight(const struct mapper *m, const struct op *o, uint8_t *word, int col, int oc, int value);
int map_check_mac(struct mapper *m, const struct layer *l);

#endif
