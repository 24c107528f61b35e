import {describe, expect, test} from 'vitest';
import type {TeamSummary} from '../../../source/core/actions.ts';
import type {RunSummary} from '../../../source/core/run-summary.ts';
import type {HomeView} from '../../../source/ui/home/home-view.ts';
import {selectedRun, selectedTeam} from '../../../source/ui/home/home-view.ts';
import {refreshHome} from '../../../source/ui/home/load-home.ts';
import {openTestApp} from '../open-test-app.ts';
import {run as stopped} from './full-home.ts';

const team = (name: string): TeamSummary => ({
	name,
	provider: 'demo',
	model: undefined,
	teammates: 2,
	createdAt: 0,
});
const run = (id: string): RunSummary => ({
	...stopped,
	run: id,
	task: 'count',
	status: 'running',
	live: true,
	completed: 0,
	subtasks: 1,
	tokens: 0,
});

/** A home screen that knows two teams and two runs, where another process has made one more of each. */
function open(home: Partial<HomeView> = {}) {
	return openTestApp({
		home: {teams: [team('b'), team('c')], runs: [run('r2'), run('r1')], providers: [], ...home},
		actions: {
			listTeams: async () => ['a', 'b', 'c'].map(team),
			findProviders: async () => [],
		},
		catalog: {list: async () => ['r3', 'r2', 'r1'].map(run)},
	});
}

describe('a home screen that is looked at again', () => {
	test('shows what another process has made', async () => {
		const test = open();
		refreshHome(test.app);
		await test.settle();
		expect(test.home()).toMatchObject({
			teams: [{name: 'a'}, {name: 'b'}, {name: 'c'}],
			runs: [{run: 'r3'}, {run: 'r2'}, {run: 'r1'}],
		});
	});

	test('does so on Ctrl+L, too', async () => {
		const test = open();
		test.keys('ctrl+l');
		await test.settle();
		expect(test.home().runs).toHaveLength(3);
	});

	test('keeps what the person has selected, wherever it is now', async () => {
		const test = open({part: 'runs', team: {selected: 1, top: 0}, run: {selected: 0, top: 0}});
		refreshHome(test.app);
		await test.settle();
		expect(selectedTeam(test.home())?.name).toBe('c');
		expect(selectedRun(test.home())?.run).toBe('r2');
	});

	test('has the latest run selected as long as nobody chooses one', async () => {
		const test = open();
		refreshHome(test.app);
		await test.settle();
		expect(selectedRun(test.home())?.run).toBe('r3');
	});

	test('selects another when the selected one is gone', async () => {
		const test = open({teams: [team('x'), team('y')], team: {selected: 1, top: 0}});
		refreshHome(test.app);
		await test.settle();
		expect(selectedTeam(test.home())?.name).toBe('b');
	});
});

describe('a long list of runs', () => {
	const all = Array.from({length: 100}, (_, index) => run(`r${100 - index}`));

	test('is looked for as far as somebody goes', async () => {
		const limits: unknown[] = [];
		const test = openTestApp({
			home: {part: 'runs', teams: [team('b')], runs: all.slice(0, 40)},
			catalog: {
				async list({limit} = {}) {
					limits.push(limit);
					return all.slice(0, limit);
				},
			},
		});
		test.keys('j');
		await test.settle();
		expect(limits).toEqual([]);
		test.keys('G', 'j');
		await test.settle();
		expect(limits).toEqual([80]);
		expect(test.home().runs).toHaveLength(80);
		expect(selectedRun(test.home())?.run).toBe('r61');
		test.keys('G');
		await test.settle();
		test.keys('G', 'G');
		await test.settle();
		expect(selectedRun(test.home())?.run).toBe('r1');
		expect(limits).toEqual([80, 120]);
	});

	test('does not become shorter by a look that began before', async () => {
		const slow = Promise.withResolvers<readonly RunSummary[]>();
		const test = openTestApp({
			home: {part: 'runs', teams: [team('b')], runs: all.slice(0, 40)},
			catalog: {list: async ({limit} = {}) => (limit === 40 ? slow.promise : all.slice(0, limit))},
		});
		refreshHome(test.app);
		await test.settle();
		test.keys('G');
		await test.settle();
		slow.resolve(all.slice(0, 40));
		await test.settle();
		expect(test.home().runs).toHaveLength(80);
	});
});
