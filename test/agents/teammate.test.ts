import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {TeammateEnd} from '../../source/agents/agent.ts';
import {verificationTries, workOnSubtask} from '../../source/agents/teammate.ts';
import {FailureError} from '../../source/core/failure.ts';
import {answer, brief, scriptedSession, type Script} from './scripted-session.ts';

const finish = answer([['finish', {summary: 'parses', outputs: {format: 'json'}}]]);

describe('a teammate', () => {
	it('is finished when the checks are green, with its summary and outputs', async () => {
		const {end, done} = await work({answers: [answer([['read', {path: 'a'}]]), finish]});
		expect(end).toEqual({
			kind: 'finished',
			summary: 'parses',
			outputs: {format: 'json'},
			turns: 2,
		});
		expect(done.at(-1)).toBe('verify');
	});

	it('is told its subtask, its checks, and the results of its calls', async () => {
		const {requests} = await work({answers: [answer([['read', {path: 'a'}]]), finish]});
		const [first] = requests[0]?.messages ?? [];
		expect(first).toMatchObject({
			role: 'user',
			text: expect.stringContaining('Make the parser work.'),
		});
		expect(first).toMatchObject({text: expect.stringContaining('npm test')});
		expect(requests[1]?.messages.slice(1)).toEqual([
			answer([['read', {path: 'a'}]]).message,
			{
				role: 'tool',
				callId: 'read-0',
				name: 'read',
				text: 'result of read-0 in turn 1',
				isError: false,
			},
		]);
	});

	it('runs neighbouring reads together, all else in order, and finish last', async () => {
		const gates = new Map<string, () => void>();
		const {end, done, requests} = await work({
			answers: [
				answer([
					['finish', {summary: 'done'}],
					['read', {n: 1}],
					['list', {n: 2}],
					['edit', {n: 3}],
					['read', {n: 4}],
					['bash', {n: 5}],
					['edit', {n: 6}],
				]),
				finish,
			],
			checks: [{passed: false, report: 'red'}],
			async tool(call) {
				// Each of the first two reads is held until the other one runs.
				const {promise, resolve} = Promise.withResolvers<void>();
				gates.set(call.id, resolve);
				if (gates.has('read-1') && gates.has('list-2')) {
					for (const open of gates.values()) open();
				}

				if (call.id === 'read-1' || call.id === 'list-2') await promise;
				return {ok: true, text: call.id, changed: false};
			},
		});
		expect(done.slice(0, 4).toSorted()).toEqual([
			'begin list-2',
			'begin read-1',
			'end list-2',
			'end read-1',
		]);
		expect(done.slice(0, 2).toSorted()).toEqual(['begin list-2', 'begin read-1']);
		expect(done.slice(4, 15)).toEqual([
			'begin edit-3',
			'end edit-3',
			'begin read-4',
			'end read-4',
			'begin bash-5',
			'end bash-5',
			'begin edit-6',
			'end edit-6',
			'begin finish-0',
			'end finish-0',
			'verify',
		]);
		// Results come back in the order of the calls, whatever the order in which they ran.
		const results = requests[1]?.messages.filter(message => message.role === 'tool');
		expect(results?.map(({callId}) => callId)).toEqual([
			'finish-0',
			'read-1',
			'list-2',
			'edit-3',
			'read-4',
			'bash-5',
			'edit-6',
		]);
		expect(end.kind).toBe('finished');
	});

	it('gets the output of red checks and goes on', async () => {
		const {end, requests} = await work({
			answers: [finish, answer([['edit']]), finish],
			checks: [{passed: false, report: 'The check `npm test` is red: 1 !== 2'}],
		});
		expect(requests[1]?.messages.at(-1)).toEqual({
			role: 'tool',
			callId: 'finish-0',
			name: 'finish',
			text: 'The check `npm test` is red: 1 !== 2',
			isError: true,
		});
		expect(end).toMatchObject({kind: 'finished', turns: 3});
	});

	it('fails when the checks are red a third time, with their last report', async () => {
		const {end, done} = await work({
			answers: [finish],
			checks: [1, 2, 3, 4].map(n => ({passed: false, report: `red ${n}`})),
		});
		expect(end).toMatchObject({
			kind: 'failed',
			failure: {kind: 'check-failed'},
			report: 'red 3',
			turns: verificationTries,
		});
		expect(done.filter(entry => entry === 'verify')).toHaveLength(3);
	});

	it('is not verified when finish itself was refused', async () => {
		const {done, end} = await work({
			answers: [finish, finish],
			tool: (call, turn) => ({ok: turn > 1, text: 'outputs are missing', changed: false}),
		});
		expect(done.filter(entry => entry === 'verify')).toHaveLength(1);
		expect(end).toMatchObject({kind: 'finished', turns: 2});
	});

	it('that only talks is reminded twice, then it has failed', async () => {
		const {end, requests} = await work({answers: [answer('I think about it.')]});
		expect(requests).toHaveLength(3);
		expect(requests[1]?.messages.at(-1)).toMatchObject({
			role: 'user',
			text: expect.stringContaining('Call a tool'),
		});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}, turns: 3});
	});

	it('that only talked has to call a tool next, and may choose again after that', async () => {
		const talk = answer('I will now read the file.');
		const read = answer([['read', {path: 'a'}]]);
		const {requests} = await work({answers: [talk, read, finish]});
		expect(requests.map(({toolChoice}) => toolChoice)).toEqual(['auto', 'required', 'auto']);
	});

	it('may talk in between', async () => {
		const talk = answer('Hm.');
		const act = (path: string) => answer([['edit', {path}]]);
		const {end} = await work({
			answers: [talk, talk, act('a'), talk, talk, act('b'), talk, talk, finish],
		});
		expect(end).toMatchObject({kind: 'finished', turns: 9});
	});

	it('whose answer was cut is asked for smaller steps', async () => {
		const {requests, end} = await work({answers: [answer('So then', 'max-tokens'), finish]});
		expect(requests[1]?.messages.at(-1)).toMatchObject({
			text: expect.stringContaining('smaller steps'),
		});
		expect(end.kind).toBe('finished');
	});

	it('has no call run of an answer that was cut: the last one may be half of what was meant', async () => {
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

	it('whose answers are always cut has failed', async () => {
		const {end} = await work({answers: [answer([['edit', {path: 'a'}]], 'max-tokens')]});
		expect(end).toMatchObject({
			failure: {kind: 'bad-call', message: expect.stringContaining('cut')},
			turns: 3,
		});
	});

	it('goes on after a pause of its model as if nothing was', async () => {
		const paused = answer('I am still at it', 'pause');
		const {requests, end} = await work({answers: [paused, paused, paused, finish]});
		expect(requests[3]?.messages.slice(1)).toEqual([
			paused.message,
			paused.message,
			paused.message,
		]);
		expect(end.kind).toBe('finished');
	});

	it('that answers nothing is told so, then it has failed', async () => {
		const empty = new FailureError('empty-answer', 'it gave an empty answer');
		const once = await work({answers: [empty, finish]});
		expect(once.requests[1]?.messages.at(-1)).toMatchObject({
			text: expect.stringContaining('Your last answer was empty'),
		});
		expect(once.end).toMatchObject({kind: 'finished', turns: 2});
		const always = await work({answers: [empty]});
		expect(always.end).toMatchObject({failure: {kind: 'empty-answer'}, turns: 3});
	});

	it('whose conversation is too long goes on with a shorter one, in the same turn', async () => {
		const long = new FailureError('context-overflow', 'it takes 9000 of 8192 tokens');
		const reads = Array.from({length: 12}, () => answer([['read', {path: 'a'}]]));
		const {requests, done, end} = await work({
			answers: [...reads, long, long, finish],
			tool: ({id}, turn) => ({
				ok: true,
				text: `${id} in ${turn} ${'x'.repeat(9_000)}`,
				changed: true,
			}),
		});
		expect(done.filter(what => what.startsWith('compact'))).toEqual([
			'compact 13 to level 1: it takes 9000 of 8192 tokens',
			'compact 13 to level 2: it takes 9000 of 8192 tokens',
		]);
		expect(requests.at(-1)?.messages[1]).toMatchObject({
			text: expect.stringContaining('The plan: one subtask.'),
		});
		expect(end).toMatchObject({kind: 'finished', turns: 13});
	});

	it('whose conversation cannot be made short enough has failed, without trying for ever', async () => {
		const long = new FailureError('context-overflow', 'too long');
		const {session, requests} = scriptedSession({answers: [long]});
		await expect(workOnSubtask(brief, session)).rejects.toBe(long);
		expect(requests).toHaveLength(2);
	});

	it('is given the shorter conversation again that an earlier process made', async () => {
		const state = 'The plan: two subtasks.';
		const read = answer([['read', {path: 'a'}]]);
		const {requests, done} = await work({
			answers: [read, finish],
			compactions: {2: [{level: 1, state}]},
		});
		expect(requests[1]?.messages[1]).toMatchObject({text: expect.stringContaining(state)});
		expect(done.some(what => what.startsWith('compact'))).toBe(false);
	});

	it('has failed when its model refuses', async () => {
		const {end, done} = await work({answers: [answer([['bash']], 'refusal')]});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'content-filtered'}, turns: 1});
		expect(done).toEqual([]);
	});

	it('has failed when its turns are used up', async () => {
		let n = 0;
		const {end, requests} = await work({
			answers: [answer([['edit']])],
			tool: () => ({ok: true, text: String(n++), changed: true}),
			maxTurns: 5,
		});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'limit-reached'}, turns: 5});
		expect(requests).toHaveLength(5);
	});

	it('gets messages before its next turn, with who sent them, each once', async () => {
		const {requests} = await work({
			answers: [answer([['read']]), finish],
			messages: turn => (turn === 2 ? [{id: 'm1', from: 'teammate-2', text: 'use JSON'}] : []),
		});
		const heard = requests.map(({messages}) =>
			messages.some(
				message => message.role === 'user' && message.text === 'Message from teammate-2:\nuse JSON',
			),
		);
		expect(heard).toEqual([false, true]);
		expect(requests[1]?.messages.at(-1)).toMatchObject({role: 'user'});
	});

	it('that is interrupted is told so before the word of the person, and loses no turn by it', async () => {
		const script: Script = {
			answers: [finish, answer([['bash', {command: 'sleep'}]]), answer('I look'), finish],
			cut: [1],
			interrupted: [2, 3],
			messages: turn =>
				turn === 2 ? [{id: 'm1', from: 'the person you work for', text: 'do less'}] : [],
			maxTurns: 1,
		};
		const {end, requests} = await work(script);
		expect(end).toMatchObject({kind: 'finished', turns: 4});
		expect(requests.at(-1)?.messages.slice(1)).toEqual([
			{role: 'user', text: expect.stringContaining('interrupted your last turn')},
			{role: 'user', text: 'Message from the person you work for:\ndo less'},
			{role: 'assistant', parts: expect.anything(), origin: expect.anything()},
			expect.objectContaining({role: 'tool', callId: 'bash-0'}),
			{role: 'user', text: expect.stringContaining('interrupted your last turn')},
			{role: 'assistant', parts: expect.anything(), origin: expect.anything()},
			{role: 'user', text: expect.stringContaining('interrupted your last turn')},
		]);
	});

	it('does not go round in circles, and has no red checks, because of the person', async () => {
		const same = answer([['bash', {command: 'sleep'}]]);
		const {end} = await work({
			answers: [finish, finish, finish, same, same, same, same, same, same, finish],
			tool: () => ({ok: true, text: 'not run', changed: false}),
			checks: [1, 2, 3, 4].map(round => ({passed: round === 4, report: 'cut'})),
			interrupted: [1, 2, 3, 4, 5, 6, 7, 8],
			maxTurns: 2,
		});
		expect(end).toMatchObject({kind: 'finished', turns: 10});
	});

	it('ends at once when a call is denied or the model cannot be asked', async () => {
		const {session} = scriptedSession({
			answers: [answer([['bash']])],
			tool() {
				throw new FailureError('denied', 'nobody could be asked');
			},
		});
		await expect(workOnSubtask(brief, session)).rejects.toMatchObject({kind: 'denied'});
		const broken = {
			...session,
			call: async () => {
				throw new FailureError('auth', 'no key');
			},
		};
		await expect(workOnSubtask(brief, broken)).rejects.toMatchObject({kind: 'auth'});
	});

	it('takes a finish without arguments as one without words', async () => {
		const {end} = await work({answers: [answer([['finish', {summary: 7, outputs: ['x']}]])]});
		expect(end).toMatchObject({kind: 'finished', summary: '', outputs: {}});
	});
});

