import {applyEvent} from '../../source/core/fold.ts';
import {planHash} from '../../source/core/plan.ts';
import type {RunEvent, RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {placed} from './every-event.ts';

/** A plan of two subtasks, b after a. */
export const plan = planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]});

const hash = planHash(plan);

/** The plan, proposed by the lead. */
export const proposed = {
	type: 'plan-proposed',
	revision: 1,
	hash,
	plan: JSON.stringify(plan),
	origin: 'lead',
} satisfies RunEventBody;

/** The question whether to approve the plan. */
export const requested = {
	type: 'approval-requested',
	approval: 'p1',
	subject: {kind: 'plan', revision: 1, hash},
} satisfies RunEventBody;

/** The answer of a person: yes. */
export const approved = {
	type: 'approval-decided',
	approval: 'p1',
	decision: 'approve',
	scope: 'once',
	origin: 'person',
} satisfies RunEventBody;

/** The state after these events, one second apart. */
export function fold(bodies: readonly RunEventBody[]): RunState {
	return foldAll(bodies.map((body, index) => placed(body, index + 1)));
}

/** The state after these events; `from` is what it was before, which is changed. */
export function foldAll(events: readonly RunEvent[], from: RunState = emptyRunState()): RunState {
	return events.reduce((state, event) => applyEvent(state, event), from);
}
