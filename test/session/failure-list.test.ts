import {describe, expect, test} from 'vitest';
import type {RunEvent, RunEventBody} from '../../source/core/run-event.ts';
import {createFailureList} from '../../source/session/failure-list.ts';
import {everyEvent, placed, poisoned} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';

const failure = {kind: 'check-failed', message: 'npm test is red', hint: 'look at it'} as const;

function failed(subtask: string, attempt = 1): RunEventBody {
	return {
		type: 'attempt-failed',
		agent: 'alice',
		subtask,
		attempt,
		failure,
		strategy: 'retry',
	};
}

function listOf(...bodies: readonly RunEventBody[]) {
	const list = createFailureList();
	for (const [index, body] of bodies.entries()) {
		list.add(placed(body, index + 1));
	}

	return list;
}

const givenUp: RunEventBody = {
	type: 'model-call-failed',
	agent: 'lead',
	call: 'c',
	try: 1,
	failure: {kind: 'auth', message: 'no key'},
};

describe('failures that nobody has seen', () => {
	test('are told with what to do about them, oldest first', () => {
		const list = listOf(failed('api'), givenUp);
		expect(list.unseen()).toEqual([
			{
				seq: 1,
				subtask: 'api',
				agent: 'alice',
				text: 'api: attempt 1 failed: npm test is red [check-failed] → look at it',
				event: undefined,
			},
			{
				seq: 2,
				subtask: undefined,
				agent: 'lead',
				text: 'lead: no key [auth]',
				event: placed(givenUp, 2),
			},
		]);
	});

	test('have one place for each subtask, with the last thing that went wrong', () => {
		const list = listOf(failed('api'), failed('ui'), failed('api', 2), givenUp, givenUp);
		expect(list.unseen().map(({seq}) => seq)).toEqual([2, 3, 4, 5]);
	});

	test('leave when somebody looks at the subtask or at the failure', () => {
		const list = listOf(failed('api'), failed('ui'), givenUp);
		list.markSeen({subtask: 'api'});
		expect(list.unseen().map(({seq}) => seq)).toEqual([2, 3]);
		list.markSeen({seq: 3});
		expect(list.unseen().map(({seq}) => seq)).toEqual([2]);
		list.clear();
		expect(list.unseen()).toEqual([]);
	});

	test('do not come back once they were seen, nor do those whose place they took', () => {
		const list = listOf(failed('api'), failed('api', 2), failed('ui'), givenUp);
		list.markSeen({subtask: 'api'});
		list.markSeen({seq: 4});
		const again = createFailureList(list.seen());
		[failed('api'), failed('api', 2), failed('ui'), givenUp, failed('api', 3)].forEach(
			(body, index) => {
				again.add(placed(body, index + 1));
			},
		);
		expect(again.unseen().map(({seq}) => seq)).toEqual([3, 5]);
	});

	test('are no calls that are tried again or were cut off by a person, and no green checks', () => {
		const call = {type: 'model-call-failed', agent: 'alice', call: 'c', try: 1} as const;
		const check = {
			type: 'check-finished',
			check: 'npm test',
			exitCode: 1,
			durationMs: 1,
			output: '',
		} as const;
		const list = listOf(
			{...call, failure, retryInMs: 10},
			{...call, failure: {kind: 'cancelled', message: 'x'}},
			{...check, place: 'whole', passed: true},
			{...check, place: 'workspace', passed: false},
		);
		expect(list.unseen()).toEqual([]);
	});

	test('are calls that were given up, checks of the whole that are red, merges that were refused', () => {
		const list = listOf(
			{type: 'model-call-failed', agent: 'alice', call: 'c', try: 3, failure},
			{
				type: 'check-finished',
				place: 'whole',
				check: 'npm test',
				passed: false,
				exitCode: 1,
				durationMs: 1,
				output: '',
			},
			{type: 'merge-refused', subtask: 'api', attempt: 1, paths: ['a']},
			{type: 'subtask-failed', subtask: 'ui', failure},
		);
		expect(list.unseen().map(({text}) => text)).toEqual([
			'alice: npm test is red [check-failed] → look at it',
			'final check FAILED: npm test',
			'cannot merge api',
			'ui failed: npm test is red [check-failed] → look at it',
		]);
	});

	test('write nothing to the terminal that others made up', () => {
		const told = everyEvent.flatMap(event => {
			const list = createFailureList();
			list.add(poisoned(event, `${poison}\n`) as RunEvent);
			return list.unseen().map(({text}) => text);
		});
		expect(told.length).toBeGreaterThan(2);
		for (const text of told) {
			expect(text).not.toMatch(unprintable);
			expect(text).not.toContain('\n');
		}
	});
});
