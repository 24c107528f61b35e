import {expect, test} from 'vitest';
import {planWithModel} from '../../source/agents/lead.ts';
import type {Lead, PlanningBrief} from '../../source/agents/agent.ts';
import type {Plan} from '../../source/core/plan.ts';
import {maxRevisions} from '../../source/core/revision.ts';
import type {RunEvent, RunEventType} from '../../source/core/run-event.ts';
import type {Run} from '../../source/core/run.ts';
import {openApprovals} from '../../source/core/run-state.ts';
import {attachRun} from '../../source/engine/attach.ts';
import type {Dispatcher} from '../../source/engine/attempt-context.ts';
import type {OwnedRun} from '../../source/engine/launch.ts';
import {createMemoryStore} from '../../source/store/memory-store.ts';
import {answering, connectTo, untilCut} from '../helpers/agent-parts.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {
	createEmptyWorkspace,
	planOf,
	quickClock,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';

const ask = {approve: 'ask', attended: true} as const;
const first = planOf({
	subtasks: [
		subtask('a'),
		subtask('b', {dependsOn: ['a']}),
		subtask('c', {dependsOn: ['a', 'b']}),
		subtask('d', {dependsOn: ['c']}),
	],
});
/** What the person wants instead: another last subtask, in place of two. */
const second = planOf({
	subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('e', {dependsOn: ['b']})],
});

function leadWith(...plans: readonly Plan[]): {lead: Lead; briefs: PlanningBrief[]} {
	const briefs: PlanningBrief[] = [];
	const lead: Lead = async brief => {
		briefs.push(brief);
		return {plan: plans[briefs.length - 1] ?? first, origin: 'lead'};
	};
	return {lead, briefs};
}

function tell(run: Run, text = 'do e instead'): ReturnType<Run['send']> {
	return run.send({type: 'message', to: 'lead', text});
}

async function decide(run: Run, approval: string, decision: 'approve' | 'reject' = 'approve') {
	return run.send({type: 'decide', approval, decision, scope: 'once'});
}

/** Answers each request for a decision on a plan, as soon as somebody waits for it. */
function onRequest(run: Run, act: (approval: string) => Promise<unknown>): void {
	run.subscribe(event => {
		if (event.type === 'approval-requested') {
			void act(event.approval);
		}
	});
}

/** Tries to interrupt a lead that is interrupted, then says how to go on. */
async function tellTwice(run: Run): Promise<void> {
	expect(await run.send({type: 'interrupt', agent: 'lead'})).toMatchObject({kind: 'refused'});
	await tell(run);
}

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

function typesOf(events: readonly RunEvent[], ...wanted: readonly RunEventType[]): RunEvent[] {
	return events.filter(({type}) => wanted.includes(type));
}

test('what the lead is told while its plan waits makes the next revision; the old one waits no more', async () => {
	const {lead, briefs} = leadWith(first, second);
	const {run, events} = await startTestRun({parts: {lead}, settings: ask});
	onRequest(run, async approval => {
		if (approval === 'plan-2') {
			await decide(run, approval);
			return;
		}

		expect(await tell(run, 'do e instead\nof c')).toEqual({kind: 'taken'});
		expect(run.state()).toMatchObject({
			status: 'planning',
			revisionWanted: {by: 'person', reason: 'do e instead'},
		});
		expect(openApprovals(run.state())).toEqual([]);
		expect(await decide(run, 'plan-1')).toMatchObject({
			kind: 'refused',
			reason: expect.stringContaining('earlier revision'),
		});
	});
	const report = await run.done;
	expect(report.outcome).toBe('completed');
	expect(report.subtasks.map(({id}) => id)).toEqual(['a', 'b', 'e']);
	expect(briefs[1]).toMatchObject({
		previous: first,
		feedback: ['do e instead\nof c'],
		progress: [],
	});
	expect(
		typesOf(events, 'approval-decided', 'message-delivered', 'revision-requested'),
	).toMatchObject([
		{type: 'revision-requested', by: 'person'},
		{type: 'message-delivered', agent: 'lead', message: 'm1'},
		{type: 'approval-decided', approval: 'plan-2'},
	]);
	expect(run.state().approvals.get('plan-1')?.decision).toBeUndefined();
});

