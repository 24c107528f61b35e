import {expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {
	createEmptyWorkspace,
	createTestParts,
	planOf,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';

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
		next: 'git -C /nowhere merge --no-edit llm-orchestrator/run',
	});
	expect(report.reason).toContain('a.txt was changed');
});

test('a delivery that fails for another reason is not planned anew, and can be resumed', async () => {
	let plans = 0;
	let isProtected = true;
	const workspace: Workspace = {
		...createEmptyWorkspace(),
		async planDelivery() {
			plans += 1;
			return {mode: 'apply', paths: []};
		},
		async deliver(_base, _head, {mode}) {
			if (isProtected) {
				throw new FailureError('bad-request', 'a.txt could not be written');
			}

			return {mode, files: ['a.txt']};
		},
	};
	const plan = planOf({subtasks: [subtask('a')]});
	const {run, store} = await startTestRun({plan, parts: {workspace}});
	expect(await run.done).toMatchObject({
		outcome: 'failed',
		reason: 'a.txt could not be written',
		delivered: null,
	});
	isProtected = false;
	const resumed = await resumeTestRun(store, {parts: {workspace}});
	expect(await resumed.run.done).toMatchObject({
		outcome: 'completed',
		delivered: {mode: 'apply', files: ['a.txt']},
	});
	expect(plans).toBe(1);
});

test.each([
	['opened for checks alone', [], [], []],
	['removed when the checks are green', ['check'], [], ['merge', 'final']],
	['removed when a check of what is merged is red', ['check'], ['merge'], ['merge']],
	['removed when a check of the whole is red', ['check'], ['final'], ['merge', 'final']],
] satisfies [string, string[], string[], string[]][])(
	'directories of what is merged and of the whole are %s',
	async (_, checks, red, expected) => {
		const opened: string[] = [];
		const there = new Set<string>();
		const workspace: Workspace = {
			...createEmptyWorkspace(),
			async open(name, base) {
				opened.push(name);
				there.add(name);
				return {directory: name, base};
			},
			async remove(name) {
				there.delete(name);
			},
		};
		const {sandbox} = createTestParts();
		const {run} = await startTestRun({
			plan: planOf({subtasks: [subtask('a', {checks, maxAttempts: 1})], checks}),
			parts: {
				workspace,
				sandbox: {
					...sandbox,
					async run(spec, options) {
						const result = await sandbox.run(spec, options);
						return {...result, exitCode: red.includes(spec.directory) ? 1 : 0};
					},
				},
			},
			dispatch: async () => ({
				...verified,
				change: {commit: 'change', base: 'older', files: []},
			}),
		});
		expect(await run.done).toMatchObject({outcome: red.length === 0 ? 'completed' : 'failed'});
		expect(opened).toEqual(expected);
		expect([...there]).toEqual([]);
	},
);
