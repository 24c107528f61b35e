import {expect, test} from 'vitest';
import type {RunEvent, RunEventBody} from '../../../source/core/run-event.ts';
import {createHistory} from '../../../source/engine/log/history.ts';

function logOf(...bodies: readonly RunEventBody[]): readonly RunEvent[] {
	return bodies.map((body, index) => ({
		v: 1,
		seq: index + 1,
		time: new Date(0).toISOString(),
		run: 'run',
		epoch: 1,
		...body,
	}));
}

const call = {call: 'c', turn: 1, request: 'ab', reserved: 1} as const;
const first: RunEventBody = {
	type: 'model-call-started',
	agent: 't',
	subtask: 'a',
	attempt: 1,
	...call,
};
const restarted: RunEventBody = {
	type: 'attempt-restarted',
	subtask: 'a',
	attempt: 1,
	reason: 'a command was interrupted',
};

test('a subtask has the events of all of its attempts, the lead those of no subtask', () => {
	const other: RunEventBody = {...first, subtask: 'b'};
	const lead: RunEventBody = {type: 'model-call-started', agent: 'lead', ...call};
	const [one, two, three, four] = logOf(first, other, lead, {...first, attempt: 2});
	const history = createHistory([one, two, three, four].filter(event => event !== undefined));
	expect(history.of('a')).toEqual([one, four]);
	expect(history.of(undefined)).toEqual([three]);
	expect(history.of('c')).toEqual([]);
});

test('an attempt has turns when one was begun in it, and not because it was started over', () => {
	const history = createHistory(logOf(first));
	expect(history.hasTurns({subtask: 'a', attempt: 1})).toBe(true);
	for (const event of logOf(restarted)) {
		history.add(event);
	}

	expect(history.of('a').map(({type}) => type)).toEqual([
		'model-call-started',
		'attempt-restarted',
	]);
	expect(history.hasTurns({subtask: 'a', attempt: 2})).toBe(false);
	expect(history.hasTurns({})).toBe(false);
});
