/** One line a region: the name, padded, two spaces, the total aligned to the right. */
export function format(totals) {
	throw new Error('not written yet');
}
