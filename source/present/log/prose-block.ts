import {foldedRows, type Fold, type LogBlock} from './log-block.ts';
import {markdownRows, initialMarkdownState, type MarkdownState} from '../text/markdown.ts';
import {span, type Row} from '../text/row.ts';
import type {SourceLine} from './source-line.ts';
import {withoutTabs, wrapRow} from '../text/wrap-row.ts';

export type ProseKind = 'text' | 'thinking';

/** Model text or thinking, line by line. */
export type ProseBlock = LogBlock & {
	readonly kind: ProseKind;
	/** Adds a line and returns its rows. */
	add(line: SourceLine, width: number): readonly Row[];
	/** The rows of an unfinished line. */
	preview(line: SourceLine, width: number): readonly Row[];
	/** Whether a new block should be started: a log drops whole blocks. */
	readonly full: boolean;
	/** An empty block that continues this one. */
	next(): ProseBlock;
};

/** Text is rendered as Markdown; thinking is quiet and verbatim. */
export function createProseBlock(
	kind: ProseKind,
	start: MarkdownState = initialMarkdownState,
): ProseBlock {
	const lines: SourceLine[] = [];
	let state = start;
	let size = 0;
	let folded = false;

	const read = (line: SourceLine, before: MarkdownState, width: number) =>
		kind === 'text'
			? markdownRows(line, before, width)
			: {rows: wrapRow([span(withoutTabs(line.text), 'quiet')], width), state: before};
	const rowsOf = (count: number, width: number) => {
		const rows: Row[] = [];
		let before = start;
		for (const line of lines.slice(0, count)) {
			const result = read(line, before, width);
			rows.push(...result.rows);
			before = result.state;
		}

		return rows;
	};

	return {
		kind,
		add(line, width) {
			lines.push(line);
			size += line.text.length + lineCost;
			const result = read(line, state, width);
			state = result.state;
			return result.rows;
		},
		preview: (line, width) => (line.text === '' ? [] : read(line, state, width).rows),
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
		next: () => createProseBlock(kind, state),
	};
}

const fold: Fold = {keep: 3, side: 'first'};
/** Memory per line besides its text, in characters. */
const lineCost = 16;
const fullLines = 256;
const fullSize = 32 * 1024;
