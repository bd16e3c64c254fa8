/* SPDX-License-Identifier: Apache-2.0
 * host DEVICE BAUD IMAGE INPUTS OUTPUTS: loads a program (systole image) into NAME_chip over a serial line, runs it on every
 * input of INPUTS, and writes the outputs, back to back. BAUD 0 leaves the line's speed alone. Prints the cycles of each run.
 * The protocol is in rtl/chip_host.v. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct image {
	uint32_t base, bytes, in, in_bytes, out, out_bytes;
	uint8_t *data;          /* owned */
};

static int fail(const char *what)
{
	perror(what);
	return -1;
}

static int speed_of(long baud, speed_t *s)
{
	static const struct { long baud; speed_t speed; } list[] = {
		{ 115200, B115200 }, { 230400, B230400 }, { 1000000, B1000000 }, { 2000000, B2000000 }, { 3000000, B3000000 },
	};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (list[i].baud == baud) {
			*s = list[i].speed;
			return 0;
		}
	return -1;
}

static int open_line(const char *path, long baud)
{
	struct termios t;
	speed_t speed;
	int fd = open(path, O_RDWR | O_NOCTTY);

	if (fd < 0 || tcgetattr(fd, &t)) {
		if (fd >= 0)
			close(fd);
		return fail(path);
	}
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	t.c_cc[VMIN] = !baud; /* a simulation may take its time */
	t.c_cc[VTIME] = baud ? 100 : 0; /* 10 s without a byte is an error */
	if (baud && (speed_of(baud, &speed) || cfsetispeed(&t, speed) || cfsetospeed(&t, speed))) {
		fprintf(stderr, "baud %ld: use 115200, 230400, 1000000, 2000000 or 3000000\n", baud);
		close(fd);
		return -1;
	}
	if (tcsetattr(fd, TCSANOW, &t)) {
		close(fd);
		return fail(path);
	}
	return fd;
}

static int send_all(int fd, const uint8_t *d, size_t n)
{
	while (n) {
		ssize_t k = write(fd, d, n);

		if (k <= 0)
			return fail("write");
		d += k;
		n -= (size_t)k;
	}
	return 0;
}

static int receive(int fd, uint8_t *d, size_t n)
{
	while (n) {
		ssize_t k = read(fd, d, n);

		if (k <= 0) {
			fprintf(stderr, "the device does not answer\n");
			return -1;
		}
		d += k;
		n -= (size_t)k;
	}
	return 0;
}

static int command(int fd, char op, uint32_t addr, uint32_t count)
{
	uint8_t h[7] = { (uint8_t)op, (uint8_t)addr, (uint8_t)(addr >> 8), (uint8_t)(addr >> 16), (uint8_t)count, (uint8_t)(count >> 8), (uint8_t)(count >> 16) };

	return send_all(fd, h, sizeof h);
}

static uint32_t word(const uint8_t *d) { return (uint32_t)d[0] | (uint32_t)d[1] << 8 | (uint32_t)d[2] << 16 | (uint32_t)d[3] << 24; }

static int read_image(const char *path, struct image *m)
{
	uint8_t h[32];
	FILE *f = fopen(path, "rb");

	memset(m, 0, sizeof *m);
	if (!f)
		return fail(path);
	if (fread(h, 1, sizeof h, f) == sizeof h && memcmp(h, "SYSTCHIP", 8) == 0) {
		*m = (struct image){ word(h + 8), word(h + 12), word(h + 16), word(h + 20), word(h + 24), word(h + 28), NULL };
		m->data = m->bytes && m->bytes <= 1u << 17 ? malloc(m->bytes) : NULL;
	}
	if (!m->data || fread(m->data, 1, m->bytes, f) != m->bytes || !m->in_bytes || m->in_bytes > 1u << 17 || !m->out_bytes || m->out_bytes > 1u << 17) {
		fprintf(stderr, "%s: not an image of `systole image`\n", path);
		fclose(f);
		return -1;
	}
	fclose(f);
	return 0;
}

/* One input: write, run, read. */
static int infer(int fd, const struct image *m, const uint8_t *in, uint8_t *out)
{
	uint8_t r[6];

	if (command(fd, 'W', m->in, m->in_bytes) || send_all(fd, in, m->in_bytes) || command(fd, 'G', m->base, 0) || receive(fd, r, sizeof r))
		return -1;
	if (r[0] != 'D' || r[1]) {
		fprintf(stderr, "the device reports an error\n");
		return -1;
	}
	printf("%lu cycles\n", (unsigned long)r[3] | (unsigned long)r[4] << 8 | (unsigned long)r[5] << 16);
	return command(fd, 'R', m->out, m->out_bytes) || receive(fd, out, m->out_bytes) ? -1 : 0;
}

static int run(int fd, const struct image *m, FILE *in, FILE *out)
{
	uint8_t *a = malloc(m->in_bytes), *b = malloc(m->out_bytes);
	int status = a && b ? 0 : -1;

	if (status == 0)
		status = command(fd, 'W', m->base, m->bytes) || send_all(fd, m->data, m->bytes) ? -1 : 0;
	while (status == 0 && fread(a, 1, m->in_bytes, in) == m->in_bytes) {
		status = infer(fd, m, a, b);
		if (status == 0 && fwrite(b, 1, m->out_bytes, out) != m->out_bytes)
			status = fail("output");
	}
	free(a);
	free(b);
	return status;
}

int main(int argc, char **argv)
{
	struct image m;
	FILE *in, *out;
	int fd, status = 2;

	if (argc != 6) {
		fprintf(stderr, "usage: host DEVICE BAUD IMAGE INPUTS OUTPUTS\n");
		return 2;
	}
	if (read_image(argv[3], &m))
		return 2;
	in = fopen(argv[4], "rb");
	out = fopen(argv[5], "wb");
	fd = in && out ? open_line(argv[1], strtol(argv[2], NULL, 10)) : fail(in ? argv[5] : argv[4]);
	if (fd >= 0) {
		status = run(fd, &m, in, out) ? 1 : 0;
		close(fd);
	}
	if (in)
		fclose(in);
	if (out && fclose(out))
		status = 1;
	free(m.data);
	return status;
}
