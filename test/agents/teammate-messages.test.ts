import {describe, expect, test} from 'vitest';
import {answer, type Script} from './scripted-session.ts';
import {finish, work} from './work-of-teammate.ts';

describe('a teammate', () => {
	test('gets messages before its next turn, with who sent them, each once', async () => {
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

	test('that is interrupted is told so before the word of the person, and loses no turn by it', async () => {
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

	test('does not go round in circles, and has no red checks, because of the person', async () => {
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
});
