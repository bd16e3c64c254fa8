/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "compiler/config_file.h"
#include "compiler/tflite.h"
#include "energy_source.h"
#include "run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void job_init(struct job *j, const struct options *o)
{
	memset(j, 0, sizeof *j);
	j->o = o;
	mem_options_init(&j->mem);
}

int job_fail(struct job *j, int status)
{
	fprintf(stderr, "%s\n", j->err);
	j->status = status;
	return -1;
}

int job_config(struct job *j)
{
	struct config_error e;

	if (!j->o->config) {
		config_init(&j->c);
		j->c.rounding = j->o->rounding_given ? j->o->rounding : ROUNDING_TFLITE;
		return 0;
	}
	if (config_read(j->o->config, &j->c, &j->mem, &e)) {
		config_error_format(&e, j->o->config, j->err, sizeof j->err);
		return job_fail(j, EXIT_INPUT);
	}
	if (energy_read(j->o->energy, &j->energy, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	if (j->o->rounding_given)
		j->c.rounding = j->o->rounding;
	options_memory(j->o, &j->mem);
	return 0;
}

int job_model(struct job *j)
{
	if (tflite_read(j->o->model, &j->g, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	j->in_bytes = tensor_bytes(&j->g.tensors[j->g.input]);
	j->out_bytes = tensor_bytes(&j->g.tensors[j->g.output]);
	if (!j->g.tensors[j->g.input].wide || j->c.rounding != ROUNDING_ONNX)
		return 0;
	snprintf(j->err, sizeof j->err, "%s: its activations are int16, which rounding mode onnx does not have", j->g.name);
	return job_fail(j, EXIT_INPUT);
}

static int build_program(struct job *j)
{
	if (program_build(&j->c, &j->g, j->mem.latency, j->o->keep_dead, &j->p, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	j->dev_bytes = tensor_bytes(&j->g.tensors[j->p.device_out]);
	return 0;
}

static int build_image(struct job *j)
{
	if (chip_build(&j->c, &j->g, &j->image, j->err, sizeof j->err))
		return job_fail(j, EXIT_INPUT);
	j->p.estimate = j->image.nlayers ? j->image.layers[j->image.nlayers - 1].cycles : 0;
	j->p.device_out = j->image.device_out;
	j->p.host_op = j->image.host_op;
	j->dev_bytes = j->image.out_bytes;
	return 0;
}

int job_map(struct job *j)
{
	return (j->c.bus == BUS_ON_CHIP ? build_image : build_program)(j);
}

static void describe(const struct graph *g, const struct op *o, struct report_layer *d)
{
	const struct tensor *in = &g->tensors[o->in[0]], *out = &g->tensors[o->out];

	d->index = o->index;
	d->op = op_kind_name(o->kind);
	d->macs = op_macs(g, o);
	if (o->kind == OP_ADD)
		snprintf(d->shape, sizeof d->shape, "%dx%dx%d", out->h, out->w, out->c);
	else
		snprintf(d->shape, sizeof d->shape, "%dx%dx%d -> %dx%dx%d k%dx%d s%d", in->h, in->w, in->c, out->h, out->w, out->c, o->kh, o->kw, o->sh);
}

const char *job_layer_name(const struct graph *g, const struct layer *l)
{
	static const char *const fused_add[] = { "CONV_2D + ADD", "DEPTHWISE_CONV_2D + ADD", "FULLY_CONNECTED + ADD" };
	static const char *const fused_gap[] = { "CONV_2D + AVERAGE_POOL_2D", "DEPTHWISE_CONV_2D + AVERAGE_POOL_2D", "FULLY_CONNECTED + AVERAGE_POOL_2D" };
	int kind = (int)g->ops[l->op].kind;

	if (l->add >= 0)
		return fused_add[kind];
	if (l->gap >= 0)
		return fused_gap[kind];
	return op_kind_name(g->ops[l->op].kind);
}

int job_layers(struct job *j)
{
	int i, n = j->p.nlayers + j->image.nlayers; /* one of them has some */

	j->r.layers = calloc((size_t)n + 1, sizeof *j->r.layers);
	if (!j->r.layers)
		return -1;
	for (i = 0; i < j->p.nlayers; i++) {
		const struct layer *l = &j->p.layers[i];

		describe(&j->g, &j->g.ops[l->op], &j->r.layers[i]);
		j->r.layers[i].op = job_layer_name(&j->g, l);
		j->r.layers[i].macs = l->macs;
		j->r.layers[i].estimate = l->estimate;
	}
	for (i = 0; i < j->image.nlayers; i++) {
		const struct chip_layer *l = &j->image.layers[i];

		describe(&j->g, &j->g.ops[l->op], &j->r.layers[i]);
		j->r.layers[i].estimate = l->cycles - (i ? l[-1].cycles : 0);
	}
	if (j->p.host_op >= 0) {
		const struct op *o = &j->g.ops[j->p.host_op];

		j->r.layers[n].index = o->index;
		j->r.layers[n].op = op_kind_name(o->kind);
		j->r.layers[n].host = 1;
		snprintf(j->r.layers[n].shape, sizeof j->r.layers[n].shape, "%d", j->g.tensors[o->out].c);
		n++;
	}
	j->r.nlayers = n;
	return 0;
}

void job_report(struct job *j)
{
	int i;

	j->r.config = j->o->config ? &j->c : NULL;
	j->r.model = j->g.name;
	j->r.ops = j->g.nops;
	j->r.engine = engine_name(j->o->engine);
	j->r.inputs = j->count;
	j->r.seed = j->o->seed;
	j->r.estimate = (uint64_t)j->p.estimate;
	j->r.sparse.dropped_channels = (uint64_t)j->p.sparse.channels;
	j->r.sparse.macs_skipped = (uint64_t)j->p.sparse.macs;
	j->r.sparse.bytes_saved = (uint64_t)(j->p.sparse.bytes > 0 ? j->p.sparse.bytes : 0);
	j->r.sparse.cycles_saved = j->p.sparse.cycles;
	for (i = 0; i < j->g.nops; i++)
		j->r.macs += op_macs(&j->g, &j->g.ops[i]);
}

void job_free(struct job *j)
{
	graph_free(&j->g);
	program_free(&j->p);
	chip_free(&j->image);
	free(j->r.layers);
	free(j->inputs);
	free(j->expected);
	free(j->got);
}
