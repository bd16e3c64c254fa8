/* SPDX-License-Identifier: Apache-2.0 */
#include "prune.h"
#include "tflite.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One operator's constants while they change. */
struct layer {
	const struct graph *g;
	const struct op *o;
	int filters, taps, per;   /* per: weights of a tap along input channels */
	size_t n;
	int8_t *weights;          /* owned, as in struct op */
	double *scale, *factor;   /* owned, per filter: the weights' scale, and what it is multiplied with */
};

/* The file being written: no byte may get two values. */
struct target {
	const char *name;
	uint8_t *file;            /* borrowed */
	uint8_t *from, *written;  /* owned: as it was; per byte */
	char *err;
	size_t errsize;
};

__attribute__((format(printf, 3, 4))) static int fail(const struct target *t, const struct op *o, const char *fmt, ...)
{
	va_list ap;
	int n = o ? snprintf(t->err, t->errsize, "%s: op %d %s: ", t->name, o->index, op_kind_name(o->kind)) : snprintf(t->err, t->errsize, "%s: ", t->name);

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < t->errsize)
		vsnprintf(t->err + n, t->errsize - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

static int is_mac(const struct op *o)
{
	return o->kind == OP_CONV_2D || o->kind == OP_DEPTHWISE_CONV_2D || o->kind == OP_FULLY_CONNECTED;
}

/* ---- the shape of a layer's weights ---- */

static void set_shape(struct layer *l, const struct graph *g, const struct op *o)
{
	const struct tensor *in = &g->tensors[o->in[0]];
	int dense = o->kind == OP_FULLY_CONNECTED;

	memset(l, 0, sizeof *l);
	l->g = g;
	l->o = o;
	l->filters = g->tensors[o->out].c;
	l->taps = dense ? 1 : o->kh * o->kw;
	l->per = dense ? in->h * in->w * in->c : o->kind == OP_DEPTHWISE_CONV_2D ? 1 : in->c / o->groups;
	l->n = (size_t)l->filters * (size_t)l->taps * (size_t)l->per;
}

static size_t weight_at(const struct layer *l, int filter, int tap, int i)
{
	if (l->o->kind == OP_DEPTHWISE_CONV_2D)
		return (size_t)tap * (size_t)l->filters + (size_t)filter;
	return ((size_t)filter * (size_t)l->taps + (size_t)tap) * (size_t)l->per + (size_t)i;
}

static int filter_of(const struct layer *l, size_t at)
{
	if (l->o->kind == OP_DEPTHWISE_CONV_2D)
		return (int)(at % (size_t)l->filters);
	return (int)(at / ((size_t)l->taps * (size_t)l->per));
}

static float get_float(const uint8_t *p)
{
	uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static int open_layer(struct layer *l, const struct target *t, const struct graph *g, const struct op *o)
{
	int i;

	set_shape(l, g, o);
	l->weights = malloc(l->n);
	l->scale = malloc((size_t)l->filters * sizeof *l->scale);
	l->factor = malloc((size_t)l->filters * sizeof *l->factor);
	if (!l->weights || !l->scale || !l->factor)
		return fail(t, o, "out of memory");
	memcpy(l->weights, o->weights, l->n);
	for (i = 0; i < l->filters; i++) {
		l->scale[i] = (double)get_float(t->from + o->file.scales + (o->file.nscales > 1 ? 4 * (size_t)i : 0));
		l->factor[i] = 1;
	}
	return 0;
}

static void close_layer(struct layer *l)
{
	free(l->weights);
	free(l->scale);
	free(l->factor);
}

/* ---- N:M ---- */

static int kept_of_group(int n, int keep, int of)
{
	return (n * keep + of - 1) / of;
}

/* Zeroes all but the `keep` largest of w[0..n); of equals the first stays. */
static void prune_group(int8_t *w, int n, int keep)
{
	int count = 0, i;

	for (i = 0; i < n; i++)
		count += w[i] != 0;
	for (; count > keep; count--) {
		int least = -1;

		for (i = 0; i < n; i++)
			if (w[i] && (least < 0 || abs(w[i]) <= abs(w[least])))
				least = i;
		w[least] = 0;
	}
}

static void prune_nm(struct layer *l, int keep, int of)
{
	int filter, tap, i;

	if (l->o->kind == OP_DEPTHWISE_CONV_2D)
		return;
	for (filter = 0; filter < l->filters; filter++)
		for (tap = 0; tap < l->taps; tap++)
			for (i = 0; i < l->per; i += of) {
				int n = l->per - i < of ? l->per - i : of;

				prune_group(l->weights + weight_at(l, filter, tap, i), n, kept_of_group(n, keep, of));
			}
}

static int filter_obeys(const struct layer *l, int filter, int keep, int of)
{
	int tap, i, k;

	for (tap = 0; tap < l->taps; tap++)
		for (i = 0; i < l->per; i += of) {
			int n = l->per - i < of ? l->per - i : of, count = 0;

			for (k = 0; k < n; k++)
				count += l->o->weights[weight_at(l, filter, tap, i + k)] != 0;
			if (count > kept_of_group(n, keep, of))
				return 0;
		}
	return 1;
}

int prune_obeys(const struct graph *g, int n, int m, int *op, int *filter)
{
	struct layer l;

	for (*op = 0; *op < g->nops; ++*op) {
		const struct op *o = &g->ops[*op];

		if (!is_mac(o) || o->kind == OP_DEPTHWISE_CONV_2D)
			continue;
		set_shape(&l, g, o);
		for (*filter = 0; *filter < l.filters; ++*filter)
			if (!filter_obeys(&l, *filter, n, m))
				return 0;
	}
	return 1;
}

/* ---- unstructured ---- */

struct ranked { double magnitude; size_t at; };

static int by_magnitude(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->magnitude != y->magnitude)
		return x->magnitude < y->magnitude ? -1 : 1;
	return x->at < y->at ? 1 : -1; /* of equals the last goes first */
}

static int prune_smallest(struct layer *l, double part)
{
	struct ranked *r = malloc(l->n * sizeof *r);
	size_t i, n = (size_t)(part * (double)l->n);

	if (!r)
		return -1;
	for (i = 0; i < l->n; i++) {
		r[i].magnitude = abs(l->weights[i]) * l->scale[filter_of(l, i)];
		r[i].at = i;
	}
	qsort(r, l->n, sizeof *r, by_magnitude);
	for (i = 0; i < n; i++)
		l->weights[r[i].at] = 0;
	free(r);
	return 0;
}

/* ---- narrow weights ---- */

enum { FACTORS = 36 };              /* tried, from the one that clips nothing down to 0.3 of it */

static int narrow(int w, double factor, int most)
{
	long v = lround(w / factor);

	return (int)(v > most ? most : v < -most ? -most : v);
}

static double error_of(const int8_t *w, size_t n, double factor, int most)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		double e = w[i] - factor * narrow(w[i], factor, most);

		sum += e * e;
	}
	return sum;
}

