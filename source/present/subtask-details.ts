import {evaluateCondition} from '../core/condition.ts';
import type {Condition, Dependency, Plan, Subtask} from '../core/plan.ts';
import {isUnowned, subtaskMsAt} from '../core/run-clock.ts';
import {isFinal, pendingSubtask, type RunState} from '../core/run-state.ts';
import type {SubtaskState} from '../core/run-state-entries.ts';
import {counted, sanitizeLine, sanitizeText} from '../core/text.ts';
import {checkRows, type ReadPayload} from './check-rows.ts';
import {describeCondition} from './plan-lines.ts';
import {rowWidth, span, type Row, type Span, type Tone} from './text/row.ts';
import {statusTone} from './status-sign.ts';
import {changeRows, evidenceRows, outputRows, pathRows, usageRows} from './subtask-results.ts';
import {textWidth} from './text/width.ts';
import {clockTime, duration, failureLine, reasonText, statusText} from './words.ts';
import {wrapText} from './text/wrap.ts';

/**
 * Details of a subtask, in rows of at most `width` columns (20 or more). Payloads that `read` does
 * not have yet show as `…`.
 */
export function detailRows(
	state: RunState,
	subtaskId: string,
	width: number,
	read: ReadPayload,
): readonly Row[] {
	const {subtasks, dependents} = indexOf(state.plan?.plan);
	const subtask = subtasks.get(subtaskId);
	if (!subtask) {
		return textRows('This subtask is not in the plan.', width, 'quiet');
	}

	const own = state.subtasks.get(subtaskId) ?? pendingSubtask(subtaskId);
	const columns = width - indentation.text.length;
	const waitsFor = subtask.dependsOn.flatMap(edge => dependencyRows(edge, state, columns));
	const neededBy = dependents.get(subtaskId) ?? [];
	return [
		...textRows(`${subtaskId} · ${sanitizeLine(subtask.title)}`, width, 'heading'),
		...statusRows(own, state, width),
		...section('Instructions', textRows(sanitizeText(subtask.instructions), columns)),
		...section(subtask.join === 'any' ? 'Depends on any of' : 'Depends on', waitsFor),
		...section(
			'Needed by',
			neededBy.flatMap(edge => dependentRows(edge, columns)),
		),
		...section('Will write', pathRows(subtask.writes, columns)),
		...section('Checks', checkRows(subtask.checks, own.checks, columns, read)),
		...section('Summary', textRows(sanitizeText(own.summary ?? ''), columns)),
		...section('Outputs', outputRows(subtask, own, columns)),
		...section(changeHeading(own), changeRows(own, columns)),
		...section('Last failed attempt', evidenceRows(own, columns, read)),
		...section('Tokens', usageRows(own, columns)),
	];
}

const indentation = span('  ');

function section(heading: string, rows: readonly Row[]): readonly Row[] {
	return rows.length === 0
		? []
		: [
				[],
				[span(heading, 'heading')],
				...rows.map(row => (rowWidth(row) === 0 ? [] : [indentation, ...row])),
			];
}

function textRows(text: string, width: number, tone: Tone = 'plain'): readonly Row[] {
	return text === '' ? [] : wrapText(text, width).map(line => [span(line, tone)]);
}

function statusRows(own: SubtaskState, state: RunState, width: number): readonly Row[] {
	const {status, agent, attempt, failedAttempts, failure, reason} = own;
	const words = [
		agent === undefined ? '' : sanitizeLine(agent),
		attempt === 0 ? '' : `attempt ${attempt}`,
		failedAttempts === 0 ? '' : `${counted(failedAttempts, 'attempt')} failed`,
		timeOf(own, state),
	].filter(word => word !== '');
	const isCutOff = isUnowned(state) && !isFinal(status) && attempt > 0;
	const shown = isCutOff ? 'stopped' : statusText(status);
	const failureText = failure === undefined ? '' : sanitizeText(failureLine(failure));
	return [
		...textRows([shown, ...words].join(' · '), width, isCutOff ? 'warning' : statusTone(status)),
		...textRows(sanitizeText(reasonText(reason ?? '')), width, 'quiet'),
		...textRows(failureText, width, status === 'failed' ? 'bad' : 'warning'),
	];
}

/** When it started, or how much active time it took. */
function timeOf(own: SubtaskState, state: RunState): string {
	const {startedAt, endedActiveMs} = own;
	const ms = subtaskMsAt(own, state);
	if (ms === undefined || startedAt === undefined) {
		return '';
	}

	if (endedActiveMs !== undefined) {
		return `took ${duration(ms)}`;
	}

	return isUnowned(state) ? `took ${duration(ms)} so far` : `since ${clockTime(startedAt)}`;
}

function dependencyRows(
	{subtask, when}: Dependency,
	state: RunState,
	width: number,
): readonly Row[] {
	const {status, outputs} = state.subtasks.get(subtask) ?? pendingSubtask(subtask);
	const condition = `${subtask} must ${conditionVerb(when)}`;
	if (!isFinal(status)) {
		return labelled(condition, span(`not yet (${statusText(status)})`, statusTone(status)), width);
	}

	const held = evaluateCondition(when, subtask, {status, outputs});
	return held.holds
		? labelled(condition, span('met', 'good'), width)
		: labelled(condition, span(`not met: ${sanitizeLine(held.reason)}`, 'warning'), width);
}

function dependentRows({subtask, when}: Dependency, width: number): readonly Row[] {
	return textRows(
		when === 'success' ? subtask : `${subtask} (needs this one to ${conditionVerb(when)})`,
		width,
	);
}

/** Label and value on one row, or stacked when too wide. */
function labelled(label: string, value: Span, width: number): readonly Row[] {
	return textWidth(label) + 2 + textWidth(value.text) <= width
		? [[span(`${label}: `), value]]
		: [
				...textRows(`${label}:`, width),
				...textRows(value.text, width - 2, value.tone).map(row => [indentation, ...row]),
			];
}

function conditionVerb(when: Condition): string {
	switch (when) {
		case 'success':
			return 'succeed';
		case 'failure':
			return 'fail';
		case 'completion':
			return 'end';
		default:
			return `succeed ${sanitizeLine(describeCondition(when))}`;
	}
}

function changeHeading({finished}: SubtaskState): string {
	return finished?.merged === true ? 'Changes (merged)' : 'Changes (not merged)';
}

type PlanIndex = {
	readonly subtasks: ReadonlyMap<string, Subtask>;
	/** By subtask id, its dependents; `subtask` is the dependent. */
	readonly dependents: ReadonlyMap<string, readonly Dependency[]>;
};

const indexes = new WeakMap<Plan, PlanIndex>();

/** Built once per plan: walking through all subtasks must not scan all of them each time. */
function indexOf(plan: Plan | undefined): PlanIndex {
	const known = plan && indexes.get(plan);
	if (known || !plan) {
		return known ?? {subtasks: new Map(), dependents: new Map()};
	}

	const dependents = new Map<string, Dependency[]>(plan.subtasks.map(({id}) => [id, []]));
	for (const {id, dependsOn} of plan.subtasks) {
		for (const {subtask, when} of dependsOn) {
			dependents.get(subtask)?.push({subtask: id, when});
		}
	}

	const index = {subtasks: new Map(plan.subtasks.map(entry => [entry.id, entry])), dependents};
	indexes.set(plan, index);
	return index;
}
