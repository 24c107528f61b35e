import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {workOnSubtask} from '../../source/agents/teammate.ts';
import {FailureError} from '../../source/core/failure.ts';
import {answer, brief, scriptedSession} from './scripted-session.ts';
import {finish, work} from './work-of-teammate.ts';

describe('a teammate', () => {
	test('whose conversation is too long goes on with a shorter one, in the same turn', async () => {
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

	test('whose conversation cannot be made short enough has failed, without trying for ever', async () => {
		const long = new FailureError('context-overflow', 'too long');
		const {session, requests} = scriptedSession({answers: [long]});
		await expect(workOnSubtask(brief, session)).rejects.toBe(long);
		expect(requests).toHaveLength(2);
	});

	test('is given the shorter conversation again that an earlier process made', async () => {
		const state = 'The plan: two subtasks.';
		const read = answer([['read', {path: 'a'}]]);
		const reads = Array.from({length: 12}, () => read);
		const {requests, done} = await work({
			answers: [...reads, finish],
			compactions: {13: [{level: 3, state}]},
			maxTurns: 20,
		});
		expect(requests[12]?.messages[1]).toMatchObject({text: expect.stringContaining(state)});
		expect(done.some(what => what.startsWith('compact'))).toBe(false);
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

	test('begins, turn after turn, with exactly the bytes of the turn before', async () => {
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

	test('has a result for every call, right behind the answer that made it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(anyAnswer, {minLength: 1, maxLength: 8}), async answers => {
				const {requests} = await work({
					answers,
					checks: [{passed: false, report: 'red'}],
					maxTurns: 8,
				});
				const messages = requests.at(-1)?.messages ?? [];
				for (const [index, message] of messages.entries()) {
					if (message.role !== 'assistant') {
						continue;
					}
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
