import {expect} from 'vitest';
import type {Lead, PlanningBrief} from '../../source/agents/agent.ts';
import type {Plan} from '../../source/core/plan.ts';
import type {RunEvent, RunEventType} from '../../source/core/run-event.ts';
import type {Run} from '../../source/core/run.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {planOf, subtask, verified} from '../helpers/run-parts.ts';

/** Settings of a run whose plans wait for the decision of a person. */
export const ask = {approve: 'ask', attended: true} as const;

/** What the lead plans at first. */
export const first = planOf({
	subtasks: [
		subtask('a'),
		subtask('b', {dependsOn: ['a']}),
		subtask('c', {dependsOn: ['a', 'b']}),
		subtask('d', {dependsOn: ['c']}),
	],
});

/** What the person wants instead: another last subtask, in place of two. */
export const second = planOf({
	subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('e', {dependsOn: ['b']})],
});

/** A lead that gives these plans, one after the other, and the briefs that it got. */
export function leadWith(...plans: readonly Plan[]): {lead: Lead; briefs: PlanningBrief[]} {
	const briefs: PlanningBrief[] = [];
	const lead: Lead = async brief => {
		briefs.push(brief);
		return {plan: plans[briefs.length - 1] ?? first, origin: 'lead'};
	};
	return {lead, briefs};
}

/** Says something to the lead. */
export function tell(run: Run, text = 'do e instead'): ReturnType<Run['send']> {
	return run.send({type: 'message', to: 'lead', text});
}

/** Decides on a plan, for this once. */
export async function decide(
	run: Run,
	approval: string,
	decision: 'approve' | 'reject' = 'approve',
) {
	return run.send({type: 'decide', approval, decision, scope: 'once'});
}

/** Answers each request for a decision on a plan, as soon as somebody waits for it. */
export function onRequest(run: Run, act: (approval: string) => Promise<unknown>): void {
	run.subscribe(event => {
		if (event.type === 'approval-requested') {
			void act(event.approval);
		}
	});
}

/** The events of some types, in their order. */
export function typesOf(
	events: readonly RunEvent[],
	...wanted: readonly RunEventType[]
): RunEvent[] {
	return events.filter(({type}) => wanted.includes(type));
}

/** Tells the lead in the middle of `b`; asks it for the second plan when it is told. */
export function change(run: () => Run) {
	const briefs: PlanningBrief[] = [];
	const ran: string[] = [];
	const dispatch: Dispatcher = async spec => {
		ran.push(`${spec.subtask.id} ${spec.attempt}`);
		if (spec.subtask.id === 'b' && run().state().messages.size === 0) {
			expect(await tell(run())).toEqual({kind: 'taken'});
		}

		return verified;
	};
	const lead: Lead = async brief => {
		briefs.push(brief);
		return {plan: brief.feedback.length === 0 ? first : second, origin: 'lead'};
	};
	return {dispatch, parts: {lead}, briefs, ran};
}