describe('a teammate that goes round in circles', () => {
	const again = answer([['read', {path: 'a'}]]);
	const sameResult = () => ({ok: true, text: 'the same', changed: false});

	it('has no tools for one turn, is told why, and gets them back', async () => {
		const {requests, end} = await work({
			answers: [again, again, again, answer('I will edit instead.'), finish],
			tool: sameResult,
		});
		expect(requests.map(({toolChoice}) => toolChoice)).toEqual([
			'auto',
			'auto',
			'auto',
			'none',
			'auto',
		]);
		expect(requests[3]?.messages.at(-1)).toMatchObject({
			role: 'user',
			text: expect.stringContaining('withheld'),
		});
		// The tools are still listed, so that the prefix of the request stays the same.
		expect(requests[3]?.tools).toEqual(requests[0]?.tools);
		expect(end.kind).toBe('finished');
	});

	it('has failed when the same was run five times; what is called while tools are withheld is not run', async () => {
		const {requests, end} = await work({answers: [again], tool: sameResult});
		expect(requests).toHaveLength(7);
		expect(requests[4]?.messages.at(-1)).toMatchObject({
			role: 'tool',
			isError: true,
			text: expect.stringContaining('Not run'),
		});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}, turns: 7});
	});

	it('is not one that waits for its own words after tools were withheld', async () => {
		const talk = answer('I see.');
		const {end} = await work({
			answers: [again, again, again, talk, talk, talk, finish],
			tool: sameResult,
		});
		expect(end.kind).toBe('finished');
	});
});

