import {diffRows} from '../diff-rows.ts';
import {foldedRows, type Fold, type LogBlock} from './log-block.ts';
import {fitRow, rowText, rowWidth, span, type Row, type Tone} from '../text/row.ts';
import {readLines} from './source-line.ts';
import {cutToWidth} from '../text/width.ts';
import {cutLine, withoutTabs, wrapRow} from '../text/wrap-row.ts';

/** An event in one line, with its result below. Texts are sanitized. */
export type Note = {
	readonly head: Row;
	/** Whether a folded note cuts its head to one row; otherwise the head is wrapped. */
	readonly oneLine?: boolean;
	/** Whether to leave an empty row above. */
	readonly apart?: boolean;
	readonly body?: NoteBody | undefined;
};

export type NoteBody = {
	readonly text: string;
	readonly form: 'verbatim' | 'words' | 'diff';
	readonly tone: Tone;
	readonly fold: Fold;
	/** Replaces the body when folded, and is shown above it when unfolded. */
	readonly title?: string | undefined;
};

export type NoteBlock = LogBlock & {
	/** Adds the result. */
	complete(body: NoteBody): void;
};

export function createNoteBlock(note: Note, initiallyFolded: boolean): NoteBlock {
	let {body} = note;
	let folded = initiallyFolded;
	return {
		complete(result) {
			body = result;
		},
		rows: width => [
			...(note.apart === true ? [[]] : []),
			...(note.oneLine === true && folded ? [cutRow(note.head, width)] : wrapRow(note.head, width)),
			...(body ? indented(bodyRows(body, folded, width - indent.length), body.tone) : []),
		],
		get folded() {
			return folded;
		},
		fold(value) {
			folded = value;
		},
		get size() {
			return noteCost + rowText(note.head).length + (body?.text.length ?? 0);
		},
		text: () =>
			`\n${rowText(note.head)}${readLines(body?.text ?? '')
				.map(line => `\n${indent}${line}`)
				.join('')}`,
	};
}

const mark = '  ↳ ';
const indent = '    ';
/** Memory per note besides its text, in characters. */
const noteCost = 256;

function bodyRows(body: NoteBody, folded: boolean, width: number): readonly Row[] {
	const lines = readLines(body.text);
	if (body.title !== undefined) {
		const title = [span(cutToWidth(body.title, width), 'quiet')];
		return folded ? [title] : [title, ...linesRows(lines, body, width)];
	}

	return folded
		? foldedRows(lines.length, body.fold, width, count =>
				linesRows(
					body.fold.side === 'first' ? lines.slice(0, count) : lines.slice(-count),
					body,
					width,
				),
			)
		: linesRows(lines, body, width);
}

function linesRows(
	lines: readonly string[],
	{form, tone}: NoteBody,
	width: number,
): readonly Row[] {
	switch (form) {
		case 'diff':
			return diffRows(lines.join('\n'), width);
		case 'words':
			return lines.flatMap(line => wrapRow([span(withoutTabs(line), tone)], width));
		case 'verbatim':
			return lines.flatMap(line =>
				cutLine(withoutTabs(line), width).map(piece => [span(piece, tone)]),
			);
	}
}

function indented(rows: readonly Row[], tone: Tone): readonly Row[] {
	return rows.map((row, index) => [
		index === 0 ? span(mark, tone === 'bad' ? 'bad' : 'quiet') : span(indent),
		...row,
	]);
}

function cutRow(row: Row, width: number): Row {
	return rowWidth(row) > width ? fitRow(row, width) : row;
}
