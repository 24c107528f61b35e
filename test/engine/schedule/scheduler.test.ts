import {setImmediate as nextTurn} from 'node:timers/promises';
import {expect, test} from 'vitest';
import type {Plan} from '../../../source/core/plan.ts';
import {emptyRunState, pendingSubtask} from '../../../source/core/run-state.ts';
import type {SubtaskStatus} from '../../../source/core/run-state-entries.ts';
import {
	createScheduler,
	type AttemptOutcome,
	type SchedulerOptions,
} from '../../../source/engine/schedule/scheduler.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';

const settled: AttemptOutcome = {kind: 'settled'};

/** A scheduler whose attempts end when the test says so. `log` is what it did, in order. */
function schedule(
	plan: Plan,
	{
		statuses = {},
		...options
	}: Partial<SchedulerOptions> & {statuses?: Record<string, SubtaskStatus>},
) {
	const state = emptyRunState();
	const setStatus = (id: string, status: SubtaskStatus) => {
		state.subtasks.set(id, {...pendingSubtask(id), status});
	};
	for (const {id} of plan.subtasks) {
		setStatus(id, statuses[id] ?? 'pending');
	}

	const log: string[] = [];
	const attempts = new Map<string, PromiseWithResolvers<AttemptOutcome>>();
	const scheduler = createScheduler({
		plan,
		state,
		limit: 2,
		async run(id) {
			log.push(`run ${id}`);
			const attempt = Promise.withResolvers<AttemptOutcome>();
			attempts.set(id, attempt);
			return attempt.promise;
		},
		skip(id) {
			log.push(`skip ${id}`);
			setStatus(id, 'skipped');
		},
		announce: ids => log.push(`announce ${ids.join(' ')}`),
		sleep: async () => undefined,
		paused: () => false,
		draining: () => false,
		...options,
	});
	let isDone = false;
	scheduler.done.then(
		() => (isDone = true),
		() => undefined,
	);
	return {
		scheduler,
		log,
		setStatus,
		isDone: () => isDone,
		/** Ends an attempt; `settled` completes its subtask. */
		async end(id: string, outcome: AttemptOutcome = settled) {
			if (outcome.kind === 'settled') {
				setStatus(id, 'completed');
			}

			attempts.get(id)?.resolve(outcome);
			await nextTurn();
		},
	};
}

const independent = planOf({subtasks: ['a', 'b', 'c'].map(id => subtask(id))});

/** `a`, then `b`, `c` and `d`. */
const fan = planOf({
	subtasks: [subtask('a'), ...['b', 'c', 'd'].map(id => subtask(id, {dependsOn: ['a']}))],
});

test('subtasks that became ready without a free slot are announced, others just run', async () => {
	const wide = schedule(fan, {limit: 3});
	await nextTurn();
	await wide.end('a');
	expect(wide.log).toEqual(['run a', 'run b', 'run c', 'run d']);

	const narrow = schedule(fan, {limit: 2});
	await nextTurn();
	await narrow.end('a');
	expect(narrow.log).toEqual(['run a', 'announce b c d', 'run b', 'run c']);
});

test('a retry without delay runs again at once, behind what is ready already', async () => {
	const {log, end} = schedule(independent, {
		limit: 1,
		sleep: async () => Promise.reject(new Error()),
	});
	await nextTurn();
	await end('a', {kind: 'retry', delayMs: 0});
	expect(log).toEqual(['run a', 'run a']);
});

test('a retry with a delay leaves its slot to others until the delay is over', async () => {
	const delay = Promise.withResolvers<void>();
	const delays: number[] = [];
	const {log, end, isDone} = schedule(independent, {
		limit: 1,
		async sleep(ms) {
			delays.push(ms);
			return delay.promise;
		},
	});
	await nextTurn();
	await end('a', {kind: 'retry', delayMs: 300});
	expect(delays).toEqual([300]);
	expect(log).toEqual(['run a', 'run b']);
	await end('b');
	await end('c');
	expect(isDone()).toBe(false);
	delay.resolve();
	await nextTurn();
	expect(log.at(-1)).toBe('run a');
	await end('a');
	expect(isDone()).toBe(true);
});

test('a subtask that cannot continue is not started again, and others go on', async () => {
	const {log, end, isDone, scheduler} = schedule(independent, {limit: 1});
	await nextTurn();
	await end('a', {kind: 'blocked', stopAll: false});
	scheduler.reopen();
	await end('b');
	await end('c');
	expect(log).toEqual(['run a', 'run b', 'run c']);
	expect(isDone()).toBe(true);
});

