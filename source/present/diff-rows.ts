import {revealHidden} from '../core/text.ts';
import {span, type Row, type Tone} from './text/row.ts';
import {textWidth} from './text/width.ts';
import {cutLine, withoutTabs} from './text/wrap-row.ts';

/** Lines that a hunk still has, of the file before and after; counted, because content can look like a header. */
export type DiffPlace = {readonly before: number; readonly after: number};

export const outsideHunk: DiffPlace = {before: 0, after: 0};

export type DiffLineKind =
	'file' | 'about' | 'hunk' | 'added' | 'removed' | 'context' | 'note' | 'other';

/**
 * A unified diff for people who judge it: nothing is left out and nothing is hidden, long lines go on
 * in rows that begin with `┊`. Tabs are four blanks. Less than 8 columns are taken as 8.
 */
export function diffRows(diff: string, width: number): readonly Row[] {
	const columns = Math.max(narrowest, Math.floor(width));
	let place = outsideHunk;
	return linesOf(diff).flatMap(line => {
		const read = readDiffLine(line, place);
		({place} = read);
		return diffLineRows(line, read.kind, columns);
	});
}

/** The rows of one line of a diff, what could hide in it shown. */
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

/** What a line of a diff is, and where in the diff the next line is. */
export function readDiffLine(
	line: string,
	place: DiffPlace,
): {readonly kind: DiffLineKind; readonly place: DiffPlace} {
	const {before, after} = place;
	const inside = before > 0 || after > 0;
	const mark = line.charAt(0);
	if (mark === '\\') {
		return {kind: 'note', place};
	}

	if (inside && mark === '+' && after > 0) {
		return {kind: 'added', place: {before, after: after - 1}};
	}

	if (inside && mark === '-' && before > 0) {
		return {kind: 'removed', place: {before: before - 1, after}};
	}

	if (inside && (mark === ' ' || line === '')) {
		return {
			kind: 'context',
			place: {before: Math.max(0, before - 1), after: Math.max(0, after - 1)},
		};
	}

	return readOutside(line);
}

/** Whether a line begins a diff or a part of one. */
export function beginsDiff(line: string): boolean {
	return hunk.test(line) || line.startsWith('diff --git ') || /^--- (?:a\/|\/dev\/null)/.test(line);
}

/** Whether there is a diff in a text. */
export function holdsDiff(text: string): boolean {
	return /^(?:diff --git |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)/m.test(text);
}

/** Columns. */
const narrowest = 8;

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

/** Outside of a hunk, or where its counts were wrong: models count badly. */
function readOutside(line: string): {readonly kind: DiffLineKind; readonly place: DiffPlace} {
	const counts = hunk.exec(line);
	if (counts) {
		const [, before = '1', after = '1'] = counts;
		return {kind: 'hunk', place: {before: Number(before), after: Number(after)}};
	}

	return {kind: kindOutside(line), place: outsideHunk};
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
 * Besides what is hidden anywhere: joiners and selectors, of which terminals make different widths. A
 * selector after an emoji only says that it is one.
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
