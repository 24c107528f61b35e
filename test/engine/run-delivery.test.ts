import {expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {createEmptyWorkspace, planOf, startTestRun, subtask} from '../helpers/run-parts.ts';

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
