import {expect, test} from 'vitest';
import {planWithModel} from '../../source/agents/lead.ts';
import type {OwnedRun, Run} from '../../source/core/run.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {answering, connectTo, untilCut} from '../helpers/agent-parts.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {resumeTestRun, startTestRun} from '../helpers/run-parts.ts';
import {first, second, tell, typesOf} from './changing-plans.ts';

/** Tries to interrupt a lead that is interrupted, then says how to go on. */
async function tellTwice(run: Run): Promise<void> {
	expect(await run.send({type: 'interrupt', agent: 'lead'})).toMatchObject({kind: 'refused'});
	await tell(run);
}

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
