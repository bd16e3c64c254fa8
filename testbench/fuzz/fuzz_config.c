/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a configuration: accepted ones must derive again to themselves, refused ones must say why and where. */
#include "compiler/config_file.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c, again;
	struct mem_options m;
	struct config_error e;

	memset(&e, 0, sizeof e);
	if (config_parse(data, size, &c, &m, &e)) {
		if (!e.text[0] || e.line < 1 || e.column < 1)
			abort();
		return 0;
	}
	again = c;
	if (config_derive(&again, &e) || memcmp(&again, &c, sizeof c))
		abort();
	return 0;
}
