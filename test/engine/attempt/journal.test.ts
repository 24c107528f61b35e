import {expect, test} from 'vitest';
import type {RunEvent, RunEventBody} from '../../../source/core/run-event.ts';
import {createJournal} from '../../../source/engine/attempt/journal.ts';

const first = {subtask: 'a', attempt: 1};
const second = {subtask: 'a', attempt: 2};

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

const usage = {
	input: 1,
	cacheRead: null,
	cacheWrite: null,
	output: 1,
	reasoning: null,
	estimated: false,
};

function asked(key: typeof first, turn: number): RunEventBody {
	const scope = {agent: 't', ...key, call: `call-${turn}`};
	return {type: 'model-call-started', ...scope, turn, request: `request-${turn}`, reserved: 1};
}

function answered(key: typeof first, turn: number): RunEventBody {
	return {
		type: 'model-call-finished',
		agent: 't',
		...key,
		call: `call-${turn}`,
		request: `request-${turn}`,
		model: 'm',
		answer: `answer-${turn}`,
		stopReason: 'end',
		usage,
		durationMs: 1,
	};
}

const begun: RunEventBody = {
	type: 'tool-call-started',
	agent: 't',
	...first,
	call: 'c1',
	tool: 'run_command',
	effect: 'command',
	summary: 'make',
};

const ended: RunEventBody = {
	type: 'tool-call-finished',
	agent: 't',
	...first,
	call: 'c1',
	ok: true,
	result: 'made',
	durationMs: 1,
	files: [
		{path: 'read.txt', hash: 'h1', written: false},
		{path: 'written.txt', hash: 'h2', written: true},
	],
};

const restarted: RunEventBody = {
	type: 'attempt-restarted',
	subtask: 'a',
	attempt: 1,
	reason: 'a command was interrupted',
};

test('answers are found by their request, results by their call, each in its own session', () => {
	const past = logOf(asked(first, 1), answered(first, 1), begun, ended);
	const journal = createJournal(past, first);
	expect(journal.answer('request-1')).toBe('answer-1');
	expect(journal.answer('request-2')).toBeUndefined();
	expect(createJournal(past, second).answer('request-1')).toBeUndefined();
	expect(createJournal(past, {subtask: 'b', attempt: 1}).answer('request-1')).toBeUndefined();
	expect(journal.result('c1')).toMatchObject({result: 'made'});
	expect(journal.openCalls()).toEqual([]);
	expect([...journal.writtenFiles()]).toEqual([['written.txt', 'h2']]);
});

test('a call without a result is open', () => {
	const journal = createJournal(logOf(begun), first);
	expect(journal.openCalls()).toMatchObject([{call: 'c1'}]);
	expect(journal.openCall('c1')).toMatchObject({summary: 'make'});
	expect(journal.result('c1')).toBeUndefined();
});

test('an attempt that starts over inherits answers and messages, but no results', () => {
	const told: RunEventBody = {
		type: 'message-delivered',
		agent: 't',
		...first,
		message: 'm1',
		turn: 1,
	};
	const past = logOf(told, asked(first, 1), answered(first, 1), begun, ended);
	const journal = createJournal([...past, ...logOf(restarted)], second);
	expect(journal.answer('request-1')).toBe('answer-1');
	expect(journal.messagesAt(1)).toEqual(['m1']);
	expect(journal.result('c1')).toBeUndefined();
	expect(journal.writtenFiles().size).toBe(0);
});

test('messages are told again for turns that were reached, and for no others', () => {
	const journal = createJournal(logOf(asked(first, 1), answered(first, 1), asked(first, 2)), first);
	expect(journal.messagesAt(1)).toEqual([]);
	expect(journal.messagesAt(2)).toEqual([]);
	expect(journal.messagesAt(3)).toBeUndefined();
});

test('a check is open until the round it belongs to has an outcome', () => {
	const check = {...first, place: 'workspace', check: 'npm test'} as const;
	const started: RunEventBody = {type: 'check-started', ...check, command: 'npm test'};
	const outcome: RunEventBody = {
		type: 'verification-finished',
		...first,
		round: 1,
		passed: false,
		report: 'red',
	};
	expect(createJournal(logOf(started), first).openCheck()).toBe('npm test');
	const closed = createJournal(logOf(started, outcome), first);
	expect(closed.openCheck()).toBeUndefined();
	expect(closed.verification(1)).toMatchObject({passed: false, report: 'red'});
	const merged: RunEventBody = {...started, place: 'merged'};
	expect(createJournal(logOf(merged), first).openCheck()).toBe('npm test');
	const merge: RunEventBody = {type: 'merge-started', ...first, from: 'a', to: 'b'};
	expect(createJournal(logOf(merged, merge), first).openCheck()).toBeUndefined();
	const whole: RunEventBody = {
		type: 'check-started',
		place: 'whole',
		check: 'npm test',
		command: 'npm test',
	};
	expect(createJournal(logOf(whole), {}).openCheck()).toBeUndefined();
});

test('an interrupted turn is known, with what of it an attempt that starts over may do again', () => {
	const interrupted: RunEventBody = {type: 'turn-interrupted', agent: 't', ...first, turn: 2};
	const cut: RunEventBody = {...ended, call: 'c2', ok: false, interrupted: true};
	const past = logOf(asked(first, 1), begun, ended, cut, interrupted);
	const journal = createJournal(past, first);
	expect(journal.interruption(1)).toBeUndefined();
	expect(journal.interruption(2)?.allows('c1')).toBe(false);
	expect(createJournal(past, second).interruption(2)).toBeUndefined();
	const inherited = createJournal([...past, ...logOf(restarted)], second).interruption(2);
	expect(['c1', 'c2', 'c3'].map(call => inherited?.allows(call))).toEqual([true, false, false]);
	// What was told before it is told again, and what waited then comes after it.
	expect(journal.messagesAt(2)).toEqual([]);
	expect(journal.messagesAt(3)).toBeUndefined();
});
