import {describe, expect, it} from 'vitest';
import type {RunEventBody} from '../../../../source/core/run-event.ts';
import {parseLimit} from '../../../../source/ui/run/keys/limits.ts';
import {sampleReport} from '../../../core/every-event.ts';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {
	asked,
	begun,
	decided,
	literalReplay,
	literalRun,
	planning,
	proposed,
	type LiteralRunOptions,
} from '../../../helpers/ui-run.ts';
import {openRunApp, type TestAppOptions} from '../../open-test-app.ts';

const plan = planOf({subtasks: [subtask('api'), subtask('docs', {dependsOn: ['api']})]});
const working: readonly RunEventBody[] = [
	...planning(),
	...proposed(plan),
	decided('p1'),
	...begun('api', 'bob'),
];
const stopped: readonly RunEventBody[] = [
	...working,
	{type: 'run-stopped', report: {...sampleReport, outcome: 'interrupted'}},
];

async function open(
	past: readonly RunEventBody[],
	options: TestAppOptions & Omit<LiteralRunOptions, 'past'> = {},
) {
	const run = literalRun({...options, past});
	return {...(await openRunApp({kind: 'own', run}, options)), run};
}

describe('a message', () => {
	it('goes to the agent of the selected subtask, whatever is typed in it', async () => {
		const test = await open(working);
		test.keys('m');
		expect(test.dialog()).toMatchObject({title: 'Message to bob'});
		test.burst('quit? yes, now!');
		test.keys('alt+enter', 'q', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'message', to: 'bob', text: 'quit? yes, now!\nq'}]);
		expect(test.notice()).toBe('Sent to bob.');
	});

	it('goes to the lead where nobody works on the selected subtask', async () => {
		const test = await open(working);
		test.keys('j', 'm');
		expect(test.dialog()).toMatchObject({title: 'Message to lead'});
	});

	it('goes to the selected agent of the team, and of a log', async () => {
		const test = await open(working);
		test.keys('1', 'j', 'm');
		expect(test.dialog()).toMatchObject({title: 'Message to alice'});
		test.keys('escape', '3', 'm');
		expect(test.dialog()).toMatchObject({title: `Message to ${test.view().shown[0]}`});
	});

	it('goes to the one who asks, where a request has the focus', async () => {
		const test = await open([...working, asked('t1', {agent: 'bob'})]);
		expect(test.view().focus.pane).toBe('approval');
		test.keys('m');
		expect(test.dialog()).toMatchObject({title: 'Message to bob'});
	});

	it('that is empty is not sent', async () => {
		const test = await open(working);
		test.keys('m', 'space', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	it('can be had again with ↑, and what was being written comes back with ↓', async () => {
		const test = await open(working);
		test.keys('m');
		test.burst('first');
		test.keys('enter', 'm');
		test.burst('second');
		test.keys('enter', 'm');
		test.burst('third');
		const written = () => {
			const dialog = test.dialog();
			return dialog.kind === 'text' ? dialog.state.text : undefined;
		};
		test.keys('up');
		expect(written()).toBe('second');
		test.keys('up', 'up');
		expect(written()).toBe('first');
		test.keys('down', 'down');
		expect(written()).toBe('third');
	});

	it('is kept for each addressee when it was not sent', async () => {
		const test = await open(working);
		test.keys('m');
		test.burst('for bob');
		test.keys('escape', 'j', 'm');
		expect(test.dialog()).toMatchObject({state: {text: ''}});
		test.keys('escape', 'k', 'm');
		expect(test.dialog()).toMatchObject({state: {text: 'for bob', cursor: 7}});
		test.keys('enter');
		await test.settle();
		test.keys('m');
		expect(test.dialog()).toMatchObject({state: {text: ''}});
	});
});

describe('steering', () => {
	it('interrupts the turn of one agent', async () => {
		const test = await open(working);
		test.keys('i');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'interrupt', agent: 'bob'}]);
		expect(test.notice()).toBe('bob was interrupted and waits for your message: m.');
	});

	it('does nothing for the letters of a text that the terminal did not mark as pasted', async () => {
		const test = await open(working);
		test.burst('1jpip Rti');
		await test.settle();
		expect(test.run.sent).toEqual([]);
		expect(test.view().focus.pane).toBe('team');
	});

	it('pauses, and goes on', async () => {
		const test = await open(working);
		test.keys('p');
		await test.settle();
		test.run.tell({type: 'run-paused', reason: 'by you'});
		test.keys('p');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'pause'}, {type: 'unpause'}]);
	});

	it('cancels a subtask only after a question, which Enter does not answer', async () => {
		const test = await open(working);
		test.keys('x', 'enter', 'space', 'x');
		expect(test.dialog()).toMatchObject({title: 'Cancel the subtask api?'});
		expect(test.run.sent).toEqual([]);
		test.keys('n', 'x', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'cancel', subtask: 'api'}]);
	});

	it('does not answer a question by what came in one piece', async () => {
		const test = await open(working);
		test.keys('x');
		test.burst('yy');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	it('cancels no subtask that has ended', async () => {
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

	it('cancels the run only after a question', async () => {
		const test = await open(working);
		test.keys('X', 'escape');
		expect(test.run.sent).toEqual([]);
		test.keys('X', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'cancel'}]);
	});

	it('retries the selected subtask', async () => {
		const test = await open(working);
		test.keys('j', 'R');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'retry', subtask: 'docs'}]);
	});

	it('changes the limit on tokens, and says what is no limit', async () => {
		const test = await open(working);
		test.keys('b');
		test.burst('lots');
		test.keys('enter');
		expect(test.notice()).toBe('“lots” is no limit: write 500000, 500k, 2M, $5 or none.');
		test.keys('b');
		test.burst('1.5M');
		test.keys('enter');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'set-budget', maxTokens: 1_500_000}]);
		expect(test.notice()).toBe('The limit is 1.5M now.');
	});

	it('tells what became of it', async () => {
		const queued = await open(working, {receipt: {kind: 'queued'}});
		queued.keys('p');
		await queued.settle();
		expect(queued.notice()).toContain('llm-orchestrator resume r1');
		const refused = await open(working, {receipt: {kind: 'refused', reason: 'too\nlate\u001B[2J'}});
		refused.keys('p');
		await refused.settle();
		expect(refused.notice()).toBe('Refused: too late');
	});

	it('tells of an error in one line, with its hint', async () => {
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

describe('a run that has ended', () => {
	it('takes no orders', async () => {
		const test = await open(stopped);
		for (const key of ['m', 'i', 'p', 'x', 'X', 'b']) {
			test.keys(key);
			expect(test.notice()).toBe('The run is stopped: R resumes it.');
		}

		expect(test.run.sent).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	it('is resumed in its place', async () => {
		const again = literalRun({past: working});
		const resumed: string[] = [];
		const test = await open(stopped, {
			actions: {
				async resumeRun(id) {
					resumed.push(id);
					return again;
				},
			},
		});
		test.keys('R');
		await test.settle();
		expect(resumed).toEqual(['r1']);
		expect(test.view().session.run).toBe(again);
	});

	it('is not resumed where nothing is left to do', async () => {
		const report = {...sampleReport, outcome: 'completed'} as const;
		const test = await open([...working, {type: 'run-finished', report}]);
		test.keys('R');
		expect(test.notice()).toBe('The run is completed: there is nothing to resume.');
	});

	const delivered: readonly RunEventBody[] = [
		...working,
		{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
		{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
		{type: 'run-finished', report: {...sampleReport, outcome: 'completed'}},
	];

	it('is taken back after a question', async () => {
		const undone: string[] = [];
		const test = await open(delivered, {
			actions: {
				async undoRun(id) {
					undone.push(id);
					return 'took 2 files back';
				},
			},
		});
		test.keys('u');
		expect(test.dialog()).toMatchObject({title: 'Take back 2 changed files?'});
		expect(undone).toEqual([]);
		test.keys('y');
		await test.settle();
		expect(undone).toEqual(['r1']);
		expect(test.notice()).toBe('took 2 files back');
	});

	it('is not taken back where nothing was delivered', async () => {
		const test = await open(stopped);
		test.keys('u');
		expect(test.notice()).toBe('There is no delivered change to take back.');
	});

	it('is not taken back from within a replay of it', async () => {
		const test = await openRunApp({kind: 'replay', run: literalReplay({past: delivered})});
		test.keys('u');
		expect(test.app.store.getState().dialog).toBeUndefined();
		expect(test.notice()).toContain('This is a replay');
	});
});

it.each([
	['under way', working],
	['at its end', stopped],
])('a replay takes no orders: %s', async (_, past) => {
	const replay = literalReplay({past});
	const test = await openRunApp({kind: 'replay', run: replay});
	for (const key of ['m', 'i', 'x', 'X', 'b', 'R']) {
		test.keys(key);
		await test.settle();
		expect(test.notice()).toBe('This is a replay: what happened has happened.');
	}

	expect(replay.sent).toEqual([]);
});

it('split panes are opened, and told of', async () => {
	const test = await open(working, {actions: {togglePanes: async () => 'opened 2 panes'}});
	test.keys('t');
	await test.settle();
	expect(test.notice()).toBe('opened 2 panes');
	const broken = await open(working);
	broken.keys('t');
	await broken.settle();
	expect(broken.notice()).toBe('nobody expected togglePanes');
});

describe('a limit', () => {
	it.each<readonly [string, ReturnType<typeof parseLimit>]>([
		['500000', {maxTokens: 500_000}],
		['500k', {maxTokens: 500_000}],
		['500 K', {maxTokens: 500_000}],
		['2M', {maxTokens: 2_000_000}],
		['1.5m', {maxTokens: 1_500_000}],
		['none', {maxTokens: null, maxUsd: null}],
		['No', {maxTokens: null, maxUsd: null}],
		['-', {maxTokens: null, maxUsd: null}],
		['$5', {maxUsd: 5}],
		['$ .5', {maxUsd: 0.5}],
		['$0', undefined],
		['$', undefined],
		['0', undefined],
		['0.4', undefined],
		['-5', undefined],
		['5G', undefined],
		['1e6', undefined],
		['5 000', undefined],
		['99999999999999999999', undefined],
		['', undefined],
	])('%j is %s', (text, limit) => {
		expect(parseLimit(text)).toEqual(limit);
	});
});
