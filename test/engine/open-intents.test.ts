import {beforeAll, describe, expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import {openApprovals} from '../../source/core/open-approvals.ts';
import type {EventOf, RunEvent} from '../../source/core/run-event.ts';
import type {RunSettings} from '../../source/core/settings.ts';
import type {Sandbox} from '../../source/sandbox/sandbox.ts';
import {commandResult, untilCut} from '../helpers/agent-parts.ts';
import {undoDelivery} from '../../source/engine/undo-delivery.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {
	baseFiles,
	createWorld,
	deliveredPaths,
	finishedFiles,
	worldPlan,
	type WorldOptions,
} from '../helpers/crash-world.ts';
import {protectionOf} from '../helpers/event-order.ts';
import {
	createEmptyWorkspace,
	createTestParts,
	planOf,
	quickClock,
	resumeTestRun,
	startTestRun,
	subtask,
	verified,
} from '../helpers/run-parts.ts';

/** A run that went through undisturbed, of which the tests take the beginning. */
type Past = {readonly store: Store; readonly events: readonly RunEvent[]};

let past: Past;
let unconfined: Past;

async function goThrough(confined: boolean): Promise<Past> {
	const {parts} = createWorld({confined});
	const {run, store, events} = await startTestRun({plan: worldPlan, parts});
	await run.done;
	return {store, events};
}

beforeAll(async () => {
	past = await goThrough(true);
	unconfined = await goThrough(false);
});

/** The store as a crash leaves it right after the first event that `isLast`. */
async function crashAfter(
	isLast: (event: RunEvent) => boolean,
	{store, events} = past,
): Promise<Store> {
	const at = events.findIndex(isLast);
	expect(at).toBeGreaterThan(0);
	return crashedStore(store, events, at + 1);
}

/** Resumes the run that a crash cut off right after the first event that `isLast`. */
async function resumeAfter(
	isLast: (event: RunEvent) => boolean,
	options: WorldOptions & {
		readonly settings?: Partial<RunSettings>;
		/** Whether commands were confined before the crash. Default: as they are now. */
		readonly ranConfined?: boolean;
	} = {},
) {
	const world = createWorld({files: baseFiles, ...options});
	const {order, parts} = world;
	const crashed = await crashAfter(
		isLast,
		(options.ranConfined ?? options.confined) === false ? unconfined : past,
	);
	const {run, events} = await resumeTestRun(order.watch(crashed), {
		parts,
		settings: options.settings,
	});
	const report = await run.done;
	const restarts = events.flatMap(event => (event.type === 'attempt-restarted' ? [event] : []));
	return {world, run, events, report, restarts, effects: order.effects(), order};
}

function began(call: number) {
	return (event: RunEvent) => event.type === 'tool-call-started' && event.call === `call-${call}`;
}

function ended(call: number) {
	return (event: RunEvent) => event.type === 'tool-call-finished' && event.call === `call-${call}`;
}

function is(type: RunEvent['type']) {
	return (event: RunEvent) => event.type === type;
}

function checkBegan(place: EventOf<'check-started'>['place']) {
	return (event: RunEvent) => event.type === 'check-started' && event.place === place;
}

/** What a run does that is through with its only attempt. */
const merging = ['run check-a', 'sync', 'advance', 'sync', 'run check-all', 'deliver apply a.txt'];

/** What an attempt does that has all its answers, from its beginning. */
const allOver = ['write b.txt', 'write a.txt', 'run make', 'run check-a', ...merging];

const [readFile, writeFile, editFile, makeCommand] = [1, 2, 3, 4] as const;

describe('a model call', () => {
	test('is asked again when its answer is not in the log', async () => {
		const {report, effects, restarts} = await resumeAfter(is('model-call-started'));
		expect(report).toMatchObject({outcome: 'completed'});
		expect(restarts).toEqual([]);
		expect(effects.filter(name => name.startsWith('ask'))).toEqual(
			[1, 2, 3, 4, 5].map(turn => `ask teammate ${turn}`),
		);
	});

	test('is not asked again when its answer is in the log', async () => {
		const {report, effects} = await resumeAfter(is('model-call-finished'));
		expect(report).toMatchObject({outcome: 'completed'});
		expect(effects.filter(name => name.startsWith('ask'))).toEqual(
			[2, 3, 4, 5].map(turn => `ask teammate ${turn}`),
		);
	});

	test('in flight at the crash counts as spent', async () => {
		const {run, events} = await resumeAfter(is('model-call-started'));
		const [call] = past.events.flatMap(event =>
			event.type === 'model-call-started' ? [event.reserved] : [],
		);
		expect(call).toBeGreaterThan(0);
		expect(run.state().usage.lost).toBe(call);
		expect(events.filter(is('model-call-finished'))).toHaveLength(5);
	});
});

