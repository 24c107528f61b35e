import {expect, test} from 'vitest';
import type {AttemptContext} from '../../source/engine/attempt/attempt-context.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {untilCut} from '../helpers/agent-parts.ts';
import {callOf, reservation} from '../helpers/context-parts.ts';
import {planOf, resumeTestRun, startTestRun, subtask, verified} from '../helpers/run-parts.ts';

test('the budget of a run can be changed while it works, but not below what is spent', async () => {
	const limits: (number | null | undefined)[] = [];
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		settings: {maxTokens: 20_000},
		async dispatch(_, context) {
			spend(context, 12_000);
			await expect(
				context.admitCall(callOf(reservation(9_000, 1_000)), context.signal),
			).rejects.toMatchObject({
				kind: 'limit-reached',
			});
			expect(await run.send({type: 'set-budget', maxTokens: 11_999})).toEqual({
				kind: 'refused',
				reason: 'the run has already spent 12000 tokens, so its budget cannot be 11999',
			});
			for (const maxTokens of [12_000, null, 30_000]) {
				expect(await run.send({type: 'set-budget', maxTokens})).toEqual({kind: 'taken'});
				limits.push(run.state().settings?.maxTokens);
			}

			await context.admitCall(callOf(reservation(9_000, 1_000)), context.signal);
			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(limits).toEqual([12_000, null, 30_000]);
	expect(events.filter(({type}) => type === 'budget-changed')).toHaveLength(3);
});

test('money can be given and taken as tokens can, each without touching the other', async () => {
	const limits: unknown[] = [];
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		settings: {maxTokens: 50_000, maxUsd: 1},
		async dispatch(_, context) {
			spend(context, 100, 0.75);
			expect(await run.send({type: 'set-budget', maxUsd: 0.5})).toEqual({
				kind: 'refused',
				reason: 'the run has already spent $0.75, so its budget cannot be $0.50',
			});
			for (const change of [{maxUsd: 3}, {maxTokens: 60_000}, {maxUsd: null}]) {
				expect(await run.send({type: 'set-budget', ...change})).toEqual({kind: 'taken'});
				const {maxTokens, maxUsd} = run.state().settings ?? {};
				limits.push([maxTokens, maxUsd]);
			}

			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(limits).toEqual([
		[50_000, 3],
		[60_000, 3],
		[60_000, null],
	]);
});

test('a call that waits for tokens goes on when there are more', async () => {
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		settings: {maxTokens: 10_000},
		async dispatch(_, context) {
			await context.admitCall(callOf(reservation(4_000, 4_000)), context.signal);
			const waiting = context.admitCall(callOf(reservation(4_000, 4_000)), context.signal);
			await run.send({type: 'set-budget', maxTokens: 20_000});
			await waiting;
			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
});

test('a changed budget outlives the process, and a resumed run can change it again', async () => {
	const store = createMemoryStore({redact: text => text});
	const plan = planOf({subtasks: [subtask('a')]});
	const {run} = await startTestRun({
		store,
		plan,
		async dispatch(_, {signal}) {
			await run.send({type: 'set-budget', maxTokens: 5_000});
			run.stop('interrupted', 'stopped');
			return untilCut(signal);
		},
	});
	await run.done;
	const id = await store.post('test-run', {type: 'set-budget', maxTokens: 7_000});
	const limits: (number | null | undefined)[] = [];
	const resumed = await resumeTestRun(store, {
		async dispatch() {
			limits.push(resumed.run.state().settings?.maxTokens);
			return verified;
		},
	});
	expect(resumed.events[0]).toMatchObject({type: 'run-resumed', settings: {maxTokens: 5_000}});
	await resumed.run.done;
	expect(resumed.run.state().settings?.maxTokens).toBe(7_000);
	expect(limits).toEqual([7_000]);
	expect(resumed.events.find(({type}) => type === 'budget-changed')).toMatchObject({inbox: id});
});

/** A model call that used this many tokens. */
function spend(context: AttemptContext, tokens: number, usd = 0): void {
	context.emit({
		type: 'model-call-finished',
		call: 'c1',
		request: 'ab',
		model: 'm',
		answer: '{}',
		stopReason: 'end',
		usage: {
			input: tokens,
			cacheRead: null,
			cacheWrite: null,
			output: 0,
			reasoning: null,
			estimated: false,
		},
		usd,
		durationMs: 1,
	});
}
