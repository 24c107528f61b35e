import {expect, test} from 'vitest';
import {undoDelivery} from '../../source/engine/undo-delivery.ts';
import type {Store} from '../../source/store/store.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {createWorld, worldPlan} from '../helpers/crash-world.ts';
import {quickClock, startTestRun} from '../helpers/run-parts.ts';

/** A run that is over, with a delivery as told. */
async function delivered(workspace: Partial<Workspace> = {}) {
	const {parts} = createWorld({workspace});
	const {run, store} = await startTestRun({plan: worldPlan, parts});
	await run.done;
	return store;
}

async function undo(store: Store, workspace: Partial<Workspace> = {}) {
	const world = createWorld({workspace});
	const result = await undoDelivery('test-run', {
		store,
		clock: quickClock,
		redact: text => text,
		openWorkspace: async () => world.workspace,
	});
	return {result, effects: world.order.effects()};
}

test('a delivered change is undone once', async () => {
	const store = await delivered();
	expect(await undo(store)).toEqual({
		result: {kind: 'undone', files: ['a.txt'], kept: []},
		effects: ['undo a.txt'],
	});
	expect(await undo(store)).toEqual({
		result: {kind: 'nothing', reason: 'it was already undone'},
		effects: [],
	});
});

test('what could not be undone because of later edits can be retried', async () => {
	const store = await delivered();
	const keeping = {undo: async () => ({files: [], kept: ['a.txt']})};
	const first = await undo(store, keeping);
	expect(first.result).toEqual({kind: 'undone', files: [], kept: ['a.txt']});
	const second = await undo(store);
	expect(second.result).toMatchObject({kind: 'undone', files: ['a.txt']});
});

test.each<[string, Partial<Workspace>, string]>([
	[
		'a run that delivered nothing',
		{
			async planDelivery() {
				throw new Error('no');
			},
		},
		'nothing was delivered',
	],
	[
		'a change that was left beside the directory',
		{
			planDelivery: async () => ({mode: 'branch', paths: [], reason: 'a.txt was changed'}),
			deliver: async () => ({mode: 'branch', files: ['a.txt'], target: 'llm-orchestrator/r1'}),
		},
		'its change was not written to the directory; it is in llm-orchestrator/r1',
	],
	[
		'a delivery without files',
		{planDelivery: async () => ({mode: 'apply', paths: []})},
		'it changed no files',
	],
])('of %s there is nothing to undo, and nothing is logged', async (_, workspace, reason) => {
	const store = await delivered(workspace);
	const before = (await store.read('test-run')).events.length;
	expect(await undo(store)).toEqual({result: {kind: 'nothing', reason}, effects: []});
	expect((await store.read('test-run')).events).toHaveLength(before);
	expect(await store.owner('test-run'), 'the run is given up again').toBeUndefined();
});

test('a failed undo releases the run, so that it can be retried', async () => {
	const store = await delivered();
	const failing = {
		async undo(): Promise<never> {
			throw new Error('the disk is full');
		},
	};
	await expect(undo(store, failing)).rejects.toThrow('the disk is full');
	expect((await undo(store)).result).toMatchObject({kind: 'undone'});
});
