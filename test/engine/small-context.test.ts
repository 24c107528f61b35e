import {expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import type {ChatRequest} from '../../source/core/chat.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {answering, commandResult, createAgentParts, type Model} from '../helpers/agent-parts.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {planOf, resumeTestRun, startTestRun, subtask} from '../helpers/run-parts.ts';

const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});
const team = {plan, settings: {permission: 'all'}, teammates: 1} as const;
const calls = 9;

/** A model that looks around at length, says nothing once, and is done then; its server has little context. */
function forgetfulTeam() {
	const asked: ChatRequest[] = [];
	const model: Model = async request => {
		const text = JSON.stringify(request.messages);
		if (text.length > 14_000) {
			throw new FailureError('context-overflow', `${text.length} characters are too many`);
		}

		asked.push(request);
		const seen = new Set(text.match(/[ab]-\d+-[x]/g));
		const next = [...Array.from({length: calls}).keys()].find(
			n => !seen.has(`${mine(text)}-${n}-x`),
		);
		if (next === 3 && !text.includes('last answer was empty')) {
			throw new FailureError('empty-answer', 'nothing came');
		}

		const what = `${mine(text)}-${next}-x ${'long '.repeat(500)}`;
		return answering(
			next === undefined
				? [[`finish-${mine(text)}`, 'done']]
				: [[`look-${mine(text)}${next}`, what]],
		);
	};
	const parts = createAgentParts(model, async () => commandResult(), {contextTokens: 6_000});
	return {parts, asked};
}

/** The subtask that a conversation is about. */
function mine(text: string): string {
	return text.includes('do b') ? 'b' : 'a';
}

test('a conversation that outgrows the context of its model is made shorter, and comes to its end', async () => {
	const store = createMemoryStore({redact: text => text});
	const {parts, asked} = forgetfulTeam();
	const {run, events} = await startTestRun({...team, store, parts});
	expect((await run.done).outcome).toBe('completed');
	const compactions = events.filter(event => event.type === 'context-compacted');
	expect(compactions.length).toBeGreaterThan(2);
	expect(compactions[0]).toMatchObject({
		agent: 'teammate-1',
		subtask: 'a',
		attempt: 1,
		level: expect.any(Number),
		state: expect.stringContaining('- b, b: pending'),
	});
	const [, digest] =
		asked.find(({messages}) => messages.length > 1 && messages[1]?.role === 'user')?.messages ?? [];
	expect(digest).toMatchObject({text: expect.stringContaining('# What was done so far')});
});

test('wherever a crash cuts it off, it goes on with the same conversation: no answer is paid twice', async () => {
	const store = createMemoryStore({redact: text => text});
	const whole = forgetfulTeam();
	const {run} = await startTestRun({...team, store, parts: whole.parts});
	await run.done;
	const {events} = await store.read('test-run');
	const last = JSON.stringify(whole.asked.at(-1)?.messages);
	for (let count = 1; count < events.length - 1; count += 1) {
		const crashed = await crashedStore(store, events, count);
		const {parts, asked} = forgetfulTeam();
		const again = await resumeTestRun(crashed, {...team, parts});
		const after = `after ${count} events (${events[count - 1]?.type})`;
		expect((await again.run.done).outcome, after).toBe('completed');
		const all = (await crashed.read('test-run')).events;
		const paid = all.flatMap(event =>
			event.type === 'model-call-finished' ? [event.request] : [],
		);
		expect(new Set(paid).size, after).toBe(paid.length);
		if (asked.length > 0) {
			expect(JSON.stringify(asked.at(-1)?.messages), after).toBe(last);
		}
	}
});
