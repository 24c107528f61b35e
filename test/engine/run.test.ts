import {expect, test} from 'vitest';
import type {Dispatcher} from '../../source/engine/attempt-context.ts';
import {FailureError, type Failure} from '../../source/core/failure.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {
	createEmptyWorkspace,
	planOf,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';

const diamond = planOf({
	subtasks: [
		subtask('a'),
		subtask('b', {dependsOn: ['a']}),
		subtask('c', {dependsOn: ['a']}),
		subtask('d', {dependsOn: ['b', 'c']}),
	],
});

const red: Failure = {kind: 'check-failed', message: 'its checks are red'};

function failing(...ids: readonly string[]): Dispatcher {
	return async spec => (ids.includes(spec.subtask.id) ? {kind: 'failed', failure: red} : verified);
}

test('a diamond runs in order and completes', async () => {
	const order: string[] = [];
	const {run, events} = await startTestRun({
		plan: diamond,
		async dispatch(spec) {
			order.push(spec.subtask.id);
			return verified;
		},
	});
	expect(await run.done).toMatchObject({outcome: 'completed', exitCode: 0});
	expect(order).toEqual(['a', 'b', 'c', 'd']);
	expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
	expect(events.at(-1)?.type).toBe('run-finished');
});

test('no more subtasks run at once than there are teammates, each by another one', async () => {
	const plan = planOf({subtasks: ['a', 'b', 'c', 'd', 'e'].map(id => subtask(id))});
	const busy = new Set<string>();
	let most = 0;
	const {run} = await startTestRun({
		plan,
		teammates: 2,
		async dispatch({profile}) {
			expect(busy.has(profile.name)).toBe(false);
			busy.add(profile.name);
			most = Math.max(most, busy.size);
			await new Promise(resolve => setImmediate(resolve));
			busy.delete(profile.name);
			return verified;
		},
	});
	await run.done;
	expect(most).toBe(2);
});

test('the longest remaining path is started first', async () => {
	const plan = planOf({
		subtasks: [
			subtask('short'),
			subtask('long', {estimate: 5}),
			subtask('head'),
			subtask('tail', {dependsOn: ['head'], estimate: 9}),
		],
	});
	const order: string[] = [];
	const {run} = await startTestRun({
		plan,
		teammates: 1,
		async dispatch(spec) {
			order.push(spec.subtask.id);
			return verified;
		},
	});
	await run.done;
	expect(order).toEqual(['head', 'tail', 'long', 'short']);
});

test('a failed attempt is tried again with its reason, then its subtask fails and dependants are skipped', async () => {
	const reasons: (string | undefined)[] = [];
	const {run} = await startTestRun({
		plan: diamond,
		async dispatch(spec) {
			if (spec.subtask.id !== 'b') {
				return verified;
			}

			reasons.push(spec.brief.previous?.reason);
			return {kind: 'failed', failure: red, evidence: 'the diff'};
		},
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'failed', exitCode: 1});
	expect(reasons).toEqual([undefined, red.message]);
	const statuses = Object.fromEntries(report.subtasks.map(({id, status}) => [id, status]));
	expect(statuses).toEqual({a: 'completed', b: 'failed', c: 'completed', d: 'skipped'});
	expect(report.next).toContain('resume');
});

test('a failure that a completed subtask depended on is handled, and the repair knows what was left behind', async () => {
	const plan = planOf({
		subtasks: [
			subtask('tests', {maxAttempts: 1}),
			subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
			subtask('go-on', {dependsOn: ['tests', 'repair'], join: 'any'}),
		],
	});
	let told: string | undefined;
	const {run} = await startTestRun({
		plan,
		async dispatch(spec) {
			if (spec.subtask.id === 'repair') {
				told = spec.brief.dependencies[0]?.evidence;
			}

			return spec.subtask.id === 'tests'
				? {kind: 'failed', failure: red, evidence: 'the diff'}
				: verified;
		},
	});
	expect(await run.done).toMatchObject({outcome: 'completed'});
	expect(told).toBe('the diff');
});

test('when nothing failed the repair is skipped with the reason', async () => {
	const plan = planOf({
		subtasks: [
			subtask('tests'),
			subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
		],
	});
	const {run} = await startTestRun({plan});
	const report = await run.done;
	expect(report.outcome).toBe('completed');
	expect(report.subtasks[1]).toMatchObject({status: 'skipped', reason: '"tests" completed'});
});

test('a predicate reads the outputs of a subtask', async () => {
	const plan = planOf({
		subtasks: [
			subtask('look', {outputs: ['found']}),
			subtask('fix', {dependsOn: [{subtask: 'look', when: {output: 'found', equals: true}}]}),
			subtask('rest', {dependsOn: [{subtask: 'look', when: {output: 'found', equals: false}}]}),
		],
	});
	const {run} = await startTestRun({
		plan,
		dispatch: async spec =>
			spec.subtask.id === 'look' ? {...verified, outputs: {found: true}} : verified,
	});
	const report = await run.done;
	expect(report.subtasks.map(({status}) => status)).toEqual(['completed', 'completed', 'skipped']);
});

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

