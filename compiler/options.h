/* SPDX-License-Identifier: Apache-2.0
 * The command line. */
#ifndef SYSTOLE_OPTIONS_H
#define SYSTOLE_OPTIONS_H
#include "cmodel/config.h"
#include "cmodel/mem_options.h"
#include "prune.h"
#include <stdint.h>
#include <stdio.h>

#define SYSTOLE_VERSION "0.1.0"

/* C(NAME, word, least and most file arguments, arguments, doc) */
#define OPTIONS_COMMANDS(C) \
	C(GEN, "gen", 1, 1, "CONFIG.yaml -o DIR", "write the accelerator's Verilog, driver and tables") \
	C(RUN, "run", 2, 2, "CONFIG.yaml MODEL", "generate, simulate in lock-step with the C model, compare every output byte") \
	C(EXPLAIN, "explain", 1, 2, "CONFIG.yaml [MODEL]", "derived parameters, mapping and estimated cycles; builds nothing") \
	C(REF, "ref", 1, 2, "[CONFIG.yaml] MODEL", "the C reference alone, without hardware") \
	C(PRUNE, "prune", 1, 1, "MODEL -o MODEL2", "a model with fewer or narrower weights: --nm, --unstructured, --wgt-bits, --codebook") \
	C(IMAGE, "image", 2, 2, "CONFIG.yaml MODEL -o FILE", "the memory image of a design with bus: on_chip, for flow/host") \
	C(DOCTOR, "doctor", 0, 0, "", "tools found, their versions, and how to install what is missing")

#define OPTIONS_ENUM(name, word, least, most, args, doc) COMMAND_##name,
enum command { OPTIONS_COMMANDS(OPTIONS_ENUM) COMMAND_HELP, COMMAND_VERSION };
#undef OPTIONS_ENUM
enum engine { ENGINE_VERILATOR, ENGINE_ICARUS, ENGINE_TWIN, ENGINE_REF };

/* All strings are borrowed from argv. */
struct options {
	enum command command;
	const char *line;        /* the whole command, for messages */
	const char *config;      /* NULL: not given */
	const char *model;
	const char *input;       /* -i: inputs back to back, raw or .npy */
	int count;               /* -n: inputs to run; 0: not given */
	const char *dir;         /* -o: where the design goes; prune, image: the file */
	enum engine engine;
	const char *labels;      /* one byte per input, for the accuracy */
	const char *output;      /* network outputs, raw */
	const char *dump;        /* directory for every operator's output */
	const char *json;
	const char *energy;      /* table of the energy model: a name or a file; horowitz45 unless given */
	uint64_t seed;           /* of random inputs, 1 unless given */
	int no_compare;          /* simulate without the lock-step comparison */
	int keep_dead;           /* channels that cannot influence the result are computed */
	int reset_seed_given;
	uint64_t reset_seed;     /* of registers that have no reset */
	int rounding_given;
	enum rounding rounding;
	struct prune prune;
	const char *build_dir;   /* "build" unless given */
	struct mem_options mem;  /* what --mem gives: see options_memory */
	int mem_latency, mem_stall, mem_bandwidth, mem_seed;
};

/* 0, or -1 with one line in err: what is wrong and what would be right. --help and --version are commands. */
int options_parse(int argc, char **argv, struct options *o, char *err, size_t size);
/* What --mem gave, over what the configuration file says. */
void options_memory(const struct options *o, struct mem_options *m);
void options_help(FILE *out);
const char *engine_name(enum engine e);
const char *command_name(enum command c);

#endif
