import {describe, expect, test} from 'vitest';
import {literalReplay, literalRun} from '../../../helpers/ui-run.ts';
import {openRunApp} from '../../open-test-app.ts';
import {open} from './asked-run.ts';
import {stopped, working} from './working-run.ts';

describe('steering', () => {
	test('interrupts the turn of one agent', async () => {
		const test = await open(working);
		test.keys('i');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'interrupt', agent: 'bob'}]);
		expect(test.notice()).toBe('Interrupted bob; it is waiting for your message: m.');
	});

	test('does nothing for the letters of a text that the terminal did not mark as pasted', async () => {
		const test = await open(working);
		test.burst('1jpip Rti');
		await test.settle();
		expect(test.run.sent).toEqual([]);
		expect(test.view().focus.pane).toBe('team');
	});

	test('pauses, and goes on', async () => {
		const test = await open(working);
		test.keys('p');
		await test.settle();
		test.run.tell({type: 'run-paused', reason: 'by you'});
		test.keys('p');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'pause'}, {type: 'unpause'}]);
	});

	test('cancels a subtask only after a question, which Enter does not answer', async () => {
		const test = await open(working);
		test.keys('x', 'enter', 'space', 'x');
		expect(test.dialog()).toMatchObject({title: 'Cancel subtask api?'});
		expect(test.run.sent).toEqual([]);
		test.keys('n', 'x', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'cancel', subtask: 'api'}]);
	});

	test('does not answer a question by what came in one piece', async () => {
		const test = await open(working);
		test.keys('x');
		test.burst('yy');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	test('cancels no subtask that has ended', async () => {
		const over = {
			type: 'subtask-completed',
			subtask: 'api',
			attempt: 1,
			summary: '',
			outputs: {},
		} as const;
		const test = await open([...working, over]);
		test.keys('x');
		expect(test.notice()).toBe('api is completed.');
	});

	test('cancels the run only after a question', async () => {
		const test = await open(working);
		test.keys('X', 'escape');
		expect(test.run.sent).toEqual([]);
		test.keys('X', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'cancel'}]);
	});

	test('retries the selected subtask', async () => {
		const test = await open(working);
		test.keys('j', 'R');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'retry', subtask: 'docs'}]);
	});

	test('changes the limit on tokens, and says what is no limit', async () => {
		const test = await open(working);
		test.keys('b');
		test.burst('lots');
		test.keys('enter');
		expect(test.notice()).toBe('“lots” is not a limit: enter 500000, 500k, 2M, $5 or none.');
		test.keys('b');
		test.burst('1.5M');
		test.keys('enter');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'set-budget', maxTokens: 1_500_000}]);
		expect(test.notice()).toBe('The limit is 1.5M now.');
	});

	test('tells what became of it', async () => {
		const queued = await open(working, {receipt: {kind: 'queued'}});
		queued.keys('p');
		await queued.settle();
		expect(queued.notice()).toContain('llm-orchestrator resume r1');
		const refused = await open(working, {receipt: {kind: 'refused', reason: 'too\nlate\u001B[2J'}});
		refused.keys('p');
		await refused.settle();
		expect(refused.notice()).toBe('Refused: too late');
	});

	test('tells of an error in one line, with its hint', async () => {
		const run = literalRun({past: working});
		const broken = {
			...run,
			async send() {
				throw Object.assign(new Error('the disk\u001B[2J\nis full'), {hint: 'make room'});
			},
		};
		const test = await openRunApp({kind: 'own', run: broken});
		test.keys('p');
		await test.settle();
		expect(test.notice()).toBe('the disk is full → make room');
	});
});

test.each([
	['under way', working],
	['at its end', stopped],
])('a replay takes no orders: %s', async (_, past) => {
	const replay = literalReplay({past});
	const test = await openRunApp({kind: 'replay', run: replay});
	for (const key of ['m', 'i', 'x', 'X', 'b', 'R']) {
		test.keys(key);
		await test.settle();
		expect(test.notice()).toBe('Replay: commands are disabled.');
	}

	expect(replay.sent).toEqual([]);
});

test('split panes are opened, and told of', async () => {
	const test = await open(working, {actions: {togglePanes: async () => 'opened 2 panes'}});
	test.keys('t');
	await test.settle();
	expect(test.notice()).toBe('opened 2 panes');
	const broken = await open(working);
	broken.keys('t');
	await broken.settle();
	expect(broken.notice()).toBe('nobody expected togglePanes');
});
