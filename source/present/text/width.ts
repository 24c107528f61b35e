import stringWidth from 'string-width';

const ascii = /^[\u0020-\u007E]*$/;
/** What every terminal shows in one column: ASCII, Latin, box drawing and our own glyphs. */
const narrow =
	/^[\u0020-\u007E\u00A1-\u02FF\u2010-\u2027\u2190-\u21FF\u2500-\u25FC\u25FF\u2713\u2717]*$/;

/** What every terminal shows in two columns, without marks that join: assigned Han, kana, Hangul, fullwidth forms. */
const wide =
	/[\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u2FF0-\u3029\u3030-\u303E\u3041-\u3096\u309B-\u30FF\u3105-\u312F\u3131-\u318E\u3190-\u31E5\u31EF-\u321E\u3220-\u3247\u3250-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\uFF01-\uFF60]/g;

/** Columns that a sanitized text takes on a terminal. */
export function textWidth(text: string): number {
	if (ascii.test(text) || narrow.test(text)) {
		return text.length;
	}

	const rest = text.replaceAll(wide, '');
	return narrow.test(rest) ? 2 * text.length - rest.length : stringWidth(text);
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
 * The characters of a text, as a person sees them, and the columns of each. One that is wider than `width`
 * (letters with marks that take columns of their own) comes in its code points: no row would hold it.
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

/** Measuring is slow, and a long text has few different characters. */
function memoized(measure: (text: string) => number): (text: string) => number {
	const known = new Map<string, number>();
	return text => {
		const width = known.get(text) ?? measure(text);
		known.set(text, width);
		return width;
	};
}

/** At most `width` columns, ended by `…` when something was cut; no character is halved. */
export function cutToWidth(text: string, width: number): string {
	if (textWidth(text) <= width) {
		return text;
	}

	return width < 1 ? '' : `${beginningOf(text, width - 1)}…`;
}

/** As much of the beginning of a text as fits into `width` columns. */
export function beginningOf(text: string, width: number): string {
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
