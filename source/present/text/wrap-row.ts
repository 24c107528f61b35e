import {rowText, rowWidth, span, type Row, type Tone} from './row.ts';
import {charactersOf, textWidth} from './width.ts';
import {wrapText} from './wrap.ts';

/** Wraps a row at spaces into rows of at most `width` columns; tones are kept. */
export function wrapRow(row: Row, width: number): readonly Row[] {
	const text = rowText(row);
	if (textWidth(text) <= width) {
		return [row];
	}

	let at = 0;
	return wrapText(text, width).map(line => {
		const words = line.trimStart();
		const blanks = line.slice(0, line.length - words.length);
		at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
		const from = at;
		at += words.length;
		return [...(blanks === '' ? [] : [span(blanks)]), ...partOf(row, from, at)];
	});
}

/** Wraps a text at spaces into rows of at most `width` columns; line breaks are kept. */
export function textRows(text: string, width: number, tone: Tone = 'plain'): readonly Row[] {
	return wrapText(text, width).map(line => [span(line, tone)]);
}

/** Wraps a row beside `first`; later rows begin with `rest`, which is as wide as `first`. */
export function hangRow(
	{first, rest}: {readonly first: Row; readonly rest: Row},
	row: Row,
	width: number,
): readonly Row[] {
	const rows = wrapRow(row, width - rowWidth(first));
	return rows.map((wrapped, index) => [...(index === 0 ? first : rest), ...wrapped]);
}

/**
 * Cuts a line into pieces of at most `width` columns, spaces included. A grapheme that fits in a
 * piece is never split.
 */
export function cutLine(line: string, width: number): readonly string[] {
	if (textWidth(line) <= width) {
		return [line];
	}

	if (/^[\u0020-\u007E]*$/.test(line)) {
		return line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
	}

	const pieces: string[] = [];
	let piece = '';
	let used = 0;
	for (const {character, columns} of charactersOf(line, width)) {
		if (used > 0 && used + columns > width) {
			pieces.push(piece);
			piece = '';
			used = 0;
		}

		piece += character;
		used += columns;
	}

	return [...pieces, piece];
}

/** Four spaces per tab, as in wrapped text. */
export function withoutTabs(text: string): string {
	return text.replaceAll('\t', '    ');
}

function partOf(row: Row, from: number, to: number): Row {
	const parts = [];
	let start = 0;
	for (const piece of row) {
		const end = start + piece.text.length;
		if (end > from && start < to) {
			const text = piece.text.slice(Math.max(0, from - start), to - start);
			parts.push({...piece, text});
		}

		start = end;
	}

	return parts;
}