test('when nothing can continue, nothing new starts, and what runs ends first', async () => {
	const {log, end, isDone} = schedule(independent, {limit: 2});
	await nextTurn();
	await end('a', {kind: 'blocked', stopAll: true});
	expect(isDone()).toBe(false);
	await end('b');
	expect(log).toEqual(['run a', 'run b']);
	expect(isDone()).toBe(true);
});

test('later blocked subtasks do not undo a stop', async () => {
	const {log, end, isDone} = schedule(independent, {limit: 2});
	await nextTurn();
	await end('a', {kind: 'blocked', stopAll: true});
	await end('b', {kind: 'blocked', stopAll: false});
	expect(log).toEqual(['run a', 'run b']);
	expect(isDone()).toBe(true);
});

test('a change that waits for its merge leaves its slot to others', async () => {
	const merged = Promise.withResolvers<AttemptOutcome>();
	const {log, end, setStatus, isDone} = schedule(independent, {limit: 1});
	await nextTurn();
	await end('a', {kind: 'merging', merged: merged.promise});
	await end('b');
	await end('c');
	expect(log).toEqual(['run a', 'run b', 'run c']);
	expect(isDone()).toBe(false);
	setStatus('a', 'completed');
	merged.resolve(settled);
	await nextTurn();
	expect(isDone()).toBe(true);
});

test('a subtask that became final while it waited does not run; its dependants do', async () => {
	const plan = planOf({
		subtasks: [
			subtask('a'),
			subtask('b'),
			subtask('c', {dependsOn: [{subtask: 'b', when: 'completion'}]}),
		],
	});
	const {log, end, setStatus, scheduler, isDone} = schedule(plan, {limit: 1});
	await nextTurn();
	const [first] = log;
	const [running, waiting] = first === 'run a' ? ['a', 'b'] : ['b', 'a'];
	setStatus(waiting, 'cancelled');
	scheduler.settle(waiting);
	await end(running);
	expect(log.filter(line => line.startsWith('run'))).toEqual([first, 'run c']);
	await end('c');
	expect(isDone()).toBe(true);
});

test('settling a subtask starts what waited for it, without another attempt ending', async () => {
	const {log, setStatus, scheduler} = schedule(fan, {
		limit: 2,
		statuses: {a: 'pending'},
		paused: () => isPaused,
	});
	let isPaused = true;
	await nextTurn();
	expect(log).toEqual([]);
	isPaused = false;
	setStatus('a', 'completed');
	scheduler.settle('a');
	await nextTurn();
	expect(log).toEqual(['run b', 'run c']);
});

test('a pause starts nothing; wake goes on', async () => {
	let isPaused = true;
	const {log, scheduler, isDone} = schedule(independent, {paused: () => isPaused});
	await nextTurn();
	expect(log).toEqual([]);
	expect(isDone()).toBe(false);
	isPaused = false;
	scheduler.wake();
	expect(log).toEqual(['run a', 'run b']);
});

test('while draining, only attempts of an earlier process run: not pending, not ready ones', async () => {
	const {log, end, isDone} = schedule(independent, {
		statuses: {a: 'pending', b: 'ready', c: 'running'},
		draining: () => true,
	});
	await nextTurn();
	expect(log).toEqual(['run c']);
	await end('c');
	expect(isDone()).toBe(true);
});

test('a subtask that was reopened while it ended runs again', async () => {
	const {log, end, setStatus, scheduler} = schedule(independent, {limit: 1});
	await nextTurn();
	setStatus('a', 'completed');
	const ending = end('a');
	setStatus('a', 'pending');
	await ending;
	scheduler.reopen();
	await end('b');
	await end('c');
	expect(log.filter(line => line === 'run a')).toHaveLength(2);
});

test('an error of an attempt ends the schedule with it, and starts nothing more', async () => {
	const {log, scheduler} = schedule(independent, {
		limit: 1,
		async run(id) {
			log.push(`run ${id}`);
			throw new Error('the log failed');
		},
	});
	await expect(scheduler.done).rejects.toThrow('the log failed');
	scheduler.wake();
	expect(log).toEqual(['run a']);
});

test('what is skipped because of a dependency is skipped once', async () => {
	const {log, setStatus, end, scheduler} = schedule(fan, {});
	await nextTurn();
	setStatus('a', 'failed');
	scheduler.settle('a');
	await end('a', {kind: 'blocked', stopAll: false});
	scheduler.reopen();
	expect(log.toSorted()).toEqual(['run a', 'skip b', 'skip c', 'skip d']);
});
