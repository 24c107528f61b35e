import {expect, test} from 'vitest';
import type {Change} from '../../../source/core/change.ts';
import type {Run} from '../../../source/core/run.ts';
import type {AttemptResult} from '../../../source/engine/attempt/attempt-context.ts';
import type {Workspace} from '../../../source/workspace/workspace.ts';
import {createEmptyWorkspace, planOf, startTestRun, subtask} from '../../helpers/run-parts.ts';

function changed(id: string, base: string): AttemptResult {
	const change: Change = {commit: `change-${id}`, base, files: []};
	return {kind: 'verified', change, summary: 'done', outputs: {}};
}

const two = planOf({
	subtasks: [subtask('a', {checks: ['check a']}), subtask('b', {checks: ['check b']})],
});

function resolveOnMerge(run: Run, resolve: () => void): void {
	run.subscribe(event => {
		if (event.type === 'merge-finished') {
			resolve();
		}
	});
}

/** A sandbox whose checks end as told. */
function checksThat(exitCode: (command: string) => number) {
	const ran: string[] = [];
	return {
		ran,
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			async run({command}: {command: string}) {
				ran.push(command);
				return {
					exitCode: exitCode(command),
					endedBy: 'exit' as const,
					output: 'the output',
					outputBytes: 10,
					durationMs: 1,
				};
			},
		},
	};
}

test('changes are merged one by one, and checked again only when the head had moved', async () => {
	const {sandbox, ran} = checksThat(() => 0);
	const {run, events} = await startTestRun({
		plan: two,
		parts: {sandbox},
		dispatch: async spec => changed(spec.subtask.id, spec.base),
	});
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toHaveLength(1);
	expect(events.filter(({type}) => type === 'merge-finished')).toHaveLength(2);
	const order = events.flatMap(event =>
		event.type === 'merge-started' || event.type === 'merge-finished' ? [event.type] : [],
	);
	expect(order).toEqual(['merge-started', 'merge-finished', 'merge-started', 'merge-finished']);
});

test('a conflict fails the attempt, names the paths, and the next one starts from the new head', async () => {
	const plain = createEmptyWorkspace();
	let conflicts = 1;
	const workspace: Workspace = {
		...plain,
		merge: async (change, head) =>
			change.commit === 'change-b' && conflicts-- > 0
				? {kind: 'conflict', paths: ['shared.txt']}
				: plain.merge(change, head),
	};
	const otherMerged = Promise.withResolvers<void>();
	const bases: string[] = [];
	const reasons: (string | undefined)[] = [];
	const {run} = await startTestRun({
		plan: two,
		parts: {workspace},
		async dispatch(spec) {
			if (spec.subtask.id === 'b') {
				bases.push(spec.base);
				reasons.push(spec.brief.previous?.reason);
				await otherMerged.promise;
			}

			return changed(spec.subtask.id, spec.base);
		},
	});
	resolveOnMerge(run, otherMerged.resolve);
	const report = await run.done;
	expect(report.outcome).toBe('completed');
	expect(report.subtasks[1]).toMatchObject({id: 'b', attempts: 2});
	expect(bases[0]).toBe('c0');
	expect(bases[1]).not.toBe('c0');
	expect(reasons[1]).toContain('shared.txt');
});

test('a change whose checks are red on the merged result is not merged', async () => {
	const {sandbox} = checksThat(command => (command === 'check b' ? 1 : 0));
	const otherMerged = Promise.withResolvers<void>();
	const {run, events} = await startTestRun({
		plan: planOf({
			subtasks: [subtask('a'), subtask('b', {checks: ['check b'], maxAttempts: 1})],
		}),
		parts: {sandbox},
		async dispatch(spec) {
			if (spec.subtask.id === 'b') {
				await otherMerged.promise;
			}

			return changed(spec.subtask.id, 'c0');
		},
	});
	resolveOnMerge(run, otherMerged.resolve);
	const report = await run.done;
	expect(report.outcome).toBe('failed');
	expect(report.subtasks[1]).toMatchObject({status: 'failed'});
	expect(events.filter(({type}) => type === 'merge-finished')).toHaveLength(1);
	expect(events.find(({type}) => type === 'merge-refused')).toMatchObject({
		subtask: 'b',
		paths: [],
	});
});

test('red checks of the whole fail the run, and nothing is delivered', async () => {
	const {sandbox} = checksThat(() => 1);
	const {run} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')], checks: ['check all']}),
		parts: {sandbox},
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'failed', delivered: null});
	expect(report.reason).toContain('check all');
});

test('a change that waits for its merge is not merged when its subtask is cancelled, and others go on', async () => {
	const checking = Promise.withResolvers<void>();
	const release = Promise.withResolvers<void>();
	const {run, events} = await startTestRun({
		plan: planOf({
			subtasks: [subtask('a', {checks: ['check a']}), subtask('b'), subtask('c')],
		}),
		parts: {
			sandbox: {
				...checksThat(() => 0).sandbox,
				async run(spec) {
					checking.resolve();
					await release.promise;
					return checksThat(() => 0).sandbox.run(spec);
				},
			},
		},
		dispatch: async spec => changed(spec.subtask.id, 'older'),
	});
	await checking.promise;
	const waits = () => [...run.state().subtasks.values()].every(({status}) => status === 'merging');
	await until(run, waits);
	expect(await run.send({type: 'cancel', subtask: 'b'})).toEqual({kind: 'taken'});
	release.resolve();
	const report = await run.done;
	expect(report.subtasks.map(({id, status}) => `${id} ${status}`)).toEqual([
		'a completed',
		'b cancelled',
		'c completed',
	]);
	const merges = events.flatMap(event => (event.type === 'merge-started' ? [event.subtask] : []));
	expect(merges).toEqual(['a', 'c']);
});

test('a change whose subtask is cancelled while it is checked on the merged result is not merged', async () => {
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a', {checks: ['check a']}), subtask('b')]}),
		parts: {
			sandbox: {
				...checksThat(() => 0).sandbox,
				async run(spec) {
					await run.send({type: 'cancel', subtask: 'a'});
					return checksThat(() => 0).sandbox.run(spec);
				},
			},
		},
		dispatch: async spec => changed(spec.subtask.id, 'older'),
	});
	const report = await run.done;
	expect(report.subtasks).toMatchObject([{status: 'cancelled'}, {status: 'completed'}]);
	const merges = events.flatMap(event => (event.type === 'merge-started' ? [event.subtask] : []));
	expect(merges).toEqual(['b']);
});

async function until(run: Run, holds: () => boolean): Promise<void> {
	await new Promise<void>(resolve => {
		const look = () => {
			if (holds()) {
				resolve();
			}
		};

		run.subscribe(look);
		look();
	});
}
