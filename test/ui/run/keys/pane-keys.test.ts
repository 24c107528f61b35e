import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../../source/core/run-event.ts';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {asked, begun, decided, literalRun, planning, proposed} from '../../../helpers/ui-run.ts';
import {openRunApp, type TestAppOptions} from '../../open-test-app.ts';
import {screenOf} from '../../frame.tsx';

const working: readonly RunEventBody[] = [
	...planning(),
	...proposed(planOf({subtasks: ['api', 'ui', 'docs'].map(id => subtask(id))})),
	decided('p1'),
	...begun('api', 'alice'),
];

const failed = (id: string): RunEventBody => ({
	type: 'subtask-failed',
	subtask: id,
	failure: {kind: 'check-failed', message: `${id} is red`},
});

async function open(past = working, options: TestAppOptions = {}) {
	const run = literalRun({past});
	return {...(await openRunApp({kind: 'own', run}, options)), run};
}

describe('the keys of panes', () => {
	test('go round with Tab, and back', async () => {
		const test = await open();
		const round = (key: string) =>
			[1, 2, 3, 4].map(() => {
				test.keys(key);
				return test.view().focus;
			});
		const [first, second] = [
			{pane: 'log', index: 0},
			{pane: 'log', index: 1},
		];
		expect(round('tab')).toEqual([first, second, {pane: 'team'}, {pane: 'plan'}]);
		expect(round('shift+tab')).toEqual([{pane: 'team'}, second, first, {pane: 'plan'}]);
	});

	test('reach a request, and not one that was put off', async () => {
		const test = await open([...working, asked('t1')]);
		test.keys('1', 'shift+tab');
		expect(test.view().focus).toEqual({pane: 'approval'});
		test.keys('escape', '1', 'shift+tab');
		expect(test.view().focus).toEqual({pane: 'log', index: 1});
	});

	test('go to a pane by its number, and leave what is looked at alone', async () => {
		const test = await open();
		test.keys('enter', '1');
		expect(test.view()).toMatchObject({focus: {pane: 'team'}, zoom: undefined});
		test.keys('2');
		expect(test.view().focus).toEqual({pane: 'plan'});
		test.keys('4');
		expect(test.view().focus).toEqual({pane: 'log', index: 1});
		test.keys('9');
		expect(test.view().focus).toEqual({pane: 'log', index: 1});
		expect(test.notice()).toBe('9 does nothing here; ? shows the keys.');
	});

	test('go to nothing that has no room', async () => {
		const detail = 'a\n'.repeat(20);
		const test = await open([...working, asked('t1', {detail})], {rows: 15});
		expect(screenOf(test.app).join('\n')).not.toContain('─ 3 ');
		test.keys('3');
		expect(test.view().focus).toEqual({pane: 'approval'});
	});

	test('go from part to part on a narrow screen as well', async () => {
		const test = await open(working, {columns: 60, rows: 15});
		const seen = [1, 2, 3].map(() => {
			const title = screenOf(test.app)[1];
			test.keys('tab');
			return title?.slice(2, 8);
		});
		expect(seen).toEqual(['2 Plan', '3 alic', '1 Team']);
	});
});

describe('failures that nobody has seen', () => {
	test('are gone through with !, oldest first', async () => {
		const test = await open();
		test.run.tell(failed('ui'), failed('docs'));
		await test.settle();
		expect(screenOf(test.app).join('\n')).toMatch(
			/✗ ui failed: ui is red \[check-failed\] .*\(\+1\) {2}! shows it/,
		);
		test.keys('!');
		expect(test.view()).toMatchObject({
			zoom: {kind: 'details', subtask: 'ui'},
			subtasks: {selected: 1},
		});
		test.keys('!');
		expect(test.view().zoom).toMatchObject({subtask: 'docs'});
		test.keys('!');
		expect(test.notice()).toBe('There are no unseen failures.');
	});

	test('are shown whole, also where they belong to no subtask', async () => {
		const test = await open();
		const failure = {kind: 'auth', message: 'no key', hint: 'export KEY', status: 401} as const;
		const call = {type: 'model-call-failed', call: 'c', try: 1, failure} as const;
		test.run.tell(
			{...call, agent: 'lead'},
			{...call, agent: 'alice', subtask: 'api', model: 'm'},
			{
				type: 'check-finished',
				place: 'whole',
				check: 'npm test',
				passed: false,
				exitCode: 7,
				durationMs: 1,
				output: 'the last words',
			},
		);
		await test.settle();
		const next = () => {
			test.keys('!');
			return screenOf(test.app).join('\n');
		};
		expect(next()).toMatch(
			/Failure · Esc: back[^]*A model call by lead failed: auth\n[^]*try 1 · HTTP status 401\n[^]*no key\n[^]*→ export KEY/,
		);
		expect(next()).toMatch(/A model call by alice failed: auth\n[^]*subtask api · m · try 1/);
		expect(test.view().subtasks.selected).toBe(0);
		expect(next()).toMatch(
			/A final check failed[^]*\$ npm test[^]*FAILED: exit code 7[^]*the last words/,
		);
		test.keys('escape');
		expect(test.view().zoom).toBeUndefined();
	});

	test('say how to go on, however long they are', async () => {
		const test = await open();
		const failure = {kind: 'check-failed', message: 'x'.repeat(500)} as const;
		test.run.tell({type: 'subtask-failed', subtask: 'ui', failure});
		await test.settle();
		for (const columns of [60, 100]) {
			test.resize(columns, 30);
			expect(screenOf(test.app).at(-2)).toMatch(/x… +! shows it $/);
		}
	});
});

describe('Esc', () => {
	test('leaves what is looked at alone first, then puts a request off', async () => {
		const test = await open([...working, asked('t1')]);
		test.keys('v', 'escape');
		expect(test.view()).toMatchObject({zoom: undefined, later: []});
		test.keys('escape');
		expect(test.view().later).toEqual(['t1']);
		test.keys('escape', 'escape');
		expect(test.view().later).toEqual(['t1']);
	});
});

describe('the text that is seen', () => {
	test('goes to the clipboard: the log that has the keys, at most 200 lines', async () => {
		const test = await open();
		const text = Array.from({length: 300}, (_, index) => `line ${index}`).join('\n\n');
		test.run.say({agent: 'alice', kind: 'text', text});
		test.keys('1', 'j', 'enter', 'c');
		const [copied = ''] = test.told.copied;
		expect(copied.split('\n')).toHaveLength(200);
		expect(copied).toContain('line 299');
		expect(test.notice()).toMatch(/^Copied 200 lines, if the terminal allows it/);
	});

	test('goes to the clipboard: the details that are looked at', async () => {
		const test = await open();
		test.keys('enter', 'c');
		expect(test.told.copied[0]).toContain('Instructions');
	});

	test('goes whole to the pager, which gets the terminal, without what a terminal would act on', async () => {
		const paged: string[] = [];
		const test = await open(working, {
			actions: {
				async pageText(text) {
					paged.push(text);
				},
			},
		});
		const text = Array.from({length: 300}, (_, index) => `line ${index}\u001B[2J`).join('\n\n');
		test.run.say({agent: 'alice', kind: 'text', text});
		test.keys('1', 'j', 'o');
		await test.settle();
		expect(test.told.done).toEqual(['lend']);
		expect(paged[0]).toContain('line 0\n');
		expect(paged[0]).toContain('line 299');
	});

	test('says so when there is no pager', async () => {
		const test = await open();
		test.keys('o');
		await test.settle();
		expect(test.notice()).toBe('nobody expected pageText');
	});
});
