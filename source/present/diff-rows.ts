import {revealHidden} from '../core/text.ts';
import {span, type Row, type Tone} from './text/row.ts';
import {textWidth} from './text/width.ts';
import {cutLine, withoutTabs} from './text/wrap-row.ts';

/**
 * Lines left in the current hunk, before and after. Counted, because content can look like a header.
 */
export type DiffPosition = {readonly before: number; readonly after: number};

export const outsideHunk: DiffPosition = {before: 0, after: 0};

export type DiffLineKind =
	'file' | 'about' | 'hunk' | 'added' | 'removed' | 'context' | 'note' | 'other';

/**
 * A unified diff for review: nothing is omitted or hidden. Long lines continue in rows that begin
 * with `┊`, tabs become four spaces, and widths below 8 columns count as 8.
 */
export function diffRows(diff: string, width: number): readonly Row[] {
	const columns = Math.max(minColumns, Math.floor(width));
	let position = outsideHunk;
	return linesOf(diff).flatMap(line => {
		const read = parseDiffLine(line, position);
		({position} = read);
		return diffLineRows(line, read.kind, columns);
	});
}

/** The rows of one line of a diff, hidden characters revealed. */
export function diffLineRows(line: string, kind: DiffLineKind, width: number): readonly Row[] {
	const tone = tones[kind];
	const text = withoutTabs(revealAll(line));
	if (textWidth(text) <= width) {
		return [[span(text, tone)]];
	}

	return cutLine(text, width - 1).map((piece, index) =>
		index === 0 ? [span(piece, tone)] : [span('┊', 'quiet'), span(piece, tone)],
	);
}

/** Classifies a line of a diff and returns the position of the next line. */
export function parseDiffLine(
	line: string,
	position: DiffPosition,
): {readonly kind: DiffLineKind; readonly position: DiffPosition} {
	const {before, after} = position;
	const inside = before > 0 || after > 0;
	const mark = line.charAt(0);
	if (mark === '\\') {
		return {kind: 'note', position};
	}

	if (inside && mark === '+' && after > 0) {
		return {kind: 'added', position: {before, after: after - 1}};
	}

	if (inside && mark === '-' && before > 0) {
		return {kind: 'removed', position: {before: before - 1, after}};
	}

	if (inside && (mark === ' ' || line === '')) {
		return {
			kind: 'context',
			position: {before: Math.max(0, before - 1), after: Math.max(0, after - 1)},
		};
	}

	return parseOutside(line);
}

/** Whether a line starts a diff or a hunk. */
export function startsDiff(line: string): boolean {
	return hunk.test(line) || line.startsWith('diff --git ') || /^--- (?:a\/|\/dev\/null)/.test(line);
}

export function containsDiff(text: string): boolean {
	return /^(?:diff --git |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)/m.test(text);
}

/** In columns. */
const minColumns = 8;

const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

const tones: Readonly<Record<DiffLineKind, Tone>> = {
	file: 'heading',
	about: 'quiet',
	hunk: 'accent',
	added: 'added',
	removed: 'removed',
	context: 'plain',
	note: 'quiet',
	other: 'plain',
};

/** Outside a hunk, or when its counts were wrong: models miscount. */
function parseOutside(line: string): {
	readonly kind: DiffLineKind;
	readonly position: DiffPosition;
} {
	const counts = hunk.exec(line);
	if (counts) {
		const [, before = '1', after = '1'] = counts;
		return {kind: 'hunk', position: {before: Number(before), after: Number(after)}};
	}

	return {kind: kindOutside(line), position: outsideHunk};
}

function kindOutside(line: string): DiffLineKind {
	if (/^(?:diff --git |--- |\+\+\+ )/.test(line)) {
		return 'file';
	}

	if (
		/^(?:index|similarity|rename|copy|(?:old|new|deleted file|new file) mode|Binary) ?/.test(line)
	) {
		return 'about';
	}

	switch (line.charAt(0)) {
		case '+':
			return 'added';
		case '-':
			return 'removed';
		case ' ':
			return 'context';
		default:
			return 'other';
	}
}

/**
 * Also reveals joiners and variation selectors, whose width differs between terminals; a selector
 * that only marks an emoji is dropped.
 */
function revealAll(line: string): string {
	return revealHidden(line)
		.replaceAll(/(?<=\p{Extended_Pictographic})\uFE0F|\uFE0F(?=\u20E3)/gu, '')
		.replaceAll(/[\u200D\uFE00-\uFE0F]/g, character => {
			return `\\u{${character.charCodeAt(0).toString(16)}}`;
		});
}

function linesOf(text: string): readonly string[] {
	const lines = text.split('\n');
	return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
