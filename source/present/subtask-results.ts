import type {FileChange} from '../core/change.ts';
import type {Subtask} from '../core/plan.ts';
import type {SubtaskState} from '../core/run-state-entries.ts';
import {counted, revealHidden, sanitizeLine, sanitizeText} from '../core/text.ts';
import type {ReadPayload} from './check-rows.ts';
import {diffRows} from './diff-rows.ts';
import {span, type Row} from './text/row.ts';
import {spending, tokens} from './words.ts';
import {wrapText} from './text/wrap.ts';

/** Paths for review: hidden characters revealed, each on rows of its own. */
export function pathRows(paths: readonly string[], width: number): readonly Row[] {
	return paths.flatMap(path => wrapText(onOneLine(path), width).map(line => [span(line)]));
}

/** The values that a subtask declared or reported, without those of checks. */
export function outputRows(subtask: Subtask, own: SubtaskState, width: number): readonly Row[] {
	const reported = Object.keys(own.outputs).filter(name => !name.startsWith('checks.'));
	return [...new Set([...subtask.outputs, ...reported])].flatMap(name => {
		const value = Object.hasOwn(own.outputs, name) ? own.outputs[name] : undefined;
		return value === undefined
			? [[span(`${sanitizeLine(name)}: `), span('not reported', 'quiet')]]
			: wrapText(`${sanitizeLine(name)} = ${sanitizeLine(JSON.stringify(value))}`, width).map(
					line => [span(line)],
				);
	});
}

/** Most files listed for a change. */
const maxListedFiles = 200;

/** Files changed by the last attempt, with lines added and removed. */
export function changeRows({finished}: SubtaskState, width: number): readonly Row[] {
	if (!finished) {
		return [];
	}

	const files = finished.change?.files ?? [];
	if (files.length === 0) {
		return [[span('no files changed', 'quiet')]];
	}

	const listed = files.slice(0, maxListedFiles);
	const more = files.length - listed.length;
	const columns = {
		added: Math.max(...listed.map(({added}) => String(added).length)) + 1,
		removed: Math.max(...listed.map(({removed}) => String(removed).length)) + 1,
	};
	return [
		...listed.flatMap(file => fileRows(file, columns, width)),
		...(more > 0 ? [[span(`and ${counted(more, 'more file')}`, 'quiet')]] : []),
	];
}

function fileRows(
	{path, status, added, removed}: FileChange,
	columns: {readonly added: number; readonly removed: number},
	width: number,
): readonly Row[] {
	const counts = columns.added + columns.removed + 3;
	const note = status === 'modified' ? '' : ` (${status})`;
	return wrapText(onOneLine(path) + note, width - counts).map((line, index) =>
		index > 0
			? [span(' '.repeat(counts) + line)]
			: [
					span(`+${added}`.padStart(columns.added), 'added'),
					span(` ${`−${removed}`.padStart(columns.removed)}  `, 'removed'),
					span(line),
				],
	);
}

/** What a failed attempt left: its last message and its unmerged change. */
export function evidenceRows(
	{status, evidence}: SubtaskState,
	width: number,
	read: ReadPayload,
): readonly Row[] {
	if (evidence === undefined || status === 'completed') {
		return [];
	}

	const text = read(evidence);
	if (text === undefined) {
		return [[span('…', 'quiet')]];
	}

	const start = /^diff --git /m.exec(text)?.index ?? text.length;
	const words = sanitizeText(text.slice(0, start)).trimEnd();
	return [
		...(words === '' ? [] : wrapText(words, width).map(line => [span(line)])),
		...(start === text.length ? [] : diffRows(text.slice(start), width)),
	];
}

/** Usage of all attempts. */
export function usageRows({usage}: SubtaskState, width: number): readonly Row[] {
	const {calls, total, input, output} = usage;
	const text = `${tokens(total)} in ${counted(calls, 'call')}: ${tokens(input)} input, ${tokens(output)} output, ${spending(usage)}`;
	return calls === 0 ? [] : wrapText(text, width).map(line => [span(line)]);
}

function onOneLine(path: string): string {
	return revealHidden(path).replaceAll('\n', ' ⏎ ');
}
