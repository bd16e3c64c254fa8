/* SPDX-License-Identifier: Apache-2.0 */
#include "icarus.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct icarus {
	pid_t pid;
	int to, from, bus_bytes, failed;
};

static void become_vvp(const char *dir, int in, int out)
{
	if (in != 3)
		dup2(in, 3);
	if (out != 4)
		dup2(out, 4);
	if (chdir(dir) == 0 && freopen("vvp.log", "w", stdout))
		execlp("vvp", "vvp", "-n", "-M", ".", "-m", "systole_vpi", "design.vvp", (char *)NULL);
	_exit(127);
}

void *icarus_open(const char *dir, int bus_bytes)
{
	struct icarus *s = calloc(1, sizeof *s);
	int to[2], from[2], pad[4], i;

	/* Descriptors 3 and 4 are the simulation's: ours must lie above. */
	for (i = 0; i < 4; i++)
		pad[i] = dup(0);
	if (!s || pipe(to) || pipe(from)) {
		free(s);
		return NULL;
	}
	for (i = 0; i < 4; i++)
		if (pad[i] >= 0)
			close(pad[i]);
	signal(SIGPIPE, SIG_IGN);
	s->bus_bytes = bus_bytes;
	s->pid = fork();
	if (s->pid == 0) {
		close(to[1]);
		close(from[0]);
		become_vvp(dir, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	s->to = to[1];
	s->from = from[0];
	s->failed = s->pid < 0;
	return s;
}

static int transfer(struct icarus *s, void *data, size_t n, int out)
{
	char *p = data;

	while (n && !s->failed) {
		ssize_t k = out ? write(s->to, p, n) : read(s->from, p, n);

		if (k <= 0)
			s->failed = 1;
		else {
			p += k;
			n -= (size_t)k;
		}
	}
	return s->failed ? -1 : 0;
}

void icarus_clock(void *sim, const struct sim_in *in, struct sim_out *out)
{
	struct icarus *s = sim;
	uint32_t words[64];
	int n = 0, i;

#define P(pin, field, w) words[n++] = in->field;
#define DATA(pin, field) for (i = 0; i < s->bus_bytes / 4; i++) words[n++] = (uint32_t)(in->field[i / 2] >> i % 2 * 32);
	ICARUS_INPUTS(P, DATA)
#undef P
#undef DATA
	transfer(s, words, (size_t)n * 4, 1);
	n = 0;
#define P(pin, field, w) n++;
#define DATA(pin, field) n += s->bus_bytes / 4;
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
	memset(out, 0, sizeof *out);
	if (transfer(s, words, (size_t)(n + 1) * 4, 0))
		return;
	n = 0;
#define P(pin, field, w) { uint32_t v = words[n++]; memcpy(&out->field, &v, sizeof out->field); }
#define DATA(pin, field) for (i = 0; i < s->bus_bytes / 4; i++) out->field[i / 2] |= (uint64_t)words[n++] << i % 2 * 32;
	ICARUS_OUTPUTS(P, DATA)
#undef P
#undef DATA
}

int icarus_failed(const void *sim)
{
	return ((const struct icarus *)sim)->failed;
}

void icarus_close(void *sim)
{
	struct icarus *s = sim;

	close(s->to);
	close(s->from);
	if (s->pid > 0)
		waitpid(s->pid, NULL, 0);
	free(s);
}
