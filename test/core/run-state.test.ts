import {expect, test} from 'vitest';
import {emptyRunState, isFinal} from '../../source/core/run-state.ts';
import {approvedChecks} from '../../source/core/final-checks.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

test('approving a plan approves its checks, word for word; the person’s own need no approval', () => {
	const state = emptyRunState();
	state.settings = {...defaultRunSettings, checks: ['npm run lint']};
	const plan = planOf({
		subtasks: [subtask('a', {checks: [{name: 'unit', command: 'npm test -- a'}]}), subtask('b')],
		checks: ['make all'],
	});
	const given = {revision: 1, hash: 'x', plan, origin: 'lead' as const, verdicts: []};
	state.plan = {...given, approved: false};
	expect(approvedChecks(state).map(({command}) => command)).toEqual(['npm run lint']);
	state.plan = {...given, approved: true};
	expect(approvedChecks(state).map(({command}) => command)).toEqual([
		'npm run lint',
		'make all',
		'npm test -- a',
	]);
});

test('four statuses are final', () => {
	const all = [
		'pending',
		'ready',
		'running',
		'awaiting-approval',
		'verifying',
		'merging',
		'completed',
		'failed',
		'skipped',
		'cancelled',
	] as const;
	expect(all.filter(status => isFinal(status))).toEqual([
		'completed',
		'failed',
		'skipped',
		'cancelled',
	]);
});
