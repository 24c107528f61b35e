import {expect, test} from 'vitest';
import {FailureError, type Failure} from '../../source/core/failure.ts';
import {StoreError} from '../../source/core/store-error.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import {untilCut} from '../helpers/agent-parts.ts';
import {
	createEmptyWorkspace,
	planOf,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';
import {diamond} from './diamond.ts';
import {red} from './red-checks.ts';

function failing(...ids: readonly string[]): Dispatcher {
	return async spec => (ids.includes(spec.subtask.id) ? {kind: 'failed', failure: red} : verified);
}

test('a failed run is reopened by resume: only what failed and what was skipped runs again', async () => {
	const {run, store} = await startTestRun({plan: diamond, dispatch: failing('b')});
	expect((await run.done).outcome).toBe('failed');
	const ran: string[] = [];
	const resumed = await resumeTestRun(store, {
		async dispatch(spec) {
			ran.push(spec.subtask.id);
			return verified;
		},
	});
	expect((await resumed.run.done).outcome).toBe('completed');
	expect(ran).toEqual(['b', 'd']);
	expect(resumed.events[0]?.type).toBe('run-resumed');
});

test.each([
	['auth', 'no-provider', 4],
	['server-down', 'no-provider', 4],
	['limit-reached', 'limit-reached', 5],
	['denied', 'undecided', 6],
] as const)(
	'an attempt that ends with %s stops the run: %s, exit %i',
	async (kind, outcome, exitCode) => {
		const {run, store} = await startTestRun({
			plan: diamond,
			dispatch: async () => ({kind: 'failed', failure: {kind, message: 'no'}}),
		});
		expect(await run.done).toMatchObject({outcome, exitCode});
		const resumed = await resumeTestRun(store, {});
		expect((await resumed.run.done).outcome).toBe('completed');
	},
);

test('a decision that nobody can give stops its own branch only', async () => {
	const plan = planOf({
		subtasks: [subtask('asks'), subtask('free'), subtask('more', {dependsOn: ['free']})],
	});
	const {run} = await startTestRun({
		plan,
		teammates: 1,
		dispatch: async spec =>
			spec.subtask.id === 'asks'
				? {kind: 'failed', failure: {kind: 'denied', message: 'no'}}
				: verified,
	});
	const report = await run.done;
	expect(report.outcome).toBe('undecided');
	expect(report.subtasks.map(({id, status}) => [id, status])).toContainEqual(['more', 'completed']);
});

test('work that a provider kept failing is not failed work: the run stops, and goes on when it is resumed', async () => {
	const failure: Failure = {kind: 'transient', message: 'broken', hint: 'look at it'};
	let attempts = 0;
	const {run, store} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		async dispatch() {
			attempts += 1;
			return {kind: 'failed', failure};
		},
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'no-provider', exitCode: 4, reason: 'a: broken'});
	expect(report).toMatchObject({hint: 'look at it', next: 'llm-orchestrator resume test-run'});
	expect(attempts).toBe(2);
	const resumed = await resumeTestRun(store, {dispatch: async () => verified});
	expect(await resumed.run.done).toMatchObject({outcome: 'completed'});
});

test('a server that asks for hours stops the run, which says so', async () => {
	const failure: Failure = {
		kind: 'rate-limit',
		message: 'come back later',
		retryAfterMs: 7_200_000,
	};
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		dispatch: async () => ({kind: 'failed', failure}),
	});
	expect(await run.done).toMatchObject({outcome: 'no-provider', exitCode: 4});
});

test('what fails before the first attempt has begun leaves a log that can be resumed', async () => {
	const plan = planOf({subtasks: [subtask('a')]});
	const workspace = {
		...createEmptyWorkspace(),
		async head(): Promise<string> {
			throw new FailureError('internal', 'the repository is gone');
		},
	};
	const {run, store} = await startTestRun({plan, parts: {workspace}});
	expect(await run.done).toMatchObject({outcome: 'failed'});
	const resumed = await resumeTestRun(store, {});
	expect(await resumed.run.done).toMatchObject({outcome: 'completed'});
});

test('a full disk behind a failure is the store’s failure, exit 8', async () => {
	const workspace = {
		...createEmptyWorkspace(),
		async prepare(): Promise<never> {
			throw new FailureError('internal', 'git write-tree failed: No space left on device');
		},
	};
	const {run} = await startTestRun({plan: diamond, parts: {workspace}});
	expect(await run.done).toMatchObject({outcome: 'store-failed', exitCode: 8});
});

test('a store that fails during an attempt is not the failure of the attempt: nothing is tried again', async () => {
	let attempts = 0;
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		async dispatch() {
			attempts += 1;
			throw new StoreError('full', 'no space left');
		},
	});
	expect(await run.done).toMatchObject({outcome: 'store-failed', exitCode: 8});
	expect(attempts).toBe(1);
	expect(events.filter(({type}) => type === 'attempt-failed')).toEqual([]);
});

test('an error of the program during an attempt fails the attempt, which is tried again', async () => {
	let attempts = 0;
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		async dispatch() {
			attempts += 1;
			if (attempts === 1) {
				throw new Error('a worktree is missing');
			}

			return verified;
		},
	});
	expect(await run.done).toMatchObject({outcome: 'completed'});
	expect(events.filter(({type}) => type === 'attempt-failed')).toMatchObject([
		{failure: {kind: 'internal', message: 'a worktree is missing'}, strategy: 'retry'},
	]);
});

test('a run that somebody else takes over stops at once, although it has nothing to write', async () => {
	const memory = createMemoryStore({redact: text => text});
	const lost = new AbortController();
	const store: Store = {
		...memory,
		create: async (...args) => ({...(await memory.create(...args)), lost: lost.signal}),
	};
	const {run} = await startTestRun({
		store,
		plan: planOf({subtasks: [subtask('a')]}),
		async dispatch(_, {signal}) {
			lost.abort(new StoreError('superseded', 'another process has taken over the run'));
			return untilCut(signal);
		},
	});
	expect(await run.done).toMatchObject({
		outcome: 'store-failed',
		exitCode: 8,
		reason: 'another process has taken over the run',
	});
});
