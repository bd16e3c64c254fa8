/* SPDX-License-Identifier: Apache-2.0
 * A .tflite model with fewer or narrower weights; the rules are in docs/sparsity.md. Only bytes of weights change, and with
 * bits also of biases and of the scales of both; the file's layout stays. The new model is its own truth: its reference is
 * `systole ref` on it. */
#ifndef SYSTOLE_PRUNE_H
#define SYSTOLE_PRUNE_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct graph;

/* What to do, in this order. */
struct prune {
	int keep, of;     /* N:M: the largest `keep` of every `of` weights along input channels; of 0: not */
	double zero;      /* zero this part of every layer's weights, the smallest; 0: not */
	int bits;         /* round to 4 or 2 bits (-7..7, -1..1), or to 1 (-1 and 1); 0: not */
	int codebook;     /* every layer's weights become 0 or one of 15 values of that layer */
};

struct prune_layer {
	int index;        /* of the operator in the model */
	const char *op;   /* borrowed: its name */
	int64_t weights, zeros_before, zeros_after;
	double error;     /* root mean square of the change, in parts of the root mean square of the weights; real values */
};

struct prune_report {
	struct prune_layer *layers; /* owned */
	int nlayers;
};

/* `model` names the file in messages. Changes the bytes in place. 0, or -1 with one line in err and *r empty. */
int prune_bytes(const char *model, uint8_t *file, size_t size, const struct prune *p, struct prune_report *r, char *err, size_t errsize);
/* Reads model, writes `to` beside its place and renames it. 0, or -1 with one line in err; nothing is left then. */
int prune_file(const char *model, const char *to, const struct prune *p, struct prune_report *r, char *err, size_t errsize);
void prune_print(const struct prune_report *r, FILE *out);
void prune_free(struct prune_report *r);

/* Whether every group of m weights along input channels has at most n that are not zero (of a last group of k < m:
 * ceil(k*n/m)). If not: *op, in g->ops, and *filter are the first that has more. Depthwise filters, with one input channel
 * each, have no groups. */
int prune_obeys(const struct graph *g, int n, int m, int *op, int *filter);

#endif
