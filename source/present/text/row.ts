import {prefixOf, textWidth} from './width.ts';

/** The meaning of a span; a theme maps it to a style, and the text must be readable without colors. */
export type Tone =
	| 'plain'
	| 'quiet'
	| 'good'
	| 'bad'
	| 'warning'
	| 'heading'
	/** Active work and names that need attention. */
	| 'accent'
	/** Diff lines and search matches. */
	| 'added'
	| 'removed'
	| 'match';

export type Span = {readonly text: string; readonly tone: Tone};

/** One screen line, left to right. Foreign text must be sanitized first. */
export type Row = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
	return {text, tone};
}

/** In columns. */
export function rowWidth(row: Row): number {
	return row.reduce((sum, {text}) => sum + textWidth(text), 0);
}

/** Cuts a row with `…` or pads it with spaces to exactly `width` columns. */
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

		const text = left < 1 ? '' : `${prefixOf(piece.text, left - 1)}…`;
		taken.push({...piece, text});
		left -= textWidth(text);
		break;
	}

	return left > 0 ? [...taken, span(' '.repeat(left))] : taken;
}

/** Left part, spaces, right part, `width` columns in total. The left part is cut first. */
export function spread(left: Row, right: Row, width: number): Row {
	const own = rowWidth(right);
	return own + 1 >= width
		? fitRow(left, width)
		: [...fitRow(left, width - own - 1), span(' '), ...right];
}

export function rowText(row: Row): string {
	return row.map(({text}) => text).join('');
}