/* The factor of the scale with the least squared error; at least `least`. */
static double best_factor(const int8_t *w, size_t n, int most, double least)
{
	double best = 1, least_error = 0;
	int max = 0, k;
	size_t i;

	for (i = 0; i < n; i++)
		max = abs(w[i]) > max ? abs(w[i]) : max;
	if (max <= most) /* as they are */
		return 1;
	for (k = 0; k < FACTORS; k++) {
		double factor = fmax((double)max / most * (1 - 0.02 * k), least), e = error_of(w, n, factor, most);

		if (k && e >= least_error)
			continue;
		best = factor;
		least_error = e;
	}
	return best;
}

/* -1 and 1 times the mean magnitude is nearest. A filter of zeros becomes ones of a scale that hardly matters. */
static double sign_factor(const int8_t *w, size_t n, double least)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += abs(w[i]);
	return fmax(sum > 0 ? sum / (double)n : 1.0 / 256, least);
}

/* Weights w[0..n), which share a scale. */
static double round_group(int8_t *w, size_t n, int bits, double least)
{
	int most = bits > 1 ? (1 << (bits - 1)) - 1 : 1;
	double factor = bits > 1 ? best_factor(w, n, most, least) : sign_factor(w, n, least);
	size_t i;

	for (i = 0; i < n; i++)
		w[i] = (int8_t)(bits > 1 ? narrow(w[i], factor, most) : w[i] < 0 ? -1 : 1);
	return factor;
}

