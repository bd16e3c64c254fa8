#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A sample of make regress and make regress-selftest, of the lint of emitted designs, and the test runner on its own.
set -u
: "${BUILD:=build}"
export BUILD
out=$BUILD/cases/random
mkdir -p "$out"

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$out/random.log" 2>&1; then echo "ok $name: $(tail -n 1 "$out/random.log")"; else echo "not ok $name"; sed 's/^/  /' "$out/random.log"; fi
}
check regress-twin "$BUILD/regress" 40 3 --twin
check regress-lockstep "$BUILD/regress" 2 7
check regress-chip "$BUILD/regress" 4 9 --chip
check breaks "$BUILD/selftest" 3
check breaks-chip "$BUILD/selftest" 2 chip
check lint-designs env LINT_TOTALS=1 testbench/lint.sh examples/os8x8.yaml examples/ws8x8.yaml examples/rs6x8.yaml
check test-runner testbench/run_tests_selftest.sh
