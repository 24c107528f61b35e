import {expect, test} from 'vitest';
import type {Lead, PlanningBrief} from '../../source/agents/agent.ts';
import {openApprovals} from '../../source/core/open-approvals.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {createEmptyWorkspace, resumeTestRun, startTestRun, verified} from '../helpers/run-parts.ts';
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

test('agents cannot make the lead plan again', async () => {
	const refusals: string[] = [];
	const {run} = await startTestRun({
		plan: first,
		async dispatch(_, context) {
			await context.sendMessage('lead', 'plan again').catch((error: unknown) => {
				refusals.push(String(error));
			});
			return verified;
		},
	});
	expect((await run.done).outcome).toBe('completed');
	expect(refusals).toEqual(
		first.subtasks.map(() => expect.stringContaining('nobody is called "lead"')),
	);
	expect(run.state().plan?.revision).toBe(1);
});
