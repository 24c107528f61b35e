import {expect, test} from 'vitest';
import {attachRun} from '../../../source/engine/follow/attach.ts';
import type {Dispatcher} from '../../../source/engine/attempt/attempt-context.ts';
import type {Run} from '../../../source/core/run.ts';
import {createMemoryStore} from '../../../source/store/memory/store.ts';
import type {Store} from '../../../source/store/store.ts';
import {planOf, quickClock, startTestRun, subtask, verified} from '../../helpers/run-parts.ts';

const plan = planOf({subtasks: [subtask('a')]});

async function startAndAttach(dispatch?: Dispatcher) {
	const store = createMemoryStore({redact: text => text});
	const {run} = await startTestRun({
		store,
		plan,
		dispatch,
		settings: {approve: 'ask', attended: true},
	});
	const stop = new AbortController();
	const other = await attachRun(store, 'test-run', {clock: quickClock, signal: stop.signal});
	await until(other, () => other.state().approvals.has('plan-1'));
	return {run, other, stop};
}

async function until(run: Run, holds: () => boolean): Promise<void> {
	await new Promise<void>(resolve => {
		const stop = run.subscribe(() => {
			if (holds()) {
				stop();
				resolve();
			}
		});
		if (holds()) {
			stop();
			resolve();
		}
	});
}

test('another process sees the same run, decides on it, and learns how it ends', async () => {
	const {run, other, stop} = await startAndAttach();
	const decision = {
		type: 'decide',
		approval: 'plan-1',
		decision: 'approve',
		scope: 'once',
	} as const;
	expect(await other.send(decision)).toEqual({kind: 'taken'});
	expect((await other.done).outcome).toBe('completed');
	expect(other.state()).toEqual(run.state());
	stop.abort();
});

test('a decision that comes too late is told who decided', async () => {
	const release = Promise.withResolvers<void>();
	const {run, other, stop} = await startAndAttach(async () => {
		await release.promise;
		return verified;
	});
	const decide = {type: 'decide', approval: 'plan-1', scope: 'once'} as const;
	await run.send({...decide, decision: 'approve'});
	expect(await other.send({...decide, decision: 'reject'})).toEqual({
		kind: 'refused',
		reason: 'already approved by you',
	});
	release.resolve();
	expect((await run.done).outcome).toBe('completed');
	stop.abort();
});

test('a message from outside reaches the log with its receipt', async () => {
	const {run, other, stop} = await startAndAttach();
	expect(await other.send({type: 'message', to: 'teammate-1', text: 'hello'})).toEqual({
		kind: 'taken',
	});
	expect([...run.state().messages.values()]).toMatchObject([{from: 'person', to: 'teammate-1'}]);
	expect(await other.send({type: 'message', to: 'ghost', text: 'hello'})).toMatchObject({
		kind: 'refused',
	});
	await run.send({type: 'cancel'});
	await run.done;
	stop.abort();
});

test('another process hears what agents say, while somebody listens', async () => {
	const store = createMemoryStore({redact: text => text});
	const follows = new Map<string, AbortSignal>();
	const counted: Store = {
		...store,
		followTranscript(id, agent, signal) {
			follows.set(agent, signal);
			return store.followTranscript(id, agent, signal);
		},
	};
	const told = Promise.withResolvers<void>();
	const listening = Promise.withResolvers<void>();
	const {run} = await startTestRun({
		store,
		plan,
		teammates: 2,
		async dispatch({profile}, context) {
			context.stream({agent: profile.name, kind: 'text', text: 'missed'});
			await listening.promise;
			context.stream({agent: profile.name, kind: 'thinking', text: 'hm'});
			context.stream({agent: profile.name, kind: 'text', text: 'hello'});
			await told.promise;
			return verified;
		},
	});
	const stop = new AbortController();
	const other = await attachRun(counted, 'test-run', {clock: quickClock, signal: stop.signal});
	await until(other, () => other.state().subtasks.get('a')?.status === 'running');
	expect(follows.size).toBe(0);
	const heard: string[] = [];
	const unwatch = other.watch(({agent, kind, text}) => {
		heard.push(`${agent} ${kind} ${text}`);
		if (text === 'hello') {
			told.resolve();
		}
	});
	const another = other.watch(() => undefined);
	expect([...follows.keys()]).toEqual(['lead', 'teammate-1', 'teammate-2']);
	listening.resolve();
	await run.done;
	expect(heard).toEqual(['teammate-1 thinking hm', 'teammate-1 text hello']);
	unwatch();
	expect([...follows.values()].some(({aborted}) => aborted)).toBe(false);
	another();
	expect([...follows.values()].every(({aborted}) => aborted)).toBe(true);
	stop.abort();
});

test('a view that comes late finds what was said and what happened, of its own run or of another', async () => {
	const {run, other, stop} = await startAndAttach(async ({profile}, context) => {
		context.stream({agent: profile.name, kind: 'text', text: 'hello'});
		return verified;
	});
	await run.send({type: 'decide', approval: 'plan-1', decision: 'approve', scope: 'once'});
	await until(run, () => run.state().subtasks.get('a')?.status === 'completed');
	for (const view of [run, other]) {
		expect(await view.transcript('teammate-1')).toMatchObject([{kind: 'text', text: 'hello'}]);
		expect(await view.transcript('lead')).toEqual([]);
		const past = await view.events();
		expect(past.map(({seq}) => seq)).toEqual(past.map((_, index) => index + 1));
		expect(past.length).toBeGreaterThanOrEqual(view.state().seq);
	}

	await run.done;
	expect((await run.events()).at(-1)?.type).toBe('run-finished');
	stop.abort();
});

test('whatever another process asks gets its receipt', async () => {
	const {run, other, stop} = await startAndAttach();
	const taken = {kind: 'taken'};
	const refused = {kind: 'refused', reason: expect.any(String)};
	expect(await other.send({type: 'set-budget', maxTokens: 5_000})).toEqual(taken);
	expect(await other.send({type: 'interrupt', agent: 'teammate-1'})).toEqual(refused);
	expect(await other.send({type: 'retry', subtask: 'a'})).toEqual(refused);
	expect(await other.send({type: 'pause'})).toEqual(refused);
	const edited = {subtasks: [subtask('b')]} as never;
	expect(await other.send({type: 'revise-plan', plan: edited})).toEqual(taken);
	await until(other, () => other.state().approvals.has('plan-2'));
	expect(await other.send({type: 'message', to: 'lead', text: 'smaller'})).toEqual(taken);
	expect(other.state()).toMatchObject({
		settings: {maxTokens: 5_000},
		plan: {revision: 2, origin: 'person'},
		revisionWanted: {reason: 'smaller'},
	});
	await run.done;
	stop.abort();
});
