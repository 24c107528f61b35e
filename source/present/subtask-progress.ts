import type {Dependency, Subtask} from '../core/plan.ts';
import {isUnowned, subtaskMsAt} from '../core/run-clock.ts';
import {isFinal, type RunState} from '../core/run-state.ts';
import type {SubtaskState} from '../core/run-state-entries.ts';
import {counted, sanitizeLine} from '../core/text.ts';
import {activityOf} from './activity.ts';
import {listText} from './list-text.ts';
import {fitRow, rowWidth, span, spread, type Row, type Span} from './text/row.ts';
import {reasonText, stopwatch} from './words.ts';

export type ProgressSubject = {
	readonly subtask: Subtask;
	/** The dependencies to name while it waits. */
	readonly dependencies: readonly Dependency[];
};

/**
 * The progress of a subtask in `width` columns: who works on it, what it waits for, or why it failed,
 * most important first. If there is room, the active time is at the right. `now` in ms since the
 * epoch; default: as of the last event.
 */
export function progressRow(
	subject: ProgressSubject,
	own: SubtaskState,
	state: RunState,
	{width, now}: {readonly width: number; readonly now?: number | undefined},
): Row {
	const time = timeOf(own, state, now);
	const beside = width - time.length - 1;
	const parts =
		isUnowned(state) && !isFinal(own.status)
			? stoppedParts(own)
			: partsOf(subject, own, state, time === '' ? width : beside);
	const isLong = parts[0] !== undefined && rowWidth([parts[0]]) > beside;
	return time === '' || isLong
		? fitRow(fitting(parts, width), width)
		: spread(fitting(parts, beside), [span(time, 'quiet')], width);
}

/** Drops parts that do not fit completely. */
function fitting(parts: readonly Span[], width: number): Row {
	const row: Span[] = [];
	for (const part of parts) {
		const longer = row.length === 0 ? [part] : [span(' · ', 'quiet'), part];
		if (row.length === 0 || rowWidth(row) + rowWidth(longer) <= width) {
			row.push(...longer);
		}
	}

	return row;
}

function partsOf(
	{subtask, dependencies}: ProgressSubject,
	own: SubtaskState,
	state: RunState,
	width: number,
): readonly Span[] {
	switch (own.status) {
		case 'pending':
			return [span(waitText(subtask, dependencies, state, width), 'quiet')];
		case 'ready':
			return own.failure === undefined
				? [span('ready')]
				: [span('retrying', 'warning'), span(own.failure.kind, 'warning')];
		case 'running':
			return [...waitParts(own, state), ...workersOf(own)];
		case 'awaiting-approval':
			return [span('waiting for you', 'warning'), ...workersOf(own)];
		case 'verifying':
			return [checksPart(subtask, own), ...workersOf(own)];
		case 'merging':
			return [span('merging', 'accent'), ...workersOf(own)];
		case 'completed':
			return [...workersOf(own), ...changePart(own)];
		case 'failed':
			return [
				span(own.failure?.kind ?? 'failed', 'bad'),
				...(own.attempt > 1 ? [span(counted(own.attempt, 'attempt'))] : []),
			];
		case 'skipped':
		case 'cancelled': {
			const reason = sanitizeLine(reasonText(own.reason ?? ''));
			const words = reason === '' ? own.status : `${own.status}: ${reason}`;
			return [span(reason.startsWith(own.status) ? reason : words, 'quiet')];
		}
	}
}

/** For a run that has stopped. */
function stoppedParts(own: SubtaskState): readonly Span[] {
	return own.attempt === 0
		? [span('not started', 'quiet')]
		: [span('stopped', 'warning'), ...workersOf(own)];
}

function workersOf({agent, attempt}: SubtaskState): readonly Span[] {
	return [
		...(agent === undefined ? [] : [span(sanitizeLine(agent))]),
		...(attempt > 1 ? [span(`attempt ${attempt}`, 'warning')] : []),
	];
}

/** Only why it waits: that it is running goes without saying. */
function waitParts({id, agent}: SubtaskState, state: RunState): readonly Span[] {
	const worker = agent === undefined ? undefined : state.agents.get(agent);
	return worker?.subtask === id && worker.activity === 'waiting' ? [activityOf(worker, state)] : [];
}

function checksPart({checks}: Subtask, own: SubtaskState): Span {
	const finished = own.checks.filter(({passed}) => passed !== undefined).length;
	const failed = own.checks.some(({passed}) => passed === false);
	const all = Math.max(checks.length, own.checks.length);
	return span(`checks ${finished}/${all}`, failed ? 'bad' : 'accent');
}

function changePart({finished}: SubtaskState): readonly Span[] {
	const files = finished?.change?.files ?? [];
	if (files.length === 0) {
		return [];
	}

	const added = files.reduce((sum, file) => sum + file.added, 0);
	const removed = files.reduce((sum, file) => sum + file.removed, 0);
	return [span(`+${added} −${removed}`, 'quiet')];
}

/** The dependencies that are still open, and whether any one of them is enough. */
function waitText(
	{join, dependsOn}: Subtask,
	dependencies: readonly Dependency[],
	{subtasks}: RunState,
	width: number,
): string {
	const open = dependencies
		.map(edge => edge.subtask)
		.filter(id => !isFinal(subtasks.get(id)?.status ?? 'pending'));
	const isChoice = join === 'any' && dependsOn.length > 1 && open.length > 1;
	const words = isChoice ? 'waiting for any of' : 'waiting for';
	const names = listText(open, ', ', width - words.length - 1);
	return open.length === 0 ? '' : `${words} ${names}`;
}

function timeOf(own: SubtaskState, state: RunState, now: number | undefined): string {
	const ms = own.status === 'pending' ? undefined : subtaskMsAt(own, state, now);
	return ms === undefined ? '' : stopwatch(ms);
}
