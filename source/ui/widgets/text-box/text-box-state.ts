import {prefixOf, textWidth} from '../../../present/text/width.ts';

/** A multi-line text being edited. `cursor` counts UTF-16 units from the start. */
export type TextBoxState = {readonly text: string; readonly cursor: number};

/** In characters. */
const maxTextLength = 100_000;

export function textBoxOf(text = ''): TextBoxState {
	const taken = withoutControl(text);
	return {text: taken, cursor: taken.length};
}

export type TextBoxAction =
	| {readonly type: 'insert'; readonly text: string}
	| {
			readonly type:
				| 'backspace'
				| 'delete'
				| 'delete-word'
				| 'delete-line'
				| 'left'
				| 'right'
				| 'word-left'
				| 'word-right'
				| 'line-start'
				| 'line-end'
				| 'up'
				| 'down';
	  };

export function editText(state: TextBoxState, action: TextBoxAction): TextBoxState {
	const {text, cursor} = state;
	switch (action.type) {
		case 'insert': {
			const room = Math.max(0, maxTextLength - text.length);
			const added = withoutControl(action.text.slice(0, room).replace(halfAtEnd, ''));
			return {
				text: text.slice(0, cursor) + added + text.slice(cursor),
				cursor: cursor + added.length,
			};
		}

		case 'backspace':
			return removed(state, before(text, cursor));
		case 'delete': {
			const end = after(text, cursor);
			return {text: text.slice(0, cursor) + text.slice(end), cursor};
		}

		case 'delete-word':
			return removed(state, wordLeft(text, cursor));
		case 'delete-line':
			return removed(state, lineStart(text, cursor));
		case 'left':
			return {text, cursor: before(text, cursor)};
		case 'right':
			return {text, cursor: after(text, cursor)};
		case 'word-left':
			return {text, cursor: wordLeft(text, cursor)};
		case 'word-right':
			return {text, cursor: wordRight(text, cursor)};
		case 'line-start':
			return {text, cursor: lineStart(text, cursor)};
		case 'line-end':
			return {text, cursor: lineEnd(text, cursor)};
		case 'up':
			return {text, cursor: inLineAbove(text, cursor)};
		case 'down':
			return {text, cursor: inLineBelow(text, cursor)};
	}
}

/** Whether the cursor is in the first or last line, where ↑ and ↓ leave the text. */
export function isAtEdge({text, cursor}: TextBoxState, edge: 'top' | 'bottom'): boolean {
	return edge === 'top'
		? !text.slice(0, cursor).includes('\n')
		: !text.slice(cursor).includes('\n');
}

/**
 * The visible part of a text: lines of at most `width` columns, hard-wrapped, tabs as spaces,
 * `height` of them around the cursor; and the position of the cursor in them.
 */
export function viewOf(
	{text, cursor}: TextBoxState,
	{width, height}: {readonly width: number; readonly height: number},
): {readonly lines: readonly string[]; readonly row: number; readonly column: number} {
	const lines: string[] = [];
	let at = 0;
	let row = 0;
	let column = 0;
	for (const line of text.replaceAll('\t', ' ').split('\n')) {
		let rest = line;
		do {
			const piece = prefixOf(rest, width - 1) || [...rest].slice(0, 1).join('');
			const isLast = piece.length === rest.length;
			if (cursor >= at && (cursor < at + piece.length || (isLast && cursor <= at + piece.length))) {
				row = lines.length;
				column = textWidth(
					line.slice(line.length - rest.length, line.length - rest.length + cursor - at),
				);
			}

			lines.push(piece);
			at += piece.length;
			rest = rest.slice(piece.length);
		} while (rest !== '');
		at += 1;
	}

	const from = Math.max(0, Math.min(row, lines.length - height));
	return {lines: lines.slice(from, from + height), row: row - from, column};
}

/** Pasted or edited text may contain characters that cannot be typed. */
function withoutControl(text: string): string {
	return text
		.replaceAll('\r\n', '\n')
		.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
		.toWellFormed();
}

const halfAtEnd = /[\uD800-\uDBFF]$/;

function removed({text, cursor}: TextBoxState, from: number): TextBoxState {
	return {text: text.slice(0, from) + text.slice(cursor), cursor: from};
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The start of the grapheme before a position; looks back only a few characters. */
function before(text: string, at: number): number {
	const from = Math.max(0, at - 32);
	const pieces = [...segmenter.segment(text.slice(from, at))];
	return at - (pieces.at(-1)?.segment.length ?? 0);
}

function after(text: string, at: number): number {
	const [next] = segmenter.segment(text.slice(at, at + 32));
	return at + (next?.segment.length ?? 0);
}

function wordLeft(text: string, at: number): number {
	const isBlank = (position: number) => (text[position] ?? '').trim() === '';
	let position = at;
	while (position > 0 && isBlank(position - 1)) {
		position -= 1;
	}

	while (position > 0 && !isBlank(position - 1)) {
		position -= 1;
	}

	return position;
}

function wordRight(text: string, at: number): number {
	return at + (/^\s*\S*/.exec(text.slice(at))?.[0].length ?? 0);
}

function lineStart(text: string, at: number): number {
	return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
	const end = text.indexOf('\n', at);
	return end === -1 ? text.length : end;
}

function inLineAbove(text: string, at: number): number {
	const start = lineStart(text, at);
	return start === 0 ? 0 : inLine(text, lineStart(text, start - 1), at - start);
}

function inLineBelow(text: string, at: number): number {
	const end = lineEnd(text, at);
	return end === text.length ? end : inLine(text, end + 1, at - lineStart(text, at));
}

/** The position at an offset in the line that begins at `start`, on a grapheme boundary. */
function inLine(text: string, start: number, offset: number): number {
	const line = text.slice(start, lineEnd(text, start));
	return start + (segmenter.segment(line).containing(offset)?.index ?? line.length);
}
