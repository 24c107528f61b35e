import {describe, expect, test} from 'vitest';
import type {Plan} from '../../source/core/plan.ts';
import type {RunReport} from '../../source/core/run-report.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {planOf, startTestRun, subtask, verified} from '../helpers/run-parts.ts';
import {red} from './red-checks.ts';

/** Subtasks with "bad" in their name fail. */
const dispatch: Dispatcher = async spec =>
	spec.subtask.id.includes('bad') ? {kind: 'failed', failure: red} : verified;

async function reportOf(plan: Plan): Promise<RunReport> {
	const {run} = await startTestRun({plan, dispatch});
	return run.done;
}

const repair = (of: string) => subtask('repair', {dependsOn: [{subtask: of, when: 'failure'}]});

describe('a completed run says', () => {
	test.each([
		['what is done', [subtask('a')], '1 of 1 subtask is done'],
		['how much of it', [subtask('a'), subtask('b')], '2 of 2 subtasks are done'],
		[
			'what failed',
			[subtask('bad'), repair('bad')],
			'1 of 2 subtasks are done, 1 failed but handled',
		],
		['what was not needed', [subtask('a'), repair('a')], '1 of 2 subtasks are done, 1 not needed'],
	])('%s, and that nothing was checked', async (_, subtasks, said) => {
		expect(await reportOf(planOf({subtasks}))).toMatchObject({
			outcome: 'completed',
			reason: `${said}, unverified: nothing was checked`,
		});
	});

	test('that its final checks passed', async () => {
		const {reason} = await reportOf(planOf({subtasks: [subtask('a')], checks: ['npm test']}));
		expect(reason).toBe('1 of 1 subtask is done, final checks passed');
	});

	test('that its plan is not the work of the lead', async () => {
		const plan = planOf({subtasks: [subtask('a')]});
		const lead = async () => ({plan, origin: 'fallback' as const});
		const {run} = await startTestRun({parts: {lead}, dispatch});
		expect((await run.done).reason).toBe(
			'the lead returned no valid plan, 1 of 1 subtask is done, unverified: nothing was checked',
		);
	});
});

test('a run that ran out of turns is resumed with twice as many', async () => {
	const failure = {kind: 'limit-reached' as const, message: 'the attempt used all of its turns'};
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		settings: {maxTurns: 7},
		dispatch: async () => ({kind: 'failed', failure}),
	});
	expect((await run.done).next).toContain('--max-turns 14');
});

test('a failure that names what helps keeps it', async () => {
	const failure = {
		kind: 'limit-reached' as const,
		message: 'the run has spent its tokens',
		hint: '--max-tokens 900',
	};
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		dispatch: async () => ({kind: 'failed', failure}),
	});
	const {next} = await run.done;
	expect(next).toContain('--max-tokens 900');
	expect(next).not.toContain('--max-turns');
});

test('the log says when a failed attempt is tried again, and of the last one that it is not', async () => {
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('bad', {maxAttempts: 2})]}),
		dispatch,
	});
	await run.done;
	const failed = events.filter(event => event.type === 'attempt-failed');
	expect(failed.map(({strategy, delayMs}) => [strategy, delayMs])).toEqual([
		['retry', expect.any(Number)],
		['give-up', undefined],
	]);
});

test('what a subtask builds on is noted when it may start before all of it is there', async () => {
	const {run, events} = await startTestRun({
		plan: planOf({
			subtasks: [
				subtask('a'),
				subtask('b'),
				subtask('any', {dependsOn: ['a', 'b'], join: 'any'}),
				subtask('all', {dependsOn: ['a', 'b']}),
				subtask('one', {dependsOn: ['a'], join: 'any'}),
			],
		}),
		dispatch,
	});
	await run.done;
	const noted = events.flatMap(event =>
		event.type === 'subtask-started' && event.dependencies !== undefined ? [event.subtask] : [],
	);
	expect(noted).toEqual(['any']);
});

test('a subtask that has not begun is cancelled without an attempt', async () => {
	const began: string[] = [];
	const release = Promise.withResolvers<void>();
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('first'), subtask('second', {dependsOn: ['first']})]}),
		async dispatch(spec) {
			began.push(spec.subtask.id);
			await release.promise;
			return verified;
		},
	});
	await expect.poll(() => began).toEqual(['first']);
	expect(await run.send({type: 'cancel', subtask: 'second'})).toEqual({kind: 'taken'});
	release.resolve();
	await run.done;
	expect(began).toEqual(['first']);
	expect(events.filter(({type}) => type === 'subtask-cancelled')).toMatchObject([
		{subtask: 'second'},
	]);
});
