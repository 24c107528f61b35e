import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {planHash, type Plan} from '../../source/core/plan.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {openApprovals} from '../../source/core/open-approvals.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {placed} from './every-event.ts';

const first = planOf({subtasks: [subtask('a'), subtask('b'), subtask('c'), subtask('d')]});
const second = planOf({subtasks: [subtask('a'), subtask('c'), subtask('e')]});

function proposed(revision: number, plan: Plan, origin: 'lead' | 'person' = 'lead'): RunEventBody {
	const text = JSON.stringify(plan);
	return {type: 'plan-proposed', revision, hash: planHash(plan), plan: text, origin};
}

function requested(revision: number, plan: Plan): RunEventBody {
	const subject = {kind: 'plan' as const, revision, hash: planHash(plan)};
	return {type: 'approval-requested', approval: `plan-${revision}`, subject};
}

function approved(revision: number): RunEventBody {
	return {
		type: 'approval-decided',
		approval: `plan-${revision}`,
		decision: 'approve',
		scope: 'once',
		origin: 'person',
	};
}

const running = [proposed(1, first), requested(1, first), approved(1)];
const wanted: RunEventBody = {type: 'revision-requested', by: 'person', reason: 'no c'};

describe('a wanted revision', () => {
	test('makes a plan that waits for a decision wait no more', () => {
		const waiting = fold([proposed(1, first), requested(1, first)]);
		expect(openApprovals(waiting)).toHaveLength(1);
		const state = fold([proposed(1, first), requested(1, first), wanted]);
		expect(state).toMatchObject({
			status: 'planning',
			revisionWanted: {by: 'person', reason: 'no c'},
		});
		expect(openApprovals(state)).toEqual([]);
	});

	test('leaves a run running until the lead plans, and is there until it has', () => {
		expect(fold([...running, wanted])).toMatchObject({status: 'running'});
		const planning = fold([...running, wanted, {type: 'planning-started', revision: 2}]);
		expect(planning).toMatchObject({status: 'planning', planning: 2});
		expect(planning.revisionWanted).toBeDefined();
		const done = fold([
			...running,
			wanted,
			{type: 'planning-started', revision: 2},
			proposed(2, second),
		]);
		expect(done).toMatchObject({planning: undefined, revisionWanted: undefined});
		expect(done.plan).toMatchObject({revision: 2, approved: false});
	});
});

describe('an approved revision', () => {
	const attempt = {subtask: 'a', attempt: 1};
	const start: RunEventBody = {type: 'subtask-started', ...attempt, agent: 't', base: 'b'};
	const over: RunEventBody = {type: 'subtask-completed', ...attempt, summary: '', outputs: {}};
	const work: readonly RunEventBody[] = [
		...running,
		start,
		over,
		{...start, subtask: 'b'},
		{type: 'attempt-restarted', subtask: 'b', attempt: 1, reason: 'x'},
		{type: 'subtask-skipped', subtask: 'c', reason: '"b" failed'},
	];

	test('keeps what was begun, forgets what was not, and judges anew what was skipped', () => {
		const waiting = fold([...work, proposed(2, second), requested(2, second)]);
		expect(statuses(waiting)).toEqual(['a completed', 'b ready', 'c skipped', 'd pending']);
		const state = fold([...work, proposed(2, second), requested(2, second), approved(2)]);
		expect(statuses(state)).toEqual(['a completed', 'b ready', 'c pending', 'e pending']);
		const judgedAgain = state.subtasks.get('c');
		expect(judgedAgain).toMatchObject({status: 'pending'});
		expect([judgedAgain?.reason, judgedAgain?.endedAt]).toEqual([undefined, undefined]);
	});
});

describe('a plan that the person edits', () => {
	test('takes the place of the one that waits, whose decision counts no more', () => {
		const edited = [proposed(1, first), requested(1, first), proposed(2, second, 'person')];
		const state = fold(edited);
		expect(state).toMatchObject({status: 'planning', plan: {revision: 2, origin: 'person'}});
		expect(openApprovals(state)).toEqual([]);
		expect(fold([...edited, approved(1)])).toMatchObject({plan: {approved: false}});
		expect(fold([...edited, requested(2, second)]).status).toBe('awaiting-approval');
	});
});

describe('an interruption', () => {
	const scope = {agent: 't1', subtask: 'a', attempt: 1};
	const start: RunEventBody = {type: 'subtask-started', ...scope, base: 'b'};
	const asks = (approval: string, agent = 't1'): RunEventBody => ({
		type: 'approval-requested',
		approval,
		subject: {
			kind: 'tool',
			...scope,
			agent,
			tool: 'bash',
			summary: '',
			detail: approval,
			directory: '/w',
			reason: '',
		},
	});

	test('withdraws what the agent asked for, and nothing of others', () => {
		const state = fold([
			start,
			asks('call-1'),
			asks('call-2', 't2'),
			{type: 'turn-interrupted', ...scope, turn: 1},
		]);
		expect(openApprovals(state).map(({id}) => id)).toEqual(['call-2']);
		expect(state.approvals.get('call-1')).toMatchObject({withdrawn: true, decision: undefined});
		expect(state.subtasks.get('a')?.status).toBe('running');
		expect(state.leadInterrupted).toBe(false);
	});

	test('of the lead lasts until it is told something, which it has to heed', () => {
		const interrupted: readonly RunEventBody[] = [
			{type: 'turn-interrupted', agent: 'lead', turn: 1},
			{type: 'message-sent', message: 'm1', from: 'person', to: 'lead', text: 'smaller'},
			{type: 'message-sent', message: 'm2', from: 'lead', to: 't1', text: 'hi'},
			{type: 'message-delivered', ...scope, message: 'm2', turn: 1},
		];
		expect(fold(interrupted)).toMatchObject({leadInterrupted: true, feedback: []});
		const told: RunEventBody = {type: 'message-delivered', agent: 'lead', message: 'm1', turn: 1};
		expect(fold([...interrupted, told])).toMatchObject({
			leadInterrupted: false,
			feedback: ['smaller'],
		});
	});
});

function statuses({subtasks}: RunState): readonly string[] {
	return [...subtasks.values()].map(({id, status}) => `${id} ${status}`);
}

function fold(bodies: readonly RunEventBody[]): RunState {
	return bodies.reduce(
		(state, body, index) => applyEvent(state, placed(body, index + 1)),
		emptyRunState(),
	);
}
