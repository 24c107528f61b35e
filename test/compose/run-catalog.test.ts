import {expect, test} from 'vitest';
import {createRunCatalog} from '../../source/compose/run-catalog.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import {runStarted, paused} from '../helpers/store-events.ts';
import {placed, sampleReport} from '../core/every-event.ts';

async function setUp(parts: Partial<Store> = {}) {
	const real = createMemoryStore({redact: text => text});
	const read: string[] = [];
	const store: Store = {
		...real,
		async read(run, after) {
			read.push(run);
			return real.read(run, after);
		},
		...parts,
	};
	const log = await store.create(runStarted('calm-river'), []);
	await (await store.create(runStarted('wide-sea'), [])).close();
	return {catalog: createRunCatalog(store), log, read};
}

test('the list of runs reads a log again only when it has changed', async () => {
	const {catalog, log, read} = await setUp();
	const first = await catalog.list();
	expect(first.map(({run, status, live}) => [run, status, live])).toEqual([
		['wide-sea', 'stopped', false],
		['calm-river', 'planning', true],
	]);
	expect(read).toEqual(['wide-sea', 'calm-river']);
	expect(await catalog.list()).toEqual(first);
	expect(read).toHaveLength(2);
	log.append(paused({run: log.run, seq: 2}));
	await log.close();
	expect((await catalog.list())[1]).toMatchObject({run: 'calm-river', live: false});
	expect(read).toEqual(['wide-sea', 'calm-river', 'calm-river']);
});

test('a run says how it ended, when, and what it cost; one that still runs has no end', async () => {
	const {catalog, log} = await setUp();
	const [died, running] = await catalog.list();
	expect(died).toMatchObject({
		status: 'stopped',
		outcome: 'interrupted',
		exitCode: 130,
		endedAt: died?.changedAt,
	});
	expect(running).toMatchObject({live: true, outcome: null, exitCode: null, endedAt: null});
	const report = {...sampleReport, outcome: 'limit-reached', exitCode: 5} as const;
	log.append({...placed({type: 'run-stopped', report}, 2), run: log.run});
	await log.close();
	expect((await catalog.list())[1]).toMatchObject({
		status: 'stopped',
		outcome: 'limit-reached',
		exitCode: 5,
		endedAt: expect.stringMatching(/^2026-.*Z$/),
		cost: {usd: 0, unpricedCalls: 0},
		approvals: [],
	});
});

test.each<readonly [string, Store['readIndex']]>([
	['is lost', async () => undefined],
	['is of another version of the program', async () => ({version: '1', value: {old: true}})],
])('an index that %s is made again from the log', async (_, readIndex) => {
	const {catalog, read} = await setUp({readIndex});
	expect(await catalog.list()).toEqual(await catalog.list());
	expect(read).toHaveLength(4);
});

test('runs are listed although no index can be kept', async () => {
	const {catalog} = await setUp({
		async writeIndex() {
			throw new Error('the disk is full');
		},
	});
	expect((await catalog.list()).map(({problem}) => problem)).toEqual([undefined, undefined]);
});

test('a run that cannot be read is listed with the reason', async () => {
	const {catalog} = await setUp({
		async read() {
			throw new Error('line 3 is damaged');
		},
	});
	expect(await catalog.list({limit: 1})).toMatchObject([
		{run: 'wide-sea', status: 'stopped', problem: 'line 3 is damaged'},
	]);
});

test('an empty id, as from an unset variable of a script, is no run, even if there is only one', async () => {
	const store = createMemoryStore({redact: text => text});
	await store.create(runStarted('calm-river'), []);
	await expect(createRunCatalog(store).resolve('')).rejects.toMatchObject({
		message: 'the id of the run is empty',
		hint: 'see: llm-orchestrator runs',
	});
});

test('a beginning of several ids says how many there are, and what to write', async () => {
	const store = createMemoryStore({redact: text => text});
	for (const n of [1, 2, 3, 4, 5, 6, 7]) {
		await store.create(runStarted(`run-${n}`), []);
	}

	await expect(createRunCatalog(store).resolve('run')).rejects.toMatchObject({
		message: '"run" matches several runs: run-7, run-6, run-5, run-4, run-3 and 2 more',
		hint: 'write more of the id, or "last" for the latest run',
	});
	await expect(createRunCatalog(store).resolve('run-6')).resolves.toBe('run-6');
});
