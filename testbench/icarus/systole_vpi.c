/* SPDX-License-Identifier: Apache-2.0
 * VPI module of the Icarus engine: $systole_in(...) sets its arguments from file descriptor 3, $systole_out(...)
 * writes the values of its arguments to file descriptor 4, 32 bits at a time, X and Z as an extra word of ones at the end. */
#include <stdint.h>
#include <unistd.h>
#include <vpi_user.h>

enum { MAX_WORDS = 256 };

static int transfer(int fd, void *data, size_t n, int out)
{
	char *p = data;

	while (n) {
		ssize_t k = out ? write(fd, p, n) : read(fd, p, n);

		if (k <= 0)
			return -1;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

static vpiHandle arguments(void)
{
	return vpi_iterate(vpiArgument, vpi_handle(vpiSysTfCall, NULL));
}

static PLI_INT32 in_call(PLI_BYTE8 *unused)
{
	vpiHandle args = arguments(), arg;

	(void)unused;
	while ((arg = vpi_scan(args))) {
		int i, words = (vpi_get(vpiSize, arg) + 31) / 32;
		s_vpi_vecval vec[4] = { { 0, 0 } };
		s_vpi_value value;
		uint32_t data[4];

		if (transfer(3, data, (size_t)words * 4, 0)) {
			vpi_control(vpiFinish, 0);
			return 0;
		}
		for (i = 0; i < words; i++)
			vec[i].aval = (PLI_INT32)data[i];
		value.format = vpiVectorVal;
		value.value.vector = vec;
		vpi_put_value(arg, &value, NULL, vpiNoDelay);
	}
	return 0;
}

static PLI_INT32 out_call(PLI_BYTE8 *unused)
{
	vpiHandle args = arguments(), arg;
	uint32_t data[MAX_WORDS], unknown = 0;
	int n = 0, i;

	(void)unused;
	while ((arg = vpi_scan(args))) {
		int words = (vpi_get(vpiSize, arg) + 31) / 32;
		s_vpi_value value;

		value.format = vpiVectorVal;
		vpi_get_value(arg, &value);
		for (i = 0; i < words && n < MAX_WORDS - 1; i++) {
			unknown |= (uint32_t)value.value.vector[i].bval;
			data[n++] = (uint32_t)(value.value.vector[i].aval & ~value.value.vector[i].bval);
		}
	}
	data[n++] = unknown;
	if (transfer(4, data, (size_t)n * 4, 1))
		vpi_control(vpiFinish, 0);
	return 0;
}

static void enroll(void)
{
	s_vpi_systf_data in = { vpiSysTask, 0, "$systole_in", in_call, NULL, NULL, NULL };
	s_vpi_systf_data out = { vpiSysTask, 0, "$systole_out", out_call, NULL, NULL, NULL };

	vpi_register_systf(&in);
	vpi_register_systf(&out);
}

void (*vlog_startup_routines[])(void) = { enroll, 0 };
