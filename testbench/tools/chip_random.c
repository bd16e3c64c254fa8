/* SPDX-License-Identifier: Apache-2.0
 * chip_random CONFIG.yaml COUNT SEED DIR: COUNT random networks that NAME_chip has a form for. Of each: DIR/N.img, DIR/N.in (one
 * input), DIR/N.want (the reference's output), and a line that says what it is. */
#include "compiler/chip.h"
#include "compiler/config_file.h"
#include "compiler/graph_ref.h"
#include "testbench/random_graph.h"
#include <stdlib.h>

enum { TRIES = 1000 };

static int write_file(const char *dir, int n, const char *suffix, const void *data, size_t bytes, const struct chip_image *image)
{
	char path[600];
	FILE *f;
	int failed;

	snprintf(path, sizeof path, "%s/%d.%s", dir, n, suffix);
	f = fopen(path, "wb");
	failed = !f || (image ? chip_write(image, f) : fwrite(data, 1, bytes, f) != bytes);
	if (f && fclose(f))
		failed = 1;
	if (failed)
		fprintf(stderr, "%s: cannot be written\n", path);
	return failed ? -1 : 0;
}

static int write_case(struct rng *r, const struct graph *g, const struct chip_image *i, const char *dir, int n)
{
	size_t in = tensor_bytes(&g->tensors[g->input]), out = tensor_bytes(&g->tensors[g->output]);
	int8_t *x = malloc(in), *y = malloc(out);
	int failed = !x || !y;

	if (!failed) {
		random_input(r, g, x, in);
		failed = graph_ref_run(g, ROUNDING_TFLITE, x, y, NULL) || write_file(dir, n, "img", NULL, 0, i) || write_file(dir, n, "in", x, in, NULL) ||
			write_file(dir, n, "want", y, out, NULL);
	}
	free(x);
	free(y);
	return failed ? -1 : 0;
}

/* 1: a case was written, 0: NAME_chip refuses the network. */
static int try_one(struct rng *r, const struct config *c, const char *dir, int n)
{
	struct graph g;
	struct chip_image i;
	char text[200], err[600];
	int status = -1;

	if (rng_chance(r, 30) ? random_graph(r, c, &g, text, sizeof text) : random_dead_graph(r, c, &g, text, sizeof text))
		return -1;
	if (chip_build(c, &g, &i, err, sizeof err)) {
		status = 0;
	} else if (write_case(r, &g, &i, dir, n) == 0) {
		printf("%d: %s\n", n, text);
		status = 1;
	}
	chip_free(&i);
	graph_free(&g);
	return status;
}

int main(int argc, char **argv)
{
	struct config c;
	struct mem_options mem;
	struct config_error e;
	struct rng r;
	char err[300];
	int n, tries, status = 0;

	if (argc != 5)
		return 2;
	mem_options_init(&mem);
	if (config_read(argv[1], &c, &mem, &e)) {
		config_error_format(&e, argv[1], err, sizeof err);
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	r.s = strtoull(argv[3], NULL, 10);
	for (n = 0; n < atoi(argv[2]); n++) {
		for (tries = status = 0; status == 0 && tries < TRIES; tries++)
			status = try_one(&r, &c, argv[4], n);
		if (status != 1)
			break;
	}
	return status == 1 ? 0 : 1;
}