/* The smallest factor with which the biases of filters [first, end) still fit, with a bit to spare. */
static double least_factor(const struct layer *l, int first, int end)
{
	double most = 0;

	for (; first < end; first++)
		most = fmax(most, fabs((double)l->o->bias[first]));
	return most / (l->g->tensors[l->o->in[0]].wide ? (double)((int64_t)1 << 46) : (double)(1 << 30));
}

static int round_weights(struct layer *l, int bits)
{
	int step = l->o->file.nscales > 1 ? 1 : l->filters, filter, f, tap, i;
	int8_t *w = malloc((size_t)step * (size_t)l->taps * (size_t)l->per);
	size_t n;

	for (filter = 0; w && filter < l->filters; filter += step) {
		double factor;

		for (n = 0, f = filter; f < filter + step; f++)
			for (tap = 0; tap < l->taps; tap++)
				for (i = 0; i < l->per; i++)
					w[n++] = l->weights[weight_at(l, f, tap, i)];
		factor = round_group(w, n, bits, least_factor(l, filter, filter + step));
		for (n = 0, f = filter; f < filter + step; f++) {
			l->factor[f] = factor;
			for (tap = 0; tap < l->taps; tap++)
				for (i = 0; i < l->per; i++)
					l->weights[weight_at(l, f, tap, i)] = w[n++];
		}
	}
	free(w);
	return w ? 0 : -1;
}

/* ---- codebook ---- */

enum { BOOK = 15, BOOK_ROUNDS = 100 };

/* The entry of book[0..n) nearest to v; of equals the first. */
static int nearest(const int *book, int n, int v)
{
	int best = 0, i;

	for (i = 1; i < n; i++)
		if (abs(book[i] - v) < abs(book[best] - v))
			best = i;
	return best;
}

/* Every entry moves to the mean of the values that are nearest to it, rounded, but never to 0. Whether one moved. */
static int move_book(const int64_t count[256], int *book, int n)
{
	int64_t sum[BOOK] = { 0 }, of[BOOK] = { 0 };
	int v, i, mean, moved = 0;

	for (v = -128; v < 128; v++) {
		if (v == 0 || count[v + 128] == 0)
			continue;
		i = nearest(book, n, v);
		sum[i] += v * count[v + 128];
		of[i] += count[v + 128];
	}
	for (i = 0; i < n; i++) {
		if (of[i] == 0)
			continue;
		mean = (int)lround((double)sum[i] / (double)of[i]);
		mean = mean ? mean : book[i] < 0 ? -1 : 1;
		moved |= mean != book[i];
		book[i] = mean;
	}
	return moved;
}

/* k-means of the weights that are not zero, from values evenly spread between their extremes. */
static void share_weights(struct layer *l)
{
	int64_t count[256] = { 0 };
	int book[BOOK], lo = 127, hi = -128, values = 0, i;
	size_t k;

	for (k = 0; k < l->n; k++)
		count[l->weights[k] + 128]++;
	for (i = -128; i < 128; i++)
		if (i && count[i + 128]) {
			lo = i < lo ? i : lo;
			hi = i > hi ? i : hi;
			values++;
		}
	if (values <= BOOK)
		return;
	for (i = 0; i < BOOK; i++)
		book[i] = lo + (hi - lo) * i / (BOOK - 1) ? lo + (hi - lo) * i / (BOOK - 1) : 1;
	for (i = 0; i < BOOK_ROUNDS && move_book(count, book, BOOK); i++)
		;
	for (k = 0; k < l->n; k++)
		if (l->weights[k])
			l->weights[k] = (int8_t)book[nearest(book, BOOK, l->weights[k])];
}

/* ---- into the file ---- */

