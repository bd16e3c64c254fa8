/* SPDX-License-Identifier: Apache-2.0
 * The FEED command of the rs array: F(name, beat, lsb, width, signed, meaning). Opcode FEED with the pool bit 0;
 * with the pool bit 1 the command is one of feed_fields.h. The compiler encodes with it, the twin decodes. */
#ifndef SYSTOLE_FEED_RS_FIELDS_H
#define SYSTOLE_FEED_RS_FIELDS_H

#define FEED_RS_FIELDS(F) \
	F(dw, 0, 32, 1, 0, "depthwise: filter f reads channel f of a column, not all of them") \
	F(pool, 0, 33, 1, 0, "0") \
	F(res, 0, 34, 1, 0, "one pass: the weights stay in the scratchpads for all tiles of a channel tile") \
	F(keep, 0, 35, 1, 0, "weights of a channel tile are kept in the weight buffer for all its tiles") \
	F(follow, 0, 36, 1, 0, "the input is written by POST command number dep") \
	F(sep, 0, 37, 1, 0, "row sets make different lines; 0: their sums are added") \
	F(flat, 0, 38, 1, 0, "columns are successive pixels of the map, not lines") \
	F(dep, 0, 40, 8, 0, "number of that POST command, modulo 256") \
	F(gl, 0, 48, 3, 0, "log2 of the scratchpad words of a granule") \
	F(np, 0, 51, 13, 0, "passes of a tile: row folds x taps apart x channel groups") \
	F(src, 1, 0, 32, 1, "byte address of the first granule, may be before the map") \
	F(ctiles, 1, 32, 16, 0, "channel tiles") \
	F(ntile, 1, 48, 16, 0, "tiles of a channel tile") \
	F(d_step, 2, 0, 32, 1, "bytes from input line (flat: pixel) to the next") \
	F(wrap_step, 2, 32, 32, 1, "flat: bytes from a line's last pixel to the next line's first") \
	F(set_step, 3, 0, 32, 1, "bytes from row set to row set") \
	F(g_step, 3, 32, 32, 1, "bytes from granule to granule") \
	F(tile_step, 4, 0, 32, 1, "bytes from tile to tile") \
	F(ct_step, 4, 32, 32, 1, "bytes from channel tile to channel tile") \
	F(inc_kg, 5, 0, 32, 1, "address increment to the next row fold") \
	F(inc_kw, 5, 32, 32, 1, "address increment to the next taps") \
	F(inc_c, 6, 0, 32, 1, "address increment to the next channel group") \
	F(binc_c, 6, 32, 16, 1, "line position increment to the next channel group") \
	F(binc_kw, 6, 48, 16, 1, "line position increment to the next taps") \
	F(iy0, 7, 0, 16, 1, "y of the first tile's first input line") \
	F(d_dy, 7, 16, 16, 0, "y increment with d_step") \
	F(h, 7, 32, 16, 0, "input lines") \
	F(ky_step, 7, 48, 16, 1, "y increment to the next row fold") \
	F(b0, 8, 0, 16, 1, "position in its line, bytes, of the first granule") \
	F(b_step, 8, 16, 16, 1, "flat: position increment per pixel") \
	F(lb, 8, 32, 16, 0, "bytes of an input line") \
	F(ow, 8, 48, 16, 0, "flat: output pixels per line") \
	F(set_dy, 9, 0, 16, 0, "y increment from row set to row set") \
	F(tile_dy, 9, 16, 16, 0, "y increment from tile to tile") \
	F(wrap_dy, 9, 32, 16, 0, "flat: y increment with wrap_step") \
	F(gb, 9, 48, 16, 0, "bytes of a granule in its line, all sets") \
	F(need0, 10, 0, 32, 1, "input pixels needed by the first granule") \
	F(need_g, 10, 32, 32, 1, "flat: more per granule") \
	F(need_t, 11, 0, 32, 1, "more per tile") \
	F(need_max, 11, 32, 32, 1, "pixels of the input map") \
	F(nkg, 12, 0, 8, 0, "row folds") \
	F(nkw, 12, 8, 8, 0, "taps apart") \
	F(nc, 12, 16, 16, 0, "channel groups") \
	F(nset, 12, 32, 8, 0, "row sets") \
	F(nd, 12, 40, 16, 0, "input lines (flat: pixels) of a row set") \
	F(gwin, 12, 56, 8, 0, "granules of a window") \
	F(taps, 13, 0, 8, 0, "taps of a kernel row") \
	F(q, 13, 8, 8, 0, "channels of a row set (dw: 1)") \
	F(tstep, 13, 16, 8, 0, "scratchpad words from tap to tap") \
	F(xstep, 13, 24, 8, 0, "scratchpad words from window to window") \
	F(xend, 13, 32, 8, 0, "scratchpad words of a window") \
	F(gfree, 13, 40, 8, 0, "granules from window to window") \
	F(khn, 13, 48, 6, 0, "kernel rows of a row set") \
	F(kpad, 13, 54, 5, 0, "weight words after a channel tile's last, up to a whole beat") \
	F(fl, 13, 59, 5, 0, "last filter of the last channel tile; those after it get one step, without weights of their own") \
	F(nx, 14, 0, 16, 0, "windows of a tile") \
	F(nx_last, 14, 16, 16, 0, "windows of the last tile") \
	F(dj, 14, 32, 8, 0, "input lines from column to column") \
	F(doff, 14, 40, 8, 0, "input lines from kernel row to kernel row") \
	F(zx, 14, 48, 8, 1, "zero point of the input") \
	F(unused, 14, 56, 8, 0, "PE rows without a set") \
	F(kwords, 15, 0, 16, 0, "weight words of a channel tile, whole beats") \
	F(dn, 15, 16, 16, 0, "lines (flat: pixels) of a tile") \
	F(dn_last, 15, 32, 16, 0, "lines (flat: pixels) of the last tile") \
	F(nt0, 15, 48, 16, 1, "columns of the last set used in the last tile (flat: last window); may be negative")

#endif
