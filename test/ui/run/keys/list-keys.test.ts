import {describe, expect, test} from 'vitest';
import {sampleReport} from '../../../core/every-event.ts';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp} from '../../open-test-app.ts';

const names = Array.from({length: 60}, (_, index) => `s${index}`);
const past = [
	...planning(),
	...proposed(
		planOf({subtasks: names.map(id => subtask(id, {instructions: 'do it\n'.repeat(60)}))}),
	),
	decided('p1'),
	...begun('s1', 'alice'),
];

async function open() {
	const run = literalRun({past});
	const test = await openRunApp({kind: 'own', run}, {rows: 40});
	return {...test, run, screen: () => screenOf(test.app).join('\n')};
}

describe('moving', () => {
	test('selects in the plan, which goes along', async () => {
		const test = await open();
		const selected = () => test.view().subtasks.selected;
		test.keys('j', 'down', 'k');
		expect(selected()).toBe(1);
		test.keys('G');
		expect(selected()).toBe(59);
		expect(test.screen()).toContain(' s59 ');
		test.keys('pageup');
		expect(selected()).toBeLessThan(59);
		test.keys('ctrl+b', 'ctrl+f', 'end', 'home');
		expect(selected()).toBe(0);
		expect(test.screen()).toContain(' s0 ');
	});

	test('selects in the team', async () => {
		const test = await open();
		test.keys('1', 'j', 'j', 'j', 'j');
		expect(test.view().agents.selected).toBe(2);
		test.keys('g');
		expect(test.view().agents.selected).toBe(0);
		expect(test.view().subtasks.selected).toBe(0);
	});

	test('scrolls what is looked at alone, to its end and no further', async () => {
		const test = await open();
		test.keys('enter');
		expect(test.screen()).toContain('Subtask s0 · rows 1–');
		test.keys('G', 'j', 'j', 'j');
		const {zoom} = test.view();
		test.keys('k');
		expect(test.screen()).toMatch(/rows \d+–(\d+) of (?!\1\b)\d+/);
		test.keys('j');
		expect(test.view().zoom).toEqual(zoom);
		expect(test.screen()).toMatch(/rows \d+–(\d+) of \1\b/);
		test.keys('g');
		expect(test.screen()).toContain('rows 1–');
	});
});

describe('Enter', () => {
	test('shows a subtask with all that is known of it', async () => {
		const test = await open();
		test.keys('j', 'enter');
		expect(test.view().zoom).toEqual({kind: 'details', subtask: 's1', top: 0});
		expect(test.screen()).toContain('Subtask s1');
		expect(test.screen()).toContain('Instructions');
		test.keys('escape');
		expect(test.view().zoom).toBeUndefined();
	});

	test('shows the log of an agent alone', async () => {
		const test = await open();
		test.keys('1', 'j', 'enter');
		expect(test.view().zoom).toEqual({kind: 'log', agent: 'alice'});
		test.keys('escape', '3', 'enter');
		expect(test.view().zoom).toEqual({kind: 'log', agent: test.view().shown[0]});
	});

	test('marks what happened to a subtask as seen', async () => {
		const test = await open();
		test.run.tell({
			type: 'attempt-failed',
			agent: 'alice',
			subtask: 's1',
			attempt: 1,
			failure: {kind: 'check-failed', message: 'red'},
			strategy: 'retry',
		});
		await test.settle();
		expect(test.screen()).toContain('✗ s1: attempt 1 failed: red [check-failed]');
		test.keys('j', 'enter');
		expect(test.view().session.failures.unseen()).toEqual([]);
	});

	test('shows what an attempt changed, once it is read', async () => {
		const run = literalRun({
			past: [
				...past,
				{
					type: 'attempt-finished',
					agent: 'alice',
					subtask: 's1',
					attempt: 1,
					change: {
						commit: 'c1',
						base: 'b0',
						files: [{path: 'a.ts', status: 'modified', added: 1, removed: 1}],
					},
					summary: 'done',
					outputs: {},
				},
				{type: 'run-stopped', report: sampleReport},
			],
		});
		const asked: unknown[] = [];
		const test = await openRunApp(
			{kind: 'own', run},
			{
				rows: 100,
				actions: {
					async readDiff(id, {commit}) {
						asked.push([id, commit]);
						return '--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-old\u001B[2J\n+new\n';
					},
				},
			},
		);
		test.keys('j', 'enter');
		expect(screenOf(test.app).join('\n')).toMatch(/Diff\n *…/);
		await test.settle();
		expect(screenOf(test.app).join('\n')).toContain('-old\\x1b[2J\n');
		expect(asked).toEqual([['r1', 'c1']]);
	});
});
