/* SPDX-License-Identifier: Apache-2.0
 * The FEED command of an rs array with sparsity skip: F(name, beat, lsb, width, signed, meaning). Opcode FEED with the pool
 * bit 0. One command is one pass: a tile of output lines, some channel tiles, some input channels.
 * docs/skip.md has the order of the walk and the format of the weights. */
#ifndef SYSTOLE_FEED_SKIP_FIELDS_H
#define SYSTOLE_FEED_SKIP_FIELDS_H

#define FEED_SKIP_FIELDS(F) \
	F(dw, 0, 32, 1, 0, "depthwise: a column's PEs take the activations of their own lanes") \
	F(pool, 0, 33, 1, 0, "0") \
	F(fc, 0, 34, 1, 0, "every row has weights of its own, and takes every word") \
	F(load, 0, 35, 1, 0, "the weights are loaded; 0: those of the command before stay") \
	F(last, 0, 36, 1, 0, "the sums are complete and leave the array") \
	F(follow, 0, 37, 1, 0, "the input is written by POST command number dep") \
	F(raw, 0, 38, 1, 0, "entries are weights only, of runs of 0; with a codebook: 0") \
	F(dep, 0, 40, 8, 0, "number of that POST command, modulo 256") \
	F(zx, 0, 48, 8, 1, "zero point of the input") \
	F(kh, 0, 56, 8, 0, "kernel rows") \
	F(src, 1, 0, 32, 1, "byte address of the first word, may be before the map") \
	F(nk, 1, 32, 16, 0, "keys of the pass: columns of weights in a PE") \
	F(nix, 1, 48, 16, 0, "values an index may have, at most 256") \
	F(pos_step, 2, 0, 32, 1, "bytes from position to position") \
	F(seg_step, 2, 32, 32, 1, "bytes from segment to segment") \
	F(line_step, 3, 0, 32, 1, "bytes from input line to input line") \
	F(kstep, 3, 32, 16, 0, "keys of a kernel row") \
	F(par_step, 3, 48, 16, 0, "keys of a position modulo the stride") \
	F(npos, 4, 0, 16, 0, "positions of a segment") \
	F(sx, 4, 16, 8, 0, "positions from output pixel to output pixel") \
	F(npar, 4, 24, 8, 0, "positions modulo sx that the kernel has: the smaller of its width and sx") \
	F(m0, 4, 32, 8, 0, "channel tiles: sums of a pixel in a PE") \
	F(nseg, 4, 40, 8, 0, "segments of a line") \
	F(nrows, 4, 48, 8, 0, "rows in use: lines x segments") \
	F(sh, 4, 56, 8, 0, "input lines from output line to output line") \
	F(nyl, 5, 0, 16, 0, "input lines") \
	F(nw, 5, 16, 16, 0, "words of a position") \
	F(lanes, 5, 32, 8, 0, "activations used of the last of them") \
	F(x0, 5, 48, 16, 1, "x of the first position") \
	F(y0, 6, 0, 16, 1, "y of the first input line") \
	F(ih, 6, 16, 16, 0, "lines of the map") \
	F(iw, 6, 32, 16, 0, "pixels of a line") \
	F(seg_dx, 6, 48, 16, 0, "positions from segment to segment") \
	F(shk, 7, 0, 16, 0, "sh * kstep") \
	F(lim, 7, 16, 16, 0, "sums of a row") \
	F(lim_last, 7, 32, 16, 0, "sums of a row with a line's last segment") \
	F(npix, 7, 48, 16, 0, "output pixels of a segment") \
	F(npix_last, 8, 0, 16, 0, "output pixels of a line's last segment") \
	F(nout, 8, 16, 16, 0, "vectors that leave the array") \
	F(kwords, 8, 32, 24, 0, "weight words of the pass, whole beats")

#endif
