import {describe, expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import {answer} from './scripted-session.ts';
import {finish, work} from './work-of-teammate.ts';

describe('a teammate', () => {
	test('that only talks is reminded twice, then it has failed', async () => {
		const {end, requests} = await work({answers: [answer('I think about it.')]});
		expect(requests).toHaveLength(3);
		expect(requests[1]?.messages.at(-1)).toMatchObject({
			role: 'user',
			text: expect.stringContaining('Call a tool'),
		});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}, turns: 3});
	});

	test('that only talked has to call a tool next, and may choose again after that', async () => {
		const talk = answer('I will now read the file.');
		const read = answer([['read', {path: 'a'}]]);
		const {requests} = await work({answers: [talk, read, finish]});
		expect(requests.map(({toolChoice}) => toolChoice)).toEqual(['auto', 'required', 'auto']);
	});

	test('may talk in between', async () => {
		const talk = answer('Hm.');
		const act = (path: string) => answer([['edit', {path}]]);
		const {end} = await work({
			answers: [talk, talk, act('a'), talk, talk, act('b'), talk, talk, finish],
		});
		expect(end).toMatchObject({kind: 'finished', turns: 9});
	});

	test('whose answer was cut is asked for smaller steps', async () => {
		const {requests, end} = await work({answers: [answer('So then', 'max-tokens'), finish]});
		expect(requests[1]?.messages.at(-1)).toMatchObject({
			text: expect.stringContaining('smaller steps'),
		});
		expect(end.kind).toBe('finished');
	});

	test('has no call run of an answer that was cut: the last one may be half of what was meant', async () => {
		for (const reason of ['max-tokens', 'context-full'] as const) {
			const cutOff = answer([['edit', {path: 'a'}]], reason);
			const {requests, done, end} = await work({answers: [cutOff, finish]});
			expect(done).not.toContain('begin edit-0');
			expect(requests[1]?.messages.at(-1)).toMatchObject({
				role: 'tool',
				isError: true,
				text: expect.stringContaining('cut before its end'),
			});
			expect(end.kind).toBe('finished');
		}
	});

	test('whose answers are always cut has failed', async () => {
		const {end} = await work({answers: [answer([['edit', {path: 'a'}]], 'max-tokens')]});
		expect(end).toMatchObject({
			failure: {kind: 'bad-call', message: expect.stringContaining('cut')},
			turns: 3,
		});
	});

	test('goes on after a pause of its model as if nothing was', async () => {
		const paused = answer('I am still at it', 'pause');
		const {requests, end} = await work({answers: [paused, paused, paused, finish]});
		expect(requests[3]?.messages.slice(1)).toEqual([
			paused.message,
			paused.message,
			paused.message,
		]);
		expect(end.kind).toBe('finished');
	});

	test('that answers nothing is told so, then it has failed', async () => {
		const empty = new FailureError('empty-answer', 'it gave an empty answer');
		const once = await work({answers: [empty, finish]});
		expect(once.requests[1]?.messages.at(-1)).toMatchObject({
			text: expect.stringContaining('Your last answer was empty'),
		});
		expect(once.end).toMatchObject({kind: 'finished', turns: 2});
		const always = await work({answers: [empty]});
		expect(always.end).toMatchObject({failure: {kind: 'empty-answer'}, turns: 3});
	});

	test('has failed when its model refuses', async () => {
		const {end, done} = await work({answers: [answer([['bash']], 'refusal')]});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'content-filtered'}, turns: 1});
		expect(done).toEqual([]);
	});
});
