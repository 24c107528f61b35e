import {describe, expect, test} from 'vitest';
import {activeMsAt, isUnowned, subtaskMsAt} from '../../source/core/run-clock.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {pendingSubtask, type RunState} from '../../source/core/run-state.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {placed, sampleReport} from './every-event.ts';
import {approved, foldAll, proposed, requested} from './folded-state.ts';

const started: RunEventBody = {
	type: 'subtask-started',
	subtask: 'a',
	attempt: 1,
	agent: 't1',
	base: 'b0',
};
const stopped: RunEventBody = {type: 'run-stopped', report: sampleReport};
const resumed: RunEventBody = {type: 'run-resumed', settings: defaultRunSettings, program: 'x'};
const completed: RunEventBody = {
	type: 'subtask-completed',
	subtask: 'a',
	attempt: 2,
	summary: '',
	outputs: {},
};

/** The state after these events at these seconds. */
function after(...events: readonly (readonly [number, RunEventBody])[]): RunState {
	return foldAll(events.map(([second, body]) => placed(body, second)));
}

/** Milliseconds since the epoch of a second. */
function at(second: number): number {
	return Date.parse(placed(stopped, second).time);
}

const working = [
	[1, proposed],
	[2, requested],
	[12, approved],
	[14, started],
] as const;

describe('the active time of a run', () => {
	test('goes on while it works, whatever the clock does', () => {
		const state = after(...working);
		expect(activeMsAt(state)).toBe(3_000);
		expect(activeMsAt(state, at(20))).toBe(9_000);
		expect(activeMsAt(state, at(4))).toBe(3_000);
	});

	test('stands still while its plan waits for a person, and where nobody works on it', () => {
		expect(activeMsAt(after(...working.slice(0, 2)), at(60))).toBe(1_000);
		const ended = after(...working, [20, stopped]);
		expect(isUnowned(ended)).toBe(true);
		expect(activeMsAt(ended, at(60))).toBe(9_000);
		const dead = {...after(...working), status: 'stopped'} as const;
		expect(isUnowned(dead)).toBe(true);
		expect(activeMsAt(dead, at(60))).toBe(3_000);
		expect(activeMsAt(after(), at(60))).toBe(0);
	});
});

describe('the time of a subtask', () => {
	const timeOf = (state: RunState, second?: number) =>
		subtaskMsAt(
			state.subtasks.get('a') ?? pendingSubtask('a'),
			state,
			second === undefined ? undefined : at(second),
		);

	test('is none before it begins', () => {
		expect(timeOf(after([1, proposed]), 60)).toBeUndefined();
	});

	test('goes on while it works', () => {
		expect(timeOf(after(...working), 24)).toBe(10_000);
		expect(timeOf(after(...working))).toBe(0);
	});

	test('does not count the time between two invocations', () => {
		const events = [...working, [19, stopped], [100, resumed]] as const;
		expect(timeOf(after(...events.slice(0, -1)), 60)).toBe(5_000);
		expect(timeOf(after(...events), 102)).toBe(7_000);
		const again: RunEventBody = {...started, attempt: 2};
		expect(timeOf(after(...events, [101, again], [103, completed]), 200)).toBe(8_000);
	});

	test('counts from its first attempt where it was opened again', () => {
		const reopened: RunEventBody = {type: 'subtask-reopened', subtask: 'a', reason: 'retry'};
		const again: RunEventBody = {...started, attempt: 2};
		const events = [...working, [16, completed], [18, reopened]] as const;
		expect(timeOf(after(...events, [20, again]), 24)).toBe(10_000);
	});
});
