import {expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {Receipt, Run} from '../../source/core/run.ts';
import {attachRun} from '../../source/engine/follow/attach.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {
	createTestParts,
	planOf,
	quickClock,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';
import {red} from './red-checks.ts';

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
		'c because "a" is retried',
		'b because "a" is retried',
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

test('a check of the whole that was red is run again when a subtask is tried again meanwhile', async () => {
	const parts = createTestParts();
	const ran: string[] = [];
	const {run} = await startTestRun({
		plan: planOf({
			subtasks: [
				subtask('tests', {maxAttempts: 1}),
				subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
			],
			checks: ['make'],
		}),
		async dispatch({subtask: {id}, attempt}) {
			ran.push(`${id} ${attempt}`);
			return ran.length === 1 ? {kind: 'failed', failure: red} : verified;
		},
		parts: {
			sandbox: {
				...parts.sandbox,
				async run(spec, {signal}) {
					const {command} = spec;
					ran.push(command);
					const isFirst = ran.filter(name => name === command).length === 1;
					if (isFirst) {
						await run.send({type: 'retry', subtask: 'tests'});
					}

					const result = await parts.sandbox.run(spec, {signal});
					return {...result, exitCode: isFirst ? 1 : 0};
				},
			},
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toEqual(['tests 1', 'repair 1', 'make', 'tests 2', 'make']);
});

test('what cannot be tried again is refused with the reason', async () => {
	const receipts: Receipt[] = [];
	const {run, store} = await startTestRun({
		plan: planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]}),
		async dispatch({subtask: {id}}) {
			if (id === 'a') {
				const stop = new AbortController();
				const other = await attachRun(store, 'test-run', {clock: quickClock, signal: stop.signal});
				for (const unfit of ['x', 'a']) {
					receipts.push(await other.send({type: 'retry', subtask: unfit}));
				}

				stop.abort();
			}

			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(receipts).toEqual([
		{kind: 'refused', reason: 'unknown subtask "x"; the plan has: a, b'},
		{kind: 'refused', reason: expect.stringContaining('a is running')},
	]);
	expect(await run.send({type: 'retry', subtask: 'a'})).toEqual({
		kind: 'refused',
		reason: 'the run has ended',
	});
});

test('a retry for a run that nobody works on is carried out when it is resumed', async () => {
	const plan = planOf({subtasks: [subtask('a', {maxAttempts: 1}), subtask('asks')]});
	const failing: Dispatcher = async ({subtask: {id}}) => ({
		kind: 'failed',
		failure: id === 'a' ? red : {kind: 'denied', message: 'no one could approve'},
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
