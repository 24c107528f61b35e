import {
	startsDiff,
	diffLineRows,
	outsideHunk,
	parseDiffLine,
	type DiffPosition,
} from '../diff-rows.ts';
import {markdownSpans} from './markdown-spans.ts';
import {rowWidth, span, type Row} from './row.ts';
import type {SourceLine} from '../log/source-line.ts';
import {cutLine, hangRow, withoutTabs, wrapRow} from './wrap-row.ts';

/** Parser state after a line. */
export type MarkdownState =
	| {readonly kind: 'text'}
	| {
			readonly kind: 'code';
			/** The opening fence; the same or a longer one closes it. */
			readonly fence: string;
			/** Position in a diff, if the code is one. */
			readonly diff: DiffPosition | undefined;
	  }
	| {readonly kind: 'diff'; readonly diff: DiffPosition};

export const initialMarkdownState: MarkdownState = {kind: 'text'};

/**
 * Renders one line of basic Markdown: headings, bold, code, fences, diffs (fenced or not), lists,
 * quotes, links. Everything else is shown as is; earlier lines never change.
 */
export function markdownRows(
	line: SourceLine,
	state: MarkdownState,
	width: number,
): {readonly rows: readonly Row[]; readonly state: MarkdownState} {
	if (line.continued) {
		return {rows: continuedRows(line.text, state, width), state};
	}

	switch (state.kind) {
		case 'code':
			return codeRows(line.text, state, width);
		case 'diff':
			return looseDiffRows(line.text, state.diff, width);
		case 'text':
			return textRows(line.text, width);
	}
}

type Rendered = {readonly rows: readonly Row[]; readonly state: MarkdownState};

const gutter: Row = [span('│ ', 'quiet')];
const continuation: Row = [span('┊ ', 'quiet')];

function textRows(line: string, width: number): Rendered {
	const [, fence, language = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
	if (fence !== undefined && !language.includes('`')) {
		const diff = /^\s*(?:diff|patch)\b/.test(language) ? outsideHunk : undefined;
		return {rows: quietRows(line, width), state: {kind: 'code', fence, diff}};
	}

	if (startsDiff(line)) {
		return looseDiffRows(line, outsideHunk, width);
	}

	return {rows: paragraphRows(line, width), state: initialMarkdownState};
}

function paragraphRows(line: string, width: number): readonly Row[] {
	const text = withoutTabs(line);
	const [heading] = /^ {0,3}#{1,6} +/.exec(text) ?? [];
	if (heading !== undefined) {
		return wrapRow(markdownSpans(text.slice(heading.length), 'heading'), width);
	}

	const [quote] = /^ {0,3}>(?: ?>)* ?/.exec(text) ?? [];
	if (quote !== undefined) {
		const mark = span(quote, 'quiet');
		return hang([mark], [mark], [span(text.slice(quote.length), 'quiet')], width);
	}

	const [item] = /^ *(?:[-*+]|\d{1,9}[.)]) +(?:\[[ xX]\] +)?/.exec(text) ?? [];
	if (item !== undefined) {
		const words = markdownSpans(text.slice(item.length));
		return hang([span(item)], [span(' '.repeat(item.length))], words, width);
	}

	return wrapRow(markdownSpans(text), width);
}

/** Hangs words beside their mark, unless that leaves less than half of the width. */
function hang(first: Row, rest: Row, words: Row, width: number): readonly Row[] {
	return rowWidth(first) > width / 2
		? wrapRow([...first, ...words], width)
		: hangRow({first, rest}, words, width);
}

function codeRows(
	line: string,
	state: Extract<MarkdownState, {kind: 'code'}>,
	width: number,
): Rendered {
	if (closes(line, state.fence)) {
		return {rows: quietRows(line, width), state: initialMarkdownState};
	}

	if (state.diff === undefined) {
		return {rows: verbatimRows(line, width), state};
	}

	const {kind, position: diff} = parseDiffLine(line, state.diff);
	const rows = diffLineRows(line, kind, width - rowWidth(gutter));
	return {rows: rows.map(row => [...gutter, ...row]), state: {...state, diff}};
}

function closes(line: string, fence: string): boolean {
	const text = line.trim();
	return text.startsWith(fence) && text === fence.charAt(0).repeat(text.length);
}

/** An unfenced diff ends with its last hunk, so that a list after it is a list. */
function looseDiffRows(line: string, before: DiffPosition, width: number): Rendered {
	const {kind, position: diff} = parseDiffLine(line, before);
	const isHeader = kind === 'file' || kind === 'about' || kind === 'hunk';
	const isInside = before.before > 0 || before.after > 0;
	return isHeader || (isInside && kind !== 'other')
		? {rows: diffLineRows(line, kind, width), state: {kind: 'diff', diff}}
		: textRows(line, width);
}

function continuedRows(text: string, state: MarkdownState, width: number): readonly Row[] {
	return state.kind === 'text'
		? wrapRow([span(withoutTabs(text))], width)
		: verbatimRows(text, width);
}

function verbatimRows(line: string, width: number): readonly Row[] {
	return cutLine(withoutTabs(line), width - rowWidth(gutter)).map((piece, index) => [
		...(index === 0 ? gutter : continuation),
		span(piece),
	]);
}

function quietRows(line: string, width: number): readonly Row[] {
	return cutLine(withoutTabs(line), width).map(piece => [span(piece, 'quiet')]);
}
