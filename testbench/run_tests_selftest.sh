#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Plants tests that fail in every way into a directory of its own: the runner must count each of them.
runner=$PWD/testbench/run_tests.sh
bad=0 n=0

# name, expected last line, expected status, unit test's script, case's script ("" for none)
check() {
	local dir last status
	dir=$(mktemp -d)
	mkdir "$dir/cases"
	[ -z "$4" ] || { printf '#!/bin/sh\n%s\n' "$4" >"$dir/test_x"; chmod +x "$dir/test_x"; }
	[ -z "$5" ] || { printf '#!/bin/sh\n%s\n' "$5" >"$dir/cases/x.sh"; chmod +x "$dir/cases/x.sh"; }
	last=$(BUILD=$dir RUN_ALL_BINARIES=1 TEST_TIMEOUT=2 "$runner" "$dir/cases" 2>&1)
	status=$?
	last=${last##*$'\n'}
	rm -rf "$dir"
	n=$((n + 1))
	if [ "$last" = "$2" ] && [ $((status != 0)) = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1: \"$last\", status $status; expected \"$2\", $3"
		bad=$((bad + 1))
	fi
}

good='echo "100%: Checks: 12, Failures: 0, Errors: 0"'
check "passing tests pass" "14 passed, 0 failed" 0 "$good" 'echo ok a; echo ok b'
check "nothing ran" "0 passed, 0 failed" 1 "" ""
check "a failure in Check" "9 passed, 3 failed" 1 'echo "75%: Checks: 12, Failures: 2, Errors: 1"; exit 1' ""
check "a unit test that crashes" "0 passed, 1 failed" 1 'kill -SEGV $$' ""
check "a crash after the totals" "12 passed, 1 failed" 1 "$good; exit 3" ""
check "a unit test that says nothing" "0 passed, 1 failed" 1 'exit 0' ""
check "no checks at all" "0 passed, 1 failed" 1 'echo "100%: Checks: 0, Failures: 0, Errors: 0"' ""
check "a unit test that hangs" "0 passed, 1 failed" 1 'sleep 20' ""
check "a case that fails" "1 passed, 1 failed" 1 "" 'echo ok a; echo not ok b'
check "a case that fails silently" "1 passed, 1 failed" 1 "" 'echo ok a; exit 1'
check "a case that says nothing" "0 passed, 1 failed" 1 "" 'exit 0'
check "skipped is not passed" "0 passed, 0 failed" 1 "" 'echo "skipped: no tool"'
echo "$((n - bad)) passed, $bad failed"
[ "$bad" -eq 0 ]
