import {expect, test} from 'vitest';
import type {Lead, PlanningBrief} from '../../source/agents/agent.ts';
import {FailureError} from '../../source/core/failure.ts';
import {planOf, resumeTestRun, startTestRun, subtask} from '../helpers/run-parts.ts';

const plan = planOf({subtasks: [subtask('a')]});
const better = planOf({subtasks: [subtask('b')]});

function leadWith(...plans: readonly (typeof plan)[]): {lead: Lead; briefs: PlanningBrief[]} {
	const briefs: PlanningBrief[] = [];
	const lead: Lead = async brief => {
		briefs.push(brief);
		return {plan: plans[briefs.length - 1] ?? plan, origin: 'lead'};
	};
	return {lead, briefs};
}

const failing = async () => [
	{criterion: 'tests', result: 'fail' as const, reasons: ['there is no check'], hint: 'give one'},
];

test('what the criteria say goes back to the lead, at most twice; then the run is rejected', async () => {
	const {lead, briefs} = leadWith(plan, plan, plan);
	const {run, events} = await startTestRun({
		settings: {approve: 'criteria'},
		parts: {lead, judgePlan: failing},
	});
	expect(await run.done).toMatchObject({
		outcome: 'rejected',
		exitCode: 3,
		reason: 'the criteria rejected the plan: tests: there is no check (give one)',
	});
	expect(briefs).toHaveLength(3);
	expect(briefs[2]?.feedback).toEqual(['tests: there is no check', 'tests: there is no check']);
	expect(events.at(-1)?.type).toBe('run-finished');
});

test('a plan from a file that the criteria reject is nobody’s to revise', async () => {
	const {run} = await startTestRun({
		plan,
		settings: {approve: 'criteria'},
		parts: {judgePlan: failing},
	});
	expect(await run.done).toMatchObject({outcome: 'rejected'});
});

test('with --approve all it is approved although a criterion fails, and the log says by what', async () => {
	const {run, events} = await startTestRun({
		plan,
		settings: {approve: 'all'},
		parts: {judgePlan: failing},
	});
	expect(await run.done).toMatchObject({outcome: 'completed'});
	expect(events.find(({type}) => type === 'approval-decided')).toMatchObject({origin: 'all'});
});

test('a rejection with feedback gives a new revision, which needs a decision of its own', async () => {
	const {lead, briefs} = leadWith(plan, better);
	const {run} = await startTestRun({settings: {approve: 'ask', attended: true}, parts: {lead}});
	run.subscribe(event => {
		if (event.type === 'approval-requested') {
			const first = event.approval === 'plan-1';
			void run.send({
				type: 'decide',
				approval: event.approval,
				decision: first ? 'reject' : 'approve',
				scope: 'once',
				...(first ? {feedback: 'do b'} : {}),
			});
		}
	});
	const report = await run.done;
	expect(report.subtasks.map(({id}) => id)).toEqual(['b']);
	expect(briefs[1]).toMatchObject({previous: plan, feedback: ['do b'], progress: []});
});

test('a rejection without a word ends the run', async () => {
	const {run} = await startTestRun({plan, settings: {approve: 'ask', attended: true}});
	run.subscribe(event => {
		if (event.type === 'approval-requested') {
			void run.send({type: 'decide', approval: event.approval, decision: 'reject', scope: 'once'});
		}
	});
	expect(await run.done).toMatchObject({outcome: 'rejected', exitCode: 3});
});

test('where nobody can decide the run stops, and goes on when the criteria may', async () => {
	const {run, store} = await startTestRun({plan, settings: {approve: 'ask'}});
	expect(await run.done).toMatchObject({outcome: 'undecided', exitCode: 6});
	const resumed = await resumeTestRun(store, {plan, settings: {approve: 'criteria'}});
	expect(await resumed.run.done).toMatchObject({outcome: 'completed'});
});

test('--plan-only stops after planning; resume asks the lead for nothing', async () => {
	const {lead, briefs} = leadWith(plan);
	const {run, store} = await startTestRun({settings: {planOnly: true}, parts: {lead}});
	expect(await run.done).toMatchObject({outcome: 'planned', exitCode: 0});
	const resumed = await resumeTestRun(store, {parts: {lead}, settings: {planOnly: false}});
	expect(await resumed.run.done).toMatchObject({outcome: 'completed'});
	expect(briefs).toHaveLength(1);
});

test('a lead that cannot be reached leaves with exit 4, whatever the kind of failure', async () => {
	const lead: Lead = async () => {
		throw new FailureError('transient', 'it answers 500');
	};
	const {run} = await startTestRun({parts: {lead}});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'no-provider', exitCode: 4});
	expect(report.reason).toContain('it answers 500');
});
