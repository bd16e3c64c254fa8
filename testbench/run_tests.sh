#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# BUILD=dir run_tests.sh DIR...: runs BUILD/test_* (Check), then every executable DIR/*.sh, whose lines `ok NAME`,
# `not ok NAME` and `skipped: WHY` count. A test that says nothing, or fails without saying so, has failed.
# The last line is `N passed, N failed`; the exit status is 0 only when something ran and nothing failed.
: "${BUILD:=build}"
export BUILD
passed=0 failed=0 skipped=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

# status, passed, failed, spoke|silent, name
account() {
	passed=$((passed + $2))
	failed=$((failed + $3))
	if [ "$3" -eq 0 ] && { [ "$1" -ne 0 ] || [ "$4" = silent ]; }; then
		failed=$((failed + 1))
		if [ "$1" -ne 0 ]; then echo "not ok $5 (exit status $1)"; else echo "not ok $5 (it tested nothing)"; fi
	fi
}

for t in "$BUILD"/test_*; do
	[ -f "$t" ] && [ -x "$t" ] || continue
	# a binary whose source is gone is not a test any more
	[ -n "$RUN_ALL_BINARIES" ] || [ -f "testbench/unit/${t##*/}.c" ] || continue
	timeout "${TEST_TIMEOUT:-600}" "$t" >"$out" 2>&1
	status=$?
	cat "$out"
	counts=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$out")
	n=$(echo "$counts" | awk '{ c += $1; b += $2 + $3 } END { print c - b, b + 0, (c ? "spoke" : "silent") }')
	read -r good bad spoke <<<"$n"
	account "$status" "$good" "$bad" "$spoke" "${t##*/}"
done

# As many at a time as there are processors, or TEST_JOBS; shown in their order.
scripts=()
for dir in "$@"; do
	for s in "$dir"/*.sh; do [ ! -f "$s" ] || [ ! -x "$s" ] || scripts+=("$s"); done
done
said=$(mktemp -d) || exit 1
trap 'rm -rf "$out" "$said"' EXIT
shown=0
show() {
	local said_by=$said/$shown
	while [ -e "$said_by" ]; do
		cat "$said_by"
		good=$(grep -c '^ok ' "$said_by")
		bad=$(grep -c '^not ok ' "$said_by")
		skip=$(grep -c '^skipped: ' "$said_by")
		skipped=$((skipped + skip))
		[ $((good + bad + skip)) -gt 0 ] && spoke=spoke || spoke=silent
		account "$(cat "$said_by.status")" "$good" "$bad" "$spoke" "${scripts[shown]##*/}"
		shown=$((shown + 1))
		said_by=$said/$shown
	done
}
for i in "${!scripts[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "${TEST_JOBS:-$(nproc)}" ]; do
		wait -n
		show
	done
	{
		timeout "${TEST_TIMEOUT:-3600}" "${scripts[i]}" >"$said/$i.part" 2>&1
		echo $? >"$said/$i.status"
		mv "$said/$i.part" "$said/$i"
	} &
done
while wait -n; [ $? -ne 127 ]; do show; done
show
if [ "$shown" -ne ${#scripts[@]} ]; then
	echo "not ok ${scripts[shown]##*/} (it was killed)"
	failed=$((failed + 1))
fi

[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
