/* SPDX-License-Identifier: Apache-2.0
 * The commands that simulate nothing. */
#include "run.h"
#include "compiler/config_file.h"
#include "job.h"
#include "rtl_gen/emit_package.h"
#include <stdio.h>

int gen_command(const struct options *o)
{
	struct job j;
	char command[700];

	job_init(&j, o);
	if (job_config(&j))
		return j.status;
	snprintf(command, sizeof command, "systole gen %s", o->config);
	if (emit_package(&j.c, o->dir, command, j.err, sizeof j.err))
		job_fail(&j, EXIT_INPUT);
	return j.status;
}

static void print_config(const struct config *c)
{
	printf("%s: %s, %d x %d = %d PEs\n", c->name, dataflow_name(c->dataflow), c->rows, c->cols, c->rows * c->cols);
	printf("  activations %d bits, weights %d bits, PE operand %d bits, sums %d bits, rounding %s, sparsity %s\n", c->act_bits, c->wgt_bits, c->x_bits,
	       c->acc_bits, rounding_name(c->rounding), sparsity_name(c->sparsity));
	if (c->bus == BUS_ON_CHIP) {
		printf("  memory %d bytes %s; patch buffer %d bytes; weights %d bytes; a post-processing lane\n", CHIP_BYTES,
		       c->target == TARGET_ICE40 ? "outside" : "on the chip", CHIP_PATCH_BYTES, CHIP_WGT_BYTES);
		return;
	}
	printf("  activation buffer %d bytes, port %d; weight buffer %d bytes (%d words of %d weights); parameters of %d channels\n", c->act_bytes, c->act_port,
	       c->wgt_bytes, c->wgt_depth, c->cols, c->par_rows * c->lanes);
	printf("  collector %d vectors, %d post-processing lanes, memory bus %d bits\n", c->col_depth, c->lanes, c->bus_bits);
}

static void print_plan(const struct job *j)
{
	char runs[32];
	int i;

	printf("%-4s %-26s %-40s %12s %10s %6s  %s\n", "op", "operator", "shape", "MACs", "cycles", "util", "mapping");
	for (i = 0; i < j->p.nlayers + j->image.nlayers; i++) {
		const struct report_layer *l = &j->r.layers[i];
		const struct chip_layer *c = j->image.layers;

		if (c)
			snprintf(runs, sizeof runs, "runs %d to %d", i ? c[i - 1].runs : 0, c[i].runs - 1);
		printf("%-4d %-26s %-40s %12lld %10lld %5.1f%%  %s\n", l->index, l->op, l->shape, (long long)l->macs, (long long)l->estimate,
		       100.0 * report_utilization(&j->c, l->macs, (uint64_t)l->estimate), c ? runs : j->p.layers[i].mapping);
	}
	printf("total %lld MACs, %lld cycles, utilization %.1f %%; ", (long long)j->r.macs, (long long)j->p.estimate,
	       100.0 * report_utilization(&j->c, j->r.macs, (uint64_t)j->p.estimate));
	if (j->image.nlayers)
		printf("program %u bytes\n", j->image.bytes);
	else
		printf("program %zu bytes, %d commands, scratch %zu bytes\n", j->p.image_bytes, j->p.commands, j->p.scratch_bytes);
	if (j->p.sparse.channels)
		printf("dropped %d channels that cannot influence the result: %lld MACs, %lld bytes of memory traffic, %lld cycles\n",
		       j->p.sparse.channels, (long long)j->p.sparse.macs, (long long)j->p.sparse.bytes, (long long)j->p.sparse.cycles);
	else if (j->p.sparse.macs)
		printf("left out by the pattern: %lld MACs, %lld bytes of memory traffic, %lld cycles\n", (long long)j->p.sparse.macs,
		       (long long)j->p.sparse.bytes, (long long)j->p.sparse.cycles);
}

int explain_command(const struct options *o)
{
	struct job j;

	job_init(&j, o);
	if (job_config(&j) == 0 && !o->model) {
		print_config(&j.c);
	} else if (j.status == 0 && job_model(&j) == 0 && job_map(&j) == 0 && job_layers(&j) == 0) {
		job_report(&j);
		print_config(&j.c);
		print_plan(&j);
	}
	job_free(&j);
	return j.status;
}

/* The file is whole or not there. */
static int write_image(struct job *j)
{
	struct chip_image i;
	char part[700];
	FILE *f;
	int failed;

	if (chip_build(&j->c, &j->g, &i, j->err, sizeof j->err))
		return -1;
	snprintf(part, sizeof part, "%s.part", j->o->dir);
	f = fopen(part, "wb");
	failed = !f || chip_write(&i, f);
	if (f && fclose(f))
		failed = 1;
	chip_free(&i);
	if (failed || rename(part, j->o->dir)) {
		snprintf(j->err, sizeof j->err, "%s: cannot be written", j->o->dir);
		remove(part);
		return -1;
	}
	printf("%s: program %u bytes at 0x%05x, input %u bytes at 0x%05x, output %u bytes at 0x%05x\n", j->o->dir, i.bytes, i.base, i.in_bytes, i.in,
	       i.out_bytes, i.out);
	return 0;
}

int image_command(const struct options *o)
{
	struct job j;

	job_init(&j, o);
	if (job_config(&j) == 0 && job_model(&j) == 0 && write_image(&j))
		job_fail(&j, EXIT_INPUT);
	job_free(&j);
	return j.status;
}