test('what the lead is told while it plans makes the next revision, before anybody decides', async () => {
	const briefs: PlanningBrief[] = [];
	const lead: Lead = async brief => {
		briefs.push(brief);
		if (briefs.length === 1) {
			expect(await tell(run)).toEqual({kind: 'taken'});
		}

		return {plan: briefs.length === 1 ? first : second, origin: 'lead'};
	};
	const {run, events} = await startTestRun({parts: {lead}});
	expect((await run.done).outcome).toBe('completed');
	expect(briefs[1]?.feedback).toEqual(['do e instead']);
	expect(typesOf(events, 'approval-requested')).toMatchObject([{subject: {revision: 2}}]);
	expect(
		typesOf(events, 'subtask-started').map(event => 'subtask' in event && event.subtask),
	).toEqual(['a', 'b', 'e']);
});

/** Tells the lead in the middle of `b`; asks it for the second plan when it is told. */
function change(run: () => Run) {
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

test('while the plan is carried out, what runs ends, nothing starts, and the lead plans with what there is', async () => {
	const {briefs, ran, ...given} = change(() => run);
	const statuses: string[] = [];
	const {run, events} = await startTestRun(given);
	run.subscribe((event, state) => {
		if (event.type === 'planning-started') {
			statuses.push(...[...state.subtasks.values()].map(({id, status}) => `${id} ${status}`));
		}
	});
	const report = await run.done;
	expect(report.outcome).toBe('completed');
	expect(statuses).toEqual(['a completed', 'b completed', 'c pending', 'd pending']);
	expect(ran).toEqual(['a 1', 'b 1', 'e 1']);
	expect(report.subtasks.map(({id, status}) => `${id} ${status}`)).toEqual([
		'a completed',
		'b completed',
		'e completed',
	]);
	expect(briefs[1]).toMatchObject({
		previous: first,
		feedback: ['do e instead'],
		progress: [
			{id: 'a', status: 'completed', summary: 'done'},
			{id: 'b', status: 'completed'},
			{id: 'c', status: 'pending'},
			{id: 'd', status: 'pending'},
		],
	});
	const order = events.map(({type}) => type);
	expect(order.indexOf('revision-requested')).toBeLessThan(order.lastIndexOf('planning-started'));
	expect(run.state().revisionWanted).toBeUndefined();
});

test('wherever a crash cuts the change of plans off, it comes to the same end', async () => {
	const whole = change(() => played);
	const store = createMemoryStore({redact: text => text});
	const {run: played} = await startTestRun({store, ...whole});
	await played.done;
	const {events} = await store.read('test-run');
	for (let count = 1; count < events.length - 1; count += 1) {
		const after = `after ${count} events (${events[count - 1]?.type})`;
		const crashed = await crashedStore(store, events, count);
		const {briefs, ran, ...given} = change(() => run);
		const {run} = await resumeTestRun(crashed, given);
		run.subscribe((event, state) => {
			if (event.type === 'planning-started' && event.revision > 1) {
				expect(state.subtasks.get('b')?.status, after).toBe('completed');
			}
		});
		const report = await run.done;
		expect(report.outcome, after).toBe('completed');
		expect(
			report.subtasks.map(({id, status}) => `${id} ${status}`),
			after,
		).toEqual(['a completed', 'b completed', 'e completed']);
		const all = (await crashed.read('test-run')).events;
		expect(typesOf(all, 'message-delivered'), after).toHaveLength(1);
		expect(typesOf(all, 'message-sent'), after).toHaveLength(1);
		expect(
			ran.filter(id => id.startsWith('c')),
			after,
		).toEqual([]);
		expect(
			briefs.every(({feedback}) => feedback.length <= 1),
			after,
		).toBe(true);
	}
});

test('a message that waits for a run that nobody works on is heeded before anything starts', async () => {
	const {run, store} = await startTestRun({
		plan: first,
		async dispatch() {
			run.stop('interrupted', 'stopped');
			return verified;
		},
	});
	await run.done;
	await store.post('test-run', {type: 'message', to: 'lead', text: 'do e instead'});
	const {briefs, ran, ...given} = change(() => resumed.run);
	const resumed = await resumeTestRun(store, given);
	expect((await resumed.run.done).outcome).toBe('completed');
	expect(ran.filter(id => !id.startsWith('a'))).toEqual(['b 1', 'e 1']);
	expect(briefs).toMatchObject([{feedback: ['do e instead'], previous: first}]);
	const order = resumed.events.map(({type}) => type);
	expect(order.indexOf('plan-proposed')).toBeLessThan(
		resumed.events.findIndex(event => event.type === 'subtask-started' && event.subtask === 'b'),
	);
});

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
		{kind: 'refused', reason: 'the plan went through 5 revisions, and there is no other'},
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

test('a paused run makes its new plan when it goes on', async () => {
	const {ran, ...given} = change(() => run);
	const {run, events} = await startTestRun(given);
	run.subscribe((event, state) => {
		if (event.type === 'revision-requested') {
			void run.send({type: 'pause'});
		} else if (event.type === 'agent-waiting' && event.for === 'paused') {
			expect(state.status).toBe('paused');
			expect(event.agent).toBe('lead');
			void run.send({type: 'unpause'});
		}
	});
	expect((await run.done).outcome).toBe('completed');
	expect(ran).toEqual(['a 1', 'b 1', 'e 1']);
	expect(
		typesOf(events, 'run-paused', 'run-unpaused', 'planning-started').map(({type}) => type),
	).toEqual(['planning-started', 'run-paused', 'run-unpaused', 'planning-started']);
});

test('once the result is being delivered it is too late', async () => {
	const receipts: unknown[] = [];
	const workspace = {
		...createEmptyWorkspace(),
		async planDelivery() {
			receipts.push(await tell(run), await run.send({type: 'retry', subtask: 'a'}));
			return {mode: 'apply', paths: []} as const;
		},
	};
	const {run} = await startTestRun({plan: first, parts: {workspace}});
	expect((await run.done).outcome).toBe('completed');
	expect(receipts).toMatchObject([{kind: 'refused'}, {kind: 'refused'}]);
});

test('agents cannot make the lead plan anew', async () => {
	const {run} = await startTestRun({
		plan: first,
		async dispatch(_, context) {
			expect(() => context.sendMessage('lead', 'plan anew')).toThrow('nobody is called "lead"');
			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
});

test('a lead that is interrupted waits for a word, which it heeds in the same revision', async () => {
	const store = createMemoryStore({redact: text => text});
	const play = async (start: (parts: object) => Promise<{run: OwnedRun}>) => {
		const prompts: string[] = [];
		const connect = connectTo(async ({messages}, signal) => {
			prompts.push(JSON.stringify(messages));
			if (!prompts.at(-1)?.includes('do e instead')) {
				expect(await run.send({type: 'interrupt', agent: 'lead'})).toEqual({kind: 'taken'});
				return untilCut(signal);
			}

			return answering(JSON.stringify(second));
		});
		const {run} = await start({connect, lead: planWithModel});
		run.subscribe((event, state) => {
			if (event.type === 'agent-waiting' && event.for === 'message') {
				expect(state.agents.get('lead')).toMatchObject({waitsFor: 'message'});
				void tellTwice(run);
			}
		});
		return {report: await run.done, prompts, run};
	};
	const {report, prompts, run} = await play(async parts => startTestRun({store, parts}));
	expect(report.outcome).toBe('completed');
	expect(prompts).toHaveLength(2);
	expect(prompts[1]).toContain('# What the person says');
	expect(run.state().plan).toMatchObject({revision: 1, origin: 'lead'});
	const {events} = await store.read('test-run');
	expect(typesOf(events, 'turn-interrupted', 'model-call-failed')).toMatchObject([
		{type: 'turn-interrupted', agent: 'lead', turn: 1},
		{type: 'model-call-failed', failure: {kind: 'cancelled'}},
	]);
	const moment = events.findIndex(({type}) => type === 'plan-proposed');
	for (let count = 1; count <= moment; count += 1) {
		const crashed = await crashedStore(store, events, count);
		const resumed = await play(async parts => resumeTestRun(crashed, {parts}));
		const after = `after ${count} events (${events[count - 1]?.type})`;
		expect(resumed.report.outcome, after).toBe('completed');
		expect(typesOf((await crashed.read('test-run')).events, 'message-delivered')).toHaveLength(1);
	}
});

test('a plan that comes while the lead is interrupted is not taken', async () => {
	let asked = 0;
	const connect = connectTo(async () => {
		asked += 1;
		if (asked === 1) {
			await run.send({type: 'interrupt', agent: 'lead'});
		}

		return answering(JSON.stringify(asked === 1 ? first : second));
	});
	const {run} = await startTestRun({parts: {connect, lead: planWithModel}});
	run.subscribe(({type}) => {
		if (type === 'agent-waiting') {
			void tell(run);
		}
	});
	const report = await run.done;
	expect(report.subtasks.map(({id}) => id)).toEqual(['a', 'b', 'e']);
	expect(run.state().plan?.revision).toBe(1);
});

test('a plan that the person edits takes the place of the one that waits, and waits for its own decision', async () => {
	const {lead, briefs} = leadWith(first);
	const judged: string[] = [];
	const {run, store, events} = await startTestRun({
		parts: {
			lead,
			async judgePlan({subtasks}) {
				judged.push(subtasks.map(({id}) => id).join(''));
				return [];
			},
		},
		settings: ask,
	});
	const stop = new AbortController();
	onRequest(run, async approval => {
		if (approval === 'plan-2') {
			expect(run.state().plan).toMatchObject({revision: 2, origin: 'person', approved: false});
			expect(run.state().status).toBe('awaiting-approval');
			expect(await decide(run, 'plan-1')).toMatchObject({kind: 'refused'});
			await decide(run, 'plan-2');
			expect(await run.send({type: 'revise-plan', plan: {subtasks: []}})).toMatchObject({
				reason: expect.stringContaining('no plan waits'),
			});
			return;
		}

		const other = await attachRun(store, 'test-run', {clock: quickClock, signal: stop.signal});
		const bad = {subtasks: [subtask('x', {dependsOn: ['y']}), {id: 'z'}]};
		expect(await other.send({type: 'revise-plan', plan: bad as never})).toMatchObject({
			kind: 'refused',
			reason: expect.stringMatching(/"y" is not a subtask of this plan/),
		});
		expect(openApprovals(run.state())).toHaveLength(1);
		const edited = {subtasks: [subtask('x')], checks: ['make']};
		expect(await other.send({type: 'revise-plan', plan: edited as never})).toEqual({kind: 'taken'});
	});
	const report = await run.done;
	stop.abort();
	expect(report.outcome).toBe('completed');
	expect(report.subtasks.map(({id}) => id)).toEqual(['x']);
	expect(judged).toEqual(['abcd', 'x']);
	expect(briefs).toHaveLength(1);
	expect(typesOf(events, 'plan-proposed')).toMatchObject([
		{origin: 'lead'},
		{origin: 'person', inbox: expect.any(String)},
	]);
});

test('an edited plan may not undo what is finished either, and outlives the process', async () => {
	const {briefs, ran, ...given} = change(() => run);
	const {run, store} = await startTestRun({...given, settings: ask});
	onRequest(run, async approval => {
		if (approval === 'plan-1') {
			await decide(run, approval);
		} else if (approval === 'plan-2') {
			const plan = planOf({subtasks: [subtask('a'), subtask('new')]});
			expect(await run.send({type: 'revise-plan', plan: plan as never})).toMatchObject({
				reason: expect.stringContaining('"b" is completed, so it has to stay'),
			});
			const {subtasks} = second;
			const edited = {subtasks: [...subtasks, subtask('new')]};
			await run.send({type: 'revise-plan', plan: edited as never});
		} else {
			run.stop('interrupted', 'stopped');
		}
	});
	await run.done;
	const resumed = await resumeTestRun(store, {...given, settings: {approve: 'all'}});
	expect((await resumed.run.done).outcome).toBe('completed');
	expect(ran.toSorted()).toEqual(['a 1', 'b 1', 'e 1', 'new 1']);
	expect(briefs).toHaveLength(2);
});

test('what looks like a secret is not taken into a plan', async () => {
	const {run} = await startTestRun({
		plan: first,
		settings: ask,
		redact: text => text.replaceAll('key-1', '[x]'),
	});
	onRequest(run, async () => {
		const plan = {subtasks: [subtask('x', {instructions: 'use key-1'})]};
		expect(await run.send({type: 'revise-plan', plan: plan as never})).toMatchObject({
			reason: expect.stringContaining('secret'),
		});
		await run.send({type: 'cancel'});
	});
	expect((await run.done).outcome).toBe('cancelled');
});
