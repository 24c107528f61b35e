import {describe, expect, test} from 'vitest';
import {workOnSubtask} from '../../source/agents/teammate.ts';
import {FailureError} from '../../source/core/failure.ts';
import {answer, brief, scriptedSession} from './scripted-session.ts';
import {finish, work} from './work-of-teammate.ts';

describe('a teammate', () => {
	test('is finished when the checks are green, with its summary and outputs', async () => {
		const {end, done} = await work({answers: [answer([['read', {path: 'a'}]]), finish]});
		expect(end).toEqual({
			kind: 'finished',
			summary: 'parses',
			outputs: {format: 'json'},
			turns: 2,
		});
		expect(done.at(-1)).toBe('verify');
	});

	test('is told its subtask, its checks, and the results of its calls', async () => {
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

	test('runs neighbouring reads together, all else in order, and finish last', async () => {
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
					for (const open of gates.values()) {
						open();
					}
				}

				if (call.id === 'read-1' || call.id === 'list-2') {
					await promise;
				}
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

	test('gets the output of red checks and goes on', async () => {
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

	test('fails when the checks are red a third time, with their last report', async () => {
		const {end, done} = await work({
			answers: [finish],
			checks: [1, 2, 3, 4].map(n => ({passed: false, report: `red ${n}`})),
		});
		expect(end).toMatchObject({
			kind: 'failed',
			failure: {kind: 'check-failed'},
			report: 'red 3',
			turns: 3,
		});
		expect(done.filter(entry => entry === 'verify')).toHaveLength(3);
	});

	test('is not verified when finish itself was refused', async () => {
		const {done, end} = await work({
			answers: [finish, finish],
			tool: (call, turn) => ({ok: turn > 1, text: 'outputs are missing', changed: false}),
		});
		expect(done.filter(entry => entry === 'verify')).toHaveLength(1);
		expect(end).toMatchObject({kind: 'finished', turns: 2});
	});

	test('has failed when its turns are used up', async () => {
		let n = 0;
		const {end, requests} = await work({
			answers: [answer([['edit']])],
			tool: () => ({ok: true, text: String(n++), changed: true}),
			checks: [{passed: false, report: '1 test failed'}],
			maxTurns: 5,
		});
		expect(end).toMatchObject({
			kind: 'failed',
			failure: {kind: 'limit-reached'},
			report: '1 test failed',
			turns: 5,
		});
		expect(requests).toHaveLength(5);
	});

	describe('that stops without a call of finish', () => {
		const edit = answer([['edit']]);
		const isRed = {passed: false, report: 'red'};

		test.each([
			['says nothing but words', [edit, answer('Done!')]],
			['gives no answer', [edit, new FailureError('empty-answer', 'nothing')]],
			['repeats a call', [edit, answer([['read']])]],
			['goes on to its last turn', [edit, edit, edit, edit, edit, edit]],
		])('has finished if its checks pass: it %s', async (_, answers) => {
			const {end, done} = await work({answers, maxTurns: 6});
			expect(end).toMatchObject({kind: 'finished', outputs: {}});
			expect(done.filter(what => what === 'verify')).toHaveLength(1);
		});

		test('has failed if it changed nothing, though its checks pass', async () => {
			const {end, done} = await work({answers: [answer('Done!')]});
			expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}});
			expect(done).not.toContain('verify');
		});

		test('is not verified again if it changed nothing since', async () => {
			const answers = [edit, finish, answer('Done!')];
			const {end, done} = await work({answers, checks: [isRed]});
			expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}});
			expect(done.filter(what => what === 'verify')).toHaveLength(1);
		});
	});

	test('ends at once when a call is denied or the model cannot be asked', async () => {
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

	test('takes a finish without arguments as one without words', async () => {
		const {end} = await work({answers: [answer([['finish', {summary: 7, outputs: ['x']}]])]});
		expect(end).toMatchObject({kind: 'finished', summary: '', outputs: {}});
	});
});