describe('a read', () => {
	const files = {'a.txt': 'old\nchanged meanwhile\n'};

	function readingIn(events: readonly RunEvent[]) {
		return events.flatMap(event =>
			event.type === 'tool-call-finished' && event.call === `call-${readFile}`
				? [event.result]
				: [],
		);
	}

	test('without a result is read again', async () => {
		const {report, events} = await resumeAfter(began(readFile), {files});
		expect(report).toMatchObject({outcome: 'completed'});
		expect(readingIn(events)).toEqual([expect.stringContaining('changed meanwhile')]);
	});

	test('whose result is in the log is not read again', async () => {
		const {report, events} = await resumeAfter(ended(readFile));
		expect(report).toMatchObject({outcome: 'completed'});
		expect(readingIn(events)).toEqual([]);
	});
});

describe.each([
	{
		what: 'a write',
		call: writeFile,
		path: 'b.txt',
		before: baseFiles,
		after: {...baseFiles, 'b.txt': 'written\n'},
	},
	{
		what: 'an edit',
		call: editFile,
		path: 'a.txt',
		before: {...baseFiles, 'b.txt': 'written\n'},
		after: finishedFiles,
	},
])('$what', ({call, path, before, after}) => {
	test('whose file is as before is done now', async () => {
		const {report, effects, restarts, world} = await resumeAfter(began(call), {files: before});
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(restarts).toEqual([]);
		expect(effects.filter(name => name === `write ${path}`)).toHaveLength(1);
		expect(Object.fromEntries(world.files)).toEqual(finishedFiles);
	});

	test('whose file is as after is not done again', async () => {
		const {report, effects, events, restarts} = await resumeAfter(began(call), {files: after});
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(restarts).toEqual([]);
		expect(effects).not.toContain(`write ${path}`);
		expect(events.find(ended(call))).toMatchObject({ok: true, files: [{path, written: true}]});
	});

	test('whose file is neither makes the attempt start over', async () => {
		const files = {...before, [path]: 'neither\n'};
		const {report, restarts, world} = await resumeAfter(began(call), {files});
		expect(restarts).toMatchObject([{attempt: 1, reason: `"${path}" differs from the log`}]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(Object.fromEntries(world.files)).toEqual(finishedFiles);
	});
});

describe('files that a tool wrote', () => {
	test('and that are as the log says let the attempt go on, without writing again', async () => {
		const {report, effects, restarts} = await resumeAfter(ended(editFile), {files: finishedFiles});
		expect(restarts).toEqual([]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(effects.filter(name => name.startsWith('write'))).toEqual([]);
	});

	test.each<[string, Readonly<Record<string, string>>, string]>([
		['the last', {...finishedFiles, 'a.txt': 'changed\n'}, 'a.txt'],
		['an earlier', {...finishedFiles, 'b.txt': 'changed\n'}, 'b.txt'],
		['a missing', {'a.txt': 'new\n'}, 'b.txt'],
	])('make the attempt start over when one of them is not: %s', async (_, files, path) => {
		const {report, restarts, effects} = await resumeAfter(ended(editFile), {files});
		expect(restarts).toMatchObject([{attempt: 1, reason: `"${path}" differs from the log`}]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(effects.filter(name => name.startsWith('write'))).toEqual([
			'write b.txt',
			'write a.txt',
		]);
	});

	test('make the attempt start over when their workspace is gone', async () => {
		const {report, restarts} = await resumeAfter(ended(editFile), {files: undefined});
		expect(restarts).toMatchObject([{reason: 'its workspace is gone'}]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
	});

	test('are compared with the last of several writes', async () => {
		const earlier = {path: 'a.txt', hash: 'of-an-earlier-write', written: true};
		const isFirst = ended(writeFile);
		const events = past.events.map(event =>
			event.type === 'tool-call-finished' && isFirst(event)
				? {...event, files: [...(event.files ?? []), earlier]}
				: event,
		);
		const {parts} = createWorld({files: finishedFiles});
		const count = events.findIndex(ended(editFile)) + 1;
		const {run} = await resumeTestRun(await crashedStore(past.store, events, count), {parts});
		expect(await run.done).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
	});
});

describe('a command', () => {
	const files = finishedFiles;
	const startedOver = [
		'end leftovers',
		'write b.txt',
		'write a.txt',
		'run make',
		'ask teammate 5',
		'run check-a',
		...merging,
	];

	test('of a confined attempt makes it start over: its answers stay, its results do not', async () => {
		const {report, run, restarts, effects} = await resumeAfter(began(makeCommand), {files});
		expect(restarts).toMatchObject([
			{attempt: 1, reason: expect.stringMatching(/^the command ".*make.*" was interrupted$/)},
		]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(effects).toEqual(startedOver);
		expect(run.state().subtasks.get('a')?.failedAttempts, 'it did not fail').toBe(0);
	});

	test('makes its attempt start over from its own base, whatever was merged meanwhile', async () => {
		const {events, report} = await resumeAfter(began(makeCommand), {files, head: 'moved'});
		expect(events.filter(is('subtask-started'))).toMatchObject([{attempt: 2, base: 'c0'}]);
		expect(report).toMatchObject({outcome: 'completed'});
	});

	test('whose result is in the log does not run again', async () => {
		const {report, restarts, effects} = await resumeAfter(ended(makeCommand), {files});
		expect(restarts).toEqual([]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(effects).not.toContain('run make');
	});

	test('that was confined starts over unasked, though nothing would confine it now', async () => {
		const {report, restarts} = await resumeAfter(began(makeCommand), {
			files,
			confined: false,
			ranConfined: true,
		});
		expect(restarts).toHaveLength(1);
		expect(report).toMatchObject({outcome: 'completed'});
	});

	test('that nothing confined stops the run with exit 6 when nobody can be asked', async () => {
		const {report, restarts, effects} = await resumeAfter(began(makeCommand), {
			files,
			confined: false,
		});
		expect(report).toMatchObject({outcome: 'undecided', exitCode: 6});
		expect(report.reason).toContain('make');
		expect(restarts).toEqual([]);
		expect(effects).toEqual(['end leftovers']);
	});

	test('that nothing confined starts over unasked where all commands are free', async () => {
		const {report, restarts, run, effects} = await resumeAfter(began(makeCommand), {
			files,
			confined: false,
			settings: {permission: 'all'},
		});
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(restarts).toHaveLength(1);
		expect(effects).toEqual(startedOver);
		const asked = [...run.state().approvals.values()].map(({subject}) => subject.kind);
		expect(asked).not.toContain('interrupted-command');
	});

	test.each([
		['approve', 'completed', startedOver],
		['reject', 'failed', ['end leftovers']],
	] as const)(
		'that nothing confined waits for a person: %s → the subtask is %s',
		async (decision, status, effects) => {
			const world = createWorld({files, confined: false});
			const store = world.order.watch(await crashAfter(began(makeCommand), unconfined));
			const {run} = await resumeTestRun(store, {
				parts: world.parts,
				settings: {attended: true},
			});
			let before: readonly string[] = [];
			run.subscribe((event, state) => {
				const [request] = openApprovals(state);
				if (event.type === 'agent-waiting' && event.for === 'approval' && request) {
					before = world.order.effects();
					void run.send({type: 'decide', approval: request.id, decision, scope: 'once'});
				}
			});
			const report = await run.done;
			expect(before, 'nothing is done meanwhile').toEqual(['end leftovers']);
			expect(report.subtasks).toMatchObject([{status}]);
			expect(world.order.effects()).toEqual(effects);
			if (decision === 'reject') {
				expect(report.reason).toContain('was interrupted and may not run again');
			}
		},
	);
});

describe('a check', () => {
	const files = finishedFiles;

	test('of an attempt makes it start over', async () => {
		const {report, restarts, effects} = await resumeAfter(checkBegan('workspace'), {files});
		expect(restarts).toMatchObject([{reason: 'the check "check-a" was interrupted'}]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(effects).toEqual(['end leftovers', ...allOver]);
	});

	test('that is over before the others of its round are makes it start over too', async () => {
		const {restarts, report} = await resumeAfter(is('check-finished'), {files});
		expect(restarts).toHaveLength(1);
		expect(report).toMatchObject({outcome: 'completed'});
	});

	test('of a round that is over does not run again', async () => {
		const {restarts, effects} = await resumeAfter(is('verification-finished'), {files});
		expect(restarts).toEqual([]);
		expect(effects).toEqual(['end leftovers', ...merging]);
	});

	test('of what is merged makes the attempt start over', async () => {
		const {report, restarts} = await resumeAfter(checkBegan('merged'), {files});
		expect(restarts).toMatchObject([{reason: 'the check "check-a" was interrupted'}]);
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
	});

	test('of the whole runs again when it was interrupted', async () => {
		const {effects, restarts} = await resumeAfter(checkBegan('whole'), {head: 'merged'});
		expect(restarts).toEqual([]);
		expect(effects).toEqual(['end leftovers', 'run check-all', 'deliver apply a.txt']);
	});

	test('of the whole that was green on the same result does not run again', async () => {
		const isGreen = (event: RunEvent) => event.type === 'check-finished' && event.place === 'whole';
		const {effects} = await resumeAfter(isGreen, {head: 'merged'});
		expect(effects).toEqual(['end leftovers', 'deliver apply a.txt']);
	});
});

test('a check of the whole that was red runs again when the failed run is resumed', async () => {
	const {parts} = createWorld();
	const sandbox: Sandbox = {
		...createTestParts().sandbox,
		run: async ({command}) => commandResult({exitCode: command === 'check-all' ? 1 : 0}),
	};
	const first = await startTestRun({plan: worldPlan, parts: {...parts, sandbox}});
	expect(await first.run.done).toMatchObject({outcome: 'failed', delivered: null});
	const world = createWorld({head: 'merged'});
	const {run} = await resumeTestRun(world.order.watch(first.store), {parts: world.parts});
	expect(await run.done).toMatchObject({outcome: 'completed'});
	expect(world.order.effects()).toEqual(['end leftovers', 'run check-all', 'deliver apply a.txt']);
});

describe('a merge', () => {
	test.each([
		['as before is done now', 'c0'],
		['as after is taken as done', 'merged'],
	])('whose head is %s, without checking or asking again', async (_, head) => {
		const {report, world, events, effects, restarts} = await resumeAfter(is('merge-started'), {
			head,
		});
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(restarts).toEqual([]);
		expect(world.head()).toBe('merged');
		expect(events.filter(is('merge-finished'))).toMatchObject([{subtask: 'a', head: 'merged'}]);
		expect(effects).toEqual([
			'end leftovers',
			'advance',
			'sync',
			'run check-all',
			'deliver apply a.txt',
		]);
	});

	test('whose head is neither ends the run, and nothing is delivered', async () => {
		const {report, world, effects} = await resumeAfter(is('merge-started'), {head: 'strange'});
		expect(report).toMatchObject({outcome: 'failed', delivered: null});
		expect(world.head()).toBe('strange');
		expect(effects).toEqual(['end leftovers', 'advance']);
	});

	test('that an earlier process began is done only when its intent is durable', async () => {
		const {order} = await resumeAfter(is('merge-started'));
		const isMerge = protectionOf(
			order,
			moment => moment.kind === 'effect' && moment.name === 'advance',
			is('merge-started'),
		);
		expect(isMerge).toEqual(['durable']);
	});

	test('that is over is not done again', async () => {
		const {effects, report} = await resumeAfter(is('merge-finished'), {head: 'merged'});
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(effects).toEqual(['end leftovers', 'run check-all', 'deliver apply a.txt']);
	});

	test('that has not begun is done, checked first', async () => {
		const {effects, report} = await resumeAfter(is('attempt-finished'));
		expect(report).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		expect(effects).toEqual(['end leftovers', ...merging]);
	});
});

describe('a delivery', () => {
	test('goes on as it was planned', async () => {
		const {report, effects, events, order} = await resumeAfter(is('delivery-started'), {
			head: 'merged',
			workspace: {
				async planDelivery() {
					throw new Error('it is planned already');
				},
			},
		});
		expect(report).toMatchObject({outcome: 'completed', delivered: {mode: 'apply'}});
		expect(effects).toEqual(['end leftovers', 'deliver apply a.txt']);
		expect(events.filter(is('delivery-finished'))).toHaveLength(1);
		const isDelivery = protectionOf(
			order,
			moment => moment.kind === 'effect' && moment.name.startsWith('deliver'),
			is('delivery-started'),
		);
		expect(isDelivery).toEqual(['durable']);
	});

	test('that is over is not done again', async () => {
		const {report, effects} = await resumeAfter(is('delivery-finished'), {head: 'merged'});
		expect(report).toMatchObject({outcome: 'completed', delivered: {mode: 'apply'}});
		expect(effects).toEqual(['end leftovers']);
	});

	test('that finds files of neither side stops and reports them', async () => {
		const {report} = await resumeAfter(is('delivery-started'), {
			head: 'merged',
			workspace: {
				async deliver() {
					throw new FailureError('merge-conflict', 'a.txt changed in the directory meanwhile');
				},
			},
		});
		expect(report).toMatchObject({outcome: 'failed'});
		expect(report.reason).toContain('a.txt changed');
	});
});

describe('an undo', () => {
	async function undoneUpTo(isLast: (event: RunEvent) => boolean) {
		const store = createMemoryStore({redact: text => text});
		const first = await startTestRun({store, plan: worldPlan, parts: createWorld().parts});
		await first.run.done;
		const undo = async (at: Store, world = createWorld()) =>
			undoDelivery('test-run', {
				store: at,
				clock: quickClock,
				redact: text => text,
				openWorkspace: async () => world.workspace,
			});
		await undo(store);
		const {events} = await store.read('test-run');
		const crashed = await crashedStore(store, events, events.findIndex(isLast) + 1);
		const world = createWorld();
		return {world, result: await undo(world.order.watch(crashed), world)};
	}

	test('that was interrupted goes on with the paths that were delivered, durably told', async () => {
		const {world, result} = await undoneUpTo(is('undo-started'));
		expect(result).toMatchObject({kind: 'undone', files: deliveredPaths.map(({path}) => path)});
		expect(world.order.effects()).toEqual(['undo a.txt']);
		const isUndo = protectionOf(
			world.order,
			moment => moment.kind === 'effect',
			is('undo-started'),
		);
		expect(isUndo).toEqual(['durable']);
	});

	test('that is over is not done again', async () => {
		const {world, result} = await undoneUpTo(is('undo-finished'));
		expect(result).toMatchObject({kind: 'nothing', reason: 'it was already undone'});
		expect(world.order.effects()).toEqual([]);
	});
});

test('what commands of a killed process left running is ended before anything goes on', async () => {
	const {effects} = await resumeAfter(is('attempt-finished'));
	expect(effects[0]).toBe('end leftovers');
	expect(effects.length).toBeGreaterThan(1);
});

describe('what is over or has not begun is left alone:', () => {
	test('an attempt that has failed and waits for the next one', async () => {
		const plan = planOf({subtasks: [subtask('a', {checks: ['check-a'], maxAttempts: 2})]});
		const {parts} = createWorld({
			shell: async command => commandResult({exitCode: command === 'check-a' ? 1 : 0}),
		});
		const first = await startTestRun({plan, parts});
		await first.run.done;
		const count = first.events.findIndex(is('attempt-failed')) + 1;
		const store = await crashedStore(first.store, first.events, count);
		const {run, events} = await resumeTestRun(store, {parts: createWorld().parts});
		expect(await run.done).toMatchObject({outcome: 'completed', subtasks: [{attempts: 2}]});
		expect(events.filter(is('attempt-restarted'))).toEqual([]);
		expect(run.state().subtasks.get('a')?.failedAttempts).toBe(1);
	});

	test('a command of a subtask that was cancelled: nobody is asked about it', async () => {
		const {parts} = createWorld({
			confined: false,
			shell: async (_, signal) => {
				void first.run.send({type: 'cancel', subtask: 'a'});
				return untilCut(signal);
			},
		});
		const first = await startTestRun({plan: worldPlan, parts});
		await first.run.done;
		const count = first.events.findIndex(is('subtask-cancelled')) + 1;
		const store = await crashedStore(first.store, first.events, count);
		const world = createWorld({files: finishedFiles, confined: false});
		const {run} = await resumeTestRun(store, {parts: world.parts});
		expect(await run.done).toMatchObject({outcome: 'failed', subtasks: [{status: 'cancelled'}]});
		const asked = [...run.state().approvals.values()].map(({subject}) => subject.kind);
		expect(asked).toEqual(['plan']);
	});

	test('of several merges, those that were not under way', async () => {
		const plan = planOf({subtasks: [subtask('one'), subtask('two', {dependsOn: ['one']})]});
		const parts = {workspace: createEmptyWorkspace()};
		const first = await startTestRun({
			plan,
			parts,
			dispatch: async ({subtask: {id}, base}) => ({
				...verified,
				change: {commit: id, base, files: []},
			}),
		});
		await first.run.done;
		const count = first.events.findLastIndex(is('merge-started')) + 1;
		const store = await crashedStore(first.store, first.events, count);
		const {run, events} = await resumeTestRun(store, {parts});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		expect(events.filter(is('merge-finished'))).toMatchObject([{subtask: 'two', head: 'two*'}]);
	});
});
