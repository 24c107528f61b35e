import {expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {Run} from '../../source/core/run.ts';
import type {AttemptContext, Dispatcher} from '../../source/engine/attempt-context.ts';
import {attachRun} from '../../source/engine/attach.ts';
import {createMemoryStore} from '../../source/store/memory-store.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {wish} from '../helpers/context-parts.ts';
import {
	createTestParts,
	planOf,
	quickClock,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';

const red = {kind: 'check-failed', message: 'its checks are red'} as const;

test('the budget of a run can be changed while it works, but not below what is spent', async () => {
	const limits: (number | null | undefined)[] = [];
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		settings: {maxTokens: 20_000},
		async dispatch(_, context) {
			spend(context, 12_000);
			await expect(context.reserve(wish(9_000, 1_000))).rejects.toMatchObject({
				kind: 'limit-reached',
			});
			expect(await run.send({type: 'set-budget', maxTokens: 11_999})).toEqual({
				kind: 'refused',
				reason: 'the run has spent 12000 tokens already, so its budget cannot be 11999',
			});
			for (const maxTokens of [12_000, null, 30_000]) {
				expect(await run.send({type: 'set-budget', maxTokens})).toEqual({kind: 'taken'});
				limits.push(run.state().settings?.maxTokens);
			}

			await context.reserve(wish(9_000, 1_000));
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
				reason: 'the run has spent $0.75 already, so its budget cannot be $0.50',
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
			await context.reserve(wish(4_000, 4_000));
			const waiting = context.reserve(wish(4_000, 4_000));
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
		async dispatch() {
			await run.send({type: 'set-budget', maxTokens: 5_000});
			run.stop('interrupted', 'stopped');
			return verified;
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
	expect(limits.every(limit => limit === 7_000)).toBe(true);
	expect(resumed.events.find(({type}) => type === 'budget-changed')).toMatchObject({inbox: id});
});

test('a failed subtask is tried again while others go on, and what was skipped for it runs too', async () => {
	const ran: string[] = [];
	const release = Promise.withResolvers<void>();
	const {run, events} = await startTestRun({
		plan: planOf({
			subtasks: [
				subtask('a', {maxAttempts: 1}),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['b']}),
				subtask('slow'),
			],
		}),
		async dispatch(spec) {
			ran.push(`${spec.subtask.id} ${spec.attempt}`);
			if (spec.subtask.id === 'slow') {
				await release.promise;
			}

			return spec.subtask.id === 'a' && spec.attempt === 1
				? {kind: 'failed', failure: red}
				: verified;
		},
	});
	await once(run, event => event.type === 'subtask-skipped' && event.subtask === 'c');
	expect(await run.send({type: 'retry', subtask: 'a'})).toEqual({kind: 'taken'});
	await once(run, event => event.type === 'subtask-completed' && event.subtask === 'c');
	release.resolve();
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toEqual(['a 1', 'slow 1', 'a 2', 'b 1', 'c 1']);
	expect(reopenings(events)).toEqual([
		'c because "a" is tried again',
		'b because "a" is tried again',
		'a by the person',
	]);
});

test('a subtask that is tried again at the moment it fails runs again, with others still at work', async () => {
	const attempts: number[] = [];
	const done = Promise.withResolvers<void>();
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a', {maxAttempts: 1}), subtask('slow')]}),
		async dispatch({subtask: {id}, attempt}) {
			if (id === 'slow') {
				await done.promise;
				return verified;
			}

			attempts.push(attempt);
			return attempt === 1 ? {kind: 'failed', failure: red} : verified;
		},
	});
	run.subscribe(event => {
		if (event.type === 'subtask-failed') {
			void run.send({type: 'retry', subtask: 'a'});
		} else if (event.type === 'subtask-completed') {
			done.resolve();
		}
	});
	expect((await run.done).outcome).toBe('completed');
	expect(attempts).toEqual([1, 2]);
});

