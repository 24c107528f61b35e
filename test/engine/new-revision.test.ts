import {expect, test} from 'vitest';
import {planWithModel} from '../../source/agents/lead.ts';
import {maxRevisions} from '../../source/core/revision.ts';
import type {RunEventType} from '../../source/core/run-event.ts';
import type {Run} from '../../source/core/run.ts';
import {answering, connectTo, untilCut} from '../helpers/agent-parts.ts';
import {
	planOf,
	quickClock,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';
import {
	ask,
	change,
	decide,
	first,
	leadWith,
	onRequest,
	second,
	tell,
	typesOf,
} from './changing-plans.ts';

/** Resolves at an event of a subtask. */
async function once(run: Run, type: RunEventType, id: string): Promise<void> {
	await new Promise<void>(resolve => {
		const stop = run.subscribe(event => {
			if (event.type === type && 'subtask' in event && event.subtask === id) {
				stop();
				resolve();
			}
		});
	});
}

test('a new revision keeps what is finished and uses no id again; what breaks this goes back to the lead', async () => {
	const plans = [
		first,
		// Finished work is changed and left out, and a name is used again.
		planOf({subtasks: [subtask('b', {instructions: 'do b in another way'}), subtask('x')]}),
		second,
	];
	const prompts: string[] = [];
	const connect = connectTo(async ({messages}) => {
		prompts.push(messages.map(message => ('text' in message ? message.text : '')).join('\n'));
		return answering(JSON.stringify(plans[prompts.length - 1]));
	});
	const {dispatch} = change(() => run);
	const {run, events} = await startTestRun({dispatch, parts: {connect, lead: planWithModel}});
	expect((await run.done).outcome).toBe('completed');
	expect(typesOf(events, 'plan-refused')).toMatchObject([
		{
			revision: 2,
			problems: [
				'subtasks: "a" is completed, so it has to stay',
				expect.stringMatching(/^subtasks\[0\]: "b" is completed, so it has to stay exactly/),
			],
		},
	]);
	expect(prompts[1]).toContain('- a: completed. done\n- b: completed. done\n- c: pending');
	expect(prompts[1]).toContain('do e instead');
});

test('a lead that gives no valid revision leaves the plan as it was', async () => {
	const connect = connectTo(async ({messages}) =>
		answering(
			JSON.stringify(messages).includes('do e instead') ? 'no plan' : JSON.stringify(first),
		),
	);
	const {dispatch, ran} = change(() => run);
	const {run} = await startTestRun({dispatch, parts: {connect, lead: planWithModel}});
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toEqual(['a 1', 'b 1', 'c 1', 'd 1']);
	expect(run.state().plan).toMatchObject({revision: 2, origin: 'fallback', approved: true});
});

test('a begun subtask that a revision leaves out is cancelled; skipped ones are judged anew', async () => {
	const red = {kind: 'check-failed', message: 'red'} as const;
	const before = planOf({
		subtasks: [
			subtask('wrong', {maxAttempts: 1}),
			subtask('slow'),
			subtask('after', {dependsOn: ['wrong']}),
		],
	});
	const repaired = planOf({
		subtasks: [
			subtask('wrong', {maxAttempts: 1}),
			subtask('repair', {dependsOn: [{subtask: 'wrong', when: 'failure'}]}),
			subtask('after', {dependsOn: ['wrong', 'repair'], join: 'any'}),
		],
	});
	const {lead} = leadWith(before, repaired);
	const ran: string[] = [];
	const {run, events} = await startTestRun({
		// The next attempt of what fails now would come much later.
		parts: {lead, clock: {...quickClock, sleep: async (_, signal) => untilCut(signal)}},
		async dispatch({subtask: {id}, attempt}) {
			ran.push(`${id} ${attempt}`);
			if (id === 'slow') {
				const told = once(run, 'attempt-failed', 'slow').then(async () => tell(run, 'repair it'));
				void told;
				return {kind: 'failed', failure: {...red, retryAfterMs: 60_000}};
			}

			return id === 'wrong' ? {kind: 'failed', failure: red} : verified;
		},
	});
	const report = await run.done;
	expect(report.outcome).toBe('completed');
	expect(report.subtasks.map(({id, status}) => `${id} ${status}`)).toEqual([
		'wrong failed',
		'slow cancelled',
		'after completed',
		'repair completed',
	]);
	expect(ran).toEqual(['wrong 1', 'slow 1', 'repair 1', 'after 1']);
	expect(typesOf(events, 'subtask-cancelled')).toMatchObject([
		{subtask: 'slow', reason: 'revision 2 of the plan leaves it out'},
	]);
});

test('what an earlier process began ends before the lead plans, and is not tried again', async () => {
	const {run, store} = await startTestRun({
		plan: planOf({subtasks: [subtask('slow'), subtask('next', {dependsOn: ['slow']})]}),
		async dispatch(_, {signal}) {
			await tell(run, 'leave it');
			run.stop('interrupted', 'stopped');
			return untilCut(signal);
		},
	});
	await run.done;
	const ran: string[] = [];
	const {lead, briefs} = leadWith(planOf({subtasks: [subtask('other')]}));
	const resumed = await resumeTestRun(store, {
		parts: {lead},
		async dispatch({subtask: {id}, attempt}) {
			ran.push(`${id} ${attempt}`);
			return id === 'slow'
				? {kind: 'failed', failure: {kind: 'check-failed', message: 'red'}}
				: verified;
		},
	});
	expect((await resumed.run.done).outcome).toBe('completed');
	expect(ran).toEqual(['slow 1', 'other 1']);
	expect(briefs[0]?.progress).toEqual([
		{id: 'slow', status: 'ready', summary: 'red'},
		{id: 'next', status: 'pending', summary: ''},
	]);
});

test('a revision that is the same plan still waits for a decision of its own', async () => {
	const {lead} = leadWith(first, first);
	const {run} = await startTestRun({parts: {lead}, settings: ask});
	onRequest(run, async approval => {
		if (approval === 'plan-1') {
			await tell(run);
		} else {
			expect(await decide(run, 'plan-1')).toMatchObject({kind: 'refused'});
			expect(run.state().plan?.approved).toBe(false);
			await decide(run, approval);
		}
	});
	expect((await run.done).outcome).toBe('completed');
});

test('when there are no revisions left a message is refused, and the run goes on', async () => {
	const refusals: unknown[] = [];
	const {lead, briefs} = leadWith();
	const {run} = await startTestRun({parts: {lead}, settings: ask});
	onRequest(run, async approval => {
		const receipt = await tell(run, `again after ${approval}`);
		if (receipt.kind === 'refused') {
			refusals.push(receipt);
			await decide(run, approval);
		}
	});
	expect((await run.done).outcome).toBe('completed');
	expect(briefs).toHaveLength(maxRevisions);
	expect(refusals).toEqual([
		{kind: 'refused', reason: 'the plan reached the limit of 5 revisions'},
	]);
});

test('a new revision that is rejected without a word ends the run, also when work is done', async () => {
	const {briefs, ran, ...given} = change(() => run);
	const {run} = await startTestRun({...given, settings: ask});
	onRequest(run, async approval =>
		decide(run, approval, approval === 'plan-1' ? 'approve' : 'reject'),
	);
	expect((await run.done).outcome).toBe('rejected');
	expect(ran).toEqual(['a 1', 'b 1']);
	expect(briefs).toHaveLength(2);
});

test('the criteria judge a new revision like any other', async () => {
	const {ran, ...given} = change(() => run);
	const judged: string[] = [];
	const {run} = await startTestRun({
		...given,
		parts: {
			...given.parts,
			async judgePlan({subtasks}) {
				judged.push(subtasks.map(({id}) => id).join(''));
				const result = judged.length === 2 ? 'fail' : 'pass';
				return [{criterion: 'tests', result, reasons: ['no check']}];
			},
		},
		settings: {approve: 'criteria'},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(judged).toEqual(['abcd', 'abe', 'abe']);
	expect(run.state().plan?.revision).toBe(3);
	expect(ran).toEqual(['a 1', 'b 1', 'e 1']);
});
