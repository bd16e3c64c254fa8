/* SPDX-License-Identifier: Apache-2.0
 * The FEED command: F(name, beat, lsb, width, signed, meaning). The compiler encodes with it, the twin decodes. */
#ifndef SYSTOLE_FEED_FIELDS_H
#define SYSTOLE_FEED_FIELDS_H

#define FEED_FIELDS(F) \
	F(dw, 0, 32, 1, 0, "os: depthwise stream through the line buffer") \
	F(pool, 0, 33, 1, 0, "words go to the pool unit, not to the array") \
	F(pmax, 0, 34, 1, 0, "pool: maximum, else sum") \
	F(keep, 0, 35, 1, 0, "weights of a channel tile are kept for all its pixel tiles") \
	F(follow, 0, 36, 1, 0, "the input is written by POST command number dep") \
	F(pack, 0, 37, 1, 0, "ws with groups: a word's groups are 3/4 of a group apart, whole taps of 3 channels") \
	F(dep, 0, 40, 8, 0, "number of that POST command, modulo 256") \
	F(src, 1, 0, 32, 1, "byte address of the first pixel's window, may be before the map") \
	F(ow, 1, 32, 16, 0, "output pixels per line") \
	F(oh, 1, 48, 16, 0, "output lines") \
	F(px_step, 2, 0, 32, 1, "bytes from window to window along a line") \
	F(line_step, 2, 32, 32, 1, "bytes from a line's last window to the next line's first") \
	F(ctiles, 3, 0, 16, 0, "channel tiles") \
	F(npt, 3, 16, 16, 0, "pixels per tile") \
	F(ct_step, 3, 32, 32, 1, "bytes from channel tile to channel tile") \
	F(kg, 4, 0, 8, 0, "kernel row groups") \
	F(kw, 4, 8, 8, 0, "taps per kernel row that are fetched apart (1 when a row is one run)") \
	F(nc, 4, 16, 16, 0, "chunks of a run") \
	F(st_full, 4, 32, 8, 0, "MAC steps of a full chunk") \
	F(st_last, 4, 40, 8, 0, "MAC steps of a run's last chunk") \
	F(st_glast, 4, 48, 8, 0, "MAC steps of the last chunk in the last row group") \
	F(run, 4, 56, 8, 0, "bytes used of each sub row, 255 without sub rows") \
	F(inc_kg, 5, 0, 32, 1, "address increment to the next row group") \
	F(inc_kw, 5, 32, 32, 1, "address increment to the next tap") \
	F(inc_c, 6, 0, 32, 1, "address increment to the next chunk") \
	F(binc_c, 6, 32, 16, 1, "line position increment to the next chunk") \
	F(binc_kw, 6, 48, 16, 1, "line position increment to the next tap") \
	F(iy0, 7, 0, 16, 1, "y of the first window's first kernel row") \
	F(sy, 7, 16, 16, 1, "y increment per output line") \
	F(h, 7, 32, 16, 0, "input lines") \
	F(ky_step, 7, 48, 16, 1, "y increment per row group") \
	F(b0, 8, 0, 16, 1, "position in its line, bytes, of the first window") \
	F(b_step, 8, 16, 16, 1, "position increment per pixel") \
	F(lb, 8, 32, 16, 0, "bytes of an input line") \
	F(pitch, 8, 48, 8, 0, "bytes between sub rows in a fetched word, 255 without") \
	F(dil, 8, 56, 8, 0, "y increment per sub row") \
	F(kwords, 9, 0, 16, 0, "weight words of a channel tile, rounded up to whole beats") \
	F(zx, 9, 16, 8, 1, "zero point of the input") \
	F(dmin, 9, 24, 8, 0, "least cycles of a segment; ws: at least 3") \
	F(dkw, 9, 32, 8, 0, "dw: taps per kernel row") \
	F(dkh0, 9, 40, 8, 0, "dw: line (0..2) of the first kernel row; else with precision: 0, 1, 2: one, two, four weights in a byte") \
	F(lead, 9, 48, 8, 0, "cycles from a tile's start to its last MAC step, at most 255") \
	F(gap, 9, 56, 8, 0, "groups: from a sub row's last step to the next one's first, activations") \
	F(need0, 10, 0, 32, 1, "input pixels needed by a tile starting in line 0") \
	F(need_step, 10, 32, 32, 1, "more per output line") \
	F(need_max, 11, 0, 32, 1, "pixels of the input map") \
	F(gstep, 11, 32, 8, 0, "groups: from step to step, activations (1 dense; M/N of an N:M pattern)") \
	F(prime, 12, 0, 16, 0, "dw: stream positions before the first tile") \
	F(q0, 12, 16, 16, 1, "dw: first stream position") \
	F(npix, 12, 32, 16, 0, "output pixels") \
	F(npad, 12, 48, 16, 0, "dw: stream positions of a channel tile") \
	F(ldelay, 13, 0, 16, 0, "dw: line width minus taps per row, at least 2") \
	F(nread, 13, 16, 16, 0, "dw: pixels of the input map")

#endif
