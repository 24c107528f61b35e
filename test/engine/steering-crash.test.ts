import {expect, test} from 'vitest';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {planOf, resumeTestRun, startTestRun, subtask, verified} from '../helpers/run-parts.ts';
import {red} from './red-checks.ts';

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
