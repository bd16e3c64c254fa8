# SPDX-License-Identifier: Apache-2.0
# awk -v name=NAME -v separator=TEXT -v json=FILE -v sim=SIM.json -f ppa_osu018.awk SUMMARY.json: a configuration's line of the table to
# standard output, and its object appended to the file json. SIM.json may be missing; what was not measured is null, and `-`.
function member(text, stage, key,   from) {
	if (stage != "") {
		from = index(text, "\"" stage "\": {")
		if (!from) return ""
		text = substr(text, from)
		sub(/\}.*/, "", text)
	}
	if (!match(text, "\"" key "\": [-0-9.]+")) return ""
	text = substr(text, RSTART, RLENGTH)
	sub(/.*: /, "", text)
	return text
}
function null(value) { return value == "" ? "null" : value }
function dash(value) { return value == "" ? "-" : value }
function minus(a, b, c) { return a == "" ? "" : sprintf("%.0f", a - b - c) }
function round(value) { return value == "" ? "" : sprintf("%.0f", value) }
{
	array = member($0, "array", "um2_per_pe")
	words = member($0, "array", "um2_per_pe_words")
	pads = member($0, "array", "um2_per_pe_scratchpads")
	whole = member($0, "top", "um2_per_pe")
	acc = member($0, "", "acc_bits")
	fast = member($0, "array", "fmax_mhz")
	slow = member($0, "top", "fmax_mhz")
	area = member($0, "top", "um2")
	ram = member($0, "top", "ram_um2_modelled")
	pe = minus(array, words, pads)
	while ((getline line < sim) > 0) run = run line
	pj = member(run, "", "pj_per_mac")
	gops = member(run, "", "gops")
	per_watt = member(run, "", "gops_per_watt")
	per_mm2 = gops == "" || area == "" ? "" : sprintf("%.2f", gops / ((area + ram) / 1e6))
	printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", name, acc, dash(round(array)), dash(pe), array == "" ? "-" : round(words + pads),
		dash(fast), dash(round(whole)), dash(slow), dash(pj), dash(gops), dash(per_watt), dash(per_mm2)
	printf "%s{\"config\": \"%s\", \"acc_bits\": %s, \"um2_per_pe\": %s, \"um2_per_pe_array\": %s, \"um2_per_mac_whole\": %s, \"fmax_mhz\": %s, " \
		"\"fmax_mhz_whole\": %s, \"pj_per_mac\": %s, \"gops\": %s, \"gops_per_watt\": %s, \"gops_per_mm2\": %s}", separator, name, acc, null(pe), null(array),
		null(whole), null(fast == "" ? slow : fast), null(slow), null(pj), null(gops), null(per_watt), null(per_mm2) >> json
}
