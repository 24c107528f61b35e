import {expect, test} from 'vitest';
import {planOf, resumeTestRun, startTestRun, subtask, verified} from '../helpers/run-parts.ts';
import {diamond} from './diamond.ts';

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
