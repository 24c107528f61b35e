/** The rows of a CSV text, as objects keyed by the names in its first line. */
export function parse(text) {
	throw new Error('not written yet');
}
