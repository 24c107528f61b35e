import {render} from 'ink-testing-library';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {Root} from '../../source/ui/app.tsx';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {asked, begun, decided, literalRun, planning, proposed} from '../helpers/ui-run.ts';
import {linesOf} from './frame.tsx';
import {openRunApp, openTestApp, type TestApp} from './open-test-app.ts';
import {patience} from '../helpers/patience.ts';

const team = {name: 'calm', provider: 'ollama', model: 'qwen3', teammates: 3, createdAt: 0};
const working = [
	...planning(),
	...proposed(planOf({subtasks: [subtask('api')]})),
	decided('p1'),
	...begun('api', 'alice'),
];

let close: (() => void) | undefined;

afterEach(() => {
	close?.();
});

/** The whole of it, on the terminal of the testing library: 100 columns. */
function draw(test: TestApp) {
	const seen = {keys: 0, ready: 0};
	const {lastFrame, stdin, unmount} = render(
		<Root
			app={test.app}
			onReady={() => {
				seen.ready += 1;
			}}
			onKey={() => {
				seen.keys += 1;
			}}
		/>,
	);
	close = unmount;
	const screen = () => linesOf(lastFrame() ?? '').join('\n');
	return {
		seen,
		screen,
		type(bytes: string) {
			stdin.write(bytes);
		},
		async expectText(text: string) {
			await vi.waitFor(
				() => {
					expect(screen()).toContain(text);
				},
				{...patience, interval: 2},
			);
		},
	};
}

describe('the view', () => {
	test('takes the size of its terminal', async () => {
		const test = openTestApp({home: {}, columns: 7, rows: 3});
		const {expectText, seen} = draw(test);
		await expectText('llm-orchestrator');
		expect(test.app.store.getState().columns).toBe(100);
		expect(seen.ready).toBe(1);
	});

	test('shows the home screen, a run, and the help over either', async () => {
		const test = await openRunApp(
			{kind: 'own', run: literalRun({past: working})},
			{home: {teams: [team]}},
		);
		const {expectText, type} = draw(test);
		await expectText('1 Team');
		type('?');
		await expectText('any other key: back');
		type('q');
		await expectText('1 Team');
		test.app.store.setState({run: undefined});
		await expectText('━ Teams');
	});

	test('is drawn again for every key', async () => {
		const test = openTestApp({home: {teams: [team]}});
		const {expectText, type, seen} = draw(test);
		type('i');
		await expectText('Describe the task.');
		type('hello');
		await expectText('hello');
		type('\u001B');
		await expectText('━ Teams');
		expect(seen.keys).toBe(3);
	});

	test('takes a paste as text, where there is one, and nowhere as keys', async () => {
		const test = openTestApp({home: {teams: [team]}});
		const {expectText, type} = draw(test);
		type('\u001B[200~dq\u001B[201~');
		type('i');
		await expectText('Describe the task.');
		type('\u001B[200~quit\rd\u001B[201~');
		await expectText('quit');
		expect(test.home().task.text).toBe('quit\nd');
		type('\u001B');
		await expectText('━ Teams');
		type('w');
		await expectText('Directory for new runs');
		type('\u001B[200~/sub\u001B[201~');
		await expectText('/home/ada/project/sub');
		expect(test.told.done).toEqual([]);
	});

	test('approves nothing that was pasted or typed ahead', async () => {
		const run = literalRun({past: [...working, asked('t1')]});
		const test = await openRunApp({kind: 'own', run});
		const {type, expectText} = draw(test);
		await expectText('a approve');
		type('\u001B[200~a\u001B[201~');
		type('aaa\r');
		await expectText('Request:');
		type('\u001B');
		await expectText('Request 1 of 1');
		expect(run.sent).toEqual([]);
		type('a');
		await expectText('Approved:');
		expect(run.sent).toHaveLength(1);
	});
});
