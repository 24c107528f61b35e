import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import type {SubtaskState} from '../../source/core/run-state-entries.ts';
import {placed} from './every-event.ts';

const first = {subtask: 'a', attempt: 1};
const started: RunEventBody = {type: 'subtask-started', ...first, agent: 't1', base: 'b0'};
const check: RunEventBody = {
	type: 'check-started',
	...first,
	place: 'workspace',
	check: 'test',
	command: 'npm test',
};
const red: RunEventBody = {
	type: 'check-finished',
	...first,
	place: 'workspace',
	check: 'test',
	passed: false,
	exitCode: 1,
	durationMs: 5,
	output: 'no',
};
const finished: RunEventBody = {
	type: 'attempt-finished',
	...first,
	agent: 't1',
	change: {commit: 'c1', base: 'b0', files: []},
	summary: 'done',
	outputs: {answer: 42},
};
const failure = {kind: 'check-failed' as const, message: 'red'};

describe('the way of a subtask', () => {
	test.each([
		['ready', [{type: 'subtasks-ready', subtasks: ['a']}]],
		['running', [started]],
		['verifying', [started, check]],
		['verifying', [started, check, red]],
		[
			'running',
			[
				started,
				check,
				red,
				{type: 'verification-finished', ...first, round: 1, passed: false, report: ''},
			],
		],
		['merging', [started, finished]],
		['ready', [started, {type: 'attempt-restarted', ...first, reason: 'crash'}]],
		['ready', [started, failed('retry')]],
		['running', [started, failed('give-up')]],
		['failed', [started, failed('give-up'), {type: 'subtask-failed', subtask: 'a', failure}]],
		['skipped', [{type: 'subtask-skipped', subtask: 'a', reason: 'x'}]],
		['cancelled', [{type: 'subtask-cancelled', subtask: 'a', reason: 'x'}]],
		['completed', [started, {type: 'subtask-completed', ...first, summary: '', outputs: {}}]],
		[
			'pending',
			[
				{type: 'subtask-failed', subtask: 'a', failure},
				{type: 'subtask-reopened', subtask: 'a', reason: 'retry'},
			],
		],
	] satisfies readonly (readonly [string, readonly RunEventBody[]])[])(
		'leads to %s: %#',
		(status, events) => {
			expect(subtaskAfter(events)?.status).toBe(status);
		},
	);

	test('counts an interrupted attempt, but not as a failed one, and starts from the same base', () => {
		const restarted: RunEventBody = {type: 'attempt-restarted', ...first, reason: 'crash'};
		expect(subtaskAfter([started, check, restarted])).toMatchObject({
			attempt: 1,
			failedAttempts: 0,
			startsOver: true,
			base: 'b0',
			checks: [],
		});
		const again: RunEventBody = {...started, attempt: 2};
		expect(subtaskAfter([started, restarted, again])).toMatchObject({
			attempt: 2,
			startsOver: false,
		});
	});

	test('counts each failed attempt', () => {
		const again = {...started, attempt: 2};
		const twice = subtaskAfter([started, failed('retry'), again, failed('retry')]);
		expect(twice?.failedAttempts).toBe(2);
	});

	test('keeps why the last attempt failed for the next one', () => {
		expect(subtaskAfter([started, failed('retry'), {...started, attempt: 2}])).toMatchObject({
			failedAttempts: 1,
			failure,
			evidence: 'diff',
		});
	});

	test('that is completed in the end has no failure any more', () => {
		const done: RunEventBody = {
			type: 'subtask-completed',
			subtask: 'a',
			attempt: 2,
			summary: 'done',
			outputs: {answer: 42},
		};
		expect(subtaskAfter([started, failed('retry'), {...started, attempt: 2}, done])).toMatchObject({
			status: 'completed',
			failure: undefined,
			outputs: {answer: 42},
		});
	});

	test('has the time of its first start and that of its end', () => {
		const seconds = (count: number) => placed({type: 'run-unpaused'}, count).time;
		const again: RunEventBody = {...started, attempt: 2};
		const over: RunEventBody = {type: 'subtask-failed', subtask: 'a', failure};
		const running = subtaskAfter([started, again]);
		expect([running?.startedAt, running?.endedAt]).toEqual([seconds(1), undefined]);
		expect(subtaskAfter([started, again, over])).toMatchObject({
			startedAt: seconds(1),
			endedAt: seconds(3),
		});
		const reopened: RunEventBody = {type: 'subtask-reopened', subtask: 'a', reason: 'retry'};
		const open = subtaskAfter([started, over, reopened]);
		expect([open?.startedAt, open?.endedAt]).toEqual([seconds(1), undefined]);
		const skipped: RunEventBody = {type: 'subtask-skipped', subtask: 'a', reason: 'x'};
		const never = subtaskAfter([skipped]);
		expect([never?.startedAt, never?.endedAt]).toEqual([undefined, seconds(1)]);
	});

	test('that is opened again has cost what it has cost', () => {
		const answered: RunEventBody = {
			type: 'model-call-finished',
			agent: 't1',
			...first,
			call: 'c1',
			request: 'ab',
			model: 'm',
			answer: '{}',
			stopReason: 'end',
			usage: {
				input: 10,
				cacheRead: null,
				cacheWrite: null,
				output: 5,
				reasoning: null,
				estimated: false,
			},
			durationMs: 1,
		};
		const reopened: RunEventBody = {type: 'subtask-reopened', subtask: 'a', reason: 'retry'};
		expect(subtaskAfter([started, answered, reopened])?.usage).toMatchObject({calls: 1, total: 15});
	});

	test('that is opened again never uses the number of an attempt twice', () => {
		const reopened: RunEventBody = {type: 'subtask-reopened', subtask: 'a', reason: 'retry'};
		const open = subtaskAfter([started, failed('give-up'), reopened]);
		expect(open).toMatchObject({attempt: 1, failedAttempts: 0});
		expect(open?.failure).toBeUndefined();
	});
});

