import {expect, test} from 'vitest';
import type {SteeringCommand} from '../../source/core/steering-command.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {OwnedRun} from '../../source/core/run.ts';
import {untilCut} from '../helpers/agent-parts.ts';
import {planOf, startTestRun, subtask, verified} from '../helpers/run-parts.ts';

const plan = planOf({
	subtasks: [subtask('done'), subtask('busy', {dependsOn: ['done']})],
});

/** A run whose subtask `done` is completed and whose subtask `busy` is under way until it is ended. */
async function startBusyRun() {
	const {run, store, events} = await startTestRun({
		plan,
		teammates: 1,
		settings: {attended: true},
		dispatch: async ({subtask: {id}}, {signal}) => (id === 'done' ? verified : untilCut(signal)),
	});
	await until(run, () => run.state().subtasks.get('busy')?.status === 'running');
	return {run, store, events};
}

async function until(run: OwnedRun, holds: () => boolean): Promise<void> {
	await new Promise<void>(resolve => {
		const look = () => {
			if (holds()) {
				resolve();
			}
		};

		run.subscribe(look);
		look();
	});
}

async function end(run: OwnedRun): Promise<void> {
	run.stop('interrupted', 'stopped');
	await run.done;
}

test.each<[string, SteeringCommand, Partial<RunEvent>]>([
	['a pause', {type: 'pause'}, {type: 'run-paused', reason: 'by the person'}],
	[
		'a message to a teammate',
		{type: 'message', to: 'teammate-1', text: 'hello'},
		{type: 'message-sent', from: 'person', to: 'teammate-1', text: 'hello'},
	],
	[
		'a message to a subtask',
		{type: 'message', to: 'busy', text: 'hello'},
		{type: 'message-sent', from: 'person', to: 'busy'},
	],
	[
		'a message to the lead',
		{type: 'message', to: 'lead', text: 'hello'},
		{type: 'message-sent', from: 'person', to: 'lead'},
	],
	[
		'another budget',
		{type: 'set-budget', maxTokens: 5_000},
		{type: 'budget-changed', maxTokens: 5_000, maxUsd: null},
	],
	[
		'the cancellation of a subtask',
		{type: 'cancel', subtask: 'busy'},
		{type: 'cancel-requested', subtask: 'busy'},
	],
	['the cancellation of the run', {type: 'cancel'}, {type: 'cancel-requested'}],
])(
	'%s that comes through the inbox leaves one receipt with its id',
	async (_, command, receipt) => {
		const {run, store, events} = await startBusyRun();
		const id = await store.post('test-run', command);
		await until(run, () => run.state().inboxSeen.has(id));
		await end(run);
		expect(events.filter(event => 'inbox' in event)).toMatchObject([{...receipt, inbox: id}]);
		const stillThere = await store.open('test-run', {takeOver: false});
		expect(await stillThere.log.inbox.take()).toEqual([]);
	},
);

test.each<[string, SteeringCommand, string]>([
	['to go on while nothing is paused', {type: 'unpause'}, 'the run is running'],
	['to cancel what is over', {type: 'cancel', subtask: 'done'}, 'done is completed'],
	['to cancel what is not there', {type: 'cancel', subtask: 'x'}, 'unknown subtask "x"'],
	[
		'to tell nobody something',
		{type: 'message', to: 'x', text: 'hello'},
		'nobody is called "x"; there are: lead, teammate-1, done, busy',
	],
	[
		'to tell something to a subtask that is over',
		{type: 'message', to: 'done', text: 'hello'},
		'nobody is called "done"; there are: lead, teammate-1, done, busy',
	],
	[
		'to interrupt nobody',
		{type: 'interrupt', agent: 'x'},
		'unknown agent "x"; the agents are: lead, teammate-1',
	],
	[
		'to decide on what nobody asked',
		{type: 'decide', approval: 'x', decision: 'approve', scope: 'once'},
		'unknown request "x"',
	],
	[
		'to edit a plan that nobody waits for',
		{type: 'revise-plan', plan: {}},
		'no plan is awaiting approval',
	],
])('a command %s is refused with the reason, however it comes', async (_, command, reason) => {
	const {run, store, events} = await startBusyRun();
	const before = events.length;
	expect(await run.send(command)).toEqual({kind: 'refused', reason});
	expect(events.slice(before), 'nothing has happened').toEqual([]);
	const file = await store.post('test-run', command);
	await until(run, () => run.state().inboxSeen.has(file));
	expect(events.slice(before)).toMatchObject([{type: 'inbox-refused', file, problem: reason}]);
	expect(run.state()).toMatchObject({status: 'running', cancelRequested: false});
	await end(run);
});

test('a run is paused once, and goes on once', async () => {
	const {run} = await startBusyRun();
	expect(await run.send({type: 'pause'})).toEqual({kind: 'taken'});
	expect(await run.send({type: 'pause'})).toEqual({kind: 'refused', reason: 'the run is paused'});
	expect(await run.send({type: 'unpause'})).toEqual({kind: 'taken'});
	expect(run.state().status).toBe('running');
	await end(run);
	expect(await run.send({type: 'pause'})).toEqual({kind: 'refused', reason: 'the run has ended'});
});