static int put(struct target *t, const struct op *o, size_t at, uint64_t v, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++, at++) {
		uint8_t b = (uint8_t)(v >> (8 * i));

		if (t->written[at] && t->file[at] != b)
			return fail(t, o, "it shares constants with another operator that must change otherwise");
		t->written[at] = 1;
		t->file[at] = b;
	}
	return 0;
}

static int put_float(struct target *t, const struct op *o, size_t at, double v)
{
	float f = (float)v;
	uint32_t bits;

	if (!(f > 0) || !isfinite(f))
		return fail(t, o, "a scale becomes %g", v);
	memcpy(&bits, &f, sizeof bits);
	return put(t, o, at, bits, 4);
}

/* The half of a last odd byte stays. */
static int put_nibbles(struct target *t, const struct layer *l)
{
	size_t i;

	for (i = 0; i < l->n; i += 2) {
		size_t at = l->o->file.weights + i / 2;
		int high = i + 1 < l->n ? l->weights[i + 1] & 15 : t->from[at] >> 4;

		if (put(t, l->o, at, (uint64_t)((l->weights[i] & 15) | high << 4), 1))
			return -1;
	}
	return 0;
}

static int put_weights(struct target *t, const struct layer *l)
{
	size_t i;

	if (l->o->file.int4)
		return put_nibbles(t, l);
	for (i = 0; i < l->n; i++)
		if (put(t, l->o, l->o->file.weights + i, (uint8_t)l->weights[i], 1))
			return -1;
	return 0;
}

/* Scales and biases: the products' unit is multiplied by the factor as the file can hold it, the bias divided by it. */
static int put_scales(struct target *t, const struct layer *l)
{
	const struct op_file *f = &l->o->file;
	size_t bytes = l->g->tensors[l->o->in[0]].wide ? 8 : 4; /* of a bias */
	int i;

	for (i = 0; i < l->filters; i++) {
		double scale = (double)(float)(l->scale[i] * l->factor[i]), factor = scale / l->scale[i];

		if (i < f->nscales && put_float(t, l->o, f->scales + 4 * (size_t)i, scale))
			return -1;
		if (f->bias && put(t, l->o, f->bias + bytes * (size_t)i, (uint64_t)llround((double)l->o->bias[i] / factor), bytes))
			return -1;
		if (f->nbias_scales != f->nscales || i >= f->nbias_scales)
			continue;
		if (put_float(t, l->o, f->bias_scales + 4 * (size_t)i, (double)get_float(t->from + f->bias_scales + 4 * (size_t)i) * factor))
			return -1;
	}
	return 0;
}

static void describe(const struct layer *l, struct prune_layer *d)
{
	double was = 0, change = 0;
	size_t i;

	memset(d, 0, sizeof *d);
	d->index = l->o->index;
	d->op = op_kind_name(l->o->kind);
	d->weights = (int64_t)l->n;
	for (i = 0; i < l->n; i++) {
		int f = filter_of(l, i);
		double a = l->o->weights[i] * l->scale[f], b = l->weights[i] * l->scale[f] * l->factor[f];

		d->zeros_before += l->o->weights[i] == 0;
		d->zeros_after += l->weights[i] == 0;
		was += a * a;
		change += (a - b) * (a - b);
	}
	d->error = was > 0 ? sqrt(change / was) : 0;
}

static int prune_layer(struct target *t, const struct graph *g, const struct op *o, const struct prune *p, struct prune_layer *d)
{
	struct layer l;
	int status = open_layer(&l, t, g, o);

	if (status == 0 && p->of)
		prune_nm(&l, p->keep, p->of);
	if (status == 0 && ((p->zero > 0 && prune_smallest(&l, p->zero)) || (p->bits && round_weights(&l, p->bits))))
		status = fail(t, o, "out of memory");
	if (status == 0 && p->codebook)
		share_weights(&l);
	if (status == 0)
		status = put_weights(t, &l) || (p->bits && put_scales(t, &l)) ? -1 : 0;
	if (status == 0)
		describe(&l, d);
	close_layer(&l);
	return status;
}

