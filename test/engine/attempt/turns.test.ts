import {expect, test} from 'vitest';
import type {RunEvent} from '../../../source/core/run-event.ts';
import type {TurnStart} from '../../../source/engine/attempt/attempt-context.ts';
import {createJournal} from '../../../source/engine/attempt/journal.ts';
import {createTurns} from '../../../source/engine/attempt/turns.ts';

const key = {subtask: 'a', attempt: 1};

function logged(body: {type: 'turn-interrupted'; turn: number}): RunEvent {
	return {v: 1, seq: 1, time: '', run: 'r', epoch: 1, agent: 't1', ...key, ...body};
}

function setUp(past: readonly RunEvent[] = []) {
	const ending = new AbortController();
	const started: TurnStart[] = [];
	let interrupt = (_turn: number) => {};
	const turns = createTurns(createJournal(past, key), {
		signal: ending.signal,
		async beginTurn(start) {
			started.push(start);
			return [];
		},
		onInterrupt(listener) {
			interrupt = listener;
		},
	});
	return {
		turns,
		started,
		ending,
		interrupt: (turn: number) => {
			interrupt(turn);
		},
	};
}

test('an interrupted turn ends what is done in it, and the next one waits for a message', async () => {
	const {turns, started, interrupt} = setUp();
	await turns.begin(1);
	const signal = turns.signal();
	interrupt(1);
	expect(signal.reason).toMatchObject({kind: 'cancelled'});
	expect(turns.interrupted(1)).toBe(true);
	expect(turns.forbids(1, 'c')).toBe(true);
	await turns.begin(2);
	expect(turns.signal().aborted).toBe(false);
	expect(turns.interrupted(2)).toBe(false);
	expect(turns.forbids(2, 'c')).toBe(false);
	expect(started).toEqual([
		{turn: 1, delivered: undefined, afterInterruption: false},
		{turn: 2, delivered: undefined, afterInterruption: true},
	]);
});

test('a turn that an earlier process reached gets its messages again and waits for none', async () => {
	const {turns, started} = setUp([logged({type: 'turn-interrupted', turn: 1})]);
	await turns.begin(1);
	expect(turns.interrupted(1)).toBe(true);
	expect(started).toEqual([{turn: 1, delivered: [], afterInterruption: false}]);
});

test('the end of the session ends its turn without an interruption', async () => {
	const {turns, ending} = setUp();
	await turns.begin(1);
	ending.abort(new Error('stopped'));
	expect(turns.signal().reason).toMatchObject({message: 'stopped'});
	expect(turns.interrupted(1)).toBe(false);
});