describe('checks', () => {
	test('show that they run, and how they ended; the last run of each counts', () => {
		expect(subtaskAfter([started, check])?.checks).toMatchObject([
			{name: 'test', passed: undefined},
		]);
		expect(subtaskAfter([started, check, red])?.checks).toMatchObject([
			{name: 'test', command: 'npm test', passed: false, exitCode: 1, output: 'no'},
		]);
		const green: RunEventBody = {...red, passed: true, exitCode: 0};
		expect(subtaskAfter([started, check, red, check, green])?.checks).toMatchObject([
			{passed: true},
		]);
	});

	test('stand side by side, each with its own end', () => {
		const lint: RunEventBody = {...check, check: 'lint', command: 'npm run lint'};
		expect(subtaskAfter([started, lint, check, red])?.checks).toMatchObject([
			{name: 'lint', passed: undefined},
			{name: 'test', passed: false},
		]);
		expect(subtaskAfter([started, lint, check, red, lint])?.checks).toMatchObject([
			{name: 'test', passed: false},
			{name: 'lint', passed: undefined},
		]);
	});

	test('of the whole say nothing any more when something else is merged', () => {
		const whole = {place: 'whole', check: 'all', command: 'make'} as const;
		const green: RunEventBody = {
			type: 'check-finished',
			place: 'whole',
			check: 'all',
			passed: true,
			exitCode: 0,
			durationMs: 5,
			output: '',
		};
		const merged: RunEventBody = {type: 'merge-finished', ...first, head: 'h1'};
		const checked: RunEventBody[] = [started, finished, {type: 'check-started', ...whole}, green];
		expect(after(checked).finalChecks.get('all')).toMatchObject({passed: true});
		expect(after([...checked, merged]).finalChecks.size).toBe(0);
	});

	test('of the merged result leave the subtask merging', () => {
		const merged: RunEventBody = {...check, place: 'merged'};
		expect(subtaskAfter([started, finished, merged])).toMatchObject({
			status: 'merging',
			checks: [{name: 'test', passed: undefined}],
		});
	});

	test('are gone when a new attempt starts', () => {
		expect(subtaskAfter([started, check, red, {...started, attempt: 2}])?.checks).toEqual([]);
	});

	test('of the whole stand by themselves', () => {
		const state = after([
			{type: 'check-started', place: 'whole', check: 'all', command: 'make'},
			{...red, subtask: undefined, attempt: undefined, place: 'whole', check: 'all'},
		]);
		expect(state.finalChecks.get('all')).toMatchObject({command: 'make', passed: false});
		expect(state.subtasks.size).toBe(0);
	});
});

describe('merging', () => {
	const merge: RunEventBody = {type: 'merge-started', ...first, from: 'b0', to: 'm1'};

	test('moves the head, and is known to be begun before', () => {
		const begun = after([started, finished, merge]);
		expect(begun.subtasks.get('a')?.merge).toEqual({from: 'b0', to: 'm1'});
		expect(begun.head).toBeUndefined();
		const state = after([started, finished, merge, {type: 'merge-finished', ...first, head: 'm1'}]);
		expect(state.head).toBe('m1');
		expect(state.subtasks.get('a')).toMatchObject({merge: undefined, finished: {merged: true}});
	});

	test('that is refused leaves nothing to be merged', () => {
		expect(
			subtaskAfter([started, finished, merge, {type: 'merge-refused', ...first, paths: ['x']}]),
		).toMatchObject({merge: undefined, finished: undefined});
	});
});

test('cancelling one subtask does not cancel the run', () => {
	expect(after([{type: 'cancel-requested', subtask: 'a'}]).cancelRequested).toBe(false);
	expect(
		after([{type: 'cancel-requested'}, {type: 'cancel-requested', subtask: 'a'}]).cancelRequested,
	).toBe(true);
});

function failed(strategy: 'retry' | 'give-up'): RunEventBody {
	return {type: 'attempt-failed', ...first, agent: 't1', failure, strategy, evidence: 'diff'};
}

function after(bodies: readonly RunEventBody[]): RunState {
	return bodies.reduce(
		(state, body, index) => applyEvent(state, placed(body, index + 1)),
		emptyRunState(),
	);
}

function subtaskAfter(bodies: readonly RunEventBody[]): SubtaskState | undefined {
	return after(bodies).subtasks.get('a');
}
