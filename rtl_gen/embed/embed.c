/* SPDX-License-Identifier: Apache-2.0
 * Build tool: prints C source that holds the named files, so that the generator needs nothing but its binary. */
#include <stdio.h>
#include <string.h>

static int print_file(const char *path, int i)
{
	FILE *f = fopen(path, "rb");
	int ch, n = 0;

	if (!f) {
		perror(path);
		return -1;
	}
	printf("static const char text%d[] = {", i);
	while ((ch = getc(f)) != EOF)
		printf("%s%d,", n++ % 24 ? "" : "\n", ch);
	printf("0 };\n");
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	printf("#include \"rtl_gen/embedded.h\"\n");
	for (i = 1; i < argc; i++)
		if (print_file(argv[i], i))
			return 1;
	printf("const struct embedded_file embedded_files[] = {\n");
	for (i = 1; i < argc; i++)
		printf("\t{ \"%s\", text%d, sizeof text%d - 1 },\n", argv[i], i, i);
	printf("\t{ 0, 0, 0 }\n};\n");
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
