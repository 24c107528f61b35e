import {expect, test} from 'vitest';
import type {SteeringCommand} from '../../source/core/steering-command.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {RunSettings} from '../../source/core/settings.ts';
import type {InboxEntry, Store} from '../../source/store/store.ts';
import {untilCut} from '../helpers/agent-parts.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {createEventOrder, protectionOf} from '../helpers/event-order.ts';
import {planOf, resumeTestRun, startTestRun, subtask, verified} from '../helpers/run-parts.ts';

const plan = planOf({subtasks: [subtask('a'), subtask('b')]});

/** A store whose inbox still holds what a crash left in it, until it is removed. */
function leavingInInbox(store: Store, entries: Map<string, InboxEntry>): Store {
	return {
		...store,
		async open(run, options) {
			const {log, events} = await store.open(run, options);
			const inbox = {
				...log.inbox,
				take: async () => [...entries.values()],
				async remove(id: string) {
					entries.delete(id);
				},
			};
			return {log: {...log, inbox}, events};
		},
	};
}

/** A run that was killed right after the receipt of a command that came through its inbox. */
async function killedAtReceipt(command: SteeringCommand, settings: Partial<RunSettings>) {
	const isReceipt = (event: RunEvent) => 'inbox' in event && event.inbox !== undefined;
	const {run, store} = await startTestRun({
		plan,
		teammates: 1,
		settings: {attended: true, ...settings},
		dispatch: async (_, {signal}) => untilCut(signal),
	});
	run.subscribe(event => {
		if (event.type === (command.type === 'decide' ? 'approval-requested' : 'subtask-started')) {
			void store.post('test-run', command);
		} else if (isReceipt(event)) {
			run.stop('interrupted', 'stopped');
		}
	});
	await run.done;
	const {events} = await store.read('test-run');
	const receipt = events.find(isReceipt);
	expect(receipt).toBeDefined();
	const id = receipt && 'inbox' in receipt ? (receipt.inbox ?? '') : '';
	return {id, receipt, crashed: await crashedStore(store, events, receipt?.seq ?? 0)};
}

test.each<[string, SteeringCommand, Partial<RunSettings>]>([
	['message', {type: 'message', to: 'teammate-1', text: 'mind the gap'}, {}],
	[
		'decision',
		{type: 'decide', approval: 'plan-1', decision: 'approve', scope: 'once'},
		{approve: 'ask'},
	],
	['change of the budget', {type: 'set-budget', maxTokens: 1_000}, {}],
	['cancellation', {type: 'cancel', subtask: 'b'}, {}],
])(
	'a %s that is in the log is not carried out again, and its file goes away',
	async (_, command, settings) => {
		const {id, receipt, crashed} = await killedAtReceipt(command, settings);
		const entries = new Map<string, InboxEntry>([[id, {id, command}]]);
		const order = createEventOrder();
		const store = order.watch(leavingInInbox(crashed, entries));
		const {run, events} = await resumeTestRun(store, {dispatch: async () => verified});
		await run.done;
		expect(events.filter(({type}) => type === receipt?.type)).toEqual([]);
		expect(events.filter(({type}) => type === 'inbox-refused')).toEqual([]);
		expect([...entries]).toEqual([]);
		const removal = protectionOf(
			order,
			moment => moment.kind === 'effect' && moment.name === `remove ${id}`,
			event => 'inbox' in event && event.inbox === id,
		);
		expect(removal).toEqual(['durable']);
	},
);

test('a command that is not in the log yet is carried out once, before the run goes on', async () => {
	const order = createEventOrder();
	const first = await startTestRun({
		plan,
		teammates: 1,
		settings: {attended: true, approve: 'ask'},
	});
	first.run.subscribe(({type}) => {
		if (type === 'approval-requested') {
			first.run.stop('interrupted', 'stopped');
		}
	});
	await first.run.done;
	const id = await first.store.post('test-run', {
		type: 'decide',
		approval: 'plan-1',
		decision: 'approve',
		scope: 'once',
	});
	const {run, events} = await resumeTestRun(order.watch(first.store), {
		dispatch: async () => verified,
	});
	expect(await run.done).toMatchObject({outcome: 'completed'});
	expect(events.slice(0, 2)).toMatchObject([
		{type: 'run-resumed'},
		{type: 'approval-decided', inbox: id},
	]);
	expect(events.filter(({type}) => type === 'approval-decided')).toHaveLength(1);
	expect(order.effects()).toEqual([`remove ${id}`]);
});

test('a file that is no command is refused once, also when it is still there after a crash', async () => {
	const first = await startTestRun({plan, dispatch: async () => verified});
	await first.run.done;
	const entry = {id: 'i1', problem: 'no JSON'};
	const refusals = [];
	for (const left of [entry, entry]) {
		const store = leavingInInbox(first.store, new Map([[left.id, left]]));
		const {run, events} = await resumeTestRun(store, {});
		await run.done;
		refusals.push(...events.filter(({type}) => type === 'inbox-refused'));
	}

	expect(refusals).toMatchObject([{file: 'i1', problem: 'no JSON'}]);
});

test('what lies in the inbox when the run is cancelled waits there', async () => {
	const {run, store, events} = await startTestRun({
		plan,
		teammates: 1,
		dispatch: async (_, {signal}) => untilCut(signal),
	});
	let posted: Promise<readonly string[]> | undefined;
	run.subscribe(({type}) => {
		if (type === 'subtask-started') {
			posted = Promise.all([
				store.post('test-run', {type: 'cancel'}),
				store.post('test-run', {type: 'message', to: 'teammate-1', text: 'too late'}),
			]);
		}
	});
	expect(await run.done).toMatchObject({outcome: 'cancelled'});
	const [, message] = (await posted) ?? [];
	expect(events.filter(({type}) => type === 'message-sent')).toEqual([]);
	const {log} = await store.open('test-run', {takeOver: false});
	expect(await log.inbox.take()).toMatchObject([{id: message}]);
});
