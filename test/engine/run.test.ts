import {expect, test} from 'vitest';
import {planOf, startTestRun, subtask, verified} from '../helpers/run-parts.ts';
import {diamond} from './diamond.ts';
import {red} from './red-checks.ts';

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

test('as many subtasks run at once as there are teammates and no more, each by another one', async () => {
	const plan = planOf({subtasks: ['a', 'b', 'c', 'd', 'e'].map(id => subtask(id))});
	/** Who was at work, each time when somebody began. */
	const atWork: string[][] = [];
	const busy: string[] = [];
	const {run} = await startTestRun({
		plan,
		teammates: 2,
		async dispatch({profile}) {
			busy.push(profile.name);
			atWork.push(busy.toSorted());
			// Time for a third one to begin, if it were let.
			await letGoOn();
			busy.splice(busy.indexOf(profile.name), 1);
			return verified;
		},
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'completed'});
	expect(report.subtasks.map(({status, attempts}) => [status, attempts])).toEqual(
		plan.subtasks.map(() => ['completed', 1]),
	);
	expect(atWork).toHaveLength(plan.subtasks.length);
	expect(atWork[1]).toEqual(['teammate-1', 'teammate-2']);
	expect(atWork.filter(names => names.length > 2)).toEqual([]);
	expect(atWork.filter(names => new Set(names).size < names.length)).toEqual([]);
});

test.each([
	{ready: 3, teammates: 2, maxParallel: 9, expected: 2},
	{ready: 2, teammates: 3, maxParallel: 9, expected: 2},
	{ready: 4, teammates: 3, maxParallel: 9, expected: 3},
	{ready: 4, teammates: 3, maxParallel: 2, expected: 2},
])(
	'$teammates teammates, at most $maxParallel at once, work on $expected of $ready ready subtasks',
	async ({ready, teammates, maxParallel, expected}) => {
		const ids = Array.from({length: ready}, (_, index) => `s${index}`);
		const release = Promise.withResolvers<void>();
		const begun: string[] = [];
		const {run} = await startTestRun({
			plan: planOf({subtasks: ids.map(id => subtask(id))}),
			teammates,
			settings: {maxParallel},
			async dispatch(spec) {
				begun.push(spec.subtask.id);
				await release.promise;
				return verified;
			},
		});
		await letGoOn();
		expect(begun).toEqual(ids.slice(0, expected));
		expect(
			[...run.state().subtasks.values()].filter(({status}) => status === 'running'),
		).toHaveLength(expected);
		release.resolve();
		expect(await run.done).toMatchObject({outcome: 'completed'});
		expect(begun.toSorted()).toEqual(ids);
	},
);

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

test('messages go to who is named, are kept until they are received, and unknown names are refused', async () => {
	const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});
	const received: string[] = [];
	let refusal = '';
	const {run} = await startTestRun({
		plan,
		teammates: 1,
		async dispatch(spec, context) {
			if (spec.subtask.id === 'a') {
				await context.sendMessage('b', 'mind the gap');
				await context.sendMessage('nobody', 'hello').catch((error: unknown) => {
					refusal = String(error);
				});
			} else {
				received.push(
					...(await context.beginTurn({turn: 1}, context.signal)).map(
						({from, text}) => `${from}: ${text}`,
					),
				);
				received.push(
					...(await context.beginTurn({turn: 2}, context.signal)).map(({text}) => text),
				);
			}

			return verified;
		},
	});
	await run.done;
	expect(received).toEqual(['teammate-1, an agent: mind the gap']);
	expect(refusal).toContain('nobody is called "nobody"');
});

/** Lets all that can go on in this process go on. */
async function letGoOn(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) {
		await new Promise(resolve => setImmediate(resolve));
	}
}
