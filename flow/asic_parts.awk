# SPDX-License-Identifier: Apache-2.0
# awk -v top=MODULE -v pes=N -f asic_parts.awk STAT: area of the modules of a design (yosys stat -liberty, not flattened), each
# without those it uses, by name: variants with other parameters count as one.
/^=== / && $2 != "design" { module = $2; order[++modules] = module; next }
/^=== design hierarchy/ { exit }
/Chip area for module/ { own[module] = $NF + 0; next }
/^ +[^ ]+ +[0-9]+$/ && module != "" { uses[module, ++used[module]] = $1; times[module, used[module]] = $2 }
function walk(m, n,   i) {
	total[base(m)] += n * own[m]
	count[base(m)] += n
	for (i = 1; i <= used[m]; i++) if (uses[m, i] in own) walk(uses[m, i], n * times[m, i])
}
function base(m) { sub(/.*\\/, "", m); return m }
END {
	for (i = 1; i <= modules; i++) if (base(order[i]) == top) walk(order[i], 1)
	for (i = 1; i <= modules; i++) {
		name = base(order[i])
		if (name in shown) continue
		shown[name] = 1
		printf "  %-10s %4d x %8.0f um2, %8.1f a PE\n", name, count[name], total[name] / count[name], total[name] / pes
	}
}
