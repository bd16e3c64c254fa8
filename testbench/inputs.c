/* SPDX-License-Identifier: Apache-2.0 */
#include "inputs.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int random_inputs(size_t bytes, uint64_t seed, int *count, int8_t **inputs)
{
	uint64_t x = seed * 6364136223846793005ull + 1442695040888963407ull;
	size_t i, n;

	if (*count == 0)
		*count = 1;
	n = (size_t)*count * bytes;
	*inputs = malloc(n + 1);
	for (i = 0; *inputs && i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		(*inputs)[i] = (int8_t)(x >> 32);
	}
	return *inputs ? 0 : -1;
}

/* Offset of the data in an .npy file, 0 for a raw file, -1 with one line in err. */
static long data_offset(const char *path, const uint8_t *head, size_t n, int wide, char *err, size_t errsize)
{
	size_t length;
	char text[512] = { 0 };

	if (n < 12 || memcmp(head, "\x93NUMPY", 6) != 0)
		return 0;
	length = head[6] == 1 ? (size_t)(head[8] | head[9] << 8) + 10 : (size_t)(head[8] | head[9] << 8 | head[10] << 16) + 12;
	memcpy(text, head + 10, n - 10 < sizeof text - 1 ? n - 10 : sizeof text - 1);
	if ((wide ? !strstr(text, "'<i2'") : !strstr(text, "'|i1'") && !strstr(text, "'|u1'")) || strstr(text, "'fortran_order': True")) {
		snprintf(err, errsize, "%s: the array is not %s in C order", path, wide ? "int16" : "int8");
		return -1;
	}
	return (long)length;
}

static int read_file(const char *path, FILE *f, size_t bytes, int wide, int *count, int8_t **inputs, char *err, size_t errsize)
{
	uint8_t head[512];
	size_t n = fread(head, 1, sizeof head, f), whole;
	long start = data_offset(path, head, n, wide, err, errsize), end;

	if (start < 0)
		return -1;
	if (fseek(f, 0, SEEK_END) || (end = ftell(f)) < start || fseek(f, start, SEEK_SET)) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno ? errno : EINVAL));
		return -1;
	}
	whole = (size_t)(end - start);
	if (whole == 0 || whole % bytes) {
		snprintf(err, errsize, "%s: %zu bytes are not a multiple of the model's input, %zu bytes", path, whole, bytes);
		return -1;
	}
	if (*count == 0)
		*count = (int)(whole / bytes);
	if ((size_t)*count > whole / bytes) {
		snprintf(err, errsize, "%s: holds %zu inputs, -n asks for %d", path, whole / bytes, *count);
		return -1;
	}
	*inputs = malloc((size_t)*count * bytes);
	if (!*inputs || fread(*inputs, bytes, (size_t)*count, f) != (size_t)*count) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno ? errno : EIO));
		return -1;
	}
	return 0;
}

int inputs_read(const char *path, size_t bytes, int wide, uint64_t seed, int *count, int8_t **inputs, char *err, size_t errsize)
{
	FILE *f;
	int status;

	*inputs = NULL;
	if (!path) {
		snprintf(err, errsize, "out of memory");
		return random_inputs(bytes, seed, count, inputs);
	}
	f = fopen(path, "rb");
	if (!f) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
		return -1;
	}
	status = read_file(path, f, bytes, wide, count, inputs, err, errsize);
	fclose(f);
	return status;
}
