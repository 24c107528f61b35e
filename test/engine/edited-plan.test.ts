import {expect, test} from 'vitest';
import {openApprovals} from '../../source/core/open-approvals.ts';
import {attachRun} from '../../source/engine/follow/attach.ts';
import {planOf, quickClock, resumeTestRun, startTestRun, subtask} from '../helpers/run-parts.ts';
import {
	ask,
	change,
	decide,
	first,
	leadWith,
	onRequest,
	second,
	typesOf,
} from './changing-plans.ts';

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
				reason: expect.stringContaining('no plan is awaiting approval'),
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
