import {describe, expect, test} from 'vitest';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {decided, literalRun, planning, proposed} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp} from '../../open-test-app.ts';

const past = [
	...planning(),
	...proposed(
		planOf({
			subtasks: [
				subtask('schema', {title: 'Design the tables'}),
				subtask('api', {title: 'Write the endpoints', dependsOn: ['schema']}),
				subtask('docs', {title: 'Describe the ENDPOINTS', dependsOn: ['api']}),
				subtask('tests', {title: 'Try it all', dependsOn: ['docs']}),
			],
		}),
	),
	decided('p1'),
];

async function find(text: string, ...before: readonly string[]) {
	const test = await openRunApp({kind: 'own', run: literalRun({past})});
	test.keys(...before, '/');
	test.burst(text);
	test.keys('enter');
	return {...test, selected: () => test.view().subtasks.selected};
}

describe('finding a subtask', () => {
	test('selects it by a part of its id or title, whatever the case, and goes on and back round', async () => {
		const test = await find('endpoint');
		const seen = ['n', 'n', 'N', 'N'].map(key => {
			const at = test.selected();
			test.keys(key);
			return at;
		});
		expect([...seen, test.selected()]).toEqual([1, 2, 1, 2, 1]);
		expect((await find('TESTS')).selected()).toBe(3);
	});

	test('begins with the selected one', async () => {
		expect((await find('endpoint', 'j', 'j')).selected()).toBe(2);
	});

	test('says so when there is none, and when none is looked for', async () => {
		const test = await find('nowhere');
		expect(test.notice()).toBe('No subtask contains “nowhere”.');
		expect(test.selected()).toBe(0);
		test.keys('/', 'ctrl+u', 'enter');
		expect(test.notice()).toBe('No search yet; press /.');
	});

	test('shows the plan, from wherever it was asked', async () => {
		const fromTeam = await find('docs', '1');
		expect(fromTeam.view().focus).toEqual({pane: 'plan'});
		const fromDetails = await find('docs', 'enter');
		expect(fromDetails.view().zoom).toBeUndefined();
		expect(screenOf(fromDetails.app).join('\n')).toContain('━ 2 Plan');
	});

	test('keeps what was looked for', async () => {
		const test = await find('docs');
		test.keys('/');
		expect(test.dialog()).toMatchObject({state: {text: 'docs'}});
	});
});
