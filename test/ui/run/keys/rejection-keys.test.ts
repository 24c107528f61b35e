import {describe, expect, test} from 'vitest';
import {open, planAsked, toolAsked} from './asked-run.ts';

describe('a rejection', () => {
	test.each(['r', 'n'])('asks for words, which are sent: %s', async key => {
		const test = await open(toolAsked);
		test.keys(key);
		expect(test.dialog()).toMatchObject({
			kind: 'text',
			title: "Reject alice's run_command (api): what should be different?",
		});
		expect(test.run.sent).toEqual([]);
		test.burst('use what is there');
		test.keys('enter');
		await test.settle();
		expect(test.run.sent).toEqual([
			{
				type: 'decide',
				approval: 't1',
				decision: 'reject',
				scope: 'once',
				feedback: 'use what is there',
			},
		]);
	});

	test('of a tool needs no words', async () => {
		const test = await open(toolAsked);
		test.keys('r', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([
			{type: 'decide', approval: 't1', decision: 'reject', scope: 'once'},
		]);
	});

	test('of a plan without a word is asked for once more, as it ends the run', async () => {
		const test = await open(planAsked);
		test.keys('r', 'space', 'enter');
		expect(test.run.sent).toEqual([]);
		expect(test.dialog()).toMatchObject({
			kind: 'confirm',
			title: 'Reject the plan without feedback?',
		});
		test.keys('enter', 'escape');
		expect(test.app.store.getState().dialog).toBeUndefined();
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('r', 'enter', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([
			{type: 'decide', approval: 'p1', decision: 'reject', scope: 'once'},
		]);
	});

	test('that is broken off sends nothing, and keeps its words for the next time', async () => {
		const test = await open(toolAsked);
		test.keys('r');
		test.burst('no, because');
		test.keys('escape');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('r');
		expect(test.dialog()).toMatchObject({state: {text: 'no, because'}});
	});
});