describe('what a model is sent', () => {
	const anyAnswer = fc.constantFrom(
		answer('Hm.'),
		answer('Cut', 'max-tokens'),
		answer([['read', {path: 'a'}]]),
		answer([['read', {path: 'a'}], ['list'], ['edit', {n: 1}]]),
		answer([['nonsense']]),
		finish,
	);

	it('begins, turn after turn, with exactly the bytes of the turn before', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyAnswer, {minLength: 1, maxLength: 12}),
				fc.array(fc.boolean(), {maxLength: 12}),
				async (answers, talk) => {
					const {requests, sent} = await work({
						answers,
						checks: [{passed: false, report: 'red'}],
						messages: turn => (talk[turn] ? [{id: String(turn), from: 'you', text: 'hi'}] : []),
						maxTurns: 12,
					});
					for (const [index, request] of requests.entries()) {
						expect(JSON.stringify(request)).toBe(sent[index]);
						const before = requests[index - 1] ?? request;
						expect(request.system).toBe(before.system);
						expect(JSON.stringify(request.tools)).toBe(JSON.stringify(before.tools));
						const bytes = (messages: readonly unknown[]) => JSON.stringify(messages).slice(0, -1);
						expect(bytes(request.messages).startsWith(bytes(before.messages))).toBe(true);
					}
				},
			),
		);
	});

	it('has a result for every call, right behind the answer that made it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(anyAnswer, {minLength: 1, maxLength: 8}), async answers => {
				const {requests} = await work({
					answers,
					checks: [{passed: false, report: 'red'}],
					maxTurns: 8,
				});
				const messages = requests.at(-1)?.messages ?? [];
				for (const [index, message] of messages.entries()) {
					if (message.role !== 'assistant') continue;
					const calls = message.parts.flatMap(part => (part.kind === 'tool-call' ? [part.id] : []));
					const results = messages
						.slice(index + 1, index + 1 + calls.length)
						.map(result => (result.role === 'tool' ? result.callId : undefined));
					expect(results).toEqual(calls);
				}
			}),
		);
	});
});

async function work(
	script: Script,
): Promise<ReturnType<typeof scriptedSession> & {end: TeammateEnd}> {
	const scripted = scriptedSession(script);
	return {...scripted, end: await workOnSubtask(brief, scripted.session)};
}