test('what was repaired stays so when the failure itself is mended, also for a resumed run', async () => {
	const {run, store} = await startTestRun({
		plan: planOf({
			subtasks: [
				subtask('tests', {maxAttempts: 1}),
				subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
				subtask('slow'),
				subtask('report', {dependsOn: ['repair', 'slow']}),
			],
		}),
		dispatch: async ({subtask: {id}, attempt}, {signal}) =>
			id === 'slow'
				? new Promise((_, reject) => {
						signal.addEventListener('abort', () => {
							reject(signal.reason);
						});
					})
				: id === 'tests' && attempt === 1
					? {kind: 'failed', failure: red}
					: verified,
	});
	run.subscribe(event => {
		if (event.type === 'subtask-completed' && event.subtask === 'repair') {
			void run.send({type: 'retry', subtask: 'tests'});
		} else if (event.type === 'subtask-completed') {
			run.stop('interrupted', 'stopped');
		}
	});
	await run.done;
	const resumed = await resumeTestRun(store, {});
	const report = await resumed.run.done;
	expect(report.subtasks.map(({status}) => status)).toEqual(Array(4).fill('completed'));
});

test('a subtask that is tried again while the whole is checked runs before anything is delivered', async () => {
	const ran: string[] = [];
	const parts = createTestParts();
	const {run, events} = await startTestRun({
		plan: planOf({
			subtasks: [
				subtask('tests', {maxAttempts: 1}),
				subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
			],
			checks: ['make'],
		}),
		async dispatch(spec) {
			ran.push(`${spec.subtask.id} ${spec.attempt}`);
			return ran.length === 1 ? {kind: 'failed', failure: red} : verified;
		},
		parts: {
			sandbox: {
				...parts.sandbox,
				async run(spec, options) {
					if (ran.length === 2) {
						expect(await run.send({type: 'retry', subtask: 'tests'})).toEqual({kind: 'taken'});
					}

					return parts.sandbox.run(spec, options);
				},
			},
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toEqual(['tests 1', 'repair 1', 'tests 2']);
	expect(events.filter(({type}) => type === 'delivery-started')).toHaveLength(1);
	expect(run.state().subtasks.get('tests')?.status).toBe('completed');
});

test('what cannot be tried again is refused with the reason', async () => {
	const {run, store} = await startTestRun({
		plan: planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]}),
		async dispatch({subtask: {id}}) {
			if (id === 'a') {
				const stop = new AbortController();
				const other = await attachRun(store, 'test-run', {clock: quickClock, signal: stop.signal});
				expect(await other.send({type: 'retry', subtask: 'x'})).toEqual({
					kind: 'refused',
					reason: 'there is no subtask "x"; there are: a, b',
				});
				expect(await other.send({type: 'retry', subtask: 'a'})).toMatchObject({
					kind: 'refused',
					reason: expect.stringContaining('a is running'),
				});
				stop.abort();
			}

			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(await run.send({type: 'retry', subtask: 'a'})).toEqual({
		kind: 'refused',
		reason: 'the run has ended',
	});
});

test('a retry for a run that nobody works on is carried out when it is resumed', async () => {
	const plan = planOf({subtasks: [subtask('a', {maxAttempts: 1}), subtask('asks')]});
	const failing: Dispatcher = async ({subtask: {id}}) => ({
		kind: 'failed',
		failure: id === 'a' ? red : {kind: 'denied', message: 'nobody could allow'},
	});
	for (const wanted of [true, false]) {
		const {run, store} = await startTestRun({plan, dispatch: failing});
		expect((await run.done).outcome).toBe('undecided');
		if (wanted) {
			await store.post('test-run', {type: 'retry', subtask: 'a'});
		}

		const resumed = await resumeTestRun(store, {});
		const report = await resumed.run.done;
		expect(report.outcome).toBe(wanted ? 'completed' : 'failed');
	}
});

test('a retry for a failed run is no contradiction to resuming all that failed', async () => {
	const plan = planOf({subtasks: [subtask('a', {maxAttempts: 1}), subtask('b', {maxAttempts: 1})]});
	const {run, store} = await startTestRun({
		plan,
		dispatch: async () => ({kind: 'failed', failure: red}),
	});
	expect((await run.done).outcome).toBe('failed');
	await store.post('test-run', {type: 'retry', subtask: 'b'});
	const resumed = await resumeTestRun(store, {});
	expect((await resumed.run.done).outcome).toBe('completed');
	expect(reopenings(resumed.events)).toEqual(['b by the person', 'a the run was resumed']);
	expect(resumed.events.some(({type}) => type === 'inbox-refused')).toBe(false);
});

test('wherever a crash cuts a retry off, the resumed run carries it out', async () => {
	const plan = planOf({
		subtasks: [
			subtask('a', {maxAttempts: 1}),
			subtask('b', {dependsOn: ['a']}),
			subtask('c', {dependsOn: ['b']}),
			subtask('free'),
		],
	});
	const dispatch: Dispatcher = async ({subtask: {id}, attempt}) =>
		id === 'a' && attempt === 1 ? {kind: 'failed', failure: red} : verified;
	const first = await startTestRun({plan, dispatch});
	await first.run.done;
	const id = await first.store.post('test-run', {type: 'retry', subtask: 'a'});
	const second = await resumeTestRun(first.store, {dispatch});
	expect((await second.run.done).outcome).toBe('completed');
	const {events} = await first.store.read('test-run');
	const begun = events.findIndex(({type}) => type === 'run-resumed');
	for (let count = begun + 1; count < events.length; count += 1) {
		const store = await crashedStore(first.store, events, count);
		if (!events.slice(0, count).some(event => 'inbox' in event && event.inbox === id)) {
			await store.post('test-run', {type: 'retry', subtask: 'a'});
		}

		const resumed = await resumeTestRun(store, {dispatch});
		expect(await resumed.run.done, `after ${count} events`).toMatchObject({outcome: 'completed'});
		const started = (await store.read('test-run')).events.filter(
			event => event.type === 'subtask-completed',
		);
		expect(started).toHaveLength(plan.subtasks.length);
	}
});

test('a subtask that is cancelled instead of decided on, after a crash, is cancelled and nothing else', async () => {
	const plan = planOf({subtasks: [subtask('a'), subtask('b')]});
	const {run, store} = await startTestRun({
		plan,
		teammates: 1,
		async dispatch(_, context) {
			context.emit({
				type: 'tool-call-started',
				agent: 'teammate-1',
				subtask: 'a',
				attempt: 1,
				call: 'c1',
				tool: 'run_command',
				effect: 'command',
				summary: 'make',
			});
			run.stop('interrupted', 'stopped');
			return verified;
		},
	});
	await run.done;
	const {events} = await store.read('test-run');
	const crashed = await crashedStore(
		store,
		events,
		events.findIndex(({type}) => type === 'tool-call-started') + 1,
	);
	const resumed = await resumeTestRun(crashed, {settings: {attended: true}});
	resumed.run.subscribe((event, state) => {
		if (event.type === 'agent-waiting') {
			expect(state.agents.get('teammate-1')).toMatchObject({waitsFor: 'approval', detail: 'make'});
			void resumed.run.send({type: 'cancel', subtask: 'a'});
		}
	});
	const report = await resumed.run.done;
	expect(report.subtasks.map(({id, status}) => `${id} ${status}`)).toEqual([
		'a cancelled',
		'b completed',
	]);
	expect(resumed.events.some(({type}) => type === 'subtask-failed')).toBe(false);
});

/** Resolves at the next event that fits. */
async function once(run: Run, fits: (event: RunEvent) => boolean): Promise<void> {
	await new Promise<void>(resolve => {
		const stop = run.subscribe(event => {
			if (fits(event)) {
				stop();
				resolve();
			}
		});
	});
}

function reopenings(events: readonly RunEvent[]): readonly string[] {
	return events.flatMap(event =>
		event.type === 'subtask-reopened' ? [`${event.subtask} ${event.reason}`] : [],
	);
}

/** A model call that used this many tokens. */
function spend(context: AttemptContext, tokens: number, usd = 0): void {
	context.emit({
		type: 'model-call-finished',
		agent: 'teammate-1',
		subtask: 'a',
		attempt: 1,
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
