import {describe, expect, test} from 'vitest';
import {openApprovals} from '../../source/core/open-approvals.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {Receipt} from '../../source/core/run.ts';
import {undoDelivery} from '../../source/engine/undo-delivery.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {createWorld, worldPlan} from '../helpers/crash-world.ts';
import {protectionOf, type Moment} from '../helpers/event-order.ts';
import {quickClock, startTestRun} from '../helpers/run-parts.ts';

/** One run with everything in it: from the plan, which a person approves, to taking its delivery back. */
async function runThroughAll() {
	const world = createWorld({asks: 'command'});
	const {order, workspace} = world;
	const store = order.watch(createMemoryStore({redact: text => text}));
	const {run} = await startTestRun({
		store,
		parts: world.parts,
		settings: {approve: 'ask', attended: true},
	});
	const posted = Promise.withResolvers<string>();
	const receipts: Promise<Receipt>[] = [];
	run.subscribe((event, state) => {
		const [request] = openApprovals(state);
		if (!request) {
			return;
		}

		const decide = {
			type: 'decide',
			approval: request.id,
			decision: 'approve',
			scope: 'once',
		} as const;
		if (event.type === 'approval-requested' && event.subject.kind === 'plan') {
			posted.resolve(store.post('test-run', decide));
		} else if (event.type === 'agent-waiting' && event.for === 'approval') {
			const receipt = run.send(decide);
			receipts.push(receipt);
			void receipt.then(() => {
				order.note('receipt');
			});
		}
	});
	const {outcome} = await run.done;
	const undone = await undoDelivery('test-run', {
		store,
		clock: quickClock,
		redact: text => text,
		openWorkspace: async () => workspace,
	});
	return {
		order,
		outcome,
		undone,
		posted: await posted.promise,
		receipts: await Promise.all(receipts),
	};
}

function effect(name: string) {
	return (moment: Moment) => moment.kind === 'effect' && moment.name === name;
}

function appended(type: RunEvent['type']) {
	return (moment: Moment) => moment.kind === 'append' && moment.event.type === type;
}

describe('what leaves the process is durable in the log before it happens:', () => {
	test('a run that does everything', async () => {
		const {order, posted, ...all} = await runThroughAll();
		expect(all).toMatchObject({
			outcome: 'completed',
			undone: {kind: 'undone', files: ['a.txt']},
			receipts: [{kind: 'taken'}],
		});
		const effects = [
			'ask lead',
			`remove ${posted}`,
			'ask teammate 1',
			'ask teammate 2',
			'write b.txt',
			'ask teammate 3',
			'write a.txt',
			'ask teammate 4',
			'receipt',
			'run make',
			'ask teammate 5',
			'run check-a',
			'run check-a',
			'sync',
			'advance',
			'sync',
			'run check-all',
			'deliver apply a.txt',
			'undo a.txt',
		];
		expect(order.effects().toSorted()).toEqual(effects.toSorted());
	});

	test.each<[string, string, (event: RunEvent) => boolean]>([
		['asking the lead', 'ask lead', e => e.type === 'model-call-started' && e.agent === 'lead'],
		...[1, 2, 3, 4, 5].map(
			turn =>
				[
					`asking a teammate, turn ${turn}`,
					`ask teammate ${turn}`,
					(e: RunEvent) => e.type === 'model-call-started' && e.turn === turn && e.agent !== 'lead',
				] satisfies [string, string, (event: RunEvent) => boolean],
		),
		[
			'a write',
			'write b.txt',
			e => e.type === 'tool-call-started' && e.intent?.path === 'b.txt' && e.effect === 'write',
		],
		[
			'an edit',
			'write a.txt',
			e => e.type === 'tool-call-started' && e.intent?.path === 'a.txt' && e.effect === 'write',
		],
		['a command', 'run make', e => e.type === 'tool-call-started' && e.effect === 'command'],
		['a merge', 'advance', e => e.type === 'merge-started'],
		[
			'a check of the whole',
			'run check-all',
			e => e.type === 'check-started' && e.place === 'whole',
		],
		['a delivery', 'deliver apply a.txt', e => e.type === 'delivery-started'],
		['an undo', 'undo a.txt', e => e.type === 'undo-started'],
		[
			'the receipt of a decision',
			'receipt',
			e => e.type === 'approval-decided' && e.approval !== 'plan-1',
		],
	])('%s', async (_, name, isIntent) => {
		const {order} = await runThroughAll();
		expect(protectionOf(order, effect(name), isIntent)).toEqual(['durable']);
	});

	test('a check of an attempt, and of what is merged', async () => {
		const {order} = await runThroughAll();
		const isIntent = (e: RunEvent) => e.type === 'check-started' && e.check === 'check-a';
		expect(protectionOf(order, effect('run check-a'), isIntent)).toEqual(['durable', 'durable']);
		const places = order.moments.flatMap(moment =>
			moment.kind === 'append' && moment.event.type === 'check-started' ? [moment.event.place] : [],
		);
		expect(places).toEqual(['workspace', 'merged', 'whole']);
	});

	test('the objects that a merge names, and its head before the log says that it is done', async () => {
		const {order} = await runThroughAll();
		const steps = order.moments.flatMap(moment =>
			moment.kind === 'effect'
				? [moment.name]
				: moment.kind === 'append'
					? [moment.event.type]
					: [],
		);
		const merging = ['sync', 'merge-started', 'advance', 'sync', 'merge-finished'];
		const from = steps.indexOf('sync');
		expect(steps.slice(from, from + merging.length)).toEqual(merging);
	});

	test('that a plan is approved, before anybody works on it', async () => {
		const {order} = await runThroughAll();
		const isIntent = (e: RunEvent) => e.type === 'approval-decided' && e.approval === 'plan-1';
		expect(protectionOf(order, appended('subtask-started'), isIntent)).toEqual(['durable']);
	});

	test('that a command is allowed, before its agent is told', async () => {
		const {order} = await runThroughAll();
		const isIntent = (e: RunEvent) => e.type === 'approval-decided';
		expect(protectionOf(order, appended('agent-resumed'), isIntent)).toEqual(['durable']);
	});

	test('what came of a command from outside, before its file is removed from the inbox', async () => {
		const {order, posted} = await runThroughAll();
		const isIntent = (e: RunEvent) => 'inbox' in e && e.inbox === posted;
		expect(protectionOf(order, effect(`remove ${posted}`), isIntent)).toEqual(['durable']);
	});
});

test.each(['all', 'criteria'] as const)(
	'that a plan is approved by %s is durable before anybody works on it',
	async approve => {
		const {order, parts} = createWorld();
		const {run} = await startTestRun({
			store: order.watch(createMemoryStore({redact: text => text})),
			plan: worldPlan,
			parts,
			settings: {approve},
		});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		const isIntent = (e: RunEvent) => e.type === 'approval-decided' && e.origin === approve;
		expect(protectionOf(order, appended('subtask-started'), isIntent)).toEqual(['durable']);
	},
);
