import {foldedRows, type Fold, type LogBlock} from './log-block.ts';
import {markdownRows, markdownStart, type MarkdownPlace} from '../text/markdown.ts';
import {span, type Row} from '../text/row.ts';
import type {SourceLine} from './source-line.ts';
import {withoutTabs, wrapRow} from '../text/wrap-row.ts';

export type ProseKind = 'text' | 'thinking';

/** What a model says or thinks, line by line. */
export type ProseBlock = LogBlock & {
	readonly kind: ProseKind;
	/** Takes a line and gives its rows. */
	add(line: SourceLine, width: number): readonly Row[];
	/** The rows that an unfinished line would have next. */
	preview(line: SourceLine, width: number): readonly Row[];
	/** Whether what follows should go into another block: a log forgets whole blocks. */
	readonly full: boolean;
	/** An empty block for what follows. */
	next(): ProseBlock;
};

/** Text is taken as Markdown, thinking is quiet and stays as it is. */
export function createProseBlock(
	kind: ProseKind,
	start: MarkdownPlace = markdownStart,
): ProseBlock {
	const lines: SourceLine[] = [];
	let place = start;
	let size = 0;
	let folded = false;

	const read = (line: SourceLine, before: MarkdownPlace, width: number) =>
		kind === 'text'
			? markdownRows(line, before, width)
			: {rows: wrapRow([span(withoutTabs(line.text), 'quiet')], width), place: before};
	const rowsOf = (count: number, width: number) => {
		const rows: Row[] = [];
		let before = start;
		for (const line of lines.slice(0, count)) {
			const result = read(line, before, width);
			rows.push(...result.rows);
			before = result.place;
		}

		return rows;
	};

	return {
		kind,
		add(line, width) {
			lines.push(line);
			size += line.text.length + lineCost;
			const result = read(line, place, width);
			place = result.place;
			return result.rows;
		},
		preview: (line, width) => (line.text === '' ? [] : read(line, place, width).rows),
		rows: width =>
			folded
				? foldedRows(lines.length, fold, width, count => rowsOf(count, width))
				: rowsOf(lines.length, width),
		get folded() {
			return folded;
		},
		fold(value) {
			folded = value;
		},
		get size() {
			return size;
		},
		get full() {
			return lines.length >= fullLines || size >= fullSize;
		},
		text: () => lines.map(({text, continued}) => (continued ? text : `\n${text}`)).join(''),
		next: () => createProseBlock(kind, place),
	};
}

const fold: Fold = {keep: 3, side: 'first'};
/** What a line costs besides its characters. */
const lineCost = 16;
const fullLines = 256;
const fullSize = 32 * 1024;
