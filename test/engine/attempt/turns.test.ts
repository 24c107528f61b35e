import {expect, test} from 'vitest';
import type {RunEvent} from '../../../source/core/run-event.ts';
import {createJournal} from '../../../source/engine/attempt/journal.ts';
import {createTurns} from '../../../source/engine/attempt/turns.ts';

const session = {subtask: 'a', attempt: 1};
const past: readonly RunEvent[] = [
	{
		v: 1,
		seq: 1,
		time: '',
		run: 'r',
		epoch: 1,
		type: 'model-call-started',
		agent: 't1',
		...session,
		call: 'c',
		turn: 3,
		request: 'ab',
		reserved: 1,
	},
];

function openTurns(events: readonly RunEvent[] = []) {
	const turns = createTurns(createJournal(events));
	const ending = new AbortController();
	return {turns, ending, own: turns.open('t1', session, ending.signal)};
}

test('only a turn that has begun can be interrupted, once, until the session is closed', () => {
	const {turns, own} = openTurns();
	expect(turns.underWay('t1')).toBeUndefined();
	own.begin(1);
	expect(turns.underWay('t2')).toBeUndefined();
	const turn = turns.underWay('t1');
	expect(turn).toMatchObject({session, turn: 1});
	const signal = own.signal();
	turn?.end();
	expect(signal.reason).toMatchObject({kind: 'cancelled'});
	expect(own.interrupted(1)).toBe(true);
	expect(own.forbids(1, 'c')).toBe(true);
	expect(turns.underWay('t1')).toBeUndefined();
	own.begin(2);
	expect(own.interrupted(2)).toBe(false);
	expect(turns.underWay('t1')).toMatchObject({turn: 2});
	own.close();
	expect(turns.underWay('t1')).toBeUndefined();
});

test('turns that are only given again out of the journal cannot be interrupted', () => {
	const {turns, own} = openTurns(past);
	own.act();
	own.begin(1);
	expect(turns.underWay('t1')).toBeUndefined();
	own.begin(3);
	own.act();
	expect(turns.underWay('t1')).toMatchObject({turn: 3});
});

test('the end of the session ends its turn, which cannot be interrupted any more', () => {
	const {turns, own, ending} = openTurns();
	own.begin(1);
	ending.abort(new Error('stopped'));
	expect(own.signal().reason).toMatchObject({message: 'stopped'});
	expect(own.interrupted(1)).toBe(false);
	expect(turns.underWay('t1')).toBeUndefined();
});

test('an old session that is closed leaves the turn of the next one alone', () => {
	const {turns, own} = openTurns();
	own.begin(1);
	const next = turns.open('t1', {subtask: 'b', attempt: 1}, new AbortController().signal);
	next.begin(1);
	own.close();
	expect(turns.underWay('t1')).toMatchObject({session: {subtask: 'b'}});
});
