import {expect, test} from 'vitest';
import {createOpenTurns} from '../../source/engine/open-turns.ts';

const session = {subtask: 'a', attempt: 1};

function setUp({replays = false} = {}) {
	const turns = createOpenTurns();
	const ending = new AbortController();
	const interrupted: number[] = [];
	const own = turns.open('t1', {session, isReplaying: replays, signal: ending.signal});
	own.onInterrupt(turn => interrupted.push(turn));
	return {turns, own, ending, interrupted};
}

test('only a turn that has begun can be interrupted, once, until the session is closed', () => {
	const {turns, own, interrupted} = setUp();
	expect(turns.of('t1')).toBeUndefined();
	own.begin(1);
	expect(turns.of('t2')).toBeUndefined();
	expect(turns.of('t1')).toMatchObject({session, turn: 1});
	turns.of('t1')?.interrupt();
	expect(interrupted).toEqual([1]);
	expect(turns.of('t1')).toBeUndefined();
	own.begin(2);
	expect(turns.of('t1')).toMatchObject({turn: 2});
	own.close();
	expect(turns.of('t1')).toBeUndefined();
});

test('turns that are only given again cannot be interrupted, until something new is done', () => {
	const {turns, own} = setUp({replays: true});
	own.markLive();
	own.begin(1);
	expect(turns.of('t1')).toBeUndefined();
	own.begin(3);
	own.markLive();
	expect(turns.of('t1')).toMatchObject({turn: 3});
});

test('a session that has ended has no turn to interrupt', () => {
	const {turns, own, ending} = setUp();
	own.begin(1);
	ending.abort(new Error('stopped'));
	expect(turns.of('t1')).toBeUndefined();
});

test('an old session that is closed leaves the turn of the next one alone', () => {
	const {turns, own} = setUp();
	own.begin(1);
	const next = turns.open('t1', {
		session: {subtask: 'b', attempt: 1},
		isReplaying: false,
		signal: new AbortController().signal,
	});
	next.begin(1);
	own.close();
	expect(turns.of('t1')).toMatchObject({session: {subtask: 'b'}});
});
