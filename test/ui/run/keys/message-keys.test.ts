import {describe, expect, test} from 'vitest';
import {asked} from '../../../helpers/ui-run.ts';
import {open} from './asked-run.ts';
import {working} from './working-run.ts';

describe('a message', () => {
	test('goes to the agent of the selected subtask, whatever is typed in it', async () => {
		const test = await open(working);
		test.keys('m');
		expect(test.dialog()).toMatchObject({title: 'Message to bob'});
		test.burst('quit? yes, now!');
		test.keys('alt+enter', 'q', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'message', to: 'bob', text: 'quit? yes, now!\nq'}]);
		expect(test.notice()).toBe('Sent to bob.');
	});

	test('goes to the lead where nobody works on the selected subtask', async () => {
		const test = await open(working);
		test.keys('j', 'm');
		expect(test.dialog()).toMatchObject({title: 'Message to lead'});
	});

	test('goes to the selected agent of the team, and of a log', async () => {
		const test = await open(working);
		test.keys('1', 'j', 'm');
		expect(test.dialog()).toMatchObject({title: 'Message to alice'});
		test.keys('escape', '3', 'm');
		expect(test.dialog()).toMatchObject({title: `Message to ${test.view().shown[0]}`});
	});

	test('goes to the one who asks, where a request has the focus', async () => {
		const test = await open([...working, asked('t1', {agent: 'bob'})]);
		expect(test.view().focus.pane).toBe('approval');
		test.keys('m');
		expect(test.dialog()).toMatchObject({title: 'Message to bob'});
	});

	test('that is empty is not sent', async () => {
		const test = await open(working);
		test.keys('m', 'space', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	test('can be had again with ↑, and what was being written comes back with ↓', async () => {
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

	test('is kept for each addressee when it was not sent', async () => {
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
