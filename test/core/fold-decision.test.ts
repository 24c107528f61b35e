import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {placed} from './every-event.ts';
import {approved, fold, plan, proposed, requested} from './folded-state.ts';

describe('a plan in the state', () => {
	test('waits for its decision, and its subtasks appear when it is approved', () => {
		const waiting = fold([proposed, requested]);
		expect(waiting.status).toBe('awaiting-approval');
		expect(waiting.subtasks.size).toBe(0);
		const running = fold([proposed, requested, approved]);
		expect(running.status).toBe('running');
		expect([...running.subtasks.values()].map(({id, status}) => `${id} ${status}`)).toEqual([
			'a pending',
			'b pending',
		]);
	});

	test('is not approved by a decision on another revision', () => {
		const next = {...proposed, revision: 2, hash: 'other'};
		const state = fold([proposed, requested, next, approved]);
		expect(state.plan).toMatchObject({revision: 2, approved: false});
		expect(state.subtasks.size).toBe(0);
	});

	test('goes by the first decision', () => {
		const late = {...approved, decision: 'reject' as const, feedback: 'no'};
		const state = fold([proposed, requested, approved, late]);
		expect(state.status).toBe('running');
		expect(state.feedback).toEqual([]);
		expect(state.approvals.get('p1')?.decision?.decision).toBe('approve');
	});

	test('that is sent back leaves its reason for the lead', () => {
		const rejected = {...approved, decision: 'reject' as const, feedback: 'smaller steps'};
		const state = fold([proposed, requested, rejected]);
		expect(state.status).toBe('planning');
		expect(state.feedback).toEqual(['smaller steps']);
		expect(state.denied).toEqual([]);
	});

	test('that nobody could decide on is listed as denied', () => {
		for (const origin of ['nobody', 'deadline'] as const) {
			const state = fold([proposed, requested, {...approved, decision: 'reject', origin}]);
			expect(state.denied).toEqual([{what: 'revision 1 of the plan', by: origin}]);
		}
	});

	test('that is approved later is not listed as denied any more', () => {
		const denied = {...approved, decision: 'reject', origin: 'nobody'} as const;
		const again = {...requested, approval: 'p2'};
		const state = fold([proposed, requested, denied, again, {...approved, approval: 'p2'}]);
		expect(state).toMatchObject({status: 'running', denied: []});
	});

	test('in a blob is read from there', () => {
		const payload = {blob: 'ab'.repeat(32), bytes: 9_000};
		const event = placed({...proposed, plan: payload});
		expect(applyEvent(emptyRunState(), event).plan).toBeUndefined();
		expect(
			applyEvent(emptyRunState(), event, asked =>
				asked === payload ? JSON.stringify(plan) : undefined,
			).plan?.plan,
		).toEqual(plan);
	});

	test('that cannot be read is no plan', () => {
		for (const text of ['{', '{}', '{"subtasks":[]}']) {
			expect(fold([{...proposed, plan: text}]).plan).toBeUndefined();
		}
	});
});

describe('a decision on a command', () => {
	const subject = {
		kind: 'tool',
		agent: 'teammate-1',
		subtask: 'a',
		tool: 'bash',
		summary: 'a call',
		detail: 'curl example.org',
		directory: '/w',
		reason: 'network',
	} as const;
	const ask: RunEventBody = {type: 'approval-requested', approval: 't1', subject};
	const start: RunEventBody = {
		type: 'subtask-started',
		subtask: 'a',
		attempt: 1,
		agent: 'teammate-1',
		base: 'b',
	};

	test('holds its subtask up until it is there', () => {
		expect(fold([start, ask]).subtasks.get('a')?.status).toBe('awaiting-approval');
		const state = fold([start, ask, {...approved, approval: 't1'}]);
		expect(state.subtasks.get('a')?.status).toBe('running');
		expect(state.denied).toEqual([]);
	});

	test('is listed when it was no', () => {
		const state = fold([start, ask, {...approved, approval: 't1', decision: 'reject'}]);
		expect(state.denied).toEqual([
			{agent: 'teammate-1', subtask: 'a', what: 'curl example.org', by: 'person'},
		]);
	});

	test('counts as the last one was, where the same is asked for again', () => {
		const denied: RunEventBody = {
			...approved,
			approval: 't1',
			decision: 'reject',
			origin: 'nobody',
		};
		const again: RunEventBody = {...ask, approval: 't2'};
		const events = [start, ask, denied, again];
		expect(fold([...events, {...approved, approval: 't2'}]).denied).toEqual([]);
		const twice = fold([...events, {...denied, approval: 't2', origin: 'person'}]);
		expect(twice.denied).toMatchObject([{what: 'curl example.org', by: 'person'}]);
		const other: RunEventBody = {...ask, approval: 't2', subject: {...subject, subtask: 'b'}};
		expect(fold([start, ask, denied, other, {...approved, approval: 't2'}]).denied).toHaveLength(1);
	});
});
