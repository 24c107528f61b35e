import stringWidth from 'string-width';

const ascii = /^[\u0020-\u007E]*$/;
/** One column on every terminal: ASCII, Latin, box drawing and our own glyphs. */
const narrow =
	/^[\u0020-\u007E\u00A1-\u02FF\u2010-\u2027\u2190-\u21FF\u2500-\u25FC\u25FF\u2713\u2717]*$/;

/** Two columns on every terminal, no combining marks: assigned Han, kana, Hangul, fullwidth forms. */
const wide =
	/[\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u2FF0-\u3029\u3030-\u303E\u3041-\u3096\u309B-\u30FF\u3105-\u312F\u3131-\u318E\u3190-\u31E5\u31EF-\u321E\u3220-\u3247\u3250-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\uFF01-\uFF60]/g;

/** Columns of a sanitized text on a terminal. */
export function textWidth(text: string): number {
	if (ascii.test(text) || narrow.test(text)) {
		return text.length;
	}

	const rest = text.replaceAll(wide, '');
	return narrow.test(rest) ? 2 * text.length - rest.length : stringWidth(text);
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
 * The graphemes of a text and their columns. A grapheme wider than `width` (letters with spacing
 * marks) is split into code points: no row could hold it.
 */
export function* charactersOf(
	text: string,
	width: number,
): Generator<{readonly character: string; readonly columns: number}> {
	const measure = memoized(textWidth);
	for (const {segment} of segmenter.segment(text)) {
		const columns = measure(segment);
		if (columns <= width) {
			yield {character: segment, columns};
		} else {
			for (const character of segment) {
				yield {character, columns: measure(character)};
			}
		}
	}
}

/** Measuring is slow, and long texts have few distinct graphemes. */
function memoized(measure: (text: string) => number): (text: string) => number {
	const known = new Map<string, number>();
	return text => {
		const width = known.get(text) ?? measure(text);
		known.set(text, width);
		return width;
	};
}

/** At most `width` columns, ending in `…` when cut; never splits a grapheme. */
export function cutToWidth(text: string, width: number): string {
	if (textWidth(text) <= width) {
		return text;
	}

	return width < 1 ? '' : `${prefixOf(text, width - 1)}…`;
}

/** The longest prefix that fits in `width` columns. */
export function prefixOf(text: string, width: number): string {
	if (ascii.test(text)) {
		return text.slice(0, Math.max(0, width));
	}

	let taken = '';
	let used = 0;
	for (const {segment} of segmenter.segment(text)) {
		used += textWidth(segment);
		if (used > width) {
			break;
		}

		taken += segment;
	}

	return taken;
}