test('cancelling a subtask stops its attempt alone; the run fails for it and says so', async () => {
	const plan = planOf({subtasks: [subtask('slow'), subtask('quick')]});
	const {run} = await startTestRun({
		plan,
		dispatch: async (spec, {signal}) =>
			spec.subtask.id === 'quick'
				? verified
				: new Promise((_, reject) => {
						signal.addEventListener('abort', () => {
							reject(signal.reason);
						});
						void run.send({type: 'cancel', subtask: 'slow'});
					}),
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'failed'});
	expect(report.subtasks).toMatchObject([{status: 'cancelled'}, {status: 'completed'}]);
});

test('cancelling the run ends it for good', async () => {
	const {run, events} = await startTestRun({
		plan: diamond,
		dispatch: async (_, {signal}) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => {
					reject(signal.reason);
				});
				void run.send({type: 'cancel'});
			}),
	});
	expect(await run.done).toMatchObject({outcome: 'cancelled', exitCode: 9});
	expect(events.at(-1)?.type).toBe('run-finished');
});

test('a pause starts nothing new until it is over', async () => {
	const started: string[] = [];
	const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});
	const {run} = await startTestRun({
		plan,
		async dispatch(spec) {
			started.push(spec.subtask.id);
			if (spec.subtask.id === 'a') {
				await run.send({type: 'pause'});
			}

			return verified;
		},
	});
	await new Promise<void>(resolve => {
		run.subscribe(event => {
			if (event.type === 'subtask-completed') {
				resolve();
			}
		});
	});
	await new Promise(resolve => setImmediate(resolve));
	expect(started).toEqual(['a']);
	expect(run.state().status).toBe('paused');
	await run.send({type: 'unpause'});
	expect((await run.done).outcome).toBe('completed');
	expect(started).toEqual(['a', 'b']);
});

test('the time limit stops the run with exit 5', async () => {
	const {run} = await startTestRun({
		plan: diamond,
		settings: {timeoutMs: 5},
		dispatch: async (_, {signal}) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => {
					reject(signal.reason);
				});
			}),
	});
	expect(await run.done).toMatchObject({outcome: 'limit-reached', exitCode: 5});
});

test('stopping leaves the attempt to be continued, under the same number', async () => {
	const {run, store} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		dispatch: async (_, {signal}) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => {
					reject(signal.reason);
				});
				run.stop('interrupted', 'stopped');
			}),
	});
	expect(await run.done).toMatchObject({outcome: 'interrupted', exitCode: 130});
	const resumed = await resumeTestRun(store, {});
	const report = await resumed.run.done;
	expect(report.subtasks[0]).toMatchObject({status: 'completed', attempts: 1});
});

test('messages go to who is named, are kept until they are received, and unknown names are refused', async () => {
	const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});
	const received: string[] = [];
	let refusal = '';
	const {run} = await startTestRun({
		plan,
		teammates: 1,
		async dispatch(spec, context) {
			if (spec.subtask.id === 'a') {
				context.sendMessage('b', 'mind the gap');
				try {
					context.sendMessage('nobody', 'hello');
				} catch (error) {
					refusal = String(error);
				}
			} else {
				received.push(
					...(await context.receiveMessages(1)).map(({from, text}) => `${from}: ${text}`),
				);
				received.push(...(await context.receiveMessages(2)).map(({text}) => text));
			}

			return verified;
		},
	});
	await run.done;
	expect(received).toEqual(['teammate-1, an agent: mind the gap']);
	expect(refusal).toContain('nobody is called "nobody"');
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

test('when somebody changed a file between the intent and the delivery, the change is left beside it', async () => {
	let plans = 0;
	const workspace: Workspace = {
		...createEmptyWorkspace(),
		async planDelivery() {
			plans += 1;
			return plans === 1
				? {mode: 'apply', paths: []}
				: {mode: 'branch', paths: [], reason: 'a.txt was changed'};
		},
		async deliver(_base, _head, {mode}) {
			if (mode === 'apply') {
				throw new FailureError('merge-conflict', 'a.txt changed');
			}

			return {mode: 'branch', files: ['a.txt'], target: 'llm-orchestrator/run'};
		},
	};
	const {run} = await startTestRun({plan: planOf({subtasks: [subtask('a')]}), parts: {workspace}});
	const report = await run.done;
	expect(report).toMatchObject({
		outcome: 'completed',
		delivered: {mode: 'branch', target: 'llm-orchestrator/run'},
		next: 'git merge llm-orchestrator/run',
	});
	expect(report.reason).toContain('a.txt was changed');
});
