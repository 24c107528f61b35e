import {describe, expect, test} from 'vitest';
import {asked, decided, literalReplay} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp, type TestApp} from '../../open-test-app.ts';
import {open, planAsked, toolAsked} from './asked-run.ts';

const approved = {type: 'decide', decision: 'approve', scope: 'once'};

describe('a request', () => {
	test.each(['a', 'y'])('is approved by %s', async key => {
		const test = await open(toolAsked);
		test.keys(key);
		await test.settle();
		expect(test.run.sent).toEqual([{...approved, approval: 't1'}]);
		expect(test.notice()).toBe("Approved: alice's run_command (api).");
	});

	test('is not decided on in the first 400 ms after it appeared', async () => {
		const test = await open(planAsked, {isAlive: false});
		test.keys('a', 'y', 'A', 'r', 'n');
		test.pass(399);
		test.keys('a', 'y', 'A', 'r', 'n');
		expect(test.run.sent).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
		test.pass(1);
		test.keys('a');
		expect(test.run.sent).toEqual([{...approved, approval: 'p1'}]);
	});

	test('that follows another one is dead again at first', async () => {
		const test = await open(toolAsked);
		test.run.tell(asked('t2'));
		test.keys('a');
		test.run.tell(decided('t1'));
		await test.settle();
		test.keys('a');
		expect(test.run.sent).toEqual([{...approved, approval: 't1'}]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toEqual([
			{...approved, approval: 't1'},
			{...approved, approval: 't2'},
		]);
	});

	test('is not decided on before the screen was drawn anew', async () => {
		const test = await open(toolAsked);
		test.run.tell(decided('t1'));
		const view = test.view();
		test.run.tell(asked('t2'));
		test.app.store.setState({run: {...view, request: {id: 't1', since: 0, top: 0}}});
		test.app.runPart()?.handleRunKey(test.app, test.view(), {name: 'a', text: 'a', burst: false});
		expect(test.run.sent).toEqual([]);
	});

	test('is not decided on by keys that came in one piece, as an unmarked paste does', async () => {
		const test = await open(toolAsked);
		test.burst('ay');
		test.burst('yes\r');
		test.burst('Aa');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	test('is not decided on by Enter, which shows it whole', async () => {
		const test = await open(toolAsked);
		test.keys('enter');
		expect(test.view().zoom).toEqual({kind: 'approval', top: 0});
		test.keys('enter', 'enter', 'space');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	test('is not decided on where the screen is too small to show it', async () => {
		const test = await open(toolAsked, {columns: 50, rows: 12});
		expect(screenOf(test.app).join('\n')).toContain('1 decision is waiting for you.');
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.resize(100, 30);
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	test('that came under a text that is written is dead until it could be seen for 400 ms', async () => {
		const test = await open(toolAsked.slice(0, -1));
		test.keys('2', 'm', 'h');
		test.run.tell(asked('t1'));
		test.pass(10_000);
		test.keys('enter', 'a');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'message', to: 'alice', text: 'h'}]);
		test.pass(399);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
		test.pass(1);
		test.keys('a');
		expect(test.run.sent).toHaveLength(2);
	});

	test('that came under the help is dead until it could be seen for 400 ms', async () => {
		const test = await open(toolAsked.slice(0, -1));
		test.keys('?');
		test.run.tell(asked('t1'));
		test.pass(10_000);
		test.keys('escape', 'a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	test('tells what became of a decision that somebody else was faster with', async () => {
		const test = await open(toolAsked, {
			receipt: {kind: 'refused', reason: 'it was decided\u001B[2J'},
		});
		test.keys('a');
		await test.settle();
		expect(test.notice()).toBe('Refused: it was decided');
	});
});

describe('always', () => {
	test('is for tools', async () => {
		const test = await open(toolAsked);
		test.keys('A');
		await test.settle();
		expect(test.run.sent).toEqual([{...approved, approval: 't1', scope: 'always'}]);
	});

	test('is not for plans', async () => {
		const test = await open(planAsked);
		test.keys('A');
		await test.settle();
		expect(test.run.sent).toEqual([]);
		expect(test.notice()).toBe('“Always” is for commands; a approves the plan.');
	});

	test('is not offered for plans, as editing is not for tools', async () => {
		const hints = (test: TestApp) => screenOf(test.app).find(line => line.includes(' later')) ?? '';
		expect(hints(await open(toolAsked))).toMatch(/A always(?!.*e edit)/);
		expect(hints(await open(planAsked))).toMatch(/^(?!.*A always).*e edit/);
	});
});

describe('a replay', () => {
	test('shows requests, which were decided long ago', async () => {
		const replay = literalReplay({past: toolAsked});
		const test = await openRunApp({kind: 'replay', run: replay});
		expect(screenOf(test.app).join('\n')).toContain('decided as recorded');
		test.keys('a', 'y', 'A', 'r', 'e');
		await test.settle();
		expect(replay.sent).toEqual([]);
		expect(test.told.called).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});
});
