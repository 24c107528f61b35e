/** The sum of `amount` for each `region`, the largest first: `[{region, total}, …]`. */
export function totals(rows) {
	throw new Error('not written yet');
}
