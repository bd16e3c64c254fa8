/* SPDX-License-Identifier: Apache-2.0 */
#include "waveform.h"
#include "rtl_gen/writer.h"

int waveform_save(const char *path, const char *fst, const char *top, const char *const *signals, const struct reg *r)
{
	struct writer w;

	writer_open(&w, path);
	writer_line(&w, "[dumpfile] \"%s\"", fst);
	while (*signals)
		writer_line(&w, "TOP.%s.%s", top, *signals++);
	if (r && r->lanes * r->width > 1)
		writer_line(&w, "TOP.%s.%s_q[%d:0]", top, r->path, r->lanes * r->width - 1);
	else if (r)
		writer_line(&w, "TOP.%s.%s_q", top, r->path);
	return writer_close(&w);
}
