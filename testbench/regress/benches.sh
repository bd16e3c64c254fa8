#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The lock-step benches of groups of modules: testbench/*/Makefile.
for m in testbench/*/Makefile; do
	dir=${m%/Makefile}
	name=${dir##*/}
	if make -s -C "$dir" BUILD="$(realpath -m "$BUILD")/$name"; then
		echo "ok bench $name"
	else
		echo "not ok bench $name"
	fi
done
