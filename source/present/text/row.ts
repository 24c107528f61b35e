import {beginningOf, textWidth} from './width.ts';

/** How a piece of text is meant; a theme makes colours of it, and no colour is needed to follow. */
export type Tone =
	| 'plain'
	| 'quiet'
	| 'good'
	| 'bad'
	| 'warning'
	| 'heading'
	/** What is at work, and names to look at. */
	| 'accent'
	/** Lines of a diff, matches of a search. */
	| 'added'
	| 'removed'
	| 'match';

export type Span = {readonly text: string; readonly tone: Tone};

/** One line of a screen: pieces of text, left to right. Text of others must be sanitized before. */
export type Row = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
	return {text, tone};
}

/** Columns that a row takes. */
export function rowWidth(row: Row): number {
	return row.reduce((sum, {text}) => sum + textWidth(text), 0);
}

/** A row of exactly `width` columns: cut with `…` where it is longer, filled with blanks where shorter. */
export function fitRow(row: Row, width: number): Row {
	const taken: Span[] = [];
	let left = Math.max(0, width);
	const tooLong = rowWidth(row) > left;
	for (const piece of row) {
		const own = textWidth(piece.text);
		if (own <= left - (tooLong ? 1 : 0)) {
			taken.push(piece);
			left -= own;
			continue;
		}

		const text = left < 1 ? '' : `${beginningOf(piece.text, left - 1)}…`;
		taken.push({...piece, text});
		left -= textWidth(text);
		break;
	}

	return left > 0 ? [...taken, span(' '.repeat(left))] : taken;
}

/** Left part, blanks, right part: `width` columns. The left part is cut first. */
export function spread(left: Row, right: Row, width: number): Row {
	const own = rowWidth(right);
	return own + 1 >= width
		? fitRow(left, width)
		: [...fitRow(left, width - own - 1), span(' '), ...right];
}

export function rowText(row: Row): string {
	return row.map(({text}) => text).join('');
}
