import {beginsDiff, diffLineRows, outsideHunk, readDiffLine, type DiffPlace} from '../diff-rows.ts';
import {markdownSpans} from './markdown-spans.ts';
import {rowWidth, span, type Row} from './row.ts';
import type {SourceLine} from '../log/source-line.ts';
import {cutLine, hangRow, withoutTabs, wrapRow} from './wrap-row.ts';

/** What a line of Markdown has to know of the lines before it. */
export type MarkdownPlace =
	| {readonly kind: 'text'}
	| {
			readonly kind: 'code';
			/** What opened it; the same or more of it closes it. */
			readonly fence: string;
			/** Where in a diff, when the code is one. */
			readonly diff: DiffPlace | undefined;
	  }
	| {readonly kind: 'diff'; readonly diff: DiffPlace};

export const markdownStart: MarkdownPlace = {kind: 'text'};

/**
 * The rows of one line of Markdown of the simple kind: headings, bold, code, fences, diffs (fenced or
 * not), lists, quotes, links. All else is shown as it is; nothing before the line changes by it.
 */
export function markdownRows(
	line: SourceLine,
	place: MarkdownPlace,
	width: number,
): {readonly rows: readonly Row[]; readonly place: MarkdownPlace} {
	if (line.continued) {
		return {rows: continuedRows(line.text, place, width), place};
	}

	switch (place.kind) {
		case 'code':
			return codeRows(line.text, place, width);
		case 'diff':
			return looseDiffRows(line.text, place.diff, width);
		case 'text':
			return textRows(line.text, width);
	}
}

type Read = {readonly rows: readonly Row[]; readonly place: MarkdownPlace};

const gutter: Row = [span('│ ', 'quiet')];
const goesOn: Row = [span('┊ ', 'quiet')];

function textRows(line: string, width: number): Read {
	const [, fence, language = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
	if (fence !== undefined && !language.includes('`')) {
		const diff = /^\s*(?:diff|patch)\b/.test(language) ? outsideHunk : undefined;
		return {rows: quietRows(line, width), place: {kind: 'code', fence, diff}};
	}

	if (beginsDiff(line)) {
		return looseDiffRows(line, outsideHunk, width);
	}

	return {rows: paragraphRows(line, width), place: markdownStart};
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

/** Beside its mark, unless that leaves less than half of the width. */
function hang(first: Row, rest: Row, words: Row, width: number): readonly Row[] {
	return rowWidth(first) > width / 2
		? wrapRow([...first, ...words], width)
		: hangRow({first, rest}, words, width);
}

function codeRows(
	line: string,
	place: Extract<MarkdownPlace, {kind: 'code'}>,
	width: number,
): Read {
	if (closes(line, place.fence)) {
		return {rows: quietRows(line, width), place: markdownStart};
	}

	if (place.diff === undefined) {
		return {rows: verbatimRows(line, width), place};
	}

	const {kind, place: diff} = readDiffLine(line, place.diff);
	const rows = diffLineRows(line, kind, width - rowWidth(gutter));
	return {rows: rows.map(row => [...gutter, ...row]), place: {...place, diff}};
}

function closes(line: string, fence: string): boolean {
	const text = line.trim();
	return text.startsWith(fence) && text === fence.charAt(0).repeat(text.length);
}

/** A diff without a fence ends with its last hunk, so that a list after it is a list. */
function looseDiffRows(line: string, before: DiffPlace, width: number): Read {
	const {kind, place: diff} = readDiffLine(line, before);
	const isHeader = kind === 'file' || kind === 'about' || kind === 'hunk';
	const isInside = before.before > 0 || before.after > 0;
	return isHeader || (isInside && kind !== 'other')
		? {rows: diffLineRows(line, kind, width), place: {kind: 'diff', diff}}
		: textRows(line, width);
}

function continuedRows(text: string, place: MarkdownPlace, width: number): readonly Row[] {
	return place.kind === 'text'
		? wrapRow([span(withoutTabs(text))], width)
		: verbatimRows(text, width);
}

function verbatimRows(line: string, width: number): readonly Row[] {
	return cutLine(withoutTabs(line), width - rowWidth(gutter)).map((piece, index) => [
		...(index === 0 ? gutter : goesOn),
		span(piece),
	]);
}

function quietRows(line: string, width: number): readonly Row[] {
	return cutLine(withoutTabs(line), width).map(piece => [span(piece, 'quiet')]);
}
