// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal in front of a simulated chip (CHIP: the Verilated class): sim LINK DIV SEED makes LINK a name of the
// terminal, and ends when the program that opened it has closed it. The chip starts with random registers and memory. Prints how
// many periods of clk each program was busy.
#include "chip.h"
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <verilated.h>

// One direction of the line, a bit at a time.
struct sender {
	int left = 0, count = 0;
	unsigned bits = 0;
	int step(int fd, int div)
	{
		unsigned char c;
		if (!left) {
			if (read(fd, &c, 1) != 1)
				return 1;
			bits = 0x200u | (unsigned)c << 1;
			left = 10;
			count = div;
		}
		int bit = (int)(bits & 1);
		if (--count == 0) {
			bits >>= 1;
			left--;
			count = div;
		}
		return bit;
	}
};

struct receiver {
	int bit = -1, count = 0;
	unsigned value = 0;
	// 1: *c is a byte
	int step(int line, int div, unsigned char *c)
	{
		if (bit < 0) {
			if (line)
				return 0;
			bit = 0;
			count = div + div / 2;
			return 0;
		}
		if (--count)
			return 0;
		count = div;
		if (bit == 8) {
			bit = -1;
			*c = (unsigned char)value;
			return line ? 1 : -1; // no stop bit
		}
		value = value >> 1 | (line ? 0x80u : 0);
		bit++;
		return 0;
	}
};

static int hung_up(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	return poll(&p, 1, 0) > 0 && (p.revents & POLLHUP) && !(p.revents & POLLIN);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int div = atoi(argv[2]);
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || grantpt(fd) || unlockpt(fd))
		return 2;
	int slave = open(ptsname(fd), O_RDWR | O_NOCTTY); // until the host has it, too
	struct termios t;
	tcgetattr(slave, &t);
	cfmakeraw(&t);
	tcsetattr(slave, TCSANOW, &t);
	unlink(argv[1]);
	if (symlink(ptsname(fd), argv[1]))
		return 2;
	VerilatedContext context;
	context.randReset(2);
	context.randSeed(atoi(argv[3]));
	CHIP chip(&context);
	sender to;
	receiver from;
	unsigned char c;
	int used = 0, idle = 0;
	const unsigned long ready = 100; // cycles of reset
	unsigned long busy = 0;
	for (unsigned long cycle = 0;; cycle++) {
		chip.rst_n = cycle > ready;
		chip.rx = cycle > 2 * ready ? to.step(fd, div) : 1;
		chip.clk = 0;
		chip.eval();
		chip.clk = 1;
		chip.eval();
		int got = cycle > 2 * ready ? from.step(chip.tx, div, &c) : 0;
		if (got < 0 || (got && write(fd, &c, 1) != 1)) {
			fprintf(stderr, "cycle %lu: the line is broken\n", cycle);
			return 1;
		}
		if (used && chip.busy) {
			busy++;
		} else if (busy) {
			printf("busy for %lu periods\n", busy);
			busy = 0;
		}
		if (to.left) {
			idle = 0;
			if (!used) {
				used = 1;
				close(slave);
			}
		} else if (used && ++idle > 1000) {
			idle = 0;
			if (hung_up(fd))
				break;
		} else if (!used && cycle > 2 * ready) {
			usleep(100); // nobody is there yet
		}
	}
	chip.final();
	unlink(argv[1]);
	return 0;
}
