import {describe, expect, test} from 'vitest';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {asked, begun, decided, literalRun, planning, proposed} from '../../helpers/ui-run.ts';
import {openRunApp, type TestAppOptions} from '../open-test-app.ts';

const plan = planOf({subtasks: ['api', 'ui', 'docs', 'tests'].map(id => subtask(id))});
const working = [
	...planning({teammates: ['alice', 'bob', 'carol', 'dave']}),
	...proposed(plan),
	decided('p1'),
	...begun('api', 'alice'),
	...begun('ui', 'bob'),
];

async function open(past: Parameters<typeof literalRun>[0], options: TestAppOptions = {}) {
	const run = literalRun(past);
	return {...(await openRunApp({kind: 'own', run}, options)), run};
}

describe('a request that appears', () => {
	test('gets the focus, and the person is called once', async () => {
		const test = await open({past: working});
		expect(test.view().focus).toEqual({pane: 'plan'});
		test.run.tell(asked('t1'));
		await test.settle();
		test.pass(10_000);
		expect(test.view().focus).toEqual({pane: 'approval'});
		expect(test.view().request?.id).toBe('t1');
		expect(test.told.called).toEqual([
			'llm-orchestrator: waiting for you: alice wants to use run_command · api',
		]);
	});

	test('takes the focus from nobody who reads something alone', async () => {
		const test = await open({past: working});
		test.keys('enter');
		expect(test.view().zoom?.kind).toBe('details');
		test.run.tell(asked('t1'));
		await test.settle();
		expect(test.view().zoom?.kind).toBe('details');
		expect(test.view().focus).toEqual({pane: 'plan'});
	});

	test('gives the focus back once it is decided, and what was looked at whole', async () => {
		const test = await open({past: [...working, asked('t1')]});
		test.keys('v');
		expect(test.view().zoom?.kind).toBe('approval');
		test.run.tell(decided('t1'));
		await test.settle();
		expect(test.view()).toMatchObject({request: undefined, focus: {pane: 'plan'}, zoom: undefined});
	});

	test('leaves the focus where the person took it meanwhile', async () => {
		const test = await open({past: [...working, asked('t1')]});
		test.keys('1');
		test.run.tell(decided('t1'));
		await test.settle();
		expect(test.view().focus).toEqual({pane: 'team'});
	});

	test('begins with its first row, whatever was scrolled to before', async () => {
		const detail = 'line\n'.repeat(80);
		const test = await open({past: [...working, asked('t1', {detail}), asked('t2', {detail})]});
		test.keys('G');
		expect(test.view().request?.top).toBeGreaterThan(0);
		test.keys('v', 'G');
		expect(test.view().zoom).toMatchObject({kind: 'approval', top: expect.any(Number)});
		test.run.tell(decided('t1'));
		await test.settle();
		expect(test.view().request).toMatchObject({id: 't2', top: 0});
		expect(test.view().zoom).toEqual({kind: 'approval', top: 0});
	});
});

describe('what is seen of a run', () => {
	test('keeps its places when the plan becomes shorter', async () => {
		const test = await open({past: working});
		test.keys('2', 'G');
		expect(test.view().subtasks.selected).toBe(3);
		test.run.tell(...proposed(planOf({subtasks: [subtask('api'), subtask('ui')]}), 2));
		await test.settle();
		expect(test.view().subtasks.selected).toBe(1);
	});

	test('shows the log of the selected agent, and moves no other one', async () => {
		const test = await open({past: working});
		expect(test.view().shown).toEqual(['alice', 'bob']);
		test.keys('1', 'G');
		expect(test.view().shown).toEqual(['alice', 'dave']);
		test.keys('k', 'k');
		expect(test.view().shown).toEqual(['alice', 'bob']);
	});

	test('keeps the focus on a log that there is when the screen becomes smaller', async () => {
		const test = await open({past: working}, {columns: 200, rows: 50});
		test.keys('6');
		expect(test.view().focus).toEqual({pane: 'log', index: 3});
		test.resize(100, 30);
		expect(test.view().focus).toEqual({pane: 'log', index: 1});
		test.resize(60, 15);
		expect(test.view().focus).toEqual({pane: 'log', index: 0});
		test.keys('f');
		expect(test.notice()).toContain('Stopped following');
	});
});