static int prune_all(struct target *t, const struct graph *g, size_t size, const struct prune *p, struct prune_report *r)
{
	int i, status = 0;

	t->written = calloc(size, 1);
	t->from = malloc(size);
	r->layers = calloc((size_t)g->nops, sizeof *r->layers);
	if (!t->written || !t->from || !r->layers)
		status = fail(t, NULL, "out of memory");
	else
		memcpy(t->from, t->file, size);
	for (i = 0; i < g->nops && status == 0; i++)
		if (is_mac(&g->ops[i]))
			status = prune_layer(t, g, &g->ops[i], p, &r->layers[r->nlayers++]);
	free(t->written);
	free(t->from);
	return status;
}

int prune_bytes(const char *model, uint8_t *file, size_t size, const struct prune *p, struct prune_report *r, char *err, size_t errsize)
{
	struct target t = { model, file, NULL, NULL, err, errsize };
	struct graph g;
	int status;

	memset(r, 0, sizeof *r);
	if (tflite_parse(model, file, size, &g, err, errsize))
		return -1;
	status = prune_all(&t, &g, size, p, r);
	graph_free(&g);
	/* what was made must be readable */
	if (status == 0)
		status = tflite_parse(model, file, size, &g, err, errsize);
	if (status == 0)
		graph_free(&g);
	else
		prune_free(r);
	return status;
}

static int write_and_close(FILE *f, const uint8_t *file, size_t size)
{
	int saved;

	if (!f)
		return -1;
	errno = 0;
	if (fwrite(file, 1, size, f) == size && fflush(f) == 0)
		return fclose(f);
	saved = errno ? errno : EIO;
	fclose(f);
	errno = saved;
	return -1;
}

/* Whole or not at all; links, devices and pipes are written in place. */
static int write_file(const char *to, const uint8_t *file, size_t size)
{
	char temp[1024];
	struct stat s;
	int n, status, saved;

	if (!lstat(to, &s) && !S_ISREG(s.st_mode))
		return write_and_close(fopen(to, "wb"), file, size);
	n = snprintf(temp, sizeof temp, "%s.%ld.tmp", to, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof temp) {
		errno = ENAMETOOLONG;
		return -1;
	}
	status = write_and_close(fopen(temp, "wb"), file, size) || rename(temp, to) ? -1 : 0;
	saved = errno;
	if (status)
		unlink(temp);
	errno = saved;
	return status;
}

int prune_file(const char *model, const char *to, const struct prune *p, struct prune_report *r, char *err, size_t errsize)
{
	size_t size;
	uint8_t *file = tflite_load(model, &size, err, errsize);
	int status;

	memset(r, 0, sizeof *r);
	if (!file)
		return -1;
	status = prune_bytes(model, file, size, p, r, err, errsize);
	if (status == 0 && write_file(to, file, size)) {
		snprintf(err, errsize, "%s: %s", to, strerror(errno));
		prune_free(r);
		status = -1;
	}
	free(file);
	return status;
}

void prune_print(const struct prune_report *r, FILE *out)
{
	int64_t weights = 0, before = 0, after = 0;
	int i;

	fprintf(out, "%-4s %-20s %10s %8s %8s %8s\n", "op", "operator", "weights", "zeros %", "now %", "error %");
	for (i = 0; i < r->nlayers; i++) {
		const struct prune_layer *l = &r->layers[i];

		fprintf(out, "%-4d %-20s %10lld %8.1f %8.1f %8.2f\n", l->index, l->op, (long long)l->weights,
			100 * (double)l->zeros_before / (double)l->weights, 100 * (double)l->zeros_after / (double)l->weights, 100 * l->error);
		weights += l->weights;
		before += l->zeros_before;
		after += l->zeros_after;
	}
	if (weights)
		fprintf(out, "%-4s %-20s %10lld %8.1f %8.1f\n", "", "total", (long long)weights, 100 * (double)before / (double)weights,
			100 * (double)after / (double)weights);
}

void prune_free(struct prune_report *r)
{
	free(r->layers);
	memset(r, 0, sizeof *r);
}
