import type {Check} from '../core/plan.ts';
import type {Payload} from '../core/payload.ts';
import type {CheckState} from '../core/run-state-entries.ts';
import {counted, revealHidden, sanitizeLine, sanitizeText} from '../core/text.ts';
import {span, type Row, type Span} from './text/row.ts';
import {duration} from './words.ts';
import {wrapText} from './text/wrap.ts';

/** The text of a payload; `undefined` while it is loading. */
export type ReadPayload = (payload: Payload) => string | undefined;

/**
 * Checks with their full commands, hidden characters revealed, and their results; failed ones with
 * the end of their output. `done` are those that have started.
 */
export function checkRows(
	planned: readonly Check[],
	done: readonly CheckState[],
	width: number,
	read: ReadPayload,
): readonly Row[] {
	const byName = new Map<string, Check | CheckState>([
		...planned.map(check => [check.name, check] as const),
		...done.map(check => [check.name, check] as const),
	]);
	return [...byName.values()].flatMap(check => {
		const result = 'passed' in check ? check : undefined;
		const name = check.name === check.command ? '' : `${sanitizeLine(check.name)}: `;
		const {text, tone} = stateOf(result);
		return [
			...commandRows(check.command, width),
			...wrapText(name + text, width - 2).map(line => [span('  '), span(line, tone)]),
			...(result?.passed === false ? outputRows(result.output, width, read) : []),
		];
	});
}

function commandRows(command: string, width: number): readonly Row[] {
	return wrapText(revealHidden(command), width - 2).map((line, index) => [
		span(index === 0 ? '$ ' : '  ', 'quiet'),
		span(line, 'heading'),
	]);
}

function stateOf(check: CheckState | undefined): Span {
	if (check?.passed === undefined) {
		return check ? span('running', 'accent') : span('not run yet', 'quiet');
	}

	const {passed, exitCode, durationMs} = check;
	const how = exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
	return passed
		? span(`passed, ${duration(durationMs)}`, 'good')
		: span(`FAILED: ${how}, ${duration(durationMs)}`, 'bad');
}

/** Lines shown, and characters searched for them. */
const shownLines = 12;
const shownCharacters = 16_000;

function outputRows(output: Payload, width: number, read: ReadPayload): readonly Row[] {
	const text = read(output);
	if (text === undefined) {
		return [[span('  …', 'quiet')]];
	}

	if (text.trim() === '') {
		return [[span('  no output', 'quiet')]];
	}

	const lines = sanitizeText(text.slice(-shownCharacters)).trimEnd().split('\n');
	const last = lines.slice(-shownLines);
	const isCut = lines.length > shownLines || text.length > shownCharacters;
	return [
		...(isCut ? [[span(`  last ${counted(last.length, 'line')}:`, 'quiet')]] : []),
		...last
			.flatMap(line => wrapText(line, width - 4))
			.map(line => [span('  │ ', 'quiet'), span(line)]),
	];
}
